"""Strings: they stay in Python; what moves elements about moves their codes, so that every such op takes strings too."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Any

from tfjs_pyo.core import engine, values
from tfjs_pyo.core.graph import Node, strings_node
from tfjs_pyo.errors import DTypeError
from tfjs_pyo.ops.declare import FORMS

MOVEMENT = (
    "broadcast_to",
    "concat",
    "expand_dims",
    "gather",
    "gather_nd",
    "index_node",
    "reshape",
    "reverse",
    "slice",
    "split",
    "squeeze",
    "stack",
    "strided_slice",
    "tile",
    "transpose",
    "unstack",
    "where",
)

Text = str | bytes


class _Codes:
    """Numbers for the distinct strings of one call."""

    def __init__(self) -> None:
        self.numbers: dict[Text, int] = {}

    def encode(self, value: Any) -> Any:
        """Returns int32 codes for a node of strings, also inside lists; anything else as it is."""
        if isinstance(value, (list, tuple)):
            return type(value)(self.encode(item) for item in value)
        if type(value) is not Node or value.dtype != "string":
            return value
        codes = array("i", [self.numbers.setdefault(text, len(self.numbers)) for text in value.attrs])
        return engine.upload(codes, value.shape, "int32")

    def decode(self, result: Any) -> Any:
        """Returns the strings for a node of codes, also inside lists."""
        if isinstance(result, (list, tuple)):
            return type(result)(map(self.decode, result))
        texts = list(self.numbers)
        return strings_node([texts[code] for code in values.read(result)], result.shape)


def _moved(body: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    codes = _Codes()
    return codes.decode(body(*map(codes.encode, args), **{k: codes.encode(v) for k, v in kwargs.items()}))


def _compared(body: Callable[..., Any], a: Node, b: Node) -> Node:
    codes = _Codes()
    result: Node = body(codes.encode(a), codes.encode(b))
    return result


def _cast(_body: Callable[..., Any], x: Node, dtype: str) -> Node:
    if dtype != "string":
        raise DTypeError(f"cast: expected strings to stay strings, received the dtype {dtype!r} for them.")
    return x


FORMS["string"].update(
    {
        **dict.fromkeys(MOVEMENT, _moved),
        "cast": _cast,
        "clone": lambda _body, x: x,
        "equal": _compared,
        "not_equal": _compared,
        "zeros_like": lambda _body, x: strings_node([""] * x.size, x.shape),
    }
)
