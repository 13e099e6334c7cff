"""`tf.keras.models`: models whose weights are in Keras's order, one layer after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tfjs_pyo import models, naming
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.doc_examples import keras_methods
from tfjs_pyo.doc_examples import methods as examples
from tfjs_pyo.documenting import complete
from tfjs_pyo.keras.layer import Layer
from tfjs_pyo.keras.saved import Saving
from tfjs_pyo.keras.saving import clone_model, load_model, model_from_json, save_model
from tfjs_pyo.keras.state import State
from tfjs_pyo.keras.steps import Steps
from tfjs_pyo.keras.summary import summary_text
from tfjs_pyo.keras.training import Training
from tfjs_pyo.models import deserialize, load_layers_model
from tfjs_pyo.types import Result

for _kind, _calls in (
    (Layer, keras_methods.LAYERS),
    (Steps, keras_methods.STEPS),
    (Training, keras_methods.TRAINING),
):
    examples.complete(_kind, _calls, examples.MEANINGS, keras_methods.ERRORS)


class Model(State, Saving, models.Model, Layer, dialect=KERAS):
    """A graph of layers from inputs to outputs, or a subclass that defines `call`; trained synchronously, as in Keras.

    Args:
        inputs: symbolic tensor of `keras.Input`, or a list of them.
        outputs: symbolic tensor, or a list of them.
        name: of the model.

    Example:
        >>> from tfjs_pyo import keras
        >>> inputs = keras.Input((2,))
        >>> outputs = keras.layers.Dense(1, kernel_initializer="ones")(inputs)
        >>> model = keras.Model(inputs, outputs)
        >>> model.predict([[1.0, 2.0]], verbose=0)
        array([[3.]], dtype=float32)

    Source: https://keras.io/api/models/model/
    """

    operations: list[Any]  # those that are graphs of layers have it

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if 1 < len(args) < 4 and self._holds_by_attributes:  # ends by place, of which the last may be a dict
            kwargs |= dict(zip(("inputs", "outputs", "name"), args, strict=False))
            args = ()
        super().__init__(*args, **kwargs)

    def summary(
        self,
        line_length: int | None = None,
        positions: Sequence[float] | None = None,
        print_fn: Callable[[str], Any] | None = None,
        expand_nested: bool = False,
        show_trainable: bool = False,
        layer_range: Sequence[str] | None = None,
    ) -> None:
        """Prints layers, shapes of their outputs and counts of parameters.

        Args:
            line_length: width of the table; default: that of the terminal, if it is not very wide.
            positions: where columns end, as shares of the width.
            print_fn: is given the text in place of `print`.
            expand_nested: whether layers of models within this one are shown, too.
            show_trainable: whether a column says which layers are trained.
            layer_range: names of the first and the last layer to show, or regular expressions.

        Example:
            >>> from tfjs_pyo import keras
            >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
            >>> lines = []
            >>> model.summary(print_fn=lambda text: lines.extend(text.splitlines()))
            >>> lines[-3].strip()
            'Total params: 3 (12.00 B)'

        Source: https://keras.io/api/models/model/#summary-method
        """
        text = summary_text(self, line_length, positions, expand_nested, show_trainable, layer_range)
        if print_fn is None:
            print(text, end="")
        else:
            print_fn(text)


class Functional(models.Functional, Model, dialect=KERAS):
    """A graph of layers from inputs to outputs: what `keras.Model(inputs, outputs)` makes.

    Example:
        >>> from tfjs_pyo import keras
        >>> x = keras.Input((2,))
        >>> double = keras.Function(x, x * 2)
        >>> double([[1.0, 2.0]]).tolist()
        [[2.0, 4.0]]

    Source: https://keras.io/api/models/model/
    """

    _stands_for = Model
    _several_inputs = True
    per_sample = True

    @property
    def operations(self) -> list[Any]:  # type: ignore[override]
        """The layers, in the order in which they are computed."""
        return list(self._ordered)

    def call(self, inputs: Any, training: bool | None = None) -> Result:
        return super().call(inputs, training)

    def _told(self, arguments: Mapping[str, Any], training: bool | None) -> Mapping[str, Any]:
        """Returns what a layer of the graph is told: what the model is told of `training` counts more than what was recorded."""
        return arguments if training is None else {**arguments, "training": training}


Model._graph_class = Functional
Model.__signature__ = Functional.__signature__


class Sequential(models.Sequential, Model, dialect=KERAS):
    """A stack of layers; trained synchronously, as in Keras.

    Args:
        layers: the first ones, if any.
        name: of the model.

    Example:
        >>> from tfjs_pyo import keras
        >>> model = keras.Sequential([keras.layers.Dense(4, activation="relu"), keras.layers.Dense(1)])
        >>> model(keras.ops.ones([3, 2])).shape
        (3, 1)
        >>> [weight.shape for weight in model.weights]
        [(2, 4), (4,), (4, 1), (1,)]

    Source: https://keras.io/api/models/sequential/
    """

    def add(self, layer: Any) -> None:
        with self._inside():
            super().add(layer)


__all__ = [
    "Functional",
    "Model",
    "Sequential",
    "clone_model",
    "deserialize",
    "load_layers_model",
    "load_model",
    "model_from_json",
    "save_model",
]
__getattr__, __dir__ = naming.module_names(__name__)
complete(globals())
