"""`keras.applications.resnet`. Source: https://arxiv.org/abs/1512.03385"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.keras import layers
from tfjs_pyo.keras.applications.building import constructor, pooled, usual_weights
from tfjs_pyo.keras.applications.imagenet_utils import functions_for

EPSILON = 1.001e-5
CHANNELS = (64, 128, 256, 512)
"""Of the narrow convolutions in each stage; what goes on has four times as many."""
DEPTHS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
"""Blocks in each stage, by the number of layers with weights."""


def normalized(x: Any, name: str, activation: str | None = None) -> Any:
    """Returns features with mean 0 and variance 1, and an activation of that name."""
    x = layers.BatchNormalization(epsilon=EPSILON, name=f"{name}_bn")(x)
    return x if activation is None else layers.Activation("relu", name=activation)(x)


def beginning(x: Any) -> Any:
    """Returns the first convolution of images, without a normalization."""
    x = layers.ZeroPadding2D(3, name="conv1_pad")(x)
    return layers.Conv2D(64, 7, strides=2, name="conv1_conv")(x)


def first_pool(x: Any) -> Any:
    """Returns the pooled features that the stages begin with."""
    x = layers.ZeroPadding2D(1, name="pool1_pad")(x)
    return layers.MaxPooling2D(3, strides=2, name="pool1_pool")(x)


def _block(x: Any, channels: int, stride: int, name: str, first: bool) -> Any:
    shortcut = x
    if first:
        shortcut = layers.Conv2D(4 * channels, 1, strides=stride, name=f"{name}_0_conv")(x)
        shortcut = normalized(shortcut, f"{name}_0")
    x = layers.Conv2D(channels, 1, strides=stride, name=f"{name}_1_conv")(x)
    x = normalized(x, f"{name}_1", f"{name}_1_relu")
    x = layers.Conv2D(channels, 3, padding="same", name=f"{name}_2_conv")(x)
    x = normalized(x, f"{name}_2", f"{name}_2_relu")
    x = normalized(layers.Conv2D(4 * channels, 1, name=f"{name}_3_conv")(x), f"{name}_3")
    x = layers.Add(name=f"{name}_add")([shortcut, x])
    return layers.Activation("relu", name=f"{name}_out")(x)


def _body(depths: Sequence[int], x: Any) -> Any:
    x = first_pool(normalized(beginning(x), "conv1", "conv1_relu"))
    for stage, (blocks, channels) in enumerate(zip(depths, CHANNELS, strict=True), 2):
        for block in range(1, blocks + 1):
            stride = 2 if block == 1 and stage > 2 else 1
            x = _block(x, channels, stride, f"conv{stage}_block{block}", block == 1)
    return x


def residual(
    version: int, layers_: int, body: Callable[[Sequence[int], Any], Any], hashes: Sequence[str], mode: str
) -> Any:
    """Returns the function that makes a ResNet.

    Args:
        version: 1 or 2.
        layers_: with weights.
        body: adds the layers for a number of blocks in each stage.
        hashes: of the files of weights.
        mode: of `preprocess_input`.
    """
    model = f"ResNet{layers_}" + ("V2" if version == 2 else "")
    return constructor(
        model,
        model.lower(),
        functools.partial(body, DEPTHS[layers_]),
        f"{layers_} layers in blocks whose inputs are added to their outputs.",
        "https://keras.io/api/applications/resnet/",
        mode=mode,
        rest=functools.partial(pooled, named=True),
        files=usual_weights("resnet", model.lower(), hashes),
    )


_FILES = {
    50: ("2cb95161c43110f7111970584f804107", "4d473c1dd8becc155b73f8504c6f6626"),
    101: ("f1aeb4b969a6efcfb50fad2f0c20cfc5", "88cf7a10940856eca736dc7b7e228a21"),
    152: ("100835be76be38e30d865e96f2aaae62", "ee4c566cf9a93f14d82f913c2dc6dd0c"),
}
ResNet50, ResNet101, ResNet152 = (
    residual(1, layers_, _body, hashes, "caffe") for layers_, hashes in _FILES.items()
)
preprocess_input, decode_predictions = functions_for(__name__, "caffe")

__all__ = ["ResNet50", "ResNet101", "ResNet152", "decode_predictions", "preprocess_input"]
__dir__ = naming.public_dir(__name__)
