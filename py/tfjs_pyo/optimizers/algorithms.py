"""The optimizers of TF.js, with its formulas and defaults. Source: https://js.tensorflow.org/api/latest/#Training-Optimizers"""

from __future__ import annotations

from tfjs_pyo import ops
from tfjs_pyo.config import field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.optimizers.base import Optimizer

_EPSILON = 1e-7


class SGD(Optimizer):
    """w -= rate * g; with momentum as in Keras."""

    learning_rate: float = field(0.01, number(0))
    momentum: float = field(0.0, number(0))
    nesterov: bool = field(False)

    def prepare_slots(self, variable: Variable) -> None:
        if self.momentum:
            self.slot(variable, "momentum")

    def update(self, gradient: Tensor, variable: Variable) -> None:
        if not self.momentum:
            variable.assign(variable - self.rate * gradient)
            return
        velocity = self.slot(variable, "momentum")
        velocity.assign(self.momentum * velocity + gradient)
        change = gradient + self.momentum * velocity if self.nesterov else velocity
        variable.assign(variable - self.rate * change)


class Momentum(SGD):
    """v = momentum * v + g; w -= rate * v."""

    momentum: float = field(0.9, number(0))


class Adagrad(Optimizer):
    """a += g^2; w -= rate * g / sqrt(a)."""

    learning_rate: float = field(0.01, number(0))
    initial_accumulator_value: float = field(0.1, number(0))

    def prepare_slots(self, variable: Variable) -> None:
        self.slot(variable, "accumulator", self.initial_accumulator_value)

    def update(self, gradient: Tensor, variable: Variable) -> None:
        squares = self.slot(variable, "accumulator")
        squares.assign(squares + ops.square(gradient))
        variable.assign(variable - self.rate * gradient / ops.sqrt(squares + _EPSILON))


class Adadelta(Optimizer):
    """Steps scaled by the ratio of past steps to past gradients."""

    learning_rate: float = field(0.001, number(0))
    rho: float = field(0.95, number(0, 1))
    epsilon: float = field(_EPSILON, number(0))

    def prepare_slots(self, variable: Variable) -> None:
        self.slot(variable, "accum_grad")
        self.slot(variable, "accum_var")

    def update(self, gradient: Tensor, variable: Variable) -> None:
        squares, steps = self.slot(variable, "accum_grad"), self.slot(variable, "accum_var")
        squares.assign(self.rho * squares + (1 - self.rho) * ops.square(gradient))
        change = ops.sqrt(steps + self.epsilon) / ops.sqrt(squares + self.epsilon) * gradient
        steps.assign(self.rho * steps + (1 - self.rho) * ops.square(change))
        variable.assign(variable - self.rate * change)


class Adam(Optimizer):
    """Steps by the mean of past gradients over the root of the mean of their squares, both without bias."""

    learning_rate: float = field(0.001, number(0))
    beta1: float = field(0.9, number(0, 1, open_high=True))
    beta2: float = field(0.999, number(0, 1, open_high=True))
    epsilon: float = field(_EPSILON, number(0))

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


class Adamax(Optimizer):
    """Adam with the largest of past gradients instead of the root of their mean square."""

    learning_rate: float = field(0.002, number(0))
    beta1: float = field(0.9, number(0, 1, open_high=True))
    beta2: float = field(0.999, number(0, 1, open_high=True))
    epsilon: float = field(_EPSILON, number(0))
    decay: float = field(0.0, number(0))

    def prepare(self) -> None:
        super().prepare()
        self.state("acc_beta1", self.beta1)
        self.state("iteration", 0.0)

    def prepare_slots(self, variable: Variable) -> None:
        self.slot(variable, "m")
        self.slot(variable, "u")

    def update(self, gradient: Tensor, variable: Variable) -> None:
        m, u = self.slot(variable, "m"), self.slot(variable, "u")
        m.assign(self.beta1 * m + (1 - self.beta1) * gradient)
        u.assign(ops.maximum(self.beta2 * u, ops.abs(gradient)))
        rate = self.rate / (1.0 + self.decay * self.state("iteration", 0.0))
        rate = rate / (1.0 - self.state("acc_beta1", self.beta1))
        variable.assign(variable - rate * (m / (u + self.epsilon)))

    def finish(self) -> None:
        iteration, power = self.state("iteration", 0.0), self.state("acc_beta1", self.beta1)
        iteration.assign(iteration + 1.0)
        power.assign(power * self.beta1)


class RMSProp(Optimizer):
    """g over the root of the mean of past squares; with momentum, and centered on the mean of past gradients."""

    learning_rate: float = field(0.001, number(0))
    decay: float = field(0.9, number(0, 1))
    momentum: float = field(0.0, number(0))
    epsilon: float = field(_EPSILON, number(0))
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
