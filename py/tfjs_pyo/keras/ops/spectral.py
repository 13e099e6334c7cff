"""`keras.ops`: Fourier transforms. Complex numbers are pairs of real tensors, as Keras has them."""

from __future__ import annotations

from typing import Any

from tfjs_pyo import ops, windows
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.keras.ops.declare import Group, as_float, tensor
from tfjs_pyo.keras.ops.padding import pad
from tfjs_pyo.ops import signal
from tfjs_pyo.types import TensorLike

math_group = Group()

Pair = tuple[Tensor, Tensor]


def _complex(owner: str, x: Any) -> Tensor:
    parts = [as_float(tensor(part)) for part in x] if isinstance(x, (list, tuple)) else []
    if len(parts) != 2 or parts[0].shape != parts[1].shape:
        raise ShapeError(f"{owner}: expected a pair of tensors of one shape, real and imaginary parts.")
    return ops.complex(*parts)


def _parts(x: Tensor) -> Pair:
    return ops.real(x), ops.imag(x)


def _swapped(x: Tensor) -> Tensor:
    return ops.transpose(x, [*range(x.rank - 2), x.rank - 1, x.rank - 2])


def _both(transform: Any, x: Tensor) -> Tensor:
    """Returns a transform along the last two axes."""
    return _swapped(transform(_swapped(transform(x))))


@math_group.op(0)
def fft(x: TensorLike) -> Pair:
    """Returns the Fourier transform along the last axis, of a pair of real and imaginary parts.

    Raises:
        ShapeError: x is not a pair of tensors of one shape.

    Example:
        >>> from tfjs_pyo import keras
        >>> real, imaginary = keras.ops.fft(([1.0, 0.0, -1.0, 0.0], [0.0, 0.0, 0.0, 0.0]))
        >>> real.numpy().round(4)
        array([0., 2., 0., 2.], dtype=float32)

    Source: https://keras.io/api/ops/fft/
    """
    return _parts(ops.fft(_complex("fft", x)))


@math_group.op(0)
def fft2(x: TensorLike) -> Pair:
    """Returns the Fourier transform along the last two axes.

    Raises:
        ShapeError: x is not a pair of tensors of one shape.

    Example:
        >>> from tfjs_pyo import keras
        >>> real, imaginary = keras.ops.fft2((keras.ops.ones([2, 2]), keras.ops.zeros([2, 2])))
        >>> real
        Tensor
            [[4, 0],
             [0, 0]]

    Source: https://keras.io/api/ops/fft/
    """
    return _parts(_both(ops.fft, _complex("fft2", x)))


@math_group.op(0)
def ifft2(x: TensorLike) -> Pair:
    """Returns the inverse transform along the last two axes.

    Raises:
        ShapeError: x is not a pair of tensors of one shape.

    Example:
        >>> from tfjs_pyo import keras
        >>> x = keras.ops.array([[1.0, 2.0], [3.0, 4.0]]), keras.ops.zeros([2, 2])
        >>> keras.ops.ifft2(keras.ops.fft2(x))[0]
        Tensor
            [[1, 2],
             [3, 4]]

    Source: https://keras.io/api/ops/fft/
    """
    return _parts(_both(ops.ifft, _complex("ifft2", x)))


@math_group.op()
def rfft(x: Tensor, fft_length: int | None = None) -> Pair:
    """Returns the first half of the transform of real numbers.

    Example:
        >>> from tfjs_pyo import keras
        >>> real, imaginary = keras.ops.rfft([1.0, 0.0, -1.0, 0.0])
        >>> real.numpy().round(4)
        array([0., 2., 0.], dtype=float32)

    Source: https://keras.io/api/ops/fft/
    """
    return _parts(ops.rfft(as_float(x), fft_length))


@math_group.op(0)
def irfft(x: TensorLike, fft_length: int | None = None) -> Tensor:
    """Returns the real numbers whose `rfft` this is.

    Raises:
        ShapeError: x is not a pair of tensors of one shape.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.irfft(keras.ops.rfft([1.0, 2.0, 3.0, 4.0])).numpy().round(4)
        array([1., 2., 3., 4.], dtype=float32)

    Source: https://keras.io/api/ops/fft/
    """
    value = _complex("irfft", x)
    length = 2 * (value.shape[-1] - 1) if fft_length is None else int(fft_length)
    return _real_inverse(value, length)


