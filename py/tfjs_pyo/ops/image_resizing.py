"""Resizing images. Source: https://js.tensorflow.org/api/latest/#Images

Places are computed in whole numbers, so that a place that falls on a pixel is exactly there.
"""

from __future__ import annotations

from collections.abc import Sequence

from tfjs_pyo.core.graph import Node
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops.arithmetic import add, floor_div, maximum, minimum, mul, sub, true_div
from tfjs_pyo.ops.creation import iota_node
from tfjs_pyo.ops.declare import cast_node, public
from tfjs_pyo.ops.image_sampling import check_size, images_of, lerp, number, pixels, whole
from tfjs_pyo.ops.movement import reshape_node
from tfjs_pyo.ops.samples import Case, tested_with

__all__ = ["resize_bilinear", "resize_nearest_neighbor"]

Fraction = tuple[Node, int]
"""Numbers: an int32 numerator and the denominator that they share."""


def _batched(owner: str, x: Node, align_corners: bool, half_pixel_centers: bool) -> Node:
    if align_corners and half_pixel_centers:
        raise OptionError(
            f"{owner}: expected at most one of align_corners and half_pixel_centers, received both."
        )
    if x.rank not in (3, 4):
        raise ShapeError(
            f"{owner}: expected images of rank 4 [batch, height, width, channels], received {x.shape}."
        )
    return reshape_node(x, (1, *x.shape)) if x.rank == 3 else x


def _places(old: int, new: int, axis: int, align: bool, half: int) -> Fraction:
    """Returns where the new pixels lie among the old ones; `half` moves them by halves of an old pixel."""
    shape = (1, new, 1) if axis == 0 else (1, 1, new)
    index = iota_node(shape, axis + 1)
    if align and new > 1:
        return mul(index, whole(old - 1)), new - 1
    if not half:
        return mul(index, whole(old)), new
    # (i + 1/2) * old / new, over 2 * new.
    return mul(add(mul(index, whole(2)), whole(1)), whole(old)), 2 * new


def _clamped(index: Node, count: int) -> Node:
    result: Node = maximum(minimum(index, whole(count - 1)), whole(0))
    return result


def _unbatched(y: Node, like: Node) -> Node:
    return reshape_node(y, y.shape[1:]) if like.rank == 3 else y


CASES = (
    Case(((2, 4, 5, 3),), ((7, 3),)),
    Case(((3, 3, 4),), ((6, 5), True)),
    Case(((1, 4, 6, 2),), ((3, 8), False, True)),
    Case(((2, 2, 2, 1),), ((1, 1), True)),
    Case(((0, 2, 2, 1),), ((3, 3),), differentiable=False),
)


@tested_with(*CASES)
@public()
def resize_bilinear(
    images: Node, size: Sequence[int], align_corners: bool = False, half_pixel_centers: bool = False
) -> Node:
    """Returns images of another size, each pixel a mean of the four around its place.

    Args:
        images: [batch, height, width, channels], or one image without batch.
        size: the new height and width.
        align_corners: whether the centers of the corner pixels stay where they are.
        half_pixel_centers: whether pixels are areas, their centers at halves (as in TensorFlow 2).

    Returns:
        float32 images.

    Raises:
        ShapeError: another rank.
        OptionError: both ways to place pixels, or a size that is not two positive integers.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.image.resizeBilinear([[[0], [2]]], [1, 3], True).array_sync()
        [[[0.0], [1.0], [2.0]]]

    Source: https://js.tensorflow.org/api/latest/#image.resizeBilinear
    """
    owner = "resize_bilinear"
    x = cast_node(_batched(owner, images, align_corners, half_pixel_centers), "float32")
    new = check_size(owner, "size", size)
    shape = (x.shape[0], *new)
    neighbours, weights = [], []
    for axis in range(2):
        old = x.shape[axis + 1]
        numerator, denominator = _places(old, new[axis], axis, align_corners, half_pixel_centers)
        if half_pixel_centers:
            numerator = sub(numerator, whole(denominator // 2))
        # Places before the first and after the last pixel are moved to these.
        numerator = maximum(minimum(numerator, whole((old - 1) * denominator)), whole(0))
        first = floor_div(numerator, whole(denominator))
        rest = sub(numerator, mul(first, whole(denominator)))
        neighbours.append((first, _clamped(add(first, whole(1)), old)))
        weights.append(true_div(cast_node(rest, "float32"), number(denominator)))
    (top, bottom), (left, right) = neighbours
    down, across = (reshape_node(weight, (*weight.shape, 1)) for weight in weights)
    image = images_of(x.shape[0])

    def line(row: Node) -> Node:
        return lerp(pixels(x, (image, row, left), shape), pixels(x, (image, row, right), shape), across)

    return _unbatched(lerp(line(top), line(bottom), down), images)


@tested_with(*CASES, Case(((2, 3, 2),), ((4, 5), False, True), dtypes=("int32",)))
@public()
def resize_nearest_neighbor(
    images: Node, size: Sequence[int], align_corners: bool = False, half_pixel_centers: bool = False
) -> Node:
    """Returns images of another size, each pixel the one that is nearest to its place.

    TF.js's gradient is wrong with half-pixel centers; this one is the adjoint.

    Args:
        images: [batch, height, width, channels], or one image without batch.
        size: the new height and width.
        align_corners: whether the centers of the corner pixels stay where they are.
        half_pixel_centers: whether pixels are areas, their centers at halves (as in TensorFlow 2).

    Returns:
        images of the same dtype.

    Raises:
        ShapeError: another rank.
        OptionError: both ways to place pixels, or a size that is not two positive integers.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.image.resizeNearestNeighbor([[[0], [2]]], [1, 4]).array_sync()
        [[[0.0], [0.0], [2.0], [2.0]]]

    Source: https://js.tensorflow.org/api/latest/#image.resizeNearestNeighbor
    """
    owner = "resize_nearest_neighbor"
    x = _batched(owner, images, align_corners, half_pixel_centers)
    new = check_size(owner, "size", size)
    places = []
    for axis in range(2):
        old = x.shape[axis + 1]
        numerator, denominator = _places(old, new[axis], axis, align_corners, half_pixel_centers)
        if align_corners:
            # Rounded, halves up; otherwise rounded down.
            numerator, denominator = add(mul(numerator, whole(2)), whole(denominator)), 2 * denominator
        places.append(_clamped(floor_div(numerator, whole(denominator)), old))
    row, column = places
    found = pixels(x, (images_of(x.shape[0]), row, column), (x.shape[0], *new))
    return _unbatched(found, images)
