"""`tf.audio`: files of sounds (WAV of 16 bits) as tensors, and the other way round.

Source: https://www.tensorflow.org/api_docs/python/tf/audio
"""

from __future__ import annotations

import sys
from array import array
from io import BytesIO
from typing import Any, NamedTuple

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, FormatError, OptionError, ShapeError
from tfjs_pyo.io.file_errors import format_errors
from tfjs_pyo.later import wave
from tfjs_pyo.options import shown, whole

_SCALE = 1 << 15


class DecodeWav(NamedTuple):
    """What a file of sounds holds: samples from -1 to 1 of shape [samples, channels], and samples a second."""

    audio: Tensor
    sample_rate: Tensor


def decode_wav(contents: Any, desired_channels: int = -1, desired_samples: int = -1) -> DecodeWav:
    """Returns the sound of a WAV file of 16 bits.

    Args:
        contents: the bytes of the file, as `tf.io.read_file` gives them.
        desired_channels: that many; the last one stands for those that are not there. -1: those of the file.
        desired_samples: that many, silence after the end. -1: those of the file.

    Returns:
        `audio`: float32 from -1 to 1, [samples, channels]; `sample_rate`: int32.

    Raises:
        FormatError: the bytes are no such file.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> tf.audio.decode_wav(tf.audio.encode_wav([[0.5], [-0.25]], 8000)).audio.tolist()
        [[0.5], [-0.25]]

    Source: https://www.tensorflow.org/api_docs/python/tf/audio/decode_wav
    """
    data = contents.numpy() if isinstance(contents, Tensor) else contents
    if not isinstance(data, bytes):
        raise ArgumentError(f"tf.audio.decode_wav: expected the bytes of a file, received {shown(contents)}.")
    with format_errors("tf.audio.decode_wav", "a WAV file of 16 bits"), wave.open(BytesIO(data)) as file:
        count, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
        if width != 2:
            raise FormatError(f"tf.audio.decode_wav: expected samples of 16 bits, received {8 * width}.")
        samples = array("h", file.readframes(file.getnframes()))
    if sys.byteorder == "big":
        samples.byteswap()
    sound = ops.tensor(samples, [len(samples) // count, count], "int32") / float(_SCALE)
    return DecodeWav(_sized(sound, int(desired_channels), int(desired_samples)), ops.scalar(rate, "int32"))


def _sized(sound: Tensor, channels: int, samples: int) -> Tensor:
    """Returns a sound of so many channels and samples."""
    rows, columns = sound.shape
    if 0 < channels != columns:
        sound = ops.gather(sound, [min(place, columns - 1) for place in range(channels)], 1)
    if 0 <= samples < rows:
        sound = sound[:samples]
    return ops.pad(sound, [[0, samples - rows], [0, 0]]) if samples > rows else sound


def encode_wav(audio: Any, sample_rate: Any) -> Tensor:
    """Returns the bytes of a WAV file of 16 bits.

    Args:
        audio: float32 from -1 to 1, [samples, channels]; what is louder is limited.
        sample_rate: samples a second.

    Raises:
        ShapeError: audio of another rank.
        OptionError: a rate that is no whole number from 1 on.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> len(tf.audio.encode_wav([[0.5], [-0.25]], 8000).numpy())
        48

    Source: https://www.tensorflow.org/api_docs/python/tf/audio/encode_wav
    """
    sound = audio if isinstance(audio, Tensor) else ops.tensor(audio, None, "float32")
    if sound.rank != 2 or not sound.shape[1]:
        raise ShapeError(f"tf.audio.encode_wav: expected [samples, channels], received shape {sound.shape}.")
    rate = whole(sample_rate.item() if isinstance(sample_rate, Tensor) else sample_rate)
    if rate is None or not 0 < rate < _SCALE << 16:
        raise OptionError(
            f"tf.audio.encode_wav: expected sample_rate from 1 on, such as 44100, received {shown(sample_rate)}."
        )
    scaled = sound * float(_SCALE)
    away = ops.sign(scaled) * ops.floor(ops.abs(scaled) + 0.5)  # halves away from zero
    samples = array("h", map(int, ops.clip_by_value(away, -_SCALE, _SCALE - 1).data_sync()))
    if sys.byteorder == "big":
        samples.byteswap()
    written = BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(sound.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return ops.tensor(written.getvalue(), [], "string")


AUDIO: dict[str, Any] = {"decode_wav": decode_wav, "encode_wav": encode_wav}

__all__ = ["AUDIO"]
