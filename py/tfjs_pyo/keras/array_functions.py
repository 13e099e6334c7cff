"""The functions of `array_api.py`.

Most are functions of `keras.ops` under the standard's names; those that it wants otherwise stand here.

Source: https://data-apis.org/array-api/2023.12/
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

from tfjs_pyo import ops
from tfjs_pyo.core import engine
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtypes import promote
from tfjs_pyo.errors import ArgumentError, DTypeError, NameNotFoundError, OptionError, ShapeError
from tfjs_pyo.keras.ops import linalg as keras_linalg
from tfjs_pyo.keras.ops import numpy as keras_numpy
from tfjs_pyo.keras.ops.declare import as_number, tensor
from tfjs_pyo.options import shown
from tfjs_pyo.rules import checked
from tfjs_pyo.shapes import normalize_axis
from tfjs_pyo.types import DTypeLike, TensorLike

VERSIONS = ("2021.12", "2022.12", "2023.12")
DTYPES = ("bool", "int32", "float32", "complex64")
ABSENT = {
    **dict.fromkeys(("int8", "int16", "int64", "uint8", "uint16", "uint32", "uint64"), "int32 is the type of integers"),
    **dict.fromkeys(("float64", "complex128"), "float32 and complex64 are what WebGL2 computes with"),
    "fft": "the extension is optional: tf.signal and tf.spectral have Fourier transforms",
}  # fmt: skip
"""Names of the standard that are not here, each with its reason."""
BRIDGED = [
    "abs", "acos", "acosh", "add", "all", "any", "argmax", "argmin", "asin", "asinh", "atan", "atan2", "atanh",
    "bitwise_and", "bitwise_invert", "bitwise_left_shift", "bitwise_or", "bitwise_right_shift", "bitwise_xor",
    "broadcast_to", "concat", "conj", "cos", "cosh", "divide", "equal", "exp", "expm1", "flip", "floor_divide",
    "greater", "greater_equal", "hypot", "imag", "isfinite", "isinf", "isnan", "less", "less_equal", "log", "log10",
    "log1p", "log2", "logaddexp", "logical_and", "logical_not", "logical_or", "logical_xor", "matmul", "max",
    "maximum", "mean", "min", "minimum", "moveaxis", "multiply", "negative", "nonzero", "not_equal", "permute_dims",
    "pow", "real", "remainder", "repeat", "roll", "round", "sign", "signbit", "sin", "sinh", "sqrt", "square",
    "squeeze", "stack", "subtract", "take", "tan", "tanh", "tensordot", "tile", "tril", "triu", "trunc",
]  # fmt: skip
_CALLED = {"concat": "concatenate", "permute_dims": "transpose", "pow": "power", "remainder": "mod"}
"""What NumPy called functions before the standard named them."""

_own: dict[str, Callable[..., Any]] = {}


def entered(table: dict[str, Callable[..., Any]]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Returns a decorator that enters functions, whose arguments are what annotations say."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        table[function.__name__.rstrip("_")] = made = checked(function)
        return made

    return decorate


def keras_function(name: str) -> Callable[..., Any]:
    """Returns the function of keras.ops that has a name of the standard, or the one that NumPy had before."""
    inverse = f"arc{name[1:]}"
    for key in (_CALLED.get(name, name), inverse):
        found = keras_numpy.FUNCTIONS.get(key) or keras_linalg.FUNCTIONS.get(key)
        if found is not None:
            return found
    raise NameNotFoundError(f"keras.ops has no function for the array API's {name!r}.")


def _cast(x: Any, dtype: DTypeLike | None) -> Any:
    return x if dtype is None else ops.cast(x, _dtype("astype", dtype))


def _dtype(owner: str, dtype: Any) -> str:
    """Returns a dtype of this namespace, given by its name or as NumPy's."""
    name = getattr(dtype, "name", None) or getattr(dtype, "__name__", dtype)
    if name not in DTYPES:
        raise OptionError(
            f"{owner}: expected one of the dtypes {', '.join(DTYPES)}, received {shown(dtype)}."
        )
    return str(name)


def _on_device(owner: str, device: Any) -> None:
    if device is not None and device != engine.backend_name():
        raise OptionError(
            f"{owner}: expected `device` to be {engine.backend_name()!r} or None, received {shown(device)}."
        )


# Making tensors


