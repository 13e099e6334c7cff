"""What code of a program reads and changes of Python: a recording of it, replayed, must not do otherwise than the code would."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Hashable, Iterator, Sequence
from types import CellType, CodeType, FunctionType
from typing import Any

from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.layers.base import Layer

_PACKAGE = __name__.partition(".")[0]
_PLAIN = (int, float, str, bool, type(None))
_CONTAINERS = (list, dict, set, tuple)
_OURS = frozenset({
    "built", "_building", "_built_with", "history", "is_training", "_own", "_fixed", "_penalties", "_limits", "_added_losses",
    "_losses_noted", "_traced_functions", "_own_names", "_steps", "_known_objectives", "_reads",
})  # fmt: skip
"""Attributes that this package sets while a step is recorded."""
_MOST = 64
"""Elements of a container that are looked at."""

Place = tuple[Callable[[], Any], Callable[[Any], None]]
"""Reads and sets what a name stands for."""


class Reads:
    """What the code of a program that a step runs may read of Python: closures, globals, attributes of layers and their kin.

    Args:
        layers: those of the model, and the model itself.
        functions: further functions that the step calls, such as losses.

    Example:
        >>> factor = 2.0
        >>> reads = Reads([], [lambda x: x * factor])
        >>> reads.values()
        (('float', '2.0'),)
    """

    def __init__(self, layers: Sequence[Layer], functions: Sequence[Any] = ()) -> None:
        self._names: set[str] = set()
        self._met: set[int] = set()
        self._places: list[Place] = []
        for owner in (*layers, *functions):
            self._follow(owner)
        owners = [owner for owner in (*layers, *functions) if not isinstance(owner, FunctionType)]
        self._owners = [owner for owner in owners if self._methods(type(owner)) or _functions_in(owner)]

    def _follow(self, value: Any) -> None:
        """Notes what a function, or the methods of an object, read."""
        if isinstance(value, FunctionType):
            self._follow_function(value)
            return
        for function in (*self._methods(type(value)), *_functions_in(value)):
            self._follow_function(function)

    @staticmethod
    def _methods(kind: type) -> list[FunctionType]:
        """Returns the functions of a class that are not of this package."""
        own = [each for each in kind.__mro__ if not _is_ours(each.__module__)]
        return [value for each in own for value in vars(each).values() if isinstance(value, FunctionType)]

    def _follow_function(self, function: FunctionType) -> None:
        if id(function) in self._met or _is_ours(function.__module__):
            return
        self._met.add(id(function))
        for cell in function.__closure__ or ():
            self._add(*_of_cell(cell))
        for name in _names_in(function.__code__):
            self._names.add(name)
            if name in function.__globals__:
                self._add(*_of_item(function.__globals__, name))

    def _add(self, read: Callable[[], Any], write: Callable[[Any], None]) -> None:
        """Notes a name, whatever it stands for now; functions of the program are followed."""
        self._places.append((read, write))
        value = read()
        if isinstance(value, FunctionType):
            self._follow_function(value)

    def values(self) -> tuple[Hashable, ...]:
        """Returns what is read as it is now: numbers, strings and the like, also those in containers and objects."""
        named = [_frozen(read()) for read, _ in self._places]
        held = [
            (name, _frozen(value))
            for owner in self._owners
            for name, value in list(vars(owner).items())
            if name in self._names and name not in _OURS
        ]
        return (
            *(value for value in named if value is not _OTHER),
            *((n, v) for n, v in held if v is not _OTHER),
        )

    def names(self) -> list[tuple[Callable[[Any], None], Any]]:
        """Returns for each name of a closure or global what sets it, and what it stands for."""
        return [(write, read()) for read, write in self._places]


class _Other:
    """Stands for what is no plain value."""


_OTHER = _Other()


def _is_ours(module: Any) -> bool:
    return isinstance(module, str) and module.partition(".")[0] in (_PACKAGE, "builtins", "abc", "typing")


def _is_of_package(kind: type) -> bool:
    return kind is not object and _is_ours(kind.__module__)


def _functions_in(owner: Any) -> list[FunctionType]:
    """Returns the functions that an object has as attributes."""
    return [
        value for value in list(getattr(owner, "__dict__", {}).values()) if isinstance(value, FunctionType)
    ]


def _names_in(code: CodeType) -> Iterator[str]:
    """Yields the names of globals and attributes in code, that of inner functions as well."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)


