"""Activation functions, by name in layers. Source: https://keras.io/api/layers/activations/"""

from __future__ import annotations

import math

from tfjs_pyo import naming, ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.forms import note_keras_form
from tfjs_pyo.further_activations import (
    celu,
    exponential,
    glu,
    hard_shrink,
    hard_swish,
    hard_tanh,
    leaky_relu,
    log_sigmoid,
    soft_shrink,
    sparse_plus,
    sparse_sigmoid,
    sparsemax,
    squareplus,
    tanh_shrink,
    threshold,
)
from tfjs_pyo.ops import math as math_ops
from tfjs_pyo.ops.arguments import of_tensors
from tfjs_pyo.registry import Registry

_FAR = 110.0
"""Where exp(-x) is 0 in float32. Products of x with what saturates are taken within it: infinity times 0 is NaN."""


def _near(x: Tensor) -> Tensor:
    return ops.clip_by_value(x, -_FAR, _FAR)


@of_tensors()
def linear(x: Tensor) -> Tensor:
    """Returns x.

    Args:
        x: any values.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.linear([-1.0, 2.0])
        Tensor
            [-1, 2]
    """
    return x


@naming.bridge
@of_tensors()
def relu(
    x: Tensor, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0
) -> Tensor:
    """Returns max(x, 0).

    Args:
        x: any values.
        negative_slope: of x - threshold below the threshold.
        max_value: which no result exceeds.
        threshold: from which on x is its own result.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.relu([-1.0, 0.5, 8.0])
        Tensor
            [0, 0.5, 8]
        >>> tf.activations.relu([-1.0, 0.5, 8.0], 0.1, 6.0)
        Tensor
            [-0.1, 0.5, 6]
    """
    result = ops.relu(x)
    if threshold or negative_slope:
        result = ops.where(ops.greater_equal(x, threshold), x, negative_slope * (x - threshold))
    return result if max_value is None else ops.minimum(result, max_value)


@of_tensors()
def relu6(x: Tensor) -> Tensor:
    """Returns x held between 0 and 6.

    Args:
        x: any values.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.relu6([-1.0, 3.0, 8.0])
        Tensor
            [0, 3, 6]
    """
    return ops.relu6(x)


@naming.bridge
@of_tensors()
def elu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """Returns x where it is positive, alpha * (exp(x) - 1) elsewhere.

    Args:
        x: any values.
        alpha: minus the value that is reached far below 0.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.elu([-1.0, 0.0, 2.0])
        Tensor
            [-0.6321..., 0, 2]
    """
    return ops.elu(x, alpha)


@of_tensors()
def selu(x: Tensor) -> Tensor:
    """Returns the scaled elu of self-normalizing networks.

    Args:
        x: any values.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.selu([-1.0, 0.0, 1.0])
        Tensor
            [-1.1113..., 0, 1.0507...]
    """
    return ops.selu(x)


@of_tensors()
def sigmoid(x: Tensor) -> Tensor:
    """Returns 1 / (1 + exp(-x)).

    Args:
        x: any values.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.sigmoid([-2.0, 0.0, 2.0])
        Tensor
            [0.1192..., 0.5, 0.8807...]
    """
    return ops.sigmoid(x)


@of_tensors()
def hard_sigmoid(x: Tensor) -> Tensor:
    """Returns 0.2 * x + 0.5 held between 0 and 1, as TF.js and Keras 2 define it.

    Args:
        x: any values.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.hardSigmoid([-3.0, -1.0, 0.0, 3.0])
        Tensor
            [0, 0.3, 0.5, 1]
    """
    return 0.2 * ops.clip_by_value(x, -2.5, 2.5) + 0.5


@of_tensors()
def hard_sigmoid6(x: Tensor) -> Tensor:
    """Returns relu6(x + 3) / 6, which Keras 3 calls hard_sigmoid.

    Args:
        x: any values.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.activations.hard_sigmoid([-3.0, 0.0, 1.5, 3.0])
        Tensor
            [0, 0.5, 0.75, 1]
    """
    return ops.relu6(x + 3) / 6


hard_sigmoid6.keras_name = "hard_sigmoid"  # type: ignore[attr-defined]
note_keras_form(hard_sigmoid, hard_sigmoid6)


@of_tensors()
def softplus(x: Tensor) -> Tensor:
    """Returns log(1 + exp(x)).

    Args:
        x: any values.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.softplus([-1.0, 0.0, 1.0])
        Tensor
            [0.3132..., 0.6931..., 1.3132...]
    """
    return ops.softplus(x)


@of_tensors()
def softsign(x: Tensor) -> Tensor:
    """Returns x / (1 + |x|).

    Args:
        x: any values.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.softsign([-1.0, 0.0, 3.0])
        Tensor
            [-0.5, 0, 0.75]
    """
    result: Tensor = math_ops.softsign(x)
    return result


