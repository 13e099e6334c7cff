"""Convolution over images and its two gradients, each the gradient of the others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from tfjs_pyo.compiler.kernels import Kernel
from tfjs_pyo.compiler.tuning import Tuning
from tfjs_pyo.core.graph import Kind, Node, Op
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops.alignment import cut, extended, padded, pays, whole
from tfjs_pyo.ops.declare import cast_node, declare, public
from tfjs_pyo.ops.matrices import product_of
from tfjs_pyo.ops.movement import reshape_node, transpose_node
from tfjs_pyo.ops.reduction import SUM, reduce_node
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.ops.widening import widened
from tfjs_pyo.ops.windows import Padding, Rounding, geometry, numbers, spatial_padding
from tfjs_pyo.shapes import Shape, size


class ConvAttrs(NamedTuple):
    """Geometry of a 2D convolution: distances of windows and of their elements, padding at the top and at the left."""

    stride: tuple[int, int]
    dilation: tuple[int, int]
    before: tuple[int, int]


# NumPy


def window_places(np: Any, attrs: ConvAttrs, sizes: Shape, outputs: Shape, kernel: Shape) -> Any:
    """Yields each place of the filter with the slices of image and result rows and columns that meet there."""
    for at in np.ndindex(*kernel):
        image, result = [], []
        for axis in (0, 1):
            shift = at[axis] * attrs.dilation[axis] - attrs.before[axis]
            step = attrs.stride[axis]
            first = max(0, -(shift // step)) if shift < 0 else 0
            last = min(outputs[axis] - 1, (sizes[axis] - 1 - shift) // step)
            count = max(0, last - first + 1)
            start = first * step + shift
            image.append(slice(start, start + max(count - 1, 0) * step + 1 if count else start, step))
            result.append(slice(first, first + count))
        yield at, (slice(None), *image), (slice(None), *result)


def _numpy_forward(np: Any, node: Node, x: Any, w: Any) -> Any:
    out = np.zeros(node.shape, dtype=x.dtype)
    for at, image, result in window_places(np, node.attrs, x.shape[1:3], node.shape[1:3], w.shape[:2]):
        out[result] += x[image] @ w[at]
    return out


def _numpy_input_gradient(np: Any, node: Node, g: Any, w: Any) -> Any:
    out = np.zeros(node.shape, dtype=g.dtype)
    for at, image, result in window_places(np, node.attrs, node.shape[1:3], g.shape[1:3], w.shape[:2]):
        out[image] += g[result] @ w[at].T
    return out


def _numpy_filter_gradient(np: Any, node: Node, x: Any, g: Any) -> Any:
    out = np.zeros(node.shape, dtype=g.dtype)
    for at, image, result in window_places(np, node.attrs, x.shape[1:3], g.shape[1:3], node.shape[:2]):
        out[at] = np.tensordot(x[image], g[result], axes=([0, 1, 2], [0, 1, 2]))
    return out


# GLSL


def conv_sizes(attrs: ConvAttrs, images: Shape, filters: Shape, results: Shape) -> list[int]:
    """Returns the uniforms that all three kernels share, in the order of their files."""
    batch, height, width, channels = images
    _, out_height, out_width, filters_out = results
    return [
        *(batch, height, width, channels, out_height, out_width, filters_out, filters[0], filters[1]),
        *(*attrs.stride, *attrs.dilation, *attrs.before),
    ]


_LAYERED_WORK = 1 << 16
"""Multiply-adds from which one fragment computes the same place of several images."""


def _batch_layers(batch: int, work: int, aligned: bool) -> int:
    """Returns how many groups of images share what is read of the filter."""
    if not aligned or work < _LAYERED_WORK:
        return 1
    return 8 if batch % 8 == 0 else 4 if batch >= 4 else 1


def _in_runs(attrs: ConvAttrs, channels: int, filters: int) -> bool:
    """Returns whether what a window reads of a row lies in one run, to be read by whole texels that its channels do not fill."""
    return channels % 4 != 0 and filters % 4 == 0 and attrs.dilation[1] == 1


def batch_kernel(
    file: str, node: Node, sizes: list[int], lanes: int, inner: int, most_layers: int, aligned: bool = True
) -> Kernel:
    """Returns the kernel of a result [batch, rows, columns, lanes]; layer i holds the i-th group of images.

    Args:
        file, node, most_layers: as for any kernel.
        sizes: uniforms of the kernel, to which those of the groups are added.
        lanes: elements of a place of the result.
        inner: multiply-adds for one of them.
        aligned: whether images of all layers may begin anywhere in a texel; else groups of them must be whole texels.
    """
    batch = node.shape[0]
    layers = min(most_layers, _batch_layers(batch, node.size * inner, lanes % 4 == 0))
    group = -(-batch // layers)
    if not aligned:
        unit = 4 // math.gcd(4, sizes[1] * sizes[2] * sizes[3])
        group = -(-group // unit) * unit
    # One by one takes fewer fetches than several of which some are no images.
    if group * (layers + 4) > 5 * batch:
        layers, group = 1, batch
    texels_per_layer = group * node.shape[1] * node.shape[2] * lanes // 4 if layers > 1 else node.texels
    return Kernel(
        file,
        length=inner,
        sizes=[*sizes, group, texels_per_layer],
        defines={"ALIGNED_C": int(sizes[3] % 4 == 0), "ALIGNED_O": int(sizes[6] % 4 == 0), "LAYERS": layers},
        layers=layers,
        texels_per_layer=texels_per_layer if layers > 1 else 0,
    )


def _forward_kernel(node: Node, most_layers: int) -> Kernel:
    x, w = node.inputs
    rows, columns, channels, filters = w.shape
    sizes = conv_sizes(node.attrs, x.shape, w.shape, node.shape)
    runs = filters % 4 == 0 and node.attrs.dilation[1] == 1
    inner = rows * columns * channels
    kernel = batch_kernel("conv2d", node, sizes, filters, inner, most_layers, not runs)
    return replace(kernel, defines={**kernel.defines, "UNALIGNED_ROWS": int(runs)})


def _input_gradient_kernel(node: Node, most_layers: int) -> Kernel:
    g, w = node.inputs
    sizes = conv_sizes(node.attrs, node.shape, w.shape, g.shape)
    inner = w.shape[0] * w.shape[1] * w.shape[3]
    kernel = batch_kernel("conv2d_input_gradient", node, sizes, w.shape[2], inner, most_layers)
    return replace(kernel, defines={**kernel.defines, "DILATED": int(node.attrs.dilation != (1, 1))})


def _filter_gradient_kernel(node: Node, most_layers: int) -> Kernel:  # noqa: ARG001 (its lanes are its layers)
    x, g = node.inputs
    splits, lanes = node.shape[1], node.shape[0]
    conv, columns = node.attrs
    sizes = conv_sizes(conv, x.shape, (node.shape[2], columns), g.shape)
    texels_per_layer = -(-node.size // lanes // 4)
    runs, step = _in_runs(conv, x.shape[3], g.shape[3]), conv.stride[1] * x.shape[3]
    group = -(-x.shape[0] // splits)
    return Kernel(
        "conv2d_filter_gradient",
        length=group * g.shape[1] * g.shape[2],
        sizes=[*sizes, group, texels_per_layer],
        defines={
            "ALIGNED_O": int(g.shape[3] % 4 == 0),
            "LAYERS": lanes,
            "UNALIGNED_ROWS": int(runs),
            "RUN_STEP": step if runs and step <= _MOST_HELD else 0,
        },
        layers=lanes,
        texels_per_layer=texels_per_layer if lanes > 1 else 0,
    )


FILTER_GRADIENT_PARTS = declare(
    Op("conv2d_filter_gradient_parts", Kind.CONTRACTION, kernel=_filter_gradient_kernel, cost=100)
)
"""[lanes, splits, rows, places, filters]: sums over groups of images. A place is a group of channels at one column, or of
elements of a run, which begins with a row of the window; each layer holds one of them."""


class PartsAttrs(NamedTuple):
    """Of the convolution, and how many columns the filter has."""

    conv: ConvAttrs
    columns: int


_MOST_HELD = 8
"""Elements between neighbouring windows up to which a fragment holds what four windows read."""


def _filter_lanes(length: int, runs: bool, most: int) -> int:
    """Returns how many elements of x, of which there are `length`, one fragment multiplies with what it reads of g."""
    if runs:
        return 8 if most == 8 and -(-length // 8) * 2 == -(-length // 4) else 4
    return 8 if most == 8 and length % 8 == 0 else 4 if length % 4 == 0 else 1


def _split_filter_gradient(node: Node, tuning: Tuning) -> Node:
    """Cuts the long sum over images into groups (split-K) and reads four channels at a time."""
    x, g = node.inputs
    rows, columns, channels, filters = node.shape
    work = node.size * (g.size // filters)
    images = _images(x, node.attrs)
    results = extended(g, (*g.shape[:3], whole(filters)))
    if work >= _LAYERED_WORK and pays(work, [(x, images), (g, results)]):
        wide = (rows, columns, images.shape[3], results.shape[3])
        better = _filter_gradient(images, results, wide, node.attrs)
        return cut(_split_filter_gradient(better, tuning), node.shape)
    runs = _in_runs(node.attrs, channels, filters)
    run = columns * channels
    lanes = _filter_lanes(run if runs else channels, runs, tuning.layers) if filters % 4 == 0 else 1
    places = -(-run // lanes)
    texels = max(1, rows * places * filters // 4)
    splits = min(x.shape[0], max(1, tuning.split_k_target // texels))
    while -(-x.shape[0] // splits) * (splits - 1) >= x.shape[0]:
        splits -= 1
    shape = (lanes, splits, rows, places, filters)
    parts = Node(FILTER_GRADIENT_PARTS, (x, g), shape, "float32", PartsAttrs(node.attrs, columns))
    total = transpose_node(reduce_node(SUM, parts, (1,)), (1, 2, 0, 3))
    runs_of_rows = reshape_node(total, (rows, places * lanes, filters))
    return reshape_node(cut(runs_of_rows, (rows, run, filters)), node.shape)


def _gradients(node: Node, g: Node) -> tuple[Node, Node]:
    x, w = node.inputs
    return _input_gradient(g, w, x.shape, node.attrs), _filter_gradient(x, g, w.shape, node.attrs)


def _is_pointwise(node: Node, filters: Shape, images: Shape) -> bool:
    """Returns whether every pixel is multiplied by the same matrix."""
    attrs = node.attrs
    return filters[:2] == (1, 1) and attrs.stride == (1, 1) and images[1:3] == node.shape[1:3]


def _pixels(x: Node) -> Node:
    return reshape_node(x, (1, x.size // x.shape[3], x.shape[3]))


def _forward_product(node: Node, _tuning: Tuning) -> Node | None:
    """Returns a pointwise convolution as a product of matrices, whose rows share what they read even in a single image."""
    x, w = node.inputs
    if not _is_pointwise(node, w.shape, x.shape):
        return _forward_aligned(node)
    return reshape_node(product_of(_pixels(x), reshape_node(w, (1, *w.shape[2:]))), node.shape)


def _input_gradient_product(node: Node, _tuning: Tuning) -> Node | None:
    g, w = node.inputs
    if not _is_pointwise(node, w.shape, g.shape):
        return _input_gradient_aligned(node)
    product = product_of(_pixels(g), reshape_node(w, (1, *w.shape[2:])), True)
    return reshape_node(product, node.shape)


# Channels and filters that are no whole texels are padded.


def _images(x: Node, attrs: ConvAttrs) -> Node:
    """Returns images with channels that are whole texels, where they come from such or where little is added.

    Of others runs of a window's row are read by texels, too, unless windows have gaps.
    """
    channels = x.shape[3]
    wide = (*x.shape[:3], whole(channels))
    few = attrs.dilation[1] != 1 or 3 * wide[3] <= 4 * channels
    return extended(x, wide) if few else widened(x, wide) or x


def _forward_aligned(node: Node) -> Node | None:
    """Returns a convolution with filters, and where little is added with channels, that are whole texels."""
    x, w = node.inputs
    wide = whole(w.shape[3])
    images = _images(x, node.attrs)
    deep = images.shape[3]
    # Finite numbers behind the channels of images meet zeros in the filters.
    kernel = padded(w, (*w.shape[:2], deep, wide))
    result = _forward(images, kernel, (*node.shape[:3], wide), node.attrs)
    work = node.size * size(w.shape[:3])
    return _if_it_pays(work, node, result, [(x, images), (w, kernel)])


def _input_gradient_aligned(node: Node) -> Node | None:
    """Returns the gradient for images whose channels are whole texels, of results and filters that are."""
    g, w = node.inputs
    deep, wide = whole(w.shape[2]), whole(w.shape[3])
    results, kernel = extended(g, (*g.shape[:3], wide)), padded(w, (*w.shape[:2], deep, wide))
    result = _input_gradient(results, kernel, (*node.shape[:3], deep), node.attrs)
    work = g.size * size(w.shape[:3])
    return _if_it_pays(work, node, result, [(g, results), (w, kernel)])


def _if_it_pays(work: int, node: Node, result: Node, moves: list[tuple[Node, Node]]) -> Node | None:
    """Returns what is wanted of a result of padded operands, None where moving them costs more than it saves."""
    wanted = cut(result, node.shape)
    return wanted if work >= _LAYERED_WORK and pays(work, [*moves, (result, wanted)]) else None


CONV2D = declare(
    Op(
        "conv2d",
        Kind.CONTRACTION,
        numpy=_numpy_forward,
        gradient=_gradients,
        kernel=_forward_kernel,
        lower=_forward_product,
        cost=100,
    )
)
INPUT_GRADIENT = declare(
    Op(
        "conv2d_input_gradient",
        Kind.CONTRACTION,
        numpy=_numpy_input_gradient,
        gradient=lambda node, h: (
            _forward(h, node.inputs[1], node.inputs[0].shape, node.attrs),
            _filter_gradient(h, node.inputs[0], node.inputs[1].shape, node.attrs),
        ),
        kernel=_input_gradient_kernel,
        lower=_input_gradient_product,
        cost=100,
    )
)
FILTER_GRADIENT = declare(
    Op(
        "conv2d_filter_gradient",
        Kind.CONTRACTION,
        numpy=_numpy_filter_gradient,
        gradient=lambda node, h: (
            _input_gradient(node.inputs[1], h, node.inputs[0].shape, node.attrs),
            _forward(node.inputs[0], h, node.inputs[1].shape, node.attrs),
        ),
        lower=_split_filter_gradient,
        cost=100,
    )
)


def _forward(x: Node, w: Node, shape: Shape, attrs: ConvAttrs) -> Node:
    return Node(CONV2D, (x, w), shape, "float32", attrs)


def _input_gradient(g: Node, w: Node, shape: Shape, attrs: ConvAttrs) -> Node:
    return Node(INPUT_GRADIENT, (g, w), shape, "float32", attrs)


def _filter_gradient(x: Node, g: Node, shape: Shape, attrs: ConvAttrs) -> Node:
    return Node(FILTER_GRADIENT, (x, g), shape, "float32", attrs)


@tested_with(
    Case(((2, 6, 5, 3), (3, 3, 3, 4)), (1, "valid")),
    Case(((2, 6, 6, 4), (3, 3, 4, 8)), (1, "same")),
    Case(((1, 7, 7, 1), (5, 5, 1, 8)), (2, "same")),
    Case(((2, 7, 6, 2), (2, 3, 2, 3)), ((1, 1), "valid", "NHWC", (2, 2))),
    Case(((8, 8, 8, 4), (3, 3, 4, 16)), (1, 1)),
    Case(((1, 3, 6, 5), (3, 3, 3, 2)), (1, "same", "NCHW")),
    Case(((5, 6, 6, 8), (3, 3, 8, 16)), (2, "same")),
    Case(((8, 7, 9, 3), (3, 5, 3, 8)), (2, "same")),
    Case(((8, 8, 12, 1), (5, 5, 1, 8)), (1, "valid")),
    Case(((2, 6, 5, 12), (1, 1, 12, 8)), (1, "same")),
    Case(((1, 2, 3, 5), (1, 1, 5, 2)), (1, 1)),
)
@public(2)
def conv2d(
    x: Node,
    filter: Node,
    strides: int | Sequence[int],
    pad: Padding,
    data_format: str = "NHWC",
    dilations: int | Sequence[int] = (1, 1),
    dim_rounding_mode: Rounding = None,
) -> Node:
    """Returns the 2D convolution (cross-correlation) of images with filters.

    Args:
        x: float32 [batch, height, width, channels], or one image without batch; NCHW with that data_format.
        filter: float32 [rows, columns, channels, filters].
        strides: distance of windows.
        pad: 'same', 'valid', a number, ((top, bottom), (left, right)), or these among (0, 0) for batch and channels.
        data_format: 'NHWC' or 'NCHW'.
        dilations: distance of elements within a window.
        dim_rounding_mode: how a fractional output size is rounded: 'floor', 'round' or 'ceil'.

    Raises:
        ShapeError: ranks or channels do not fit, or no window fits.
        OptionError: an option with another value.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.conv2d(tf.ones([1, 3, 3, 1]), tf.ones([3, 3, 1, 1]), 1, "valid").array_sync()
        [[[[9.0]]]]

    Source: https://js.tensorflow.org/api/latest/#conv2d
    """
    owner = "conv2d"
    if filter.rank != 4:
        raise ShapeError(
            f"{owner}: expected filter of rank 4 [rows, columns, channels, filters], received {filter.shape}."
        )
    images = images_of(owner, x, data_format)
    check_channels(owner, images, filter, x.shape)
    filters = cast_node(filter, "float32")
    stride, dilation = numbers(owner, "strides", strides, 2), numbers(owner, "dilations", dilations, 2)
    padding = spatial_padding(owner, pad, 2, data_format == "NCHW")
    outputs, before = geometry(
        owner, images.shape[1:3], filters.shape[:2], stride, dilation, padding, dim_rounding_mode
    )
    attrs = ConvAttrs((stride[0], stride[1]), (dilation[0], dilation[1]), (before[0], before[1]))
    result = _forward(images, filters, (images.shape[0], *outputs, filters.shape[3]), attrs)
    return like_images(result, x.rank, data_format)


def images_of(owner: str, x: Node, data_format: str) -> Node:
    """Returns float32 images [batch, height, width, channels] of what a convolution was given.

    Raises:
        ShapeError: another rank than 3 or 4.
        OptionError: an unknown format.
    """
    if data_format not in ("NHWC", "NCHW"):
        raise OptionError(f"{owner}: expected data_format to be 'NHWC' or 'NCHW', received {data_format!r}.")
    if x.rank not in (3, 4):
        order = "height, width, channels" if data_format == "NHWC" else "channels, height, width"
        raise ShapeError(f"{owner}: expected x of rank 4 [batch, {order}], received shape {x.shape}.")
    images = cast_node(x, "float32")
    images = reshape_node(images, (1, *images.shape)) if x.rank == 3 else images
    return transpose_node(images, (0, 2, 3, 1)) if data_format == "NCHW" else images


def like_images(y: Node, rank: int, data_format: str) -> Node:
    """Returns a result [batch, height, width, channels] in the format and rank of what was given."""
    result = transpose_node(y, (0, 3, 1, 2)) if data_format == "NCHW" else y
    return reshape_node(result, result.shape[1:]) if rank == 3 else result


def check_channels(owner: str, images: Node, filter: Node, shape: Shape) -> None:
    """Raises ShapeError unless images and filter have the same number of channels."""
    if images.shape[-1] != filter.shape[-2]:
        raise ShapeError(
            f"{owner}: expected as many channels in x as in filter, received {images.shape[-1]} in shape {shape} and "
            f"{filter.shape[-2]} in shape {filter.shape}."
        )


def _along_width(owner: str, pad: Padding) -> Padding:
    """Returns padding of batch, width and channels, where the pairs for a height of 1 were given, too."""
    if not isinstance(pad, (list, tuple)) or len(pad) != 4:
        return pad
    batch, height, width, channels = pad
    if tuple(height) != (0, 0):
        raise OptionError(f"{owner}: expected no padding of the height, received {pad!r}.")
    return (batch, width, channels)


@tested_with(
    Case(((2, 9, 3), (3, 3, 4)), (1, "same")),
    Case(((7, 2), (3, 2, 3)), (2, "valid")),
    Case(((2, 9, 4), (2, 4, 4)), (1, 1, "NWC", 2)),
    Case(((2, 3, 8), (3, 3, 2)), (1, ((2, 0),), "NCW")),
)
@public(2)
def conv1d(
    x: Node,
    filter: Node,
    stride: int,
    pad: Padding,
    data_format: str = "NWC",
    dilation: int = 1,
    dim_rounding_mode: Rounding = None,
) -> Node:
    """Returns the convolution (cross-correlation) of sequences with filters.

    Args:
        x: float32 [batch, width, channels], or one sequence without batch; [batch, channels, width] with 'NCW'.
        filter: float32 [width, channels, filters].
        stride: distance of windows.
        pad: 'same', 'valid', a number, ((left, right),), or four pairs as for `conv2d` with a height of 1.
        data_format: 'NWC' or 'NCW'.
        dilation: distance of elements within a window.
        dim_rounding_mode: how a fractional output size is rounded: 'floor', 'round' or 'ceil'.

    Raises:
        ShapeError: ranks or channels do not fit, or no window fits.
        OptionError: an option with another value.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.conv1d([[[1], [2], [3]]], [[[1]], [[1]]], 1, "valid")
        Tensor
            [[[3], [5]]]

    Source: https://js.tensorflow.org/api/latest/#conv1d
    """
    owner = "conv1d"
    if data_format not in ("NWC", "NCW"):
        raise OptionError(f"{owner}: expected data_format to be 'NWC' or 'NCW', received {data_format!r}.")
    if x.rank not in (2, 3) or filter.rank != 3:
        raise ShapeError(
            f"{owner}: expected x of rank 3 [batch, width, channels] and a filter of rank 3 [width, channels, filters], "
            f"received shapes {x.shape} and {filter.shape}."
        )
    batched = reshape_node(x, (1, *x.shape)) if x.rank == 2 else x
    rows = transpose_node(batched, (0, 2, 1)) if data_format == "NCW" else batched
    check_channels(owner, rows, filter, x.shape)
    padding = spatial_padding(owner, _along_width(owner, pad), 1, data_format == "NCW")
    both: Padding = padding if isinstance(padding, (str, int)) else ((0, 0), *padding)
    result: Node = conv2d(
        reshape_node(rows, (rows.shape[0], 1, *rows.shape[1:])),
        reshape_node(filter, (1, *filter.shape)),
        (1, numbers(owner, "stride", stride, 1)[0]),
        both,
        "NHWC",
        (1, numbers(owner, "dilation", dilation, 1)[0]),
        dim_rounding_mode,
    )
    flat = reshape_node(result, (result.shape[0], *result.shape[2:]))
    flat = transpose_node(flat, (0, 2, 1)) if data_format == "NCW" else flat
    return reshape_node(flat, flat.shape[1:]) if x.rank == 2 else flat


@tested_with(
    Case(((2, 3, 3, 4), (3, 3, 2, 4)), ((2, 6, 6, 2), 2, "same")),
    Case(((1, 4, 3, 3), (2, 3, 4, 3)), ((1, 5, 5, 4), 1, "valid")),
    Case(((3, 3, 2), (3, 3, 1, 2)), ((5, 5, 1), 2, 1)),
)
@public(2)
def conv2d_transpose(
    x: Node,
    filter: Node,
    output_shape: Sequence[int],
    strides: int | Sequence[int],
    pad: Padding,
    dim_rounding_mode: Rounding = None,
) -> Node:
    """Returns the transposed 2D convolution: what the gradient of `conv2d` does, from results to images.

    Args:
        x: float32 [batch, height, width, channels], or one image without batch.
        filter: float32 [rows, columns, filters, channels].
        output_shape: [batch, height, width, filters] of the result (without batch for one image).
        strides, pad, dim_rounding_mode: of the convolution that goes from `output_shape` to the shape of x.

    Raises:
        ShapeError: no such convolution goes there, or ranks or channels do not fit.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.conv2dTranspose([[[[2]]]], tf.ones([2, 2, 1, 1]), [1, 2, 2, 1], 1, "valid")
        Tensor
            [[[[2], [2]], [[2], [2]]]]

    Source: https://js.tensorflow.org/api/latest/#conv2dTranspose
    """
    owner = "conv2d_transpose"
    images = images_of(owner, x, "NHWC")
    shape = (1, *output_shape) if x.rank == 3 else tuple(output_shape)
    if len(shape) != 4:
        raise ShapeError(
            f"{owner}: expected an output shape of rank {x.rank}, received {tuple(output_shape)}."
        )
    if filter.rank != 4 or filter.shape[3] != images.shape[3]:
        raise ShapeError(
            f"{owner}: expected a filter [rows, columns, filters, {images.shape[3]}], received shape {filter.shape}."
        )
    stride = numbers(owner, "strides", strides, 2)
    padding = spatial_padding(owner, pad, 2)
    outputs, before = geometry(
        owner, shape[1:3], filter.shape[:2], stride, (1, 1), padding, dim_rounding_mode
    )
    if (images.shape[0], *outputs, filter.shape[2]) != (
        shape[0],
        *images.shape[1:3],
        shape[3],
    ):
        raise ShapeError(
            f"{owner}: expected an output shape from which the convolution leads to {images.shape} with "
            f"{filter.shape[2]} channels, received {tuple(output_shape)}, which leads to {outputs}."
        )
    attrs = ConvAttrs((stride[0], stride[1]), (1, 1), (before[0], before[1]))
    result = _input_gradient(images, cast_node(filter, "float32"), shape, attrs)
    return reshape_node(result, result.shape[1:]) if x.rank == 3 else result
