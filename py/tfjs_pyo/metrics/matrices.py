"""Metrics of whole tables of sums: intersection over union of classes, and the variance that predictions explain."""

from __future__ import annotations

from typing import Any, ClassVar

from tfjs_pyo import ops
from tfjs_pyo.config import Order, choice, field, number, positive_int, whole_numbers
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.metrics.base import Metric, weights_of


class IoU(Metric):
    """The overlap of where a class is and where it was predicted, as a share of both together; mean over some classes.

    Args:
        num_classes: how many classes there are; targets and predictions are their numbers.
        target_class_ids: the classes of the mean.
        ignore_class: targets of this class do not count.
        sparse_y_true: whether targets are class numbers; else they are one-hot, on the last axis.
        sparse_y_pred: whether predictions are class numbers; else they are scores.
        axis: of one-hot targets and scores.
        name: what the history calls it.

    Example:
        >>> from tfjs_pyo import keras
        >>> metric = keras.metrics.IoU(num_classes=2, target_class_ids=[1])
        >>> metric.update_state([0, 1, 1, 1], [1, 1, 1, 0])
        >>> float(metric.result())
        0.5

    Source: https://keras.io/api/metrics/segmentation_metrics/#iou-class
    """

    order: ClassVar[Order] = ("num_classes", "target_class_ids", "threshold", "name", "dtype", ...)

    num_classes: int = field(convert=positive_int)
    target_class_ids: tuple[int, ...] | None = field(convert=whole_numbers)
    ignore_class: int | None = field(None)
    sparse_y_true: bool = field(True)
    sparse_y_pred: bool = field(True)
    axis: int = field(-1)

    def compared(self, y_true: Tensor, y_pred: Tensor, weight: Tensor | None = None) -> Tensor:
        true = y_true if self.sparse_y_true else ops.arg_max(y_true, self.axis)
        predicted = y_pred if self.sparse_y_pred else ops.arg_max(y_pred, self.axis)
        return super().compared(true, predicted, weight)

    def totals(self, y_true: Tensor, y_pred: Tensor, weight: Tensor | None) -> Tensor:
        self.same_shape(y_true, y_pred)
        weights = weights_of(y_true, weight)
        if self.ignore_class is not None:
            weights = weights * ops.cast(ops.not_equal(y_true, float(self.ignore_class)), "float32")
        true, predicted = (
            ops.one_hot(ops.reshape(ops.cast(y, "int32"), (-1,)), self.num_classes, dtype="float32")
            for y in (y_true, y_pred)
        )
        weighted = true * ops.reshape(weights, (-1, 1))
        return ops.reshape(ops.mat_mul(weighted, predicted, True), (-1,))

    def compute(self, totals: Tensor) -> Tensor:
        table = ops.reshape(totals, (self.num_classes, self.num_classes))
        both = ops.sum(table * ops.eye(self.num_classes), 1)
        either = ops.sum(table, 0) + ops.sum(table, 1) - both
        if self.target_class_ids is not None:
            chosen = ops.tensor(list(self.target_class_ids), dtype="int32")
            both, either = ops.gather(both, chosen), ops.gather(either, chosen)
        present = ops.cast(ops.greater(either, 0.0), "float32")
        return ops.div_no_nan(ops.sum(ops.div_no_nan(both, either)), ops.sum(present))


class MeanIoU(IoU):
    """Intersection over union, mean over all classes that occur.

    Args:
        num_classes: how many classes there are; targets and predictions are their numbers.
        ignore_class: targets of this class do not count.
        sparse_y_true: whether targets are class numbers; else they are one-hot, on the last axis.
        sparse_y_pred: whether predictions are class numbers; else they are scores.
        axis: of one-hot targets and scores.
        name: what the history calls it.

    Example:
        >>> from tfjs_pyo import keras
        >>> metric = keras.metrics.MeanIoU(num_classes=2)
        >>> metric.update_state([0, 0, 1, 1], [0, 1, 1, 1])
        >>> round(float(metric.result()), 4)
        0.5833

    Source: https://keras.io/api/metrics/segmentation_metrics/#meaniou-class
    """

    target_class_ids: tuple[int, ...] | None = field(None, whole_numbers, argument="", saved=False)


