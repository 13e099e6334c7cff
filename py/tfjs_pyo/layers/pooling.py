"""Pooling layers. Source: https://js.tensorflow.org/api/latest/#Layers-Pooling"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from tfjs_pyo import ops
from tfjs_pyo.config import REQUIRED, Order, choice, field, positive_ints
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.layers.base import BatchShape
from tfjs_pyo.layers.spatial import Spatial, data_formats, spatial_sizes


class _Pooling(Spatial):
    """Base of pooling over windows; sizes are those of images unless a subclass declares them anew."""

    order: ClassVar[Order] = ("pool_size", "strides", "padding", "data_format", "name", ...)

    pool_size: tuple[int, ...] = field((2, 2), positive_ints(2))
    name: str | None = field(None)
    strides: tuple[int, ...] | None = field(None, positive_ints(2))
    padding: str = field("valid", choice("valid", "same"))
    data_format: str = field("channels_last", data_formats, keras=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.strides = self.strides or self.pool_size

    def _pool(self, x: Tensor) -> Tensor:
        """Returns what is pooled, channels last."""
        raise NotImplementedError(f"{self.display_name}: a pooling layer must define _pool(x).")

    def _over_windows(
        self, images: Callable[..., Tensor], volumes: Callable[..., Tensor], x: Tensor
    ) -> Tensor:
        """Applies the op for images or for volumes; sequences are images of width 1."""
        size, strides = self.pool_size, self.strides or self.pool_size
        if self._spatial_rank == 1:
            wide = images(ops.expand_dims(x, 2), (*size, 1), (*strides, 1), self.padding)
            return ops.squeeze(wide, [2])
        return (volumes if self._spatial_rank == 3 else images)(x, size, strides, self.padding)

    def call(self, inputs: Tensor) -> Tensor:
        self._check(inputs.shape)
        return self._in_format(self._pool(self._channels_last(inputs)))

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        self._check(input_shape)
        strides, near = self.strides or self.pool_size, (1,) * self._spatial_rank
        sizes = spatial_sizes(self, self._sizes_of(input_shape), self.pool_size, strides, near, self.padding)
        return self._shape_of(input_shape[0], sizes, input_shape[self._channel_axis])


class _MaxPooling(_Pooling):
    def _pool(self, x: Tensor) -> Tensor:
        return self._over_windows(ops.max_pool, ops.max_pool3d, x)


class _AveragePooling(_Pooling):
    def _pool(self, x: Tensor) -> Tensor:
        return self._over_windows(ops.avg_pool, ops.avg_pool3d, x)


class MaxPooling1D(_MaxPooling):
    """The largest element of each window of sequences.

    Args:
        pool_size: steps of the window.
        strides: distance of windows; default: the window's size.
        padding: 'valid' or 'same'.
        data_format: 'channelsLast' or 'channelsFirst'.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.maxPooling1d({"poolSize": 2})(tf.tensor([[[1], [3], [2], [5]]])).array_sync()
        [[[3.0], [5.0]]]

    Source: https://js.tensorflow.org/api/latest/#layers.maxPooling1d
    """

    per_sample = True
    _spatial_rank = 1

    pool_size: tuple[int, ...] = field((2,), positive_ints(1))
    strides: tuple[int, ...] | None = field(None, positive_ints(1))


class MaxPooling2D(_MaxPooling):
    """The largest element of each window of images.

    Args:
        pool_size: height and width of the window.
        strides: distance of windows; default: the window's size.
        padding: 'valid' or 'same'.
        data_format: 'channelsLast' or 'channelsFirst'.

    Example:
        >>> import tfjs_pyo as tf
        >>> x = tf.tensor([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 4, 1])
        >>> tf.layers.maxPooling2d({"poolSize": 2})(x).array_sync()
        [[[[6.0], [8.0]]]]

    Source: https://js.tensorflow.org/api/latest/#layers.maxPooling2d
    """

    per_sample = True
    _spatial_rank = 2


class MaxPooling3D(_MaxPooling):
    """The largest element of each window of volumes.

    Args:
        pool_size: depth, height and width of the window.
        strides: distance of windows; default: the window's size.
        padding: 'valid' or 'same'.
        data_format: 'channelsLast' or 'channelsFirst'.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.maxPooling3d({"poolSize": 2})(tf.ones([1, 4, 6, 2, 3])).shape
        (1, 2, 3, 1, 3)

    Source: https://js.tensorflow.org/api/latest/#layers.maxPooling3d
    """

    per_sample = True
    _spatial_rank = 3

    pool_size: tuple[int, ...] = field((2, 2, 2), positive_ints(3))
    strides: tuple[int, ...] | None = field(None, positive_ints(3))


class AveragePooling1D(_AveragePooling):
    """The mean of each window of sequences.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.averagePooling1d({"poolSize": 2})(tf.tensor([[[1], [3], [2], [5]]])).array_sync()
        [[[2.0], [3.5]]]

    Source: https://js.tensorflow.org/api/latest/#layers.averagePooling1d
    """

    per_sample = True
    _spatial_rank = 1

    pool_size: tuple[int, ...] = field((2,), positive_ints(1), keras=REQUIRED)
    strides: tuple[int, ...] | None = field(None, positive_ints(1))


class AveragePooling2D(_AveragePooling):
    """The mean of each window of images.

    Example:
        >>> import tfjs_pyo as tf
        >>> x = tf.tensor([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 4, 1])
        >>> tf.layers.averagePooling2d({"poolSize": 2})(x).array_sync()
        [[[[3.5], [5.5]]]]

    Source: https://js.tensorflow.org/api/latest/#layers.averagePooling2d
    """

    per_sample = True
    _spatial_rank = 2

    pool_size: tuple[int, ...] = field((2, 2), positive_ints(2), keras=REQUIRED)


class AveragePooling3D(_AveragePooling):
    """The mean of each window of volumes.

    Example:
        >>> import tfjs_pyo as tf
        >>> x = tf.tensor([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2, 1])
        >>> tf.layers.averagePooling3d({"poolSize": 2})(x).array_sync()
        [[[[[4.5]]]]]

    Source: https://js.tensorflow.org/api/latest/#layers.averagePooling3d
    """

    per_sample = True
    _spatial_rank = 3

    pool_size: tuple[int, ...] = field((2, 2, 2), positive_ints(3), keras=REQUIRED)
    strides: tuple[int, ...] | None = field(None, positive_ints(3))


class _GlobalPooling(Spatial):
    """Base of pooling over whole sequences, images or volumes.

    Args:
        data_format: 'channelsLast' or 'channelsFirst'.
        keepdims: whether the axes that are pooled over stay, with length 1 (Keras's).
    """

    data_format: str = field("channels_last", data_formats, keras=None)
    keepdims: bool = field(False)

    def _pool(self, x: Tensor, axes: tuple[int, ...]) -> Tensor:
        """Returns what is pooled over axes."""
        raise NotImplementedError(f"{self.display_name}: a pooling layer must define _pool(x, axes).")

    def call(self, inputs: Tensor) -> Tensor:
        self._check(inputs.shape)
        return self._pool(inputs, tuple(range(self._first_axis, self._first_axis + self._spatial_rank)))

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        self._check(input_shape)
        sizes = (1,) * self._spatial_rank if self.keepdims else ()
        return self._shape_of(input_shape[0], sizes, input_shape[self._channel_axis])


class _GlobalMaxPooling(_GlobalPooling):
    def _pool(self, x: Tensor, axes: tuple[int, ...]) -> Tensor:
        return ops.max(x, axes, self.keepdims)


class _GlobalAveragePooling(_GlobalPooling):
    def _pool(self, x: Tensor, axes: tuple[int, ...]) -> Tensor:
        return ops.mean(x, axes, self.keepdims)


class GlobalMaxPooling1D(_GlobalMaxPooling):
    """The largest of each channel over all steps.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.globalMaxPooling1d()(tf.tensor([[[1, 6], [3, 2]]]))
        Tensor
             [[3, 6],]

    Source: https://js.tensorflow.org/api/latest/#layers.globalMaxPooling1d
    """

    per_sample = True
    _spatial_rank = 1


class GlobalMaxPooling2D(_GlobalMaxPooling):
    """The largest of each channel of images.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.globalMaxPooling2d()(tf.tensor([[[[1, 6], [3, 2]], [[5, 0], [4, 7]]]]))
        Tensor
             [[5, 7],]

    Source: https://js.tensorflow.org/api/latest/#layers.globalMaxPooling2d
    """

    per_sample = True
    _spatial_rank = 2


class GlobalMaxPooling3D(_GlobalMaxPooling):
    """The largest of each channel of volumes.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.globalMaxPooling3d()(tf.tensor([[[[[1, 6], [3, 2]], [[5, 0], [4, 7]]]]]))
        Tensor
             [[5, 7],]

    Source: https://keras.io/api/layers/pooling_layers/global_max_pooling3d/
    """

    per_sample = True
    _spatial_rank = 3


class GlobalAveragePooling1D(_GlobalAveragePooling):
    """The mean of each channel over all steps; steps that are masked do not count.

    Args:
        data_format: 'channelsLast' or 'channelsFirst'.
        keepdims: whether the axis of steps stays, with length 1 (Keras's).

    Example:
        >>> import tfjs_pyo as tf
        >>> masked = tf.layers.masking()(tf.tensor([[[1, 2], [3, 4], [0, 0]]]))
        >>> tf.layers.globalAveragePooling1d()(masked).array_sync()
        [[2.0, 3.0]]

    Source: https://js.tensorflow.org/api/latest/#layers.globalAveragePooling1d
    """

    per_sample = True
    _spatial_rank = 1

    def call(self, inputs: Tensor, mask: Tensor | None = None) -> Tensor:
        if mask is None:
            return super().call(inputs)
        self._check(inputs.shape)
        counted = ops.cast(ops.expand_dims(mask, self._channel_axis), "float32")
        total = ops.sum(inputs * counted, self._first_axis, self.keepdims)
        return total / ops.maximum(ops.sum(counted, self._first_axis, self.keepdims), 1.0)


class GlobalAveragePooling2D(_GlobalAveragePooling):
    """The mean of each channel of images.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.globalAveragePooling2d()(tf.tensor([[[[1, 6], [3, 2]], [[5, 0], [3, 4]]]]))
        Tensor
             [[3, 3],]

    Source: https://js.tensorflow.org/api/latest/#layers.globalAveragePooling2d
    """

    per_sample = True
    _spatial_rank = 2


class GlobalAveragePooling3D(_GlobalAveragePooling):
    """The mean of each channel of volumes.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.globalAveragePooling3d()(tf.tensor([[[[[1, 6], [3, 2]], [[5, 0], [3, 4]]]]]))
        Tensor
             [[3, 3],]

    Source: https://keras.io/api/layers/pooling_layers/global_average_pooling3d/
    """

    per_sample = True
    _spatial_rank = 3


__all__ = [
    "AveragePooling1D",
    "AveragePooling2D",
    "AveragePooling3D",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalAveragePooling3D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "GlobalMaxPooling3D",
    "MaxPooling1D",
    "MaxPooling2D",
    "MaxPooling3D",
]
