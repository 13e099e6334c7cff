"""From what users pass (numbers, nested lists, arrays, tensors) to graph nodes."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from typing import Any

from tfjs_pyo.core import engine
from tfjs_pyo.core.graph import Node, complex_node, const, strings_node
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtypes import ARRAY_CODE, STORED, DType
from tfjs_pyo.errors import DTypeError, ShapeError
from tfjs_pyo.shapes import Shape, size


def node_of(value: Any, owner: str, dtype: DType | None = None) -> Node:
    """Returns the node of a tensor, or makes one of a number, nested list or array.

    A Python int or bool is a constant that takes the dtype of what it meets; nested lists become float32 (bool if all
    their elements are), as in TF.js.
    """
    if isinstance(value, Node):
        return value
    if isinstance(value, Tensor):
        return value.node
    if isinstance(value, bool):
        return const(value, dtype or "bool")
    if isinstance(value, int):
        return const(value, dtype or "int32")
    if isinstance(value, float):
        return const(value, dtype or "float32")
    if isinstance(value, complex):
        return complex_node(const(value.real, "float32"), const(value.imag, "float32"))
    flat, shape, found = flatten(value, owner)
    return uploaded(flat, shape, dtype if dtype and found in STORED else found, owner)


def uploaded(flat: Any, shape: Shape, dtype: DType, owner: str) -> Node:
    """Returns a node that holds row-major elements.

    Raises:
        DTypeError: strings for a dtype of numbers, or the other way round.
    """
    if dtype == "string":
        for item in flat:
            if not isinstance(item, (str, bytes)):
                raise DTypeError(
                    f"{owner}: expected strings, received {item!r} of type {type(item).__name__}."
                )
        return strings_node(flat, shape)
    if dtype == "complex64":
        flat = flat.tolist() if hasattr(flat, "tolist") else list(flat)
        parts = ([v.real for v in flat], [v.imag for v in flat])
        return complex_node(*(uploaded(part, shape, "float32", owner) for part in parts))
    return engine.upload(pack(flat, dtype, owner), shape, dtype)


def flatten(value: Any, owner: str) -> tuple[Any, Shape, DType]:
    """Returns the elements of nested sequences or of an array, their shape and dtype.

    Raises:
        ShapeError: the nesting is ragged.
        DTypeError: an element is not a number.
    """
    if hasattr(value, "__array_interface__"):
        return _flatten_numpy(value, owner)
    if hasattr(value, "__array__"):  # a frame or a column of pandas, say
        return _flatten_numpy(value.__array__(), owner)
    if isinstance(value, array):
        return value, (len(value),), "float32" if value.typecode in "fd" else "int32"
    if isinstance(value, (bool, int, float, complex, str, bytes)):
        return [value], (), _dtype_of([value], owner)
    return _flatten_nested(value, owner)


def _flatten_nested(value: Any, owner: str) -> tuple[list[Any], Shape, DType]:
    level: list[Any] = [value]
    shape: list[int] = []
    while True:
        level = [_plain(item) for item in level]
        if not level or not _nests(level[0]):
            break
        length = len(level[0])
        for position, item in enumerate(level):
            if not _nests(item) or len(item) != length:
                got = f"{len(item)} elements" if _nests(item) else f"{item!r}"
                raise ShapeError(
                    f"{owner}: expected nested lists of equal lengths, received {length} elements in the first list of "
                    f"depth {len(shape) + 1} and {got} in list {position}."
                )
        shape.append(length)
        level = [item for items in level for item in items]
    return level, tuple(shape), _dtype_of(level, owner)


def _nests(item: Any) -> bool:
    return isinstance(item, Sequence) and not isinstance(item, (str, bytes))


def _dtype_of(items: Sequence[Any], owner: str) -> DType:
    """Returns the dtype that elements of a list ask for; numbers are float32, as in TF.js."""
    kinds = set(map(type, items))
    if kinds and all(issubclass(kind, (str, bytes)) for kind in kinds):
        return "string"
    for kind in kinds:
        if issubclass(kind, (int, float, complex)) or hasattr(kind, "__float__"):
            continue
        wrong = next(item for item in items if type(item) is kind)
        if _nests(wrong):
            raise ShapeError(
                f"{owner}: expected nested lists of equal depth, received {wrong!r} beside numbers."
            )
        what = "numbers only or strings only" if issubclass(kind, (str, bytes)) else "numbers"
        raise DTypeError(f"{owner}: expected {what}, received {wrong!r} of type {kind.__name__}.")
    if kinds == {bool}:
        return "bool"
    return "complex64" if any(issubclass(kind, complex) for kind in kinds) else "float32"


def _plain(item: Any) -> Any:
    """Returns tensors, arrays and NumPy's numbers inside a list as Python's own."""
    if isinstance(item, Tensor):
        return item.array_sync()
    return item.tolist() if hasattr(item, "__array_interface__") else item


def _flatten_numpy(value: Any, owner: str) -> tuple[Any, Shape, DType]:
    kind = value.dtype.kind
    dtype: DType | None = _NUMPY_KINDS.get(kind)
    if dtype is None:
        raise DTypeError(f"{owner}: expected an array of numbers or strings, received dtype {value.dtype}.")
    if dtype == "string":
        return value.reshape(-1).tolist(), tuple(value.shape), dtype
    np = engine.import_numpy(owner)
    wanted = {"float32": np.float32, "int32": np.int32, "bool": np.int8, "complex64": np.complex64}[dtype]
    return np.ascontiguousarray(value, dtype=wanted).reshape(-1), tuple(value.shape), dtype


_NUMPY_KINDS: dict[str, DType] = {
    "f": "float32",
    "i": "int32",
    "u": "int32",
    "b": "bool",
    "c": "complex64",
    "U": "string",
    "S": "string",
    "O": "string",
}


def pack(flat: Any, dtype: DType, owner: str) -> Any:
    """Returns elements as a buffer of the dtype's storage format."""
    code = ARRAY_CODE[dtype]
    if isinstance(flat, array) and flat.typecode == code:
        return flat
    if hasattr(flat, "__array_interface__"):
        np = engine.import_numpy(owner)
        return flat.astype({"f": np.float32, "i": np.int32, "b": np.int8}[code], copy=False)
    try:
        if dtype == "bool":
            return array(code, [bool(v) for v in flat])
        if dtype == "int32":
            return array(code, [_to_int32(v) for v in flat])
        return array(code, flat)
    except (TypeError, OverflowError):
        return array(code, [float(v) for v in flat])


def _to_int32(value: Any) -> int:
    number = float(value)
    if math.isnan(number):
        return 0
    whole = int(value) if not math.isinf(number) else int(math.copysign(2**31, number))
    return max(-(2**31), min(2**31 - 1, whole))


def check_size(shape: Shape, count: int, owner: str) -> None:
    """Raises ShapeError unless `count` elements fill `shape`."""
    if size(shape) != count:
        raise ShapeError(f"{owner}: expected {size(shape)} values for shape {shape}, received {count}.")
