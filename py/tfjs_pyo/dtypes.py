"""The dtypes of tensors, their sizes and their promotion, following TF.js's `types.ts`."""

import math
import operator
from collections.abc import Sequence
from typing import Any, Literal, get_args

from tfjs_pyo.errors import DTypeError
from tfjs_pyo.options import shown

DType = Literal["float32", "int32", "bool", "complex64", "string"]

DTYPES: tuple[DType, ...] = get_args(DType)

STORED: tuple[DType, ...] = ("float32", "int32", "bool")
"""The dtypes that backends store; a complex64 value is two of float32, and strings stay in Python."""

ARRAY_CODE: dict[DType, str] = {"float32": "f", "int32": "i", "bool": "b"}
"""Type codes of `array.array` and `struct` for one element of a stored dtype."""

ITEM_BYTES: dict[DType, int] = {"float32": 4, "int32": 4, "bool": 1, "complex64": 8, "string": 0}
"""Logical bytes of one element, as `tf.memory()` counts them; those of strings are counted one by one."""

_RANK: dict[DType, int] = {"bool": 0, "int32": 1, "float32": 2, "complex64": 3}


def check(dtype: str, owner: str, known: Sequence[DType] = STORED) -> DType:
    """Returns `dtype` if it is one of those known; `owner` names the caller in the error.

    Raises:
        DTypeError: `dtype` is none of them.
    """
    if isinstance(dtype, str):
        for candidate in known:
            if dtype == candidate:
                return candidate
    raise DTypeError(f"{owner}: expected dtype to be one of {', '.join(known)}, received {shown(dtype)}.")


def fits_int32(value: float) -> bool:
    """Returns whether a number, cut to a whole one, is an int32; NaN and infinities are none.

    >>> fits_int32(2**31), fits_int32(2**31 - 0.5), fits_int32(float("nan"))
    (False, True, False)
    """
    return -(2**31) - 1 < value < 2**31


def saturated_int32(value: float) -> int:
    """Returns a number as a cast to int32 does on every backend: cut to a whole one, limited to the range, NaN as 0.

    >>> saturated_int32(3e9), saturated_int32(float("-inf")), saturated_int32(-1.5), saturated_int32(float("nan"))
    (2147483647, -2147483648, -1, 0)
    """
    return 0 if math.isnan(value) else int(max(-(2**31), min(value, 2**31 - 1)))


def held(value: Any, dtype: DType, owner: str) -> float:
    """Returns a number as one that a stored dtype holds: bool as 0 and 1, int32 cut to a whole number.

    Raises:
        DTypeError: int32 was asked for and the number lies outside of it, or it is no number that floats reach.
    """
    if dtype == "bool" and isinstance(value, (int, float)):
        return int(value != 0)
    if not isinstance(value, (int, float)):
        value = _number(value, owner)
    if dtype == "bool":
        return int(value != 0)
    if dtype == "int32":
        if fits_int32(value):
            return int(value)
        raise DTypeError(
            f"{owner}: expected numbers between {-(2**31)} and {2**31 - 1} for dtype int32, received {value}. "
            "Use float32, or scale the values."
        )
    try:
        return float(value)
    except OverflowError as error:
        raise DTypeError(
            f"{owner}: expected numbers within the range of float32, received a number of {value.bit_length()} bits."
        ) from error


def _number(value: Any, owner: str) -> float:
    """Returns what stands for a number as one of Python's.

    Raises:
        DTypeError: it stands for none.
    """
    try:
        return operator.index(value)
    except TypeError:
        pass
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise DTypeError(
            f"{owner}: expected numbers, received {shown(value)} of type {type(value).__name__}."
        ) from error


def as_element(value: str | bytes) -> str | bytes:
    r"""Returns an element of a string value as it is kept: as text, or as bytes where these are no UTF-8.

    >>> as_element(b"cat"), as_element("cat"), as_element(b"\xff")
    ('cat', 'cat', b'\xff')
    """
    if isinstance(value, str):
        return value
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value


def as_bytes(value: str | bytes) -> bytes:
    """Returns an element of a string value as the bytes that TensorFlow has for it.

    >>> as_bytes("cat")
    b'cat'
    """
    return value.encode(errors="surrogateescape") if isinstance(value, str) else value


def promote(*dtypes: DType) -> DType:
    """Returns the dtype that holds values of all `dtypes`: bool < int32 < float32 < complex64.

    >>> promote("bool", "int32")
    'int32'

    Raises:
        DTypeError: strings meet numbers.
    """
    if "string" in dtypes:
        if set(dtypes) == {"string"}:
            return "string"
        raise DTypeError(f"expected numbers only or strings only, received {' and '.join(dtypes)}.")
    return max(dtypes, key=_RANK.__getitem__)
