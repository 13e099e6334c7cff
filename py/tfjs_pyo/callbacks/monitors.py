"""Callbacks that watch a number of the logs: early stopping, checkpoints."""

from __future__ import annotations

import inspect
import math
import os
from collections.abc import Callable
from typing import Any, ClassVar

from tfjs_pyo import naming, options
from tfjs_pyo.callbacks.base import Logs, OptionCallback, arity
from tfjs_pyo.config import LARGEST, REQUIRED, choice, field, number, positive_int
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, OptionError

MODE = choice("auto", "min", "max")
_RISING = ("acc", "auc", "precision", "recall", "f1", "fbeta", "r2", "iou")
"""Parts of the names of numbers that are the better the larger they are."""


def whole(owner: str, name: str, value: Any) -> int:
    """Returns an integer from 0; a conversion for fields."""
    found = options.real(value)
    if found is None or not 0 <= found <= LARGEST or found != int(found):
        raise OptionError(
            f"{owner}: expected {naming.camel(name)!r} to be an integer from 0, received {value!r}."
        )
    return int(found)


def size_of(owner: str, name: str, value: Any) -> float:
    """Returns a number without its sign; a conversion for fields."""
    return abs(number()(owner, name, value))


class Monitor(OptionCallback):
    """Base of callbacks that ask whether a number of the logs has improved. Subclasses declare monitor and mode."""

    _internal: ClassVar[tuple[str, ...]] = ("improves", "restore", "rises", "watched", "worst")
    monitor: str
    mode: str

    @property
    def rises(self) -> bool:
        """Whether larger is better; mode 'auto' tells by the name."""
        name = naming.fold(self.monitor)
        return self.mode == "max" or (self.mode == "auto" and any(part in name for part in _RISING))

    @property
    def worst(self) -> float:
        """What every number is an improvement on."""
        return -math.inf if self.rises else math.inf

    def improves(self, value: float, best: float, min_delta: float = 0.0) -> bool:
        """Returns whether a number is better than another by more than `min_delta`; NaN never is."""
        return (value - best if self.rises else best - value) > min_delta

    def watched(self, logs: Logs) -> float | None:
        """Returns the number that is monitored; 'val_accuracy' finds 'val_acc', as accuracy is called in the logs.

        None if it is one of the validation that a stopped epoch does not have.

        Raises:
            ArgumentError: the logs do not have it; the message has what they do have.
        """
        key = naming.nearest_spelling(self.monitor, logs)
        key = key or naming.nearest_spelling(self.monitor.replace("accuracy", "acc"), logs)
        if key is None and self.model.stop_training and self.monitor.startswith("val"):
            return None
        if key is None:
            raise ArgumentError(
                f"{self.display_name}: expected monitor to be one of {', '.join(map(repr, logs))}, received {self.monitor!r}. "
                "For val_ numbers give fit validationData or validationSplit."
            )
        return logs[key]


class EarlyStopping(Monitor):
    """Stops training when a number has not improved for some epochs.

    Args:
        monitor: which number of the logs.
        min_delta: the least change that counts.
        patience: epochs to wait; 0 stops at the first one without improvement.
        verbose: 1 prints when it stops.
        mode: 'auto', 'min' or 'max'.
        baseline: a value to improve on from the start.
        restore_best_weights: whether the best epoch's weights come back at the end.
        start_from_epoch: epochs before this one count neither as improvement nor as waiting.

    Attributes:
        stopped_epoch: number of the epoch after which training stopped, or 0.
        best_epoch: number of the best epoch.

    Example:
        >>> import tfjs_pyo as tf
        >>> import asyncio
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1]})]})
        >>> model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
        >>> x, y = tf.tensor([[1], [2]]), tf.tensor([[2], [4]])
        >>> stop = tf.callbacks.earlyStopping({"monitor": "loss", "minDelta": 1000})
        >>> history = asyncio.run(model.fit(x, y, {"epochs": 9, "callbacks": stop}))
        >>> stop.stopped_epoch, len(history.epoch)
        (1, 2)

    Source: https://js.tensorflow.org/api/latest/#callbacks.earlyStopping
    """

    monitor: str = field("val_loss")
    min_delta: float = field(0.0, size_of)
    patience: int = field(0, whole)
    verbose: int = field(0, whole)
    mode: str = field("auto", MODE)
    baseline: float | None = field(None, number())
    restore_best_weights: bool = field(False)
    start_from_epoch: int = field(0, whole)
    stopped_epoch: int
    best_epoch: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on_train_begin()

    def on_train_begin(self) -> None:
        self.stopped_epoch = self.best_epoch = 0
        self._best = self.worst
        self._waited = 0
        self._weights: list[Tensor] | None = None

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        value = self.watched(logs)
        if value is None or epoch < self.start_from_epoch:
            return
        better = self.improves(value, self._best, self.min_delta)
        if better or (self._weights is None and self.restore_best_weights):
            self.best_epoch = epoch
            self._weights = self.copied_weights() if self.restore_best_weights else None
        if better:
            self._best = value
            if self.baseline is None or self.improves(value, self.baseline, self.min_delta):
                self._waited = 0
                return
        self._waited += 1
        if self._waited >= self.patience:
            self.stopped_epoch = epoch
            self.model.stop_training = True
            if self.verbose:
                print(f"Epoch {epoch + 1}: early stopping.")

    def on_train_end(self) -> None:
        if self._weights is not None:
            if self.verbose:
                print(f"Restoring the weights of epoch {self.best_epoch + 1}, the best one.")
            self.model.set_weights(self._weights)


