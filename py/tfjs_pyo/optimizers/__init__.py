"""Optimizers, also as `tf.train`: one file for each, named so that no module hides `tf.train.adam`."""

from __future__ import annotations

from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.dialects import KERAS, TFJS, Dialect
from tfjs_pyo.optimizers import schedules
from tfjs_pyo.optimizers.adadelta_optimizer import Adadelta
from tfjs_pyo.optimizers.adagrad_optimizer import Adagrad
from tfjs_pyo.optimizers.adam_optimizer import Adam
from tfjs_pyo.optimizers.adamax_optimizer import Adamax
from tfjs_pyo.optimizers.adamw_optimizer import AdamW
from tfjs_pyo.optimizers.base import Optimizer
from tfjs_pyo.optimizers.ftrl_optimizer import Ftrl
from tfjs_pyo.optimizers.lamb_optimizer import Lamb
from tfjs_pyo.optimizers.lion_optimizer import Lion
from tfjs_pyo.optimizers.momentum_optimizer import Momentum
from tfjs_pyo.optimizers.nadam_optimizer import Nadam
from tfjs_pyo.optimizers.rmsprop_optimizer import RMSProp
from tfjs_pyo.optimizers.sgd_optimizer import SGD
from tfjs_pyo.registry import Registry

OPTIMIZERS = Registry(
    "optimizer", (SGD, Momentum, Adagrad, Adadelta, Adam, Adamax, RMSProp, AdamW, Nadam, Ftrl, Lion, Lamb)
)


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
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Ftrl",
    "Lamb",
    "Lion",
    "Momentum",
    "Nadam",
    "Optimizer",
    "RMSProp",
    "get",
    "schedules",
]
__getattr__, __dir__ = naming.module_names(__name__)
