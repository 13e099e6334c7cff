"""SGD: plain gradient descent, with momentum as in Keras."""

from __future__ import annotations

from collections.abc import Mapping

from tfjs_pyo.config import field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.optimizers.base import Optimizer
from tfjs_pyo.optimizers.schedules import Rate, rate_or_schedule


class SGD(Optimizer):
    """w -= rate * g; with momentum v = momentum * v + g and w -= rate * v.

    Args:
        learning_rate: size of a step.
        momentum: share of the last step that goes on; TF.js has `tf.train.momentum` for it.
        nesterov: whether the gradient counts as if the momentum's step were done already.

    Example:
        >>> import tfjs_pyo as tf
        >>> w = tf.variable(tf.scalar(3.0))
        >>> tf.train.sgd(0.1).minimize(lambda: w * w)
        >>> round(w.array_sync(), 3)
        2.4

    Source: https://js.tensorflow.org/api/latest/#train.sgd
    """

    learning_rate: Rate = field(0.01, rate_or_schedule)
    momentum: float = field(0.0, number(0, 1))
    nesterov: bool = field(False)

    def slots(self) -> Mapping[str, float]:
        return {"momentum": 0.0} if self.momentum else {}

    def update(self, gradient: Tensor, variable: Variable) -> None:
        if self.momentum:
            self.momentum_step(gradient, variable, self.momentum, self.nesterov)
        else:
            variable.assign(variable - self.rate * gradient)
