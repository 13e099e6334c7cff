"""SGD: plain gradient descent; with momentum as in Keras."""

from __future__ import annotations

from collections.abc import Mapping

from tfjs_pyo.config import field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.optimizers.base import Optimizer
from tfjs_pyo.optimizers.schedules import Rate, rate_field


class SGD(Optimizer):
    """w -= rate * g; with momentum v = momentum * v - rate * g and w += v.

    The rate is part of v, as in Keras: a rate that changes counts for the gradients that follow. `tf.train.momentum` is
    TF.js's form, where it counts for the past as well.

    Args:
        learning_rate: size of a step.
        momentum: share of the last step that goes on.
        nesterov: whether the gradient counts as if the momentum's step were done already: w += momentum * v - rate * g.

    Example:
        >>> import tfjs_pyo as tf
        >>> w = tf.variable(tf.scalar(1))
        >>> tf.train.sgd(0.1).minimize(lambda: w * w)
        >>> round(float(w), 4)
        0.8

    Source: https://js.tensorflow.org/api/latest/#train.sgd
    """

    learning_rate: Rate = rate_field(0.01)
    momentum: float = field(0.0, number(0, 1))
    nesterov: bool = field(False)

    def slots(self) -> Mapping[str, float]:
        return {"momentum": 0.0} if self.momentum else {}

    def update(self, gradient: Tensor, variable: Variable) -> None:
        step = self.rate * gradient
        if not self.momentum:
            variable.assign(variable - step)
            return
        velocity = self.slot(variable, "momentum")
        velocity.assign(self.momentum * velocity - step)
        variable.assign(variable + (self.momentum * velocity - step if self.nesterov else velocity))
