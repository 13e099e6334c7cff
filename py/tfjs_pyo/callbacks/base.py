"""What callbacks are and how training calls them."""

from __future__ import annotations

import inspect
import weakref
from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from tfjs_pyo import naming
from tfjs_pyo.callbacks.events import EVENTS, KERAS_EVENTS, hook
from tfjs_pyo.config import Configurable
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.errors import ArgumentError, OptionError
from tfjs_pyo.rules import shows
from tfjs_pyo.shapes import is_dimension
from tfjs_pyo.types import ModelLike

Logs = dict[str, float]


@naming.spell_methods
class Callback:
    """Base: override what you need, as methods or coroutines, in either spelling (`on_epoch_end`, `onEpochEnd`).

    Events of training are `on_train_begin`, `on_epoch_begin`, `on_batch_begin` (in Keras `on_train_batch_begin`), their ends, and
    `on_yield`; those of validation and of Keras's `evaluate` `on_test_begin` and `on_test_batch_begin`, of Keras's `predict`
    `on_predict_begin` and `on_predict_batch_begin`.

    Attributes:
        model: the model in training.
        params: epochs, samples, batch size, and more.
        validation_data: None: `fit` keeps the data of its validation to itself, as in TF.js.

    Example:
        >>> import tfjs_pyo as tf
        >>> import asyncio
        >>> class Note(tf.Callback):
        ...     def on_epoch_end(self, epoch, logs):
        ...         print("epoch", epoch, list(logs))
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1]})]})
        >>> model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
        >>> x, y = tf.tensor([[1], [2]]), tf.tensor([[2], [4]])
        >>> history = asyncio.run(model.fit(x, y, {"epochs": 2, "callbacks": Note()}))
        epoch 0 ['loss']
        epoch 1 ['loss']
    """

    _internal: ClassVar[tuple[str, ...]] = ("handlers",)
    validation_data: Any = None
    model: Any = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        naming.spell_methods(cls)

    def __init__(self) -> None:
        self.model = None
        self.params: dict[str, Any] = {}

    if TYPE_CHECKING:  # subclasses name the parameters as they like
        on_train_begin: Callable[..., Any]
        on_train_end: Callable[..., Any]
        on_epoch_begin: Callable[..., Any]
        on_epoch_end: Callable[..., Any]
        on_batch_begin: Callable[..., Any]
        on_batch_end: Callable[..., Any]
        on_train_batch_begin: Callable[..., Any]
        on_train_batch_end: Callable[..., Any]
        on_test_begin: Callable[..., Any]
        on_test_end: Callable[..., Any]
        on_test_batch_begin: Callable[..., Any]
        on_test_batch_end: Callable[..., Any]
        on_predict_begin: Callable[..., Any]
        on_predict_end: Callable[..., Any]
        on_predict_batch_begin: Callable[..., Any]
        on_predict_batch_end: Callable[..., Any]
    else:
        on_train_begin = hook(
            "on_train_begin", "train", "before the first epoch of `fit`", '"begins"', "begins"
        )
        on_train_end = hook("on_train_end", "train", "after the last epoch of `fit`", '"ends"', "ends")
        on_epoch_begin = hook(
            "on_epoch_begin", "train", "before each epoch of `fit`", '"epoch", epoch', "epoch 0", "epoch 1"
        )
        on_epoch_end = hook(
            "on_epoch_end",
            "train",
            "after each epoch of `fit`",
            "epoch, list(logs)",
            "0 ['loss']",
            "1 ['loss']",
        )
        on_batch_begin = hook(
            "on_batch_begin",
            "train",
            "before each batch of `fit`",
            '"batch", batch',
            *["batch 0", "batch 1"] * 2,
        )
        on_batch_end = hook(
            "on_batch_end",
            "train",
            "after each batch of `fit`",
            "batch, list(logs)",
            *["0 ['loss']", "1 ['loss']"] * 2,
        )
        on_test_begin = hook(
            "on_test_begin", "test", "before validation, and before Keras's `evaluate`", '"begins"', "begins"
        )
        on_test_end = hook(
            "on_test_end", "test", "after validation, and after Keras's `evaluate`", "list(logs)", "['loss']"
        )
        on_test_batch_begin = hook(
            "on_test_batch_begin", "test", "before each batch of validation, and of Keras's `evaluate`", '"batch", batch',
            "batch 0", "batch 1",
        )  # fmt: skip
        on_test_batch_end = hook(
            "on_test_batch_end", "test", "after each batch of validation, and of Keras's `evaluate`", "batch, list(logs)",
            "0 ['loss']", "1 ['loss']",
        )  # fmt: skip
        on_predict_begin = hook(
            "on_predict_begin", "predict", "before Keras's `predict`", '"begins"', "begins"
        )
        on_predict_end = hook("on_predict_end", "predict", "after Keras's `predict`", '"ends"', "ends")
        on_predict_batch_begin = hook(
            "on_predict_batch_begin", "predict", "before each batch of Keras's `predict`", '"batch", batch',
            "batch 0", "batch 1",
        )  # fmt: skip
        on_predict_batch_end = hook(
            "on_predict_batch_end", "predict", "after each batch of Keras's `predict`",
            'batch, logs["outputs"].shape', "0 (1, 1)", "1 (1, 1)",
        )  # fmt: skip

        def on_train_batch_begin(self, batch: int, logs: Any = None) -> Any:
            """Is Keras's name for `on_batch_begin`, which it calls; a subclass overrides one of them.

            Args:
                batch: number of the batch, from 0.
                logs: dict; empty before the first batch, later loss and metrics so far.

            Returns what `on_batch_begin` gives.

            Example:
                >>> from tfjs_pyo import keras
                >>> class Note(keras.callbacks.Callback):
                ...     def on_train_batch_begin(self, batch, logs=None):
                ...         print("batch", batch)
                >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
                >>> model.compile("sgd", "mse")
                >>> _ = model.fit([[1.0], [2.0]], [[2.0], [4.0]], batch_size=1, verbose=0, callbacks=[Note()])
                batch 0
                batch 1

            Source: https://keras.io/api/callbacks/base_callback/
            """
            return self.on_batch_begin(batch, logs)

        def on_train_batch_end(self, batch: int, logs: Any = None) -> Any:
            """Is Keras's name for `on_batch_end`, which it calls; a subclass overrides one of them.

            Args:
                batch: number of the batch, from 0.
                logs: dict of loss and metrics of the epoch so far.

            Returns what `on_batch_end` gives.

            Example:
                >>> from tfjs_pyo import keras
                >>> class Note(keras.callbacks.Callback):
                ...     def on_train_batch_end(self, batch, logs=None):
                ...         print(batch, list(logs))
                >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
                >>> model.compile("sgd", "mse")
                >>> _ = model.fit([[1.0], [2.0]], [[2.0], [4.0]], batch_size=1, verbose=0, callbacks=[Note()])
                0 ['loss']
                1 ['loss']

            Source: https://keras.io/api/callbacks/base_callback/
            """
            return self.on_batch_end(batch, logs)

    def set_model(self, model: ModelLike) -> None:
        """Sets `model`; training does so before its first event.

        Args:
            model: the model in training.

        Example:
            >>> import tfjs_pyo as tf
            >>> callback = tf.Callback()
            >>> callback.setModel(tf.sequential({"name": "small"}))
            >>> callback.model.name
            'small'

        Source: https://js.tensorflow.org/api/latest/#callbacks
        """
        self.model = model

    def set_params(self, params: dict[str, Any]) -> None:
        """Sets `params`; training does so before its first event.

        Args:
            params: dict of facts of the run: 'epochs', 'steps', 'verbose', and in `fit` more, such as 'samples'.

        Example:
            >>> import tfjs_pyo as tf
            >>> callback = tf.Callback()
            >>> callback.setParams({"epochs": 3})
            >>> callback.params["epochs"]
            3

        Source: https://js.tensorflow.org/api/latest/#callbacks
        """
        self.params = params

    def __getattr__(self, name: str) -> Any:
        return naming.attribute(self, name)

    def __dir__(self) -> list[str]:
        return naming.spellings(naming.visible(type(self), super().__dir__()))

    def handlers(self) -> dict[str, Callable[..., Any]]:
        """Returns the methods that are overridden, by event."""
        found: dict[str, Callable[..., Any]] = {}
        for name in object.__dir__(self):
            event = _event(name)
            if event is None or name.startswith("_"):
                continue
            method = getattr(self, name)
            if getattr(method, "__func__", None) is not getattr(Callback, name, None):
                found[event] = method
        return found


