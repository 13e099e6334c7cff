"""What `copy.deepcopy`, `pickle` and joblib keep of a model: its layers, weights, graph, and what it was compiled with.

The graph goes as a list of calls: symbolic tensors that hold each other would be as deep as the model has layers.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from tfjs_pyo import nests
from tfjs_pyo.layers.base import BatchShape, Layer, LayerCall, SymbolicTensor
from tfjs_pyo.layers.core import InputLayer


class Symbol(NamedTuple):
    """A symbolic tensor without the call that gives it."""

    shape: BatchShape
    dtype: str
    layer: Layer
    place: int


class Call(NamedTuple):
    """A call of a layer; inputs are numbers of symbols: first those of the graph's inputs, then those that calls give."""

    layer: Layer
    inputs: list[int]
    structure: Any
    arguments: dict[str, Any]
    outputs: list[Symbol]
    result: Any


class Graph(NamedTuple):
    """The graph of a model."""

    inputs: list[Symbol]
    calls: list[Call]
    outputs: list[int]


def _flat(symbol: SymbolicTensor) -> Symbol:
    return Symbol(symbol.shape, symbol.dtype, symbol.layer, symbol.index)


def flat_graph(inputs: list[SymbolicTensor], calls: list[LayerCall], outputs: list[SymbolicTensor]) -> Graph:
    """Returns a graph as lists."""
    numbers = {symbol.id: number for number, symbol in enumerate(inputs)}
    flat = []
    for call in calls:
        given = [numbers[symbol.id] for symbol in call.inputs]
        for symbol in call.outputs:
            numbers.setdefault(symbol.id, len(numbers))
        flat.append(
            Call(
                call.layer, given, call.structure, call.arguments, list(map(_flat, call.outputs)), call.result
            )
        )
    return Graph([_flat(symbol) for symbol in inputs], flat, [numbers[symbol.id] for symbol in outputs])


def graph_of(flat: Graph) -> tuple[list[SymbolicTensor], list[LayerCall], list[SymbolicTensor]]:
    """Returns inputs, calls and outputs of a graph from what `flat_graph` gave."""
    symbols = [_input(symbol) for symbol in flat.inputs]
    inputs, calls = list(symbols), []
    for layer, given, structure, arguments, outputs, result in flat.calls:
        call = LayerCall(layer, *nests.fill((structure, arguments), [symbols[number] for number in given]))
        call.result = result
        symbols += call.give([(symbol.shape, symbol.dtype) for symbol in outputs])
        layer._note_call(call)
        calls.append(call)
    return inputs, calls, [symbols[number] for number in flat.outputs]


def _input(symbol: Symbol) -> SymbolicTensor:
    if isinstance(symbol.layer, InputLayer):
        return symbol.layer.output
    return SymbolicTensor(symbol.shape, symbol.dtype, symbol.layer, None, symbol.place)


__all__ = ["Graph", "flat_graph", "graph_of"]
