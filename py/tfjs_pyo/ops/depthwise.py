"""Depthwise and separable convolution: each channel with filters of its own, by a kernel or as a sum over windows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tfjs_pyo.compiler.kernels import Kernel
from tfjs_pyo.compiler.tuning import Tuning
from tfjs_pyo.core.autodiff import vjp
from tfjs_pyo.core.graph import Kind, Node, Op
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.ops.alignment import cut, extended, whole
from tfjs_pyo.ops.arithmetic import add, mul
from tfjs_pyo.ops.convolution import (
    ConvAttrs,
    batch_kernel,
    check_channels,
    conv2d,
    conv_sizes,
    images_of,
    like_images,
    window_places,
)
from tfjs_pyo.ops.declare import cast_node, declare, public
from tfjs_pyo.ops.movement import broadcast_node, reshape_node
from tfjs_pyo.ops.reduction import SUM, reduce_node, sum_to_node
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.ops.windows import Padding, Rounding, Window, geometry, numbers, spatial_padding, windows_of
from tfjs_pyo.shapes import size

__all__ = ["depthwise_conv2d", "separable_conv2d"]


@tested_with(
    Case(((2, 6, 5, 3), (3, 3, 3, 1)), (1, "valid")),
    Case(((1, 7, 6, 4), (3, 2, 4, 1)), (2, "same")),
    Case(((2, 5, 5, 2), (2, 3, 2, 3)), (1, 1)),
    Case(((8, 9, 9, 8), (3, 3, 8, 1)), ((2, 1), "same", "NHWC", (1, 2))),
    Case(((6, 6, 3), (2, 2, 3, 2)), (1, "same", "NHWC", 2)),
    Case(((1, 4, 6, 5), (3, 3, 4, 1)), (1, ((1, 0), (0, 2)), "NCHW")),
)
@public(2)
def depthwise_conv2d(
    x: Node,
    filter: Node,
    strides: int | Sequence[int],
    pad: Padding,
    data_format: str = "NHWC",
    dilations: int | Sequence[int] = (1, 1),
    dim_rounding_mode: Rounding = None,
) -> Node:
    """Returns the convolution of each channel of images with filters of its own.

    Args:
        x: float32 [batch, height, width, channels], or one image without batch; NCHW with that data_format.
        filter: float32 [rows, columns, channels, filters of a channel].
        strides: distance of windows.
        pad: 'same', 'valid', a number, ((top, bottom), (left, right)), or these among (0, 0) for batch and channels.
        data_format: 'NHWC' or 'NCHW'.
        dilations: distance of elements within a window.
        dim_rounding_mode: how a fractional output size is rounded: 'floor', 'round' or 'ceil'.

    Returns:
        float32 [batch, height, width, channels * filters of a channel], those of a channel side by side.

    Raises:
        ShapeError: ranks or channels do not fit, or no window fits.
        OptionError: an option with another value.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.depthwiseConv2d([[[[1, 2]]]], [[[[3], [5]]]], 1, "valid").array_sync()
        [[[[3.0, 10.0]]]]

    Source: https://js.tensorflow.org/api/latest/#depthwiseConv2d
    """
    owner = "depthwise_conv2d"
    if filter.rank != 4:
        raise ShapeError(
            f"{owner}: expected filter of rank 4 [rows, columns, channels, filters of a channel], received shape "
            f"{filter.shape}."
        )
    images = images_of(owner, x, data_format)
    check_channels(owner, images, filter, x.shape)
    rows, columns, channels, many = filter.shape
    stride, dilation = numbers(owner, "strides", strides, 2), numbers(owner, "dilations", dilations, 2)
    padding = spatial_padding(owner, pad, 2, data_format == "NCHW")
    outputs, before = geometry(
        owner, images.shape[1:3], (rows, columns), stride, dilation, padding, dim_rounding_mode
    )
    window = Window((rows, columns), stride, dilation, before)
    weights = reshape_node(cast_node(filter, "float32"), (rows, columns, channels * many, 1))
    repeated = _repeated(images, many)
    if size((*images.shape, *filter.shape, *outputs)):
        attrs = ConvAttrs((stride[0], stride[1]), (dilation[0], dilation[1]), (before[0], before[1]))
        shape = (images.shape[0], *outputs, channels * many)
        result = Node(DEPTHWISE, (repeated, weights), shape, "float32", attrs)
    else:
        result = _as_sum(repeated, weights, outputs, window)
    return like_images(result, x.rank, data_format)


def _repeated(images: Node, many: int) -> Node:
    """Returns images with each channel as often as it has filters."""
    if many == 1:
        return images
    each = broadcast_node(reshape_node(images, (*images.shape, 1)), (*images.shape, many))
    return reshape_node(each, (*images.shape[:3], images.shape[3] * many))


def _as_sum(images: Node, filter: Node, outputs: tuple[int, ...], window: Window) -> Node:
    """Returns the convolution as a sum over the places of windows, made of other ops: their gradients are its own."""
    rows, columns, channels, _ = filter.shape
    windows = windows_of(images, outputs, window)
    places = reshape_node(windows, (images.shape[0], *outputs, rows * columns, channels))
    return reduce_node(SUM, mul(places, reshape_node(filter, (rows * columns, channels))), (3,))


def _numpy(np: Any, node: Node, x: Any, w: Any) -> Any:
    out = np.zeros(node.shape, dtype=x.dtype)
    for at, image, result in window_places(np, node.attrs, x.shape[1:3], node.shape[1:3], w.shape[:2]):
        out[result] += x[image] * w[at][:, 0]
    return out


def _gradients(node: Node, g: Node) -> tuple[Node | None, ...]:
    """The gradients of the same as a sum: they need no kernels of their own."""
    images, filter = node.inputs
    attrs: ConvAttrs = node.attrs
    window = Window(filter.shape[:2], attrs.stride, attrs.dilation, attrs.before)
    return tuple(vjp([_as_sum(images, filter, node.shape[1:3], window)], [g], node.inputs, add, sum_to_node))


def _aligned(node: Node, _tuning: Tuning) -> Node | None:
    """Returns the convolution of channels in fours, as its kernel takes them."""
    x, w = node.inputs
    channels = whole(x.shape[3])
    if channels == x.shape[3]:
        return None
    images, weights = extended(x, (*x.shape[:3], channels)), extended(w, (*w.shape[:2], channels, 1))
    return cut(
        Node(node.op, (images, weights), (*node.shape[:3], channels), node.dtype, node.attrs), node.shape
    )


def _kernel(node: Node, most_layers: int) -> Kernel:
    x, w = node.inputs
    sizes = conv_sizes(node.attrs, x.shape, w.shape, node.shape)
    return batch_kernel("depthwise", node, sizes, node.shape[3], w.shape[0] * w.shape[1], most_layers)


DEPTHWISE = declare(
    Op(
        "depthwise_conv2d",
        Kind.CONTRACTION,
        numpy=_numpy,
        gradient=_gradients,
        kernel=_kernel,
        lower=_aligned,
        cost=100,
    )
)
"""One filter a channel; channels with several filters are repeated."""


@tested_with(
    Case(((2, 6, 5, 3), (3, 3, 3, 2), (1, 1, 6, 4)), (1, "same")),
    Case(((5, 5, 2), (2, 2, 2, 1), (1, 1, 2, 3)), (2, "valid")),
)
@public(3)
def separable_conv2d(
    x: Node,
    depthwise_filter: Node,
    pointwise_filter: Node,
    strides: int | Sequence[int],
    pad: Padding,
    dilation: int | Sequence[int] = (1, 1),
    data_format: str = "NHWC",
) -> Node:
    """Returns a depthwise convolution followed by one that mixes the channels of each pixel.

    Args:
        x: float32 [batch, height, width, channels], or one image without batch; NCHW with that data_format.
        depthwise_filter: float32 [rows, columns, channels, filters of a channel].
        pointwise_filter: float32 [1, 1, channels * filters of a channel, filters].
        strides, pad, dilation: of the depthwise convolution.
        data_format: 'NHWC' or 'NCHW'.

    Raises:
        ShapeError: ranks or channels do not fit, or no window fits.
        OptionError: an option with another value.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.separableConv2d([[[[1, 2]]]], [[[[3], [5]]]], [[[[1], [1]]]], 1, "valid").array_sync()
        [[[[13.0]]]]

    Source: https://js.tensorflow.org/api/latest/#separableConv2d
    """
    if pointwise_filter.rank != 4 or pointwise_filter.shape[:2] != (1, 1):
        raise ShapeError(
            f"separable_conv2d: expected pointwise_filter of shape [1, 1, channels, filters], received shape "
            f"{pointwise_filter.shape}."
        )
    if depthwise_filter.rank == 4 and size(depthwise_filter.shape[2:]) != pointwise_filter.shape[2]:
        raise ShapeError(
            f"separable_conv2d: expected pointwise_filter to take {size(depthwise_filter.shape[2:])} channels, those of "
            f"depthwise_filter of shape {depthwise_filter.shape}, received shape {pointwise_filter.shape}."
        )
    deep = depthwise_conv2d(x, depthwise_filter, strides, pad, data_format, dilation)
    result: Node = conv2d(deep, pointwise_filter, 1, "valid", data_format)
    return result
