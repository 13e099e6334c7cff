"""The state of an optimizer: numbers of its own, slots that belong to variables, and how files have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import ArgumentError, ShapeError
from tfjs_pyo.optimizers.copying import Copied
from tfjs_pyo.optimizers.counting import names_of
from tfjs_pyo.shapes import Shape

AVERAGE = "average"
"""The slot of a variable's moving average."""
WAITING = "accumulated_gradient"
"""The slot of the sum of a variable's gradients that wait for a step."""


class State(Copied):
    """Base of optimizers: their state."""

    _restored: dict[str, list[Tensor]]

    if TYPE_CHECKING:

        def _all_made(self) -> int: ...

        def _set_numbers(self) -> None: ...

    def state(self, name: str, initial: float) -> Variable:
        """Returns a number of the optimizer's own, made with its first value when it is first asked for."""
        if name not in self._named:
            self._named[name] = self._number_of_own(name, initial)
        return self._named[name]

    def _number_of_own(self, name: str, initial: float) -> Variable:
        """Returns a new variable for a number of the optimizer's own."""
        return Variable(ops.scalar(initial), trainable=False, name=f"{self.display_name}/{name}")

    def _new_slot(self, first: Tensor, variable: Variable, name: str) -> Variable:
        """Returns a new variable for a slot that belongs to another one."""
        return Variable(first, trainable=False, name=f"{variable.original_name}/{name}")

    def slot(
        self, variable: Variable, name: str, initial: float = 0.0, first: Tensor | None = None
    ) -> Variable:
        """Returns the slot of a name that belongs to a variable; the first call makes it.

        Args:
            variable: that the slot belongs to.
            name: of the slot, such as 'momentum'.
            initial: number that its elements begin with; default: 0.
            first: its first value, in place of `initial`.

        Raises:
            ShapeError: a first value of another shape than the slot.

        Example:
            >>> import tfjs_pyo as tf
            >>> class Momentum(tf.train.Optimizer):
            ...     def update(self, gradient, variable):
            ...         velocity = self.slot(variable, "velocity")
            ...         velocity.assign(velocity * 0.5 + gradient)
            ...         variable.assign(variable - velocity * self.rate)
            >>> w, optimizer = tf.variable(tf.scalar(4)), Momentum({"learningRate": 0.25})
            >>> for _ in range(2):
            ...     optimizer.minimize(lambda: w * 2)
            >>> float(w), float(optimizer.slot(w, "velocity"))
            (2.75, 3.0)
        """
        key = (variable.id, name)
        if key not in self._slots:
            waiting, shape = self._restored.get(name), self.slot_shape(variable, name)
            if waiting or first is None:
                first = waiting.pop(0) if waiting else ops.fill(shape, initial)
            self._require_shape(first, shape, f"{name!r} of {variable.unique_name!r}")
            self._slots[key] = self._new_slot(first, variable, name)
        return self._slots[key]

    def slots(self) -> Mapping[str, float]:
        """Returns the names of the slots that each variable has, with the numbers that they begin with; a subclass overrides it.

        Slots that it names are made by `build`, others by the first `slot` call.

        Example:
            >>> import tfjs_pyo as tf
            >>> dict(tf.train.momentum(0.1, 0.9).slots())
            {'momentum': 0.0}
        """
        return {}

    def slots_of(self, variable: Variable) -> Mapping[str, float]:  # noqa: ARG002 (for subclasses)
        """Returns the kinds of slots of one variable, where a subclass has not the same for all."""
        return self.slots()

    def slot_groups(self) -> list[tuple[str, ...]]:
        """Returns the kinds of slots in Keras's order: those of a group take turns from variable to variable."""
        kinds = tuple(self.slots())
        return [kinds] if kinds else []

    def slot_shape(self, variable: Variable, name: str) -> Shape:  # noqa: ARG002 (for subclasses)
        """Returns the shape of a slot: that of its variable, where a subclass says nothing else."""
        return variable.shape

    def running_mean(self, variable: Variable, name: str, value: Tensor, past: float) -> Variable:
        """Returns a slot after it became the moving average with a value: `past * slot + (1 - past) * value`.

        Args:
            variable: that the slot belongs to.
            name: of the slot.
            value: that is added, with the shape of the slot.
            past: share that the slot keeps, 0 to 1.

        Example:
            >>> import tfjs_pyo as tf
            >>> optimizer, w = tf.train.sgd(0.1), tf.variable(tf.scalar(3))
            >>> [float(optimizer.runningMean(w, "mean", tf.scalar(8), 0.5)) for _ in range(2)]
            [4.0, 6.0]
        """
        mean = self.slot(variable, name)
        mean.assign(past * mean + (1 - past) * value)
        return mean

    @property
    def weights(self) -> list[Variable]:
        """The optimizer's variables."""
        return [*self._named.values(), *self._slots.values()]

    def _by_slot(self) -> dict[str, list[Variable]]:
        groups: dict[str, list[Variable]] = {}
        for (_, name), slot in self._slots.items():
            groups.setdefault(name, []).append(slot)
        return groups

    def _require_shape(self, value: Tensor, shape: Shape, what: str) -> None:
        if value.shape != shape:
            raise ShapeError(
                f"{self.display_name}: expected the state {what} to have shape {shape}, received {value.shape}."
            )

    async def get_weights(self) -> list[dict[str, Any]]:
        """Returns the state, as TF.js saves it: for each entry its name and its tensor.

        The first is `iter`, how many steps were made; then come the slots of all variables, one kind after the other.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> w, momentum = tf.variable(tf.scalar(3.0), True, "w"), tf.train.momentum(0.1, 0.9)
            >>> _ = momentum.minimize(lambda: w * w)
            >>> [entry["name"] for entry in asyncio.run(momentum.getWeights())]
            ['iter', 'w/momentum']

        Source: https://js.tensorflow.org/api/latest/#Training-Optimizers
        """
        slots = [
            {"name": name, "tensor": slot.read()}
            for kind, group in self._by_slot().items()
            for name, slot in zip(names_of(kind, group), group, strict=True)
        ]
        steps = {"name": "iter", "tensor": ops.scalar(self._all_made(), "int32")}
        return [steps, *slots]

    async def state_of(self, variables: Sequence[Variable]) -> list[dict[str, Any]]:
        """Returns the state as `get_weights` does, but of these variables and in their order.

        So a file has what belongs to its model, whatever else the optimizer has trained, and in whichever order. Slots that no
        step has made have their first values.
        """
        kinds = list(self._by_slot())
        entries = (await self.get_weights())[:1]
        for kind in kinds:
            known = [self._slots.get((variable.id, kind)) for variable in variables]
            if any(slot is not None for slot in known):
                slots = [
                    self.slot(variable, kind, self.slots_of(variable).get(kind, 0.0))
                    for variable in variables
                    if kind in (AVERAGE, WAITING) or kind in self.slots_of(variable)
                ]
                names = names_of(kind, slots)
                entries += [
                    {"name": name, "tensor": slot.read()} for name, slot in zip(names, slots, strict=True)
                ]
        return entries

    async def set_weights(self, weights: Sequence[Mapping[str, Any]]) -> None:
        """Sets the state to what `get_weights` gave, before or after the first step.

        Args:
            weights: entries with name and tensor, `iter` first; slots are taken by their kind, in their order.

        Raises:
            ArgumentError: more or fewer slots than the optimizer has.
            ShapeError: a slot of another shape than its variable.

        Example:
            >>> import asyncio
            >>> import tfjs_pyo as tf
            >>> w, first, second = tf.variable(tf.scalar(3)), tf.train.momentum(0.1, 0.9), tf.train.momentum(0.1, 0.9)
            >>> first.minimize(lambda: w * 2)
            >>> asyncio.run(second.setWeights(asyncio.run(first.getWeights())))
            >>> int(second.iterations), float(second.slot(w, "momentum"))
            (1, 2.0)

        Source: https://js.tensorflow.org/api/latest/#Training-Optimizers
        """
        entries = list(weights)
        steps = 0
        if entries and entries[0]["name"] in ("iter", "iterations"):
            steps = int(entries.pop(0)["tensor"].item())
        groups: dict[str, list[Tensor]] = {}
        for entry in entries:
            groups.setdefault(entry["name"].rpartition("/")[2], []).append(ops.clone(entry["tensor"]))
        known = self._by_slot()
        if known:
            counts = {name: len(group) for name, group in known.items()}
            received = {name: len(group) for name, group in groups.items()}
            if counts != received:
                raise ArgumentError(f"{self.display_name}: expected slots {counts}, received {received}.")
            for name, group in known.items():
                for slot, value in zip(group, groups[name], strict=True):
                    self._require_shape(value, slot.shape, f"{name!r} of {slot.name!r}")
            for name, group in known.items():
                for slot, value in zip(group, groups[name], strict=True):
                    slot.assign(value)
        else:
            self._restored = groups
        self._made = steps
        self._set_numbers()


__all__ = ["AVERAGE", "WAITING", "State"]
