"""Keras's names for the same things: `tf.keras.Sequential`, `tf.keras.layers.Dense`, `tf.keras.utils.set_random_seed`."""

import importlib
from typing import Any

from tfjs_pyo import (
    activations,
    callbacks,
    constraints,
    initializers,
    layers,
    naming,
    regularizers,
)
from tfjs_pyo.keras import losses, metrics, optimizers, saving, utils
from tfjs_pyo.keras.importing import install, uninstall
from tfjs_pyo.keras.models import Model, Sequential
from tfjs_pyo.layers.core import input_ as Input  # noqa: N812 (Keras's name)
from tfjs_pyo.ops.declare import LATER

__all__ = [
    "Input",
    "Model",
    "Sequential",
    "activations",
    "backend",
    "callbacks",
    "config",
    "constraints",
    "datasets",
    "dtype_policies",
    "initializers",
    "install",
    "layers",
    "losses",
    "metrics",
    "mixed_precision",
    "models",
    "ops",
    "optimizers",
    "preprocessing",
    "random",
    "regularizers",
    "saving",
    "tree",
    "uninstall",
    "utils",
]  # fmt: skip
_LATER = (
    "backend", "config", "datasets", "dtype_policies", "mixed_precision", "ops", "preprocessing", "random", "tree",
)  # fmt: skip
"""Modules that are loaded when a program first asks for them: so a start costs no more for them."""
LATER["keras.ops."] = lambda: importlib.import_module(f"{__name__}.ops")
_find, __dir__ = naming.module_names(__name__)


def __getattr__(name: str) -> Any:
    return importlib.import_module(f"{__name__}.{name}") if name in _LATER else _find(name)
