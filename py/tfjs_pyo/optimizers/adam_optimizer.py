"""Adam: steps by the mean of past gradients over the root of the mean of their squares."""

from __future__ import annotations

from tfjs_pyo import ops
from tfjs_pyo.config import field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.optimizers.base import EPSILON, Optimizer


class Adam(Optimizer):
    """m and v are running means of g and g^2; w -= rate * m' / (sqrt(v') + epsilon), m' and v' without their bias.

    Args:
        learning_rate: size of a step.
        beta1: share of the past in the mean of gradients; Keras's `beta_1`.
        beta2: share of the past in the mean of their squares; Keras's `beta_2`.
        epsilon: added to the root. TF.js takes 1e-4 on devices with half precision only; here it is what is written.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.train.adam(0.01).learning_rate, tf.keras.optimizers.Adam(beta_1=0.8).beta1
        (0.01, 0.8)

    Source: https://js.tensorflow.org/api/latest/#train.adam
    """

    learning_rate: float = field(0.001, number(0))
    beta1: float = field(0.9, number(0, 1, open_high=True))
    beta2: float = field(0.999, number(0, 1, open_high=True))
    epsilon: float = field(EPSILON, number(0))

    def prepare(self) -> None:
        super().prepare()
        self.state("acc_beta1", self.beta1)
        self.state("acc_beta2", self.beta2)

    def prepare_slots(self, variable: Variable) -> None:
        self.slot(variable, "m")
        self.slot(variable, "v")

    def update(self, gradient: Tensor, variable: Variable) -> None:
        m, v = self.slot(variable, "m"), self.slot(variable, "v")
        m.assign(self.beta1 * m + (1 - self.beta1) * gradient)
        v.assign(self.beta2 * v + (1 - self.beta2) * ops.square(gradient))
        mean = m / (1.0 - self.state("acc_beta1", self.beta1))
        square = v / (1.0 - self.state("acc_beta2", self.beta2))
        variable.assign(variable - self.rate * (mean / (ops.sqrt(square) + self.epsilon)))

    def finish(self) -> None:
        for name, beta in (("acc_beta1", self.beta1), ("acc_beta2", self.beta2)):
            power = self.state(name, beta)
            power.assign(power * beta)
