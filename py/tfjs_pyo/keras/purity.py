"""Whether code did more than compute with tensors: then a recording of it, replayed, would not do what it does."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from tfjs_pyo.layers.base import Layer

_PLAIN = (int, float, str, bool, type(None))
_OURS = frozenset({
    "built", "_building", "_built_with", "history", "is_training", "_own", "_fixed", "_penalties", "_limits", "_added_losses",
    "_losses_noted", "_traced_functions", "_own_names", "_steps", "_known_objectives",
})  # fmt: skip
"""Attributes that this package sets while a step is recorded."""


class Snapshot:
    """What Python code may change besides variables: plain attributes of layers, lengths of containers, random numbers.

    Args:
        layers: whose attributes are meant.
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._layers = layers
        self._plain = dict(self._attributes())
        self._contents = [
            (value, value.copy())
            for layer in layers
            for name, value in vars(layer).items()
            if name not in _OURS and isinstance(value, (list, dict, set))
        ]
        self._random = random.getstate()
        self._numpy = _numpy_state()

    def _attributes(self) -> Iterator[tuple[tuple[int, str], Any]]:
        for number, layer in enumerate(self._layers):
            for name, value in vars(layer).items():
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
        return changed or random.getstate() != self._random or _numpy_state() != self._numpy

    def restore(self) -> None:
        """Makes plain attributes, containers that grew or shrank, and random numbers what they were."""
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


__all__ = ["Snapshot"]
