"""`keras.ops.image`: patches of images, blur, edges and how alike images are."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.keras.config import checked_data_format
from tfjs_pyo.keras.ops.convolving import nn
from tfjs_pyo.keras.ops.declare import Group, as_float, tensor
from tfjs_pyo.keras.ops.images import channel_axis, check
from tfjs_pyo.keras.ops.padding import pad

image = Group()
_conv = nn.functions["conv"]
_depthwise_conv = nn.functions["depthwise_conv"]


def _patches(
    x: Tensor, size: list[int], strides: Any, dilation: Any, padding: str, data_format: str | None
) -> Tensor:
    count = len(size)
    batched = x if x.rank == count + 2 else ops.expand_dims(x, 0)
    last = checked_data_format(data_format) == "channels_last"
    channels = batched.shape[-1 if last else 1]
    length = math.prod(size) * channels
    kernel = ops.reshape(ops.eye(length), [*size, channels, length])
    found = _conv(as_float(batched), kernel, strides or size, padding, data_format, dilation)
    found = ops.cast(found, x.dtype)
    return found if batched is x else ops.squeeze(found, 0)


@image.op()
def extract_patches(
    images: Tensor,
    size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    dilation_rate: int | Sequence[int] = 1,
    padding: str = "valid",
    data_format: str | None = None,
) -> Tensor:
    """Returns the patches of images, each as one vector of channels.

    Example:
        >>> from tfjs_pyo import keras
        >>> image = keras.ops.reshape(keras.ops.arange(16), [4, 4, 1])
        >>> keras.ops.image.extract_patches(image, 2)[0]
        Tensor
            [[0, 1, 4, 5],
             [2, 3, 6, 7]]

    Source: https://keras.io/api/ops/image/
    """
    sizes = [size, size] if isinstance(size, int) else [int(each) for each in size]
    return _patches(images, sizes, strides, dilation_rate, padding, data_format)


@image.op()
def extract_patches_3d(
    volumes: Tensor,
    size: int | Sequence[int],
    strides: int | Sequence[int] | None = None,
    dilation_rate: int | Sequence[int] = 1,
    padding: str = "valid",
    data_format: str | None = None,
) -> Tensor:
    """Returns the patches of volumes, each as one vector of channels.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.image.extract_patches_3d(keras.ops.ones([4, 4, 4, 1]), 2).shape
        (2, 2, 2, 8)

    Source: https://keras.io/api/ops/image/
    """
    sizes = [size] * 3 if isinstance(size, int) else [int(each) for each in size]
    return _patches(volumes, sizes, strides, dilation_rate, padding, data_format)


def _bell(size: int, sigma: Any) -> Tensor:
    """Returns weights of a normal distribution that add up to 1."""
    weights = ops.exp(-0.5 * ops.square((ops.range(0, size, 1, "float32") - (size - 1) / 2) / sigma))
    return weights / ops.sum(weights)


def blurred(x: Tensor, kernel_size: Sequence[int], sigma: Any) -> Tensor:
    """Returns images [batch, height, width, channels] blurred, zeros around them."""
    spread = as_float(tensor(sigma))
    if len(kernel_size) != 2 or spread.shape != (2,):
        raise ShapeError(
            f"gaussian_blur: expected `kernel_size` and `sigma` to be pairs, received {kernel_size} and shape {spread.shape}."
        )
    width, height = kernel_size
    kernel = ops.reshape(_bell(height, spread[1]), [-1, 1]) * _bell(width, spread[0])
    filters = ops.broadcast_to(ops.reshape(kernel, [*kernel.shape, 1, 1]), [*kernel.shape, x.shape[-1], 1])
    pairs = [[0, 0], *([(k - 1) // 2, k - 1 - (k - 1) // 2] for k in kernel.shape), [0, 0]]
    found: Tensor = _depthwise_conv(ops.pad(x, pairs), filters, 1, "valid", "channels_last")
    return found


def as_batch(owner: str, x: Tensor, data_format: str | None) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
    """Returns float32 images [batch, height, width, channels], and what brings a result back."""
    check(owner, x)
    first = channel_axis(data_format) == -3
    batched = as_float(x) if x.rank == 4 else ops.expand_dims(as_float(x), 0)
    batched = ops.transpose(batched, [0, 2, 3, 1]) if first else batched

    def back(y: Tensor) -> Tensor:
        y = ops.transpose(y, [0, 3, 1, 2]) if first else y
        return ops.cast(y if x.rank == 4 else ops.squeeze(y, 0), x.dtype)

    return batched, back


@image.op()
def gaussian_blur(
    images: Tensor,
    kernel_size: Sequence[int] = (3, 3),
    sigma: Any = (1.0, 1.0),
    data_format: str | None = None,
) -> Tensor:
    """Returns blurred images.

    Raises:
        ShapeError: images of another rank than 3 or 4, or no pairs as `kernel_size` and `sigma`.

    Example:
        >>> from tfjs_pyo import keras
        >>> image = keras.ops.pad([[[16.0]]], [[1, 1], [1, 1], [0, 0]])
        >>> keras.ops.image.gaussian_blur(image)[:, :, 0].numpy().round(1)
        array([[1.2, 2. , 1.2],
               [2. , 3.3, 2. ],
               [1.2, 2. , 1.2]], dtype=float32)

    Source: https://keras.io/api/ops/image/
    """
    batched, back = as_batch("gaussian_blur", images, data_format)
    return back(blurred(batched, kernel_size, sigma))


@image.op()
def sobel_edges(images: Tensor, data_format: str | None = None) -> Tensor:
    """Returns the slopes of images along height and width, as a new last axis.

    Raises:
        ShapeError: images of another rank than 3 or 4.

    Example:
        >>> from tfjs_pyo import keras
        >>> image = keras.ops.array([[[0.0], [1.0], [2.0]]] * 3)
        >>> keras.ops.image.sobel_edges(image)[1, 1, 0]
        Tensor
            [0, 8]

    Source: https://keras.io/api/ops/image/
    """
    batched, _ = as_batch("sobel_edges", images, data_format)
    channels = batched.shape[-1]
    edged = pad(batched, [[0, 0], [1, 1], [1, 1], [0, 0]], "symmetric")
    slope = ops.tensor([[-1.0, -2.0, -1.0], [0.0, 0.0, 0.0], [1.0, 2.0, 1.0]])
    kernels = ops.stack([slope, ops.transpose(slope)], -1)
    filters = ops.broadcast_to(ops.expand_dims(kernels, 2), [3, 3, channels, 2])
    found = _depthwise_conv(edged, filters, 1, "valid", "channels_last")
    found = ops.reshape(found, [*found.shape[:-1], channels, 2])
    if channel_axis(data_format) == -3:
        found = ops.transpose(found, [0, 3, 1, 2, 4])
    return ops.cast(found if images.rank == 4 else ops.squeeze(found, 0), images.dtype)


@image.op(2)
def ssim(
    image1: Tensor,
    image2: Tensor,
    max_val: float = 1.0,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
    data_format: str | None = None,
) -> Tensor:
    """Returns how alike images are to the eye, 1 for equal ones.

    Raises:
        ShapeError: images of another rank than 3 or 4.

    Example:
        >>> from tfjs_pyo import keras
        >>> image = keras.ops.reshape(keras.ops.arange(0.0, 1.0, 1 / 256), [16, 16, 1])
        >>> keras.ops.image.ssim(image, image).item()
        1.0
        >>> keras.ops.image.ssim(image, 1.0 - image).item() < 0.5
        True

    Source: https://keras.io/api/ops/image/
    """
    first, _ = as_batch("ssim", image1, data_format)
    second, _ = as_batch("ssim", image2, data_format)
    bell = _bell(filter_size, float(filter_sigma))
    kernel = ops.reshape(ops.reshape(bell, [-1, 1]) * bell, [filter_size, filter_size, 1, 1])
    filters = ops.broadcast_to(kernel, [filter_size, filter_size, first.shape[-1], 1])

    def smooth(x: Tensor) -> Tensor:
        found: Tensor = _depthwise_conv(x, filters, 1, "valid", "channels_last")
        return found

    mean1, mean2 = smooth(first), smooth(second)
    c1, c2 = (k1 * max_val) ** 2, (k2 * max_val) ** 2
    both = mean1 * mean2
    squares = ops.square(mean1) + ops.square(mean2)
    spread = smooth(ops.square(first)) + smooth(ops.square(second)) - squares
    together = smooth(first * second) - both
    found = (2.0 * both + c1) * (2.0 * together + c2) / ((squares + c1) * (spread + c2))
    result = ops.mean(found, [1, 2, 3])
    return result if image1.rank == 4 else ops.squeeze(result, 0)


__all__ = ["as_batch", "blurred", "image"]
