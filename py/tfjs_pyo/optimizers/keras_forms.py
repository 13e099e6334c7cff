"""Optimizers as Keras has them, where TF.js has another formula. They are saved under the same names."""

from __future__ import annotations

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.optimizers import adadelta_optimizer, adam_optimizer
from tfjs_pyo.optimizers.keras_optimizer import Optimizer


class Adadelta(adadelta_optimizer.Adadelta, Optimizer, dialect=KERAS):
    """d = g * sqrt(mean of d^2) / sqrt(mean of g^2), this gradient included; w -= rate * d.

    Args:
        learning_rate: size of a step, or a schedule.
        rho: share of the past in both means.
        epsilon: added under both roots.

    Example:
        >>> from tfjs_pyo import keras
        >>> w = keras.Variable(1.0)
        >>> keras.optimizers.Adadelta(1.0, epsilon=0.01).apply([2 * w], [w])
        >>> round(float(w), 4)
        0.5636

    Source: https://keras.io/api/optimizers/adadelta/
    """

    def update(self, gradient: Tensor, variable: Variable) -> None:
        steps = self.slot(variable, "accum_var")
        squares = self.running_mean(variable, "accum_grad", ops.square(gradient), self.rho)
        change = ops.sqrt(steps + self.epsilon) / ops.sqrt(squares + self.epsilon) * gradient
        self.running_mean(variable, "accum_var", ops.square(change), self.rho)
        variable.assign(variable - self.rate * change)


class Adam(adam_optimizer.Adam, Optimizer, dialect=KERAS):
    """m and v are running means of g and g^2; w -= rate * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon).

    Epsilon stands beside the root of the biased mean v, so that it counts for more in the first steps than TF.js's.

    Args:
        learning_rate: size of a step, or a schedule.
        beta1: share of the past in the mean of gradients; `beta_1`.
        beta2: share of the past in the mean of their squares; `beta_2`.
        epsilon: added to the root.
        amsgrad: whether the largest mean of squares so far divides, not the present one.

    Example:
        >>> from tfjs_pyo import keras
        >>> w = keras.Variable(1.0)
        >>> keras.optimizers.Adam(0.1).apply([2 * w], [w])
        >>> round(float(w), 4)
        0.9

    Source: https://keras.io/api/optimizers/adam/
    """

    def update(self, gradient: Tensor, variable: Variable) -> None:
        m, v = self.moments(gradient, variable)
        bias1, bias2 = self.bias()
        size = self.rate * ops.sqrt(bias2) / bias1
        variable.assign(variable - size * m / (ops.sqrt(v) + self.epsilon))
