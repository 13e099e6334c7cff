"""Copies of one moment: `pickle` and `copy.deepcopy` take one variable after the other, while a fit may go on elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from tfjs_pyo.core import engine, trace
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable

_KEY = "_moment"
"""Where the state of a copied object has its `Moment`: behind all else, so that the variables were taken before."""


class Counting(Protocol):
    """What has a number of steps on the host."""

    def count_from(self, made: int) -> None:
        """Sets the number of steps."""


class Changes:
    """Values of the moment that a copy was begun at, where they had changed before the copy came to them."""

    def __init__(
        self, values: Sequence[tuple[Variable, Tensor]], counts: Sequence[tuple[Counting, int]]
    ) -> None:
        self._values = values
        self._counts = counts

    def undo(self) -> None:
        """Gives the copies the values of that moment."""
        for variable, value in self._values:
            variable.assign(value)
        for owner, made in self._counts:
            owner.count_from(made)


class Moment:
    """Values of variables and numbers of steps as they are now. Hold `engine.exclusive` while one is made."""

    def __init__(self, variables: Iterable[Variable], counts: Sequence[tuple[Counting, int]]) -> None:
        self._values = [(variable, variable.read()) for variable in variables if not variable.is_disposed]
        self._counts = counts

    def __reduce__(self) -> tuple[Any, ...]:
        changed = [
            (variable, value)
            for variable, value in self._values
            if variable.shared or variable.stored is not value.node
        ]
        return Changes, (changed, self._counts)


def reduced(
    reduce: Callable[[], Any],
    variables: Callable[[], Iterable[Variable]],
    counts: Callable[[], Sequence[tuple[Counting, int]]] = tuple,
) -> Any:
    """Returns what `reduce` does, an object as `pickle` takes it, whose copies have variables of one moment.

    Args:
        reduce: gives a function, its arguments and the state, a dict.
        variables: gives the variables in that state.
        counts: gives the optimizers in it, with the numbers of their steps.
    """
    with engine.exclusive:
        trace.settle_counts()
        found = reduce()
        if len(found) < 3 or not isinstance(found[2], dict):
            return found
        state = {**found[2], _KEY: Moment(variables(), counts())}
        return (*found[:2], state, *found[3:])


def restored(state: dict[str, Any]) -> dict[str, Any]:
    """Returns a state without what `reduced` added, once the copies in it have the values of the moment."""
    moment = state.get(_KEY)
    if isinstance(moment, Changes):
        moment.undo()
    return {name: value for name, value in state.items() if name != _KEY}


__all__ = ["Changes", "Counting", "Moment", "reduced", "restored"]