@entered(_own)
def asarray(
    obj: Any, *, dtype: DTypeLike | None = None, device: Any = None, copy: bool | None = None
) -> Tensor:
    """Returns a tensor of numbers, lists, arrays or what hands out its memory by DLPack."""
    _on_device("asarray", device)
    if obj is None:
        raise ArgumentError("asarray: expected a tensor, array or numbers, received None.")
    if copy is False and not (isinstance(obj, Tensor) and dtype in (None, obj.dtype)):
        raise OptionError("asarray: expected a copy to be allowed, received copy=False.")
    made = ops.from_dlpack(obj) if _hands_out(obj) else tensor(obj)
    found: Tensor = _cast(made, dtype)
    return ops.clone(found) if copy and found is obj else found


def _hands_out(value: Any) -> bool:
    return hasattr(value, "__dlpack__") and not isinstance(value, Tensor) and not hasattr(value, "__array__")


@entered(_own)
def from_dlpack(x: Any, *, device: Any = None, copy: bool | None = None) -> Tensor:
    """Returns a tensor with a copy of the values of another library's array."""
    _on_device("from_dlpack", device)
    if copy is False:
        raise OptionError("from_dlpack: expected a copy to be allowed, received copy=False.")
    found: Tensor = ops.from_dlpack(x)
    return found


def _made(name: str) -> None:
    """Enters a function that makes tensors: that of keras.ops, which may be told the device."""
    make = keras_numpy.FUNCTIONS[name]

    def call(*args: Any, dtype: DTypeLike | None = None, device: Any = None, **options: Any) -> Tensor:
        _on_device(name, device)
        given = {} if dtype is None else {"dtype": _dtype(name, dtype)}
        made: Tensor = make(*args, **given, **options)
        return made

    call.__name__ = call.__qualname__ = name
    call.__doc__ = make.__doc__
    _own[name] = call


for _name in ("arange", "empty", "empty_like", "linspace", "ones", "ones_like", "zeros", "zeros_like"):
    _made(_name)


@entered(_own)
def eye(
    n_rows: int, n_cols: int | None = None, *, k: int = 0, dtype: DTypeLike | None = None, device: Any = None
) -> Tensor:
    """Returns a matrix with ones on one diagonal."""
    _on_device("eye", device)
    found: Tensor = keras_numpy.FUNCTIONS["eye"](n_rows, n_cols, k, _dtype("eye", dtype or "float32"))
    return found


@entered(_own)
def full(
    shape: int | Sequence[int], fill_value: TensorLike, *, dtype: DTypeLike | None = None, device: Any = None
) -> Tensor:
    """Returns a tensor of one number, of its dtype where none is given."""
    value = asarray(fill_value, dtype=dtype, device=device)
    if value.shape:
        raise ShapeError(f"full: expected `fill_value` to be a number, received shape {value.shape}.")
    found: Tensor = ops.broadcast_to(value, [shape] if isinstance(shape, int) else shape)
    return found


@entered(_own)
def full_like(
    x: TensorLike, fill_value: TensorLike, *, dtype: DTypeLike | None = None, device: Any = None
) -> Tensor:
    """Returns a tensor of one number, of the shape of another tensor, and of its dtype where none is given."""
    x = asarray(x)
    return full(x.shape, fill_value, dtype=dtype or x.dtype, device=device)


@entered(_own)
def meshgrid(*arrays: TensorLike, indexing: str = "xy") -> list[Tensor]:
    """Returns the coordinates of the points of a grid."""
    return list(keras_numpy.FUNCTIONS["meshgrid"](*arrays, indexing=indexing))


# Dtypes


@entered(_own)
def astype(x: TensorLike, dtype: DTypeLike, *, copy: bool = True, device: Any = None) -> Tensor:
    """Returns a tensor in another dtype."""
    _on_device("astype", device)
    x = asarray(x)
    return ops.clone(x) if x.dtype == dtype and copy else _cast(x, dtype)


@entered(_own)
def result_type(*arrays_and_dtypes: Any) -> str:
    """Returns the dtype that tensors and dtypes are promoted to; a number of Python's takes the dtype of what is beside it."""
    dtypes: list[Any] = []
    for each in arrays_and_dtypes:
        number = isinstance(each, (bool, int, float, complex))
        dtypes.append(
            tensor(each).dtype
            if number
            else each.dtype
            if isinstance(each, Tensor)
            else _dtype("result_type", each)
        )
    if not dtypes:
        raise ArgumentError("result_type: expected a tensor or a dtype, received none.")
    return promote(*dtypes)


