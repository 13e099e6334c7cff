"""`keras.ops`: what puts elements in order, and finds them."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any, NamedTuple

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, DTypeError, OptionError, RangeError
from tfjs_pyo.keras.ops.creating import spaced
from tfjs_pyo.keras.ops.declare import Group, alike, as_float, as_number, common, tensor
from tfjs_pyo.ops import bits
from tfjs_pyo.shapes import MAX_ELEMENTS, normalize_axis
from tfjs_pyo.types import TensorLike

numpy = Group()
math_group = Group()


class TopK(NamedTuple):
    """What `top_k` returns."""

    values: Tensor
    indices: Tensor


def order(x: Tensor) -> Tensor:
    """Returns the indices that sort the last axis, equal elements in their order and NaN last."""
    x = as_number(x)
    if x.dtype == "int32":
        return ops.topk(bits.bitwise_not(x), x.shape[-1]).indices
    # NaN counts as the greatest, and so it does turned around: it is put behind infinity by hand.
    nan = ops.is_nan(x)
    if x.shape[-1] == 0:
        return ops.cast(x, "int32")
    first = ops.topk(ops.where(nan, float("-inf"), -x), x.shape[-1]).indices
    late = take_last(ops.cast(nan, "int32"), first)
    return take_last(first, ops.topk(1 - late, x.shape[-1]).indices)


def take_last(x: Tensor, indices: Tensor) -> Tensor:
    """Returns elements of the last axis, by an index for each."""
    length, count = x.shape[-1], indices.shape[-1]
    rows = x.size // max(length, 1)
    starts = ops.reshape(ops.range(0, rows, 1, "int32"), [rows, 1]) * length
    flat = ops.reshape(indices, [rows, count]) + starts
    return ops.reshape(ops.gather(ops.reshape(x, [-1]), flat), indices.shape)


def sorted_along(x: Tensor) -> Tensor:
    """Returns x with its last axis in ascending order, NaN last."""
    return take_last(x, order(x))


def _last(x: Tensor, axis: int) -> tuple[Tensor, list[int]]:
    """Returns x with an axis moved to the end, and the permutation that moves it back."""
    at = normalize_axis("sort", axis, x.rank)
    perm = [*(place for place in range(x.rank) if place != at), at]
    back = builtins.sorted(range(x.rank), key=perm.__getitem__)
    return ops.transpose(x, perm), back


@numpy.op()
def sort(x: Tensor, axis: int | None = -1) -> Tensor:
    """Returns x in ascending order along an axis.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.sort([3, 1, 2])
        Tensor
            [1, 2, 3]

    Source: https://keras.io/api/ops/numpy/
    """
    if axis is None:
        return sorted_along(ops.reshape(x, [-1]))
    moved, back = _last(x, axis)
    return ops.transpose(sorted_along(moved), back)


@numpy.op()
def argsort(x: Tensor, axis: int | None = -1) -> Tensor:
    """Returns the indices that sort an axis, equal elements in their order.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.argsort([30, 10, 20])
        Tensor
            [1, 2, 0]

    Source: https://keras.io/api/ops/numpy/
    """
    if axis is None:
        return order(ops.reshape(x, [-1]))
    moved, back = _last(x, axis)
    return ops.transpose(order(moved), back)


@numpy.op()
def argpartition(x: Tensor, kth: int, axis: int | None = -1) -> Tensor:  # noqa: ARG001 (all is in order, so any place is)
    """Returns indices that put the kth element where it belongs, smaller ones before it: those that sort the axis.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.argpartition([30, 10, 20], 1)
        Tensor
            [1, 2, 0]

    Source: https://keras.io/api/ops/numpy/
    """
    found: Tensor = argsort(x, axis)
    return found


@math_group.op()
def top_k(x: Tensor, k: int, sorted: bool = True) -> TopK:
    """Returns the k largest elements of the last axis and their indices.

    Example:
        >>> from tfjs_pyo import keras
        >>> values, indices = keras.ops.top_k([10, 40, 20, 30], k=2)
        >>> values.tolist(), indices.tolist()
        ([40, 30], [1, 3])

    Source: https://keras.io/api/ops/core/
    """
    return TopK(*ops.topk(x, k, sorted))


@math_group.op(2)
def in_top_k(targets: Tensor, predictions: Tensor, k: int) -> Tensor:
    """Tells whether each target is among the k largest predictions.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.in_top_k([2, 0], [[0.1, 0.2, 0.7], [0.1, 0.2, 0.7]], 1)
        Tensor
            [true, false]

    Source: https://keras.io/api/ops/core/
    """
    target = ops.cast(targets, "int32")
    mine = take_last(predictions, ops.expand_dims(target, -1))
    greater = ops.sum(ops.cast(predictions > mine, "int32"), -1)
    return ops.logical_and(greater < k, ops.reshape(ops.is_finite(mine), targets.shape))


@numpy.op(2)
def searchsorted(sorted_sequence: Tensor, values: Tensor, side: str = "left") -> Tensor:
    """Returns where values would be put in a sorted vector.

    Raises:
        OptionError: `side` is neither 'left' nor 'right'.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.searchsorted([10, 20, 30], [5, 20, 25])
        Tensor
            [0, 1, 2]

    Source: https://keras.io/api/ops/numpy/
    """
    ordered, values = alike(sorted_sequence, values)
    if side not in ("left", "right"):
        raise OptionError(f"searchsorted: expected `side` to be 'left' or 'right', received {side!r}.")
    return ops.sum(ops.cast(_passed(ordered, values, side), "int32"), -1)


def _passed(ordered: Tensor, values: Tensor, side: str) -> Tensor:
    """Tells, for each value, which elements of a vector come before its place."""
    each = ops.expand_dims(values, -1)
    return ordered < each if side == "left" else ordered <= each


@numpy.op(2)
def digitize(x: Tensor, bins: Tensor) -> Tensor:
    """Returns the number of the bin that each element is in, counted from 1.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.digitize([0.5, 1.5, 9.0], [1.0, 2.0, 3.0])
        Tensor
            [0, 1, 3]

    Source: https://keras.io/api/ops/numpy/
    """
    x, bins = alike(x, bins)
    return ops.sum(ops.cast(_passed(bins, x, "right"), "int32"), -1)


@numpy.op(2)
def isin(x1: Tensor, x2: Tensor, assume_unique: bool = False, invert: bool = False) -> Tensor:  # noqa: ARG001 (a hint)
    """Tells which elements of x1 are among those of x2.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.isin([1, 2, 3], [3, 1])
        Tensor
            [true, false, true]

    Source: https://keras.io/api/ops/numpy/
    """
    x1, x2 = alike(x1, x2)
    found = ops.any(ops.equal(ops.expand_dims(x1, -1), ops.reshape(x2, [-1])), -1)
    return ops.logical_not(found) if invert else found


@numpy.op()
def nonzero(x: Tensor) -> tuple[Tensor, ...]:
    """Returns where elements are not 0, one vector of indices for each axis. x is read at once.

    Example:
        >>> from tfjs_pyo import keras
        >>> rows, columns = keras.ops.nonzero([[0, 5], [7, 0]])
        >>> rows.tolist(), columns.tolist()
        ([0, 1], [1, 0])

    Source: https://keras.io/api/ops/numpy/
    """
    places = [at for at, value in enumerate(ops.cast(x, "bool").data_sync()) if value]
    found = []
    stride = x.size
    for dim in x.shape:
        stride //= max(dim, 1)
        found.append(ops.tensor([place // stride % dim for place in places], [len(places)], "int32"))
    return tuple(found)


@numpy.op()
def unique(
    x: Tensor,
    sorted: bool = True,  # noqa: ARG001 (they always are)
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    size: int | None = None,
    fill_value: TensorLike = None,
) -> Any:
    """Returns the different elements, or slices along an axis, in ascending order. x is read at once.

    Args:
        x: numbers.
        sorted: they always are.
        return_index, return_inverse, return_counts: whether to return, too, where each comes first, which one each element of
            x is, and how often each comes.
        axis: along which slices are compared; default: all elements.
        size: how many to return: fewer are filled up with `fill_value` (default: the smallest), others are left out.
        fill_value: see `size`.

    Raises:
        DTypeError: x is complex.

    Example:
        >>> from tfjs_pyo import keras
        >>> values, counts = keras.ops.unique([3, 1, 3, 2, 3], return_counts=True)
        >>> values.tolist(), counts.tolist()
        ([1, 2, 3], [1, 1, 3])

    Source: https://keras.io/api/ops/numpy/
    """
    flat = ops.reshape(x, [-1]) if axis is None else x
    at = 0 if axis is None else normalize_axis("unique", axis, x.rank)
    moved = ops.transpose(flat, [at, *(place for place in range(flat.rank) if place != at)])
    if x.dtype == "complex64":
        raise DTypeError(
            "unique: expected numbers that have an order, received complex64. Take ops.real(x) or ops.abs(x)."
        )
    rows = moved.array_sync()
    keys = [_key(row) for row in rows]
    firsts: dict[Any, int] = {}
    for place, key in enumerate(keys):
        firsts.setdefault(key, place)
    ordered = builtins.sorted(firsts)
    counts = dict.fromkeys(ordered, 0)
    for key in keys:
        counts[key] += 1
    number = {key: place for place, key in enumerate(ordered)}
    places = [firsts[key] for key in ordered]
    tally = [counts[key] for key in ordered]
    if size is not None:
        missing = max(0, size - len(places))
        places, tally = [*places[:size], *places[:1] * missing], [*tally[:size], *[0] * missing]
    found = ops.gather(flat, ops.tensor(places, [len(places)], "int32"), at)
    if size is not None and fill_value is not None and size > len(ordered):
        kept = ops.slice(
            found, [0] * found.rank, [len(ordered) if a == at else -1 for a in range(found.rank)]
        )
        shape = [size - len(ordered) if a == at else dim for a, dim in enumerate(found.shape)]
        found = ops.concat([kept, ops.cast(ops.fill(shape, fill_value), found.dtype)], at)
    inverse = ops.tensor([number[key] for key in keys], [len(keys)], "int32")
    extras = [
        ops.tensor(places, [len(places)], "int32") if return_index else None,
        (ops.reshape(inverse, x.shape) if axis is None else inverse) if return_inverse else None,
        ops.tensor(tally, [len(tally)], "int32") if return_counts else None,
    ]
    asked = [each for each in extras if each is not None]
    return (found, *asked) if asked else found


def _key(row: Any) -> Any:
    """Returns what slices are compared by; NaN comes last, and equals NaN."""
    if isinstance(row, list):
        return tuple(_key(item) for item in row)
    return (row != row, 0.0 if row != row else row)  # noqa: PLR0124


@numpy.op(1)
def bincount(
    x: Tensor, weights: TensorLike | None = None, minlength: int = 0, sparse: bool = False
) -> Tensor:
    """Returns how often each whole number comes, or the sum of its weights; x is read, as the result's length depends on it.

    Raises:
        OptionError: `sparse` is True.
        RangeError: numbers below 0, or too large ones.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.bincount([1, 3, 3, 0])
        Tensor
            [1, 1, 0, 2]
        >>> keras.ops.bincount([0, 1, 1], weights=[0.5, 1.0, 2.0])
        Tensor
            [0.5, 3]

    Source: https://keras.io/api/ops/numpy/
    """
    if sparse:
        raise OptionError("bincount: sparse tensors are not supported; expected sparse=False.")
    weights = tensor(weights)
    largest = ops.max(x).item() if x.size else -1
    if isinstance(largest, complex) or not 0 <= largest + 1 <= MAX_ELEMENTS:
        raise RangeError(f"bincount: expected whole numbers from 0, received {largest}.")
    length = max(int(largest) + 1, int(minlength or 0))
    hits = ops.equal(ops.expand_dims(ops.cast(x, "int32"), -1), ops.range(0, length, 1, "int32"))
    if weights is None:
        return ops.sum(ops.cast(hits, "int32"), -2)
    weights = ops.cast(weights, common(x, weights))
    return ops.sum(ops.where(hits, ops.expand_dims(weights, -1), ops.cast(0, weights.dtype)), -2)


@numpy.op()
def histogram(x: Tensor, bins: Any = 10, range: Sequence[float] | None = None) -> tuple[Tensor, Tensor]:
    """Returns how many elements are in each of some bins of equal width (or between given edges), and the edges.

    Raises:
        ArgumentError: `bins` is None.
        OptionError: `range` is not two numbers.

    Example:
        >>> from tfjs_pyo import keras
        >>> counts, edges = keras.ops.histogram([1, 2, 2, 5], bins=2)
        >>> counts.tolist(), edges.tolist()
        ([3, 1], [1.0, 3.0, 5.0])

    Source: https://keras.io/api/ops/numpy/
    """
    x = ops.reshape(as_float(x), [-1])
    if bins is None:
        raise ArgumentError("histogram: expected `bins` to be a number or edges, received None.")
    if isinstance(bins, int):
        if range is not None and len(range) != 2:
            raise OptionError(f"histogram: expected `range` to be two numbers, received {range}.")
        low, high = range if range is not None else (ops.min(x).item(), ops.max(x).item())
        if low == high:
            low, high = low - 0.5, high + 0.5
        edges = spaced(float(low), float(high), bins + 1, True, 0)[0]
    else:
        edges = as_float(tensor(bins))
    count = edges.size - 1
    place = ops.sum(ops.cast(ops.expand_dims(x, -1) >= edges, "int32"), -1) - 1
    place = ops.where(ops.equal(x, edges[-1]), count - 1, place)
    hits = ops.equal(ops.expand_dims(place, -1), ops.range(0, count, 1, "int32"))
    return ops.sum(ops.cast(hits, "int32"), 0), edges


__all__ = ["math_group", "numpy", "order", "sorted_along", "take_last"]
