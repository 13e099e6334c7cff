"""Ftrl: follow the regularized leader, for large sparse models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tfjs_pyo import naming, ops
from tfjs_pyo.config import field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import OptionError
from tfjs_pyo.optimizers.base import Optimizer
from tfjs_pyo.optimizers.schedules import Rate, rate_field


def _at_most_zero(owner: str, name: str, value: Any) -> float:
    given = number()(owner, name, value)
    if given > 0:
        raise OptionError(
            f"{owner}: expected {naming.camel(name)!r} to be a number up to 0, received {value!r}."
        )
    return given


class Ftrl(Optimizer):
    """The leader's weights follow from all gradients so far, kept in two sums n and z.

    n' = n + g^2; z += g + 2 * l2_shrinkage * w - (n'^-p - n^-p) / rate * w;
    w = (clip(z, -l1, l1) - z) / (n'^-p / rate + 2 * l2 + beta / rate), p the power of the learning rate.

    Args:
        learning_rate: size of a step, or a schedule.
        learning_rate_power: p, how steps shrink with the sum n of squared gradients; at most 0, and 0 for not at all.
        initial_accumulator_value: first value of n.
        l1_regularization_strength: l1; weights stay 0 while |z| is less.
        l2_regularization_strength: l2, a penalty on the size of weights.
        l2_shrinkage_regularization_strength: a penalty on the size of weights by way of gradients.
        beta: makes first steps smaller.

    Raises:
        OptionError: a number out of these bounds.

    Example:
        >>> import tfjs_pyo as tf
        >>> w = tf.variable(tf.scalar(1))
        >>> tf.optimizers.Ftrl(0.1, l1_regularization_strength=100).minimize(lambda: w * w)
        >>> float(w)
        0.0

    Source: https://keras.io/api/optimizers/ftrl/
    """

    learning_rate: Rate = rate_field(0.001)
    learning_rate_power: float = field(-0.5, _at_most_zero)
    initial_accumulator_value: float = field(0.1, number(0))
    l1_regularization_strength: float = field(0.0, number(0))
    l2_regularization_strength: float = field(0.0, number(0))
    l2_shrinkage_regularization_strength: float = field(0.0, number(0))
    beta: float = field(0.0, number(0))

    def slots(self) -> Mapping[str, float]:
        return {"accumulator": self.initial_accumulator_value, "linear": 0.0}

    def update(self, gradient: Tensor, variable: Variable) -> None:
        squares, linear = self.slot(variable, "accumulator"), self.slot(variable, "linear")
        rate, l1 = self.rate, self.l1_regularization_strength
        before = self._power(squares)
        squares.assign(squares + ops.square(gradient))
        after = self._power(squares)
        pull = gradient + (2 * self.l2_shrinkage_regularization_strength) * variable
        linear.assign(linear + pull - (after - before) / rate * variable)
        spread = (after + self.beta) / rate + 2 * self.l2_regularization_strength
        variable.assign((ops.clip_by_value(linear, -l1, l1) - linear) / spread)

    def _power(self, squares: Tensor) -> Tensor:
        if self.learning_rate_power == -0.5:
            return ops.sqrt(squares)
        return ops.pow(squares, -self.learning_rate_power)
