"""What an optimizer says of its steps and of its state: numbers with the methods of Keras's variables, names of slots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tfjs_pyo.core.variable import Variable


class Iterations(int):
    """A number of steps, with the methods that Keras's variable has for reading it."""

    def numpy(self) -> Any:
        """Returns the number as a NumPy scalar array of int64."""
        import numpy as np

        return np.asarray(int(self))

    def item(self) -> int:
        """Returns the number."""
        return int(self)


def names_of(kind: str, slots: Sequence[Variable]) -> list[str]:
    """Returns what slots of one kind are called: after their variables, where several have one name with a number."""
    met: dict[str, int] = {}
    names = []
    for slot in slots:
        owner = slot.original_name.removesuffix(f"/{kind}")
        count = met[owner] = met.get(owner, -1) + 1
        names.append(f"{owner}_{count}/{kind}" if count else f"{owner}/{kind}")
    return names


__all__ = ["Iterations", "names_of"]
