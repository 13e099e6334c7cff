"""`keras.ops.nn`: activations, normalization, losses, attention."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from tfjs_pyo import activations, ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtype_names import stored
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.keras import config
from tfjs_pyo.keras.ops.declare import Group, alike, as_float, as_number, tensor
from tfjs_pyo.keras.ops.sorting import sorted_along
from tfjs_pyo.ops import numeric
from tfjs_pyo.shapes import normalize_axis
from tfjs_pyo.types import DTypeLike, TensorLike

nn = Group()

nn.same(
    "x",
    {
        "hard_silu": activations.hard_swish,
        "hard_swish": activations.hard_swish,
        "log_sigmoid": ops.log_sigmoid,
        "selu": ops.selu,
        "sigmoid": ops.sigmoid,
        "silu": activations.swish,
        "softplus": ops.softplus,
        "softsign": activations.softsign,
        "sparse_plus": activations.sparse_plus,
        "sparse_sigmoid": activations.sparse_sigmoid,
        "swish": activations.swish,
        "tanh_shrink": activations.tanh_shrink,
        "hard_sigmoid": lambda x: ops.clip_by_value(x * (1 / 6) + 0.5, 0.0, 1.0),
    },
    as_float,
)
nn.same("x", {"hard_tanh": activations.hard_tanh, "relu": ops.relu, "relu6": ops.relu6}, as_number)
nn.same("x, alpha=1.0", {"elu": ops.elu, "celu": activations.celu}, as_float)
nn.same("x, axis=-1", {"glu": activations.glu, "log_softmax": ops.log_softmax}, as_float)
nn.same("x, negative_slope=0.2", {"leaky_relu": ops.leaky_relu}, as_float)
nn.same("x, b=4", {"squareplus": activations.squareplus}, as_float)
nn.same(
    "x, threshold=0.5",
    {"hard_shrink": activations.hard_shrink, "soft_shrink": activations.soft_shrink},
    as_float,
)
nn.same(
    "x, approximate=True",
    {"gelu": lambda x, approximate: (activations.gelu_new if approximate else activations.gelu)(x)},
    as_float,
)


@nn.op()
def threshold(x: Tensor, threshold: float, default_value: float) -> Tensor:
    """Returns x where it is above the threshold, another number elsewhere.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.threshold([-1.0, 0.5, 2.0], 0.0, 10.0)
        Tensor
            [10, 0.5, 2]

    Source: https://keras.io/api/ops/nn/
    """
    return ops.where(x > threshold, x, ops.cast(tensor(default_value), x.dtype))


@nn.op()
def softmax(x: Tensor, axis: int | Sequence[int] = -1) -> Tensor:
    """Returns exp(x) scaled to add up to 1 along an axis, or over several.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.softmax([[0.0, 0.0], [5.0, 5.0]])
        Tensor
            [[0.5, 0.5],
             [0.5, 0.5]]

    Source: https://keras.io/api/ops/nn/
    """
    x = as_float(x)
    if isinstance(axis, int):
        return ops.softmax(x, axis)
    return ops.exp(x - ops.log_sum_exp(x, list(axis), True))


@nn.op()
def sparsemax(x: Tensor, axis: int = -1) -> Tensor:
    """Returns the point next to x whose elements add up to 1; small ones are 0.

    That of the paper (https://arxiv.org/abs/1602.02068). Keras 3.15 adds up sums once more, and its results do not add up to
    1 where several elements count.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.sparsemax([1.0, 0.5, -2.0])
        Tensor
            [0.75, 0.25, 0]

    Source: https://keras.io/api/ops/nn/
    """
    x = as_float(x)
    at = normalize_axis("sparsemax", axis, x.rank)
    perm = list(range(x.rank))
    perm[at], perm[-1] = perm[-1], perm[at]
    rows = ops.transpose(x, perm)
    ordered = ops.reverse(sorted_along(rows), -1)
    sums = ops.cumsum(ordered, -1) - 1.0
    count = ops.range(1, rows.shape[-1] + 1, 1, "float32")
    support = ordered > sums / count
    size = ops.sum(ops.cast(support, "float32"), -1, True)
    tau = (ops.sum(ops.where(support, ordered, 0.0), -1, True) - 1.0) / size
    return ops.transpose(ops.relu(rows - tau), perm)


# Classes


@nn.op()
def one_hot(
    x: Tensor, num_classes: int, axis: int = -1, dtype: DTypeLike | None = None, sparse: bool = False
) -> Tensor:
    """Returns 1 at the place of each class along a new axis, 0 elsewhere.

    Raises:
        OptionError: `sparse` is True.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.one_hot([0, 2], 3)
        Tensor
            [[1, 0, 0],
             [0, 0, 1]]

    Source: https://keras.io/api/ops/nn/
    """
    if sparse:
        raise OptionError("one_hot: sparse tensors are not supported; expected sparse=False.")
    at = normalize_axis("one_hot", axis, x.rank + 1)
    classes = ops.reshape(
        ops.range(0, int(num_classes), 1, "int32"), [-1 if place == at else 1 for place in range(x.rank + 1)]
    )
    return ops.cast(ops.equal(ops.expand_dims(ops.cast(x, "int32"), at), classes), stored(dtype))


@nn.op()
def multi_hot(
    inputs: Tensor,
    num_classes: int | None = None,
    axis: int = -1,
    dtype: DTypeLike | None = None,
    sparse: bool = False,
    **kwargs: Any,
) -> Tensor:
    """Returns 1 at the places of all classes of a sample, 0 elsewhere.

    Raises:
        OptionError: `num_classes` is missing, or `sparse` is True.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.multi_hot([[0, 2], [1, 1]], 3)
        Tensor
            [[1, 0, 1],
             [0, 1, 0]]

    Source: https://keras.io/api/ops/nn/
    """
    count = kwargs.pop("num_tokens", num_classes)
    if kwargs or count is None:
        raise OptionError(f"multi_hot: expected `num_classes`, received {kwargs or None}.")
    hot = one_hot(inputs, count, axis, dtype, sparse)
    kind = hot.dtype
    return ops.cast(ops.max(as_number(hot), 1 if inputs.rank > 1 else 0), kind)


def _same_shape(owner: str, target: Tensor, output: Tensor) -> None:
    if target.shape != output.shape:
        raise ShapeError(f"{owner}: expected one shape, received {target.shape} and {output.shape}.")


def _log_probabilities(output: Tensor, from_logits: bool, axis: int) -> Tensor:
    if from_logits:
        return ops.log_softmax(output, axis)
    edge = config.epsilon()
    return ops.log(ops.clip_by_value(output / ops.sum(output, axis, True), edge, 1.0 - edge))


@nn.op(2)
def categorical_crossentropy(
    target: Tensor, output: Tensor, from_logits: bool = False, axis: int = -1
) -> Tensor:
    """Returns the cross-entropy of one-hot targets and probabilities, or logits.

    Raises:
        ShapeError: targets and outputs of different shapes.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.categorical_crossentropy([[0, 1], [1, 0]], [[0.0, 1.0], [0.5, 0.5]]).numpy().round(4)
        array([0.    , 0.6931], dtype=float32)

    Source: https://keras.io/api/ops/nn/
    """
    target, output = as_float(target), as_float(output)
    _same_shape("categorical_crossentropy", target, output)
    return -ops.sum(target * _log_probabilities(output, from_logits, axis), axis)


@nn.op(2)
def sparse_categorical_crossentropy(
    target: Tensor, output: Tensor, from_logits: bool = False, axis: int = -1
) -> Tensor:
    """Returns the cross-entropy of class numbers and probabilities, or logits.

    Raises:
        ShapeError: there is not one class for each row of outputs.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.sparse_categorical_crossentropy([1, 0], [[0.0, 1.0], [0.5, 0.5]]).numpy().round(4)
        array([0.    , 0.6931], dtype=float32)

    Source: https://keras.io/api/ops/nn/
    """
    output = as_float(output)
    if target.rank == output.rank and target.shape[-1] == 1:
        target = ops.squeeze(target, -1)
    if target.shape != output.shape[:-1]:
        raise ShapeError(
            "sparse_categorical_crossentropy: expected one class for each row of probabilities, received shapes "
            f"{target.shape} and {output.shape}."
        )
    hot = one_hot(
        target, output.shape[normalize_axis("sparse_categorical_crossentropy", axis, output.rank)], axis
    )
    return -ops.sum(hot * _log_probabilities(output, from_logits, axis), axis)


@nn.op(2)
def binary_crossentropy(target: Tensor, output: Tensor, from_logits: bool = False) -> Tensor:
    """Returns the cross-entropy of each element with a probability, or a logit.

    Raises:
        ShapeError: targets and outputs of different shapes.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.binary_crossentropy([1, 0], [0.5, 0.5]).numpy().round(4)
        array([0.6931, 0.6931], dtype=float32)

    Source: https://keras.io/api/ops/nn/
    """
    target, output = as_float(target), as_float(output)
    _same_shape("binary_crossentropy", target, output)
    if from_logits:
        output = ops.sigmoid(output)
    edge = config.epsilon()
    output = ops.clip_by_value(output, edge, 1.0 - edge)
    return -(target * ops.log(output) + (1.0 - target) * ops.log(1.0 - output))


@nn.op(2)
def psnr(x1: Tensor, x2: Tensor, max_val: float) -> Tensor:
    """Returns the ratio of the largest signal and the noise between two images, in decibels.

    Raises:
        ShapeError: images of different shapes.

    Example:
        >>> from tfjs_pyo import keras
        >>> round(keras.ops.psnr([[0.0, 1.0]], [[0.1, 0.9]], 1.0).item(), 2)
        20.0

    Source: https://keras.io/api/ops/nn/
    """
    _same_shape("psnr", x1, x2)
    error = ops.mean(ops.square(as_float(x1) - as_float(x2)))
    return 20.0 * numeric.log10(as_float(tensor(max_val))) - 10.0 * numeric.log10(error)


# Normalization


@nn.op()
def moments(
    x: Tensor, axes: Any, keepdims: bool = False, synchronized: bool = False
) -> tuple[Tensor, Tensor]:
    """Returns mean and variance.

    Raises:
        OptionError: `synchronized` is True.

    Example:
        >>> from tfjs_pyo import keras
        >>> mean, variance = keras.ops.moments([[1.0, 3.0], [2.0, 8.0]], axes=1)
        >>> mean.tolist(), variance.tolist()
        ([2.0, 5.0], [1.0, 9.0])

    Source: https://keras.io/api/ops/nn/
    """
    if synchronized:
        raise OptionError("moments: there is one device; expected synchronized=False.")
    found = ops.moments(as_float(x), list(axes) if isinstance(axes, (list, tuple)) else axes, keepdims)
    return found.mean, found.variance


@nn.op()
def batch_normalization(
    x: Tensor,
    mean: TensorLike,
    variance: TensorLike,
    axis: int,
    offset: TensorLike | None = None,
    scale: TensorLike | None = None,
    epsilon: float = 1e-3,
) -> Tensor:
    """Returns x with statistics along an axis taken out, scaled and shifted.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.batch_normalization([[1.0, 10.0], [3.0, 30.0]], [2.0, 20.0], [1.0, 100.0], axis=-1, epsilon=0.0)
        Tensor
            [[-1, -1],
             [1 , 1 ]]

    Source: https://keras.io/api/ops/nn/
    """
    at = normalize_axis("batch_normalization", axis, x.rank)

    def along(value: Any) -> Tensor:
        return ops.reshape(as_float(tensor(value)), [-1 if place == at else 1 for place in range(x.rank)])

    inverse = ops.rsqrt(along(variance) + epsilon)
    inverse = inverse if scale is None else inverse * along(scale)
    result = (as_float(x) - along(mean)) * inverse
    return result if offset is None else result + along(offset)


def _epsilon(value: float | None) -> float:
    return config.epsilon() if value is None else float(value)


@nn.op()
def layer_normalization(
    x: Tensor,
    gamma: Any = None,
    beta: Any = None,
    axis: int | Sequence[int] = -1,
    epsilon: float | None = None,
    **kwargs: Any,
) -> Tensor:
    """Returns x with mean 0 and variance 1 along axes, scaled and shifted.

    Raises:
        OptionError: unknown arguments.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.layer_normalization([[1.0, 3.0], [10.0, 30.0]], epsilon=0.0)
        Tensor
            [[-1, 1],
             [-1, 1]]

    Source: https://keras.io/api/ops/nn/
    """
    x = as_float(x)
    axes = _axes("layer_normalization", axis, x.rank)
    found = ops.moments(x, axes, True)
    if kwargs.pop("rms_scaling", False):
        inverse = ops.rsqrt(found.variance + _epsilon(epsilon))
        return x * inverse if gamma is None else x * inverse * _spread(gamma, x, axes)
    if kwargs:
        raise OptionError(f"layer_normalization: unknown arguments {sorted(kwargs)}.")
    result = (x - found.mean) * ops.rsqrt(found.variance + _epsilon(epsilon))
    result = result if gamma is None else result * _spread(gamma, x, axes)
    return result if beta is None else result + _spread(beta, x, axes)


def _axes(owner: str, axis: Any, rank: int) -> list[int]:
    return sorted(normalize_axis(owner, a, rank) for a in ([axis] if isinstance(axis, int) else axis))


def _spread(value: Any, x: Tensor, axes: Sequence[int]) -> Tensor:
    """Returns a factor of some axes with a length of 1 along the others."""
    value = as_float(tensor(value))
    if value.rank != len(axes):
        return value
    lengths = iter(value.shape)
    return ops.reshape(value, [next(lengths) if place in axes else 1 for place in range(x.rank)])


@nn.op()
def rms_normalization(
    x: Tensor, scale: TensorLike | None = None, axis: int | Sequence[int] = -1, epsilon: float | None = None
) -> Tensor:
    """Returns x divided by the root of the mean of its squares along axes.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.rms_normalization([1.0, 7.0], epsilon=0.0)
        Tensor
            [0.2, 1.4]

    Source: https://keras.io/api/ops/nn/
    """
    dtype = x.dtype
    x = as_float(x)
    axes = _axes("rms_normalization", axis, x.rank)
    result = x * ops.rsqrt(ops.mean(ops.square(x), axes, True) + _epsilon(epsilon))
    result = result if scale is None else result * _spread(scale, x, axes)
    return ops.cast(result, dtype)


@nn.op()
def normalize(
    x: Tensor, axis: int | Sequence[int] = -1, order: int = 2, epsilon: float | None = None
) -> Tensor:
    """Returns x divided by its norm along axes.

    Raises:
        OptionError: `order` is no whole number of 1 or more.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.normalize([3.0, 4.0])
        Tensor
            [0.6, 0.8]
        >>> keras.ops.normalize([1.0, 3.0], order=1)
        Tensor
            [0.25, 0.75]

    Source: https://keras.io/api/ops/nn/
    """
    if order < 1 or int(order) != order:
        raise OptionError(
            f"normalize: expected `order` to be a whole number of 1 or more, received {order!r}."
        )
    x = as_float(x)
    x = ops.reshape(x, [1]) if not x.rank else x
    axes = _axes("normalize", axis, x.rank)
    if order == 2:
        inverse = ops.rsqrt(ops.sum(ops.square(x), axes, True))
        least = _epsilon(epsilon)
        return x * ops.minimum(inverse, 1.0 / least if least else math.inf)
    size = ops.pow(ops.sum(ops.pow(ops.abs(x), float(order)), axes, True), 1.0 / order)
    return x / ops.maximum(size, _epsilon(epsilon))


@nn.op(3)
def dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    bias: TensorLike | None = None,
    mask: TensorLike | None = None,
    scale: float | None = None,
    is_causal: bool = False,
    flash_attention: bool | None = None,
    attn_logits_soft_cap: float | None = None,
) -> Tensor:
    """Returns values weighted by how well their keys fit the queries.

    Args:
        query: float32 [batch, targets, heads, size].
        key, value: float32 [batch, sources, heads, size]; with fewer heads than the query each serves several of its heads.
        bias: added to the products, broadcast to [batch, heads, targets, sources].
        mask: bools, broadcast likewise; False leaves out.
        scale: of the products; default: 1 / sqrt(size).
        is_causal: whether targets see sources up to their own place only.
        flash_attention: True is refused: there is one way to compute it here.
        attn_logits_soft_cap: beyond which products saturate.

    Raises:
        OptionError: `flash_attention` is True.
        ShapeError: tensors of another rank than 4.

    Example:
        >>> from tfjs_pyo import keras
        >>> query, key = keras.ops.ones([1, 2, 1, 4]), keras.ops.ones([1, 3, 1, 4])
        >>> value = keras.ops.reshape([1.0, 2.0, 6.0], [1, 3, 1, 1])
        >>> keras.ops.dot_product_attention(query, key, value)[0, :, 0, 0]
        Tensor
            [3, 3]

    Source: https://keras.io/api/ops/nn/
    """
    if flash_attention:
        raise OptionError("dot_product_attention: flash attention is not there; leave `flash_attention` out.")
    if query.rank != 4 or key.rank != 4 or value.rank != 4:
        raise ShapeError(
            f"dot_product_attention: expected rank 4, received shapes {query.shape}, {key.shape}, {value.shape}."
        )
    q, k, v = (ops.transpose(as_float(each), [0, 2, 1, 3]) for each in (query, key, value))
    shared = q.shape[1] // max(k.shape[1], 1)
    if shared > 1:
        k, v = (_for_groups(each, shared) for each in (k, v))
    factor = 1.0 / math.sqrt(key.shape[-1]) if scale is None else scale
    logits = ops.mat_mul(q, k, False, True) * factor
    if attn_logits_soft_cap is not None:
        logits = ops.tanh(logits / attn_logits_soft_cap) * attn_logits_soft_cap
    if bias is not None:
        logits = logits + as_float(tensor(bias))
    keep = None if mask is None else ops.cast(tensor(mask), "bool")
    if is_causal:
        rows = ops.reshape(ops.range(0, logits.shape[2], 1, "int32"), [-1, 1])
        causal = ops.range(0, logits.shape[3], 1, "int32") <= rows
        keep = causal if keep is None else ops.logical_and(keep, causal)
    if keep is not None:
        logits = ops.where(keep, logits, -0.7 * 3.38953e38)
    return ops.transpose(ops.mat_mul(ops.softmax(logits), v), [0, 2, 1, 3])


def _for_groups(x: Tensor, count: int) -> Tensor:
    """Returns each head repeated for the heads of the query that it serves."""
    batch, heads, length, size = x.shape
    wide = ops.broadcast_to(ops.expand_dims(x, 2), [batch, heads, count, length, size])
    return ops.reshape(wide, [batch, heads * count, length, size])


Pair = tuple[Tensor, Tensor]

__all__ = ["alike", "nn"]
