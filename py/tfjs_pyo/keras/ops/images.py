"""`keras.ops.image`: colours, sizes, borders, patches and measures of images."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.keras.config import checked_data_format
from tfjs_pyo.keras.ops.convolving import nn
from tfjs_pyo.keras.ops.declare import Group, as_float, tensor
from tfjs_pyo.keras.ops.moving import pad
from tfjs_pyo.layers.color_augmentation import hsv_of, rgb_of
from tfjs_pyo.types import TensorLike

image = Group()
_conv = nn.functions["conv"]
_depthwise_conv = nn.functions["depthwise_conv"]


def check(owner: str, x: Tensor) -> None:
    """Raises ShapeError unless x is an image or a batch of images."""
    if x.rank not in (3, 4):
        raise ShapeError(f"{owner}: expected one image or a batch, of rank 3 or 4, received shape {x.shape}.")


def channel_axis(data_format: str | None) -> int:
    """Returns the axis of the channels, counted from the end."""
    return -1 if checked_data_format(data_format) == "channels_last" else -3


def spatial_axes(x: Tensor, data_format: str | None) -> tuple[int, int]:
    """Returns the axes of height and width."""
    first = x.rank - 3 if channel_axis(data_format) == -1 else x.rank - 2
    return first, first + 1


# Colours


def _colors(owner: str, x: Tensor, data_format: str | None) -> tuple[Tensor, int]:
    """Returns images as float32, and the axis of their three channels."""
    check(owner, x)
    axis = channel_axis(data_format)
    if x.shape[axis] != 3:
        raise ShapeError(f"{owner}: expected 3 channels, received shape {x.shape}.")
    return as_float(x), axis


@image.op()
def rgb_to_grayscale(images: Tensor, data_format: str | None = None) -> Tensor:
    """Returns how bright images are, with one channel. Source: https://keras.io/api/ops/image/"""
    x, axis = _colors("rgb_to_grayscale", images, data_format)
    red, green, blue = ops.split(x, 3, axis)
    return ops.cast(0.2989 * red + 0.587 * green + 0.114 * blue, images.dtype)


@image.op()
def rgb_to_hsv(images: Tensor, data_format: str | None = None) -> Tensor:
    """Returns hue, saturation and value of colours from 0 to 1. Source: https://keras.io/api/ops/image/"""
    x, axis = _colors("rgb_to_hsv", images, data_format)
    return ops.concat(hsv_of(x, axis), axis)


@image.op()
def hsv_to_rgb(images: Tensor, data_format: str | None = None) -> Tensor:
    """Returns colours of hue, saturation and value. Source: https://keras.io/api/ops/image/"""
    x, axis = _colors("hsv_to_rgb", images, data_format)
    hue, saturation, value = ops.split(x, 3, axis)
    return rgb_of(hue, saturation, value, axis)


# Sizes


def _triangle(x: Tensor) -> Tensor:
    return ops.maximum(1.0 - x, 0.0)


def _cubic(x: Tensor) -> Tensor:
    near = ((1.5 * x - 2.5) * x) * x + 1.0
    far = ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
    return ops.where(x >= 2.0, 0.0, ops.where(x >= 1.0, far, near))


def _lanczos(radius: float) -> Callable[[Tensor], Tensor]:
    def kernel(x: Tensor) -> Tensor:
        y = radius * ops.sin(math.pi * x) * ops.sin(math.pi / radius * x)
        some = x > 1e-3
        value = ops.where(some, y / ops.where(some, math.pi**2 * ops.square(x), 1.0), 1.0)
        return ops.where(x > radius, 0.0, value)

    return kernel


_KERNELS: dict[str, Callable[[Tensor], Tensor]] = {
    **dict.fromkeys(("linear", "bilinear", "trilinear", "triangle"), _triangle),
    **dict.fromkeys(("cubic", "bicubic", "tricubic"), _cubic),
    "lanczos3": _lanczos(3.0),
    "lanczos5": _lanczos(5.0),
}


