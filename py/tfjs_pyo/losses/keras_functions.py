"""Keras's losses: functions of true and predicted values that give a number for each sample, with Keras's options.

Where TensorFlow.js has a loss of the same name it stands in `functions.py`; `form_of` says which is which.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.doc_examples import losses as examples
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.forms import note_keras_form
from tfjs_pyo.losses import functions
from tfjs_pyo.losses.ctc_steps import ctc_losses
from tfjs_pyo.losses.functions import EPSILON, LOSSES
from tfjs_pyo.ops.arguments import of_tensors
from tfjs_pyo.shapes import normalize_axis
from tfjs_pyo.types import TensorLike

F = TypeVar("F", bound=Callable[..., Tensor])


def form_of(function: Callable[..., Any]) -> Callable[[F], F]:
    """Returns a decorator for what Keras means by a function that TensorFlow.js has, too."""

    def note(form: F) -> F:
        form = of_tensors(2)(form)
        form.like = function  # type: ignore[attr-defined]
        note_keras_form(function, form)
        return form

    return note


def aligned(y_true: TensorLike, y_pred: TensorLike) -> tuple[Tensor, Tensor]:
    """Returns targets and predictions as float32 of one rank: an axis of size 1 at the end of one is added or taken off."""
    true, predicted = (ops.cast(as_tensor(value), "float32") for value in (y_true, y_pred))
    return same_rank(true, predicted)


def as_tensor(value: Any) -> Tensor:
    """Returns what a user gave as a tensor."""
    return value if isinstance(value, Tensor) else ops.tensor(value)


def same_rank(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Returns two tensors of ranks that differ by one with one rank: by an axis of size 1 at the end of one of them."""
    if a.rank == b.rank + 1 and a.shape[-1] == 1:
        return (a, ops.expand_dims(b, -1)) if b.rank == 1 else (ops.squeeze(a, (-1,)), b)
    if b.rank == a.rank + 1 and b.shape[-1] == 1:
        return (ops.expand_dims(a, -1), b) if a.rank == 1 else (a, ops.squeeze(b, (-1,)))
    return a, b


def both(masks: Sequence[Tensor]) -> Tensor | None:
    """Returns where all of some masks are true; None for no mask."""
    if not masks:
        return None
    return masks[0] if len(masks) == 1 else ops.logical_and(*same_rank(masks[0], masks[1]))


def _require_shapes(name: str, y_true: Tensor, y_pred: Tensor) -> None:
    if y_true.shape != y_pred.shape:
        raise ShapeError(
            f"{name}: expected targets of the shape of the predictions, {y_pred.shape}, received shape {y_true.shape}."
        )


@form_of(functions.mean_squared_error)
def mean_squared_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the mean of (y_true - y_pred)^2 over the last axis.

    Args:
        y_true, y_pred: targets and predictions of one shape, [batch, ...].
    """
    true, predicted = aligned(y_true, y_pred)
    return ops.mean(ops.square(true - predicted), -1)


@form_of(functions.mean_absolute_error)
def mean_absolute_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the mean of |y_true - y_pred| over the last axis.

    Args:
        y_true, y_pred: targets and predictions of one shape, [batch, ...].
    """
    true, predicted = aligned(y_true, y_pred)
    return ops.mean(ops.abs(true - predicted), -1)


@form_of(functions.mean_absolute_percentage_error)
def mean_absolute_percentage_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the mean of 100 * |(y_true - y_pred) / y_true| over the last axis.

    Args:
        y_true, y_pred: targets and predictions of one shape, [batch, ...].
    """
    true, predicted = aligned(y_true, y_pred)
    size = ops.maximum(ops.abs(true), EPSILON)
    return 100.0 * ops.mean(ops.abs((true - predicted) / size), -1)


@form_of(functions.mean_squared_logarithmic_error)
def mean_squared_logarithmic_error(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the mean of (log(1 + y_pred) - log(1 + y_true))^2 over the last axis.

    Args:
        y_true, y_pred: targets and predictions of one shape, [batch, ...].
    """
    true, predicted = (ops.log(ops.maximum(y, EPSILON) + 1.0) for y in aligned(y_true, y_pred))
    return ops.mean(ops.square(predicted - true), -1)


