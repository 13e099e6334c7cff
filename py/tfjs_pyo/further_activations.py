"""Activation functions that Keras has and TensorFlow.js has not. Source: https://keras.io/api/layers/activations/"""

from __future__ import annotations

from tfjs_pyo import naming, ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.ops import math as math_ops
from tfjs_pyo.ops.arguments import of_tensors
from tfjs_pyo.shapes import normalize_axis


@of_tensors()
def exponential(x: Tensor) -> Tensor:
    """Returns exp(x).

    Args:
        x: any values.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.exponential([0.0, 1.0])
        Tensor
            [1, 2.7182...]
    """
    return ops.exp(x)


@naming.bridge
@of_tensors()
def leaky_relu(x: Tensor, negative_slope: float = 0.2) -> Tensor:
    """Returns x where it is positive, negative_slope * x elsewhere.

    Args:
        x: any values.
        negative_slope: slope below 0.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.leakyRelu([-10.0, 3.0], 0.1)
        Tensor
            [-1, 3]
    """
    return ops.leaky_relu(x, negative_slope)


@of_tensors()
def log_sigmoid(x: Tensor) -> Tensor:
    """Returns the logarithm of sigmoid.

    Args:
        x: any values.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.logSigmoid([0.0, 2.0])
        Tensor
            [-0.6931..., -0.1269...]
    """
    return ops.log_sigmoid(x)


@naming.bridge
@of_tensors()
def celu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """Returns x where it is positive, alpha * (exp(x / alpha) - 1) elsewhere: smooth for every alpha.

    Args:
        x: any values.
        alpha: minus the value that is reached far below 0; not 0.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.celu([-1.0, 0.0, 2.0])
        Tensor
            [-0.6321..., 0, 2]
    """
    return ops.where(x > 0.0, x, alpha * ops.expm1(ops.where(x > 0.0, 0.0, x) / alpha))


@of_tensors()
def hard_swish(x: Tensor) -> Tensor:
    """Returns x * relu6(x + 3) / 6.

    Args:
        x: any values.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.hardSwish([-3.0, 1.0, 3.0])
        Tensor
            [0, 0.6666..., 3]
    """
    near = ops.clip_by_value(x, -3, 3)
    return ops.where(x > 3.0, x, near * (near + 3.0) * (1 / 6))


@of_tensors()
def hard_tanh(x: Tensor) -> Tensor:
    """Returns x held between -1 and 1.

    Args:
        x: any values.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.hardTanh([-2.0, 0.5, 2.0])
        Tensor
            [-1, 0.5, 1]
    """
    return ops.clip_by_value(x, -1, 1)


@naming.bridge
@of_tensors()
def hard_shrink(x: Tensor, threshold: float = 0.5) -> Tensor:
    """Returns 0 for |x| up to the threshold, x elsewhere.

    Args:
        x: any values.
        threshold: largest size that becomes 0.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.hardShrink([-2.0, 0.25, 1.0])
        Tensor
            [-2, 0, 1]
    """
    return ops.where(ops.abs(x) <= threshold, 0.0, x)


@naming.bridge
@of_tensors()
def soft_shrink(x: Tensor, threshold: float = 0.5) -> Tensor:
    """Returns x moved towards 0 by the threshold, 0 within it.

    Args:
        x: any values.
        threshold: how far values are moved.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.softShrink([-2.0, 0.25, 1.0])
        Tensor
            [-1.5, 0, 0.5]
    """
    return ops.relu(x - threshold) - ops.relu(-x - threshold)


@of_tensors()
def tanh_shrink(x: Tensor) -> Tensor:
    """Returns x - tanh(x).

    Args:
        x: any values.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.tanhShrink([0.0, 1.0])
        Tensor
            [0, 0.2384...]
    """
    result: Tensor = math_ops.tanh_shrink(x)
    return result


