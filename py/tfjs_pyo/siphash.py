"""SipHash-2-4: the keyed hash behind TensorFlow's strong string buckets.

Written from the paper (Aumasson and Bernstein, 2012); Python has it only as the hash of strings, whose key cannot be chosen.
"""

from __future__ import annotations

_MASK = (1 << 64) - 1
_START = (0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573)


def siphash64(data: bytes, key: tuple[int, int]) -> int:
    """Returns the 64-bit hash of bytes.

    Args:
        data: what is hashed.
        key: two numbers of 64 bits, of which negative ones are taken modulo 2^64.

    >>> hex(siphash64(bytes(range(15)), (0x0706050403020100, 0x0F0E0D0C0B0A0908)))
    '0xa129ca6149be45e5'
    """
    first, second = (each & _MASK for each in key)
    state = [first ^ _START[0], second ^ _START[1], first ^ _START[2], second ^ _START[3]]
    whole = len(data) // 8 * 8
    last = int.from_bytes(data[whole:], "little") | (len(data) & 0xFF) << 56
    for start in range(0, whole, 8):
        _take(state, int.from_bytes(data[start : start + 8], "little"))
    _take(state, last)
    state[2] ^= 0xFF
    for _ in range(4):
        _turn(state)
    return state[0] ^ state[1] ^ state[2] ^ state[3]


def _take(state: list[int], word: int) -> None:
    """Mixes eight bytes in."""
    state[3] ^= word
    _turn(state)
    _turn(state)
    state[0] ^= word


def _turn(v: list[int]) -> None:
    v[0] = v[0] + v[1] & _MASK
    v[2] = v[2] + v[3] & _MASK
    v[1], v[3] = _rotate(v[1], 13) ^ v[0], _rotate(v[3], 16) ^ v[2]
    v[0] = _rotate(v[0], 32) + v[3] & _MASK
    v[2] = v[2] + v[1] & _MASK
    v[1], v[3] = _rotate(v[1], 17) ^ v[2], _rotate(v[3], 21) ^ v[0]
    v[2] = _rotate(v[2], 32)


def _rotate(x: int, bits: int) -> int:
    return (x << bits | x >> 64 - bits) & _MASK


__all__ = ["siphash64"]
