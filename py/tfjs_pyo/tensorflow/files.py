"""`tf.io`: files as strings of bytes. `tf.io.gfile` has what `pathlib` has, under TensorFlow's names."""

from __future__ import annotations

import contextlib
import glob as globbing
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, StorageError
from tfjs_pyo.io.file_errors import storage_errors
from tfjs_pyo.later import shutil
from tfjs_pyo.options import items, shown
from tfjs_pyo.tensorflow import images


def _path(owner: str, filename: Any) -> Path:
    """Returns the name of a file or folder as a path.

    Raises:
        ArgumentError: it is none, or empty, which would be the folder that the program runs in.
    """
    found = filename.item() if getattr(filename, "shape", None) == () else filename
    try:
        text = os.fsdecode(found)
        text.encode()
    except (TypeError, ValueError):
        text = ""
    if not text or "\0" in text:
        raise ArgumentError(
            f"tf.io.{owner}: expected the name of a file, received {shown(filename)}."
        ) from None
    return Path(text)


@contextlib.contextmanager
def _at(owner: str, filename: Any, what: str) -> Iterator[Path]:
    """Gives the path of a name, and tells of what the system has against it.

    Raises:
        StorageError: the file or folder could not be `what`; MissingFileError if there is none.
    """
    path = _path(owner, filename)
    with storage_errors(f"tf.io.{owner}", path, what):
        yield path


def read_file(filename: Any) -> Tensor:
    """Returns the bytes of a file as one string.

    Args:
        filename: path of the file.

    Raises:
        MissingFileError: there is no such file.
        StorageError: it cannot be read.
    """
    with _at("read_file", filename, "read") as path:
        found = path.read_bytes()
    try:
        return ops.tensor(found.decode(), [], "string")
    except UnicodeDecodeError:
        return ops.tensor(found, [], "string")


def write_file(filename: Any, contents: Any) -> None:
    """Writes a string into a file, whose folder is made where there is none.

    Args:
        filename: path of the file.
        contents: a string, or bytes.

    Raises:
        ArgumentError: `contents` is neither.
        StorageError: the file cannot be written.
    """
    found = contents.item() if isinstance(contents, Tensor) else contents
    data = found.encode() if isinstance(found, str) else found
    if not isinstance(data, bytes):
        raise ArgumentError(f"tf.io.write_file: expected a string as contents, received {shown(contents)}.")
    with _at("write_file", filename, "written") as path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def matching_files(pattern: Any) -> Tensor:
    """Returns the names of the files that fit a pattern, in order."""
    found = glob(str(_path("matching_files", pattern)))
    return ops.tensor(found, [len(found)], "string")


def glob(pattern: str | list[str]) -> list[str]:
    """Returns the names of the files that fit a pattern, or one of several, in order.

    Args:
        pattern: a name with `*`, `?` or `[...]` in it, or a list of such.

    Raises:
        ArgumentError: it is none of these.
    """
    patterns = [pattern] if isinstance(pattern, (str, Path)) else items(pattern)
    if patterns is None or not all(isinstance(each, (str, Path)) for each in patterns):
        raise ArgumentError(
            f"tf.io.gfile.glob: expected patterns of names of files, received {shown(pattern)}."
        )
    return sorted(name for each in patterns for name in globbing.glob(str(each)))  # noqa: PTH207 (names as they are asked for)


def exists(path: Any) -> bool:
    """Returns whether there is a file or a folder of this name."""
    return _path("gfile.exists", path).exists()


def isdir(path: Any) -> bool:
    """Returns whether there is a folder of this name."""
    return _path("gfile.isdir", path).is_dir()


def listdir(path: Any) -> list[str]:
    """Returns the names of what a folder holds.

    Args:
        path: of the folder.

    Raises:
        MissingFileError: there is no such folder.
        StorageError: it cannot be read.
    """
    with _at("gfile.listdir", path, "listed") as folder:
        return sorted(each.name for each in folder.iterdir())


def makedirs(path: Any) -> None:
    """Makes a folder and those above it, where there are none.

    Args:
        path: of the folder.

    Raises:
        StorageError: it cannot be made.
    """
    with _at("gfile.makedirs", path, "made") as folder:
        folder.mkdir(parents=True, exist_ok=True)


def remove(path: Any) -> None:
    """Removes a file.

    Args:
        path: of the file.

    Raises:
        MissingFileError: there is no such file.
        StorageError: it cannot be removed.
    """
    with _at("gfile.remove", path, "removed") as file:
        file.unlink()


def rmtree(path: Any) -> None:
    """Removes a folder with all that it holds.

    Args:
        path: of the folder.

    Raises:
        MissingFileError: there is no such folder.
        StorageError: it cannot be removed.
    """
    with _at("gfile.rmtree", path, "removed") as folder:
        shutil.rmtree(folder)


def copy(src: Any, dst: Any, overwrite: bool = False) -> None:
    """Copies a file.

    Raises:
        StorageError: there is one of the new name, and `overwrite` is False; or the file cannot be copied.
    """
    target = _path("gfile.copy", dst)
    if target.exists() and not overwrite:
        raise StorageError(f"tf.io.gfile.copy: {shown(str(target))} is there; overwrite=True replaces it.")
    with _at("gfile.copy", src, "copied") as source:
        shutil.copyfile(source, target)


def GFile(name: Any, mode: str = "r") -> IO[Any]:
    """Returns an opened file.

    Args:
        name: path of the file.
        mode: as that of Python's `open`: 'r', 'w', 'a', with 'b' for bytes.

    Raises:
        MissingFileError: there is no such file to read.
        StorageError: it cannot be opened.
    """
    with _at("gfile.GFile", name, "opened") as path:
        return path.open(mode, encoding=None if "b" in mode else "utf-8")


GFILE: dict[str, Callable[..., Any]] = {
    "GFile": GFile,
    "copy": copy,
    "exists": exists,
    "glob": glob,
    "isdir": isdir,
    "listdir": listdir,
    "makedirs": makedirs,
    "mkdir": makedirs,
    "remove": remove,
    "rmtree": rmtree,
}


def named(op: Any) -> dict[str, Any]:
    """Returns the names of `tf.io`; `op` makes a name of a function and its parameters."""
    return {
        **images.decoders(op),
        "matching_files": op(matching_files, "pattern"),
        "read_file": op(read_file, "filename"),
        "write_file": op(write_file, "filename contents"),
    }


__all__ = ["GFILE", "named", "read_file", "write_file"]
