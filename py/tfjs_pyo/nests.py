"""Nested structures of values: lists, tuples, named tuples and dicts, in any depth. Everything else is a value in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tfjs_pyo.errors import ArgumentError


class Slot:
    """The place of a value that was taken out of a structure: its number among the values."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number

    def __repr__(self) -> str:
        return f"Slot({self.number})"


class Taken(NamedTuple):
    """A structure with slots in place of some values, and these values in the order of their slots."""

    structure: Any
    values: list[Any]


def ordered_keys(nest: Mapping[Any, Any]) -> list[Any]:
    """Returns the keys of a dict in the order in which its values are listed: sorted as in Keras, if they can be.

    >>> ordered_keys({"b": 1, "a": 2})
    ['a', 'b']
    """
    try:
        return sorted(nest)
    except TypeError:
        return list(nest)


DEEPEST = 100
"""Levels of a structure; one that holds itself would have no end."""


def require_end(nest: Any) -> None:
    """Raises ArgumentError where a structure has more than 100 levels, or holds itself."""
    level = [nest] if is_nest(nest) else []
    for _ in range(DEEPEST):
        parts = (item for part in level for item in (part.values() if isinstance(part, Mapping) else part))
        level = list({id(part): part for part in parts if is_nest(part)}.values())
        if not level:
            return
    raise ArgumentError(
        f"expected lists and dicts of at most {DEEPEST} levels, received one that is deeper, or that holds itself."
    )


def leaves(nest: Any) -> Iterator[Any]:
    """Yields the values of a structure; those of a dict by their sorted keys.

    Raises:
        ArgumentError: it has more than 100 levels, or holds itself.

    >>> list(leaves({"b": [1, (2, None)], "a": 3}))
    [3, 1, 2, None]
    """
    require_end(nest)
    yield from _leaves(nest)


def _leaves(nest: Any) -> Iterator[Any]:
    if isinstance(nest, Mapping):
        for key in ordered_keys(nest):
            yield from _leaves(nest[key])
    elif isinstance(nest, (list, tuple)):
        for item in nest:
            yield from _leaves(item)
    else:
        yield nest


def mapped(function: Callable[[Any], Any], nest: Any) -> Any:
    """Returns a structure of the same form with what a function makes of each value, in the order of `leaves`.

    Raises:
        ArgumentError: it has more than 100 levels, or holds itself.

    >>> mapped(lambda value: value + 1, {"b": [1, (2, 3)], "a": 4})
    {'b': [2, (3, 4)], 'a': 5}
    """
    require_end(nest)
    return _mapped(function, nest)


def _mapped(function: Callable[[Any], Any], nest: Any) -> Any:
    if isinstance(nest, Mapping):
        made = {key: _mapped(function, nest[key]) for key in ordered_keys(nest)}
        return {key: made[key] for key in nest}
    if isinstance(nest, (list, tuple)):
        return like(nest, [_mapped(function, item) for item in nest])
    return function(nest)


def like(nest: list[Any] | tuple[Any, ...], items: Sequence[Any]) -> Any:
    """Returns items as a list, a tuple, or a named tuple of the kind of another one."""
    if isinstance(nest, tuple) and hasattr(nest, "_fields"):
        return type(nest)(*items)
    return tuple(items) if isinstance(nest, tuple) else list(items)


def is_nest(value: Any) -> bool:
    """Returns whether a value is a list, a tuple or a dict."""
    return isinstance(value, (list, tuple, Mapping))


def take(nest: Any, wanted: Callable[[Any], bool] = lambda _: True) -> Taken:
    """Takes values out of a structure.

    Args:
        nest: the structure.
        wanted: which of its values; default: all.

    >>> take({"x": [1.5, "a"]}, lambda value: isinstance(value, float))
    Taken(structure={'x': [Slot(0), 'a']}, values=[1.5])
    """
    values: list[Any] = []

    def slot(value: Any) -> Any:
        if not wanted(value):
            return value
        values.append(value)
        return Slot(len(values) - 1)

    return Taken(mapped(slot, nest), values)


def fill(structure: Any, values: Sequence[Any]) -> Any:
    """Returns a structure with values in the places of its slots.

    >>> fill(*take([1, {"a": 2}]))
    [1, {'a': 2}]
    """
    return mapped(lambda item: values[item.number] if isinstance(item, Slot) else item, structure)


__all__ = [
    "Slot",
    "Taken",
    "fill",
    "is_nest",
    "leaves",
    "like",
    "mapped",
    "ordered_keys",
    "require_end",
    "take",
]