def _weights(
    old: int, new: int, scale: Any, shift: Any, kernel: Callable[[Tensor], Tensor], smooth: bool
) -> Tensor:
    """Returns how much each old element counts for each new one, [old, new]."""
    inverse = 1.0 / scale
    places = (ops.range(0, new, 1, "float32") + 0.5) * inverse - shift * inverse - 0.5
    wide = ops.maximum(inverse, 1.0) if isinstance(inverse, Tensor) else max(inverse, 1.0)
    distance = ops.abs(places - ops.reshape(ops.range(0, old, 1, "float32"), [old, 1])) / (
        wide if smooth else 1.0
    )
    weights = kernel(distance)
    total = ops.sum(weights, 0, True)
    some = ops.abs(total) > 1000 * 2.0**-23
    weights = ops.where(some, weights / ops.where(some, total, 1.0), 0.0)
    return ops.where(ops.logical_and(places >= -0.5, places <= old - 0.5), weights, 0.0)


def _mixed(x: Tensor, axis: int, weights: Tensor) -> Tensor:
    """Returns x with the elements along an axis mixed."""
    perm = [*(a for a in range(x.rank) if a != axis), axis]
    back = sorted(range(x.rank), key=perm.__getitem__)
    moved = ops.transpose(x, perm)
    flat = ops.mat_mul(ops.reshape(moved, [-1, x.shape[axis]]), weights)
    return ops.transpose(ops.reshape(flat, [*moved.shape[:-1], weights.shape[1]]), back)


def _rounded_like(found: Tensor, x: Tensor) -> Tensor:
    """Returns whole numbers within the range of x where x has whole numbers."""
    if x.dtype == "float32":
        return found
    low, high = ops.min(as_float(x)), ops.max(as_float(x))
    return ops.cast(ops.minimum(ops.maximum(ops.round(found), low), high), x.dtype)


def _fitted_to_ratio(
    x: Tensor, size: Sequence[int], axes: tuple[int, int], crop: bool, fill: float
) -> Tensor:
    """Returns images cut, or with a border, so that they have the ratio of the target."""
    height, width = (x.shape[axis] for axis in axes)
    by_width = int(float(width * size[0]) / size[1])
    by_height = int(float(height * size[1]) / size[0])
    if crop:
        sizes = max(min(height, by_width), 1), max(min(width, by_height), 1)
        begin, shape = [0] * x.rank, list(x.shape)
        for axis, length in zip(axes, sizes, strict=True):
            begin[axis] = int(float(x.shape[axis] - length) / 2)
            shape[axis] = length
        return ops.slice(x, begin, shape)
    borders = [int(float(max(height, by_width) - height) / 2), int(float(max(width, by_height) - width) / 2)]
    if borders[0]:
        borders[1] = 0
    pairs = [[0, 0] for _ in x.shape]
    for axis, border in zip(axes, borders, strict=True):
        pairs[axis] = [border, border]
    return pad(x, pairs, "constant", fill) if any(borders) else x


