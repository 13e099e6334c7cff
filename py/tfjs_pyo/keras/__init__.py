"""Keras's names for the same things: `tf.keras.Sequential`, `tf.keras.layers.Dense`, `tf.keras.utils.set_random_seed`."""

from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.importing import install, uninstall
from tfjs_pyo.keras import (
    activations,
    callbacks,
    constraints,
    initializers,
    layers,
    losses,
    metrics,
    optimizers,
    regularizers,
    saving,
    utils,
)
from tfjs_pyo.keras.absent import require
from tfjs_pyo.keras.layers import Input
from tfjs_pyo.keras.models import Functional as Function
from tfjs_pyo.keras.models import Model, Sequential
from tfjs_pyo.keras.scopes import RematScope, device, remat, version
from tfjs_pyo.keras.symbols import KerasTensor
from tfjs_pyo.variables import StatelessScope, Variable, name_scope

__version__ = version()
Constraint = constraints.Constraint
Initializer = initializers.Initializer
InputSpec, Layer, Operation = layers.InputSpec, layers.Layer, layers.Layer
Loss = losses.Loss
Metric = metrics.Metric
Optimizer = optimizers.Optimizer
Regularizer = regularizers.Regularizer

__all__ = [
    "Constraint", "DTypePolicy", "FloatDTypePolicy", "Function", "Initializer", "Input", "InputSpec", "KerasTensor",
    "Layer", "Loss", "Metric", "Model", "Operation", "Optimizer", "Regularizer", "RematScope", "Sequential",
    "StatelessScope", "Variable", "activations", "applications", "backend", "callbacks", "config", "constraints", "datasets",
    "device",
    "dtype_policies", "initializers", "install", "layers", "legacy", "losses", "metrics", "mixed_precision", "models",
    "name_scope", "ops", "optimizers", "preprocessing", "random", "regularizers", "remat", "saving", "tree",
    "uninstall", "utils", "version",
]  # fmt: skip
LATER = {
    "tfjs_pyo.keras": (
        "applications", "backend", "config", "datasets", "dtype_policies", "legacy", "mixed_precision", "ops",
        "preprocessing", "random", "tree",
    ),
    "tfjs_pyo.keras.dtype_policies": ("DTypePolicy", "FloatDTypePolicy"),
}  # fmt: skip
"""Names whose modules are loaded when a program first asks for them."""
_find, __dir__ = naming.module_names(__name__, later=LATER)


def __getattr__(name: str) -> Any:
    require("keras", name)
    return _find(name)
