"""Model: layers put together as a graph; a layer itself, so that models nest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self
from weakref import WeakSet

from tfjs_pyo import naming, nests, options
from tfjs_pyo.config import field, shown
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, NameNotFoundError, ShapeError
from tfjs_pyo.layers import trials
from tfjs_pyo.layers.base import BatchShape, Layer, LayerCall, SymbolicTensor
from tfjs_pyo.models.copying import flat_graph, graph_of
from tfjs_pyo.models.endpoints import filled, in_order, names_of
from tfjs_pyo.models.executing import execute, run_calls
from tfjs_pyo.models.graph_order import calls_of_layers, ordered_calls, ordered_layers
from tfjs_pyo.models.loading.reviving import Reviver
from tfjs_pyo.models.loading.wiring import connected
from tfjs_pyo.models.saved import Saved
from tfjs_pyo.models.saving.topology import graph_config, require_names
from tfjs_pyo.models.summary import SummaryRow, summary_html, summary_lines
from tfjs_pyo.models.training.log import Log
from tfjs_pyo.models.training.trainer import Trainer


def as_list(value: Any) -> list[Any]:
    """Returns a list: of one, unless it is one already."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


LIVING: WeakSet[Model] = WeakSet()
"""The models that were not disposed of."""


class Model(Trainer, Saved, Layer):
    """A graph of layers from inputs to outputs.

    Args:
        inputs: symbolic tensor of `tf.input`, or a list or dict of them, in any depth.
        outputs: symbolic tensor, or a list or dict of them.
        name: of the model.

    A subclass may define `call(inputs)` instead, as in Keras, and hold layers as attributes; these are built when data, or a
    shape given to `build`, are first seen.

    Raises:
        ArgumentError: an output does not depend on the inputs, two layers have one name, or there is neither a graph nor a
            `call`.

    Example:
        >>> import tfjs_pyo as tf
        >>> x = tf.input({"shape": [4]})
        >>> y = tf.layers.dense({"units": 2}).apply(x)
        >>> tf.model({"inputs": x, "outputs": y}).predict(tf.ones([3, 4])).shape
        (3, 2)

    Source: https://js.tensorflow.org/api/latest/#model
    """

    is_model = True
    _several_inputs = True
    per_sample = True
    inputs: Any = field(None, saved=False)
    outputs: Any = field(None, saved=False)

    _input_list: list[SymbolicTensor]
    _output_list: list[SymbolicTensor]
    _calls: list[LayerCall]
    _ordered: list[Layer]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.forget_graph()
        super().__init__(*args, **kwargs)
        if self.inputs is None and self.outputs is None:
            if type(self).call is Model.call and not self._defines_step(training=True):
                raise ArgumentError(
                    "model: expected 'inputs' and 'outputs', or a subclass that defines call(inputs) or train_step(data)."
                )
        else:
            self._connect()
        if not self.trainable:
            self._spread_trainable()
        LIVING.add(self)

    def __getstate__(self) -> dict[str, Any]:
        """What copies and pickles keep: layers, graph, weights and what the model was compiled with; no compiled steps."""
        state = super().__getstate__()
        graph = flat_graph(self._input_list, self._calls, self._output_list) if self._output_list else None
        for name in ("_input_list", "_output_list", "_calls", "inputs", "outputs", "_training_log"):
            del state[name]
        return {**state, "_steps": {}, "_own_names": {}, "is_training": False, "_graph": graph}

    def __setstate__(self, state: dict[str, Any]) -> None:
        graph = state.pop("_graph")
        super().__setstate__(state)
        self._training_log = Log()
        self._input_list, self._calls, self._output_list = graph_of(graph) if graph else ([], [], [])
        self.inputs, self.outputs = (self._input_list, self._output_list) if graph else (None, None)
        if self._trained is not None:
            self._trained.enter(self)
        LIVING.add(self)

    def forget_graph(self) -> None:
        """Begins without a graph between inputs and outputs."""
        self._input_list = []
        self._output_list = []
        self._input_structure: Any = []
        self._output_structure: Any = []
        self._calls = []
        self._ordered = []
        self._outputs_seen: Any = nests.Slot(0)
        """The structure of what `call` of a subclass gives."""

    def _connect(self) -> None:
        """Finds the graph between inputs and outputs."""
        self._input_structure, self._input_list = nests.take(self.inputs)
        self._output_structure, self._output_list = nests.take(self.outputs)
        for tensor in (*self._input_list, *self._output_list):
            if not isinstance(tensor, SymbolicTensor):
                raise ArgumentError(
                    f"model: expected symbolic tensors, made by tf.input, received {tensor!r}."
                )
        self.inputs, self.outputs = self._input_list, self._output_list
        self._calls = ordered_calls(self._input_list, self._output_list)
        self._ordered = ordered_layers(self._input_list, self._output_list, self._calls)
        require_names(self._ordered, self.display_name)
        self.built = True

    def _name_prefix(self) -> str:
        return type(self).__name__.lower()

    def dispose(self) -> dict[str, int]:
        """Frees the weights, but not those that another model has too, if that was not disposed of.

        So a model that is a layer of this one keeps its own. An optimizer that `compile` made from a name goes as well.

        Returns:
            `{'refCountAfterDispose': 0, 'numDisposedVariables': how many}`.

        Example:
            >>> import tfjs_pyo as tf
            >>> base = tf.sequential({"layers": [tf.layers.dense({"units": 2, "inputShape": [3]})]})
            >>> top = tf.sequential({"layers": [*base.layers, tf.layers.dense({"units": 1})]})
            >>> top.dispose()["numDisposedVariables"], base.predict(tf.zeros([1, 3])).array_sync()
            (2, [[0.0, 0.0]])

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.dispose
        """
        self._check_idle("dispose")
        LIVING.discard(self)
        self._forget_steps()
        self._training_log.dispose()
        elsewhere = {id(weight) for model in list(LIVING) for weight in model._all_weights()}
        if self._owns_optimizer and self.optimizer is not None:
            self.optimizer.dispose()
        return self._free([weight for weight in self._all_weights() if id(weight) not in elsewhere])

    def reset_states(self) -> None:
        """Lets all stateful layers forget what they remember; nothing happens where there are none.

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.resetStates
        """
        if self.stateful:
            super().reset_states()

    @property
    def layers(self) -> list[Layer]:
        """Layers, those farthest from the outputs first, as in TF.js and Keras; of a subclass with a `call` its attributes."""
        return list(self._ordered) if self._output_list else Layer._sublayers(self)

    def _takes_a_list(self) -> bool:
        return len(self._input_list) > 1

    def _sublayers(self) -> list[Layer]:
        return self.layers

    def _held_layers(self) -> list[tuple[str, Layer]]:
        """Returns the layers with their places: of graphs and stacks their numbers, else the attributes that hold them."""
        if self._holds_by_attributes:
            return super()._held_layers()
        return [(str(number), layer) for number, layer in enumerate(self._sublayers())]

    @property
    def _holds_by_attributes(self) -> bool:
        """Whether the layers are those of attributes, since there is no graph."""
        return not self._output_list

    def __getattr__(self, name: str) -> Any:
        what = naming.snake(name)
        if what in (
            "input",
            "output",
            "input_shape",
            "output_shape",
        ):  # of the model, whatever other models use it
            symbols = self.inputs if what.startswith("input") else self.outputs
            if symbols:
                structure = self._input_structure if what.startswith("input") else self._output_structure
                shown = [symbol.shape for symbol in symbols] if what.endswith("_shape") else symbols
                return filled(structure or [nests.Slot(i) for i in range(len(symbols))], shown)
        return super().__getattr__(name)

    @property
    def _compiled_with(self) -> dict[str, Any] | None:
        """What the model was compiled with, for files; None if it was not."""
        if self.optimizer is None:
            return None
        return {
            "optimizer": self.optimizer,
            "losses": [objective.loss for objective in self._objectives],
            "metrics": [objective.metrics for objective in self._objectives],
            "loss_weights": [objective.factor for objective in self._objectives],
        }  # fmt: skip

    @property
    def _graph_inputs(self) -> list[SymbolicTensor]:
        """The symbolic inputs of the graph."""
        return self._input_list

    @property
    def _graph_outputs(self) -> list[SymbolicTensor]:
        """The symbolic outputs of the graph."""
        return self._output_list

    @property
    def _graph_calls(self) -> list[LayerCall]:
        """The layer calls of the graph, each after those that it needs."""
        return self._calls

    def get_config(self) -> dict[str, Any]:
        """Returns the graph as JSON values, in TF.js's form; of a subclass with a `call` its fields."""
        return (
            graph_config(self, self._input_list, self._output_list)
            if self._output_list
            else super().get_config()
        )

    @classmethod
    def _revive(cls, config: Mapping[str, Any], reviver: Reviver) -> Self:
        """Returns a model made from what `get_config` gave, in any form that TF.js and Keras write."""
        if "layers" not in config:
            return super(Saved, cls).from_config(config)
        name = config.get("name")
        make = lambda inputs, outputs: cls(inputs=inputs, outputs=outputs, name=name)  # noqa: E731
        model: Self = connected(make, config, reviver, f"{reviver.owner}: model {name!r}")
        if config.get("trainable") is False:
            model.trainable = False
        return model

    def _input_specs(self) -> list[tuple[str, BatchShape]]:
        """Returns name and shape (with batch) of each input."""
        return [(name, t.shape) for name, t in zip(self.input_names, self._input_list, strict=True)]

    @property
    def input_names(self) -> list[str]:
        """The name of the layer of each input; of a dict of inputs the keys."""
        return names_of(self._input_structure, [t.layer.name for t in self._input_list])

    @property
    def output_names(self) -> list[str]:
        """The name of the layer of each output; of a dict of outputs the keys."""
        if not self._output_list:
            several = len(list(nests.leaves(self._outputs_seen)))
            return names_of(self._outputs_seen, [f"output_{number + 1}" for number in range(several)])
        return names_of(self._output_structure, [t.layer.name for t in self._output_list])

    @property
    def _form_of_outputs(self) -> Any:
        """The structure of the outputs, with slots in place of tensors; of a subclass what `call` gave."""
        return self._output_structure if self._output_list else self._outputs_seen

    def _flat_inputs(self, inputs: Any) -> list[Any]:
        """Returns the values for the inputs of the graph in their order: from a list, a dict, or the structure of `inputs`."""
        names = [symbol.layer.name for symbol in self._input_list]
        return in_order(self.display_name, self._input_structure, names, inputs)

    @shown
    def input_layers(self) -> list[Layer]:
        """The layers of the inputs of the graph."""
        return [symbol.layer for symbol in self.inputs or ()]

    @shown
    def output_layers(self) -> list[Layer]:
        """The layers of the outputs of the graph."""
        return [symbol.layer for symbol in self.outputs or ()]

    def build(self, input_shape: Any) -> None:
        """Builds the layers of a subclass by running its `call` once, without data."""
        if not self._output_list and type(self).call is not Model.call:
            self._built_shape = input_shape
            inputs = trials.specs_of(input_shape, "float32")
            self._outputs_seen = nests.take(self._specs_of_call(inputs, {})).structure
            self.reset_states()

    def call(self, inputs: Any, training: bool = False) -> Any:
        values: dict[int, Tensor] = {}
        for symbol, given in zip(self._input_list, self._flat_inputs(inputs), strict=True):
            value = self.adjusted(given, symbol.shape)
            self._check_input(symbol.layer.name, symbol.shape, value.shape)
            values[symbol.id] = value
        run_calls(self._calls, values, training)
        return filled(self._output_structure, [values[symbol.id] for symbol in self._output_list])

    def adjusted(self, value: Tensor, expected: BatchShape) -> Tensor:  # noqa: ARG002 (Keras's models use it)
        """Returns what is given for an input in the rank that it has, where the API does so."""
        return value

    def _check_input(self, name: str, expected: BatchShape, found: tuple[int, ...]) -> None:
        """Raises ShapeError unless samples of shape `found` (with batch) fit an input; their number is up to the layers."""
        fits = len(expected) == len(found) and all(
            e in (None, f) for e, f in zip(expected[1:], found[1:], strict=True)
        )
        if not fits:
            text = f"[{', '.join(['batch', *(str(dim) for dim in expected[1:])])}]"
            raise ShapeError(
                f"{self.display_name}: expected input {name!r} to have shape {text}, received shape {list(found)}."
            )

    def compute_output_shape(self, input_shape: Any) -> Any:
        if self._shapes_by_calling:
            return self._shapes_of_call(input_shape, {})
        shapes = trials.as_shapes(input_shape)
        names = [symbol.layer.name for symbol in self._input_list]
        is_shape = lambda value: isinstance(value, tuple)  # noqa: E731
        given = in_order(self.display_name, self._input_structure, names, shapes, is_shape)
        known = {
            symbol.id: trials.Spec(tuple(shape), symbol.dtype)
            for symbol, shape in zip(self._input_list, given, strict=True)
        }
        for call in self._calls:
            inputs, arguments = call.given([known[symbol.id] for symbol in call.inputs])
            specs = nests.leaves(call.layer._specs_of_call(inputs, arguments))
            known.update({symbol.id: spec for symbol, spec in zip(call.outputs, specs, strict=True)})
        return filled(self._output_structure, [known[symbol.id].shape for symbol in self._output_list])

    def get_layer(self, name: str | int | None = None, index: int | None = None) -> Layer:
        """Returns a layer by name or by index. Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.getLayer"""
        found = options.whole(name)
        place = options.plain(index) if found is None else found
        if place is not None:
            return self.layers[place]
        for layer in self.layers:
            if layer.name == name:
                return layer
        names = [layer.name for layer in self.layers]
        raise NameNotFoundError(
            f"{self.display_name}: no layer is named {name!r}. There are: {', '.join(names)}."
        )

    find_layer = get_layer

    def execute(self, inputs: Any, outputs: Any) -> Any:
        """Returns what any layers of the graph give for inputs.

        Args:
            inputs: a tensor, a list of them in the order of `inputs`, or a dict by the names of `inputs`.
            outputs: a symbolic tensor, or its name or that of a layer; or a list of these.

        Raises:
            ArgumentError: an output is none of the graph, or an input is missing.

        Example:
            >>> import tfjs_pyo as tf
            >>> x = tf.input({"shape": [4]})
            >>> hidden = tf.layers.dense({"units": 3, "name": "hidden"}).apply(x)
            >>> model = tf.model({"inputs": x, "outputs": tf.layers.dense({"units": 2}).apply(hidden)})
            >>> model.execute(tf.ones([5, 4]), "hidden").shape
            (5, 3)

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.execute
        """
        return execute(self, inputs, outputs)

    def summary(
        self,
        line_length: int | None = None,
        positions: Sequence[float] | None = None,
        print_fn: Callable[[str], Any] = print,
    ) -> None:
        """Prints layers, their shapes and parameter counts.

        Args:
            line_length: width of the table.
            positions: where columns end: characters, or shares of the width if they are 1 or less.
            print_fn: called with each line in place of `print`.

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.summary
        """
        for line in summary_lines(self, line_length, positions):
            print_fn(line)

    def _repr_html_(self) -> str | None:
        """Returns the summary as a table, which pages show; None before the model is built."""
        return summary_html(self) if self.built else None

    def _summary_rows(self) -> list[SummaryRow]:
        """Returns what the summary says of each layer."""
        if not self._output_list:
            return [SummaryRow(layer, [], "?") for layer in self.layers]
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

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r} with {len(self.layers)} layers, {self.count_params():,} parameters>"
