"""`tf.losses`: losses of whole batches, weighted and reduced to one number; for training loops written by hand.

`compile` takes the losses of `tf.keras.losses` instead, which give one number per sample.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core.graph import Node
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops import arithmetic, math, movement, reduction
from tfjs_pyo.ops.comparison import not_equal
from tfjs_pyo.ops.convert import node_of
from tfjs_pyo.ops.creation import cast
from tfjs_pyo.ops.declare import public
from tfjs_pyo.ops.samples import Case, tested_with


class Reduction(IntEnum):
    """How the losses of elements become a result; `tf.Reduction.MEAN`.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.losses.absoluteDifference([1.0, 2.0], [2.0, 4.0], None, tf.Reduction.SUM)
        Tensor
            3

    Source: https://js.tensorflow.org/api/latest/#Training-Losses
    """

    NONE = 0
    """The weighted losses themselves."""
    MEAN = 1
    """Their sum, divided by the sum of the weights."""
    SUM = 2
    """Their sum."""
    SUM_BY_NONZERO_WEIGHTS = 3
    """Their sum, divided by the number of weights that are not 0."""


DEFAULT = Reduction.SUM_BY_NONZERO_WEIGHTS


def _reduction(name: str, value: Any) -> Reduction:
    try:
        if isinstance(value, str):
            return Reduction[naming.resolve(value, Reduction.__members__, f"{name}: reduction")]
        return Reduction(value)
    except ValueError:
        known = ", ".join(f"Reduction.{each.name}" for each in Reduction)
        raise OptionError(f"{name}: expected 'reduction' to be one of {known}, received {value!r}.") from None


def _weighted(name: str, losses: Node, weights: Any, reduction_: Any) -> Node:
    """Returns losses weighted and reduced, as TF.js's computeWeightedLoss does."""
    how = _reduction(name, reduction_)
    weight = None if weights is None else cast(node_of(weights, name), "float32")
    values = losses if weight is None else arithmetic.mul(losses, weight)
    if weight is not None and values.shape != losses.shape:
        raise ShapeError(
            f"{name}: expected weights that broadcast to the losses, {losses.shape}, received {weight.shape}."
        )
    if how is Reduction.NONE:
        return values
    total = reduction.sum_(values)
    if how is Reduction.SUM:
        return total
    if weight is None:
        return arithmetic.div(total, node_of(float(max(1, losses.size)), name))
    spread = movement.broadcast_to(weight, losses.shape)
    if how is Reduction.MEAN:
        return arithmetic.div(total, reduction.sum_(spread))
    count = reduction.sum_(cast(not_equal(spread, node_of(0.0, name)), "float32"))
    return arithmetic.div(total, count)


def _pair(name: str, labels: Node, predictions: Node) -> tuple[Node, Node]:
    if labels.shape != predictions.shape:
        raise ShapeError(
            f"{name}: expected labels and predictions of the same shape, received {labels.shape} and {predictions.shape}."
        )
    return cast(labels, "float32"), cast(predictions, "float32")


def _negative(x: Node) -> Node:
    result: Node = arithmetic.neg(x)
    return result


def _sum_along(x: Node, axis: int, keep_dims: bool = True) -> Node:
    result: Node = reduction.sum_(x, axis, keep_dims)
    return result


def _smoothed(name: str, labels: Node, smoothing: float, target: float) -> Node:
    """Returns labels moved towards `target` by the share `smoothing`."""
    if not 0 <= smoothing <= 1:
        raise OptionError(f"{name}: expected 'labelSmoothing' between 0 and 1, received {smoothing!r}.")
    if smoothing == 0:
        return labels
    return arithmetic.add(
        arithmetic.mul(labels, node_of(1.0 - smoothing, name)), node_of(smoothing * target, name)
    )


_CASES = (
    Case(((3, 4), (3, 4))),
    Case(((3, 4), (3, 4), (3, 1))),
    Case(((3, 4), (3, 4), (3, 4)), kwargs={"reduction": Reduction.NONE}),
    Case(((3, 4), (3, 4), (4,)), kwargs={"reduction": Reduction.MEAN}),
    Case(((5,), (5,)), kwargs={"reduction": Reduction.SUM}),
)


@tested_with(*(Case(case.shapes[1:], case.args, case.kwargs) for case in _CASES))
@public(tensors=2, method=False)
def compute_weighted_loss(losses: Node, weights: Node | None = None, reduction: int | str = DEFAULT) -> Node:
    """Returns losses weighted and reduced.

    Args:
        losses: of elements, any shape.
        weights: broadcast to them; default: 1.
        reduction: a `tf.Reduction`; default: the sum divided by the number of weights that are not 0.

    Returns:
        A scalar; for `Reduction.NONE` the shape of the losses.

    Raises:
        OptionError: an unknown reduction.
        ShapeError: weights that do not broadcast to the losses.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.losses.computeWeightedLoss([1.0, 2.0, 3.0], [1.0, 0.0, 1.0])
        Tensor
            2

    Source: https://js.tensorflow.org/api/latest/#losses.computeWeightedLoss
    """
    return _weighted("compute_weighted_loss", cast(losses, "float32"), weights, reduction)


