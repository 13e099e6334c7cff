"""Metrics by name: functions of true and predicted values that give one number per sample.

Source: https://js.tensorflow.org/api/latest/#Metrics
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import naming, ops
from tfjs_pyo import sample_losses as losses
from tfjs_pyo.config import Registry
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.sample_losses import (
    binary_crossentropy,
    categorical_crossentropy,
    categorical_hinge,
    cosine_proximity,
    hinge,
    kullback_leibler_divergence,
    logcosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
    poisson,
    sparse_categorical_crossentropy,
    squared_hinge,
)

Metric = Callable[[Tensor, Tensor], Tensor]


def binary_accuracy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the share of predictions on the right side of 0.5."""
    hit = ops.equal(y_true, ops.cast(ops.greater(y_pred, 0.5), "float32"))
    return ops.mean(ops.cast(hit, "float32"), -1)


def categorical_accuracy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns 1 where the largest prediction is that of the one-hot target, else 0."""
    return ops.cast(ops.equal(ops.arg_max(y_true, -1), ops.arg_max(y_pred, -1)), "float32")


def sparse_categorical_accuracy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns 1 where the largest prediction is that of the target's class number, else 0."""
    target = ops.reshape(ops.cast(y_true, "int32"), y_pred.shape[:-1])
    return ops.cast(ops.equal(target, ops.arg_max(y_pred, -1)), "float32")


def _hits(y_true: Tensor, y_pred: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Returns how many of two classes were rightly predicted, how many predicted, and how many there are."""
    true, predicted = ops.greater(y_true, 0.5), ops.greater(y_pred, 0.5)
    both = ops.logical_and(true, predicted)
    found, chosen, there = (ops.sum(ops.cast(hit, "float32")) for hit in (both, predicted, true))
    return found, chosen, there


def precision(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the share of what was predicted as true (above 0.5) that is, over all elements; 0 if nothing was predicted.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.precision(tf.tensor([1, 0, 1]), tf.tensor([1, 1, 0])).array_sync()
        0.5

    Source: https://js.tensorflow.org/api/latest/#metrics.precision
    """
    found, chosen, _ = _hits(y_true, y_pred)
    return ops.div_no_nan(found, chosen)


def recall(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the share of what is true that was predicted so (above 0.5), over all elements; 0 if nothing is true.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.recall(tf.tensor([1, 0, 1]), tf.tensor([1, 1, 0])).array_sync()
        0.5

    Source: https://js.tensorflow.org/api/latest/#metrics.recall
    """
    found, _, there = _hits(y_true, y_pred)
    return ops.div_no_nan(found, there)


def r2_score(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the share of the variance of all elements that predictions explain: 1 less residuals over variance.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.r2Score(tf.tensor([1.0, 2.0, 3.0]), tf.tensor([1.0, 2.0, 3.0])).array_sync()
        1.0

    Source: https://js.tensorflow.org/api/latest/#metrics.r2Score
    """
    residuals = ops.sum(ops.square(ops.sub(y_true, y_pred)))
    return 1.0 - residuals / ops.sum(ops.square(ops.sub(y_true, ops.mean(y_true))))


mae = mean_absolute_error
mape = mean_absolute_percentage_error
mse = mean_squared_error

_FUNCTIONS = (binary_accuracy, categorical_accuracy, sparse_categorical_accuracy)
_LOSSES = [losses.LOSSES.items[name] for name in losses.LOSSES.items]
_BY_LOSS = {
    "accuracy": (binary_accuracy, sparse_categorical_accuracy, categorical_accuracy),
    "crossentropy": (binary_crossentropy, sparse_categorical_crossentropy, categorical_crossentropy),
}
"""Names whose meaning depends on loss and output: for two classes, for class numbers, for one-hot targets."""
METRICS = Registry(
    "metric",
    [*_FUNCTIONS, *_LOSSES],
    {
        **losses.LOSSES.aliases,
        "acc": "accuracy",
        "ce": "crossentropy",
        "accuracy": "categorical_accuracy",
        "crossentropy": "categorical_crossentropy",
    },
)


def get(value: Any, owner: str | None = None, loss: Any = None, shape: Sequence[int] = ()) -> Metric:
    """Returns a metric for a name or function; 'accuracy' and 'crossentropy' become the ones that suit the output.

    Args:
        value: name, or function.
        owner: who asks, for errors.
        loss: the loss that the output is trained with.
        shape: of the output; a last dimension of 1 means two classes, as in TF.js.

    Example:
        >>> get("accuracy", loss=losses.sparse_categorical_crossentropy).__name__
        'sparse_categorical_accuracy'
    """
    kind = _generic(value)
    if kind is not None:
        binary, sparse, categorical = _BY_LOSS[kind]
        if tuple(shape[-1:]) == (1,) or loss is losses.binary_crossentropy:
            return binary
        return sparse if loss is losses.sparse_categorical_crossentropy else categorical
    found: Metric = METRICS.get(value, owner)
    return found


def _generic(value: Any) -> str | None:
    name = naming.fold(value) if isinstance(value, str) else ""
    name = {"acc": "accuracy", "ce": "crossentropy"}.get(name, name)
    return name if name in _BY_LOSS else None


def label(value: Any) -> str:
    """Returns what a metric is called in the history: 'acc' for accuracy, else as it was spelled, as in TF.js."""
    if isinstance(value, str):
        return {"accuracy": "acc", "crossentropy": "ce"}.get(_generic(value) or "", value)
    return str(getattr(value, "__name__", value))


__all__ = [
    "binary_accuracy",
    "binary_crossentropy",
    "categorical_accuracy",
    "categorical_crossentropy",
    "categorical_hinge",
    "cosine_proximity",
    "get",
    "hinge",
    "kullback_leibler_divergence",
    "label",
    "logcosh",
    "mae",
    "mape",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "mse",
    "poisson",
    "precision",
    "r2_score",
    "recall",
    "sparse_categorical_accuracy",
    "sparse_categorical_crossentropy",
    "squared_hinge",
]
__getattr__, __dir__ = naming.module_names(__name__)
