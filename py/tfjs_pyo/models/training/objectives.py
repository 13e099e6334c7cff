"""What `compile` asks of the outputs of a model: of each a loss with its factor, and metrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.config import number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.layers.passing import masks_of
from tfjs_pyo.losses import functions as losses
from tfjs_pyo.models.training.inputs import Rows, metrics_per_output, per_output
from tfjs_pyo.models.training.sample_weights import weighted


def advice_on_targets(are_numbers: bool, is_flat: bool) -> str:
    """Returns what to do about targets of another shape than the predictions.

    Args:
        are_numbers: whether they are numbers of classes, for a loss that takes a share for each class.
        is_flat: whether predictions have more axes.
    """
    if are_numbers:
        return (
            " This loss takes a share for each of several classes. For class numbers use sparseCategoricalCrossentropy, for one "
            "yes or no binaryCrossentropy."
        )
    return (
        " If a sample has one target, put a flatten or a pooling layer before the last layers."
        if is_flat
        else ""
    )


@dataclass(frozen=True, slots=True)
class Objective:
    """What is asked of one output.

    Attributes:
        place: number of the output.
        name: of the output.
        loss: gives numbers of samples for targets and predictions; None if the output has no share in the loss.
        factor: of its loss in the total.
        metrics: names, functions or objects, as they were given.
        weighted_metrics: those in which samples count by their weights.
    """

    place: int
    name: str
    loss: losses.Loss | None
    factor: float = 1.0
    metrics: list[Any] = field(default_factory=list)
    weighted_metrics: list[Any] = field(default_factory=list)

    @property
    def takes_class_numbers(self) -> bool:
        """Whether targets are numbers of classes, all of which there have to be."""
        if self.loss is None or losses.like(self.loss) is not losses.sparse_categorical_crossentropy:
            return False
        return getattr(getattr(self.loss, "__self__", self.loss), "ignore_class", None) is None

    @property
    def axis_of_classes(self) -> int:
        """The axis of predictions that has a share of each class."""
        return getattr(getattr(self.loss, "__self__", self.loss), "axis", -1)

    def loss_of(self, true: Tensor, predicted: Tensor, rows: Rows, weight: Tensor | None) -> Tensor:
        """Returns the loss of a batch as one number.

        Args:
            true: targets.
            predicted: what the model gave.
            rows: the samples.
            weight: a factor of each sample's loss, or of each of its steps; None for 1.
        """
        loss: Any = self.loss
        each = weighted(loss(true, predicted), weight)
        mask = masks_of(predicted)
        reduction = getattr(getattr(loss, "__self__", None), "reduction", None)
        if reduction == "sum":
            return rows.sum_over(each, mask)
        mean = rows.mean_over(each, mask)
        if reduction == "mean_with_sample_weight" and weight is not None:
            return ops.div_no_nan(mean, rows.mean_over(weighted(ops.ones_like(each), weight), mask))
        return mean


def objectives_for(owner: str, given: dict[str, Any], outputs: Sequence[str]) -> list[Objective]:
    """Returns what TensorFlow.js's `compile` asks of the outputs: a loss of each, and metrics.

    Args:
        owner: who asks, for errors.
        given: loss, metrics and loss_weights, as `compile` was given them.
        outputs: their names.

    Raises:
        OptionError: an unknown name, of an output, a loss or a metric.
        ArgumentError: not as many as there are outputs.
    """
    if given["loss"] is None:
        return []
    found = [losses.get(value, owner) for value in per_output(owner, "loss", given["loss"], outputs)]
    factors = per_output(
        owner, "lossWeights", 1.0 if given["loss_weights"] is None else given["loss_weights"], outputs
    )
    metrics = metrics_per_output(owner, given["metrics"], outputs)
    return [
        Objective(place, name, loss, number(0)(owner, "loss_weights", factor), wanted)
        for place, (name, loss, factor, wanted) in enumerate(
            zip(outputs, found, factors, metrics, strict=True)
        )
    ]


__all__ = ["Objective", "advice_on_targets", "objectives_for"]
