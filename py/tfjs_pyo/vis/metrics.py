"""`tf.vis.metrics`: how good predicted classes are. Source: https://js.tensorflow.org/api_vis/latest/#metrics"""

from __future__ import annotations

from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.errors import ArgumentError, RangeError, ShapeError
from tfjs_pyo.options import real, shown, whole
from tfjs_pyo.types import TensorLike
from tfjs_pyo.vis.values import flat, listed, spelled

__all__ = ["accuracy", "confusion_matrix", "per_class_accuracy"]


def _classes(owner: str, labels: Any, predictions: Any) -> tuple[list[int], list[int]]:
    pair: list[Any] = []
    for name, given in (("labels", labels), ("predictions", predictions)):
        values = listed(given)
        if not isinstance(values, (list, tuple)):
            raise ArgumentError(
                f"{owner}: expected '{name}' to be class numbers of shape [n], received {shown(given)}."
            )
        if values and isinstance(values[0], (list, tuple)) and len(values[0]) != 1:
            raise ShapeError(
                f"{owner}: expected '{name}' to be class numbers of shape [n], received rows of {len(values[0])}. "
                "For probabilities or one-hot rows call argMax(-1) first."
            )
        numbers = flat(values)
        classes = [whole(n) if not (isinstance(n, float) and n.is_integer()) else int(n) for n in numbers]
        if any(n is None or n < 0 for n in classes):
            raise RangeError(
                f"{owner}: expected '{name}' to be class numbers from 0, received {shown(numbers)}."
            )
        pair.append(classes)
    if len(pair[0]) != len(pair[1]):
        raise ShapeError(
            f"{owner}: expected as many labels as predictions, received {len(pair[0])} and {len(pair[1])}."
        )
    return pair[0], pair[1]


def _number_of_classes(owner: str, labels: list[int], predictions: list[int], given: int | None) -> int:
    seen = max([*labels, *predictions], default=-1) + 1
    if given is None:
        return seen
    if given < seen:
        raise ArgumentError(f"{owner}: expected 'numClasses' to be {seen} or more, received {given}.")
    return given


def _weights(weights: Any) -> list[float]:
    found = [real(weight) for weight in flat(listed(weights))]
    if None in found:
        raise RangeError(f"confusionMatrix: expected 'weights' to be numbers, received {shown(weights)}.")
    return [weight for weight in found if weight is not None]


@spelled
async def accuracy(labels: TensorLike, predictions: TensorLike) -> float:
    """Returns the share of predictions that are right.

    Args:
        labels, predictions: class numbers [n], tensors or lists.

    Raises:
        ShapeError: they are not one class number for each sample.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> asyncio.run(tf.vis.metrics.accuracy([0, 1, 2, 2], [0, 1, 1, 2]))
        0.75

    Source: https://js.tensorflow.org/api_vis/latest/#metrics.accuracy
    """
    true, said = _classes("accuracy", labels, predictions)
    return sum(a == b for a, b in zip(true, said, strict=True)) / len(true) if true else 0.0


@spelled
async def per_class_accuracy(
    labels: TensorLike, predictions: TensorLike, num_classes: int | None = None
) -> list[dict[str, float]]:
    """Returns for each class the share of its samples that were recognized, and how many there are.

    Args:
        labels, predictions: class numbers [n].
        num_classes: number of classes; default: as many as were seen.

    Raises:
        ShapeError: they are not one class number for each sample.
        ArgumentError: there are more classes than numClasses.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> asyncio.run(tf.vis.metrics.perClassAccuracy([0, 0, 1], [0, 1, 1]))
        [{'accuracy': 0.5, 'count': 2}, {'accuracy': 1.0, 'count': 1}]

    Source: https://js.tensorflow.org/api_vis/latest/#metrics.perClassAccuracy
    """
    true, said = _classes("perClassAccuracy", labels, predictions)
    number = _number_of_classes("perClassAccuracy", true, said, num_classes)
    right, total = [0] * number, [0] * number
    for a, b in zip(true, said, strict=True):
        total[a] += 1
        right[a] += a == b
    return [
        {"accuracy": hits / count if count else 0.0, "count": count}
        for hits, count in zip(right, total, strict=True)
    ]


@spelled
async def confusion_matrix(
    labels: TensorLike,
    predictions: TensorLike,
    num_classes: int | None = None,
    weights: TensorLike | None = None,
) -> list[list[float]]:
    """Returns how often each class (row) was taken for each class (column).

    Args:
        labels, predictions: class numbers [n].
        num_classes: number of classes; default: as many as were seen.
        weights: what each sample counts; default: 1.

    Raises:
        ShapeError: they are not one class number, or one weight, for each sample.
        ArgumentError: there are more classes than numClasses.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> asyncio.run(tf.vis.metrics.confusionMatrix([0, 0, 1], [0, 1, 1]))
        [[1, 1], [0, 1]]

    Source: https://js.tensorflow.org/api_vis/latest/#metrics.confusionMatrix
    """
    true, said = _classes("confusionMatrix", labels, predictions)
    number = _number_of_classes("confusionMatrix", true, said, num_classes)
    counts: list[float] = [1] * len(true) if weights is None else _weights(weights)
    if len(counts) != len(true):
        raise ShapeError(
            f"confusionMatrix: expected a weight for each of {len(true)} samples, received {len(counts)}."
        )
    matrix: list[list[float]] = [[0] * number for _ in range(number)]
    for a, b, count in zip(true, said, counts, strict=True):
        matrix[a][b] += count
    return matrix


__getattr__, __dir__ = naming.module_names(__name__, spelled=True)
