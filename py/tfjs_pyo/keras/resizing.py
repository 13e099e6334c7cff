"""Layers that resize images, of which Keras has more ways than TensorFlow.js."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

from tfjs_pyo.config import choice, field
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.keras.layer import Layer
from tfjs_pyo.layers import padding, preprocessing
from tfjs_pyo.layers.spatial import data_formats

_WAYS = choice("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5")


def _resized(images: Tensor, *options: Any) -> Tensor:
    """Returns what `keras.ops.image.resize` gives, which is loaded where images are resized."""
    resize = importlib.import_module("tfjs_pyo.keras.ops.images").resize
    found: Tensor = resize(images, *options, data_format="channels_last")
    return found


class Resizing(preprocessing.Resizing, Layer, dialect=KERAS):
    """Images of another size.

    In a dict, boxes and masks change with the images that they belong to.

    Args:
        height, width: of the outputs, in pixels.
        interpolation: 'bilinear', 'nearest', 'bicubic', 'lanczos3' or 'lanczos5'.
        crop_to_aspect_ratio: whether what would be distorted is cut off, as much at both sides.
        pad_to_aspect_ratio: whether there are borders, so that nothing is distorted.
        fill_mode: 'constant'.
        fill_value: of the borders.
        antialias: whether smaller images take all pixels into account.
        data_format: 'channels_last' or 'channels_first'.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.layers.Resizing(2, 2)(keras.ops.ones([1, 4, 4, 3])).shape
        (1, 2, 2, 3)

    Source: https://keras.io/api/layers/preprocessing_layers/image_preprocessing/resizing/
    """

    interpolation: str = field("bilinear", _WAYS)
    antialias: bool = field(False)
    data_format: str = field("channels_last", data_formats, keras=None)

    def _resized(self, images: Tensor, interpolation: str) -> Tensor:
        options = (
            self.antialias,
            self.crop_to_aspect_ratio,
            self.pad_to_aspect_ratio,
            self.fill_mode,
            self.fill_value,
        )
        return _resized(images, (self.height, self.width), interpolation, *options)


class UpSampling2D(padding.UpSampling2D, Layer, dialect=KERAS):
    """Repeats the rows and columns of images, or makes images larger by means of pixels.

    Args:
        size: how often, for height and width.
        data_format: 'channels_last' or 'channels_first'.
        interpolation: 'nearest' to repeat pixels, 'bilinear', 'bicubic', 'lanczos3' or 'lanczos5'.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.layers.UpSampling2D(2, interpolation="bicubic")(keras.ops.ones([1, 2, 2, 3])).shape
        (1, 4, 4, 3)

    Source: https://keras.io/api/layers/reshaping_layers/up_sampling2d/
    """

    interpolation: str = field("nearest", _WAYS)

    def _resized(self, images: Tensor, size: Sequence[int | None]) -> Tensor:
        return _resized(images, size, self.interpolation)


__all__ = ["Resizing", "UpSampling2D"]
