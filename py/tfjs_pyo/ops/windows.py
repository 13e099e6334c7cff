"""Sliding windows: their geometry, and the two movement ops that pooling is composed of."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

from tfjs_pyo.compiler.coords import Coords, Mode, quotient_of
from tfjs_pyo.compiler.emitter import Emitter
from tfjs_pyo.core.graph import Kind, Node, Op
from tfjs_pyo.dtypes import DType
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops.declare import declare
from tfjs_pyo.ops.movement import broadcast_node, pad_node, reshape_node, slice_node, transpose_node
from tfjs_pyo.shapes import integers, is_dimension, size

Padding = str | int | Sequence[Sequence[int]]
Rounding = Literal["floor", "round", "ceil"] | None


class Window(NamedTuple):
    """Windows along the spatial axes of a channels-last tensor.

    Attributes:
        kernel, stride, dilation: per spatial axis.
        before: padding in front of each spatial axis.
        outside: what is read beyond the edge: '0' or '-INF'.
    """

    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    before: tuple[int, ...]
    outside: str = "0"


def numbers(owner: str, name: str, value: int | Sequence[int], count: int) -> tuple[int, ...]:
    """Returns `count` positive integers: a single one is repeated.

    Raises:
        OptionError: not positive integers, or not that many.
    """
    given = (value,) * count if isinstance(value, int) else tuple(value)
    if len(given) != count or not all(is_dimension(v) and v for v in given):
        raise OptionError(
            f"{owner}: expected `{name}` to be a positive integer or {count} of them, received {value!r}."
        )
    return given


def spatial_padding(owner: str, pad: Padding, count: int, channels_first: bool = False) -> Padding:
    """Returns padding of spatial axes only: TF.js's explicit padding also names batch and channels, never padded.

    Raises:
        OptionError: padding of batch or channels, or no whole numbers.
    """
    if isinstance(pad, str):
        return pad
    pad = integers(owner, "pad", pad)
    if isinstance(pad, int):
        return ((pad, pad),) * count
    if len(pad) != count + 2:
        return pad
    spatial = pad[2:] if channels_first else pad[1:-1]
    others = pad[:2] if channels_first else (pad[0], pad[-1])
    if any(number != 0 for pair in others for number in pair):
        raise OptionError(
            f"{owner}: expected no padding of batch and channels, received {pad!r}. Use tf.pad for these."
        )
    return spatial


def geometry(
    owner: str,
    spatial: Sequence[int],
    kernel: Sequence[int],
    stride: Sequence[int],
    dilation: Sequence[int],
    padding: Padding,
    rounding: Rounding = None,
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Returns the output sizes and the padding in front, per spatial axis.

    Args:
        owner: op named in errors.
        spatial: input sizes.
        kernel, stride, dilation: per axis.
        padding: 'same', 'valid', a number, or ((before, after), ...) per axis.
        rounding: how a fractional output size becomes whole; None: down.
    """
    if rounding not in (None, "floor", "round", "ceil"):
        raise OptionError(
            f"{owner}: expected dim_rounding_mode to be 'floor', 'round' or 'ceil', received {rounding!r}."
        )
    if rounding is not None and isinstance(padding, str):
        raise OptionError(
            f"{owner}: expected padding in numbers with dim_rounding_mode {rounding!r}, received {padding!r}, which rounds "
            "by itself."
        )
    pairs = _pairs(owner, padding, len(spatial))
    outputs, befores = [], []
    for axis, (n, k, s, d) in enumerate(zip(spatial, kernel, stride, dilation, strict=True)):
        reach = (k - 1) * d + 1
        if pairs is None:
            out = -(-n // s)
            before = max((out - 1) * s + reach - n, 0) // 2
        else:
            before, after = pairs[axis]
            out = _rounded(n + before + after - reach, s, rounding) + 1
        if out < 1:
            raise ShapeError(
                f"{owner}: expected windows that fit, received a window of {reach} over {n} elements along spatial axis {axis}."
            )
        outputs.append(out)
        befores.append(before)
    return tuple(outputs), tuple(befores)


def _pairs(owner: str, padding: Padding, count: int) -> list[tuple[int, int]] | None:
    """Returns the padding before and after each axis; None for 'same', which depends on the sizes."""
    if isinstance(padding, str):
        if padding.lower() not in ("same", "valid"):
            raise OptionError(
                f"{owner}: expected padding to be 'same', 'valid', a number or pairs, received {padding!r}."
            )
        return None if padding.lower() == "same" else [(0, 0)] * count
    if isinstance(padding, int):
        return [(padding, padding)] * count
    if len(padding) != count or any(len(pair) != 2 for pair in padding):
        raise OptionError(f"{owner}: expected {count} pairs of padding, received {padding!r}.")
    return [(pair[0], pair[1]) for pair in padding]


def _rounded(length: int, stride: int, rounding: Rounding) -> int:
    """Returns a length in strides, in whole numbers: floats do not hold all of them."""
    if rounding == "ceil":
        return -(-length // stride)
    return (2 * length + stride) // (2 * stride) if rounding == "round" else length // stride


# SPREAD reads, for every position of a window and every place in it, the element that lies there:
#     [batch, size..., kernel..., channels] -> [batch, windows..., kernel..., channels]
# COLLECT is its adjoint. Both only move elements; pooling is SPREAD of a broadcast tensor and a reduction.


def _spatial(node: Node) -> int:
    return len(node.attrs.kernel)


def _numpy_shifted(
    node: Node, outer: Sequence[int], inner: Sequence[int], at: Sequence[int]
) -> tuple[Any, Any]:
    """Returns slices of the windows axis and of the element axis that meet at one place of the kernel."""
    window: Window = node.attrs
    windows, elements = [], []
    for axis, place in enumerate(at):
        shift = place * window.dilation[axis] - window.before[axis]
        step = window.stride[axis]
        first = max(0, -(shift // step))
        last = min(outer[axis] - 1, (inner[axis] - 1 - shift) // step)
        count = max(0, last - first + 1)
        windows.append(slice(first, first + count))
        start = first * step + shift
        elements.append(slice(start, start + (count - 1) * step + 1 if count else start, step))
    return tuple(windows), tuple(elements)


def outside_of(window: Window, dtype: DType) -> float:
    """Returns what windows find outside: 0, or what is less than all numbers of this dtype."""
    if window.outside != "-INF":
        return 0
    return -math.inf if dtype == "float32" else -(2**31)


def _numpy_move(np: Any, node: Node, x: Any, spreading: bool) -> Any:
    n = _spatial(node)
    windows, elements = (node.shape, x.shape) if spreading else (x.shape, node.shape)
    outer, inner = windows[1 : n + 1], elements[1 : n + 1]
    fill = outside_of(node.attrs, node.dtype) if spreading else 0
    result = np.full(node.shape, fill, dtype=x.dtype)
    for at in np.ndindex(*node.attrs.kernel):
        w, e = _numpy_shifted(node, outer, inner, at)
        target, source = (w, e) if spreading else (e, w)
        result[(slice(None), *target, *at)] = x[(slice(None), *source, *at)]
    return result


def _emit_move(change: Callable[..., tuple[str, list[str]]]) -> Callable[..., str]:
    """Returns the emit rule of a move whose `change` maps one spatial coordinate and lists the checks it needs."""

    def emit(emitter: Emitter, node: Node, coords: Coords) -> str:
        source, window, n = node.inputs[0], node.attrs, _spatial(node)
        spread = coords.spread()
        if spread.mode is Mode.ROW and source.shape[-1] % 4:
            spread = spread.lanes()
        parts = list(spread.parts())
        own = emitter.dims(source)
        dims = [own[a] if 1 <= a <= n else dim for a, dim in enumerate(spread.dims)]
        checks: list[str] = []
        for axis in range(n):
            place = parts[1 + n + axis]
            parts[1 + axis], needed = change(
                emitter, spread, parts[1 + axis], place, window, axis, dims[1 + axis]
            )
            checks += needed
        loaded = emitter.value(source, Coords(emitter, source.shape, dims, spread.mode, parts=parts))
        outside = f"vec4({window.outside})"
        if node.dtype != "float32":
            outside = "ivec4(-2147483647 - 1)" if window.outside == "-INF" else "ivec4(0)"
        return emitter.select(spread, spread.inside(checks), node.dtype, loaded, outside)

    return emit


def _to_element(
    emitter: Emitter, coords: Coords, part: str, place: str, window: Window, axis: int, dim: str
) -> tuple[str, list[str]]:
    v = coords.vector if coords.mode is Mode.LANES else str
    stride, dilation, before = (
        emitter.uniform(value[axis]) for value in (window.stride, window.dilation, window.before)
    )
    element = emitter.let(coords.int_type, f"{v(part)} * {stride} + {v(place)} * {dilation} - {before}")
    return element, [coords.not_less(element, "0"), coords.less(element, dim)]


def _to_window(
    emitter: Emitter, coords: Coords, part: str, place: str, window: Window, axis: int, dim: str
) -> tuple[str, list[str]]:
    v = coords.vector if coords.mode is Mode.LANES else str
    stride, dilation, before = (
        emitter.uniform(value[axis]) for value in (window.stride, window.dilation, window.before)
    )
    shifted = emitter.let(coords.int_type, f"{v(part)} + {before} - {v(place)} * {dilation}")
    index = emitter.let(coords.int_type, quotient_of(shifted, stride, size(coords.shape)))
    return index, [
        coords.not_less(shifted, "0"),
        coords.equals(f"{index} * {stride}", shifted),
        coords.less(index, dim),
    ]


SPREAD = declare(
    Op(
        "window_spread",
        Kind.POINTWISE,
        numpy=lambda np, node, x: _numpy_move(np, node, x, spreading=True),
        gradient=lambda node, g: (_collect(g, node.inputs[0].shape, node.attrs),),
        emit=_emit_move(_to_element),
        cost=8,
    )
)
COLLECT = declare(
    Op(
        "window_collect",
        Kind.POINTWISE,
        numpy=lambda np, node, x: _numpy_move(np, node, x, spreading=False),
        gradient=lambda node, g: (_spread(g, node.inputs[0].shape, node.attrs),),
        emit=_emit_move(_to_window),
        cost=12,
    )
)


def _collect(g: Node, shape: tuple[int, ...], window: Window) -> Node:
    return Node(COLLECT, (g,), shape, g.dtype, window._replace(outside="0"))


def _spread(x: Node, shape: tuple[int, ...], window: Window) -> Node:
    return Node(SPREAD, (x,), shape, x.dtype, window)


def windows_of(x: Node, outputs: tuple[int, ...], window: Window) -> Node:
    """Returns the windows of x: [batch, size..., channels] -> [batch, outputs..., kernel..., channels]."""
    n = len(window.kernel)
    batch, channels = x.shape[0], x.shape[-1]
    if window.stride == window.kernel and set(window.dilation) == {1}:
        return _tiles(x, outputs, window)
    ones = (1,) * n
    wide = broadcast_node(
        reshape_node(x, (*x.shape[: n + 1], *ones, channels)), (*x.shape[: n + 1], *window.kernel, channels)
    )
    return _spread(wide, (batch, *outputs, *window.kernel, channels), window)


def _tiles(x: Node, outputs: tuple[int, ...], window: Window) -> Node:
    """Returns windows that lie side by side: then each element is in one window, and its gradient comes from there alone."""
    n = len(outputs)
    kernel, before = window.kernel, window.before
    covered = [count * length for count, length in zip(outputs, kernel, strict=True)]
    rest = [whole - b - dim for whole, b, dim in zip(covered, before, x.shape[1 : n + 1], strict=True)]
    kept = slice_node(
        x,
        [0] * x.rank,
        (x.shape[0], *(dim + min(0, r) for dim, r in zip(x.shape[1:], rest, strict=False)), x.shape[-1]),
    )
    outside = outside_of(window, x.dtype)
    paddings = [(0, 0), *((b, max(0, r)) for b, r in zip(before, rest, strict=True)), (0, 0)]
    whole = pad_node(kept, paddings, outside)
    split = [part for pair in zip(outputs, kernel, strict=True) for part in pair]
    tiles = reshape_node(whole, (x.shape[0], *split, x.shape[-1]))
    return transpose_node(tiles, (0, *range(1, 2 * n, 2), *range(2, 2 * n + 1, 2), 2 * n + 1))
