"""Objects that are there as long as something else refers to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

T = TypeVar("T")


class WeakObjects(Generic[T]):
    """Objects that are held weakly; they can be looked through while other threads add some, which a WeakSet refuses.

    Example:
        >>> class Model: pass
        >>> kept, known = Model(), WeakObjects()
        >>> known.add(kept); known.add(Model())
        >>> list(known) == [kept]
        True
    """

    def __init__(self) -> None:
        self._found: WeakValueDictionary[int, T] = WeakValueDictionary()

    def add(self, item: T) -> None:
        """Adds an object, once."""
        self._found[id(item)] = item

    def discard(self, item: T) -> None:
        """Takes an object out, if it is in."""
        self._found.pop(id(item), None)

    def __iter__(self) -> Iterator[T]:
        for reference in self._found.valuerefs():
            item = reference()
            if item is not None:
                yield item


__all__ = ["WeakObjects"]
