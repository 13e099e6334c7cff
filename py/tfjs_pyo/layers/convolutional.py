"""Convolutional layers. Source: https://js.tensorflow.org/api/latest/#Layers-Convolutional"""

from __future__ import annotations

from typing import Any, ClassVar

from tfjs_pyo import activations, constraints, initializers, ops, regularizers
from tfjs_pyo.config import Configurable, Order, choice, field, positive_int, positive_ints
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.layers.base import BatchShape
from tfjs_pyo.layers.spatial import Spatial, data_formats, spatial_sizes
from tfjs_pyo.ops.windows import Padding

Sizes = tuple[int | None, ...]

with_causal = choice("valid", "same", "causal")
"""The conversion of fields `padding` of sequences, which may look back only."""


class Convolution(Spatial):
    """Base of layers that compute activation(convolve(inputs) + bias).

    Subclasses say what their kernels are (`make_kernels`), what is computed (`convolve`), and how many channels come out
    (`output_channels`). Sizes are those of images unless a subclass declares them anew.
    """

    order: ClassVar[Order] = (
        "filters", "kernel_size", "strides", "padding", "output_padding", "data_format", "dilation_rate", "groups",
        "depth_multiplier", "activation", "use_bias", "kernel_initializer", "depthwise_initializer",
        "pointwise_initializer", "bias_initializer", "kernel_regularizer", "depthwise_regularizer",
        "pointwise_regularizer", "bias_regularizer", "activity_regularizer", "kernel_constraint",
        "depthwise_constraint", "pointwise_constraint", "bias_constraint", ...,
    )  # fmt: skip

    kernel_size: tuple[int, ...] = field(convert=positive_ints(2))
    strides: tuple[int, ...] = field((1, 1), positive_ints(2))
    padding: str = field("valid", choice("valid", "same"))
    data_format: str = field("channels_last", data_formats, keras=None)
    dilation_rate: tuple[int, ...] = field((1, 1), positive_ints(2))
    activation: Any = field("linear", activations.ACTIVATIONS.convert, keras=None)
    use_bias: bool = field(True)
    bias_initializer: Any = field("zeros", initializers.INITIALIZERS.convert)
    bias_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    activity_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    bias_constraint: Any = field(None, constraints.CONSTRAINTS.convert)

    def _make_kernels(self, channels: int) -> None:
        """Makes the weights, but for the bias, for inputs with so many channels."""
        raise NotImplementedError(
            f"{self.display_name}: a convolutional layer must define make_kernels(channels)."
        )

    def _output_channels(self, channels: Any) -> int | None:
        """Returns the channels of the outputs for those of the inputs."""
        raise NotImplementedError(
            f"{self.display_name}: a convolutional layer must define output_channels(channels)."
        )

    def _convolve(self, x: Tensor) -> Tensor:
        """Returns the outputs without bias and activation; channels are last in both."""
        raise NotImplementedError(f"{self.display_name}: a convolutional layer must define convolve(x).")

    @property
    def _reach(self) -> tuple[int, ...]:
        """How many elements a window spans."""
        return tuple((k - 1) * d + 1 for k, d in zip(self.kernel_size, self.dilation_rate, strict=True))

    @property
    def _edges(self) -> Padding:
        """The padding, as ops take it: causal windows end where their output lies."""
        return ((self._reach[0] - 1, 0),) if self.padding == "causal" else self.padding

    def build(self, input_shape: BatchShape) -> None:
        self._check(input_shape)
        channels = self._require_known(input_shape[self._channel_axis], "the number of channels", input_shape)
        self._make_kernels(channels)
        if self.use_bias:
            count = self._require_known(self._output_channels(channels), "the number of outputs", input_shape)
            self.bias = self._declared_weight("bias", (count,))

    def call(self, inputs: Tensor) -> Tensor:
        self._check(inputs.shape)
        result = self._convolve(self._channels_last(inputs))
        if self.use_bias:
            result = ops.add(result, self.bias)
        return (self.activation or activations.linear)(self._in_format(result))

    def _output_sizes(self, sizes: Sizes) -> Sizes:
        """Returns the sizes of the spatial axes of the outputs."""
        return spatial_sizes(self, sizes, self.kernel_size, self.strides, self.dilation_rate, self._edges)

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        self._check(input_shape)
        channels = self._output_channels(input_shape[self._channel_axis])
        return self._shape_of(input_shape[0], self._output_sizes(self._sizes_of(input_shape)), channels)


class WithFilters(Configurable):
    """The field that comes first where a layer has it."""

    filters: int = field(convert=positive_int)


