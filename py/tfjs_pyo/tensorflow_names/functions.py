"""Functions of TensorFlow that mean more than one operation of this package: forms of arguments, and control flow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import activations, ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, OptionError


def constant(value: Any, dtype: str | None = None, shape: Sequence[int] | None = None) -> Tensor:
    """Returns a tensor of a number, a string, an array, a tensor or nested lists of these; one number fills a shape."""
    made = value if isinstance(value, Tensor) and shape is None else None
    if made is None and _holds_tensors(value):
        made = ops.stack([constant(each, dtype) for each in value])
    if made is None and shape is not None and not hasattr(value, "__len__"):
        made = ops.fill(shape, value, dtype)
    if made is None:
        made = ops.tensor(value, shape, dtype)
    return made if dtype is None or made.dtype == dtype else ops.cast(made, dtype)


def _holds_tensors(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and any(
        isinstance(each, Tensor) or _holds_tensors(each) for each in value
    )


def cast(x: Any, dtype: str) -> Tensor:
    """Returns values in another dtype; float64 and integers of other widths are float32 and int32 here."""
    return ops.cast(x, dtype)


def argmax(input: Any, axis: int | None = None, output_type: str = "int32") -> Tensor:
    """Returns where the greatest value lies along an axis, the first one by default."""
    return ops.cast(ops.arg_max(input, 0 if axis is None else axis), output_type)


def argmin(input: Any, axis: int | None = None, output_type: str = "int32") -> Tensor:
    """Returns where the least value lies along an axis, the first one by default."""
    return ops.cast(ops.arg_min(input, 0 if axis is None else axis), output_type)


def one_hot(
    indices: Any,
    depth: int,
    on_value: float = 1,
    off_value: float = 0,
    axis: int = -1,
    dtype: str = "float32",
) -> Tensor:
    """Returns rows that are `on_value` in one place, along a new axis."""
    made: Tensor = ops.one_hot(ops.cast(indices, "int32"), depth, on_value, off_value, dtype)
    rank = len(made.shape)
    place = axis % rank
    if place == rank - 1:
        return made
    order = list(range(rank - 1))
    order.insert(place, rank - 1)
    return ops.transpose(made, order)


def pad(tensor: Any, paddings: Any, mode: str = "CONSTANT", constant_values: float = 0) -> Tensor:
    """Returns a tensor with more values around it: one number, or a mirror image."""
    widths = [[int(side) for side in pair] for pair in _listed(paddings)]
    if mode.upper() == "CONSTANT":
        return ops.pad(tensor, widths, constant_values)
    return ops.mirror_pad(tensor, widths, mode.lower())


def _listed(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else value


def range_(start: Any, limit: Any = None, delta: Any = 1, dtype: str | None = None) -> Tensor:
    """Returns numbers from `start` up to before `limit`; `tf.range(n)` begins at 0."""
    if limit is None:
        start, limit = 0, start
    begin, end, step = (each.item() if hasattr(each, "item") else each for each in (start, limit, delta))
    whole = all(isinstance(number, int) for number in (begin, end, step))
    return ops.range(begin, end, step, dtype or ("int32" if whole else "float32"))


def where(condition: Any, x: Any = None, y: Any = None) -> Tensor:
    """Returns elements of x where a condition is True, else of y; with the condition alone the places where it is True.

    Args:
        condition: truth values.
        x, y: values of shapes that broadcast with it; both or none.

    Raises:
        ArgumentError: only one of x and y is given.
    """
    if (x is None) != (y is None):
        raise ArgumentError("tf.where: expected both x and y, or none of them.")
    if x is None:
        import numpy as np

        return ops.tensor(np.argwhere(np.asarray(condition)).astype("int32"))
    return ops.where(condition, x, y)


def shape(input: Any) -> tuple[Any, ...]:
    """Returns the sizes of the axes as numbers, not as a tensor: shapes are known here when a program runs."""
    return tuple(input.shape) if hasattr(input, "shape") else tuple(constant(input).shape)


def rank(input: Any) -> int:
    """Returns how many axes there are."""
    return len(shape(input))


def cond(pred: Any, true_fn: Callable[[], Any], false_fn: Callable[[], Any]) -> Any:
    """Returns what one of two functions gives; the other is not called."""
    return true_fn() if bool(pred) else false_fn()


def while_loop(
    cond: Callable[..., Any],
    body: Callable[..., Any],
    loop_vars: Sequence[Any],
    maximum_iterations: int | None = None,
) -> Any:
    """Returns the last results of a function that is called with its own results for as long as a condition holds.

    Args:
        cond: takes the values; whether to go on.
        body: takes the values and returns as many.
        loop_vars: the first values.
        maximum_iterations: how often `body` is called at most; default: without limit.
    """
    values = list(loop_vars)
    done = 0
    while (maximum_iterations is None or done < maximum_iterations) and bool(cond(*values)):
        made = body(*values)
        values = list(made) if isinstance(made, (list, tuple)) else [made]
        done += 1
    return values


def map_fn(fn: Callable[[Any], Any], elems: Any) -> Any:
    """Returns what a function makes of each element along the first axis, stacked."""
    parts = isinstance(elems, (list, tuple))
    columns = [ops.unstack(constant(each)) for each in (elems if parts else [elems])]
    made = [fn(type(elems)(row) if parts else row[0]) for row in zip(*columns, strict=True)]
    if made and isinstance(made[0], (list, tuple)):
        return type(made[0])(
            ops.stack([constant(each) for each in column]) for column in zip(*made, strict=True)
        )
    return ops.stack([constant(each) for each in made])


def moments(x: Any, axes: Any, keepdims: bool = False) -> tuple[Tensor, Tensor]:
    """Returns mean and variance along some axes."""
    found = ops.moments(x, axes, keepdims)
    return found.mean, found.variance


def variance(input_tensor: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
    """Returns the variance along some axes."""
    return ops.moments(input_tensor, axis, keepdims).variance


def standard_deviation(input_tensor: Any, axis: Any = None, keepdims: bool = False) -> Tensor:
    """Returns the standard deviation along some axes."""
    return ops.sqrt(variance(input_tensor, axis, keepdims))


def l2_normalize(x: Any, axis: Any = None, epsilon: float = 1e-12) -> Tensor:
    """Returns values divided by the root of the sum of their squares along an axis."""
    return ops.mul(x, ops.rsqrt(ops.maximum(ops.sum(ops.square(x), axis, True), epsilon)))


def gelu(features: Any, approximate: bool = False) -> Tensor:
    """Returns x times the share of normal numbers below it, or an approximation by tanh."""
    return activations.gelu_new(features) if approximate else activations.gelu(features)


def silu(features: Any, beta: float = 1.0) -> Tensor:
    """Returns x times sigmoid(beta x)."""
    return ops.mul(features, ops.sigmoid(ops.mul(features, beta) if beta != 1 else features))


def space_to_depth(input: Any, block_size: int, data_format: str = "NHWC") -> Tensor:
    """Returns images with blocks of pixels as groups of channels.

    Args:
        input: [batch, height, width, channels].
        block_size: height and width of a block; those of the images are multiples of it.
        data_format: 'NHWC'.

    Raises:
        OptionError: another `data_format`.
    """
    if data_format != "NHWC":
        raise OptionError(f"tf.nn.space_to_depth: expected data_format 'NHWC', received {data_format!r}.")
    height, width, channels = input.shape[1:]
    rows, columns = height // block_size, width // block_size
    blocks = ops.reshape(input, [-1, rows, block_size, columns, block_size, channels])
    return ops.reshape(
        ops.transpose(blocks, [0, 1, 3, 2, 4, 5]), [-1, rows, columns, block_size**2 * channels]
    )


def _spatial(value: Any) -> Any:
    """Returns strides or dilations of the two spatial axes of what TensorFlow has for all four."""
    if isinstance(value, (list, tuple)) and len(value) == 4:
        return list(value[1:3])
    return value


def conv2d(
    input: Any, filters: Any, strides: Any, padding: Any, data_format: str = "NHWC", dilations: Any = 1
) -> Tensor:
    """Returns a convolution over height and width."""
    return ops.conv2d(input, filters, _spatial(strides), _padding(padding), data_format, _spatial(dilations))


def depthwise_conv2d(
    input: Any, filter: Any, strides: Any, padding: Any, data_format: str = "NHWC", dilations: Any = 1
) -> Tensor:
    """Returns a convolution of each channel by filters of its own."""
    return ops.depthwise_conv2d(
        input, filter, _spatial(strides), _padding(padding), data_format, _spatial(dilations)
    )


def max_pool(input: Any, ksize: Any, strides: Any, padding: Any) -> Tensor:
    """Returns the greatest value of each window over height and width."""
    return ops.max_pool(input, _spatial(ksize), _spatial(strides), _padding(padding))


def avg_pool(input: Any, ksize: Any, strides: Any, padding: Any) -> Tensor:
    """Returns the mean of each window over height and width."""
    return ops.avg_pool(input, _spatial(ksize), _spatial(strides), _padding(padding))


def _padding(padding: Any) -> Any:
    return padding.lower() if isinstance(padding, str) else padding


def sigmoid_cross_entropy(labels: Any, logits: Any) -> Tensor:
    """Returns the cross entropy of labels and the sigmoid of logits, element by element."""
    logits = constant(logits)
    labels = ops.cast(labels, logits.dtype)
    return ops.relu(logits) - logits * labels + ops.softplus(-ops.abs(logits))


def softmax_cross_entropy(labels: Any, logits: Any, axis: int = -1) -> Tensor:
    """Returns the cross entropy of labels and the softmax of logits along an axis."""
    return -ops.sum(ops.cast(labels, "float32") * ops.log_softmax(constant(logits), axis), axis)


def sparse_softmax_cross_entropy(labels: Any, logits: Any) -> Tensor:
    """Returns the cross entropy of class numbers and the softmax of logits along the last axis."""
    return softmax_cross_entropy(one_hot(labels, constant(logits).shape[-1]), logits)


def uniform(
    shape: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: str = "float32",
    seed: int | None = None,
) -> Tensor:
    """Returns numbers drawn evenly between two, or between those of tensors; integers below `maxval` for int32.

    Args:
        shape: sizes of the tensor.
        minval: the least number.
        maxval: the end of the range, which is not drawn; default: 1 for float32.
        dtype: 'float32' or 'int32'.
        seed: number for the same numbers each time; default: others each time.

    Raises:
        OptionError: integers without `maxval`.
    """
    if maxval is None:
        if dtype != "float32":
            raise OptionError("tf.random.uniform: expected 'maxval' to be given for integers.")
        maxval = 1
    if dtype == "float32" and any(getattr(limit, "shape", ()) for limit in (minval, maxval)):
        low, high = ops.cast(constant(minval), dtype), ops.cast(constant(maxval), dtype)
        return low + (high - low) * ops.random_uniform(shape, 0, 1, dtype, seed)
    if dtype == "float32":
        return ops.random_uniform(shape, minval, maxval, dtype, seed)
    return ops.random_uniform_int(shape, int(minval), int(maxval), seed)


def print_(*inputs: Any, **options: Any) -> None:
    """Prints values, tensors as arrays."""
    known = {key: options[key] for key in ("sep", "end", "file") if key in options}
    print(*[each.numpy() if isinstance(each, Tensor) else each for each in inputs], **known)


class DType(str):
    """A dtype by its name, with what TensorFlow's dtypes can be asked for.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> dtype = tf.as_dtype("int32")
        >>> dtype.is_integer, dtype.max, dtype == tf.int32
        (True, 2147483647, True)

    Source: https://www.tensorflow.org/api_docs/python/tf/dtypes/DType
    """

    __slots__ = ()

    @property
    def name(self) -> str:
        """Its name."""
        return str(self)

    @property
    def is_floating(self) -> bool:
        """Whether it is one of numbers with a fraction."""
        return self.startswith(("float", "bfloat"))

    @property
    def is_integer(self) -> bool:
        """Whether it is one of whole numbers."""
        return self.startswith(("int", "uint"))

    @property
    def max(self) -> float:
        """The greatest number."""
        return {"float32": 3.4028234663852886e38, "int32": 2**31 - 1}[self]

    @property
    def min(self) -> float:
        """The least number."""
        return {"float32": -3.4028234663852886e38, "int32": -(2**31)}[self]
