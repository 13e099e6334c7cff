"""Pooling: reductions over sliding windows of images and volumes, and the dilation of grey images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from tfjs_pyo.core.graph import Node, const
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops.alignment import aligned_reduction
from tfjs_pyo.ops.arithmetic import add, divide_real, floor_div, maximum, mod, mul
from tfjs_pyo.ops.comparison import equal, where
from tfjs_pyo.ops.creation import iota_node
from tfjs_pyo.ops.declare import cast_node, declare, public
from tfjs_pyo.ops.movement import broadcast_node, reshape_node, transpose_node
from tfjs_pyo.ops.reduction import ARG_MAX, MAX, SUM, reduce_node, stop_gradient
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.ops.windows import Padding, Rounding, Window, geometry, numbers, spatial_padding, windows_of
from tfjs_pyo.shapes import size

__all__ = ["avg_pool", "avg_pool3d", "dilation2d", "max_pool", "max_pool3d", "max_pool_with_argmax", "pool"]

Numbers = int | Sequence[int]

AXES = {2: "height, width", 3: "depth, height, width"}


class Windows(NamedTuple):
    """Windows with their places flattened: `values` is [batch, outputs..., places, channels]."""

    values: Node
    outputs: tuple[int, ...]
    window: Window
    spatial: tuple[int, ...]

    @property
    def axis(self) -> int:
        """The axis of places."""
        return len(self.outputs) + 1


def _batched(owner: str, x: Node, count: int) -> Node:
    """Returns x as [batch, sizes..., channels]; a single image or volume gets a batch of 1."""
    if x.rank not in (count + 1, count + 2):
        raise ShapeError(
            f"{owner}: expected a tensor of rank {count + 2} [batch, {AXES[count]}, channels], received {x.shape}."
        )
    return reshape_node(x, (1, *x.shape)) if x.rank == count + 1 else x


def _unbatched(x: Node, like: Node) -> Node:
    return reshape_node(x, x.shape[1:]) if like.rank < x.rank else x


def _windows(
    owner: str,
    x: Node,
    filter_size: Numbers,
    strides: Numbers,
    pad: Padding,
    rounding: Rounding = None,
    dilations: Numbers = 1,
    outside: str = "-INF",
) -> Windows:
    """Returns the windows of [batch, sizes..., channels]."""
    spatial = x.shape[1:-1]
    count = len(spatial)
    kernel, stride, dilation = (
        numbers(owner, name, given, count)
        for name, given in (("filter_size", filter_size), ("strides", strides), ("dilations", dilations))
    )
    outputs, before = geometry(
        owner, spatial, kernel, stride, dilation, spatial_padding(owner, pad, count), rounding
    )
    window = Window(kernel, stride, dilation, before, outside)
    values = reshape_node(windows_of(x, outputs, window), (x.shape[0], *outputs, size(kernel), x.shape[-1]))
    return Windows(values, outputs, window, spatial)


def _max_pool_gradient(node: Node, g: Node) -> tuple[Node]:
    """Hands the gradient to the first largest element of each window, as TF.js does."""
    windows, (axis,) = node.inputs[0], node.attrs
    chosen = Node(ARG_MAX, (windows,), node.shape, "int32", axis)
    kept = (*node.shape[:axis], 1, *node.shape[axis:])
    wide, spread = (broadcast_node(reshape_node(v, kept), windows.shape) for v in (chosen, g))
    return (where(equal(iota_node(windows.shape, axis), wide), spread, const(0.0, "float32")),)


MAX_PLACE = declare(
    replace(
        MAX, name="max_place", gradient=_max_pool_gradient, lower=lambda node, tuning: aligned_reduction(node)
    )
)
"""The largest of each window's places; unlike `max`, its gradient goes to one of them."""


def _largest(windows: Node, axis: int) -> Node:
    shape = (*windows.shape[:axis], *windows.shape[axis + 1 :])
    return Node(MAX_PLACE, (windows,), shape, windows.dtype, (axis,))


