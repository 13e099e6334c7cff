"""Metrics by name: functions of true and predicted values that give one number per sample, or Keras's classes.

Source: https://js.tensorflow.org/api/latest/#Metrics
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import tfjs_pyo.losses.functions as losses
from tfjs_pyo import naming
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dialects import TFJS, Dialect
from tfjs_pyo.errors import OptionError
from tfjs_pyo.losses.functions import (
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
from tfjs_pyo.metrics import counts, matrices
from tfjs_pyo.metrics.base import Metric
from tfjs_pyo.metrics.classes import CLASSES
from tfjs_pyo.metrics.functions import (
    binary_accuracy,
    categorical_accuracy,
    precision,
    r2_score,
    recall,
    sparse_categorical_accuracy,
)
from tfjs_pyo.registry import Registry

MetricFunction = Callable[[Tensor, Tensor], Tensor]

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


_COUNTED = {precision: counts.Precision, recall: counts.Recall, r2_score: matrices.R2Score}
"""Functions that need all samples at once; over the batches of an epoch the class counts for them."""


@functools.partial(naming.bridge, config=False)
def get(
    value: Any, owner: str | None = None, loss: Any = None, shape: Sequence[int] = ()
) -> MetricFunction | Metric:
    """Returns a metric for a name or function; 'accuracy' and 'crossentropy' become the ones that suit the output.

    Names of functions give functions, such as 'mse'; those of Keras's other metrics give objects, such as 'auc'.

    Args:
        value: name, function, or object of `keras.metrics`.
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
        if tuple(shape[-1:]) == (1,) or losses.like(loss) is losses.binary_crossentropy:
            return binary
        return sparse if losses.like(loss) is losses.sparse_categorical_crossentropy else categorical
    if isinstance(value, Hashable) and value in _COUNTED:
        return _COUNTED[value]()
    if isinstance(value, str) and naming.nearest_spelling(value, ("f1", "f1_score")):
        return counts.F1Score("macro", 0.5 if tuple(shape[-1:]) == (1,) else None)
    found: MetricFunction | Metric = _registry(value, owner or "metric").get(value, owner)
    return found


def _registry(value: Any, owner: str) -> Registry:
    """Returns where to look a metric up: a name is that of a function or else of a class, a config is of a class."""
    if not isinstance(value, str):
        return CLASSES if isinstance(value, Mapping) else METRICS
    functions, classes = [*METRICS.items, *METRICS.aliases], list(CLASSES.items)
    if naming.nearest_spelling(value, functions):
        return METRICS
    if naming.nearest_spelling(value, classes):
        return CLASSES
    known = [*functions, *classes, "f1"]
    raise OptionError(f"{owner}: there is no metric named {value!r}.{naming.suggestions(value, known)}")


def treats_samples_alone(value: Any) -> bool:
    """Returns whether a metric is known to take each sample by itself, so that padding can be left out of it."""
    if isinstance(value, (str, Metric)):
        return True
    value = losses.like(value)
    return value in _COUNTED or any(value is function for function in METRICS.items.values())


def _generic(value: Any) -> str | None:
    name = naming.fold(value) if isinstance(value, str) else ""
    name = {"acc": "accuracy", "ce": "crossentropy"}.get(name, name)
    return name if name in _BY_LOSS else None


def label(value: Any, dialect: Dialect = TFJS) -> str:
    """Returns what a metric is called in the history: 'acc' for accuracy, else as it was spelled, as in TF.js.

    Args:
        value: name, function or object.
        dialect: whose models spell the functions of this package, 'meanSquaredError' or 'mean_squared_error'.
    """
    if isinstance(value, str):
        return {"accuracy": "acc", "crossentropy": "ce"}.get(_generic(value) or "", value)
    if dialect is TFJS and any(value is function for function in METRICS.items.values()):
        return naming.camel(value.__name__)
    return str(value.name if isinstance(value, Metric) else getattr(value, "__name__", value))


__all__ = [
    "binary_accuracy",
    "binary_crossentropy",
    "categorical_accuracy",
    "categorical_crossentropy",
    "categorical_hinge",
    "cosine_proximity",
    "hinge",
    "kullback_leibler_divergence",
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