def _event(name: str) -> str | None:
    event = naming.nearest_spelling(name, (*EVENTS, *KERAS_EVENTS))
    return None if event is None else KERAS_EVENTS.get(event, event)


class CustomCallback(Callback):
    """A callback of functions: `CustomCallback({'onEpochEnd': f})` or `CustomCallback(on_epoch_end=f)`.

    Args:
        config: dict of the functions by their events, in either spelling.
        on_train_begin, on_train_end, on_test_begin, on_test_end, on_predict_begin, on_predict_end: functions of logs.
        on_epoch_begin, on_epoch_end: functions of epoch and logs.
        on_batch_begin, on_batch_end, on_test_batch_begin, on_test_batch_end, on_predict_batch_begin, on_predict_batch_end:
            functions of batch and logs.
        on_yield: function of epoch, batch and logs, for the moments at which `fit` lets the page draw.

    Functions may be coroutines, and may take fewer arguments.

    Raises:
        ArgumentError: an unknown event, or what is no function.

    Example:
        >>> import tfjs_pyo as tf
        >>> import asyncio
        >>> note = tf.CustomCallback({"onEpochEnd": lambda epoch, logs: print("epoch", epoch, list(logs))})
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1]})]})
        >>> model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
        >>> x, y = tf.tensor([[1], [2]]), tf.tensor([[2], [4]])
        >>> history = asyncio.run(model.fit(x, y, {"epochs": 2, "callbacks": note}))
        epoch 0 ['loss']
        epoch 1 ['loss']

    Source: https://js.tensorflow.org/api/latest/#class:CustomCallback
    """

    @shows(config=None, **dict.fromkeys(EVENTS))
    def __init__(
        self, config: Mapping[str, Callable[..., Any]] | None = None, **functions: Callable[..., Any]
    ) -> None:
        super().__init__()
        self._functions: dict[str, Callable[..., Any]] = {}
        given = naming.require_config("callbacks", config or {})
        for name, function in {**given, **functions}.items():
            event = _event(name)
            if event is None:
                raise ArgumentError(f"callbacks: unknown event {name!r}.{naming.suggestions(name, EVENTS)}")
            if not callable(function):
                raise ArgumentError(f"callbacks: expected a function for {name!r}, received {function!r}.")
            self._functions[event] = function

    def handlers(self) -> dict[str, Callable[..., Any]]:
        return self._functions