def _real_inverse(value: Tensor, length: int) -> Tensor:
    """Returns so many real numbers of a half spectrum, which is cut or filled up with zeros."""
    half = length // 2 + 1
    fitted = [_fitted(part, half) for part in _parts(value)]
    tail = length - half
    if tail > 0:
        begin = [0] * value.rank
        begin[-1] = 1
        sizes = [*value.shape[:-1], tail]
        turned = [ops.reverse(ops.slice(part, begin, sizes), -1) for part in fitted]
        fitted = [
            ops.concat([fitted[0], turned[0]], value.rank - 1),
            ops.concat([fitted[1], -turned[1]], value.rank - 1),
        ]
    # The first element, and that in the middle, count as real.
    place = ops.range(0, length, 1, "int32")
    alone = ops.equal(place, 0)
    if length % 2 == 0:
        alone = ops.logical_or(alone, ops.equal(place, length // 2))
    return ops.real(ops.ifft(ops.complex(fitted[0], ops.where(alone, 0.0, fitted[1]))))


def _fitted(x: Tensor, length: int) -> Tensor:
    given = x.shape[-1]
    if given >= length:
        return ops.slice(x, [0] * x.rank, [*x.shape[:-1], length])
    return ops.pad(x, [[0, 0]] * (x.rank - 1) + [[0, length - given]])


@math_group.op()
def extract_sequences(x: Tensor, sequence_length: int, sequence_stride: int) -> Tensor:
    """Returns overlapping pieces of the last axis.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.extract_sequences([1, 2, 3, 4, 5], 3, 1)
        Tensor
            [[1, 2, 3],
             [2, 3, 4],
             [3, 4, 5]]

    Source: https://keras.io/api/ops/fft/
    """
    found: Tensor = signal.frame(x, sequence_length, sequence_stride)
    return found


def _window(window: Any, length: int, points: int) -> Tensor:
    """Returns the weights of the elements of a piece, zeros around them up to the points of the transform."""
    if window is None:
        return ops.ones([points])
    if isinstance(window, str):
        if window not in ("hann", "hamming"):
            raise OptionError(
                f"stft: expected `window` to be 'hann', 'hamming' or a tensor, received {window!r}."
            )
        weights = ops.tensor(windows.window(window, length))
    else:
        weights = as_float(tensor(window))
    if weights.shape != (length,):
        raise ShapeError(f"stft: expected a window of shape ({length},), received {weights.shape}.")
    before = (points - length) // 2
    return ops.pad(weights, [[before, points - length - before]])


@math_group.op()
def stft(
    x: Tensor,
    sequence_length: int,
    sequence_stride: int,
    fft_length: int,
    window: Any = "hann",
    center: bool = True,
) -> Pair:
    """Returns the transform of each windowed piece of a signal.

    Args:
        x: float32 [..., samples].
        sequence_length, sequence_stride: length and distance of pieces.
        fft_length: points of each transform.
        window: 'hann', 'hamming', a tensor of weights, or None.
        center: whether pieces are centred: the signal is mirrored at its ends.

    Returns:
        Real and imaginary parts, [..., pieces, fft_length // 2 + 1].

    Raises:
        OptionError: `fft_length` below `sequence_length`, or no such window.
        ShapeError: a window of another length than `sequence_length`.

    Example:
        >>> from tfjs_pyo import keras
        >>> real, imaginary = keras.ops.stft(keras.ops.ones([8]), 4, 2, 4)
        >>> real.shape
        (5, 3)

    Source: https://keras.io/api/ops/fft/
    """
    if fft_length < sequence_length:
        raise OptionError(f"stft: expected fft_length of {sequence_length} or more, received {fft_length}.")
    x = as_float(x)
    if center:
        half = fft_length // 2
        x = pad(x, [[0, 0]] * (x.rank - 1) + [[half, half]], "reflect")
    pieces = signal.frame(x, fft_length, sequence_stride)
    return _parts(ops.rfft(pieces * _window(window, sequence_length, fft_length), fft_length))


@math_group.op(0)
def istft(
    x: TensorLike,
    sequence_length: int,
    sequence_stride: int,
    fft_length: int,
    length: int | None = None,
    window: Any = "hann",
    center: bool = True,
) -> Tensor:
    """Returns the signal whose `stft` this is: windowed pieces are added up, and divided by the sum of the squared windows.

    Raises:
        ShapeError: x is not a pair of tensors of one shape.

    Example:
        >>> from tfjs_pyo import keras
        >>> spectrum = keras.ops.stft([1.0, 2.0, 3.0, 4.0, 5.0], 4, 2, 4)
        >>> keras.ops.istft(spectrum, 4, 2, 4).numpy().round(4)
        array([1., 2., 3., 4.], dtype=float32)

    Source: https://keras.io/api/ops/fft/
    """
    value = _complex("istft", x)
    weights = _window(window, sequence_length, fft_length)
    pieces = _real_inverse(value, fft_length) * weights
    count = pieces.shape[-2]
    whole = fft_length + sequence_stride * (count - 1)
    places = ops.reshape(ops.range(0, count, 1, "int32") * sequence_stride, [-1, 1]) + ops.range(
        0, fft_length, 1, "int32"
    )
    flat = ops.reshape(pieces, [-1, count * fft_length])
    ids = ops.reshape(places, [-1])
    summed = ops.transpose(ops.unsorted_segment_sum(ops.transpose(flat), ids, whole))
    spread = ops.reshape(ops.broadcast_to(ops.square(weights), [count, fft_length]), [-1])
    norm = ops.unsorted_segment_sum(spread, ids, whole)
    signal_ = ops.reshape(summed / ops.where(norm > 1e-10, norm, 1.0), [*pieces.shape[:-2], whole])
    start = fft_length // 2 if center else 0
    end = start + length if length is not None else whole - (fft_length // 2 if center else 0)
    size = min(end, whole) - start
    begin = [*[0] * (signal_.rank - 1), start]
    return ops.slice(signal_, begin, [*signal_.shape[:-1], size])


__all__ = ["math_group"]