def _mean(found: Windows) -> Node:
    """Returns the mean of each window over the elements that are there: padding does not count; 0 if there are none."""
    total = reduce_node(SUM, found.values, (found.axis,))
    ones = broadcast_node(const(1.0, "float32"), (1, *found.spatial, 1))
    places = windows_of(ones, found.outputs, found.window)
    flat = reshape_node(places, (1, *found.outputs, size(found.window.kernel), 1))
    count = maximum(reduce_node(SUM, flat, (found.axis,)), const(1.0, "float32"))
    mean: Node = divide_real(total, stop_gradient(count))
    return mean


def _pool(
    owner: str,
    kind: str,
    x: Node,
    count: int,
    filter_size: Numbers,
    strides: Numbers,
    pad: Padding,
    rounding: Rounding,
    dilations: Numbers = 1,
) -> Node:
    """Pools over `count` spatial axes; kind 'max' or 'avg'. The largest of int32 are int32."""
    outside = "0" if kind == "avg" else "-INF"
    exact = kind == "max" and x.dtype == "int32"
    batched = _batched(owner, x if exact else cast_node(x, "float32"), count)
    found = _windows(owner, batched, filter_size, strides, pad, rounding, dilations, outside)
    if kind == "avg":
        return _unbatched(_mean(found), x)
    return _unbatched(_largest(found.values, found.axis), x)


CASES = (
    Case(((2, 6, 6, 3),), (2, 2, "valid")),
    Case(((1, 5, 7, 4),), ((3, 2), (2, 1), "same")),
    Case(((2, 4, 4, 1),), (3, 1, 1)),
    Case(((5, 6, 2),), (3, 2, ((0, 0), (1, 0), (0, 1), (0, 0)), "ceil")),
    Case(((0, 4, 4, 2),), (2, 2, "same"), differentiable=False),
)


@tested_with(*CASES)
@public()
def max_pool(
    x: Node,
    filter_size: Numbers,
    strides: Numbers,
    pad: Padding,
    dim_rounding_mode: Rounding = None,
) -> Node:
    """Returns the largest element of each window.

    Args:
        x: float32 [batch, height, width, channels] (or one image without batch).
        filter_size: window height and width.
        strides: distance of windows.
        pad: 'same', 'valid', a number, ((top, bottom), (left, right)), or these between two (0, 0).
        dim_rounding_mode: how a fractional output size is rounded: 'floor', 'round' or 'ceil'.

    Raises:
        ShapeError: another rank, or windows that do not fit.
        OptionError: an option with another value.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.maxPool([[[1], [2]], [[4], [3]]], 2, 1, 'valid').array_sync()
        [[[4.0]]]

    Source: https://js.tensorflow.org/api/latest/#maxPool
    """
    return _pool("max_pool", "max", x, 2, filter_size, strides, pad, dim_rounding_mode)


@tested_with(*CASES)
@public()
def avg_pool(
    x: Node,
    filter_size: Numbers,
    strides: Numbers,
    pad: Padding,
    dim_rounding_mode: Rounding = None,
) -> Node:
    """Returns the mean of each window; padding does not count (TF.js's gradient counts it, which is wrong).

    The mean of a window over padding only is 0, as in TF.js.

    Arguments as for `max_pool`.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.avgPool([[[1], [2]], [[4], [3]]], 2, 2, 'same').array_sync()
        [[[2.5]]]

    Source: https://js.tensorflow.org/api/latest/#avgPool
    """
    return _pool("avg_pool", "avg", x, 2, filter_size, strides, pad, dim_rounding_mode)


