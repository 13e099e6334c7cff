"""Long short-term memory over sequences of rows, images and volumes (Shi et al., 2015). Source: https://js.tensorflow.org/api/latest/#layers.convLstm2d"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

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
    """What convolutions are told; sizes are those of images unless a subclass declares them anew."""

    filters: int = field(convert=positive_int)
    kernel_size: tuple[int, ...] = field(convert=positive_ints(2))
    strides: tuple[int, ...] = field((1, 1), positive_ints(2))
    padding: str = field("valid", choice("valid", "same"))
    data_format: str = field("channels_last", choice("channels_last", "channels_first"), keras=None)
    dilation_rate: tuple[int, ...] = field((1, 1), positive_ints(2))


class ConvFields(WindowFields, KernelFields, GateFields, ForgetFields):
    """Fields of ConvLSTM2D."""


class SequenceFields(ConvFields):
    """Fields of ConvLSTM1D."""

    kernel_size: tuple[int, ...] = field(convert=positive_ints(1))
    strides: tuple[int, ...] = field((1,), positive_ints(1))
    dilation_rate: tuple[int, ...] = field((1,), positive_ints(1))


class VolumeFields(ConvFields):
    """Fields of ConvLSTM3D."""

    kernel_size: tuple[int, ...] = field(convert=positive_ints(3))
    strides: tuple[int, ...] = field((1, 1, 1), positive_ints(3))
    dilation_rate: tuple[int, ...] = field((1, 1, 1), positive_ints(3))


_AXES = {1: "width", 2: "height, width", 3: "depth, height, width"}


class ConvCell(ConvFields, Cell):
    """Base of the cells: a step of a convolutional LSTM; filters of the kernels: input, forget, new memory, output."""

    state_size = None
    _spatial_rank: ClassVar[int]

    def _convolve(self, x: Tensor, kernel: Tensor, strides: Any, padding: str, dilation: Any) -> Tensor:
        """Returns the convolution of images with channels last."""
        raise NotImplementedError(f"{self.display_name}: a cell must define _convolve.")

    @property
    def _last(self) -> bool:
        return self.data_format == "channels_last"

    def _convolved(self, x: Tensor, kernel: Tensor, strides: Any, padding: str, dilation: Any) -> Tensor:
        """Returns the convolution of images in the cell's format."""
        if self._last:
            return self._convolve(x, kernel, strides, padding, dilation)
        rank = self._spatial_rank
        moved = ops.transpose(x, (0, *range(2, rank + 2), 1))
        found = self._convolve(moved, kernel, strides, padding, dilation)
        back: Tensor = ops.transpose(found, (0, rank + 1, *range(1, rank + 1)))
        return back

    def _state_shapes(self) -> list[tuple[int, ...]]:
        return [self._state, self._state]

    def _output_of_step(self, input_shape: BatchShape) -> BatchShape:
        """Returns the shape of output and states for images [batch, ..., channels]."""
        rank, axes = self._spatial_rank, _AXES[self._spatial_rank]
        self._require_rank(input_shape, rank + 2, f"[batch, {axes}, channels]")
        sizes = input_shape[1 : rank + 1] if self._last else input_shape[2 : rank + 2]
        found = spatial_sizes(self, sizes, self.kernel_size, self.strides, self.dilation_rate, self.padding)
        return (*found, self.filters) if self._last else (self.filters, *found)

    def build(self, input_shape: Any) -> None:
        shape = first_shape(input_shape)
        axes = _AXES[self._spatial_rank].replace(", ", " and ")
        self._state = tuple(self._require_known(dim, axes, shape) for dim in self._output_of_step(shape))
        channels = self._require_known(shape[-1 if self._last else 1], "the number of channels", shape)
        columns = 4 * self.filters
        self.kernel = self._declared_weight("kernel", (*self.kernel_size, channels, columns))
        self.recurrent_kernel = self.add_weight(
            "recurrent_kernel", (*self.kernel_size, self.filters, columns), **recurrent_of(self)
        )
        self.bias = (
            self.add_weight("bias", (columns,), **bias_of(self, self.filters)) if self.use_bias else None
        )

    def _project(self, x: Tensor) -> Tensor:
        rank = self._spatial_rank
        images = ops.reshape(x, (-1, *x.shape[-rank - 1 :]))
        found = self._convolved(images, self.kernel, self.strides, self.padding, self.dilation_rate)
        if self.bias is not None:
            found = found + (self.bias if self._last else ops.reshape(self.bias, (-1, *(1,) * rank)))
        whole: Tensor = ops.reshape(found, (*x.shape[: -rank - 1], *found.shape[1:]))
        return whole

    def _advance(
        self, projected: Tensor, states: States, kept: Tensor | None, kernels: Sequence[Tensor]
    ) -> tuple[Tensor, States]:
        ones = (1,) * self._spatial_rank
        inner = self._convolved(times(states[0], kept), kernels[0], ones, "same", ones)
        let_in, forget, new, out = ops.split(
            projected + inner, 4, self._spatial_rank + 1 if self._last else 1
        )
        gate = self.recurrent_activation
        c = gate(forget) * states[1] + gate(let_in) * self.activation(new)
        h = gate(out) * self.activation(c)
        return h, [h, c]