@of_tensors()
def tanh(x: Tensor) -> Tensor:
    """Returns the hyperbolic tangent.

    Args:
        x: any values.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.tanh([-1.0, 0.0, 1.0])
        Tensor
            [-0.7615..., 0, 0.7615...]
    """
    return ops.tanh(x)


@naming.bridge
@of_tensors()
def softmax(x: Tensor, axis: int = -1) -> Tensor:
    """Returns exp(x) scaled to add up to 1 along an axis.

    Args:
        x: rank 1 or more.
        axis: of the classes.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.softmax([[0.0, 0.0], [0.0, 1.0]])
        Tensor
            [[0.5      , 0.5      ],
             [0.2689..., 0.7310...]]
    """
    return ops.softmax(x, axis)


@naming.bridge
@of_tensors()
def log_softmax(x: Tensor, axis: int = -1) -> Tensor:
    """Returns the logarithm of softmax.

    Args:
        x: rank 1 or more.
        axis: of the classes.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.logSoftmax([1.0, 1.0])
        Tensor
            [-0.6931..., -0.6931...]
    """
    return ops.log_softmax(x, axis)


@of_tensors()
def swish(x: Tensor) -> Tensor:
    """Returns x * sigmoid(x).

    Args:
        x: any values.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.swish([-1.0, 0.0, 2.0])
        Tensor
            [-0.2689..., 0, 1.7615...]
    """
    near = _near(x)
    return ops.where(x > _FAR, x, near * ops.sigmoid(near))


@of_tensors()
def mish(x: Tensor) -> Tensor:
    """Returns x * tanh(softplus(x)).

    Args:
        x: any values.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.mish([-1.0, 0.0, 2.0])
        Tensor
            [-0.3034..., 0, 1.9439...]
    """
    # tanh(log(1 + e)) = (e^2 + 2 e) / (e^2 + 2 e + 2), which is 1 from 20 on.
    near = ops.clip_by_value(x, -_FAR, 20.0)
    e = ops.exp(near)
    n = e * (e + 2.0)
    return ops.where(x > 20.0, x, near * (n / (n + 2.0)))


@naming.bridge
@of_tensors()
def gelu(x: Tensor, approximate: bool = False) -> Tensor:
    """Returns x times the normal distribution's probability below x, exactly, or by the tanh approximation.

    Args:
        x: any values.
        approximate: whether tanh takes the place of the error function.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.gelu([-1.0, 0.0, 2.0])
        Tensor
            [-0.1586..., 0, 1.9544...]
    """
    if approximate:
        return gelu_new(x)
    near = _near(x)
    return ops.where(x > _FAR, x, 0.5 * near * (1.0 + ops.erf(near * math.sqrt(0.5))))


@of_tensors()
def gelu_new(x: Tensor) -> Tensor:
    """Returns gelu by the tanh approximation, TF.js's `geluNew`.

    Args:
        x: any values.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.geluNew([-1.0, 0.0, 2.0])
        Tensor
            [-0.1588..., 0, 1.9545...]
    """
    # 1 + tanh u = 2 sigmoid(2 u), which keeps its digits where tanh is about -1; beyond 14 they are 0 and 1.
    near = ops.clip_by_value(x, -14.0, 14.0)
    slope = 2.0 * math.sqrt(2 / math.pi)
    return ops.where(x > 14.0, x, near * ops.sigmoid(slope * near * (1.0 + 0.044715 * (near * near))))


_FUNCTIONS = (
    linear, relu, relu6, elu, selu, sigmoid, hard_sigmoid, hard_sigmoid6,
    softplus, softsign, tanh, softmax, log_softmax, swish, mish,
    gelu, gelu_new, exponential, leaky_relu, log_sigmoid, celu, hard_swish, hard_tanh, hard_shrink, soft_shrink,
    tanh_shrink, squareplus, sparse_plus, sparse_sigmoid, glu, sparsemax, threshold,
)  # fmt: skip
ACTIVATIONS = Registry("activation", _FUNCTIONS, {"silu": "swish", "hard_silu": "hard_swish"})
get = ACTIVATIONS.get

__all__ = [
    "celu",
    "elu",
    "exponential",
    "gelu",
    "gelu_new",
    "glu",
    "hard_shrink",
    "hard_sigmoid",
    "hard_swish",
    "hard_tanh",
    "leaky_relu",
    "linear",
    "log_sigmoid",
    "log_softmax",
    "mish",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "soft_shrink",
    "softmax",
    "softplus",
    "softsign",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "squareplus",
    "swish",
    "tanh",
    "tanh_shrink",
    "threshold",
]
__getattr__, __dir__ = naming.module_names(__name__, ACTIVATIONS.aliases)
