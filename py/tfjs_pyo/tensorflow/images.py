"""`tf.image`: what programs do to images before they become batches. Images have their channels last."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core import engine
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.io.file_errors import format_errors
from tfjs_pyo.keras import ops as _keras_ops
from tfjs_pyo.keras.utils.images import pillow
from tfjs_pyo.options import shown
from tfjs_pyo.tensorflow.functions import constant

keras_ops: Any = _keras_ops  # its functions are declared, not written

_MODES = {1: "L", 3: "RGB", 4: "RGBA"}
_YUV = [[0.299, -0.14714119, 0.61497538], [0.587, -0.28886916, -0.51496512], [0.114, 0.43601035, -0.10001026]]


# Files


def decode_image(
    contents: Any, channels: int | None = 0, dtype: str = "uint8", expand_animations: bool = True
) -> Tensor:
    """Returns the pixels of a PNG, JPEG, GIF or BMP file, of shape [height, width, channels].

    Args:
        contents: the bytes of the file, as `tf.io.read_file` gives them.
        channels: 1, 3 or 4; 0 for as many as the file has.
        dtype: 'uint8' for whole numbers up to 255, 'float32' for numbers up to 1.
        expand_animations: whether the pictures of an animated GIF get an axis of their own; else the first one counts.

    Raises:
        FormatError: the bytes are no image.
        OptionError: another number of channels.
    """
    np = engine.import_numpy("tf.image.decode_image")
    found = contents.item() if isinstance(contents, Tensor) else contents
    data = found.encode() if isinstance(found, str) else bytes(found)
    image = pillow("tf.image.decode_image")
    with format_errors(f"tf.image.decode_image: {shown(data)}", "the bytes of an image"):
        return _decoded(np, image.open(io.BytesIO(data)), channels, dtype, expand_animations)


def _decoded(np: Any, opened: Any, channels: int | None, dtype: str, expand_animations: bool) -> Tensor:
    """Returns the pixels of an image that Pillow reads."""
    count = channels or (opened.mode != "P" and len(opened.getbands())) or 3
    mode = _MODES.get(count)
    if mode is None:
        raise OptionError(f"tf.image.decode_image: expected channels 0, 1, 3 or 4, received {channels}.")
    if opened.format == "JPEG" and mode == "L":
        opened.draft("L", opened.size)  # a JPEG file has its brightness
    frames = []
    for number in range(getattr(opened, "n_frames", 1)):
        opened.seek(number)
        frames.append(_pixels(np, opened, count))
    animated = opened.format == "GIF" and expand_animations
    pixels = np.stack(frames) if animated else frames[0]
    return ops.tensor((pixels / np.float32(255)).astype("float32") if dtype == "float32" else pixels)


def _pixels(np: Any, opened: Any, count: int) -> Any:
    if count == 1 and len(opened.getbands()) > 2:
        # As libpng does it, without rounding.
        return np.asarray(opened.convert("RGB")).astype("uint32") @ [[9798], [19235], [3735]] >> 15
    return np.asarray(opened.convert(_MODES[count])).reshape(opened.height, opened.width, count)


def decode_still(contents: Any, channels: int = 0, dtype: str = "uint8") -> Tensor:
    """Returns the pixels of a PNG, JPEG or BMP file."""
    return decode_image(contents, channels, dtype, expand_animations=False)


# Cutting and filling


def _sides(owner: str, image: Tensor) -> tuple[int, int]:
    if image.ndim not in (3, 4):
        raise ShapeError(f"tf.image.{owner}: expected one image or a batch of them, received {image.shape}.")
    return image.shape[-3], image.shape[-2]


def crop_to_bounding_box(
    image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any
) -> Tensor:
    """Returns a part of images.

    Args:
        image: [height, width, channels], or a batch of them.
        offset_height, offset_width: rows above and columns left of it.
        target_height, target_width: sizes of the result.

    Raises:
        ShapeError: the part is not within the images, or they are of another rank than 3 or 4.
    """
    image = constant(image)
    height, width = _sides("crop_to_bounding_box", image)
    top, left, rows, columns = map(int, (offset_height, offset_width, target_height, target_width))
    if top < 0 or left < 0 or rows < 1 or columns < 1 or top + rows > height or left + columns > width:
        raise ShapeError(
            f"tf.image.crop_to_bounding_box: expected a box within {height} x {width} pixels, received offsets "
            f"({top}, {left}) and sizes ({rows}, {columns})."
        )
    return image[..., top : top + rows, left : left + columns, :]


def pad_to_bounding_box(
    image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any
) -> Tensor:
    """Returns images with zeros around them.

    Args:
        image: [height, width, channels], or a batch of them.
        offset_height, offset_width: rows above and columns left of it.
        target_height, target_width: sizes of the result.

    Raises:
        ShapeError: the images do not fit into the result, or they are of another rank than 3 or 4.
    """
    image = constant(image)
    height, width = _sides("pad_to_bounding_box", image)
    top, left, rows, columns = map(int, (offset_height, offset_width, target_height, target_width))
    below, right = rows - top - height, columns - left - width
    if min(top, left, below, right) < 0:
        raise ShapeError(
            f"tf.image.pad_to_bounding_box: expected a target that holds {height} x {width} pixels at ({top}, {left}), "
            f"received {rows} x {columns}."
        )
    around = [[top, below], [left, right], [0, 0]]
    return ops.pad(image, around if image.ndim == 3 else [[0, 0], *around])


def resize_with_crop_or_pad(image: Any, target_height: Any, target_width: Any) -> Tensor:
    """Returns the middle of images, with zeros around it where they are too small."""
    image = constant(image)
    height, width = _sides("resize_with_crop_or_pad", image)
    rows, columns = int(target_height), int(target_width)
    kept = min(rows, height), min(columns, width)
    image = crop_to_bounding_box(image, (height - kept[0]) // 2, (width - kept[1]) // 2, *kept)
    return pad_to_bounding_box(image, (rows - kept[0]) // 2, (columns - kept[1]) // 2, rows, columns)


def central_crop(image: Any, central_fraction: float) -> Tensor:
    """Returns the middle of images: this fraction of each side.

    Args:
        image: [height, width, channels], or a batch of them.
        central_fraction: above 0, up to 1.

    Raises:
        OptionError: another `central_fraction`.
        ShapeError: images of another rank than 3 or 4.
    """
    if not 0 < central_fraction <= 1:
        raise OptionError(
            f"tf.image.central_crop: expected a fraction in (0, 1], received {central_fraction}."
        )
    image = constant(image)
    height, width = _sides("central_crop", image)
    top, left = (int((side - side * central_fraction) / 2) for side in (height, width))
    return crop_to_bounding_box(image, top, left, height - 2 * top, width - 2 * left)


def random_crop(value: Any, size: Any, seed: Any = None) -> Tensor:
    """Returns a part of a tensor, of this size, from a place drawn at random.

    Args:
        value: of any shape.
        size: of the part, a number for each axis.
        seed: number for the same place each time; default: others each time.

    Raises:
        ShapeError: the part is greater than the tensor, or `size` has another length than its shape.
    """
    value = constant(value)
    sizes = [int(each) for each in (size.tolist() if hasattr(size, "tolist") else size)]
    if len(sizes) != value.ndim or any(part > whole for part, whole in zip(sizes, value.shape, strict=False)):
        raise ShapeError(f"tf.image.random_crop: expected a size within {value.shape}, received {sizes}.")
    drawn = ops.random_uniform([value.ndim], 0, 1, seed=seed).tolist()
    spare = [whole - part for whole, part in zip(value.shape, sizes, strict=True)]
    begin = [min(int(part * (room + 1)), room) for part, room in zip(drawn, spare, strict=True)]
    return ops.slice(value, begin, sizes)


def sample_distorted_bounding_box(
    image_size: Any,
    bounding_boxes: Any,
    seed: Any = None,
    min_object_covered: float = 0.1,
    aspect_ratio_range: Any = (0.75, 1.33),
    area_range: Any = (0.05, 1.0),
    max_attempts: int = 100,
    use_image_if_no_bounding_boxes: bool = False,
) -> tuple[Tensor, Tensor, Tensor]:
    """Returns a part of an image drawn at random, of an area and a form within ranges, that covers enough of a box.

    Args:
        image_size: height, width and channels.
        bounding_boxes: [batch, boxes, 4]: sides y_min, x_min, y_max, x_max, as shares of the image.
        seed: of the drawing.
        min_object_covered: how much of a box the part covers at least, as a share of the box.
        aspect_ratio_range: of width by height.
        area_range: of the part, as a share of the image.
        max_attempts: how often a part is drawn; the whole image is taken if none fits.
        use_image_if_no_bounding_boxes: whether the image is the box where there is none.

    Returns:
        Where the part begins and what size it has, for `tf.slice`, and its sides as shares: [1, 1, 4].

    Raises:
        OptionError: there are no boxes.
    """
    height, width = (int(each) for each in constant(image_size).tolist()[:2])
    boxes = ops.reshape(constant(bounding_boxes), [-1, 4]).tolist()
    if not boxes and not use_image_if_no_bounding_boxes:
        raise OptionError(
            "tf.image.sample_distorted_bounding_box: expected bounding boxes, received none. Say "
            "use_image_if_no_bounding_boxes=True to take parts of the whole image."
        )
    boxes = boxes or [[0.0, 0.0, 1.0, 1.0]]
    ratios, areas = (
        [float(each) for each in constant(limits).tolist()] for limits in (aspect_ratio_range, area_range)
    )
    if not all(0 < low <= high for low, high in (ratios, areas)):
        raise OptionError(
            "tf.image.sample_distorted_bounding_box: expected two positive numbers as `aspect_ratio_range` and `area_range`, "
            f"the less one first, received {shown(aspect_ratio_range)} and {shown(area_range)}."
        )
    drawn = ops.random_uniform([max_attempts, 4], 0, 1, seed=seed).tolist()
    part = (0, 0, height, width)
    for ratio_at, area_at, down, right in drawn:
        ratio = ratios[0] + ratio_at * (ratios[1] - ratios[0])
        area = (areas[0] + area_at * (areas[1] - areas[0])) * height * width
        rows, columns = round(math.sqrt(area / ratio)), round(math.sqrt(area * ratio))
        if not (0 < rows <= height and 0 < columns <= width):
            continue
        top, left = (
            min(int(at * (room + 1)), room) for at, room in ((down, height - rows), (right, width - columns))
        )
        sides = top / height, left / width, (top + rows) / height, (left + columns) / width
        if any(_share_covered(box, sides) >= min_object_covered for box in boxes):
            part = top, left, rows, columns
            break
    top, left, rows, columns = part
    sides = top / height, left / width, (top + rows) / height, (left + columns) / width
    return constant([top, left, 0]), constant([rows, columns, -1]), constant([[list(sides)]])


def _share_covered(box: Sequence[float], part: Sequence[float]) -> float:
    """Returns how much of a box a part covers; both are y_min, x_min, y_max, x_max."""
    sides = [max(0.0, min(box[axis + 2], part[axis + 2]) - max(box[axis], part[axis])) for axis in (0, 1)]
    area = (box[2] - box[0]) * (box[3] - box[1])
    return sides[0] * sides[1] / area if area > 0 else 0.0


def extract_patches(images: Any, sizes: Any, strides: Any, rates: Any, padding: str) -> Tensor:
    """Returns the pixels of windows, those of each in one row: [batch, rows, columns, height * width * channels].

    Args:
        images: [batch, height, width, channels].
        sizes: of the windows: [1, height, width, 1].
        strides: between windows: [1, rows, columns, 1].
        rates: [1, 1, 1, 1].
        padding: 'VALID' or 'SAME'.

    Raises:
        OptionError: other `rates`.
    """
    if list(rates)[1:3] != [1, 1]:
        raise OptionError(f"tf.image.extract_patches: expected rates [1, 1, 1, 1], received {list(rates)}.")
    return keras_ops.image.extract_patches(
        constant(images), tuple(list(sizes)[1:3]), tuple(list(strides)[1:3]), padding=padding.lower()
    )


# Turning


def rot90(image: Any, k: Any = 1) -> Tensor:
    """Returns images turned by 90 degrees, `k` times, counter-clockwise."""
    image = constant(image)
    _sides("rot90", image)
    turns = int(k) % 4
    if turns in (1, 3):
        image = keras_ops.swapaxes(image, -3, -2)
    axes = {0: [], 1: [-3], 2: [-3, -2], 3: [-2]}[turns]
    return keras_ops.flip(image, axes) if axes else image


def _flipped_at_random(image: Any, axis: int, seed: Any) -> Tensor:
    image = constant(image)
    count = [image.shape[0], 1, 1, 1] if image.ndim == 4 else [1, 1, 1]
    turned = ops.random_uniform(count, 0, 1, seed=seed) < 0.5
    return ops.where(ops.broadcast_to(turned, image.shape), keras_ops.flip(image, axis), image)


def random_flip_left_right(image: Any, seed: Any = None) -> Tensor:
    """Returns images of which about half have their columns in the other order."""
    return _flipped_at_random(image, -2, seed)


def random_flip_up_down(image: Any, seed: Any = None) -> Tensor:
    """Returns images of which about half have their rows in the other order."""
    return _flipped_at_random(image, -3, seed)


# Colours


def _as_float(image: Any) -> tuple[Tensor, float]:
    """Returns an image as numbers up to 1, and what 1 was."""
    image = constant(image)
    return (image, 1.0) if image.dtype == "float32" else (ops.cast(image, "float32") / 255, 255.0)


def _as_before(image: Tensor, most: float) -> Tensor:
    if most == 1:
        return image
    return ops.cast(ops.clip_by_value(image, 0, 1) * (most + 0.5), "int32")


def adjust_brightness(image: Any, delta: Any) -> Tensor:
    """Returns images with a number added, which counts from 0 to 1 for whole numbers as well."""
    values, most = _as_float(image)
    return _as_before(values + delta, most)


def adjust_contrast(images: Any, contrast_factor: Any) -> Tensor:
    """Returns images whose channels are farther from their means, by this factor."""
    values, most = _as_float(images)
    mean = ops.mean(values, [-3, -2], keep_dims=True)
    return _as_before((values - mean) * contrast_factor + mean, most)


def adjust_saturation(image: Any, saturation_factor: Any) -> Tensor:
    """Returns RGB images whose colours are stronger, by this factor."""
    values, most = _as_float(image)
    hue, saturation, value = ops.unstack(keras_ops.image.rgb_to_hsv(values), -1)
    changed = ops.stack([hue, ops.clip_by_value(saturation * saturation_factor, 0, 1), value], -1)
    return _as_before(keras_ops.image.hsv_to_rgb(changed), most)


def adjust_hue(image: Any, delta: Any) -> Tensor:
    """Returns RGB images whose hue is turned by this part of a full turn."""
    values, most = _as_float(image)
    hue, saturation, value = ops.unstack(keras_ops.image.rgb_to_hsv(values), -1)
    turned = ops.mod(hue + delta, 1.0)
    return _as_before(keras_ops.image.hsv_to_rgb(ops.stack([turned, saturation, value], -1)), most)


def _between(owner: str, low: float, high: float, seed: Any) -> Tensor:
    if high <= low:
        raise OptionError(f"tf.image.{owner}: expected a range that is not empty, received [{low}, {high}].")
    return ops.random_uniform([], low, high, seed=seed)


def random_brightness(image: Any, max_delta: float, seed: Any = None) -> Tensor:
    """Returns images with one number added, drawn at random from -max_delta to max_delta."""
    return adjust_brightness(image, _between("random_brightness", -max_delta, max_delta, seed))


def random_contrast(image: Any, lower: float, upper: float, seed: Any = None) -> Tensor:
    """Returns images of another contrast, by a factor drawn at random."""
    return adjust_contrast(image, _between("random_contrast", lower, upper, seed))


def random_saturation(image: Any, lower: float, upper: float, seed: Any = None) -> Tensor:
    """Returns RGB images of another saturation, by a factor drawn at random."""
    return adjust_saturation(image, _between("random_saturation", lower, upper, seed))


def random_hue(image: Any, max_delta: float, seed: Any = None) -> Tensor:
    """Returns RGB images of another hue, drawn at random."""
    return adjust_hue(image, _between("random_hue", -max_delta, max_delta, seed))


def rgb_to_yuv(images: Any) -> Tensor:
    """Returns RGB images as brightness and two differences of colour."""
    return ops.mat_mul(ops.cast(constant(images), "float32"), ops.tensor(_YUV))


def yuv_to_rgb(images: Any) -> Tensor:
    """Returns what `rgb_to_yuv` was given."""
    back = [[1.0, 1.0, 1.0], [0.0, -0.394642334, 2.03206185], [1.13988303, -0.58062185, 0.0]]
    return ops.mat_mul(ops.cast(constant(images), "float32"), ops.tensor(back))


def per_image_standardization(image: Any) -> Tensor:
    """Returns images of mean 0 and variance 1, but for nearly even ones, which stay that."""
    values = ops.cast(constant(image), "float32")
    axes = [-3, -2, -1]
    mean = ops.mean(values, axes, keep_dims=True)
    deviation = ops.sqrt(ops.mean(ops.square(values - mean), axes, keep_dims=True))
    height, width, channels = values.shape[-3:]
    return (values - mean) / ops.maximum(deviation, (height * width * channels) ** -0.5)


# Measuring


def psnr(a: Any, b: Any, max_val: float) -> Tensor:
    """Returns the ratio of the greatest value to the difference of two images, in decibels."""
    first, second = (ops.cast(constant(each), "float32") for each in (a, b))
    error = ops.mean(ops.squared_difference(first, second), [-3, -2, -1])
    return ops.log(max_val * max_val / error) * (10 / 2.302585092994046)


def ssim(
    img1: Any,
    img2: Any,
    max_val: float,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
) -> Tensor:
    """Returns how alike two images are in structure; 1 where they are the same."""
    first, second = (ops.cast(constant(each), "float32") for each in (img1, img2))
    distance = ops.range(0, filter_size) - (filter_size - 1) / 2
    weights = ops.exp(ops.square(ops.cast(distance, "float32")) / (-2 * filter_sigma**2))
    weights = weights / ops.sum(weights)
    channels = first.shape[-1]

    def smooth(x: Tensor) -> Tensor:
        rows = ops.tile(ops.reshape(weights, [filter_size, 1, 1, 1]), [1, 1, channels, 1])
        columns = ops.tile(ops.reshape(weights, [1, filter_size, 1, 1]), [1, 1, channels, 1])
        batch = ops.reshape(x, [-1, *x.shape[-3:]])
        made = ops.depthwise_conv2d(ops.depthwise_conv2d(batch, rows, 1, "valid"), columns, 1, "valid")
        return ops.reshape(made, [*x.shape[:-3], *made.shape[1:]])

    c1, c2 = (k1 * max_val) ** 2, (k2 * max_val) ** 2
    mean1, mean2 = smooth(first), smooth(second)
    both = mean1 * mean2 * 2
    squares = ops.square(mean1) + ops.square(mean2)
    brightness = (both + c1) / (squares + c1)
    product = smooth(first * second) * 2
    sums = smooth(ops.square(first) + ops.square(second))
    structure = (product - both + c2) / (sums - squares + c2)
    return ops.mean(ops.mean(brightness * structure, [-3, -2]), -1)


def image_gradients(image: Any) -> tuple[Tensor, Tensor]:
    """Returns the differences of each pixel of a batch of images to the one below and to the one on the right."""
    image = constant(image)
    height, width = _sides("image_gradients", image)
    below = image[:, 1:] - image[:, : height - 1]
    right = image[:, :, 1:] - image[:, :, : width - 1]
    return (
        ops.pad(below, [[0, 0], [0, 1], [0, 0], [0, 0]]),
        ops.pad(right, [[0, 0], [0, 0], [0, 1], [0, 0]]),
    )


def total_variation(images: Any) -> Tensor:
    """Returns the sum of the differences of neighbouring pixels, for each image."""
    images = constant(images)
    _sides("total_variation", images)
    axes = [-3, -2, -1]
    rows = ops.sum(ops.abs(images[..., 1:, :, :] - images[..., :-1, :, :]), axes)
    return rows + ops.sum(ops.abs(images[..., 1:, :] - images[..., :-1, :]), axes)


def named(op: Any) -> dict[str, Any]:
    """Returns the names of `tf.image` for what is in this file; `op` makes a name of a function and its parameters."""
    box = "image offset_height offset_width target_height target_width"
    return {
        "adjust_brightness": op(adjust_brightness, "image delta"),
        "adjust_contrast": op(adjust_contrast, "images contrast_factor"),
        "adjust_hue": op(adjust_hue, "image delta"),
        "adjust_saturation": op(adjust_saturation, "image saturation_factor"),
        "central_crop": op(central_crop, "image central_fraction"),
        "crop_to_bounding_box": op(crop_to_bounding_box, box),
        **decoders(op),
        "extract_patches": op(extract_patches, "images sizes strides rates padding"),
        "image_gradients": op(image_gradients, "image"),
        "pad_to_bounding_box": op(pad_to_bounding_box, box),
        "per_image_standardization": op(per_image_standardization, "image"),
        "psnr": op(psnr, "a b max_val"),
        "random_brightness": op(random_brightness, "image max_delta seed"),
        "random_contrast": op(random_contrast, "image lower upper seed"),
        "random_crop": op(random_crop, "value size seed"),
        "random_flip_left_right": op(random_flip_left_right, "image seed"),
        "random_flip_up_down": op(random_flip_up_down, "image seed"),
        "random_hue": op(random_hue, "image max_delta seed"),
        "random_saturation": op(random_saturation, "image lower upper seed"),
        "sample_distorted_bounding_box": op(
            sample_distorted_bounding_box,
            "image_size bounding_boxes seed min_object_covered aspect_ratio_range area_range max_attempts "
            "use_image_if_no_bounding_boxes",
        ),
        "resize_with_crop_or_pad": op(resize_with_crop_or_pad, "image target_height target_width"),
        "rgb_to_yuv": op(rgb_to_yuv, "images"),
        "rot90": op(rot90, "image k"),
        "ssim": op(ssim, "img1 img2 max_val filter_size filter_sigma k1 k2"),
        "total_variation": op(total_variation, "images"),
        "yuv_to_rgb": op(yuv_to_rgb, "images"),
    }


def decoders(op: Any) -> dict[str, Any]:
    """Returns the names of `tf.image` and `tf.io` for what reads pictures."""
    still = op(decode_still, "contents channels dtype")
    no_effect = "ratio fancy_upscaling try_recover_truncated acceptable_fraction dct_method"
    jpeg = op(decode_still, f"contents channels {no_effect}", dict.fromkeys(no_effect.split()))
    return {
        "decode_bmp": op(decode_still, "contents channels"),
        "decode_image": op(decode_image, "contents channels dtype expand_animations"),
        "decode_jpeg": jpeg,
        "decode_png": still,
    }