@tested_with(
    Case(((2, 6, 6, 3),), (2, "max", "same", 2)),
    Case(((1, 7, 6, 4),), ((3, 2), "avg", "same", (2, 1))),
    Case(((6, 6, 1),), (3, "avg", 1, 1, 2, "ceil")),
    Case(((1, 6, 5, 2),), (2, "max", ((1, 1), (0, 1)), None, (2, 1), "floor")),
)
@public()
def pool(
    input: Node,
    window_shape: Numbers,
    pooling_type: str,
    pad: Padding,
    dilations: Numbers | None = None,
    strides: Numbers | None = None,
    dim_rounding_mode: Rounding = None,
) -> Node:
    """Returns the largest element, or the mean, of each window.

    TF.js counts the padding of dilated windows as zeros, and ignores explicit padding there; here padding never counts.

    Args:
        input: float32 [batch, height, width, channels] (or one image without batch).
        window_shape: window height and width.
        pooling_type: 'max' or 'avg'.
        pad: as for `max_pool`.
        dilations: distance of elements within a window; default: 1.
        strides: distance of windows; default: 1.
        dim_rounding_mode: as for `max_pool`.

    Raises:
        ShapeError: another rank, or windows that do not fit.
        OptionError: an option with another value.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.pool([[[1], [2], [3]]], [1, 2], 'max', 'valid', [1, 2]).array_sync()
        [[[3.0]]]

    Source: https://js.tensorflow.org/api/latest/#pool
    """
    if pooling_type not in ("max", "avg"):
        raise OptionError(f"pool: expected pooling_type to be 'max' or 'avg', received {pooling_type!r}.")
    stride, dilation = strides or 1, dilations or 1
    return _pool("pool", pooling_type, input, 2, window_shape, stride, pad, dim_rounding_mode, dilation)


def _pool3d(
    owner: str,
    kind: str,
    x: Node,
    filter_size: Numbers,
    strides: Numbers,
    pad: Padding,
    rounding: Rounding,
    data_format: str,
) -> Node:
    if data_format not in ("NDHWC", "NCDHW"):
        raise OptionError(
            f"{owner}: expected data_format to be 'NDHWC' or 'NCDHW', received {data_format!r}."
        )
    if data_format == "NDHWC" or x.rank not in (4, 5):
        return _pool(owner, kind, x, 3, filter_size, strides, pad, rounding)
    lead = tuple(range(x.rank - 4))
    first = len(lead)
    last = transpose_node(x, (*lead, first + 1, first + 2, first + 3, first))
    y = _pool(owner, kind, last, 3, filter_size, strides, pad, rounding)
    return transpose_node(y, (*lead, first + 3, first, first + 1, first + 2))


CASES_3D = (
    Case(((1, 4, 4, 5, 2),), (2, 2, "valid")),
    Case(((2, 3, 4, 3, 1),), ((2, 3, 1), (1, 2, 1), "same")),
    Case(((3, 4, 3, 4),), (3, 2, 1, "ceil")),
    Case(((1, 2, 4, 4, 3),), (2, 1, "same", None, "NCDHW")),
)


@tested_with(*CASES_3D)
@public(method=False)
def max_pool3d(
    x: Node,
    filter_size: Numbers,
    strides: Numbers,
    pad: Padding,
    dim_rounding_mode: Rounding = None,
    data_format: str = "NDHWC",
) -> Node:
    """Returns the largest element of each window of a volume.

    Args:
        x: float32 [batch, depth, height, width, channels] (or one volume without batch).
        filter_size: window depth, height and width.
        strides: distance of windows.
        pad: 'same', 'valid', a number, or a pair per spatial axis.
        dim_rounding_mode: how a fractional output size is rounded: 'floor', 'round' or 'ceil'.
        data_format: 'NDHWC', or 'NCDHW' if channels come before depth.

    Raises:
        ShapeError: another rank, or windows that do not fit.
        OptionError: an option with another value.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.maxPool3d([[[[1], [2]], [[4], [3]]]], [1, 2, 2], 1, 'valid').array_sync()
        [[[[4.0]]]]

    Source: https://js.tensorflow.org/api/latest/#maxPool3d
    """
    return _pool3d("max_pool3d", "max", x, filter_size, strides, pad, dim_rounding_mode, data_format)


@tested_with(*CASES_3D)
@public(method=False)
def avg_pool3d(
    x: Node,
    filter_size: Numbers,
    strides: Numbers,
    pad: Padding,
    dim_rounding_mode: Rounding = None,
    data_format: str = "NDHWC",
) -> Node:
    """Returns the mean of each window of a volume; padding does not count. Arguments as for `max_pool3d`.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.avgPool3d([[[[1], [2]], [[4], [3]]]], [1, 2, 2], 1, 'valid').array_sync()
        [[[[2.5]]]]

    Source: https://js.tensorflow.org/api/latest/#avgPool3d
    """
    return _pool3d("avg_pool3d", "avg", x, filter_size, strides, pad, dim_rounding_mode, data_format)


class MaxPoolWithArgmax(NamedTuple):
    """What `max_pool_with_argmax` returns."""

    result: Node
    indexes: Node


