"""`keras.applications.mobilenet_v2`. Source: https://arxiv.org/abs/1801.04381"""

from __future__ import annotations

import functools
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.keras import layers
from tfjs_pyo.keras.applications.building import (
    CLASSES,
    KERAS_FILES,
    Asked,
    Weights,
    WeightsFile,
    assembled,
    classified,
    describe,
    divisible,
    padding_before,
    preprocessing_note,
    shape_of_input,
)
from tfjs_pyo.keras.applications.imagenet_utils import functions_for
from tfjs_pyo.keras.applications.mobilenet import require_alpha, size_of_weights, usual_size
from tfjs_pyo.keras.models import Functional

_STAGES = ((16, 1, 1), (24, 2, 2), (32, 2, 3), (64, 2, 4), (96, 1, 3), (160, 2, 3), (320, 1, 1))
"""Channels of each stage, stride of its first block, blocks."""
_EXPANSION = 6
_SIZES = (96, 128, 160, 192, 224)
_ALPHAS = (0.35, 0.5, 0.75, 1.0, 1.3, 1.4)


def _normalized(x: Any, name: str, activation: str | None = None) -> Any:
    x = layers.BatchNormalization(epsilon=1e-3, momentum=0.999, name=name)(x)
    return x if activation is None else layers.ReLU(6.0, name=activation)(x)


def _block(x: Any, channels: int, stride: int, expansion: int, prefix: str) -> Any:
    before, width = x, x.shape[-1]
    if expansion > 1:
        x = layers.Conv2D(expansion * width, 1, padding="same", use_bias=False, name=f"{prefix}expand")(x)
        x = _normalized(x, f"{prefix}expand_BN", f"{prefix}expand_relu")
    if stride == 2:
        x = layers.ZeroPadding2D(padding_before(x, 3), name=f"{prefix}pad")(x)
    x = layers.DepthwiseConv2D(
        3,
        strides=stride,
        use_bias=False,
        padding="same" if stride == 1 else "valid",
        name=f"{prefix}depthwise",
    )(x)
    x = _normalized(x, f"{prefix}depthwise_BN", f"{prefix}depthwise_relu")
    x = layers.Conv2D(channels, 1, padding="same", use_bias=False, name=f"{prefix}project")(x)
    x = _normalized(x, f"{prefix}project_BN")
    return layers.Add(name=f"{prefix}add")([before, x]) if width == channels and stride == 1 else x


def _body(alpha: float, x: Any) -> Any:
    x = layers.Conv2D(divisible(32 * alpha), 3, strides=2, padding="same", use_bias=False, name="Conv1")(x)
    x = _normalized(x, "bn_Conv1", "Conv1_relu")
    number = 0
    for channels, stride, blocks in _STAGES:
        for place in range(blocks):
            prefix = f"block_{number}_" if number else "expanded_conv_"
            x = _block(
                x,
                divisible(int(channels * alpha)),
                1 if place else stride,
                _EXPANSION if number else 1,
                prefix,
            )
            number += 1
    x = layers.Conv2D(divisible(1280 * max(alpha, 1.0)), 1, use_bias=False, name="Conv_1")(x)
    return _normalized(x, "Conv_1_bn", "out_relu")


def _top(x: Any, asked: Asked) -> Any:
    return classified(layers.GlobalAveragePooling2D()(x), asked)


def require_same_columns(asked: Asked) -> None:
    """Raises ShapeError where a symbolic tensor and a shape are given that differ."""
    given = asked.input_tensor
    if given is not None and asked.input_shape is not None and given.shape[2] != asked.input_shape[1]:
        raise ShapeError(
            f"{asked.model}: expected input_shape {tuple(given.shape[1:])} as input_tensor has it, received {asked.input_shape}."
        )


def _make(
    input_shape: Any = None,
    alpha: float = 1.0,
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    pooling: str | None = None,
    classes: int = CLASSES,
    classifier_activation: Any = "softmax",
    name: str | None = None,
) -> Functional:
    model = "MobileNetV2"
    asked = Asked(
        model, include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    require_same_columns(asked)
    of_tensor = input_shape is None and input_tensor is not None
    shape = shape_of_input(
        asked, usual_size(input_tensor.shape[1:] if of_tensor else input_shape, _SIZES), 32
    )
    size, files = shape[0], None
    if weights == "imagenet":
        require_alpha(model, alpha, _ALPHAS)
        size = size_of_weights(model, shape, _SIZES)
        address = (
            f"{KERAS_FILES}mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{float(alpha)}_{size}"
        )
        files = Weights(WeightsFile(f"{address}.h5"), WeightsFile(f"{address}_no_top.h5"))
    asked = asked.called(f"mobilenetv2_{alpha:0.2f}_{size}" if name is None else name)
    return assembled(asked, shape, functools.partial(_body, alpha), top=_top, files=files)


MobileNetV2 = describe(
    _make,
    "MobileNetV2",
    "separable convolutions between narrow features, which are added to those before.",
    "https://keras.io/api/applications/mobilenet/",
    preprocessing_note("tf"),
    {"alpha": "width: all channels times this."},
)
preprocess_input, decode_predictions = functions_for(__name__, "tf")

__all__ = ["MobileNetV2", "decode_predictions", "preprocess_input"]
__dir__ = naming.public_dir(__name__)
