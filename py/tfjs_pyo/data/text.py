"""Text in files and at addresses: as bytes, characters and lines, read block by block."""

from __future__ import annotations

import codecs
import functools
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping
from io import IncrementalNewlineDecoder
from pathlib import Path
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.data import blocks
from tfjs_pyo.data.dataset import Dataset
from tfjs_pyo.data.flow import closing
from tfjs_pyo.data.iterator import LazyIterator
from tfjs_pyo.data.steps import whole
from tfjs_pyo.errors import ArgumentError, FormatError, StorageError
from tfjs_pyo.io.artifacts import settled
from tfjs_pyo.io.file_errors import is_file

_BLOCK = 1 << 18
"""Bytes of a block: few enough for pages, enough that reading it is worth a change of threads."""


async def _decoded(parts: AsyncIterator[bytes], name: str) -> AsyncIterator[str]:
    """Yields text without its byte order mark; it never ends between the two characters of a line end."""
    decoder = IncrementalNewlineDecoder(codecs.getincrementaldecoder("utf-8-sig")(), translate=False)
    received = 0
    async with closing(parts):
        while True:
            block = await anext(parts, b"")
            received += len(block)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                place = received - len(error.object) + error.start
                raise FormatError(
                    f"{name}: expected text in UTF-8, received the byte 0x{error.object[error.start]:02x} at {place} "
                    f"({error.reason}). Save the text as UTF-8."
                ) from error
            if text:
                yield text
            if not block:
                return


async def _split(texts: AsyncIterator[str], separator: str) -> AsyncIterator[str]:
    """Yields what stands between separators; after the last one only if there is something."""
    rest = ""
    async with closing(texts):
        async for text in texts:
            *parts, rest = (rest + text).split(separator)
            for part in parts:
                yield part
    if rest:
        yield rest


@naming.spell_methods
class StringIterator(LazyIterator):
    """Text in pieces."""

    def split(self, separator: str) -> StringIterator:
        """Returns what stands between separators, wherever the pieces end."""
        if not separator:
            raise ArgumentError("split: expected a separator, received an empty text.")
        return StringIterator(_split(self._elements, separator))


@naming.spell_methods
class ByteChunkIterator(LazyIterator):
    """Blocks of bytes, as `await source.iterator()` gives them."""

    def decode_utf8(self) -> StringIterator:
        """Returns them as text, wherever the blocks end.

        Raises:
            FormatError: it is no UTF-8; when it is read.
        """
        return StringIterator(_decoded(self._elements, "decodeUTF8"))


@naming.spell_methods
class DataSource(ABC):
    """Bytes that can be read again and again.

    Args:
        chunk_size: bytes of a block.
        offset: bytes before the first.
    """

    _internal = ("blocks", "text", "texts")

    def __init__(self, chunk_size: Any = _BLOCK, offset: Any = 0) -> None:
        owner = type(self).__name__
        self._size = whole(owner, "chunk_size", chunk_size, 1)
        self._offset = whole(owner, "offset", offset, 0)

    def __getattr__(self, name: str) -> Any:
        return naming.attribute(self, name)

    @property
    def name(self) -> str:
        """What errors call it."""
        return type(self).__name__

    @abstractmethod
    def blocks(self) -> AsyncIterator[bytes]:
        """Returns the bytes from the beginning."""

    async def iterator(self) -> ByteChunkIterator:
        """Returns the bytes from the beginning, block by block.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def read():
            ...     source = tf.data.FileDataSource(b"abcdef", {"chunkSize": 4})
            ...     return await (await source.iterator()).toArray()
            >>> asyncio.run(read())
            [b'abcd', b'ef']
        """
        return ByteChunkIterator(self.blocks())

    def texts(self) -> AsyncIterator[str]:
        """Returns the text from the beginning, in pieces that do not end within a line end."""
        return _decoded(self.blocks(), self.name)

    async def text(self) -> str:
        """Returns the whole text."""
        return "".join([text async for text in self.texts()])


