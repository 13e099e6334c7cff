"""Further functions of TensorFlow: by segments, by indices, of texts' lengths, of probabilities, of matrices."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import nests, ops
from tfjs_pyo.core import engine
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.keras import ops as _keras_ops
from tfjs_pyo.keras.ops import linalg as _linalg
from tfjs_pyo.tensorflow.functions import constant

keras_ops: Any = _keras_ops  # its functions are declared, not written
linalg: Any = _linalg


def _np(owner: str) -> Any:
    return engine.import_numpy(f"tf.{owner}")


# Choosing and placing


def sequence_mask(lengths: Any, maxlen: Any = None, dtype: Any = "bool") -> Tensor:
    """Returns, for each length, that many ones and zeros after them."""
    given = constant(lengths)
    count = int(ops.max(given).item()) if maxlen is None else int(maxlen)
    mask = ops.less(ops.range(0, count, 1, "int32"), ops.expand_dims(ops.cast(given, "int32"), -1))
    return mask if dtype == "bool" else ops.cast(mask, dtype)


def unique_with_counts(x: Any, out_idx: Any = None) -> Any:
    """Returns values in the order in which they come first, for each element the number of its value, and how often it comes."""
    values = _np("unique").asarray(constant(x))
    found, first, inverse, counts = _np("unique").unique(
        values, return_index=True, return_inverse=True, return_counts=True
    )
    order = first.argsort()
    places = _np("unique").empty_like(order)
    places[order] = range(len(order))
    return (
        ops.tensor(found[order]),
        ops.tensor(places[inverse.reshape(-1)].astype("int32")),
        ops.tensor(counts[order].astype("int32")),
    )


def unique(x: Any, out_idx: Any = None) -> Any:
    """Returns values in the order in which they come first, and for each element the number of its value."""
    return unique_with_counts(x, out_idx)[:2]


def dynamic_partition(data: Any, partitions: Any, num_partitions: int) -> list[Tensor]:
    """Returns the rows of each partition."""
    data, numbers = constant(data), _np("dynamic_partition").asarray(partitions)
    rows = ops.reshape(data, [numbers.size, *data.shape[numbers.ndim :]])
    flat = numbers.reshape(-1)
    places = [[i for i, number in enumerate(flat) if number == each] for each in range(num_partitions)]
    return [ops.gather(rows, ops.tensor(each, [len(each)], "int32")) for each in places]


def dynamic_stitch(indices: Sequence[Any], data: Sequence[Any]) -> Tensor:
    """Returns rows put where their indices say; of several for one place the last."""
    flat = [_np("dynamic_stitch").asarray(each).reshape(-1).tolist() for each in indices]
    tensors = [constant(each) for each in data]
    rank = len(constant(indices[0]).shape)
    rows = ops.concat([ops.reshape(each, [-1, *each.shape[rank:]]) for each in tensors], 0)
    where = {place: row for row, place in enumerate(place for each in flat for place in each)}
    order = [where.get(place, 0) for place in range(max(where) + 1)]
    return ops.gather(rows, ops.tensor(order, dtype="int32"))


def reverse_sequence(
    input: Any, seq_lengths: Any, seq_axis: int | None = None, batch_axis: int = 0
) -> Tensor:
    """Returns sequences whose first elements, as many as each is long, are in the other order.

    Args:
        input: a batch of sequences.
        seq_lengths: how many elements of each are reversed.
        seq_axis: the axis of the sequences' elements.
        batch_axis: the axis of the batch.

    Raises:
        ArgumentError: no `seq_axis`.
    """
    if seq_axis is None:
        raise ArgumentError("tf.reverse_sequence: expected seq_axis, the axis of the sequences.")
    tensor = keras_ops.moveaxis(constant(input), (batch_axis, seq_axis), (0, 1))
    steps = tensor.shape[1]
    places = ops.range(0, steps, 1, "int32")
    ends = ops.expand_dims(ops.cast(constant(seq_lengths), "int32"), -1)
    order = ops.where(ops.less(places, ends), ends - 1 - places, places + ops.zeros_like(ends))
    made = ops.gather(tensor, order, 1, 1)
    return keras_ops.moveaxis(made, (0, 1), (batch_axis, seq_axis))


def _scattered(name: str, combine: Callable[[Any, Any], Any]) -> Callable[..., Tensor]:
    def scatter(tensor: Any, indices: Any, updates: Any) -> Tensor:
        tensor, places, values = constant(tensor), constant(indices), constant(updates)
        depth = places.shape[-1]
        flat_places = ops.reshape(places, [-1, depth])
        rows = ops.reshape(values, [-1, *tensor.shape[depth:]])
        for row in range(rows.shape[0]):
            place = ops.slice(flat_places, [row, 0], [1, depth])
            now = ops.gather_nd(tensor, place)
            value = ops.slice(rows, [row, *[0] * (rows.ndim - 1)], [1, *rows.shape[1:]])
            tensor = ops.tensor_scatter_update(tensor, place, combine(now, value))
        return tensor

    scatter.__doc__ = f"Returns a tensor with the {name} of values and others at some places."
    return scatter


def tensor_scatter_nd_add(tensor: Any, indices: Any, updates: Any) -> Tensor:
    """Returns a tensor with other values added at some places."""
    tensor = constant(tensor)
    return tensor + ops.scatter_nd(constant(indices), constant(updates), tensor.shape)


def tensor_scatter_nd_sub(tensor: Any, indices: Any, updates: Any) -> Tensor:
    """Returns a tensor with other values taken away at some places."""
    tensor = constant(tensor)
    return tensor - ops.scatter_nd(constant(indices), constant(updates), tensor.shape)


tensor_scatter_nd_max = _scattered("greater", ops.maximum)
tensor_scatter_nd_min = _scattered("less", ops.minimum)


def unravel_index(indices: Any, dims: Any) -> Tensor:
    """Returns the places of numbers of elements: a row for each axis."""
    sizes = tuple(int(size) for size in _np("unravel_index").asarray(dims))
    found = _np("unravel_index").unravel_index(_np("unravel_index").asarray(indices), sizes)
    return ops.tensor(_np("unravel_index").stack(found).astype("int32"))


def histogram_fixed_width(values: Any, value_range: Any, nbins: int = 100, dtype: Any = "int32") -> Tensor:
    """Returns how many values lie in each of some bins of the same width; those beyond count for the outer ones."""
    low, high = (float(each) for each in _np("histogram").asarray(value_range))
    places = ops.floor((ops.cast(constant(values), "float32") - low) / (high - low) * float(nbins))
    bins = ops.cast(ops.clip_by_value(places, 0.0, float(nbins - 1)), "int32")
    return ops.cast(keras_ops.bincount(ops.reshape(bins, [-1]), minlength=nbins), dtype)


# Control


def foldl(fn: Callable[..., Any], elems: Any, initializer: Any = None, reverse: bool = False) -> Any:
    """Returns what a function makes of all elements along the first axis, one after the other."""
    *_, last = _folded(fn, elems, initializer, reverse)
    return last


def foldr(fn: Callable[..., Any], elems: Any, initializer: Any = None) -> Any:
    """Returns what a function makes of all elements along the first axis, from the last to the first."""
    return foldl(fn, elems, initializer, True)


def scan(fn: Callable[..., Any], elems: Any, initializer: Any = None, reverse: bool = False) -> Any:
    """Returns what a function makes of elements along the first axis, one after the other: each result in a row."""
    found = _folded(fn, elems, initializer, reverse)
    if reverse:
        found.reverse()
    return _stacked(found)


def _folded(fn: Callable[..., Any], elems: Any, initializer: Any, reverse: bool) -> list[Any]:
    structure, tensors = nests.take(
        nests.mapped(_as_constant, elems), lambda value: isinstance(value, Tensor)
    )
    rows = [nests.fill(structure, list(row)) for row in zip(*map(ops.unstack, tensors), strict=True)]
    if reverse:
        rows.reverse()
    found = [rows.pop(0) if initializer is None else nests.mapped(_as_constant, initializer)]
    for row in rows:
        found.append(fn(found[-1], row))
    return found if initializer is None else found[1:] or found


def _as_constant(value: Any) -> Any:
    return constant(value) if not isinstance(value, Tensor) else value


def _stacked(found: list[Any]) -> Any:
    structure, _ = nests.take(found[0], lambda value: isinstance(value, Tensor))
    columns = zip(
        *(nests.take(each, lambda value: isinstance(value, Tensor))[1] for each in found), strict=True
    )
    return nests.fill(structure, [ops.stack(list(column)) for column in columns])


def case(
    pred_fn_pairs: Any,
    default: Callable[[], Any] | None = None,
    exclusive: bool = False,
    strict: bool = False,
) -> Any:
    """Returns what the function of the first condition that holds gives, or the default.

    Args:
        pred_fn_pairs: pairs of a condition and a function without arguments.
        default: the function that is called if no condition holds.
        exclusive, strict: have no effect.

    Raises:
        ArgumentError: no condition holds, and there is no `default`.
    """
    for holds, function in pred_fn_pairs:
        if bool(holds):
            return function()
    if default is None:
        raise ArgumentError("tf.case: no condition holds, and there is no default.")
    return default()


def switch_case(branch_index: Any, branch_fns: Any, default: Callable[[], Any] | None = None) -> Any:
    """Returns what the function with a number gives; the default, or the last one, for other numbers."""
    known = dict(branch_fns.items() if isinstance(branch_fns, dict) else enumerate(branch_fns))
    if branch_fns and not isinstance(branch_fns, dict) and isinstance(branch_fns[0], tuple):
        known = dict(branch_fns)
    return known.get(int(branch_index), default or known[max(known)])()


def numpy_function(
    func: Callable[..., Any], inp: Sequence[Any], Tout: Any = None, stateful: bool = True
) -> Any:
    """Returns what a function of arrays gives, as tensors. It has no gradient."""
    made = func(*(constant(each).numpy() for each in inp))
    return [constant(each) for each in made] if isinstance(made, (list, tuple)) else constant(made)


def py_function(func: Callable[..., Any], inp: Sequence[Any], Tout: Any = None) -> Any:
    """Returns what a function of tensors gives."""
    made = func(*(constant(each) for each in inp))
    return [constant(each) for each in made] if isinstance(made, (list, tuple)) else constant(made)


def custom_gradient(f: Callable[..., Any]) -> Callable[..., Any]:
    """Returns a function whose gradient is the one that it gives beside its result."""
    made: Callable[..., Any] = keras_ops.custom_gradient(f)
    return made


def identity_n(input: Sequence[Any], name: str | None = None) -> list[Tensor]:
    """Returns the tensors of a list as they are, each of its own shape."""
    return [ops.clone(constant(each)) for each in input]


def timestamp() -> Tensor:
    """Returns the seconds since 1970."""
    return constant(time.time())


def get_static_value(tensor: Any, partial: bool = False) -> Any:
    """Returns the value of a tensor as an array."""
    return constant(tensor).numpy()


def broadcast_static_shape(shape_x: Any, shape_y: Any) -> tuple[int, ...]:
    """Returns the shape that two shapes have together."""
    found = _np("broadcast_static_shape").broadcast_shapes(tuple(shape_x), tuple(shape_y))
    return tuple(int(size) for size in found)


# Numbers


def truncatediv(x: Any, y: Any) -> Tensor:
    """Returns quotients without their fractions."""
    x, y = constant(x), constant(y)
    quotient = keras_ops.trunc(ops.true_div(x, y))
    return ops.cast(quotient, "int32") if x.dtype == y.dtype == "int32" else quotient


def truncatemod(x: Any, y: Any) -> Tensor:
    """Returns what is left of a division whose quotient has lost its fraction."""
    x, y = constant(x), constant(y)
    return x - truncatediv(x, y) * y


def saturate_cast(value: Any, dtype: Any, name: str | None = None) -> Tensor:
    """Returns values in another dtype, those beyond its numbers as the nearest one."""
    limits = {"uint8": (0, 255), "int8": (-128, 127), "uint16": (0, 65535), "int16": (-32768, 32767)}.get(
        str(dtype)
    )
    value = constant(value)
    return keras_ops.cast(value if limits is None else ops.clip_by_value(value, *limits), dtype)


def count_nonzero(input: Any, axis: Any = None, keepdims: bool = False, dtype: Any = "int32") -> Tensor:
    """Returns how many elements are not 0."""
    return ops.cast(ops.sum(ops.cast(ops.not_equal(constant(input), 0), "int32"), axis, keepdims), dtype)


def zero_fraction(value: Any) -> Tensor:
    """Returns the share of elements that are 0."""
    return ops.mean(ops.cast(ops.equal(constant(value), 0), "float32"))


def reciprocal_no_nan(x: Any) -> Tensor:
    """Returns 1 / x, and 0 where x is 0."""
    return ops.div_no_nan(1.0, constant(x))


def xlogy(x: Any, y: Any) -> Tensor:
    """Returns x * log(y), and 0 where x is 0."""
    return _times(x, y, ops.log)


def xlog1py(x: Any, y: Any) -> Tensor:
    """Returns x * log(1 + y), and 0 where x is 0."""
    return _times(x, y, ops.log1p)


def xdivy(x: Any, y: Any) -> Tensor:
    """Returns x / y, and 0 where x is 0."""
    return _times(x, y, ops.reciprocal)


def _times(x: Any, y: Any, function: Callable[[Any], Tensor]) -> Tensor:
    x, y = constant(x), constant(y)
    empty = ops.equal(x, 0)
    return ops.where(empty, 0.0, x * function(ops.where(empty, 1.0, y)))


def polyval(coeffs: Sequence[Any], x: Any) -> Tensor:
    """Returns the values of a polynomial, whose first coefficient is that of the highest power."""
    made = ops.zeros_like(constant(x))
    for coefficient in coeffs:
        made = made * x + coefficient
    return made


_LANCZOS = (
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
)  # fmt: skip


def lgamma(x: Any) -> Tensor:
    """Returns the logarithms of the absolute values of the gamma function, by Lanczos's formula."""
    x = constant(x)
    below = ops.less(x, 0.5)
    z = ops.where(below, 1.0 - x, x) - 1.0
    series = ops.add_n([c / (z + float(i)) for i, c in enumerate(_LANCZOS, 1)]) + 0.99999999999980993
    t = z + 7.5
    made = 0.5 * math.log(2 * math.pi) + (z + 0.5) * ops.log(t) - t + ops.log(series)
    sine = ops.abs(ops.sin(math.pi * ops.where(below, x, 0.25)))
    return ops.where(below, math.log(math.pi) - ops.log(sine) - made, made)


