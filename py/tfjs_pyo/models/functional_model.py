"""Functional: a model that is a graph of layers, from inputs to outputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tfjs_pyo import nests
from tfjs_pyo.config import field
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.layers import trials
from tfjs_pyo.layers.base import BatchShape, Layer, LayerCall, SymbolicTensor
from tfjs_pyo.models.base import Model, graph_class
from tfjs_pyo.models.copying import flat_graph, graph_of
from tfjs_pyo.models.endpoints import filled, in_order, names_of
from tfjs_pyo.models.executing import run_calls
from tfjs_pyo.models.graph_order import calls_of_layers, ordered_calls, ordered_layers
from tfjs_pyo.models.saving.topology import graph_config, require_names
from tfjs_pyo.models.summary import SummaryRow
from tfjs_pyo.models.texts import has_strings, text_part
from tfjs_pyo.options import shown
from tfjs_pyo.types import Result, Shapes, Symbols


class Functional(Model):
    """A graph of layers from inputs to outputs; what `tf.model` makes.

    Args:
        inputs: symbolic tensor of `tf.input`, or a list or dict of them, in any depth.
        outputs: symbolic tensor, or a list or dict of them.
        name: of the model.

    Raises:
        ArgumentError: an output does not depend on the inputs, or two layers have one name.

    Example:
        >>> import tfjs_pyo as tf
        >>> x = tf.input({"shape": [4]})
        >>> model = tf.model({"inputs": x, "outputs": tf.layers.dense({"units": 2}).apply(x)})
        >>> type(model).__name__, isinstance(model, tf.Model)
        ('Functional', True)

    Source: https://js.tensorflow.org/api/latest/#model
    """

    _several_inputs = True
    per_sample = True
    inputs: Symbols = field(None, saved=False)
    outputs: Symbols = field(None, saved=False)

    _stands_for = Model
    _is_graph = True
    _holds_by_attributes = False

    _input_list: list[SymbolicTensor]
    _output_list: list[SymbolicTensor]
    _calls: list[LayerCall]
    _ordered: list[Layer]

    def _assemble(self) -> None:
        """Finds the graph between inputs and outputs."""
        self._input_structure, self._input_list = nests.take(self.inputs)
        self._output_structure, self._output_list = nests.take(self.outputs)
        for tensor in (*self._input_list, *self._output_list):
            if not isinstance(tensor, SymbolicTensor):
                raise ArgumentError(
                    f"model: expected symbolic tensors, made by tf.input, received {shown(tensor)}."
                )
        self.inputs, self.outputs = self._input_list, self._output_list
        self._calls = ordered_calls(self._input_list, self._output_list)
        self._ordered = ordered_layers(self._input_list, self._output_list, self._calls)
        require_names(self._ordered, self.display_name)
        text_part(self._input_list, self._calls)  # says now what is wrong
        self._reads_values = any(layer._reads_values for layer in self._ordered)
        self.built = True

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self._reduced(lambda: (_unmade, (self._known_as(),), self.__getstate__()))

    def __getstate__(self) -> dict[str, Any]:
        graph = flat_graph(self._input_list, self._calls, self._output_list)
        state = super().__getstate__()
        for name in ("_input_list", "_output_list", "_calls", "inputs", "outputs"):
            del state[name]
        return {**state, "_graph": graph}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._input_list, self._calls, self._output_list = graph_of(state.pop("_graph"))
        super().__setstate__(state)
        self.inputs, self.outputs = self._input_list, self._output_list

    @property
    def layers(self) -> list[Layer]:
        """Layers, those farthest from the outputs first, as in TF.js and Keras."""
        return list(self._ordered)

    def _takes_a_list(self) -> bool:
        return len(self._input_list) > 1

    def _sublayers(self) -> list[Layer]:
        return list(self._ordered)

    def _held_layers(self) -> list[tuple[str, Layer]]:
        """Returns the layers with their places: their numbers."""
        return [(str(number), layer) for number, layer in enumerate(self._ordered)]

    def get_config(self) -> dict[str, Any]:
        """Returns the graph as JSON values, in TF.js's form.

        Example:
            >>> import tfjs_pyo as tf
            >>> x = tf.input({"shape": [2], "name": "x"})
            >>> model = tf.model({"inputs": x, "outputs": tf.layers.dense({"units": 1, "name": "y"}).apply(x)})
            >>> config = model.getConfig()
            >>> [layer["name"] for layer in config["layers"]], config["output_layers"]
            (['x', 'y'], [['y', 0, 0]])
        """
        return graph_config(self, self._input_list, self._output_list)

    def _input_specs(self) -> list[tuple[str, BatchShape]]:
        return [(name, t.shape) for name, t in zip(self.input_names, self._input_list, strict=True)]

    @property
    def input_names(self) -> list[str]:
        return names_of(self._input_structure, [t.layer.name for t in self._input_list])

    @property
    def output_names(self) -> list[str]:
        return names_of(self._output_structure, [t.layer.name for t in self._output_list])

    @property
    def _form_of_outputs(self) -> Any:
        return self._output_structure

    def _flat_inputs(self, inputs: Any) -> list[Any]:
        """Returns the values for the inputs of the graph in their order: from a list, a dict, or the structure of `inputs`."""
        names = [symbol.layer.name for symbol in self._input_list]
        return in_order(self.display_name, self._input_structure, names, inputs)

    def call(self, inputs: Any, training: bool | None = False) -> Result:
        values: dict[int, Tensor] = {}
        calls, texts = self._calls, text_part(self._input_list, self._calls)
        if texts is not None and not has_strings(inputs):  # they were looked up before the step
            calls = texts.rest
            values = {s.id: value for s, value in zip(texts.symbols, nests.leaves(inputs), strict=True)}
        else:
            for symbol, given in zip(self._input_list, self._flat_inputs(inputs), strict=True):
                values[symbol.id] = self._fitted(symbol.layer.name, symbol.shape, given)
        run_calls(calls, values, lambda arguments: self._told(arguments, training))
        return filled(self._output_structure, [values[symbol.id] for symbol in self._output_list])

    def _looked_up(self, inputs: list[Tensor]) -> list[Tensor]:
        texts = text_part(self._input_list, self._calls)
        return inputs if texts is None else texts.numbers_of(inputs)

    def _told(self, arguments: Mapping[str, Any], training: bool | None) -> Mapping[str, Any]:
        """Returns what a layer of the graph is told: `training` unless its own call said otherwise."""
        return {"training": training, **arguments}

    def compute_output_shape(self, input_shape: Any) -> Shapes:
        if self._shapes_by_calling:
            return self._shapes_of_call(input_shape, {})
        return trials.shapes_of(self._specs_for(trials.as_shapes(input_shape)))

    def _specs_of_call(self, inputs: Any, arguments: Mapping[str, Any]) -> Any:
        if self._shapes_by_calling:
            return super()._specs_of_call(inputs, arguments)
        return self._specs_for(trials.shapes_of(inputs))

    def _specs_for(self, shapes: Any) -> Any:
        """Returns what the graph gives for inputs of these shapes, with a Spec for each tensor."""
        names = [symbol.layer.name for symbol in self._input_list]
        is_shape = lambda value: isinstance(value, tuple)  # noqa: E731
        given = in_order(self.display_name, self._input_structure, names, shapes, is_shape)
        ends = self._input_list, self._output_list
        known, last = ({s.id: trials.Spec(s.shape, s.dtype) for s in symbols} for symbols in ends)
        found = {s.id: trials.Spec(tuple(shape), s.dtype) for s, shape in zip(ends[0], given, strict=True)}
        if found == known:
            return filled(self._output_structure, [last[symbol.id] for symbol in self._output_list])
        for call in self._calls:
            inputs, arguments = call.given([found[symbol.id] for symbol in call.inputs])
            specs = nests.leaves(call.layer._specs_of_call(inputs, arguments))
            found.update({symbol.id: spec for symbol, spec in zip(call.outputs, specs, strict=True)})
        return filled(self._output_structure, [found[symbol.id] for symbol in self._output_list])

    def _summary_rows(self) -> list[SummaryRow]:
        """Returns what the summary says of each layer."""
        calls = calls_of_layers(self.layers, self._calls)
        given = {t.layer: t for t in self._input_list}
        line = len(given) == len(self._output_list) == 1 and len(self._calls) + 1 == len(self.layers)
        line = line and all(len(call.inputs) == len(call.outputs) == 1 for call in self._calls)
        used = [symbol.id for call in self._calls for symbol in call.inputs]
        line = line and len(set(used)) == len(used)

        numbers = {id(call): number for own in calls.values() for number, call in enumerate(own)}

        def source(symbol: SymbolicTensor) -> str:
            return f"{symbol.layer.name}[{numbers.get(id(symbol.call), 0)}][{symbol.index}]"

        rows = []
        for layer in self.layers:
            if layer in given:
                rows.append(SummaryRow(layer, [[given[layer].shape]], given[layer].shape))
                continue
            own = calls[layer]
            outputs = [[symbol.shape for symbol in call.outputs] for call in own]
            shown: Any = outputs[0] if len(outputs[0]) > 1 else outputs[0][0]
            if any(other != outputs[0] for other in outputs):
                shown = "multiple"
            sources = [] if line else [source(symbol) for call in own for symbol in call.inputs]
            rows.append(SummaryRow(layer, [[t.shape for t in call.inputs] for call in own], shown, sources))
        return rows


def _unmade(kind: type[Model]) -> Model:
    """Returns a model of a graph that is still to be set: for copies and pickles."""
    made = graph_class(kind)
    return made.__new__(made)


Model._graph_class = Functional
Model.__signature__ = Functional.__signature__

__all__ = ["Functional"]
