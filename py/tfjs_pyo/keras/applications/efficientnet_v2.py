"""`keras.applications.efficientnet_v2`. Source: https://arxiv.org/abs/2104.00298"""

from __future__ import annotations

import functools
import math
from typing import Any, NamedTuple

from tfjs_pyo import naming
from tfjs_pyo.keras import layers
from tfjs_pyo.keras.applications.building import (
    CLASSES,
    KERAS_FILES,
    Asked,
    Weights,
    WeightsFile,
    assembled,
    describe,
    pooled,
    preprocessing_note,
    shape_of_input,
)
from tfjs_pyo.keras.applications.efficientnet import added, convolved, kernels, top, weighed
from tfjs_pyo.keras.applications.imagenet_utils import functions_for
from tfjs_pyo.keras.models import Functional


class _Stage(NamedTuple):
    """Blocks of the same kind; `fused`: one convolution in place of a separable one, and channels are not weighed."""

    blocks: int
    channels: int
    expansion: int
    stride: int
    fused: bool


class _Size(NamedTuple):
    """How a model is scaled: its stages and the channels before them, width, depth, size of images, hashes of its weights."""

    first: int
    stages: tuple[_Stage, ...]
    width: float
    depth: float
    image: int
    whole: str
    without_top: str


_BASE = (
    _Stage(1, 16, 1, 1, True), _Stage(2, 32, 4, 2, True), _Stage(2, 48, 4, 2, True), _Stage(3, 96, 4, 2, False),
    _Stage(5, 112, 6, 1, False), _Stage(8, 192, 6, 2, False),
)  # fmt: skip
_SMALL = (
    _Stage(2, 24, 1, 1, True), _Stage(4, 48, 4, 2, True), _Stage(4, 64, 4, 2, True), _Stage(6, 128, 4, 2, False),
    _Stage(9, 160, 6, 1, False), _Stage(15, 256, 6, 2, False),
)  # fmt: skip
_MEDIUM = (
    _Stage(3, 24, 1, 1, True), _Stage(5, 48, 4, 2, True), _Stage(5, 80, 4, 2, True), _Stage(7, 160, 4, 2, False),
    _Stage(14, 176, 6, 1, False), _Stage(18, 304, 6, 2, False), _Stage(5, 512, 6, 1, False),
)  # fmt: skip
_LARGE = (
    _Stage(4, 32, 1, 1, True), _Stage(7, 64, 4, 2, True), _Stage(7, 96, 4, 2, True), _Stage(10, 192, 4, 2, False),
    _Stage(19, 224, 6, 1, False), _Stage(25, 384, 6, 2, False), _Stage(7, 640, 6, 1, False),
)  # fmt: skip
_SIZES = {
    "B0": _Size(
        32, _BASE, 1.0, 1.0, 224, "21ecbf6da12460d5c40bb2f29ceb2188", "893217f2bb855e2983157299931e43ff"
    ),
    "B1": _Size(
        32, _BASE, 1.0, 1.1, 240, "069f0534ff22adf035c89e2d9547a9dc", "0e80663031ca32d657f9caa404b6ec37"
    ),
    "B2": _Size(
        32, _BASE, 1.1, 1.2, 260, "424e49f28180edbde1e94797771950a7", "1dfe2e7a5d45b6632553a8961ea609eb"
    ),
    "B3": _Size(
        32, _BASE, 1.2, 1.4, 300, "1f1fc43bd98a6e4fd8fdfd551e02c7a0", "f6abf7b5849ac99a89b50dd3fd532856"
    ),
    "S": _Size(
        24, _SMALL, 1.0, 1.0, 384, "e1d88a8495beba45748fedd0cecbe016", "af0682fb74e8c54910f2d4393339c070"
    ),
    "M": _Size(
        24, _MEDIUM, 1.0, 1.0, 480, "a3bf6aa3276309f4fc6a34aa114c95cd", "1b8dc055df72dde80d614482840fe342"
    ),
    "L": _Size(
        32, _LARGE, 1.0, 1.0, 480, "27e6d408b53c7ebc868fefa357689935", "b0b66b5c863aef5b46e8608fe1711615"
    ),
}
_MEANS, _DEVIATIONS = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_DROP_RATE, _DROPOUT = 0.2, 0.2


