"""From what users pass (numbers, nested lists, arrays, tensors) to graph nodes."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tfjs_pyo import options
from tfjs_pyo.core import context, debug, engine
from tfjs_pyo.core import values as values_of
from tfjs_pyo.core.graph import Node, complex_node, const, strings_node
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtypes import ARRAY_CODE, STORED, DType, fits_int32, held
from tfjs_pyo.errors import DTypeError, RangeError, ShapeError
from tfjs_pyo.shapes import Shape, size


def node_of(value: Any, owner: str, dtype: DType | None = None) -> Node:
    """Returns the node of a tensor, or makes one of a number, nested list or array.

    Numbers and nested lists are float32 by default (bool if all of them are), as in TF.js; arrays keep their dtype.

    Raises:
        DTypeError: a value does not fit the dtype.
    """
    if isinstance(value, Node):
        return value
    if isinstance(value, Tensor):
        return value.node
    if isinstance(value, (bool, int, float)):
        return constant(value, dtype or ("bool" if isinstance(value, bool) else "float32"), owner)
    if isinstance(value, complex):
        return complex_node(const(value.real, "float32"), const(value.imag, "float32"))
    flat, shape, found = flatten(value, owner)
    return uploaded(flat, shape, dtype if dtype and found in STORED else found, owner)


def real_node(value: Any, owner: str, dtype: DType | None = None) -> Node:
    """Returns the node of what is to be read as numbers.

    Raises:
        DTypeError: it holds strings or complex numbers.
    """
    node = node_of(value, owner, dtype)
    if node.dtype not in STORED:
        raise DTypeError(f"{owner}: expected real numbers, received {node.dtype}.")
    return node


def nodes_of(values: Iterable[Any], owner: str, apart: Sequence[bool] = ()) -> list[Node | None]:
    """Returns the nodes of operands; None stays.

    A Python int beside an int32 value is int32 if it fits, so that `x + 1` has the dtype of x; else it is float32.

    Args:
        values: what was given.
        owner: the op named in errors.
        apart: for each value whether it is of another kind than the others: indices decide no dtype.
    """
    given = list(values)
    nodes = [None if value is None or _is_int(value) else node_of(value, owner) for value in given]
    if not any(node is None and value is not None for node, value in zip(nodes, given, strict=True)):
        return nodes
    whole = any(
        node is not None and node.dtype == "int32" and not (apart and apart[place])
        for place, node in enumerate(nodes)
    )
    return [
        constant(value, "int32" if whole and fits_int32(value) else "float32", owner)
        if node is None and value is not None
        else node
        for node, value in zip(nodes, given, strict=True)
    ]


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Indices whose values are known, since a user gave numbers. They are the attrs of the leaf that holds them.

    Attributes:
        values: int32 elements in row-major order.
        shape: of the indices.
    """

    values: Any
    shape: Shape

    def node(self) -> Node:
        """Returns them as an int32 node."""
        node = engine.upload(self.values, self.shape, "int32")
        node.attrs = self
        return node


def places_of(value: Any, owner: str) -> Places | None:
    """Returns numbers, nested lists or an array as indices; None for tensors, and for what is no number.

    Raises:
        RangeError: a number is not whole.
    """
    if value is None or isinstance(value, (Node, Tensor)):
        return None
    flat, shape, found = flatten(value, owner)
    if found not in ("float32", "int32"):
        return None
    wrong = next((number for number in flat if number % 1), None) if found == "float32" else None
    if wrong is not None:
        raise RangeError(f"{owner}: expected whole numbers as indices, received {wrong}.")
    packed = pack(flat, "int32", owner)
    return Places(packed if isinstance(packed, array) else array("i", packed.tobytes()), shape)


def index_node(value: Any, owner: str) -> Any:
    """Returns a node of indices, with their values if these are known; what is no number comes back as it is."""
    known = places_of(value, owner)
    return known.node() if known else value


def check_indices(owner: str, parameter: str, indices: Node, *limits: int) -> None:
    """Raises RangeError where a known index is out of range: one limit for all, or one for each column of the last axis.

    Only indices that were given as numbers are known: looking at those of a tensor would wait for the device, which debug mode
    does. The rule for all ops is that an index out of range reads zeros and writes nothing, as in TensorFlow on a GPU.
    """
    values = _known_values(indices)
    if values is None:
        return
    for column, limit in enumerate(limits):
        for value in values[column :: len(limits)]:
            if not 0 <= value < limit:
                along = f" in column {column}" if len(limits) > 1 else ""
                raise RangeError(
                    f"{owner}: expected `{parameter}` between 0 and {limit - 1}{along}, received {value}."
                )


def _known_values(indices: Node) -> Any:
    """Returns the values of indices, if they are known."""
    if isinstance(indices.attrs, Places):
        return indices.attrs.values
    if not debug.enabled() or context.trace() is not None or context.current().checking:
        return None
    with context.checking():
        return values_of.read(indices)


def constant(value: Any, dtype: DType, owner: str) -> Node:
    """Returns a number as a rank-0 node; `owner` names the caller if it does not fit the dtype."""
    return const(held(value, dtype, owner), dtype)


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
            if type(item) is str and not item.isascii():
                _check_text(item, owner)
        return strings_node(flat, shape)
    if dtype == "complex64":
        flat = flat.tolist() if hasattr(flat, "tolist") else list(flat)
        parts = ([v.real for v in flat], [v.imag for v in flat])
        return complex_node(*(uploaded(part, shape, "float32", owner) for part in parts))
    return engine.upload(pack(flat, dtype, owner), shape, dtype)


