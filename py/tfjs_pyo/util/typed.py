"""Helpers for dtypes and for arrays of elements of one dtype: `array.array` stands for JavaScript's typed arrays."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from typing import Any

from tfjs_pyo.core.formatting import nest
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtypes import ARRAY_CODE, DTYPES, ITEM_BYTES, STORED, DType, check
from tfjs_pyo.errors import RangeError, ShapeError
from tfjs_pyo.ops.convert import pack
from tfjs_pyo.shapes import check_elements
from tfjs_pyo.util.arrays import flatten
from tfjs_pyo.util.programs import helper, is_number, is_typed_array


@helper
def to_typed_array(a: Any, dtype: str = "float32") -> array[Any]:
    """Returns numbers as an array of a dtype.

    Args:
        a: list, nested lists, or an array.
        dtype: 'float32', 'int32' (numbers are cut to whole ones), 'bool' (numbers that round to 0 are False).

    Raises:
        DTypeError: another dtype, or a number that int32 does not hold.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.toTypedArray([[1.5, 2], [3, 4]], "int32")
        array('i', [1, 2, 3, 4])

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util.ts
    """
    if dtype == "complex64":
        dtype = "float32"
    known = check(dtype, "to_typed_array")
    if isinstance(a, array) and a.typecode == ARRAY_CODE[known]:
        return a
    items = flatten(a)
    if known == "bool":
        items = [math.isnan(v) or not -0.5 <= v < 0.5 for v in items]
    packed = pack(items, known, "to_typed_array")
    return packed if isinstance(packed, array) else array(ARRAY_CODE[known], packed)


@helper
def create_scalar_value(value: Any, dtype: str = "float32") -> Any:
    """Returns one element as backends hold it: an array of one number, or the bytes of a text.

    Args:
        value: number or text.
        dtype: 'float32', 'int32', 'bool' or 'string'.

    Example:
        >>> import tfjs_pyo as tf
        >>> list(tf.util.createScalarValue(2.5, "float32")), tf.util.createScalarValue("a", "string")
        ([2.5], b'a')

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util.ts
    """
    return str(value).encode() if dtype == "string" else to_typed_array([value], dtype)


@helper
def get_array_from_dtype(dtype: str = "float32", size: int = 0) -> Any:
    """Returns an array of zeros of a dtype, or for 'string' a list of None.

    Args:
        dtype: 'float32', 'int32', 'bool' or 'string'.
        size: number of elements.

    Raises:
        DTypeError: another dtype.

    Example:
        >>> import tfjs_pyo as tf
        >>> list(tf.util.getArrayFromDType("int32", 3)), tf.util.getArrayFromDType("string", 2)
        ([0, 0, 0], [None, None])

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    known = check(dtype, "get_array_from_dtype", (*STORED, "string"))
    check_elements("get_array_from_dtype", (size,))
    return [None] * size if known == "string" else _filled(0, size, known)


get_typed_array_from_dtype = get_array_from_dtype


def _filled(value: int, size: int, dtype: DType) -> array[Any]:
    return array(ARRAY_CODE[dtype], [value]) * size


@helper
def make_zeros_typed_array(size: int, dtype: str = "float32") -> array[Any]:
    """Returns an array of zeros.

    Args:
        size: number of elements.
        dtype: 'float32', 'int32' or 'bool'.

    Raises:
        DTypeError: another dtype.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.makeZerosTypedArray(3)
        array('f', [0.0, 0.0, 0.0])

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    return _filled(
        0, size, check("float32" if dtype == "complex64" else dtype, "make_zeros_typed_array", STORED)
    )


@helper
def make_ones_typed_array(size: int, dtype: str = "float32") -> array[Any]:
    """Returns an array of ones.

    Args:
        size: number of elements.
        dtype: 'float32', 'int32' or 'bool'.

    Raises:
        DTypeError: another dtype.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.makeOnesTypedArray(2, "int32")
        array('i', [1, 1])

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    return _filled(
        1, size, check("float32" if dtype == "complex64" else dtype, "make_ones_typed_array", STORED)
    )


@helper
def make_zeros_nested_typed_array(shape: Sequence[int], dtype: str = "float32") -> Any:
    """Returns nested lists of zeros.

    Args:
        shape: list of dimensions.
        dtype: 'float32', 'int32' or 'bool'.

    Raises:
        DTypeError: another dtype.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.makeZerosNestedTypedArray([2, 3], "int32")
        [[0, 0, 0], [0, 0, 0]]

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    return to_nested_array(shape, make_zeros_typed_array(math.prod(shape), dtype))


@helper
def to_nested_array(shape: Sequence[int], a: Any, is_complex: bool = False) -> Any:
    """Returns elements in row-major order as nested lists; for an empty shape the first of them.

    Args:
        shape: list of dimensions.
        a: array or list of elements.
        is_complex: whether each element is two numbers: its real and its imaginary part.

    Raises:
        ShapeError: another number of elements.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.toNestedArray([2, 2], [1, 2, 3, 4])
        [[1, 2], [3, 4]]

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    dims = list(shape)
    if not dims:
        return a[0]
    if is_complex:
        dims[-1] *= 2
    if 0 in dims:
        return []
    if math.prod(dims) != len(a):
        raise ShapeError(
            f"to_nested_array: expected {math.prod(dims)} numbers for shape {list(shape)}, received {len(a)}."
        )
    return nest(list(a), tuple(dims), "float32")