def digamma(x: Any) -> Tensor:
    """Returns the derivatives of `lgamma`."""
    x = constant(x)
    below = ops.less(x, 0.5)
    z = ops.where(below, 1.0 - x, x)
    shifted = z + 6.0
    square = 1.0 / ops.square(shifted)
    made = ops.log(shifted) - 0.5 / shifted - square * (1 / 12 - square * (1 / 120 - square / 252))
    made = made - ops.add_n([1.0 / (z + float(i)) for i in range(6)])
    return ops.where(below, made - math.pi / ops.tan(math.pi * ops.where(below, x, 0.25)), made)


def lbeta(x: Any) -> Tensor:
    """Returns the logarithm of the beta function of numbers along the last axis."""
    x = constant(x)
    return ops.sum(lgamma(x), -1) - lgamma(ops.sum(x, -1))


def ndtri(x: Any) -> Tensor:
    """Returns the quantiles of the standard normal distribution."""
    return keras_ops.erfinv(2.0 * constant(x) - 1.0) * math.sqrt(2.0)


def erfcinv(x: Any) -> Tensor:
    """Returns the numbers whose complementary error function is given."""
    return keras_ops.erfinv(1.0 - constant(x))


def invert_permutation(x: Any) -> Tensor:
    """Returns where each number of a permutation stands."""
    return keras_ops.argsort(constant(x))


