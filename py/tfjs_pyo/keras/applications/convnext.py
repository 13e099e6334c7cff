"""`keras.applications.convnext`. Source: https://arxiv.org/abs/2201.03545"""

from __future__ import annotations

import functools
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
from tfjs_pyo.keras.applications.imagenet_utils import functions_for
from tfjs_pyo.keras.applications.scaling import LayerScale
from tfjs_pyo.keras.models import Functional, Sequential


class _Size(NamedTuple):
    """Blocks and channels of each stage; the hashes of the weights."""

    blocks: tuple[int, ...]
    channels: tuple[int, ...]
    whole: str
    without_top: str


_SIZES = {
    "Tiny": _Size(
        (3, 3, 9, 3),
        (96, 192, 384, 768),
        "8ae6e78ce2933352b1ef4008e6dd2f17bc40771563877d156bc6426c7cf503ff",
        "d547c096cabd03329d7be5562c5e14798aa39ed24b474157cef5e85ab9e49ef1",
    ),
    "Small": _Size(
        (3, 3, 27, 3),
        (96, 192, 384, 768),
        "ce1277d8f1ee5a0ef0e171469089c18f5233860ceaf9b168049cb9263fd7483c",
        "6fc8009faa2f00c1c1dfce59feea9b0745eb260a7dd11bee65c8e20843da6eab",
    ),
    "Base": _Size(
        (3, 3, 27, 3),
        (128, 256, 512, 1024),
        "52cbb006d3dadd03f6e095a8ca1aca47aecdd75acb4bc74bce1f5c695d0086e6",
        "40a20c5548a5e9202f69735ecc06c990e6b7c9d2de39f0361e27baeb24cb7c45",
    ),
    "Large": _Size(
        (3, 3, 27, 3),
        (192, 384, 768, 1536),
        "070c5ed9ed289581e477741d3b34beffa920db8cf590899d6d2c67fba2a198a6",
        "96f02b6f0753d4f543261bc9d09bed650f24dd6bc02ddde3066135b63d23a1cd",
    ),
    "XLarge": _Size(
        (3, 3, 27, 3),
        (256, 512, 1024, 2048),
        "c1f5ccab661354fc3a79a10fa99af82f0fbf10ec65cb894a3ae0815f17a889ee",
        "de3f8a54174130e0cecdc71583354753d557fcf1f4487331558e2a16ba0cfe05",
    ),
}
_MEANS, _DEVIATIONS = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_EPSILON = 1e-6
_FIRST_SCALE = 1e-6


def _block(x: Any, channels: int, name: str) -> Any:
    before = x
    x = layers.Conv2D(channels, 7, padding="same", groups=channels, name=f"{name}_depthwise_conv")(x)
    x = layers.LayerNormalization(epsilon=_EPSILON, name=f"{name}_layernorm")(x)
    x = layers.Dense(4 * channels, name=f"{name}_pointwise_conv_1")(x)
    x = layers.Activation("gelu", name=f"{name}_gelu")(x)
    x = layers.Dense(channels, name=f"{name}_pointwise_conv_2")(x)
    x = LayerScale(_FIRST_SCALE, channels, name=f"{name}_layer_scale")(x)
    return before + layers.Activation("linear", name=f"{name}_identity")(x)


def _halving(channels: int, number: int, name: str) -> Any:
    """Returns the layers before a stage: those of the first one cut the images into patches of 4 x 4."""
    size, part = (4, "stem") if number == 0 else (2, "downsampling")
    place = "" if number == 0 else f"_{number - 1}"
    conv = layers.Conv2D(channels, size, strides=size, name=f"{name}_{part}_conv{place}")
    normal = layers.LayerNormalization(epsilon=_EPSILON, name=f"{name}_{part}_layernorm{place}")
    if number == 0:
        return Sequential([conv, normal], name=f"{name}_stem")
    return Sequential([normal, conv], name=f"{name}_downsampling_block{place}")


def _body(size: _Size, include_preprocessing: bool, name: str, x: Any) -> Any:
    if include_preprocessing and x.shape[-1] == len(_MEANS):
        means = [255 * mean for mean in _MEANS]
        variances = [(255 * deviation) ** 2 for deviation in _DEVIATIONS]
        x = layers.Normalization(mean=means, variance=variances, name=f"{name}_prestem_normalization")(x)
    steps = [_halving(channels, number, name) for number, channels in enumerate(size.channels)]
    for stage, (step, blocks, channels) in enumerate(zip(steps, size.blocks, size.channels, strict=True)):
        x = step(x)
        for block in range(blocks):
            x = _block(x, channels, f"{name}_stage_{stage}_block_{block}")
    return x


def _top(name: str, x: Any, asked: Asked) -> Any:
    x = layers.GlobalAveragePooling2D(name=f"{name}_head_gap")(x)
    x = layers.LayerNormalization(epsilon=_EPSILON, name=f"{name}_head_layernorm")(x)
    return layers.Dense(asked.classes, activation=asked.classifier_activation, name=f"{name}_head_dense")(x)


def _rest(x: Any, pooling: str | None) -> Any:
    return layers.LayerNormalization(epsilon=_EPSILON)(pooled(x, pooling))


def _convnext(which: str, size: _Size) -> Any:
    model, called = f"ConvNeXt{which}", f"convnext_{which.lower()}"
    address = f"{KERAS_FILES}convnext/{called}"
    files = Weights(
        WeightsFile(f"{address}.h5", size.whole), WeightsFile(f"{address}_notop.h5", size.without_top)
    )

    def make(
        include_top: bool = True,
        include_preprocessing: bool = True,
        weights: Any = "imagenet",
        input_tensor: Any = None,
        input_shape: Any = None,
        pooling: str | None = None,
        classes: int = CLASSES,
        classifier_activation: Any = "softmax",
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
            shape_of_input(asked, 224, 32),
            functools.partial(_body, size, include_preprocessing, name),
            top=functools.partial(_top, name),
            rest=_rest,
            files=files,
        )

    return describe(
        make,
        model,
        "convolutions put together as in transformers of images.",
        "https://keras.io/api/applications/convnext/",
        preprocessing_note(None),
        {"include_preprocessing": "whether a layer brings values from 0 to 255 to what the model takes."},
    )


ConvNeXtTiny, ConvNeXtSmall, ConvNeXtBase, ConvNeXtLarge, ConvNeXtXLarge = (
    _convnext(which, size) for which, size in _SIZES.items()
)
preprocess_input, decode_predictions = functions_for(__name__, None)

__all__ = [
    "ConvNeXtBase", "ConvNeXtLarge", "ConvNeXtSmall", "ConvNeXtTiny", "ConvNeXtXLarge", "decode_predictions", "preprocess_input",
]  # fmt: skip
__dir__ = naming.public_dir(__name__)