class _Conv(WithFilters, Convolution):
    """Base of convolutions with one kernel."""

    kernel_initializer: Any = field("glorotNormal", initializers.INITIALIZERS.convert, keras="glorot_uniform")
    kernel_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    kernel_constraint: Any = field(None, constraints.CONSTRAINTS.convert)
    groups: int = field(1, positive_int)

    def _convolve_with(self, kernel: Tensor, x: Tensor) -> Tensor:
        """Returns the outputs of a kernel, or of the part of it for a group of channels."""
        raise NotImplementedError(f"{self.display_name}: a convolution must define convolve_with(kernel, x).")

    def _make_kernels(self, channels: int) -> None:
        if channels % self.groups or self.filters % self.groups:
            raise ShapeError(
                f"{self.display_name}: expected 'groups' to divide the channels and 'filters', received {self.groups} groups of "
                f"{channels} channels and {self.filters} filters."
            )
        shape = (*self.kernel_size, channels // self.groups, self.filters)
        self.kernel = self._declared_weight("kernel", shape)

    def _convolve(self, x: Tensor) -> Tensor:
        return self._channels_last(self.convolution_op(self._in_format(x), self.kernel.read()))

    def convolution_op(self, inputs: Tensor, kernel: Tensor) -> Tensor:
        """Returns the convolution of inputs with a kernel, before bias and activation; a subclass may define it otherwise.

        Args:
            inputs: in the layer's `data_format`.
            kernel: of shape [*kernel_size, channels / groups, filters].

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.conv1d({"filters": 1, "kernelSize": 2})
            >>> layer.convolutionOp(tf.tensor3d([[[1], [2], [4]]]), tf.ones([2, 1, 1])).array_sync()
            [[[3.0], [6.0]]]

        Source: https://keras.io/examples/keras_recipes/subclassing_conv_layers/
        """
        x = self._channels_last(inputs)
        if self.groups == 1:
            return self._in_format(self._convolve_with(kernel, x))
        parts = zip(ops.split(kernel, self.groups, -1), ops.split(x, self.groups, -1), strict=True)
        return self._in_format(ops.concat([self._convolve_with(*pair) for pair in parts], -1))

    def _output_channels(self, channels: Any) -> int:  # noqa: ARG002 (the same for all)
        return self.filters


class Conv1D(_Conv):
    """activation(conv1d(inputs, kernel) + bias), over sequences.

    Args:
        filters: channels of the output.
        kernel_size: steps of the window.
        strides, dilation_rate: distance of windows, and of elements within one.
        padding: 'valid', 'same', or 'causal': no output depends on later steps.
        data_format: 'channelsLast' or 'channelsFirst'.
        groups: parts of channels and of filters that meet only each other (Keras's).
        activation, use_bias, initializers, regularizers, constraints: as for dense.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.conv1d({"filters": 4, "kernelSize": 3})(tf.ones([2, 8, 5])).shape
        (2, 6, 4)

    Source: https://js.tensorflow.org/api/latest/#layers.conv1d
    """

    per_sample = True
    _spatial_rank = 1

    kernel_size: tuple[int, ...] = field(convert=positive_ints(1))
    strides: tuple[int, ...] = field((1,), positive_ints(1))
    padding: str = field("valid", with_causal)
    dilation_rate: tuple[int, ...] = field((1,), positive_ints(1))

    def _convolve_with(self, kernel: Tensor, x: Tensor) -> Tensor:
        (stride,), (dilation,) = self.strides, self.dilation_rate
        return ops.conv1d(x, kernel, stride, self._edges, "NWC", dilation)


class Conv2D(_Conv):
    """activation(conv2d(inputs, kernel) + bias), over images.

    Args:
        filters: channels of the output.
        kernel_size: height and width of the window.
        strides, dilation_rate: distance of windows, and of elements within one.
        padding: 'valid' or 'same'.
        data_format: 'channelsLast' or 'channelsFirst'.
        groups: parts of channels and of filters that meet only each other (Keras's).
        activation, use_bias, initializers, regularizers, constraints: as for dense.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.conv2d({"filters": 4, "kernelSize": 3, "padding": "same", "strides": 2})
        >>> layer(tf.ones([1, 8, 6, 3])).shape
        (1, 4, 3, 4)

    Source: https://js.tensorflow.org/api/latest/#layers.conv2d
    """

    per_sample = True
    _spatial_rank = 2

    def _convolve_with(self, kernel: Tensor, x: Tensor) -> Tensor:
        return ops.conv2d(x, kernel, self.strides, self.padding, "NHWC", self.dilation_rate)


class Conv3D(_Conv):
    """activation(conv3d(inputs, kernel) + bias), over volumes.

    Args:
        filters: channels of the output.
        kernel_size: depth, height and width of the window.
        strides, dilation_rate: distance of windows, and of elements within one.
        padding: 'valid' or 'same'.
        data_format: 'channelsLast' or 'channelsFirst'.
        groups: parts of channels and of filters that meet only each other (Keras's).
        activation, use_bias, initializers, regularizers, constraints: as for dense.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.conv3d({"filters": 2, "kernelSize": 3})(tf.ones([1, 5, 5, 5, 1])).shape
        (1, 3, 3, 3, 2)

    Source: https://js.tensorflow.org/api/latest/#layers.conv3d
    """

    per_sample = True
    _spatial_rank = 3

    kernel_size: tuple[int, ...] = field(convert=positive_ints(3))
    strides: tuple[int, ...] = field((1, 1, 1), positive_ints(3))
    dilation_rate: tuple[int, ...] = field((1, 1, 1), positive_ints(3))

    def _convolve_with(self, kernel: Tensor, x: Tensor) -> Tensor:
        return ops.conv3d(x, kernel, self.strides, self.padding, "NDHWC", self.dilation_rate)


__all__ = ["Conv1D", "Conv2D", "Conv3D", "Convolution", "WithFilters", "with_causal"]
