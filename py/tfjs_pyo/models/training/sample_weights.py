"""Weights of samples: given one by one, or by class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tfjs_pyo import ops, options
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.models.training.inputs import per_output, refuse_unknown_outputs


def sample_weights(owner: str, given: Any, outputs: Sequence[str], count: int) -> list[Tensor]:
    """Returns float32 weights [samples] or [samples, steps, ...] for each output, or an empty list if none are given.

    Args:
        owner: who asks, for errors.
        given: a number for each sample, or for each step of each; for several outputs all the same, or a list or a dict of
            such by output, with None for those that count as ever.
        outputs: names of the outputs.
        count: of samples.

    Raises:
        ShapeError: not numbers for each sample.
    """
    if given is None:
        return []
    several = isinstance(given, Mapping) or (
        isinstance(given, (list, tuple)) and _are_several(given, outputs, count)
    )
    items = _for_some(owner, "sampleWeight", given, outputs) if several else [given] * len(outputs)
    return [ops.ones((count,)) if item is None else _of_samples(owner, item, count) for item in items]


def _are_several(given: Sequence[Any], outputs: Sequence[str], count: int) -> bool:
    """Returns whether a list has weights for each output; else it has some for each sample."""
    if any(item is None or (hasattr(item, "shape") and item.shape) for item in given):
        return True
    nested = all(isinstance(item, (list, tuple)) for item in given)
    return nested and len(given) == len(outputs) and all(len(item) == count for item in given)


def _of_samples(owner: str, given: Any, count: int) -> Tensor:
    weight = ops.cast(given if isinstance(given, Tensor) else ops.tensor(given), "float32")
    if not weight.rank or weight.shape[0] != count:
        raise ShapeError(
            f"{owner}: expected 'sampleWeight' with a number for each of {count} samples, received shape {weight.shape}."
        )
    return ops.squeeze(weight, [-1]) if weight.rank > 1 and weight.shape[-1] == 1 else weight


def _for_some(owner: str, what: str, given: Any, outputs: Sequence[str]) -> list[Any]:
    """Returns one value per output, None where there is none."""
    if isinstance(given, Mapping):
        refuse_unknown_outputs(owner, what, given, outputs)
        return [given.get(name) for name in outputs]
    return per_output(owner, what, given, outputs)


def class_weights(
    owner: str, given: Any, targets: Sequence[Tensor], outputs: Sequence[str], usual: float | None = None
) -> list[Tensor]:
    """Returns float32 weights [samples] for each output: those of the samples' classes; an empty list if none are given.

    Args:
        owner: who asks, for errors.
        given: weights by the number of the class; for several outputs all the same, or a list or a dict of such by output,
            with None for those whose classes count alike.
        targets: one-hot rows or class numbers, for each output.
        outputs: names of the outputs.
        usual: weight of classes that are left out; None: there must be one for each.

    Raises:
        OptionError: a class of the targets has no weight.
        ShapeError: a sample has not one class.
    """
    if given is None:
        return []
    numbered = isinstance(given, Mapping) and given and all(str(key).isdigit() for key in given)
    tables = [given] * len(outputs) if numbered else _for_some(owner, "classWeight", given, outputs)
    return [
        ops.ones((target.shape[0],)) if table is None else _by_class(owner, table, target, usual)
        for table, target in zip(tables, targets, strict=True)
    ]


def _table(owner: str, given: Any) -> dict[int, float]:
    """Returns the weights of classes by their numbers.

    Raises:
        OptionError: they are none.
    """
    found: dict[int, float] = {}
    for key, weight in given.items() if isinstance(given, Mapping) else [("", None)]:
        number, factor = str(key), options.real(weight)
        if not number.isdecimal() or factor is None:
            raise OptionError(
                f"{owner}: expected 'classWeight' with weights by the numbers of classes, as {{0: 1.0, 1: 5.0}}, received "
                f"{options.shown(given)}."
            )
        found[int(number)] = factor
    return found


def _by_class(owner: str, given: Mapping[Any, float], target: Tensor, usual: float | None) -> Tensor:
    if target.rank > 2:
        raise ShapeError(
            f"{owner}: expected one class for each sample, to find its weight in 'classWeight', received y of shape "
            f"{target.shape}. Give the weight of each step as sampleWeight."
        )
    table = _table(owner, given)
    hot = target.rank == 2 and target.shape[1] > 1
    numbers = ops.arg_max(target, -1) if hot else ops.cast(ops.reshape(target, (target.shape[0],)), "int32")
    classes = [int(number) for number in numbers.data_sync()]
    missing = sorted(set(classes) - set(table))
    if usual is not None:
        table.update(dict.fromkeys(missing, usual))
    elif missing:
        raise OptionError(
            f"{owner}: expected 'classWeight' with a weight for every class of y, received none for {missing}."
        )
    return ops.tensor1d([table[number] for number in classes])


def multiplied(first: Sequence[Tensor], second: Sequence[Tensor]) -> list[Tensor]:
    """Returns the weights for each output that come of two kinds of weights, of which there may be none."""
    if not (first and second):
        return [*first, *second]
    return [_spread(a, b.rank) * _spread(b, a.rank) for a, b in zip(first, second, strict=True)]


def _spread(weight: Tensor, rank: int) -> Tensor:
    """Returns weights with at least so many axes, the last ones of length 1."""
    spread: Tensor = ops.reshape(weight, (*weight.shape, *(1 for _ in range(rank - weight.rank))))
    return spread


def weighted(each: Tensor, weight: Tensor | None) -> Tensor:
    """Returns the losses of samples, or of the steps of samples, times their weights.

    Raises:
        ShapeError: the loss has not a number for each weight.
    """
    if weight is None:
        return each
    if not each.rank or each.shape[: weight.rank] != weight.shape:
        of = "samples" if weight.rank == 1 else "steps"
        raise ShapeError(
            f"sampleWeight of shape {weight.shape}: expected a loss that gives a number for each of {weight.size} {of}, received "
            f"losses of shape {each.shape}."
        )
    return each * _spread(weight, each.rank)


__all__ = ["class_weights", "multiplied", "sample_weights", "weighted"]
