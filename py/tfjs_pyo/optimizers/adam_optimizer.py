"""Adam: steps by the mean of past gradients over the root of the mean of their squares."""

from __future__ import annotations

from collections.abc import Mapping

from tfjs_pyo import ops
from tfjs_pyo.config import field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.optimizers.base import EPSILON, Optimizer
from tfjs_pyo.optimizers.schedules import Rate, rate_field


class Adam(Optimizer):
    """m and v are running means of g and g^2; w -= rate * m' / (sqrt(v') + epsilon), m' and v' without their bias.

    Args:
        learning_rate: size of a step.
        beta1: share of the past in the mean of gradients; Keras's `beta_1`.
        beta2: share of the past in the mean of their squares; Keras's `beta_2`.
        epsilon: added to the root. TF.js takes 1e-4 on devices with half precision only; here it is what is written.
        amsgrad: whether the largest mean of squares so far divides, not the present one; Keras's.

    Example:
        >>> import tfjs_pyo as tf
        >>> w = tf.variable(tf.scalar(1))
        >>> tf.train.adam(0.1).minimize(lambda: w * w)
        >>> round(float(w), 4)
        0.9

    Source: https://js.tensorflow.org/api/latest/#train.adam
    """

    learning_rate: Rate = rate_field(0.001)
    beta1: float = field(0.9, number(0, 1, open_high=True), keras_name="beta_1")
    beta2: float = field(0.999, number(0, 1, open_high=True), keras_name="beta_2")
    epsilon: float = field(EPSILON, number(0))
    amsgrad: bool = field(False)

    def prepare(self) -> None:
        super().prepare()
        self.state("acc_beta1", self.beta1)
        self.state("acc_beta2", self.beta2)

    def slots(self) -> Mapping[str, float]:
        return dict.fromkeys(("m", "v", "vhat") if self.amsgrad else ("m", "v"), 0.0)

    _internal = ("bias", "moments")

    def slot_groups(self) -> list[tuple[str, ...]]:
        return [("m", "v"), *([("vhat",)] if self.amsgrad else [])]

    def moments(self, gradient: Tensor, variable: Variable) -> tuple[Tensor, Tensor]:
        """Returns the means of gradients and of their squares after this one, with their bias to 0."""
        m = self.running_mean(variable, "m", gradient, self.beta1)
        v = self.running_mean(variable, "v", ops.square(gradient), self.beta2)
        if not self.amsgrad:
            return m, v
        largest = self.slot(variable, "vhat")
        largest.assign(ops.maximum(largest, v))
        return m, largest

    def bias(self) -> tuple[Tensor, Tensor]:
        """Returns what the means of gradients and of squares are to be divided by."""
        return 1.0 - self.state("acc_beta1", self.beta1), 1.0 - self.state("acc_beta2", self.beta2)

    def update(self, gradient: Tensor, variable: Variable) -> None:
        m, v = self.moments(gradient, variable)
        bias1, bias2 = self.bias()
        variable.assign(variable - self.rate * ((m / bias1) / (ops.sqrt(v / bias2) + self.epsilon)))

    def finish(self) -> None:
        for name, beta in (("acc_beta1", self.beta1), ("acc_beta2", self.beta2)):
            power = self.state(name, beta)
            power.assign(power * beta)

    def numbers_after(self, steps: int) -> dict[str, float]:
        powers = {"acc_beta1": self.beta1 ** (steps + 1), "acc_beta2": self.beta2 ** (steps + 1)}
        return {**super().numbers_after(steps), **powers}