def cumulative_logsumexp(x: Any, axis: int = 0, exclusive: bool = False, reverse: bool = False) -> Tensor:
    """Returns the logarithms of sums of exponentials so far."""
    x = constant(x)
    largest = ops.stop_gradient(ops.max(x, axis, True))
    return ops.log(ops.cumsum(ops.exp(x - largest), axis, exclusive, reverse)) + largest


def is_strictly_increasing(x: Any) -> Tensor:
    """Returns whether each element is greater than the one before it."""
    return _rises(x, ops.greater)


def is_non_decreasing(x: Any) -> Tensor:
    """Returns whether no element is less than the one before it."""
    return _rises(x, ops.greater_equal)


def _rises(x: Any, compare: Callable[[Any, Any], Tensor]) -> Tensor:
    flat = ops.reshape(constant(x), [-1])
    count = max(flat.shape[0] - 1, 0)
    return ops.all(compare(ops.slice(flat, [min(1, flat.shape[0])], [count]), ops.slice(flat, [0], [count])))


def _segments(name: str, reduce: str) -> Callable[..., Tensor]:
    def segment(data: Any, segment_ids: Any) -> Tensor:
        ids = constant(segment_ids)
        count = int(ops.max(ids).item()) + 1
        return unsorted(reduce)(constant(data), ids, count)

    segment.__doc__ = f"Returns the {name} of the rows of each segment; segments are in order."
    return segment


