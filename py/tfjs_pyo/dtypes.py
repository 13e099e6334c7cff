"""The dtypes of tensors, their sizes and their promotion, following TF.js's `types.ts`."""

from typing import Literal, get_args

from tfjs_pyo.errors import DTypeError

DType = Literal["float32", "int32", "bool"]

DTYPES: tuple[DType, ...] = get_args(DType)

ITEM_BYTES: dict[DType, int] = {"float32": 4, "int32": 4, "bool": 1}
"""Logical bytes of one element, as `tf.memory()` counts them."""

ARRAY_CODE: dict[DType, str] = {"float32": "f", "int32": "i", "bool": "b"}
"""Type codes of `array.array` and `struct` for one element."""

_RANK: dict[DType, int] = {"bool": 0, "int32": 1, "float32": 2}


def check(dtype: str, owner: str) -> DType:
    """Returns `dtype` if it is one of ours, in any common spelling; `owner` names the caller in the error.

    Raises:
        DTypeError: `dtype` is not float32, int32 or bool.
    """
    for known in DTYPES:
        if dtype == known:
            return known
    raise DTypeError(f"{owner}: expected dtype to be one of {', '.join(DTYPES)}, received {dtype!r}.")


def promote(*dtypes: DType) -> DType:
    """Returns the dtype that holds values of all `dtypes`: bool < int32 < float32.

    >>> promote("bool", "int32")
    'int32'
    """
    return max(dtypes, key=_RANK.__getitem__)