class LambdaCallback(CustomCallback):
    """Keras's name for a callback of functions.

    Args:
        config: dict of the functions by their events.
        on_train_begin, on_train_end, on_test_begin, on_test_end, on_predict_begin, on_predict_end: functions of logs.
        on_epoch_begin, on_epoch_end: functions of epoch and logs.
        on_batch_begin, on_batch_end, on_test_batch_begin, on_test_batch_end, on_predict_batch_begin, on_predict_batch_end:
            functions of batch and logs.
        on_yield: function of epoch, batch and logs, for the moments at which `fit` lets the page draw.

    Raises:
        ArgumentError: an unknown event, or what is no function.

    Example:
        >>> import tfjs_pyo as tf
        >>> import asyncio
        >>> note = tf.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: print("epoch", epoch, list(logs)))
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1]})]})
        >>> model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
        >>> x, y = tf.tensor([[1], [2]]), tf.tensor([[2], [4]])
        >>> history = asyncio.run(model.fit(x, y, {"epochs": 2, "callbacks": note}))
        epoch 0 ['loss']
        epoch 1 ['loss']

    Source: https://keras.io/api/callbacks/lambda_callback/
    """


class OptionCallback(Configurable, Callback):
    """A callback that is made from options: fields, as layers have them."""

    _internal: ClassVar[tuple[str, ...]] = ("copied_weights",)

    keras_module = "tfjs_pyo.keras.callbacks"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        Callback.__init__(self)
        super().__init__(*args, **kwargs)

    def copied_weights(self) -> list[Tensor]:
        """Returns the model's weights as they are now, as tensors whatever the model's API gives."""
        return [weight.read().clone() for weight in self.model.weights]


