"""Convolutions, pools and images."""

from __future__ import annotations

import functools
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.errors import FormatError
from tfjs_pyo.graph_models.declare import Call, op
from tfjs_pyo.graph_models.elementwise import activated
from tfjs_pyo.ops import fused
from tfjs_pyo.ops.image_resizing import resize_bilinear, resize_nearest_neighbor
from tfjs_pyo.ops.image_transforms import crop_and_resize
from tfjs_pyo.ops.image_transforms import transform as transformed


def _inner(call: Call, name: str) -> list[int]:
    """Returns an attribute of one number per axis without those of batch and channels."""
    given = call.attr(name, [1, 1, 1, 1])
    return list(given[2:] if call.attr("data_format", "NHWC") in {"NCHW", "NCDHW"} else given[1:-1])


def _padding(call: Call) -> Any:
    padding = call.attr("padding", "VALID").lower()
    if padding != "explicit":
        return padding
    flat = call.attr("explicit_paddings", [])
    return [flat[i : i + 2] for i in range(0, len(flat), 2)]


def _window(call: Call) -> tuple[list[int], list[int], Any]:
    return _inner(call, "ksize"), _inner(call, "strides"), _padding(call)


@op("AvgPool")
def avg_pool(call: Call) -> Any:
    return ops.avg_pool(call[0], *_window(call))


@op("MaxPool")
def max_pool(call: Call) -> Any:
    return ops.max_pool(call[0], *_window(call))


@op("AvgPool3D")
def avg_pool_3d(call: Call) -> Any:
    return ops.avg_pool3d(call[0], *_window(call))


@op("MaxPool3D")
def max_pool_3d(call: Call) -> Any:
    return ops.max_pool3d(call[0], *_window(call))


@op("MaxPoolWithArgmax", outputs=("output", "argmax"))
def max_pool_with_argmax(call: Call) -> Any:
    found = ops.max_pool_with_argmax(call[0], *_window(call), call.attr("include_batch_in_index", False))
    return [found.result, found.indexes]


@op("Conv1D")
def conv1d(call: Call) -> Any:
    layout = call.attr("data_format", "NWC")
    return ops.conv1d(
        call[0], call[1], call.attr("stride", 1), _padding(call), layout, call.attr("dilation", 1)
    )


def _convolution(call: Call) -> tuple[Any, ...]:
    layout = call.attr("data_format", "NHWC")
    return call[0], call[1], _inner(call, "strides"), _padding(call), layout, _inner(call, "dilations")


@op("Conv2D")
def conv2d(call: Call) -> Any:
    return ops.conv2d(*_convolution(call))


@op("_FusedConv2D")
def fused_conv2d(call: Call) -> Any:
    return activated(call, functools.partial(fused.conv2d, *_convolution(call)))


@op("Conv2DBackpropInput")
async def conv2d_backprop_input(call: Call) -> Any:
    shape = await call.ints(0)
    return ops.conv2d_transpose(call[2], call[1], shape, _inner(call, "strides"), _padding(call))


@op("DepthwiseConv2d", "DepthwiseConv2dNative")
def depthwise_conv2d(call: Call) -> Any:
    return ops.depthwise_conv2d(*_convolution(call))


@op("FusedDepthwiseConv2dNative")
def fused_depthwise_conv2d(call: Call) -> Any:
    return activated(call, functools.partial(fused.depthwise_conv2d, *_convolution(call)))


@op("Conv3D")
def conv3d(call: Call) -> Any:
    layout = call.attr("data_format", "NDHWC")
    dilations = call.attr("dilations", [1, 1, 1, 1, 1])
    inner = dilations[2:] if layout == "NCDHW" else dilations[1:-1]
    return ops.conv3d(call[0], call[1], _inner(call, "strides"), _padding(call), layout, inner)


@op("Dilation2D")
def dilation2d(call: Call) -> Any:
    return ops.dilation2d(call[0], call[1], _inner(call, "strides"), _padding(call), _inner(call, "rates"))


@op("ResizeBilinear")
async def bilinear(call: Call) -> Any:
    corners, centers = call.attr("align_corners", False), call.attr("half_pixel_centers", False)
    return resize_bilinear(call[0], await call.ints(1), corners, centers)


@op("ResizeNearestNeighbor")
async def nearest(call: Call) -> Any:
    corners, centers = call.attr("align_corners", False), call.attr("half_pixel_centers", False)
    return resize_nearest_neighbor(call[0], await call.ints(1), corners, centers)


@op("CropAndResize")
async def crop(call: Call) -> Any:
    size, method = await call.ints(3), call.attr("method", "bilinear")
    return crop_and_resize(call[0], call[1], call[2], size, method, call.attr("extrapolation_value", 0.0))


@op("ImageProjectiveTransformV3")
async def projective_transform(call: Call) -> Any:
    size, fill = await call.ints(2), float(await call.number(3))
    modes = call.attr("interpolation", "nearest").lower(), call.attr("fill_mode", "constant").lower()
    return transformed(call[0], call[1], *modes, fill, size)


@op("DepthToSpace")
def depth_to_space(call: Call) -> Any:
    if call.attr("block_size") is None:
        raise FormatError(f"graph: node {call.node.name!r:.60} (DepthToSpace) expects 'block_size'.")
    return ops.depth_to_space(call[0], call.attr("block_size"), call.attr("data_format", "NHWC"))
