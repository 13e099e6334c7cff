"""Order: the largest elements, and places in sorted rows. Source: https://js.tensorflow.org/api/latest/#topk

Nothing is read back. Short rows are ordered by counting, for each element, those that come before it: n^2 comparisons in
three launches. Long rows go through Batcher's network: log2(n)^2 / 2 launches of n / 2 comparisons. NaN counts as the
largest number; of equal elements the first comes first.
"""

from __future__ import annotations

from typing import NamedTuple

from tfjs_pyo import naming
from tfjs_pyo.core.graph import Node, const
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtypes import promote
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops.arithmetic import add, mul, sub
from tfjs_pyo.ops.bits import bitwise_and
from tfjs_pyo.ops.comparison import (
    equal,
    greater,
    less,
    less_equal,
    logical_and,
    logical_not,
    logical_or,
    where,
)
from tfjs_pyo.ops.creation import iota_node
from tfjs_pyo.ops.declare import cast_node, public
from tfjs_pyo.ops.indexing import gather_node
from tfjs_pyo.ops.math import is_nan
from tfjs_pyo.ops.movement import broadcast_node, concat_node, pad_node, reshape_node, slice_node
from tfjs_pyo.ops.reduction import SUM, reduce_node
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.shapes import size
from tfjs_pyo.types import TensorLike

__all__ = ["in_top_k_async", "lower_bound", "search_sorted", "topk", "upper_bound"]

MOST_COUNTED = 1 << 24
"""Rows are ordered by counting while that takes up to so many comparisons.

Measured on SwiftShader, 2 busy cores, best of three, counting / network: 1.4 / 25 ms for a row of 256, 11 / 38 ms for 1024,
51 / 58 ms for 4096, which is this number; 53 / 71 ms for 64 rows of 512. A network's first run compiles for 150 ms and more.
On NumPy the network is ahead much earlier (220 / 26 ms for 4096, 9 / 17 ms for 1024); the number suits WebGL2.
"""


class TopK(NamedTuple):
    """What `topk` returns."""

    values: Node
    indices: Node


def _above(a: Node, b: Node) -> Node:
    """Tells where a is greater than b, NaN being the greatest."""
    if a.dtype != "float32":
        result: Node = greater(a, b)
        return result
    nan = logical_and(is_nan(a), logical_not(is_nan(b)))
    either: Node = logical_or(greater(a, b), nan)
    return either


def _before(a: Node, a_index: Node, b: Node, b_index: Node) -> Node:
    """Tells where a comes before b in descending order, of equal ones the lower index first."""
    tied = logical_and(logical_not(_above(b, a)), less(a_index, b_index))
    result: Node = logical_or(_above(a, b), tied)
    return result


def _by_counting(x: Node, k: int) -> Node:
    """Returns the indices of the k first of each row of a matrix: each element's place is the number before it."""
    rows, n = x.shape
    shape = (rows, n, n)
    mine, others = reshape_node(x, (rows, n, 1)), reshape_node(x, (rows, 1, n))
    earlier = _before(others, iota_node(shape, 2), mine, iota_node(shape, 1))
    place = reduce_node(SUM, cast_node(earlier, "int32"), (2,))
    chosen = equal(reshape_node(place, (rows, 1, n)), iota_node((rows, k, n), 1))
    return reduce_node(SUM, where(chosen, iota_node((rows, k, n), 2), const(0, "int32")), (2,))


def _by_network(x: Node, k: int) -> Node:
    """Returns the indices of the k first of each row of a matrix, by Batcher's bitonic network."""
    rows, n = x.shape
    width = 1 << (n - 1).bit_length()
    values = pad_node(x, [(0, 0), (0, width - n)], 0)
    # What fills rows up comes last: its index says that it is not there.
    index = iota_node((rows, width), 1)
    run = 2
    while run <= width:
        distance = run // 2
        while distance:
            values, index = _exchanged(values, index, run, distance, n)
            distance //= 2
        run *= 2
    return slice_node(index, [0, 0], [rows, k], [1, 1])


