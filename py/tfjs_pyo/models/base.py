"""Model: a layer of layers that is trained and saved. A subclass says what it computes; graphs and stacks are two of them."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

from tfjs_pyo import naming, nests, options
from tfjs_pyo.config import shown
from tfjs_pyo.core import moments
from tfjs_pyo.errors import ArgumentError, NameNotFoundError, OptionError, ShapeError, TraceError
from tfjs_pyo.later import Later
from tfjs_pyo.layers import trials
from tfjs_pyo.layers.base import BatchShape, Layer
from tfjs_pyo.models.endpoints import filled, names_of
from tfjs_pyo.models.executing import execute
from tfjs_pyo.models.saved import Saved
from tfjs_pyo.models.summary import SummaryRow, summary_html, summary_lines
from tfjs_pyo.models.training.log import Log
from tfjs_pyo.models.training.trainer import Trainer
from tfjs_pyo.shapes import batch_advice
from tfjs_pyo.weak import WeakObjects

if TYPE_CHECKING:
    from tfjs_pyo.models.loading import reviving, wiring
else:
    wiring = Later("tfjs_pyo.models.loading.wiring")

LIVING: WeakObjects[Model] = WeakObjects()
"""The models that were not disposed of."""


class Model(Trainer, Saved, Layer):
    """A graph of layers from inputs to outputs, or what a subclass computes.

    Args:
        inputs: symbolic tensor of `tf.input`, or a list or dict of them, in any depth.
        outputs: symbolic tensor, or a list or dict of them.
        name: of the model.

    Made of inputs and outputs it is a `Functional`. A subclass may define `call(inputs)` instead, as in Keras, and hold layers
    as attributes; these are built when data, or a shape given to `build`, are first seen.

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

    _is_model = True
    _several_inputs = True

    inputs: Any = None
    """The symbolic inputs; None where there is no graph."""
    outputs: Any = None
    """The symbolic outputs; None where there is no graph."""

    _input_structure: Any = ()
    """The structure of the inputs of a graph, with slots in place of tensors."""
    _graph_class: ClassVar[type[Model]]
    """What such a model is where it is made of inputs and outputs: a subclass of the class and of `Functional`."""
    _stands_for: ClassVar[type[Model] | None] = None
    """The class that users know, where this is its `_graph_class`."""
    _is_graph: ClassVar[bool] = False
    _stack: list[Layer] | None = None
    """The layers that follow each other; of `Sequential`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if self._holds_by_attributes and _tells_ends(args, kwargs):
            self.__class__ = graph_class(type(self))
        self._outputs_seen: Any = nests.Slot(0)
        """The structure of what `call` gives."""
        super().__init__(*args, **kwargs)
        self._assemble()
        if not self.trainable:
            self._spread_trainable()
        LIVING.add(self)

    def _assemble(self) -> None:
        """Puts the model together, of what it was given."""
        if type(self).call is Model.call and not self._defines_step(training=True):
            raise ArgumentError(
                "model: expected 'inputs' and 'outputs', or a subclass that defines call(inputs) or train_step(data)."
            )

    def _reduced(self, reduce: Callable[[], Any]) -> Any:
        optimizer = self.optimizer
        if optimizer is None:
            return super()._reduced(reduce)
        return moments.reduced(
            reduce,
            lambda: [*self._all_weights(), *optimizer.variables_in_copies()],
            optimizer.counts_in_copies,
        )

    def __getstate__(self) -> dict[str, Any]:
        """What copies and pickles keep: layers, weights and what the model was compiled with; no compiled steps."""
        state = super().__getstate__()
        del state["_training_log"]
        return {**state, "_steps": {}, "_own_names": {}, "is_training": False}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self._training_log = Log()
        if self._trained is not None:
            self._trained.enter(self)
        LIVING.add(self)

    @classmethod
    def _known_as(cls) -> type[Model]:
        """Returns the class that users know."""
        return vars(cls).get("_stands_for") or cls

    @classmethod
    def saved_class_name(cls) -> str:
        known = cls._known_as()
        return super().saved_class_name() if known is cls else known.saved_class_name()

    def _name_prefix(self) -> str:
        return self._known_as().__name__.lower()

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
        elsewhere = {id(weight) for model in LIVING for weight in model._all_weights()}
        if self._owns_optimizer and self.optimizer is not None:
            self.optimizer.dispose()
        return self._free([weight for weight in self._all_weights() if id(weight) not in elsewhere])

    def reset_states(self) -> None:
        """Lets all stateful layers forget what they remember; nothing happens where there are none.

        Example:
            >>> import tfjs_pyo as tf
            >>> cell = tf.layers.gru({"units": 2, "stateful": True, "batchInputShape": [1, 3, 1]})
            >>> model = tf.sequential({"layers": [cell]})
            >>> first, second = model.predict(tf.ones([1, 3, 1])), model.predict(tf.ones([1, 3, 1]))
            >>> model.resetStates()
            >>> (model.predict(tf.ones([1, 3, 1])).arraySync() == first.arraySync(), second.arraySync() == first.arraySync())
            (True, False)

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.resetStates
        """
        if self.stateful:
            super().reset_states()

    @property
    def layers(self) -> list[Layer]:
        """The layers: of a graph those farthest from the outputs first, of a stack from first to last, else attributes."""
        return self._sublayers()

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
                structure = self._input_structure if what.startswith("input") else self._form_of_outputs
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

    @classmethod
    def _revive(cls, config: Mapping[str, Any], reviver: reviving.Reviver) -> Self:
        """Returns a model made from what `get_config` gave, in any form that TF.js and Keras write."""
        if "layers" not in config:  # its class says what it computes
            return super(Saved, cls).from_config(config)
        name = config.get("name")
        make = lambda inputs, outputs: cls(inputs=inputs, outputs=outputs, name=name)  # noqa: E731
        model: Self = wiring.connected(make, config, reviver, f"{reviver.owner}: model {name!r}")
        if config.get("trainable") is False:
            model.trainable = False
        return model

    def _input_specs(self) -> list[tuple[str, BatchShape]]:
        return []

    @property
    def input_names(self) -> list[str]:
        """The name of the layer of each input; of a dict of inputs the keys."""
        return [name for name, _ in self._input_specs()]

    @property
    def output_names(self) -> list[str]:
        """The name of the layer of each output; of a dict of outputs the keys."""
        several = len(list(nests.leaves(self._outputs_seen)))
        return names_of(self._outputs_seen, [f"output_{number + 1}" for number in range(several)])

    @property
    def _form_of_outputs(self) -> Any:
        """The structure of the outputs, with slots in place of tensors."""
        return self._outputs_seen

    @shown
    def input_layers(self) -> list[Layer]:
        """The layers of the inputs of the graph."""
        return [symbol.layer for symbol in self.inputs or ()]

    @shown
    def output_layers(self) -> list[Layer]:
        """The layers of the outputs of the graph."""
        return [symbol.layer for symbol in self.outputs or ()]

    def build(self, input_shape: Any) -> None:
        """Builds the layers by running `call` once, without data.

        Args:
            input_shape: shape of the input, with batch; of several inputs a list or a dict of shapes.

        Example:
            >>> import tfjs_pyo as tf
            >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1})]})
            >>> model.build([None, 2])
            >>> model.countParams()
            3
        """
        if type(self).call is not Model.call:
            self._built_shape = input_shape
            inputs = trials.specs_to_build(self, input_shape)
            try:
                outputs = self._specs_of_call(inputs, {})
            except TraceError:  # `call` reads values, which data have
                data = trials.values_to_build(self)
                if data is None:
                    raise
                outputs = self._call_for_shapes(data, {})
                self._reads_values = True
            self._outputs_seen = nests.take(outputs).structure
            self.reset_states()

    def _check_input(
        self, name: str, expected: BatchShape, found: tuple[int, ...], given: tuple[int, ...]
    ) -> None:
        """Raises ShapeError unless samples fit an input; their number is up to the layers.

        Args:
            name: of the input.
            expected: its shape, with batch.
            found: that of the samples, with batch.
            given: what `found` was before axes were added.
        """
        fits = len(expected) == len(found) and all(
            e in (None, f) for e, f in zip(expected[1:], found[1:], strict=True)
        )
        if not fits:
            text = f"[{', '.join(['batch', *(str(dim) for dim in expected[1:])])}]"
            single = all(e in (None, f) for e, f in zip(expected[1:], given, strict=False))
            raise ShapeError(
                f"{self.display_name}: expected input {name!r} to have shape {text}, received shape {list(given)}."
                f"{batch_advice(given, len(expected)) if single else ''}"
            )

    def get_layer(self, name: str | int | None = None, index: int | None = None) -> Layer:
        """Returns a layer by name or by index.

        Args:
            name: of the layer; or its index.
            index: of the layer.

        Raises:
            NameNotFoundError: no layer has this name.
            OptionError: there is no layer with this index.
            ArgumentError: neither a name nor an index.

        Example:
            >>> import tfjs_pyo as tf
            >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [2], "name": "last"})]})
            >>> model.getLayer("last").units, model.getLayer(0).name
            (1, 'last')

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.getLayer
        """
        found = options.whole(name)
        place = options.whole(index) if found is None else found
        if place is not None:
            count = len(self.layers)
            if not -count <= place < count:
                raise OptionError(
                    f"{self.display_name}: expected an index from {-count} to {count - 1}, received {place}."
                )
            return self.layers[place]
        if index is not None or not isinstance(name, str):
            received = options.shown(name if index is None else index)
            raise ArgumentError(
                f"{self.display_name}: expected a layer's name or index, received {received}."
            )
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

        Example:
            >>> import tfjs_pyo as tf
            >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [2], "name": "last"})]})
            >>> model.summary(60, None, lambda line: print(line.rstrip()) if "params" in line else None)
            Total params: 3
            Trainable params: 3
            Non-trainable params: 0

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.summary
        """
        for line in summary_lines(self, line_length, positions):
            print_fn(line)

    def _repr_html_(self) -> str | None:
        """Returns the summary as a table, which pages show; None before the model is built."""
        return summary_html(self) if self.built else None

    def _summary_rows(self) -> list[SummaryRow]:
        """Returns what the summary says of each layer."""
        return [SummaryRow(layer, [], "?") for layer in self.layers]

    def __repr__(self) -> str:
        return f"<{self._known_as().__name__} {self.name!r} with {len(self.layers)} layers, {self.count_params():,} parameters>"


def _tells_ends(args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
    """Returns whether arguments of a model have inputs or outputs."""
    *places, last = args or (None,)
    given = {**(last if isinstance(last, Mapping) else {}), **kwargs}
    ends = [value for name, value in given.items() if naming.fold(str(name)) in ("inputs", "outputs")]
    return any(value is not None for value in (*places, None if isinstance(last, Mapping) else last, *ends))


def graph_class(kind: type[Model]) -> type[Model]:
    """Returns the class of models of a class that are made of inputs and outputs.

    Args:
        kind: a class of models that leaves open what they are made of, such as one that only defines `train_step`.
    """
    if not kind._holds_by_attributes:
        return kind
    if "_graph_class" not in vars(kind):
        own = {
            "_stands_for": kind,
            "__module__": kind.__module__,
            "__doc__": kind.__doc__,
            "__qualname__": kind.__qualname__,
        }
        bases = (kind, kind._graph_class)
        kind._graph_class = types.new_class(kind.__name__, bases, {}, lambda namespace: namespace.update(own))
    return kind._graph_class


__all__ = ["LIVING", "Model", "graph_class"]
