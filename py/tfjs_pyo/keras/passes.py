"""Epochs of Keras with a number of steps of their own: each goes on where the one before ended, within a pass over the data."""

from __future__ import annotations

import warnings
from array import array
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.models.training.inputs import batches
from tfjs_pyo.models.training.resident import Fit
from tfjs_pyo.models.training.trainer import Trainer


class FitInPasses(Fit):
    """One run of `fit` with `steps_per_epoch`. A pass ends with its last, smaller batch, and the epoch with it.

    Args:
        model: to be trained.
        x, y: data in memory.
        options: of `fit`.
        steps: batches of an epoch.
    """

    def __init__(self, model: Trainer, x: Any, y: Any, options: dict[str, Any], steps: int) -> None:
        super().__init__(model, x, y, options)
        self._most = steps * self.batch
        self._asked = steps
        self._left = array("i")
        self._rows = array("i")

    @property
    def same_order(self) -> bool:
        return False

    @property
    def stretch(self) -> int:
        return 1

    async def begin_epoch(self, epoch: int) -> None:
        if not self._left:
            self._left = array("i", [next(self._numbers) for _ in range(self.count)])
        self._rows, self._left = self._left[: self._most], self._left[self._most :]
        self.length = len(self._rows)
        self.steps = sum(times for _, times in batches(self.length, self.batch))
        if self.steps < self._asked:
            warnings.warn(
                f"{self.owner}: expected {self._asked} batches for an epoch, but a pass over the data ended after {self.steps}. "
                "Let steps_per_epoch divide the number of batches, or leave it out.",
                RuntimeWarning,
                stacklevel=2,
            )
        await super().begin_epoch(epoch)

    def order(self, epochs: int) -> Tensor:
        del epochs
        padding = array("i", bytes(4 * (self._order_length - len(self._rows))))
        return ops.tensor1d(self._rows + padding, "int32")


__all__ = ["FitInPasses"]
