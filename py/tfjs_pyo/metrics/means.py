"""Metrics that are means over samples: accuracies, errors, losses; and the plain mean and sum of numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from tfjs_pyo import ops
from tfjs_pyo.config import field, number, positive_int
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError
from tfjs_pyo.losses import functions as losses
from tfjs_pyo.metrics import functions
from tfjs_pyo.metrics.base import MeanOf, Metric, as_floats, mean_totals


class Mean(MeanOf):
    """The mean of numbers.

    Args:
        name: what the history calls it.

    Example:
        >>> import tfjs_pyo as tf
        >>> mean = tf.keras.metrics.Mean("loss")
        >>> mean.update_state([1, 3, 5])
        >>> mean(7).array_sync()
        4.0

    Source: https://keras.io/api/metrics/metrics_wrappers/#mean-class
    """

    def measure(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        del y_true, y_pred
        raise OptionError(
            f"{self.display_name}: it takes numbers, not true and predicted values, so it is for use by hand and not for compile."
        )

    def update_state(self, values: Any, sample_weight: Any = None) -> None:  # type: ignore[override]
        """Takes in numbers, and weights of them."""
        self._add(mean_totals(as_floats(values), self._weight(sample_weight)))


class Sum(Mean):
    """The sum of numbers. Source: https://keras.io/api/metrics/metrics_wrappers/#sum-class"""

    def compute(self, totals: Tensor) -> Tensor:
        return totals[0]


class MeanMetricWrapper(MeanOf):
    """The mean of what a function of true and predicted values gives.

    Args:
        fn: the function.
        name: what the history calls it.

    Source: https://keras.io/api/metrics/metrics_wrappers/
    """

    fn: Callable[[Tensor, Tensor], Tensor] = field(saved=False)

    def __init__(self, fn: Callable[[Tensor, Tensor], Tensor], name: str | None = None) -> None:
        super().__init__(fn=fn, name=name or getattr(fn, "__name__", None))

    def measure(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        return self.fn(y_true, y_pred)


def _share(hits: Tensor) -> Tensor:
    return ops.cast(hits, "float32")


class Accuracy(MeanOf):
    """The share of predictions that equal their targets. Source: https://keras.io/api/metrics/accuracy_metrics/"""

    def measure(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        self.same_shape(y_true, y_pred)
        return _share(ops.equal(y_true, y_pred))


class BinaryAccuracy(MeanOf):
    """The share of predictions on the right side of a threshold.

    Args:
        name: what the history calls it.
        threshold: predictions above it count as 1.

    Source: https://keras.io/api/metrics/accuracy_metrics/#binaryaccuracy-class
    """

    threshold: float = field(0.5, number())

    def measure(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        self.same_shape(y_true, y_pred)
        return _share(ops.equal(y_true, _share(ops.greater(y_pred, self.threshold))))


def _in_top(one_hot: Tensor, y_pred: Tensor, k: int) -> Tensor:
    """Returns 1 where fewer than k scores are above that of the target; equal scores are on its side."""
    score = ops.sum(one_hot * y_pred, -1, True)
    above = ops.sum(ops.cast(ops.greater(y_pred, score), "float32"), -1)
    return _share(ops.less(above, float(k)))


class TopKCategoricalAccuracy(MeanOf):
    """The share of one-hot targets that are among the k largest predictions.

    Args:
        k: how many count.
        name: what the history calls it.

    Source: https://keras.io/api/metrics/accuracy_metrics/#topkcategoricalaccuracy-class
    """

    name: str | None = field(None, keyword_only=True)
    k: int = field(5, positive_int)

    def measure(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        self.same_shape(y_true, y_pred)
        return _in_top(y_true, y_pred, self.k)


class SparseTopKCategoricalAccuracy(TopKCategoricalAccuracy):
    """The share of class numbers that are among the k largest predictions.

    Args:
        k: how many count.
        name: what the history calls it.

    Source: https://keras.io/api/metrics/accuracy_metrics/#sparsetopkcategoricalaccuracy-class
    """

    def measure(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        classes = ops.reshape(ops.cast(y_true, "int32"), y_pred.shape[:-1])
        return _in_top(ops.one_hot(classes, y_pred.shape[-1], dtype="float32"), y_pred, self.k)


class RootMeanSquaredError(MeanOf):
    """The root of the mean of squared errors. Source: https://keras.io/api/metrics/regression_metrics/#rootmeansquarederror-class"""

    def measure(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        self.same_shape(y_true, y_pred)
        return ops.square(y_pred - y_true)

    def compute(self, totals: Tensor) -> Tensor:
        return ops.sqrt(super().compute(totals))


class CosineSimilarity(MeanOf):
    """The mean of the cosine of the angle between targets and predictions.

    Args:
        name: what the history calls it.
        axis: along which they are vectors.

    Source: https://keras.io/api/metrics/regression_metrics/#cosinesimilarity-class
    """

    axis: int = field(-1)

    def measure(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        self.same_shape(y_true, y_pred)

        def unit(x: Tensor) -> Tensor:
            return x / ops.sqrt(ops.maximum(ops.sum(ops.square(x), self.axis, True), 1e-12))

        return ops.sum(unit(y_true) * unit(y_pred), self.axis)


class _MeanLoss(MeanOf):
    """A mean of a function that is there already; subclasses name it."""

    function: ClassVar[Callable[..., Tensor]]

    def measure(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        return type(self).function(y_true, y_pred)


class _Crossentropy(_MeanLoss):
    """A crossentropy of probabilities, or of logits.

    Args:
        name: what the history calls it.
        from_logits: whether predictions are logits.
    """

    from_logits: bool = field(False)

    def measure(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        return type(self).function(y_true, y_pred, self.from_logits)


_FUNCTIONS: dict[str, tuple[type[_MeanLoss], Callable[..., Tensor]]] = {
    "CategoricalAccuracy": (_MeanLoss, functions.categorical_accuracy),
    "SparseCategoricalAccuracy": (_MeanLoss, functions.sparse_categorical_accuracy),
    "MeanSquaredError": (_MeanLoss, losses.mean_squared_error),
    "MeanAbsoluteError": (_MeanLoss, losses.mean_absolute_error),
    "MeanAbsolutePercentageError": (_MeanLoss, losses.mean_absolute_percentage_error),
    "MeanSquaredLogarithmicError": (_MeanLoss, losses.mean_squared_logarithmic_error),
    "KLDivergence": (_MeanLoss, losses.kullback_leibler_divergence),
    "Poisson": (_MeanLoss, losses.poisson),
    "LogCoshError": (_MeanLoss, losses.logcosh),
    "Hinge": (_MeanLoss, losses.hinge),
    "SquaredHinge": (_MeanLoss, losses.squared_hinge),
    "CategoricalHinge": (_MeanLoss, losses.categorical_hinge),
    "BinaryCrossentropy": (_Crossentropy, losses.binary_crossentropy),
    "CategoricalCrossentropy": (_Crossentropy, losses.categorical_crossentropy),
    "SparseCategoricalCrossentropy": (_Crossentropy, losses.sparse_categorical_crossentropy),
}


def _class_of(name: str, base: type[_MeanLoss], function: Callable[..., Tensor]) -> type[Metric]:
    doc = f"{(function.__doc__ or '').splitlines()[0]}\n\n    Its mean over samples. Source: https://keras.io/api/metrics/"
    return type(name, (base,), {"function": staticmethod(function), "__doc__": doc, "__module__": __name__})


MEANS: dict[str, type[Metric]] = {name: _class_of(name, *of) for name, of in _FUNCTIONS.items()}
"""The classes of metrics that are means of functions, by name."""
