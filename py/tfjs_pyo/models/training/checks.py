"""Checks of numbers in data: of classes that an output has, and of rows that a table has."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from tfjs_pyo import ops
from tfjs_pyo.core import context
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.trace import Step
from tfjs_pyo.errors import OptionError

if TYPE_CHECKING:
    from tfjs_pyo.models.training.trainer import Trainer


def check_classes(model: Trainer, owner: str, targets: Sequence[Tensor]) -> bool:
    """Raises OptionError where a target is a class number and there is no such class; a step of one's own is not asked.

    Returns:
        Whether the number of classes was known of every output: of a subclassed model it is when a step was recorded.
    """
    known = dict(enumerate(model.outputs)) if isinstance(model.outputs, list) else {}
    shapes = {**model._shapes_compared, **{place: output.shape for place, output in known.items()}}
    pairs = zip(model._objectives, targets, strict=False)
    sparse = [(objective, true) for objective, true in pairs if objective.takes_class_numbers]
    for objective, true in sparse:
        if objective.place in shapes:
            classes = shapes[objective.place][objective.axis_of_classes]
            _check_target(owner, objective.name, true, classes)
    return all(objective.place in shapes for objective, _ in sparse)


def explain_nan(model: Trainer, owner: str, loss: float, batches: Iterable[Sequence[Tensor]]) -> None:
    """Raises OptionError if a loss is no number because one of the batches has a class number that there is not."""
    if math.isnan(loss):
        for targets in batches:
            check_classes(model, owner, targets)


def check_places(owner: str, *batches: tuple[Any, Sequence[Tensor]]) -> None:
    """Raises OptionError if compiled steps look up their inputs, given with each, in a table that is too short for them."""
    found: dict[tuple[int, bool, str], list[Tensor]] = {}
    for step, x in batches:
        for position, table, name in step.tables if isinstance(step, Step) else ():
            if position < len(x):
                found.setdefault((table.rows, table.from_end, name), []).append(x[position])
    for (rows, from_end, name), places in found.items():
        _check_lookup(owner, places, rows, from_end, name)


def _check_target(owner: str, name: str, target: Tensor, classes: int | None) -> None:
    """Raises OptionError if targets are numbers of classes that an output does not have."""
    wrong = None if classes is None else _outside(0, classes, target)
    if wrong is not None and classes is not None:
        raise OptionError(
            f"{owner}: expected class numbers from 0 to {classes - 1} as targets of output {name!r}, which has {classes} values "
            f"for each sample, received {wrong:g}. Number the classes from 0, and give the last layer one unit for each."
        )


def _check_lookup(owner: str, places: Sequence[Tensor], rows: int, from_end: bool, name: str) -> None:
    """Raises OptionError if inputs are places in a table that it does not have.

    Args:
        owner: who asks, for errors.
        places: the inputs, one or several batches of them.
        rows: of the table.
        from_end: whether places below 0 count from the end.
        name: of the table.
    """
    lowest = -rows if from_end else 0
    wrong = _outside(lowest, rows, *places)
    if wrong is not None:
        raise OptionError(
            f"{owner}: expected numbers from {lowest} to {rows - 1} in x, since they are looked up in {name!r}, which has {rows} "
            f"rows, received {wrong:g}. Give an embedding as many rows as there are numbers, or leave out the rare ones."
        )


def _outside(lowest: int, count: int, *numbers: Tensor) -> float | None:
    """Returns one that is not between `lowest` and count - 1; None if all are, or while a step is recorded."""
    if context.trace() is not None:
        return None
    found = [reduce(each) for each in numbers if each.size for reduce in (ops.min, ops.max)]
    ends: Sequence[float] = ops.stack(found).data_sync() if found else ()
    return next((end for end in ends if not lowest <= end < count), None)


__all__ = ["check_classes", "check_places", "explain_nan"]
