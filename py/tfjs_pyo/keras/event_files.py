"""Files of events that TensorBoard reads: numbers by tag and step, as records of TensorFlow."""

from __future__ import annotations

import struct
import time
from pathlib import Path

from tfjs_pyo.io.file_errors import storage_errors
from tfjs_pyo.io.protobuf import as_varint, delimited
from tfjs_pyo.io.records import record


def event(seconds: float, step: int, content: bytes) -> bytes:
    """Returns an event of a time and a step."""
    return b"\x09" + struct.pack("<d", seconds) + b"\x10" + as_varint(step) + content


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
        self._write(event(now, 0, delimited(3, b"brain.Event:2")))

    def add(self, tag: str, value: float, step: int) -> None:
        """Writes a number."""
        scalar = delimited(1, tag.encode()) + b"\x15" + struct.pack("<f", value)
        self._write(event(time.time(), step, delimited(5, delimited(1, scalar))))

    def _write(self, data: bytes) -> None:
        with storage_errors(self._owner, self._path, "written"), self._path.open("ab") as file:
            file.write(record(data))


__all__ = ["EventFile", "event"]
