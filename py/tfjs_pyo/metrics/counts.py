"""Metrics of true and false positives and negatives: precision, recall, F1, area under a curve."""

from __future__ import annotations

from typing import Any, ClassVar

from tfjs_pyo import naming, ops
from tfjs_pyo.config import Order, choice, field, number, positive_int
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError
from tfjs_pyo.metrics.base import Metric, weights_of


def _thresholds(owner: str, name: str, value: Any) -> float | tuple[float, ...]:
    share = number(0, 1)
    if isinstance(value, (list, tuple)) and value:
        return tuple(share(owner, name, item) for item in value)
    return share(owner, name, value)


class _Hits(Metric):
    """Base: counts, for each threshold, true positives and predicted positives; and actual positives, and all samples."""

    _internal: ClassVar[tuple[str, ...]] = ("counts", "cuts")
    order: ClassVar[Order] = (..., "name", "dtype")

    def cuts(self) -> tuple[float, ...]:
        """Returns the thresholds; predictions above one count as true."""
        raise NotImplementedError(f"{self.display_name}: a metric of counts must define cuts().")

    def totals(self, y_true: Tensor, y_pred: Tensor, weight: Tensor | None) -> Tensor:
        self.same_shape(y_true, y_pred)
        weights = ops.reshape(weights_of(y_pred, weight), (-1,))
        true = ops.cast(ops.greater(ops.reshape(y_true, (-1,)), 0.5), "float32") * weights
        cuts = ops.reshape(ops.tensor(list(self.cuts()), dtype="float32"), (-1, 1))
        predicted = ops.cast(ops.greater(ops.reshape(y_pred, (1, -1)), cuts), "float32")
        counted = ops.mat_mul(predicted, ops.stack([true, weights], 1))
        everything = ops.stack([ops.sum(true), ops.sum(weights)])
        return ops.concat([counted[:, 0], counted[:, 1], everything])

    def counts(self, totals: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Returns true positives, false positives, true negatives and false negatives for each threshold."""
        cuts = (totals.size - 2) // 2
        hits, predicted, positives, everything = totals[:cuts], totals[cuts:-2], totals[-2], totals[-1]
        misses = positives - hits
        return hits, predicted - hits, everything - predicted - misses, misses


class _AtThresholds(_Hits):
    """Base: one number, or one for each of several thresholds."""

    _internal = ("share",)
    thresholds: Any = field(None, _thresholds)

    def cuts(self) -> tuple[float, ...]:
        if self.thresholds is None:
            return (0.5,)
        return self.thresholds if isinstance(self.thresholds, tuple) else (self.thresholds,)

    def share(self, counts: tuple[Tensor, Tensor, Tensor, Tensor]) -> Tensor:
        """Returns the numbers for all thresholds."""
        raise NotImplementedError(f"{self.display_name}: a metric of counts must define share(counts).")

    def compute(self, totals: Tensor) -> Tensor:
        result = self.share(self.counts(totals))
        return result if isinstance(self.thresholds, tuple) else result[0]


class TruePositives(_AtThresholds):
    """How many positive samples are predicted as positive: labels of 1, predictions above a threshold.

    Example:
        >>> from tfjs_pyo import keras
        >>> metric = keras.metrics.TruePositives()
        >>> metric.update_state([0, 1, 1, 1], [0.9, 0.2, 0.7, 0.8])
        >>> float(metric.result())
        2.0

    Source: https://keras.io/api/metrics/classification_metrics/#truepositives-class
    """

    def share(self, counts: tuple[Tensor, Tensor, Tensor, Tensor]) -> Tensor:
        return counts[0]


class FalsePositives(_AtThresholds):
    """How many negative samples are predicted as positive: labels of 0, predictions above a threshold.

    Example:
        >>> from tfjs_pyo import keras
        >>> metric = keras.metrics.FalsePositives()
        >>> metric.update_state([0, 1, 1, 1], [0.9, 0.2, 0.7, 0.8])
        >>> float(metric.result())
        1.0

    Source: https://keras.io/api/metrics/classification_metrics/#falsepositives-class
    """

    def share(self, counts: tuple[Tensor, Tensor, Tensor, Tensor]) -> Tensor:
        return counts[1]


class TrueNegatives(_AtThresholds):
    """How many negative samples are predicted as negative: labels of 0, predictions up to a threshold.

    Example:
        >>> from tfjs_pyo import keras
        >>> metric = keras.metrics.TrueNegatives()
        >>> metric.update_state([0, 0, 0, 1], [0.9, 0.2, 0.3, 0.8])
        >>> float(metric.result())
        2.0

    Source: https://keras.io/api/metrics/classification_metrics/#truenegatives-class
    """

    def share(self, counts: tuple[Tensor, Tensor, Tensor, Tensor]) -> Tensor:
        return counts[2]


class FalseNegatives(_AtThresholds):
    """How many positive samples are predicted as negative: labels of 1, predictions up to a threshold.

    Example:
        >>> from tfjs_pyo import keras
        >>> metric = keras.metrics.FalseNegatives()
        >>> metric.update_state([0, 1, 1, 1], [0.9, 0.2, 0.7, 0.8])
        >>> float(metric.result())
        1.0

    Source: https://keras.io/api/metrics/classification_metrics/#falsenegatives-class
    """

    def share(self, counts: tuple[Tensor, Tensor, Tensor, Tensor]) -> Tensor:
        return counts[3]


class _OfChosen(_AtThresholds):
    """Base of precision and recall, which may look at the largest predictions or at one class only."""

    top_k: int | None = field(None, positive_int)
    class_id: int | None = field(None)

    def totals(self, y_true: Tensor, y_pred: Tensor, weight: Tensor | None) -> Tensor:
        if self.top_k is not None:
            least = ops.topk(y_pred, self.top_k).values[..., -1:]
            chosen = ops.greater_equal(y_pred, least)
            y_pred = (
                ops.cast(chosen, "float32") if self.thresholds is None else ops.where(chosen, y_pred, -1.0)
            )
        if self.class_id is not None:
            y_true, y_pred = y_true[..., self.class_id], y_pred[..., self.class_id]
        return super().totals(y_true, y_pred, weight)


class Precision(_OfChosen):
    """The share of the samples predicted as positive that are; 0 if there are none.

    Args:
        thresholds: predictions above it count as true; default: 0.5; a list gives a number for each.
        top_k: only the k largest predictions of a sample may count as positive; without thresholds they all do.
        class_id: the column to look at; default: all of them.
        name: what the history calls it.

    Example:
        >>> from tfjs_pyo import keras
        >>> metric = keras.metrics.Precision()
        >>> metric.update_state([0, 1, 0, 1, 1], [1, 0, 0, 1, 1])
        >>> round(float(metric.result()), 4)
        0.6667

    Source: https://keras.io/api/metrics/classification_metrics/#precision-class
    """

    def share(self, counts: tuple[Tensor, Tensor, Tensor, Tensor]) -> Tensor:
        hits, false, _, _ = counts
        return ops.div_no_nan(hits, hits + false)


class Recall(_OfChosen):
    """The share of the positive samples that are predicted as positive; 0 if there are none.

    Args:
        thresholds: predictions above it count as true; default: 0.5; a list gives a number for each.
        top_k: only the k largest predictions of a sample may count as positive; without thresholds they all do.
        class_id: the column to look at; default: all of them.
        name: what the history calls it.

    Example:
        >>> from tfjs_pyo import keras
        >>> metric = keras.metrics.Recall()
        >>> metric.update_state([0, 1, 1, 1, 1], [1, 0, 1, 1, 1])
        >>> float(metric.result())
        0.75

    Source: https://keras.io/api/metrics/classification_metrics/#recall-class
    """

    def share(self, counts: tuple[Tensor, Tensor, Tensor, Tensor]) -> Tensor:
        hits, _, _, misses = counts
        return ops.div_no_nan(hits, hits + misses)


class AUC(_Hits):
    """The area under a curve of all thresholds: of recall over the share of false alarms, or of precision over recall.

    Args:
        num_thresholds: how many thresholds, evenly from 0 to 1, stand for all.
        curve: 'ROC' or 'PR'.
        summation_method: 'interpolation', 'minoring' or 'majoring', the height between two thresholds.
        thresholds: those between 0 and 1 to take instead.
        from_logits: whether predictions are logits.
        multi_label: whether each column has an area of its own, of which the mean is taken.
        num_labels: taken for Keras's sake; columns are counted when they are seen.
        label_weights: weights of the columns in the mean.
        name: what the history calls it.

    Raises:
        OptionError: fewer than 2 thresholds.

    Example:
        >>> from tfjs_pyo import keras
        >>> metric = keras.metrics.AUC(num_thresholds=3)
        >>> metric.update_state([0, 0, 1, 1], [0, 0.5, 0.3, 0.9])
        >>> float(metric.result())
        0.75

    Source: https://keras.io/api/metrics/classification_metrics/#auc-class
    """

    order: ClassVar[Order] = ("num_thresholds", "curve", "summation_method", "name", "dtype", ...)

    num_thresholds: int = field(200, positive_int)
    curve: str = field("roc", choice("roc", "pr"))
    summation_method: str = field("interpolation", choice("interpolation", "minoring", "majoring"))
    thresholds: Any = field(None, _thresholds)
    multi_label: bool = field(False)
    num_labels: int | None = field(None, positive_int)
    label_weights: Any = field(None)
    from_logits: bool = field(False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.thresholds is None and self.num_thresholds < 2:
            raise OptionError(
                f"{self.display_name}: expected {naming.camel('num_thresholds')!r} to be 2 or more, received "
                f"{self.num_thresholds}."
            )

    def cuts(self) -> tuple[float, ...]:
        steps = self.num_thresholds - 1
        inner = tuple(i / steps for i in range(1, steps))
        if self.thresholds is not None:
            inner = (
                tuple(sorted(self.thresholds)) if isinstance(self.thresholds, tuple) else (self.thresholds,)
            )
        return (-1e-7, *inner, 1 + 1e-6)

    def totals(self, y_true: Tensor, y_pred: Tensor, weight: Tensor | None) -> Tensor:
        shares = ops.sigmoid(y_pred) if self.from_logits else y_pred
        if not self.multi_label:
            return super().totals(y_true, shares, weight)
        of_labels = weight is not None and weight.rank == y_true.rank and weight.shape[-1] == y_true.shape[-1]
        weights = ops.unstack(weight, -1) if of_labels else [weight] * y_true.shape[-1]
        columns = zip(ops.unstack(y_true, -1), ops.unstack(shares, -1), weights, strict=True)
        return ops.concat([super(AUC, self).totals(*column) for column in columns])

    def compute(self, totals: Tensor) -> Tensor:
        if not self.multi_label:
            return self._area(totals)
        size = 2 * len(self.cuts()) + 2
        areas = ops.stack([self._area(totals[i : i + size]) for i in range(0, totals.size, size)])
        if self.label_weights is None:
            return ops.mean(areas)
        weights = ops.tensor1d(list(self.label_weights))
        return ops.sum(areas * weights) / ops.sum(weights)

    def _area(self, totals: Tensor) -> Tensor:
        hits, false, right, misses = self.counts(totals)
        if self.curve == "pr" and self.summation_method == "interpolation":
            return _interpolated(hits, hits + false, hits[0] + misses[0])
        recall = ops.div_no_nan(hits, hits + misses)
        if self.curve == "roc":
            x, y = ops.div_no_nan(false, false + right), recall
        else:
            x, y = recall, ops.div_no_nan(hits, hits + false)
        means = {
            "interpolation": lambda a, b: (a + b) / 2.0,
            "minoring": ops.minimum,
            "majoring": ops.maximum,
        }
        return ops.sum((x[:-1] - x[1:]) * means[self.summation_method](y[:-1], y[1:]))


class _Best(_Hits):
    """Base: the best of one share over all thresholds at which another one reaches a value."""

    _internal = ("best", "shares")
    order: ClassVar[Order] = (..., "num_thresholds", "class_id", "name", "dtype")

    num_thresholds: int = field(200, positive_int)
    class_id: int | None = field(None)

    def cuts(self) -> tuple[float, ...]:
        if self.num_thresholds == 1:
            return (0.5,)
        return tuple(i / (self.num_thresholds - 1) for i in range(self.num_thresholds))

    def totals(self, y_true: Tensor, y_pred: Tensor, weight: Tensor | None) -> Tensor:
        if self.class_id is not None:
            y_true, y_pred = y_true[..., self.class_id], y_pred[..., self.class_id]
        return super().totals(y_true, y_pred, weight)

    def best(self, share: Tensor, other: Tensor, least: float) -> Tensor:
        """Returns the largest share where the other one is at least `least`; 0 if it is nowhere."""
        return ops.max(ops.where(ops.greater_equal(other, least), share, 0.0))

    def shares(self, totals: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Returns precision, recall and specificity for each threshold."""
        hits, false, right, misses = self.counts(totals)
        return (
            ops.div_no_nan(hits, hits + false),
            ops.div_no_nan(hits, hits + misses),
            ops.div_no_nan(right, right + false),
        )


class SensitivityAtSpecificity(_Best):
    """The best recall among thresholds that reach a specificity.

    Args:
        specificity: that is to be reached, 0 to 1.
        num_thresholds: how many thresholds, evenly from 0 to 1, are tried.
        name: what the history calls it.

    Example:
        >>> from tfjs_pyo import keras
        >>> metric = keras.metrics.SensitivityAtSpecificity(0.5)
        >>> metric.update_state([0, 0, 1, 1], [0.1, 0.5, 0.3, 0.9])
        >>> float(metric.result())
        1.0

    Source: https://keras.io/api/metrics/classification_metrics/#sensitivityatspecificity-class
    """

    specificity: float = field(convert=number(0, 1))

    def compute(self, totals: Tensor) -> Tensor:
        _, recall, specificity = self.shares(totals)
        return self.best(recall, specificity, self.specificity)


class SpecificityAtSensitivity(_Best):
    """The best specificity among thresholds that reach a recall.

    Args:
        sensitivity: the recall that is to be reached, 0 to 1.
        num_thresholds: how many thresholds, evenly from 0 to 1, are tried.
        name: what the history calls it.

    Example:
        >>> from tfjs_pyo import keras
        >>> metric = keras.metrics.SpecificityAtSensitivity(1.0)
        >>> metric.update_state([0, 0, 1, 1], [0.1, 0.5, 0.3, 0.9])
        >>> float(metric.result())
        0.5

    Source: https://keras.io/api/metrics/classification_metrics/#specificityatsensitivity-class
    """

    sensitivity: float = field(convert=number(0, 1))

    def compute(self, totals: Tensor) -> Tensor:
        _, recall, specificity = self.shares(totals)
        return self.best(specificity, recall, self.sensitivity)


class PrecisionAtRecall(_Best):
    """The best precision among thresholds that reach a recall.

    Args:
        recall: that is to be reached, 0 to 1.
        num_thresholds: how many thresholds, evenly from 0 to 1, are tried.
        name: what the history calls it.

    Example:
        >>> from tfjs_pyo import keras
        >>> metric = keras.metrics.PrecisionAtRecall(0.5)
        >>> metric.update_state([0, 0, 1, 1], [0.1, 0.5, 0.3, 0.9])
        >>> float(metric.result())
        1.0

    Source: https://keras.io/api/metrics/classification_metrics/#precisionatrecall-class
    """

    recall: float = field(convert=number(0, 1))

    def compute(self, totals: Tensor) -> Tensor:
        precision, recall, _ = self.shares(totals)
        return self.best(precision, recall, self.recall)


class RecallAtPrecision(_Best):
    """The best recall among thresholds that reach a precision.

    Args:
        precision: that is to be reached, 0 to 1.
        num_thresholds: how many thresholds, evenly from 0 to 1, are tried.
        name: what the history calls it.

    Example:
        >>> from tfjs_pyo import keras
        >>> metric = keras.metrics.RecallAtPrecision(0.8)
        >>> metric.update_state([0, 0, 1, 1], [0.1, 0.5, 0.3, 0.9])
        >>> float(metric.result())
        0.5

    Source: https://keras.io/api/metrics/classification_metrics/#recallatprecision-class
    """

    precision: float = field(convert=number(0, 1))

    def compute(self, totals: Tensor) -> Tensor:
        precision, recall, _ = self.shares(totals)
        return self.best(recall, precision, self.precision)


def _interpolated(hits: Tensor, predicted: Tensor, positives: Tensor) -> Tensor:
    """Returns the area under precision over recall, with hits, not precision, in a straight line between thresholds."""
    before, after = predicted[:-1], predicted[1:]
    slope = ops.div_no_nan(hits[:-1] - hits[1:], ops.maximum(before - after, 0.0))
    intercept = hits[1:] - slope * after
    both = ops.logical_and(ops.greater(before, 0.0), ops.greater(after, 0.0))
    ratio = ops.where(both, ops.div_no_nan(before, ops.maximum(after, 0.0)), 1.0)
    areas = slope * ((hits[:-1] - hits[1:]) + intercept * ops.log(ratio))
    return ops.sum(ops.div_no_nan(areas, positives))


class FBetaScore(Metric):
    """The harmonic mean of precision and recall per class, in which recall counts beta times as much.

    Args:
        average: 'micro' over all decisions, 'macro' over classes, 'weighted' over classes by how often they come; None
            for a number per class.
        beta: weight of recall.
        threshold: predictions above it count as true; None lets the largest prediction of a sample count.
        name: what the history calls it.

    Example:
        >>> from tfjs_pyo import keras
        >>> metric = keras.metrics.FBetaScore(beta=2.0, threshold=0.5)
        >>> metric.update_state([[1], [0], [0]], [[0.9], [0.8], [0.1]])
        >>> round(float(metric.result()[0]), 4)
        0.8333

    Source: https://keras.io/api/metrics/classification_metrics/#fbetascore-class
    """

    order: ClassVar[Order] = (..., "name", "dtype")

    name: str | None = field(None, keras="fbeta_score")
    average: str | None = field(None, choice("micro", "macro", "weighted"))
    beta: float = field(1.0, number(0))
    threshold: float | None = field(None, number())

    def totals(self, y_true: Tensor, y_pred: Tensor, weight: Tensor | None) -> Tensor:
        self.same_shape(y_true, y_pred)
        weights = weights_of(y_pred, weight)
        if self.threshold is None:
            largest = ops.equal(y_pred, ops.max(y_pred, -1, True))
            chosen = ops.logical_and(largest, ops.greater(ops.abs(y_pred), 1e-9))
        else:
            chosen = ops.greater(y_pred, self.threshold)
        predicted = ops.cast(chosen, "float32") * weights
        axes = tuple(range(y_pred.rank - 1))
        return ops.concat([ops.sum(x, axes) for x in (predicted * y_true, predicted, y_true * weights)])

    def compute(self, totals: Tensor) -> Tensor:
        hits, predicted, positives = ops.unstack(ops.reshape(totals, (3, -1)))
        if self.average == "micro":
            hits, predicted, positives = (ops.sum(x, keep_dims=True) for x in (hits, predicted, positives))
        precision, recall = ops.div_no_nan(hits, predicted), ops.div_no_nan(hits, positives)
        square = self.beta**2
        scores = (1 + square) * ops.div_no_nan(precision * recall, square * precision + recall)
        if self.average == "weighted":
            return ops.sum(scores * ops.div_no_nan(positives, ops.sum(positives)))
        return scores if self.average is None else ops.mean(scores)


class F1Score(FBetaScore):
    """The harmonic mean of precision and recall per class.

    Args:
        average: 'micro', 'macro', 'weighted', or None for a number per class.
        threshold: predictions above it count as true; None lets the largest prediction of a sample count.
        name: what the history calls it.

    Example:
        >>> from tfjs_pyo import keras
        >>> metric = keras.metrics.F1Score(threshold=0.5)
        >>> metric.update_state([[1, 1], [1, 0]], [[0.6, 0.7], [0.2, 0.3]])
        >>> metric.result()
        Tensor
            [0.6666667, 1]

    Source: https://keras.io/api/metrics/classification_metrics/#f1score-class
    """

    name: str | None = field(None, keras="f1_score")
    beta: float = field(1.0, number(1, 1), saved=False, argument="")
