"""RMSProp: gradients over the root of the running mean of their squares."""

from __future__ import annotations

from tfjs_pyo import ops
from tfjs_pyo.config import field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.optimizers.base import EPSILON, Optimizer


class RMSProp(Optimizer):
    """s is the running mean of g^2; v = momentum * v + rate * g / sqrt(s + epsilon); w -= v.

    Centered, s is less the square of the running mean of g. TF.js then subtracts epsilon where it adds it otherwise, so
    that a gradient below 1e-3 makes its weights NaN; here epsilon is added in both forms.

    Args:
        learning_rate: size of a step.
        decay: share of the past in the means; Keras's `rho`.
        momentum: share of the last step that goes on.
        epsilon: added under the root.
        centered: whether the mean of gradients is taken off.

    Source: https://js.tensorflow.org/api/latest/#train.rmsprop
    """

    learning_rate: float = field(0.001, number(0))
    decay: float = field(0.9, number(0, 1))
    momentum: float = field(0.0, number(0))
    epsilon: float = field(EPSILON, number(0))
    centered: bool = field(False)

    def prepare_slots(self, variable: Variable) -> None:
        self.slot(variable, "rms")
        self.slot(variable, "momentum")
        if self.centered:
            self.slot(variable, "mg")

    def update(self, gradient: Tensor, variable: Variable) -> None:
        squares, velocity = self.slot(variable, "rms"), self.slot(variable, "momentum")
        squares.assign(self.decay * squares + (1 - self.decay) * ops.square(gradient))
        spread: Tensor = squares
        if self.centered:
            mean = self.slot(variable, "mg")
            mean.assign(self.decay * mean + (1 - self.decay) * gradient)
            spread = squares - ops.square(mean)
        velocity.assign(self.momentum * velocity + self.rate * gradient / ops.sqrt(spread + self.epsilon))
        variable.assign(variable - velocity)