class KerasCallback(OptionCallback, dialect=KERAS):
    """Base of callbacks that only Keras has."""


class History(Callback):
    """What `fit` returns: the numbers of each epoch run. It can be awaited, and gives itself: so `await` is right in both APIs.

    Attributes:
        epoch: the numbers of the epochs.
        history: for each of loss, metrics and their `val_` counterparts, a list with one number per epoch.

    Example:
        >>> import tfjs_pyo as tf
        >>> import asyncio
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1]})]})
        >>> model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
        >>> x, y = tf.tensor([[1], [2]]), tf.tensor([[2], [4]])
        >>> history = asyncio.run(model.fit(x, y, {"epochs": 3}))
        >>> history.epoch, len(history.history["loss"])
        ([0, 1, 2], 3)
    """

    _internal: ClassVar[tuple[str, ...]] = ("note",)

    def __init__(self) -> None:
        self._model: Callable[[], Any] = lambda: None
        super().__init__()
        self.epoch: list[int] = []
        self.history: dict[str, list[float]] = {}

    @property
    def model(self) -> Any:
        """The model, as long as there is one: it holds its history, not the other way round."""
        return self._model()

    @model.setter
    def model(self, model: Any) -> None:
        self._model = weakref.ref(model) if model is not None else lambda: None

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_model": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self.model = None

    def __await__(self) -> Generator[Any, None, History]:
        yield from ()
        return self

    async def sync_data(self) -> None:
        """Does nothing: the history has plain numbers already.

        Example:
            >>> import asyncio
            >>> import tfjs_pyo as tf
            >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1]})]})
            >>> model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
            >>> history = asyncio.run(model.fit(tf.ones([2, 1]), tf.ones([2, 1])))
            >>> asyncio.run(history.syncData())
            >>> type(history.history["loss"][0])
            <class 'float'>

        Source: https://js.tensorflow.org/api/latest/#callbacks
        """

    def note(self, epoch: int, logs: Logs) -> None:
        """Appends the numbers of an epoch."""
        self.epoch.append(epoch)
        for name, value in logs.items():
            self.history.setdefault(name, []).append(value)

    def __repr__(self) -> str:
        last = ", ".join(f"{name}={values[-1]:.6g}" for name, values in self.history.items() if values)
        return f"<History of {len(self.epoch)} epochs: {last}>"


_CONSTRUCTORS: list[tuple[int, Callable[[], Callback]]] = []
"""What was registered: from which verbosity on, and what makes the callback."""


@naming.bridge
def register_callback_constructor(verbosity_level: int, callback_constructor: Callable[[], Callback]) -> None:
    """Adds a callback to every training run whose `verbose` is at least a level.

    Args:
        verbosity_level: least `verbose` of runs that get it, from 0.
        callback_constructor: a subclass of Callback, or a function without parameters that makes one; called for each run.

    Raises:
        OptionError: the level is no whole number from 0.
        ArgumentError: the constructor cannot be called, or was registered before.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.registerCallbackConstructor(2, tf.callbacks.TerminateOnNaN)

    Source: https://js.tensorflow.org/api/latest/#registerCallbackConstructor
    """
    owner = "register_callback_constructor"
    if not is_dimension(verbosity_level):
        raise OptionError(f"{owner}: expected a whole number from 0, received {verbosity_level!r}.")
    if not callable(callback_constructor):
        raise ArgumentError(f"{owner}: expected a class or function, received {callback_constructor!r}.")
    if any(known is callback_constructor for _, known in _CONSTRUCTORS):
        raise ArgumentError(f"{owner}: {callback_constructor!r} was registered before.")
    _CONSTRUCTORS.append((verbosity_level, callback_constructor))


