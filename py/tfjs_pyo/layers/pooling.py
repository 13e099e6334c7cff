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


class _Pooling1D(Layer):
    """Base of pooling over windows of sequences."""

    per_sample = True

    pool_size: tuple[int] = field((2,), positive_ints(1))
    strides: tuple[int] | None = field(None, positive_ints(1))
    padding: str = field("valid", choice("valid", "same"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.strides = self.strides or self.pool_size

    def pool(self, images: Tensor, size: tuple[int, int], strides: tuple[int, int]) -> Tensor:
        """Returns pooled images of width 1."""
        raise NotImplementedError(f"{self.label}: a pooling layer must define pool(images).")

    def call(self, inputs: Tensor) -> Tensor:
        self.require_rank(inputs.shape, 3, "[batch, steps, features]")
        (stride,) = self.strides or self.pool_size
        images = ops.expand_dims(inputs, 2)
        return ops.squeeze(self.pool(images, (self.pool_size[0], 1), (stride, 1)), [2])

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        self.require_rank(input_shape, 3, "[batch, steps, features]")
        strides = self.strides or self.pool_size
        found = spatial_sizes(self, input_shape[1:2], self.pool_size, strides, (1,), self.padding)
        return (input_shape[0], *found, input_shape[2])


class MaxPooling1D(_Pooling1D):
    """The largest element of each window.

    Args:
        pool_size: steps of the window.
        strides: distance of windows; the window's size unless told.
        padding: 'valid' or 'same'.

    Source: https://js.tensorflow.org/api/latest/#layers.maxPooling1d
    """

    def pool(self, images: Tensor, size: tuple[int, int], strides: tuple[int, int]) -> Tensor:
        return ops.max_pool(images, size, strides, self.padding)


class AveragePooling1D(_Pooling1D):
    """The mean of each window. Source: https://js.tensorflow.org/api/latest/#layers.averagePooling1d"""

    def pool(self, images: Tensor, size: tuple[int, int], strides: tuple[int, int]) -> Tensor:
        return ops.avg_pool(images, size, strides, self.padding)


class _GlobalPooling1D(Layer):
    """Base of pooling over whole sequences."""

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        self.require_rank(input_shape, 3, "[batch, steps, features]")
        return (input_shape[0], input_shape[2])


class GlobalAveragePooling1D(_GlobalPooling1D):
    """The mean of each feature over all steps. Source: https://js.tensorflow.org/api/latest/#layers.globalAveragePooling1d"""

    per_sample = True

    def call(self, inputs: Tensor) -> Tensor:
        self.require_rank(inputs.shape, 3, "[batch, steps, features]")
        return ops.mean(inputs, 1)


class GlobalMaxPooling1D(_GlobalPooling1D):
    """The largest of each feature over all steps. Source: https://js.tensorflow.org/api/latest/#layers.globalMaxPooling1d"""

    per_sample = True

    def call(self, inputs: Tensor) -> Tensor:
        self.require_rank(inputs.shape, 3, "[batch, steps, features]")
        return ops.max(inputs, 1)
