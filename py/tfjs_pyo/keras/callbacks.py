"""`keras.callbacks`: those of `tf.callbacks` with Keras's parameters, and what only Keras has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tfjs_pyo import callbacks
from tfjs_pyo.callbacks import base
from tfjs_pyo.callbacks.base import Callback, History
from tfjs_pyo.core.blocking import wait
from tfjs_pyo.keras.forms import keras_names
from tfjs_pyo.keras.remote import RemoteMonitor
from tfjs_pyo.keras.resuming import BackupAndRestore, SwapEMAWeights
from tfjs_pyo.keras.tensorboard import TensorBoard


class ProgbarLogger(Callback):
    """Stands for the progress that `fit` prints by itself, as its `verbose` says.

    Example:
        >>> from tfjs_pyo import keras
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> history = model.fit([[1.0]], [[2.0]], verbose=0, callbacks=[keras.callbacks.ProgbarLogger()])
        >>> list(history.history)
        ['loss']

    Source: https://github.com/keras-team/keras/blob/master/keras/src/callbacks/progbar_logger.py
    """


class LambdaCallback(callbacks.LambdaCallback):
    """A callback of functions.

    Args:
        on_epoch_begin, on_epoch_end: functions of epoch and logs.
        on_train_begin, on_train_end: functions of logs.
        on_train_batch_begin, on_train_batch_end: functions of batch and logs.
        others: functions for the other events, such as `on_test_begin`.

    Raises:
        ArgumentError: what is no function, or no event.

    Example:
        >>> from tfjs_pyo import keras
        >>> note = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: print("epoch", epoch, list(logs)))
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> history = model.fit([[1.0]], [[2.0]], epochs=2, verbose=0, callbacks=[note])
        epoch 0 ['loss']
        epoch 1 ['loss']

    Source: https://keras.io/api/callbacks/lambda_callback/
    """

    def __init__(
        self,
        on_epoch_begin: Callable[..., Any] | None = None,
        on_epoch_end: Callable[..., Any] | None = None,
        on_train_begin: Callable[..., Any] | None = None,
        on_train_end: Callable[..., Any] | None = None,
        on_train_batch_begin: Callable[..., Any] | None = None,
        on_train_batch_end: Callable[..., Any] | None = None,
        **others: Callable[..., Any],
    ) -> None:
        given = {
            "on_epoch_begin": on_epoch_begin, "on_epoch_end": on_epoch_end, "on_train_begin": on_train_begin,
            "on_train_end": on_train_end, "on_train_batch_begin": on_train_batch_begin,
            "on_train_batch_end": on_train_batch_end, **others,
        }  # fmt: skip
        super().__init__({name: function for name, function in given.items() if function is not None})


class CallbackList:
    """Callbacks that are called together, for loops of one's own.

    Args:
        callbacks: callbacks.
        add_history: whether one of them notes the numbers of epochs, if none does.
        add_progbar: accepted; `fit` prints progress by itself.
        model: that is trained.
        params: facts of the run.

    Example:
        >>> from tfjs_pyo import keras
        >>> note = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch, logs))
        >>> keras.callbacks.CallbackList([note]).on_epoch_end(0, {"loss": 0.5})
        0 {'loss': 0.5}

    Source: https://github.com/keras-team/keras/blob/master/keras/src/callbacks/callback_list.py
    """

    def __init__(
        self,
        callbacks: Any = None,
        add_history: bool = False,
        add_progbar: bool = False,  # noqa: ARG002 (Keras's parameter)
        model: Any = None,
        **params: Any,
    ) -> None:
        self.callbacks = base.flat(callbacks)
        if add_history and not any(isinstance(each, History) for each in self.callbacks):
            self.callbacks.append(History())
        self.model, self.params = model, params
        self._noted = [each for each in self.callbacks if isinstance(each, History)]

    def append(self, callback: Any) -> None:
        """Adds a callback.

        Args:
            callback: a Callback, or a dict of functions by their events.

        Example:
            >>> from tfjs_pyo import keras
            >>> callbacks = keras.callbacks.CallbackList()
            >>> callbacks.append(keras.callbacks.LambdaCallback(on_train_begin=lambda: print("begins")))
            >>> callbacks.on_train_begin()
            begins

        Source: https://github.com/keras-team/keras/blob/master/keras/src/callbacks/callback_list.py
        """
        self.callbacks.append(callback)

    def set_params(self, params: dict[str, Any]) -> None:
        """Sets the facts of the run that all callbacks get as their `params`.

        Args:
            params: dict such as `{"epochs": 3}`.

        Example:
            >>> from tfjs_pyo import keras
            >>> class Note(keras.callbacks.Callback):
            ...     def on_train_begin(self, logs=None):
            ...         print(self.params)
            >>> callbacks = keras.callbacks.CallbackList([Note()])
            >>> callbacks.set_params({"epochs": 3})
            >>> callbacks.on_train_begin()
            {'epochs': 3}

        Source: https://github.com/keras-team/keras/blob/master/keras/src/callbacks/callback_list.py
        """
        self.params = params

    def set_model(self, model: Any) -> None:
        """Sets the model that all callbacks get as their `model`.

        Args:
            model: that is trained.

        Example:
            >>> from tfjs_pyo import keras
            >>> class Note(keras.callbacks.Callback):
            ...     def on_train_begin(self, logs=None):
            ...         print(self.model.name)
            >>> callbacks = keras.callbacks.CallbackList([Note()])
            >>> callbacks.set_model(keras.Sequential(name="small"))
            >>> callbacks.on_train_begin()
            small

        Source: https://github.com/keras-team/keras/blob/master/keras/src/callbacks/callback_list.py
        """
        self.model = model

    def __getattr__(self, name: str) -> Callable[..., None]:
        if not name.startswith("on_"):
            raise AttributeError(f"CallbackList has no {name!r}.")

        def call(*args: Any, logs: Any = None) -> None:
            event = name.replace("on_train_batch", "on_batch")
            numbered = "epoch" in name or "batch" in name
            numbers = args[1] if numbered and len(args) > 1 else args[0] if args and not numbered else logs
            told = (*args[:1], numbers or {}) if numbered else (numbers or {},)
            if name == "on_epoch_end":
                for history in self._noted:
                    history.note(*told)
            wait(base.CallbackList(self.callbacks, self.model, self.params).call(event, *told))

        return call


_CLASSES = {
    **{name: getattr(callbacks, name) for name in callbacks.__all__ if name != "CustomCallback"},
    **{
        each.__name__: each
        for each in (
            BackupAndRestore, CallbackList, LambdaCallback, ProgbarLogger, RemoteMonitor, SwapEMAWeights, TensorBoard,
        )
    },
}  # fmt: skip

__all__ = list(_CLASSES)
__getattr__, __dir__ = keras_names(__name__, _CLASSES)
