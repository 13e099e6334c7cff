"""`keras.ops.nn`: convolutions, pooling and blocks, in any number of axes of space up to three."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.keras.config import checked_data_format
from tfjs_pyo.keras.ops.declare import Group, as_float, require_rank

nn = Group()

Numbers = int | Sequence[int]


def _several(owner: str, name: str, value: Any, count: int) -> list[int]:
    """Returns a number for each axis of space."""
    given = [value] * count if isinstance(value, int) else list(value)
    if len(given) == 1:
        given *= count
    if len(given) != count:
        raise OptionError(
            f"{owner}: expected `{name}` to be a number or {count} of them, received {value!r}."
        )
    return given


def _space(owner: str, x: Tensor) -> int:
    if not 3 <= x.rank <= 5:
        raise ShapeError(f"{owner}: expected a tensor of rank 3, 4 or 5, received shape {x.shape}.")
    return x.rank - 2


def _padding(owner: str, padding: str) -> str:
    if str(padding).lower() not in ("valid", "same"):
        raise OptionError(f"{owner}: expected `padding` to be 'valid' or 'same', received {padding!r}.")
    return str(padding).lower()


def _channels_last(
    data_format: str | None, *tensors: Tensor
) -> tuple[list[Tensor], Callable[[Tensor], Tensor]]:
    """Returns tensors with their channels last, and what brings the result back."""
    if checked_data_format(data_format) == "channels_last":
        return list(tensors), lambda y: y
    moved = [ops.transpose(x, [0, *range(2, x.rank), 1]) for x in tensors]
    return moved, lambda y: ops.transpose(y, [0, y.rank - 1, *range(1, y.rank - 1)])


def _plain_conv(x: Tensor, kernel: Tensor, strides: list[int], padding: Any, dilation: list[int]) -> Tensor:
    if x.rank == 3:
        pad = padding if isinstance(padding, str) else ((0, 0), *padding)
        y = ops.conv2d(
            ops.expand_dims(x, 1), ops.expand_dims(kernel, 0), [1, *strides], pad, "NHWC", [1, *dilation]
        )
        return ops.squeeze(y, 1)
    if x.rank == 4:
        return ops.conv2d(x, kernel, strides, padding, "NHWC", dilation)
    return ops.conv3d(x, kernel, strides, padding, "NDHWC", dilation)


def _require_kernel(owner: str, x: Tensor, kernel: Tensor) -> None:
    if kernel.rank != x.rank or 0 in kernel.shape:
        raise ShapeError(
            f"{owner}: expected a kernel of rank {x.rank} that is not empty, received shape {kernel.shape}."
        )


def _grouped(x: Tensor, kernel: Tensor, *options: Any) -> Tensor:
    """Returns a convolution whose groups of channels have filters of their own, as many as the kernel's channels say."""
    _require_kernel("conv", x, kernel)
    groups, rest = divmod(x.shape[-1], kernel.shape[-2])
    if rest or not groups or kernel.shape[-1] % groups:
        raise ShapeError(
            f"conv: expected channels that are a multiple of the kernel's, and filters in as many groups, received shapes "
            f"{x.shape} and {kernel.shape}."
        )
    if groups == 1:
        return _plain_conv(x, kernel, *options)
    pairs = zip(ops.split(x, groups, x.rank - 1), ops.split(kernel, groups, kernel.rank - 1), strict=True)
    return ops.concat([_plain_conv(part, filters, *options) for part, filters in pairs], x.rank - 1)


@nn.op(2)
def conv(
    inputs: Tensor,
    kernel: Tensor,
    strides: Numbers = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Numbers = 1,
) -> Tensor:
    """Returns a convolution with a kernel [..., channels, filters]; fewer channels than the inputs' make groups.

    Raises:
        ShapeError: a rank other than 3 to 5, or a kernel that does not fit.
        OptionError: an option with another value.

    Example:
        >>> from tfjs_pyo import keras
        >>> signal, kernel = [[[1.0], [2.0], [3.0], [4.0]]], [[[1.0]], [[1.0]]]
        >>> keras.ops.conv(signal, kernel).tolist()
        [[[3.0], [5.0], [7.0]]]

    Source: https://keras.io/api/ops/nn/
    """
    count = _space("conv", inputs)
    (x,), back = _channels_last(data_format, as_float(inputs))
    options = (
        _several("conv", "strides", strides, count),
        _padding("conv", padding),
        _several("conv", "dilation_rate", dilation_rate, count),
    )
    return back(_grouped(x, as_float(kernel), *options))


