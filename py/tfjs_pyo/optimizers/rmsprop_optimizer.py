"""RMSProp: gradients over the root of the running mean of their squares."""

from __future__ import annotations

from collections.abc import Mapping

from tfjs_pyo import ops
from tfjs_pyo.config import field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.optimizers.base import EPSILON, Optimizer
from tfjs_pyo.optimizers.schedules import Rate, rate_field


class RMSProp(Optimizer):
    """s is the running mean of g^2; v = momentum * v + rate * g / sqrt(s + epsilon); w -= v.

    Centered, s is less the square of the running mean of g. TF.js then subtracts epsilon where it adds it otherwise, so
    that a gradient below 1e-3 makes its weights NaN; here epsilon is added in both forms.

    Args:
        learning_rate: size of a step.
        decay: share of the past in the means; `rho` in Keras, and as a keyword here.
        momentum: share of the last step that goes on.
        epsilon: added under the root.
        centered: whether the mean of gradients is taken off.

    Example:
        >>> import tfjs_pyo as tf
        >>> w = tf.variable(tf.scalar(1))
        >>> tf.train.rmsprop(0.1, 0.9).minimize(lambda: w * w)
        >>> round(float(w), 4)
        0.6838

    Source: https://js.tensorflow.org/api/latest/#train.rmsprop
    """

    keras_class_name = "RMSprop"

    learning_rate: Rate = rate_field(0.001)
    decay: float = field(0.9, number(0, 1), keras_name="rho")
    momentum: float = field(0.0, number(0))
    epsilon: float = field(EPSILON, number(0))
    centered: bool = field(False)

    def slots(self) -> Mapping[str, float]:
        return dict.fromkeys(("rms", "momentum", "mg") if self.centered else ("rms", "momentum"), 0.0)

    def slot_groups(self) -> list[tuple[str, ...]]:
        groups = [("rms", True), ("momentum", bool(self.momentum)), ("mg", self.centered)]
        return [(kind,) for kind, is_used in groups if is_used]

    def update(self, gradient: Tensor, variable: Variable) -> None:
        velocity = self.slot(variable, "momentum")
        spread: Tensor = self.running_mean(variable, "rms", ops.square(gradient), self.decay)
        if self.centered:
            spread = spread - ops.square(self.running_mean(variable, "mg", gradient, self.decay))
        velocity.assign(self.momentum * velocity + self.rate * gradient / ops.sqrt(spread + self.epsilon))
        variable.assign(variable - velocity)
