"""What users call dtypes, in TensorFlow.js's API and in Keras's, and what this engine stores for each."""

from __future__ import annotations

from typing import Any

from tfjs_pyo.dtypes import DTYPES, DType
from tfjs_pyo.errors import DTypeError
from tfjs_pyo.options import shown

FLOATS = ("bfloat16", "float16", "float32", "float64", "float8_e4m3fn", "float8_e5m2")
INTEGERS = ("uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "int4")

STORED_AS: dict[str, DType] = {
    **dict.fromkeys(FLOATS, "float32"),
    **dict.fromkeys(INTEGERS, "int32"),
    "bool": "bool",
    "complex64": "complex64",
    "complex128": "complex64",
    "string": "string",
}
"""What a value of each of Keras's dtypes is computed and stored as."""

_MIXED: dict[str, DType] = {"mixed_float16": "float32", "mixed_bfloat16": "float32"}
"""Policies of Keras that name two dtypes."""

NARROW = {
    "uint8": (8, False),
    "uint16": (16, False),
    "int8": (8, True),
    "int16": (16, True),
    "int4": (4, True),
}
"""Bits of the integers that are narrower than int32, and whether they have a sign: casts to them wrap around."""

_PYTHON: dict[Any, str] = {bool: "bool", int: "int32", float: "float32", complex: "complex64", str: "string"}


def standardize_dtype(dtype: Any) -> str:
    """Returns Keras's name of a dtype.

    Args:
        dtype: a name, one of Python's types, or a dtype of NumPy; None is float32, as `floatx` says.

    Raises:
        DTypeError: it is none.

    Example:
        >>> from tfjs_pyo import keras
        >>> [keras.backend.standardize_dtype(dtype) for dtype in (int, "float64", None)]
        ['int32', 'float64', 'float32']

    Source: https://keras.io/api/utils/backend_utils/
    """
    if dtype is None:
        return "float32"
    known = _PYTHON.get(dtype) if isinstance(dtype, type) else None
    name = known or getattr(dtype, "name", None) or getattr(dtype, "__name__", None) or str(dtype)
    name = {"str": "string", "object": "string", "double": "float64", "float": "float32", "int": "int32"}.get(
        name.rpartition(".")[2], name.rpartition(".")[2]
    )
    if name not in STORED_AS:
        raise DTypeError(f"dtype: expected one of {', '.join(STORED_AS)}, received {dtype!r}.")
    return name


def stored(dtype: Any) -> DType:
    """Returns what values of one of Keras's dtypes are stored as.

    Raises:
        DTypeError: it is none of Keras's.

    Example:
        >>> stored("float16"), stored("uint8"), stored(None)
        ('float32', 'int32', 'float32')
    """
    return STORED_AS[standardize_dtype(dtype)]


class DTypeOption:
    """The conversion of an option that names a dtype; its form for Keras's API takes the names that Keras has.

    Args:
        keras: whether it is that form.

    Example:
        >>> DTYPE_OPTION.convert("dense", "dtype", "int32"), DTYPE_OPTION.in_keras.convert("dense", "dtype", "mixed_float16")
        ('int32', 'float32')
    """

    def __init__(self, keras: bool = False) -> None:
        self._keras = keras

    @property
    def in_keras(self) -> DTypeOption:
        """Its form for Keras's API: float64 is stored as float32, mixed precision as well."""
        return DTypeOption(keras=True)

    def convert(self, owner: str, name: str, value: Any) -> DType:
        """Returns the dtype that values are stored in.

        Raises:
            DTypeError: it is no dtype, or one that the API does not have.
        """
        known: dict[str, DType] = {**STORED_AS, **_MIXED} if self._keras else {d: d for d in DTYPES}
        named = value if isinstance(value, str) else _PYTHON.get(value) if isinstance(value, type) else None
        named = named or getattr(value, "name", None) or getattr(value, "__name__", None)
        if not isinstance(named, str) or named not in known:
            raise DTypeError(
                f"{owner}: expected {name!r} to be one of {', '.join(known)}, received {shown(value)}."
            )
        return known[named]


DTYPE_OPTION = DTypeOption()
"""Of TensorFlow.js's API."""

__all__ = [
    "DTYPE_OPTION",
    "FLOATS",
    "INTEGERS",
    "NARROW",
    "STORED_AS",
    "DTypeOption",
    "standardize_dtype",
    "stored",
]
