"""`keras.applications.mobilenet_v3`. Source: https://arxiv.org/abs/1905.02244"""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

from tfjs_pyo import naming
from tfjs_pyo.errors import OptionError
from tfjs_pyo.keras import layers
from tfjs_pyo.keras.applications.building import (
    CLASSES,
    KERAS_FILES,
    Asked,
    Weights,
    WeightsFile,
    assembled,
    describe,
    divisible,
    padding_before,
    pooled,
    preprocessing_note,
    shape_of_input,
)
from tfjs_pyo.keras.applications.imagenet_utils import functions_for
from tfjs_pyo.keras.applications.mobilenet import size_of_weights
from tfjs_pyo.keras.applications.mobilenet_v2 import require_same_columns
from tfjs_pyo.keras.models import Functional


class _Block(NamedTuple):
    """What a block is made of; `wide`: a kernel of 5; `squeezed`: channels are weighed; `swish`: not relu."""

    expansion: float
    channels: int
    stride: int
    wide: bool
    squeezed: bool
    swish: bool


_SMALL = (
    _Block(1, 16, 2, False, True, False),
    _Block(72 / 16, 24, 2, False, False, False),
    _Block(88 / 24, 24, 1, False, False, False),
    _Block(4, 40, 2, True, True, True),
    *(2 * [_Block(6, 40, 1, True, True, True)]),
    *(2 * [_Block(3, 48, 1, True, True, True)]),
    _Block(6, 96, 2, True, True, True),
    *(2 * [_Block(6, 96, 1, True, True, True)]),
)
_LARGE = (
    _Block(1, 16, 1, False, False, False),
    _Block(4, 24, 2, False, False, False),
    _Block(3, 24, 1, False, False, False),
    _Block(3, 40, 2, True, True, False),
    *(2 * [_Block(3, 40, 1, True, True, False)]),
    _Block(6, 80, 2, False, False, True),
    _Block(2.5, 80, 1, False, False, True),
    *(2 * [_Block(2.3, 80, 1, False, False, True)]),
    *(2 * [_Block(6, 112, 1, False, True, True)]),
    _Block(6, 160, 2, True, True, True),
    *(2 * [_Block(6, 160, 1, True, True, True)]),
)
_MODELS = {"small": (_SMALL, 1024), "large": (_LARGE, 1280)}
"""The blocks of each model, and the channels before its classes."""
_HASHES = {
    "large_224_0.75": ("765b44a33ad4005b3ac83185abf1d0eb", "40af19a13ebea4e2ee0c676887f69a2e"),
    "large_224_1.0": ("59e551e166be033d707958cf9e29a6a7", "07fb09a5933dd0c8eaafa16978110389"),
    "large_minimalistic_224_1.0": ("675e7b876c45c57e9e63e6d90a36599c", "ec5221f64a2f6d1ef965a614bdae7973"),
    "small_224_0.75": ("cb65d4e5be93758266aa0a7f2c6708b7", "ebdb5cc8e0b497cd13a7c275d475c819"),
    "small_224_1.0": ("8768d4c2e7dee89b9d02b2d03d65d862", "d3e8ec802a04aa4fc771ee12a9a9b836"),
    "small_minimalistic_224_1.0": ("99cd97fb2fcdad2bf028eb838de69e37", "cde8136e733e811080d9fcd8a252f7e4"),
}


def _activated(x: Any, swish: bool) -> Any:
    return (layers.Activation("hard_swish") if swish else layers.ReLU())(x)


def _normalized(x: Any, name: str) -> Any:
    return layers.BatchNormalization(epsilon=1e-3, momentum=0.999, name=name)(x)


def _weighed(x: Any, channels: int, prefix: str) -> Any:
    """Returns channels times what two convolutions make of their means."""
    prefix += "squeeze_excite"
    factor = layers.GlobalAveragePooling2D(keepdims=True, name=f"{prefix}_avg_pool")(x)
    factor = layers.Conv2D(divisible(channels * 0.25), 1, padding="same", name=f"{prefix}_conv")(factor)
    factor = layers.ReLU(name=f"{prefix}_relu")(factor)
    factor = layers.Conv2D(channels, 1, padding="same", name=f"{prefix}_conv_1")(factor)
    factor = layers.ReLU(6.0)(factor + 3.0) * (1.0 / 6.0)
    return layers.Multiply(name=f"{prefix}_mul")([x, factor])