@naming.bridge
@of_tensors()
def squareplus(x: Tensor, b: float = 4.0) -> Tensor:
    """Returns (x + sqrt(x^2 + b)) / 2.

    Args:
        x: any values.
        b: how smooth the bend at 0 is; 0 gives relu.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.squareplus([-1.5, 0.0, 1.5])
        Tensor
            [0.5, 1, 2]
    """
    # As max(x, 0) and a rest, so that no digits cancel; beyond 1e18 the square would overflow.
    size = ops.clip_by_value(ops.where(x > 0.0, x, -x), 0, 1e18)
    rest = (0.5 * b) / (ops.sqrt(ops.square(size) + b) + size)
    return ops.where(x > 0.0, x + rest, rest)


@of_tensors()
def sparse_plus(x: Tensor) -> Tensor:
    """Returns 0 up to -1, (x + 1)^2 / 4 from there to 1, and x above.

    Args:
        x: any values.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.sparsePlus([-2.0, 0.0, 2.0])
        Tensor
            [0, 0.25, 2]
    """
    return ops.where(ops.abs(x) < 1.0, ops.square(ops.clip_by_value(x, -1, 1) + 1.0) * 0.25, ops.relu(x))


@of_tensors()
def sparse_sigmoid(x: Tensor) -> Tensor:
    """Returns (x + 1) / 2 held between 0 and 1.

    Args:
        x: any values.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.sparseSigmoid([-2.0, 0.0, 0.5])
        Tensor
            [0, 0.5, 0.75]
    """
    return 0.5 * (ops.clip_by_value(x, -1, 1) + 1.0)


@naming.bridge
@of_tensors(rank=1)
def glu(x: Tensor, axis: int = -1) -> Tensor:
    """Returns the first half along an axis times the sigmoid of the second.

    Args:
        x: rank 1 or more; an even length along the axis.
        axis: that is halved.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.glu([1.0, 2.0, 0.0, 0.0])
        Tensor
            [0.5, 1]
    """
    first, second = ops.split(x, 2, axis)
    return first * ops.sigmoid(second)


@naming.bridge
@of_tensors(rank=1)
def sparsemax(x: Tensor, axis: int = -1) -> Tensor:
    """Returns the point of the probability simplex that is nearest to x along an axis: shares, many of them 0.

    Args:
        x: rank 1 or more.
        axis: along which shares add up to 1.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.sparsemax([1.0, 0.5, -1.0])
        Tensor
            [0.75, 0.25, 0]
    """
    axis = normalize_axis("sparsemax", axis, x.rank)
    order = (*(i for i in range(x.rank) if i != axis), axis)
    rows = ops.transpose(x, order)
    size = rows.shape[-1]
    ranked = ops.topk(rows, size).values
    sums = ops.cumsum(ranked, -1)
    counts = ops.range(1, size + 1, 1, "float32")
    inside = ops.cast(ops.greater(1.0 + counts * ranked, sums), "float32")
    support = ops.sum(inside, -1, True)
    # The sum of those that are inside, less 1, is shared out among them.
    threshold = (ops.sum(ranked * inside, -1, True) - 1.0) / support
    shares = ops.relu(rows - threshold)
    back = sorted(range(x.rank), key=lambda i: order[i])
    return ops.transpose(shares, tuple(back))


@naming.bridge
@of_tensors()
def threshold(x: Tensor, threshold: float, default_value: float) -> Tensor:
    """Returns x where it is above a threshold, a value elsewhere.

    Args:
        x: any values.
        threshold: largest value that is replaced.
        default_value: what takes its place.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.activations.threshold([0.5, 1.0, 2.0], 1.0, 0.0)
        Tensor
            [0, 0, 2]
    """
    return ops.where(ops.greater(x, threshold), x, default_value)


__all__ = [
    "celu",
    "exponential",
    "glu",
    "hard_shrink",
    "hard_swish",
    "hard_tanh",
    "leaky_relu",
    "log_sigmoid",
    "soft_shrink",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "squareplus",
    "tanh_shrink",
    "threshold",
]
