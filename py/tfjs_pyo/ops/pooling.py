"""Pooling: reductions over sliding windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tfjs_pyo.core.graph import Node, const
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.ops.arithmetic import divide_real
from tfjs_pyo.ops.comparison import equal, where
from tfjs_pyo.ops.creation import iota_node
from tfjs_pyo.ops.declare import cast_node, declare, public
from tfjs_pyo.ops.movement import broadcast_node, reshape_node
from tfjs_pyo.ops.reduction import ARG_MAX, MAX, SUM, reduce_node, stop_gradient
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.ops.windows import Padding, Rounding, Window, geometry, numbers, windows_of
from tfjs_pyo.shapes import size


def _images(owner: str, x: Node) -> Node:
    """Returns x as float32 [batch, height, width, channels]; a single image gets a batch of 1."""
    if x.rank not in (3, 4):
        raise ShapeError(
            f"{owner}: expected a tensor of rank 4 [batch, height, width, channels], received {x.shape}."
        )
    x = cast_node(x, "float32")
    return reshape_node(x, (1, *x.shape)) if x.rank == 3 else x


def _pooled(
    owner: str,
    x: Node,
    filter_size: int | Sequence[int],
    strides: int | Sequence[int],
    pad: Padding,
    rounding: Rounding,
    outside: str,
) -> tuple[Node, tuple[int, ...], Window]:
    """Returns the windows of x with their places flattened: [batch, height, width, places, channels]."""
    kernel, stride = numbers(owner, "filter_size", filter_size, 2), numbers(owner, "strides", strides, 2)
    outputs, before = geometry(owner, x.shape[1:3], kernel, stride, (1, 1), pad, rounding)
    window = Window(kernel, stride, (1, 1), before, outside)
    spread = windows_of(x, outputs, window)
    return reshape_node(spread, (x.shape[0], *outputs, size(kernel), x.shape[3])), outputs, window


def _max_pool_gradient(node: Node, g: Node) -> tuple[Node]:
    """Hands the gradient to the first largest element of each window, as TF.js does."""
    windows = node.inputs[0]
    chosen = Node(ARG_MAX, (windows,), node.shape, "int32", 3)
    places = iota_node(windows.shape, 3)
    wide = broadcast_node(reshape_node(chosen, (*node.shape[:3], 1, node.shape[3])), windows.shape)
    spread = broadcast_node(reshape_node(g, (*node.shape[:3], 1, node.shape[3])), windows.shape)
    return (where(equal(places, wide), spread, const(0.0, "float32")),)


MAX_PLACE = declare(replace(MAX, name="max_place", gradient=_max_pool_gradient, lower=None))
"""The largest of each window's places; unlike `max`, its gradient goes to one of them."""


@tested_with(
    Case(((2, 6, 6, 3),), (2, 2, "valid")),
    Case(((1, 5, 7, 4),), ((3, 2), (2, 1), "same")),
    Case(((2, 4, 4, 1),), (3, 1, 1)),
)
@public()
def max_pool(
    x: Node,
    filter_size: int | Sequence[int],
    strides: int | Sequence[int],
    pad: Padding,
    dim_rounding_mode: Rounding = None,
) -> Node:
    """Returns the largest element of each window.

    Args:
        x: float32 [batch, height, width, channels] (or one image without batch).
        filter_size: window height and width.
        strides: distance of windows.
        pad: 'same', 'valid', a number, or ((top, bottom), (left, right)).
        dim_rounding_mode: how a fractional output size is rounded: 'floor', 'round' or 'ceil'.

    Source: https://js.tensorflow.org/api/latest/#maxPool
    """
    images = _images("max_pool", x)
    windows, _, _ = _pooled("max_pool", images, filter_size, strides, pad, dim_rounding_mode, "-INF")
    largest = Node(MAX_PLACE, (windows,), (*windows.shape[:3], windows.shape[4]), "float32", (3,))
    return reshape_node(largest, largest.shape[1:]) if x.rank == 3 else largest


@tested_with(
    Case(((2, 6, 6, 3),), (2, 2, "valid")),
    Case(((1, 5, 7, 4),), ((3, 2), (2, 1), "same")),
    Case(((2, 4, 4, 1),), (3, 1, 1)),
)
@public()
def avg_pool(
    x: Node,
    filter_size: int | Sequence[int],
    strides: int | Sequence[int],
    pad: Padding,
    dim_rounding_mode: Rounding = None,
) -> Node:
    """Returns the mean of each window; padding does not count (TF.js's gradient counts it, which is wrong).

    Arguments as for `max_pool`.

    Source: https://js.tensorflow.org/api/latest/#avgPool
    """
    images = _images("avg_pool", x)
    windows, outputs, window = _pooled("avg_pool", images, filter_size, strides, pad, dim_rounding_mode, "0")
    total = reduce_node(SUM, windows, (3,))
    ones = broadcast_node(const(1.0, "float32"), (1, *images.shape[1:3], 1))
    counts = reduce_node(
        SUM, reshape_node(windows_of(ones, outputs, window), (1, *outputs, windows.shape[3], 1)), (3,)
    )
    mean = divide_real(total, stop_gradient(counts))
    return reshape_node(mean, mean.shape[1:]) if x.rank == 3 else mean
