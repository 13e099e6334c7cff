"""Losses by name: functions of true and predicted values that give one number per sample.

Formulas and constants follow TF.js's `losses.ts`. Source: https://js.tensorflow.org/api/latest/#Training-Losses
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from tfjs_pyo import naming, ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dialects import KERAS, TFJS, Dialect
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.ops.declare import Symbolic
from tfjs_pyo.registry import Registry

EPSILON = 1e-7
"""Probabilities are kept this far from 0 and 1 before their logarithm is taken."""

Loss = Callable[[Tensor, Tensor], Tensor]


F = TypeVar("F", bound=Callable[..., Any])


def of_tensors(function: F) -> F:
    """Returns a function of true and predicted values that takes arrays, lists and numbers as well."""

    @functools.wraps(function)
    def call(y_true: Any, y_pred: Any, *args: Any, **kwargs: Any) -> Any:
        return function(_as_tensor(y_true), _as_tensor(y_pred), *args, **kwargs)

    return cast("F", naming.spelled(call))


def _as_tensor(value: Any) -> Any:
    return value if isinstance(value, (Tensor, Symbolic)) else ops.tensor(value)


def _same_shape(name: str, y_true: Tensor, y_pred: Tensor) -> None:
    if y_true.shape != y_pred.shape:
        raise ShapeError(
            f"{name}: expected targets of the shape of the predictions, {y_pred.shape}, received shape {y_true.shape}."
        )


@of_tensors
def mean_squared_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the mean of (y_pred - y_true)^2 over the last axis.

    Args:
        y_true, y_pred: targets and predictions of one shape, [batch, ...].

    Raises:
        ShapeError: the shapes differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.meanSquaredError([[1, 2], [3, 4]], [[1, 4], [3, 4]])
        Tensor
            [2, 0]
    """
    _same_shape("meanSquaredError", y_true, y_pred)
    return ops.mean(ops.square(y_pred - y_true), -1)


@of_tensors
def mean_absolute_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the mean of |y_pred - y_true| over the last axis.

    Args:
        y_true, y_pred: targets and predictions of one shape, [batch, ...].

    Raises:
        ShapeError: the shapes differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.meanAbsoluteError([[1, 2], [3, 4]], [[1, 4], [3, 4]])
        Tensor
            [1, 0]
    """
    _same_shape("meanAbsoluteError", y_true, y_pred)
    return ops.mean(ops.abs(y_pred - y_true), -1)


@of_tensors
def mean_absolute_percentage_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the mean of 100 * |(y_true - y_pred) / y_true| over the last axis.

    Args:
        y_true, y_pred: targets and predictions of one shape, [batch, ...].

    Raises:
        ShapeError: the shapes differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.meanAbsolutePercentageError([[1, 2], [4, 5]], [[1, 1], [4, 4]])
        Tensor
            [25, 10]
    """
    _same_shape("meanAbsolutePercentageError", y_true, y_pred)
    size = ops.clip_by_value(ops.abs(y_true), EPSILON, 3.4e38)
    return 100.0 * ops.mean(ops.abs((y_true - y_pred) / size), -1)


@of_tensors
def mean_squared_logarithmic_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the mean of (log(1 + y_pred) - log(1 + y_true))^2 over the last axis.

    Args:
        y_true, y_pred: targets and predictions of one shape, [batch, ...].

    Raises:
        ShapeError: the shapes differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.meanSquaredLogarithmicError([[1, 3], [2, 2]], [[1, 1], [2, 2]])
        Tensor
            [0.2402..., 0]
    """
    _same_shape("meanSquaredLogarithmicError", y_true, y_pred)
    first = ops.log(1.0 + ops.clip_by_value(y_pred, EPSILON, 3.4e38))
    second = ops.log(1.0 + ops.clip_by_value(y_true, EPSILON, 3.4e38))
    return ops.mean(ops.square(first - second), -1)


@of_tensors
def squared_hinge(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the mean of max(1 - y_true * y_pred, 0)^2 over the last axis.

    Args:
        y_true: -1 and 1, [batch, ...].
        y_pred: predictions of the same shape.

    Raises:
        ShapeError: the shapes differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.squaredHinge([[1, -1], [1, -1]], [[0.5, -2.0], [2.0, 1.0]])
        Tensor
            [0.125, 2]
    """
    _same_shape("squaredHinge", y_true, y_pred)
    return ops.mean(ops.square(ops.relu(1.0 - y_true * y_pred)), -1)