def _block(x: Any, block: _Block, channels: int, number: int) -> Any:
    before, width = x, x.shape[-1]
    expanded = divisible(width * block.expansion)
    prefix = f"expanded_conv_{number}_" if number else "expanded_conv_"
    if number:
        x = layers.Conv2D(expanded, 1, padding="same", use_bias=False, name=f"{prefix}expand")(x)
        x = _activated(_normalized(x, f"{prefix}expand_bn"), block.swish)
    kernel = 5 if block.wide else 3
    if block.stride == 2:
        x = layers.ZeroPadding2D(padding_before(x, kernel), name=f"{prefix}depthwise_pad")(x)
    x = layers.DepthwiseConv2D(
        kernel,
        strides=block.stride,
        padding="same" if block.stride == 1 else "valid",
        use_bias=False,
        name=f"{prefix}depthwise",
    )(x)
    x = _activated(_normalized(x, f"{prefix}depthwise_bn"), block.swish)
    if block.squeezed:
        x = _weighed(x, expanded, prefix)
    x = layers.Conv2D(channels, 1, padding="same", use_bias=False, name=f"{prefix}project")(x)
    x = _normalized(x, f"{prefix}project_bn")
    added = block.stride == 1 and width == channels
    return layers.Add(name=f"{prefix}add")([before, x]) if added else x


def _body(size: str, alpha: float, minimalistic: bool, include_preprocessing: bool, x: Any) -> Any:
    if include_preprocessing:
        x = layers.Rescaling(scale=1.0 / 127.5, offset=-1.0)(x)
    x = layers.Conv2D(16, 3, strides=2, padding="same", use_bias=False, name="conv")(x)
    x = _activated(_normalized(x, "conv_bn"), not minimalistic)
    for number, given in enumerate(_MODELS[size][0]):
        block = given._replace(wide=False, squeezed=False, swish=False) if minimalistic else given
        x = _block(x, block, divisible(given.channels * alpha), number)
    x = layers.Conv2D(divisible(x.shape[-1] * 6), 1, padding="same", use_bias=False, name="conv_1")(x)
    return _activated(_normalized(x, "conv_1_bn"), not minimalistic)


def _top(channels: int, swish: bool, dropout: float, x: Any, asked: Asked) -> Any:
    x = layers.GlobalAveragePooling2D(keepdims=True)(x)
    x = _activated(layers.Conv2D(channels, 1, padding="same", name="conv_2")(x), swish)
    if dropout > 0:
        x = layers.Dropout(dropout)(x)
    x = layers.Conv2D(asked.classes, 1, padding="same", name="logits")(x)
    x = layers.Flatten()(x)
    return layers.Activation(asked.classifier_activation, name="predictions")(x)


def _files(asked: Asked, size: str, alpha: float, minimalistic: bool) -> Weights:
    known = f"{size}{'_minimalistic' if minimalistic else ''}_224_{float(alpha)}"
    if known not in _HASHES:
        raise OptionError(
            f"{asked.model}: expected alpha 1.0, or 0.75 with minimalistic=False, with weights='imagenet', received "
            f"alpha={alpha!r}, minimalistic={minimalistic!r}."
        )
    address = f"{KERAS_FILES}mobilenet_v3/weights_mobilenet_v3_{known}_float"
    whole, without_top = _HASHES[known]
    return Weights(WeightsFile(f"{address}.h5", whole), WeightsFile(f"{address}_no_top_v2.h5", without_top))


def _mobilenet(size: str) -> Any:
    model = f"MobileNetV3{size.capitalize()}"

    def make(
        input_shape: Any = None,
        alpha: float = 1.0,
        minimalistic: bool = False,
        include_top: bool = True,
        weights: Any = "imagenet",
        input_tensor: Any = None,
        classes: int = CLASSES,
        pooling: str | None = None,
        dropout_rate: float = 0.2,
        classifier_activation: Any = "softmax",
        include_preprocessing: bool = True,
        name: str = model,
    ) -> Functional:
        if input_shape is None and input_tensor is not None:
            input_shape = tuple(input_tensor.shape[1:])
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
        require_same_columns(asked)
        shape = shape_of_input(asked, 224, 32, needs_sizes=False)
        files = None
        if weights == "imagenet":
            files = _files(asked, size, alpha, minimalistic)
            size_of_weights(model, shape, (224,))
        channels = _MODELS[size][1]
        channels = divisible(channels * alpha) if alpha > 1.0 else channels
        return assembled(
            asked,
            shape,
            functools.partial(_body, size, alpha, minimalistic, include_preprocessing),
            top=functools.partial(_top, channels, not minimalistic, dropout_rate),
            rest=functools.partial(pooled, named=True),
            files=files,
        )

    return describe(
        make,
        model,
        "blocks of separable convolutions that a search found.",
        "https://keras.io/api/applications/mobilenet/",
        preprocessing_note(None),
        {
            "alpha": "width: all channels times this.",
            "minimalistic": "whether there are only kernels of 3, relu, and no weighing of channels.",
            "dropout_rate": "before the top.",
            "include_preprocessing": "whether a layer brings values from 0 to 255 to -1 to 1.",
        },
    )


MobileNetV3Small, MobileNetV3Large = (_mobilenet(size) for size in _MODELS)
preprocess_input, decode_predictions = functions_for(__name__, None)

__all__ = ["decode_predictions", "preprocess_input"]
__dir__ = naming.public_dir(__name__)
