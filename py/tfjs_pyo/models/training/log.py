"""What steps add up, and the numbers of the history that come of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from tfjs_pyo import ops
from tfjs_pyo.core import engine
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.metrics.base import Metric


@dataclass(frozen=True, slots=True)
class Latest:
    """A number of the log of which the last step tells: what metrics that keep their own state have come to."""

    value: Tensor


Entry = Tensor | Latest | tuple[Metric, Tensor]
"""A number of the log in a step: its mean over the step's samples, its latest value, or a metric with what the step adds."""


class Log:
    """Sums over the samples of an epoch: first those of means, in their order, then those of metrics that count.

    A latest value stands among the means, times the number of samples so far; that number is the last of the sums then.

    Evaluation has its own variable, as it may run beside a fit.
    """

    def __init__(self) -> None:
        self._sums: dict[bool, Variable] = {}
        self._counting: dict[bool, list[tuple[Metric, tuple[int, ...]] | None]] = {}
        """For each number, the metric and the shape of its sums; None for a mean or a latest value."""
        self.samples: dict[bool, float] = {}
        """How many samples the numbers that were asked for last are of."""
        self._latest: dict[bool, list[bool]] = {}
        """For each of the sums, whether it is of a latest value; empty if none is."""

    def variable(self, training: bool, size: int | None = None) -> Variable:
        """Returns where steps add up; `size` makes it when a step is traced."""
        if size is not None and (training not in self._sums or self._sums[training].size != size):
            self._sums[training] = Variable(ops.zeros([size]), trainable=False, name="log")
        return self._sums[training]

    def is_empty(self, training: bool) -> bool:
        """Returns whether no step was recorded yet."""
        return training not in self._sums

    def dispose(self) -> None:
        """Frees the sums."""
        for sums in self._sums.values():
            sums.dispose()
        self._sums = {}

    def add(self, training: bool, number: Tensor, entries: Sequence[Entry], samples: Tensor | float) -> None:
        """Adds the numbers of a step to the log.

        Args:
            training: whether this is a step of training.
            number: int32 scalar; step 0 begins anew.
            entries: one per number of the history.
            samples: how many the step has.
        """
        sums = self.sums_of(training, entries, samples)
        log = self.variable(training, sums.size)
        total = ops.where(ops.equal(number, 0), sums, log + sums)
        if self._latest[training]:
            total = ops.where(ops.tensor1d(self._latest[training], "bool"), sums / samples * total[-1], total)
        log.assign(total)

    def sums_of(self, training: bool, entries: Sequence[Entry], samples: Tensor | float) -> Tensor:
        """Returns what a step adds; the arguments are those of `add`."""
        means = [e.value if isinstance(e, Latest) else e for e in entries if not isinstance(e, tuple)]
        counted = [entry for entry in entries if isinstance(entry, tuple)]
        self._counting[training] = [(e[0], e[1].shape) if isinstance(e, tuple) else None for e in entries]
        parts = [ops.stack(means) * samples] if means else []
        parts += [ops.reshape(totals, [-1]) for _, totals in counted]
        latest = [isinstance(entry, Latest) for entry in entries if not isinstance(entry, tuple)]
        self._latest[training] = []
        if any(latest) or not parts:
            parts.append(ops.reshape(ops.cast(samples, "float32"), (1,)))
            self._latest[training] = [
                *latest,
                *(False for _, totals in counted for _ in range(totals.size)),
                False,
            ]
        return ops.concat(parts) if len(parts) > 1 else parts[0]

    def joined(self, training: bool, before: Sequence[float], sums: Sequence[float]) -> list[float]:
        """Returns the sums of a batch added to those of batches before it."""
        latest = self._latest[training] or [False] * len(sums)
        total = before[-1] + sums[-1]
        return [
            b / sums[-1] * total if is_latest else a + b
            for a, b, is_latest in zip(before, sums, latest, strict=True)
        ]

    def sums_of_means(self, training: bool, sums: Sequence[float], names: Sequence[str]) -> dict[str, float]:
        """Returns those of the sums that are divided by the number of samples, by the names of the history.

        Args:
            training: whether they are of training.
            sums: what the variable holds.
            names: of the numbers of the history.
        """
        means = [
            name for name, counting in zip(names, self._counting[training], strict=True) if counting is None
        ]
        return dict(zip(means, sums, strict=False))

    def summary(self, training: bool, sums: Tensor, samples: float) -> list[Tensor]:
        """Returns the numbers of the history as scalars.

        Args:
            training: whether the sums are of training.
            sums: what the variable holds.
            samples: how many were added up.

        Raises:
            ShapeError: a metric gives several numbers.
        """
        count = sum(metric is None for metric in self._counting[training])
        means, place = iter(ops.unstack(sums[:count] / samples)), count
        numbers: list[Tensor] = []
        for counting in self._counting[training]:
            if counting is None:
                numbers.append(next(means))
                continue
            metric, shape = counting
            size = math.prod(shape)
            number, place = metric.compute(ops.reshape(sums[place : place + size], shape)), place + size
            if number.size != 1:
                raise ShapeError(
                    f"{metric.display_name}: expected one number for the log, received {number.size}; give it an average, such "
                    "as average='macro', or one threshold."
                )
            numbers.append(ops.reshape(number, ()))
        return numbers

    def sums(self, training: bool) -> Sums:
        """Returns what one run adds up in."""
        return Sums(self, training)

    async def numbers(self, training: bool, sums: Sequence[float], samples: float) -> list[float]:
        """Returns what `summary` gives, as Python numbers; the sums become the state of metrics that count."""
        self._tell_metrics(training, sums, samples)
        if not any(self._counting[training]):
            return [value / samples for value in sums[: len(self._counting[training])]]
        values = await ops.stack(self.summary(training, ops.tensor1d(list(sums)), samples)).data()
        return [float(value) for value in values]

    def _tell_metrics(self, training: bool, sums: Sequence[float], samples: float) -> None:
        self.samples[training] = samples
        place = sum(metric is None for metric in self._counting[training])
        for metric, shape in filter(None, self._counting[training]):
            size = math.prod(shape)
            metric._take(shape, sums[place : place + size])
            place += size