def _exchanged(values: Node, index: Node, run: int, distance: int, n: int) -> tuple[Node, Node]:
    """One stage: elements `distance` apart are put in order, descending in every other run, ascending in between."""
    rows, width = values.shape
    pairs = (rows, width // (2 * distance), 2, distance)
    half = (rows, pairs[1], 1, distance)

    def side(x: Node, which: int) -> Node:
        return slice_node(reshape_node(x, pairs), [0, 0, which, 0], list(half), [1] * 4)

    a, b, ia, ib = side(values, 0), side(values, 1), side(index, 0), side(index, 1)
    here = [less(i, const(n, "int32")) for i in (ia, ib)]
    ordered = _before(a, ia, b, ib)
    first = logical_or(logical_and(here[0], logical_not(here[1])), logical_and(ordered, equal(*here)))
    start = mul(iota_node(half, 1), const(2 * distance, "int32"))
    descending = equal(bitwise_and(start, const(run, "int32")), const(0, "int32"))
    keep = equal(first, descending)

    def joined(x: Node, y: Node) -> Node:
        return reshape_node(concat_node([where(keep, x, y), where(keep, y, x)], 2), (rows, width))

    return joined(a, b), joined(ia, ib)


@tested_with(
    Case(((3, 7),), (3,)),
    Case(((9,),), (9,)),
    Case(((2, 2, 5),), (1,)),
    Case(((3, 7),), (2,), dtypes=("int32",), differentiable=False),
)
@public()
def topk(x: Node, k: int = 1, sorted: bool = True) -> TopK:  # noqa: ARG001 (TF.js's parameter; the order is always there)
    """Returns the k largest elements of the last axis, and where they are.

    Args:
        x: numbers of shape [..., n].
        k: how many, up to n.
        sorted: they always are, the largest first.

    Returns:
        `values` of shape [..., k] and `indices`, int32 of the same shape.

    Raises:
        ShapeError: x is a scalar.
        OptionError: k is not between 0 and n.

    Example:
        >>> import tfjs_pyo as tf
        >>> values, indices = tf.topk([3, 1, 4, 1, 5], 2)
        >>> values
        Tensor
            [5, 4]
        >>> indices
        Tensor
            [4, 2]

    Source: https://js.tensorflow.org/api/latest/#topk
    """
    if not x.rank:
        raise ShapeError("topk: expected a tensor of rank 1 or more, received a scalar.")
    n = x.shape[-1]
    if not 0 <= k <= n:
        raise OptionError(f"topk: expected k between 0 and {n}, the length of the last axis, received {k}.")
    shape = (*x.shape[:-1], k)
    rows = size(x.shape[:-1])
    if not size(shape):
        return TopK(broadcast_node(const(0, x.dtype), shape), broadcast_node(const(0, "int32"), shape))
    matrix = reshape_node(x, (rows, n))
    numbers = cast_node(matrix, "int32") if x.dtype == "bool" else matrix
    indices = (_by_counting if rows * n * n <= MOST_COUNTED else _by_network)(numbers, k)
    places = add(indices, mul(iota_node((rows, k), 0), const(n, "int32")))
    values = gather_node(reshape_node(x, (rows * n,)), places, 0)
    return TopK(reshape_node(values, shape), reshape_node(indices, shape))


@public(2, method=False)
def _in_top_k(predictions: Node, targets: Node, k: int) -> Node:
    if predictions.rank < 1 or predictions.shape[:-1] != targets.shape:
        raise ShapeError(
            f"in_top_k_async: expected targets of shape {predictions.shape[:-1]}, received {targets.shape}."
        )
    n = predictions.shape[-1]
    if not 1 <= k <= n:
        raise OptionError(
            f"in_top_k_async: expected k between 1 and {n}, the number of classes, received {k}."
        )
    rows = size(targets.shape)
    matrix = reshape_node(predictions, (rows, n))
    target = cast_node(reshape_node(targets, (rows, 1)), "int32")
    place = add(target, mul(iota_node((rows, 1), 0), const(n, "int32")))
    own = gather_node(reshape_node(predictions, (rows * n,)), place, 0)
    ahead = _before(matrix, iota_node((rows, n), 1), own, target)
    count = reduce_node(SUM, cast_node(ahead, "int32"), (1,))
    return reshape_node(less(count, const(k, "int32")), targets.shape)


@naming.bridge
async def in_top_k_async(predictions: TensorLike, targets: TensorLike, k: int = 1) -> Tensor:
    """Tells for each row whether its target is among the k largest predictions; of equal ones the first count.

    Args:
        predictions: numbers of shape [..., classes].
        targets: int32 of shape [...], classes.
        k: from 1 to the number of classes.

    Returns:
        bool of shape [...].

    Raises:
        ShapeError: the shapes do not suit each other.
        OptionError: k is out of range.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> asyncio.run(tf.inTopKAsync([[0.1, 0.7, 0.2], [0.5, 0.3, 0.2]], [2, 2], 2)).array_sync()
        [True, False]

    Source: https://js.tensorflow.org/api/latest/#inTopKAsync
    """
    result: Tensor = _in_top_k(predictions, targets, k)
    return result


@tested_with(
    Case(((6,), (4,)), dtypes=("float32", "float32"), differentiable=False),
    Case(((2, 5), (2, 3)), ("right",), dtypes=("int32", "int32"), differentiable=False),
)
@public(2)
def search_sorted(sorted_sequence: Node, values: Node, side: str = "left") -> Node:
    """Returns where values would be inserted in sorted rows, so that these stay sorted.

    Args:
        sorted_sequence: ascending numbers of shape [..., n].
        values: numbers of shape [..., m], the same leading axes.
        side: 'left', before equal elements, or 'right', behind them.

    Returns:
        int32 of the shape of the values.

    Raises:
        ShapeError: a scalar, or different leading axes.
        OptionError: `side` is something else.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.searchSorted([1, 3, 5, 7], [0, 3, 4, 9], "right")
        Tensor
            [0, 2, 2, 4]

    Source: https://js.tensorflow.org/api/latest/#searchSorted
    """
    if side not in ("left", "right"):
        raise OptionError(f"search_sorted: expected side to be 'left' or 'right', received {side!r}.")
    if not sorted_sequence.rank or sorted_sequence.shape[:-1] != values.shape[:-1] or not values.rank:
        raise ShapeError(
            "search_sorted: expected sequences and values of rank 1 or more with the same leading axes, received shapes "
            f"{sorted_sequence.shape} and {values.shape}."
        )
    dtype = promote(sorted_sequence.dtype, values.dtype, "int32")
    rows, n, m = size(values.shape[:-1]), sorted_sequence.shape[-1], values.shape[-1]
    flat = cast_node(reshape_node(sorted_sequence, (rows * n,)), dtype)
    wanted = cast_node(reshape_node(values, (rows, m)), dtype)
    precedes = less if side == "left" else less_equal
    found = broadcast_node(const(0, "int32"), (rows, m))
    start = sub(mul(iota_node((rows, m), 0), const(n, "int32")), const(1, "int32"))
    # Branchless binary search: `found` elements are known to precede the value; may `step` more?
    step = 1 << n.bit_length() if n else 0
    while step:
        probe = add(found, const(step, "int32"))
        inside = less_equal(probe, const(n, "int32"))
        element = gather_node(flat, where(inside, add(start, probe), const(0, "int32")), 0)
        found = where(logical_and(inside, precedes(element, wanted)), probe, found)
        step //= 2
    return reshape_node(found, values.shape)


@public(2)
def lower_bound(sorted_sequence: Node, values: Node) -> Node:
    """Returns for each value the number of smaller elements in its sorted row.

    Args:
        sorted_sequence: ascending numbers of shape [..., n].
        values: numbers of shape [..., m], the same leading axes.

    Returns:
        int32 of the shape of the values.

    Raises:
        ShapeError: a scalar, or different leading axes.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.lowerBound([1, 3, 3], [0, 3, 4])
        Tensor
            [0, 1, 3]

    Source: https://js.tensorflow.org/api/latest/#lowerBound
    """
    result: Node = search_sorted(sorted_sequence, values, "left")
    return result


@public(2)
def upper_bound(sorted_sequence: Node, values: Node) -> Node:
    """Returns for each value the number of elements up to it in its sorted row.

    Args:
        sorted_sequence: ascending numbers of shape [..., n].
        values: numbers of shape [..., m], the same leading axes.

    Returns:
        int32 of the shape of the values.

    Raises:
        ShapeError: a scalar, or different leading axes.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.upperBound([1, 3, 3], [0, 3, 4])
        Tensor
            [0, 3, 3]

    Source: https://js.tensorflow.org/api/latest/#upperBound
    """
    result: Node = search_sorted(sorted_sequence, values, "right")
    return result
