"""`keras.applications.nasnet`. Source: https://arxiv.org/abs/1707.07012"""

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
    classified,
    describe,
    padding_before,
    preprocessing_note,
    shape_of_input,
)
from tfjs_pyo.keras.applications.imagenet_utils import functions_for
from tfjs_pyo.keras.models import Functional


class _Size(NamedTuple):
    """Channels before the classes and of the first convolution, cells of each stage, size of images; the files of weights."""

    channels: int
    first: int
    cells: int
    skips: bool
    image: int
    file: str
    whole: str
    without_top: str


_SIZES = {
    "Mobile": _Size(
        1056,
        32,
        4,
        False,
        224,
        "NASNet-mobile",
        "020fb642bf7360b370c678b08e0adf61",
        "1ed92395b5b598bdda52abe5c0dbfd63",
    ),
    "Large": _Size(
        4032,
        96,
        6,
        True,
        331,
        "NASNet-large",
        "11577c9a518f0070763c2b964a382f17",
        "d81d89dc07e6e56530c4e77faddd61b5",
    ),
}
_WIDER = 2
"""How many times as many channels each stage has as the one before."""


def _normalized(x: Any, name: str) -> Any:
    return layers.BatchNormalization(momentum=0.9997, epsilon=1e-3, name=name)(x)


def _convolved(x: Any, channels: int, name: str) -> Any:
    return layers.Conv2D(
        channels, 1, padding="same", use_bias=False, kernel_initializer="he_normal", name=name
    )(x)


def _separable(x: Any, channels: int, kernel: int, name: str, stride: int = 1) -> Any:
    """Returns two separable convolutions, each after an activation."""
    x = layers.Activation("relu")(x)
    if stride == 2:
        x = layers.ZeroPadding2D(padding_before(x, kernel), name=f"separable_conv_1_pad_{name}")(x)
    x = layers.SeparableConv2D(
        channels,
        kernel,
        strides=stride,
        padding="same" if stride == 1 else "valid",
        use_bias=False,
        name=f"separable_conv_1_{name}",
    )(x)
    x = layers.Activation("relu")(_normalized(x, f"separable_conv_1_bn_{name}"))
    x = layers.SeparableConv2D(
        channels, kernel, padding="same", use_bias=False, name=f"separable_conv_2_{name}"
    )(x)
    return _normalized(x, f"separable_conv_2_bn_{name}")


