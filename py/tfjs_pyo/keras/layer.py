"""`keras.layers.Layer`: what layers of the Keras API have that TensorFlow.js's lack, or spell otherwise."""

from __future__ import annotations

import inspect
import itertools
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self

from tfjs_pyo import layers, naming, nests, options
from tfjs_pyo.config import shown
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.errors import ArgumentError, FormatError, OptionError
from tfjs_pyo.keras.arrays import as_arrays
from tfjs_pyo.keras.dtype_policies import DTypePolicy
from tfjs_pyo.layers import trials
from tfjs_pyo.layers.holding import flatten_layers, is_ours
from tfjs_pyo.layers.passing import note_penalty
from tfjs_pyo.metrics.base import Metric
from tfjs_pyo.rules import require_store, shows
from tfjs_pyo.shapes import dimensions
from tfjs_pyo.variables import StatelessScope, inside_path, values_in, within_path
from tfjs_pyo.variables import Variable as KerasVariable

_ORDER = (
    "shape", "initializer", "dtype", "trainable", "autocast", "regularizer", "constraint", "aggregation",
    "overwrite_with_gradient", "name",
)  # fmt: skip
_ORDER_BY_NAME = ("name", "shape", "dtype", "initializer", "regularizer", "trainable", "constraint")
"""The order of Keras 2, which begins with the name."""

_training: ContextVar[bool | None] = ContextVar("tfjs_pyo.keras.training", default=None)
"""What the layer that is being called was told of `training`; layers that it calls are told the same."""
_depth: ContextVar[int] = ContextVar("tfjs_pyo.keras.depth", default=0)
"""How many layers that call each other the code is inside of."""


class _Noted(threading.local):
    """The losses of the last call in a thread."""

    def __init__(self) -> None:
        self.losses: list[Tensor] = []


_usual_of: weakref.WeakKeyDictionary[Any, bool | None] = weakref.WeakKeyDictionary()
"""Weakly: a method holds its module, and all that a program at the prompt has made."""


def _usual(call: Any) -> bool | None:
    """Returns what a method `call` takes `training` to be where nobody says it."""
    if call not in _usual_of:
        usual = getattr(inspect.signature(call).parameters.get("training"), "default", None)
        _usual_of[call] = usual if isinstance(usual, bool) else None
    return _usual_of[call]


_NOT_OWN = ("_trackers", "_metrics_of_compile", "_compiled_with_names", "_compile_arguments")
"""Attributes of the package's own that hold metrics."""


def metrics_of(outer: layers.Layer) -> list[Metric]:
    """Returns the metrics that are attributes of a layer or of layers inside it, or in lists and dicts that are."""
    found: dict[int, Metric] = {}
    for layer in dict.fromkeys(flatten_layers(outer)):
        for name, value in list(vars(layer).items()):  # another thread may set attributes
            if name in _NOT_OWN:
                continue
            for item in nests.leaves(value) if isinstance(value, (list, tuple, dict)) else [value]:
                if isinstance(item, Metric):
                    found[id(item)] = item
    return list(found.values())


def _is_plain(value: Any) -> bool:
    """Returns whether JSON has a value as it is."""
    return all(leaf is None or isinstance(leaf, (bool, int, float, str)) for leaf in nests.leaves(value))


