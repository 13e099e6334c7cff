"""`keras.optimizers.Optimizer`: what optimizers of Keras's API have that TensorFlow.js's lack, or spell otherwise."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any, Self

from tfjs_pyo import naming, ops
from tfjs_pyo.core import context
from tfjs_pyo.core.autodiff import GradientError
from tfjs_pyo.core.graph import Node
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable as PlainVariable
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.errors import ArgumentError, OptionError, TraceError
from tfjs_pyo.optimizers import base
from tfjs_pyo.optimizers.gradients import pairs_of
from tfjs_pyo.optimizers.schedules import Rate
from tfjs_pyo.optimizers.slots import AVERAGE, WAITING
from tfjs_pyo.options import items, shown
from tfjs_pyo.rules import require_store
from tfjs_pyo.shapes import dimensions
from tfjs_pyo.variables import Variable


class _OfOptimizer(Variable):
    """A number of an optimizer's own, which the host knows as well: its rate, and how many steps it made."""

    _optimizer: Callable[[], Optimizer | None] = staticmethod(lambda: None)

    @classmethod
    def of(cls, optimizer: Optimizer, first: Tensor, name: str) -> Self:
        """Returns the variable of an optimizer."""
        made = cls.holding(first, False, f"{optimizer.display_name}/{name}", name, f"{optimizer.name}/{name}")
        made._optimizer = weakref.ref(optimizer)
        return made

    def noted(self) -> dict[str, Any]:
        return {name: value for name, value in super().noted().items() if name != "_optimizer"}


class LearningRate(_OfOptimizer):
    """The learning rate of an optimizer: assigning it sets the rate."""

    def assign(self, value: Any) -> Self:  # type: ignore[override]
        super().assign(value)
        optimizer = self._optimizer()
        if optimizer is not None:
            optimizer._note_rate(None if isinstance(value, Tensor) else float(value))
        return self


class Iterations(_OfOptimizer):
    """How many steps an optimizer has made, an int32: the host counts them."""

    _shown = 0

    def _value(self, around: context.Context) -> Node:
        optimizer = self._optimizer()
        if optimizer is not None and around.traces:
            return ops.cast(optimizer._steps_made(), "int32").node
        if optimizer is not None and self._shown != optimizer._steps_so_far():
            self._shown = optimizer._steps_so_far()
            self._hold(ops.scalar(self._shown, "int32").node)
        return super()._value(around)

    def assign(self, value: Any) -> Self:  # type: ignore[override]
        if context.trace() is not None:
            raise TraceError(
                "iterations: expected no change of the number of steps while a step is recorded."
            )
        optimizer = self._optimizer()
        if optimizer is None:
            super().assign(value)
        else:
            optimizer._go_on_from(int(value))
        return self


