"""`keras.ops`, NumPy-like functions that make tensors: filled ones, ranges, windows, grids."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from tfjs_pyo import ops, options
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtype_names import stored
from tfjs_pyo.errors import OptionError
from tfjs_pyo.keras.ops.declare import Group, alike, as_float, as_number, tensor
from tfjs_pyo.ops import numeric
from tfjs_pyo.shapes import MAX_ELEMENTS
from tfjs_pyo.types import DTypeLike, TensorLike

numpy = Group()

Shape = Sequence[int] | int


def _shape(shape: Shape) -> list[int]:
    return [shape] if isinstance(shape, int) else list(shape)


@numpy.plain
def zeros(shape: Shape, dtype: DTypeLike | None = None) -> Tensor:
    """Returns zeros.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.zeros([2, 3])
        Tensor
            [[0, 0, 0],
             [0, 0, 0]]

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.zeros(_shape(shape), stored(dtype))


@numpy.plain
def ones(shape: Shape, dtype: DTypeLike | None = None) -> Tensor:
    """Returns ones.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.ones([2, 3])
        Tensor
            [[1, 1, 1],
             [1, 1, 1]]

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.ones(_shape(shape), stored(dtype))


@numpy.plain
def empty(shape: Shape, dtype: DTypeLike | None = None) -> Tensor:
    """Returns a tensor whose elements say nothing: zeros here.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.empty([2, 3]).shape
        (2, 3)

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.zeros(_shape(shape), stored(dtype))


@numpy.op(0)
def full(shape: Shape, fill_value: TensorLike, dtype: DTypeLike | None = None) -> Tensor:
    """Returns a tensor filled with a value, float32 by default.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.full([2, 2], 7)
        Tensor
            [[7, 7],
             [7, 7]]

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.broadcast_to(ops.cast(tensor(fill_value), stored(dtype)), _shape(shape))


def _like(x: Tensor, value: Any, dtype: Any) -> Tensor:
    kind = x.dtype if dtype is None else stored(dtype)
    return ops.broadcast_to(ops.cast(tensor(value), kind), x.shape)


@numpy.op()
def zeros_like(x: Tensor, dtype: DTypeLike | None = None) -> Tensor:
    """Returns zeros of x's shape.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.zeros_like([[1.0, 2.0], [3.0, 4.0]])
        Tensor
            [[0, 0],
             [0, 0]]

    Source: https://keras.io/api/ops/numpy/
    """
    return _like(x, 0, dtype)


@numpy.op()
def empty_like(x: Tensor, dtype: DTypeLike | None = None) -> Tensor:
    """Returns a tensor of x's shape whose elements say nothing: zeros here.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.empty_like([[1.0, 2.0], [3.0, 4.0]]).shape
        (2, 2)

    Source: https://keras.io/api/ops/numpy/
    """
    return _like(x, 0, dtype)


@numpy.op()
def ones_like(x: Tensor, dtype: DTypeLike | None = None) -> Tensor:
    """Returns ones of x's shape.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.ones_like([[1.0, 2.0], [3.0, 4.0]])
        Tensor
            [[1, 1],
             [1, 1]]

    Source: https://keras.io/api/ops/numpy/
    """
    return _like(x, 1, dtype)


@numpy.op()
def full_like(x: Tensor, fill_value: TensorLike, dtype: DTypeLike | None = None) -> Tensor:
    """Returns a tensor of x's shape filled with a value.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.full_like([[1, 2], [3, 4]], 7)
        Tensor
            [[7, 7],
             [7, 7]]

    Source: https://keras.io/api/ops/numpy/
    """
    return _like(x, fill_value, dtype)


def number(owner: str, name: str, value: Any) -> int | float:
    """Returns a number that may come as a tensor of one element.

    Raises:
        OptionError: it is none.
    """
    one = hasattr(value, "item") and getattr(value, "size", 0) == 1
    given = value.item() if one else value
    whole = options.whole(given)
    found = options.real(given) if whole is None else whole
    if found is None:
        raise OptionError(f"{owner}: expected `{name}` to be a number, received {options.shown(value)}.")
    return found


@numpy.plain
def arange(start: Any, stop: Any = None, step: Any = None, dtype: DTypeLike | None = None) -> Tensor:
    """Returns evenly spaced numbers, int32 unless one of the arguments is fractional or `dtype` says otherwise.

    Raises:
        OptionError: no finite numbers, a step of 0, or more elements than there can be.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.arange(2, 10, 3)
        Tensor
            [2, 5, 8]
        >>> keras.ops.arange(0, 1, 0.25)
        Tensor
            [0, 0.25, 0.5, 0.75]

    Source: https://keras.io/api/ops/numpy/
    """
    names = ("start", "stop", "step")
    start, stop, step = (
        None if each is None else number("arange", name, each)
        for name, each in zip(names, (start, stop, step), strict=True)
    )
    if start is None or step == 0:
        raise OptionError(
            f"arange: expected a number to begin with and a step other than 0, received {start} and {step}."
        )
    start, stop = (0, start) if stop is None else (start, stop)
    step = 1 if step is None else step
    whole = all(isinstance(each, int) for each in (start, stop, step))
    kind = stored(dtype) if dtype is not None else ("int32" if whole else "float32")
    length = (stop - start) / step
    if not math.isfinite(length) or length > MAX_ELEMENTS:
        raise OptionError(
            f"arange: expected finite numbers, and at most {MAX_ELEMENTS} elements, received {start}, {stop} and {step}."
        )
    count = max(0, math.ceil(length))
    if whole:
        places = ops.range(0, count, 1, "int32") * int(step) + int(start)
        return ops.cast(places, kind)
    return ops.cast(ops.range(0, count, 1, "float32") * float(step) + float(start), kind)


def spaced(start: Any, stop: Any, num: int, endpoint: bool, axis: int) -> tuple[Tensor, Tensor]:
    """Returns `num` numbers from start to stop along an axis, and their distance."""
    start, stop = (as_float(each) for each in alike(start, stop))
    step = (stop - start) / float(max(num - 1 if endpoint else num, 1))
    places = ops.range(0, num, 1, "float32")
    shape = [num, *[1] * max(start.rank, stop.rank)]
    column = ops.reshape(places, shape)
    values = start + column * step
    if endpoint and num > 1:
        values = ops.where(ops.equal(column, float(num - 1)), stop, values)
    return _moved(values, axis), step


def _moved(values: Tensor, axis: int) -> Tensor:
    """Returns values with the first axis at another place."""
    at = axis % values.rank
    rest = list(range(1, values.rank))
    return ops.transpose(values, [*rest[:at], 0, *rest[at:]]) if at else values


@numpy.op(2)
def linspace(
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: DTypeLike | None = None,
    axis: int = 0,
) -> Any:
    """Returns evenly spaced numbers from start to stop.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.linspace(0.0, 1.0, 5)
        Tensor
            [0, 0.25, 0.5, 0.75, 1]

    Source: https://keras.io/api/ops/numpy/
    """
    values, step = spaced(start, stop, num, endpoint, axis)
    values = ops.cast(values, stored(dtype))
    return (values, step) if retstep else values


@numpy.op(2)
def logspace(
    start: Any,
    stop: Any,
    num: int = 50,
    endpoint: bool = True,
    base: float = 10,
    dtype: DTypeLike | None = None,
    axis: int = 0,
) -> Tensor:
    """Returns powers of a base whose exponents are evenly spaced.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.logspace(0.0, 3.0, 4, base=2)
        Tensor
            [1, 2, 4, 8]

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.cast(ops.pow(float(base), spaced(start, stop, num, endpoint, axis)[0]), stored(dtype))


