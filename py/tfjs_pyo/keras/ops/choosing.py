"""`keras.ops`: what takes elements by index or by condition, and puts them elsewhere."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError
from tfjs_pyo.keras.ops.declare import Group, alike, as_number, common, tensor
from tfjs_pyo.keras.ops.sorting import nonzero
from tfjs_pyo.shapes import broadcast, normalize_axis
from tfjs_pyo.types import Result, TensorLike

numpy = Group()
core = Group()
math_group = Group()


@numpy.op(3)
def where(condition: Tensor, x1: TensorLike = None, x2: TensorLike = None) -> Result:
    """Returns x1 where the condition holds and x2 elsewhere; with the condition alone, where it holds.

    Raises:
        OptionError: only one of x1 and x2 is given.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.where([True, False, True], [1, 2, 3], 0)
        Tensor
            [1, 0, 3]

    Source: https://keras.io/api/ops/numpy/
    """
    if (x1 is None) != (x2 is None):
        raise OptionError("where: expected both `x1` and `x2`, or neither, received one of them.")
    if x1 is None:
        return nonzero(condition)
    return ops.where(ops.cast(condition, "bool"), *alike(x1, x2))


@numpy.op(0)
def select(condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0) -> Tensor:
    """Returns, for each element, the choice of the first condition that holds.

    Raises:
        OptionError: there are not as many choices as conditions.
        ArgumentError: None among the conditions, the choices or as default.

    Example:
        >>> from tfjs_pyo import keras
        >>> x = keras.ops.array([1, 5, 9])
        >>> keras.ops.select([x < 3, x > 7], [x * 10, x * 100], default=-1)
        Tensor
            [10, -1, 900]

    Source: https://keras.io/api/ops/numpy/
    """
    if len(condlist) != len(choicelist):
        raise OptionError(
            f"select: expected as many choices as conditions, received {len(choicelist)} and {len(condlist)}."
        )
    if default is None or any(each is None for each in (*condlist, *choicelist)):
        raise ArgumentError("select: expected tensors as conditions, choices and default, received None.")
    *choices, found = alike(*choicelist, default)
    for condition, choice in zip(reversed(condlist), reversed(choices), strict=True):
        found = where(condition, choice, found)
    return found


@numpy.op()
def get_item(x: Tensor, key: Any) -> Tensor:
    """Returns `x[key]`.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.get_item([[1, 2, 3], [4, 5, 6]], (1, slice(0, 2)))
        Tensor
            [4, 5]

    Source: https://keras.io/api/ops/numpy/
    """
    return x[key]


def from_the_end(indices: Tensor, length: int) -> Tensor:
    """Returns int32 indices with those below 0 counted from the end."""
    indices = ops.cast(indices, "int32")
    return ops.where(indices < 0, indices + length, indices)


@numpy.op(2)
def take(x: Tensor, indices: Tensor, axis: int | None = None) -> Tensor:
    """Returns elements, or slices along an axis, by their indices.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.take([10, 20, 30], [2, 0])
        Tensor
            [30, 10]
        >>> keras.ops.take([[1, 2, 3], [4, 5, 6]], [-1], axis=1)
        Tensor
            [[3],
             [6]]

    Source: https://keras.io/api/ops/numpy/
    """
    if axis is None:
        x, axis = ops.reshape(x, [-1]), 0
    at = normalize_axis("take", axis, x.rank)
    return ops.gather(x, from_the_end(indices, x.shape[at]), at)


@numpy.op(2)
def take_along_axis(x: Tensor, indices: Tensor, axis: int | None = None) -> Tensor:
    """Returns one element of an axis for each index; the other axes of both are broadcast.

    Raises:
        ShapeError: indices of another rank than x, or shapes that cannot be broadcast together.

    Example:
        >>> from tfjs_pyo import keras
        >>> x = keras.ops.array([[10, 30, 20], [60, 40, 50]])
        >>> keras.ops.take_along_axis(x, keras.ops.argsort(x, axis=1), axis=1)
        Tensor
            [[10, 20, 30],
             [40, 50, 60]]

    Source: https://keras.io/api/ops/numpy/
    """
    if axis is None:
        x, indices, axis = ops.reshape(x, [-1]), ops.reshape(indices, [-1]), 0
    if x.rank != indices.rank:
        raise ShapeError(
            f"take_along_axis: expected indices of rank {x.rank}, received shape {indices.shape} for {x.shape}."
        )
    at = normalize_axis("take_along_axis", axis, x.rank)
    others = broadcast(
        "take_along_axis",
        *(tuple(1 if i == at else dim for i, dim in enumerate(each.shape)) for each in (x, indices)),
    )
    length, count = x.shape[at], indices.shape[at]
    x = ops.broadcast_to(x, [length if i == at else dim for i, dim in enumerate(others)])
    shape = [count if i == at else dim for i, dim in enumerate(others)]
    flat = ops.broadcast_to(from_the_end(indices, length), shape)
    stride = 1
    place: Any = flat * math.prod(x.shape[at + 1 :])
    for i in range(x.rank - 1, -1, -1):
        if i != at:
            steps = ops.reshape(
                ops.range(0, shape[i], 1, "int32"), [-1 if j == i else 1 for j in range(x.rank)]
            )
            place = place + steps * stride
        stride *= x.shape[i]
    return ops.gather(ops.reshape(x, [-1]), place)


@core.op(2)
def scatter(indices: Tensor, values: Tensor, shape: Sequence[int]) -> Tensor:
    """Returns zeros with values added at indices.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.scatter([[1], [3], [3]], [10, 20, 5], [5])
        Tensor
            [0, 10, 0, 25, 0]

    Source: https://keras.io/api/ops/core/
    """
    return ops.scatter_nd(ops.cast(indices, "int32"), values, [int(dim) for dim in shape])


_REDUCTIONS: dict[str, tuple[Callable[..., Tensor], Callable[..., Tensor], float]] = {
    "max": (ops.max, ops.maximum, float("-inf")),
    "min": (ops.min, ops.minimum, float("inf")),
    "mul": (ops.prod, ops.mul, 1.0),
}


@core.op(3)
def scatter_update(inputs: Tensor, indices: Tensor, updates: Tensor, reduction: str | None = None) -> Tensor:
    """Returns `inputs` with updates at indices, in the place of what was there or, by `reduction`, together with it.

    Args:
        inputs: numbers.
        indices: int32 of shape [..., depth].
        updates: numbers.
        reduction: None, 'add', 'max', 'min' or 'mul'.

    Raises:
        OptionError: another reduction.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.scatter_update([1, 1, 1], [[0], [2]], [5, 7])
        Tensor
            [5, 1, 7]
        >>> keras.ops.scatter_update([1, 1, 1], [[0], [2]], [5, 7], reduction="add")
        Tensor
            [6, 1, 8]

    Source: https://keras.io/api/ops/core/
    """
    indices, updates = ops.cast(indices, "int32"), ops.cast(updates, inputs.dtype)
    if reduction is None:
        return ops.tensor_scatter_update(inputs, indices, updates)
    if reduction == "add":
        return inputs + ops.scatter_nd(indices, updates, inputs.shape)
    if reduction not in _REDUCTIONS:
        raise OptionError(
            f"scatter_update: expected `reduction` to be None, 'add', 'max', 'min' or 'mul', received {reduction!r}."
        )
    depth = indices.shape[-1]
    count = math.prod(inputs.shape[:depth])
    flat: Any = ops.scalar(0, "int32")
    for axis in range(depth):
        flat = flat * inputs.shape[axis] + from_the_end(indices[..., axis], inputs.shape[axis])
    rows = ops.reshape(updates, [flat.size, -1])
    reduce, combine, neutral = _REDUCTIONS[reduction]
    found = _by_segment(reduce, neutral, rows, ops.reshape(flat, [-1]), count)
    return combine(inputs, ops.reshape(found, inputs.shape))


def _limit(neutral: float, dtype: str) -> Tensor:
    """Returns the element that changes no extreme, or product."""
    if dtype == "int32" and math.isinf(neutral):
        return ops.scalar(2**31 - 1 if neutral > 0 else -(2**31), "int32")
    return ops.cast(ops.scalar(neutral), dtype)


def _by_segment(
    reduce: Callable[..., Tensor], neutral: float, rows: Tensor, segments: Tensor, count: int
) -> Tensor:
    """Returns what rows of each segment are reduced to; those outside are left out. Fused, it stores no comparison."""
    hits = ops.equal(
        ops.reshape(segments, [-1, 1, 1]), ops.reshape(ops.range(0, count, 1, "int32"), [1, -1, 1])
    )
    chosen = ops.where(hits, ops.expand_dims(rows, 1), _limit(neutral, rows.dtype))
    return reduce(chosen, 0)


def _segments(name: str, data: Tensor, segment_ids: Tensor, num_segments: int | None) -> Tensor:
    data = as_number(data)
    segments = ops.cast(segment_ids, "int32")
    count = int(ops.max(segments).item()) + 1 if num_segments is None else num_segments
    if name == "sum":
        return ops.unsorted_segment_sum(data, segments, count)
    reduce, _, neutral = _REDUCTIONS["mul" if name == "prod" else name]
    rows = ops.reshape(data, [data.shape[0], -1])
    return ops.reshape(_by_segment(reduce, neutral, rows, segments, count), [count, *data.shape[1:]])


def _segment_function(name: str) -> Callable[..., Tensor]:
    return lambda data, ids, count, _sorted: _segments(name, data, ids, count)


math_group.same(
    "data, segment_ids, num_segments: int | None=None, sorted=False",
    {f"segment_{name}": _segment_function(name) for name in ("sum", "max", "min", "prod")},
    rank=1,
)


def _require_each_axis(owner: str, x: Tensor, starts: Sequence[int], shape: Sequence[int]) -> None:
    if not x.rank == len(starts) == len(shape):
        raise ShapeError(
            f"{owner}: expected a start and a length for each axis of {x.shape}, received {list(starts)} and {list(shape)}."
        )


@core.op()
def slice_(inputs: Tensor, start_indices: Sequence[int], shape: Sequence[int]) -> Tensor:
    """Returns a block of a shape; it is moved inside where it would reach beyond.

    Raises:
        ShapeError: not one start and one length for each axis.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.slice([[1, 2, 3], [4, 5, 6]], [0, 1], [2, 2])
        Tensor
            [[2, 3],
             [5, 6]]

    Source: https://keras.io/api/ops/core/
    """
    _require_each_axis("slice", inputs, start_indices, shape)
    sizes = [
        dim - start if size == -1 else size
        for size, dim, start in zip(shape, inputs.shape, start_indices, strict=True)
    ]
    begins = [
        max(0, min(start, dim - size))
        for start, dim, size in zip(start_indices, inputs.shape, sizes, strict=True)
    ]
    return ops.slice(inputs, begins, sizes)


@core.op()
def slice_update(inputs: Tensor, start_indices: Sequence[int], updates: TensorLike) -> Tensor:
    """Returns `inputs` with a block replaced.

    Raises:
        ArgumentError: `updates` is None.
        ShapeError: not one start for each axis, or updates that are larger than `inputs`.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.slice_update([0, 0, 0, 0], [1], [5, 6])
        Tensor
            [0, 5, 6, 0]

    Source: https://keras.io/api/ops/core/
    """
    if updates is None:
        raise ArgumentError("slice_update: expected `updates` to be a tensor, received None.")
    updates = ops.cast(tensor(updates), inputs.dtype)
    _require_each_axis("slice_update", inputs, start_indices, updates.shape)
    if any(size > dim for size, dim in zip(updates.shape, inputs.shape, strict=True)):
        raise ShapeError(
            f"slice_update: expected updates that fit into shape {inputs.shape}, received shape {updates.shape}."
        )
    inside: Any = None
    pads = []
    for axis, (start, size, dim) in enumerate(zip(start_indices, updates.shape, inputs.shape, strict=True)):
        begin = max(0, min(start, dim - size))
        pads.append([begin, dim - size - begin])
        place = ops.reshape(
            ops.range(0, dim, 1, "int32"), [-1 if i == axis else 1 for i in range(inputs.rank)]
        )
        here = ops.logical_and(place >= begin, place < begin + size)
        inside = here if inside is None else ops.logical_and(inside, here)
    if inside is None:
        return updates
    spread = ops.cast(ops.pad(as_number(updates), pads), inputs.dtype)
    return ops.where(inside, spread, inputs)


@numpy.op()
def unravel_index(indices: Tensor, shape: Sequence[int]) -> tuple[Tensor, ...]:
    """Returns the index along each axis for indices among all elements.

    Example:
        >>> from tfjs_pyo import keras
        >>> rows, columns = keras.ops.unravel_index([1, 5], [2, 3])
        >>> rows.tolist(), columns.tolist()
        ([0, 1], [1, 2])

    Source: https://keras.io/api/ops/numpy/
    """
    flat = from_the_end(indices, math.prod(shape))
    found = []
    for dim in reversed(list(shape)):
        found.append(ops.mod(flat, int(dim)))
        flat = ops.floor_div(flat, int(dim))
    return tuple(reversed(found))


__all__ = ["common", "core", "from_the_end", "math_group", "numpy"]
