"""`keras.applications.xception`. Source: https://arxiv.org/abs/1610.02357"""

from __future__ import annotations

from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.keras import layers
from tfjs_pyo.keras.applications.building import constructor, usual_weights
from tfjs_pyo.keras.applications.imagenet_utils import functions_for

_ENTRY = ((2, 128), (3, 256), (4, 728))
"""Blocks that halve images, and their channels."""


def _normalized(x: Any, name: str, activation: bool = True) -> Any:
    x = layers.BatchNormalization(name=f"{name}_bn")(x)
    return layers.Activation("relu", name=f"{name}_act")(x) if activation else x


def _separable(x: Any, channels: int, name: str, activated: bool = True) -> Any:
    """Returns a separable convolution and its normalization, after an activation."""
    if activated:
        x = layers.Activation("relu", name=f"{name}_act")(x)
    x = layers.SeparableConv2D(channels, 3, padding="same", use_bias=False, name=name)(x)
    return _normalized(x, name, activation=False)


def _halving(x: Any, block: int, channels: tuple[int, int], activated: bool) -> Any:
    shortcut = layers.Conv2D(channels[1], 1, strides=2, padding="same", use_bias=False)(x)
    shortcut = layers.BatchNormalization()(shortcut)
    for place, count in enumerate(channels, 1):
        x = _separable(x, count, f"block{block}_sepconv{place}", activated or place > 1)
    x = layers.MaxPooling2D(3, strides=2, padding="same", name=f"block{block}_pool")(x)
    return layers.add([x, shortcut])


def _body(x: Any) -> Any:
    for place, (channels, stride) in enumerate(((32, 2), (64, 1)), 1):
        name = f"block1_conv{place}"
        x = layers.Conv2D(channels, 3, strides=stride, use_bias=False, name=name)(x)
        x = _normalized(x, name)
    for block, channels in _ENTRY:
        x = _halving(x, block, (channels, channels), activated=block > 2)
    for block in range(5, 13):
        shortcut = x
        for place in (1, 2, 3):
            x = _separable(x, 728, f"block{block}_sepconv{place}")
        x = layers.add([x, shortcut])
    x = _halving(x, 13, (728, 1024), activated=True)
    for place, channels in enumerate((1536, 2048), 1):
        x = _separable(x, channels, f"block14_sepconv{place}", activated=False)
        x = layers.Activation("relu", name=f"block14_sepconv{place}_act")(x)
    return x


Xception = constructor(
    "Xception",
    "xception",
    _body,
    "separable convolutions, in blocks whose inputs are added to their outputs.",
    "https://keras.io/api/applications/xception/",
    usual=299,
    least=71,
    mode="tf",
    files=usual_weights(
        "xception", "xception", ("0a58e3b7378bc2990ea3b43d5981f1f6", "b0042744bf5b25fce3cb969f33bebb97")
    ),
)
preprocess_input, decode_predictions = functions_for(__name__, "tf")

__all__ = ["Xception", "decode_predictions", "preprocess_input"]
__dir__ = naming.public_dir(__name__)