class FileDataSource(DataSource):
    r"""Text in a file.

    Args:
        input: a path, an open file, bytes, or an object with `read()` or `text()` as browsers have it.
        chunk_size: bytes of a block; default: 262144.
        offset: bytes before the first.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> table = tf.data.FileDataSource(b"a,b\n1,2\n")
        >>> asyncio.run(tf.data.CSVDataset(table).toArray())
        [{'a': 1.0, 'b': 2.0}]

    Source: https://js.tensorflow.org/api/latest/#class:data.FileDataSource
    """

    @functools.partial(naming.bridge, owner="FileDataSource", data=("input",))
    def __init__(self, input: Any, chunk_size: int = _BLOCK, offset: int = 0) -> None:
        super().__init__(chunk_size, offset)
        self.input = input
        self._start: Any = None
        self._begun = False

    async def blocks(self) -> AsyncIterator[bytes]:
        """Yields the bytes.

        Raises:
            ArgumentError: the input is nothing that can be read.
            StorageError: there is no such file, or it was read already and cannot be read again.
        """
        async with closing(await self._opened()) as parts:
            async for block in parts:
                yield block

    @property
    def name(self) -> str:
        """The path, where there is one."""
        return str(self.input) if isinstance(self.input, (str, Path)) else super().name

    async def _opened(self) -> AsyncIterator[bytes]:
        given, size, offset = self.input, self._size, self._offset
        if isinstance(given, (str, Path)):
            return blocks.of_path(Path(str(given).removeprefix("file://")), size, offset)
        if hasattr(given, "slice") and hasattr(given, "arrayBuffer"):
            return blocks.of_blob(given, size, offset)
        if hasattr(given, "read") and hasattr(given, "seekable"):
            return blocks.of_open_file(given, self._place(given), size, offset)
        if isinstance(given, (bytes, bytearray, memoryview)):
            return blocks.of_bytes(bytes(given), size, offset)
        read = getattr(given, "text", None) or getattr(given, "read", None)
        if read is None:
            raise ArgumentError(
                f"FileDataSource: expected a path, a file or bytes, received {type(given).__name__}."
            )
        # It may be read only once.
        self.input = blocks.as_bytes(await settled(read()), "FileDataSource")
        return blocks.of_bytes(self.input, size, offset)

    def _place(self, file: Any) -> Any:
        """Returns where an open file began when it was first read; None if it cannot go back."""
        if not self._begun:
            self._begun = True
            self._start = file.tell() if file.seekable() else None
        elif self._start is None:
            raise StorageError(
                "FileDataSource: the file was read already and cannot go back. Store what it has in a file, or give bytes."
            )
        return self._start


class URLDataSource(DataSource):
    """Text at an address.

    Args:
        url: begins with http:// or https://; in the page also relative to it.
        file_options: 'chunk_size' and 'offset' as for files; what else it has are options of the request.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> source = tf.data.URLDataSource("https://example.org/table.csv")
        >>> rows = asyncio.run(tf.data.CSVDataset(source).toArray())  # doctest: +SKIP

    Source: https://js.tensorflow.org/api/latest/#class:data.URLDataSource
    """

    def __init__(self, url: str, file_options: Mapping[str, Any] | None = None) -> None:
        found = {
            naming.nearest_spelling(key, ("chunk_size", "offset")) or key: v
            for key, v in (file_options or {}).items()
        }
        super().__init__(found.pop("chunk_size", _BLOCK), found.pop("offset", 0))
        self.url = url
        self.options = found

    @property
    def name(self) -> str:
        """The address."""
        return self.url

    def blocks(self) -> AsyncIterator[bytes]:
        """Returns the bytes, as they come.

        Raises:
            StorageError: it cannot be fetched; when it is read.
        """
        return blocks.of_address(self.url, self.options, self._size, self._offset)


class TextLineDataset(Dataset):
    r"""The lines of a text, without their ends.

    Args:
        input: a FileDataSource or URLDataSource.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> lines = tf.data.TextLineDataset(tf.data.FileDataSource(b"one line\nand another"))
        >>> asyncio.run(lines.toArray())
        ['one line', 'and another']

    Source: https://js.tensorflow.org/api/latest/#class:data.TextLineDataset
    """

    def __init__(self, input: DataSource) -> None:
        self.input = input
        super().__init__(self._lines)

    async def _lines(self) -> AsyncIterator[str]:
        async with closing(_split(self.input.texts(), "\n")) as lines:
            async for line in lines:
                yield line.removesuffix("\r")


def source_of(given: Any) -> DataSource:
    """Returns what a user gave as a source: an address, a path, an open file or bytes."""
    if isinstance(given, DataSource):
        return given
    if isinstance(given, str):
        of_file = given.startswith("file://") or ("://" not in given and is_file("source", Path(given)))
        return FileDataSource(given) if of_file else URLDataSource(given)
    return FileDataSource(given)


__all__ = [
    "ByteChunkIterator",
    "DataSource",
    "FileDataSource",
    "StringIterator",
    "TextLineDataset",
    "URLDataSource",
    "source_of",
]
