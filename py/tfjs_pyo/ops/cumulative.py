"""Sums and products of what came before along an axis."""

from __future__ import annotations

from collections.abc import Callable

from tfjs_pyo.core.graph import Node, const
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.ops.arithmetic import add, mul
from tfjs_pyo.ops.comparison import less_equal, where
from tfjs_pyo.ops.creation import iota_node
from tfjs_pyo.ops.declare import cast_node, public
from tfjs_pyo.ops.movement import concat, pad_node, reshape_node, reverse, slice_, slice_node, tile
from tfjs_pyo.ops.reduction import SUM, reduce_node
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.shapes import normalize_axis, size

_BLOCK = 16
"""Elements of a block, in which each sum is computed by itself: with few a level more is needed, with many the sums are long."""
_ONE_BLOCK = 64
"""Up to so many elements are a single block: what adding its elements takes is less than the launches of another level."""

_CASES = (
    Case(((5,),)),
    Case(((3, 4),), (1,)),
    Case(((3, 8),), (0, True)),
    Case(((2, 5, 3),), (1, False, True)),
    Case(((2, 9),), (-1, True, True)),
    Case(((1, 1),), (0,)),
    Case(((7,),), dtypes=("int32",)),
    Case(((3, 70),), (1,)),
    Case(((70, 3),), (0, True, True)),
    Case(((1100,),), dtypes=("int32",)),
)


def _scan(
    name: str,
    x: Node,
    axis: int,
    exclusive: bool,
    reverse_: bool,
    scan: Callable[[Node, int], Node],
    neutral: int,
) -> Node:
    """Combines each element with all before it, after `scan`, which does so for an element and those before it."""
    if x.dtype == "bool":
        x = cast_node(x, "int32")
    if not x.rank:
        raise ShapeError(f"{name}: expected a tensor of rank 1 or more, received a scalar.")
    axis = normalize_axis(name, axis, x.rank)
    length = x.shape[axis]
    if reverse_:
        x = reverse(x, [axis])
    if exclusive and length:
        x = _shifted(x, axis, 1, neutral)
    x = scan(x, axis) if length else x
    return reverse(x, [axis]) if reverse_ else x


def _products(x: Node, axis: int) -> Node:
    """Returns products in log2(length) passes: after pass i each element is multiplied with the 2^i - 1 before it."""
    step = 1
    while step < x.shape[axis]:
        x = mul(x, _shifted(x, axis, step, 1))
        step *= 2
    return x


def _sums(x: Node, axis: int) -> Node:
    """Returns sums by blocks: those within blocks, and those of all blocks before."""
    length, outer, inner = x.shape[axis], size(x.shape[:axis]), x.shape[axis + 1 :]
    block = _BLOCK if length > _ONE_BLOCK else -(-length // 4) * 4
    blocks = -(-length // block)
    paddings = [(0, blocks * block - length if at == axis else 0) for at in range(x.rank)]
    within = _sums_of_blocks(reshape_node(pad_node(x, paddings, 0), (outer * blocks, block, *inner)))
    if blocks > 1:
        parts = reshape_node(within, (outer, blocks, block, *inner))
        rest = [0] * len(inner)
        last = slice_node(parts, (0, 0, block - 1, *rest), (outer, blocks, 1, *inner))
        totals = _shifted(reshape_node(last, (outer, blocks, *inner)), 1, 1, 0)
        within = add(parts, reshape_node(_sums(totals, 1), (outer, blocks, 1, *inner)))
    whole = reshape_node(within, (outer, blocks * block, *inner))
    return reshape_node(slice_node(whole, [0] * whole.rank, (outer, length, *inner)), x.shape)


def _sums_of_blocks(x: Node) -> Node:
    """Returns the sum of each element of [blocks, elements, ...] and those before it in its block."""
    blocks, count, inner = x.shape[0], x.shape[1], x.shape[2:]
    ones = (1,) * len(inner)
    is_before = less_equal(iota_node((1, count, count, *ones), 1), iota_node((1, count, count, *ones), 2))
    each = reshape_node(x, (blocks, count, 1, *inner))
    return reduce_node(SUM, where(is_before, each, const(0, x.dtype)), (1,))


def _shifted(x: Node, axis: int, by: int, neutral: int) -> Node:
    """Returns x moved along an axis by some places, with neutral elements at its beginning."""
    sizes = list(x.shape)
    sizes[axis] = by
    one = reshape_node(const(neutral, x.dtype), (1,) * x.rank)
    rest = list(x.shape)
    rest[axis] -= by
    result: Node = concat([tile(one, sizes), slice_(x, [0] * x.rank, rest)], axis)
    return result


@tested_with(*_CASES)
@public()
def cumsum(x: Node, axis: int = 0, exclusive: bool = False, reverse: bool = False) -> Node:
    """Returns the sum of each element and all before it along an axis.

    Args:
        x: float32 or int32; bool counts as int32.
        axis: along which.
        exclusive: whether the element itself is left out.
        reverse: whether those behind count instead of those before.

    Returns:
        Tensor of the shape of x, int32 for bool.

    Raises:
        ShapeError: x is a scalar.
        OptionError: the axis is out of range.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.cumsum([1, 2, 3])
        Tensor
            [1, 3, 6]

    Source: https://js.tensorflow.org/api/latest/#cumsum
    """
    return _scan("cumsum", x, axis, exclusive, reverse, _sums, 0)


@tested_with(*_CASES)
@public()
def cumprod(x: Node, axis: int = 0, exclusive: bool = False, reverse: bool = False) -> Node:
    """Returns the product of each element and all before it along an axis.

    Args:
        x: float32 or int32; bool counts as int32.
        axis: along which.
        exclusive: whether the element itself is left out.
        reverse: whether those behind count instead of those before.

    Returns:
        Tensor of the shape of x, int32 for bool.

    Raises:
        ShapeError: x is a scalar.
        OptionError: the axis is out of range.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.cumprod([1, 2, 3])
        Tensor
            [1, 2, 6]

    Source: https://js.tensorflow.org/api/latest/#cumprod
    """
    return _scan("cumprod", x, axis, exclusive, reverse, _products, 1)


__all__ = ["cumprod", "cumsum"]
