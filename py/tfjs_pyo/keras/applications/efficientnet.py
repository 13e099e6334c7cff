"""`keras.applications.efficientnet`. Source: https://arxiv.org/abs/1905.11946"""

from __future__ import annotations

import functools
import math
from typing import Any, NamedTuple

from tfjs_pyo import naming
from tfjs_pyo.keras import initializers, layers
from tfjs_pyo.keras.applications.building import (
    CLASSES,
    STORAGE,
    Asked,
    Weights,
    WeightsFile,
    assembled,
    classified,
    describe,
    divisible,
    padding_before,
    pooled,
    preprocessing_note,
    shape_of_input,
)
from tfjs_pyo.keras.applications.imagenet_utils import functions_for
from tfjs_pyo.keras.models import Functional


class _Stage(NamedTuple):
    kernel: int
    blocks: int
    channels: int
    expansion: int
    stride: int


class _Size(NamedTuple):
    """How a model is scaled: width, depth, size of images, dropout; and the hashes of its weights."""

    width: float
    depth: float
    image: int
    dropout: float
    whole: str
    without_top: str


_FIRST = 32
_STAGES = (
    _Stage(3, 1, 16, 1, 1), _Stage(3, 2, 24, 6, 2), _Stage(5, 2, 40, 6, 2), _Stage(3, 3, 80, 6, 2), _Stage(5, 3, 112, 6, 1),
    _Stage(5, 4, 192, 6, 2), _Stage(3, 1, 320, 6, 1),
)  # fmt: skip
_SIZES = (
    _Size(1.0, 1.0, 224, 0.2, "902e53a9f72be733fc0bcb005b3ebbac", "50bc09e76180e00e4465e1a485ddc09d"),
    _Size(1.0, 1.1, 240, 0.2, "1d254153d4ab51201f1646940f018540", "74c4e6b3e1f6a1eea24c589628592432"),
    _Size(1.1, 1.2, 260, 0.3, "b15cce36ff4dcbd00b6dd88e7857a6ad", "111f8e2ac8aa800a7a99e3239f7bfb39"),
    _Size(1.2, 1.4, 300, 0.3, "ffd1fdc53d0ce67064dc6a9c7960ede0", "af6d107764bb5b1abb91932881670226"),
    _Size(1.4, 1.8, 380, 0.4, "18c95ad55216b8f92d7e70b3a046e2fc", "ebc24e6d6c33eaebbd558eafbeedf1ba"),
    _Size(1.6, 2.2, 456, 0.4, "ace28f2a6363774853a83a0b21b9421a", "38879255a25d3c92d5e44e04ae6cec6f"),
    _Size(1.8, 2.6, 528, 0.5, "165f6e37dce68623721b423839de8be5", "9ecce42647a20130c1f39a5d4cb75743"),
    _Size(2.0, 3.1, 600, 0.5, "8c03f828fec3ef71311cd463b6759d99", "cbcfe4450ddf6f3ad90b1b398090fe4a"),
)
_DEVIATIONS = (0.229, 0.224, 0.225)
_DROP_RATE = 0.2
"""How many of the last block's results are left out while training; fewer of those before."""


def kernels() -> Any:
    """Returns what kernels of convolutions begin with."""
    return initializers.VarianceScaling(2.0, "fan_out", "truncated_normal")


def convolved(x: Any, channels: int, size: int, name: str, **options: Any) -> Any:
    """Returns a convolution without a bias."""
    options = {"padding": "same", "use_bias": False, **options}
    return layers.Conv2D(channels, size, kernel_initializer=kernels(), name=name, **options)(x)


def weighed(x: Any, channels: int, narrow: int, name: str) -> Any:
    """Returns channels times what two convolutions make of their means.

    Args:
        x: features.
        channels: their number.
        narrow: channels between the two.
        name: what names of layers begin with.
    """
    factor = layers.GlobalAveragePooling2D(name=f"{name}se_squeeze")(x)
    factor = layers.Reshape((1, 1, channels), name=f"{name}se_reshape")(factor)
    for count, activation, step in ((narrow, "swish", "reduce"), (channels, "sigmoid", "expand")):
        factor = convolved(factor, count, 1, f"{name}se_{step}", activation=activation, use_bias=True)
    return layers.multiply([x, factor], name=f"{name}se_excite")


