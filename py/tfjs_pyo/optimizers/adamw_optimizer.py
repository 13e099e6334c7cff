"""AdamW: Adam whose weights shrink by themselves, apart from their gradients."""

from __future__ import annotations

from tfjs_pyo import ops
from tfjs_pyo.config import field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.optimizers.adam_optimizer import Adam


class AdamW(Adam):
    """First w -= rate * weight_decay * w, then Adam's step, with epsilon as Keras has it: beside the root of the biased mean.

    Args:
        learning_rate: size of a step, or a schedule.
        weight_decay: how fast weights shrink.
        beta1: share of the past in the mean of gradients; Keras's `beta_1`.
        beta2: share of the past in the mean of their squares; Keras's `beta_2`.
        epsilon: added to the root.
        amsgrad: whether the largest mean of squares so far divides, not the present one.

    Example:
        >>> import tfjs_pyo as tf
        >>> optimizer = tf.keras.optimizers.AdamW(0.01, weight_decay=0.1)
        >>> optimizer.exclude_from_weight_decay(var_names=["bias"])

    Source: https://keras.io/api/optimizers/adamw/
    """

    weight_decay: float | None = field(0.004, number(0))

    def update(self, gradient: Tensor, variable: Variable) -> None:
        m, v = self.moments(gradient, variable)
        bias1, bias2 = self.bias()
        size = self.rate * ops.sqrt(bias2) / bias1
        variable.assign(variable - size * m / (ops.sqrt(v) + self.epsilon))
