"""`keras.optimizers.Optimizer`: what optimizers of Keras's API have that TensorFlow.js's lack, or spell otherwise."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core import context
from tfjs_pyo.core.autodiff import GradientError
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable as Base
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.optimizers import base
from tfjs_pyo.variables import Variable


class LearningRate(float):
    """A learning rate, with the methods that Keras's variable has: programs read it, and set it."""

    optimizer: weakref.ref[Optimizer]

    def numpy(self) -> Any:
        """Returns the rate as a scalar of NumPy."""
        import numpy as np

        return np.float32(self)

    @property
    def value(self) -> float:
        """The rate."""
        return float(self)

    def assign(self, value: Any) -> None:
        """Sets the rate of the optimizer."""
        optimizer = self.optimizer()
        if optimizer is not None and context.trace() is not None and isinstance(value, Tensor):
            optimizer.state("rate", float(self)).assign(ops.cast(value, "float32"))
        elif optimizer is not None:
            optimizer.learning_rate = float(value)


class Optimizer(base.Optimizer, dialect=KERAS):
    """Base of all optimizers: a subclass defines `build(variables)`, which makes its state, and `update_step`.

    Args:
        learning_rate: a number, or a schedule from `keras.optimizers.schedules`.
        weight_decay: before each step, this share of `rate * w` is taken off each weight w.
        clipnorm, clipvalue, global_clipnorm: ways to clip gradients, of which one may be given.
        use_ema, ema_momentum, ema_overwrite_frequency: whether averages of the weights are kept, and how.
        loss_scale_factor: what losses are multiplied by before gradients are taken.
        gradient_accumulation_steps: steps whose gradients are added up before weights are updated.
        name: of the optimizer.

    Example:
        >>> from tfjs_pyo import keras
        >>> class Sign(keras.optimizers.Optimizer):
        ...     def update_step(self, gradient, variable, learning_rate):
        ...         self.assign_sub(variable, keras.ops.sign(gradient) * learning_rate)
        >>> w = keras.Variable(1.0)
        >>> Sign(learning_rate=0.25).apply([w * 2.0], [w])
        >>> float(w)
        0.75

    Source: https://keras.io/api/optimizers/
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._made_variables: list[Variable] = []
        self._updated: list[Base] = []
        super().__init__(*args, **kwargs)

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        rate = vars(self).get("learning_rate")
        if type(rate) is float:
            vars(self)["learning_rate"] = made = LearningRate(rate)
            made.optimizer = weakref.ref(self)

    def __getstate__(self) -> dict[str, Any]:
        state = super().__getstate__()
        rate = state.get("learning_rate")
        return {**state, "learning_rate": float(rate) if isinstance(rate, LearningRate) else rate}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self.learning_rate = vars(self)["learning_rate"]

    def update_step(self, gradient: Tensor, variable: Base, learning_rate: Any) -> None:
        """Gives a variable its next value; a subclass defines it.

        Args:
            gradient: of the loss.
            variable: to assign.
            learning_rate: of this step, a scalar.
        """
        raise NotImplementedError(
            f"{self.display_name}: an optimizer must define update_step(gradient, variable, learning_rate)."
        )

    def update(self, gradient: Tensor, variable: Base) -> None:
        if type(self).update is not Optimizer.update:
            super().update(gradient, variable)
        self.update_step(gradient, variable, self.rate)

    @property
    def built(self) -> bool:
        """Whether the state was made."""
        return bool(self._updated)

    @built.setter
    def built(self, value: bool) -> None:
        if not value:
            self._updated = []

    def build(self, variables: Sequence[Base]) -> None:
        """Makes the state that updates of these variables need. Source: https://keras.io/api/optimizers/"""
        self._updated += [v for v in variables if all(v is not known for known in self._updated)]
        super().build(variables)

    def apply(
        self, grads: Sequence[Tensor | None], trainable_variables: Sequence[Base] | None = None
    ) -> None:
        """Updates variables by their gradients.

        Args:
            grads: one for each variable; those of None stay as they are.
            trainable_variables: the variables; default: those of `build`.

        Raises:
            ArgumentError: not as many gradients as variables.

        Source: https://keras.io/api/optimizers/
        """
        variables = list(self._updated if trainable_variables is None else trainable_variables)
        gradients = list(grads)
        if len(gradients) != len(variables):
            raise ArgumentError(
                f"{self.display_name}: apply: expected a gradient for each of {len(variables)} variables, received "
                f"{len(gradients)}."
            )
        self.apply_gradients(list(zip(gradients, variables, strict=True)))

    def apply_gradients(self, gradients: Any, variables: Any = None, **_options: Any) -> None:
        """Updates variables: pairs of gradient and variable. Source: https://keras.io/api/optimizers/"""
        pairs = self._pairs(gradients, variables)
        if pairs and all(gradient is None for gradient, _ in pairs):
            raise GradientError(
                f"{self.display_name}: expected a gradient for at least one variable, received None for all {len(pairs)}. The "
                "loss depends on none of them."
            )
        super().apply_gradients(pairs)
        for _, variable in pairs:
            if variable.constraint is not None:
                variable.assign(variable.constraint(variable.read()))

    # State of subclasses

    def add_variable(
        self,
        shape: Sequence[int] = (),
        initializer: Any = "zeros",
        dtype: Any = None,
        aggregation: Any = None,  # noqa: ARG002 (Keras's signature)
        layout: Any = None,  # noqa: ARG002
        name: str | None = None,
    ) -> Variable:
        """Makes a variable of the optimizer's own.

        Args:
            shape, initializer, dtype, name: of the variable.
            aggregation, layout: accepted as they are; they have no effect here.
        """
        with context.outside_traces():
            made = Variable(
                initializer, tuple(shape), dtype or "float32", trainable=False, name=self._place(name)
            )
        self._made_variables.append(made)
        return made

    def add_variable_from_reference(
        self, reference_variable: Base, name: str | None = None, initializer: Any = "zeros"
    ) -> Variable:
        """Makes a variable like another one. Source: https://keras.io/api/optimizers/"""
        owner = reference_variable.original_name
        return self.add_variable(
            reference_variable.shape,
            initializer,
            reference_variable.dtype,
            name=f"{owner}_{name or 'variable'}",
        )

    def add_optimizer_variables(
        self, trainable_variables: Sequence[Base], name: Any, initializer: Any = "zeros"
    ) -> Any:
        """Makes a variable for each of some; for several names a list for each of them."""
        names = [name] if isinstance(name, str) else list(name)
        firsts = initializer if isinstance(initializer, (list, tuple)) else [initializer] * len(names)
        made = [
            [self.add_variable_from_reference(v, each, first) for v in trainable_variables]
            for each, first in zip(names, firsts, strict=True)
        ]
        return made[0] if isinstance(name, str) else tuple(made)

    def _place(self, name: str | None) -> str:
        return f"{self.name or self.display_name}/{name or 'variable'}"

    def _get_variable_index(self, variable: Base) -> int:
        """Returns the place of a variable among those of `build`."""
        return next(place for place, known in enumerate(self._updated) if known is variable)

    def assign(self, variable: Base, value: Any) -> None:
        """Replaces the value of a variable."""
        variable.assign(ops.cast(value, variable.dtype))

    def assign_add(self, variable: Base, value: Any) -> None:
        """Adds to the value of a variable."""
        variable.assign(ops.cast(variable.read() + value, variable.dtype))

    def assign_sub(self, variable: Base, value: Any) -> None:
        """Takes from the value of a variable."""
        variable.assign(ops.cast(variable.read() - value, variable.dtype))

    @property
    def weights(self) -> list[Base]:
        """The optimizer's variables."""
        return [*super().weights, *self._made_variables]

    @property
    def variables(self) -> list[Base]:
        """The optimizer's variables."""
        return self.weights


__all__ = ["Optimizer"]
