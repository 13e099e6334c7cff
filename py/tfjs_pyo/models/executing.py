"""`model.execute`: what any layers of a graph give for inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tfjs_pyo import naming, nests, ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.layers.symbols import LayerCall, SymbolicTensor
from tfjs_pyo.models.graph_order import ordered_calls

if TYPE_CHECKING:
    from tfjs_pyo.models.base import Model


Told = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""What a layer is told besides its inputs, given what was recorded of its call."""


def run_calls(calls: list[LayerCall], values: dict[int, Tensor], told: Told) -> dict[int, Tensor]:
    """Runs layer calls in their order.

    Args:
        calls: each after those that it needs.
        values: of the inputs, by the identity of the symbolic tensor; those of all outputs come to them.
        told: gives what layers are told.
    """
    for call in calls:
        inputs, arguments = call.given([values[symbol.id] for symbol in call.inputs])
        result = call.layer._run(inputs, told(arguments))
        values.update(
            {symbol.id: value for symbol, value in zip(call.outputs, nests.leaves(result), strict=True)}
        )
    return values


def execute(model: Model, inputs: Any, outputs: Any) -> Any:
    """Does what `model.execute` says."""
    several = isinstance(outputs, (list, tuple))
    given: list[SymbolicTensor] = list(model.inputs or ())
    if not given:
        raise ArgumentError(
            f"{model.display_name}: execute: expected a model whose graph of layers is known."
        )
    wanted = _symbols(model, given, list(outputs) if several else [outputs])
    values = {symbol.id: value for symbol, value in zip(given, _values(model, given, inputs), strict=True)}
    for symbol in given:
        values[symbol.id] = model._fitted(symbol.layer.name, symbol.shape, values[symbol.id])
    run_calls(ordered_calls(given, wanted), values, lambda arguments: {"training": False, **arguments})
    results = [values[symbol.id] for symbol in wanted]
    return results if several else results[0]


def _symbols(model: Model, given: list[SymbolicTensor], names: list[Any]) -> list[SymbolicTensor]:
    """Returns the symbolic tensors of these names, which are theirs or those of layers with one output."""
    if not names:
        raise ArgumentError(f"{model.display_name}: execute: expected outputs, received none.")
    symbols = {symbol.name: symbol for symbol in given}
    layers = {symbol.layer.name: symbol for symbol in given}
    for call in ordered_calls(given, list(model.outputs)):
        symbols.update({symbol.name: symbol for symbol in call.outputs})
        if len(call.outputs) == 1:
            layers.setdefault(call.layer.name, call.outputs[0])
    found = []
    for name in names:
        symbol = name if isinstance(name, SymbolicTensor) else None
        if isinstance(name, str):
            symbol = symbols.get(name) or layers.get(name)
        if symbol is None:
            known = [*symbols, *layers]
            raise ArgumentError(
                f"{model.display_name}: execute: expected the name of a symbolic tensor or of a layer, received {name!r}."
                f"{naming.suggestions(str(name), known, str)}"
            )
        found.append(symbol)
    return found


def _values(model: Model, given: list[SymbolicTensor], inputs: Any) -> list[Tensor]:
    """Returns the values of the inputs, in their order."""
    if isinstance(inputs, Mapping):
        missing = [s.layer.name for s in given if s.name not in inputs and s.layer.name not in inputs]
        if missing:
            raise ArgumentError(
                f"{model.display_name}: execute: expected a value for the input {missing[0]!r}."
            )
        items = [inputs.get(s.name, inputs.get(s.layer.name)) for s in given]
    else:
        items = list(inputs) if isinstance(inputs, (list, tuple)) and len(given) > 1 else [inputs]
        if isinstance(inputs, (list, tuple)) and len(inputs) == 1 and isinstance(inputs[0], Tensor):
            items = list(inputs)
    if len(items) != len(given):
        raise ArgumentError(
            f"{model.display_name}: execute: expected {len(given)} inputs, received {len(items)}."
        )
    return [item if isinstance(item, Tensor) else ops.tensor(item) for item in items]
