"""`keras.ops.image`: colours, sizes and borders of images."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.keras.config import checked_data_format
from tfjs_pyo.keras.ops.declare import Group, as_float, tensor
from tfjs_pyo.keras.ops.padding import pad
from tfjs_pyo.layers.color_augmentation import hsv_of, rgb_of
from tfjs_pyo.types import TensorLike

image = Group()


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
    """Returns how bright images are, with one channel.

    Raises:
        ShapeError: images of another rank than 3 or 4, or with other than 3 channels.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.image.rgb_to_grayscale([[[1.0, 0.0, 0.0], [1.0, 1.0, 1.0]]]).numpy().round(2)
        array([[[0.3],
                [1. ]]], dtype=float32)

    Source: https://keras.io/api/ops/image/
    """
    x, axis = _colors("rgb_to_grayscale", images, data_format)
    red, green, blue = ops.split(x, 3, axis)
    return ops.cast(0.2989 * red + 0.587 * green + 0.114 * blue, images.dtype)


@image.op()
def rgb_to_hsv(images: Tensor, data_format: str | None = None) -> Tensor:
    """Returns hue, saturation and value of colours from 0 to 1.

    Raises:
        ShapeError: images of another rank than 3 or 4, or with other than 3 channels.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.image.rgb_to_hsv([[[0.0, 1.0, 0.0], [0.5, 0.5, 0.5]]])[0].numpy().round(4)
        array([[0.3333, 1.    , 1.    ],
               [0.    , 0.    , 0.5   ]], dtype=float32)

    Source: https://keras.io/api/ops/image/
    """
    x, axis = _colors("rgb_to_hsv", images, data_format)
    return ops.concat(hsv_of(x, axis), axis)


@image.op()
def hsv_to_rgb(images: Tensor, data_format: str | None = None) -> Tensor:
    """Returns colours of hue, saturation and value.

    Raises:
        ShapeError: images of another rank than 3 or 4, or with other than 3 channels.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.image.hsv_to_rgb([[[0.0, 1.0, 1.0], [0.5, 0.0, 0.5]]])[0]
        Tensor
            [[1  , 0  , 0  ],
             [0.5, 0.5, 0.5]]

    Source: https://keras.io/api/ops/image/
    """
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
        ShapeError: images of another rank than 3 or 4.
        OptionError: an option with another value.

    Example:
        >>> from tfjs_pyo import keras
        >>> image = [[[0.0], [4.0]]]
        >>> keras.ops.image.resize(image, [2, 4])[:, :, 0]
        Tensor
            [[0, 1, 3, 4],
             [0, 1, 3, 4]]
        >>> keras.ops.image.resize(image, [2, 2], interpolation="nearest")[:, :, 0]
        Tensor
            [[0, 4],
             [0, 4]]

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

    Raises:
        OptionError: no such `method`.

    Example:
        >>> from tfjs_pyo import keras
        >>> image = [[[1.0], [3.0]], [[5.0], [7.0]]]
        >>> keras.ops.image.scale_and_translate(image, [2, 2, 1], [1.0, 1.0], [0.0, 1.0], [0, 1], "linear")[:, :, 0]
        Tensor
            [[0, 1],
             [0, 5]]

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

    Raises:
        ShapeError: images of another rank than 3 or 4.
        OptionError: not two of the three numbers for an axis, or a padding below 0.

    Example:
        >>> from tfjs_pyo import keras
        >>> padded = keras.ops.image.pad_images(keras.ops.ones([1, 2, 1]), 1, 1, bottom_padding=0, target_width=4)
        >>> padded[:, :, 0]
        Tensor
            [[0, 0, 0, 0],
             [0, 1, 1, 0]]

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

    Raises:
        ShapeError: images of another rank than 3 or 4.
        OptionError: not two of the three numbers for an axis, or more than the image has.

    Example:
        >>> from tfjs_pyo import keras
        >>> image = keras.ops.reshape(keras.ops.arange(9), [3, 3, 1])
        >>> keras.ops.image.crop_images(image, top_cropping=1, left_cropping=0, target_height=2, target_width=2)[:, :, 0]
        Tensor
            [[3, 4],
             [6, 7]]

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


__all__ = ["channel_axis", "check", "image", "spatial_axes"]
