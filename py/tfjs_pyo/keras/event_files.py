"""Files of events that TensorBoard reads: numbers by tag and step, as records of TensorFlow."""

from __future__ import annotations

import struct
import time
from pathlib import Path

from tfjs_pyo.io.writing import storage_errors

_POLYNOMIAL = 0x82F63B78


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
    value = 0xFFFFFFFF
    for byte in data:
        value = _TABLE[(value ^ byte) & 0xFF] ^ (value >> 8)
    return value ^ 0xFFFFFFFF


def _checked(data: bytes) -> bytes:
    """Returns bytes with the masked checksum that records have."""
    value = crc32c(data)
    masked = ((value >> 15 | value << 17) + 0xA282EAD8) & 0xFFFFFFFF
    return data + struct.pack("<I", masked)


def record(data: bytes) -> bytes:
    """Returns a record of TensorFlow: length and data, each with its checksum."""
    return _checked(struct.pack("<Q", len(data))) + _checked(data)


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def _delimited(field: int, data: bytes) -> bytes:
    """Returns a field of a protocol buffer that has a length."""
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def event(seconds: float, step: int, content: bytes) -> bytes:
    """Returns an event of a time and a step."""
    return b"\x09" + struct.pack("<d", seconds) + b"\x10" + _varint(step) + content


class EventFile:
    """A file of numbers by tag and step.

    Args:
        owner: who writes, for errors.
        folder: where the file comes to be; it is made.
    """

    def __init__(self, owner: str, folder: Path) -> None:
        self._owner = owner
        now = time.time()
        self._path = folder / f"events.out.tfevents.{int(now)}.{time.perf_counter_ns()}.v2"
        with storage_errors(owner, folder, "made"):
            folder.mkdir(parents=True, exist_ok=True)
        self._write(event(now, 0, _delimited(3, b"brain.Event:2")))

    def add(self, tag: str, value: float, step: int) -> None:
        """Writes a number."""
        scalar = _delimited(1, tag.encode()) + b"\x15" + struct.pack("<f", value)
        self._write(event(time.time(), step, _delimited(5, _delimited(1, scalar))))

    def _write(self, data: bytes) -> None:
        with storage_errors(self._owner, self._path, "written"), self._path.open("ab") as file:
            file.write(record(data))


__all__ = ["EventFile", "crc32c", "event", "record"]
