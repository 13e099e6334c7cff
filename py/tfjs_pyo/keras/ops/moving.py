"""`keras.ops`, NumPy-like functions that move elements: shapes, axes, joining, splitting, diagonals."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import ops, options
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.keras.ops.creating import number
from tfjs_pyo.keras.ops.declare import Group, alike, as_float, as_number, tensor
from tfjs_pyo.shapes import Dims, normalize_axes, normalize_axis
from tfjs_pyo.types import DTypeLike

numpy = Group()

Axes = int | Sequence[int] | None


def _sizes(shape: Dims) -> list[int]:
    return [shape] if isinstance(shape, int) else list(shape)


@numpy.op()
def reshape(x: Tensor, newshape: int | Sequence[int | None]) -> Tensor:
    """Returns the elements in another shape; one dimension may be -1. Source: https://keras.io/api/ops/numpy/"""
    dims = [newshape] if isinstance(newshape, int) else newshape
    return ops.reshape(x, [-1 if dim is None else dim for dim in dims])


@numpy.op()
def ravel(x: Tensor) -> Tensor:
    """Returns the elements as a vector. Source: https://keras.io/api/ops/numpy/"""
    return ops.reshape(x, [-1])


@numpy.op()
def broadcast_to(x: Tensor, shape: Dims) -> Tensor:
    """Returns x repeated along axes of length 1 and new ones. Source: https://keras.io/api/ops/numpy/"""
    return ops.broadcast_to(x, _sizes(shape))


@numpy.op()
def transpose(x: Tensor, axes: Sequence[int] | None = None) -> Tensor:
    """Returns x with its axes in another order; default: reversed. Source: https://keras.io/api/ops/numpy/"""
    return ops.transpose(
        x, None if axes is None else [normalize_axis("transpose", axis, x.rank) for axis in axes]
    )


@numpy.op()
def swapaxes(x: Tensor, axis1: int, axis2: int) -> Tensor:
    """Returns x with two axes swapped. Source: https://keras.io/api/ops/numpy/"""
    one, other = (normalize_axis("swapaxes", axis, x.rank) for axis in (axis1, axis2))
    perm = list(range(x.rank))
    perm[one], perm[other] = perm[other], perm[one]
    return ops.transpose(x, perm)