@form_of(functions.logcosh)
def log_cosh(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the mean of log(cosh(y_pred - y_true)) over the last axis.

    Args:
        y_true, y_pred: targets and predictions of one shape, [batch, ...].
    """
    true, predicted = aligned(y_true, y_pred)
    error = predicted - true
    return ops.mean(error + ops.softplus(error * -2.0) - math.log(2.0), -1)


@form_of(functions.kullback_leibler_divergence)
def kl_divergence(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the sum of y_true * log(y_true / y_pred) over the last axis.

    Args:
        y_true: probabilities, [batch, ...].
        y_pred: predicted probabilities of the same shape.
    """
    true, predicted = (ops.clip_by_value(y, EPSILON, 1) for y in aligned(y_true, y_pred))
    return ops.sum(true * ops.log(true / predicted), -1)


@form_of(functions.poisson)
def poisson(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the mean of y_pred - y_true * log(y_pred) over the last axis.

    Args:
        y_true: counts, [batch, ...].
        y_pred: predicted rates of the same shape, above 0.
    """
    true, predicted = aligned(y_true, y_pred)
    return ops.mean(predicted - true * ops.log(predicted + EPSILON), -1)


def _signs(y_true: Tensor) -> Tensor:
    """Returns labels of hinge losses: 0 and 1 become -1 and 1, others stay."""
    binary = ops.all(ops.logical_or(ops.equal(y_true, 0), ops.equal(y_true, 1)))
    return ops.where(binary, 2.0 * y_true - 1.0, y_true)


@form_of(functions.hinge)
def hinge(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the mean of max(1 - y_true * y_pred, 0) over the last axis; labels 0 and 1 count as -1 and 1.

    Args:
        y_true: -1 and 1, or 0 and 1, [batch, ...].
        y_pred: predictions of the same shape.
    """
    true, predicted = aligned(y_true, y_pred)
    return ops.mean(ops.relu(1.0 - _signs(true) * predicted), -1)


@form_of(functions.squared_hinge)
def squared_hinge(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns the mean of max(1 - y_true * y_pred, 0)^2 over the last axis; labels 0 and 1 count as -1 and 1.

    Args:
        y_true: -1 and 1, or 0 and 1, [batch, ...].
        y_pred: predictions of the same shape.
    """
    true, predicted = aligned(y_true, y_pred)
    return ops.mean(ops.square(ops.relu(1.0 - _signs(true) * predicted)), -1)


@form_of(functions.categorical_hinge)
def categorical_hinge(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns 1 + the largest wrong prediction - the right prediction, and at least 0.

    Args:
        y_true: one-hot targets, [batch, classes].
        y_pred: predictions of the same shape.
    """
    true, predicted = aligned(y_true, y_pred)
    right = ops.sum(true * predicted, -1)
    wrong = ops.max((1.0 - true) * predicted, -1)
    return ops.relu(wrong - right + 1.0)


@form_of(functions.huber)
def huber(y_true: Tensor, y_pred: Tensor, delta: float = 1.0) -> Tensor:
    """Returns the mean over the last axis of half the squared difference up to delta, and of a straight line beyond.

    Args:
        y_true, y_pred: targets and predictions.
        delta: where the line begins.
    """
    true, predicted = aligned(y_true, y_pred)
    apart = ops.abs(predicted - true)
    line = delta * apart - 0.5 * delta**2
    return ops.mean(ops.where(ops.less_equal(apart, delta), 0.5 * ops.square(apart), line), -1)


@form_of(functions.cosine_proximity)
def cosine_similarity(y_true: Tensor, y_pred: Tensor, axis: int = -1) -> Tensor:
    """Returns minus the cosine of the angle between targets and predictions.

    Args:
        y_true, y_pred: targets and predictions.
        axis: along which the vectors lie.
    """

    def unit(x: Tensor) -> Tensor:
        return x / ops.sqrt(ops.maximum(ops.sum(ops.square(x), axis, True), 1e-12))

    true, predicted = aligned(y_true, y_pred)
    return -ops.sum(unit(true) * unit(predicted), axis)


def _smooth_classes(y_true: Tensor, share: float) -> Tensor:
    return y_true * (1.0 - share) + share / (y_true.shape or (1,))[-1] if share else y_true


def _smooth_bits(y_true: Tensor, share: float) -> Tensor:
    return y_true * (1.0 - share) + 0.5 * share if share else y_true


def _shares(y_pred: Tensor, axis: int) -> Tensor:
    """Returns probabilities of classes that add up to 1, kept from 0 and 1."""
    return ops.clip_by_value(y_pred / ops.sum(y_pred, axis, True), EPSILON, 1 - EPSILON)


@form_of(functions.categorical_crossentropy)
def categorical_crossentropy(
    y_true: Tensor, y_pred: Tensor, from_logits: bool = False, label_smoothing: float = 0.0, axis: int = -1
) -> Tensor:
    """Returns minus the sum of y_true * log(y_pred) over the classes.

    Args:
        y_true: one-hot targets, or a probability for each class.
        y_pred: predictions.
        from_logits: whether predictions are logits; else they are scaled to add up to 1.
        label_smoothing: share of the labels that is spread evenly over the classes.
        axis: of the classes.
    """
    true, predicted = aligned(y_true, y_pred)
    _require_shapes("categorical_crossentropy", true, predicted)
    true = _smooth_classes(true, label_smoothing)
    logs = ops.log_softmax(predicted, axis) if from_logits else ops.log(_shares(predicted, axis))
    return -ops.sum(true * logs, axis)


@form_of(functions.sparse_categorical_crossentropy)
def sparse_categorical_crossentropy(
    y_true: Tensor,
    y_pred: Tensor,
    from_logits: bool = False,
    ignore_class: int | None = None,
    axis: int = -1,
) -> Tensor:
    """Returns categorical crossentropy for targets that are class numbers.

    Args:
        y_true: class numbers; with or without an axis of size 1 in the place of the classes.
        y_pred: predictions.
        from_logits: whether predictions are logits; else they are scaled to add up to 1.
        ignore_class: number of a class whose samples are ignored, such as that of padding.
        axis: of the classes.

    Returns:
        A number for each sample; NaN where the number is no class.

    Raises:
        ShapeError: there is not one class number for each prediction.
    """
    true, predicted = as_tensor(y_true), ops.cast(as_tensor(y_pred), "float32")
    axis = normalize_axis("sparse_categorical_crossentropy", axis, predicted.rank)
    classes = predicted.shape[axis]
    batch = tuple(dim for i, dim in enumerate(predicted.shape) if i != axis)
    if true.size * classes != predicted.size:
        raise ShapeError(
            f"sparse_categorical_crossentropy: expected one class number for each prediction of shape {predicted.shape}, "
            f"received targets of shape {true.shape}. For one-hot targets use categorical_crossentropy."
        )
    numbers = ops.reshape(ops.cast(true, "int32"), batch)
    counted = None if ignore_class is None else ops.not_equal(numbers, ignore_class)
    if counted is not None:
        numbers = ops.where(counted, numbers, 0)
    one_hot = ops.one_hot(numbers, classes, dtype="float32")
    if axis != predicted.rank - 1:
        one_hot = ops.transpose(one_hot, (*range(axis), predicted.rank - 1, *range(axis, predicted.rank - 1)))
    logs = ops.log_softmax(predicted, axis) if from_logits else ops.log(_shares(predicted, axis))
    each = functions.where_there_are(numbers, classes, -ops.sum(one_hot * logs, axis))
    if counted is None:
        return each
    result: Tensor = ops.where(counted, each, 0.0)
    vars(result)["mask"] = counted
    return result


@form_of(functions.binary_crossentropy)
def binary_crossentropy(
    y_true: Tensor, y_pred: Tensor, from_logits: bool = False, label_smoothing: float = 0.0, axis: int = -1
) -> Tensor:
    """Returns the mean of the crossentropy of each probability.

    Args:
        y_true: 0 and 1, or probabilities.
        y_pred: predictions.
        from_logits: whether predictions are logits.
        label_smoothing: how far labels are moved towards one half.
        axis: along which the mean is taken.
    """
    true, predicted = aligned(y_true, y_pred)
    _require_shapes("binary_crossentropy", true, predicted)
    return ops.mean(_of_bits(_smooth_bits(true, label_smoothing), predicted, from_logits), axis)


def _of_bits(true: Tensor, predicted: Tensor, from_logits: bool) -> Tensor:
    """Returns the crossentropy of each probability or logit."""
    if from_logits:
        return ops.relu(predicted) - predicted * true + ops.log1p(ops.exp(-ops.abs(predicted)))
    p = ops.clip_by_value(predicted, EPSILON, 1 - EPSILON)
    return -(true * ops.log(p) + (1.0 - true) * ops.log(1.0 - p))


@of_tensors(2)
def binary_focal_crossentropy(
    y_true: Tensor,
    y_pred: Tensor,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """Returns binary crossentropy in which easy samples count less.

    Args:
        y_true: 0 and 1, or probabilities.
        y_pred: predictions.
        apply_class_balancing: whether alpha weighs the labels.
        alpha: weight of label 1; that of label 0 is 1 - alpha.
        gamma: how much less easy samples count; 0 for not at all.
        from_logits: whether predictions are logits.
        label_smoothing: how far labels are moved towards one half.
        axis: along which the mean is taken.
    """
    true, predicted = aligned(y_true, y_pred)
    true = _smooth_bits(true, label_smoothing)
    p = ops.sigmoid(predicted) if from_logits else predicted
    right = true * p + (1.0 - true) * (1.0 - p)
    each = ops.pow(1.0 - right, gamma) * _of_bits(true, p, False)
    if apply_class_balancing:
        each = each * (true * alpha + (1.0 - true) * (1 - alpha))
    return ops.mean(each, axis)


binary_focal_crossentropy.like = functions.binary_crossentropy  # type: ignore[attr-defined]


@of_tensors(2)
def categorical_focal_crossentropy(
    y_true: Tensor,
    y_pred: Tensor,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Tensor:
    """Returns categorical crossentropy in which easy samples count less.

    Args:
        y_true: one-hot targets, or a probability for each class.
        y_pred: predictions.
        alpha: weight of all classes.
        gamma: how much less easy samples count; 0 for not at all.
        from_logits: whether predictions are logits.
        label_smoothing: share of the labels that is spread evenly over the classes.
        axis: of the classes.
    """
    true, predicted = aligned(y_true, y_pred)
    true = _smooth_classes(true, label_smoothing)
    p = _shares(ops.softmax(predicted, axis) if from_logits else predicted, axis)
    return ops.sum(ops.pow(1.0 - p, gamma) * alpha * -true * ops.log(p), axis)


categorical_focal_crossentropy.like = functions.categorical_crossentropy  # type: ignore[attr-defined]


@of_tensors(2, rank=1)
def categorical_generalized_cross_entropy(y_true: Tensor, y_pred: Tensor, q: float) -> Tensor:
    """Returns (1 - p^q) / q for the probability p of the right class: between crossentropy and absolute error.

    Args:
        y_true: class numbers.
        y_pred: probabilities.
        q: above 0 and up to 1; the nearer to 0, the more like crossentropy.

    Raises:
        OptionError: q is not within these bounds.
    """
    if not 0 < q <= 1:
        raise OptionError(
            f"categorical_generalized_cross_entropy: expected 'q' above 0 and up to 1, received {q!r}."
        )
    true, predicted = as_tensor(y_true), ops.cast(as_tensor(y_pred), "float32")
    numbers = ops.reshape(ops.cast(true, "int32"), predicted.shape[:-1])
    p = ops.sum(predicted * ops.one_hot(numbers, predicted.shape[-1], dtype="float32"), -1)
    return (1.0 - ops.pow(p, q)) / q


@of_tensors(2)
def dice(y_true: Tensor, y_pred: Tensor, axis: Any = None) -> Tensor:
    """Returns 1 - 2 * overlap / (sum of labels + sum of predictions), of all samples together.

    Args:
        y_true, y_pred: targets and predictions.
        axis: axes that are counted together; all of them by default.
    """
    true, predicted = aligned(y_true, y_pred)
    sizes = ops.sum(true, axis) + ops.sum(predicted, axis)
    return 1.0 - 2.0 * ops.sum(true * predicted, axis) / (sizes + EPSILON)


@of_tensors(2)
def tversky(
    y_true: Tensor, y_pred: Tensor, alpha: float = 0.5, beta: float = 0.5, axis: Any = None
) -> Tensor:
    """Returns 1 - overlap / (overlap + alpha * misses + beta * false positives), of all samples together.

    Args:
        y_true, y_pred: targets and predictions.
        alpha: weight of what is true and was not predicted, as Keras computes it (its page names it the other way round).
        beta: weight of what was predicted and is not true.
        axis: axes that are counted together; all of them by default.
    """
    true, predicted = aligned(y_true, y_pred)
    hits = ops.sum(true * predicted, axis)
    misses = ops.sum((1.0 - predicted) * true, axis)
    alarms = ops.sum(predicted * (1.0 - true), axis)
    return 1.0 - hits / (hits + misses * alpha + alarms * beta + EPSILON)


@of_tensors(2, rank=1)
def circle(
    y_true: Tensor,
    y_pred: Tensor,
    ref_labels: TensorLike | None = None,
    ref_embeddings: TensorLike | None = None,
    remove_diagonal: bool = True,
    gamma: float = 80,
    margin: float = 0.4,
) -> Tensor:
    """Returns the circle loss of embeddings (Sun et al., 2020): those of one class near, those of others far.

    Args:
        y_true: class numbers, [batch].
        y_pred: embeddings of length 1, [batch, features].
        ref_labels, ref_embeddings: what they are compared with; with each other by default.
        remove_diagonal: whether no embedding is compared with itself.
        gamma: how steep the loss is.
        margin: how far apart similarities shall be.
    """
    labels, points = ops.cast(as_tensor(y_true), "int32"), ops.cast(as_tensor(y_pred), "float32")
    others = points if ref_embeddings is None else ops.cast(as_tensor(ref_embeddings), "float32")
    known = labels if ref_labels is None else ops.cast(as_tensor(ref_labels), "int32")
    same = ops.equal(ops.reshape(labels, (-1, 1)), ops.reshape(known, (1, -1)))
    positive, negative = (ops.cast(pairs, "float32") for pairs in (same, ops.logical_not(same)))
    if remove_diagonal:
        positive = positive * (1.0 - ops.eye(*positive.shape))
    apart = ops.relu(1.0 - ops.mat_mul(points, others, False, True))
    near = ops.relu((margin + apart) * positive) * (margin - apart) * -gamma
    far = ops.relu((1 + margin - apart) * negative) * (1 - margin - apart) * gamma
    parts = [
        ops.log_sum_exp(ops.where(ops.greater(pairs, 0.0), each, -math.inf), 1)
        for pairs, each in ((positive, near), (negative, far))
    ]
    result: Tensor = ops.softplus(parts[0] + parts[1])
    vars(result)["mask"] = ops.greater(result, 0.0)
    return result


@of_tensors(2)
def ctc(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Returns how unlikely labels are, over all ways in which steps may give them: connectionist temporal classification.

    Args:
        y_true: class numbers, [batch, labels]; 0 stands for no label and fills up shorter sequences.
        y_pred: logits, [batch, steps, classes].

    Raises:
        ShapeError: other ranks, or labels and logits of different numbers of samples.
    """
    labels, logits = as_tensor(y_true), ops.cast(as_tensor(y_pred), "float32")
    if labels.rank != 2 or logits.rank != 3 or labels.shape[0] != logits.shape[0]:
        raise ShapeError(
            "ctc: expected labels [batch, labels] and logits [batch, steps, classes] of as many samples, received shapes "
            f"{labels.shape} and {logits.shape}."
        )
    numbers = ops.cast(labels, "int32")
    count = ops.sum(ops.cast(ops.not_equal(numbers, 0), "int32"), -1)
    steps = ops.fill([logits.shape[0]], logits.shape[1], "int32")
    return ctc_losses(numbers, logits, count, steps)


FUNCTIONS: dict[str, Callable[..., Tensor]] = {
    each.__name__: each
    for each in (
        mean_squared_error, mean_absolute_error, mean_absolute_percentage_error, mean_squared_logarithmic_error, log_cosh,
        kl_divergence, poisson, hinge, squared_hinge, categorical_hinge, huber, cosine_similarity, categorical_crossentropy,
        sparse_categorical_crossentropy, binary_crossentropy, binary_focal_crossentropy, categorical_focal_crossentropy,
        categorical_generalized_cross_entropy, dice, tversky, circle, ctc,
    )
}  # fmt: skip
"""Keras's functions by name."""
_SHORT = ("mse", "mae", "mape", "msle", "kld")
OLDER: dict[str, Callable[..., Tensor]] = {
    name: LOSSES.in_keras.get(name)
    for name in (*_SHORT, *map(str.upper, _SHORT), "kullback_leibler_divergence", "logcosh")
}
"""Functions by the names of Keras 2, which TensorFlow's Keras still has."""

examples.complete(FUNCTIONS.values())

__all__ = ["EPSILON", "FUNCTIONS", "OLDER", "aligned", "as_tensor", "both", "form_of", "same_rank"]