@entered(_own)
def can_cast(from_: Any, to: DTypeLike) -> bool:
    """Tells whether a dtype, or that of a tensor, is promoted to another one without loss."""
    return result_type(from_, to) == _dtype("can_cast", to)


_KINDS = {
    "bool": {"bool"}, "signed integer": {"int32"}, "unsigned integer": set(), "integral": {"int32"},
    "real floating": {"float32"}, "complex floating": {"complex64"}, "numeric": {"int32", "float32", "complex64"},
}  # fmt: skip


@entered(_own)
def isdtype(dtype: DTypeLike, kind: Any) -> bool:
    """Tells whether a dtype is of a kind, such as 'real floating', or one of several kinds, or another dtype."""
    if isinstance(kind, tuple):
        return any(isdtype(dtype, each) for each in kind)
    name = _dtype("isdtype", dtype)
    if isinstance(kind, str) and kind in _KINDS:
        return name in _KINDS[kind]
    if kind in DTYPES:
        return name == kind
    raise OptionError(f"isdtype: expected a dtype or one of {', '.join(_KINDS)}, received {shown(kind)}.")


@entered(_own)
def finfo(type_: Any) -> SimpleNamespace:
    """Returns the bounds of a dtype of real or complex numbers, or of that of a tensor."""
    name = type_.dtype if isinstance(type_, Tensor) else _dtype("finfo", type_)
    if name not in ("float32", "complex64"):
        raise OptionError(f"finfo: expected float32 or complex64, received {name}.")
    largest = (2 - 2.0**-23) * 2.0**127
    return SimpleNamespace(
        bits=32, eps=2.0**-23, max=largest, min=-largest, smallest_normal=2.0**-126, dtype="float32"
    )


@entered(_own)
def iinfo(type_: Any) -> SimpleNamespace:
    """Returns the bounds of a dtype of integers, or of that of a tensor."""
    name = type_.dtype if isinstance(type_, Tensor) else _dtype("iinfo", type_)
    if name != "int32":
        raise OptionError(f"iinfo: expected int32, received {name}.")
    return SimpleNamespace(bits=32, max=2**31 - 1, min=-(2**31), dtype="int32")


# Elements


@entered(_own)
def clip(x: TensorLike, min: TensorLike = None, max: TensorLike = None) -> Tensor:
    """Returns a tensor with what lies outside of bounds moved to them; None is no bound."""
    found = asarray(x)
    dtype = found.dtype
    for bound, function in ((min, ops.maximum), (max, ops.minimum)):
        if bound is not None:
            found = function(found, asarray(bound))
    return found if found.dtype == dtype else ops.cast(found, dtype)


@entered(_own)
def positive(x: TensorLike) -> Tensor:
    """Returns the numbers as they are."""
    x = asarray(x)
    if x.dtype == "bool":
        raise DTypeError("positive: expected numbers, received bool.")
    return ops.clone(x)


def _rounding(name: str) -> None:
    """Enters a function that leaves integers as they are, where Keras makes them float32."""
    rounded = keras_numpy.FUNCTIONS[name]

    def call(x: TensorLike) -> Tensor:
        x = asarray(x)
        found: Tensor = x if x.dtype == "int32" else rounded(x)
        return found

    call.__name__ = call.__qualname__ = name
    call.__doc__ = rounded.__doc__
    entered(_own)(call)


for _name in ("ceil", "floor"):
    _rounding(_name)


