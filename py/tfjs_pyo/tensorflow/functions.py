"""Functions of TensorFlow that mean more than one operation of `keras.ops`, mostly by the form of their arguments."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core import engine
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError
from tfjs_pyo.keras import ops as _keras_ops
from tfjs_pyo.keras import random as keras_random
from tfjs_pyo.tensorflow_names import resizing

keras_ops: Any = _keras_ops  # its functions are declared, not written


def constant(value: Any, dtype: Any = None, shape: Sequence[int] | None = None) -> Tensor:
    """Returns a tensor of a number, a string, an array or nested lists; one number fills a shape."""
    made: Tensor = keras_ops.convert_to_tensor(value, dtype)
    if shape is None:
        return made
    return ops.broadcast_to(made, shape) if made.size == 1 else ops.reshape(made, shape)


def cast(x: Any, dtype: Any, name: str | None = None) -> Tensor:
    """Returns values in another dtype: narrow integers wrap around, and are int32 here, as other floats are float32."""
    made: Tensor = keras_ops.cast(constant(x), str(dtype))
    return made


def einsum(equation: str, *inputs: Any, **_options: Any) -> Tensor:
    """Returns the sum over axes that an equation such as 'ij,jk->ik' names; '...' stands for any."""
    made: Tensor = keras_ops.einsum(equation, *map(constant, inputs))
    return made


def reduce_max(input_tensor: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
    """Returns the greatest value along axes; of none the least number."""
    return _extreme(ops.max, input_tensor, axis, keepdims, -1)


def reduce_min(input_tensor: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
    """Returns the least value along axes; of none the greatest number."""
    return _extreme(ops.min, input_tensor, axis, keepdims, 1)


def _extreme(function: Any, values: Any, axis: Any, keepdims: bool, sign: int) -> Tensor:
    values = constant(values)
    if values.size:
        return function(values, axis, keepdims)
    like = ops.sum(ops.cast(values, "float32"), axis, keepdims)
    limit = sign * math.inf if values.dtype == "float32" else (2**31 - 1 if sign > 0 else -(2**31))
    return ops.fill(list(like.shape), limit, values.dtype)


def batch_normalization(
    x: Any, mean: Any, variance: Any, offset: Any, scale: Any, variance_epsilon: float
) -> Tensor:
    """Returns values that are shifted and scaled by a mean and a variance, then by an offset and a scale, if there are any."""
    factor = ops.rsqrt(constant(variance, "float32") + variance_epsilon)
    factor = factor if scale is None else factor * scale
    made = (constant(x) - mean) * factor
    return made if offset is None else made + offset


def tensor_scatter_nd_update(tensor: Any, indices: Any, updates: Any) -> Tensor:
    """Returns a tensor with other values at some places."""
    return ops.tensor_scatter_update(constant(tensor), constant(indices), constant(updates))


def sort(values: Any, axis: int = -1, direction: str = "ASCENDING") -> Tensor:
    """Returns values in order along an axis."""
    made = keras_ops.sort(values, axis)
    return keras_ops.flip(made, axis) if _descends("sort", direction) else made


def argsort(values: Any, axis: int = -1, direction: str = "ASCENDING", stable: bool = False) -> Tensor:
    """Returns where values lie that are to be in order along an axis."""
    values = constant(values)
    return keras_ops.argsort(-values if _descends("argsort", direction) else values, axis)


def _descends(owner: str, direction: str) -> bool:
    if direction not in ("ASCENDING", "DESCENDING"):
        raise OptionError(f"tf.{owner}: expected 'ASCENDING' or 'DESCENDING', received {direction!r}.")
    return direction == "DESCENDING"


def boolean_mask(tensor: Any, mask: Any, axis: int | None = None) -> Tensor:
    """Returns the rows for which a mask is True."""
    np = engine.import_numpy("tf.boolean_mask")
    tensor, chosen = constant(tensor), np.asarray(mask)
    first = axis or 0
    shape = tensor.shape
    joined = ops.reshape(tensor, [*shape[:first], -1, *shape[first + chosen.ndim :]])
    return ops.gather(joined, ops.tensor(np.flatnonzero(chosen).astype("int32")), first)


def clip_by_norm(t: Any, clip_norm: Any, axes: Any = None) -> Tensor:
    """Returns a tensor that is made shorter where its norm is greater than `clip_norm`."""
    t = constant(t)
    norm = ops.sqrt(ops.sum(ops.square(t), axes, axes is not None))
    return t * (clip_norm / ops.maximum(norm, clip_norm))


def clip_by_global_norm(
    t_list: Sequence[Any], clip_norm: Any, use_norm: Any = None
) -> tuple[list[Any], Tensor]:
    """Returns tensors that are made shorter together where their norm is greater than `clip_norm`, and that norm.

    Args:
        t_list: tensors; None stays.
        clip_norm: the greatest norm of all together.
        use_norm: what is taken for their norm; default: the root of the sum of all squares.
    """
    given = [t for t in t_list if t is not None]
    if use_norm is None:
        use_norm = ops.sqrt(ops.add_n([ops.sum(ops.square(constant(t))) for t in given]))
    norm = constant(use_norm)
    scale = clip_norm / ops.maximum(norm, clip_norm)
    return [None if t is None else t * scale for t in t_list], norm


def l2_normalize(x: Any, axis: Any = None, epsilon: float = 1e-12) -> Tensor:
    """Returns vectors of length 1, but for those that are shorter than the root of `epsilon`."""
    x = constant(x)
    return x * ops.rsqrt(ops.maximum(ops.sum(ops.square(x), axis, keep_dims=True), epsilon))


def l2_loss(t: Any) -> Tensor:
    """Returns half of the sum of squares."""
    return ops.sum(ops.square(constant(t))) / 2


def silu(features: Any, beta: Any = 1.0) -> Tensor:
    """Returns features * sigmoid(beta * features)."""
    features = constant(features)
    return features * ops.sigmoid(features * beta)


def multiply_no_nan(x: Any, y: Any) -> Tensor:
    """Returns x * y, and 0 where y is 0, whatever x is."""
    x, y = constant(x), constant(y)
    return ops.where(ops.equal(y, 0), ops.zeros_like(x * y), x * y)


def bincount(arr: Any, weights: Any = None, minlength: int | None = None) -> Tensor:
    """Returns how often each number from 0 on comes."""
    return keras_ops.bincount(constant(arr), weights=weights, minlength=minlength or 0)


def confusion_matrix(labels: Any, predictions: Any, num_classes: int | None = None) -> Tensor:
    """Returns how often each class was taken for each other one."""
    np = engine.import_numpy("tf.math.confusion_matrix")
    labels, predictions = np.asarray(labels).astype("int64"), np.asarray(predictions).astype("int64")
    count = num_classes or int(max(labels.max(), predictions.max())) + 1
    made = np.zeros((count, count), "int32")
    np.add.at(made, (labels, predictions), 1)
    return ops.tensor(made)


def matrix_transpose(a: Any) -> Tensor:
    """Returns matrices with rows for columns."""
    return keras_ops.swapaxes(constant(a), -1, -2)


def shuffle(value: Any, seed: Any = None) -> Tensor:
    """Returns rows in an order drawn at random."""
    value = constant(value)
    keys = ops.random_uniform([value.shape[0]], seed=seed)
    return ops.gather(value, keras_ops.argsort(keys))


def categorical(logits: Any, num_samples: int, dtype: str | None = None, seed: Any = None) -> Tensor:
    """Returns classes drawn by their unnormalized log-probabilities."""
    drawn = ops.multinomial(constant(logits), num_samples, seed)
    return ops.cast(drawn, "int32" if dtype in (None, "int64") else dtype)


def gamma(shape: Any, alpha: Any, beta: Any = None, dtype: str | None = None, seed: Any = None) -> Tensor:
    """Returns numbers drawn from Gamma distributions of these shapes and rates, for each of them as many as `shape` says."""
    alpha = constant(alpha, dtype or "float32")
    beta = constant(1.0 if beta is None else beta, alpha.dtype)
    each = alpha + ops.zeros_like(beta)
    sizes = [int(size) for size in (shape.tolist() if hasattr(shape, "tolist") else shape)]
    drawn = keras_random.gamma([*sizes, *each.shape], each, dtype=str(alpha.dtype), seed=seed)
    return drawn / beta


def unsorted_segment_max(data: Any, segment_ids: Any, num_segments: int) -> Tensor:
    """Returns the greatest row of each segment; the least number where it has none."""
    return keras_ops.segment_max(constant(data), constant(segment_ids), num_segments)


def unsorted_segment_min(data: Any, segment_ids: Any, num_segments: int) -> Tensor:
    """Returns the least row of each segment; the greatest number where it has none."""
    return keras_ops.segment_min(constant(data), constant(segment_ids), num_segments)


def unsorted_segment_prod(data: Any, segment_ids: Any, num_segments: int) -> Tensor:
    """Returns the product of the rows of each segment; 1 where it has none."""
    return keras_ops.segment_prod(constant(data), constant(segment_ids), num_segments)


def unsorted_segment_mean(data: Any, segment_ids: Any, num_segments: int) -> Tensor:
    """Returns the mean of the rows of each segment; 0 where it has none."""
    data, segment_ids = constant(data), constant(segment_ids)
    ones = ops.ones([*segment_ids.shape, *[1] * (data.ndim - segment_ids.ndim)])
    counts = keras_ops.segment_sum(ones, segment_ids, num_segments)
    return keras_ops.segment_sum(data, segment_ids, num_segments) / ops.maximum(counts, 1.0)


def resize(
    images: Any,
    size: Any,
    method: str = "bilinear",
    preserve_aspect_ratio: bool = False,
    antialias: bool = False,
) -> Tensor:
    """Returns images of another size, as float32 but for method 'nearest', which keeps the dtype.

    Args:
        images: [height, width, channels], or a batch of them.
        size: height and width.
        method: one of `tf.image.ResizeMethod`: 'bilinear', 'nearest', 'bicubic', 'area', 'gaussian', 'lanczos3', 'lanczos5',
            'mitchellcubic'.
        preserve_aspect_ratio: whether images keep their ratio, and are as large as fits into `size`.
        antialias: whether smaller images take all pixels into account.

    Raises:
        OptionError: another method.
        ShapeError: no images.
    """
    return resizing.resize(constant(images), size, method, preserve_aspect_ratio, antialias)


def flip_left_right(image: Any) -> Tensor:
    """Returns images with columns in the other order."""
    return keras_ops.flip(constant(image), -2)


def flip_up_down(image: Any) -> Tensor:
    """Returns images with rows in the other order."""
    return keras_ops.flip(constant(image), -3)


def convert_image_dtype(image: Any, dtype: str) -> Tensor:
    """Returns an image of whole numbers up to 255 as one of numbers up to 1, or the other way round."""
    image = constant(image)
    if image.dtype == dtype:
        return image
    if dtype == "float32":
        return ops.cast(image, "float32") / 255
    return ops.cast(ops.clip_by_value(image * 255.5, 0, 255), "int32")
