"""Reads the values of nodes back from where they are."""

from __future__ import annotations

import math
import time
from array import array
from collections.abc import Sequence
from typing import Any

from tfjs_pyo.core import engine
from tfjs_pyo.core.blocking import is_blocking, turn
from tfjs_pyo.core.graph import STRINGS, Node, stored_parts
from tfjs_pyo.dtypes import ARRAY_CODE, ITEM_BYTES, DType, as_bytes
from tfjs_pyo.shapes import Shape

Values = Any
"""`array` of a stored dtype's elements; of complex64 real and imaginary parts in turn; a list of strings."""


def read(node: Node) -> Values:
    """Returns the elements in row-major order, waiting for the device."""
    engine.realize([node])
    buffers = [engine.buffer_of(part) for part in stored_parts(node)]
    return _elements(node, [buffer.backend.read(buffer.handle) for buffer in buffers])


async def read_async(node: Node) -> Values:
    """Returns the elements in row-major order; the event loop runs on while the device computes.

    Values that are known at once do not wait for anything: of a loop that reads nothing else, others have a turn now and then.
    """
    if is_blocking():
        return read(node)
    engine.realize([node])
    buffers = [engine.buffer_of(part) for part in stored_parts(node)]
    raw = [await buffer.backend.read_async(buffer.handle) for buffer in buffers]
    if time.perf_counter() - _turns.last >= _TURN_SECONDS:
        await turn()
        _turns.last = time.perf_counter()
    return _elements(node, raw)


_TURN_SECONDS = 0.05
"""How long others wait at most for their turn."""


class _Turns:
    """When others had their last turn."""

    last = 0.0


_turns = _Turns()


def _elements(node: Node, raw: Sequence[Any]) -> Values:
    if node.op is STRINGS:
        return list(node.attrs)
    parts = []
    for part, content in zip(stored_parts(node), raw, strict=True):
        elements = array(ARRAY_CODE[part.dtype])
        elements.frombytes(content)
        parts.append(elements)
    if len(parts) == 1:
        return parts[0]
    interleaved = array(parts[0].typecode, bytes(2 * parts[0].itemsize * len(parts[0])))
    interleaved[0::2], interleaved[1::2] = parts
    return interleaved


def as_array(np: Any, elements: Values, shape: Shape, dtype: DType) -> Any:
    """Returns elements in row-major order as an array of NumPy's; strings as bytes, as TensorFlow gives them."""
    if dtype == "string":
        found = np.empty(len(elements), dtype=object)
        found[:] = [as_bytes(text) for text in elements]
        return found.reshape(shape)
    return np.frombuffer(elements, dtype=np.bool_ if dtype == "bool" else dtype).reshape(shape)


def logical_bytes(node: Node) -> int:
    """Returns the bytes that `tf.memory()` counts for a value; the node keeps them."""
    if node.bytes < 0:
        is_text = node.op is STRINGS
        node.bytes = (
            sum(len(as_bytes(text)) for text in node.attrs)
            if is_text
            else math.prod(node.shape) * ITEM_BYTES[node.dtype]
        )
    return node.bytes
