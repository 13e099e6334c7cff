"""The one stream of random keys: counter-based, so the browser and CPython draw the same numbers from the same seed."""

from __future__ import annotations

import os

from tfjs_pyo.errors import OptionError
from tfjs_pyo.options import shown, whole

_MASK = 0xFFFFFFFF


class _Stream:
    """A seed and how many keys were taken from it."""

    def __init__(self) -> None:
        self.seed = int.from_bytes(os.urandom(4), "little")
        self.counter = 0


_stream = _Stream()


def set_seed(seed: int) -> None:
    """Restarts the stream of random numbers.

    Args:
        seed: any integer; after the same seed the same numbers follow.

    Raises:
        OptionError: it is no integer.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.random.setSeed(7)
        >>> first = tf.randomUniform([3]).array_sync()
        >>> tf.random.setSeed(7)
        >>> tf.randomUniform([3]).array_sync() == first
        True
    """
    found = whole(seed)
    if found is None:
        raise OptionError(f"set_seed: expected a whole number, received {shown(seed)}.")
    seed = found
    _stream.seed = mix(seed & _MASK, (seed >> 32) & _MASK)
    _stream.counter = 0


def reserve(count: int) -> int:
    """Takes `count` consecutive keys and returns the first one's number."""
    first = _stream.counter
    _stream.counter = (first + count) & 0x7FFFFFFF
    return first


def seed_word() -> int:
    """Returns the current seed as an unsigned 32-bit word."""
    return _stream.seed


def mix(a: int, b: int) -> int:
    """Returns a 32-bit word that depends on every bit of both words (MurmurHash3's finalizer)."""
    word = (a ^ (b * 0x9E3779B9)) & _MASK
    word = ((word ^ (word >> 16)) * 0x85EBCA6B) & _MASK
    word = ((word ^ (word >> 13)) * 0xC2B2AE35) & _MASK
    return word ^ (word >> 16)


def as_int32(word: int) -> int:
    """Returns the signed 32-bit integer with the bits of an unsigned word."""
    return word - (1 << 32) if word >= 1 << 31 else word