@image.op()
def resize(
    images: Tensor,
    size: Sequence[int],
    interpolation: str = "bilinear",
    antialias: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    fill_mode: str = "constant",
    fill_value: float = 0.0,
    data_format: str | None = None,
) -> Tensor:
    """Returns images of another size.

    Args:
        images: numbers, one image or a batch.
        size: height and width.
        interpolation: 'nearest', 'bilinear', 'bicubic', 'lanczos3' or 'lanczos5'.
        antialias: whether smaller images take all elements into account.
        crop_to_aspect_ratio, pad_to_aspect_ratio: whether images are cut, or get a border, rather than distorted.
        fill_mode: 'constant'.
        fill_value: of the border.
        data_format: where the channels are.

    Raises:
        OptionError: an option with another value.

    Source: https://keras.io/api/ops/image/
    """
    check("resize", images)
    if interpolation not in (*_KERNELS, "nearest") or fill_mode != "constant":
        raise OptionError(
            "resize: expected `interpolation` to be 'nearest', 'bilinear', 'bicubic', 'lanczos3' or 'lanczos5' and `fill_mode` "
            f"'constant', received {interpolation!r} and {fill_mode!r}."
        )
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise OptionError(
            "resize: expected one of `crop_to_aspect_ratio` and `pad_to_aspect_ratio`, received both."
        )
    target = [int(length) for length in size]
    if len(target) != 2:
        raise OptionError(f"resize: expected `size` to be height and width, received {size!r}.")
    axes = spatial_axes(images, data_format)
    x = images
    if crop_to_aspect_ratio or pad_to_aspect_ratio:
        x = _fitted_to_ratio(x, target, axes, crop_to_aspect_ratio, fill_value)
    if interpolation == "nearest":
        for axis, new in zip(axes, target, strict=True):
            old = x.shape[axis]
            places = [min(old - 1, int((2 * place + 1) * old / (2 * new))) for place in range(new)]
            x = ops.gather(x, ops.tensor(places, [new], "int32"), axis) if new != old else x
        return x
    found = as_float(x)
    for axis, new in zip(axes, target, strict=True):
        old = found.shape[axis]
        if new != old:
            weights = _weights(old, new, new / old, 0.0, _KERNELS[interpolation], antialias)
            found = _mixed(found, axis, weights)
    return _rounded_like(found, x)


@image.op()
def scale_and_translate(
    images: Tensor,
    output_shape: Sequence[int],
    scale: TensorLike | None,
    translation: Any,
    spatial_dims: Sequence[int],
    method: str,
    antialias: bool = True,
) -> Tensor:
    """Returns images scaled and moved along axes.

    Args:
        images: numbers.
        output_shape: of the result.
        scale, translation: a number for each of `spatial_dims`.
        spatial_dims: the axes that change.
        method: 'linear', 'cubic', 'lanczos3' or 'lanczos5', also by their names for images.
        antialias: whether smaller images take all elements into account.

    Source: https://keras.io/api/ops/image/
    """
    if method not in _KERNELS:
        raise OptionError(
            f"scale_and_translate: expected `method` to be one of {', '.join(_KERNELS)}, received {method!r}."
        )
    found = as_float(images)
    factors, shifts = (as_float(tensor(each)) for each in (scale, translation))
    for place, dim in enumerate(spatial_dims):
        axis = dim % images.rank
        weights = _weights(
            images.shape[axis],
            int(output_shape[axis]),
            factors[place],
            shifts[place],
            _KERNELS[method],
            antialias,
        )
        found = _mixed(found, axis, weights)
    return _rounded_like(found, images)


# Borders


def _ends(
    owner: str, length: int, target: int | None, before: int | None, after: int | None
) -> tuple[int, int]:
    """Returns how much is taken before and after, or put there, of which one may be missing if the target is known."""
    change = None if target is None else target - length
    if change is not None and before is None and after is not None:
        return change - after, after
    if change is not None and after is None and before is not None:
        return before, change - before
    if before is None or after is None or target is not None:
        raise OptionError(
            f"{owner}: expected two of what is before, what is after and the target, for each axis; received {before}, {after} "
            f"and {target}."
        )
    return before, after


@image.op()
def pad_images(
    images: Tensor,
    top_padding: int | None = None,
    left_padding: int | None = None,
    bottom_padding: int | None = None,
    right_padding: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: str | None = None,
) -> Tensor:
    """Returns images with zeros around them: two of top, bottom and the height are given, and likewise for the width.

    Source: https://keras.io/api/ops/image/
    """
    check("pad_images", images)
    rows, columns = spatial_axes(images, data_format)
    pairs = [[0, 0] for _ in images.shape]
    pairs[rows] = [*_ends("pad_images", images.shape[rows], target_height, top_padding, bottom_padding)]
    pairs[columns] = [*_ends("pad_images", images.shape[columns], target_width, left_padding, right_padding)]
    if any(each < 0 for pair in pairs for each in pair):
        raise OptionError(
            f"pad_images: expected padding of 0 or more, received {pairs} for shape {images.shape}."
        )
    return pad(images, pairs)


