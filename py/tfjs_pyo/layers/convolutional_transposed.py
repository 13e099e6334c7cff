"""Transposed convolutions: from results back to inputs. Source: https://js.tensorflow.org/api/latest/#layers.conv2dTranspose"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from tfjs_pyo import constraints, initializers, naming, ops, options, regularizers
from tfjs_pyo.config import Convert, Order, field, positive_ints, whole_numbers
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError
from tfjs_pyo.layers.convolutional import Convolution, Sizes, WithFilters


def _whole(count: int) -> Convert:
    """Returns a conversion to `count` whole numbers; a single one is repeated."""

    def convert(owner: str, name: str, value: Any) -> tuple[int, ...]:
        given = whole_numbers(owner, name, (value,) * count if options.whole(value) is not None else value)
        if len(given) != count or min(given) < 0:
            raise OptionError(
                f"{owner}: expected {naming.camel(name)!r} to be a whole number or {count} of them, received {value!r}."
            )
        return given

    return convert


class _ConvTranspose(WithFilters, Convolution):
    """Base of transposed convolutions: their kernels go from their outputs to their inputs."""

    kernel_initializer: Any = field("glorotNormal", initializers.INITIALIZERS.convert, keras="glorot_uniform")
    kernel_regularizer: Any = field(None, regularizers.REGULARIZERS.convert)
    kernel_constraint: Any = field(None, constraints.CONSTRAINTS.convert)
    output_padding: tuple[int, ...] | None = field(None, _whole(2))

    def _make_kernels(self, channels: int) -> None:
        self.kernel = self._declared_weight("kernel", (*self.kernel_size, self.filters, channels))

    def _output_channels(self, channels: Any) -> int:  # noqa: ARG002 (the same for all)
        return self.filters

    def _output_sizes(self, sizes: Sizes) -> Sizes:
        more = self.output_padding or (None,) * self._spatial_rank
        each = zip(sizes, self.strides, self._reach, more, strict=True)
        return tuple(None if n is None else self._output_size(n, s, k, m) for n, s, k, m in each)

    def _output_size(self, size: int, stride: int, reach: int, more: int | None) -> int:
        """Returns a size from which the convolution leads to `size`: several do where windows are apart."""
        if more is None:
            return size * stride + (max(reach - stride, 0) if self.padding == "valid" else 0)
        cut = 2 * (reach // 2) if self.padding == "same" else 0
        return (size - 1) * stride + reach - cut + more

    def _convolve(self, x: Tensor) -> Tensor:
        flat = self._spatial_rank == 1
        images = ops.expand_dims(x, 1) if flat else x
        kernel = _dilated(self.kernel, self.dilation_rate)
        kernel, strides = (ops.expand_dims(kernel, 0), (1, *self.strides)) if flat else (kernel, self.strides)
        sizes = self._output_sizes(tuple(x.shape[1:-1]))
        shape = (x.shape[0], *([1] if flat else []), *sizes, self.filters)
        transposed = ops.conv3d_transpose if self._spatial_rank == 3 else ops.conv2d_transpose
        result: Tensor = transposed(images, kernel, shape, strides, self.padding)
        return ops.squeeze(result, [1]) if flat else result


def _dilated(kernel: Any, rates: Sequence[int]) -> Any:
    """Returns a kernel with zeros between its elements."""
    for axis, rate in enumerate(rates):
        count = kernel.shape[axis]
        if rate == 1 or count == 1:
            continue
        apart = ops.expand_dims(kernel, axis + 1)
        pairs = [(0, rate - 1 if at == axis + 1 else 0) for at in range(apart.rank)]
        before, after = kernel.shape[:axis], kernel.shape[axis + 1 :]
        wide = ops.reshape(ops.pad(apart, pairs), (*before, count * rate, *after))
        kernel = ops.slice(wide, [0] * wide.rank, (*before, (count - 1) * rate + 1, *after))
    return kernel


class Conv1DTranspose(_ConvTranspose):
    """activation(the transpose of conv1d + bias): makes sequences longer.

    Args:
        filters: channels of the output.
        kernel_size: steps of the window.
        strides: distance of windows in the output.
        padding: 'valid' or 'same'; outputs are strides times as long, with 'valid' at least as long as the window.
        output_padding: steps more at the end, where windows are apart.
        dilation_rate: distance of elements within a window.
        data_format: 'channelsLast' or 'channelsFirst'.
        activation, use_bias, initializers, regularizers, constraints: as for dense.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.conv1dTranspose({"filters": 4, "kernelSize": 3, "strides": 2})
        >>> layer(tf.ones([2, 8, 5])).shape
        (2, 17, 4)

    Source: https://keras.io/api/layers/convolution_layers/convolution1d_transpose/
    """

    per_sample = True
    _spatial_rank = 1

    kernel_size: tuple[int, ...] = field(convert=positive_ints(1))
    strides: tuple[int, ...] = field((1,), positive_ints(1))
    dilation_rate: tuple[int, ...] = field((1,), positive_ints(1))
    kernel_initializer: Any = field("glorotUniform", initializers.INITIALIZERS.convert)
    output_padding: tuple[int, ...] | None = field(None, _whole(1))


class Conv2DTranspose(_ConvTranspose):
    """activation(the transpose of conv2d + bias): makes images larger.

    Args:
        filters: channels of the output.
        kernel_size: height and width of the window.
        strides: distance of windows in the output.
        padding: 'valid' or 'same'; outputs are strides times as large, with 'valid' at least as large as the window.
        output_padding: rows and columns more at the end, where windows are apart (Keras's).
        dilation_rate: distance of elements within a window (Keras's; TF.js ignores it).
        data_format: 'channelsLast' or 'channelsFirst'.
        activation, use_bias, initializers, regularizers, constraints: as for dense.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.conv2dTranspose({"filters": 3, "kernelSize": 2, "strides": 2})
        >>> layer(tf.ones([1, 4, 5, 6])).shape
        (1, 8, 10, 3)

    Source: https://js.tensorflow.org/api/latest/#layers.conv2dTranspose
    """

    per_sample = True
    _spatial_rank = 2


class Conv3DTranspose(_ConvTranspose):
    """activation(the transpose of conv3d + bias): makes volumes larger.

    Args:
        filters: channels of the output.
        kernel_size: depth, height and width of the window.
        strides, padding, output_padding, dilation_rate, data_format: as for conv2dTranspose.
        activation, use_bias, initializers, regularizers, constraints: as for dense.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.conv3dTranspose({"filters": 2, "kernelSize": 2})(tf.ones([1, 3, 3, 3, 1])).shape
        (1, 4, 4, 4, 2)

    Source: https://js.tensorflow.org/api/latest/#layers.conv3dTranspose
    """

    per_sample = True
    _spatial_rank = 3

    kernel_size: tuple[int, ...] = field(convert=positive_ints(3))
    strides: tuple[int, ...] = field((1, 1, 1), positive_ints(3))
    dilation_rate: tuple[int, ...] = field((1, 1, 1), positive_ints(3))
    order: ClassVar[Order] = (
        "filters", "kernel_size", "strides", "padding", "data_format", *_ConvTranspose.order[4:],
    )  # fmt: skip
    output_padding: tuple[int, ...] | None = field(None, _whole(3))


__all__ = ["Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"]
