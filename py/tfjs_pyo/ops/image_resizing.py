"""Resizing images. Source: https://js.tensorflow.org/api/latest/#Images

Places are computed in whole numbers, so that a place that falls on a pixel is exactly there. Resizing is one op that reads
four pixels, or one; its gradient is that of the same as a composition of gathers, which adds up by index.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from tfjs_pyo.compiler.coords import Coords, Mode
from tfjs_pyo.compiler.emitter import Emitter
from tfjs_pyo.core.autodiff import vjp
from tfjs_pyo.core.graph import Kind, Node, Op
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops.arithmetic import add, floor_div, maximum, minimum, mul, sub, true_div
from tfjs_pyo.ops.creation import iota_node
from tfjs_pyo.ops.declare import cast_node, declare, public
from tfjs_pyo.ops.image_sampling import check_size, images_of, lerp, number, pixels, whole
from tfjs_pyo.ops.movement import reshape_node
from tfjs_pyo.ops.reduction import sum_to_node
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.shapes import size as size_of

__all__ = ["resize_bilinear", "resize_nearest_neighbor"]


class Line(NamedTuple):
    """The new pixel i lies at (i * step + offset) / over, moved to the first or last of the old pixels from beyond."""

    step: int
    offset: int
    over: int
    last: int


class Resize(NamedTuple):
    """What the op `resize_image` needs to know."""

    rows: Line
    columns: Line
    bilinear: bool


def _line(old: int, new: int, align: bool, half: bool, bilinear: bool) -> Line:
    """Returns where new pixels lie; for the nearest pixel, so that rounding down finds it."""
    if align and new > 1:
        scale, over = old - 1, new - 1
        return Line(scale, 0, over, old - 1) if bilinear else Line(2 * scale, over, 2 * over, old - 1)
    if align and not bilinear:
        return Line(2 * old, 1, 2, old - 1)
    # Half-pixel centers: (i + 1/2) * old / new, and for means of pixels 1/2 less.
    return (
        Line(2 * old, old - (new if bilinear else 0), 2 * new, old - 1)
        if half
        else Line(old, 0, new, old - 1)
    )


def _numpy_resize(np: Any, node: Node, x: Any) -> Any:
    firsts, nexts, weights = [], [], []
    for axis, line in enumerate(node.attrs[:2], 1):
        numerator = np.clip(np.arange(node.shape[axis]) * line.step + line.offset, 0, line.last * line.over)
        firsts.append(numerator // line.over)
        nexts.append(np.minimum(firsts[-1] + 1, line.last))
        weights.append((numerator % line.over / line.over).astype(x.dtype))
    if not node.attrs.bilinear:
        return x[:, firsts[0][:, None], firsts[1]]
    down, across = weights[0][:, None, None], weights[1][:, None]
    top, bottom = x[:, firsts[0]], x[:, nexts[0]]
    upper, lower = (
        row[:, :, firsts[1]] + (row[:, :, nexts[1]] - row[:, :, firsts[1]]) * across for row in (top, bottom)
    )
    return upper + (lower - upper) * down


def _emit_resize(emitter: Emitter, node: Node, coords: Coords) -> str:
    (source,), spread = node.inputs, coords.spread()
    if spread.mode is Mode.ROW and source.shape[-1] % 4:
        spread = spread.lanes()
    image, *places, channel = spread.parts()
    own = emitter.dims(source)
    dims = [spread.dims[0], own[1], own[2], spread.dims[3]]
    ends, weights = [], []
    for place, line in zip(places, node.attrs[:2], strict=True):
        step, offset, over, most = (
            emitter.uniform(v) for v in (line.step, line.offset, line.over, line.last * line.over)
        )
        position = spread.vector(place) if spread.mode is Mode.LANES else place
        numerator = emitter.let(spread.int_type, f"clamp({position} * {step} + {offset}, 0, {most})")
        first = emitter.let(spread.int_type, f"{numerator} / {over}")
        ends.append((first, emitter.let(spread.int_type, f"min({first} + 1, {emitter.uniform(line.last)})")))
        weights.append(emitter.let("vec4", f"vec4({numerator} - {first} * {over}) / float({over})"))

    def read(row: str, column: str) -> str:
        parts = [image, row, column, channel]
        return emitter.value(source, Coords(emitter, source.shape, dims, spread.mode, parts=parts))

    (top, bottom), (left, right) = ends
    if not node.attrs.bilinear:
        return read(top, left)
    across, down = weights[1], weights[0]
    upper, lower = (
        emitter.let("vec4", f"{read(row, left)} + ({read(row, right)} - {read(row, left)}) * {across}")
        for row in (top, bottom)
    )
    return emitter.let("vec4", f"{upper} + ({lower} - {upper}) * {down}")


def _gathered(x: Node, shape: tuple[int, int], attrs: Resize) -> Node:
    """Returns resized images as a composition of other ops."""
    ends, weights = [], []
    for axis, line in enumerate((attrs.rows, attrs.columns), 1):
        index = iota_node((1, shape[0], 1) if axis == 1 else (1, 1, shape[1]), axis)
        numerator = add(mul(index, whole(line.step)), whole(line.offset))
        numerator = maximum(minimum(numerator, whole(line.last * line.over)), whole(0))
        first = floor_div(numerator, whole(line.over))
        rest = cast_node(sub(numerator, mul(first, whole(line.over))), "float32")
        ends.append((first, minimum(add(first, whole(1)), whole(line.last))))
        weights.append(reshape_node(true_div(rest, number(line.over)), (*index.shape, 1)))
    (top, bottom), (left, right) = ends
    image, wanted = images_of(x.shape[0]), (x.shape[0], *shape)
    if not attrs.bilinear:
        return pixels(x, (image, top, left), wanted)

    def row(y: Node) -> Node:
        return lerp(pixels(x, (image, y, left), wanted), pixels(x, (image, y, right), wanted), weights[1])

    return lerp(row(top), row(bottom), weights[0])


def _resize_gradient(node: Node, g: Node) -> tuple[Node | None]:
    x = node.inputs[0]
    (result,) = vjp([_gathered(x, (node.shape[1], node.shape[2]), node.attrs)], [g], [x], add, sum_to_node)
    return (result,)


RESIZE = declare(
    Op(
        "resize_image",
        Kind.POINTWISE,
        numpy=_numpy_resize,
        gradient=_resize_gradient,
        emit=_emit_resize,
        cost=24,
    )
)


def _resized(
    owner: str,
    images: Node,
    size: Sequence[int],
    align_corners: bool,
    half_pixel_centers: bool,
    bilinear: bool,
) -> Node:
    if align_corners and half_pixel_centers:
        raise OptionError(
            f"{owner}: expected at most one of align_corners and half_pixel_centers, received both."
        )
    if images.rank not in (3, 4):
        raise ShapeError(
            f"{owner}: expected images of rank 4 [batch, height, width, channels], received {images.shape}."
        )
    new = check_size(owner, "size", size)
    batch, (*old, channels) = images.shape[:-3], images.shape[-3:]
    if not size_of(tuple(old)):
        raise ShapeError(f"{owner}: expected images with pixels, received shape {images.shape}.")
    x = reshape_node(images, (*(batch or (1,)), *old, channels))
    rows, columns = (
        _line(o, n, align_corners, half_pixel_centers, bilinear) for o, n in zip(old, new, strict=True)
    )
    y = Node(RESIZE, (x,), (x.shape[0], *new, channels), x.dtype, Resize(rows, columns, bilinear))
    return reshape_node(y, (*batch, *new, channels))


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
        >>> tf.image.resizeBilinear([[[0], [2]]], [1, 3], True)
        Tensor
            [[[0], [1], [2]]]

    Source: https://js.tensorflow.org/api/latest/#image.resizeBilinear
    """
    x = cast_node(images, "float32")
    return _resized("resize_bilinear", x, size, align_corners, half_pixel_centers, True)


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
        >>> tf.image.resizeNearestNeighbor([[[0], [2]]], [1, 4])
        Tensor
            [[[0], [0], [2], [2]]]

    Source: https://js.tensorflow.org/api/latest/#image.resizeNearestNeighbor
    """
    return _resized("resize_nearest_neighbor", images, size, align_corners, half_pixel_centers, False)
