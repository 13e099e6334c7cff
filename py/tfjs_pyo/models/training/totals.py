"""What adds up the numbers of batches that run one by one, with callbacks in between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tfjs_pyo.callbacks.base import CallbackList, Logs
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.models.training.checks import check_places, explain_nan
from tfjs_pyo.models.training.log import Runs, Sums

if TYPE_CHECKING:
    from tfjs_pyo.models.training.trainer import Trainer


@dataclass(slots=True)
class Totals:
    """Loss and metrics of batches that run one by one.

    Attributes:
        model: that they run through.
        callbacks: whose events of batches are called.
        training: whether these are batches of training, or of evaluation.
        show: is told after each batch how many there were, the sums of the log, and on how many samples.
        after: is called after each batch with its number and its log.
        samples: how many were seen.
        number: of batches.
        owner: who runs them, for errors.
    """

    model: Trainer
    callbacks: CallbackList
    training: bool
    show: Callable[[int, Sequence[float], int], None]
    after: Callable[[int, Logs], Awaitable[None]]
    samples: int = 0
    number: int = 0
    owner: str = ""
    _unseen: list[tuple[Runs, list[Tensor], list[Tensor]]] = field(default_factory=list)
    _sums: list[float] = field(default_factory=list)
    _of_run: Sums = field(init=False)

    def __post_init__(self) -> None:
        self._of_run = self.model._training_log.sums(self.training)

    def run(
        self,
        step: Runs,
        feeds: Sequence[Tensor],
        counters: Mapping[str, int],
        batch: tuple[list[Tensor], list[Tensor]] | None = None,
    ) -> None:
        """Runs a step; what it adds up is noted here.

        Args:
            step, feeds, counters: as for the log.
            batch: inputs and targets, if nobody has looked yet whether the numbers in them are of tokens and of classes that
                there are: that is done when the sums are read, for the batches so far.
        """
        self._of_run.run(step, feeds, counters)
        if batch is not None:
            self._unseen.append((step, *batch))

    async def latest(self) -> list[float]:
        """Returns the sums of the log as the steps have left them.

        Raises:
            OptionError: an input is looked up in a table that is too short for it, or the loss is no number, since a target is
                the number of a class that there is not.
        """
        sums = await self._of_run.values()
        unseen, self._unseen = self._unseen, []
        check_places(self.owner, *((step, x) for step, x, _ in unseen))
        explain_nan(self.model, self.owner, sums[0], [y for _, _, y in unseen])
        return sums

    async def step(self, size: int, make: Callable[[], None]) -> None:
        """Runs a batch between the callbacks of a batch.

        Args:
            size: samples of the batch.
            make: makes the step, with counter 'batch' 0, and 'step' that of the batch in the epoch.
        """
        model, log, call = self.model, self.model._training_log, self.callbacks.call
        event = "on_batch" if self.training else "on_test_batch"
        running = type(model).dialect.running_logs
        facts: Logs = {} if running else {"batch": self.number, "size": size}
        await call(f"{event}_begin", self.number, dict(facts))
        make()
        sums = await self.latest()
        self._sums = log.joined(self.training, self._sums, sums) if self.number else sums
        self.samples += size
        self.number += 1
        self.show(self.number, self._sums, self.samples)
        shown, count = (self._sums, self.samples) if running else (sums, size)
        logs = {**facts, **model._as_logs(await log.numbers(self.training, shown, count), self.training)}
        await call(f"{event}_end", self.number - 1, logs)
        await self.after(self.number - 1, logs)

    @property
    def sums(self) -> list[float]:
        """The sums of all samples so far."""
        return self._sums

    async def means(self) -> list[float]:
        """Returns loss and metrics of all samples so far."""
        return await self.model._training_log.numbers(self.training, self._sums, self.samples)


__all__ = ["Totals"]
