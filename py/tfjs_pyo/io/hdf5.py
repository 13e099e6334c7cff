"""HDF5, in which Keras keeps weights: read by pyfive, written by h5py. Both are loaded when they are first needed.

pyfive is Python: what is broken raises there, where HDF5's own library, which h5py is made of, may crash.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import math
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from tfjs_pyo.errors import FormatError, StorageError

_IN_PAGE: bool = "pyodide" in sys.modules
_END_OF_FILE = {0: 40, 1: 44}
"""Where the first block of a file tells its length, by the version of the block; 28 in later ones."""
_READS = 4_000
_TIMES = 4
_MOST_PACKED = 100
"""How many times larger than a file its compressed values may be; Keras compresses none."""


async def prepare(package: str = "pyfive") -> None:
    """Loads pyfive or h5py where they come over the network: in a page.

    Raises:
        StorageError: it cannot be had.
    """
    if importlib.util.find_spec(package) is not None or not _IN_PAGE:
        return
    pyodide, ffi = (importlib.import_module(name) for name in ("pyodide_js", "pyodide.ffi"))
    silent = ffi.create_proxy(lambda _message: None)
    try:
        known = hasattr(pyodide.lockfile.packages, package)  # our page has pyfive, Pyodide's CDN has h5py
        for each in [package] if known else ["numpy", "fsspec", "micropip"]:
            await pyodide.loadPackage(each, messageCallback=silent)
        if not known:
            await importlib.import_module("micropip").install(package, deps=False)
        importlib.invalidate_caches()
        found = importlib.util.find_spec(package) is not None
        reason = "it is neither on this site nor on Pyodide's CDN, or there is no network"
    except Exception as error:  # noqa: BLE001 (whatever JavaScript throws)
        found, reason = False, str(error)
    finally:
        silent.destroy()
    if not found:
        raise StorageError(f"HDF5: {package} could not be loaded: {reason}.")


def hdf5_module(package: str) -> Any:
    """Returns pyfive, which reads HDF5, or h5py, which writes it; in a page it is loaded now if that is possible.

    Raises:
        StorageError: it is not installed.
    """
    if importlib.util.find_spec(package) is None and _IN_PAGE:
        ffi = importlib.import_module("pyodide.ffi")
        if ffi.can_run_sync():
            ffi.run_sync(prepare(package))
    if importlib.util.find_spec(package) is None:
        raise StorageError(
            f"HDF5: {package} is not installed, which Keras's files need. In CPython: `pip install {package}`; in the page: "
            f"`import pyodide_js; await pyodide_js.loadPackage('{package}')`."
        )
    try:
        return _imported(package)
    except ImportError as error:  # NumPy, where it could not be had
        raise StorageError(
            f"HDF5: {package} cannot be used: {error}. In the page NumPy comes from Pyodide's CDN, or from a folder of "
            "wheels that its server is given: `make serve ARGS='--wheels DIR'`."
        ) from error


def _imported(package: str) -> Any:
    if package != "pyfive" or package in sys.modules or importlib.util.find_spec("numcodecs") is not None:
        return importlib.import_module(package)
    sys.modules["numcodecs"] = stand_in = ModuleType("numcodecs")
    vars(stand_in)["Fletcher32"] = Fletcher32
    try:
        return importlib.import_module(package)
    finally:
        del sys.modules["numcodecs"]


class Fletcher32:
    """The checksum of HDF5. pyfive takes it from numcodecs, which is compiled, and which it needs for nothing else.

    >>> Fletcher32().encode(b"abcd")[4:].hex()
    'c6c42926'
    """

    def encode(self, content: bytes) -> bytes:
        """Returns bytes with their checksum behind them."""
        words = struct.unpack(f">{len(content) // 2}H", content[: len(content) // 2 * 2])
        if len(content) % 2:
            words = (*words, content[-1] << 8)
        low = high = 0
        for word in words:
            low += word
            high += low
        return bytes(content) + struct.pack("<HH", _folded(low), _folded(high))


def _folded(total: int) -> int:
    """Returns a sum modulo 65535, which stands for itself where the sum is not 0."""
    return (total - 1) % 65535 + 1 if total else 0


class _Bounded(io.BytesIO):
    """A file that may be read about as often as a whole one needs: one that points at itself has no end."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._reads = _READS + len(content) // 24
        self._bytes = _TIMES * len(content) + 2**20

    def read(self, size: int | None = -1, /) -> bytes:
        """Reads.

        Raises:
            FormatError: more has been read than there can be.
        """
        found = super().read(size)
        self._reads -= 1
        self._bytes -= len(found)
        if self._reads < 0 or self._bytes < 0:
            raise FormatError("HDF5: the file is broken: parts of it point at each other without an end.")
        return found


@contextmanager
def opened(content: bytes) -> Iterator[Any]:
    """Gives the bytes of an HDF5 file as pyfive's File.

    Raises:
        FormatError: they end too early.
        StorageError: pyfive is missing.
    """
    (end,) = struct.unpack_from("<Q", content, _END_OF_FILE.get(content[8], 28))
    if len(content) < end:
        raise FormatError(f"HDF5: the file is broken: it should have {end} bytes, but has {len(content)}.")
    with hdf5_module("pyfive").File(_Bounded(content)) as file:
        yield file


class Room:
    """How many bytes the datasets of a file may have in all: what is not compressed as many as the file, the rest more.

    Datasets may say what they like of their shapes, and several names may stand for one.

    Args:
        length: of the file.
    """

    def __init__(self, length: int) -> None:
        self.length = length
        self._plain = self._packed = 0

    def values_of(self, name: str, data: Any) -> Any:
        """Returns the values of a dataset.

        Args:
            name: of the dataset, for errors.
            data: the dataset.

        Raises:
            FormatError: the file would have more values than it can hold.
        """
        size = math.prod(int(dim) for dim in data.shape) * data.dtype.itemsize
        if data.chunks is not None and data.id.filter_pipeline:
            self._packed += size
        else:
            self._plain += size
        if self._plain > self.length or self._packed > self.length * _MOST_PACKED:
            raise FormatError(
                f"HDF5: {name[:80]!r}: the file of {self.length} bytes cannot hold {size} bytes, which shape "
                f"{str(tuple(data.shape))[:80]} needs, beside the others."
            )
        return data[()]


__all__ = ["Fletcher32", "Room", "hdf5_module", "opened", "prepare"]
