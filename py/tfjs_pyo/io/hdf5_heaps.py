"""Where HDF5 keeps what has no room in headers: texts, names, and the links and attributes of large groups."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from tfjs_pyo.errors import FormatError

NOWHERE = 2**64 - 1
"""The address of what is not there."""
_STEPS = 20_000
_TIMES = 4


class Source:
    """The bytes of a file, which may be read about as often as a whole one needs: one that points at itself has no end.

    Args:
        content: the bytes.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._steps = _STEPS + len(content) // 8
        self._bytes = _TIMES * len(content) + 2**20
        self._heaps: dict[int, dict[int, tuple[int, int]]] = {}

    def step(self) -> None:
        """Counts a step of reading.

        Raises:
            FormatError: there were more than the file needs.
        """
        self._steps -= 1
        if self._steps < 0 or self._bytes < 0:
            raise FormatError("HDF5: the file is broken: parts of it point at each other without an end.")

    def read(self, address: int, size: int) -> bytes:
        """Returns bytes at an address.

        Raises:
            FormatError: they are not there, or more was read than the file needs.
        """
        self._bytes -= size
        self.step()
        if address < 0 or size < 0 or address + size > len(self.content):
            raise FormatError(f"HDF5: the file is broken: it has no {size} bytes at {address}.")
        return self.content[address : address + size]

    def heap_object(self, address: int, number: int) -> bytes:
        """Returns an object of a heap of texts."""
        if address not in self._heaps:
            self._heaps[address] = dict(self._objects(address))
        if number not in self._heaps[address]:
            raise FormatError("HDF5: the file is broken: a text is not where it should be.")
        return self.read(*self._heaps[address][number])

    def _objects(self, address: int) -> Iterator[tuple[int, tuple[int, int]]]:
        head = self.read(address, 16)
        (size,) = struct.unpack_from("<Q", head, 8)
        if head[:4] != b"GCOL":
            raise FormatError("HDF5: the file is broken: expected a heap of texts.")
        at, end = address + 16, address + size
        while at + 16 <= end:
            number, length = struct.unpack("<H6xQ", self.read(at, 16))
            if number == 0:
                return
            yield number, (at + 16, length)
            at += 16 + length + -length % 8


def local_name(source: Source, heap: int, offset: int) -> str:
    """Returns a name in the heap of a group of the older form."""
    head = source.read(heap, 32)
    size, _, data = struct.unpack_from("<QQQ", head, 8)
    if head[:4] != b"HEAP" or offset >= size:
        raise FormatError("HDF5: the file is broken: expected a heap of names.")
    source.read(data, 0)
    end = source.content.find(b"\0", data + offset, data + size)
    name = source.read(data + offset, (end if end >= 0 else data + size) - data - offset)
    return name.decode(errors="replace")


def dense_objects(source: Source, heap: int, tree: int) -> Iterator[bytes]:
    """Yields the links or attributes of a group that has many: they are in a heap, and a tree knows where.

    Args:
        source: the file.
        heap: address of the heap.
        tree: address of the tree by names.
    """
    if NOWHERE in (heap, tree):
        return
    objects = _FractalHeap(source, heap)
    for record, kind in _records(source, tree):
        yield objects.get(record[4:] if kind == 5 else record)


class _FractalHeap:
    """A heap of blocks whose sizes double from row to row."""

    def __init__(self, source: Source, address: int) -> None:
        head = source.read(address, 146)
        self._source = source
        _, filters = struct.unpack_from("<HH", head, 5)
        if head[:4] != b"FRHP" or filters:
            raise FormatError("HDF5: expected a heap that is not compressed.")
        (largest_object,) = struct.unpack_from("<I", head, 10)
        self._width, self._start, self._largest, bits = struct.unpack_from("<HQQH", head, 110)
        self._root, self._rows = struct.unpack_from("<QH", head, 132)
        self._offset = (bits + 7) // 8
        self._length = (min(self._largest, largest_object).bit_length() + 7) // 8
        if (
            not self._width
            or not self._start
            or self._start & (self._start - 1)
            or self._largest < self._start
        ):
            raise FormatError("HDF5: the file is broken: a heap without blocks.")

    def get(self, number: bytes) -> bytes:
        """Returns the object of an ID."""
        if number[0] >> 4 & 3 == 2:
            return number[1 : 2 + (number[0] & 15)]
        if number[0] >> 4 & 3:
            raise FormatError("HDF5: an attribute or a link is larger than what is read here.")
        offset = int.from_bytes(number[1 : 1 + self._offset], "little")
        length = int.from_bytes(number[1 + self._offset : 1 + self._offset + self._length], "little")
        return self._source.read(self._place(offset), length)

    def _size(self, row: int) -> int:
        return self._start << max(0, row - 1)

    def _place(self, offset: int) -> int:
        """Returns the address of what lies at an offset of the heap."""
        block, rows, begin = self._root, self._rows, 0
        while rows:
            row, first = 0, begin
            while row < rows and offset >= first + self._size(row) * self._width:
                first += self._size(row) * self._width
                row += 1
            if row >= rows:
                raise FormatError("HDF5: the file is broken: an object outside of its heap.")
            column = (offset - first) // self._size(row)
            entry = block + 13 + self._offset + 8 * (row * self._width + column)
            (child,) = struct.unpack("<Q", self._source.read(entry, 8))
            begin = first + column * self._size(row)
            is_block = self._size(row) <= self._largest
            rows = (
                0 if is_block else self._size(row).bit_length() - (self._start * self._width).bit_length() + 1
            )
            block = child
        return block + offset - begin


def _records(source: Source, address: int) -> Iterator[tuple[bytes, int]]:
    """Yields the records of a tree of the newer form, with their kind."""
    head = source.read(address, 34)
    if head[:4] != b"BTHD":
        raise FormatError("HDF5: the file is broken: expected a tree.")
    kind = head[5]
    node, record, depth = struct.unpack_from("<IHH", head, 6)
    root, count = struct.unpack_from("<QH", head, 16)
    if not record or node < 10 + record or depth > 16 or root == NOWHERE:
        if root == NOWHERE:
            return
        raise FormatError("HDF5: the file is broken: a tree of another form.")
    pointers = _pointers(node, record, depth)
    waiting = [(root, count, depth)]
    while waiting:
        place, count, level = waiting.pop()
        block = source.read(place, min(node, len(source.content) - place))
        if block[:4] != (b"BTIN" if level else b"BTLF"):
            raise FormatError("HDF5: the file is broken: expected a node of a tree.")
        for number in range(count):
            source.step()
            yield block[6 + number * record : 6 + (number + 1) * record], kind
        if level:
            counts, totals = pointers[level - 1]
            at = 6 + count * record
            for _ in range(count + 1):
                source.step()
                (child,) = struct.unpack_from("<Q", block, at)
                inside = int.from_bytes(block[at + 8 : at + 8 + counts], "little")
                waiting.append((child, inside, level - 1))
                at += 8 + counts + totals


def _pointers(node: int, record: int, depth: int) -> list[tuple[int, int]]:
    """Returns for each level above the leaves how many bytes the counts in its pointers have: of records, and of all below."""
    most = (node - 10) // record
    counts, totals, below = (most.bit_length() + 7) // 8, 0, most
    found = []
    for _ in range(depth):
        found.append((counts, totals))
        size = 8 + counts + totals
        here = (node - 10 - size) // (record + size)
        below = (here + 1) * below + here
        totals = (below.bit_length() + 7) // 8
    return found


__all__ = ["NOWHERE", "Source", "dense_objects", "local_name"]
