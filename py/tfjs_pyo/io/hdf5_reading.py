"""Reads HDF5, in which Keras keeps weights: groups, attributes, and datasets in one piece or in chunks, compressed or not.

What is broken raises FormatError, in a time that is bounded by the length of the file. Links to other files, and what Keras
never writes, such as records, are refused.

Source: https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

from tfjs_pyo.errors import FormatError
from tfjs_pyo.io.hdf5_heaps import NOWHERE, Source, dense_objects, local_name
from tfjs_pyo.io.hdf5_writing import SIGNATURE

_END_OF_FILE = {0: 40, 1: 44}
"""Where the first block of a file tells its length, by the version of the block; 28 in later ones."""
_MOST_PACKED = 100
"""How many times larger than a file its compressed values may be; Keras compresses none."""
_DEEPEST = 64


@dataclass(frozen=True)
class Datatype:
    """What elements are.

    Attributes:
        kind: 'f', 'i', 'u', 'b' (bool), 'S' (text of a length), 'O' (text of any length).
        size: bytes of an element.
        big_endian: whether the highest byte comes first.
    """

    kind: str
    size: int
    big_endian: bool = False


class Node:
    """A group or a dataset of a file."""

    def __init__(self, file: HDF5File, address: int, depth: int = 0) -> None:
        if depth > _DEEPEST:
            raise FormatError(f"HDF5: expected at most {_DEEPEST} levels of groups.")
        self._file = file
        self._depth = depth
        self._messages = list(_messages(file.source, address))

    def message(self, kind: int) -> bytes | None:
        """Returns the first message of a kind in the header."""
        return next((content for each, content in self._messages if each == kind), None)

    @cached_property
    def attrs(self) -> dict[str, Any]:
        """Texts, and lists of texts; others as None."""
        source = self._file.source
        found: dict[str, Any] = {}
        dense = self.message(0x15)
        told = [content for kind, content in self._messages if kind == 0x0C]
        if dense is not None:
            place = 2 + 2 * (dense[1] & 1)
            told += dense_objects(source, *struct.unpack_from("<QQ", dense, place))
        for content in told:
            name, value = _attribute(source, content)
            found[name] = value
        return found


class Group(Node):
    """A folder of a file."""

    @cached_property
    def _links(self) -> dict[str, int]:
        source = self._file.source
        found: dict[str, int] = {}
        table, info = self.message(0x11), self.message(0x02)
        if table is not None:
            found.update(_old_links(source, *struct.unpack_from("<QQ", table)))
        told = [content for kind, content in self._messages if kind == 0x06]
        if info is not None:
            told += dense_objects(source, *struct.unpack_from("<QQ", info, 2 + 8 * (info[1] & 1)))
        for content in told:
            name, address = _link(content)
            found[name] = address
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._links))

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None

    def get(self, path: str, default: Any = None) -> Any:
        """Returns the group or the dataset of a path below this one."""
        first, _, rest = path.strip("/").partition("/")
        if first not in self._links:
            return default
        found = self._file.node(self._links[first], self._depth + 1)
        if not rest:
            return found
        return found.get(rest, default) if isinstance(found, Group) else default

    def __getitem__(self, path: str) -> Any:
        found = self.get(path)
        if found is None:
            raise FormatError(f"HDF5: expected a group or a dataset {path[:80]!r} in the file itself.")
        return found


class Dataset(Node):
    """Values with a shape."""

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Its shape."""
        return _shape(self.message(0x01) or b"")

    @cached_property
    def dtype(self) -> Datatype:
        """What its elements are."""
        return _datatype(self.message(0x03) or b"")

    def values(self, name: str) -> bytes:
        """Returns the bytes of the elements, in row-major order.

        Args:
            name: for errors.

        Raises:
            FormatError: there would be more than the file can hold, or they are stored in a way that is not read here.
        """
        layout, size = self.message(0x08) or b"\0", math.prod(self.shape) * self.dtype.size
        version, kind = layout[0], layout[1] if layout[0] >= 3 else layout[2]
        filters = _filters(self.message(0x0B))
        self._file.take_room(name, self.shape, size, packed=kind == 2 and bool(filters))
        if version not in (1, 2, 3) and not (version == 4 and kind < 2):
            raise FormatError(
                f"HDF5: {name[:80]!r}: expected a layout of version 1 to 3, received {version}."
            )
        if kind == 0:
            place = 4 if version >= 3 else 8 + 4 * layout[1]
            held = layout[place : place + size] if version >= 3 else layout[place + 4 : place + 4 + size]
            return held.ljust(size, b"\0")
        if kind == 1:
            (address,) = struct.unpack_from("<Q", layout, 2 if version >= 3 else 8)
            return bytes(size) if address == NOWHERE else self._file.source.read(address, size)
        return self._chunks(layout, filters, size)

    def _chunks(self, layout: bytes, filters: list[tuple[int, tuple[int, ...]]], size: int) -> bytes:
        rank, version = len(self.shape), layout[0]
        count, place = (layout[2], 3) if version >= 3 else (layout[1], 8)
        (address,) = struct.unpack_from("<Q", layout, place)
        chunk = struct.unpack_from(f"<{count}I", layout, place + 8)[:rank]
        width = self.dtype.size
        length, result = math.prod(chunk) * width, bytearray(size)
        if len(chunk) != rank or not all(chunk):
            raise FormatError("HDF5: the file is broken: chunks of another rank than their dataset.")
        if address != NOWHERE and size:
            for start, stored, mask, where in _chunk_places(self._file.source, address, rank):
                data = _unpacked(self._file.source.read(where, stored), filters, mask, length, width)
                self._place(result, data, start, chunk)
        return bytes(result)

    def _place(self, result: bytearray, data: bytes, start: tuple[int, ...], chunk: tuple[int, ...]) -> None:
        """Copies a chunk to its place, row by row."""
        width, shape = self.dtype.size, self.shape
        if not shape:
            result[:] = data[: len(result)]
            return
        ends = [min(begin + dim, whole) for begin, dim, whole in zip(start, chunk, shape, strict=True)]
        counts = [end - begin for begin, end in zip(start, ends, strict=True)]
        if min(counts) <= 0:
            return
        row = counts[-1] * width
        for index in product(*map(range, counts[:-1])):
            self._file.source.step()
            source = target = 0
            for place, begin, dim, whole in zip((*index, 0), start, chunk, shape, strict=True):
                source, target = source * dim + place, target * whole + begin + place
            result[target * width : target * width + row] = data[source * width : source * width + row]