class Runs(Protocol):
    """A compiled step, or one that runs as it is written."""

    def run(
        self, feeds: Sequence[Tensor], counters: Mapping[str, int], instead: Mapping[Variable, Variable]
    ) -> object:
        """Runs it on these tensors; some variables take the places of those that were recorded."""


class Sums:
    """What one run adds up, in a variable of its own: runs of one model beside each other, in tasks or threads, do not mix.

    Args:
        log: of the model.
        training: whether it is a run of training.
    """

    def __init__(self, log: Log, training: bool) -> None:
        self._log, self._training = log, training
        self._own: Variable | None = None

    @property
    def recorded(self) -> Variable:
        """The variable that steps were recorded with."""
        return self._log.variable(self._training)

    def instead(self) -> dict[Variable, Variable]:
        """Returns the variable of this run, by the one that it takes the place of."""
        recorded = self.recorded
        if self._own is None or self._own.size != recorded.size:
            self._own = Variable(ops.zeros([recorded.size]), trainable=False, name="log")
        return {recorded: self._own}

    def run(self, step: Runs, feeds: Sequence[Tensor], counters: Mapping[str, int]) -> None:
        """Runs a step, whose sums are added to those of this run."""
        with engine.exclusive:
            first = self._log.is_empty(
                self._training
            )  # a step that runs as it is written makes the variable itself
            step.run(feeds, counters, {} if first else self.instead())
            if first:
                own = self.instead()[self.recorded]
                own.assign(self.recorded.read())

    def read(self) -> Tensor:
        """Returns the sums as they are now."""
        return self.instead()[self.recorded].read()

    async def values(self) -> list[float]:
        """Returns the sums as they are now, as numbers."""
        return [float(value) for value in await self.read().data()]
