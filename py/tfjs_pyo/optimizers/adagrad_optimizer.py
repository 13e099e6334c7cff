"""Adagrad: steps that shrink with the sum of all squared gradients."""

from __future__ import annotations

from collections.abc import Mapping

from tfjs_pyo import ops
from tfjs_pyo.config import field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.optimizers.base import EPSILON, Optimizer
from tfjs_pyo.optimizers.schedules import Rate, rate_field


class Adagrad(Optimizer):
    """a += g^2; w -= rate * g / sqrt(a + epsilon).

    Args:
        learning_rate: size of a step.
        initial_accumulator_value: first value of the sum of squares.
        epsilon: added under the root.

    Example:
        >>> import tfjs_pyo as tf
        >>> w = tf.variable(tf.scalar(1))
        >>> tf.train.adagrad(0.1, 5).minimize(lambda: w * w)
        >>> round(float(w), 4)
        0.9333

    Source: https://js.tensorflow.org/api/latest/#train.adagrad
    """

    learning_rate: Rate = rate_field(0.01, keras=0.001)
    initial_accumulator_value: float = field(0.1, number(0))
    epsilon: float = field(EPSILON, number(0))

    def slots(self) -> Mapping[str, float]:
        return {"accumulator": self.initial_accumulator_value}

    def update(self, gradient: Tensor, variable: Variable) -> None:
        squares = self.slot(variable, "accumulator")
        squares.assign(squares + ops.square(gradient))
        variable.assign(variable - self.rate * gradient / ops.sqrt(squares + self.epsilon))
