"""Values on the CPU that can be changed element by element, and printing. Source: https://js.tensorflow.org/api/latest/#buffer"""

from __future__ import annotations

import builtins
import math
from collections.abc import Sequence
from typing import Any

from tfjs_pyo import dtypes, naming
from tfjs_pyo.core import formatting, values
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtypes import STORED, DType, held
from tfjs_pyo.errors import ArgumentError, OptionError
from tfjs_pyo.ops.convert import check_size, node_of, pack, uploaded
from tfjs_pyo.rules import checks_methods
from tfjs_pyo.shapes import Dims, Shape, dimensions, integers, size
from tfjs_pyo.types import TensorLike


@checks_methods
class TensorBuffer:
    """Elements in Python's memory: set them one by one, then make a tensor of them.

    Made by `tf.buffer`, or by `t.buffer()` and `t.buffer_sync()` as a copy of a tensor's value.

    Args:
        shape: its dimensions.
        dtype: 'float32', 'int32', 'bool', 'complex64' or 'string'.
        values: row-major elements to start with; zeros (empty strings) unless given.

    Raises:
        ShapeError: `values` do not fill `shape`.

    Example:
        >>> import tfjs_pyo as tf
        >>> buffer = tf.buffer([2, 2])
        >>> buffer.set(3, 0, 1)
        >>> buffer.to_tensor().array_sync(), buffer.get(0, 1)
        ([[0.0, 3.0], [0.0, 0.0]], 3.0)

    Source: https://js.tensorflow.org/api/latest/#class:TensorBuffer
    """

    def __init__(self, shape: Dims, dtype: str = "float32", values: Sequence[Any] | None = None) -> None:
        self.shape: Shape = dimensions("buffer", shape)
        self.dtype: DType = dtypes.check(dtype, "buffer", dtypes.DTYPES)
        self.size = size(self.shape)
        empty: Any = "" if self.dtype == "string" else 0
        given = builtins.list(values) if values is not None else [empty] * self.size
        check_size(self.shape, len(given), "buffer")
        self.values: Any = pack(given, self.dtype, "buffer") if self.dtype in STORED else given
        self.strides = [math.prod(self.shape[axis + 1 :]) for axis in range(len(self.shape) - 1)]

    @property
    def rank(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def set(self, value: Any, *locs: int) -> None:
        """Replaces the element at these indices (the first one if none is given).

        Args:
            value: the new element.
            locs: its indices.

        Raises:
            OptionError: an index is out of range, or there are more or fewer than axes.
            DTypeError: the dtype does not hold the value.

        Example:
            >>> import tfjs_pyo as tf
            >>> buffer = tf.buffer([2, 2])
            >>> buffer.set(5, 0, 1)
            >>> buffer.toTensor().arraySync()
            [[0.0, 5.0], [0.0, 0.0]]
        """
        place = self._place(locs)
        self.values[place] = held(value, self.dtype, "buffer") if self.dtype in STORED else value

    def get(self, *locs: int) -> Any:
        """Returns the element at these indices (the first one if none is given).

        Raises:
            OptionError: an index is out of range, or there are more or fewer than axes.

        Example:
            >>> import tfjs_pyo as tf
            >>> buffer = tf.buffer([2, 2])
            >>> buffer.set(5, 0, 1)
            >>> buffer.get(0, 1), buffer.get(1, 1)
            (5.0, 0.0)
        """
        value = self.values[self._place(locs)]
        return bool(value) if self.dtype == "bool" else value

    def _place(self, locs: Sequence[int]) -> int:
        given = integers("buffer", "locs", locs) or (0,) * self.rank
        if len(given) != self.rank:
            raise OptionError(
                f"buffer: expected {self.rank} indices for shape {self.shape}, received {builtins.list(given)}."
            )
        for axis, (index, dim) in enumerate(zip(given, self.shape, strict=True)):
            if not 0 <= index < dim:
                raise OptionError(
                    f"buffer: expected an index between 0 and {dim - 1} along axis {axis}, received {index}."
                )
        return self.loc_to_index(given)

    def loc_to_index(self, locs: Sequence[int]) -> int:
        """Returns the row-major place of indices.

        Args:
            locs: the indices.

        Example:
            >>> import tfjs_pyo as tf
            >>> buffer = tf.buffer([2, 2])
            >>> buffer.locToIndex([1, 0])
            2
        """
        return sum(i * stride for i, stride in zip(locs, [*self.strides, 1], strict=False))

    def index_to_loc(self, index: int) -> list[int]:
        """Returns the indices of a row-major place.

        Args:
            index: the place.

        Example:
            >>> import tfjs_pyo as tf
            >>> buffer = tf.buffer([2, 2])
            >>> buffer.indexToLoc(2)
            [1, 0]
        """
        locs = []
        for stride in self.strides:
            locs.append(index // stride)
            index %= stride
        return [*locs, index] if self.shape else []

    def to_tensor(self) -> Tensor:
        """Returns a tensor of the present elements.

        Example:
            >>> import tfjs_pyo as tf
            >>> buffer = tf.buffer([2, 2])
            >>> buffer.toTensor().shape
            (2, 2)
        """
        return Tensor(uploaded(self.values, self.shape, self.dtype, "buffer"))

    def __getattr__(self, name: str) -> Any:
        return naming.attribute(self, name)

    def __dir__(self) -> list[str]:
        return naming.spellings([*super().__dir__()])


@naming.bridge
def buffer(shape: Dims, dtype: str = "float32", values: Sequence[Any] | None = None) -> TensorBuffer:
    """Returns elements that can be set one by one. Source: https://js.tensorflow.org/api/latest/#buffer"""
    return TensorBuffer(shape, dtype, values)


def _buffer_of(x: Tensor, elements: Any) -> TensorBuffer:
    return TensorBuffer(x.shape, x.dtype, formatting.items(elements, x.dtype))


def _buffer_sync(x: Tensor) -> TensorBuffer:
    """Returns a buffer with a copy of the value, waiting for the device."""
    return _buffer_of(x, values.read(x.node))


async def _buffer(x: Tensor) -> TensorBuffer:
    """Returns a buffer with a copy of the value."""
    return _buffer_of(x, await values.read_async(x.node))


async def _bytes(x: Tensor) -> Any:
    """Returns the value's bytes in row-major order (little endian); for strings a list of the bytes of each, in UTF-8."""
    elements = await values.read_async(x.node)
    if x.dtype == "string":
        return [text.encode() if isinstance(text, str) else text for text in elements]
    return elements.tobytes()


Tensor.methods.update({"buffer": _buffer, "buffer_sync": _buffer_sync, "bytes": _bytes})


@naming.bridge
def print_(x: TensorLike, verbose: bool = False) -> None:
    """Prints the value of a tensor; `verbose` adds dtype, rank and shape.

    Raises:
        ArgumentError: x is no tensor and cannot be made one.

    Source: https://js.tensorflow.org/api/latest/#print
    """
    if x is None:
        raise ArgumentError("print: expected a tensor, received None.")
    (x if isinstance(x, Tensor) else Tensor(node_of(x, "print"))).print(verbose)