def unsorted(reduce: str) -> Callable[..., Tensor]:
    """Returns the function of `keras.ops` by segments, with zeros for those that have no row."""

    def call(data: Tensor, ids: Tensor, count: int) -> Tensor:
        ones = ops.ones([*ids.shape, *[1] * (data.ndim - ids.ndim)])
        counts = keras_ops.segment_sum(ones, ids, count)
        if reduce == "mean":
            return keras_ops.segment_sum(data, ids, count) / ops.maximum(counts, 1.0)
        if reduce == "sqrt_n":
            return keras_ops.segment_sum(data, ids, count) / ops.sqrt(ops.maximum(counts, 1.0))
        made = getattr(keras_ops, f"segment_{reduce}")(data, ids, count)
        empty = 1.0 if reduce == "prod" else 0.0
        return ops.where(ops.greater(counts, 0), made, ops.cast(empty, made.dtype))

    return call


segment_max, segment_min = _segments("greatest", "max"), _segments("least", "min")
segment_mean, segment_prod = _segments("mean", "mean"), _segments("product", "prod")


def unsorted_segment_sqrt_n(data: Any, segment_ids: Any, num_segments: int) -> Tensor:
    """Returns the sum of the rows of each segment over the root of their number."""
    return unsorted("sqrt_n")(constant(data), constant(segment_ids), int(num_segments))


