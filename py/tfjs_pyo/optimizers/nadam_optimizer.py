"""Nadam: Adam with Nesterov's momentum, whose share grows from step to step."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tfjs_pyo import ops
from tfjs_pyo.config import field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.optimizers.base import EPSILON, Optimizer
from tfjs_pyo.optimizers.schedules import Rate, rate_field

GROWTH = 0.96
"""The momentum of step t is beta1 * (1 - 0.5 * GROWTH ^ t)."""


class Nadam(Optimizer):
    """m, v and v' are those of Adam; a step looks ahead by the momentum of the next one.

    With u_t the momentum of step t and p_t the product of those so far,
    w -= rate * (u_(t+1) * m / (1 - p_(t+1)) + (1 - u_t) * g / (1 - p_t)) / (sqrt(v') + epsilon).

    Args:
        learning_rate: size of a step, or a schedule.
        beta1: share of the past in the mean of gradients, and largest momentum; Keras's `beta_1`.
        beta2: share of the past in the mean of their squares; Keras's `beta_2`.
        epsilon: added to the root.

    Example:
        >>> import tfjs_pyo as tf
        >>> w = tf.variable(tf.scalar(1))
        >>> tf.optimizers.Nadam(0.1).minimize(lambda: w * w)
        >>> round(float(w), 4)
        0.8937

    Source: https://keras.io/api/optimizers/Nadam/
    """

    learning_rate: Rate = rate_field(0.001)
    beta1: float = field(0.9, number(0, 1, open_high=True), keras_name="beta_1")
    beta2: float = field(0.999, number(0, 1, open_high=True), keras_name="beta_2")
    epsilon: float = field(EPSILON, number(0))

    def prepare(self) -> None:
        super().prepare()
        self.state("momentum_product", 1.0)
        self.state("growth_power", GROWTH)
        self.state("acc_beta2", self.beta2)

    def slots(self) -> Mapping[str, float]:
        return {"m": 0.0, "v": 0.0}

    def _momentum(self, ahead: int = 0) -> Tensor:
        """Returns the momentum of this step, or of a later one."""
        return self.beta1 * (1.0 - (0.5 * GROWTH**ahead) * self.state("growth_power", GROWTH))

    def update(self, gradient: Tensor, variable: Variable) -> None:
        m = self.running_mean(variable, "m", gradient, self.beta1)
        v = self.running_mean(variable, "v", ops.square(gradient), self.beta2)
        now, later = self._momentum(), self._momentum(1)
        product = self.state("momentum_product", 1.0) * now
        mean = later * m / (1.0 - product * later) + (1.0 - now) * gradient / (1.0 - product)
        square = v / (1.0 - self.state("acc_beta2", self.beta2))
        variable.assign(variable - self.rate * mean / (ops.sqrt(square) + self.epsilon))

    def finish(self) -> None:
        factors = {"momentum_product": self._momentum(), "growth_power": GROWTH, "acc_beta2": self.beta2}
        for name, factor in factors.items():
            state = self.state(name, 1.0)
            state.assign(state * factor)

    def numbers_after(self, steps: int) -> dict[str, float]:
        momenta = (self.beta1 * (1.0 - 0.5 * GROWTH ** (step + 1)) for step in range(steps))
        own = {
            "momentum_product": math.prod(momenta),
            "growth_power": GROWTH ** (steps + 1),
            "acc_beta2": self.beta2 ** (steps + 1),
        }
        return {**super().numbers_after(steps), **own}
