"""Depthwise and separable convolutions: each channel with filters of its own. Source: https://js.tensorflow.org/api/latest/#layers.depthwiseConv2d"""

from __future__ import annotations

from typing import Any, ClassVar

from tfjs_pyo import constraints, initializers, ops, regularizers
from tfjs_pyo.config import Order, field, positive_int, positive_ints
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.layers.convolutional import Convolution, WithFilters, with_causal
from tfjs_pyo.ops.windows import Padding


class _Depthwise(Convolution):
    """Base of layers that begin with a depthwise convolution."""

    order: ClassVar[Order] = (
        "filters", "kernel_size", "strides", "padding", "depth_multiplier", *Convolution.order[4:],
    )  # fmt: skip

    depth_multiplier: int = field(1, positive_int)
    depthwise_initializer: Any = field(
        "glorotNormal", initializers.INITIALIZERS.convert, keras="glorot_uniform"
    )
    depthwise_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    depthwise_constraint: Any = field(None, constraints.CONSTRAINTS.convert)

    def _make_kernels(self, channels: int) -> None:
        shape = (*self.kernel_size, channels, self.depth_multiplier)
        self.depthwise_kernel = self._kernel_weight("depthwise", shape)

    def _kernel_weight(self, kind: str, shape: tuple[int, ...]) -> Variable:
        """Makes the weight `<kind>_kernel` as the fields that begin with its kind say."""
        given = {
            part: getattr(self, f"{kind}_{part}") for part in ("initializer", "regularizer", "constraint")
        }
        return self.add_weight(f"{kind}_kernel", shape, **given)

    def _output_channels(self, channels: Any) -> int | None:
        return None if channels is None else channels * self.depth_multiplier

    def _convolve(self, x: Tensor) -> Tensor:
        if self._spatial_rank == 2:
            return self._convolve_images(
                x, self.depthwise_kernel, self.strides, self._edges, self.dilation_rate
            )
        # Sequences are images of one row.
        edges: Padding = ((0, 0), (self._reach[0] - 1, 0)) if self.padding == "causal" else self.padding
        y = self._convolve_images(
            ops.expand_dims(x, 1),
            ops.expand_dims(self.depthwise_kernel, 0),
            (1, *self.strides),
            edges,
            (1, *self.dilation_rate),
        )
        return ops.squeeze(y, [1])

    def _convolve_images(
        self, x: Tensor, kernel: Any, strides: tuple[int, ...], edges: Padding, dilation: tuple[int, ...]
    ) -> Tensor:
        return ops.depthwise_conv2d(x, kernel, strides, edges, "NHWC", dilation)


class DepthwiseConv1D(_Depthwise):
    """Convolves each channel of sequences with filters of its own.

    Args:
        kernel_size: steps of the window.
        strides, dilation_rate: distance of windows, and of elements within one.
        padding: 'valid' or 'same'.
        data_format: 'channelsLast' or 'channelsFirst'.
        depth_multiplier: filters of a channel.
        activation, use_bias, initializers, regularizers, constraints: as for dense; those of the kernel begin with
            `depthwise`.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.depthwiseConv1d({"kernelSize": 3, "depthMultiplier": 2})
        >>> layer(tf.ones([2, 8, 5])).shape
        (2, 6, 10)

    Source: https://keras.io/api/layers/convolution_layers/depthwise_convolution1d/
    """

    per_sample = True
    _spatial_rank = 1

    kernel_size: tuple[int, ...] = field(convert=positive_ints(1))
    strides: tuple[int, ...] = field((1,), positive_ints(1))
    dilation_rate: tuple[int, ...] = field((1,), positive_ints(1))
    depthwise_initializer: Any = field("glorotUniform", initializers.INITIALIZERS.convert)


class DepthwiseConv2D(_Depthwise):
    """Convolves each channel of images with filters of its own.

    Args:
        kernel_size: height and width of the window.
        strides, dilation_rate: distance of windows, and of elements within one (TF.js ignores the latter).
        padding: 'valid' or 'same'.
        data_format: 'channelsLast' or 'channelsFirst'.
        depth_multiplier: filters of a channel.
        activation, use_bias, initializers, regularizers, constraints: as for dense; those of the kernel begin with
            `depthwise`.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.depthwiseConv2d({"kernelSize": 3, "depthMultiplier": 2})
        >>> layer(tf.ones([1, 5, 6, 4])).shape
        (1, 3, 4, 8)

    Source: https://js.tensorflow.org/api/latest/#layers.depthwiseConv2d
    """

    per_sample = True
    _spatial_rank = 2


class _Separable(WithFilters, _Depthwise):
    """Base of depthwise convolutions whose channels are mixed afterwards."""

    depthwise_initializer: Any = field("glorotUniform", initializers.INITIALIZERS.convert)
    order: ClassVar[Order] = Convolution.order

    pointwise_initializer: Any = field("glorotUniform", initializers.INITIALIZERS.convert)
    pointwise_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    pointwise_constraint: Any = field(None, constraints.CONSTRAINTS.convert)

    def _make_kernels(self, channels: int) -> None:
        super()._make_kernels(channels)
        shape = (*(1,) * self._spatial_rank, channels * self.depth_multiplier, self.filters)
        self.pointwise_kernel = self._kernel_weight("pointwise", shape)

    def _output_channels(self, channels: Any) -> int | None:  # noqa: ARG002 (the same for all)
        return self.filters

    def _convolve(self, x: Tensor) -> Tensor:
        y = super()._convolve(x)
        if self._spatial_rank == 1:
            return ops.conv1d(y, self.pointwise_kernel, 1, "valid")
        return ops.conv2d(y, self.pointwise_kernel, 1, "valid")


class SeparableConv1D(_Separable):
    """Convolves each channel of sequences by itself, then mixes the channels of each step.

    Args:
        filters: channels of the output.
        kernel_size: steps of the window.
        strides, dilation_rate: distance of windows, and of elements within one.
        padding: 'valid', 'same' or 'causal'.
        data_format: 'channelsLast' or 'channelsFirst'.
        depth_multiplier: filters of a channel, before the mixing.
        activation, use_bias, initializers, regularizers, constraints: as for dense; those of the kernels begin with
            `depthwise` and `pointwise`.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.SeparableConv1D(4, 3)(tf.ones([2, 8, 5])).shape
        (2, 6, 4)

    Source: https://keras.io/api/layers/convolution_layers/separable_convolution1d/
    """

    per_sample = True
    _spatial_rank = 1

    kernel_size: tuple[int, ...] = field(convert=positive_ints(1))
    strides: tuple[int, ...] = field((1,), positive_ints(1))
    padding: str = field("valid", with_causal)
    dilation_rate: tuple[int, ...] = field((1,), positive_ints(1))


class SeparableConv2D(_Separable):
    """Convolves each channel of images by itself, then mixes the channels of each pixel.

    Args:
        filters: channels of the output.
        kernel_size: height and width of the window.
        strides, dilation_rate: distance of windows, and of elements within one.
        padding: 'valid' or 'same'.
        data_format: 'channelsLast' or 'channelsFirst'.
        depth_multiplier: filters of a channel, before the mixing.
        activation, use_bias, initializers, regularizers, constraints: as for dense; those of the kernels begin with
            `depthwise` and `pointwise`.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.separableConv2d({"filters": 3, "kernelSize": 3})(tf.ones([1, 5, 6, 4])).shape
        (1, 3, 4, 3)

    Source: https://js.tensorflow.org/api/latest/#layers.separableConv2d
    """

    per_sample = True
    _spatial_rank = 2


__all__ = ["DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D"]