def added(x: Any, before: Any, rate: float, name: str) -> Any:
    """Returns the result of a block plus what went into it; while training, some results are left out."""
    if rate > 0:
        x = layers.Dropout(rate, noise_shape=(None, 1, 1, 1), name=f"{name}drop")(x)
    return layers.add([x, before], name=f"{name}add")


def top(dropout: float, x: Any, asked: Asked) -> Any:
    """Returns the classes of an image, with dropout before."""
    x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
    if dropout > 0:
        x = layers.Dropout(dropout, name="top_dropout")(x)
    first = initializers.VarianceScaling(1.0 / 3.0, "fan_out", "uniform")
    return classified(x, asked, kernel_initializer=first)


def _normalized(x: Any, name: str, activation: str | None = None) -> Any:
    x = layers.BatchNormalization(name=name)(x)
    return x if activation is None else layers.Activation("swish", name=activation)(x)


def _block(x: Any, stage: _Stage, channels: int, stride: int, rate: float, name: str) -> Any:
    before, width = x, x.shape[-1]
    expanded = width * stage.expansion
    if stage.expansion != 1:
        x = convolved(x, expanded, 1, f"{name}expand_conv")
        x = _normalized(x, f"{name}expand_bn", f"{name}expand_activation")
    if stride == 2:
        x = layers.ZeroPadding2D(padding_before(x, stage.kernel), name=f"{name}dwconv_pad")(x)
    x = layers.DepthwiseConv2D(
        stage.kernel,
        strides=stride,
        padding="same" if stride == 1 else "valid",
        use_bias=False,
        depthwise_initializer=kernels(),
        name=f"{name}dwconv",
    )(x)
    x = _normalized(x, f"{name}bn", f"{name}activation")
    x = weighed(x, expanded, max(1, int(width * 0.25)), name)
    x = _normalized(convolved(x, channels, 1, f"{name}project_conv"), f"{name}project_bn")
    return added(x, before, rate, name) if stride == 1 and width == channels else x


def _body(size: _Size, pretrained: bool, x: Any) -> Any:
    x = layers.Rescaling(1.0 / 255.0)(x)
    x = layers.Normalization(axis=-1 % len(x.shape))(x)
    if pretrained:
        x = layers.Rescaling([1.0 / math.sqrt(deviation) for deviation in _DEVIATIONS])(x)
    x = layers.ZeroPadding2D(padding_before(x, 3), name="stem_conv_pad")(x)
    x = convolved(x, divisible(_FIRST * size.width), 3, "stem_conv", strides=2, padding="valid")
    x = _normalized(x, "stem_bn", "stem_activation")
    counts = [math.ceil(size.depth * stage.blocks) for stage in _STAGES]
    number, of_all = 0, sum(counts)
    for at, (stage, count) in enumerate(zip(_STAGES, counts, strict=True), 1):
        for place in range(count):
            stride = 1 if place else stage.stride
            rate = _DROP_RATE * number / of_all
            name = f"block{at}{chr(ord('a') + place)}_"
            x = _block(x, stage, divisible(stage.channels * size.width), stride, rate, name)
            number += 1
    x = convolved(x, divisible(1280 * size.width), 1, "top_conv")
    return _normalized(x, "top_bn", "top_activation")


def _efficientnet(number: int, size: _Size) -> Any:
    model = f"EfficientNetB{number}"
    address = f"{STORAGE}keras-applications/{model.lower()}"
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
        name: str = model.lower(),
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
            functools.partial(_body, size, weights == "imagenet"),
            top=functools.partial(top, size.dropout),
            rest=functools.partial(pooled, named=True),
            files=files,
        )

    return describe(
        make,
        model,
        f"width, depth and size of images grow together; {size.image} x {size.image}.",
        "https://keras.io/api/applications/efficientnet/",
        preprocessing_note(None),
    )


(
    EfficientNetB0, EfficientNetB1, EfficientNetB2, EfficientNetB3, EfficientNetB4, EfficientNetB5, EfficientNetB6,
    EfficientNetB7,
) = (_efficientnet(number, size) for number, size in enumerate(_SIZES))  # fmt: skip
preprocess_input, decode_predictions = functions_for(__name__, None)

__all__ = [
    "EfficientNetB0", "EfficientNetB1", "EfficientNetB2", "EfficientNetB3", "EfficientNetB4", "EfficientNetB5", "EfficientNetB6",
    "EfficientNetB7", "decode_predictions", "preprocess_input",
]  # fmt: skip
__dir__ = naming.public_dir(__name__)
