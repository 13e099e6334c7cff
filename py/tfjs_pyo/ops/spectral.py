"""Fourier transforms of any length, along the last axis.

A transform of n = a * b points is a transforms of b points of b transforms of a points (Cooley and Tukey); one of up to
64 points is a product with a matrix, which is what GPUs are good at. A large prime becomes a convolution of 2^k points
(Bluestein). All of it is made of other ops, so gradients come by themselves.
"""

from __future__ import annotations

import math as python_math
from collections.abc import Callable
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core import engine
from tfjs_pyo.core.graph import Node, complex_node, const
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops import math, trigonometry
from tfjs_pyo.ops.arithmetic import add, mod, mul, neg, sub
from tfjs_pyo.ops.comparison import greater, where
from tfjs_pyo.ops.complex_numbers import Pair, parts
from tfjs_pyo.ops.convert import pack
from tfjs_pyo.ops.creation import iota_node
from tfjs_pyo.ops.declare import FORMS, cast_node, public
from tfjs_pyo.ops.matrices import mat_mul
from tfjs_pyo.ops.movement import (
    broadcast_node,
    concat_node,
    pad_node,
    reshape_node,
    reverse_node,
    slice_node,
    transpose_node,
)
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.shapes import size

__all__ = ["fft", "ifft", "irfft", "rfft"]

DIRECT = 64
"""Transforms of up to so many points are one product with a matrix."""

DIRECT_PRIME = 256
"""... and of up to so many if the number of points has no small divisor."""