@numpy.op(2)
def geomspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, dtype: DTypeLike | None = None, axis: int = 0
) -> Tensor:
    """Returns numbers from start to stop, each the same multiple of the one before.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.geomspace(1.0, 8.0, 4)
        Tensor
            [1, 2, 4, 8]

    Source: https://keras.io/api/ops/numpy/
    """
    start, stop = (as_float(each) for each in alike(start, stop))
    exponents = spaced(numeric.log2(ops.abs(start)), numeric.log2(ops.abs(stop)), num, endpoint, axis)[0]
    return ops.cast(ops.sign(start) * ops.pow(2.0, exponents), stored(dtype))


@numpy.plain
def eye(N: int, M: int | None = None, k: int = 0, dtype: DTypeLike | None = None) -> Tensor:  # noqa: N803 (Keras's names)
    """Returns ones on a diagonal, zeros elsewhere.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.eye(2, 3)
        Tensor
            [[1, 0, 0],
             [0, 1, 0]]

    Source: https://keras.io/api/ops/numpy/
    """
    rows, columns = _grid(N, M)
    return ops.cast(ops.equal(columns, rows + k), stored(dtype))


@numpy.plain
def identity(n: int, dtype: DTypeLike | None = None) -> Tensor:
    """Returns the n x n matrix with ones on the diagonal.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.identity(2)
        Tensor
            [[1, 0],
             [0, 1]]

    Source: https://keras.io/api/ops/numpy/
    """
    return eye(n, dtype=dtype)


@numpy.plain
def tri(N: int, M: int | None = None, k: int = 0, dtype: DTypeLike | None = None) -> Tensor:  # noqa: N803 (Keras's names)
    """Returns ones on and below a diagonal, zeros above.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.tri(3)
        Tensor
            [[1, 0, 0],
             [1, 1, 0],
             [1, 1, 1]]

    Source: https://keras.io/api/ops/numpy/
    """
    rows, columns = _grid(N, M)
    return ops.cast(columns <= rows + k, stored(dtype))


