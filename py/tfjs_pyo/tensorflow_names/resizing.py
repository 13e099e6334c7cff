"""`tf.image.resize`: images of another size, in each of TensorFlow's ways.

Source: https://github.com/tensorflow/tensorflow/tree/master/tensorflow/core/kernels/image
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import image, ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError

Row = list[float]
"""How much each old pixel counts for a new one."""


class ResizeMethod:
    """Names of ways to resize.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> image = tf.constant([[[0.0], [2.0]]])
        >>> tf.squeeze(tf.image.resize(image, [1, 4], tf.image.ResizeMethod.NEAREST_NEIGHBOR))
        Tensor
            [0, 0, 2, 2]

    Source: https://www.tensorflow.org/api_docs/python/tf/image/ResizeMethod
    """

    AREA = "area"
    BICUBIC = "bicubic"
    BILINEAR = "bilinear"
    GAUSSIAN = "gaussian"
    LANCZOS3 = "lanczos3"
    LANCZOS5 = "lanczos5"
    MITCHELLCUBIC = "mitchellcubic"
    NEAREST_NEIGHBOR = "nearest"


def _lanczos(radius: float) -> Callable[[float], float]:
    def kernel(x: float) -> float:
        if x > radius:
            return 0.0
        if x <= 1e-3:
            return 1.0
        return radius * math.sin(math.pi * x) * math.sin(math.pi * x / radius) / (math.pi * x) ** 2

    return kernel


def _cubic(x: float) -> float:
    """Returns Keys's kernel (1981)."""
    if x >= 2:
        return 0.0
    return ((-0.5 * x + 2.5) * x - 4) * x + 2 if x >= 1 else (1.5 * x - 2.5) * x * x + 1


def _mitchell(x: float) -> float:
    """Returns the kernel of Mitchell and Netravali (1988)."""
    if x >= 2:
        return 0.0
    return ((-7 / 18 * x + 2) * x - 10 / 3) * x + 16 / 9 if x >= 1 else (7 / 6 * x - 2) * x * x + 8 / 9


_KERNELS: dict[str, tuple[Callable[[float], float], float]] = {
    "bilinear": (lambda x: max(0.0, 1 - x), 1.0),
    "bicubic": (_cubic, 2.0),
    "gaussian": (lambda x: math.exp(-2 * x * x) if x < 1.5 else 0.0, 1.5),
    "lanczos3": (_lanczos(3.0), 3.0),
    "lanczos5": (_lanczos(5.0), 5.0),
    "mitchellcubic": (_mitchell, 2.0),
}
"""Weights by the distance in pixels, and how far they reach."""
_METHODS = ("nearest", "area", *_KERNELS)


def _scaled(row: Row) -> Row:
    total = math.fsum(row)
    return [weight / total for weight in row] if total else row


def _kernel_rows(old: int, new: int, method: str, antialias: bool) -> list[Row]:
    kernel, radius = _KERNELS[method]
    scale = old / new
    wide = max(scale, 1.0) if antialias else 1.0
    rows = []
    for place in range(new):
        middle = (place + 0.5) * scale
        first = min(max(math.ceil(middle - radius * wide - 0.5), 0), old - 1)
        last = min(max(math.floor(middle + radius * wide - 0.5), 0), old - 1)
        row = [0.0] * old
        for pixel in range(first, last + 1):
            row[pixel] = kernel(abs(pixel + 0.5 - middle) / wide)
        rows.append(_scaled(row))
    return rows


def _table_rows(old: int, new: int) -> list[Row]:
    """Returns weights of Keys's kernel at 1024 places between two pixels, as TensorFlow keeps them in a table."""
    rows = []
    for place in range(new):
        middle = (place + 0.5) * old / new - 0.5
        pixel = math.floor(middle)
        part = round((middle - pixel) * 1024) / 1024
        row = [0.0] * old
        for step in range(-1, 3):
            if 0 <= pixel + step < old:
                row[pixel + step] = _cubic(abs(step - part))
        rows.append(_scaled(row))
    return rows


def _area_rows(old: int, new: int) -> list[Row]:
    """Returns how much of a new pixel each old one covers."""
    scale = old / new
    edges = [place * scale for place in range(new + 1)]
    return [
        [
            max(0.0, min(edges[place + 1], pixel + 1) - max(edges[place], pixel)) / scale
            for pixel in range(old)
        ]
        for place in range(new)
    ]


def _rows(old: int, new: int, method: str, antialias: bool) -> list[Row]:
    if method == "area":
        return _area_rows(old, new)
    if method == "bicubic" and not antialias:
        return _table_rows(old, new)
    return _kernel_rows(old, new, method, antialias)


def resize(
    images: Tensor,
    size: Any,
    method: str = "bilinear",
    preserve_aspect_ratio: bool = False,
    antialias: bool = False,
) -> Tensor:
    """Returns images of another size, as float32 but for method 'nearest', which keeps the dtype.

    Args:
        images: [height, width, channels], or a batch of them.
        size: height and width.
        method: one of `ResizeMethod`.
        preserve_aspect_ratio: whether images keep their ratio, and are as large as fits into `size`.
        antialias: whether smaller images take all pixels into account.

    Raises:
        OptionError: another method.
        ShapeError: no images.
    """
    if method not in _METHODS:
        raise OptionError(
            f"tf.image.resize: expected `method` to be one of {', '.join(map(repr, _METHODS))}, received {method!r}."
        )
    if len(images.shape) not in (3, 4):
        raise ShapeError(
            f"tf.image.resize: expected an image or a batch of them, received shape {images.shape}."
        )
    height, width = (int(each) for each in (size.tolist() if hasattr(size, "tolist") else size))
    rows, columns = images.shape[-3:-1]
    if preserve_aspect_ratio:
        scale = min(height / rows, width / columns)
        height, width = round(rows * scale), round(columns * scale)
    if method == "nearest":
        return image.resize_nearest_neighbor(images, [height, width], False, True)
    if method == "bilinear" and not antialias:
        return image.resize_bilinear(images, [height, width], False, True)
    found = _mixed(ops.cast(images, "float32"), -3, _rows(rows, height, method, antialias))
    return _mixed(found, -2, _rows(columns, width, method, antialias))


def _mixed(images: Tensor, axis: int, rows: Sequence[Row]) -> Tensor:
    """Returns images whose pixels along an axis are weighted sums of the old ones."""
    rank = len(images.shape)
    order = [place for place in range(rank) if place != rank + axis]
    order.append(rank + axis)
    moved = ops.transpose(images, order)
    flat = ops.mat_mul(ops.reshape(moved, [-1, moved.shape[-1]]), ops.tensor(rows), False, True)
    back = ops.reshape(flat, [*moved.shape[:-1], len(rows)])
    return ops.transpose(back, [order.index(place) for place in range(rank)])


__all__ = ["ResizeMethod", "resize"]
