"""Adafactor: means of squared gradients kept for rows and columns only, so that large matrices need little state."""

from __future__ import annotations

from collections.abc import Mapping

from tfjs_pyo import ops
from tfjs_pyo.config import field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.optimizers.base import Optimizer
from tfjs_pyo.optimizers.schedules import Rate, above_zero, rate_field
from tfjs_pyo.shapes import Shape


def _rms(value: Tensor) -> Tensor:
    return ops.sqrt(ops.mean(ops.square(value)))


class Adafactor(Optimizer):
    """w -= max(epsilon_2, rms(w)) * min(rate, 1 / sqrt(t)) * u; u = g / sqrt(v), scaled down to `clip_threshold`.

    v is the mean of g^2 with a share 1 - t^beta_2_decay of the past. Of weights with two axes or more it is estimated from its
    means over rows r and over columns c: r / mean(r) * c.

    Args:
        learning_rate: largest relative size of a step, or a schedule.
        beta_2_decay: how the share of the past approaches 1 with the number t of the step.
        epsilon_1: added to squared gradients.
        epsilon_2: what the size of weights is at least taken for.
        clip_threshold: largest root mean square of u.
        relative_step: whether a rate that is a number is at most 1 / sqrt(t).

    Example:
        >>> import tfjs_pyo as tf
        >>> w = tf.variable(tf.scalar(1))
        >>> tf.optimizers.Adafactor(0.1).minimize(lambda: w * w)
        >>> round(float(w), 4)
        0.9

    Source: https://keras.io/api/optimizers/adafactor/
    """

    learning_rate: Rate = rate_field(0.001)
    beta_2_decay: float = field(-0.8, number())
    epsilon_1: float = field(1e-30, number(0))
    epsilon_2: float = field(1e-3, number(0))
    clip_threshold: float = field(1.0, above_zero)
    relative_step: bool = field(True)

    @property
    def counts_steps(self) -> bool:
        return True

    def slots(self) -> Mapping[str, float]:
        return {"r": 0.0, "c": 0.0, "v": 0.0}

    def slot_shape(self, variable: Variable, name: str) -> Shape:
        """Returns the shape of a slot; of vectors `r` and `c` stay unused, as in Keras, whose files have them all the same."""
        shape = variable.shape
        if name not in ("r", "c"):
            return shape
        if len(shape) < 2:
            return ()
        return shape[:-1] if name == "r" else (*shape[:-2], shape[-1])

    def update(self, gradient: Tensor, variable: Variable) -> None:
        step = self._steps_made() + 1.0
        size = ops.maximum(self.epsilon_2, _rms(variable)) * ops.minimum(self.rate, 1.0 / ops.sqrt(step))
        past = 1.0 - ops.pow(step, self.beta_2_decay)
        squares = ops.square(gradient) + self.epsilon_1
        if len(variable.shape) > 1:
            rows = self._mean(variable, "r", ops.mean(squares, -1), past)
            columns = self._mean(variable, "c", ops.mean(squares, -2), past)
            share = rows / ops.mean(rows, -1, True)
            estimate = ops.expand_dims(share, -1) * ops.expand_dims(columns, -2)
            self.slot(variable, "v").assign(estimate)
        else:
            estimate = self._mean(variable, "v", squares, past)
        change = gradient / ops.sqrt(estimate)
        change = change / ops.maximum(1.0, _rms(change) / self.clip_threshold)
        variable.assign(variable - size * change)

    def _mean(self, variable: Variable, name: str, value: Tensor, past: Tensor) -> Variable:
        mean = self.slot(variable, name)
        mean.assign(past * mean + (1.0 - past) * value)
        return mean