def constructed(verbose: Any) -> list[Callback]:
    """Returns new callbacks of all that are registered for a run with this `verbose`."""
    level = int(verbose) if isinstance(verbose, (bool, int)) else 1
    return [make() for least, make in _CONSTRUCTORS if least <= level]


class CallbackList:
    """The callbacks of one run.

    Args:
        callbacks: a callback, a dict of functions by their events, or a list of these.
        model: the model in training.
        params: facts of the run, such as the number of epochs.

    Raises:
        ArgumentError: what is neither a callback nor a dict.

    Example:
        >>> import tfjs_pyo as tf
        >>> import asyncio
        >>> note = tf.CustomCallback({"onEpochEnd": lambda epoch, logs: print(epoch, logs)})
        >>> callbacks = tf.CallbackList([note], None, {"epochs": 1})
        >>> asyncio.run(callbacks.call("on_epoch_end", 0, {"loss": 0.5}))
        0 {'loss': 0.5}
    """

    def __init__(self, callbacks: Any, model: Any, params: dict[str, Any]) -> None:
        self.callbacks = [
            c if isinstance(c, Callback) else CustomCallback(_functions(c)) for c in flat(callbacks)
        ]
        for callback in self.callbacks:
            callback.set_model(model)
            callback.set_params(params)
        self._handlers = [
            {event: (handler, arity(handler, 3)) for event, handler in callback.handlers().items()}
            for callback in self.callbacks
        ]

    def listens(self, *events: str) -> bool:
        """Returns whether a callback handles one of the events.

        Args:
            events: their names, in snake_case.

        Example:
            >>> import tfjs_pyo as tf
            >>> callbacks = tf.CallbackList([tf.CustomCallback({"onEpochEnd": print})], None, {})
            >>> callbacks.listens("on_epoch_end"), callbacks.listens("on_batch_begin", "on_batch_end")
            (True, False)
        """
        return any(event in handlers for handlers in self._handlers for event in events)

    async def call(self, event: str, *args: Any) -> None:
        """Calls the handlers of an event one after the other, and awaits those that are coroutines.

        Args:
            event: its name, in snake_case.
            args: what the event has, such as epoch and logs; a handler gets as many of them as it takes.

        Example:
            >>> import asyncio
            >>> import tfjs_pyo as tf
            >>> note = tf.CustomCallback({"onEpochEnd": lambda epoch: print("epoch", epoch)})
            >>> asyncio.run(tf.CallbackList([note], None, {}).call("on_epoch_end", 2, {"loss": 0.5}))
            epoch 2
        """
        for handlers in self._handlers:
            if event in handlers:
                handler, most = handlers[event]
                result = handler(*args[:most])
                if inspect.isawaitable(result):
                    await result


def flat(given: Any, depth: int = 0) -> list[Any]:
    """Returns what is in a list, and in lists within it; of something else a list of it, of None nothing."""
    if given is None:
        return []
    if not isinstance(given, (list, tuple)):
        return [given]
    if depth == _DEEPEST:
        raise ArgumentError(
            f"callbacks: expected lists of at most {_DEEPEST} levels. Does a list hold itself?"
        )
    return [item for each in given for item in flat(each, depth + 1)]


_DEEPEST = 16


def _functions(value: Any) -> Mapping[str, Callable[..., Any]]:
    if isinstance(value, Mapping):
        return value
    raise ArgumentError(
        f"callbacks: expected a Callback or a dict of functions, received {type(value).__name__}."
    )


def arity(function: Callable[..., Any], most: int) -> int:
    """Returns how many of the arguments a function takes: `lambda: ...` is fine for every event."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return most
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return most
    return min(most, sum(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters))
