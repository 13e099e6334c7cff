"""Convolution over volumes: a sum of 2D convolutions, one for each place of the filter along the depth."""

from __future__ import annotations

from collections.abc import Sequence

from tfjs_pyo.core.autodiff import vjp
from tfjs_pyo.core.graph import PLACEHOLDER, Node
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops.arithmetic import add
from tfjs_pyo.ops.convolution import check_channels, conv2d
from tfjs_pyo.ops.declare import cast_node, public
from tfjs_pyo.ops.movement import pad_node, reshape_node, slice_node, transpose_node
from tfjs_pyo.ops.reduction import sum_to_node
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.ops.windows import Padding, geometry, numbers, spatial_padding

__all__ = ["conv3d", "conv3d_transpose"]

Numbers = int | Sequence[int]


@tested_with(
    Case(((2, 3, 4, 4, 2), (2, 2, 2, 2, 3)), (1, "valid")),
    Case(((1, 4, 3, 5, 1), (3, 3, 3, 1, 2)), (2, "same")),
    Case(((3, 4, 4, 4), (2, 1, 3, 4, 4)), ((1, 2, 1), "same")),
    Case(((1, 5, 4, 4, 1), (2, 2, 2, 1, 2)), (1, "valid", "NDHWC", 2)),
    Case(((1, 2, 3, 4, 4), (2, 2, 2, 2, 3)), (1, 1, "NCDHW")),
)
@public(2, method=False)
def conv3d(
    x: Node,
    filter: Node,
    strides: Numbers,
    pad: Padding,
    data_format: str = "NDHWC",
    dilations: Numbers = (1, 1, 1),
) -> Node:
    """Returns the 3D convolution (cross-correlation) of volumes with filters.

    Args:
        x: float32 [batch, depth, height, width, channels], or one volume without batch; NCDHW with that data_format.
        filter: float32 [depth, rows, columns, channels, filters].
        strides: distance of windows.
        pad: 'same', 'valid', a number, or a pair for each axis of space.
        data_format: 'NDHWC' or 'NCDHW'.
        dilations: distance of elements within a window.

    Raises:
        ShapeError: ranks or channels do not fit, or no window fits.
        OptionError: an option with another value.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.conv3d(tf.ones([1, 2, 2, 2, 1]), tf.ones([2, 2, 2, 1, 1]), 1, "valid").array_sync()
        [[[[[8.0]]]]]

    Source: https://js.tensorflow.org/api/latest/#conv3d
    """
    owner = "conv3d"
    if data_format not in ("NDHWC", "NCDHW"):
        raise OptionError(
            f"{owner}: expected data_format to be 'NDHWC' or 'NCDHW', received {data_format!r}."
        )
    if x.rank not in (4, 5) or filter.rank != 5:
        raise ShapeError(
            f"{owner}: expected x of rank 5 [batch, depth, height, width, channels] and a filter of rank 5 "
            f"[depth, rows, columns, channels, filters], received shapes {x.shape} and {filter.shape}."
        )
    volumes = cast_node(x, "float32")
    volumes = reshape_node(volumes, (1, *x.shape)) if x.rank == 4 else volumes
    volumes = transpose_node(volumes, (0, 2, 3, 4, 1)) if data_format == "NCDHW" else volumes
    check_channels(owner, volumes, filter, x.shape)
    padding = spatial_padding(owner, pad, 3, data_format == "NCDHW")
    y = _convolved(owner, volumes, cast_node(filter, "float32"), strides, padding, dilations)
    y = transpose_node(y, (0, 4, 1, 2, 3)) if data_format == "NCDHW" else y
    return reshape_node(y, y.shape[1:]) if x.rank == 4 else y


