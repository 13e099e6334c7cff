"""Functions of TensorFlow that go over windows: pooling and convolutions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError
from tfjs_pyo.keras import ops as _keras_ops
from tfjs_pyo.tensorflow.functions import constant

keras_ops: Any = _keras_ops  # its functions are declared, not written


def pooled(name: str, rank: int) -> Callable[..., Tensor]:
    """Returns pooling over some axes, with TensorFlow's parameters."""

    def call(input: Any, ksize: Any, strides: Any, padding: str, data_format: str | None = None) -> Tensor:
        places = (
            "channels_first" if (data_format or "N").startswith("NC") and data_format else "channels_last"
        )
        made: Tensor = getattr(keras_ops, name)(
            constant(input), _axes(ksize, rank, places), _axes(strides, rank, places), padding.lower(), places
        )
        return made

    call.__doc__ = f"Returns {'the greatest value' if 'max' in name else 'the mean'} of each window over {_of_space(rank)}."
    return call


def _of_space(rank: int) -> str:
    return f"{rank} axes" if rank > 1 else "one axis"


def _axes(value: Any, rank: int, places: str = "channels_last") -> Any:
    """Returns what TensorFlow has for all axes, or for one, for those of space."""
    if isinstance(value, (list, tuple)):
        given = list(value)
        if len(given) == rank + 2:
            given = given[2:] if places == "channels_first" else given[1:-1]
        return tuple(given * rank) if len(given) == 1 else tuple(given)
    return (value,) * rank


def transposed(rank: int) -> Callable[..., Tensor]:
    """Returns transposed convolution over some axes, with TensorFlow's parameters."""

    def call(
        input: Any,
        filters: Any,
        output_shape: Any,
        strides: Any,
        padding: str = "SAME",
        data_format: str | None = None,
        dilations: Any = None,
    ) -> Tensor:
        places = "channels_first" if data_format and data_format.startswith("NC") else "channels_last"
        steps, rates = _axes(strides, rank, places), _axes(dilations or 1, rank, places)
        made: Tensor = keras_ops.conv_transpose(
            constant(input), constant(filters), steps, padding.lower(), None, places, rates
        )
        sizes = [int(size) for size in output_shape]
        if sizes[-(rank + 1) :] != list(made.shape[1:]):
            raise OptionError(
                f"tf.nn.conv{rank}d_transpose: expected output_shape of {list(made.shape)}, received {sizes}."
            )
        return made

    call.__doc__ = (
        f"Returns the transposed convolution over {_of_space(rank)}.\n\nArgs:\n"
        "    input: what is spread: [batch, ..., channels].\n    filters: [..., channels of the result, channels of the input].\n"
        "    output_shape: sizes of the result, that of the batch and the channels among them.\n\n"
        "Raises:\n    OptionError: `output_shape` is not what strides and padding give."
    )
    return call


def convolution(
    input: Any,
    filters: Any,
    strides: Any = None,
    padding: str = "VALID",
    data_format: str | None = None,
    dilations: Any = None,
) -> Tensor:
    """Returns the convolution over the axes between those of batch and channels."""
    rank = len(constant(input).shape) - 2
    places = "channels_first" if data_format and data_format.startswith("NC") else "channels_last"
    made: Tensor = keras_ops.conv(
        constant(input), constant(filters), _axes(strides or 1, rank, places), padding.lower(), places,
        _axes(dilations or 1, rank, places),
    )  # fmt: skip
    return made


def separable_conv2d(
    input: Any,
    depthwise_filter: Any,
    pointwise_filter: Any,
    strides: Any,
    padding: str,
    data_format: Any = None,
    dilations: Any = None,
) -> Tensor:
    """Returns a convolution of each channel by itself, then one that mixes them."""
    places = "channels_first" if data_format and data_format.startswith("NC") else "channels_last"
    made: Tensor = keras_ops.separable_conv(
        constant(input), constant(depthwise_filter), constant(pointwise_filter), _axes(strides, 2, places), padding.lower(),
        places,
        _axes(dilations or 1, 2, places),
    )  # fmt: skip
    return made