def _fitted(before: Any, x: Any, channels: int, name: str) -> Any:
    """Returns the features of the cell before the last one, of the size and with the channels of this cell's."""
    if before is None:
        return x
    if before.shape[-2] != x.shape[-2]:
        before = layers.Activation("relu", name=f"adjust_relu_1_{name}")(before)
        halves = []
        for place in (1, 2):
            half = before
            if place == 2:
                half = layers.ZeroPadding2D(((0, 1), (0, 1)))(half)
                half = layers.Cropping2D(((1, 0), (1, 0)))(half)
            half = layers.AveragePooling2D(1, strides=2, name=f"adjust_avg_pool_{place}_{name}")(half)
            halves.append(_convolved(half, channels // 2, f"adjust_conv_{place}_{name}"))
        return _normalized(layers.concatenate(halves), f"adjust_bn_{name}")
    if before.shape[-1] != channels:
        before = layers.Activation("relu")(before)
        before = _convolved(before, channels, f"adjust_conv_projection_{name}")
        before = _normalized(before, f"adjust_bn_{name}")
    return before


def _normal(x: Any, before: Any, channels: int, name: str) -> tuple[Any, Any]:
    """Returns what a cell makes that keeps the size of images, and what it was given."""
    p = _fitted(before, x, channels, name)
    h = _convolved(layers.Activation("relu")(x), channels, f"normal_conv_1_{name}")
    h = _normalized(h, f"normal_bn_1_{name}")

    def mean(features: Any, place: str) -> Any:
        return layers.AveragePooling2D(3, strides=1, padding="same", name=f"normal_{place}_{name}")(features)

    def separable(features: Any, kernel: int, place: str) -> Any:
        return _separable(features, channels, kernel, f"normal_{place}_{name}")

    def added(number: int, *parts: Any) -> Any:
        return layers.add(list(parts), name=f"normal_add_{number}_{name}")

    x1 = added(1, separable(h, 5, "left1"), separable(p, 3, "right1"))
    x2 = added(2, separable(p, 5, "left2"), separable(p, 3, "right2"))
    x3 = added(3, mean(h, "left3"), p)
    x4 = added(4, mean(p, "left4"), mean(p, "right4"))
    x5 = added(5, separable(h, 3, "left5"), h)
    return layers.concatenate([p, x1, x2, x3, x4, x5], name=f"normal_concat_{name}"), x


def _reduced(x: Any, before: Any, channels: int, name: str) -> tuple[Any, Any]:
    """Returns what a cell makes that halves images, and what it was given."""
    p = _fitted(before, x, channels, name)
    h = _convolved(layers.Activation("relu")(x), channels, f"reduction_conv_1_{name}")
    h = _normalized(h, f"reduction_bn_1_{name}")
    padded = layers.ZeroPadding2D(padding_before(h, 3), name=f"reduction_pad_1_{name}")(h)

    def separable(features: Any, kernel: int, place: str, stride: int = 2) -> Any:
        return _separable(features, channels, kernel, f"reduction_{place}_{name}", stride)

    def pool(kind: Any, place: str) -> Any:
        return kind(3, strides=2, name=f"reduction_{place}_{name}")(padded)

    x1 = [separable(h, 5, "left1"), separable(p, 7, "right1")]
    x1 = layers.add(x1, name=f"reduction_add_1_{name}")
    x2 = [pool(layers.MaxPooling2D, "left2"), separable(p, 7, "right2")]
    x2 = layers.add(x2, name=f"reduction_add_2_{name}")
    x3 = [pool(layers.AveragePooling2D, "left3"), separable(p, 5, "right3")]
    x3 = layers.add(x3, name=f"reduction_add3_{name}")
    mean = layers.AveragePooling2D(3, strides=1, padding="same", name=f"reduction_left4_{name}")(x1)
    x4 = layers.add([x2, mean])
    x5 = [separable(x1, 3, "left4", stride=1), pool(layers.MaxPooling2D, "right5")]
    x5 = layers.add(x5, name=f"reduction_add4_{name}")
    return layers.concatenate([x2, x3, x4, x5], name=f"reduction_concat_{name}"), x


def _body(size: _Size, x: Any) -> Any:
    x = layers.Conv2D(
        size.first, 3, strides=2, use_bias=False, kernel_initializer="he_normal", name="stem_conv1"
    )(x)
    x = _normalized(x, "stem_bn1")
    channels, before = size.channels // 24, None
    for part in (1, 2):
        x, before = _reduced(x, before, channels // _WIDER ** (3 - part), f"stem_{part}")
    for stage in range(3):
        first = stage * size.cells
        if stage:
            x, given = _reduced(x, before, channels * _WIDER**stage, f"reduce_{first}")
            before = before if size.skips else given
        for cell in range(size.cells):
            number = first + cell + (stage > 0)
            x, before = _normal(x, before, channels * _WIDER**stage, str(number))
    return layers.Activation("relu")(x)


def _top(x: Any, asked: Asked) -> Any:
    return classified(layers.GlobalAveragePooling2D()(x), asked)


def _nasnet(which: str, size: _Size) -> Any:
    model = f"NASNet{which}"
    address = f"{KERAS_FILES}nasnet/{size.file}"
    files = Weights(
        WeightsFile(f"{address}.h5", size.whole), WeightsFile(f"{address}-no-top.h5", size.without_top)
    )

    def make(
        input_shape: Any = None,
        include_top: bool = True,
        weights: Any = "imagenet",
        input_tensor: Any = None,
        pooling: str | None = None,
        classes: int = CLASSES,
        classifier_activation: Any = "softmax",
        name: str = f"nasnet_{which.lower()}",
    ) -> Functional:
        if input_shape is None:
            input_shape = (size.image, size.image, 3)
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
        if None in tuple(input_shape)[:2]:  # cells compare the sizes of images
            raise OptionError(f"{model}: expected input_shape without None, received {input_shape}.")
        return assembled(
            asked,
            shape_of_input(asked, size.image, 32),
            functools.partial(_body, size),
            top=_top,
            files=files,
        )

    return describe(
        make,
        model,
        "cells that a search found.",
        "https://keras.io/api/applications/nasnet/",
        preprocessing_note("tf"),
    )


NASNetMobile, NASNetLarge = (_nasnet(which, size) for which, size in _SIZES.items())
preprocess_input, decode_predictions = functions_for(__name__, "tf")

__all__ = ["NASNetLarge", "NASNetMobile", "decode_predictions", "preprocess_input"]
__dir__ = naming.public_dir(__name__)
