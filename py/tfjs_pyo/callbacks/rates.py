"""Callbacks that change the learning rate. It is a variable of the compiled step, so nothing is compiled anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tfjs_pyo.callbacks.base import Logs, OptionCallback, arity
from tfjs_pyo.callbacks.monitors import MODE, Monitor, size_of, whole
from tfjs_pyo.config import field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.optimizers.schedules import LearningRateSchedule


def _rate(callback: OptionCallback) -> float:
    """Returns the learning rate of the model in training; raises if a schedule gives it."""
    optimizer = getattr(callback.model, "optimizer", None)
    if optimizer is None:
        raise ArgumentError(
            f"{callback.display_name}: expected a compiled model, given by set_model, found none."
        )
    rate = optimizer.given_rate
    if not isinstance(rate, float):
        raise ArgumentError(
            f"{callback.display_name}: expected the optimizer's learning rate to be a number, but {rate!r} gives it. "
            "Use either a schedule or this callback."
        )
    return rate


class LearningRateScheduler(OptionCallback):
    """Sets the learning rate at the beginning of each epoch. The logs of the epoch get it as 'learning_rate'.

    Args:
        schedule: function of the epoch's number and the present rate, or of the number only, that returns the rate; also
            a schedule from `keras.optimizers.schedules`, which then counts epochs.
        verbose: 1 prints each rate.

    Raises:
        OptionError: no function, or one that returns no number.

    Example:
        >>> import tfjs_pyo as tf
        >>> import asyncio
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1]})]})
        >>> model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
        >>> x, y = tf.tensor([[1], [2]]), tf.tensor([[2], [4]])
        >>> halve = tf.callbacks.LearningRateScheduler(lambda epoch: 0.5**epoch / 8)
        >>> history = asyncio.run(model.fit(x, y, {"epochs": 3, "callbacks": halve}))
        >>> history.history["learning_rate"]
        [0.125, 0.0625, 0.03125]

    Source: https://keras.io/api/callbacks/learning_rate_scheduler/
    """

    schedule: Callable[..., Any] = field(saved=False)
    verbose: int = field(0, whole)

    def on_epoch_begin(self, epoch: int) -> None:
        takes = 1 if isinstance(self.schedule, LearningRateSchedule) else arity(self.schedule, 2)
        rate = self.schedule(*(epoch, _rate(self))[:takes])
        value = rate.item() if isinstance(rate, Tensor) else rate
        self.model.optimizer.learning_rate = number(0)(self.display_name, "schedule(epoch)", value)
        if self.verbose:
            print(f"Epoch {epoch + 1}: learning rate {value:.6g}.")

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:  # noqa: ARG002 (the event has it)
        logs["learning_rate"] = _rate(self)


class ReduceLROnPlateau(Monitor):
    """Lowers the learning rate when a number has not improved for some epochs. The logs get it as 'learning_rate'.

    Args:
        monitor: which number of the logs.
        factor: what the rate is multiplied by.
        patience: epochs to wait.
        verbose: 1 prints each change.
        mode: 'auto', 'min' or 'max'.
        min_delta: the least change that counts.
        cooldown: after a change, waiting begins with this epoch (0 and 1 mean the next one, as in Keras).
        min_lr: least rate.

    Raises:
        OptionError: a factor that does not lower.

    Example:
        >>> import tfjs_pyo as tf
        >>> import asyncio
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1]})]})
        >>> model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
        >>> x, y = tf.tensor([[1], [2]]), tf.tensor([[2], [4]])
        >>> lower = tf.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=1, min_delta=1000)
        >>> history = asyncio.run(model.fit(x, y, {"epochs": 3, "callbacks": lower}))
        >>> [round(rate, 4) for rate in history.history["learning_rate"]]
        [0.01, 0.01, 0.005]

    Source: https://keras.io/api/callbacks/reduce_lr_on_plateau/
    """

    monitor: str = field("val_loss")
    factor: float = field(0.1, number(0, 1, open_high=True))
    patience: int = field(10, whole)
    verbose: int = field(0, whole)
    mode: str = field("auto", MODE)
    min_delta: float = field(1e-4, size_of)
    cooldown: int = field(0, whole)
    min_lr: float = field(0.0, number(0))

    def on_train_begin(self) -> None:
        self._best = self.worst
        self._waited = self._cooling = 0

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        value, rate = self.watched(logs), _rate(self)
        if value is None:
            return
        logs["learning_rate"] = rate
        self._cooling = max(0, self._cooling - 1)
        if self.improves(value, self._best, self.min_delta):
            self._best, self._waited = value, 0
            return
        self._waited += not self._cooling
        if not self._cooling and self._waited >= self.patience and rate > self.min_lr:
            lowered = max(rate * self.factor, self.min_lr)
            self.model.optimizer.learning_rate = lowered
            self._waited, self._cooling = 0, self.cooldown
            if self.verbose:
                print(f"Epoch {epoch + 1}: lowering the learning rate to {lowered:.6g}.")
