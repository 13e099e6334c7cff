"""`keras.applications.densenet`. Source: https://arxiv.org/abs/1608.06993"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.keras import layers
from tfjs_pyo.keras.applications.building import constructor, pooled, usual_weights
from tfjs_pyo.keras.applications.imagenet_utils import functions_for
from tfjs_pyo.keras.applications.resnet import EPSILON, normalized

_GROWTH = 32
"""Channels that each block adds."""


def _block(x: Any, name: str) -> Any:
    new = normalized(x, f"{name}_0", f"{name}_0_relu")
    new = layers.Conv2D(4 * _GROWTH, 1, use_bias=False, name=f"{name}_1_conv")(new)
    new = normalized(new, f"{name}_1", f"{name}_1_relu")
    new = layers.Conv2D(_GROWTH, 3, padding="same", use_bias=False, name=f"{name}_2_conv")(new)
    return layers.Concatenate(name=f"{name}_concat")([x, new])


def _halved(x: Any, name: str) -> Any:
    x = normalized(x, name, f"{name}_relu")
    x = layers.Conv2D(x.shape[-1] // 2, 1, use_bias=False, name=f"{name}_conv")(x)
    return layers.AveragePooling2D(2, strides=2, name=f"{name}_pool")(x)


def _body(blocks: Sequence[int], x: Any) -> Any:
    x = layers.ZeroPadding2D(3)(x)
    x = layers.Conv2D(64, 7, strides=2, use_bias=False, name="conv1_conv")(x)
    x = layers.ZeroPadding2D(1)(normalized(x, "conv1", "conv1_relu"))
    x = layers.MaxPooling2D(3, strides=2, name="pool1")(x)
    for stage, count in enumerate(blocks, 2):
        if stage > 2:
            x = _halved(x, f"pool{stage - 1}")
        for block in range(1, count + 1):
            x = _block(x, f"conv{stage}_block{block}")
    x = layers.BatchNormalization(epsilon=EPSILON, name="bn")(x)
    return layers.Activation("relu", name="relu")(x)


def _densenet(depth: int, blocks: Sequence[int], hashes: Sequence[str]) -> Any:
    return constructor(
        f"DenseNet{depth}",
        f"densenet{depth}",
        functools.partial(_body, blocks),
        f"{depth} layers; each sees the features of all before it in its stage.",
        "https://keras.io/api/applications/densenet/",
        mode="torch",
        rest=functools.partial(pooled, named=True),
        files=usual_weights("densenet", f"densenet{depth}", hashes),
    )


DenseNet121 = _densenet(
    121, (6, 12, 24, 16), ("9d60b8095a5708f2dcce2bca79d332c7", "30ee3e1110167f948a6b9946edeeb738")
)
DenseNet169 = _densenet(
    169, (6, 12, 32, 32), ("d699b8f76981ab1b30698df4c175e90b", "b8c4d4c20dd625c148057b9ff1c1176b")
)
DenseNet201 = _densenet(
    201, (6, 12, 48, 32), ("1ceb130c1ea1b78c3bf6114dbdfd8807", "c13680b51ded0fb44dff2d8f86ac8bb1")
)
preprocess_input, decode_predictions = functions_for(__name__, "torch")

__all__ = ["DenseNet121", "DenseNet169", "DenseNet201", "decode_predictions", "preprocess_input"]
__dir__ = naming.public_dir(__name__)