def _check_text(text: str, owner: str) -> None:
    """Raises DTypeError unless a text can be written in UTF-8, which strings are compared, cut and hashed in."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise DTypeError(
            f"{owner}: expected text, received {options.shown(text)}, whose character {error.start} is half a character."
        ) from error


def flatten(value: Any, owner: str) -> tuple[Any, Shape, DType]:
    """Returns the elements of nested sequences or of an array, their shape and dtype.

    Raises:
        ShapeError: the nesting is ragged.
        DTypeError: an element is not a number.
    """
    if hasattr(type(value), "__array_interface__") or hasattr(type(value), "__array__"):
        return _flatten_numpy(_as_array(value, owner), owner)
    if isinstance(value, array):
        fits = (
            value.typecode in _SMALL_CODES or not value or (fits_int32(min(value)) and fits_int32(max(value)))
        )
        return value, (len(value),), "int32" if value.typecode not in "fd" and fits else "float32"
    if isinstance(value, (bool, int, float, complex, str, bytes)):
        return [value], (), _dtype_of([value], owner)
    return _flatten_nested(value, owner)


def _flatten_nested(value: Any, owner: str) -> tuple[list[Any], Shape, DType]:
    level: list[Any] = [value]
    shape: list[int] = []
    first: list[Any] = []  # of each level: lists that never come to an end hold themselves there
    while True:
        level = [_plain(item) for item in level]
        if not level or not _nests(level[0]):
            break
        length = len(level[0])
        first = [*first, level[0]]
        if len(shape) == _DEEPEST or any(level[0] is item for item in first[:-1]):
            raise ShapeError(
                f"{owner}: expected nested lists of at most {_DEEPEST} levels, received more. Does a list hold itself?"
            )
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


_DEEPEST = 32


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
    return _as_array(item, "tensor").tolist() if hasattr(type(item), "__array_interface__") else item


def _as_array(value: Any, owner: str) -> Any:
    """Returns what says that it is an array as one of NumPy's: an image of PIL, a column of pandas."""
    if hasattr(type(value), "__array_interface__") and hasattr(value, "dtype"):
        return value
    return engine.import_numpy(owner).asarray(value)


_SMALL_CODES = "bBhHi"
"""Type codes of `array.array` whose numbers are all int32."""


def _flatten_numpy(value: Any, owner: str) -> tuple[Any, Shape, DType]:
    kind = value.dtype.kind
    shape = tuple(value.shape)
    if kind == "O":
        items = [_plain(item) for item in value.reshape(-1).tolist()]
        return items, shape, _dtype_of(items, owner)
    dtype: DType | None = _NUMPY_KINDS.get(kind)
    if dtype is None:
        raise DTypeError(f"{owner}: expected an array of numbers or strings, received dtype {value.dtype}.")
    if dtype == "string":
        return value.reshape(-1).tolist(), shape, dtype
    np = engine.import_numpy(owner)
    flat = np.ascontiguousarray(value).reshape(-1)
    return flat, shape, "float32" if dtype == "int32" and not _all_fit(np, flat) else dtype


def _all_fit(np: Any, flat: Any) -> bool:
    """Returns whether all elements of an array, cut to whole numbers, are int32."""
    if not flat.size or flat.dtype.kind == "b" or np.can_cast(flat.dtype, np.int32):
        return True
    return fits_int32(flat.min().item()) and fits_int32(flat.max().item())


_NUMPY_KINDS: dict[str, DType] = {
    "f": "float32",
    "i": "int32",
    "u": "int32",
    "b": "bool",
    "c": "complex64",
    "U": "string",
    "S": "string",
}


def pack(flat: Any, dtype: DType, owner: str) -> Any:
    """Returns elements as a buffer of the dtype's storage format.

    Raises:
        DTypeError: int32 does not hold one of them.
    """
    code = ARRAY_CODE[dtype]
    if isinstance(flat, array) and flat.typecode == code:
        return flat
    if hasattr(type(flat), "__array_interface__"):
        return _pack_numpy(flat, dtype, owner)
    if dtype == "bool":
        return array(code, [bool(v) for v in flat])
    try:
        return array(code, flat)
    except (TypeError, OverflowError):
        return array(code, [held(v, dtype, owner) for v in flat])


def _pack_numpy(flat: Any, dtype: DType, owner: str) -> Any:
    np = engine.import_numpy(owner)
    if dtype == "bool":
        return (flat != 0).astype(np.int8)
    if dtype == "int32":
        if not _all_fit(np, flat):
            for item in flat.tolist():
                held(item, dtype, owner)
        return flat.astype(np.int32, copy=False)
    with np.errstate(over="ignore"):  # what float32 does not reach is infinite, as in a Float32Array
        return flat.astype(np.float32, copy=False)


def check_size(shape: Shape, count: int, owner: str) -> None:
    """Raises ShapeError unless `count` elements fill `shape`."""
    if size(shape) != count:
        raise ShapeError(f"{owner}: expected {size(shape)} values for shape {shape}, received {count}.")
