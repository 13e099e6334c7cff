"""Layers that add noise while training. Source: https://js.tensorflow.org/api/latest/#Layers-Noise"""

from __future__ import annotations

import math
from typing import ClassVar

from tfjs_pyo import ops
from tfjs_pyo.config import Order, choice, field, keras_field, number
from tfjs_pyo.config import shape as convert_shape
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtype_names import DTYPE_OPTION
from tfjs_pyo.layers.base import Layer

_SELU_ALPHA = 1.6732632423543772
_SELU_SCALE = 1.0507009873554805


class GaussianNoise(Layer):
    """Adds normal noise while training.

    Args:
        stddev: of the noise.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.gaussianNoise({"stddev": 0.1})
        >>> layer(tf.ones([1, 3]))
        Tensor
             [[1, 1, 1],]
        >>> noisy = layer.apply(tf.zeros([1, 1000]), {"training": True})
        >>> 0.08 < float(tf.sqrt(tf.mean(noisy * noisy))) < 0.12
        True

    Source: https://js.tensorflow.org/api/latest/#layers.gaussianNoise
    """

    per_sample = True
    supports_masking = True

    stddev: float = field(convert=number(0))
    seed: int | None = keras_field(None)

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        return (
            inputs + ops.random_normal(inputs.shape, 0.0, self.stddev, seed=self.seed) if training else inputs
        )


class GaussianDropout(Layer):
    """Multiplies by normal noise around 1 while training.

    Args:
        rate: the noise varies as that of dropout with this rate: sqrt(rate / (1 - rate)).

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.gaussianDropout({"rate": 0.5})
        >>> layer(tf.ones([1, 3]))
        Tensor
             [[1, 1, 1],]
        >>> 0.8 < float(tf.mean(layer.apply(tf.ones([1, 10000]), {"training": True}))) < 1.2
        True

    Source: https://js.tensorflow.org/api/latest/#layers.gaussianDropout
    """

    per_sample = True
    supports_masking = True

    rate: float = field(convert=number(0, 1, open_high=True))
    seed: int | None = keras_field(None)

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        if not training or self.rate == 0:
            return inputs
        deviation = math.sqrt(self.rate / (1 - self.rate))
        return inputs * ops.random_normal(inputs.shape, 1.0, deviation, seed=self.seed)


class AlphaDropout(Layer):
    """Dropout that keeps mean and variance of what selu gives: dropped elements take selu's lowest value.

    Args:
        rate: probability to be dropped, in [0, 1).
        noise_shape: shape that broadcasts to the inputs': elements along its axes of length 1 go together.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.alphaDropout({"rate": 0.5})
        >>> layer(tf.ones([1, 3]))
        Tensor
             [[1, 1, 1],]
        >>> len(set(layer.apply(tf.ones([1, 100]), {"training": True}).array_sync()[0]))
        2

    Source: https://js.tensorflow.org/api/latest/#layers.alphaDropout
    """

    per_sample = True
    supports_masking = True

    rate: float = field(convert=number(0, 1, open_high=True))
    noise_shape: tuple[int | None, ...] | None = field(None, convert_shape)
    seed: int | None = keras_field(None)

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        if not training or self.rate == 0:
            return inputs
        shape = self.noise_shape or inputs.shape
        known = [own if dim is None else dim for dim, own in zip(shape, inputs.shape, strict=True)]
        kept = ops.cast(ops.random_uniform(known, seed=self.seed) >= self.rate, "float32")
        lowest = -_SELU_ALPHA * _SELU_SCALE
        slope = ((1 - self.rate) * (1 + self.rate * lowest**2)) ** -0.5
        return (inputs * kept + (1 - kept) * lowest) * slope - slope * lowest * self.rate


class _SpatialDropout(Layer):
    """Dropout of whole channels.

    Args:
        rate: probability to be dropped, in [0, 1).
    """

    order: ClassVar[Order] = ("rate", "data_format", "seed", "name", "dtype", ...)

    rate: float = field(convert=number(0, 1, open_high=True))
    seed: int | None = field(None)
    name: str | None = field(None)
    dtype: str = field("float32", DTYPE_OPTION.convert, keras=None)
    _spatial_rank: ClassVar[int]
    data_format: str = "channels_last"

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        self._require_rank(
            inputs.shape, self._spatial_rank + 2, f"[batch, {self._spatial_rank} axes, channels]"
        )
        if not training or self.rate == 0:
            return inputs
        channels = inputs.rank - 1 if self.data_format == "channels_last" else 1
        together = [dim if axis in (0, channels) else 1 for axis, dim in enumerate(inputs.shape)]
        return ops.dropout(inputs, self.rate, together, self.seed)


class SpatialDropout1D(_SpatialDropout):
    """Dropout of whole features of sequences.

    Example:
        >>> import tfjs_pyo as tf
        >>> dropped = tf.layers.spatialDropout1d({"rate": 0.5}).apply(tf.ones([1, 3, 8]), {"training": True})
        >>> bool(tf.all(tf.equal(dropped[:, 0], dropped[:, 2])))
        True

    Source: https://js.tensorflow.org/api/latest/#layers.spatialDropout1d
    """

    per_sample = True
    supports_masking = True
    _spatial_rank = 1


class SpatialDropout2D(_SpatialDropout):
    """Dropout of whole channels of images.

    Example:
        >>> import tfjs_pyo as tf
        >>> dropped = tf.layers.spatialDropout2d({"rate": 0.5}).apply(tf.ones([1, 3, 3, 8]), {"training": True})
        >>> bool(tf.all(tf.equal(dropped[:, 0, 0], dropped[:, 2, 2])))
        True

    Source: https://keras.io/api/layers/regularization_layers/spatial_dropout2d/
    """

    per_sample = True
    supports_masking = True
    _spatial_rank = 2

    data_format: str = field("channels_last", choice("channels_last", "channels_first"), keras=None)


class SpatialDropout3D(_SpatialDropout):
    """Dropout of whole channels of volumes.

    Example:
        >>> import tfjs_pyo as tf
        >>> dropped = tf.layers.spatialDropout3d({"rate": 0.5}).apply(tf.ones([1, 2, 2, 2, 8]), {"training": True})
        >>> bool(tf.all(tf.equal(dropped[:, 0, 0, 0], dropped[:, 1, 1, 1])))
        True

    Source: https://keras.io/api/layers/regularization_layers/spatial_dropout3d/
    """

    per_sample = True
    supports_masking = True
    _spatial_rank = 3

    data_format: str = field("channels_last", choice("channels_last", "channels_first"), keras=None)
