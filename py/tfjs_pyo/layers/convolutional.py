"""Convolutional layers. Source: https://js.tensorflow.org/api/latest/#Layers-Convolutional"""

from __future__ import annotations

from typing import Any

from tfjs_pyo import activations, constraints, initializers, ops, regularizers
from tfjs_pyo.config import choice, field, positive_int, positive_ints
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.layers.base import BatchShape, Layer
from tfjs_pyo.ops.windows import geometry


def spatial_sizes(
    layer: Layer,
    sizes: tuple[int | None, ...],
    kernel: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
    padding: str,
) -> tuple[int | None, ...]:
    """Returns the output sizes of windows; unknown sizes stay unknown."""
    known = [size if size is not None else 1 << 20 for size in sizes]
    found, _ = geometry(layer.label, known, kernel, stride, dilation, padding)
    return tuple(None if size is None else out for size, out in zip(sizes, found, strict=True))


class Conv2D(Layer):
    """activation(conv2d(inputs, kernel) + bias).

    Args:
        filters: channels of the output.
        kernel_size: height and width of the window.
        strides, dilation_rate: distance of windows, and of elements within one.
        padding: 'valid' or 'same'.
        data_format: 'channelsLast' or 'channelsFirst'.
        activation, use_bias, initializers, regularizers, constraints: as for dense.

    Source: https://js.tensorflow.org/api/latest/#layers.conv2d
    """

    per_sample = True

    filters: int = field(convert=positive_int)
    kernel_size: tuple[int, int] = field(convert=positive_ints(2))
    strides: tuple[int, int] = field((1, 1), positive_ints(2))
    padding: str = field("valid", choice("valid", "same"))
    data_format: str = field("channels_last", choice("channels_last", "channels_first"))
    dilation_rate: tuple[int, int] = field((1, 1), positive_ints(2))
    activation: Any = field("linear", activations.ACTIVATIONS.convert)
    use_bias: bool = field(True)
    kernel_initializer: Any = field("glorotNormal", initializers.INITIALIZERS.convert)
    bias_initializer: Any = field("zeros", initializers.INITIALIZERS.convert)
    kernel_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    bias_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    activity_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    kernel_constraint: Any = field(None, constraints.CONSTRAINTS.convert)
    bias_constraint: Any = field(None, constraints.CONSTRAINTS.convert)

    @property
    def channel_axis(self) -> int:
        return 3 if self.data_format == "channels_last" else 1

    def build(self, input_shape: BatchShape) -> None:
        self.require_rank(input_shape, 4, "[batch, height, width, channels]")
        channels = self.require_known(input_shape[self.channel_axis], "the number of channels", input_shape)
        self.kernel = self.declared_weight("kernel", (*self.kernel_size, channels, self.filters))
        if self.use_bias:
            self.bias = self.declared_weight("bias", (self.filters,))

    def call(self, inputs: Tensor) -> Tensor:
        last = self.data_format == "channels_last"
        images = inputs if last else ops.transpose(inputs, (0, 2, 3, 1))
        result = ops.conv2d(images, self.kernel, self.strides, self.padding, "NHWC", self.dilation_rate)
        if self.use_bias:
            result = ops.add(result, self.bias)
        result = (self.activation or activations.linear)(result)
        return result if last else ops.transpose(result, (0, 3, 1, 2))

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        last = self.data_format == "channels_last"
        sizes = input_shape[1:3] if last else input_shape[2:4]
        found = spatial_sizes(self, sizes, self.kernel_size, self.strides, self.dilation_rate, self.padding)
        return (input_shape[0], *found, self.filters) if last else (input_shape[0], self.filters, *found)
