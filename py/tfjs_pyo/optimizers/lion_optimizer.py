"""Lion: steps of one size, in the direction of a running mean of gradients."""

from __future__ import annotations

from collections.abc import Mapping

from tfjs_pyo import ops
from tfjs_pyo.config import field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.optimizers.base import Optimizer
from tfjs_pyo.optimizers.schedules import Rate, rate_field


class Lion(Optimizer):
    """w -= rate * sign(beta1 * m + (1 - beta1) * g); then m is the running mean of g with share beta2.

    Args:
        learning_rate: size of a step, or a schedule; a third to a tenth of what suits Adam.
        beta1: share of the past in the direction of a step; Keras's `beta_1`.
        beta2: share of the past in the mean; Keras's `beta_2`.

    Example:
        >>> import tfjs_pyo as tf
        >>> w = tf.variable(tf.scalar(1))
        >>> tf.optimizers.Lion(0.1).minimize(lambda: w * w)
        >>> round(float(w), 4)
        0.9

    Source: https://keras.io/api/optimizers/lion/
    """

    learning_rate: Rate = rate_field(0.001)
    beta1: float = field(0.9, number(0, 1), keras_name="beta_1")
    beta2: float = field(0.99, number(0, 1), keras_name="beta_2")

    def slots(self) -> Mapping[str, float]:
        return {"m": 0.0}

    def update(self, gradient: Tensor, variable: Variable) -> None:
        direction = ops.sign(self.beta1 * self.slot(variable, "m") + (1 - self.beta1) * gradient)
        variable.assign(variable - self.rate * direction)
        self.running_mean(variable, "m", gradient, self.beta2)