@nn.op(2)
def depthwise_conv(
    inputs: Tensor,
    kernel: Tensor,
    strides: Numbers = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Numbers = 1,
) -> Tensor:
    """Returns a convolution of each channel with filters of its own, a kernel [..., channels, filters of each].

    Raises:
        ShapeError: a rank other than 3 to 5, or a kernel that does not fit.
        OptionError: an option with another value.

    Example:
        >>> from tfjs_pyo import keras
        >>> signal = [[[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]]
        >>> keras.ops.depthwise_conv(signal, [[[1.0], [10.0]], [[1.0], [10.0]]]).tolist()
        [[[3.0, 30.0], [5.0, 50.0]]]

    Source: https://keras.io/api/ops/nn/
    """
    count = _space("depthwise_conv", inputs)
    (x,), back = _channels_last(data_format, as_float(inputs))
    strides = _several("depthwise_conv", "strides", strides, count)
    dilation = _several("depthwise_conv", "dilation_rate", dilation_rate, count)
    return back(_depthwise(x, as_float(kernel), strides, _padding("depthwise_conv", padding), dilation))


def _depthwise(x: Tensor, kernel: Tensor, strides: list[int], padding: str, dilation: list[int]) -> Tensor:
    _require_kernel("depthwise_conv", x, kernel)
    if x.rank == 3:
        y = ops.depthwise_conv2d(
            ops.expand_dims(x, 1), ops.expand_dims(kernel, 0), [1, *strides], padding, "NHWC", [1, *dilation]
        )
        return ops.squeeze(y, 1)
    if x.rank == 4:
        return ops.depthwise_conv2d(x, kernel, strides, padding, "NHWC", dilation)
    filters = ops.reshape(kernel, [*kernel.shape[:-2], 1, kernel.shape[-2] * kernel.shape[-1]])
    return _grouped(x, filters, strides, padding, dilation)


@nn.op(3)
def separable_conv(
    inputs: Tensor,
    depthwise_kernel: Tensor,
    pointwise_kernel: Tensor,
    strides: Numbers = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Numbers = 1,
) -> Tensor:
    """Returns a depthwise convolution and a mix of its channels after it.

    Raises:
        ShapeError: a rank other than 3 to 5, or kernels that do not fit.
        OptionError: an option with another value.

    Example:
        >>> from tfjs_pyo import keras
        >>> signal, depthwise = [[[1.0, 1.0], [2.0, 2.0]]], [[[1.0], [10.0]]]
        >>> keras.ops.separable_conv(signal, depthwise, [[[1.0], [1.0]]]).tolist()
        [[[11.0], [22.0]]]

    Source: https://keras.io/api/ops/nn/
    """
    count = _space("separable_conv", inputs)
    (x,), back = _channels_last(data_format, as_float(inputs))
    strides = _several("separable_conv", "strides", strides, count)
    dilation = _several("separable_conv", "dilation_rate", dilation_rate, count)
    _require_kernel("separable_conv", x, pointwise_kernel)
    y = _depthwise(x, as_float(depthwise_kernel), strides, _padding("separable_conv", padding), dilation)
    return back(_plain_conv(y, as_float(pointwise_kernel), [1] * count, "valid", [1] * count))


