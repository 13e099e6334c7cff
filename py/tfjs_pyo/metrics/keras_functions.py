"""Keras's metrics that are functions of true and predicted values and give a number for each sample."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tfjs_pyo.losses.keras_functions as losses
from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.losses.keras_functions import aligned, as_tensor, form_of
from tfjs_pyo.metrics import functions
from tfjs_pyo.ops.arguments import of_tensors


def _share(hits: Tensor) -> Tensor:
    return ops.cast(hits, "float32")


def _of_samples(hits: Tensor) -> Tensor:
    """Returns the share of hits of each sample."""
    share = _share(hits)
    return share if hits.rank == 1 else ops.mean(share, -1)


@of_tensors(2)
def accuracy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the share of predictions that equal their targets, over the last axis."""
    return _of_samples(ops.equal(*aligned(y_true, y_pred)))


@form_of(functions.binary_accuracy)
def binary_accuracy(y_true: Tensor, y_pred: Tensor, threshold: float = 0.5) -> Tensor:
    """Returns 1 for each prediction on the right side of a threshold, else 0.

    Args:
        y_true: 0 and 1, [batch, ...].
        y_pred: predictions of the same shape.
        threshold: predictions above it count as 1.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.metrics.binary_accuracy([[1, 0], [1, 1]], [[0.75, 0.25], [0.75, 0.25]])
        Tensor
            [[1, 1],
             [1, 0]]
    """
    true, predicted = aligned(y_true, y_pred)
    return _share(ops.equal(true, _share(ops.greater(predicted, threshold))))


@form_of(functions.categorical_accuracy)
def categorical_accuracy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns 1 where the largest prediction is that of the one-hot target, else 0.

    Args:
        y_true: one-hot targets, [batch, ..., classes].
        y_pred: predictions of the same shape.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.metrics.categorical_accuracy([[0, 1], [1, 0]], [[0.25, 0.75], [0.25, 0.75]])
        Tensor
            [1, 0]
    """
    true, predicted = as_tensor(y_true), as_tensor(y_pred)
    return _share(ops.equal(ops.arg_max(true, -1), ops.arg_max(predicted, -1)))


def _classes(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns class numbers in the shape of predictions without their last axis."""
    return ops.reshape(ops.cast(as_tensor(y_true), "int32"), y_pred.shape[:-1])


