"""Momentum: gradient descent whose steps go on, TF.js's form of it."""

from __future__ import annotations

from collections.abc import Mapping

from tfjs_pyo.config import field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.optimizers.base import Optimizer
from tfjs_pyo.optimizers.schedules import Rate, rate_field


class Momentum(Optimizer):
    """v = momentum * v + g; w -= rate * v, or w -= rate * (g + momentum * v) for Nesterov's form.

    Args:
        learning_rate: size of a step.
        momentum: share of the last step that goes on.
        use_nesterov: whether the gradient counts as if the momentum's step were done already.

    Example:
        >>> import tfjs_pyo as tf
        >>> w = tf.variable(tf.scalar(1))
        >>> tf.train.momentum(0.1, 0.9).minimize(lambda: w * w)
        >>> round(float(w), 4)
        0.8

    Source: https://js.tensorflow.org/api/latest/#train.momentum
    """

    learning_rate: Rate = rate_field(0.01)
    momentum: float = field(0.9, number(0, 1))
    use_nesterov: bool = field(False)

    def set_momentum(self, momentum: float) -> None:
        """Changes the momentum, as setting the attribute does.

        Args:
            momentum: share of the last step that goes on, 0 to 1.

        Example:
            >>> import tfjs_pyo as tf
            >>> optimizer = tf.train.momentum(0.1, 0.9)
            >>> optimizer.setMomentum(0.5)
            >>> optimizer.momentum
            0.5

        Source: https://js.tensorflow.org/api/latest/#train.momentum
        """
        self.momentum = momentum

    def slots(self) -> Mapping[str, float]:
        return {"momentum": 0.0}

    def update(self, gradient: Tensor, variable: Variable) -> None:
        velocity = self.slot(variable, "momentum")
        velocity.assign(self.momentum * velocity + gradient)
        change = gradient + self.momentum * velocity if self.use_nesterov else velocity
        variable.assign(variable - self.rate * change)
