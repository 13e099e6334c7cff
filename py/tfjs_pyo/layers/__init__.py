"""Layers: `tf.layers.dense(...)`, `tf.layers.Dense(...)`, by TF.js's and by Keras's names."""

from tfjs_pyo import naming
from tfjs_pyo.config import Registry
from tfjs_pyo.layers.advanced_activations import ELU, LeakyReLU, PReLU, ReLU, Softmax, ThresholdedReLU
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
from tfjs_pyo.layers.embeddings import Embedding
from tfjs_pyo.layers.merge import Add, Average, Concatenate, Dot, Maximum, Minimum, Multiply
from tfjs_pyo.layers.noise import AlphaDropout, GaussianDropout, GaussianNoise
from tfjs_pyo.layers.normalization import BatchNormalization, LayerNormalization
from tfjs_pyo.layers.pooling import AveragePooling2D, GlobalAveragePooling2D, GlobalMaxPooling2D, MaxPooling2D

_CLASSES = (
    InputLayer, Dense, Activation, Dropout, Flatten, Reshape, Permute, RepeatVector, Conv2D, MaxPooling2D,
    AveragePooling2D, GlobalAveragePooling2D, GlobalMaxPooling2D,
    ELU, LeakyReLU, PReLU, ReLU, Softmax, ThresholdedReLU,
    Embedding, AlphaDropout, GaussianDropout, GaussianNoise, BatchNormalization, LayerNormalization,
    Add, Average, Concatenate, Dot, Maximum, Minimum, Multiply,
)  # fmt: skip
LAYERS = Registry("layer", _CLASSES)

__all__ = [
    "ELU",
    "Activation",
    "Add",
    "AlphaDropout",
    "Average",
    "AveragePooling2D",
    "BatchNormalization",
    "Concatenate",
    "Conv2D",
    "Dense",
    "Dot",
    "Dropout",
    "Embedding",
    "Flatten",
    "GaussianDropout",
    "GaussianNoise",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling2D",
    "Input",
    "InputLayer",
    "Layer",
    "LayerNormalization",
    "LeakyReLU",
    "MaxPooling2D",
    "Maximum",
    "Minimum",
    "Multiply",
    "PReLU",
    "Permute",
    "ReLU",
    "RepeatVector",
    "Reshape",
    "Softmax",
    "SymbolicTensor",
    "ThresholdedReLU",
]
__getattr__, __dir__ = naming.module_names(__name__)