class Layer(layers.Layer, dialect=KERAS):
    """Base of all layers: a subclass defines `build`, which makes weights, and `call`.

    Args:
        activity_regularizer: penalty on outputs, added to the loss.
        trainable: whether training changes its weights.
        dtype: of its weights.
        autocast: accepted as it is; there is one dtype of computations.
        name: unique in a model; made up if missing.

    What `call` gets as `training` the layers that it calls get as well, unless they are told otherwise. Variables and layers
    that are attributes, or in lists and dicts that are, belong to the layer.

    Example:
        >>> from tfjs_pyo import keras
        >>> class Linear(keras.layers.Layer):
        ...     def __init__(self, units=4, **kwargs):
        ...         super().__init__(**kwargs)
        ...         self.units = units
        ...     def build(self, input_shape):
        ...         self.w = self.add_weight(shape=(input_shape[-1], self.units), initializer="ones")
        ...     def call(self, inputs):
        ...         return inputs @ self.w
        >>> layer = Linear(2)
        >>> layer([[1.0, 2.0, 3.0]]).shape, len(layer.trainable_variables)
        ((1, 2), 1)

    Source: https://keras.io/api/layers/base_layer/
    """

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """Notes what a layer of a user's own is made of, for `get_config`."""
        made = super().__new__(cls)
        if (args or kwargs) and not is_ours(cls):
            vars(made)["_made_of"] = (args, kwargs)
        return made

    def get_config(self) -> dict[str, Any]:
        """Returns what the layer is made of, as JSON values; of a class that does not define it the arguments of its `__init__`.

        Example:
            >>> from tfjs_pyo import keras
            >>> keras.layers.Dropout(0.5, name="drop").get_config()["rate"]
            0.5

        Source: https://keras.io/api/layers/base_layer/#getconfig-method
        """
        config = super().get_config()
        args, kwargs = vars(self).get("_made_of", ((), {}))
        defines = next(base for base in type(self).__mro__ if "get_config" in vars(base))
        if is_ours(defines) and "__init__" in vars(type(self)):
            signature = inspect.signature(type(self).__init__)
            given = signature.bind(self, *args, **kwargs)
            given.apply_defaults()
            kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
            named = [n for n, p in list(signature.parameters.items())[1:] if p.kind in kinds]
            config.update({n: given.arguments[n] for n in named if _is_plain(given.arguments[n])})
        return config

    # Weights

    @shows(
        shape=None,
        initializer=None,
        dtype=None,
        trainable=True,
        autocast=True,
        regularizer=None,
        constraint=None,
        aggregation="none",
        overwrite_with_gradient=False,
        name=None,
    )
    def add_weight(self, *args: Any, **kwargs: Any) -> Variable:
        """Makes a weight of this layer.

        Args:
            shape: of the weight; default: a single number.
            initializer: of its first value; default: 'glorot_uniform' for numbers with fractions and 'zeros' for others.
            dtype: of its values; default: the layer's.
            trainable: whether training changes it.
            autocast, aggregation, overwrite_with_gradient: accepted as they are; they have no effect here.
            regularizer: penalty added to the loss.
            constraint: applied after each update.
            name: of the weight; made up if missing. It may also come first, as in Keras 2: (name, shape, dtype, initializer,
                regularizer, trainable, constraint).

        Returns:
            The variable, which is among the layer's `weights`.

        Raises:
            ArgumentError: an argument that is unknown or comes twice.
            ShapeError: the shape is not known.

        Example:
            >>> from tfjs_pyo import keras
            >>> class Scale(keras.layers.Layer):
            ...     def build(self, input_shape):
            ...         self.factor = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="factor")
            ...     def call(self, inputs):
            ...         return inputs * self.factor
            >>> layer = Scale()
            >>> layer(keras.ops.array([[2.0, 3.0]])).tolist(), layer.weights[0].shape
            ([[2.0, 3.0]], (2,))

        Source: https://keras.io/api/layers/base_layer/#addweight-method
        """
        order = _ORDER_BY_NAME if args and isinstance(args[0], str) else _ORDER
        given = dict(zip(order, args, strict=False))
        twice, unknown = [n for n in kwargs if n in given], [n for n in kwargs if n not in _ORDER]
        if twice or unknown or len(args) > len(order):
            what = (
                f"{twice[0]!r} twice" if twice else f"{unknown[0]!r}" if unknown else f"{len(args)} arguments"
            )
            raise ArgumentError(
                f"{self.display_name}: add_weight: expected {', '.join(_ORDER)}, received {what}."
            )
        given.update({name: value for name, value in kwargs.items() if value is not None})
        where = f"{self.display_name}: add_weight"
        shape = dimensions(where, given.get("shape", ()))
        dtype = self.dtype if given.get("dtype") is None else given["dtype"]
        name = given.get("name")
        if name is not None and not isinstance(name, str):
            raise OptionError(
                f"{where}: expected `name` to be a string or None, received {options.shown(name)}."
            )
        initializer = given.get("initializer")
        by_dtype = "glorot_uniform" if str(dtype).startswith(("float", "bfloat")) else "zeros"
        return super().add_weight(
            name or self._free_name(),
            shape,
            dtype,
            by_dtype if initializer is None else initializer,
            given.get("regularizer"),
            given.get("trainable", True),
            given.get("constraint"),
        )

    def _make_variable(self, first: Any, trainable: bool, name: str) -> Variable:
        own = name.removeprefix(f"{self.name}/")
        shown = vars(self).get("_names_made_up", {}).get(own, own)
        with self._inside():
            return KerasVariable.holding(first, trainable, name, shown.rpartition("/")[2], within_path(shown))

    _name_in_paths: str | None = None
    """What stands for the layer in paths, if that is not its name."""

    @contextmanager
    def _inside(self) -> Iterator[None]:
        own = vars(self)
        if "_path_before" not in own:
            own["_path_before"] = within_path("")
        parts = (own["_path_before"], self._name_in_paths or self.name)
        with inside_path("/".join(part for part in parts if part)):
            if self._building:
                own["_path"] = within_path("")
            yield

    @property
    def path(self) -> str | None:
        """The name with those of the layers whose `build` or `call` have built it, such as 'model/block/dense'; None before."""
        return vars(self).get("_path") or (self.name if self.built and self._is_model else None)

    def _free_name(self) -> str:
        """Returns a name for a weight that is given none."""
        taken = {weight.original_name.rpartition("/")[2] for weight in (*self._own, *self._fixed)}
        names = itertools.chain(["variable"], (f"variable_{number}" for number in itertools.count(1)))
        free = next(name for name in names if name not in taken)
        vars(self).setdefault("_names_made_up", {})[free] = naming.keras_unique("Variable")
        return free

    @property
    def variables(self) -> list[Variable]:
        """All weights."""
        return self.weights

    @property
    def trainable_variables(self) -> list[Variable]:
        """The weights that training changes."""
        return self.trainable_weights

    @property
    def non_trainable_variables(self) -> list[Variable]:
        """The weights that training leaves alone."""
        return self.non_trainable_weights

    def add_variable(self, *args: Any, **kwargs: Any) -> Variable:
        """Makes a weight of this layer, as `add_weight` does.

        Args:
            args, kwargs: those of `add_weight`.

        Returns:
            The variable.
        """
        return self.add_weight(*args, **kwargs)

    def add_metric(self, *args: Any, **kwargs: Any) -> None:
        """Refuses: Keras 3 has it no more. Give metrics to `compile`, or keep one as an attribute.

        Args:
            args, kwargs: not read.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError(
            f"{self.display_name}: add_metric is gone since Keras 3. Give metrics to compile(metrics=[...]), or keep one as an "
            "attribute and call its update_state in `call` or in `train_step`."
        )

    def reset_state(self) -> None:
        """Lets a stateful layer, and those inside, forget; nothing happens where there is none.

        Source: https://keras.io/api/layers/recurrent_layers/rnn/
        """
        if self.stateful:
            self.reset_states()

    def get_weights(self, trainable_only: bool = False) -> list[Any]:
        """Returns the values of weights as arrays, in the order of `weights`.

        Args:
            trainable_only: whether to leave out those that training does not change.

        Example:
            >>> from tfjs_pyo import keras
            >>> layer = keras.layers.Dense(1, kernel_initializer="ones")
            >>> layer.build((None, 2))
            >>> [weight.tolist() for weight in layer.get_weights()]
            [[[1.0], [1.0]], [0.0]]
        """
        return as_arrays(super().get_weights(trainable_only))

    def stateless_call(
        self,
        trainable_variables: Sequence[Any],
        non_trainable_variables: Sequence[Any],
        *args: Any,
        return_losses: bool = False,
        **kwargs: Any,
    ) -> tuple[Any, ...]:
        """Calls the layer as if its weights had other values; they stay as they are.

        Args:
            trainable_variables, non_trainable_variables: values, in the order of the layer's own.
            args, kwargs: what the layer is called with.
            return_losses: whether the losses of the call are returned, too.

        Returns:
            The outputs, and the values of `non_trainable_variables` after the call; with `return_losses` a list of losses.

        Raises:
            ArgumentError: the layer is not built, or there are not as many values as variables.

        Example:
            >>> from tfjs_pyo import keras
            >>> layer = keras.layers.Dense(1, kernel_initializer="ones")
            >>> layer.build((None, 2))
            >>> outputs, state = layer.stateless_call([[[2], [3]], [4]], [], keras.ops.ones((1, 2)))
            >>> keras.ops.convert_to_numpy(outputs).tolist(), state
            ([[9.0]], [])

        Source: https://keras.io/api/layers/base_layer/
        """
        scope = StatelessScope(self._paired(trainable_variables, non_trainable_variables))
        with scope:
            outputs = self(*args, **kwargs)
            losses = list(self.losses) if return_losses else []
        after = values_in(scope, self.non_trainable_variables)
        return (outputs, after, losses) if return_losses else (outputs, after)

    def _paired(self, *given: Sequence[Any]) -> list[tuple[Any, Any]]:
        """Returns the trained and the other variables with values for them."""
        if not self.built:
            raise ArgumentError(f"{self.display_name}: stateless_call: expected a layer that is built.")
        own = (self.trainable_variables, self.non_trainable_variables)
        for which, (variables, values) in zip(
            ("trainable", "non-trainable"), zip(own, given, strict=True), strict=True
        ):
            if len(variables) != len(values):
                raise ArgumentError(
                    f"{self.display_name}: expected values of its {len(variables)} {which} variables, received {len(values)}."
                )
        return [
            pair
            for variables, values in zip(own, given, strict=True)
            for pair in zip(variables, values, strict=True)
        ]

    @property
    def metrics(self) -> list[Metric]:
        """The metrics that are attributes of the layer or of layers inside it, or in lists and dicts that are."""
        return metrics_of(self)

    @property
    def metrics_variables(self) -> list[Variable]:
        """The variables of the metrics."""
        return [variable for metric in self.metrics for variable in metric.variables]

    @property
    def dtype_policy(self) -> DTypePolicy:
        """The dtypes of the layer, as a policy."""
        return DTypePolicy(self.dtype)

    @shown
    def input_dtype(self) -> str:
        """The dtype that inputs are taken as."""
        return self.dtype

    quantization_mode = None

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Returns symbolic tensors of the shapes and dtypes of what the layer gives for others.

        Args:
            args, kwargs: what the layer is called with: symbolic tensors, as `keras.Input` makes them.
        """
        return self(*args, **kwargs)

    def symbolic_call(self, *args: Any, **kwargs: Any) -> Any:
        """Returns what the layer gives for symbolic tensors.

        Args:
            args, kwargs: what the layer is called with.
        """
        return self(*args, **kwargs)

    @shown
    def compute_dtype(self) -> str:
        """The dtype of computations."""
        return self.dtype

    @shown
    def variable_dtype(self) -> str:
        """The dtype of weights."""
        return self.dtype

    # Files

    def get_build_config(self) -> dict[str, Any] | None:
        """Returns what the layer was built with, as files have it; None if it is not built. A subclass may define it.

        Example:
            >>> from tfjs_pyo import keras
            >>> layer = keras.layers.Dense(1, kernel_initializer="ones")
            >>> layer.build((None, 2))
            >>> layer.get_build_config()
            {'input_shape': (None, 2)}

        Source: https://keras.io/api/layers/base_layer/
        """
        shape = vars(self).get("_built_with")
        return None if shape is None or not self.built else {"input_shape": shape}

    def build_from_config(self, config: Mapping[str, Any]) -> None:
        """Builds the layer as `get_build_config` says. A subclass may define it.

        Args:
            config: what `get_build_config` gave.

        Example:
            >>> from tfjs_pyo import keras
            >>> layer = keras.layers.Dense(1)
            >>> layer.build_from_config({"input_shape": (None, 2)})
            >>> layer.count_params()
            3

        Source: https://keras.io/api/layers/base_layer/
        """
        shapes = config.get("shapes_dict") or {"input_shape": config.get("input_shape")}
        first, *others = [(name, shape) for name, shape in shapes.items() if shape is not None] or [
            ("", None)
        ]
        if first[1] is not None:
            further = {name.removesuffix("_shape"): trials.as_shapes(shape) for name, shape in others}
            self._ensure_built(trials.as_shapes(first[1]), further or None)

    def save_own_variables(self, store: dict[str, Any]) -> None:
        """Puts the layer's own weights into a dict, which is a group of a file. A subclass may define it.

        Args:
            store: values by name.

        Example:
            >>> from tfjs_pyo import keras
            >>> layer = keras.layers.Dense(1, kernel_initializer="ones")
            >>> layer.build((None, 2))
            >>> store = {}
            >>> layer.save_own_variables(store)
            >>> {name: value.shape for name, value in store.items()}
            {'0': (2, 1), '1': (1,)}

        Source: https://keras.io/api/layers/base_layer/
        """
        require_store(f"{self.display_name}: save_own_variables", store).update(
            {str(number): as_arrays(weight.read()) for number, weight in enumerate(self._own_weights())}
        )

    def load_own_variables(self, store: Mapping[str, Any]) -> None:
        """Takes the layer's own weights out of a dict. A subclass may define it.

        Args:
            store: what `save_own_variables` put into it.

        Raises:
            FormatError: other weights than the layer has.

        Example:
            >>> from tfjs_pyo import keras
            >>> layer = keras.layers.Dense(1, kernel_initializer="ones")
            >>> layer.build((None, 2))
            >>> layer.load_own_variables({"0": [[2], [3]], "1": [4]})
            >>> layer.get_weights()[1].tolist()
            [4.0]

        Source: https://keras.io/api/layers/base_layer/
        """
        own = self._own_weights()
        require_store(f"{self.display_name}: load_own_variables", store)
        if set(store) != {str(number) for number in range(len(own))}:
            raise FormatError(
                f"{self.display_name}: load_own_variables: expected {len(own)} variables, received {', '.join(store) or 'none'}."
            )
        for number, weight in enumerate(own):
            weight.assign(store[str(number)])

    _arrays_of = staticmethod(as_arrays)
    """What values of files become for `load_own_variables`."""

    # Losses

    def _add_penalty(self, penalty: Tensor) -> None:
        note_penalty(penalty)
        self._noted_losses().append(penalty)

    def _noted_losses(self) -> list[Tensor]:
        """Returns what `add_loss` and the activity regularizer noted in the last call of the outermost layer."""
        noted: _Noted = vars(self).setdefault("_losses_noted", _Noted())
        return noted.losses

    @shown
    def losses(self) -> list[Tensor]:
        """What the layer adds to the loss: by `add_loss` and activity regularizers in the last call, and by those of weights."""
        return [*self._losses_of_call(), *self._all_penalties()]

    def _losses_of_call(self) -> list[Tensor]:
        layers = [layer for layer in flatten_layers(self) if isinstance(layer, Layer)]
        return [loss for layer in layers for loss in layer._noted_losses()]

    def _clear_losses(self) -> None:
        for layer in flatten_layers(self):
            if isinstance(layer, Layer):
                layer._noted_losses().clear()

    # Calling

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "_losses_noted"}

    def _invoke(self, inputs: Any, arguments: Mapping[str, Any], mask: Any = None) -> Any:
        usual = self._usually_training or _usual(getattr(self.call, "__func__", self.call))
        told = (arguments.get("training"), _training.get(), usual)
        training = next((value for value in told if value is not None), None)
        given = {name: value for name, value in arguments.items() if name != "training"}
        given |= {} if training is None else {"training": training}
        depth = _depth.get()
        if not depth:
            self._clear_losses()
        tokens = _training.set(training), _depth.set(depth + 1)
        try:
            with self._inside():
                return super()._invoke(inputs, given, mask)
        finally:
            _training.reset(tokens[0])
            _depth.reset(tokens[1])

    def _note_shape(self, input_shape: Any) -> None:
        self._built_with = input_shape

    def _ensure_built(self, input_shape: Any, further: Mapping[str, Any] | None = None) -> None:
        if not self.built:
            self._built_with = trials.shapes_to_build(input_shape)
        super()._ensure_built(input_shape, further)

    def _call_for_shapes(self, inputs: Any, arguments: Mapping[str, Any]) -> Any:
        token = _depth.set(_depth.get() + 1)
        try:
            return super()._call_for_shapes(inputs, arguments)
        finally:
            _depth.reset(token)
            self._clear_losses()


__all__ = ["Layer"]
