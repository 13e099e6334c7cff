"""Layers: `tf.layers.dense(...)`, `tf.layers.Dense(...)`, by TF.js's and by Keras's names."""

from tfjs_pyo import naming
from tfjs_pyo.config import Registry
from tfjs_pyo.layers.base import Layer, SymbolicTensor
from tfjs_pyo.layers.convolutional import Conv2D
from tfjs_pyo.layers.core import (
    Activation,
    Dense,
    Dropout,
    Flatten,
    InputLayer,
    Permute,
    RepeatVector,
    Reshape,
)
from tfjs_pyo.layers.core import input_ as Input  # noqa: N812 (Keras's name)
from tfjs_pyo.layers.pooling import AveragePooling2D, GlobalAveragePooling2D, GlobalMaxPooling2D, MaxPooling2D

_CLASSES = (
    InputLayer, Dense, Activation, Dropout, Flatten, Reshape, Permute, RepeatVector, Conv2D, MaxPooling2D,
    AveragePooling2D, GlobalAveragePooling2D, GlobalMaxPooling2D,
)  # fmt: skip
LAYERS = Registry("layer", _CLASSES)

__all__ = [
    "Activation",
    "AveragePooling2D",
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling2D",
    "Input",
    "InputLayer",
    "Layer",
    "MaxPooling2D",
    "Permute",
    "RepeatVector",
    "Reshape",
    "SymbolicTensor",
]
__getattr__, __dir__ = naming.module_names(__name__)