def _of_cell(cell: CellType) -> Place:
    def read() -> Any:
        try:
            return cell.cell_contents
        except ValueError:  # not assigned yet
            return _OTHER

    def write(value: Any) -> None:
        cell.cell_contents = value

    return read, write


def _of_item(names: dict[str, Any], name: str) -> Place:
    def write(value: Any) -> None:
        names[name] = value

    return (lambda: names.get(name, _OTHER)), write


def _frozen(value: Any, deep: bool = True) -> Any:
    """Returns a plain value, or those in a container or an object, so that they can be compared; _OTHER for anything else."""
    if isinstance(value, _PLAIN):
        return value if isinstance(value, (str, type(None))) else (type(value).__name__, repr(value))
    if not deep or isinstance(value, (Tensor, Layer, type)):
        return _OTHER
    if isinstance(value, _CONTAINERS):
        items: list[Any] = list(value.items()) if isinstance(value, dict) else list(value)
        inner = [
            _frozen(part, deep=False)
            for item in items[:_MOST]
            for part in (item if isinstance(value, dict) else (item,))
        ]
        return (type(value).__name__, len(items), *(each for each in inner if each is not _OTHER))
    if (
        not any(map(_is_of_package, type(value).__mro__))
        and not callable(value)
        and hasattr(value, "__dict__")
    ):
        inner = [(name, _frozen(each, deep=False)) for name, each in list(vars(value).items())[:_MOST]]
        return (type(value).__name__, *(pair for pair in inner if pair[1] is not _OTHER))
    return _OTHER


class Snapshot:
    """What Python code may change besides variables: what it reads, attributes of layers, containers there, random numbers.

    Args:
        layers: whose attributes are meant.
        reads: what the code reads.
    """

    def __init__(self, layers: Sequence[Layer], reads: Reads) -> None:
        self._layers, self._reads = layers, reads
        self._plain = dict(self._attributes())
        self._values, self._named = reads.values(), reads.names()
        held = [v for layer in layers for name, v in list(vars(layer).items()) if name not in _OURS]
        containers = [v for v in (*held, *(v for _, v in self._named)) if isinstance(v, (list, dict, set))]
        self._contents = [(container, container.copy()) for container in containers]
        self._random = random.getstate()
        self._numpy = _numpy_state()

    def _attributes(self) -> Iterator[tuple[tuple[int, str], Any]]:
        for number, layer in enumerate(self._layers):
            for name, value in list(vars(layer).items()):  # another thread may set attributes
                if name in _OURS:
                    continue
                if isinstance(value, _PLAIN):
                    yield (number, name), value
                elif isinstance(value, (list, dict, set)):
                    yield (number, name), ("length", len(value))

    def has_changed(self) -> bool:
        """Returns whether anything is otherwise than it was; attributes that were made since do not count."""
        now = dict(self._attributes())
        changed = any(key in now and now[key] != value for key, value in self._plain.items())
        changed = changed or self._reads.values() != self._values
        return changed or random.getstate() != self._random or _numpy_state() != self._numpy

    def restore(self) -> None:
        """Makes plain values, containers that grew or shrank, and random numbers what they were."""
        for write, value in self._named:
            if isinstance(value, _PLAIN):
                write(value)
        for (number, name), value in self._plain.items():
            if isinstance(value, _PLAIN):
                vars(self._layers[number])[name] = value
        for container, before in self._contents:
            if len(container) != len(before):
                container.clear()
                (container.extend if isinstance(container, list) else container.update)(before)
        random.setstate(self._random)
        if self._numpy is not None:
            kind, words, *rest = self._numpy
            numpy = sys.modules["numpy"]
            numpy.random.set_state((kind, numpy.frombuffer(words, dtype="uint32"), *rest))


def _numpy_state() -> tuple[Any, ...] | None:
    """Returns the state of NumPy's random numbers, if it is loaded."""
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return None
    kind, words, *rest = numpy.random.get_state()
    return (kind, words.tobytes(), *rest)


__all__ = ["Reads", "Snapshot"]
