"""Numbers that users give as options: those of NumPy, and others that stand for numbers, become Python's own here."""

from __future__ import annotations

import operator
import reprlib
from collections.abc import Sequence
from typing import Any

_OWN = frozenset({bool, int, float, str, type(None)})
_LISTS = frozenset({list, tuple})


_DEEPEST = 16
"""How deep options are nested at most; a list that holds itself has no end."""


def plain(value: Any, depth: int = 0) -> Any:
    """Returns NumPy's numbers as Python's own, also in lists; what is none stays as it is.

    >>> plain([3, None, "same"])
    [3, None, 'same']
    """
    kind = type(value)
    if kind in _OWN:
        return value
    if kind in _LISTS:
        if depth == _DEEPEST:
            return value
        items = [plain(item, depth + 1) for item in value]
        return value if all(map(operator.is_, items, value)) else kind(items)
    if hasattr(type(value), "__array_interface__") and value.shape == () and value.dtype.kind in "iufbU":
        return value.item()
    return value


def whole(value: Any) -> int | None:
    """Returns a whole number, of Python, NumPy or any other type with `__index__`; None for all else, also for bools.

    >>> whole(3), whole(3.0), whole(True)
    (3, None, None)
    """
    value = plain(value)
    if isinstance(value, (bool, str)):
        return None
    try:
        return operator.index(value)
    except (TypeError, ValueError):
        return None


_FLOAT_BITS = 1024
"""Integers of more bits are no floats."""


def real(value: Any) -> float | None:
    """Returns a number, of Python, NumPy or any other type with `__float__`; None for all else, also for bools.

    >>> real(3), real(0.5), real("1"), real(True)
    (3, 0.5, None, None)
    """
    value = plain(value)
    if isinstance(value, (bool, str)):
        return None
    if isinstance(value, float):
        return value
    if isinstance(value, int):
        return value if value.bit_length() < _FLOAT_BITS else None
    if isinstance(value, complex):
        return None
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None


def shown(value: Any) -> str:
    """Returns a value for an error: what is long is cut.

    >>> shown("flaot32"), shown([[0] * 1000])
    ("'flaot32'", '[[0, 0, 0, 0, 0, 0, ...]]')
    """
    text = _SHORT.repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


_LONGEST = 200
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _LONGEST


def items(value: Any) -> list[Any] | None:
    """Returns the items of a list, tuple, range or array, numbers as Python's own; None for all else.

    >>> items((3, 4)), items(3)
    ([3, 4], None)
    """
    if hasattr(type(value), "__array_interface__") and value.shape:
        found: list[Any] = value.tolist()
        return found
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [plain(item, 1) for item in value]
    return None


def whole_items(value: Any) -> tuple[int, ...] | None:
    """Returns whole numbers given as a list, tuple, range or array; None for all else.

    >>> whole_items([3, 4]), whole_items([3, 0.5])
    ((3, 4), None)
    """
    given = items(value)
    if given is None:
        return None
    found = [number for item in given if (number := whole(item)) is not None]
    return tuple(found) if len(found) == len(given) else None


__all__ = ["items", "plain", "real", "shown", "whole", "whole_items"]