def _turn(rows: int, columns: int, points: int, sign: int) -> Pair:
    """Returns exp(sign * 2 pi i * row * column / points) for a matrix of rows and columns; rows * columns < 2^31."""
    shape = (rows, columns)
    product = mod(mul(iota_node(shape, 0), iota_node(shape, 1)), const(points, "int32"))
    half = greater(product, const(points // 2, "int32"))
    quarters = mul(where(half, sub(product, const(points, "int32")), product), const(4, "int32"))
    # Sines between -1/4 and 1/4 of a turn only: exact where they are 0 or 1, and accurate elsewhere.
    size_ = math.abs_(quarters)
    whole = const(points, "int32")
    folded = where(
        greater(size_, whole), sub(mul(math.sign(quarters), const(2 * points, "int32")), quarters), quarters
    )
    step = const(python_math.pi / 2 / points, "float32")
    cos = trigonometry.sin(mul(cast_node(sub(whole, size_), "float32"), step))
    sin = trigonometry.sin(mul(cast_node(folded, "float32"), step))
    return cos, sin if sign > 0 else neg(sin)


def _times(x: Pair, y: Pair) -> Pair:
    return sub(mul(x[0], y[0]), mul(x[1], y[1])), add(mul(x[0], y[1]), mul(x[1], y[0]))


def _transform(x: Pair, sign: int) -> Pair:
    """Returns the sums over j of x[..., j] exp(sign * 2 pi i * j * k / n), for parts of shape [batch, n]."""
    n = x[0].shape[1]
    if n == 1:
        return x
    divisor = max(d for d in range(1, min(n, DIRECT) + 1) if n % d == 0)
    if n <= DIRECT or (divisor == 1 and n <= DIRECT_PRIME):
        return _product(x, sign)
    return _convolved(x, sign) if divisor == 1 else _divided(x, divisor, sign)


def _product(x: Pair, sign: int) -> Pair:
    """One product of real matrices: [re, im] with [[cos, sin], [-sin, cos]]."""
    n = x[0].shape[1]
    c, s = _turn(n, n, n, sign)
    matrix = concat_node([concat_node([c, s], 1), concat_node([neg(s), c], 1)], 0)
    product = mat_mul(concat_node(list(x), 1), matrix)
    return _columns(product, 0, n), _columns(product, n, n)


def _columns(x: Node, begin: int, count: int) -> Node:
    return slice_node(x, [0, begin], [x.shape[0], count], [1, 1])


def _divided(x: Pair, a: int, sign: int) -> Pair:
    """With n = a * b: transforms of a points over x[b * j + i], a turn by i * k / n, transforms of b points over i."""
    batch, n = x[0].shape
    b = n // a

    def exchanged(part: Node, rows: int, columns: int) -> Node:
        return transpose_node(reshape_node(part, (batch, rows, columns)), (0, 2, 1))

    def flat(part: Node) -> Node:
        return reshape_node(part, (part.shape[0] * part.shape[1], part.shape[2]))

    first = _transform((flat(exchanged(x[0], a, b)), flat(exchanged(x[1], a, b))), sign)
    inner = (reshape_node(first[0], (batch, b, a)), reshape_node(first[1], (batch, b, a)))
    turned = _times(inner, _turn(b, a, n, sign))
    second = _transform((flat(exchanged(turned[0], b, a)), flat(exchanged(turned[1], b, a))), sign)
    return (
        reshape_node(exchanged(second[0], a, b), (batch, n)),
        reshape_node(exchanged(second[1], a, b), (batch, n)),
    )


def _convolved(x: Pair, sign: int) -> Pair:
    """With jk = (j^2 + k^2 - (k - j)^2) / 2 the sums are a convolution with a chirp (Bluestein)."""
    n = x[0].shape[1]
    m = enclosing_power(2 * n - 1)
    # j^2 overflows int32: the angles are computed here. They depend on n alone.
    turns = [j * j % (2 * n) for j in range(n)]
    angles = [sign * python_math.pi * (t - 2 * n if t > n else t) / n for t in turns]
    angle = engine.upload(pack(angles, "float32", "fft"), (1, n), "float32")
    chirp = (trigonometry.cos(angle), trigonometry.sin(angle))
    filling = (0, m - n)
    left = _transform(_padded(_times(x, chirp), filling), sign)
    right = _transform((_mirrored(chirp[0], m), _mirrored(neg(chirp[1]), m)), sign)
    re, im = _transform(_times(left, right), -sign)
    scale = const(1 / m, "float32")
    return _times((mul(_columns(re, 0, n), scale), mul(_columns(im, 0, n), scale)), chirp)


def _mirrored(x: Node, m: int) -> Node:
    """Returns x, zeros and x backwards but for its first element, m elements in all."""
    n = x.shape[1]
    gap = broadcast_node(const(0.0, "float32"), (1, m - 2 * n + 1))
    return concat_node([x, gap, reverse_node(_columns(x, 1, n - 1), [1])], 1)


def _padded(x: Pair, filling: tuple[int, int]) -> Pair:
    return pad_node(x[0], [(0, 0), filling], 0), pad_node(x[1], [(0, 0), filling], 0)


def enclosing_power(value: int) -> int:
    """Returns the least power of two that is not below a positive number."""
    return 1 << (value - 1).bit_length()


def _along_last(owner: str, x: Pair, sign: int) -> Pair:
    shape = x[0].shape
    if not shape:
        raise ShapeError(f"{owner}: expected a tensor of rank 1 or more, received a scalar.")
    if size(shape) == 0:
        return x
    rows = (size(shape[:-1]), shape[-1])
    re, im = _transform((reshape_node(x[0], rows), reshape_node(x[1], rows)), sign)
    return reshape_node(re, shape), reshape_node(im, shape)


def _forward(x: Node) -> Node:
    return complex_node(*_along_last("fft", parts(x), -1))


def _inverse(x: Node) -> Node:
    re, im = _along_last("ifft", parts(x), 1)
    scale = const(1 / max(1, x.shape[-1]), "float32")
    return complex_node(mul(re, scale), mul(im, scale))


@public()
def fft(x: Node) -> Node:
    """Returns the discrete Fourier transform along the last axis.

    Args:
        x: complex64 (or real) of shape [..., n], n any length.

    Returns:
        complex64 of the same shape: the sums over j of x[j] exp(-2 pi i j k / n).

    Raises:
        ShapeError: x is a scalar.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.spectral.fft(tf.complex([1.0, 3.0], [0.0, 0.0]))
        Tensor
            [4 + 0j, -2 + 0j]

    Source: https://js.tensorflow.org/api/latest/#spectral.fft
    """
    return _forward(x)


@public()
def ifft(x: Node) -> Node:
    """Returns the inverse of `fft`: sums over j of x[j] exp(2 pi i j k / n), divided by n.

    Args:
        x: complex64 (or real) of shape [..., n].

    Raises:
        ShapeError: x is a scalar.

    Source: https://js.tensorflow.org/api/latest/#spectral.ifft
    """
    return _inverse(x)


@public()
def rfft(x: Node, fft_length: int | None = None) -> Node:
    """Returns the first half of the transform of real numbers; the other half mirrors it.

    Args:
        x: float32 of shape [..., n].
        fft_length: points of the transform; x is cut or filled up with zeros. Default: n.

    Returns:
        complex64 of shape [..., fft_length // 2 + 1].

    Raises:
        ShapeError: x is a scalar.
        OptionError: `fft_length` is not a positive integer.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.spectral.rfft([1.0, 2.0, 3.0, 4.0]).shape
        (3,)

    Source: https://js.tensorflow.org/api/latest/#spectral.rfft
    """
    if not x.shape:
        raise ShapeError("rfft: expected a tensor of rank 1 or more, received a scalar.")
    points = x.shape[-1] if fft_length is None else fft_length
    if points < 1:
        raise OptionError(f"rfft: expected fft_length to be a positive integer, received {points!r}.")
    real = _fitted(cast_node(x, "float32"), points)
    whole = _along_last("rfft", parts(real), -1)
    return complex_node(*(_fitted(part, points // 2 + 1) for part in whole))


def _fitted(x: Node, length: int) -> Node:
    """Returns x with its last axis cut or filled up with zeros."""
    given = x.shape[-1]
    if given >= length:
        return slice_node(x, [0] * x.rank, [*x.shape[:-1], length], [1] * x.rank)
    return pad_node(x, [(0, 0)] * (x.rank - 1) + [(0, length - given)], 0)


@public()
def irfft(x: Node) -> Node:
    """Returns the real numbers whose `rfft` this is: the inverse transform of 2 (n - 1) points.

    Args:
        x: complex64 (or real) of shape [..., n].

    Returns:
        float32 of shape [..., 2 (n - 1)] (one point for n = 1).

    Raises:
        ShapeError: x is a scalar.

    Source: https://js.tensorflow.org/api/latest/#spectral.irfft
    """
    return _real_inverse(x)


def _real_inverse(x: Node) -> Node:
    if not x.shape:
        raise ShapeError("irfft: expected a tensor of rank 1 or more, received a scalar.")
    re, im = parts(x)
    last = x.rank - 1
    if x.shape[-1] > 2:
        inner = [0] * last + [1], [*x.shape[:-1], x.shape[-1] - 2], [1] * x.rank
        re = concat_node([re, reverse_node(slice_node(re, *inner), [last])], last)
        im = concat_node([im, neg(reverse_node(slice_node(im, *inner), [last]))], last)
    result, _ = parts(_inverse(complex_node(re, im)))
    return result


@tested_with(
    Case(((3, 8), (3, 8))),
    Case(((2, 1), (2, 1))),
    Case(((7,), (7,))),
    Case(((2, 67), (2, 67)), differentiable=False),
    Case(((2, 2, 130), (2, 2, 130)), differentiable=False),
    Case(((4096,), (4096,)), differentiable=False),
    Case(((257,), (257,)), differentiable=False),
)
@public(2, method=False)
def fft_of_parts(real: Node, imag: Node) -> Node:
    """Returns the parts of the unitary transform of complex numbers, one after the other, for tests of real ops."""
    scale = const(real.shape[-1] ** -0.5, "float32")
    return mul(concat_node(list(_along_last("fft", (real, imag), -1)), 0), scale)


_COMPLEX: dict[str, Callable[[Node], Node]] = {"fft": _forward, "ifft": _inverse, "irfft": _real_inverse}


def _meaning(compute: Callable[[Node], Node]) -> Callable[..., Any]:
    return lambda _body, x: compute(x)


FORMS["complex64"].update({name: _meaning(compute) for name, compute in _COMPLEX.items()})

__getattr__, __dir__ = naming.module_names(__name__, spelled=True)
