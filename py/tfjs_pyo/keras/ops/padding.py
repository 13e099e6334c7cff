"""`keras.ops`, NumPy-like functions that repeat elements, put others around them, and take or make diagonals."""

from __future__ import annotations

from typing import Any

from tfjs_pyo import ops, options
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.keras.ops.creating import number
from tfjs_pyo.keras.ops.declare import Group, as_number
from tfjs_pyo.keras.ops.moving import sizes
from tfjs_pyo.shapes import Dims, normalize_axes, normalize_axis
from tfjs_pyo.types import DTypeLike

numpy = Group()


@numpy.op()
def tile(x: Tensor, repeats: Dims) -> Tensor:
    """Returns x repeated along each axis.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.tile([[1, 2]], [2, 2])
        Tensor
            [[1, 2, 1, 2],
             [1, 2, 1, 2]]

    Source: https://keras.io/api/ops/numpy/
    """
    reps = sizes(repeats)
    rank = max(len(reps), x.rank)
    x = ops.reshape(x, [*[1] * (rank - x.rank), *x.shape])
    return ops.tile(x, [*[1] * (rank - len(reps)), *reps])


@numpy.op()
def repeat(x: Tensor, repeats: Dims, axis: int | None = None) -> Tensor:
    """Returns x with each element repeated along an axis.

    Raises:
        OptionError: `repeats` is neither one number nor one for each element, or has a negative one.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.repeat([1, 2, 3], 2)
        Tensor
            [1, 1, 2, 2, 3, 3]
        >>> keras.ops.repeat([1, 2, 3], [1, 0, 2])
        Tensor
            [1, 3, 3]

    Source: https://keras.io/api/ops/numpy/
    """
    if axis is None:
        x, axis = ops.reshape(x, [-1]), 0
    at = normalize_axis("repeat", axis, x.rank)
    counts = sizes(repeats)
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

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.pad([[1, 2]], [[1, 0], [0, 1]])
        Tensor
            [[0, 0, 0],
             [1, 2, 0]]
        >>> keras.ops.pad([1, 2, 3], 2, mode="reflect")
        Tensor
            [3, 2, 1, 2, 3, 2, 1]

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
    """Returns the diagonal of the matrices of two axes, as the last axis.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.diagonal([[1, 2, 3], [4, 5, 6]])
        Tensor
            [1, 5]

    Source: https://keras.io/api/ops/numpy/
    """
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
    """Returns the sum of a diagonal.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.trace([[1, 2], [3, 4]])
        Tensor
            5

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.sum(as_number(diagonal(x, offset, axis1, axis2)), -1)


@numpy.op()
def diagflat(x: Tensor, k: int = 0) -> Tensor:
    """Returns a matrix with the elements of x on a diagonal.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.diagflat([[1, 2]], k=1)
        Tensor
            [[0, 1, 0],
             [0, 0, 2],
             [0, 0, 0]]

    Source: https://keras.io/api/ops/numpy/
    """
    x = ops.reshape(x, [-1])
    size = x.size + abs(k)
    rows, columns = (ops.range(0, size, 1, "int32") for _ in range(2))
    on = ops.equal(ops.reshape(columns, [1, size]), ops.reshape(rows, [size, 1]) + int(k))
    column = ops.pad(x if x.dtype != "bool" else as_number(x), [[max(0, -k), max(0, k)]])
    found = ops.where(on, ops.reshape(column, [size, 1]), ops.cast(ops.scalar(0), column.dtype))
    return ops.cast(found, x.dtype)


@numpy.op()
def diag(x: Tensor, k: int = 0) -> Tensor:
    """Returns a matrix with a vector on a diagonal, or a diagonal of a matrix.

    Raises:
        ShapeError: x is neither a vector nor a matrix.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.diag([1, 2])
        Tensor
            [[1, 0],
             [0, 2]]
        >>> keras.ops.diag([[1, 2], [3, 4]])
        Tensor
            [1, 4]

    Source: https://keras.io/api/ops/numpy/
    """
    if x.rank not in (1, 2):
        raise ShapeError(f"diag: expected a vector or a matrix, received shape {x.shape}.")
    return diagflat(x, k) if x.rank == 1 else diagonal(x, k)


@numpy.op()
def view(x: Tensor, dtype: DTypeLike | None = None) -> Tensor:
    """Returns x as it is where no dtype is given; bytes cannot be read as another one: a GPU's textures hold numbers.

    Raises:
        OptionError: a dtype is given.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.view([1, 2])
        Tensor
            [1, 2]
        >>> keras.ops.array([1.0]).numpy().view("int32")
        array([1065353216], dtype=int32)

    Source: https://keras.io/api/ops/numpy/
    """
    if dtype is None:
        return x
    raise OptionError(
        "view: bytes of tensors cannot be read as another dtype here; use x.numpy().view(dtype)."
    )


__all__ = ["numpy"]
