"""Functions of TensorFlow for signals, colours, texts, and random numbers that follow from a seed alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core import engine
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError
from tfjs_pyo.keras import ops as _keras_ops
from tfjs_pyo.keras import random as keras_random
from tfjs_pyo.keras.ops import images
from tfjs_pyo.regex import Pattern
from tfjs_pyo.tensorflow.functions import constant

keras_ops: Any = _keras_ops  # its functions are declared, not written

# Signals


def rfft(input_tensor: Any, fft_length: Any = None) -> Tensor:
    """Returns the first half of the Fourier transforms of rows of real numbers."""
    length = (
        None if fft_length is None else int(fft_length[0] if hasattr(fft_length, "__len__") else fft_length)
    )
    return ops.rfft(constant(input_tensor), length)


def frame(
    signal: Any,
    frame_length: int,
    frame_step: int,
    pad_end: bool = False,
    pad_value: float = 0,
    axis: int = -1,
) -> Tensor:
    """Returns overlapping parts of signals along an axis."""
    moved = keras_ops.moveaxis(constant(signal), axis, -1)
    count = moved.shape[-1]
    frames = -(-count // frame_step) if pad_end else max(0, 1 + (count - frame_length) // frame_step)
    missing = max(0, (frames - 1) * frame_step + frame_length - count) if pad_end else 0
    padded = ops.pad(moved, [[0, 0]] * (moved.ndim - 1) + [[0, missing]], pad_value) if missing else moved
    places = [
        [first + each for each in range(frame_length)] for first in range(0, frames * frame_step, frame_step)
    ]
    made = ops.gather(padded, ops.tensor(places, [frames, frame_length], "int32"), -1)
    place = axis % len(constant(signal).shape)
    return keras_ops.moveaxis(made, (-2, -1), (place, place + 1))


def _window(length: int, periodic: bool, first: float) -> Tensor:
    """Returns first - (1 - first) * cos(2 pi i / n); n the length if it is even and periodic, else one less."""
    if length == 1:
        return ops.ones([1])
    whole = length - 1 + int(periodic and length % 2 == 0)  # as in TensorFlow
    return first - (1 - first) * ops.cos(ops.range(0, length, 1, "float32") * (6.283185307179586 / whole))


def hann_window(window_length: int, periodic: bool = True, dtype: Any = "float32") -> Tensor:
    """Returns a Hann window."""
    return ops.cast(_window(int(window_length), periodic, 0.5), dtype)


def hamming_window(window_length: int, periodic: bool = True, dtype: Any = "float32") -> Tensor:
    """Returns a Hamming window."""
    return ops.cast(_window(int(window_length), periodic, 0.54), dtype)


def stft(
    signals: Any,
    frame_length: int,
    frame_step: int,
    fft_length: int | None = None,
    window_fn: Callable[..., Tensor] | None = hann_window,
    pad_end: bool = False,
) -> Tensor:
    """Returns the Fourier transforms of overlapping parts of signals."""
    frames = frame(signals, int(frame_length), int(frame_step), pad_end)
    if window_fn is not None:
        frames = frames * window_fn(frame_length)
    length = 1 << (int(frame_length) - 1).bit_length() if fft_length is None else int(fft_length)
    return ops.rfft(frames, length)


# Colours


def adjust_gamma(image: Any, gamma: float = 1, gain: float = 1) -> Tensor:
    """Returns gain * image ^ gamma.

    Args:
        image: of any shape.
        gamma: exponent, 0 or more.
        gain: factor.

    Raises:
        OptionError: a negative `gamma`.
    """
    if gamma < 0:
        raise OptionError(f"tf.image.adjust_gamma: expected gamma from 0, received {gamma!r}.")
    return ops.pow(constant(image, "float32"), float(gamma)) * float(gain)


def rgb_to_hsv(images_: Any) -> Tensor:
    """Returns hue, saturation and value of colours."""
    made: Tensor = images.rgb_to_hsv(constant(images_), "channels_last")
    return made


def hsv_to_rgb(images_: Any) -> Tensor:
    """Returns colours of hue, saturation and value."""
    made: Tensor = images.hsv_to_rgb(constant(images_), "channels_last")
    return made


def transposed_image(image: Any) -> Tensor:
    """Returns images with rows for columns."""
    return keras_ops.swapaxes(constant(image), -3, -2)


# Texts


def bytes_split(input: Any) -> Tensor:
    """Returns the bytes of a text, which are characters where it is ASCII.

    Args:
        input: one string.

    Raises:
        OptionError: characters other than ASCII.
    """
    text = constant(input).item()
    if not text.isascii():
        raise OptionError(
            f"tf.strings.bytes_split: expected ASCII, received {text!r}; use tf.strings.unicode_split."
        )
    return ops.tensor(list(text), [len(text)], "string")


def format_(template: str, inputs: Any, placeholder: str = "{}", summarize: int = 3) -> Tensor:
    """Returns a text with values in the places of a placeholder.

    Args:
        template: the text.
        inputs: a value, or a list of one for each placeholder.
        placeholder: what is replaced.
        summarize: how many elements are shown at either end of an axis; -1 for all.

    Raises:
        OptionError: more or fewer values than placeholders.
    """
    values = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
    parts = template.split(placeholder)
    if len(parts) != len(values) + 1:
        raise OptionError(
            f"tf.strings.format: expected {len(parts) - 1} values for the placeholders, received {len(values)}."
        )
    texts = [_shown(constant(value).tolist(), summarize) for value in values]
    whole = parts[0] + "".join(text + part for text, part in zip(texts, parts[1:], strict=True))
    return ops.tensor(whole, [], "string")


def _shown(value: Any, summarize: int) -> str:
    """Returns a value as TensorFlow prints it: blanks between elements, those in the middle left out."""
    if not isinstance(value, list):
        return (
            f'"{value}"'
            if isinstance(value, str)
            else f"{value:g}"
            if isinstance(value, float)
            else str(value)
        )
    few = [_shown(each, summarize) for each in value]
    if summarize != -1 and len(few) > 2 * summarize:
        few = [*few[:summarize], "...", *few[-summarize:]]
    return "[" + ("\n " if value and isinstance(value[0], list) else " ").join(few) + "]"


def regex_full_match(input: Any, pattern: str) -> Tensor:
    """Returns whether a regular expression, in RE2's syntax, matches whole texts."""
    texts = constant(input)
    compiled = Pattern(f"^(?:{pattern})$")
    found = [any(True for _ in compiled.matches(text)) for text in ops.reshape(texts, [-1]).array_sync()]
    return ops.tensor(found, texts.shape, "bool")


