"""Bytes of files, of what a page's file inputs give, and of addresses, block by block: nothing is held whole."""

from __future__ import annotations

import importlib
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

from tfjs_pyo.data.flow import closing
from tfjs_pyo.errors import ArgumentError, MissingFileError, StorageError
from tfjs_pyo.io.artifacts import settled
from tfjs_pyo.io.file_errors import storage_errors
from tfjs_pyo.io.requests import in_own_thread, is_http_scheme, opened
from tfjs_pyo.io.writing import IN_PAGE
from tfjs_pyo.later import asyncio, http_client, urllib_error


async def _in_thread(function: Callable[..., Any], *args: Any) -> Any:
    return function(*args) if IN_PAGE else await asyncio.to_thread(function, *args)


def as_bytes(content: Any, owner: str) -> bytes:
    """Returns bytes, text as UTF-8, or an ArrayBuffer of the page as bytes.

    Raises:
        ArgumentError: it is something else.
    """
    if isinstance(content, str):
        return content.encode()
    if hasattr(content, "to_bytes") and not isinstance(content, (bytes, int)):
        content = content.to_bytes()
    if isinstance(content, (bytes, bytearray, memoryview)):
        return bytes(content)
    raise ArgumentError(f"{owner}: expected bytes or text, received {type(content).__name__}.")


async def of_path(path: Path, size: int, offset: int) -> AsyncIterator[bytes]:
    """Yields the blocks of a file.

    Raises:
        StorageError: it cannot be read.
    """
    try:
        with storage_errors("data", path, "opened"):
            file = await _in_thread(path.open, "rb")
    except StorageError as error:
        if isinstance(error, FileNotFoundError):
            raise MissingFileError(f"{path}: there is no such file.") from None
        raise
    with file:
        file.seek(offset)
        while block := await _in_thread(file.read, size):
            yield block


async def of_open_file(file: Any, start: Any, size: int, offset: int) -> AsyncIterator[bytes]:
    """Yields the blocks of an open file of bytes or text.

    Args:
        file: it may be read by others, too, if it can be sought.
        start: position of its beginning; None if it cannot be sought.
        size: bytes of a block; characters in a file of text.
        offset: how many of these come before the first block.
    """
    place = start
    left = offset
    while True:
        if place is not None:
            file.seek(place)
        block = await settled(file.read(left or size))
        if place is not None:
            place = file.tell()
        if not block:
            return
        if left:
            left -= len(block)
        else:
            yield as_bytes(block, "FileDataSource")


async def of_blob(blob: Any, size: int, offset: int) -> AsyncIterator[bytes]:
    """Yields the blocks of a File or Blob of the page."""
    for start in range(offset, int(blob.size), size):
        content = await settled(blob.slice(start, min(start + size, int(blob.size))).arrayBuffer())
        yield as_bytes(content, "FileDataSource")


async def of_bytes(content: bytes, size: int, offset: int) -> AsyncIterator[bytes]:
    """Yields the blocks of bytes."""
    for start in range(offset, len(content), size):
        yield content[start : start + size]


async def of_address(url: str, options: Mapping[str, Any], size: int, offset: int) -> AsyncIterator[bytes]:
    """Yields what a server sends, as it comes.

    Raises:
        StorageError: it cannot be fetched, or the connection ends too early.
    """
    received = 0
    async with closing((_by_fetch if IN_PAGE else _by_urllib)(url, options, size)) as blocks:
        async for block in blocks:
            before = max(0, offset - received)
            received += len(block)
            if before < len(block):
                yield block[before:]


async def _by_urllib(url: str, options: Mapping[str, Any], size: int) -> AsyncIterator[bytes]:
    if not is_http_scheme(url):
        raise StorageError(f"{url}: expected an address that begins with http:// or https://.")
    received = 0
    try:
        answer = await in_own_thread(lambda: opened(url, options))
        try:
            while block := await in_own_thread(lambda: answer.read(size)):
                received += len(block)
                yield block
            missing = answer.length
        finally:  # if this was cancelled a thread may still read, and closing would wait for it
            threading.Thread(target=answer.close, daemon=True).start()
    except urllib_error.HTTPError as error:
        with error:
            raise StorageError(f"{url}: the server answered {error.code}.") from None
    except StorageError:
        raise
    except (OSError, ValueError, http_client.HTTPException) as error:
        raise _failed(url, received, getattr(error, "reason", None) or error) from error
    if missing:
        raise _failed(url, received, f"{missing} more were expected")


async def _by_fetch(url: str, options: Mapping[str, Any], size: int) -> AsyncIterator[bytes]:  # noqa: ARG001 (the browser decides)
    http, ffi = importlib.import_module("pyodide.http"), importlib.import_module("pyodide.ffi")
    received = 0
    reader = None
    try:
        answer = await http.pyfetch(url, **options)
        body = answer.js_response.body if answer.ok else None
        reader = body.getReader() if body else None
        while reader and not (part := await reader.read()).done:
            block = part.value.to_bytes()
            received += len(block)
            yield block
        reader = None
    except (OSError, ArithmeticError, RuntimeError, ffi.JsException) as error:
        reader = None  # there is nothing left to cancel
        raise _failed(url, received, error) from error
    finally:
        if reader:
            await reader.cancel()
    if not answer.ok:
        raise StorageError(f"{url}: the server answered {answer.status}.")


def _failed(url: str, received: int, reason: Any) -> StorageError:
    what = f"the download was interrupted after {received} bytes" if received else "the request failed"
    return StorageError(f"{url}: {what}: {reason}.")


__all__ = ["as_bytes", "of_address", "of_blob", "of_bytes", "of_open_file", "of_path"]