# Neural networks


def crelu(features: Any, axis: int = -1) -> Tensor:
    """Returns what is above 0, and what is below it without its sign, one beside the other."""
    features = constant(features)
    return ops.concat([ops.relu(features), ops.relu(-features)], axis)


def log_poisson_loss(targets: Any, log_input: Any, compute_full_loss: bool = False) -> Tensor:
    """Returns exp(log_input) - log_input * targets, element by element; with Stirling's formula if `compute_full_loss`."""
    targets, log_input = constant(targets), constant(log_input)
    loss = ops.exp(log_input) - log_input * targets
    if not compute_full_loss:
        return loss
    more = (
        targets * ops.log(ops.maximum(targets, 1e-30))
        - targets
        + 0.5 * ops.log(2 * math.pi * ops.maximum(targets, 1e-30))
    )
    return loss + ops.where(ops.greater(targets, 1.0), more, 0.0)


def weighted_cross_entropy(labels: Any, logits: Any, pos_weight: Any) -> Tensor:
    """Returns the cross entropy of labels and the sigmoid of logits, labels of 1 counting `pos_weight` times."""
    labels, logits = constant(labels, "float32"), constant(logits)
    weight = 1.0 + (pos_weight - 1.0) * labels
    return (1.0 - labels) * logits + weight * (ops.log1p(ops.exp(-ops.abs(logits))) + ops.relu(-logits))


def compute_average_loss(
    per_example_loss: Any, sample_weight: Any = None, global_batch_size: Any = None
) -> Tensor:
    """Returns the sum of losses of samples over the size of the batch."""
    losses = constant(per_example_loss)
    losses = losses if sample_weight is None else losses * sample_weight
    count = losses.shape[0] if global_batch_size is None else global_batch_size
    return ops.sum(losses) / float(count)


def scale_regularization_loss(regularization_loss: Any) -> Tensor:
    """Returns the sum of losses: there is one device."""
    return ops.sum(constant(regularization_loss))


def sufficient_statistics(x: Any, axes: Any, shift: Any = None, keepdims: bool = False) -> Any:
    """Returns the number of elements, their sum and that of their squares, and the shift that was taken off them."""
    x = constant(x)
    axes = list(axes)
    moved = x if shift is None else x - shift
    count = float(math.prod(x.shape[axis] for axis in axes))
    return constant(count), ops.sum(moved, axes, keepdims), ops.sum(ops.square(moved), axes, keepdims), shift


def weighted_moments(
    x: Any, axes: Any, frequency_weights: Any, keepdims: bool = False
) -> tuple[Tensor, Tensor]:
    """Returns mean and variance of weighted elements."""
    x = constant(x)
    weights = constant(frequency_weights, "float32") + ops.zeros_like(x)
    total = ops.sum(weights, axes, True)
    mean = ops.sum(weights * x, axes, True) / total
    variance = ops.sum(weights * ops.square(x - mean), axes, True) / total
    if keepdims:
        return mean, variance
    gone = [axes] if isinstance(axes, int) else list(axes)
    return ops.squeeze(mean, gone), ops.squeeze(variance, gone)


def ctc_loss(
    labels: Any,
    logits: Any,
    label_length: Any,
    logit_length: Any,
    logits_time_major: bool = True,
    unique: Any = None,
    blank_index: int = 0,
) -> Tensor:
    """Returns the loss of sequences of labels beside sequences of logits, for each of a batch."""
    logits = constant(logits)
    by_batch = ops.transpose(logits, [1, 0, 2]) if logits_time_major else logits
    mask = blank_index % by_batch.shape[-1]
    made: Tensor = keras_ops.ctc_loss(
        constant(labels), by_batch, constant(label_length), constant(logit_length), mask
    )
    return made