@tested_with(
    Case(((2, 6, 6, 3),), (2, 2, "valid")),
    Case(((1, 5, 7, 4),), ((3, 2), (2, 1), "same", True)),
)
@public(method=False)
def max_pool_with_argmax(
    x: Node, filter_size: Numbers, strides: Numbers, pad: Padding, include_batch_in_index: bool = False
) -> MaxPoolWithArgmax:
    """Returns the largest element of each window, and where it lies.

    Args:
        x: float32 [batch, height, width, channels].
        filter_size: window height and width.
        strides: distance of windows.
        pad: 'same', 'valid' or a number.
        include_batch_in_index: whether indexes count through the whole batch, or anew in each image.

    Returns:
        `result` as of `max_pool`, and `indexes`, int32 of the same shape: (row * width + column) * channels + channel.

    Raises:
        ShapeError: another rank, or windows that do not fit.
        OptionError: an option with another value.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.maxPoolWithArgmax([[[[1], [2]], [[4], [3]]]], 2, 1, 'valid').indexes.array_sync()
        [[[[2]]]]

    Source: https://js.tensorflow.org/api/latest/#maxPoolWithArgmax
    """
    if x.rank != 4:
        raise ShapeError(
            f"max_pool_with_argmax: expected a tensor of rank 4 [batch, {AXES[2]}, channels], received {x.shape}."
        )
    numbers_ = x if x.dtype == "int32" else cast_node(x, "float32")
    found = _windows("max_pool_with_argmax", numbers_, filter_size, strides, pad)
    result = _largest(found.values, found.axis)
    place = Node(ARG_MAX, (found.values,), result.shape, "int32", found.axis)
    width = const(found.window.kernel[1], "int32")
    inside = (floor_div(place, width), mod(place, width))
    index = iota_node(result.shape, 0) if include_batch_in_index else const(0, "int32")
    for axis, within in enumerate(inside):
        window = mul(iota_node(result.shape, axis + 1), const(found.window.stride[axis], "int32"))
        position = add(add(window, within), const(-found.window.before[axis], "int32"))
        index = add(mul(index, const(found.spatial[axis], "int32")), position)
    index = add(mul(index, const(x.shape[3], "int32")), iota_node(result.shape, 3))
    return MaxPoolWithArgmax(result, index)


@tested_with(
    Case(((2, 6, 6, 3), (2, 2, 3)), (2, "valid")),
    Case(((1, 5, 7, 4), (3, 2, 4)), ((2, 1), "same")),
    Case(((6, 6, 1), (2, 3, 1)), (1, "same", 2)),
)
@public(2)
def dilation2d(
    x: Node,
    filter: Node,
    strides: Numbers,
    pad: Padding,
    dilations: Numbers = 1,
    data_format: str = "NHWC",
) -> Node:
    """Returns the grey dilation of images: the largest sum of a window and the filter.

    Args:
        x: float32 [batch, height, width, channels] (or one image without batch).
        filter: float32 [height, width, channels].
        strides: distance of windows.
        pad: 'same' or 'valid'.
        dilations: distance of elements within a window.
        data_format: 'NHWC', the only one.

    Raises:
        ShapeError: other ranks, or different numbers of channels.
        OptionError: another data format or padding.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.dilation2d([[[1], [2], [3]]], [[[0], [9]]], 1, 'valid')
        Tensor
            [[[11], [12]]]

    Source: https://js.tensorflow.org/api/latest/#dilation2d
    """
    if data_format != "NHWC":
        raise OptionError(f"dilation2d: expected data_format to be 'NHWC', received {data_format!r}.")
    images = _batched("dilation2d", cast_node(x, "float32"), 2)
    if filter.rank != 3 or filter.shape[2] != images.shape[3]:
        raise ShapeError(
            f"dilation2d: expected a filter [height, width, {images.shape[3]}], received shape {filter.shape}."
        )
    found = _windows("dilation2d", images, filter.shape[:2], strides, pad, None, dilations)
    rows = reshape_node(cast_node(filter, "float32"), (1, 1, 1, *found.values.shape[3:]))
    return _unbatched(_largest(add(found.values, rows), found.axis), x)