@image.op()
def crop_images(
    images: Tensor,
    top_cropping: int | None = None,
    left_cropping: int | None = None,
    bottom_cropping: int | None = None,
    right_cropping: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: str | None = None,
) -> Tensor:
    """Returns images without borders: two of top, bottom and the height are given, and likewise for the width.

    Source: https://keras.io/api/ops/image/
    """
    check("crop_images", images)
    axes = spatial_axes(images, data_format)
    begin, shape = [0] * images.rank, list(images.shape)
    given = (
        (axes[0], target_height, top_cropping, bottom_cropping),
        (axes[1], target_width, left_cropping, right_cropping),
    )
    for axis, target, before, after in given:
        length = images.shape[axis]
        negative = [None if each is None else -each for each in (before, after)]
        first, last = _ends("crop_images", length, target, *negative)
        begin[axis], shape[axis] = -first, length + first + last
        if first > 0 or last > 0 or shape[axis] < 0:
            raise OptionError(
                f"crop_images: expected what is within {length} elements, received {-first} and {-last}."
            )
    return ops.slice(images, begin, shape)


# Patches and filters


def _patches(
    x: Tensor, size: list[int], strides: Any, dilation: Any, padding: str, data_format: str | None
) -> Tensor:
    count = len(size)
    batched = x if x.rank == count + 2 else ops.expand_dims(x, 0)
    last = checked_data_format(data_format) == "channels_last"
    channels = batched.shape[-1 if last else 1]
    length = math.prod(size) * channels
    kernel = ops.reshape(ops.eye(length), [*size, channels, length])
    found = _conv(as_float(batched), kernel, strides or size, padding, data_format, dilation)
    found = ops.cast(found, x.dtype)
    return found if batched is x else ops.squeeze(found, 0)


@image.op()
def extract_patches(
    images: Tensor,
    size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    dilation_rate: int | Sequence[int] = 1,
    padding: str = "valid",
    data_format: str | None = None,
) -> Tensor:
    """Returns the patches of images, each as one vector of channels. Source: https://keras.io/api/ops/image/"""
    sizes = [size, size] if isinstance(size, int) else [int(each) for each in size]
    return _patches(images, sizes, strides, dilation_rate, padding, data_format)


@image.op()
def extract_patches_3d(
    volumes: Tensor,
    size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    dilation_rate: int | Sequence[int] = 1,
    padding: str = "valid",
    data_format: str | None = None,
) -> Tensor:
    """Returns the patches of volumes, each as one vector of channels. Source: https://keras.io/api/ops/image/"""
    sizes = [size] * 3 if isinstance(size, int) else [int(each) for each in size]
    return _patches(volumes, sizes, strides, dilation_rate, padding, data_format)


def _bell(size: int, sigma: Any) -> Tensor:
    """Returns weights of a normal distribution that add up to 1."""
    weights = ops.exp(-0.5 * ops.square((ops.range(0, size, 1, "float32") - (size - 1) / 2) / sigma))
    return weights / ops.sum(weights)


