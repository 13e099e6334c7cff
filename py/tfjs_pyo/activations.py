"""Activation functions, by name in layers. Source: https://keras.io/api/layers/activations/"""

from __future__ import annotations

import math

from tfjs_pyo import naming, ops
from tfjs_pyo.config import Registry
from tfjs_pyo.core.tensor import Tensor


def linear(x: Tensor) -> Tensor:
    """Returns x."""
    return x


def relu(x: Tensor) -> Tensor:
    """Returns max(x, 0)."""
    return ops.relu(x)


def relu6(x: Tensor) -> Tensor:
    """Returns x held between 0 and 6."""
    return ops.relu6(x)


def elu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """Returns x where it is positive, alpha * (exp(x) - 1) elsewhere."""
    return ops.elu(x, alpha)


def selu(x: Tensor) -> Tensor:
    """Returns the scaled elu of self-normalizing networks."""
    return ops.selu(x)


def sigmoid(x: Tensor) -> Tensor:
    """Returns 1 / (1 + exp(-x))."""
    return ops.sigmoid(x)


def hard_sigmoid(x: Tensor) -> Tensor:
    """Returns 0.2 * x + 0.5 held between 0 and 1, as TF.js and Keras 2 define it."""
    return ops.clip_by_value(0.2 * x + 0.5, 0, 1)


def softplus(x: Tensor) -> Tensor:
    """Returns log(1 + exp(x))."""
    return ops.softplus(x)


def softsign(x: Tensor) -> Tensor:
    """Returns x / (1 + |x|)."""
    return x / (1.0 + ops.abs(x))


def tanh(x: Tensor) -> Tensor:
    """Returns the hyperbolic tangent."""
    return ops.tanh(x)


def softmax(x: Tensor, axis: int = -1) -> Tensor:
    """Returns exp(x) scaled to add up to 1 along an axis."""
    return ops.softmax(x, axis)


def log_softmax(x: Tensor, axis: int = -1) -> Tensor:
    """Returns the logarithm of softmax."""
    return ops.log_softmax(x, axis)


def swish(x: Tensor) -> Tensor:
    """Returns x * sigmoid(x)."""
    return x * ops.sigmoid(x)


def mish(x: Tensor) -> Tensor:
    """Returns x * tanh(softplus(x))."""
    return x * ops.tanh(ops.softplus(x))


def gelu(x: Tensor) -> Tensor:
    """Returns x times the normal distribution's probability below x, exactly."""
    return 0.5 * x * (1.0 + ops.erf(x * math.sqrt(0.5)))


def gelu_new(x: Tensor) -> Tensor:
    """Returns gelu by the tanh approximation, TF.js's `geluNew`."""
    return 0.5 * x * (1.0 + ops.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))


_FUNCTIONS = (
    linear, relu, relu6, elu, selu, sigmoid, hard_sigmoid, softplus, softsign, tanh, softmax, log_softmax, swish, mish,
    gelu, gelu_new,
)  # fmt: skip
ACTIVATIONS = Registry("activation", _FUNCTIONS, {"silu": "swish"})
get = ACTIVATIONS.get

__all__ = [
    "elu",
    "gelu",
    "gelu_new",
    "get",
    "hard_sigmoid",
    "linear",
    "log_softmax",
    "mish",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "softmax",
    "softplus",
    "softsign",
    "swish",
    "tanh",
]
__getattr__, __dir__ = naming.module_names(__name__)
