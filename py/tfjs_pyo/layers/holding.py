"""What classes of layers define, that they build once, and which layers a layer holds: as attributes, and in containers."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from tfjs_pyo import nests
from tfjs_pyo.core import context, engine
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, ShapeError, TfError
from tfjs_pyo.layers import trials
from tfjs_pyo.options import shown

if TYPE_CHECKING:
    from tfjs_pyo.layers.base import Layer

T = TypeVar("T")

_PLAIN = frozenset({int, float, str, bool, type(None)})
"""Types of what holds nothing."""


def flatten_layers(outer: Layer, into: Callable[[Layer], bool] = lambda _: True) -> Iterator[Layer]:
    """Yields a layer and all layers inside it, each before those that it holds.

    Layers may refer to each other, so those that are held by attributes come once. Graphs and stacks have theirs each time.

    Args:
        outer: the layer.
        into: which layers are yielded and looked into.
    """
    met: set[int] = set()
    waiting = [(outer, False)]
    while waiting:
        layer, once = waiting.pop()
        if (once and id(layer) in met) or not into(layer):
            continue
        met.add(id(layer))
        yield layer
        waiting += [(inner, layer._holds_by_attributes) for inner in reversed(layer._sublayers())]


_INTERNAL = {
    *("_first_weights", "_own", "_fixed", "_penalties", "_kept"),
    *("_limits", "_added_losses", "_calls_made", "_first_call", "_steps"),
}
"""Attributes of the package's own that hold weights, states, calls, and what users gave."""


def held(owner: Layer, kind: type[T]) -> list[tuple[str, T]]:
    """Returns the layers, or variables, that a layer holds, each once, with their places: 'dense', 'blocks/0', 'heads/left/1'.

    Args:
        owner: the layer.
        kind: the class.
    """
    met = {id(owner)}
    found: list[tuple[str, T]] = []
    for name, value in list(vars(owner).items()):  # another thread may set attributes
        if type(value) not in _PLAIN and name not in _INTERNAL and not _is_of_plain(value):
            found += _inside(value, name, kind, met)
    return found


def _is_of_plain(value: Any) -> bool:
    """Returns whether this is a tuple of numbers and the like, as most options of layers are."""
    return type(value) is tuple and _PLAIN.issuperset(map(type, value))


def _inside(value: Any, place: str, kind: type[T], met: set[int]) -> Iterator[tuple[str, T]]:
    if isinstance(value, kind):
        if id(value) not in met:
            met.add(id(value))
            yield place, value
    elif isinstance(value, (list, tuple, dict, Mapping)) and id(value) not in met:
        met.add(id(value))  # a list may hold itself
        items = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, item in list(items):
            if type(item) not in _PLAIN:
                yield from _inside(item, f"{place}/{key}", kind, met)


def is_ours(cls: type) -> bool:
    """Returns whether a class is of this package."""
    return cls.__module__.partition(".")[0] == __name__.partition(".")[0]


def defined_at(cls: type, name: str) -> int:
    """Returns the place of the class that defines a method among the bases of `cls`."""
    return next(i for i, base in enumerate(cls.__mro__) if name in vars(base))


def _called_with(
    build: Callable[..., None], layer: Layer, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Any, dict[str, Any]]:
    """Returns the shape of the inputs, and Specs of other arguments, from what `build` was given by hand."""
    given = inspect.signature(build).bind(layer, *args, **kwargs).arguments
    shapes = list(given.items())[1:]
    further = {
        name.removesuffix("_shape"): trials.specs_of(shape, "float32")
        for name, shape in shapes[1:]
        if name.endswith("_shape") and shape is not None
    }
    return (shapes[0][1] if shapes else ()), further


def builds_once(build: Callable[..., None]) -> Callable[..., None]:
    """Returns a `build` that can be called by hand: it makes what is missing, and the layer is built then."""

    @functools.wraps(build)
    def once(self: Layer, *args: Any, **kwargs: Any) -> None:
        with engine.exclusive:
            if self._building:  # by `_ensure_built`, or by the `build` of a subclass
                with self._inside():
                    build(self, *args, **kwargs)
            elif not self.built:
                self._building += 1
                try:
                    with context.outside_traces(), self._inside():
                        build(self, *args, **kwargs)
                finally:
                    self._building -= 1
                self._note_shape(next(iter((*args, *kwargs.values())), None))
                if self._shapes_by_calling:
                    self._shapes_of_call(*_called_with(build, self, args, kwargs))
                self._after_build()

    return once


_RAW = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What Python raises where a value is not what code takes it for."""


def explains_inputs(call: Callable[..., Any]) -> Callable[..., Any]:
    """Returns a `call` that can be called by hand, and says in words where it is given no tensors."""

    @functools.wraps(call)
    def explained(self: Layer, *args: Any, **kwargs: Any) -> Any:
        given = args[0] if args else next(iter(kwargs.values()), None)
        if not isinstance(given, Tensor):
            self._require_tensors(given)
        try:
            return call(self, *args, **kwargs)
        except _RAW as error:
            leaves = list(nests.leaves(given))
            if isinstance(error, TfError):
                raise
            if isinstance(error, IndexError) and any(getattr(leaf, "shape", None) == () for leaf in leaves):
                raise ShapeError(
                    f"{self.display_name}: expected tensors with a batch axis, received a scalar."
                ) from error
            if all(isinstance(leaf, Tensor) for leaf in leaves):
                raise
            raise ArgumentError(f"{self.display_name}: expected tensors, received {shown(given)}.") from error

    return explained


__all__ = ["builds_once", "defined_at", "explains_inputs", "flatten_layers", "held", "is_ours"]
