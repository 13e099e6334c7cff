"""Schedule-free AdamW: an average of all steps takes the place of a rate that falls."""

from __future__ import annotations

from collections.abc import Mapping

from tfjs_pyo import ops
from tfjs_pyo.config import field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.optimizers.base import Optimizer
from tfjs_pyo.optimizers.schedules import Rate, rate_field


class ScheduleFreeAdamW(Optimizer):
    """z -= rate * g / (sqrt(v') + epsilon); x is the mean of all z so far; w = (1 - beta1) * z + beta1 * x.

    v' is the running mean of g^2 without its bias.

    Args:
        learning_rate: size of a step, or a schedule.
        beta1: share of the mean in the weights; Keras's `beta_1`.
        beta2: share of the past in the mean of squared gradients; Keras's `beta_2`.
        epsilon: added to the root.
        warmup_steps: steps in which the rate rises from 0 in a straight line.

    Example:
        >>> import tfjs_pyo as tf
        >>> w = tf.variable(tf.scalar(1))
        >>> optimizer = tf.optimizers.ScheduleFreeAdamW(0.1)
        >>> optimizer.minimize(lambda: w * w)
        >>> round(float(w), 4)
        0.9

    Source: https://keras.io/api/optimizers/
    """

    learning_rate: Rate = rate_field(0.0025)
    beta1: float = field(0.9, number(0, 1), keras_name="beta_1")
    beta2: float = field(0.999, number(0, 1, open_high=True), keras_name="beta_2")
    epsilon: float = field(1e-8, number(0))
    warmup_steps: float = field(0, number(0))

    @property
    def counts_steps(self) -> bool:
        return True

    def slots(self) -> Mapping[str, float]:
        return {"momentum": 0.0, "velocity": 0.0}

    def prepare_slots(self, variable: Variable) -> None:
        if (variable.id, "momentum") not in self._slots:
            self.slot(variable, "momentum", first=Tensor(variable.stored))
        super().prepare_slots(variable)

    def update(self, gradient: Tensor, variable: Variable) -> None:
        step = self._steps_made() + 1.0
        rate = self.rate * ops.minimum(step / self.warmup_steps, 1.0) if self.warmup_steps else self.rate
        steps = self.slot(variable, "momentum")
        average = (variable - (1.0 - self.beta1) * steps) / self.beta1
        v = self.running_mean(variable, "velocity", ops.square(gradient), self.beta2)
        root = ops.sqrt(v / (1.0 - ops.pow(self.beta2, step))) + self.epsilon
        steps.assign(steps - rate * gradient / root)
        average = average + (steps - average) / step
        variable.assign((1.0 - self.beta1) * steps + self.beta1 * average)
