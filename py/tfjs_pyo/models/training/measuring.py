"""Evaluation: loss and metrics on data in memory or on a stream, for `evaluate` and for the validation of a fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from tfjs_pyo.backends.protocol import PAUSE_SECONDS, Control
from tfjs_pyo.callbacks.base import CallbackList, Logs
from tfjs_pyo.core.blocking import turn
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.trace import Step, run_loop
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.models.training.checks import check_places, explain_nan
from tfjs_pyo.models.training.inputs import batches, identity_order
from tfjs_pyo.models.training.iterables import END, STEPS_AHEAD, Stream, ran_out
from tfjs_pyo.models.training.totals import Totals

if TYPE_CHECKING:
    from tfjs_pyo.models.training.trainer import Trainer

EVENTS = ("on_test_batch_begin", "on_test_batch_end")


def _nothing(number: int, sums: Sequence[float], samples: int) -> None:
    """Shows nothing."""


class Audience(NamedTuple):
    """Who looks on while a model is evaluated.

    Attributes:
        callbacks: whose events of tests are called.
        control: may stop it; a stopped evaluation gives no numbers.
        show: is told now and then how many batches were seen, the sums of the log, and on how many samples; None if nobody asks.
    """

    callbacks: CallbackList
    control: Control
    show: Callable[[int, Sequence[float], int], None] | None = None

    @property
    def listens(self) -> bool:
        """Whether Python runs between batches."""
        return self.callbacks.listens(*EVENTS)

    def totals(self, model: Trainer, owner: str = "") -> Totals:
        """Returns what adds up batches that run one by one, for `owner`, whom errors name."""

        async def after(number: int, logs: Logs) -> None:
            del number, logs
            await turn()
            while self.control.paused:
                await turn(PAUSE_SECONDS)

        return Totals(
            model, self.callbacks, training=False, show=self.show or _nothing, after=after, owner=owner
        )


class Validation(Protocol):
    """What the model is measured on."""

    @property
    def steps(self) -> int | None:
        """How many batches it has, if that is known."""

    async def measure(self, model: Trainer, audience: Audience) -> list[float] | None:
        """Returns loss and metrics; None if it was stopped."""


@dataclass(frozen=True, slots=True)
class Held:
    """Samples in memory."""

    x: list[Tensor]
    y: list[Tensor]
    count: int
    batch_size: int

    @property
    def steps(self) -> int:
        return sum(times for _, times in batches(self.count, min(self.batch_size, self.count)))

    async def measure(self, model: Trainer, audience: Audience) -> list[float] | None:
        batch, order = min(self.batch_size, self.count), identity_order(self.count)
        segments = model._segments(self.count, batch, self.x, self.y, order, training=False)
        owner, feeds = f"{model.display_name}: evaluate", [*self.x, *self.y, order]
        check_places(owner, *((step, self.x) for step, _ in segments))
        if audience.listens or not all(isinstance(step, Step) for step, _ in segments):
            return await self._by_batch(
                model, audience, [s for s, times in segments for _ in range(times)], feeds
            )
        counters = {
            "start": (0.0, 0.0, float(batch)),
            "left": (float(self.count), 0.0, -float(batch)),
            "batch": (0.0, 0.0, 1.0),
            "step": (0.0, 0.0, 1.0),
            "rng": (0.0, 0.0, 0.0),
        }
        log, show = model._training_log, audience.show

        def tell(_: int, step: int, sums: Sequence[float]) -> None:
            if show is not None:
                show(step, sums, min(step * batch, self.count))

        progress, sums = None if show is None else tell, log.sums(False)
        rows = await run_loop(
            segments, feeds, 1, counters, sums.recorded, progress, audience.control, sums.instead()
        )
        if audience.control.stopped:
            return None
        explain_nan(model, owner, rows[0][0], [self.y])
        return await log.numbers(False, rows[0], self.count)

    async def _by_batch(
        self, model: Trainer, audience: Audience, steps: Sequence[Step], feeds: Sequence[Tensor]
    ) -> list[float] | None:
        totals, batch = audience.totals(model), min(self.batch_size, self.count)
        for step in steps:
            start = totals.samples

            def make(step: Step = step, start: int = start, number: int = totals.number) -> None:
                counters = {"start": start, "left": self.count - start, "batch": 0, "step": number, "rng": 0}
                totals.run(step, feeds, counters)

            await totals.step(min(batch, self.count - start), make)
            if audience.control.stopped:
                return None
        return await totals.means()


class Streamed(NamedTuple):
    """Batches of a stream, read anew each time."""

    stream: Stream
    batches: int | None

    @property
    def steps(self) -> int | None:
        return self.batches or self.stream.length

    async def measure(self, model: Trainer, audience: Audience) -> list[float] | None:
        """Returns loss and metrics on the stream, from its beginning; None if it was stopped.

        Raises:
            ArgumentError: there is no batch.
        """
        stream, log, totals = self.stream, model._training_log, audience.totals(model, self.stream.owner)
        stream.restart()
        while totals.number != self.batches:
            element = await stream.next(audience.control)
            if element is END or audience.control.stopped:
                break
            x, y, size = model._batch_of(stream.owner, element)
            step, number = model._batch_step(x, y, training=False), 0 if audience.listens else totals.number

            counters = {"batch": number, "step": totals.number, "rng": 0}

            def make(step: Any = step, x: Any = x, y: Any = y, counters: Any = counters) -> None:
                totals.run(step, (*x, *y), counters, (x, y))

            if audience.listens:
                await totals.step(size, make)
                continue
            make()
            totals.number, totals.samples = totals.number + 1, totals.samples + size
            if totals.number % STEPS_AHEAD == 0:
                sums = await totals.latest()
                (audience.show or _nothing)(totals.number, sums, totals.samples)
            await totals.after(totals.number, {})
        if audience.control.stopped:
            return None
        if not totals.number:
            raise ArgumentError(
                f"{stream.owner}: expected batches, but the dataset is empty or was read before."
            )
        if self.batches is not None and totals.number < self.batches:
            ran_out(stream.owner, self.batches, totals.number)
        if audience.listens:
            return await totals.means()
        return await log.numbers(False, await totals.latest(), totals.samples)


async def evaluated(model: Trainer, data: Validation, audience: Audience) -> Logs | None:
    """Evaluates between the callbacks of a test; returns the numbers by name, or None if it was stopped."""
    await audience.callbacks.call("on_test_begin", {})
    row = await data.measure(model, audience)
    logs = None if row is None else model._as_logs(row, training=False)
    await audience.callbacks.call("on_test_end", dict(logs or {}))
    return logs


__all__ = ["Audience", "Held", "Streamed", "Validation", "evaluated"]