def _place(owner: str, name: str, value: Any) -> Any:
    """Returns a function, a path, an address or a handler; a conversion for fields."""
    if not (callable(value) or isinstance(value, (str, os.PathLike)) or hasattr(value, "save")):
        raise OptionError(
            f"{owner}: expected {naming.camel(name)!r} to be a function, a path, an address or a handler, received {value!r}."
        )
    return value


def _frequency(owner: str, name: str, value: Any) -> Any:
    """Returns 'epoch' or a number of batches; a conversion for fields."""
    return value if value == "epoch" else positive_int(owner, name, value)


class ModelCheckpoint(Monitor):
    """Keeps the model after epochs: its weights in memory, and all of it in files, a store, or by a function of yours.

    Args:
        save: Keras's `filepath`: a place that `model.save` takes, which may name the epoch (from 1) and numbers of the logs:
            'model-{epoch:02d}-{val_loss:.2f}'; or a function or coroutine function of (model, epoch, logs), as many of them as
            it takes.
        monitor: which number of the logs tells the best epoch.
        verbose: 1 prints when the model is kept.
        save_best_only: whether only epochs that improve on all before are kept.
        save_weights_only: whether `save_weights` of Keras's models writes the file, not `save`.
        mode: 'auto', 'min' or 'max'.
        save_freq: 'epoch', or after how many batches each the model is kept.
        initial_value_threshold: a value to improve on from the start, for `save_best_only`.
        include_optimizer: whether the state of the optimizer is saved too, so that training can go on.

    Attributes:
        weights: those of the epoch kept last, or None; `restore()` gives them back to the model.
        epoch: number of the epoch kept last, or None.

    Raises:
        OptionError: a `save` that is neither function nor place.
        StorageError: it could not be stored; what was saved before is whole.

    Example:
        >>> import tfjs_pyo as tf
        >>> import asyncio, os, tempfile
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1]})]})
        >>> model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
        >>> x, y = tf.tensor([[1], [2]]), tf.tensor([[2], [4]])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     best = tf.callbacks.ModelCheckpoint(os.path.join(folder, "best"), monitor="loss", save_best_only=True)
        ...     history = asyncio.run(model.fit(x, y, {"epochs": 2, "callbacks": best}))
        ...     len(os.listdir(folder))
        1
        >>> best.epoch
        1

    Source: https://keras.io/api/callbacks/model_checkpoint/
    """

    save: Any = field(None, _place, saved=False, keras=REQUIRED, keras_name="filepath")
    monitor: str = field("val_loss")
    verbose: int = field(0, whole)
    save_best_only: bool = field(False)
    save_weights_only: bool = field(False)
    mode: str = field("auto", MODE)
    save_freq: Any = field("epoch", _frequency)
    initial_value_threshold: float | None = field(None, number())
    include_optimizer: bool = field(True, keyword_only=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weights: list[Tensor] | None = None
        self.epoch: int | None = None
        self._batches = self._begun = 0
        self.best = self.worst if self.initial_value_threshold is None else self.initial_value_threshold

    def handlers(self) -> dict[str, Callable[..., Any]]:
        unheard = ("on_batch_end", "on_epoch_begin") if self.save_freq == "epoch" else ("on_epoch_end",)
        return {event: handler for event, handler in super().handlers().items() if event not in unheard}

    def on_epoch_begin(self, epoch: int) -> None:
        self._begun = epoch  # that batches are of

    async def on_batch_end(self, batch: int, logs: Logs) -> None:
        del batch
        self._batches += 1
        if self._batches % self.save_freq == 0:
            await self._keep(self._begun, logs)

    async def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        await self._keep(epoch, logs)

    async def _keep(self, epoch: int, logs: Logs) -> None:
        if self.save_best_only:
            value = self.watched(logs)
            if value is None or not self.improves(value, self.best):
                return
            self.best = value
        self.weights, self.epoch = self.copied_weights(), epoch
        if self.verbose:
            print(f"Epoch {epoch + 1}: keeping the model.")
        place = self.save
        if callable(place):
            result = place(*(self.model, epoch, logs)[: arity(place, 3)])
        elif place is None:
            return
        elif self.save_weights_only:
            result = self.model.save_weights(self._named(place, epoch, logs))
        else:
            result = self.model.save(
                self._named(place, epoch, logs), include_optimizer=self.include_optimizer
            )
        if inspect.isawaitable(result):
            await result

    def _named(self, place: Any, epoch: int, logs: Logs) -> Any:
        """Returns a place with the epoch and the numbers that its name asks for."""
        if not isinstance(place, (str, os.PathLike)):
            return place
        try:
            return os.fspath(place).format(epoch=epoch + 1, **logs)
        except (KeyError, IndexError, ValueError) as error:
            raise OptionError(
                f"{self.display_name}: expected a place that names the epoch and numbers of the logs ({', '.join(logs)}), "
                f"received {str(place)!r}: {error}."
            ) from None

    def restore(self) -> None:
        """Gives the model the weights that were kept last.

        Raises:
            ArgumentError: none were kept.
        """
        if self.weights is None:
            raise ArgumentError(
                f"{self.display_name}: no weights were kept yet; fit a model with this callback first."
            )
        self.model.set_weights(self.weights)
