"""Keras's losses as objects: a function of true and predicted values with its options, and how its numbers are reduced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from tfjs_pyo import ops
from tfjs_pyo.config import Configurable, Registry, choice, field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.losses import functions
from tfjs_pyo.losses.functions import EPSILON

_SHARE = number(0, 1)


class Loss(Configurable):
    """Base of losses: a subclass defines `call(y_true, y_pred)`, which gives a number for each sample.

    Args:
        name: what messages call it.
        reduction: 'sumOverBatchSize' (the mean), 'sum', 'none' (or None), 'mean' or 'meanWithSampleWeight'; in `compile`
            the model takes the mean itself.

    Example:
        >>> import tfjs_pyo as tf
        >>> loss = tf.keras.losses.MeanSquaredError()
        >>> loss([[0.0, 1.0]], [[1.0, 1.0]]).array_sync()
        0.5

    Source: https://keras.io/api/losses/#base-loss-api
    """

    name: str | None = field(None, keyword_only=True)
    reduction: str | None = field(
        "sum_over_batch_size",
        choice("sum_over_batch_size", "sum", "none", "mean", "mean_with_sample_weight"),
        keyword_only=True,
    )

    like: ClassVar[Any] = None
    """The function that it is a form of, where it treats each sample by itself: 'accuracy' depends on it."""

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        """Returns a number for each sample."""
        raise NotImplementedError(f"{self.display_name}: a loss must define call(y_true, y_pred).")

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Tensor:
        """Returns the reduced loss.

        Args:
            y_true, y_pred: tensors or lists of numbers.
            sample_weight: a factor of each sample's loss.
        """
        true, predicted = (ops.cast(_tensor(value), "float32") for value in (y_true, y_pred))
        each = self.call(true, predicted)
        weight = None if sample_weight is None else ops.cast(_tensor(sample_weight), "float32")
        if weight is not None:
            weight = ops.reshape(weight, (*weight.shape, *(1 for _ in each.shape[weight.rank :])))
            each = each * weight
        if self.reduction in (None, "none"):
            return each
        if self.reduction == "mean_with_sample_weight" and weight is not None:
            return ops.sum(each) / ops.sum(ops.broadcast_to(weight, each.shape))
        return ops.sum(each) if self.reduction == "sum" else ops.mean(each)


def _tensor(value: Any) -> Tensor:
    return value if isinstance(value, Tensor) else ops.tensor(value)


class _Of(Loss):
    """Base of losses that are a function without options."""

    function: ClassVar[Callable[[Tensor, Tensor], Tensor]]

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        return type(self).function(y_true, y_pred)


def _signs(y_true: Tensor) -> Tensor:
    """Returns labels of hinge losses: 0 and 1 become -1 and 1, others stay."""
    binary = ops.all(ops.logical_or(ops.equal(y_true, 0), ops.equal(y_true, 1)))
    return ops.where(binary, 2.0 * y_true - 1.0, y_true)


def _of(name: str, function: Callable[[Tensor, Tensor], Tensor], text: str) -> type[Loss]:
    doc = f"{text} Source: https://keras.io/api/losses/"
    own = {"function": staticmethod(function), "like": staticmethod(function)}
    return type(name, (_Of,), {**own, "__doc__": doc, "__module__": __name__})


SIMPLE = [
    _of("MeanSquaredError", functions.mean_squared_error, "The mean of squared differences."),
    _of("MeanAbsoluteError", functions.mean_absolute_error, "The mean of absolute differences."),
    _of(
        "MeanAbsolutePercentageError",
        functions.mean_absolute_percentage_error,
        "The mean of differences in percent of the true values.",
    ),
    _of(
        "MeanSquaredLogarithmicError",
        functions.mean_squared_logarithmic_error,
        "The mean of squared differences of log(1 + x).",
    ),
    _of("LogCosh", functions.logcosh, "The mean of log(cosh(difference))."),
    _of("KLDivergence", functions.kullback_leibler_divergence, "The Kullback-Leibler divergence."),
    _of("Poisson", functions.poisson, "The mean of y_pred - y_true * log(y_pred)."),
    _of(
        "Hinge",
        lambda t, p: functions.hinge(_signs(t), p),
        "The mean of max(1 - y_true * y_pred, 0); labels 0 and 1 count as -1 and 1.",
    ),
    _of(
        "SquaredHinge",
        lambda t, p: functions.squared_hinge(_signs(t), p),
        "The mean of max(1 - y_true * y_pred, 0)^2; labels 0 and 1 count as -1 and 1.",
    ),
    _of(
        "CategoricalHinge",
        functions.categorical_hinge,
        "max(1 + largest wrong prediction - right prediction, 0).",
    ),
]


class Huber(Loss):
    """Half the squared difference up to delta, and a straight line beyond.

    Args:
        delta: where the line begins.

    Source: https://keras.io/api/losses/regression_losses/#huber-class
    """

    like = staticmethod(functions.huber)

    delta: float = field(1.0, number(0))

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        result: Tensor = functions.huber(y_true, y_pred, self.delta)
        return result


class CosineSimilarity(Loss):
    """Minus the cosine of the angle between targets and predictions.

    Args:
        axis: along which the vectors lie.

    Source: https://keras.io/api/losses/regression_losses/#cosinesimilarity-class
    """

    like = staticmethod(functions.cosine_proximity)

    axis: int = field(-1)

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        def unit(x: Tensor) -> Tensor:
            squares = ops.sum(ops.square(x), self.axis, True)
            return x / ops.sqrt(ops.maximum(squares, EPSILON**2))

        return -ops.sum(unit(y_true) * unit(y_pred), self.axis)


class _Crossentropy(Loss):
    """Base of losses of probabilities.

    Args:
        from_logits: whether predictions are logits.
        label_smoothing: share of the labels that is spread evenly, 0 to 1.
    """

    from_logits: bool = field(False)
    label_smoothing: float = field(0.0, _SHARE)


class CategoricalCrossentropy(_Crossentropy):
    """-sum(y_true * log(y_pred)) over the classes.

    Args:
        from_logits: whether predictions are logits.
        label_smoothing: share of the labels that is spread evenly over the classes.

    Source: https://keras.io/api/losses/probabilistic_losses/#categoricalcrossentropy-class
    """

    like = staticmethod(functions.categorical_crossentropy)

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        smooth = self.label_smoothing
        true = y_true * (1 - smooth) + smooth / y_true.shape[-1] if smooth else y_true
        result: Tensor = functions.categorical_crossentropy(true, y_pred, self.from_logits)
        return result


class SparseCategoricalCrossentropy(Loss):
    """Categorical crossentropy for targets that are class numbers.

    Args:
        from_logits: whether predictions are logits.
        ignore_class: number of a class whose samples count nothing, such as that of padding.

    Source: https://keras.io/api/losses/probabilistic_losses/#sparsecategoricalcrossentropy-class
    """

    like = staticmethod(functions.sparse_categorical_crossentropy)

    from_logits: bool = field(False)
    ignore_class: int | None = field(None)

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        if self.ignore_class is None:
            whole: Tensor = functions.sparse_categorical_crossentropy(y_true, y_pred, self.from_logits)
            return whole
        classes = ops.reshape(y_true, y_pred.shape[:-1])
        counted = ops.not_equal(classes, self.ignore_class)
        each: Tensor = functions.sparse_categorical_crossentropy(
            ops.where(counted, classes, 0.0), y_pred, self.from_logits
        )
        return ops.where(counted, each, 0.0)


def _smooth_bits(y_true: Tensor, share: float) -> Tensor:
    return y_true * (1 - share) + 0.5 * share if share else y_true


class BinaryCrossentropy(_Crossentropy):
    """The mean of the crossentropy of each probability.

    Args:
        from_logits: whether predictions are logits.
        label_smoothing: how far labels are moved towards one half.

    Source: https://keras.io/api/losses/probabilistic_losses/#binarycrossentropy-class
    """

    like = staticmethod(functions.binary_crossentropy)

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        true = _smooth_bits(y_true, self.label_smoothing)
        result: Tensor = functions.binary_crossentropy(true, y_pred, self.from_logits)
        return result


class BinaryFocalCrossentropy(_Crossentropy):
    """Binary crossentropy in which easy samples count less.

    Args:
        apply_class_balancing: whether alpha weighs the labels.
        alpha: weight of label 1; that of label 0 is 1 - alpha.
        gamma: how much less easy samples count; 0 for not at all.
        from_logits: whether predictions are logits.
        label_smoothing: how far labels are moved towards one half.

    Source: https://keras.io/api/losses/probabilistic_losses/#binaryfocalcrossentropy-class
    """

    like = staticmethod(functions.binary_crossentropy)

    apply_class_balancing: bool = field(False)
    alpha: float = field(0.25, _SHARE)
    gamma: float = field(2.0, number(0))

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        true = _smooth_bits(y_true, self.label_smoothing)
        p = ops.sigmoid(y_pred) if self.from_logits else y_pred
        p = ops.clip_by_value(p, EPSILON, 1 - EPSILON)
        each = -(true * ops.log(p) + (1.0 - true) * ops.log(1.0 - p))
        right = true * p + (1.0 - true) * (1.0 - p)
        each = ops.pow(1.0 - right, self.gamma) * each
        if self.apply_class_balancing:
            each = each * (true * self.alpha + (1.0 - true) * (1 - self.alpha))
        return ops.mean(each, -1)


class CategoricalFocalCrossentropy(_Crossentropy):
    """Categorical crossentropy in which easy samples count less.

    Args:
        alpha: weight of all classes.
        gamma: how much less easy samples count; 0 for not at all.
        from_logits: whether predictions are logits.
        label_smoothing: share of the labels that is spread evenly over the classes.

    Source: https://keras.io/api/losses/probabilistic_losses/#categoricalfocalcrossentropy-class
    """

    like = staticmethod(functions.categorical_crossentropy)

    alpha: float = field(0.25, number(0))
    gamma: float = field(2.0, number(0))

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        smooth = self.label_smoothing
        true = y_true * (1 - smooth) + smooth / y_true.shape[-1] if smooth else y_true
        p = ops.softmax(y_pred) if self.from_logits else y_pred / ops.sum(y_pred, -1, True)
        p = ops.clip_by_value(p, EPSILON, 1 - EPSILON)
        focal = ops.pow(1.0 - p, self.gamma) * self.alpha
        return -ops.sum(focal * true * ops.log(p), -1)


class Tversky(Loss):
    """1 - hits / (hits + alpha * misses + beta * false alarms), of all samples together.

    Args:
        alpha: weight of what is true and was not called so, as Keras computes it (its page names it the other way round).
        beta: weight of what was called true and is not.
        axis: axes that are counted together; all of them unless told.

    Source: https://keras.io/api/losses/probabilistic_losses/#tversky-class
    """

    alpha: float = field(0.5, number(0))
    beta: float = field(0.5, number(0))
    axis: Any = field(None)

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        hits = ops.sum(y_true * y_pred, self.axis)
        alarms = ops.sum((1.0 - y_true) * y_pred, self.axis)
        misses = ops.sum(y_true * (1.0 - y_pred), self.axis)
        return 1.0 - (hits + EPSILON) / (hits + self.alpha * misses + self.beta * alarms + EPSILON)


class Dice(Loss):
    """1 - twice the hits over what is true and what was called so, of all samples together.

    Args:
        axis: axes that are counted together; all of them unless told.

    Source: https://keras.io/api/losses/probabilistic_losses/#dice-class
    """

    axis: Any = field(None)

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        hits = ops.sum(y_true * y_pred, self.axis)
        sizes = ops.sum(y_true, self.axis) + ops.sum(y_pred, self.axis)
        return 1.0 - (2.0 * hits + EPSILON) / (sizes + EPSILON)


LOSS_CLASSES = Registry(
    "loss",
    (
        *SIMPLE, Huber, CosineSimilarity, CategoricalCrossentropy, SparseCategoricalCrossentropy, BinaryCrossentropy,
        BinaryFocalCrossentropy, CategoricalFocalCrossentropy, Tversky, Dice,
    ),
)  # fmt: skip
"""Keras's classes of losses by name; `tf.keras.losses` hands them on."""