# Random numbers of a seed


def _seed(seed: Any) -> int:
    """Returns one number of a seed of two."""
    first, second = (int(each) for each in engine.import_numpy("tf.random").asarray(seed).reshape(-1)[:2])
    return (first * 1_000_003 + second) % (2**31 - 1)


def stateless_uniform(
    shape: Any, seed: Any, minval: Any = 0, maxval: Any = None, dtype: Any = "float32"
) -> Tensor:
    """Returns numbers drawn evenly, the same for the same seed; others than TensorFlow's.

    Args:
        shape: sizes of the tensor.
        seed: two numbers.
        minval: the least number.
        maxval: the end of the range, which is not drawn; default: 1 for floats.
        dtype: 'float32' or 'int32'.

    Raises:
        OptionError: integers without `maxval`.
    """
    whole = str(dtype).startswith(("int", "uint"))
    if maxval is None and whole:
        raise OptionError("tf.random.stateless_uniform: expected 'maxval' to be given for integers.")
    if whole:
        return ops.random_uniform_int(_sizes(shape), int(minval), int(maxval), _seed(seed))
    return ops.random_uniform(_sizes(shape), minval, 1 if maxval is None else maxval, "float32", _seed(seed))


def stateless_normal(
    shape: Any, seed: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = "float32"
) -> Tensor:
    """Returns normally distributed numbers, the same for the same seed; others than TensorFlow's."""
    return ops.random_normal(_sizes(shape), mean, stddev, dtype, _seed(seed))


def stateless_truncated_normal(
    shape: Any, seed: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = "float32"
) -> Tensor:
    """Returns numbers within two deviations, the same for the same seed; others than TensorFlow's."""
    return ops.truncated_normal(_sizes(shape), mean, stddev, dtype, _seed(seed))


def stateless_categorical(logits: Any, num_samples: int, seed: Any, dtype: Any = "int32") -> Tensor:
    """Returns classes drawn by their unnormalized log-probabilities, the same for the same seed."""
    return ops.cast(ops.multinomial(constant(logits), num_samples, _seed(seed)), dtype)


def poisson(shape: Any, lam: Any, dtype: Any = "float32", seed: Any = None) -> Tensor:
    """Returns numbers drawn from Poisson distributions, for each of them as many as `shape` says."""
    np = engine.import_numpy("tf.random.poisson")
    rates = np.asarray(constant(lam))
    state = int(keras_random.randint((), 0, 2**31 - 1, seed=seed).item())
    drawn = np.random.default_rng(state).poisson(rates, (*_sizes(shape), *rates.shape))
    return ops.tensor(drawn.astype("float32"), dtype=dtype)


def _sizes(shape: Any) -> list[int]:
    return [int(size) for size in (shape.tolist() if hasattr(shape, "tolist") else shape)]
