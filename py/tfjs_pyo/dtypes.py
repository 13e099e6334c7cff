"""The dtypes of tensors, their sizes and their promotion, following TF.js's `types.ts`."""

from collections.abc import Sequence
from typing import Literal, get_args

from tfjs_pyo.errors import DTypeError

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
    for candidate in known:
        if dtype == candidate:
            return candidate
    raise DTypeError(f"{owner}: expected dtype to be one of {', '.join(known)}, received {dtype!r}.")


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
