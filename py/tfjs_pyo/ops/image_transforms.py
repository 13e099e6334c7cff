"""Turned, projected and cropped images. Source: https://js.tensorflow.org/api/latest/#Images"""

from __future__ import annotations

import math as python_math
from collections.abc import Callable, Sequence

from tfjs_pyo.core.graph import Node, const
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops.arithmetic import add, mul, sub, true_div
from tfjs_pyo.ops.comparison import equal, greater, greater_equal, less, less_equal, logical_and, where
from tfjs_pyo.ops.convert import check_indices
from tfjs_pyo.ops.creation import iota_node
from tfjs_pyo.ops.declare import cast_node, public
from tfjs_pyo.ops.image_sampling import (
    Place,
    bilinear,
    check_images,
    check_size,
    check_word,
    images_of,
    nearest,
    number,
    whole,
)
from tfjs_pyo.ops.math import clip_by_value, floor
from tfjs_pyo.ops.movement import broadcast_node, reshape_node, slice_node
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.shapes import Shape

__all__ = ["crop_and_resize", "rotate_with_offset", "transform"]

Sample = Callable[[Node, Place, Shape, Node | None], Node]
SAMPLES: dict[str, Sample] = {"nearest": nearest, "bilinear": bilinear}

OPAQUE = 255.0
"""What `rotate_with_offset` fills a fourth channel with, if it is given a value per channel."""


def _grid(height: int, width: int) -> tuple[Node, Node]:
    """Returns float32 rows [1, height, 1] and columns [1, 1, width]."""
    rows, columns = iota_node((1, height, 1), 1), iota_node((1, 1, width), 2)
    return cast_node(rows, "float32"), cast_node(columns, "float32")


def _fill_of(owner: str, value: float | Sequence[float], channels: int) -> Node:
    """Returns what fills pixels: a number, or one per channel and opaque alpha."""
    if isinstance(value, (int, float)):
        return number(value)
    values = [float(v) for v in value]
    values = [*values[:3], OPAQUE] if channels == 4 else values
    if len(values) < channels:
        raise OptionError(
            f"{owner}: expected fill_value to be a number or {channels} of them, received {value!r}."
        )
    channel = iota_node((1, 1, 1, channels), 3)
    fill = number(values[0])
    for index, shade in enumerate(values[1:channels], 1):
        fill = where(equal(channel, whole(index)), number(shade), fill)
    return fill


@tested_with(
    Case(((2, 5, 4, 3),), (0.7,)),
    Case(((1, 4, 6, 4),), (-2.0, (1, 2, 3), (0.3, 0.6))),
    Case(((1, 5, 5, 2),), (0.3, (9, 8), 0.0)),
)
@public(method=False)
def rotate_with_offset(
    image: Node,
    radians: float,
    fill_value: float | Sequence[float] = 0,
    center: float | Sequence[float] = 0.5,
) -> Node:
    """Returns images turned counter-clockwise, each pixel the one nearest to its place.

    Args:
        image: [batch, height, width, channels].
        radians: the angle.
        fill_value: of pixels from outside: a number, or one per channel (then a fourth channel becomes 255).
        center: what stays in place, in parts of width and height: a number, or (x, y).

    Raises:
        ShapeError: another rank.
        OptionError: too few fill values, or a center that is not one or two numbers.

    Example:
        >>> import tfjs_pyo as tf
        >>> import math
        >>> images = tf.tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1])
        >>> tf.image.rotateWithOffset(images, math.pi / 2, 0, 0.5).squeeze()
        Tensor
            [[0, 0, 0],
             [3, 6, 9],
             [2, 5, 8]]

    Source: https://js.tensorflow.org/api/latest/#image.rotateWithOffset
    """
    owner = "rotate_with_offset"
    check_images(owner, image)
    x = cast_node(image, "float32")
    batch, height, width, channels = x.shape
    parts = (center, center) if isinstance(center, (int, float)) else tuple(center)
    if len(parts) != 2:
        raise OptionError(f"{owner}: expected center to be a number or (x, y), received {center!r}.")
    middle_x, middle_y = number(width * parts[0]), number(height * parts[1])
    if not python_math.isfinite(radians):
        raise OptionError(f"{owner}: expected radians to be finite, received {radians!r}.")
    sine, cosine = number(python_math.sin(radians)), number(python_math.cos(radians))
    rows, columns = _grid(height, width)
    down, across = sub(rows, middle_y), sub(columns, middle_x)
    column = add(sub(mul(across, cosine), mul(down, sine)), middle_x)
    row = add(add(mul(across, sine), mul(down, cosine)), middle_y)
    fill = _fill_of(owner, fill_value, channels)
    return nearest(x, (images_of(batch), row, column), (batch, height, width), fill)


