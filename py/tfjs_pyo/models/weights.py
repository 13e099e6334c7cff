"""Weights of samples: given one by one, or by class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.models.data import per_output


def sample_weights(owner: str, given: Any, outputs: Sequence[str], count: int) -> list[Tensor]:
    """Returns float32 weights [samples] for each output, or an empty list if none are given.

    Args:
        owner: who asks, for errors.
        given: a number for each sample, or for several outputs a list or a dict of such by output.
        outputs: names of the outputs.
        count: of samples.

    Raises:
        ShapeError: not one number for each sample.
    """
    if given is None:
        return []
    several = isinstance(given, Mapping) or (
        isinstance(given, (list, tuple)) and given and not isinstance(given[0], (int, float))
    )
    items = per_output(owner, "sampleWeight", given, outputs) if several else [given] * len(outputs)
    weights = [ops.cast(item if isinstance(item, Tensor) else ops.tensor(item), "float32") for item in items]
    for weight in weights:
        if weight.shape not in ((count,), (count, 1)):
            raise ShapeError(
                f"{owner}: expected 'sampleWeight' with a number for each of {count} samples, received shape "
                f"{weight.shape}."
            )
    return [ops.reshape(weight, (count,)) for weight in weights]


def class_weights(owner: str, given: Any, targets: Sequence[Tensor], outputs: Sequence[str]) -> list[Tensor]:
    """Returns float32 weights [samples] for each output: those of the samples' classes; an empty list if none are given.

    Args:
        owner: who asks, for errors.
        given: weights by the number of the class, or for several outputs a list or a dict of such by output.
        targets: one-hot rows or class numbers, for each output.
        outputs: names of the outputs.

    Raises:
        OptionError: a class of the targets has no weight.
    """
    if given is None:
        return []
    numbered = isinstance(given, Mapping) and all(str(key).isdigit() for key in given)
    tables = [given] * len(outputs) if numbered else per_output(owner, "classWeight", given, outputs)
    return [_by_class(owner, table, target) for table, target in zip(tables, targets, strict=True)]


def _by_class(owner: str, given: Mapping[Any, float], target: Tensor) -> Tensor:
    table = {int(key): float(weight) for key, weight in given.items()}
    hot = target.rank == 2 and target.shape[1] > 1
    numbers = ops.arg_max(target, -1) if hot else ops.cast(ops.reshape(target, (target.shape[0],)), "int32")
    classes = [int(number) for number in numbers.data_sync()]
    missing = sorted(set(classes) - set(table))
    if missing:
        raise OptionError(
            f"{owner}: expected 'classWeight' with a weight for every class of y, received none for {missing}."
        )
    return ops.tensor1d([table[number] for number in classes])


def weighted(each: Tensor, weight: Tensor | None) -> Tensor:
    """Returns the losses of samples times their weights.

    Raises:
        ShapeError: the loss is not one of samples.
    """
    if weight is None:
        return each
    if not each.rank or each.shape[0] != weight.shape[0]:
        raise ShapeError(
            f"weights: expected a loss that gives a number for each of {weight.shape[0]} samples, received shape "
            f"{each.shape}."
        )
    return each * ops.reshape(weight, (-1, *(1 for _ in each.shape[1:])))


__all__ = ["class_weights", "sample_weights", "weighted"]
