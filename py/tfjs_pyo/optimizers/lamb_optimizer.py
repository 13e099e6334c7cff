"""Lamb: Adam whose steps are as long as the weights that they change, for large batches."""

from __future__ import annotations

from tfjs_pyo import ops
from tfjs_pyo.config import field
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.optimizers.adam_optimizer import Adam


class Lamb(Adam):
    """u = m' / (sqrt(v') + epsilon), Adam's step; w -= rate * |w| / |u| * u, where both norms are above 0.

    Args:
        learning_rate: size of a step, or a schedule.
        beta1: share of the past in the mean of gradients; Keras's `beta_1`.
        beta2: share of the past in the mean of their squares; Keras's `beta_2`.
        epsilon: added to the root.

    Example:
        >>> import tfjs_pyo as tf
        >>> w = tf.variable(tf.scalar(2))
        >>> tf.optimizers.Lamb(0.1).minimize(lambda: w * w)
        >>> round(float(w), 4)
        1.8

    Source: https://keras.io/api/optimizers/lamb/
    """

    amsgrad: bool = field(False, argument="", saved=False)

    def update(self, gradient: Tensor, variable: Variable) -> None:
        m, v = self.moments(gradient, variable)
        bias1, bias2 = self.bias()
        change = (m / bias1) / (ops.sqrt(v / bias2) + self.epsilon)
        own, step = (ops.sqrt(ops.sum(ops.square(x))) for x in (variable, change))
        both = ops.logical_and(ops.greater(own, 0.0), ops.greater(step, 0.0))
        ratio = ops.where(both, ops.div_no_nan(own, step), 1.0)
        variable.assign(variable - self.rate * ratio * change)
