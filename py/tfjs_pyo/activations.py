"""Activation functions, by name in layers. Source: https://keras.io/api/layers/activations/"""

from __future__ import annotations

import math

from tfjs_pyo import naming, ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.forms import note_keras_form
from tfjs_pyo.ops import math as math_ops
from tfjs_pyo.ops.arguments import of_tensors
from tfjs_pyo.registry import Registry
from tfjs_pyo.shapes import normalize_axis

_FAR = 110.0
"""Where exp(-x) is 0 in float32. Products of x with what saturates are taken within it: infinity times 0 is NaN."""


def _near(x: Tensor) -> Tensor:
    return ops.clip_by_value(x, -_FAR, _FAR)


@of_tensors()
def linear(x: Tensor) -> Tensor:
    """Returns x."""
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
    """
    result = ops.relu(x)
    if threshold or negative_slope:
        result = ops.where(ops.greater_equal(x, threshold), x, negative_slope * (x - threshold))
    return result if max_value is None else ops.minimum(result, max_value)


@of_tensors()
def relu6(x: Tensor) -> Tensor:
    """Returns x held between 0 and 6."""
    return ops.relu6(x)


@naming.bridge
@of_tensors()
def elu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """Returns x where it is positive, alpha * (exp(x) - 1) elsewhere."""
    return ops.elu(x, alpha)


@of_tensors()
def selu(x: Tensor) -> Tensor:
    """Returns the scaled elu of self-normalizing networks."""
    return ops.selu(x)


@of_tensors()
def sigmoid(x: Tensor) -> Tensor:
    """Returns 1 / (1 + exp(-x))."""
    return ops.sigmoid(x)


@of_tensors()
def hard_sigmoid(x: Tensor) -> Tensor:
    """Returns 0.2 * x + 0.5 held between 0 and 1, as TF.js and Keras 2 define it."""
    return 0.2 * ops.clip_by_value(x, -2.5, 2.5) + 0.5


@of_tensors()
def hard_sigmoid6(x: Tensor) -> Tensor:
    """Returns relu6(x + 3) / 6, which Keras 3 calls hard_sigmoid."""
    return ops.relu6(x + 3) / 6


hard_sigmoid6.keras_name = "hard_sigmoid"  # type: ignore[attr-defined]
note_keras_form(hard_sigmoid, hard_sigmoid6)


@of_tensors()
def softplus(x: Tensor) -> Tensor:
    """Returns log(1 + exp(x))."""
    return ops.softplus(x)


@of_tensors()
def softsign(x: Tensor) -> Tensor:
    """Returns x / (1 + |x|)."""
    result: Tensor = math_ops.softsign(x)
    return result


@of_tensors()
def tanh(x: Tensor) -> Tensor:
    """Returns the hyperbolic tangent."""
    return ops.tanh(x)


@naming.bridge
@of_tensors()
def softmax(x: Tensor, axis: int = -1) -> Tensor:
    """Returns exp(x) scaled to add up to 1 along an axis."""
    return ops.softmax(x, axis)


@naming.bridge
@of_tensors()
def log_softmax(x: Tensor, axis: int = -1) -> Tensor:
    """Returns the logarithm of softmax."""
    return ops.log_softmax(x, axis)


@of_tensors()
def swish(x: Tensor) -> Tensor:
    """Returns x * sigmoid(x)."""
    near = _near(x)
    return ops.where(x > _FAR, x, near * ops.sigmoid(near))


@of_tensors()
def mish(x: Tensor) -> Tensor:
    """Returns x * tanh(softplus(x))."""
    # tanh(log(1 + e)) = (e^2 + 2 e) / (e^2 + 2 e + 2), which is 1 from 20 on.
    near = ops.clip_by_value(x, -_FAR, 20.0)
    e = ops.exp(near)
    n = e * (e + 2.0)
    return ops.where(x > 20.0, x, near * (n / (n + 2.0)))


@naming.bridge
@of_tensors()
def gelu(x: Tensor, approximate: bool = False) -> Tensor:
    """Returns x times the normal distribution's probability below x, exactly, or by the tanh approximation."""
    if approximate:
        return gelu_new(x)
    near = _near(x)
    return ops.where(x > _FAR, x, 0.5 * near * (1.0 + ops.erf(near * math.sqrt(0.5))))


