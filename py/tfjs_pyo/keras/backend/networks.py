"""`K.*` of Keras 2: what layers and losses are made of: activations, cross entropies, convolutions, recurrence."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import ops as operations
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.keras import ops, tree
from tfjs_pyo.keras.backend.arrays import is_first, temporal_padding
from tfjs_pyo.keras.backend.declare import FUNCTIONS, old, same
from tfjs_pyo.keras.config import checked_data_format, epsilon
from tfjs_pyo.keras.ops.declare import tensor

_CONVOLUTION = "padding='valid', data_format=None"
same(f"x, kernel, strides=(1,1), {_CONVOLUTION}, dilation_rate=(1,1)", "conv2d=conv")
same(f"x, kernel, strides=(1,1,1), {_CONVOLUTION}, dilation_rate=(1,1,1)", "conv3d=conv")
same(
    f"x, depthwise_kernel, strides=(1,1), {_CONVOLUTION}, dilation_rate=(1,1)",
    "depthwise_conv2d=depthwise_conv",
)
same(
    f"x, depthwise_kernel, pointwise_kernel, strides=(1,1), {_CONVOLUTION}, dilation_rate=(1,1)",
    "separable_conv2d=separable_conv",
)


@old
def relu(x: Any, alpha: float = 0.0, max_value: float | None = None, threshold: float = 0.0) -> Any:
    """Returns x where it is above a threshold, at most `max_value`; else alpha times what is below."""
    x = tensor(x)
    above = ops.where(ops.greater(x, threshold), x, 0)
    above = above if max_value is None else ops.clip(above, 0, max_value)
    return (
        above if not alpha else ops.subtract(above, ops.multiply(alpha, ops.relu(ops.subtract(threshold, x))))
    )


@old
def hard_sigmoid(x: Any) -> Any:
    """Returns 0.2 x + 0.5, between 0 and 1. That of keras.ops is another function."""
    return ops.clip(ops.add(ops.multiply(x, 0.2), 0.5), 0, 1)


@old
def bias_add(x: Any, bias: Any, data_format: str | None = None) -> Any:
    """Returns x plus a bias: for each channel, or for each place and channel, [..., channels]."""
    x, bias = tensor(x), tensor(bias)
    if len(bias.shape) not in (1, len(x.shape) - 1):
        raise ShapeError(
            f"K.bias_add: expected a bias of rank 1 or {len(x.shape) - 1}, received shape {bias.shape}."
        )
    if is_first(data_format) and len(x.shape) > 2:
        places = bias.shape[:-1] or [1] * (len(x.shape) - 2)
        bias = ops.reshape(ops.moveaxis(bias, -1, 0), (1, bias.shape[-1], *places))
    return ops.add(x, bias)


@old
def batch_normalization(
    x: Any,
    mean: Any,
    var: Any,
    beta: Any,
    gamma: Any,
    axis: int = -1,  # noqa: ARG001 (Keras's parameter, which broadcasts)
    epsilon: float = 1e-3,
) -> Any:
    """Returns (x - mean) / sqrt(var + epsilon) * gamma + beta; gamma and beta may be None."""
    scale = ops.rsqrt(ops.add(var, epsilon))
    made = ops.multiply(ops.subtract(x, mean), scale if gamma is None else ops.multiply(scale, gamma))
    return made if beta is None else ops.add(made, beta)


def _probabilities(output: Any) -> Any:
    return ops.clip(output, epsilon(), 1 - epsilon())


@old
def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Any:
    """Returns the cross entropy of each element."""
    target = ops.cast(target, "float32")
    if from_logits:
        return ops.binary_crossentropy(target, output, from_logits=True)
    output = _probabilities(output)
    hit = ops.multiply(target, ops.log(ops.add(output, epsilon())))
    missed = ops.multiply(ops.subtract(1, target), ops.log(ops.add(ops.subtract(1, output), epsilon())))
    return ops.negative(ops.add(hit, missed))


@old
def binary_focal_crossentropy(
    target: Any,
    output: Any,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
) -> Any:
    """Returns the cross entropy of each element, less of what is easy."""
    target = ops.cast(target, "float32")
    share = ops.sigmoid(output) if from_logits else tensor(output)
    right = target * share + (1 - target) * (1 - share)
    found = ops.power(1 - right, gamma) * binary_crossentropy(target, output, from_logits)
    return (target * alpha + (1 - target) * (1 - alpha)) * found if apply_class_balancing else found


same("target, output, from_logits=False, axis=-1", "categorical_crossentropy")


@old
def categorical_focal_crossentropy(
    target: Any,
    output: Any,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    axis: int = -1,
) -> Any:
    """Returns the cross entropy of rows of classes, less of what is easy."""
    output = ops.softmax(output, axis) if from_logits else tensor(output)
    output = _probabilities(output / ops.sum(output, axis, keepdims=True))
    return ops.sum(
        alpha * ops.power(1 - output, gamma) * -(ops.cast(target, "float32") * ops.log(output)), axis
    )


@old
def sparse_categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1, ignore_class: int | None = None
) -> Any:
    """Returns the cross entropy of numbers of classes; 0 where it is one that is ignored."""
    target = ops.cast(target, "int32")
    if ignore_class is None:
        return ops.sparse_categorical_crossentropy(target, output, from_logits, axis)
    ignored = ops.equal(target, ignore_class)
    found = ops.sparse_categorical_crossentropy(ops.where(ignored, 0, target), output, from_logits, axis)
    return ops.where(ignored, 0, found)


@old
def conv1d(
    x: Any,
    kernel: Any,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = 1,
) -> Any:
    """Returns a convolution of sequences; 'causal' padding puts zeros before them."""
    if padding == "causal":
        x = temporal_padding(x, (dilation_rate * (tensor(kernel).shape[0] - 1), 0))
        padding = "valid"
    return ops.conv(x, kernel, strides, padding, data_format, dilation_rate)


@old
def conv2d_transpose(
    x: Any,
    kernel: Any,
    output_shape: Sequence[Any],
    strides: Sequence[int] = (1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Sequence[int] = (1, 1),
) -> Any:
    """Returns the transposed convolution with a kernel [height, width, filters, channels], of a given shape."""
    first = is_first(data_format)
    x = ops.transpose(x, (0, 2, 3, 1)) if first else tensor(x)
    height, width = output_shape[2:4] if first else output_shape[1:3]
    if tuple(dilation_rate) != (1, 1):
        raise OptionError(
            "K.conv2d_transpose: expected `dilation_rate` (1, 1); keras.ops.conv_transpose takes others."
        )
    shape = [x.shape[0], height, width, tensor(kernel).shape[2]]
    made = operations.conv2d_transpose(x, tensor(kernel), shape, list(strides), padding)
    return ops.transpose(made, (0, 3, 1, 2)) if first else made


def _pool(x: Any, pool_size: Any, strides: Any, padding: str, data_format: str | None, pool_mode: str) -> Any:
    if pool_mode not in ("max", "avg"):
        raise OptionError(f"K.pool: expected `pool_mode` to be 'max' or 'avg', received {pool_mode!r}.")
    pool = ops.max_pool if pool_mode == "max" else ops.average_pool
    return pool(x, pool_size, strides, padding, checked_data_format(data_format))


@old
def pool2d(
    x: Any,
    pool_size: Sequence[int],
    strides: Sequence[int] = (1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    pool_mode: str = "max",
) -> Any:
    """Returns the largest value, or the mean, of each window of images."""
    return _pool(x, pool_size, strides, padding, data_format, pool_mode)


@old
def pool3d(
    x: Any,
    pool_size: Sequence[int],
    strides: Sequence[int] = (1, 1, 1),
    padding: str = "valid",
    data_format: str | None = None,
    pool_mode: str = "max",
) -> Any:
    """Returns the largest value, or the mean, of each window of volumes."""
    return _pool(x, pool_size, strides, padding, data_format, pool_mode)


@old
def ctc_batch_cost(y_true: Any, y_pred: Any, input_length: Any, label_length: Any) -> Any:
    """Returns how unlikely labels are, [batch, 1], of shares [batch, steps, classes], and lengths [batch, 1]."""
    logits = ops.log(ops.add(y_pred, epsilon()))
    labels, steps = (ops.squeeze(ops.cast(each, "int32"), -1) for each in (label_length, input_length))
    found = ops.ctc_loss(y_true, logits, labels, steps, mask_index=logits.shape[-1] - 1)
    return ops.expand_dims(found, 1)


@old
def ctc_decode(
    y_pred: Any, input_length: Any, greedy: bool = True, beam_width: int = 100, top_paths: int = 1
) -> tuple[list[Any], Any]:
    """Returns the most likely labels, filled up with -1, one tensor a path, and how likely they are."""
    logits = ops.log(ops.add(y_pred, epsilon()))
    strategy = "greedy" if greedy else "beam_search"
    paths, scores = ops.ctc_decode(
        logits, input_length, strategy, beam_width, top_paths, mask_index=logits.shape[-1] - 1
    )
    return [path if greedy else _merged(path) for path in ops.unstack(paths)], scores


def _merged(path: Any) -> Any:
    """Returns labels [batch, steps] with equal ones in a row as one, as TensorFlow's search of Keras 2 gives them."""
    rows = [[label for label, _ in itertools.groupby(row) if label >= 0] for row in path.tolist()]
    return tensor([row + [-1] * (path.shape[1] - len(row)) for row in rows])