def _reflected(place: Node, count: int) -> Node:
    """Continues an axis as in d c b a | a b c d | d c b a."""
    if count == 1:
        return clip_by_value(place, 0, 0)
    span = number(2 * count)
    # Folded into [-span, 0] and [0, span).
    before = add(place, mul(span, floor(true_div(mul(place, number(-1)), span))))
    before = where(less(before, number(-count)), add(before, span), sub(mul(before, number(-1)), number(1)))
    after = sub(place, mul(span, floor(true_div(place, span))))
    after = where(greater_equal(after, number(count)), sub(sub(span, after), number(1)), after)
    return clip_by_value(where(less(place, number(0)), before, after), 0, count - 1)


def _wrapped(place: Node, count: int) -> Node:
    """Continues an axis as in a b c d | a b c d | a b c d."""
    if count == 1:
        return clip_by_value(place, 0, 0)
    length, last = number(count), number(count - 1)
    turns = floor(true_div(mul(place, number(-1)), last))
    before = add(place, mul(length, add(turns, number(1))))
    after = sub(place, mul(length, floor(true_div(place, last))))
    inside = where(greater(place, last), after, place)
    return clip_by_value(where(less(place, number(0)), before, inside), 0, count - 1)


FILL_MODES: dict[str, Callable[[Node, int], Node]] = {
    "constant": lambda place, count: place,
    "reflect": _reflected,
    "wrap": _wrapped,
    "nearest": lambda place, count: clip_by_value(place, 0, count - 1),
}


@tested_with(
    Case(((2, 4, 5, 3), (1, 8)), differentiable=False),
    Case(((2, 4, 5, 3), (2, 8)), ("bilinear", "constant", 0.5), differentiable=False),
    Case(((1, 3, 4, 4), (1, 8)), ("nearest", "reflect", 0.0, (5, 3)), differentiable=False),
    Case(((1, 3, 4, 1), (1, 8)), ("nearest", "wrap"), differentiable=False),
    Case(((1, 3, 4, 2), (1, 8)), ("bilinear", "nearest"), differentiable=False),
)
@public(2, method=False)
def transform(
    image: Node,
    transforms: Node,
    interpolation: str = "nearest",
    fill_mode: str = "constant",
    fill_value: float = 0,
    output_shape: Sequence[int] | None = None,
) -> Node:
    """Returns images seen through projections.

    Args:
        image: [batch, height, width, channels].
        transforms: [batch or 1, 8]: with row [a0, a1, a2, b0, b1, b2, c0, c1], the pixel (x, y) of the output is read at
            ((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k), k = c0 x + c1 y + 1.
        interpolation: 'nearest' or 'bilinear'.
        fill_mode: how images go on beyond their edges: 'constant', 'reflect', 'wrap' or 'nearest'.
        fill_value: what lies there if fill_mode is 'constant'.
        output_shape: height and width of the result; default: those of the images.

    Raises:
        ShapeError: other shapes.
        OptionError: an option with another value.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.image.transform([[[[1], [2]]]], [[1, 0, 1, 0, 1, 0, 0, 0]])
        Tensor
            [[[[2], [0]]]]

    Source: https://js.tensorflow.org/api/latest/#image.transform
    """
    owner = "transform"
    check_images(owner, image)
    check_word(owner, "interpolation", interpolation, tuple(SAMPLES))
    check_word(owner, "fill_mode", fill_mode, tuple(FILL_MODES))
    x, table = cast_node(image, "float32"), cast_node(transforms, "float32")
    batch, height, width, _ = x.shape
    if table.rank != 2 or table.shape[0] not in (1, batch) or table.shape[1] != 8:
        raise ShapeError(
            f"transform: expected transforms of shape [{batch}, 8] or [1, 8], received {table.shape}."
        )
    size = (height, width) if output_shape is None else check_size(owner, "output_shape", output_shape)
    a0, a1, a2, b0, b1, b2, c0, c1 = _columns(table)
    rows, columns = _grid(*size)
    depth = add(add(mul(c0, columns), mul(c1, rows)), number(1))
    finite = equal(equal(depth, number(0)), const(False, "bool"))
    depth = where(finite, depth, number(1))
    column = true_div(add(add(mul(a0, columns), mul(a1, rows)), a2), depth)
    row = true_div(add(add(mul(b0, columns), mul(b1, rows)), b2), depth)
    beyond, fill = FILL_MODES[fill_mode], number(fill_value)
    at = (images_of(batch), beyond(row, height), beyond(column, width))
    shape = (batch, *size)
    found = SAMPLES[interpolation](x, at, shape, fill)
    visible = reshape_node(broadcast_node(finite, shape), (*shape, 1))
    result: Node = where(visible, found, fill)
    return result


