"""What every training run does: epochs, callbacks, validation, history."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from tfjs_pyo.backends.protocol import PAUSE_SECONDS, Control
from tfjs_pyo.callbacks.base import CallbackList, History, Logs, constructed, flat
from tfjs_pyo.callbacks.loggers import TerminateOnNaN
from tfjs_pyo.config import positive_int
from tfjs_pyo.core import debug, rng
from tfjs_pyo.core.blocking import turn
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import ArgumentError, OptionError
from tfjs_pyo.later import random
from tfjs_pyo.models.training.batch_sizes import batch_size, check_whole
from tfjs_pyo.models.training.checks import check_classes
from tfjs_pyo.models.training.inputs import part
from tfjs_pyo.models.training.iterables import Stream, is_stream
from tfjs_pyo.models.training.measuring import Audience, Held, Streamed, Validation, evaluated
from tfjs_pyo.models.training.totals import Totals
from tfjs_pyo.models.training.watching import Watcher, watcher_of
from tfjs_pyo.models.training.yielding import Yielding
from tfjs_pyo.options import whole

if TYPE_CHECKING:
    from tfjs_pyo.models.training.trainer import Trainer


def shuffler() -> random.Random:
    """Returns what makes orders of samples: other ones in each run, the same after the same seed."""
    return random.Random(rng.mix(rng.seed_word(), rng.reserve(1)))


class Run:
    """One run of `fit` or of `fit_dataset`. A subclass says how an epoch is trained: `train`."""

    def __init__(self, model: Trainer, what: str, options: dict[str, Any]) -> None:
        self.model = model
        self.what = what
        self.owner = f"{model.display_name}: {what}"
        self.yields = Yielding(self.owner, options.get("yield_every"))
        self.epochs = model._count_of_epochs(self.owner, options.get("epochs", 1))
        self.initial_epoch = self._first_epoch(options.get("initial_epoch", 0))
        self.verbose = options.get("verbose", 0)
        self.batch_size = batch_size(self.owner, model, options.get("batch_size"))
        self.frequency = self._validated_epochs(options.get("validation_freq", 1))
        self.history = History()
        self.steps: int | None = None
        """Of an epoch, if that is known."""
        self.reporter = model._reporter(self.verbose)
        self.control = Control()
        self._last_logs: Logs = {}
        self.watcher: Watcher | None = None
        self._let_go: Callable[[], None] = lambda: None
        self._epoch_begun = self.initial_epoch
        self._turned = 0.0
        self._warned = False
        self._measuring = Control()
        """Of the validation under way."""

    def begin(self, options: dict[str, Any], held_out: Held | None, params: dict[str, Any]) -> None:
        """Sets up validation and callbacks.

        Args:
            options: of the run.
            held_out: samples to validate with, unless the options have data for that.
            params: facts of the run for callbacks.
        """
        self.validation = held_out or self._given(options)
        self.callbacks = CallbackList(
            [*constructed(self.verbose), *flat(options.get("callbacks")), self.history],
            self.model,
            {
                "epochs": self.epochs,
                "initial_epoch": self.initial_epoch,
                "verbose": self.verbose,
                "do_validation": self.validation is not None,
                "metrics": self.model.metrics_names,
                **params,
            },
        )
        if self.yields.never and self.callbacks.listens("on_yield"):
            raise ArgumentError(
                f"{self.owner}: expected no 'yieldEvery' of 'never' beside an onYield callback, which would never be called."
            )

    def _validated_epochs(self, value: Any) -> int | frozenset[int]:
        """Returns after how many epochs each the model is validated, or the numbers, from 1, of those after which it is."""
        if isinstance(value, (list, tuple, set, frozenset, range)):
            return frozenset(positive_int(self.owner, "validation_freq", epoch) for epoch in value)
        return positive_int(self.owner, "validation_freq", value)

    def validates(self, epoch: int) -> bool:
        """Returns whether the model is validated after an epoch."""
        if self.validation is None or self._measuring_control().stopped:
            return False
        chosen = self.frequency
        return (epoch + 1) % chosen == 0 if isinstance(chosen, int) else epoch + 1 in chosen

    def _measuring_control(self) -> Control:
        """Returns what stops a validation: whether `stop_training` does, its API says."""
        return self._measuring if type(self.model).dialect.validates_when_stopped else self.control

    def _first_epoch(self, value: Any) -> int:
        found = whole(value)
        if found is None or found < 0:
            raise OptionError(
                f"{self.owner}: expected 'initialEpoch' to be an integer from 0, received {value!r}."
            )
        return found

    def _given(self, options: dict[str, Any]) -> Validation | None:
        """Returns what the options say to validate with."""
        data = options.get("validation_data")
        if data is None:
            return None
        owner = f"{self.owner}: validationData"
        if is_stream(data):
            steps = options.get("validation_steps")
            return Streamed(
                Stream(owner, data), None if steps is None else positive_int(owner, "validation_steps", steps)
            )
        if not isinstance(data, (list, tuple)) or len(data) not in (2, 3):
            raise ArgumentError(
                f"{self.owner}: expected 'validationData' to be a pair (x, y), received {type(data).__name__}"
                f"{f' of {len(data)}' if isinstance(data, (list, tuple)) else ''}."
            )
        x, y, count = self.model._prepare("fit: validationData", data[0], data[1])
        check_classes(self.model, owner, y)
        weights = data[2] if len(data) == 3 else None
        y += self.model._sample_weights(owner, weights, count)
        return self.held(x, y, count, options)

    def held(self, x: list[Tensor], y: list[Tensor], count: int, options: dict[str, Any]) -> Held:
        """Returns samples to validate with: as many as the options ask for."""
        given = options.get("validation_batch_size")
        size = batch_size(self.owner, self.model, given, "validation_batch_size", self.batch_size)
        steps = options.get("validation_steps")
        if steps is not None:
            count, whole = min(count, size * positive_int(self.owner, "validation_steps", steps)), count
            if count < whole:
                x, y = [part(t, 0, count) for t in x], [part(t, 0, count) for t in y]
        check_whole(self.owner, self.model, count)
        return Held(x, y, count, size)

    async def run(self) -> History:
        """Trains.

        Raises:
            ArgumentError: the model is being trained already.
        """
        model = self.model
        model._begin_training(self.what, self.control)
        model.history = self.history
        self.watcher = watcher_of(self)
        state = "failed"
        try:
            self.hold()
            await self.callbacks.call("on_train_begin", {})
            self._go_on()
            await self.train()
            if model.optimizer is not None:
                model.optimizer.finalize_variable_values(model._all_weights())
            tells = type(model).dialect.logs_at_the_end
            await self.callbacks.call("on_train_end", dict(self._last_logs) if tells else {})
            state = "stopped" if self.control.stopped else "done"
        finally:
            model._end_training()
            self._let_go()
            self.reporter.clear()
            if self.watcher is not None:
                self.watcher.end(state)
        return self.history

    def _go_on(self) -> None:
        """Begins with the epoch that a callback has asked for, as it has restored what earlier ones made."""
        self.initial_epoch = vars(self.model).pop("_epoch_to_begin_with", self.initial_epoch)
        self._epoch_begun = self.initial_epoch

    def hold(self) -> None:
        """Keeps what the run needs from being disposed: also what its first step has made."""
        model = self.model
        self._let_go()
        state = model.optimizer.weights if model.optimizer is not None else []
        self._let_go = Variable.hold_all(self.owner, [*model._all_weights(), *state])

    @property
    def runs_by_batch(self) -> bool:
        """Whether Python runs between batches, because a callback listens to them."""
        called = self.callbacks.listens("on_yield") and self.yields.seconds < math.inf
        return called or self.callbacks.listens("on_batch_begin", "on_batch_end")

    def stop(self) -> None:
        """Ends the run after the step that is under way, without validation; what it has learned and its history stay."""
        self._measuring.stop()
        self.model.stop_training = True

    def hold_on(self, paused: bool) -> None:
        """Asks the run to pause, or to go on."""
        for control in (self.control, self._measuring):
            control.pause(paused)

    async def pause(self) -> None:
        """Lets other tasks have a turn now and then, and waits as long as the run is paused."""
        now = time.perf_counter()
        if now - self._turned > PAUSE_SECONDS:
            self._turned = now
            await turn()
        while self.control.paused:
            await turn(PAUSE_SECONDS)

    async def train(self) -> None:
        """Runs the epochs."""
        raise NotImplementedError

    async def begin_epoch(self, epoch: int) -> None:
        """Begins an epoch."""
        self._epoch_begun = epoch
        self.hold()
        await self.callbacks.call("on_epoch_begin", epoch, {})
        self.reporter.begin(epoch, self.epochs, self.steps)

    def show(self, step: int, sums: Sequence[float], samples: int, ahead: int = 0) -> None:
        """Shows the loss of an epoch that is under way.

        Args:
            step: how many steps of it are done.
            sums: the log, of which the first number is the loss.
            samples: how many were trained on.
            ahead: how many epochs have ended since the one that was begun last.
        """
        if self.reporter.live:
            named = self.model._training_log.sums_of_means(True, sums, self.model._log_names(True))
            self.reporter.step(step, {name: value / samples for name, value in named.items()})
        self.tell(step, sums, samples, ahead)

    def tell(self, step: int, sums: Sequence[float], samples: int, ahead: int = 0) -> None:
        """Tells who watches of an epoch that is under way; see `show`."""
        if self.watcher is not None:
            named = self.model._training_log.sums_of_means(True, sums, self.model._log_names(True))
            self.watcher.step(self._epoch_begun + ahead, step, samples, named)

    async def end_epoch(self, epoch: int, row: list[float]) -> None:
        """Validates, reports and notes an epoch.

        Args:
            epoch: its number.
            row: loss and metrics.
        """
        model = self.model
        self._watch(epoch, row[0])
        logs = model._as_logs(row, training=True)
        if self.validation is not None and self.validates(epoch):
            audience = Audience(self.callbacks, self._measuring_control())
            measured = await evaluated(model, self.validation, audience)
            logs = model._in_order(
                {**logs, **{f"val_{name}": value for name, value in (measured or {}).items()}}
            )
        self.reporter.end(logs, self.steps or 1)
        if self.watcher is not None:
            self.watcher.epoch(epoch, logs)
        self._last_logs = logs
        await self.callbacks.call("on_epoch_end", epoch, logs)
        self.history.note(epoch, logs)
        if self.yields.by_epoch:
            await self.callbacks.call("on_yield", epoch, (self.steps or 1) - 1, logs)
            await turn()

    async def end_batch(self, batch: int, logs: Logs) -> None:
        """Lets other tasks have their turn, if it is time for that.

        Args:
            batch: its number in the epoch.
            logs: its loss and metrics.
        """
        if self.yields.is_due():
            await self.callbacks.call("on_yield", self._epoch_begun, batch, logs)
            await turn()
        await self.pause()

    def _watch(self, epoch: int, loss: float) -> None:
        """Warns once if the loss is no number any more, unless somebody else says so."""
        told = debug.enabled() or any(isinstance(c, TerminateOnNaN) for c in self.callbacks.callbacks)
        if math.isfinite(loss) or self._warned or told:
            return
        self._warned = True
        warnings.warn(
            f"{self.owner}: the loss is {loss} in epoch {epoch + 1}. A smaller learning rate, clipNorm, or data without NaN may "
            "help; tf.enableDebugMode() names the op it comes from, and the callback TerminateOnNaN stops training.",
            debug.NumericWarning,
            stacklevel=2,
        )

    def totals(self) -> Totals:
        """Returns what adds up the numbers of an epoch that runs batch by batch."""
        return Totals(
            self.model, self.callbacks, training=True, show=self.show, after=self.end_batch, owner=self.owner
        )
