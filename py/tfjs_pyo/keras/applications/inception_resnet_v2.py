"""`keras.applications.inception_resnet_v2`. Source: https://arxiv.org/abs/1602.07261"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.keras import layers
from tfjs_pyo.keras.applications.building import constructor, usual_weights
from tfjs_pyo.keras.applications.imagenet_utils import functions_for
from tfjs_pyo.keras.applications.scaling import CustomScaleLayer

Chain = tuple[tuple[int, Any], ...]
"""Channels and kernels of convolutions, one after the other."""

_BLOCKS: dict[str, tuple[Chain, ...]] = {
    "block35": (((32, 1),), ((32, 1), (32, 3)), ((32, 1), (48, 3), (64, 3))),
    "block17": (((192, 1),), ((128, 1), (160, (1, 7)), (192, (7, 1)))),
    "block8": (((192, 1),), ((192, 1), (224, (1, 3)), (256, (3, 1)))),
}
"""The chains of each kind of block, which see the same features."""
_SIXTH: tuple[Chain, ...] = (((384, 3),), ((256, 1), (256, 3), (384, 3)))
_SEVENTH: tuple[Chain, ...] = (((256, 1), (384, 3)), ((256, 1), (288, 3)), ((256, 1), (288, 3), (320, 3)))


def _convolved(
    x: Any, channels: int, kernel: Any, strides: int = 1, padding: str = "same", name: str | None = None
) -> Any:
    x = layers.Conv2D(channels, kernel, strides=strides, padding=padding, use_bias=False, name=name)(x)
    x = layers.BatchNormalization(scale=False, name=name and f"{name}_bn")(x)
    return layers.Activation("relu", name=name and f"{name}_ac")(x)


def _chain(x: Any, steps: Chain, halved: bool = False) -> Any:
    for place, step in enumerate(steps, 1):
        options: dict[str, Any] = {"strides": 2, "padding": "valid"} if halved and place == len(steps) else {}
        x = _convolved(x, *step, **options)
    return x


def _block(x: Any, kind: str, number: int, scale: float, activated: bool = True) -> Any:
    name = f"{kind}_{number}"
    branches = [_chain(x, steps) for steps in _BLOCKS[kind]]
    mixed = layers.Concatenate(name=f"{name}_mixed")(branches)
    more = layers.Conv2D(x.shape[-1], 1, padding="same", name=f"{name}_conv")(mixed)
    x = CustomScaleLayer(scale)([x, more])
    return layers.Activation("relu", name=f"{name}_ac")(x) if activated else x


def _halved(x: Any, chains: Sequence[Chain], name: str) -> Any:
    branches = [_chain(x, steps, halved=True) for steps in chains]
    return layers.Concatenate(name=name)([*branches, layers.MaxPooling2D(3, strides=2)(x)])


def _body(x: Any) -> Any:
    x = _convolved(x, 32, 3, strides=2, padding="valid")
    x = _convolved(x, 32, 3, padding="valid")
    x = layers.MaxPooling2D(3, strides=2)(_convolved(x, 64, 3))
    x = _convolved(x, 80, 1, padding="valid")
    x = layers.MaxPooling2D(3, strides=2)(_convolved(x, 192, 3, padding="valid"))
    chains: tuple[Chain, ...] = (((96, 1),), ((48, 1), (64, 5)), ((64, 1), (96, 3), (96, 3)))
    branches = [_chain(x, steps) for steps in chains]
    pool = _convolved(layers.AveragePooling2D(3, strides=1, padding="same")(x), 64, 1)
    x = layers.Concatenate(name="mixed_5b")([*branches, pool])
    for number in range(1, 11):
        x = _block(x, "block35", number, 0.17)
    x = _halved(x, _SIXTH, "mixed_6a")
    for number in range(1, 21):
        x = _block(x, "block17", number, 0.1)
    x = _halved(x, _SEVENTH, "mixed_7a")
    for number in range(1, 10):
        x = _block(x, "block8", number, 0.2)
    x = _block(x, "block8", 10, 1.0, activated=False)
    return _convolved(x, 1536, 1, name="conv_7b")


InceptionResNetV2 = constructor(
    "InceptionResNetV2",
    "inception_resnet_v2",
    _body,
    "kernels of several sizes side by side, in blocks whose inputs are added to their outputs.",
    "https://keras.io/api/applications/inceptionresnetv2/",
    usual=299,
    least=75,
    mode="tf",
    files=usual_weights(
        "inception_resnet_v2",
        "inception_resnet_v2",
        ("e693bd0210a403b3192acc6073ad2e96", "d19885ff4a710c122648d3b5c3b684e4"),
    ),
)
preprocess_input, decode_predictions = functions_for(__name__, "tf")

__all__ = ["InceptionResNetV2", "decode_predictions", "preprocess_input"]
__dir__ = naming.public_dir(__name__)
