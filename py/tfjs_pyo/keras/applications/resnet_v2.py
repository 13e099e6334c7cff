"""`keras.applications.resnet_v2`: blocks that normalize first. Source: https://arxiv.org/abs/1603.05027"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.keras import layers
from tfjs_pyo.keras.applications.imagenet_utils import functions_for
from tfjs_pyo.keras.applications.resnet import CHANNELS, beginning, first_pool, normalized, residual


def _block(x: Any, channels: int, stride: int, name: str, first: bool) -> Any:
    before = normalized(x, f"{name}_preact", f"{name}_preact_relu")
    if first:
        shortcut = layers.Conv2D(4 * channels, 1, strides=stride, name=f"{name}_0_conv")(before)
    else:
        shortcut = layers.MaxPooling2D(1, strides=stride)(x) if stride > 1 else x
    x = layers.Conv2D(channels, 1, use_bias=False, name=f"{name}_1_conv")(before)
    x = normalized(x, f"{name}_1", f"{name}_1_relu")
    x = layers.ZeroPadding2D(1, name=f"{name}_2_pad")(x)
    x = layers.Conv2D(channels, 3, strides=stride, use_bias=False, name=f"{name}_2_conv")(x)
    x = normalized(x, f"{name}_2", f"{name}_2_relu")
    x = layers.Conv2D(4 * channels, 1, name=f"{name}_3_conv")(x)
    return layers.Add(name=f"{name}_out")([shortcut, x])


def _body(depths: Sequence[int], x: Any) -> Any:
    x = first_pool(beginning(x))
    last = len(depths) + 1
    for stage, (blocks, channels) in enumerate(zip(depths, CHANNELS, strict=True), 2):
        for block in range(1, blocks + 1):
            stride = 2 if block == blocks and stage < last else 1
            x = _block(x, channels, stride, f"conv{stage}_block{block}", block == 1)
    return normalized(x, "post", "post_relu")


_FILES = {
    50: ("3ef43a0b657b3be2300d5770ece849e0", "fac2f116257151a9d068a22e544a4917"),
    101: ("6343647c601c52e1368623803854d971", "c0ed64b8031c3730f411d2eb4eea35b5"),
    152: ("a49b44d1979771252814e80f8ec446f9", "ed17cf2e0169df9d443503ef94b23b33"),
}
ResNet50V2, ResNet101V2, ResNet152V2 = (
    residual(2, layers_, _body, hashes, "tf") for layers_, hashes in _FILES.items()
)
preprocess_input, decode_predictions = functions_for(__name__, "tf")

__all__ = ["ResNet50V2", "ResNet101V2", "ResNet152V2", "decode_predictions", "preprocess_input"]
__dir__ = naming.public_dir(__name__)