@of_tensors()
def gelu_new(x: Tensor) -> Tensor:
    """Returns gelu by the tanh approximation, TF.js's `geluNew`."""
    # 1 + tanh u = 2 sigmoid(2 u), which keeps its digits where tanh is about -1; beyond 14 they are 0 and 1.
    near = ops.clip_by_value(x, -14.0, 14.0)
    slope = 2.0 * math.sqrt(2 / math.pi)
    return ops.where(x > 14.0, x, near * ops.sigmoid(slope * near * (1.0 + 0.044715 * (near * near))))


# Keras's further ones. Source: https://keras.io/api/layers/activations/


@of_tensors()
def exponential(x: Tensor) -> Tensor:
    """Returns exp(x)."""
    return ops.exp(x)


@naming.bridge
@of_tensors()
def leaky_relu(x: Tensor, negative_slope: float = 0.2) -> Tensor:
    """Returns x where it is positive, negative_slope * x elsewhere."""
    return ops.leaky_relu(x, negative_slope)


@of_tensors()
def log_sigmoid(x: Tensor) -> Tensor:
    """Returns the logarithm of sigmoid."""
    return ops.log_sigmoid(x)


@naming.bridge
@of_tensors()
def celu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """Returns x where it is positive, alpha * (exp(x / alpha) - 1) elsewhere: smooth for every alpha."""
    return ops.where(x > 0.0, x, alpha * ops.expm1(ops.where(x > 0.0, 0.0, x) / alpha))


@of_tensors()
def hard_swish(x: Tensor) -> Tensor:
    """Returns x * relu6(x + 3) / 6."""
    near = ops.clip_by_value(x, -3, 3)
    return ops.where(x > 3.0, x, near * (near + 3.0) * (1 / 6))


@of_tensors()
def hard_tanh(x: Tensor) -> Tensor:
    """Returns x held between -1 and 1."""
    return ops.clip_by_value(x, -1, 1)


@naming.bridge
@of_tensors()
def hard_shrink(x: Tensor, threshold: float = 0.5) -> Tensor:
    """Returns 0 for |x| up to the threshold, x elsewhere."""
    return ops.where(ops.abs(x) <= threshold, 0.0, x)


@naming.bridge
@of_tensors()
def soft_shrink(x: Tensor, threshold: float = 0.5) -> Tensor:
    """Returns x moved towards 0 by the threshold, 0 within it."""
    return ops.relu(x - threshold) - ops.relu(-x - threshold)


@of_tensors()
def tanh_shrink(x: Tensor) -> Tensor:
    """Returns x - tanh(x)."""
    result: Tensor = math_ops.tanh_shrink(x)
    return result


@naming.bridge
@of_tensors()
def squareplus(x: Tensor, b: float = 4.0) -> Tensor:
    """Returns (x + sqrt(x^2 + b)) / 2."""
    # As max(x, 0) and a rest, so that no digits cancel; beyond 1e18 the square would overflow.
    size = ops.clip_by_value(ops.where(x > 0.0, x, -x), 0, 1e18)
    rest = (0.5 * b) / (ops.sqrt(ops.square(size) + b) + size)
    return ops.where(x > 0.0, x + rest, rest)


@of_tensors()
def sparse_plus(x: Tensor) -> Tensor:
    """Returns 0 up to -1, (x + 1)^2 / 4 from there to 1, and x above."""
    return ops.where(ops.abs(x) < 1.0, ops.square(ops.clip_by_value(x, -1, 1) + 1.0) * 0.25, ops.relu(x))


@of_tensors()
def sparse_sigmoid(x: Tensor) -> Tensor:
    """Returns (x + 1) / 2 held between 0 and 1."""
    return 0.5 * (ops.clip_by_value(x, -1, 1) + 1.0)


@naming.bridge
@of_tensors(rank=1)
def glu(x: Tensor, axis: int = -1) -> Tensor:
    """Returns the first half along an axis times the sigmoid of the second."""
    first, second = ops.split(x, 2, axis)
    return first * ops.sigmoid(second)


@naming.bridge
@of_tensors(rank=1)
def sparsemax(x: Tensor, axis: int = -1) -> Tensor:
    """Returns the point of the probability simplex that is nearest to x along an axis: shares, many of them 0."""
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
    """Returns x where it is above a threshold, a value elsewhere."""
    return ops.where(ops.greater(x, threshold), x, default_value)


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