def blurred(x: Tensor, kernel_size: Sequence[int], sigma: Any) -> Tensor:
    """Returns images [batch, height, width, channels] blurred, zeros around them."""
    spread = as_float(tensor(sigma))
    if len(kernel_size) != 2 or spread.shape != (2,):
        raise ShapeError(
            f"gaussian_blur: expected `kernel_size` and `sigma` to be pairs, received {kernel_size} and shape {spread.shape}."
        )
    width, height = kernel_size
    kernel = ops.reshape(_bell(height, spread[1]), [-1, 1]) * _bell(width, spread[0])
    filters = ops.broadcast_to(ops.reshape(kernel, [*kernel.shape, 1, 1]), [*kernel.shape, x.shape[-1], 1])
    pairs = [[0, 0], *([(k - 1) // 2, k - 1 - (k - 1) // 2] for k in kernel.shape), [0, 0]]
    found: Tensor = _depthwise_conv(ops.pad(x, pairs), filters, 1, "valid", "channels_last")
    return found


def as_batch(owner: str, x: Tensor, data_format: str | None) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
    """Returns float32 images [batch, height, width, channels], and what brings a result back."""
    check(owner, x)
    first = channel_axis(data_format) == -3
    batched = as_float(x) if x.rank == 4 else ops.expand_dims(as_float(x), 0)
    batched = ops.transpose(batched, [0, 2, 3, 1]) if first else batched

    def back(y: Tensor) -> Tensor:
        y = ops.transpose(y, [0, 3, 1, 2]) if first else y
        return ops.cast(y if x.rank == 4 else ops.squeeze(y, 0), x.dtype)

    return batched, back


@image.op()
def gaussian_blur(
    images: Tensor,
    kernel_size: Sequence[int] = (3, 3),
    sigma: Any = (1.0, 1.0),
    data_format: str | None = None,
) -> Tensor:
    """Returns blurred images. Source: https://keras.io/api/ops/image/"""
    batched, back = as_batch("gaussian_blur", images, data_format)
    return back(blurred(batched, kernel_size, sigma))


@image.op()
def sobel_edges(images: Tensor, data_format: str | None = None) -> Tensor:
    """Returns the slopes of images along height and width, as a new last axis. Source: https://keras.io/api/ops/image/"""
    batched, _ = as_batch("sobel_edges", images, data_format)
    channels = batched.shape[-1]
    edged = pad(batched, [[0, 0], [1, 1], [1, 1], [0, 0]], "symmetric")
    slope = ops.tensor([[-1.0, -2.0, -1.0], [0.0, 0.0, 0.0], [1.0, 2.0, 1.0]])
    kernels = ops.stack([slope, ops.transpose(slope)], -1)
    filters = ops.broadcast_to(ops.expand_dims(kernels, 2), [3, 3, channels, 2])
    found = _depthwise_conv(edged, filters, 1, "valid", "channels_last")
    found = ops.reshape(found, [*found.shape[:-1], channels, 2])
    if channel_axis(data_format) == -3:
        found = ops.transpose(found, [0, 3, 1, 2, 4])
    return ops.cast(found if images.rank == 4 else ops.squeeze(found, 0), images.dtype)


@image.op(2)
def ssim(
    image1: Tensor,
    image2: Tensor,
    max_val: float = 1.0,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
    data_format: str | None = None,
) -> Tensor:
    """Returns how alike images are to the eye, 1 for equal ones. Source: https://keras.io/api/ops/image/"""
    first, _ = as_batch("ssim", image1, data_format)
    second, _ = as_batch("ssim", image2, data_format)
    bell = _bell(filter_size, float(filter_sigma))
    kernel = ops.reshape(ops.reshape(bell, [-1, 1]) * bell, [filter_size, filter_size, 1, 1])
    filters = ops.broadcast_to(kernel, [filter_size, filter_size, first.shape[-1], 1])

    def smooth(x: Tensor) -> Tensor:
        found: Tensor = _depthwise_conv(x, filters, 1, "valid", "channels_last")
        return found

    mean1, mean2 = smooth(first), smooth(second)
    c1, c2 = (k1 * max_val) ** 2, (k2 * max_val) ** 2
    both = mean1 * mean2
    squares = ops.square(mean1) + ops.square(mean2)
    spread = smooth(ops.square(first)) + smooth(ops.square(second)) - squares
    together = smooth(first * second) - both
    found = (2.0 * both + c1) * (2.0 * together + c2) / ((squares + c1) * (spread + c2))
    result = ops.mean(found, [1, 2, 3])
    return result if image1.rank == 4 else ops.squeeze(result, 0)


__all__ = ["as_batch", "blurred", "image"]