@helper
def convert_backend_values_and_array_buffer(data: Any, dtype: str) -> Any:
    """Returns bytes as an array of elements; a list as it is.

    Args:
        data: bytes, an array, or a list of texts.
        dtype: 'float32', 'int32', 'bool' or 'string'.

    Raises:
        DTypeError: another dtype.

    Example:
        >>> import tfjs_pyo as tf
        >>> list(tf.util.convertBackendValuesAndArrayBuffer(bytes([1, 0, 0, 0, 2, 0, 0, 0]), "int32"))
        [1, 2]

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    if isinstance(data, list):
        return data
    known = check(dtype, "convert_backend_values_and_array_buffer", (*STORED, "string"))
    whole = "f" if known == "float32" else "i"
    if not isinstance(data, array) or data.typecode != whole:
        found = array(whole)
        found.frombytes(bytes(data))
        data = found
    return data if known in ("float32", "int32") else array("B", [item & 0xFF for item in data])


@helper
def check_conversion_for_errors(vals: Any, dtype: str) -> None:
    """Raises an error for NaN and infinity.

    Args:
        vals: list or array of numbers.
        dtype: named in the error.

    Raises:
        RangeError: one of the numbers is not finite.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.checkConversionForErrors([1.0, 2.0], "int32")
        >>> tf.util.checkConversionForErrors([1.0, float("nan")], "int32")
        Traceback (most recent call last):
            ...
        tfjs_pyo.errors.RangeError: ...

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    for value in vals:
        if not math.isfinite(value):
            raise RangeError(
                f"check_conversion_for_errors: expected finite numbers for a tensor of {dtype}, received {value}."
            )


@helper
def is_valid_dtype(dtype: Any) -> bool:
    """Returns whether tensors may have a dtype.

    Args:
        dtype: a name.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.isValidDtype("float32"), tf.util.isValidDtype("float16")
        (True, False)

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    return dtype in DTYPES


@helper
def has_encoding_loss(old_type: str, new_type: str) -> bool:
    """Returns whether a cast may lose something.

    Args:
        old_type: dtype before.
        new_type: dtype after.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.hasEncodingLoss("float32", "int32"), tf.util.hasEncodingLoss("int32", "float32")
        (True, False)

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    if new_type == "bool":
        return old_type != "bool"
    losing: dict[str, tuple[str, ...]] = {
        "complex64": (),
        "float32": ("complex64",),
        "int32": ("float32", "complex64"),
    }
    return new_type not in losing or old_type in losing[new_type]


@helper
def bytes_per_element(dtype: str) -> int:
    """Returns how many bytes one element takes.

    Args:
        dtype: 'float32', 'int32', 'bool' or 'complex64'.

    Raises:
        DTypeError: another dtype.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.bytesPerElement("float32"), tf.util.bytesPerElement("bool")
        (4, 1)

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    return ITEM_BYTES[check(dtype, "bytes_per_element", (*STORED, "complex64"))]


@helper
def bytes_from_string_array(arr: Any = None) -> int:
    """Returns how many bytes a list of byte strings takes; 0 for None.

    Args:
        arr: list of bytes.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.bytesFromStringArray([b"abc", b"de"])
        5

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    return sum(len(item) for item in arr or [])


@helper
def infer_dtype(values: Any) -> DType:
    """Returns the dtype that a tensor of these values would have, by the first of them.

    Args:
        values: number, text, bool, array, or (nested) list of them.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.util.inferDtype([[True]]), tf.util.inferDtype([1]), tf.util.inferDtype(["a"])
        ('bool', 'float32', 'string')

    Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-core/src/util_base.ts
    """
    if isinstance(values, Tensor):
        return values.dtype
    if isinstance(values, (list, tuple)):
        return infer_dtype(values[0]) if values else "float32"
    if isinstance(values, (str, bytes)):
        return "string"
    if isinstance(values, bool):
        return "bool"
    if isinstance(values, array):
        return "float32" if values.typecode in "fd" else "int32"
    kind = getattr(getattr(values, "dtype", None), "kind", "")
    found: dict[str, DType] = {
        "b": "bool",
        "i": "int32",
        "u": "int32",
        "U": "string",
        "S": "string",
        "c": "complex64",
    }
    return found.get(kind, "float32") if is_typed_array(values) or not is_number(values) else "float32"
