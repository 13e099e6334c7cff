"""What `copy.deepcopy` and `pickle` keep of an optimizer: options and state, all of one moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tfjs_pyo.config import Configurable
from tfjs_pyo.core import moments
from tfjs_pyo.core.variable import Variable


class Copied(Configurable):
    """Base of optimizers: their copies."""

    _slots: dict[tuple[int, str], Variable]
    _named: dict[str, Variable]
    _made: int
    _replays: Any

    def __reduce_ex__(self, protocol: Any) -> Any:
        return moments.reduced(
            lambda: super(Copied, self).__reduce_ex__(protocol),
            self.variables_in_copies,
            self.counts_in_copies,
        )

    def variables_in_copies(self) -> Sequence[Variable]:
        """Returns the variables that a copy has copies of."""
        return [*self._named.values(), *self._slots.values()]

    def counts_in_copies(self) -> Sequence[tuple[Copied, int]]:
        """Returns the optimizers that a copy has copies of, with the numbers of their steps."""
        return [(self, self._made)]

    def count_from(self, made: int) -> None:
        """Sets the number of steps that the host knows."""
        self._made = made

    def __getstate__(self) -> dict[str, Any]:
        """What copies and pickles keep: options and state, with the variables that it belongs to."""
        living = {variable.id: variable for variable in Variable.living()}
        slots = [(living[key], kind, slot) for (key, kind), slot in self._slots.items() if key in living]
        return {**vars(self), "_slots": slots, "_replays": self._replays.renewed()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = moments.restored(state)
        slots = {(variable.id, kind): slot for variable, kind, slot in state["_slots"]}
        vars(self).update({**state, "_slots": slots})


__all__ = ["Copied"]
