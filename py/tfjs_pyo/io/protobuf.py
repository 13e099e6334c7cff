"""Protocol buffers: the fields of a message, read and written.

Source: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_LONGEST_VARINT = 10


def fields(data: bytes) -> Iterator[tuple[int, Any]]:
    """Yields the number and the value of each field of a message.

    Raises:
        ValueError, IndexError, struct.error: the bytes are no message.
    """
    place = 0
    while place < len(data):
        key, place = varint(data, place)
        value: Any
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, place = varint(data, place)
        elif kind in (_FIXED64, _FIXED32):
            length = 8 if kind == _FIXED64 else 4
            value = struct.unpack("<d" if kind == _FIXED64 else "<f", data[place : place + length])[0]
            place += length
        elif kind == _BYTES:
            length, place = varint(data, place)
            if place + length > len(data):
                raise ValueError("a field goes beyond their end")
            value, place = data[place : place + length], place + length
        else:
            raise ValueError(f"a field of kind {kind}")
        yield number, value


def varint(data: bytes, place: int) -> tuple[int, int]:
    """Returns the number at a place and the place after it."""
    value = 0
    for count in range(_LONGEST_VARINT):
        byte = data[place + count]
        value |= (byte & 0x7F) << (7 * count)
        if byte < 0x80:
            return value, place + count + 1
    raise ValueError("a number without an end")


def varints(data: bytes) -> list[int]:
    """Returns numbers that stand one after the other."""
    found, place = [], 0
    while place < len(data):
        value, place = varint(data, place)
        found.append(value)
    return found


def signed(value: int) -> int:
    """Returns a number of 64 bits with its sign."""
    return value - 2**64 if value >= 2**63 else value


def as_varint(value: int) -> bytes:
    """Returns a number as a message has it, negative ones in two's complement of 64 bits.

    >>> as_varint(300).hex(), signed(varint(as_varint(-2), 0)[0])
    ('ac02', -2)
    """
    value &= 2**64 - 1
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def delimited(field: int, data: bytes) -> bytes:
    """Returns a field that has a length: a text, bytes, or a message."""
    return as_varint(field << 3 | _BYTES) + as_varint(len(data)) + data


__all__ = ["as_varint", "delimited", "fields", "signed", "varint", "varints"]
