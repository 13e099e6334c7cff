"""Reading images at computed places, which resizing, rotating, transforming and cropping are made of.

All pixels are rows of one table, so that a sample is one gather, computed in the kernel that uses it, and its gradient one
sum by index, however the places came about.
"""

from __future__ import annotations

from collections.abc import Sequence

from tfjs_pyo.core.graph import Node, const
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops.arithmetic import add, maximum, minimum, mul, sub
from tfjs_pyo.ops.comparison import greater_equal, less, logical_and, where
from tfjs_pyo.ops.creation import iota_node
from tfjs_pyo.ops.declare import cast_node
from tfjs_pyo.ops.indexing import gather_node
from tfjs_pyo.ops.math import floor
from tfjs_pyo.ops.movement import broadcast_node, reshape_node
from tfjs_pyo.shapes import Shape, is_dimension, size

__all__ = [
    "Place",
    "bilinear",
    "check_images",
    "check_size",
    "check_word",
    "images_of",
    "nearest",
    "number",
    "pixels",
    "whole",
]

Place = tuple[Node, Node, Node]
"""Which image (int32), row and column (float32, or int32 for `pixels`), each of a shape that broadcasts to [n, height, width]."""


def number(value: float) -> Node:
    """Returns a float32 constant."""
    return const(float(value), "float32")


def whole(value: int) -> Node:
    """Returns an int32 constant."""
    return const(int(value), "int32")


def check_images(owner: str, x: Node) -> None:
    """Raises ShapeError unless x is [batch, height, width, channels]."""
    if x.rank != 4:
        raise ShapeError(
            f"{owner}: expected images of rank 4 [batch, height, width, channels], received {x.shape}."
        )


def check_size(owner: str, name: str, value: Sequence[int]) -> tuple[int, int]:
    """Returns a height and a width.

    Raises:
        OptionError: not two positive integers.
    """
    given = tuple(value)
    if len(given) != 2 or not all(is_dimension(v) and v for v in given):
        raise OptionError(f"{owner}: expected `{name}` to be [height, width], received {value!r}.")
    return given


def check_word(owner: str, name: str, value: str, words: Sequence[str]) -> None:
    """Raises OptionError unless `value` is one of `words`."""
    if value not in words:
        raise OptionError(
            f"{owner}: expected `{name}` to be {' or '.join(map(repr, words))}, received {value!r}."
        )


def images_of(count: int) -> Node:
    """Returns the numbers of `count` images, [count, 1, 1]."""
    return iota_node((count, 1, 1), 0)


def pixels(x: Node, at: Place, shape: Shape) -> Node:
    """Returns the pixels of x [batch, height, width, channels] at int32 places, [*shape, channels].

    Raises:
        ShapeError: there are no pixels to read.
    """
    batch, height, width, channels = x.shape
    if not size((*shape, channels)):
        return broadcast_node(const(0, x.dtype), (*shape, channels))
    if not size(x.shape):
        raise ShapeError(f"image: expected images with pixels, received shape {x.shape}.")
    image, row, column = at
    index = add(mul(add(mul(image, whole(height)), row), whole(width)), column)
    table = reshape_node(x, (batch * height * width, channels))
    return gather_node(table, broadcast_node(index, shape), 0)


def _clamped(index: Node, count: int) -> Node:
    result: Node = maximum(minimum(index, whole(count - 1)), whole(0))
    return result


def _within(row: Node, column: Node, x: Node) -> Node:
    """Tells which places lie in the images; NaN does not."""
    checks = [
        check
        for place, count in ((row, x.shape[1]), (column, x.shape[2]))
        for check in (greater_equal(place, number(0)), less(place, number(count)))
    ]
    result = checks[0]
    for check in checks[1:]:
        result = logical_and(result, check)
    return result


def _read(x: Node, at: Place, shape: Shape, fill: Node | None) -> Node:
    """Returns the pixels at whole float32 rows and columns; beyond the edge `fill`, or the pixel at the edge."""
    image, row, column = at
    places = (
        image,
        _clamped(cast_node(row, "int32"), x.shape[1]),
        _clamped(cast_node(column, "int32"), x.shape[2]),
    )
    found = pixels(x, places, shape)
    if fill is None:
        return found
    inside = reshape_node(broadcast_node(_within(row, column, x), shape), (*shape, 1))
    result: Node = where(inside, found, cast_node(fill, x.dtype))
    return result


def nearest(x: Node, at: Place, shape: Shape, fill: Node | None) -> Node:
    """Returns the pixels nearest to float32 places, halves rounded up; `fill` beyond the edge."""
    image, row, column = at
    return _read(x, (image, floor(add(row, number(0.5))), floor(add(column, number(0.5)))), shape, fill)


def bilinear(x: Node, at: Place, shape: Shape, fill: Node | None) -> Node:
    """Returns means of the four pixels around float32 places; beyond the edge `fill`, or the pixel at the edge."""
    image, row, column = at
    top, left = floor(row), floor(column)
    one = number(1)
    down, right = (
        reshape_node(broadcast_node(part, shape), (*shape, 1)) for part in (sub(row, top), sub(column, left))
    )

    def line(y: Node) -> Node:
        return lerp(
            _read(x, (image, y, left), shape, fill), _read(x, (image, y, add(left, one)), shape, fill), right
        )

    return lerp(line(top), line(add(top, one)), down)


def lerp(a: Node, b: Node, t: Node) -> Node:
    """Returns a where t is 0, b where it is 1."""
    result: Node = add(a, mul(sub(b, a), t))
    return result