@nn.op(2)
def conv_transpose(
    inputs: Tensor,
    kernel: Tensor,
    strides: Numbers = 1,
    padding: str = "valid",
    output_padding: Numbers | None = None,
    data_format: str | None = None,
    dilation_rate: Numbers = 1,
) -> Tensor:
    """Returns the transposed convolution, from results back to images, with a kernel [..., filters, channels].

    Raises:
        ShapeError: a rank other than 3 to 5, or a kernel that does not fit.
        OptionError: an option with another value.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.conv_transpose([[[1.0], [2.0]]], [[[1.0]], [[1.0]]], strides=2).tolist()
        [[[1.0], [1.0], [2.0], [2.0]]]

    Source: https://keras.io/api/ops/nn/
    """
    owner = "conv_transpose"
    count = _space(owner, inputs)
    (x,), back = _channels_last(data_format, as_float(inputs))
    kernel = as_float(kernel)
    _require_kernel(owner, x, kernel)
    stride = _several(owner, "strides", strides, count)
    dilation = _several(owner, "dilation_rate", dilation_rate, count)
    further = (
        [None] * count if output_padding is None else _several(owner, "output_padding", output_padding, count)
    )
    reach = [(k - 1) * d + 1 for k, d in zip(kernel.shape[:count], dilation, strict=True)]
    pads = [
        _transposed_padding(k, s, _padding(owner, padding), more)
        for k, s, more in zip(reach, stride, further, strict=True)
    ]
    spread = _spread(x, stride)
    # Padding below 0 takes away what is beyond the result.
    spread = ops.pad(spread, [[0, 0], *([max(0, p) for p in pair] for pair in pads), [0, 0]])
    begin = [0, *(max(0, -pair[0]) for pair in pads), 0]
    sizes = [
        dim - b - (max(0, -pads[axis - 1][1]) if 0 < axis <= count else 0)
        for axis, (dim, b) in enumerate(zip(spread.shape, begin, strict=True))
    ]
    spread = ops.slice(spread, begin, sizes)
    turned = ops.reverse(kernel, list(range(count)))
    filters = ops.transpose(turned, [*range(count), count + 1, count])
    return back(_plain_conv(spread, filters, [1] * count, "valid", dilation))