def _columns(table: Node) -> list[Node]:
    """Returns the columns of a matrix, each [rows, 1, 1]."""
    rows, count = table.shape
    return [reshape_node(slice_node(table, [0, i], [rows, 1], [1, 1]), (rows, 1, 1)) for i in range(count)]


@tested_with(
    Case(((2, 4, 5, 3), (3, 4), (3,)), ((3, 2),), dtypes=("float32", "float32", "int32"), integers=2),
    Case(
        ((1, 4, 4, 4), (2, 4), (2,)),
        ((1, 3), "nearest", 7.0),
        dtypes=("float32", "float32", "int32"),
        integers=2,
    ),
)
@public(3, method=False, indices=("box_ind",))
def crop_and_resize(
    image: Node,
    boxes: Node,
    box_ind: Node,
    crop_size: Sequence[int],
    method: str = "bilinear",
    extrapolation_value: float = 0,
) -> Node:
    """Returns parts of images, resized.

    Args:
        image: [batch, height, width, channels].
        boxes: [boxes, 4]: rows [y1, x1, y2, x2] in parts of the image, from 0 to 1; y1 > y2 turns a crop upside down.
        box_ind: int32 [boxes]: which image a box is of.
        crop_size: height and width of the crops.
        method: 'bilinear' or 'nearest'.
        extrapolation_value: of pixels outside of the image.

    Returns:
        float32 [boxes, *crop_size, channels]; 0 for boxes of images that are not there.

    Raises:
        RangeError: a number of an image that was given as such is out of range.
        ShapeError: other shapes.
        OptionError: an option with another value.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.image.cropAndResize([[[[1], [2], [3]]]], [[0, 0.5, 0, 1]], [0], [1, 2])
        Tensor
            [[[[2], [3]]]]

    Source: https://js.tensorflow.org/api/latest/#image.cropAndResize
    """
    owner = "crop_and_resize"
    check_images(owner, image)
    check_word(owner, "method", method, tuple(SAMPLES))
    size = check_size(owner, "crop_size", crop_size)
    x, table = cast_node(image, "float32"), cast_node(boxes, "float32")
    count = table.shape[0] if table.rank else 0
    if table.rank != 2 or table.shape[1] != 4:
        raise ShapeError(f"{owner}: expected boxes of shape [boxes, 4], received {table.shape}.")
    if box_ind.shape != (count,):
        raise ShapeError(f"{owner}: expected box_ind of shape [{count}], received {box_ind.shape}.")
    check_indices(owner, "box_ind", box_ind, x.shape[0])
    y1, x1, y2, x2 = _columns(table)
    row = _spaced(y1, y2, x.shape[1], size[0], 1)
    column = _spaced(x1, x2, x.shape[2], size[1], 2)
    which = reshape_node(cast_node(box_ind, "int32"), (count, 1, 1))
    there = seen = logical_and(greater_equal(which, whole(0)), less(which, whole(x.shape[0])))
    for place, dim in ((row, x.shape[1]), (column, x.shape[2])):
        near = logical_and(greater_equal(place, number(0)), less_equal(place, number(dim - 1)))
        seen = logical_and(seen, near)
    shape = (count, *size)
    here = where(seen, row, number(0)), where(seen, column, number(0))
    found = SAMPLES[method](x, (where(seen, which, whole(0)), *here), shape, None)
    result: Node = where(
        reshape_node(broadcast_node(seen, shape), (*shape, 1)), found, number(extrapolation_value)
    )
    return where(reshape_node(there, (count, 1, 1, 1)), result, number(0)) if extrapolation_value else result


def _spaced(first: Node, last: Node, old: int, new: int, axis: int) -> Node:
    """Returns `new` places from `first` to `last`, both exactly there, which are in parts of `old` pixels."""
    if new == 1:
        part = mul(add(first, last), number(0.5))
    else:
        shape = (1, new, 1) if axis == 1 else (1, 1, new)
        index = iota_node(shape, axis)
        step = true_div(cast_node(index, "float32"), number(new - 1))
        between = add(first, mul(sub(last, first), step))
        part = where(equal(index, whole(new - 1)), last, between)
    result: Node = mul(part, number(old - 1))
    return result
