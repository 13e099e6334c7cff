"""Writes HDF5, in which Keras keeps weights: groups, datasets as they are, attributes of text.

Groups have their links in their headers, whatever their number; values lie in one piece, in little-endian order. Long texts
are kept in heaps of their own, as a header takes 64 KiB.

Source: https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

from tfjs_pyo.errors import ArgumentError

SIGNATURE = b"\x89HDF\r\n\x1a\n"
_NOWHERE = b"\xff" * 8
_SMALLEST_HEAP = 4096
_LONGEST = 65_000
"""Bytes of an attribute that fit into a header."""


def _integer(size: int, signed: bool) -> bytes:
    return struct.pack("<BBBBIHH", 0x10, 8 if signed else 0, 0, 0, size, 0, 8 * size)


_BOOL = b"".join((
    struct.pack("<BBBBI", 0x18, 2, 0, 0, 1), _integer(1, True), b"FALSE\0\0\0", b"TRUE\0\0\0\0", b"\0\1",
))  # fmt: skip
_TYPES = {
    "float32": struct.pack("<BBBBIHHBBBBI", 0x11, 0x20, 31, 0, 4, 0, 32, 23, 8, 0, 23, 127),
    "float64": struct.pack("<BBBBIHHBBBBI", 0x11, 0x20, 63, 0, 8, 0, 64, 52, 11, 0, 52, 1023),
    **{f"int{8 * size}": _integer(size, True) for size in (1, 2, 4, 8)},
    **{f"uint{8 * size}": _integer(size, False) for size in (1, 2, 4, 8)},
    "bool": _BOOL,
}
"""Messages that tell datatypes."""
SIZES = {
    "float32": 4, "float64": 8, "bool": 1,
    **{f"{kind}{8 * size}": size for kind in ("int", "uint") for size in (1, 2, 4, 8)},
}  # fmt: skip
"""Bytes of an element."""
_TEXT = struct.pack("<BBBBI", 0x19, 1, 1, 0, 16) + struct.pack("<BBBBI", 0x13, 0x10, 0, 0, 1)
"""UTF-8 of any length."""


@dataclass(frozen=True)
class Dataset:
    """Values with a shape.

    Attributes:
        data: bytes of the elements, little-endian.
        shape: their shape.
        dtype: a name of NumPy's.
    """

    data: bytes
    shape: tuple[int, ...]
    dtype: str

    def __post_init__(self) -> None:
        if len(self.data) != math.prod(self.shape) * SIZES[self.dtype]:
            raise ArgumentError(
                f"HDF5: expected {math.prod(self.shape) * SIZES[self.dtype]} bytes for shape {self.shape} of {self.dtype}, "
                f"received {len(self.data)}."
            )


@dataclass
class Group:
    """A folder of a file.

    Attributes:
        items: what is in it, by name.
        attributes: texts, and lists of texts.
    """

    items: dict[str, Group | Dataset] = field(default_factory=dict)
    attributes: dict[str, str | list[str]] = field(default_factory=dict)

    def group(self, path: str) -> Group:
        """Returns the group of a path below this one, which is made unless it is there."""
        found = self
        for name in path.split("/"):
            if name:
                inner = found.items.setdefault(name, Group())
                if not isinstance(inner, Group):
                    raise ArgumentError(f"HDF5: expected a group at {path!r}, but there is a dataset.")
                found = inner
        return found


def hdf5_bytes(root: Group) -> bytes:
    """Returns the bytes of a file with a group as its root."""
    file = _File()
    address = file.group(root)
    start = struct.pack("<BBBBBBBBHHI", 0, 0, 0, 0, 0, 8, 8, 0, 4, 16, 0)
    places = struct.pack("<Q", 0) + _NOWHERE + struct.pack("<Q", file.length) + _NOWHERE
    entry = struct.pack("<QQII16x", 0, address, 0, 0)
    return b"".join((SIGNATURE, start, places, entry, *file.parts))


class _File:
    """The bytes after the first block."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.length = 96

    def _add(self, content: bytes) -> int:
        """Adds bytes; returns their address."""
        address = self.length
        padded = content + bytes(-len(content) % 8)
        self.parts.append(padded)
        self.length += len(padded)
        return address

    def group(self, group: Group) -> int:
        """Adds a group with all that is in it; returns the address of its header."""
        links = []
        for name, item in group.items.items():
            address = self.group(item) if isinstance(item, Group) else self._dataset(item)
            encoded = name.encode()
            links.append(
                (6, struct.pack("<BBBH", 1, 0x11, 1, len(encoded)) + encoded + struct.pack("<Q", address))
            )
        attributes = [
            message for name, value in group.attributes.items() for message in self._attribute(name, value)
        ]
        return self._header([(2, b"\0\0" + _NOWHERE * 2), (10, b"\0\0"), *links, *attributes])

    def _dataset(self, dataset: Dataset) -> int:
        address = struct.pack("<Q", self._add(dataset.data)) if dataset.data else _NOWHERE
        layout = struct.pack("<BB", 3, 1) + address + struct.pack("<Q", len(dataset.data))
        fill = struct.pack("<BBBBI", 2, 2, 2, 1, 0)
        messages = [(1, _space(dataset.shape)), (3, _TYPES[dataset.dtype]), (5, fill), (8, layout)]
        return self._header(messages)

    def _header(self, messages: Sequence[tuple[int, bytes]]) -> int:
        packed = []
        for kind, content in messages:
            padded = content + bytes(-len(content) % 8)
            packed.append(struct.pack("<HHB3x", kind, len(padded), 0) + padded)
        body = b"".join(packed)
        return self._add(struct.pack("<BBHII4x", 1, 0, len(messages), 1, len(body)) + body)

    def _attribute(self, name: str, value: str | list[str]) -> list[tuple[int, bytes]]:
        """Returns the messages of an attribute: a text lies in a heap; long lists are cut, and numbered as Keras does it."""
        if isinstance(value, str):
            return [_attribute(name, _TEXT, (), self._text(value.encode()))]
        encoded = [each.encode() for each in value]
        width = max(map(len, encoded), default=0) or 1
        count = max(1, _LONGEST // width)
        kind = struct.pack("<BBBBI", 0x13, 0x11, 0, 0, width)
        parts = [encoded[start : start + count] for start in range(0, len(encoded), count)] or [[]]
        return [
            _attribute(
                name if len(parts) == 1 else f"{name}{number}",
                kind,
                (len(part),),
                b"".join(each.ljust(width, b"\0") for each in part),
            )
            for number, part in enumerate(parts)
        ]

    def _text(self, content: bytes) -> bytes:
        """Adds a text in a heap of its own; returns where it is."""
        item = struct.pack("<HH4xQ", 1, 1, len(content)) + content + bytes(-len(content) % 8)
        size = max(_SMALLEST_HEAP, 16 + len(item) + 16)
        rest = size - 16 - len(item)
        heap = b"GCOL" + struct.pack("<B3xQ", 1, size) + item + struct.pack("<HH4xQ", 0, 0, rest)
        address = self._add(heap + bytes(rest - 16))
        return struct.pack("<IQI", len(content), address, 1)


def _space(shape: tuple[int, ...]) -> bytes:
    return struct.pack(f"<BBB5x{len(shape)}Q", 1, len(shape), 0, *shape)


def _attribute(name: str, kind: bytes, shape: tuple[int, ...], value: bytes) -> tuple[int, bytes]:
    parts = [name.encode() + b"\0", kind, _space(shape)]
    sizes = struct.pack("<BxHHH", 1, *map(len, parts))
    return 12, sizes + b"".join(part + bytes(-len(part) % 8) for part in parts) + value


__all__ = ["SIGNATURE", "SIZES", "Dataset", "Group", "hdf5_bytes"]