class BinaryIoU(IoU):
    """Intersection over union of two classes, told apart by a threshold.

    Args:
        target_class_ids: (0, 1), (0,) or (1,), the classes of the mean.
        threshold: predictions from it on are of class 1.
        name: what the history calls it.

    Example:
        >>> from tfjs_pyo import keras
        >>> metric = keras.metrics.BinaryIoU(target_class_ids=[1], threshold=0.5)
        >>> metric.update_state([0, 1, 1, 1], [0.9, 0.8, 0.7, 0.1])
        >>> float(metric.result())
        0.5

    Source: https://keras.io/api/metrics/segmentation_metrics/#binaryiou-class
    """

    num_classes: int = field(2, positive_int, argument="", saved=False)
    ignore_class: int | None = field(None, argument="", saved=False)
    sparse_y_true: bool = field(True, argument="", saved=False)
    sparse_y_pred: bool = field(True, argument="", saved=False)
    axis: int = field(-1, argument="", saved=False)
    target_class_ids: tuple[int, ...] | None = field((0, 1), whole_numbers)
    threshold: float = field(0.5, number())

    def totals(self, y_true: Tensor, y_pred: Tensor, weight: Tensor | None) -> Tensor:
        return super().totals(y_true, ops.cast(ops.greater_equal(y_pred, self.threshold), "float32"), weight)


class OneHotIoU(IoU):
    """Intersection over union of one-hot targets and scores.

    Args:
        num_classes: how many classes there are.
        target_class_ids: the classes of the mean.
        name: what the history calls it.

    Example:
        >>> from tfjs_pyo import keras
        >>> metric = keras.metrics.OneHotIoU(num_classes=2, target_class_ids=[1])
        >>> metric.update_state([[1, 0], [0, 1]], [[0.4, 0.6], [0.2, 0.8]])
        >>> float(metric.result())
        0.5

    Source: https://keras.io/api/metrics/segmentation_metrics/#onehotiou-class
    """

    sparse_y_true: bool = field(False, argument="", saved=False)
    sparse_y_pred: bool = field(False)


class OneHotMeanIoU(MeanIoU, OneHotIoU):
    """Mean intersection over union of one-hot targets and scores.

    Args:
        num_classes: how many classes there are.
        name: what the history calls it.

    Example:
        >>> from tfjs_pyo import keras
        >>> metric = keras.metrics.OneHotMeanIoU(num_classes=2)
        >>> metric.update_state([[1, 0], [0, 1]], [[0.4, 0.6], [0.2, 0.8]])
        >>> float(metric.result())
        0.25

    Source: https://keras.io/api/metrics/segmentation_metrics/#onehotmeaniou-class
    """

    sparse_y_true: bool = field(False, argument="", saved=False)
    sparse_y_pred: bool = field(False)


class R2Score(Metric):
    """The share of the variance of targets that predictions explain, for each column: 1 less residuals over variance.

    Args:
        class_aggregation: 'uniformAverage' over columns, 'varianceWeightedAverage', or None for a number per column.
        num_regressors: of the model; above 0 the score is adjusted for their number, if there are more values than that.
        name: what the history calls it.

    Example:
        >>> from tfjs_pyo import keras
        >>> metric = keras.metrics.R2Score()
        >>> metric.update_state([[1], [2], [3]], [[1], [2], [4]])
        >>> float(metric.result())
        0.5

    Source: https://keras.io/api/metrics/regression_metrics/#r2score-class
    """

    order: ClassVar[Order] = (..., "name", "dtype")

    name: str | None = field(None, keras="r2_score")
    class_aggregation: str | None = field(
        "uniform_average", choice("uniform_average", "variance_weighted_average")
    )
    num_regressors: int = field(0, number(0))

    def totals(self, y_true: Tensor, y_pred: Tensor, weight: Tensor | None) -> Tensor:
        self.same_shape(y_true, y_pred)
        columns = 1 if y_true.rank == 1 else y_true.shape[-1]
        weights = ops.reshape(weights_of(y_true, weight), (-1, columns))
        true, predicted = ops.reshape(y_true, (-1, columns)), ops.reshape(y_pred, (-1, columns))
        summed: list[Any] = [true, ops.square(true), ops.square(true - predicted), ops.ones(true.shape)]
        return ops.concat(
            [*(ops.sum(x * weights, 0) for x in summed), ops.fill((columns,), float(true.shape[0]))]
        )

    def compute(self, totals: Tensor) -> Tensor:
        first, squares, residuals, count, rows = ops.unstack(ops.reshape(totals, (5, -1)))
        spread = squares - first * ops.div_no_nan(first, count)
        scores = 1.0 - ops.div_no_nan(residuals, spread)
        scores = ops.where(ops.equal(spread, 0.0), ops.zeros_like(scores), scores)
        if self.class_aggregation == "variance_weighted_average":
            scores = ops.sum(scores * spread) / ops.sum(spread)
        elif self.class_aggregation == "uniform_average":
            scores = ops.mean(scores)
        if self.num_regressors:
            beyond = (
                ops.sum(rows) - self.num_regressors - 1.0
            )  # as Keras counts: values of all columns, whatever they weigh
            adjusted = 1.0 - (1.0 - scores) * ops.div_no_nan(beyond + self.num_regressors, beyond)
            scores = ops.where(ops.greater(beyond, 0.0), adjusted, scores)
        return scores