@form_of(functions.sparse_categorical_accuracy)
def sparse_categorical_accuracy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns 1 where the largest prediction is that of the target's class number, else 0.

    Args:
        y_true: class numbers, [batch, ...].
        y_pred: predictions, [batch, ..., classes].

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.metrics.sparse_categorical_accuracy([1, 0], [[0.25, 0.75], [0.25, 0.75]])
        Tensor
            [1, 0]
    """
    predicted = as_tensor(y_pred)
    return _share(ops.equal(_classes(y_true, predicted), ops.arg_max(predicted, -1)))


def _in_top(one_hot: Tensor, y_pred: Tensor, k: int) -> Tensor:
    """Returns 1 where fewer than k scores are above that of the target; equal scores are on its side."""
    score = ops.sum(one_hot * y_pred, -1, True)
    above = ops.sum(ops.cast(ops.greater(y_pred, score), "float32"), -1)
    return _share(ops.less(above, float(k)))


@of_tensors(2, rank=1)
def top_k_categorical_accuracy(y_true: Tensor, y_pred: Tensor, k: int = 5) -> Tensor:
    """Returns 1 where the one-hot target is among the k largest predictions, else 0.

    Args:
        y_true: one-hot targets, [batch, classes].
        y_pred: predictions of the same shape.
        k: how many count.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.metrics.top_k_categorical_accuracy([[0, 0, 1], [1, 0, 0]], [[0.5, 0.25, 0.375], [0.125, 0.5, 0.375]], k=2)
        Tensor
            [1, 0]
    """
    true, predicted = aligned(y_true, y_pred)
    classes = ops.one_hot(ops.arg_max(true, -1), predicted.shape[-1], dtype="float32")
    return _in_top(classes, predicted, k)


@of_tensors(2, rank=1)
def sparse_top_k_categorical_accuracy(
    y_true: Tensor, y_pred: Tensor, k: int = 5, from_sorted_ids: bool = False
) -> Tensor:
    """Returns 1 where the class number is among the k largest predictions, else 0.

    Args:
        y_true: class numbers.
        y_pred: predictions; with `from_sorted_ids` class numbers, the likeliest first.
        k: how many count.
        from_sorted_ids: whether predictions are class numbers.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.metrics.sparse_top_k_categorical_accuracy([2, 0], [[0.5, 0.25, 0.375], [0.125, 0.5, 0.375]], k=2)
        Tensor
            [1, 0]
    """
    predicted = as_tensor(y_pred)
    numbers = _classes(y_true, predicted)
    if from_sorted_ids:
        first = ops.cast(predicted[..., : min(k, predicted.shape[-1])], "int32")
        return _share(ops.any(ops.equal(first, ops.expand_dims(numbers, -1)), -1))
    return _in_top(ops.one_hot(numbers, predicted.shape[-1], dtype="float32"), predicted, k)


@of_tensors(2)
def cosine_similarity(y_true: Tensor, y_pred: Tensor, axis: int = -1) -> Tensor:
    """Returns the cosine of the angle between targets and predictions."""
    return -losses.cosine_similarity(y_true, y_pred, axis)


@of_tensors(2)
def pearson_correlation(y_true: Tensor, y_pred: Tensor, axis: int = -1) -> Tensor:
    """Returns Pearson's correlation of targets and predictions along an axis.

    Args:
        y_true, y_pred: targets and predictions of one shape.
        axis: along which they are compared; default: the last.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.metrics.pearson_correlation([[1, 2, 3], [1, 2, 3]], [[2, 4, 6], [3, 2, 1]]).round()
        Tensor
            [1, -1]
    """

    def standard(x: Tensor) -> Tensor:
        apart = x - ops.mean(x, axis, True)
        return apart / ops.sqrt(ops.mean(ops.square(apart), axis, True))

    true, predicted = (standard(y) for y in aligned(y_true, y_pred))
    return ops.mean(true * predicted, axis)


@of_tensors(2)
def concordance_correlation(y_true: Tensor, y_pred: Tensor, axis: int = -1) -> Tensor:
    """Returns Lin's correlation of targets and predictions along an axis: how near they are to the line y = x.

    Args:
        y_true, y_pred: targets and predictions of one shape.
        axis: along which they are compared; default: the last.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.metrics.concordance_correlation([[1, 2, 3], [1, 2, 3]], [[2, 3, 4], [3, 4, 5]])
        Tensor
            [0.5714..., 0.25]
    """
    true, predicted = aligned(y_true, y_pred)
    means = [ops.mean(y, axis, True) for y in (true, predicted)]
    spreads = [ops.mean(ops.square(y - m), axis, True) for y, m in zip((true, predicted), means, strict=True)]
    together = (true - means[1]) * (predicted - means[1])
    norm = spreads[0] + spreads[1] + ops.square(means[0] - means[1])
    return ops.mean(2.0 * together / (norm + losses.EPSILON), axis)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{
        name: losses.FUNCTIONS[name]
        for name in (
            "binary_crossentropy", "binary_focal_crossentropy", "categorical_crossentropy",
            "categorical_focal_crossentropy", "categorical_hinge", "hinge", "huber", "kl_divergence", "log_cosh",
            "mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_error",
            "mean_squared_logarithmic_error", "poisson", "sparse_categorical_crossentropy", "squared_hinge",
        )
    },
    **{
        each.__name__: each
        for each in (
            binary_accuracy, categorical_accuracy, sparse_categorical_accuracy, top_k_categorical_accuracy,
            sparse_top_k_categorical_accuracy, pearson_correlation, concordance_correlation,
        )
    },
}  # fmt: skip
"""What Keras's module of metrics has besides classes, by name."""
