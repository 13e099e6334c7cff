"""Windows and short-time Fourier transforms. Source: https://js.tensorflow.org/api/latest/#Signal"""

from __future__ import annotations

import math as python_math
from collections.abc import Callable

from tfjs_pyo import naming
from tfjs_pyo.core.graph import Node, const
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops import trigonometry
from tfjs_pyo.ops.arithmetic import add, mul, sub
from tfjs_pyo.ops.creation import iota_node, ones
from tfjs_pyo.ops.declare import cast_node, public, wrap
from tfjs_pyo.ops.indexing import gather_node
from tfjs_pyo.ops.movement import pad_node
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.ops.spectral import enclosing_power, rfft
from tfjs_pyo.options import shown, whole
from tfjs_pyo.shapes import MAX_ELEMENTS
from tfjs_pyo.types import TensorLike

__all__ = ["frame", "hamming_window", "hann_window", "stft"]


def _positive(owner: str, **numbers: int) -> None:
    for name, value in numbers.items():
        found = whole(value)
        if found is None or not 1 <= found <= MAX_ELEMENTS:
            raise OptionError(f"{owner}: expected {name} to be a positive integer, received {shown(value)}.")


@naming.bridge
def cosine_window(window_length: int, a: float, b: float) -> Tensor:
    """Returns `a - b cos(2 pi i / n)`, n the length (less 1 if it is odd): a window for Fourier transforms.

    Args:
        window_length: number of elements; a single one is 1.
        a, b: `hann_window` has 0.5 and 0.5, `hamming_window` 0.54 and 0.46.

    Raises:
        OptionError: the length is not a positive integer.

    Source: https://js.tensorflow.org/api/latest/#cosineWindow
    """
    _positive("cosine_window", window_length=window_length)
    if window_length == 1:
        single: Tensor = ones([1])
        return single
    period = window_length - window_length % 2
    index = cast_node(iota_node((window_length,), 0), "float32")
    wave = trigonometry.cos(mul(index, const(2 * python_math.pi / period, "float32")))
    result: Tensor = wrap(sub(const(a, "float32"), mul(wave, const(b, "float32"))))
    return result


@naming.bridge
def hann_window(window_length: int) -> Tensor:
    """Returns a Hann window: a raised cosine from 0 to 1 and back.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.signal.hannWindow(4)
        Tensor
            [0, 0.5, 1, 0.5]

    Source: https://js.tensorflow.org/api/latest/#signal.hannWindow
    """
    return cosine_window(window_length, 0.5, 0.5)


@naming.bridge
def hamming_window(window_length: int) -> Tensor:
    """Returns a Hamming window: a cosine raised a little from 0. Source: https://js.tensorflow.org/api/latest/#signal.hammingWindow"""
    return cosine_window(window_length, 0.54, 0.46)


@tested_with(
    Case(((10,),), (4, 2)),
    Case(((10,),), (4, 3, True)),
    Case(((2, 9),), (3, 4, True, 5.0)),
    Case(((3,),), (4, 1), differentiable=False),
)
@public(method=False)
def frame(
    signal: Node, frame_length: int, frame_step: int, pad_end: bool = False, pad_value: float = 0
) -> Node:
    """Returns overlapping pieces of a signal.

    Args:
        signal: of shape [..., samples].
        frame_length: samples of a piece.
        frame_step: samples from the beginning of one piece to that of the next.
        pad_end: whether pieces that reach beyond the end are kept, filled up with `pad_value`.
        pad_value: a number.

    Returns:
        Tensor of shape [..., frames, frame_length].

    Raises:
        ShapeError: the signal is a scalar.
        OptionError: length or step is not a positive integer.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.signal.frame([1, 2, 3], 2, 1)
        Tensor
            [[1, 2],
             [2, 3]]

    Source: https://js.tensorflow.org/api/latest/#signal.frame
    """
    if not signal.shape:
        raise ShapeError("frame: expected a signal of rank 1 or more, received a scalar.")
    _positive("frame", frame_length=frame_length, frame_step=frame_step)
    samples, last = signal.shape[-1], signal.rank - 1
    if pad_end:
        count = -(-samples // frame_step)
        missing = max(0, (count - 1) * frame_step + frame_length - samples) if count else 0
        signal = pad_node(signal, [(0, 0)] * last + [(0, missing)], pad_value)
    else:
        count = max(0, 1 + (samples - frame_length) // frame_step)
    shape = (count, frame_length)
    places = add(mul(iota_node(shape, 0), const(frame_step, "int32")), iota_node(shape, 1))
    return gather_node(signal, places, last)


@naming.bridge
def stft(
    signal: TensorLike,
    frame_length: int,
    frame_step: int,
    fft_length: int | None = None,
    window_fn: Callable[[int], Tensor] = hann_window,
) -> Tensor:
    """Returns the short-time Fourier transform: that of each windowed piece of a signal.

    Args:
        signal: float32 of shape [..., samples].
        frame_length, frame_step: see `frame`.
        fft_length: points of each transform; default: the power of two that encloses `frame_length`.
        window_fn: gives the weights of a piece for its length.

    Returns:
        complex64 of shape [..., frames, fft_length // 2 + 1].

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.signal.stft(tf.ones([16]), 8, 4).shape
        (3, 5)

    Source: https://js.tensorflow.org/api/latest/#signal.stft
    """
    _positive("stft", frame_length=frame_length, frame_step=frame_step)
    points = enclosing_power(frame_length) if fft_length is None else fft_length
    pieces = frame(signal, frame_length, frame_step)
    result: Tensor = rfft(mul(pieces, window_fn(frame_length)), points)
    return result


def enclosing_power_of_two(value: int) -> int:
    """Returns the least power of two that is not below a positive integer.

    Raises:
        OptionError: the value is not a positive integer.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.enclosingPowerOfTwo(9)
        16

    Source: https://js.tensorflow.org/api/latest/#enclosingPowerOfTwo
    """
    _positive("enclosing_power_of_two", value=value)
    return enclosing_power(value)


__getattr__, __dir__ = naming.module_names(__name__, spelled=True)
