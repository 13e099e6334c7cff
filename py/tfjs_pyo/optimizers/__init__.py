"""Optimizers, also as `tf.train`: one file for each, named so that no module hides `tf.train.adam`."""

from __future__ import annotations

from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.dialects import KERAS, TFJS, Dialect
from tfjs_pyo.optimizers import known, schedules
from tfjs_pyo.optimizers.base import Optimizer
from tfjs_pyo.optimizers.known import (
    SGD,
    Adadelta,
    Adafactor,
    Adagrad,
    Adam,
    Adamax,
    AdamW,
    Ftrl,
    Lamb,
    Lion,
    Momentum,
    Muon,
    Nadam,
    RMSProp,
    ScheduleFreeAdamW,
)
from tfjs_pyo.optimizers.wrapping import LossScaleOptimizer, MultiOptimizer

OPTIMIZERS = known.OPTIMIZERS
for _wrapper in (LossScaleOptimizer, MultiOptimizer):
    OPTIMIZERS.register(_wrapper)

_BY_NAME: dict[type[Optimizer], dict[str, float]] = {Adadelta: {"learning_rate": 1.0}}
"""What TF.js's `compile` gives an optimizer that it knows by name only, where that is not the default."""


def get(value: Any, owner: str | None = None, dialect: Dialect = TFJS) -> Optimizer:
    """Returns an optimizer for a name, a `{'className', 'config'}` dict, a class, or the optimizer itself.

    Args:
        value: what the user gave.
        owner: who asks, for errors.
        dialect: the API whose optimizers names mean.

    Raises:
        OptionError: an unknown name, or no optimizer.

    Example:
        >>> get("adam").learning_rate
        0.001
    """
    if dialect is KERAS:
        keras: Optimizer = OPTIMIZERS.in_keras.get(value, owner)
        return keras
    if isinstance(value, str):
        kind: type[Optimizer] = OPTIMIZERS.find(value, owner or "optimizer")
        return kind(**_BY_NAME.get(kind, {}))
    found: Optimizer = OPTIMIZERS.get(value, owner)
    return found


__all__ = [
    "SGD",
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Ftrl",
    "Lamb",
    "Lion",
    "Momentum",
    "Muon",
    "Nadam",
    "Optimizer",
    "RMSProp",
    "ScheduleFreeAdamW",
    "schedules",
]
__getattr__, __dir__ = naming.module_names(__name__)