def _scaled(channels: float, width: float) -> int:
    return max(8, int(channels * width + 4) // 8 * 8)


def _normalized(x: Any, name: str, activation: str | None = None) -> Any:
    x = layers.BatchNormalization(momentum=0.9, name=name)(x)
    return x if activation is None else layers.Activation("swish", name=activation)(x)


def _separable(x: Any, stage: _Stage, channels: int, stride: int, name: str) -> Any:
    width = x.shape[-1]
    expanded = width * stage.expansion
    x = convolved(x, expanded, 1, f"{name}expand_conv")
    x = _normalized(x, f"{name}expand_bn", f"{name}expand_activation")
    x = layers.DepthwiseConv2D(
        3,
        strides=stride,
        padding="same",
        use_bias=False,
        depthwise_initializer=kernels(),
        name=f"{name}dwconv2",
    )(x)
    x = _normalized(x, f"{name}bn", f"{name}activation")
    x = weighed(x, expanded, max(1, int(width * 0.25)), name)
    return _normalized(convolved(x, channels, 1, f"{name}project_conv"), f"{name}project_bn")


def _fused(x: Any, stage: _Stage, channels: int, stride: int, name: str) -> Any:
    if stage.expansion == 1:
        x = convolved(x, channels, 3, f"{name}project_conv", strides=stride)
        return _normalized(x, f"{name}project_bn", f"{name}project_activation")
    x = convolved(x, x.shape[-1] * stage.expansion, 3, f"{name}expand_conv", strides=stride)
    x = _normalized(x, f"{name}expand_bn", f"{name}expand_activation")
    return _normalized(convolved(x, channels, 1, f"{name}project_conv"), f"{name}project_bn")


def _rescaled(x: Any, by_deviation: bool) -> Any:
    """Returns values from 0 to 255 as the model takes them: by means and deviations of ImageNet, or from -1 to 1."""
    if not by_deviation or x.shape[-1] != len(_MEANS):
        return layers.Rescaling(1.0 / 128.0, offset=-1)(x)
    x = layers.Rescaling(1.0 / 255)(x)
    variances = [deviation**2 for deviation in _DEVIATIONS]
    return layers.Normalization(axis=-1 % len(x.shape), mean=list(_MEANS), variance=variances)(x)


def _body(size: _Size, include_preprocessing: bool, x: Any) -> Any:
    if include_preprocessing:
        x = _rescaled(x, size.stages is _BASE)
    x = convolved(x, _scaled(size.first, size.width), 3, "stem_conv", strides=2)
    x = _normalized(x, "stem_bn", "stem_activation")
    number, of_all = 0, sum(stage.blocks for stage in size.stages)
    for at, stage in enumerate(size.stages, 1):
        channels, block = _scaled(stage.channels, size.width), _fused if stage.fused else _separable
        for place in range(math.ceil(size.depth * stage.blocks)):
            before, stride = x, 1 if place else stage.stride
            name = f"block{at}{chr(ord('a') + place)}_"
            x = block(x, stage, channels, stride, name)
            if stride == 1 and before.shape[-1] == channels:
                x = added(x, before, _DROP_RATE * number / of_all, name)
            number += 1
    x = convolved(x, _scaled(1280, size.width), 1, "top_conv")
    return _normalized(x, "top_bn", "top_activation")


def _efficientnet(which: str, size: _Size) -> Any:
    model, called = f"EfficientNetV2{which}", f"efficientnetv2-{which.lower()}"
    address = f"{KERAS_FILES}efficientnet_v2/{called}"
    files = Weights(
        WeightsFile(f"{address}.h5", size.whole), WeightsFile(f"{address}_notop.h5", size.without_top)
    )

    def make(
        include_top: bool = True,
        weights: Any = "imagenet",
        input_tensor: Any = None,
        input_shape: Any = None,
        pooling: str | None = None,
        classes: int = CLASSES,
        classifier_activation: Any = "softmax",
        include_preprocessing: bool = True,
        name: str = called,
    ) -> Functional:
        asked = Asked(
            model,
            include_top,
            weights,
            input_tensor,
            input_shape,
            pooling,
            classes,
            classifier_activation,
            name,
        )
        return assembled(
            asked,
            shape_of_input(asked, size.image, 32),
            functools.partial(_body, size, include_preprocessing),
            top=functools.partial(top, _DROPOUT),
            rest=functools.partial(pooled, named=True),
            files=files,
        )

    return describe(
        make,
        model,
        f"faster to train than the first version; {size.image} x {size.image}.",
        "https://keras.io/api/applications/efficientnet_v2/",
        preprocessing_note(None),
        {"include_preprocessing": "whether layers bring values from 0 to 255 to what the model takes."},
    )


(
    EfficientNetV2B0, EfficientNetV2B1, EfficientNetV2B2, EfficientNetV2B3, EfficientNetV2S, EfficientNetV2M, EfficientNetV2L,
) = (_efficientnet(which, size) for which, size in _SIZES.items())  # fmt: skip
preprocess_input, decode_predictions = functions_for(__name__, None)

__all__ = [
    "EfficientNetV2B0", "EfficientNetV2B1", "EfficientNetV2B2", "EfficientNetV2B3", "EfficientNetV2L", "EfficientNetV2M",
    "EfficientNetV2S", "decode_predictions", "preprocess_input",
]  # fmt: skip
__dir__ = naming.public_dir(__name__)