def _transposed_padding(reach: int, stride: int, padding: str, further: int | None) -> tuple[int, int]:
    """Returns how much is put around spread inputs, as Keras has it on JAX."""
    if padding == "valid":
        more = max(reach, stride) - reach if further is None else further
        return reach - 1, reach - 1 + more
    total = stride + reach - 2 if further is None else reach + reach % 2 - 2 + further
    left = min(total // 2 + total % 2, reach - 1)
    return left, total - left


def _spread(x: Tensor, strides: Sequence[int]) -> Tensor:
    """Returns x with stride - 1 zeros between neighbours along each axis of space."""
    for axis, stride in enumerate(strides, 1):
        if stride > 1:
            shape = x.shape
            wide = ops.pad(
                ops.expand_dims(x, axis + 1),
                [[0, stride - 1 if a == axis + 1 else 0] for a in range(x.rank + 1)],
            )
            flat = ops.reshape(wide, [*shape[:axis], shape[axis] * stride, *shape[axis + 1 :]])
            sizes = [dim - (stride - 1 if a == axis else 0) for a, dim in enumerate(flat.shape)]
            x = ops.slice(flat, [0] * flat.rank, sizes)
    return x


# Pooling


def _pooled(
    kind: str, inputs: Tensor, pool_size: Any, strides: Any, padding: str, data_format: str | None
) -> Tensor:
    owner = f"{kind}_pool"
    count = _space(owner, inputs)
    (x,), back = _channels_last(data_format, inputs)
    size = _several(owner, "pool_size", pool_size, count)
    stride = size if strides is None else _several(owner, "strides", strides, count)
    pad = _padding(owner, padding)
    flat = ops.expand_dims(x, 1) if count == 1 else x
    if count == 1:
        size, stride = [1, *size], [1, *stride]
    if count == 3:
        pool = ops.max_pool3d if kind == "max" else ops.avg_pool3d
    else:
        pool = ops.max_pool if kind == "max" else ops.avg_pool
    y = pool(flat, size, stride, pad)
    return back(ops.squeeze(y, 1) if count == 1 else y)


nn.same(
    "inputs, pool_size: int | Sequence[int], strides: int | Sequence[int] | None=None, padding='valid', "
    "data_format: str | None=None",
    {
        "max_pool": lambda *given: _pooled("max", *given),
        "average_pool": lambda *given: _pooled("average", *given),
    },
    tensors=1,
)


def _adaptive(kind: str, inputs: Tensor, output_size: Any, data_format: str | None) -> Tensor:
    """Pools to a size, axis by axis: windows are those of one axis each."""
    owner = f"adaptive_{kind}_pool"
    count = _space(owner, inputs)
    (x,), back = _channels_last(data_format, as_float(inputs))
    for axis, size in enumerate(_several(owner, "output_size", output_size, count), 1):
        length = x.shape[axis]
        if not 0 < size <= length:
            raise OptionError(f"{owner}: expected `output_size` from 1 to {length}, received {size}.")
        bounds = [(place * length // size, -((-(place + 1) * length) // size)) for place in range(size)]
        parts = []
        for first, last in bounds:
            begin = [first if a == axis else 0 for a in range(x.rank)]
            sizes = [last - first if a == axis else dim for a, dim in enumerate(x.shape)]
            window = ops.slice(x, begin, sizes)
            parts.append(ops.max(window, axis, True) if kind == "max" else ops.mean(window, axis, True))
        x = ops.concat(parts, axis)
    return back(x)


nn.same(
    "inputs, output_size: int | Sequence[int], data_format: str | None=None",
    {
        "adaptive_max_pool": lambda *given: _adaptive("max", *given),
        "adaptive_average_pool": lambda *given: _adaptive("average", *given),
    },
    tensors=1,
)


# Blocks


def _require_windows(
    owner: str, size: Sequence[int], apart: Sequence[int], step: Sequence[int], around: Sequence[int]
) -> None:
    if min(*size, *apart, *step) < 1 or min(around) < 0:
        raise OptionError(
            f"{owner}: expected `kernel_size`, `dilation` and `stride` from 1 and `padding` from 0, received {list(size)}, "
            f"{list(apart)}, {list(step)} and {list(around)}."
        )


def _require_room(owner: str, lengths: Sequence[int], size: Sequence[int], apart: Sequence[int]) -> None:
    reach = [(s - 1) * d + 1 for s, d in zip(size, apart, strict=True)]
    if any(r > length for r, length in zip(reach, lengths, strict=True)):
        raise ShapeError(
            f"{owner}: expected windows that fit into {tuple(lengths)}, padding included, received windows of {tuple(reach)}."
        )


def _window_count(length: int, kernel: int, dilation: int, stride: int) -> int:
    return (length - (kernel - 1) * dilation - 1) // stride + 1


def _window_places(length: int, kernel: int, dilation: int, stride: int) -> Tensor:
    """Returns, for each element of a window, the places that it has along an axis: int32 [kernel, windows]."""
    count = _window_count(length, kernel, dilation, stride)
    elements = ops.expand_dims(ops.range(0, kernel, 1, "int32"), 1)
    return elements * dilation + ops.range(0, count, 1, "int32") * stride


@nn.op()
def unfold(
    x: Tensor, kernel_size: Numbers, dilation: Numbers = 1, padding: Numbers = 0, stride: Numbers = 1
) -> Tensor:
    """Returns the windows of images [batch, channels, height, width] as columns.

    Raises:
        ShapeError: another rank than 4, or windows that do not fit into the image.
        OptionError: sizes below 1, or a padding below 0.

    Example:
        >>> from tfjs_pyo import keras
        >>> image = keras.ops.reshape(keras.ops.arange(1, 10), [1, 1, 3, 3])
        >>> keras.ops.unfold(image, 2)[0]
        Tensor
            [[1, 2, 4, 5],
             [2, 3, 5, 6],
             [4, 5, 7, 8],
             [5, 6, 8, 9]]

    Source: https://keras.io/api/ops/nn/
    """
    size, apart, around, step = (
        _several("unfold", name, value, 2)
        for name, value in (
            ("kernel_size", kernel_size),
            ("dilation", dilation),
            ("padding", padding),
            ("stride", stride),
        )
    )
    require_rank("unfold", x, 4)
    _require_windows("unfold", size, apart, step, around)
    x = ops.pad(x, [[0, 0], [0, 0], *([p, p] for p in around)])
    _require_room("unfold", x.shape[2:], size, apart)
    rows, columns = (_window_places(x.shape[2 + a], size[a], apart[a], step[a]) for a in range(2))
    # [batch, channels, kernel rows, rows, kernel columns, columns]
    found = ops.gather(ops.gather(x, rows, 2), columns, 4)
    found = ops.transpose(found, [0, 1, 2, 4, 3, 5])
    return ops.reshape(found, [x.shape[0], x.shape[1] * size[0] * size[1], -1])


@nn.op()
def fold(
    x: Tensor,
    output_size: Numbers,
    kernel_size: Numbers,
    dilation: Numbers = 1,
    padding: Numbers = 0,
    stride: Numbers = 1,
) -> Tensor:
    """Returns images [batch, channels, height, width] of windows as columns, where they overlap added up.

    Raises:
        ShapeError: another rank than 3, or a number of windows or elements that does not fit `output_size`.
        OptionError: sizes below 1, or a padding below 0.

    Example:
        >>> from tfjs_pyo import keras
        >>> windows = keras.ops.unfold(keras.ops.ones([1, 1, 3, 3]), 2)
        >>> keras.ops.fold(windows, output_size=3, kernel_size=2)[0, 0]
        Tensor
            [[1, 2, 1],
             [2, 4, 2],
             [1, 2, 1]]

    Source: https://keras.io/api/ops/nn/
    """
    names = {"output_size": output_size, "kernel_size": kernel_size, "dilation": dilation}
    names |= {"padding": padding, "stride": stride}
    out, size, apart, around, step = (_several("fold", name, value, 2) for name, value in names.items())
    require_rank("fold", x, 3)
    _require_windows("fold", size, apart, step, around)
    whole = [o + 2 * p for o, p in zip(out, around, strict=True)]
    _require_room("fold", whole, size, apart)
    counts = [_window_count(whole[a], size[a], apart[a], step[a]) for a in range(2)]
    channels = x.shape[1] // (size[0] * size[1])
    count = counts[0] * counts[1]
    if x.shape[1] != channels * size[0] * size[1] or x.shape[2] != count:
        raise ShapeError(
            f"fold: expected [batch, channels * {size[0] * size[1]}, {count}] for these windows, received shape {x.shape}."
        )
    x = ops.reshape(x, [x.shape[0], channels, size[0], size[1], *counts])
    for axis in (2, 3):
        a = axis - 2
        along = _window_places(whole[a], size[a], apart[a], step[a])
        # The elements of windows and their places, together, tell where each goes.
        at = ops.cast(
            ops.equal(ops.expand_dims(along, -1), ops.range(0, whole[a], 1, "int32")),
            "float32",
        )
        perm = [0, 1, 3, 5, 2, 4] if axis == 2 else [0, 1, 3, 2, 4]
        moved = ops.transpose(x, perm)
        flat = ops.reshape(moved, [-1, at.shape[0] * at.shape[1]])
        summed = ops.mat_mul(flat, ops.reshape(at, [-1, whole[a]]))
        rest = moved.shape[:-2]
        x = ops.reshape(summed, [*rest, whole[a]])
        # First pass: [batch, channels, kernel columns, columns, height]; second: [batch, channels, height, width].
        x = ops.transpose(x, [0, 1, 2, 4, 3]) if axis == 2 else x
    return ops.slice(x, [0, 0, around[0], around[1]], [x.shape[0], channels, *out])


def _blocks(x: Tensor, block: int, data_format: str, deep: bool) -> Tensor:
    owner = "space_to_depth" if deep else "depth_to_space"
    require_rank(owner, x, 4)
    (x,), back = _channels_last(data_format, x)
    n, h, w, c = x.shape
    if block < 1 or (h % block or w % block if deep else c % block**2):
        raise ShapeError(f"{owner}: expected a shape that blocks of {block} divide, received {x.shape}.")
    if deep:
        x = ops.reshape(x, [n, h // block, block, w // block, block, c])
        x = ops.transpose(x, [0, 1, 3, 2, 4, 5])
        shape = [n, h // block, w // block, c * block**2]
        first = checked_data_format(data_format) == "channels_first"
        x = ops.transpose(x, [0, 1, 2, 5, 3, 4]) if first else x
    else:
        channels = c // block**2
        first = checked_data_format(data_format) == "channels_first"
        parts = [n, h, w, channels, block, block] if first else [n, h, w, block, block, channels]
        x = ops.reshape(x, parts)
        x = ops.transpose(x, [0, 1, 4, 2, 5, 3] if first else [0, 1, 3, 2, 4, 5])
        shape = [n, h * block, w * block, channels]
    return back(ops.reshape(x, shape))


nn.same(
    "x, block_size: int, data_format='channels_last'",
    {
        "depth_to_space": lambda x, block, form: _blocks(x, block, form, False),
        "space_to_depth": lambda x, block, form: _blocks(x, block, form, True),
    },
    tensors=1,
)

__all__ = ["nn"]