class ConvLSTM1DCell(SequenceFields, ConvCell):
    """A step of a convolutional LSTM over rows. Source: https://keras.io/api/layers/recurrent_layers/conv_lstm1d/"""

    _spatial_rank = 1

    def _convolve(self, x: Tensor, kernel: Tensor, strides: Any, padding: str, dilation: Any) -> Tensor:
        return ops.conv1d(x, kernel, strides[0], padding, "NWC", dilation[0])


class ConvLSTM2DCell(ConvCell):
    """A step of a convolutional LSTM; filters of the kernels: input, forget, new memory, output.

    Args:
        filters: channels of the output.
        kernel_size: height and width of the windows.
        strides, padding, dilation_rate: of the convolution of inputs; that of the state keeps its size.
        data_format: 'channelsLast' or 'channelsFirst'.
        activation, recurrent_activation, use_bias, unit_forget_bias, dropout, ...: as for LSTMCell.

    Example:
        >>> import tfjs_pyo as tf
        >>> cell = tf.layers.convLstm2dCell({"filters": 4, "kernelSize": 3, "padding": "same"})
        >>> state = tf.zeros([2, 5, 5, 4])
        >>> output, *states = cell.apply([tf.ones([2, 5, 5, 1]), state, state])
        >>> output.shape, len(states)
        ((2, 5, 5, 4), 2)

    Source: https://js.tensorflow.org/api/latest/#layers.convLstm2dCell
    """

    _spatial_rank = 2

    def _convolve(self, x: Tensor, kernel: Tensor, strides: Any, padding: str, dilation: Any) -> Tensor:
        return ops.conv2d(x, kernel, strides, padding, "NHWC", dilation)


class ConvLSTM3DCell(VolumeFields, ConvCell):
    """A step of a convolutional LSTM over volumes. Source: https://keras.io/api/layers/recurrent_layers/conv_lstm3d/"""

    _spatial_rank = 3

    def _convolve(self, x: Tensor, kernel: Tensor, strides: Any, padding: str, dilation: Any) -> Tensor:
        return ops.conv3d(x, kernel, strides, padding, "NDHWC", dilation)


class ConvLSTM(ConvFields, CellLayer):
    """Base of the layers."""

    _cell_class: ClassVar[type[ConvCell]]

    unroll: bool = field(False, keyword_only=True)

    def _require_sequence(self, shape: BatchShape) -> None:
        rank = self._cell_class._spatial_rank
        self._require_rank(shape, rank + 3, f"[batch, steps, {_AXES[rank]}, channels]")

    def _state_shapes(self, input_shape: BatchShape) -> list[tuple[int, ...]]:
        shape = tuple(self.cell._output_of_step((input_shape[0], *input_shape[2:])))
        return [shape, shape]


class ConvLSTM1D(SequenceFields, ConvLSTM):
    """Convolutional long short-term memory over sequences of rows.

    Args:
        filters, kernel_size, strides, padding, data_format, dilation_rate, activation, ...: as for ConvLSTM2D.
        return_sequences, return_state, go_backwards, stateful, unroll: as for SimpleRNN.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.convLstm1d({"filters": 4, "kernelSize": 3, "padding": "same"})(tf.ones([2, 3, 5, 1])).shape
        (2, 5, 4)

    Source: https://keras.io/api/layers/recurrent_layers/conv_lstm1d/
    """

    _cell_class = ConvLSTM1DCell


class ConvLSTM2D(ConvLSTM):
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


class ConvLSTM3D(VolumeFields, ConvLSTM):
    """Convolutional long short-term memory over sequences of volumes.

    Args:
        filters, kernel_size, strides, padding, data_format, dilation_rate, activation, ...: as for ConvLSTM2D.
        return_sequences, return_state, go_backwards, stateful, unroll: as for SimpleRNN.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.convLstm3d({"filters": 2, "kernelSize": 2, "padding": "same"})
        >>> layer(tf.ones([1, 2, 2, 3, 3, 1])).shape
        (1, 2, 3, 3, 2)

    Source: https://keras.io/api/layers/recurrent_layers/conv_lstm3d/
    """

    _cell_class = ConvLSTM3DCell