def _grid(rows: int, columns: int | None) -> tuple[Tensor, Tensor]:
    """Returns the row and the column of each element of a matrix."""
    n, m = rows, rows if columns is None else columns
    return ops.reshape(ops.range(0, n, 1, "int32"), [n, 1]), ops.reshape(ops.range(0, m, 1, "int32"), [1, m])


def _triangle(x: Tensor, k: int, lower: bool) -> Tensor:
    rows, columns = _grid(*x.shape[-2:])
    keep = columns <= rows + k if lower else columns >= rows + k
    return ops.where(keep, x, ops.cast(ops.scalar(0), x.dtype))


numpy.same(
    "x, k=0",
    {"tril": lambda x, k: _triangle(x, k, True), "triu": lambda x, k: _triangle(x, k, False)},
    rank=2,
)


@numpy.op(0)
def meshgrid(*x: Any, indexing: str = "xy") -> list[Tensor]:
    """Returns a coordinate of each point of a grid for each of some vectors.

    Raises:
        OptionError: `indexing` is neither 'xy' nor 'ij'.

    Example:
        >>> from tfjs_pyo import keras
        >>> columns, rows = keras.ops.meshgrid([1, 2, 3], [10, 20])
        >>> columns
        Tensor
            [[1, 2, 3],
             [1, 2, 3]]
        >>> rows
        Tensor
            [[10, 10, 10],
             [20, 20, 20]]

    Source: https://keras.io/api/ops/numpy/
    """
    if indexing not in ("xy", "ij"):
        raise OptionError(f"meshgrid: expected `indexing` to be 'xy' or 'ij', received {indexing!r}.")
    vectors = [ops.reshape(tensor(each), [-1]) for each in x]
    places = list(range(len(vectors)))
    if indexing == "xy" and len(places) > 1:
        places[:2] = [1, 0]
    shape = [0] * len(vectors)
    for place, vector in zip(places, vectors, strict=True):
        shape[place] = vector.size
    return [
        ops.broadcast_to(ops.reshape(v, [-1 if at == place else 1 for at in range(len(shape))]), shape)
        for place, v in zip(places, vectors, strict=True)
    ]


@numpy.op()
def vander(x: Tensor, N: int | None = None, increasing: bool = False) -> Tensor:  # noqa: N803 (Keras's name)
    """Returns the powers of each element of a vector, one a column.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.vander([1, 2, 3])
        Tensor
            [[1, 1, 1],
             [4, 2, 1],
             [9, 3, 1]]

    Source: https://keras.io/api/ops/numpy/
    """
    x = as_number(x)
    columns = x.size if N is None else N
    powers = ops.range(0, columns, 1, "int32")
    powers = powers if increasing else (columns - 1) - powers
    return ops.pow(ops.expand_dims(x, -1), ops.cast(powers, x.dtype))


# Windows


def _window(owner: str, x: Any, values: Any) -> Tensor:
    """Returns a window of so many points; `values(n, last)` gives them for the places."""
    length = number(owner, "x", x)
    if not math.isfinite(length):
        raise OptionError(f"{owner}: expected `x` to be a number of points, received {length}.")
    count = int(length)
    if count == 1:
        return ops.ones([1])
    return values(ops.range(0, count, 1, "float32"), float(count - 1)) if count > 0 else ops.zeros([0])


def _cosines(*weights: float) -> Any:
    def values(n: Tensor, last: float) -> Tensor:
        total = ops.zeros_like(n)
        for order, weight in enumerate(weights):
            total = total + (-1) ** order * weight * ops.cos(n * (2 * math.pi * order / last))
        return total

    return values


numpy.same(
    "x",
    {
        "hamming": lambda x: _window("hamming", x, _cosines(0.54, 0.46)),
        "hanning": lambda x: _window("hanning", x, _cosines(0.5, 0.5)),
        "blackman": lambda x: _window("blackman", x, _cosines(0.42, 0.5, 0.08)),
        "bartlett": lambda x: _window("bartlett", x, lambda n, last: 1.0 - ops.abs(n * (2 / last) - 1.0)),
    },
)


@numpy.op()
def kaiser(x: Tensor, beta: Any) -> Tensor:
    """Returns Kaiser's window of x points.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.kaiser(5, 0.0)
        Tensor
            [1, 1, 1, 1, 1]
        >>> keras.ops.kaiser(5, 14.0).numpy().round(3)
        array([0.   , 0.165, 1.   , 0.165, 0.   ], dtype=float32)

    Source: https://keras.io/api/ops/numpy/
    """
    shape = float(number("kaiser", "beta", beta))

    def values(n: Tensor, last: float) -> Tensor:
        place = n * (2 / last) - 1.0
        root = ops.sqrt(ops.maximum(1.0 - ops.square(place), 0.0))
        return numeric.bessel_i0(shape * root) / numeric.bessel_i0(shape)

    return _window("kaiser", x, values)


__all__ = ["numpy"]
