"""Sequential: a model whose layers follow each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from tfjs_pyo.config import field
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, FormatError
from tfjs_pyo.layers import trials
from tfjs_pyo.layers.base import BatchShape, Layer
from tfjs_pyo.layers.core import InputLayer
from tfjs_pyo.models.base import Model
from tfjs_pyo.models.saving.topology import require_each_once, require_names, sequential_config
from tfjs_pyo.models.summary import SummaryRow
from tfjs_pyo.options import shown
from tfjs_pyo.types import LayerLike, LayersLike, Result, Shapes

if TYPE_CHECKING:
    from tfjs_pyo.models.loading.reviving import Reviver


class _Changes:
    """How often a stack was changed after others had asked for its shapes: these then ask again."""

    count: ClassVar[int] = 0


class Sequential(Model):
    """A stack of layers.

    Args:
        layers: the first ones, if any.
        name: of the model.

    Example:
        >>> import tfjs_pyo as tf
        >>> model = tf.keras.Sequential([tf.keras.layers.Dense(3, input_shape=(4,)), tf.keras.layers.Dense(1)])
        >>> model.predict(tf.ones([2, 4]), verbose=0).shape
        (2, 1)

    Source: https://js.tensorflow.org/api/latest/#sequential
    """

    _several_inputs = True
    per_sample = True
    _first_layers: LayersLike | None = field(None, saved=False, argument="layers")

    _holds_by_attributes = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._stack: list[Layer] = []
        self._names: dict[str, Layer] = {}
        self._first_built: BatchShape | None = None
        self._links: list[Any] = []
        self._shapes: list[Any] = []
        self._found_shape: tuple[int, BatchShape, Any] | None = None
        self._found_specs: tuple[int, Any, Any] | None = None
        super().__init__(*args, **kwargs)

    def _assemble(self) -> None:
        """Puts the first layers on each other."""
        given = () if self._first_layers is None else self._first_layers
        if not isinstance(given, (list, tuple)):
            raise ArgumentError(f"{self.display_name}: expected a list of layers, received {shown(given)}.")
        for layer in given:
            self.add(layer)

    def __getstate__(self) -> dict[str, Any]:
        first = (self._links[0].shape, self._links[0].dtype) if self._links else (None,)
        ends = {"inputs": None, "outputs": None}
        return {**super().__getstate__(), **ends, "_links": first, "_found_shape": None, "_found_specs": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        first = state["_links"]
        super().__setstate__({**state, "_links": []})
        self._link(*first)

    def _name_prefix(self) -> str:
        return "sequential_"

    def add(self, layer: LayerLike) -> None:
        """Puts a layer on top.

        Args:
            layer: a layer, or a model.

        Raises:
            ArgumentError: not a layer, or one of the name of another.

        Example:
            >>> import tfjs_pyo as tf
            >>> model = tf.sequential()
            >>> model.add(tf.layers.dense({"units": 3, "inputShape": [2]}))
            >>> model.add(tf.layers.dense({"units": 1}))
            >>> model.outputShape
            (None, 1)

        Source: https://js.tensorflow.org/api/latest/#tf.Sequential.add
        """
        self._check_structure("add")
        if not isinstance(layer, Layer):
            layer = getattr(layer, "layer", layer)  # Keras puts tf.keras.Input(...) first
        if not isinstance(layer, Layer):
            is_class = isinstance(layer, type)
            hint = f" Did you mean {layer.__name__}(...)?" if is_class else ""
            came = f"the class {layer.__name__}" if is_class else type(layer).__name__
            raise ArgumentError(f"sequential: expected a layer to add, received {came}.{hint}")
        known = self._names.get(layer.name)
        if known is not None and known is not layer:
            require_names([*self._stack, layer], self.display_name)
        self._names[layer.name] = layer
        self._stack.append(layer)
        self._changed()
        self._build_ahead()

    def pop(self) -> None:
        """Takes the top layer away.

        Raises:
            ArgumentError: there is no layer.

        Example:
            >>> import tfjs_pyo as tf
            >>> model = tf.sequential()
            >>> model.add(tf.layers.dense({"units": 3, "inputShape": [2]}))
            >>> model.add(tf.layers.dense({"units": 1}))
            >>> model.pop()
            >>> model.outputShape
            (None, 3)

        Source: https://js.tensorflow.org/api/latest/#tf.Sequential.pop
        """
        self._check_structure("pop")
        if not self._stack:
            raise ArgumentError("sequential: expected a layer to remove, there is none.")
        self._stack.pop()
        self._names = {layer.name: layer for layer in self._stack}
        del self._shapes[len(self._stack) + 1 :]
        self._changed()
        self._link(self._links[0].shape if self._links else None)

    def _changed(self) -> None:
        """Forgets what was found out about the layers as they were."""
        self._forget_steps()
        if self._found_shape is not None or self._found_specs is not None:
            self._found_shape = self._found_specs = None
            _Changes.count += 1

    def _build_ahead(self) -> None:
        """Builds the layers whose input shape is known, so that weights exist before data is seen."""
        if not self._shapes:
            first = self._first_shape() or (self._links[0].shape if self._links else None)
            if first is None:
                return
            self._shapes = [first]
        for layer in self._stack[len(self._shapes) - 1 :]:
            layer._ensure_built(self._shapes[-1])
            self._shapes.append(layer._shapes_of_call(self._shapes[-1], {}))
        self.built = True
        self._link(self._shapes[0])

    def _link(self, shape: BatchShape | None, dtype: str | None = None) -> None:
        """Connects the layers by symbolic tensors, so that other models can begin and end within this one.

        Args:
            shape: of the inputs.
            dtype: of the inputs; default: what the first layer takes.
        """
        if shape is None or not self._stack:
            return
        first = self._stack[0]
        skipped = int(isinstance(first, InputLayer))
        if not self._links:
            start = {
                "batch_input_shape": shape,
                "dtype": dtype or first._dtype_of_inputs,
                "name": f"{first.name}_input",
            }
            self._links = [first.output if isinstance(first, InputLayer) else InputLayer(**start).output]
        del self._links[len(self._stack) - skipped + 1 :]
        for layer in self._stack[skipped + len(self._links) - 1 :]:
            if isinstance(self._links[-1], list):
                break  # several outputs end a chain
            self._links.append(layer.apply(self._links[-1]))
        self._reads_values = any(layer._reads_values for layer in self._stack)
        last = self._links[-1]
        self.inputs, self.outputs = self._links[:1], last if isinstance(last, list) else [last]

    def _first_shape(self) -> BatchShape | None:
        if not self._stack:
            return None
        first = self._stack[0]
        while first.batch_input_shape is None and isinstance(first, Sequential) and first._lowest is not None:
            first = first._lowest
        if first.batch_input_shape is None and isinstance(first, Model):
            specs = first._input_specs()
            return specs[0][1] if specs else None
        return first.batch_input_shape

    @property
    def _dtype_of_inputs(self) -> str:
        if self.inputs:
            return self.inputs[0].dtype
        return super()._dtype_of_inputs if self._lowest is None else self._lowest._dtype_of_inputs

    @property
    def _lowest(self) -> Layer | None:
        """The first layer, if there is one."""
        return self._stack[0] if self._stack else None

    def build(self, input_shape: BatchShape) -> None:
        shape = self._first_built = tuple(input_shape)
        specs = first = trials.specs_to_build(self, shape)
        for layer in self._stack:
            with trials.built_for(layer, specs):
                layer._ensure_built(trials.shapes_of(specs))
            specs = layer._specs_of_call(specs, {})
        self._link((None, *self._first_built[1:]), "string" if first.dtype == "string" else None)

    def get_config(self) -> dict[str, Any]:
        """Returns the stack as JSON values, in TF.js's form.

        Example:
            >>> import tfjs_pyo as tf
            >>> model = tf.sequential()
            >>> model.add(tf.layers.dense({"units": 3, "inputShape": [2]}))
            >>> model.add(tf.layers.dense({"units": 1}))
            >>> [layer["class_name"] for layer in model.getConfig()["layers"]]
            ['Dense', 'Dense']
        """
        if len(self._names) < len(self._stack) or any(
            name != layer.name for name, layer in self._names.items()
        ):
            require_each_once(self._stack, self.display_name)
            require_names(self._stack, self.display_name)
        return sequential_config(self.name, self.trainable, self._stack, self._first_built)

    @classmethod
    def _revive(cls, config: Mapping[str, Any], reviver: Reviver) -> Self:
        """Returns a model made from what `get_config` gave, in any form that TF.js and Keras write."""
        layers = config.get("layers", [])
        if not isinstance(layers, list):
            raise FormatError(f"{reviver.owner}: expected the layers of a sequential model to be a list.")
        model = cls(name=config.get("name"))
        for entry in layers:
            layer = reviver.layer(entry)
            if layer.name in model._names:
                raise FormatError(
                    f"{reviver.owner}: model {model.name!r:.80}: expected layers of different names, but two are named "
                    f"{layer.name!r:.80}."
                )
            model.add(layer)
        shape = config.get("build_input_shape")
        if isinstance(shape, (list, tuple)) and layers and not model.built:
            model._ensure_built(tuple(shape))
        if config.get("trainable") is False:
            model.trainable = False
        return model

    @property
    def layers(self) -> list[Layer]:
        """Layers from the first to the last."""
        return [layer for layer in self._stack if not isinstance(layer, InputLayer)]

    def _sublayers(self) -> list[Layer]:
        return list(self._stack)

    def _held_layers(self) -> list[tuple[str, Layer]]:
        """Returns the layers with their places: their numbers."""
        return [(str(number), layer) for number, layer in enumerate(self._stack)]

    def _input_specs(self) -> list[tuple[str, BatchShape]]:
        shape = self._first_shape()
        return [(f"{self._stack[0].name}_input", shape)] if shape is not None else []

    @property
    def output_names(self) -> list[str]:
        return [self._stack[-1].name] if self._stack else []

    def call(self, inputs: Any, training: bool = False) -> Result:
        if not self._stack:
            raise ArgumentError("sequential: expected at least one layer; add some with model.add(layer).")
        for name, shape in self._input_specs():
            if isinstance(inputs, Tensor):
                inputs = self._fitted(name, shape, inputs)
        for layer in self._stack:
            inputs = layer._run(inputs, {"training": training})
        return inputs

    def compute_output_shape(self, input_shape: Any) -> Shapes:
        known = self._found_shape
        if known is not None and known[:2] == (_Changes.count, input_shape):
            return known[2]
        shape = input_shape
        for layer in self._stack:
            shape = layer._shapes_of_call(shape, {})
        self._found_shape = _Changes.count, input_shape, shape
        return shape

    def _specs_of_call(self, inputs: Any, arguments: Mapping[str, Any]) -> Any:
        if self._shapes_by_calling:
            return super()._specs_of_call(inputs, arguments)
        known = self._found_specs
        if known is not None and known[:2] == (_Changes.count, inputs):
            return known[2]
        found = inputs
        for layer in self._stack:
            found = layer._specs_of_call(found, {})
        self._found_specs = _Changes.count, inputs, found
        return found

    def _summary_rows(self) -> list[SummaryRow]:
        shape: Any = self._first_shape()
        rows = []
        for layer in self.layers:
            before = shape
            shape = layer._shapes_of_call(shape, {}) if shape is not None else None
            inputs = [] if before is None else [before if isinstance(before, list) else [before]]
            rows.append(SummaryRow(layer, inputs, "?" if shape is None else shape))
        return rows
