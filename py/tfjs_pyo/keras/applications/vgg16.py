"""`keras.applications.vgg16`. Source: https://arxiv.org/abs/1409.1556"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.keras import layers
from tfjs_pyo.keras.applications.building import Asked, classified, constructor, usual_weights
from tfjs_pyo.keras.applications.imagenet_utils import functions_for

_CHANNELS = (64, 128, 256, 512, 512)


def _body(counts: Sequence[int], x: Any) -> Any:
    for block, (count, channels) in enumerate(zip(counts, _CHANNELS, strict=True), 1):
        for place in range(1, count + 1):
            x = layers.Conv2D(
                channels, 3, activation="relu", padding="same", name=f"block{block}_conv{place}"
            )(x)
        x = layers.MaxPooling2D(2, 2, name=f"block{block}_pool")(x)
    return x


def _top(x: Any, asked: Asked) -> Any:
    x = layers.Flatten(name="flatten")(x)
    for name in ("fc1", "fc2"):
        x = layers.Dense(4096, activation="relu", name=name)(x)
    return classified(x, asked)


def vgg(depth: int, counts: Sequence[int], hashes: Sequence[str]) -> Any:
    """Returns the function that makes a VGG.

    Args:
        depth: layers with weights.
        counts: of convolutions in each block.
        hashes: of the files of weights.
    """
    called = f"vgg{depth}"
    return constructor(
        called.upper(),
        called,
        functools.partial(_body, counts),
        f"{depth} layers of convolutions and dense ones.",
        "https://keras.io/api/applications/vgg/",
        mode="caffe",
        top=_top,
        files=usual_weights(called, called, hashes),
    )


VGG16 = vgg(16, (2, 2, 3, 3, 3), ("64373286793e3c8b2b4e3219cbf3544b", "6d6bbae143d832006294945121d1f1fc"))
preprocess_input, decode_predictions = functions_for(__name__, "caffe")

__all__ = ["VGG16", "decode_predictions", "preprocess_input"]
__dir__ = naming.public_dir(__name__)
