"""The order of the layers and calls of a graph, as TensorFlow.js and Keras have it.

Source: https://github.com/keras-team/keras/blob/master/keras/src/ops/function.py (`map_graph`)
"""

from __future__ import annotations

from collections.abc import Sequence

from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.layers.base import Layer, LayerCall, SymbolicTensor


def ordered_calls(inputs: Sequence[SymbolicTensor], outputs: Sequence[SymbolicTensor]) -> list[LayerCall]:
    """Returns the layer calls between inputs and outputs, each after those that it needs.

    Raises:
        ArgumentError: an output depends on something else.
    """
    order: list[LayerCall] = []
    seen: set[int] = set()
    given = {symbol.id for symbol in inputs}
    stack: list[tuple[SymbolicTensor, bool]] = [(symbol, False) for symbol in reversed(outputs)]
    while stack:
        symbol, done = stack.pop()
        if symbol.id in given:
            continue
        if symbol.call is None:
            raise ArgumentError(
                f"model: expected every output to depend on the inputs only, but one needs the input "
                f"{symbol.layer.name!r}, which is not among them."
            )
        if done:
            order.append(symbol.call)
        elif id(symbol.call) not in seen:
            seen.add(id(symbol.call))
            stack.append((symbol, True))
            stack += [(source, False) for source in reversed(symbol.call.inputs)]
    return order


def ordered_layers(
    inputs: Sequence[SymbolicTensor], outputs: Sequence[SymbolicTensor], calls: Sequence[LayerCall]
) -> list[Layer]:
    """Returns the layers of a graph: those farthest from the outputs first, then as they are met from there.

    Inputs that no output depends on come before the last layers, as in Keras; TensorFlow.js does not list them.

    Args:
        inputs, outputs: of the graph.
        calls: as `ordered_calls` gives them.
    """
    met = _met(inputs, outputs)
    depths: dict[Layer, int] = {}
    of_calls: dict[int, int] = {}
    for call in reversed(calls):
        depth = depths[call.layer] = max(of_calls.get(id(call), 0), depths.get(call.layer, 0))
        for symbol in call.inputs:
            if symbol.call is None:
                depths[symbol.layer] = max(depth + 1, depths.get(symbol.layer, 0))
            else:
                of_calls[id(symbol.call)] = max(depth + 1, of_calls.get(id(symbol.call), 0))
    layers = [symbol.layer for symbol in inputs if symbol.call is None] + [call.layer for call in calls]
    return sorted(dict.fromkeys(layers), key=lambda layer: (-depths.get(layer, 0), met.get(layer, -1)))


def _met(inputs: Sequence[SymbolicTensor], outputs: Sequence[SymbolicTensor]) -> dict[Layer, int]:
    """Returns the place of each layer among those that a search from the outputs meets."""
    met: dict[Layer, int] = {}
    seen: set[int] = set()
    within = {symbol.id for symbol in inputs if symbol.call is not None}
    stack = list(reversed(outputs))
    while stack:
        symbol = stack.pop()
        if symbol.id in within:
            continue  # what gives an input of the model is no part of it
        met.setdefault(symbol.layer, len(met))
        if symbol.call is not None and id(symbol.call) not in seen:
            seen.add(id(symbol.call))
            stack += reversed(symbol.call.inputs)
    return met


def calls_of_layers(layers: Sequence[Layer], calls: Sequence[LayerCall]) -> dict[Layer, list[LayerCall]]:
    """Returns the calls of a graph by their layers, in the order in which they were made: files number them so."""
    within = {id(call) for call in calls}
    return {layer: [call for call in layer._uses() if id(call) in within] for layer in layers}


__all__ = ["calls_of_layers", "ordered_calls", "ordered_layers"]
