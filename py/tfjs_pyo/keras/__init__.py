"""Keras's names for the same things: `tf.keras.Sequential`, `tf.keras.layers.Dense`, `tf.keras.utils.set_random_seed`."""

import importlib
from typing import Any

from tfjs_pyo import naming
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
from tfjs_pyo.keras.importing import install, uninstall
from tfjs_pyo.keras.layers import Input
from tfjs_pyo.keras.models import Functional as Function
from tfjs_pyo.keras.models import Model, Sequential
from tfjs_pyo.keras.symbols import KerasTensor
from tfjs_pyo.ops.declare import LATER
from tfjs_pyo.variables import Variable

Constraint = constraints.Constraint
Initializer = initializers.Initializer
InputSpec, Layer, Operation = layers.InputSpec, layers.Layer, layers.Layer
Loss = losses.Loss
Metric = metrics.Metric
Optimizer = optimizers.Optimizer
Regularizer = regularizers.Regularizer

__all__ = [
    "Constraint", "Function", "Initializer", "Input", "InputSpec", "KerasTensor", "Layer", "Loss", "Metric", "Model", "Operation",
    "Optimizer", "Regularizer",
    "Sequential", "Variable", "activations", "backend", "callbacks", "config", "constraints", "datasets", "dtype_policies",
    "initializers", "install", "layers", "losses", "metrics", "mixed_precision", "models", "ops", "optimizers",
    "preprocessing", "random", "regularizers", "saving", "tree", "uninstall", "utils",
]  # fmt: skip
_LATER = (
    "backend", "config", "datasets", "dtype_policies", "mixed_precision", "ops", "preprocessing", "random", "tree",
)  # fmt: skip
"""Modules that are loaded when a program first asks for them: so a start costs no more for them."""
LATER["keras.ops."] = lambda: importlib.import_module(f"{__name__}.ops")
_find, __dir__ = naming.module_names(__name__)


def __getattr__(name: str) -> Any:
    return importlib.import_module(f"{__name__}.{name}") if name in _LATER else _find(name)
