"""Optimizer: from gradients to updates of variables. All state lives in variables, so that a step compiles whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.config import Configurable, field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import ArgumentError

EPSILON = 1e-7
"""What TF.js adds to divisors unless told."""

Gradients = Mapping[str, Tensor] | Iterable[tuple[Tensor, Variable]]


class Optimizer(Configurable):
    """Base of all optimizers.

    A subclass defines `update(gradient, variable)`, with its slots from `slot`, and may define `finish()` for what is
    done once a step.

    Source: https://js.tensorflow.org/api/latest/#Training-Optimizers
    """

    learning_rate: float = field(0.01, number(0))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._slots: dict[tuple[int, str], Variable] = {}
        self._named: dict[str, Variable] = {}
        super().__init__(*args, **kwargs)

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)
        rate = self.__dict__.get("_named", {}).get("rate")
        if name == "learning_rate" and rate is not None:
            rate.assign(ops.scalar(self.learning_rate))

    @property
    def rate(self) -> Tensor:
        """The learning rate as a variable: changing it compiles nothing anew."""
        return self.state("rate", self.learning_rate)

    def state(self, name: str, initial: float) -> Variable:
        """Returns a number of the optimizer's own, made with its first value when it is first asked for."""
        if name not in self._named:
            self._named[name] = Variable(ops.scalar(initial), trainable=False, name=f"{self.label}/{name}")
        return self._named[name]

    def slot(self, variable: Variable, name: str, initial: float = 0.0) -> Variable:
        """Returns the slot of this name that belongs to a variable."""
        key = (variable.id, name)
        if key not in self._slots:
            first = ops.fill(variable.shape, initial)
            self._slots[key] = Variable(first, trainable=False, name=f"{variable.name}/{name}")
        return self._slots[key]

    def build(self, variables: Sequence[Variable]) -> None:
        """Makes all state that updates of these variables need; so that a trace makes none."""
        self.prepare()
        for variable in variables:
            self.prepare_slots(variable)

    def prepare(self) -> None:
        """Makes the numbers of the optimizer's own."""
        _ = self.rate

    def prepare_slots(self, variable: Variable) -> None:
        """Makes the slots of a variable; a subclass with slots names them."""

    def update(self, gradient: Tensor, variable: Variable) -> None:
        """Assigns a variable and its slots their next values."""
        raise NotImplementedError(f"{self.label}: an optimizer must define update(gradient, variable).")

    def momentum_step(self, gradient: Tensor, variable: Variable, momentum: float, nesterov: bool) -> None:
        """Assigns a variable its next value by gradient descent with momentum."""
        velocity = self.slot(variable, "momentum")
        velocity.assign(momentum * velocity + gradient)
        change = gradient + momentum * velocity if nesterov else velocity
        variable.assign(variable - self.rate * change)

    def finish(self) -> None:
        """Updates what is shared by all variables, after them."""

    def apply_gradients(self, gradients: Gradients, variables: Sequence[Variable] | None = None) -> None:
        """Updates variables.

        Args:
            gradients: pairs of gradient and variable, or gradients by the names of variables.
            variables: whose names the mapping uses.

        Source: https://js.tensorflow.org/api/latest/#tf.train.Optimizer.applyGradients
        """
        if isinstance(gradients, Mapping):
            by_name = {v.name: v for v in variables or Variable.living()}
            missing = [name for name in gradients if name not in by_name]
            if missing:
                raise ArgumentError(
                    f"{self.label}: expected gradients by names of variables, received {missing}."
                )
            pairs = [(gradient, by_name[name]) for name, gradient in gradients.items()]
        else:
            pairs = list(gradients)
        self.build([variable for _, variable in pairs])
        for gradient, variable in pairs:
            self.update(gradient, variable)
        self.finish()

    def compute_gradients(
        self, f: Callable[[], Tensor], var_list: Sequence[Variable] | None = None
    ) -> dict[str, Any]:
        """Returns `{'value', 'grads'}` of a scalar function. Source: https://js.tensorflow.org/api/latest/#tf.train.Optimizer.computeGradients"""
        return ops.variable_grads(f, var_list)

    def minimize(
        self, f: Callable[[], Tensor], return_cost: bool = False, var_list: Sequence[Variable] | None = None
    ) -> Tensor | None:
        """Makes one step that lowers a scalar function. Source: https://js.tensorflow.org/api/latest/#tf.train.Optimizer.minimize"""
        found = self.compute_gradients(f, var_list)
        self.apply_gradients(found["grads"], var_list)
        value: Tensor = found["value"]
        return value if return_cost else None

    @property
    def weights(self) -> list[Variable]:
        """The optimizer's variables."""
        return [*self._named.values(), *self._slots.values()]