@of_tensors
def hinge(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the mean of max(1 - y_true * y_pred, 0) over the last axis.

    Args:
        y_true: -1 and 1, [batch, ...].
        y_pred: predictions of the same shape.

    Raises:
        ShapeError: the shapes differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.hinge([[1, -1], [1, -1]], [[0.5, -2.0], [2.0, 1.0]])
        Tensor
            [0.25, 1]
    """
    _same_shape("hinge", y_true, y_pred)
    return ops.mean(ops.relu(1.0 - y_true * y_pred), -1)


@of_tensors
def categorical_hinge(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns 1 + the largest wrong prediction - the right prediction, and at least 0.

    Args:
        y_true: one-hot targets, [batch, classes].
        y_pred: predictions of the same shape.

    Raises:
        ShapeError: the shapes differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.categoricalHinge([[0, 1], [1, 0]], [[0.25, 0.75], [0.5, 0.5]])
        Tensor
            [0.5, 1]
    """
    _same_shape("categoricalHinge", y_true, y_pred)
    right = ops.sum(y_true * y_pred, -1)
    wrong = ops.max((1.0 - y_true) * y_pred, -1)
    return ops.relu(1.0 + wrong - right)


@of_tensors
def logcosh(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the mean of log(cosh(y_pred - y_true)) over the last axis, without overflow.

    Args:
        y_true, y_pred: targets and predictions of one shape, [batch, ...].

    Raises:
        ShapeError: the shapes differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.logcosh([[0, 0], [0, 0]], [[1, -1], [0, 0]])
        Tensor
            [0.4337..., 0]
    """
    _same_shape("logcosh", y_true, y_pred)
    error = y_pred - y_true
    return ops.mean(error + ops.softplus(-2.0 * error) - math.log(2.0), -1)


@naming.bridge
@of_tensors
def categorical_crossentropy(y_true: Tensor, y_pred: Tensor, from_logits: bool = False) -> Tensor:
    """Returns minus the sum of y_true * log(y_pred) over the last axis; predictions are scaled to add up to 1 (or are logits).

    Args:
        y_true: one-hot targets, or a probability for each class, [batch, ..., classes].
        y_pred: predictions of the same shape.
        from_logits: whether predictions are logits; default: probabilities.

    Raises:
        ShapeError: the shapes differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.categoricalCrossentropy([[0, 1], [1, 0]], [[0.25, 0.75], [0.5, 0.5]])
        Tensor
            [0.2876..., 0.6931...]
    """
    _same_shape("categoricalCrossentropy", y_true, y_pred)
    if from_logits:
        return -ops.sum(y_true * ops.log_softmax(y_pred), -1)
    share = y_pred / ops.sum(y_pred, -1, True)
    return -ops.sum(y_true * ops.log(ops.clip_by_value(share, EPSILON, 1 - EPSILON)), -1)


@naming.bridge
@of_tensors
def sparse_categorical_crossentropy(y_true: Tensor, y_pred: Tensor, from_logits: bool = False) -> Tensor:
    """Returns categorical crossentropy for targets that are class numbers, of shape [batch] or [batch, 1].

    The loss of a number that is no class is NaN: TF.js gives 0, so that training goes on as if all were well.

    Args:
        y_true: class numbers, [batch, ...], with or without a last axis of length 1.
        y_pred: predictions, [batch, ..., classes].
        from_logits: whether predictions are logits; default: probabilities.

    Raises:
        ShapeError: predictions that are a number, or not one class number for each of them.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.sparseCategoricalCrossentropy([1, 0], [[0.25, 0.75], [0.5, 0.5]])
        Tensor
            [0.2876..., 0.6931...]
    """
    if not y_pred.rank:
        raise ShapeError(
            "sparseCategoricalCrossentropy: expected predictions for classes, received a number."
        )
    classes = y_pred.shape[-1]
    batch = y_pred.shape[:-1]
    if y_true.size * classes != y_pred.size:
        raise ShapeError(
            f"sparseCategoricalCrossentropy: expected one class number for each prediction of shape {y_pred.shape}, "
            f"received targets of shape {y_true.shape}. For one-hot targets use categoricalCrossentropy."
        )
    numbers = ops.reshape(ops.cast(y_true, "int32"), batch)
    one_hot = ops.one_hot(numbers, classes, dtype="float32")
    return where_there_are(numbers, classes, categorical_crossentropy(one_hot, y_pred, from_logits))


def where_there_are(numbers: Tensor, classes: int, each: Tensor) -> Tensor:
    """Returns losses of class numbers, NaN for those that no class has."""
    exists = ops.logical_and(ops.greater_equal(numbers, 0), ops.less(numbers, classes))
    result: Tensor = ops.where(exists, each, math.nan)
    return result


@naming.bridge
@of_tensors
def binary_crossentropy(y_true: Tensor, y_pred: Tensor, from_logits: bool = False) -> Tensor:
    """Returns the mean over the last axis of the crossentropy of each probability (or logit).

    Args:
        y_true: 0 and 1, or probabilities, [batch, ...].
        y_pred: predictions of the same shape.
        from_logits: whether predictions are logits; default: probabilities.

    Raises:
        ShapeError: the shapes differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.binaryCrossentropy([[0, 1], [1, 1]], [[0.5, 0.5], [0.75, 0.75]])
        Tensor
            [0.6931..., 0.2876...]
    """
    _same_shape("binaryCrossentropy", y_true, y_pred)
    if from_logits:
        each = ops.relu(y_pred) - y_pred * y_true + ops.log1p(ops.exp(-ops.abs(y_pred)))
    else:
        p = ops.clip_by_value(y_pred, EPSILON, 1 - EPSILON)
        each = -(y_true * ops.log(p) + (1.0 - y_true) * ops.log(1.0 - p))
    return ops.mean(each, -1)


@of_tensors
def kullback_leibler_divergence(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the sum of y_true * log(y_true / y_pred) over the last axis.

    Args:
        y_true: probabilities, [batch, ...].
        y_pred: predicted probabilities of the same shape.

    Raises:
        ShapeError: the shapes differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.kullbackLeiblerDivergence([[0.5, 0.5], [0.5, 0.5]], [[0.25, 0.75], [0.5, 0.5]])
        Tensor
            [0.1438..., 0]
    """
    _same_shape("kullbackLeiblerDivergence", y_true, y_pred)
    t, p = ops.clip_by_value(y_true, EPSILON, 1), ops.clip_by_value(y_pred, EPSILON, 1)
    return ops.sum(y_true * ops.log(t / p), -1)


@of_tensors
def poisson(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the mean of y_pred - y_true * log(y_pred) over the last axis.

    Args:
        y_true: counts, [batch, ...].
        y_pred: predicted rates of the same shape, above 0.

    Raises:
        ShapeError: the shapes differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.poisson([[2, 4], [1, 0]], [[2, 2], [2, 2]])
        Tensor
            [-0.0794..., 1.6534...]
    """
    _same_shape("poisson", y_true, y_pred)
    return ops.mean(y_pred - y_true * ops.log(y_pred + EPSILON), -1)


@of_tensors
def cosine_proximity(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns minus the cosine of the angle between targets and predictions.

    Args:
        y_true, y_pred: targets and predictions of one shape, [batch, ...].

    Raises:
        ShapeError: the shapes differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.cosineProximity([[1, 0], [1, 1]], [[2, 0], [-3, -3]])
        Tensor
            [-1, 1]
    """
    _same_shape("cosineProximity", y_true, y_pred)

    def unit(x: Tensor) -> Tensor:
        squares = ops.sum(ops.square(x), -1, True)
        return x / ops.sqrt(ops.maximum(squares, EPSILON))

    return -ops.sum(unit(y_true) * unit(y_pred), -1)


@naming.bridge
@of_tensors
def huber(y_true: Tensor, y_pred: Tensor, delta: float = 1.0) -> Tensor:
    """Returns the mean over the last axis of half the squared difference up to delta, and of a straight line beyond.

    Args:
        y_true, y_pred: targets and predictions of one shape, [batch, ...].
        delta: size of a difference from which on the loss is a straight line.

    Raises:
        ShapeError: the shapes differ.
    """
    _same_shape("huber", y_true, y_pred)
    apart = ops.abs(y_pred - y_true)
    line = delta * (apart - 0.5 * delta)
    return ops.mean(ops.where(ops.less_equal(apart, delta), 0.5 * ops.square(apart), line), -1)


_FUNCTIONS = (
    mean_squared_error, mean_absolute_error, mean_absolute_percentage_error, mean_squared_logarithmic_error,
    squared_hinge, hinge, categorical_hinge, logcosh, categorical_crossentropy, sparse_categorical_crossentropy,
    binary_crossentropy, kullback_leibler_divergence, poisson, cosine_proximity, huber,
)  # fmt: skip
SHORT = {
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
    "kld": "kullback_leibler_divergence",
    "kl_divergence": "kullback_leibler_divergence",
    "cosine": "cosine_proximity",
    "cosine_similarity": "cosine_proximity",
    "bce": "binary_crossentropy",
}
"""Names of losses that have several, and what they mean."""
LOSSES = Registry("loss", _FUNCTIONS, SHORT)
CLASSES = Registry("loss", ())
"""Keras's classes of losses by name; filled by `classes.py`."""


def get(value: Any, owner: str | None = None, dialect: Dialect = TFJS) -> Loss:
    """Returns a loss for a name, a function or an object of a class of losses, as numbers of samples.

    Args:
        value: what the user gave.
        owner: who asks, for errors.
        dialect: the API whose losses names mean.

    Raises:
        OptionError: an unknown name, or no loss at all.
    """
    names = LOSSES.in_keras if dialect is KERAS else LOSSES
    found = (CLASSES if isinstance(value, Mapping) else names).get(value, owner)
    of_samples: Loss = getattr(found, "call", found)
    return of_samples


def like(loss: Loss) -> Any:
    """Returns the function of this file that a loss is a form of: itself, or what a class of losses says of its objects."""
    return getattr(getattr(loss, "__self__", loss), "like", loss)


__all__ = [
    "binary_crossentropy",
    "categorical_crossentropy",
    "categorical_hinge",
    "cosine_proximity",
    "get",
    "hinge",
    "huber",
    "kullback_leibler_divergence",
    "logcosh",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "poisson",
    "sparse_categorical_crossentropy",
    "squared_hinge",
]
__getattr__, __dir__ = naming.module_names(__name__)
