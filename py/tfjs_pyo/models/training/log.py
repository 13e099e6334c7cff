"""What steps add up, and the numbers of the history that come of it."""

from __future__ import annotations

from collections.abc import Sequence

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.metrics.base import Metric

Entry = Tensor | tuple[Metric, Tensor]
"""A number of the log in a step: its mean over the step's samples, or a metric with what the step adds to its sums."""


class Log:
    """Sums over the samples of an epoch: first those of means, in their order, then those of metrics that count.

    Evaluation has its own variable, as it may run beside a fit.
    """

    def __init__(self) -> None:
        self._sums: dict[bool, Variable] = {}
        self._counting: list[tuple[Metric, int] | None] = []
        """For each number, the metric and the length of its sums; None for a mean."""

    def variable(self, training: bool, size: int | None = None) -> Variable:
        """Returns where steps add up; `size` makes it when a step is traced."""
        if size is not None and (training not in self._sums or self._sums[training].size != size):
            self._sums[training] = Variable(ops.zeros([size]), trainable=False, name="log")
        return self._sums[training]

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
        sums = self.sums_of(entries, samples)
        log = self.variable(training, sums.size)
        log.assign(ops.where(ops.equal(number, 0), sums, log + sums))

    def sums_of(self, entries: Sequence[Entry], samples: Tensor | float) -> Tensor:
        """Returns what a step adds; the arguments are those of `add`."""
        means = [entry for entry in entries if isinstance(entry, Tensor)]
        counted = [entry for entry in entries if not isinstance(entry, Tensor)]
        sums = ops.stack(means) * samples
        if counted:
            sums = ops.concat([sums, *(totals for _, totals in counted)])
        self._counting = [None if isinstance(e, Tensor) else (e[0], e[1].size) for e in entries]
        return sums

    def sums_of_means(self, sums: Sequence[float], names: Sequence[str]) -> dict[str, float]:
        """Returns those of the sums that are divided by the number of samples, by the names of the history.

        Args:
            sums: what the variable holds.
            names: of the numbers of the history.
        """
        means = [name for name, counting in zip(names, self._counting, strict=True) if counting is None]
        return dict(zip(means, sums, strict=False))

    def summary(self, sums: Tensor, samples: float) -> list[Tensor]:
        """Returns the numbers of the history as scalars.

        Args:
            sums: what the variable holds.
            samples: how many were added up.

        Raises:
            ShapeError: a metric gives several numbers.
        """
        count = sum(metric is None for metric in self._counting)
        means, place = iter(ops.unstack(sums[:count] / samples)), count
        numbers: list[Tensor] = []
        for counting in self._counting:
            if counting is None:
                numbers.append(next(means))
                continue
            metric, size = counting
            number, place = metric.compute(sums[place : place + size]), place + size
            if number.size != 1:
                raise ShapeError(
                    f"{metric.display_name}: expected one number for the log, received {number.size}; give it an average, such "
                    "as average='macro', or one threshold."
                )
            numbers.append(ops.reshape(number, ()))
        return numbers

    async def numbers(self, sums: Sequence[float], samples: float) -> list[float]:
        """Returns what `summary` gives, as Python numbers."""
        if not any(self._counting):
            return [value / samples for value in sums]
        values = await ops.stack(self.summary(ops.tensor1d(list(sums)), samples)).data()
        return [float(value) for value in values]
