"""What Keras's `compile` asks of outputs: losses, weights and metrics as it reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tfjs_pyo import metrics as metric_functions
from tfjs_pyo import naming, ops
from tfjs_pyo.config import number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.errors import ArgumentError, OptionError
from tfjs_pyo.losses import functions as losses
from tfjs_pyo.losses.classes import Loss
from tfjs_pyo.metrics.base import Metric, fit_rank
from tfjs_pyo.metrics.classes import CLASSES
from tfjs_pyo.metrics.keras_functions import FUNCTIONS
from tfjs_pyo.models.training.inputs import listed, refuse_unknown_outputs
from tfjs_pyo.models.training.objectives import Objective


def objectives_for(owner: str, given: Mapping[str, Any], outputs: Sequence[str]) -> list[Objective]:
    """Returns what `compile` asks of the outputs that have a loss or metrics.

    Args:
        owner: who asks, for errors.
        given: loss, loss_weights, metrics and weighted_metrics, as `compile` was given them.
        outputs: names of the outputs.

    Raises:
        OptionError: an unknown name, of an output, a loss or a metric.
        ArgumentError: not as many values as outputs.
    """
    found = [_loss(owner, value) for value in _each(owner, "loss", given["loss"], outputs)]
    factors = _each(owner, "loss_weights", given["loss_weights"], outputs)
    metrics = _metrics(owner, "metrics", given["metrics"], outputs)
    weighted = _metrics(owner, "weighted_metrics", given["weighted_metrics"], outputs)
    asked = [
        Objective(
            place,
            name,
            found[place],
            1.0 if factors[place] is None else number()(owner, "loss_weights", factors[place]),
            metrics[place],
            weighted[place],
        )
        for place, name in enumerate(outputs)
    ]
    return [each for each in asked if each.loss is not None or each.metrics or each.weighted_metrics]


def _each(owner: str, what: str, value: Any, outputs: Sequence[str]) -> list[Any]:
    """Returns a value for each output: of a dict, which may leave some out, of a list, or one for all."""
    if isinstance(value, Mapping) and "class_name" not in value:
        refuse_unknown_outputs(owner, what, value, outputs)
        return [value.get(name) for name in outputs]
    if isinstance(value, (list, tuple)):
        if len(value) != len(outputs):
            raise ArgumentError(
                f"{owner}: expected {len(outputs)} values of {what} ({', '.join(outputs)}), received {len(value)}."
            )
        return list(value)
    return [value] * len(outputs)


def _metrics(owner: str, what: str, value: Any, outputs: Sequence[str]) -> list[list[Any]]:
    """Returns a list of metrics for each output: with several of these, a list has an entry for each."""
    if value is not None and not isinstance(value, (list, tuple, Mapping)):
        raise OptionError(f"{owner}: expected {what} to be a list, tuple or dict, received {value!r}.")
    if len(outputs) == 1:
        items = list(value.values()) if isinstance(value, Mapping) else listed(value)
        return [[metric for item in items for metric in listed(item)]]
    if isinstance(value, Mapping) or (value and len(value) == len(outputs)):
        return [listed(item) for item in _each(owner, what, value, outputs)]
    if value and not any(isinstance(item, (list, tuple)) for item in value):
        raise ArgumentError(
            f"{owner}: expected {what} with an entry for each of the {len(outputs)} outputs ({', '.join(outputs)}), or a dict by "
            f"their names, received {len(value)}."
        )
    return [listed(item) for item in _each(owner, what, value or [None] * len(outputs), outputs)]


def _loss(owner: str, value: Any) -> losses.Loss | None:
    if value is None:
        return None
    if _is(value, "crossentropy", "ce"):
        return _crossentropy
    given = value() if isinstance(value, type) and issubclass(value, Loss) else value
    found = losses.get(given, owner, KERAS)
    known = (*losses.LOSSES.items.values(), *losses.LOSSES.in_keras.items.values())
    ours = any(found is each for each in known) or losses.like(found) is not found
    return found if ours else _taking_floats(found)


def _is(value: Any, *names: str) -> bool:
    return isinstance(value, str) and value.lower() in names


def _crossentropy(true: Tensor, predicted: Tensor) -> Tensor:
    """Returns the crossentropy that suits the shapes."""
    kind = _kind_of(true, predicted)
    return getattr(losses, f"{kind}_crossentropy")(true, predicted)


def _kind_of(true: Tensor, predicted: Tensor) -> str:
    """Returns 'binary', 'sparse_categorical' or 'categorical', as Keras tells by the shapes."""
    if predicted.shape[-1] == 1:
        return "binary"
    fewer = true.rank < predicted.rank
    return "sparse_categorical" if fewer or (true.shape[-1] == 1 < predicted.shape[-1]) else "categorical"


def _taking_floats(function: Any) -> Any:
    """Returns a user's loss, given targets as Keras gives them: floats, and of the rank of the predictions."""

    def of_samples(true: Tensor, predicted: Tensor) -> Tensor:
        true = ops.cast(true, "float32")
        longer = true.rank == predicted.rank + 1 and true.shape[-1] == 1
        if longer or (true.shape == predicted.shape[:-1] and predicted.shape[-1] == 1):
            true = fit_rank(true, predicted.rank)
        result = function(true, predicted)
        return result if isinstance(result, Tensor) else ops.tensor(result)

    of_samples.__name__ = getattr(function, "__name__", type(function).__name__)
    of_samples.__self__ = getattr(function, "__self__", function)  # type: ignore[attr-defined]
    return of_samples