class HDF5File(Group):
    """A file; as a group its root.

    Args:
        content: its bytes.

    Raises:
        FormatError: it is broken.
    """

    def __init__(self, content: bytes) -> None:
        if content[:8] != SIGNATURE:
            raise FormatError("HDF5: expected the first bytes of an HDF5 file.")
        version = content[8]
        (end,) = struct.unpack_from("<Q", content, _END_OF_FILE.get(version, 28))
        if len(content) < end:
            raise FormatError(
                f"HDF5: the file is broken: it should have {end} bytes, but has {len(content)}."
            )
        if (content[13:15] if version < 2 else content[9:11]) != b"\x08\x08":
            raise FormatError("HDF5: expected addresses and lengths of 8 bytes.")
        self.source = Source(content)
        self._plain = self._packed = 0
        root = {0: 64, 1: 68}.get(version, 36)
        super().__init__(self, struct.unpack_from("<Q", content, root)[0])

    def node(self, address: int, depth: int) -> Group | Dataset:
        """Returns the group or the dataset at an address."""
        found = Group(self, address, depth)
        return Dataset(self, address, depth) if found.message(0x08) is not None else found

    def take_room(self, name: str, shape: tuple[int, ...], size: int, packed: bool) -> None:
        """Counts the bytes of values: what is not compressed may be as many as the file has, the rest more.

        Raises:
            FormatError: there are too many.
        """
        self._packed += size if packed else 0
        self._plain += 0 if packed else size
        length = len(self.source.content)
        if self._plain > length or self._packed > length * _MOST_PACKED:
            raise FormatError(
                f"HDF5: {name[:80]!r}: the file of {length} bytes cannot hold {size} bytes, which shape "
                f"{str(shape)[:80]} needs, beside the others."
            )


# Headers


