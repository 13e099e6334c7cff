"""Strings in a graph of layers: they are looked up before a compiled step begins, which takes numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tfjs_pyo import nests
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.layers.core import Lambda
from tfjs_pyo.layers.holding import is_ours
from tfjs_pyo.layers.on_strings import OnStrings
from tfjs_pyo.layers.operations import Operation
from tfjs_pyo.layers.symbols import LayerCall, SymbolicTensor
from tfjs_pyo.models.executing import run_calls


class TextPart(NamedTuple):
    """The beginning of a graph that takes strings.

    Attributes:
        inputs: of the graph.
        calls: of the layers that take strings, in their order.
        symbols: what the rest of the graph begins with: inputs of numbers, then what those layers give.
        rest: the other calls, in their order.
    """

    inputs: list[SymbolicTensor]
    calls: list[LayerCall]
    symbols: list[SymbolicTensor]
    rest: list[LayerCall]

    def numbers_of(self, values: Sequence[Tensor]) -> list[Tensor]:
        """Returns the values of `symbols` for those of the inputs."""
        known = {symbol.id: value for symbol, value in zip(self.inputs, values, strict=True)}
        run_calls(self.calls, known, lambda arguments: {"training": False, **arguments})
        return [known[symbol.id] for symbol in self.symbols]


def text_part(inputs: list[SymbolicTensor], calls: list[LayerCall]) -> TextPart | None:
    """Returns the beginning of a graph that takes strings; None where no input does, or where layers do that have more in them.

    A step with such layers runs as it is written, on strings.

    Raises:
        ArgumentError: a layer that computes with numbers takes strings.
    """
    if all(symbol.dtype != "string" for symbol in inputs):
        return None
    taking = [call for call in calls if any(symbol.dtype == "string" for symbol in call.inputs)]
    for call in taking:
        if _needs_numbers(call.layer):
            raise ArgumentError(
                f"{call.layer.display_name}: expected numbers, received strings. Of the layers of a model those may take strings "
                "that look them up, such as stringLookup, and models and layers of your own that begin with these."
            )
    if not all(isinstance(call.layer, OnStrings) for call in taking):
        return None
    known = {id(call) for call in taking}
    rest = [call for call in calls if id(call) not in known]
    found = [s for s in inputs if s.dtype != "string"]
    found += [s for call in taking for s in call.outputs if s.dtype != "string"]
    return TextPart(inputs, taking, found, rest)


def _needs_numbers(layer: Layer) -> bool:
    """Returns whether a layer is none that may take strings."""
    if layer._is_model:
        return bool(layer.inputs) and all(symbol.dtype != "string" for symbol in layer.inputs)
    return is_ours(type(layer)) and not isinstance(layer, (OnStrings, Lambda, Operation))


def has_strings(values: object) -> bool:
    """Returns whether there is a string among values in a structure."""
    return any(getattr(value, "dtype", None) == "string" for value in nests.leaves(values))


__all__ = ["TextPart", "has_strings", "text_part"]
