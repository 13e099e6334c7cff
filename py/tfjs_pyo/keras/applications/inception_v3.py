"""`keras.applications.inception_v3`. Source: https://arxiv.org/abs/1512.00567"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.keras import layers
from tfjs_pyo.keras.applications.building import constructor, usual_weights
from tfjs_pyo.keras.applications.imagenet_utils import functions_for

Convolution = tuple[int, int, int]
"""Channels, rows and columns of the kernel."""


def _convolved(
    x: Any, channels: int, rows: int, columns: int, strides: int = 1, padding: str = "same"
) -> Any:
    x = layers.Conv2D(channels, (rows, columns), strides=strides, padding=padding, use_bias=False)(x)
    x = layers.BatchNormalization(scale=False)(x)
    return layers.Activation("relu")(x)


def _chain(x: Any, steps: Sequence[Convolution], halved: bool = False) -> Any:
    """Returns convolutions one after the other.

    Args:
        x: features.
        steps: the convolutions.
        halved: whether the last one halves the images.
    """
    for step in steps[:-1]:
        x = _convolved(x, *step)
    options: dict[str, Any] = {"strides": 2, "padding": "valid"} if halved else {}
    return _convolved(x, *steps[-1], **options)


def _pooled(x: Any, channels: int) -> Any:
    x = layers.AveragePooling2D(3, strides=1, padding="same")(x)
    return _convolved(x, channels, 1, 1)


def _mixed(x: Any, chains: Sequence[Sequence[Convolution]], channels: int, number: int) -> Any:
    """Returns what several chains and a pool see in the same features, side by side."""
    branches = [_chain(x, steps) for steps in chains]
    return layers.concatenate([*branches, _pooled(x, channels)], name=f"mixed{number}")


def _halved(x: Any, chains: Sequence[Sequence[Convolution]], number: int) -> Any:
    branches = [_chain(x, steps, halved=True) for steps in chains]
    return layers.concatenate([*branches, layers.MaxPooling2D(3, strides=2)(x)], name=f"mixed{number}")


def _wide(middle: int) -> list[list[Convolution]]:
    """Returns the chains whose kernels are rows and columns of 7."""
    return [
        [(192, 1, 1)],
        [(middle, 1, 1), (middle, 1, 7), (192, 7, 1)],
        [(middle, 1, 1), (middle, 7, 1), (middle, 1, 7), (middle, 7, 1), (192, 1, 7)],
    ]


def _split(x: Any, first: Sequence[Convolution], name: str | None) -> Any:
    """Returns a chain that ends in two kernels side by side, a row and a column of 3."""
    x = _chain(x, first)
    return layers.concatenate([_convolved(x, 384, 1, 3), _convolved(x, 384, 3, 1)], name=name)


def _last(x: Any, number: int) -> Any:
    branches = [
        _convolved(x, 320, 1, 1),
        _split(x, [(384, 1, 1)], f"mixed9_{number - 9}"),
        _split(x, [(448, 1, 1), (384, 3, 3)], None),
        _pooled(x, 192),
    ]
    return layers.concatenate(branches, name=f"mixed{number}")


def _body(x: Any) -> Any:
    x = _convolved(x, 32, 3, 3, strides=2, padding="valid")
    x = _convolved(x, 32, 3, 3, padding="valid")
    x = _convolved(x, 64, 3, 3)
    x = layers.MaxPooling2D(3, strides=2)(x)
    x = _convolved(x, 80, 1, 1, padding="valid")
    x = _convolved(x, 192, 3, 3, padding="valid")
    x = layers.MaxPooling2D(3, strides=2)(x)
    doubled: list[Convolution] = [(64, 1, 1), (96, 3, 3), (96, 3, 3)]
    for number, channels in enumerate((32, 64, 64)):
        x = _mixed(x, [[(64, 1, 1)], [(48, 1, 1), (64, 5, 5)], doubled], channels, number)
    x = _halved(x, [[(384, 3, 3)], doubled], 3)
    for number, middle in enumerate((128, 160, 160, 192), 4):
        x = _mixed(x, _wide(middle), 192, number)
    x = _halved(x, [[(192, 1, 1), (320, 3, 3)], [(192, 1, 1), (192, 1, 7), (192, 7, 1), (192, 3, 3)]], 8)
    for number in (9, 10):
        x = _last(x, number)
    return x


InceptionV3 = constructor(
    "InceptionV3",
    "inception_v3",
    _body,
    "kernels of several sizes that see the same features, side by side.",
    "https://keras.io/api/applications/inceptionv3/",
    usual=299,
    least=75,
    mode="tf",
    files=usual_weights(
        "inception_v3",
        "inception_v3",
        ("9a0d58056eeedaa3f26cb7ebd46da564", "bcbd6486424b2319ff4ef7d526e38f63"),
    ),
)
preprocess_input, decode_predictions = functions_for(__name__, "tf")

__all__ = ["InceptionV3", "decode_predictions", "preprocess_input"]
__dir__ = naming.public_dir(__name__)