def _messages(source: Source, address: int) -> Iterator[tuple[int, bytes]]:
    """Yields kind and content of each message of a header."""
    new = source.read(address, 4) == b"OHDR"
    if new:
        flags = source.read(address + 5, 1)[0]
        start = address + 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
        width = 1 << (flags & 3)
        blocks = [(start + width, int.from_bytes(source.read(start, width), "little"))]
        head = 6 if flags & 4 else 4
    else:
        (length,) = struct.unpack("<I", source.read(address + 8, 4))
        blocks, head = [(address + 16, length)], 8
    met = set()
    while blocks:
        place, length = blocks.pop(0)
        if place in met:
            raise FormatError("HDF5: the file is broken: parts of it point at each other without an end.")
        met.add(place)
        block, at = source.read(place, length), 0
        while at + head <= len(block):
            source.step()
            kind, size, flags = (
                struct.unpack_from("<BHB", block, at) if new else struct.unpack_from("<HHB", block, at)
            )
            content = block[at + head : at + head + size]
            at += head + size
            if flags & 2:
                raise FormatError("HDF5: expected what a header says in itself, not in another one.")
            if kind == 0x10:
                where, length = struct.unpack_from("<QQ", content)
                blocks.append((where + 4, length - 8) if new else (where, length))
            else:
                yield kind, content


def _shape(content: bytes) -> tuple[int, ...]:
    if len(content) < 4:
        raise FormatError("HDF5: the file is broken: a dataset has no shape.")
    version, rank = content[:2]
    return struct.unpack_from(f"<{rank}Q", content, 8 if version == 1 else 4)


def _datatype(content: bytes) -> Datatype:
    """Returns what a message says of elements."""
    if len(content) < 8:
        raise FormatError("HDF5: the file is broken: a dataset has no type.")
    kind, bits, size = content[0] & 15, content[1], struct.unpack_from("<I", content, 4)[0]
    if kind in (0, 1) and size in (1, 2, 4, 8):
        return Datatype("f" if kind else "i" if bits & 8 else "u", size, bool(bits & 1))
    if kind == 3:
        return Datatype("S", size)
    if kind == 8:
        is_bool = size == 1 and b"FALSE\0" in content and b"TRUE\0" in content
        return Datatype("b", 1) if is_bool else _datatype(content[8:])
    if kind == 9 and bits & 15 == 1:
        return Datatype("O", 16)
    raise FormatError(f"HDF5: expected numbers or texts, received values of kind {kind} with {size} bytes.")


def _attribute(source: Source, content: bytes) -> tuple[str, Any]:
    """Returns the name of an attribute, and its value if that is text."""
    version = content[0]
    sizes = struct.unpack_from("<HHH", content, 2)
    at, parts = 9 if version == 3 else 8, []
    for size in sizes:
        parts.append(content[at : at + size])
        at += size + (-size % 8 if version == 1 else 0)
    name = parts[0].split(b"\0")[0].decode(errors="replace")
    if parts[1][:1] and parts[1][0] & 15 not in (3, 9):
        return name, None
    kind, shape = _datatype(parts[1]), _shape(parts[2])
    count = math.prod(shape)
    if count * kind.size > len(content) - at:
        raise FormatError(f"HDF5: the attribute {name[:80]!r} is broken: it has fewer values than it says.")
    values = [
        _text(source, kind, content[at + n * kind.size : at + (n + 1) * kind.size]) for n in range(count)
    ]
    return name, values if shape else values[0]


def _text(source: Source, kind: Datatype, content: bytes) -> str:
    """Returns a text: of a fixed length, or one that lies in a heap."""
    if kind.kind == "O":
        length, address, number = struct.unpack("<IQI", content)
        content = source.heap_object(address, number)[:length] if length else b""
    return content.rstrip(b"\0").decode(errors="replace")


# Links


def _link(content: bytes) -> tuple[str, int]:
    """Returns the name of a link and where it leads; -1 if that is not in this file."""
    flags = content[1]
    kind = content[2] if flags & 8 else 0
    at = 2 + (1 if flags & 8 else 0) + (8 if flags & 4 else 0) + (1 if flags & 16 else 0)
    width = 1 << (flags & 3)
    length = int.from_bytes(content[at : at + width], "little")
    name = content[at + width : at + width + length]
    if kind != 0:
        raise FormatError(
            f"HDF5: {name[:80]!r} leads to another place or file; only what is in the file itself is read."
        )
    (address,) = struct.unpack_from("<Q", content, at + width + length)
    return name.decode(errors="replace"), address


def _old_links(source: Source, tree: int, heap: int) -> Iterator[tuple[str, int]]:
    """Yields the names in a group of the older form, and where they lead."""
    for node, _ in _tree(source, tree, 0, 8):
        if source.read(node, 4) != b"SNOD":
            raise FormatError("HDF5: the file is broken: expected a list of names.")
        (count,) = struct.unpack("<H", source.read(node + 6, 2))
        block = source.read(node + 8, 40 * count)
        for number in range(count):
            source.step()
            offset, address, kind = struct.unpack_from("<QQI", block, 40 * number)
            name = local_name(source, heap, offset)
            if kind == 2:
                raise FormatError(
                    f"HDF5: {name[:80]!r} leads to another place; only what is in the file itself is read."
                )
            yield name, address


