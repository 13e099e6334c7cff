"""How a model was compiled, as files have it: optimizer, losses, metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tfjs_pyo import naming
from tfjs_pyo.config import writing
from tfjs_pyo.dialects import KERAS as KERAS_DIALECT
from tfjs_pyo.dialects import TFJS
from tfjs_pyo.metrics.base import Metric

if TYPE_CHECKING:
    from tfjs_pyo.models.base import Model

KERAS = "keras.optimizers"
"""The module that Keras's files name beside an optimizer's class."""


def training_config(model: Model) -> dict[str, Any] | None:
    """Returns how a model was compiled, in TF.js's form; None if it was not."""
    compiled = model._compiled_with
    if compiled is None:
        return None
    optimizer = compiled["optimizer"]
    losses = [naming.snake(getattr(loss, "__name__", str(loss))) for loss in compiled["losses"]]
    names = [[naming.snake(_metric_name(metric)) for metric in each] for each in compiled["metrics"]]
    several = len(losses) > 1
    with writing(TFJS):
        kind, options = optimizer.saved_class_name(), optimizer.get_config()
    config: dict[str, Any] = {
        "loss": losses if several else losses[0] if losses else None,
        "metrics": dict(zip(model.output_names, names, strict=False)) if several else (names or [[]])[0],
        "optimizer_config": {
            "class_name": kind,
            "config": {naming.camel(key): value for key, value in options.items()},
        },
    }
    if type(optimizer).dialect is KERAS_DIALECT:
        config["optimizer_config"]["module"] = KERAS
    if any(weight != 1 for weight in compiled["loss_weights"]):
        config["lossWeights"] = compiled["loss_weights"]
    return config


def _metric_name(metric: Any) -> str:
    if isinstance(metric, str):
        return metric
    return type(metric).__name__ if isinstance(metric, Metric) else getattr(metric, "__name__", str(metric))


__all__ = ["KERAS", "training_config"]
