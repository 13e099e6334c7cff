"""One run of `fit`: stretches of epochs that the backend replays by itself, callbacks, validation, history."""

from __future__ import annotations

import itertools
import time
from array import array
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tfjs_pyo import ops
from tfjs_pyo.config import positive_int
from tfjs_pyo.core import rng
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.trace import Step, run_loop
from tfjs_pyo.errors import OptionError
from tfjs_pyo.later import random
from tfjs_pyo.models.training.batch_sizes import check_whole
from tfjs_pyo.models.training.checks import check_classes, check_places
from tfjs_pyo.models.training.inputs import batches, identity_order, part
from tfjs_pyo.models.training.measuring import Held
from tfjs_pyo.models.training.run import Run, shuffler
from tfjs_pyo.models.training.sample_weights import multiplied

if TYPE_CHECKING:
    from tfjs_pyo.models.training.trainer import Trainer

_STRETCH_INDICES = 1 << 18
"""Indices of shuffled samples uploaded for one stretch of epochs."""
_STRETCH_EPOCHS = 200
_WATCHED_SECONDS = 0.25
"""How long stretches last that somebody watches: then the numbers of their epochs are told."""


class Fit(Run):
    """One run of `fit` on data that fits in memory."""

    one_by_one = False
    """Whether Python runs between batches, because the model's step is no recording."""

    def __init__(self, model: Trainer, x: Any, y: Any, options: dict[str, Any]) -> None:
        super().__init__(model, "fit", options)
        self.shuffle = bool(options.get("shuffle", True))
        self.x, self.y, self.count = model._prepare("fit", x, y, self.batch_size)
        outputs = len(self.y)
        self._known: list[Any] = []
        self._is_checked = check_classes(model, self.owner, self.y)
        self.y += model._sample_weights(self.owner, options.get("sample_weight"), self.count)
        held_out = self._held_out(options.get("validation_split"), options)
        by_class = model._class_weights(self.owner, options.get("class_weight"), self.y[:outputs])
        self.y[outputs:] = multiplied(self.y[outputs:], by_class)
        check_whole(self.owner, model, self.count)
        self.batch = min(self.batch_size, self.count)
        steps = options.get("steps_per_epoch")
        self.length = self.count
        if steps is not None:
            self.length = self.batch * positive_int(self.owner, "steps_per_epoch", steps)
        self._numbers = _numbered(self.count, shuffler() if self.shuffle else None)
        self.steps = sum(times for _, times in batches(self.length, self.batch))
        facts = {"samples": self.length, "steps": self.steps, "batch_size": self.batch}
        self.begin(options, held_out, facts)

    def _held_out(self, share: Any, options: dict[str, Any]) -> Held | None:
        """Takes the samples of validationSplit off the others."""
        if not share or options.get("validation_data") is not None:
            return None
        if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 < share < 1:
            raise OptionError(
                f"{self.owner}: expected 'validationSplit' between 0 and 1, received {share!r}."
            )
        kept = int(self.count * (1 - share))
        if not 0 < kept < self.count:
            raise OptionError(
                f"{self.owner}: 'validationSplit' {share} of {self.count} samples leaves an empty part."
            )
        rest = self.count - kept
        held = [part(t, kept, rest) for t in self.x], [part(t, kept, rest) for t in self.y]
        self.x, self.y = [part(t, 0, kept) for t in self.x], [part(t, 0, kept) for t in self.y]
        self.count = kept
        return self.held(*held, rest, options)

    @property
    def same_order(self) -> bool:
        """Whether every epoch takes the samples in their own order."""
        return not self.shuffle and self.length == self.count

    @property
    def stretch(self) -> int:
        """How many epochs run without Python."""
        listens = self.callbacks.listens(
            "on_epoch_begin", "on_epoch_end", "on_batch_begin", "on_batch_end", "on_yield"
        )
        if not self.reporter.silent or self.validation or listens:
            return 1
        return max(1, min(_STRETCH_EPOCHS, _STRETCH_INDICES // self.length, self.epochs - self.initial_epoch))

    def order(self, epochs: int) -> Tensor:
        """Returns the order of samples of a stretch of epochs, padded to the length for which steps are compiled.

        Lengths are powers of two, so that other numbers of epochs seldom need steps of their own.
        """
        if self.same_order:
            return identity_order(self.count)
        rows = array("i", itertools.islice(self._numbers, epochs * self.length))
        rows.extend(array("i", bytes(4 * (self._order_length - len(rows)))))
        return ops.tensor1d(rows, "int32")

    @property
    def _order_length(self) -> int:
        """The length of the order of a stretch of epochs."""
        return self.count if self.same_order else 1 << (self.stretch * self.length - 1).bit_length()

    def _needs_python(self) -> bool:
        """Returns whether the steps of the model run as they are written, batch by batch."""
        if not self.model._defines_step(training=True):
            return False
        steps = self._segments(ops.zeros([self._order_length], "int32"))
        return not all(isinstance(step, Step) for step, _ in steps)

    async def train(self) -> None:
        model = self.model
        self.one_by_one = self._needs_python()
        same = self.order(1) if self.same_order else None
        epoch = self.initial_epoch
        ahead = self.stretch if self.watcher is None else 1
        while epoch < self.epochs and not model.stop_training:
            epochs = min(ahead, self.epochs - epoch)
            began = time.perf_counter()
            await self.begin_epoch(epoch)
            order = self.order(epochs) if same is None else same
            if self.runs_by_batch or self.one_by_one:
                rows = [await self._by_batch(order)]
            else:
                rows = await self._replay(order, epochs)
            if self.watcher is not None:
                ahead = self._longer(ahead, time.perf_counter() - began)
            for sums, samples in rows:
                await self.end_epoch(epoch, await model._training_log.numbers(True, sums, samples))
                epoch += 1

    def _longer(self, epochs: int, seconds: float) -> int:
        """Returns how many epochs the next stretch has that somebody watches, given how long one of `epochs` took."""
        fitting = int(epochs * _WATCHED_SECONDS / max(seconds, 1e-6))
        return max(1, min(self.stretch, fitting, 2 * epochs))

    async def _replay(self, order: Tensor, epochs: int) -> list[tuple[Sequence[float], int]]:
        """Returns the sums of epochs that run without Python, and how many samples they are of."""
        model = self.model
        segments = self._segments(order)
        steps = sum(times for _, times in segments)
        counters = {
            "start": (0.0, float(0 if self.same_order else self.length), float(self.batch)),
            "left": (float(self.length), 0.0, -float(self.batch)),
            "batch": (0.0, 0.0, 1.0),
            "step": (0.0, 0.0, 1.0),
            "rng": (float(rng.reserve(epochs * steps)), float(steps), 1.0),
        }
        feeds = [*self.x, *self.y, order]
        progress = self._progress if self.reporter.live or self.watcher is not None else None
        sums = model._training_log.sums(True)
        rows = await run_loop(
            segments, feeds, epochs, counters, sums.recorded, progress, self.control, sums.instead()
        )
        seen = [self.length] * len(rows)
        if rows and self.control.steps is not None:
            seen[-1] = min(self.length, self.control.steps * self.batch)
        return list(zip(rows, seen, strict=True))

    def _segments(self, order: Tensor) -> list[tuple[Step, int]]:
        """Returns the steps of an epoch with how often each runs."""
        segments = self.model._segments(self.length, self.batch, self.x, self.y, order, True)
        if not self._is_checked:
            check_classes(self.model, self.owner, self.y)
            self._is_checked = True
        for step, _ in segments:
            if step not in self._known:
                check_places(self.owner, (step, self.x))
                self._known.append(step)
        self.hold()
        return segments

    def _progress(self, ahead: int, step: int, sums: Sequence[float]) -> None:
        self.show(step, sums, min(step * self.batch, self.length), ahead)

    async def _by_batch(self, order: Tensor) -> tuple[Sequence[float], int]:
        """Runs one epoch step by step, with Python in between, because a callback listens to batches; returns its sums, too."""
        totals = self.totals()
        for step, times in self._segments(order):
            for _ in range(times):
                left = self.length - totals.samples
                start = totals.samples

                def run(
                    step: Any = step, start: int = start, left: int = left, number: int = totals.number
                ) -> None:
                    counters = {"start": start, "left": left, "batch": 0, "step": number}
                    counters["rng"] = rng.reserve(1)
                    totals.run(step, [*self.x, *self.y, order], counters)

                await totals.step(min(self.batch, left), run)
                if self.model.stop_training:
                    return totals.sums, totals.samples
        return totals.sums, totals.samples


def _numbered(count: int, shuffler: random.Random | None) -> Iterator[int]:
    """Yields numbers of samples without end: all of them in turn, each time in a new order if they are shuffled."""
    while True:
        row = array("i", range(count))
        if shuffler is not None:
            shuffler.shuffle(row)
        yield from row