def _tree(source: Source, address: int, kind: int, key: int) -> Iterator[tuple[int, bytes]]:
    """Yields the addresses that the leaves of a tree hold, each with the key before it.

    Args:
        source: the file.
        address: of the root.
        kind: of the tree: 0 of groups, 1 of chunks.
        key: bytes of a key.
    """
    waiting, met = [address], set()
    while waiting:
        place = waiting.pop()
        head = source.read(place, 24)
        if head[:4] != b"TREE" or head[4] != kind or place in met:
            raise FormatError("HDF5: the file is broken: expected a node of a tree.")
        met.add(place)
        (count,) = struct.unpack_from("<H", head, 6)
        block = source.read(place + 24, count * (key + 8))
        for number in range(count):
            source.step()
            at = number * (key + 8)
            (child,) = struct.unpack_from("<Q", block, at + key)
            if head[5]:
                waiting.append(child)
            else:
                yield child, block[at : at + key]


# Chunks


def _chunk_places(source: Source, address: int, rank: int) -> Iterator[tuple[tuple[int, ...], int, int, int]]:
    """Yields of each chunk: where it begins in the dataset, how many bytes it has, which filters it skips, its address."""
    for where, key in _tree(source, address, 1, 8 + 8 * (rank + 1)):
        stored, mask = struct.unpack_from("<II", key)
        yield struct.unpack_from(f"<{rank}Q", key, 8), stored, mask, where


def _filters(content: bytes | None) -> list[tuple[int, tuple[int, ...]]]:
    """Returns the filters of chunks in the order in which they were applied: numbers and their options."""
    if content is None:
        return []
    version, count = content[:2]
    at, found = 8 if version == 1 else 2, []
    for _ in range(count):
        (number,) = struct.unpack_from("<H", content, at)
        named = version == 1 or number >= 256
        length = struct.unpack_from("<H", content, at + 2)[0] if named else 0
        at += 4 if named else 2
        _, values = struct.unpack_from("<HH", content, at)
        at += 4 + length + (-length % 8 if version == 1 else 0)
        found.append((number, struct.unpack_from(f"<{values}I", content, at)))
        at += 4 * values + (4 * (values % 2) if version == 1 else 0)
    return found


def _unpacked(
    data: bytes, filters: list[tuple[int, tuple[int, ...]]], mask: int, length: int, width: int
) -> bytes:
    """Returns the elements of a chunk of which filters made these bytes."""
    for place in reversed(range(len(filters))):
        number, options = filters[place]
        if mask >> place & 1:
            continue
        if number == 1:
            packed = zlib.decompressobj()
            data = packed.decompress(data, length + 64)
        elif number == 2:
            size = options[0] if options else width
            rows = len(data) // size if size else 0
            whole = bytearray(data)
            for byte in range(size):
                whole[byte : rows * size : size] = data[byte * rows : (byte + 1) * rows]
            data = bytes(whole)
        elif number == 3:
            told, found = (struct.unpack("<HH", each) for each in (data[-4:], fletcher32(data[:-4])))
            if any((a - b) % 65535 for a, b in zip(told, found, strict=True)):
                raise FormatError("HDF5: the file is broken: a checksum differs.")
            data = data[:-4]
        else:
            raise FormatError(
                f"HDF5: expected values that are not compressed, or by deflate, received filter {number}."
            )
    if len(data) < length:
        raise FormatError("HDF5: the file is broken: a chunk has fewer bytes than it should.")
    return data


def fletcher32(content: bytes) -> bytes:
    """Returns the checksum of HDF5.

    >>> fletcher32(b"abcd").hex()
    'c6c42926'
    """
    words = struct.unpack(f">{len(content) // 2}H", content[: len(content) // 2 * 2])
    if len(content) % 2:
        words = (*words, content[-1] << 8)
    low = high = 0
    for word in words:
        low += word
        high += low
    return struct.pack("<HH", _folded(low), _folded(high))


def _folded(total: int) -> int:
    """Returns a sum modulo 65535, which stands for itself where the sum is not 0."""
    return (total - 1) % 65535 + 1 if total else 0


__all__ = ["Dataset", "Datatype", "Group", "HDF5File", "fletcher32"]