@tested_with(*_CASES)
@public(tensors=3, method=False)
def absolute_difference(
    labels: Node, predictions: Node, weights: Node | None = None, reduction: int | str = DEFAULT
) -> Node:
    """Returns the absolute differences, weighted and reduced as by `compute_weighted_loss`.

    Args:
        labels, predictions: of the same shape.
        weights: broadcast to them.
        reduction: a `tf.Reduction`.

    Raises:
        ShapeError: shapes differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.losses.absoluteDifference([1.0, 2.0], [2.0, 4.0])
        Tensor
            1.5

    Source: https://js.tensorflow.org/api/latest/#losses.absoluteDifference
    """
    name = "absolute_difference"
    a, b = _pair(name, labels, predictions)
    return _weighted(name, math.abs_(arithmetic.sub(a, b)), weights, reduction)


@tested_with(
    Case(((3, 4), (3, 4)), (1,)),
    Case(((3, 4), (3, 4)), (0,), {"reduction": Reduction.NONE}),
)
@public(tensors=2, method=False)
def cosine_distance(
    labels: Node, predictions: Node, axis: int, weights: Any = None, reduction: int | str = DEFAULT
) -> Node:
    """Returns 1 - the dot products along an axis, weighted and reduced; both are taken to be of length 1.

    Args:
        labels, predictions: of the same shape.
        axis: of the products; it stays, with length 1.
        weights: broadcast to the distances.
        reduction: a `tf.Reduction`.

    Raises:
        ShapeError: shapes differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.losses.cosineDistance([[0.0, 1.0]], [[1.0, 0.0]], 1)
        Tensor
            1

    Source: https://js.tensorflow.org/api/latest/#losses.cosineDistance
    """
    name = "cosine_distance"
    a, b = _pair(name, labels, predictions)
    products = _sum_along(arithmetic.mul(a, b), axis)
    return _weighted(name, arithmetic.sub(node_of(1.0, name), products), weights, reduction)


@tested_with(*(Case(case.shapes, case.args, case.kwargs, differentiable=False) for case in _CASES))
@public(tensors=3, method=False)
def hinge_loss(
    labels: Node, predictions: Node, weights: Node | None = None, reduction: int | str = DEFAULT
) -> Node:
    """Returns max(0, 1 - (2 * label - 1) * prediction), weighted and reduced.

    Args:
        labels: 0 or 1.
        predictions: of the same shape.
        weights: broadcast to them.
        reduction: a `tf.Reduction`.

    Raises:
        ShapeError: shapes differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.losses.hingeLoss([0.0, 1.0], [-0.5, 2.0])
        Tensor
            0.25

    Source: https://js.tensorflow.org/api/latest/#losses.hingeLoss
    """
    name = "hinge_loss"
    a, b = _pair(name, labels, predictions)
    signs = arithmetic.sub(arithmetic.mul(a, node_of(2.0, name)), node_of(1.0, name))
    margin = arithmetic.sub(node_of(1.0, name), arithmetic.mul(signs, b))
    return _weighted(name, math.relu(margin), weights, reduction)


@tested_with(*_CASES, Case(((3, 4), (3, 4)), kwargs={"delta": 0.3}))
@public(tensors=3, method=False)
def huber_loss(
    labels: Node,
    predictions: Node,
    weights: Node | None = None,
    delta: float = 1.0,
    reduction: int | str = DEFAULT,
) -> Node:
    """Returns half the squared error up to `delta`, and a straight line beyond, weighted and reduced.

    Args:
        labels, predictions: of the same shape.
        weights: broadcast to them.
        delta: the error from which on it is linear.
        reduction: a `tf.Reduction`.

    Raises:
        ShapeError: shapes differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.losses.huberLoss([0.0, 0.0], [1.0, 3.0])
        Tensor
            1.5

    Source: https://js.tensorflow.org/api/latest/#losses.huberLoss
    """
    name = "huber_loss"
    a, b = _pair(name, labels, predictions)
    error = math.abs_(arithmetic.sub(b, a))
    limit = node_of(float(delta), name)
    small = arithmetic.minimum(error, limit)
    large = arithmetic.sub(error, small)
    square = arithmetic.mul(node_of(0.5, name), math.square(small))
    return _weighted(name, arithmetic.add(square, arithmetic.mul(limit, large)), weights, reduction)


