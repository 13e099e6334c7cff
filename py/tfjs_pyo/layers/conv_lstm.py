"""Long short-term memory over sequences of images (Shi et al., 2015). Source: https://js.tensorflow.org/api/latest/#layers.convLstm2d"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.config import Configurable, choice, field, positive_int, positive_ints
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.layers.base import BatchShape
from tfjs_pyo.layers.recurrent import (
    Cell,
    CellLayer,
    ForgetFields,
    GateFields,
    KernelFields,
    bias_of,
    recurrent_of,
    times,
)
from tfjs_pyo.layers.rnn_layers import States, first_shape
from tfjs_pyo.layers.spatial import spatial_sizes


class WindowFields(Configurable):
    """What convolutions are told."""

    filters: int = field(convert=positive_int)
    kernel_size: tuple[int, int] = field(convert=positive_ints(2))
    strides: tuple[int, int] = field((1, 1), positive_ints(2))
    padding: str = field("valid", choice("valid", "same"))
    data_format: str = field("channels_last", choice("channels_last", "channels_first"), keras=None)
    dilation_rate: tuple[int, int] = field((1, 1), positive_ints(2))


class ConvFields(WindowFields, KernelFields, GateFields, ForgetFields):
    """Fields of ConvLSTM2D."""


class ConvLSTM2DCell(ConvFields, Cell):
    """A step of a convolutional LSTM; filters of the kernels: input, forget, new memory, output.

    Args:
        filters: channels of the output.
        kernel_size: height and width of the windows.
        strides, padding, dilation_rate: of the convolution of inputs; that of the state keeps its size.
        data_format: 'channelsLast' or 'channelsFirst'.
        activation, recurrent_activation, use_bias, unit_forget_bias, dropout, ...: as for LSTMCell.

    Source: https://js.tensorflow.org/api/latest/#layers.convLstm2dCell
    """

    state_size = None

    @property
    def _last(self) -> bool:
        return self.data_format == "channels_last"

    @property
    def _format(self) -> str:
        return "NHWC" if self._last else "NCHW"

    def _state_shapes(self) -> list[tuple[int, ...]]:
        return [self._state, self._state]

    def output_shape(self, input_shape: BatchShape) -> BatchShape:
        """Returns the shape of output and states for images [batch, height, width, channels]."""
        self._require_rank(input_shape, 4, "[batch, height, width, channels]")
        sizes = input_shape[1:3] if self._last else input_shape[2:4]
        found = spatial_sizes(self, sizes, self.kernel_size, self.strides, self.dilation_rate, self.padding)
        return (*found, self.filters) if self._last else (self.filters, *found)

    def build(self, input_shape: Any) -> None:
        shape = first_shape(input_shape)
        self._state = tuple(
            self._require_known(dim, "height and width", shape) for dim in self.output_shape(shape)
        )
        channels = self._require_known(shape[3 if self._last else 1], "the number of channels", shape)
        columns = 4 * self.filters
        self.kernel = self._declared_weight("kernel", (*self.kernel_size, channels, columns))
        self.recurrent_kernel = self.add_weight(
            "recurrent_kernel", (*self.kernel_size, self.filters, columns), **recurrent_of(self)
        )
        self.bias = (
            self.add_weight("bias", (columns,), **bias_of(self, self.filters)) if self.use_bias else None
        )

    def _project(self, x: Tensor) -> Tensor:
        images = ops.reshape(x, (-1, *x.shape[-3:]))
        found = ops.conv2d(images, self.kernel, self.strides, self.padding, self._format, self.dilation_rate)
        if self.bias is not None:
            found = found + (self.bias if self._last else ops.reshape(self.bias, (-1, 1, 1)))
        whole: Tensor = ops.reshape(found, (*x.shape[:-3], *found.shape[1:]))
        return whole

    def _advance(
        self, projected: Tensor, states: States, kept: Tensor | None, kernels: Sequence[Tensor]
    ) -> tuple[Tensor, States]:
        inner = ops.conv2d(times(states[0], kept), kernels[0], 1, "same", self._format)
        let_in, forget, new, out = ops.split(projected + inner, 4, 3 if self._last else 1)
        gate = self.recurrent_activation
        c = gate(forget) * states[1] + gate(let_in) * self.activation(new)
        h = gate(out) * self.activation(c)
        return h, [h, c]


class ConvLSTM2D(ConvFields, CellLayer):
    """Convolutional long short-term memory over sequences of images.

    Args:
        filters, kernel_size, strides, padding, data_format, dilation_rate, activation, ...: as for ConvLSTM2DCell.
        return_sequences, return_state, go_backwards, stateful, unroll: as for SimpleRNN.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.convLstm2d({"filters": 4, "kernelSize": 3, "padding": "same"})
        >>> layer(tf.ones([2, 3, 5, 5, 1])).shape
        (2, 5, 5, 4)

    Source: https://js.tensorflow.org/api/latest/#layers.convLstm2d
    """

    _cell_class = ConvLSTM2DCell

    unroll: bool = field(False, keyword_only=True)

    def _require_sequence(self, shape: BatchShape) -> None:
        self._require_rank(shape, 5, "[batch, steps, height, width, channels]")

    def _state_shapes(self, input_shape: BatchShape) -> list[tuple[int, ...]]:
        shape = tuple(self.cell.output_shape((input_shape[0], *input_shape[2:])))
        return [shape, shape]
