"""One run of `fit_dataset`: batches as they come, each by a compiled step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tfjs_pyo.core import rng
from tfjs_pyo.core.blocking import turn
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.models.training.iterables import END, STEPS_AHEAD, Stream, count_of, ran_out
from tfjs_pyo.models.training.run import Run, shuffler

if TYPE_CHECKING:
    from tfjs_pyo.models.training.trainer import Trainer


class StreamFit(Run):
    """One run on batches that come one after the other.

    An epoch ends with the dataset, which the next one reads from its beginning; or after `batches_per_epoch` batches, and
    the next epoch goes on where it ended, in Keras's face with the beginning again after the end.

    Raises:
        ArgumentError: several epochs of a dataset that can be read only once.
    """

    def __init__(self, model: Trainer, dataset: Any, options: dict[str, Any]) -> None:
        super().__init__(model, "fitDataset", options)
        shuffles = options.get("shuffle", True)
        self.stream = Stream(self.owner, dataset, shuffler() if shuffles else None)
        self.batches = count_of(self.owner, "batches_per_epoch", options.get("batches_per_epoch"))
        self.steps = self.batches or self.stream.length
        self.class_weight = options.get("class_weight")
        if self.stream.once and self.batches is None and self.epochs - self.initial_epoch > 1:
            raise ArgumentError(
                f"{self.owner}: expected a dataset that can be read {self.epochs} times, received an iterator, which ends "
                "after one epoch. Give a function that returns a new one, or 'batchesPerEpoch'."
            )
        self.begin(options, None, {"samples": None, "steps": self.steps, "batch_size": None})

    async def train(self) -> None:
        epoch = self.initial_epoch
        while epoch < self.epochs and not self.model.stop_training:
            await self.begin_epoch(epoch)
            if self.batches is None:
                self.stream.restart()
            self.stream.tell("on_epoch_begin")
            row = await self._epoch(epoch)
            self.stream.tell("on_epoch_end")
            if row is not None:
                await self.end_epoch(epoch, row)
            epoch += 1

    async def _epoch(self, epoch: int) -> list[float] | None:
        """Returns loss and metrics of an epoch; None if there was no batch left for it."""
        model, totals = self.model, self.totals()
        listens = self.runs_by_batch
        while totals.number != self.batches and not model.stop_training:
            element = await self._next(totals.number)
            if self.control.stopped:
                break
            if element is END:
                self._check_end(epoch, totals.number)
                break
            x, y, size = model._batch_of(self.owner, element, self.class_weight)
            step = model._batch_step(x, y, training=True)
            if not totals.number:
                self.hold()
            number = 0 if listens else totals.number

            counters = {"batch": number, "step": totals.number, "rng": rng.reserve(1)}

            def run(step: Any = step, x: Any = x, y: Any = y, counters: Any = counters) -> None:
                totals.run(step, (*x, *y), counters, (x, y))

            if listens:
                await totals.step(size, run)
                continue
            run()
            totals.samples += size
            totals.number += 1
            await self.pause()
            if self.yields.is_due():
                await turn()
            if totals.number % STEPS_AHEAD == 0:
                sums = await totals.latest()
                self.show(totals.number, sums, totals.samples)
        if not totals.number:
            return None
        if self.batches is None and not self.control.stopped:
            self.steps = totals.number  # known from now on
        if listens:
            return await totals.means()
        sums = await totals.latest()
        self.tell(totals.number, sums, totals.samples)
        return await model._training_log.numbers(True, sums, totals.samples)

    async def _next(self, number: int) -> Any:
        """Returns the next batch, or END; at the end the first one again, where an epoch begins that may."""
        element = await self.stream.next(self.control)
        if element is not END or number or not self._reads_again():
            return element
        self.stream.restart()
        return await self.stream.next(self.control)

    def _check_end(self, epoch: int, number: int) -> None:
        if not number and epoch == self.initial_epoch:
            raise ArgumentError(f"{self.owner}: expected batches, but the dataset is empty.")
        if self.batches is not None:
            stops = not number or not self._reads_again()
            ran_out(self.owner, self.batches, number, stops)
            self.model.stop_training = self.model.stop_training or stops

    def _reads_again(self) -> bool:
        """Returns whether an epoch begins with the first batch where the one before ended with the last."""
        return self.batches is not None and type(self.model).dialect.reads_again and not self.stream.once
