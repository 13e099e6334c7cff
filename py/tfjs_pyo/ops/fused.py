"""`tf.fused`: products and convolutions with bias and activation. The compiler fuses these anyway; here it is asked for by name.

Source: https://js.tensorflow.org/api/latest/#Operations-Fused
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core.graph import Node
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.ops import convolution, depthwise, math, matrices
from tfjs_pyo.ops.arithmetic import add
from tfjs_pyo.ops.convert import node_of
from tfjs_pyo.ops.declare import wrap
from tfjs_pyo.ops.movement import reshape_node
from tfjs_pyo.ops.windows import Padding, Rounding
from tfjs_pyo.types import TensorLike

__all__ = ["conv2d", "depthwise_conv2d", "mat_mul"]

ACTIVATIONS: dict[str, Callable[[Node], Node]] = {
    "linear": lambda x: x,
    "relu": math.relu,
    "relu6": math.relu6,
    "elu": math.elu,
    "sigmoid": math.sigmoid,
}
NAMES = (*ACTIVATIONS, "prelu", "leakyrelu")


def _finished(
    owner: str,
    y: Node,
    bias: Any,
    activation: str,
    prelu_activation_weights: Any,
    leakyrelu_alpha: float,
    channels_first: bool = False,
) -> Tensor:
    """Returns activation(y + bias)."""

    def along_channels(values: Any) -> Node:
        node = node_of(values, owner)
        return reshape_node(node, (node.size, 1, 1)) if channels_first and node.rank == 1 else node

    name = naming.resolve(activation, NAMES, f"{owner}: activation")
    biased = y if bias is None else add(y, along_channels(bias))
    if name == "prelu":
        if prelu_activation_weights is None:
            raise ArgumentError(
                f"{owner}: expected prelu_activation_weights for the activation 'prelu', received none."
            )
        return wrap(math.prelu(biased, along_channels(prelu_activation_weights)))
    if name == "leakyrelu":
        return wrap(math.leaky_relu(biased, leakyrelu_alpha))
    return wrap(ACTIVATIONS[name](biased))


@naming.bridge
def mat_mul(
    a: TensorLike,
    b: TensorLike,
    transpose_a: bool = False,
    transpose_b: bool = False,
    bias: TensorLike = None,
    activation: str = "linear",
    prelu_activation_weights: TensorLike = None,
    leakyrelu_alpha: float = 0.2,
) -> Tensor:
    """Returns activation(a @ b + bias).

    Args:
        a, b, transpose_a, transpose_b: as for `tf.matMul`.
        bias: broadcast to the product; default: none.
        activation: 'linear', 'relu', 'relu6', 'elu', 'sigmoid', 'prelu' or 'leakyrelu'.
        prelu_activation_weights: slopes of 'prelu', broadcast to the product.
        leakyrelu_alpha: slope of 'leakyrelu'.

    Raises:
        ShapeError: shapes that do not suit each other.
        OptionError: an unknown activation.
        ArgumentError: 'prelu' without weights.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.fused.matMul({"a": [[1, -2], [3, 4]], "b": [[1], [1]], "bias": [0.5], "activation": "relu"})
        Tensor
            [[0  ],
             [7.5]]

    Source: https://js.tensorflow.org/api/latest/#fused.matMul
    """
    product = matrices.mat_mul(
        node_of(a, "fused.mat_mul"), node_of(b, "fused.mat_mul"), transpose_a, transpose_b
    )
    return _finished("fused.mat_mul", product, bias, activation, prelu_activation_weights, leakyrelu_alpha)


def _convolution(name: str, convolve: Callable[..., Node], filters: str) -> Callable[..., Any]:
    """Returns a convolution with bias and activation."""
    owner = f"fused.{name}"

    def call(
        x: TensorLike,
        filter: TensorLike,
        strides: int | Sequence[int],
        pad: Padding,
        data_format: str = "NHWC",
        dilations: int | Sequence[int] = (1, 1),
        dim_rounding_mode: Rounding = None,
        bias: TensorLike = None,
        activation: str = "linear",
        prelu_activation_weights: TensorLike = None,
        leakyrelu_alpha: float = 0.2,
    ) -> Tensor:
        y = convolve(
            node_of(x, owner),
            node_of(filter, owner),
            strides,
            pad,
            data_format,
            dilations,
            dim_rounding_mode,
        )
        return _finished(
            owner,
            y,
            bias,
            activation,
            prelu_activation_weights,
            leakyrelu_alpha,
            channels_first=data_format == "NCHW",
        )

    call.__name__ = call.__qualname__ = name
    camel = naming.camel(name)
    call.__doc__ = f"""Returns activation(convolution + bias).

    Args:
        x, strides, pad, data_format, dilations, dim_rounding_mode: as for `tf.{camel}`.
        filter: {filters}.
        bias: one number for each channel of the result, or broadcast to it; default: none.
        activation: 'linear', 'relu', 'relu6', 'elu', 'sigmoid', 'prelu' or 'leakyrelu'.
        prelu_activation_weights: slopes of 'prelu': one for each channel, or broadcast to the result.
        leakyrelu_alpha: slope of 'leakyrelu'.

    Raises:
        ShapeError: shapes that do not suit each other.
        OptionError: an unknown activation.
        ArgumentError: 'prelu' without weights.

    Example:
        >>> import tfjs_pyo as tf
        >>> x = [[[-1.0], [0.0]], [[2.0], [3.0]]]
        >>> tf.fused.{camel}({{"x": x, "filter": [[[[2.0]]]], "strides": 1, "pad": "valid", "bias": [1.0], "activation": "relu"}})
        Tensor
            [[[0], [1]], [[5], [7]]]

    Source: https://js.tensorflow.org/api/latest/#fused.{camel}
    """
    return naming.bridge(call)


conv2d = _convolution("conv2d", convolution.conv2d, "float32 [rows, columns, channels, filters]")
depthwise_conv2d = _convolution(
    "depthwise_conv2d",
    depthwise.depthwise_conv2d,
    "float32 [rows, columns, channels, filters of a channel]",
)

__getattr__, __dir__ = naming.module_names(__name__, spelled=True)
