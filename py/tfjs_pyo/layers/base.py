"""Layer: what every layer is. A subclass declares fields and defines build, call and compute_output_shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, ClassVar

from tfjs_pyo import activations, constraints, initializers, naming, ops, options, regularizers
from tfjs_pyo.config import Field, by_annotation, field, keras_field, shown, unsupported
from tfjs_pyo.config import shape as convert_shape
from tfjs_pyo.core import engine
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.dtype_names import DTYPE_OPTION
from tfjs_pyo.errors import ArgumentError, ShapeError
from tfjs_pyo.layers.calling import Calling
from tfjs_pyo.layers.holding import (
    builds_once,
    defined_at,
    explains_inputs,
    flatten_layers,
    held,
    is_ours,
)
from tfjs_pyo.layers.input_spec import InputSpec
from tfjs_pyo.layers.names import note_name, unique_name
from tfjs_pyo.layers.passing import activity
from tfjs_pyo.layers.symbols import BatchShape, LayerCall, SymbolicTensor
from tfjs_pyo.options import shown as short
from tfjs_pyo.registry import Registry
from tfjs_pyo.types import ConstraintLike, InitializerLike, RegularizerLike, Result, Shapes, WeightsLike

no_lora = unsupported("low-rank adaptation is not available here")
no_quantization = unsupported("quantization is not available here")
LAYERS = Registry("layer", [])
"""Every layer by its class name; filled by the package."""


class _Trainable(Field):
    """The field `trainable`: setting it of a layer or a model sets it of all layers and weights inside."""

    def __set__(self, instance: Any, value: Any) -> None:
        is_made = self.name in vars(instance)
        super().__set__(instance, value)
        if is_made:
            instance._spread_trainable()


class Layer(Calling):
    """Base of all layers.

    Args:
        input_shape: shape of one sample (`sample_shape` of the layer), for the first layer of a sequential model.
        batch_input_shape: the same with batch.
        name: unique in a model; made up if missing.
        trainable: whether training changes its weights; setting it later sets it of all layers and weights inside.
        dtype: of its weights.
        weights: first values of its weights.

    Example:
        >>> import tfjs_pyo as tf
        >>> class Double(tf.layers.Layer):
        ...     def call(self, inputs):
        ...         return inputs * 2
        >>> Double()(tf.tensor([1, 2])).array_sync()
        [2.0, 4.0]

    Source: https://js.tensorflow.org/api/latest/#tf.layers.Layer
    """

    sample_shape: tuple[int | None, ...] | None = field(
        None, convert_shape, keyword_only=True, saved=False, argument="input_shape"
    )
    batch_input_shape: BatchShape | None = field(None, convert_shape, keyword_only=True)
    batch_size: int | None = field(None, keyword_only=True, saved=False)
    name: Any = field(None, by_annotation("str | None"), keyword_only=True)
    trainable: Any = _Trainable(True, by_annotation("bool"), keyword_only=True, saved=True)
    dtype: str = field("float32", DTYPE_OPTION.convert, keyword_only=True, keras=None)
    activity_regularizer: Any = keras_field(
        None, regularizers.REGULARIZERS.convert, saved=False, keyword_only=True
    )
    autocast: bool = keras_field(True, saved=False, keyword_only=True)
    _first_weights: WeightsLike | None = field(None, keyword_only=True, saved=False, argument="weights")

    further: ClassVar[tuple[str, ...]] = ("input_spec", "supports_masking")
    keras_module = "tfjs_pyo.keras.layers"

    _is_model: ClassVar[bool] = False
    """Whether this is a model: a layer of layers, which can be trained and saved by itself."""

    _holds_by_attributes: ClassVar[bool] = True
    """Whether the layers inside are those of attributes; a graph and a stack have theirs otherwise."""

    per_sample: ClassVar[bool] = False
    """Whether `call` treats each sample by itself; a class that defines `call` says so, or is taken not to.

    Where all do, the last, smaller batch of an epoch runs in the step of the others, padded; else in one of its own.
    """

    _several_inputs: ClassVar[bool] = True
    """Whether `call` may take a list of tensors; of the classes of this package that define `call`, those that say so."""

    _usually_training: ClassVar[bool] = False
    """Whether Keras's API takes calls of the layer to be training where nobody says anything."""

    supports_masking: ClassVar[bool] = False
    """Whether a mask of the inputs is one of the outputs too; else it ends here, unless `compute_mask` says more."""

    _shapes_by_calling: bool = False
    """Whether shapes of outputs are found by calling: where a user's class defines `call`, but no `compute_output_shape`."""

    _reads_values: bool = False
    """Whether `call` cannot be recorded, as it reads values: steps run as they are written then."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "call" in vars(cls) and "per_sample" not in vars(cls):
            cls.per_sample = False
        ours = is_ours(cls)
        if "call" in vars(cls) and "_several_inputs" not in vars(cls):
            cls._several_inputs = not ours
        if "call" in vars(cls) and ours:
            cls.call = explains_inputs(vars(cls)["call"])
        if "compute_mask" in vars(cls) and not ours:
            cls._makes_masks = True
        if "build" in vars(cls):
            cls.build = builds_once(vars(cls)["build"])  # type: ignore[method-assign]
        cls._shapes_by_calling = not ours and defined_at(cls, "call") < defined_at(
            cls, "compute_output_shape"
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.built = False
        self._building = 0
        self._own: list[Variable] = []
        self._fixed: list[Variable] = []
        self._penalties: list[tuple[Variable, Any]] = []
        self._limits: dict[int, Any] = {}
        self._added_losses: list[Callable[[], Tensor]] = []
        self.input_spec: InputSpec | Sequence[InputSpec] | None = None
        super().__init__(*args, **kwargs)
        if self.name is None:
            snake = type(self).dialect.snake_names
            made = naming.keras_unique(self._keras_prefix()) if snake else unique_name(self._name_prefix())
            self.name = made
        elif not type(self).dialect.snake_names:
            note_name(self.name, self._name_prefix())
        if self.sample_shape is not None and self.batch_input_shape is None:
            self.batch_input_shape = (self.batch_size, *self.sample_shape)

    @shown
    def display_name(self) -> str:
        name = self.__dict__.get("name")
        kind = naming.camel(type(self).__name__)
        return f"{kind} (layer {name!r})" if name else kind

    def _name_prefix(self) -> str:
        """Returns what made-up names of such layers begin with."""
        class_name = type(self).__name__
        return f"{naming.snake(class_name)}_{class_name}"

    def _keras_prefix(self) -> str:
        """Returns what Keras calls the first of such layers, which becomes snake_case."""
        return type(self).__name__

    def _has_made_up_name(self) -> bool:
        """Returns whether the name is like those that layers get which were given none, here or in Keras."""
        made, snake = re.escape(self._name_prefix()), re.escape(naming.keras_snake(self._keras_prefix()))
        return re.fullmatch(rf"{made}\d+|{snake}(_\d+)?", str(self.name)) is not None

    # What a subclass defines

    @builds_once
    def build(self, input_shape: Any) -> None:
        """Makes the weights for inputs of this shape (with batch), once; by hand, or when the layer is first called.

        Args:
            input_shape: shape of the inputs, with batch.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.dense({"units": 1, "kernelInitializer": "ones"})
            >>> layer.build([None, 2])
            >>> layer.countParams()
            3
        """

    if TYPE_CHECKING:
        call: Callable[..., Any]  # subclasses name the arguments that they take
    else:

        def call(self, inputs: Any, **kwargs: Any) -> Result:  # noqa: ARG002 (what subclasses take)
            """Returns the outputs for tensors; every layer defines it.

            Args:
                inputs: a tensor, or a list of them for several inputs.
                kwargs: what a subclass takes besides, such as `training` or `mask`.

            Raises:
                ArgumentError: the class does not define it.

            Example:
                >>> import tfjs_pyo as tf
                >>> class Double(tf.layers.Layer):
                ...     def call(self, inputs):
                ...         return inputs * 2
                >>> Double().apply(tf.tensor1d([1, 2])).array_sync()
                [2.0, 4.0]
            """
            raise ArgumentError(f"{self.display_name}: a layer must define call(inputs).")

    def compute_output_shape(self, input_shape: Any) -> Shapes:
        """Returns the shape of the outputs (with batch); that of the inputs unless a subclass says otherwise.

        A class of a user's own that defines `call` is called without data to find it.

        Args:
            input_shape: shape of the inputs, with batch.

        Example:
            >>> import tfjs_pyo as tf
            >>> tf.layers.flatten().computeOutputShape([None, 2, 3])
            (None, 6)
        """
        return self._shapes_of_call(input_shape, {}) if self._shapes_by_calling else input_shape

    # Weights

    def add_weight(
        self,
        name: str,
        shape: Sequence[int],
        dtype: str | None = None,
        initializer: InitializerLike = "glorotUniform",
        regularizer: RegularizerLike | None = None,
        trainable: bool = True,
        constraint: ConstraintLike | None = None,
    ) -> Variable:
        """Makes a weight of this layer.

        Args:
            name: within the layer.
            shape: of the weight.
            dtype: of its values; default: the layer's.
            initializer: of its first value.
            regularizer: penalty added to the loss.
            trainable: whether training changes it.
            constraint: applied after each update.

        Raises:
            ShapeError: the shape is not known.

        Example:
            >>> import tfjs_pyo as tf
            >>> class Scale(tf.layers.Layer):
            ...     def build(self, input_shape):
            ...         self.factor = self.addWeight("factor", [input_shape[-1]], initializer="ones")
            ...     def call(self, inputs):
            ...         return inputs * self.factor.read()
            >>> Scale()(tf.tensor2d([[1, 2]])).arraySync()
            [[1.0, 2.0]]

        Source: https://js.tensorflow.org/api/latest/#tf.layers.Layer.addWeight
        """
        shape = options.plain(tuple(shape))
        if any(not isinstance(dim, int) for dim in shape):
            raise ShapeError(
                f"{self.display_name}: expected a known shape for weight {name!r}, received {tuple(shape)}."
            )
        first = initializers.get(initializer, f"{self.display_name}: initializer of {name}")(
            tuple(shape), dtype or self.dtype
        )
        penalty = None if regularizer is None else regularizers.get(regularizer, self.display_name)
        limit = None if constraint is None else constraints.get(constraint, self.display_name)
        weight = self._make_variable(first, trainable and self.trainable, f"{self.name}/{name}")
        (self._own if trainable else self._fixed).append(weight)
        if penalty is not None:
            self._penalties.append((weight, penalty))
        if limit is not None:
            weight.constraint = self._limits[id(weight)] = limit
        return weight

    def _inside(self) -> AbstractContextManager[None]:
        """Returns what code is inside of while it builds the layer: an API may name what is made in there after it."""
        return nullcontext()

    def _note_shape(self, input_shape: Any) -> None:
        """Notes with what shape the layer was built by hand."""

    def _make_variable(self, first: Any, trainable: bool, name: str) -> Variable:
        """Returns a variable for a weight."""
        return Variable(first, trainable, name)

    def _declared_weight(self, name: str, shape: Sequence[int], trainable: bool = True) -> Variable:
        """Makes a weight as the fields `<name>_initializer`, `<name>_regularizer` and `<name>_constraint` say."""
        given = {
            part: getattr(self, f"{name}_{part}")
            for part in ("initializer", "regularizer", "constraint")
            if f"{name}_{part}" in type(self).fields
        }
        return self.add_weight(name, shape, trainable=trainable, **given)

    def _sublayers(self) -> list[Layer]:
        """Returns layers held by this one: attributes that are layers, or lists, tuples and dicts of them."""
        return [layer for _, layer in self._held_layers()]

    def _held_layers(self) -> list[tuple[str, Layer]]:
        """Returns the layers held by this one with their places, such as 'blocks/0': these do not depend on names."""
        return held(self, Layer)

    def _spread_trainable(self) -> None:
        """Hands `trainable` on to what is inside: weights that were declared trainable, and layers."""
        for layer in flatten_layers(self):
            vars(layer)["trainable"] = self.trainable
            for weight in layer._own:
                weight.trainable = bool(self.trainable)

    @property
    def trainable_weights(self) -> list[Variable]:
        """Weights that training changes, each once: also those of a layer that is in the model and in one within it."""
        layers = flatten_layers(self, into=lambda layer: bool(layer.trainable))
        found = [w for layer in layers for w in layer._own_weights() if w.trainable]
        return list({id(w): w for w in found}.values())

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """Weights that training leaves alone."""
        trained = {id(w) for w in self.trainable_weights}
        return [w for w in self.weights if id(w) not in trained]

    def _all_weights(self) -> list[Variable]:
        """Returns all weights, those of one layer after the other; of each layer what was declared trainable first."""
        return [w for layer in flatten_layers(self) for w in layer._own_weights()]

    def _own_weights(self) -> list[Variable]:
        """Returns the weights of the layer itself, those that were declared trainable first."""
        return [weight for trainable in (True, False) for _, weight in self._declared_here(trainable)]

    def _declared_here(self, trainable: bool) -> list[tuple[str, Variable]]:
        """Returns the layer's own weights that were declared trainable, or not, with the names that they have in it.

        They are those that it made, and in a class of a user's own the variables that are attributes, or in lists and dicts that
        are: these go by their places.
        """
        made = self._own if trainable else self._fixed
        found = [(weight.original_name.removeprefix(f"{self.name}/"), weight) for weight in made]
        if is_ours(type(self)):
            return found
        known = {id(weight) for weight in (*self._own, *self._fixed)}
        others = [(place, v) for place, v in held(self, Variable) if id(v) not in known]
        others = [(place, v) for place, v in others if bool(v.trainable) is trainable]
        if not others:
            return found
        inside = [layer for layer in flatten_layers(self) if layer is not self]
        known.update(id(v) for layer in inside for v in (*layer._own, *layer._fixed))
        found += [(place, v) for place, v in others if id(v) not in known]
        return sorted(found, key=lambda item: item[1].id)  # as they were made: so Keras has them

    def _declared_weights(self, trainable: bool) -> list[Variable]:
        """Returns the weights that were declared trainable, or not; whatever is frozen now."""
        return [w for layer in flatten_layers(self) for _, w in layer._declared_here(trainable)]

    @property
    def weights(self) -> list[Variable]:
        """All weights, in an order that freezing does not change.

        Here, as in TF.js while nothing is frozen, what was declared trainable comes first; in `tf.keras`'s models one layer comes
        after the other, and each weight once, as in Keras 3.
        """
        if type(self).dialect.weights_by_layer:
            return list({id(w): w for w in self._all_weights()}.values())
        return self._declared_weights(True) + self._declared_weights(False)

    def get_weights(self, trainable_only: bool = False) -> list[Tensor]:
        """Returns the values of weights, in the order of `weights`.

        Args:
            trainable_only: whether to leave out those that training does not change.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.dense({"units": 1, "kernelInitializer": "ones"})
            >>> layer.build([None, 2])
            >>> [weight.arraySync() for weight in layer.getWeights()]
            [[[1.0], [1.0]], [0.0]]

        Source: https://js.tensorflow.org/api/latest/#tf.layers.Layer.getWeights
        """
        with engine.exclusive:  # all of one moment, whatever other threads train
            return [w.read() for w in (self.trainable_weights if trainable_only else self.weights)]

    def set_weights(self, weights: WeightsLike) -> None:
        """Sets all weights, in the order of `get_weights`; constraints apply at once, in Keras's API with the next update only.

        Args:
            weights: tensors, arrays or numbers of the shapes of the weights.

        Raises:
            ArgumentError: not as many values as weights.
            ShapeError: a shape differs.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.dense({"units": 1, "kernelInitializer": "ones"})
            >>> layer.build([None, 2])
            >>> layer.setWeights([[[2], [3]], [4]])
            >>> layer(tf.tensor2d([[1, 1]])).arraySync()
            [[9.0]]

        Source: https://js.tensorflow.org/api/latest/#tf.layers.Layer.setWeights
        """
        own = self.weights
        if not isinstance(weights, (list, tuple)):
            raise ArgumentError(
                f"{self.display_name}: expected a list of weights, received {short(weights)}."
            )
        if len(weights) != len(own):
            raise ArgumentError(f"{self.display_name}: expected {len(own)} weights, received {len(weights)}.")
        values = [value if isinstance(value, Tensor) else ops.tensor(value) for value in weights]
        for weight, value in zip(own, values, strict=True):
            if weight.shape != value.shape:
                raise ShapeError(
                    f"{self.display_name}: expected shape {weight.shape} for weight {weight.unique_name!r}, received "
                    f"{value.shape}."
                )
        put = Variable.assign if type(self).dialect is KERAS else Variable.write
        with engine.exclusive:
            for weight, value in zip(own, values, strict=True):
                put(weight, ops.cast(value, weight.dtype))

    def count_params(self) -> int:
        """Returns the number of elements of all weights.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.dense({"units": 1, "kernelInitializer": "ones"})
            >>> layer.build([None, 2])
            >>> layer.countParams()
            3
        """
        return sum(weight.size for weight in self.weights)

    def _all_penalties(self) -> list[Tensor]:
        """Returns the penalties of all regularizers, for the loss."""
        found: list[Tensor] = []
        for layer in flatten_layers(self):
            found += [penalty(weight) for weight, penalty in layer._penalties]
            found += [loss() for loss in layer._added_losses]
        return found

    def add_loss(self, losses: Any) -> None:
        """Adds something to the loss that the layer is trained with.

        Args:
            losses: inside `call` a scalar tensor, which counts for that call; or a function without parameters that gives
                one, called in every step; or a list of these.

        Raises:
            ArgumentError: it is neither.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.dense({"units": 1, "kernelInitializer": "ones"})
            >>> layer.addLoss(lambda: tf.sum(tf.abs(layer.kernel.read())))
            >>> model = tf.sequential({"layers": [layer]})
            >>> model.build([None, 2])
            >>> model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
            >>> model.evaluate(tf.ones([1, 2]), tf.tensor2d([[2]])).arraySync()
            2.0

        Source: https://js.tensorflow.org/api/latest/#tf.layers.Layer.addLoss
        """
        for loss in losses if isinstance(losses, (list, tuple)) else [losses]:
            if isinstance(loss, Tensor):
                self._add_penalty(loss)
            elif callable(loss):
                self._added_losses.append(loss)
            else:
                raise ArgumentError(
                    f"{self.display_name}: expected addLoss to be given a scalar tensor or a function, received "
                    f"{type(loss).__name__}."
                )

    def _all_limits(self) -> dict[int, Any]:
        """Returns the constraints of weights, by the identity of the weight."""
        return {key: limit for layer in flatten_layers(self) for key, limit in layer._limits.items()}

    def _is_per_sample(self) -> bool:
        """Returns whether no output depends on another sample of the batch, as far as that is known."""
        return all(layer._takes_samples_alone() for layer in flatten_layers(self))

    def _takes_samples_alone(self) -> bool:
        """Returns `per_sample`, unless an option of the layer says otherwise; whatever layers inside do."""
        own = vars(self)
        known = own.get("activation") is None or own["activation"] in activations.ACTIVATIONS.items.values()
        return self.per_sample and known and own.get("activity_regularizer") is None

    def dispose(self) -> dict[str, int]:
        """Frees all weights; the layer cannot be used any more.

        Returns:
            `{'refCountAfterDispose': 0, 'numDisposedVariables': how many}`.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.dense({"units": 1, "kernelInitializer": "ones"})
            >>> layer.build([None, 2])
            >>> layer.dispose()
            {'refCountAfterDispose': 0, 'numDisposedVariables': 2}

        Source: https://js.tensorflow.org/api/latest/#tf.layers.Layer.dispose
        """
        return self._free(self._all_weights())

    def _free(self, weights: Sequence[Variable]) -> dict[str, int]:
        """Frees some of the weights; returns what `dispose` does."""
        held = [weight for weight in weights if not weight.is_disposed]
        Variable.dispose_all(held)
        return {"refCountAfterDispose": 0, "numDisposedVariables": len(held)}


__all__ = [
    "LAYERS",
    "BatchShape",
    "InputSpec",
    "Layer",
    "LayerCall",
    "SymbolicTensor",
    "activity",
    "unique_name",
]