@tested_with(
    *(Case(case.shapes, case.args, {**case.kwargs, "epsilon": 4.0}, differentiable=True) for case in _CASES)
)
@public(tensors=3, method=False)
def log_loss(
    labels: Node,
    predictions: Node,
    weights: Node | None = None,
    epsilon: float = 1e-7,
    reduction: int | str = DEFAULT,
) -> Node:
    """Returns the cross-entropy of probabilities, each class for itself, weighted and reduced.

    Args:
        labels: 0 to 1.
        predictions: probabilities, of the same shape.
        weights: broadcast to them.
        epsilon: added to what logarithms are taken of.
        reduction: a `tf.Reduction`.

    Raises:
        ShapeError: shapes differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.losses.logLoss([1.0, 0.0], [0.5, 0.5])
        Tensor
            0.6931...

    Source: https://js.tensorflow.org/api/latest/#losses.logLoss
    """
    name = "log_loss"
    a, b = _pair(name, labels, predictions)
    one, tiny = node_of(1.0, name), node_of(float(epsilon), name)
    yes = arithmetic.mul(a, math.log(arithmetic.add(b, tiny)))
    rest = arithmetic.add(arithmetic.sub(one, b), tiny)
    no = arithmetic.mul(arithmetic.sub(one, a), math.log(rest))
    return _weighted(name, _negative(arithmetic.add(yes, no)), weights, reduction)


@tested_with(*_CASES)
@public(tensors=3, method=False)
def mean_squared_error(
    labels: Node, predictions: Node, weights: Node | None = None, reduction: int | str = DEFAULT
) -> Node:
    """Returns the squared differences, weighted and reduced.

    Args:
        labels, predictions: of the same shape.
        weights: broadcast to them.
        reduction: a `tf.Reduction`.

    Raises:
        ShapeError: shapes differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.losses.meanSquaredError([1.0, 2.0], [2.0, 4.0])
        Tensor
            2.5

    Source: https://js.tensorflow.org/api/latest/#losses.meanSquaredError
    """
    name = "mean_squared_error"
    a, b = _pair(name, labels, predictions)
    return _weighted(name, arithmetic.squared_difference(a, b), weights, reduction)


@tested_with(*_CASES, Case(((3, 4), (3, 4)), kwargs={"label_smoothing": 0.2}))
@public(tensors=3, method=False)
def sigmoid_cross_entropy(
    multi_class_labels: Node,
    logits: Node,
    weights: Node | None = None,
    label_smoothing: float = 0.0,
    reduction: int | str = DEFAULT,
) -> Node:
    """Returns the cross-entropy of sigmoid(logits), each class for itself, weighted and reduced.

    Args:
        multi_class_labels: 0 to 1.
        logits: of the same shape.
        weights: broadcast to them.
        label_smoothing: moves labels towards 1/2 by this share.
        reduction: a `tf.Reduction`.

    Raises:
        ShapeError: shapes differ.
        OptionError: smoothing is not between 0 and 1.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.losses.sigmoidCrossEntropy([1.0], [0.0])
        Tensor
            0.6931...

    Source: https://js.tensorflow.org/api/latest/#losses.sigmoidCrossEntropy
    """
    name = "sigmoid_cross_entropy"
    a, x = _pair(name, multi_class_labels, logits)
    a = _smoothed(name, a, label_smoothing, 0.5)
    linear = arithmetic.sub(math.softplus(x), arithmetic.mul(x, a))
    return _weighted(name, linear, weights, reduction)


@tested_with(
    Case(((3, 4), (3, 4))),
    Case(((3, 4), (3, 4), (3,)), kwargs={"reduction": Reduction.MEAN}),
    Case(((2, 3, 4), (2, 3, 4)), kwargs={"reduction": Reduction.NONE, "label_smoothing": 0.1}),
)
@public(tensors=3, method=False)
def softmax_cross_entropy(
    onehot_labels: Node,
    logits: Node,
    weights: Node | None = None,
    label_smoothing: float = 0.0,
    reduction: int | str = DEFAULT,
) -> Node:
    """Returns the cross-entropy of softmax(logits) along the last axis, weighted and reduced.

    Args:
        onehot_labels: shares of the classes, [..., classes].
        logits: of the same shape.
        weights: broadcast to [...].
        label_smoothing: moves labels towards 1 / classes by this share.
        reduction: a `tf.Reduction`.

    Raises:
        ShapeError: shapes differ.
        OptionError: smoothing is not between 0 and 1.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.losses.softmaxCrossEntropy([[1.0, 0.0]], [[0.0, 0.0]])
        Tensor
            0.6931...

    Source: https://js.tensorflow.org/api/latest/#losses.softmaxCrossEntropy
    """
    name = "softmax_cross_entropy"
    a, x = _pair(name, onehot_labels, logits)
    if not x.rank:
        raise ShapeError(f"{name}: expected logits of rank 1 or more, received a number.")
    a = _smoothed(name, a, label_smoothing, 1.0 / max(1, x.shape[-1]))
    entropy = _negative(_sum_along(arithmetic.mul(a, _log_softmax(x)), -1, keep_dims=False))
    return _weighted(name, entropy, weights, reduction)


def _log_softmax(x: Node) -> Node:
    result: Node = reduction.log_softmax(x)
    return result


__all__ = [
    "absolute_difference", "compute_weighted_loss", "cosine_distance", "hinge_loss", "huber_loss", "log_loss",
    "mean_squared_error", "sigmoid_cross_entropy", "softmax_cross_entropy",
]  # fmt: skip
__getattr__, __dir__ = naming.module_names(__name__)
