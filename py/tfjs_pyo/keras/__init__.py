"""Keras's names for the same things: `tf.keras.Sequential`, `tf.keras.layers.Dense`, `tf.keras.utils.set_random_seed`."""

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

__all__ = [
    "Input", "Model", "Sequential", "activations", "callbacks", "constraints", "initializers", "install", "layers",
    "losses", "metrics", "models", "optimizers", "regularizers", "saving", "uninstall", "utils",
]  # fmt: skip
__getattr__, __dir__ = naming.module_names(__name__)