@entered(_own)
def copysign(x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns numbers with the signs of others, zeros and NaN included."""
    size = ops.abs(ops.cast(asarray(x1), "float32"))
    found: Tensor = ops.where(keras_numpy.FUNCTIONS["signbit"](asarray(x2)), ops.neg(size), size)
    return found


@entered(_own)
def where(condition: TensorLike, x1: TensorLike, x2: TensorLike) -> Tensor:
    """Returns elements of x1 where a condition holds, of x2 elsewhere."""
    found: Tensor = keras_numpy.FUNCTIONS["where"](condition, asarray(x1), asarray(x2))
    return found


# Shapes


@entered(_own)
def broadcast_arrays(*arrays: TensorLike) -> list[Tensor]:
    """Returns tensors in the shape that they are broadcast to."""
    made = [asarray(each) for each in arrays]
    zeros = [ops.zeros(each.shape, "int32") for each in made]
    shape = sum(zeros[1:], zeros[0]).shape if made else ()
    return [ops.broadcast_to(each, shape) for each in made]


@entered(_own)
def expand_dims(x: TensorLike, *, axis: int = 0) -> Tensor:
    """Returns a tensor with a new axis of length 1."""
    found: Tensor = ops.expand_dims(asarray(x), axis)
    return found


@entered(_own)
def reshape(x: TensorLike, shape: int | Sequence[int], *, copy: bool | None = None) -> Tensor:
    """Returns a tensor in another shape; values are never changed in place, so nobody can tell a copy."""
    del copy
    found: Tensor = keras_numpy.FUNCTIONS["reshape"](x, shape)
    return found


@entered(_own)
def unstack(x: TensorLike, *, axis: int = 0) -> tuple[Tensor, ...]:
    """Returns the parts along an axis."""
    return tuple(ops.unstack(asarray(x), axis))


@entered(_own)
def matrix_transpose(x: TensorLike) -> Tensor:
    """Returns the transposed matrices of the last two axes."""
    return asarray(x).mT


@entered(_own)
def vecdot(x1: TensorLike, x2: TensorLike, *, axis: int = -1) -> Tensor:
    """Returns the dot products along an axis, of the conjugate of the first."""
    a, b = asarray(x1), asarray(x2)
    product = ops.mul(
        keras_numpy.FUNCTIONS["conj"](a) if a.dtype == "complex64" else as_number(a), as_number(b)
    )
    found: Tensor = ops.sum(product, axis)
    return found


# Searching, sorting, sets


@entered(_own)
def searchsorted(
    x1: TensorLike, x2: TensorLike, *, side: str = "left", sorter: TensorLike | None = None
) -> Tensor:
    """Returns where values stand in a sorted vector."""
    ordered = asarray(x1) if sorter is None else ops.gather(asarray(x1), asarray(sorter))
    found: Tensor = keras_numpy.FUNCTIONS["searchsorted"](ordered, x2, side)
    return found


@entered(_own)
def argsort(x: TensorLike, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Tensor:
    """Returns the places of the elements in their order; equal ones stay as they are."""
    del stable  # it always is
    x = asarray(x)
    order = keras_numpy.FUNCTIONS["argsort"]
    if not descending:
        found: Tensor = order(x, axis)
        return found
    at = normalize_axis("argsort", axis, x.rank)
    backwards = ops.reverse(order(ops.reverse(x, at), at), at)
    last: Tensor = x.shape[at] - 1 - backwards
    return last


@entered(_own)
def sort(x: TensorLike, *, axis: int = -1, descending: bool = False, stable: bool = True) -> Tensor:
    """Returns the elements in their order."""
    del stable
    found: Tensor = keras_numpy.FUNCTIONS["sort"](asarray(x), axis)
    return ops.reverse(found, normalize_axis("sort", axis, found.rank)) if descending else found


class UniqueAll(NamedTuple):
    """What `unique_all` returns."""

    values: Tensor
    indices: Tensor
    inverse_indices: Tensor
    counts: Tensor


class UniqueCounts(NamedTuple):
    """What `unique_counts` returns."""

    values: Tensor
    counts: Tensor


class UniqueInverse(NamedTuple):
    """What `unique_inverse` returns."""

    values: Tensor
    inverse_indices: Tensor


@entered(_own)
def unique_all(x: TensorLike) -> UniqueAll:
    """Returns each different value in order, its first place, its number for each element, and how often it stands there.

    Each NaN is a value of its own, as the standard wants it.
    """
    x = asarray(x)
    if x.dtype not in ("float32", "int32", "bool"):
        raise OptionError(f"unique: expected real numbers or bools, received {x.dtype}.")
    numbers = list(x.data_sync())
    places = sorted(range(len(numbers)), key=lambda place: (math.isnan(numbers[place]), numbers[place]))
    values: list[Any] = []
    first: list[int] = []
    counts: list[int] = []
    inverse = [0] * len(numbers)
    for place in places:
        if not values or numbers[place] != values[-1]:
            values.append(numbers[place])
            first.append(place)
            counts.append(0)
        inverse[place] = len(values) - 1
        counts[-1] += 1
    made = [ops.tensor(each, [len(each)], "int32") for each in (first, counts)]
    return UniqueAll(
        ops.tensor(values, [len(values)], x.dtype), made[0], ops.tensor(inverse, x.shape, "int32"), made[1]
    )


@entered(_own)
def unique_counts(x: TensorLike) -> UniqueCounts:
    """Returns each different value in order, and how often it stands there."""
    found = unique_all(x)
    return UniqueCounts(found.values, found.counts)


@entered(_own)
def unique_inverse(x: TensorLike) -> UniqueInverse:
    """Returns each different value in order, and its number for each element."""
    found = unique_all(x)
    return UniqueInverse(found.values, found.inverse_indices)


@entered(_own)
def unique_values(x: TensorLike) -> Tensor:
    """Returns each different value in order."""
    found: Tensor = unique_all(x).values
    return found


# Statistics


def _reducing(name: str) -> None:
    """Enters a reduction that may be told the dtype of its result."""
    reduce = keras_numpy.FUNCTIONS[name]

    def call(
        x: TensorLike,
        *,
        axis: int | Sequence[int] | None = None,
        dtype: DTypeLike | None = None,
        keepdims: bool = False,
    ) -> Tensor:
        found: Tensor = reduce(_cast(asarray(x), dtype), axis=axis, keepdims=keepdims)
        return found

    call.__name__ = call.__qualname__ = name
    call.__doc__ = reduce.__doc__
    entered(_own)(call)


for _name in ("sum", "prod"):
    _reducing(_name)


@entered(_own)
def cumulative_sum(
    x: TensorLike, *, axis: int | None = None, dtype: DTypeLike | None = None, include_initial: bool = False
) -> Tensor:
    """Returns the sums of all elements up to each one, along an axis; `include_initial` puts a zero before them."""
    x = as_number(_cast(asarray(x), dtype))
    if axis is None and x.rank != 1:
        raise OptionError(f"cumulative_sum: expected `axis` for a tensor of rank {x.rank}, received None.")
    at = normalize_axis("cumulative_sum", 0 if axis is None else axis, x.rank)
    found: Tensor = ops.cumsum(x, at)
    if include_initial:
        zeros = ops.zeros([1 if place == at else length for place, length in enumerate(x.shape)], x.dtype)
        found = ops.concat([zeros, found], at)
    return found


@entered(_own)
def var(
    x: TensorLike, *, axis: int | Sequence[int] | None = None, correction: float = 0.0, keepdims: bool = False
) -> Tensor:
    """Returns the variance; the sum of squares is divided by the number of elements less `correction`."""
    x = asarray(x)
    found: Tensor = keras_numpy.FUNCTIONS["var"](x, axis=axis, keepdims=keepdims)
    given = range(x.rank) if axis is None else [axis] if isinstance(axis, int) else axis
    count = math.prod(x.shape[normalize_axis("var", each, x.rank)] for each in given)
    if not correction:
        return found
    left = count - correction
    return found * (count / left if left > 0 else math.nan if left == 0 and count == 0 else math.inf)


@entered(_own)
def std(
    x: TensorLike, *, axis: int | Sequence[int] | None = None, correction: float = 0.0, keepdims: bool = False
) -> Tensor:
    """Returns the standard deviation, the root of the variance."""
    found: Tensor = ops.sqrt(var(x, axis=axis, correction=correction, keepdims=keepdims))
    return found


class Information:
    """What there is to know of the namespace: `__array_namespace_info__()`."""

    def capabilities(self) -> dict[str, bool]:
        """Returns that masks select elements, and that there are shapes which only values tell."""
        return {"boolean indexing": True, "data-dependent shapes": True}

    def default_device(self) -> str:
        """Returns the backend that computes."""
        return engine.backend_name()

    def devices(self) -> list[str]:
        """Returns the backend that computes, which is the only one at a time."""
        return [engine.backend_name()]

    def default_dtypes(self, *, device: Any = None) -> dict[str, str]:
        """Returns what numbers become without a dtype."""
        _on_device("default_dtypes", device)
        return {
            "real floating": "float32",
            "complex floating": "complex64",
            "integral": "int32",
            "indexing": "int32",
        }

    def dtypes(self, *, device: Any = None, kind: Any = None) -> dict[str, str]:
        """Returns the dtypes, or those of a kind."""
        _on_device("dtypes", device)
        return {name: name for name in DTYPES if kind is None or isdtype(name, kind)}


FUNCTIONS = {**{name: keras_function(name) for name in BRIDGED}, **_own}

__all__ = ["ABSENT", "DTYPES", "FUNCTIONS", "VERSIONS", "Information", "asarray", "entered", "keras_function"]
