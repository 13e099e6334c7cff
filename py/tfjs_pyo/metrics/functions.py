"""Metrics that are functions of true and predicted values, those of TF.js."""

from __future__ import annotations

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.losses.functions import of_tensors


@of_tensors
def binary_accuracy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the share of predictions on the right side of 0.5.

    Args:
        y_true: 0 and 1, [batch, ...].
        y_pred: probabilities of the same shape.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.binaryAccuracy([[1, 0], [1, 1]], [[0.75, 0.25], [0.75, 0.25]])
        Tensor
            [1, 0.5]
    """
    hit = ops.equal(y_true, ops.cast(ops.greater(y_pred, 0.5), "float32"))
    return ops.mean(ops.cast(hit, "float32"), -1)


@of_tensors
def categorical_accuracy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns 1 where the largest prediction is that of the one-hot target, else 0.

    Args:
        y_true: one-hot targets, [batch, ..., classes].
        y_pred: predictions of the same shape.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.categoricalAccuracy([[0, 1], [1, 0]], [[0.25, 0.75], [0.25, 0.75]])
        Tensor
            [1, 0]
    """
    return ops.cast(ops.equal(ops.arg_max(y_true, -1), ops.arg_max(y_pred, -1)), "float32")


@of_tensors
def sparse_categorical_accuracy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns 1 where the largest prediction is that of the target's class number, else 0.

    Args:
        y_true: class numbers, [batch, ...].
        y_pred: predictions, [batch, ..., classes].

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.sparseCategoricalAccuracy([1, 0], [[0.25, 0.75], [0.25, 0.75]])
        Tensor
            [1, 0]
    """
    target = ops.reshape(ops.cast(y_true, "int32"), y_pred.shape[:-1])
    return ops.cast(ops.equal(target, ops.arg_max(y_pred, -1)), "float32")


def _hits(y_true: Tensor, y_pred: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Returns how many true positives, predicted positives and actual positives there are."""
    true, predicted = ops.greater(y_true, 0.5), ops.greater(y_pred, 0.5)
    both = ops.logical_and(true, predicted)
    found, chosen, positives = (ops.sum(ops.cast(hit, "float32")) for hit in (both, predicted, true))
    return found, chosen, positives


@of_tensors
def precision(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the share of predicted positives (above 0.5) that are positive, over all elements; 0 if there are none.

    Args:
        y_true: 0 and 1.
        y_pred: probabilities of the same shape.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.precision(tf.tensor([1, 0, 1]), tf.tensor([1, 1, 0])).array_sync()
        0.5

    Source: https://js.tensorflow.org/api/latest/#metrics.precision
    """
    found, chosen, _ = _hits(y_true, y_pred)
    return ops.div_no_nan(found, chosen)


@of_tensors
def recall(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the share of positives that are predicted as positive (above 0.5), over all elements; 0 if there are none.

    Args:
        y_true: 0 and 1.
        y_pred: probabilities of the same shape.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.recall(tf.tensor([1, 0, 1]), tf.tensor([1, 1, 0])).array_sync()
        0.5

    Source: https://js.tensorflow.org/api/latest/#metrics.recall
    """
    found, _, positives = _hits(y_true, y_pred)
    return ops.div_no_nan(found, positives)


@of_tensors
def r2_score(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the share of the variance of all elements that predictions explain: 1 less residuals over variance.

    Args:
        y_true, y_pred: targets and predictions of one shape.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.metrics.r2Score(tf.tensor([1.0, 2.0, 3.0]), tf.tensor([1.0, 2.0, 3.0])).array_sync()
        1.0

    Source: https://js.tensorflow.org/api/latest/#metrics.r2Score
    """
    residuals = ops.sum(ops.square(ops.sub(y_true, y_pred)))
    return 1.0 - residuals / ops.sum(ops.square(ops.sub(y_true, ops.mean(y_true))))