@old
def rnn(
    step_function: Callable[..., tuple[Any, Any]],
    inputs: Any,
    initial_states: Sequence[Any],
    go_backwards: bool = False,
    mask: Any = None,
    constants: Sequence[Any] | None = None,
    unroll: bool = False,  # noqa: ARG001 (steps are unrolled in any case)
    input_length: Any = None,
    time_major: bool = False,
    zero_output_for_mask: bool = False,
    return_all_outputs: bool = True,
) -> tuple[Any, Any, list[Any]]:
    """Returns the last output, all outputs and the last states of a function that is called step by step.

    It takes the inputs of a step and the states with the constants, and returns an output and the next states. Where `mask` is
    False, the states stay, and the output is that of the step before, or 0.
    """
    del input_length  # what lies beyond it is masked
    steps = [ops.unstack(each, axis=0 if time_major else 1) for each in tree.flatten(inputs)]
    masks = None if mask is None else ops.unstack(ops.cast(mask, "bool"), axis=0 if time_major else 1)
    order = range(len(steps[0]))
    states = list(initial_states)
    outputs: list[Any] = []
    for at in reversed(order) if go_backwards else order:
        given = tree.pack_sequence_as(inputs, [each[at] for each in steps])
        output, found = step_function(given, [*states, *(constants or ())])
        if masks is not None:
            before = outputs[-1] if outputs and not zero_output_for_mask else ops.zeros_like(output)
            output = _where(masks[at], output, before)
            found = [_where(masks[at], new, former) for new, former in zip(found, states, strict=True)]
        states = list(found)
        outputs.append(output)
    kept = outputs if return_all_outputs else outputs[-1:]
    return outputs[-1], ops.stack(kept, 0 if time_major else 1), states


def _where(mask: Any, value: Any, other: Any) -> Any:
    shape = (*mask.shape, *[1] * (len(value.shape) - len(mask.shape)))
    return ops.where(ops.reshape(mask, shape), value, other)


__all__ = ["FUNCTIONS"]
