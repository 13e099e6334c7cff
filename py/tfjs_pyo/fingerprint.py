"""FarmHash's Fingerprint64: the hash behind TensorFlow's string buckets, stable across platforms and time.

Written from the published algorithm (https://github.com/google/farmhash); no pure-Python package has it.
"""

from __future__ import annotations

_MASK = (1 << 64) - 1
_CAT = 0xC6A4A7935BD1E995
_K0, _K1, _K2 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F


def fingerprint64(data: bytes) -> int:
    """Returns the 64-bit fingerprint of bytes.

    >>> hex(fingerprint64(b""))
    '0x9ae16a3b2f90404f'
    """
    if len(data) <= 16:
        return _up_to_16(data)
    if len(data) <= 32:
        return _up_to_32(data)
    return _up_to_64(data) if len(data) <= 64 else _longer(data)


def concatenated64(first: int, second: int) -> int:
    """Returns the fingerprint of two things of which each has one, as TensorFlow crosses features."""
    mixed = first ^ _CAT ^ _shift_mix(second * _CAT) * _CAT & _MASK
    return _shift_mix(_shift_mix(mixed * _CAT) * _CAT)


def _word(data: bytes, start: int, length: int = 8) -> int:
    return int.from_bytes(data[start : start + length], "little")


def _rotate(x: int, bits: int) -> int:
    x &= _MASK
    return ((x >> bits) | (x << (64 - bits))) & _MASK


def _shift_mix(x: int) -> int:
    x &= _MASK
    return x ^ (x >> 47)


def _mix(u: int, v: int, factor: int) -> int:
    """Hashes two words to one."""
    a = _shift_mix((u ^ v) * factor)
    b = _shift_mix(((v & _MASK) ^ a) * factor)
    return b * factor & _MASK


def _up_to_16(data: bytes) -> int:
    n = len(data)
    factor = _K2 + 2 * n
    if n >= 8:
        a, b = _word(data, 0) + _K2, _word(data, n - 8)
        return _mix(_rotate(b, 37) * factor + a & _MASK, (_rotate(a, 25) + b) * factor & _MASK, factor)
    if n >= 4:
        return _mix(n + (_word(data, 0, 4) << 3), _word(data, n - 4, 4), factor)
    if n:
        y = data[0] + (data[n >> 1] << 8)
        z = n + (data[n - 1] << 2)
        return _shift_mix(y * _K2 & _MASK ^ z * _K0 & _MASK) * _K2 & _MASK
    return _K2


def _ends(data: bytes, first: int, factor: int) -> tuple[int, int, int]:
    """Returns what the hashes of 17 to 64 bytes share: two words over both ends, and the first word times `first`."""
    n = len(data)
    a, b = _word(data, 0) * first, _word(data, 8)
    c, d = _word(data, n - 8) * factor, _word(data, n - 16) * _K2
    y = _rotate(a + b, 43) + _rotate(c, 30) + d & _MASK
    return y, a + _rotate(b + _K2, 18) + c & _MASK, a & _MASK


def _up_to_32(data: bytes) -> int:
    factor = _K2 + 2 * len(data)
    y, z, _ = _ends(data, _K1, factor)
    return _mix(y, z, factor)


def _up_to_64(data: bytes) -> int:
    n = len(data)
    factor = _K2 + 2 * n
    y, z, a = _ends(data, _K2, factor)
    z = _mix(y, z, factor)
    e, f = _word(data, 16) * factor, _word(data, 24)
    g = (y + _word(data, n - 32)) * factor
    h = (z + _word(data, n - 24)) * factor
    return _mix(_rotate(e + f, 43) + _rotate(g, 30) + h & _MASK, e + _rotate(f + a, 18) + g & _MASK, factor)


def _weak(data: bytes, start: int, a: int, b: int) -> tuple[int, int]:
    """Hashes 32 bytes with two seeds to two words."""
    w, x, y, z = (_word(data, start + 8 * i) for i in range(4))
    a += w
    b = _rotate(b + a + z, 21)
    c = a
    a += x + y
    b += _rotate(a, 44)
    return a + z & _MASK, b + c & _MASK


def _round(
    data: bytes, at: int, state: tuple[int, ...], factor: int, w_factor: int
) -> tuple[int, int, int, int, int, int, int]:
    """Takes 64 bytes into the state (x, y, z and two pairs)."""
    x, y, z, v0, v1, w0, w1 = state
    x = _rotate(x + y + v0 + _word(data, at + 8), 37) * factor
    y = _rotate(y + v1 + _word(data, at + 48), 42) * factor
    x = (x & _MASK) ^ (w1 * w_factor & _MASK)
    y = y + v0 * w_factor + _word(data, at + 40) & _MASK
    z = _rotate(z + w0, 33) * factor & _MASK
    v0, v1 = _weak(data, at, v1 * factor, x + w0)
    w0, w1 = _weak(data, at + 32, z + w1, y + _word(data, at + 16))
    return z, y, x, v0, v1, w0, w1


def _longer(data: bytes) -> int:
    n = len(data)
    x, y = 81, 81 * _K1 + 113 & _MASK
    z = _shift_mix(y * _K2 + 113) * _K2 & _MASK
    x = x * _K2 + _word(data, 0)
    state: tuple[int, ...] = (x, y, z, 0, 0, 0, 0)
    end = (n - 1) // 64 * 64
    for at in range(0, end, 64):
        state = _round(data, at, state, _K1, 1)
    x, y, z, v0, v1, w0, w1 = state
    factor = _K1 + ((z & 0xFF) << 1)
    w0 += n - 1 & 63
    v0 += w0
    w0 += v0
    x, y, z, v0, v1, w0, w1 = _round(data, n - 64, (x, y, z, v0, v1, w0, w1), factor, 9)
    return _mix(
        _mix(v0, w0, factor) + _shift_mix(y) * _K0 + z & _MASK, _mix(v1, w1, factor) + x & _MASK, factor
    )
