"""From what users pass (numbers, nested lists, arrays, tensors) to graph nodes."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from typing import Any

from tfjs_pyo.core import engine
from tfjs_pyo.core.graph import Node, const
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtypes import ARRAY_CODE, DType
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
    flat, shape, found = flatten(value, owner)
    return engine.upload(pack(flat, dtype or found, owner), shape, dtype or found)


def flatten(value: Any, owner: str) -> tuple[Any, Shape, DType]:
    """Returns the elements of nested sequences or of an array, their shape and dtype.

    Raises:
        ShapeError: the nesting is ragged.
        DTypeError: an element is not a number.
    """
    if hasattr(value, "__array_interface__"):
        return _flatten_numpy(value, owner)
    if isinstance(value, Tensor):
        return value.data_sync(), value.shape, value.dtype
    if isinstance(value, array):
        return value, (len(value),), "float32" if value.typecode in "fd" else "int32"
    if isinstance(value, (bool, int, float)):
        return [value], (), "bool" if isinstance(value, bool) else "float32"
    return _flatten_nested(value, owner)


def _flatten_nested(value: Any, owner: str) -> tuple[list[Any], Shape, DType]:
    level: list[Any] = [value]
    shape: list[int] = []
    while True:
        level = [_plain(item) for item in level]
        if not level or not isinstance(level[0], Sequence) or isinstance(level[0], str):
            break
        length = len(level[0])
        for position, item in enumerate(level):
            if not isinstance(item, Sequence) or isinstance(item, str) or len(item) != length:
                got = f"{len(item)} elements" if isinstance(item, Sequence) else f"{item!r}"
                raise ShapeError(
                    f"{owner}: expected nested lists of equal lengths, received {length} elements in the first list of "
                    f"depth {len(shape) + 1} and {got} in list {position}."
                )
        shape.append(length)
        level = [item for items in level for item in items]
    for item in level:
        if not isinstance(item, (int, float)):
            if isinstance(item, Sequence) and not isinstance(item, str):
                raise ShapeError(
                    f"{owner}: expected nested lists of equal depth, received {item!r} beside numbers."
                )
            if isinstance(item, str) or not hasattr(item, "__float__"):
                raise DTypeError(
                    f"{owner}: expected numbers, received {item!r} of type {type(item).__name__}."
                )
    dtype: DType = "bool" if level and all(isinstance(item, bool) for item in level) else "float32"
    return level, tuple(shape), dtype


def _plain(item: Any) -> Any:
    """Returns tensors, arrays and NumPy's numbers inside a list as Python's own."""
    if isinstance(item, Tensor):
        return item.array_sync()
    return item.tolist() if hasattr(item, "__array_interface__") else item


def _flatten_numpy(value: Any, owner: str) -> tuple[Any, Shape, DType]:
    kind = value.dtype.kind
    if kind not in "fiub":
        raise DTypeError(f"{owner}: expected an array of numbers, received dtype {value.dtype}.")
    dtype: DType = {"f": "float32", "i": "int32", "u": "int32", "b": "bool"}[kind]  # type: ignore[assignment]
    np = engine.import_numpy(owner)
    wanted = {"float32": np.float32, "int32": np.int32, "bool": np.int8}[dtype]
    return np.ascontiguousarray(value, dtype=wanted).reshape(-1), tuple(value.shape), dtype


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
