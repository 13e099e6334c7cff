"""Resizing, of which Keras has more ways than TensorFlow.js."""

from __future__ import annotations

from tfjs_pyo.config import choice, field
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.keras.layer import Layer
from tfjs_pyo.layers import preprocessing
from tfjs_pyo.layers.spatial import data_formats


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

    interpolation: str = field("bilinear", choice("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5"))
    antialias: bool = field(False)
    data_format: str = field("channels_last", data_formats, keras=None)

    def _resized(self, images: Tensor, interpolation: str) -> Tensor:
        from tfjs_pyo.keras.ops.images import resize  # loaded where images are resized

        result: Tensor = resize(
            images,
            (self.height, self.width),
            interpolation,
            self.antialias,
            self.crop_to_aspect_ratio,
            self.pad_to_aspect_ratio,
            self.fill_mode,
            self.fill_value,
            "channels_last",
        )
        return result


__all__ = ["Resizing"]
