"""`keras.applications`: models for images by name, with Keras's weights; each family is loaded when it is first used."""

from __future__ import annotations

import importlib
from typing import Any

_WHERE = {
    "convnext": "ConvNeXtBase ConvNeXtLarge ConvNeXtSmall ConvNeXtTiny ConvNeXtXLarge",
    "densenet": "DenseNet121 DenseNet169 DenseNet201",
    "efficientnet": " ".join(f"EfficientNetB{number}" for number in range(8)),
    "efficientnet_v2": " ".join(f"EfficientNetV2{size}" for size in ("B0", "B1", "B2", "B3", "L", "M", "S")),
    "imagenet_utils": "",
    "inception_resnet_v2": "InceptionResNetV2",
    "inception_v3": "InceptionV3",
    "mobilenet": "MobileNet",
    "mobilenet_v2": "MobileNetV2",
    "mobilenet_v3": "MobileNetV3Large MobileNetV3Small",
    "nasnet": "NASNetLarge NASNetMobile",
    "resnet": "ResNet101 ResNet152",
    "resnet50": "ResNet50",
    "resnet_v2": "ResNet50V2 ResNet101V2 ResNet152V2",
    "vgg16": "VGG16",
    "vgg19": "VGG19",
    "xception": "Xception",
}
"""The models of each module."""
_MODELS = {name: module for module, names in _WHERE.items() for name in names.split()}

__all__ = sorted([*_MODELS, *_WHERE])  # noqa: PLE0605 (names)


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return importlib.import_module(f"{__name__}.{name}")
    if name not in _MODELS:
        raise AttributeError(f"keras.applications has no {name!r}; it has {', '.join(sorted(_MODELS))}.")
    found = globals()[name] = getattr(importlib.import_module(f"{__name__}.{_MODELS[name]}"), name)
    return found


def __dir__() -> list[str]:
    return __all__
