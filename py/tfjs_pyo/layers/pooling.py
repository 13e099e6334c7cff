"""Pooling layers. Source: https://js.tensorflow.org/api/latest/#Layers-Pooling"""

from __future__ import annotations

from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.config import choice, field, positive_ints
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.layers.base import BatchShape, Layer
from tfjs_pyo.layers.convolutional import spatial_sizes


class _Pooling2D(Layer):
    """Base of pooling over windows."""

    per_sample = True

    pool_size: tuple[int, int] = field((2, 2), positive_ints(2))
    strides: tuple[int, int] | None = field(None, positive_ints(2))
    padding: str = field("valid", choice("valid", "same"))
    data_format: str = field("channels_last", choice("channels_last", "channels_first"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.strides = self.strides or self.pool_size

    def pool(self, images: Tensor) -> Tensor:
        """Returns the pooled images, channels last."""
        raise NotImplementedError(f"{self.label}: a pooling layer must define pool(images).")

    def call(self, inputs: Tensor) -> Tensor:
        self.require_rank(inputs.shape, 4, "[batch, height, width, channels]")
        if self.data_format == "channels_last":
            return self.pool(inputs)
        return ops.transpose(self.pool(ops.transpose(inputs, (0, 2, 3, 1))), (0, 3, 1, 2))

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        self.require_rank(input_shape, 4, "[batch, height, width, channels]")
        strides = self.strides or self.pool_size
        last = self.data_format == "channels_last"
        sizes = input_shape[1:3] if last else input_shape[2:4]
        found = spatial_sizes(self, sizes, self.pool_size, strides, (1, 1), self.padding)
        return (input_shape[0], *found, input_shape[3]) if last else (*input_shape[:2], *found)


class MaxPooling2D(_Pooling2D):
    """The largest element of each window.

    Args:
        pool_size: height and width of the window.
        strides: distance of windows; the window's size unless told.
        padding: 'valid' or 'same'.
        data_format: 'channelsLast' or 'channelsFirst'.

    Source: https://js.tensorflow.org/api/latest/#layers.maxPooling2d
    """

    def pool(self, images: Tensor) -> Tensor:
        return ops.max_pool(images, self.pool_size, self.strides, self.padding)


class AveragePooling2D(_Pooling2D):
    """The mean of each window. Source: https://js.tensorflow.org/api/latest/#layers.averagePooling2d"""

    def pool(self, images: Tensor) -> Tensor:
        return ops.avg_pool(images, self.pool_size, self.strides, self.padding)


class _GlobalPooling2D(Layer):
    """Base of pooling over whole images."""

    data_format: str = field("channels_last", choice("channels_last", "channels_first"))

    @property
    def axes(self) -> tuple[int, int]:
        return (1, 2) if self.data_format == "channels_last" else (2, 3)

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        self.require_rank(input_shape, 4, "[batch, height, width, channels]")
        return (input_shape[0], input_shape[3 if self.data_format == "channels_last" else 1])


class GlobalAveragePooling2D(_GlobalPooling2D):
    """The mean of each channel. Source: https://js.tensorflow.org/api/latest/#layers.globalAveragePooling2d"""

    per_sample = True

    def call(self, inputs: Tensor) -> Tensor:
        return ops.mean(inputs, self.axes)


class GlobalMaxPooling2D(_GlobalPooling2D):
    """The largest element of each channel. Source: https://js.tensorflow.org/api/latest/#layers.globalMaxPooling2d"""

    per_sample = True

    def call(self, inputs: Tensor) -> Tensor:
        return ops.max(inputs, self.axes)
