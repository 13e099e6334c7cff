"""Adadelta: steps scaled by the ratio of past steps to past gradients."""

from __future__ import annotations

from collections.abc import Mapping

from tfjs_pyo import ops
from tfjs_pyo.config import field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.optimizers.base import EPSILON, Optimizer
from tfjs_pyo.optimizers.schedules import Rate, rate_field


class Adadelta(Optimizer):
    """d = g * sqrt(mean of d^2) / sqrt(mean of g^2); w -= rate * d.

    As in TF.js the means are those before this step (Zeiler's paper and Keras count this gradient in), and
    `compile('adadelta')` takes a learning rate of 1.

    Args:
        learning_rate: size of a step.
        rho: share of the past in both means.
        epsilon: added under both roots.

    Example:
        >>> import tfjs_pyo as tf
        >>> w = tf.variable(tf.scalar(1))
        >>> tf.train.adadelta(0.1).minimize(lambda: w * w)
        >>> round(float(w), 4)
        0.8

    Source: https://js.tensorflow.org/api/latest/#train.adadelta
    """

    learning_rate: Rate = rate_field(0.001)
    rho: float = field(0.95, number(0, 1))
    epsilon: float = field(EPSILON, number(0))

    def slots(self) -> Mapping[str, float]:
        return {"accum_grad": 0.0, "accum_var": 0.0}

    def update(self, gradient: Tensor, variable: Variable) -> None:
        squares, steps = self.slot(variable, "accum_grad"), self.slot(variable, "accum_var")
        change = ops.sqrt(steps + self.epsilon) / ops.sqrt(squares + self.epsilon) * gradient
        self.running_mean(variable, "accum_grad", ops.square(gradient), self.rho)
        self.running_mean(variable, "accum_var", ops.square(change), self.rho)
        variable.assign(variable - self.rate * change)
