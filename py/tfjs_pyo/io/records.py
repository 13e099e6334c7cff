"""Records of TensorFlow (TFRecord): bytes one after the other, each with its length and with checksums.

Source: https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO

from tfjs_pyo.errors import FormatError

_POLYNOMIAL = 0x82F63B78
_HEAD = 12
_CHUNK = 1 << 20


def _row(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (_POLYNOMIAL if byte & 1 else 0)
    return byte


_TABLE = [_row(byte) for byte in range(256)]


def crc32c(data: bytes) -> int:
    """Returns the checksum (Castagnoli) of bytes.

    >>> hex(crc32c(b"123456789"))
    '0xe3069283'
    """
    value, table = 0xFFFFFFFF, _TABLE
    for byte in data:
        value = table[(value ^ byte) & 0xFF] ^ (value >> 8)
    return value ^ 0xFFFFFFFF


def _checksum(data: bytes) -> bytes:
    """Returns the masked checksum that follows bytes in a record."""
    value = crc32c(data)
    return struct.pack("<I", ((value >> 15 | value << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def record(data: bytes) -> bytes:
    """Returns a record: length and data, each with its checksum."""
    length = struct.pack("<Q", len(data))
    return length + _checksum(length) + data + _checksum(data)


def records(file: IO[bytes], where: str) -> Iterator[bytes]:
    """Yields the data of each record of a file.

    Args:
        file: at its beginning.
        where: for errors.

    Raises:
        FormatError: it ends within a record, or a checksum is wrong.
    """
    number = 0
    while head := file.read(_HEAD):
        if len(head) < _HEAD or head[8:] != _checksum(head[:8]):
            raise FormatError(
                f"{where}: expected a record of TensorFlow, received other bytes at record {number}."
            )
        length: int = struct.unpack("<Q", head[:8])[0]
        data, check = _read(file, length), file.read(4)
        if len(data) < length or len(check) < 4:
            raise FormatError(
                f"{where}: expected {length} bytes in record {number}, but the file ends before."
            )
        if check != _checksum(data):
            raise FormatError(f"{where}: the checksum of record {number} is wrong: the file is damaged.")
        yield data
        number += 1


def _read(file: IO[bytes], length: int) -> bytes:
    """Returns so many bytes, or those that there are: a length that lies takes no memory."""
    parts = []
    while length and (part := file.read(min(length, _CHUNK))):
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


__all__ = ["crc32c", "record", "records"]
