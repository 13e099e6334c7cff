"""The names that layers get which were given none, such as `dense_Dense1`."""

from __future__ import annotations

from threading import Lock
from typing import Any, ClassVar

_LONGEST_NUMBER = 9
"""Digits of a number in a name that is counted on."""


class _Names:
    """How many layers were named with each prefix, for names such as `dense_Dense1`."""

    counts: ClassVar[dict[str, int]] = {}
    lock: ClassVar[Lock] = Lock()


def unique_name(prefix: str) -> str:
    """Returns the prefix and the number of names made with it."""
    with _Names.lock:
        number = _Names.counts[prefix] = _Names.counts.get(prefix, 0) + 1
    return f"{prefix}{number}"


def note_name(name: Any, prefix: str) -> None:
    """Notes a name that was given, such as one of a file, so that none like it is made up later."""
    number = name.removeprefix(prefix) if isinstance(name, str) else ""
    if number != name and number.isdecimal() and len(number) <= _LONGEST_NUMBER:
        with _Names.lock:
            _Names.counts[prefix] = max(_Names.counts.get(prefix, 0), int(number))


def reset_names() -> None:
    """Lets names begin anew, as in a new program."""
    _Names.counts.clear()


__all__ = ["note_name", "reset_names", "unique_name"]