@numpy.op()
def moveaxis(x: Tensor, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """Returns x with axes at other places. Source: https://keras.io/api/ops/numpy/"""
    sources = [normalize_axis("moveaxis", axis, x.rank) for axis in _sizes(source)]
    places = [normalize_axis("moveaxis", axis, x.rank) for axis in _sizes(destination)]
    if len(sources) != len(places):
        raise ShapeError(f"moveaxis: expected as many places as axes, received {source} and {destination}.")
    perm = [axis for axis in range(x.rank) if axis not in sources]
    for place, axis in sorted(zip(places, sources, strict=True)):
        perm.insert(place, axis)
    return ops.transpose(x, perm)


@numpy.op()
def expand_dims(x: Tensor, axis: int | Sequence[int]) -> Tensor:
    """Returns x with new axes of length 1. Source: https://keras.io/api/ops/numpy/"""
    axes = _sizes(axis)
    rank = x.rank + len(axes)
    shape = list(x.shape)
    for place in sorted(normalize_axis("expand_dims", each, rank) for each in axes):
        shape.insert(place, 1)
    return ops.reshape(x, shape)


@numpy.op()
def squeeze(x: Tensor, axis: Axes = None) -> Tensor:
    """Returns x without axes of length 1. Source: https://keras.io/api/ops/numpy/"""
    return ops.squeeze(x, axis)


@numpy.op()
def flip(x: Tensor, axis: Axes = None) -> Tensor:
    """Returns x with axes reversed. Source: https://keras.io/api/ops/numpy/"""
    return ops.reverse(x, axis) if x.rank else x


numpy.same("x", {"flipud": lambda x: ops.reverse(x, 0), "fliplr": lambda x: ops.reverse(x, 1)})


@numpy.op()
def rot90(array: Tensor, k: int = 1, axes: Sequence[int] = (0, 1)) -> Tensor:
    """Returns x turned by right angles in the plane of two axes. Source: https://keras.io/api/ops/numpy/"""
    if array.rank < 2 or len(axes) != 2 or axes[0] % array.rank == axes[1] % array.rank:
        raise OptionError(f"rot90: expected two different axes of shape {array.shape}, received {axes}.")
    first, second = (axis % array.rank for axis in axes)
    perm = list(range(array.rank))
    perm[first], perm[second] = second, first
    turns = k % 4
    if turns == 2:
        return ops.reverse(array, [first, second])
    if turns == 1:
        return ops.transpose(ops.reverse(array, second), perm)
    return ops.reverse(ops.transpose(array, perm), second) if turns else array


@numpy.op()
def roll(x: Tensor, shift: int | Sequence[int], axis: Axes = None) -> Tensor:
    """Returns x with elements moved along axes; what leaves at the end comes back at the beginning.

    Source: https://keras.io/api/ops/numpy/
    """
    if axis is None:
        return ops.reshape(roll(ops.reshape(x, [-1]), sum(_sizes(shift)), 0), x.shape)
    axes, shifts = _sizes(axis), _sizes(shift)
    axes = axes * len(shifts) if len(axes) == 1 else axes
    for along, by in zip(axes, shifts * len(axes) if len(shifts) == 1 else shifts, strict=True):
        at = normalize_axis("roll", along, x.rank)
        length = x.shape[at]
        if length and by % length:
            head, tail = ops.split(x, [length - by % length, by % length], at)
            x = ops.concat([tail, head], at)
    return x


# Joining


def _joined(xs: Sequence[Any]) -> list[Tensor]:
    return alike(*xs)


@numpy.op(sequence=True)
def concatenate(xs: Sequence[Tensor], axis: int | None = 0) -> Tensor:
    """Returns tensors one after the other along an axis. Source: https://keras.io/api/ops/numpy/"""
    parts = _joined(xs)
    if axis is None:
        return ops.concat([ops.reshape(part, [-1]) for part in parts], 0)
    return ops.concat(parts, axis)


@numpy.op(sequence=True)
def stack(x: Sequence[Tensor], axis: int = 0) -> Tensor:
    """Returns tensors of one shape along a new axis. Source: https://keras.io/api/ops/numpy/"""
    return ops.stack(_joined(x), axis)


def _at_least(x: Tensor, rank: int) -> Tensor:
    shape = {(1, 0): [1], (2, 0): [1, 1], (2, 1): [1, -1], (3, 0): [1, 1, 1], (3, 1): [1, -1, 1]}.get(
        (rank, x.rank)
    )
    if shape is None and rank == 3 and x.rank == 2:
        shape = [*x.shape, 1]
    return x if shape is None else ops.reshape(x, shape)


@numpy.op(sequence=True)
def hstack(xs: Sequence[Tensor]) -> Tensor:
    """Returns tensors side by side. Source: https://keras.io/api/ops/numpy/"""
    parts = [_at_least(part, 1) for part in _joined(xs)]
    return ops.concat(parts, 0 if parts[0].rank == 1 else 1)


@numpy.op(sequence=True)
def vstack(xs: Sequence[Tensor]) -> Tensor:
    """Returns tensors as rows, one below the other. Source: https://keras.io/api/ops/numpy/"""
    return ops.concat([_at_least(part, 2) for part in _joined(xs)], 0)


@numpy.op(sequence=True)
def dstack(xs: Sequence[Tensor]) -> Tensor:
    """Returns tensors along a third axis. Source: https://keras.io/api/ops/numpy/"""
    return ops.concat([_at_least(part, 3) for part in _joined(xs)], 2)


@numpy.op(2)
def append(x1: Tensor, x2: Tensor, axis: int | None = None) -> Tensor:
    """Returns x1 followed by x2, as vectors unless there is an axis. Source: https://keras.io/api/ops/numpy/"""
    return concatenate([x1, x2], axis)


# Splitting


def _split(x: Tensor, sections: Dims, axis: int) -> list[Tensor]:
    """Returns equal parts, or those between indices."""
    at = normalize_axis("split", axis, x.rank)
    length = x.shape[at]
    if isinstance(sections, int):
        return list(ops.split(x, sections, at))
    places = [0, *(max(0, min(length, p + length if p < 0 else p)) for p in _sizes(sections)), length]
    return list(ops.split(x, [max(0, b - a) for a, b in itertools.pairwise(places)], at))


@numpy.op()
def split(x: Tensor, indices_or_sections: Dims, axis: int = 0) -> list[Tensor]:
    """Returns equal parts of x along an axis, or those between indices. Source: https://keras.io/api/ops/numpy/"""
    return _split(x, indices_or_sections, axis)


_MOST_PARTS = 2**16
"""More are a mistake, and each would be a tensor."""


@numpy.op()
def array_split(x: Tensor, indices_or_sections: Dims, axis: int = 0) -> list[Tensor]:
    """Returns parts of x whose lengths differ by at most 1. Source: https://keras.io/api/ops/numpy/"""
    if not isinstance(indices_or_sections, int):
        return _split(x, indices_or_sections, axis)
    at = normalize_axis("array_split", axis, x.rank)
    if not 1 <= indices_or_sections <= _MOST_PARTS:
        raise OptionError(f"array_split: expected 1 to {_MOST_PARTS} parts, received {indices_or_sections}.")
    size, more = divmod(x.shape[at], indices_or_sections)
    lengths = [size + (place < more) for place in range(indices_or_sections)]
    return list(ops.split(x, lengths, at))


@numpy.op()
def hsplit(x: Tensor, indices_or_sections: Dims) -> list[Tensor]:
    """Returns parts of x side by side. Source: https://keras.io/api/ops/numpy/"""
    return _split(x, indices_or_sections, 1 if x.rank > 1 else 0)


@numpy.op()
def vsplit(x: Tensor, indices_or_sections: Dims) -> list[Tensor]:
    """Returns parts of x one below the other. Source: https://keras.io/api/ops/numpy/"""
    return _split(x, indices_or_sections, 0)


@numpy.op()
def dsplit(x: Tensor, indices_or_sections: Dims) -> list[Tensor]:
    """Returns parts of x along the third axis. Source: https://keras.io/api/ops/numpy/"""
    return _split(x, indices_or_sections, 2)


# Repeating and padding


@numpy.op()
def tile(x: Tensor, repeats: Dims) -> Tensor:
    """Returns x repeated along each axis. Source: https://keras.io/api/ops/numpy/"""
    reps = _sizes(repeats)
    rank = max(len(reps), x.rank)
    x = ops.reshape(x, [*[1] * (rank - x.rank), *x.shape])
    return ops.tile(x, [*[1] * (rank - len(reps)), *reps])


@numpy.op()
def repeat(x: Tensor, repeats: Dims, axis: int | None = None) -> Tensor:
    """Returns x with each element repeated along an axis. Source: https://keras.io/api/ops/numpy/"""
    if axis is None:
        x, axis = ops.reshape(x, [-1]), 0
    at = normalize_axis("repeat", axis, x.rank)
    counts = _sizes(repeats)
    if len(counts) == 1:
        shape = [*x.shape[: at + 1], counts[0], *x.shape[at + 1 :]]
        wide = ops.broadcast_to(ops.expand_dims(x, at + 1), shape)
        return ops.reshape(wide, [*x.shape[:at], x.shape[at] * counts[0], *x.shape[at + 1 :]])
    if len(counts) != x.shape[at] or min(counts, default=0) < 0:
        raise OptionError(f"repeat: expected {x.shape[at]} counts from 0, or one, received {counts}.")
    places = [place for place, count in enumerate(counts) for _ in range(count)]
    return ops.gather(x, ops.tensor(places, [len(places)], "int32"), at)


_MODES = ("constant", "reflect", "symmetric", "edge", "wrap", "empty")


@numpy.op()
def pad(x: Tensor, pad_width: Any, mode: str = "constant", constant_values: Any = None) -> Tensor:
    """Returns x with elements around it.

    Args:
        x: numbers.
        pad_width: how many before and after: pairs for each axis, one pair, or a number for all.
        mode: 'constant', 'reflect', 'symmetric', 'edge' or 'wrap'.
        constant_values: what is put there; default: 0; for 'constant' only.

    Raises:
        OptionError: another mode, or a value where there is none to put.

    Source: https://keras.io/api/ops/numpy/
    """
    if mode not in _MODES or (constant_values is not None and mode != "constant"):
        raise OptionError(
            f"pad: expected `mode` to be one of {', '.join(_MODES)}, and `constant_values` with 'constant' only, received "
            f"{mode!r} and {constant_values!r}."
        )
    pairs = _pairs(pad_width, x.rank)
    if mode in ("constant", "empty"):
        value = 0 if constant_values is None else number("pad", "constant_values", constant_values)
        if x.dtype == "bool":
            return ops.cast(ops.pad(ops.cast(x, "int32"), pairs, int(bool(value))), "bool")
        return ops.pad(x, pairs, value)
    for axis, (before, after) in enumerate(pairs):
        if before or after:
            places = [_source(mode, place, x.shape[axis]) for place in range(-before, x.shape[axis] + after)]
            x = ops.gather(x, ops.tensor(places, [len(places)], "int32"), axis)
    return x


def _pairs(width: Any, rank: int) -> list[list[int]]:
    given = width.tolist() if isinstance(width, Tensor) or hasattr(width, "tolist") else width
    if (same := options.whole(given)) is not None:
        return [[same, same]] * rank
    if (pair := options.whole_items(given)) is not None and len(pair) == 2:
        return [list(pair)] * rank
    found = []
    for each in options.items(given) or [None]:
        pair = options.whole_items([each] * 2) or options.whole_items(each)
        if pair is None or len(pair) not in (1, 2):
            raise OptionError(
                f"pad: expected `pad_width` to be a number, a pair, or a pair for each axis, received {options.shown(width)}."
            )
        found.append([pair[0], pair[-1]])
    found = found * rank if len(found) == 1 else found
    if len(found) != rank:
        raise ShapeError(f"pad: expected a pair for each of {rank} axes, received {options.shown(width)}.")
    return found


def _source(mode: str, place: int, length: int) -> int:
    """Returns the element that is put at a place outside of an axis."""
    if mode == "edge":
        return min(max(place, 0), length - 1)
    if mode == "wrap":
        return place % length
    period = max(1, 2 * length - 2 if mode == "reflect" else 2 * length)
    place %= period
    return place if place < length else period - place - (mode == "symmetric")


# Diagonals


@numpy.op()
def diagonal(x: Tensor, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """Returns the diagonal of the matrices of two axes, as the last axis. Source: https://keras.io/api/ops/numpy/"""
    first, second = normalize_axes("diagonal", [axis1], x.rank) + normalize_axes("diagonal", [axis2], x.rank)
    others = [axis for axis in range(x.rank) if axis not in (first, second)]
    x = ops.transpose(x, [*others, first, second])
    rows, columns = x.shape[-2:]
    start = (-offset, 0) if offset < 0 else (0, offset)
    count = max(0, min(rows - start[0], columns - start[1]))
    places = [(start[0] + i) * columns + start[1] + i for i in range(count)]
    flat = ops.reshape(x, [*x.shape[:-2], rows * columns])
    return ops.gather(flat, ops.tensor(places, [count], "int32"), flat.rank - 1)


@numpy.op()
def trace(x: Tensor, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """Returns the sum of a diagonal. Source: https://keras.io/api/ops/numpy/"""
    return ops.sum(as_number(diagonal(x, offset, axis1, axis2)), -1)


@numpy.op()
def diagflat(x: Tensor, k: int = 0) -> Tensor:
    """Returns a matrix with the elements of x on a diagonal. Source: https://keras.io/api/ops/numpy/"""
    x = ops.reshape(x, [-1])
    size = x.size + abs(k)
    rows, columns = (ops.range(0, size, 1, "int32") for _ in range(2))
    on = ops.equal(ops.reshape(columns, [1, size]), ops.reshape(rows, [size, 1]) + int(k))
    column = ops.pad(x if x.dtype != "bool" else as_number(x), [[max(0, -k), max(0, k)]])
    found = ops.where(on, ops.reshape(column, [size, 1]), ops.cast(ops.scalar(0), column.dtype))
    return ops.cast(found, x.dtype)


@numpy.op()
def diag(x: Tensor, k: int = 0) -> Tensor:
    """Returns a matrix with a vector on a diagonal, or a diagonal of a matrix. Source: https://keras.io/api/ops/numpy/"""
    if x.rank not in (1, 2):
        raise ShapeError(f"diag: expected a vector or a matrix, received shape {x.shape}.")
    return diagflat(x, k) if x.rank == 1 else diagonal(x, k)


@numpy.op()
def view(x: Tensor, dtype: DTypeLike | None = None) -> Tensor:
    """Refuses to read bytes as another dtype: a GPU's textures hold numbers, not bytes. Source: https://keras.io/api/ops/numpy/"""
    if dtype is None:
        return x
    raise OptionError(
        "view: bytes of tensors cannot be read as another dtype here; use x.numpy().view(dtype)."
    )


def column(values: Any) -> Tensor:
    """Returns values as a float32 vector."""
    return ops.reshape(as_float(tensor(values)), [-1])


Split = Callable[..., list[Tensor]]

__all__ = ["column", "numpy"]
