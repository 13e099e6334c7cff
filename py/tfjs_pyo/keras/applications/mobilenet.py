"""`keras.applications.mobilenet`. Source: https://arxiv.org/abs/1704.04861"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Sequence
from typing import Any

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
    preprocessing_note,
    shape_of_input,
)
from tfjs_pyo.keras.applications.imagenet_utils import functions_for
from tfjs_pyo.keras.models import Functional

_BLOCKS = (
    (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2),
    (1024, 1),
)  # fmt: skip
"""Channels and stride of each block."""
_SIZES = (128, 160, 192, 224)
_ALPHAS = {0.25: "2_5", 0.5: "5_0", 0.75: "7_5", 1.0: "1_0"}
"""The widths that there are weights for, as their files name them."""


def _normalized(x: Any, name: str) -> Any:
    x = layers.BatchNormalization(name=f"{name}_bn")(x)
    return layers.ReLU(6.0, name=f"{name}_relu")(x)


def _body(alpha: float, depth_multiplier: int, x: Any) -> Any:
    x = layers.Conv2D(int(32 * alpha), 3, strides=2, padding="same", use_bias=False, name="conv1")(x)
    x = _normalized(x, "conv1")
    for block, (channels, stride) in enumerate(_BLOCKS, 1):
        if stride == 2:
            x = layers.ZeroPadding2D(((0, 1), (0, 1)), name=f"conv_pad_{block}")(x)
        x = layers.DepthwiseConv2D(
            3,
            strides=stride,
            padding="same" if stride == 1 else "valid",
            depth_multiplier=depth_multiplier,
            use_bias=False,
            name=f"conv_dw_{block}",
        )(x)
        x = _normalized(x, f"conv_dw_{block}")
        x = layers.Conv2D(int(channels * alpha), 1, padding="same", use_bias=False, name=f"conv_pw_{block}")(
            x
        )
        x = _normalized(x, f"conv_pw_{block}")
    return x


def _top(dropout: float, x: Any, asked: Asked) -> Any:
    x = layers.GlobalAveragePooling2D(keepdims=True)(x)
    x = layers.Dropout(dropout, name="dropout")(x)
    x = layers.Conv2D(asked.classes, 1, padding="same", name="conv_preds")(x)
    x = layers.Reshape((asked.classes,), name="reshape_2")(x)
    return layers.Activation(asked.classifier_activation, name="predictions")(x)


def usual_size(shape: Any, sizes: Sequence[int]) -> int:
    """Returns the size of images that a model is for: that of a square one if there are weights for it, else 224."""
    if shape is None or len(shape) != 3 or shape[0] != shape[1]:
        return 224
    return next((size for size in sizes if size == shape[0]), 224)


def size_of_weights(model: str, shape: Sequence[int | None], sizes: Sequence[int]) -> int:
    """Returns the size of images that the weights were trained with which are taken."""
    rows, columns = shape[:2]
    if rows is not None and rows == columns and rows in sizes:
        return rows
    warnings.warn(
        f"{model}: there are no weights for images of {rows} x {columns}, only for squares of "
        f"{', '.join(map(str, sizes))}; those for 224 are taken.",
        stacklevel=4,
    )
    return 224


def require_alpha(model: str, alpha: float, known: Sequence[float]) -> None:
    """Raises OptionError where there are no weights of ImageNet for a width."""
    if alpha not in known:
        raise OptionError(
            f"{model}: expected alpha to be one of {', '.join(map(str, known))} with weights='imagenet', received {alpha!r}."
        )


def _make(
    input_shape: Any = None,
    alpha: float = 1.0,
    depth_multiplier: int = 1,
    dropout: float = 0.001,
    include_top: bool = True,
    weights: Any = "imagenet",
    input_tensor: Any = None,
    pooling: str | None = None,
    classes: int = CLASSES,
    classifier_activation: Any = "softmax",
    name: str | None = None,
) -> Functional:
    model = "MobileNet"
    asked = Asked(
        model, include_top, weights, input_tensor, input_shape, pooling, classes, classifier_activation
    )
    shape = shape_of_input(asked, usual_size(input_shape, _SIZES), 32)
    size, files = shape[0], None
    if weights == "imagenet":
        require_alpha(model, alpha, list(_ALPHAS))
        if depth_multiplier != 1:
            raise OptionError(
                f"{model}: expected depth_multiplier=1 with weights='imagenet', received {depth_multiplier!r}."
            )
        size = size_of_weights(model, shape, _SIZES)
        address = f"{KERAS_FILES}mobilenet/mobilenet_{_ALPHAS[alpha]}_{size}_tf"
        files = Weights(WeightsFile(f"{address}.h5"), WeightsFile(f"{address}_no_top.h5"))
    asked = asked.called(f"mobilenet_{alpha:0.2f}_{size}" if name is None else name)
    return assembled(
        asked,
        shape,
        functools.partial(_body, alpha, depth_multiplier),
        top=functools.partial(_top, dropout),
        files=files,
    )


MobileNet = describe(
    _make,
    "MobileNet",
    "separable convolutions, small enough for phones.",
    "https://keras.io/api/applications/mobilenet/",
    preprocessing_note("tf"),
    {
        "alpha": "width: all channels times this.",
        "depth_multiplier": "channels of each depthwise convolution for one of its input.",
        "dropout": "rate before the top.",
    },
)
preprocess_input, decode_predictions = functions_for(__name__, "tf")

__all__ = ["MobileNet", "decode_predictions", "preprocess_input"]
__dir__ = naming.public_dir(__name__)