def _convolved(owner: str, x: Node, w: Node, strides: Numbers, padding: Padding, dilations: Numbers) -> Node:
    """Returns the convolution of [batch, depth, height, width, channels]."""
    stride, dilation = numbers(owner, "strides", strides, 3), numbers(owner, "dilations", dilations, 3)
    outputs, before = geometry(owner, x.shape[1:4], w.shape[:3], stride, dilation, padding)
    batch, _, height, width, channels = x.shape
    reach = [
        (out - 1) * s + (k - 1) * d + 1
        for out, s, k, d in zip(outputs, stride, w.shape, dilation, strict=False)
    ]
    after = [max(0, r - b - n) for r, b, n in zip(reach, before, x.shape[1:4], strict=True)]
    deep = pad_node(x, [(0, 0), (before[0], after[0]), (0, 0), (0, 0), (0, 0)], 0)
    total: Node | None = None
    for place in range(w.shape[0]):
        layers = slice_node(
            deep,
            [0, place * dilation[0], 0, 0, 0],
            [batch, outputs[0], height, width, channels],
            [1, stride[0], 1, 1, 1],
        )
        images = reshape_node(layers, (batch * outputs[0], height, width, channels))
        filters = reshape_node(slice_node(w, [place, 0, 0, 0, 0], [1, *w.shape[1:]]), w.shape[1:])
        edges = tuple(zip(before[1:], after[1:], strict=True))
        part = conv2d(images, filters, stride[1:], edges, "NHWC", dilation[1:])
        total = part if total is None else add(total, part)
    if total is None:
        raise ShapeError(f"{owner}: expected a filter with depth, received shape {w.shape}.")
    return reshape_node(total, (batch, *outputs, w.shape[4]))


@tested_with(
    Case(((1, 2, 2, 2, 3), (2, 2, 2, 2, 3)), ((1, 3, 3, 3, 2), 1, "valid")),
    Case(((1, 2, 2, 3, 1), (3, 3, 3, 2, 1)), ((1, 4, 4, 6, 2), 2, "same")),
)
@public(2, method=False)
def conv3d_transpose(
    x: Node, filter: Node, output_shape: Sequence[int], strides: Numbers, pad: Padding
) -> Node:
    """Returns the transposed 3D convolution: what the gradient of `conv3d` does, from results to volumes.

    Args:
        x: float32 [batch, depth, height, width, channels], or one volume without batch.
        filter: float32 [depth, rows, columns, filters, channels].
        output_shape: [batch, depth, height, width, filters] of the result (without batch for one volume).
        strides, pad: of the convolution that goes from `output_shape` to the shape of x.

    Raises:
        ShapeError: no such convolution goes there, or ranks or channels do not fit.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.conv3dTranspose([[[[[3]]]]], tf.ones([1, 1, 2, 1, 1]), [1, 1, 1, 2, 1], 1, "valid")
        Tensor
            [[[[[3], [3]]]]]

    Source: https://js.tensorflow.org/api/latest/#conv3dTranspose
    """
    owner = "conv3d_transpose"
    if x.rank not in (4, 5) or filter.rank != 5 or filter.shape[4] != x.shape[-1]:
        raise ShapeError(
            f"{owner}: expected x of rank 5 and a filter [depth, rows, columns, filters, {x.shape[-1:]}], received shapes "
            f"{x.shape} and {filter.shape}."
        )
    g = cast_node(x, "float32")
    g = reshape_node(g, (1, *x.shape)) if x.rank == 4 else g
    shape = (1, *output_shape) if x.rank == 4 else tuple(output_shape)
    if len(shape) != 5 or shape[4] != filter.shape[3] or shape[0] != g.shape[0]:
        raise ShapeError(
            f"{owner}: expected an output shape [{g.shape[0]}, depth, height, width, {filter.shape[3]}], received "
            f"{tuple(output_shape)}."
        )
    # The convolution is linear in its input, so its gradient does not ask what that is.
    volumes = Node(PLACEHOLDER, (), shape, "float32")
    y = _convolved(owner, volumes, cast_node(filter, "float32"), strides, spatial_padding(owner, pad, 3), 1)
    if y.shape != g.shape:
        raise ShapeError(
            f"{owner}: expected an output shape from which the convolution leads to {x.shape}, received "
            f"{tuple(output_shape)}, which leads to {y.shape}."
        )
    (result,) = vjp([y], [g], [volumes], add, sum_to_node)
    if result is None:
        raise ShapeError(
            f"{owner}: expected windows that reach the volumes, received strides {strides} and pad {pad!r}."
        )
    return reshape_node(result, result.shape[1:]) if x.rank == 4 else result
