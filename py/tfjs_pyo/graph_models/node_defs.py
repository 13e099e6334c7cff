"""A node of a graph as protocol buffers have it, read as their form in JSON.

Source: https://protobuf.dev/programming-guides/encoding/,
https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/framework/node_def.proto
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable
from typing import Any

from tfjs_pyo.errors import FormatError
from tfjs_pyo.io.protobuf import fields, signed, varints

_DEEPEST = 16

Reader = Callable[[Any, int], Any]


def node_def(data: bytes, where: str) -> dict[str, Any]:
    """Returns a serialized NodeDef as JSON has it.

    Args:
        data: its bytes.
        where: for errors.

    Raises:
        FormatError: they are no such message.
    """
    try:
        return _node(data, 0)
    except (IndexError, ValueError, struct.error, TypeError, AttributeError) as error:
        raise FormatError(
            f"{where}: expected a node of a graph, received bytes that are none: {error}."
        ) from None


def _node(data: bytes, depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {"input": [], "attr": {}}
    for number, value in fields(data):
        if number in (1, 2):
            found["name" if number == 1 else "op"] = value.decode()
        elif number == 3:
            found["input"].append(value.decode())
        elif number == 5:
            entry = dict(fields(value))
            found["attr"][entry[1].decode()] = _attr(entry.get(2, b""), depth + 1)
    return found


def _shape(data: bytes, _depth: int) -> dict[str, Any]:
    found = list(fields(data))
    dims = [{"size": signed(dict(fields(value)).get(1, 0))} for number, value in found if number == 2]
    return {"unknownRank": True} if any(number == 3 and value for number, value in found) else {"dim": dims}


def _list(data: bytes, depth: int) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for number, value in fields(data):
        kind, read = _KINDS[number]
        packed = isinstance(value, bytes) and number in (3, 5, 6)
        values = varints(value) if packed else [value]
        found.setdefault(kind, []).extend(read(each, depth + 1) for each in values)
    return found


def _attr(data: bytes, depth: int) -> dict[str, Any]:
    if depth > _DEEPEST:
        raise ValueError("attributes that are nested too deep")
    for number, value in fields(data):
        if number == 1:
            return {"list": _list(value, depth + 1)}
        if number in _KINDS:
            kind, read = _KINDS[number]
            return {kind: read(value, depth + 1)}
    return {}


_KINDS: dict[int, tuple[str, Reader]] = {
    2: ("s", lambda value, _: base64.b64encode(value).decode()),
    3: ("i", lambda value, _: signed(value)),
    4: ("f", lambda value, _: float(value)),
    5: ("b", lambda value, _: bool(value)),
    6: ("type", lambda value, _: int(value)),
    7: ("shape", _shape),
}
"""The kinds of attributes by the numbers of their fields, and how each is read."""

__all__ = ["node_def"]