_KINDS = {
    "m": "momentum", "v": "velocity", "vhat": "velocity_hat", "u": "norm", "rms": "velocity", "mg": "average_gradient",
    "accum_grad": "accumulated_grad", "accum_var": "accumulated_delta_var", WAITING: "gradient_accumulator",
}  # fmt: skip
"""What Keras calls kinds of slots, where files of TensorFlow.js have other names."""


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
        self._updated: list[PlainVariable] = []
        self._rate_is_read = False
        """Whether only the variable knows the rate."""
        self._steps_assign_rate = False
        """Whether a recorded step assigns the rate, each time that it is replayed."""
        self._counted: Iterations | None = None
        super().__init__(*args, **kwargs)

    def __getstate__(self) -> dict[str, Any]:
        state = super().__getstate__()
        named = {name: v for name, v in state["_named"].items() if not isinstance(v, _OfOptimizer)}
        return {**state, "_named": named, "_counted": None, "learning_rate": self.given_rate}

    def variables_in_copies(self) -> Sequence[PlainVariable]:
        own = [*super().variables_in_copies(), *self._made_variables]
        return [variable for variable in own if not isinstance(variable, _OfOptimizer)]

    # Rate and number of steps

    @property
    def given_rate(self) -> Rate:
        if self._rate_is_read and context.trace() is None:
            vars(self)["learning_rate"] = float(self._named["rate"])
            self._rate_is_read = self._steps_assign_rate
        return super().given_rate

    def _note_rate(self, rate: float | None) -> None:
        """Notes a rate that was assigned to the variable; None where only the variable knows it."""
        self._steps_assign_rate = self._steps_assign_rate or (rate is None and context.trace() is not None)
        self._rate_is_read = rate is None or self._steps_assign_rate
        if rate is not None:
            vars(self)["learning_rate"] = rate

    def _seen_rate(self, given: Rate) -> Any:
        if not isinstance(given, float):
            # A schedule counts each step, also those that only gather gradients.
            counts_all = self.gradient_accumulation_steps is not None and context.trace() is None
            return given(self._all_made() if counts_all else self.iterations)
        with context.outside_traces():
            return self.state("rate", given)

    def _steps_so_far(self) -> int:
        """Returns how many steps were made."""
        return self._all_made() // (self.gradient_accumulation_steps or 1)

    @property
    def iterations(self) -> Iterations:
        """How many steps were made: an int32 variable."""
        if self._counted is None:
            with context.outside_traces():
                self._counted = Iterations.of(self, ops.scalar(0, "int32"), "iteration")
        return self._counted

    def _go_on_from(self, steps: int) -> None:
        """Sets the number of steps."""
        self._made = steps * (self.gradient_accumulation_steps or 1)
        self._set_numbers()

    # Steps

    def update_step(self, gradient: Tensor, variable: PlainVariable, learning_rate: Any) -> None:
        """Gives a variable its next value; a subclass defines it.

        Args:
            gradient: of the loss.
            variable: to assign.
            learning_rate: of this step, a scalar.

        Raises:
            NotImplementedError: a subclass that does not define it.

        Example:
            >>> from tfjs_pyo import keras
            >>> class Descent(keras.optimizers.Optimizer):
            ...     def update_step(self, gradient, variable, learning_rate):
            ...         self.assign_sub(variable, gradient * learning_rate)
            >>> w = keras.Variable(3.0)
            >>> Descent(learning_rate=0.5).apply([keras.ops.array(4.0)], [w])
            >>> float(w)
            1.0

        Source: https://keras.io/api/optimizers/
        """
        raise NotImplementedError(
            f"{self.display_name}: an optimizer must define update_step(gradient, variable, learning_rate)."
        )

    def update(self, gradient: Tensor, variable: PlainVariable) -> None:
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

    def build(self, variables: Sequence[PlainVariable]) -> None:
        """Makes the state that updates of these variables need.

        Args:
            variables: of a model.

        Example:
            >>> from tfjs_pyo import keras
            >>> variable = keras.Variable([1.0, 2.0])
            >>> optimizer = keras.optimizers.SGD(0.5)
            >>> optimizer.build([variable])
            >>> optimizer.built
            True

        Source: https://keras.io/api/optimizers/
        """
        self._updated += [v for v in variables if all(v is not known for known in self._updated)]
        super().build(variables)

    def _build_for(self, variables: Sequence[PlainVariable]) -> None:
        known = {id(variable) for variable in self._updated}
        missing = [variable for variable in variables if id(variable) not in known]
        if missing or not known:
            self.build(missing)  # a subclass makes its state there, once
        super().build(variables)  # options may have changed

    def apply(
        self, grads: Sequence[Tensor | None], trainable_variables: Sequence[PlainVariable] | None = None
    ) -> None:
        """Updates variables by their gradients.

        Args:
            grads: one for each variable; those of None stay as they are.
            trainable_variables: the variables; default: those of `build`.

        Raises:
            ArgumentError: not as many gradients as variables.
            GradientError: all gradients are None.

        Example:
            >>> from tfjs_pyo import keras
            >>> w, fixed = keras.Variable(3.0), keras.Variable(3.0)
            >>> keras.optimizers.SGD(0.5).apply([keras.ops.array(4.0), None], [w, fixed])
            >>> float(w), float(fixed)
            (1.0, 3.0)

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
        """Updates variables by pairs of gradient and variable, then applies the constraints of variables.

        Args:
            gradients: list of pairs; a variable whose gradient is None stays as it is.
            variables: only for gradients by the names of variables, as in TF.js: whose names are meant.

        Raises:
            GradientError: all gradients are None.

        Example:
            >>> from tfjs_pyo import keras
            >>> w = keras.Variable(3.0)
            >>> keras.optimizers.SGD(0.5).apply_gradients([(keras.ops.array(4.0), w)])
            >>> float(w)
            1.0

        Source: https://keras.io/api/optimizers/
        """
        pairs = pairs_of(self.display_name, gradients, variables)
        if pairs and all(gradient is None for gradient, _ in pairs):
            raise GradientError(
                f"{self.display_name}: expected a gradient for at least one variable, received None for all {len(pairs)}. The "
                "loss depends on none of them."
            )
        super().apply_gradients(pairs)
        for _, variable in pairs:
            if variable.constraint is not None:
                variable.assign(variable.constraint(variable.read()))

    def stateless_apply(
        self,
        optimizer_variables: Sequence[Any],
        grads: Sequence[Tensor | None],
        trainable_variables: Sequence[Any],
    ) -> tuple[list[Tensor], list[Tensor]]:
        """Returns what variables, and those of the optimizer, would be after a step; all stay as they are.

        Args:
            optimizer_variables: the values of the optimizer's variables before.
            grads: a gradient for each trained variable.
            trainable_variables: the values of the variables that `build` was given.

        Raises:
            ArgumentError: `build` was not called, or not as many values as variables.

        Example:
            >>> from tfjs_pyo import keras
            >>> w, optimizer = keras.Variable(3.0), keras.optimizers.SGD(0.5)
            >>> optimizer.build([w])
            >>> trained, own = optimizer.stateless_apply(optimizer.variables, [keras.ops.array(4.0)], [w])
            >>> float(trained[0]), int(own[0]), float(w)
            (1.0, 1, 3.0)

        Source: https://keras.io/api/optimizers/
        """
        if not self.built:
            raise ArgumentError(f"{self.display_name}: stateless_apply: call build(variables) before.")
        own, trained = self.variables, self._updated
        before = [variable.read() for variable in (*own, *trained)]
        numbers = {name: number.read() for name, number in self._named.items()}
        try:
            self._set_all(own, optimizer_variables)
            self._set_all(trained, trainable_variables)
            self.apply(grads, trained)
            return [v.read() for v in trained], [v.read() for v in own]
        finally:
            self._set_all([*own, *trained], before)
            for name, number in numbers.items():
                self._named[name].assign(number)

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
        """Makes a variable of the optimizer's own, which it returns.

        Args:
            shape, initializer, dtype, name: of the variable.
            aggregation, layout: accepted as they are; they have no effect here.

        Example:
            >>> from tfjs_pyo import keras
            >>> scales = keras.optimizers.SGD().add_variable((2,), "ones", name="scales")
            >>> scales.numpy()
            array([1., 1.], dtype=float32)

        Source: https://keras.io/api/optimizers/
        """
        with context.outside_traces():
            of = "float32" if dtype is None else dtype
            first = Variable(initializer, dimensions("add_variable", shape), of, trainable=False).read()
            shown = name or naming.keras_unique("Variable")
            made = Variable.holding(first, False, f"{self.display_name}/{shown}", shown, self._place(shown))
        self._made_variables.append(made)
        return made

    def add_variable_from_reference(
        self, reference_variable: PlainVariable, name: str | None = None, initializer: Any = "zeros"
    ) -> Variable:
        """Makes a variable of the optimizer's own with the shape and dtype of another one; returns it.

        Args:
            reference_variable: the other one, such as a weight.
            name: of the variable; it follows the name of the other one.
            initializer: of its first value; default: 'zeros'.

        Example:
            >>> from tfjs_pyo import keras
            >>> w = keras.Variable([1.0, 2.0], name="w")
            >>> momentum = keras.optimizers.SGD().add_variable_from_reference(w, name="momentum")
            >>> momentum.name, momentum.shape
            ('w_momentum', (2,))

        Source: https://keras.io/api/optimizers/
        """
        return self.add_variable(
            reference_variable.shape,
            initializer,
            reference_variable.dtype,
            name=f"{_path_of(reference_variable)}_{name or 'variable'}",
        )

    def add_optimizer_variables(
        self, trainable_variables: Sequence[PlainVariable], name: Any, initializer: Any = "zeros"
    ) -> Any:
        """Makes a variable of the optimizer's own for each trained one.

        Args:
            trainable_variables: the trained ones, whose shapes and dtypes they get.
            name: one name, or a list of names for several variables each.
            initializer: of first values, or a list with one for each name; default: 'zeros'.

        Returns a list of variables; for a list of names a tuple of such lists.

        Raises:
            OptionError: what is no name, or no list of names.
            ValueError: not as many initializers as names.

        Example:
            >>> from tfjs_pyo import keras
            >>> weights = [keras.Variable([1.0, 2.0], name="w"), keras.Variable(0.0, name="b")]
            >>> means, squares = keras.optimizers.SGD().add_optimizer_variables(weights, ["mean", "square"])
            >>> [variable.name for variable in means], squares[0].shape
            (['w_mean', 'b_mean'], (2,))

        Source: https://keras.io/api/optimizers/
        """
        names = [name] if isinstance(name, str) else items(name) or []
        if not names or not all(isinstance(each, str) for each in names):
            raise OptionError(f"add_optimizer_variables: expected names, received {shown(name)}.")
        firsts = initializer if isinstance(initializer, (list, tuple)) else [initializer] * len(names)
        made = [
            [self.add_variable_from_reference(v, each, first) for v in trainable_variables]
            for each, first in zip(names, firsts, strict=True)
        ]
        return made[0] if isinstance(name, str) else tuple(made)

    def _place(self, name: str) -> str:
        """Returns the path of a variable of the optimizer's own."""
        return f"{self.name}/{name}"

    def _get_variable_index(self, variable: PlainVariable) -> int:
        """Returns the place of a variable among those of `build`."""
        return next(place for place, known in enumerate(self._updated) if known is variable)

    def assign(self, variable: PlainVariable, value: Any) -> None:
        """Replaces the value of a variable.

        Args:
            variable: that changes.
            value: the new value, a number, or a tensor or array of its shape.

        Example:
            >>> from tfjs_pyo import keras
            >>> w = keras.Variable([3.0, 4.0])
            >>> keras.optimizers.SGD().assign(w, [1.0, 2.0])
            >>> w.numpy()
            array([1., 2.], dtype=float32)

        Source: https://keras.io/api/optimizers/
        """
        variable.assign(ops.cast(value, variable.dtype))

    def assign_add(self, variable: PlainVariable, value: Any) -> None:
        """Adds to the value of a variable.

        Args:
            variable: that changes.
            value: what is added, a number, or a tensor or array of its shape.

        Example:
            >>> from tfjs_pyo import keras
            >>> w = keras.Variable([3.0, 4.0])
            >>> keras.optimizers.SGD().assign_add(w, 1.0)
            >>> w.numpy()
            array([4., 5.], dtype=float32)

        Source: https://keras.io/api/optimizers/
        """
        variable.assign(ops.cast(variable.read() + value, variable.dtype))

    def assign_sub(self, variable: PlainVariable, value: Any) -> None:
        """Takes from the value of a variable.

        Args:
            variable: that changes.
            value: what is subtracted, a number, or a tensor or array of its shape.

        Example:
            >>> from tfjs_pyo import keras
            >>> w = keras.Variable([3.0, 4.0])
            >>> keras.optimizers.SGD().assign_sub(w, 1.0)
            >>> w.numpy()
            array([2., 3.], dtype=float32)

        Source: https://keras.io/api/optimizers/
        """
        variable.assign(ops.cast(variable.read() - value, variable.dtype))

    def _number_of_own(self, name: str, initial: float) -> PlainVariable:
        if name == "rate":
            return LearningRate.of(self, ops.scalar(initial), "learning_rate")
        label = f"{self.display_name}/{name}"
        return Variable.holding(ops.scalar(initial), False, label, name, self._place(name))

    def _new_slot(self, first: Tensor, variable: PlainVariable, name: str) -> PlainVariable:
        label = f"{variable.original_name}/{name}"
        shown = f"{_path_of(variable)}_{_KINDS.get(name, name)}"
        return Variable.holding(first, False, label, shown, self._place(shown))

    @property
    def weights(self) -> list[PlainVariable]:
        """The variables that updates need, in the order in which they were made."""
        return [*super().weights, *self._made_variables]

    @property
    def variables(self) -> list[PlainVariable]:
        """The number of steps, the learning rate unless a schedule gives it, then the state, as in Keras's files."""
        rate: list[Any] = [self.learning_rate] if isinstance(self.given_rate, float) else []
        return [self.iterations, *rate, *self._slots_in_order(), *self._made_variables]

    def _slots_in_order(self) -> list[PlainVariable]:
        """Returns the slots in Keras's order: for each group of kinds those of one variable after the other."""
        groups = [(AVERAGE,), (WAITING,), *self.slot_groups()]
        order = [(v.id, kind) for group in groups for v in self._updated for kind in group]
        return [self._slots[key] for key in order if key in self._slots]

    def save_own_variables(self, store: Any) -> None:
        """Puts the values of all variables into a store.

        Args:
            store: dict-like; it gets the values as arrays, by '0', '1' and so on.

        Raises:
            ArgumentError: what is no store.

        Example:
            >>> from tfjs_pyo import keras
            >>> optimizer, store = keras.optimizers.SGD(0.5), {}
            >>> optimizer.save_own_variables(store)
            >>> [float(value) for value in store.values()]  # the number of steps, and the learning rate
            [0.0, 0.5]

        Source: https://keras.io/api/optimizers/
        """
        require_store(f"{self.display_name}: save_own_variables", store)
        for number, variable in enumerate(self.variables):
            store[str(number)] = variable.numpy()

    def load_own_variables(self, store: Any) -> None:
        """Sets all variables to the values of a store that `save_own_variables` has filled.

        Args:
            store: dict-like, with values by '0', '1' and so on.

        Raises:
            ArgumentError: not as many values as variables, or what is no store.

        Example:
            >>> from tfjs_pyo import keras
            >>> first, second, store = keras.optimizers.SGD(0.5), keras.optimizers.SGD(0.1), {}
            >>> first.save_own_variables(store)
            >>> second.load_own_variables(store)
            >>> float(second.learning_rate)
            0.5

        Source: https://keras.io/api/optimizers/
        """
        require_store(f"{self.display_name}: load_own_variables", store)
        missing = [str(number) for number in range(len(self.variables)) if str(number) not in store]
        if missing:
            raise ArgumentError(
                f"{self.display_name}: load_own_variables: expected a value for {missing[0]!r}, found none."
            )
        self._set_all(self.variables, [store[str(number)] for number in range(len(store))])

    def _set_all(self, own: Sequence[PlainVariable], values: Sequence[Any]) -> None:
        if len(values) != len(own):
            raise ArgumentError(
                f"{self.display_name}: expected a value for each of {len(own)} variables, received {len(values)}."
            )
        for variable, value in zip(own, values, strict=True):
            variable.assign(value if isinstance(value, Tensor) else ops.tensor(value))

    def dispose(self) -> None:
        if self._counted is not None:
            self._counted.dispose()
            self._counted = None
        super().dispose()


def _path_of(variable: PlainVariable) -> str:
    path = variable.path if isinstance(variable, Variable) else variable.original_name
    return path.replace("/", "_")


__all__ = ["Optimizer"]
