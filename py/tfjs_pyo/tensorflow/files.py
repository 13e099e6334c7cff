"""`tf.io`: files as strings of bytes. `tf.io.gfile` has what `pathlib` has, under TensorFlow's names."""

from __future__ import annotations

import glob as globbing
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError
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


def read_file(filename: Any) -> Tensor:
    """Returns the bytes of a file as one string."""
    found = _path("read_file", filename).read_bytes()
    try:
        return ops.tensor(found.decode(), [], "string")
    except UnicodeDecodeError:
        return ops.tensor(found, [], "string")


def write_file(filename: Any, contents: Any) -> None:
    """Writes a string into a file, whose folder is made where there is none."""
    path = _path("write_file", filename)
    path.parent.mkdir(parents=True, exist_ok=True)
    found = contents.item() if isinstance(contents, Tensor) else contents
    path.write_bytes(found.encode() if isinstance(found, str) else found)


def matching_files(pattern: Any) -> Tensor:
    """Returns the names of the files that fit a pattern, in order."""
    found = glob(str(_path("matching_files", pattern)))
    return ops.tensor(found, [len(found)], "string")


def glob(pattern: str | list[str]) -> list[str]:
    """Returns the names of the files that fit a pattern, or one of several, in order."""
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
    """Returns the names of what a folder holds."""
    return sorted(each.name for each in _path("gfile.listdir", path).iterdir())


def makedirs(path: Any) -> None:
    """Makes a folder and those above it, where there are none."""
    _path("gfile.makedirs", path).mkdir(parents=True, exist_ok=True)


def remove(path: Any) -> None:
    """Removes a file."""
    _path("gfile.remove", path).unlink()


def rmtree(path: Any) -> None:
    """Removes a folder with all that it holds."""
    shutil.rmtree(_path("gfile.rmtree", path))


def copy(src: Any, dst: Any, overwrite: bool = False) -> None:
    """Copies a file.

    Raises:
        FileExistsError: there is one of the new name, and `overwrite` is False.
    """
    target = _path("gfile.copy", dst)
    if target.exists() and not overwrite:
        raise FileExistsError(f"tf.io.gfile.copy: {target} is there; overwrite=True replaces it.")
    shutil.copyfile(_path("gfile.copy", src), target)


def GFile(name: Any, mode: str = "r") -> IO[Any]:
    """Returns an opened file."""
    return _path("gfile.GFile", name).open(mode, encoding=None if "b" in mode else "utf-8")


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
