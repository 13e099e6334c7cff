"""Sums and products of what came before along an axis."""

from __future__ import annotations

from collections.abc import Callable

from tfjs_pyo.core.graph import Node, const
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.ops.arithmetic import add, mul
from tfjs_pyo.ops.declare import cast_node, public
from tfjs_pyo.ops.movement import concat, reshape_node, reverse, slice_, tile
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.shapes import normalize_axis

_CASES = (
    Case(((5,),)),
    Case(((3, 4),), (1,)),
    Case(((3, 8),), (0, True)),
    Case(((2, 5, 3),), (1, False, True)),
    Case(((2, 9),), (-1, True, True)),
    Case(((1, 1),), (0,)),
    Case(((7,),), dtypes=("int32",)),
)


def _scan(
    name: str,
    x: Node,
    axis: int,
    exclusive: bool,
    reverse_: bool,
    combine: Callable[[Node, Node], Node],
    neutral: int,
) -> Node:
    """Combines each element with all before it, in log2(length) passes: after pass i, with the 2^i - 1 before it."""
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
    step = 1
    while step < length:
        x = combine(x, _shifted(x, axis, step, neutral))
        step *= 2
    return reverse(x, [axis]) if reverse_ else x


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
        >>> cumsum([1.0, 2.0, 3.0]).array_sync()
        [1.0, 3.0, 6.0]

    Source: https://js.tensorflow.org/api/latest/#cumsum
    """
    return _scan("cumsum", x, axis, exclusive, reverse, add, 0)


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
        >>> cumprod([1.0, 2.0, 3.0]).array_sync()
        [1.0, 2.0, 6.0]

    Source: https://js.tensorflow.org/api/latest/#cumprod
    """
    return _scan("cumprod", x, axis, exclusive, reverse, mul, 1)


__all__ = ["cumprod", "cumsum"]