def metric_for(owner: str, wanted: Any, objective: Objective, true: Tensor, predicted: Tensor) -> Any:
    """Returns the function or object that a metric stands for; 'accuracy' and 'crossentropy' suit the shapes."""
    if _is(wanted, "accuracy", "acc"):
        return getattr(metric_functions, f"{_kind_of(true, predicted)}_accuracy")
    if _is(wanted, "crossentropy", "ce"):
        return getattr(metric_functions, f"{_kind_of(true, predicted)}_crossentropy")
    if isinstance(wanted, type) and issubclass(wanted, Metric):
        return wanted()
    if isinstance(wanted, str) and naming.nearest_spelling(wanted, FUNCTIONS):
        return FUNCTIONS[naming.resolve(wanted, FUNCTIONS, owner)]
    if isinstance(wanted, str) and naming.nearest_spelling(wanted, CLASSES.items):
        return CLASSES.get(wanted, owner)
    if isinstance(wanted, str) and wanted.lower() in losses.SHORT:
        return losses.get(wanted, owner, KERAS)
    return metric_functions.get(wanted, owner, objective.loss, predicted.shape)


def names_of_metrics(objectives: Sequence[Objective], several: bool) -> list[str]:
    """Returns what the history calls metrics, then weighted ones, each once.

    Args:
        objectives: that have them.
        several: whether there are several outputs, whose names come first.
    """
    names: list[str] = []
    counts: dict[str, int] = {}

    def add(name: str) -> None:
        count = counts[name] = counts.get(name, 0) + 1
        names.append(name if count == 1 else f"{name}_{count - 1}")

    for weighted in (False, True):
        for objective in objectives:
            prefix = f"{objective.name}_" if several else ""
            for metric in objective.weighted_metrics if weighted else objective.metrics:
                label = label_of(metric)
                add(f"{prefix}weighted_{label}" if weighted and prefix + label in counts else prefix + label)
    return names


def label_of(metric: Any) -> str:
    """Returns what a metric is called by itself."""
    if isinstance(metric, str):
        return metric
    if isinstance(metric, Metric):
        return str(metric.name)
    if isinstance(metric, type) and issubclass(metric, Metric):
        return str(metric().name)
    return str(getattr(metric, "__name__", type(metric).__name__))


__all__ = ["label_of", "metric_for", "names_of_metrics", "objectives_for"]
