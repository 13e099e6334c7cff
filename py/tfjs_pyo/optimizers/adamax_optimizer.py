"""Adamax: Adam with the largest of past gradients in place of the root of their mean square."""

from __future__ import annotations

from collections.abc import Mapping

from tfjs_pyo import ops
from tfjs_pyo.config import field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.dialects import TFJS
from tfjs_pyo.optimizers.base import EPSILON, Optimizer
from tfjs_pyo.optimizers.schedules import Rate, rate_field


class Adamax(Optimizer):
    """m is the running mean of g, u = max(beta2 * u, |g|); w -= rate * m' / (u + epsilon), m' without its bias.

    Args:
        learning_rate: size of a step.
        beta1: share of the past in the mean of gradients.
        beta2: how fast the largest gradient fades.
        epsilon: added to it.
        decay: the rate of step t is `learning_rate / (1 + decay * t)`.

    Example:
        >>> import tfjs_pyo as tf
        >>> w = tf.variable(tf.scalar(1))
        >>> tf.train.adamax(0.1).minimize(lambda: w * w)
        >>> round(float(w), 4)
        0.9

    Source: https://js.tensorflow.org/api/latest/#train.adamax
    """

    learning_rate: Rate = rate_field(0.002, keras=0.001)
    beta1: float = field(0.9, number(0, 1, open_high=True), keras_name="beta_1")
    beta2: float = field(0.999, number(0, 1, open_high=True), keras_name="beta_2")
    epsilon: float = field(EPSILON, number(0))
    decay: float = field(0.0, number(0), saved=TFJS)

    def prepare(self) -> None:
        super().prepare()
        self.state("acc_beta1", self.beta1)
        self.state("iteration", 0.0)

    def slots(self) -> Mapping[str, float]:
        return {"m": 0.0, "u": 0.0}

    def update(self, gradient: Tensor, variable: Variable) -> None:
        m, u = self.running_mean(variable, "m", gradient, self.beta1), self.slot(variable, "u")
        u.assign(ops.maximum(self.beta2 * u, ops.abs(gradient)))
        rate = self.rate / (1.0 + self.decay * self.state("iteration", 0.0))
        rate = rate / (1.0 - self.state("acc_beta1", self.beta1))
        variable.assign(variable - rate * (m / (u + self.epsilon)))

    def finish(self) -> None:
        iteration, power = self.state("iteration", 0.0), self.state("acc_beta1", self.beta1)
        iteration.assign(iteration + 1.0)
        power.assign(power * self.beta1)

    def numbers_after(self, steps: int) -> dict[str, float]:
        own = {"iteration": float(steps), "acc_beta1": self.beta1 ** (steps + 1)}
        return {**super().numbers_after(steps), **own}
