"""What is said of files that cannot be read or written, and of those whose content is broken."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tfjs_pyo.errors import FormatError, MissingFileError, StorageError, TfError


@contextlib.contextmanager
def storage_errors(owner: str, path: Path, what: str) -> Iterator[None]:
    """Turns what the system says of a path into a StorageError; names that it cannot take are ValueErrors in Python."""
    try:
        yield
    except TfError:
        raise
    except RecursionError:  # of mkdir
        raise StorageError(f"{owner}: {_shown(path)} could not be {what}: too many folders.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        kind = MissingFileError if isinstance(error, FileNotFoundError) else StorageError
        raise kind(f"{owner}: {_shown(path)} could not be {what}: {reason}.") from error


def _shown(path: Path) -> str:
    text = str(path)
    return repr(text if len(text) <= 200 else f"{text[:160]}...") + (
        "" if len(text) <= 200 else f" ({len(text)} characters)"
    )


def is_file(owner: str, path: Path) -> bool:
    """Returns whether there is a file; names that no file can have are a StorageError."""
    with storage_errors(owner, path, "read"):
        return path.is_file()


@contextlib.contextmanager
def format_errors(where: str, expected: str) -> Iterator[None]:
    """Turns what a reader meets in broken content into a FormatError; what the system says of a file stays as it is.

    Args:
        where: who reads which file.
        expected: what its content should be: 'a file that gzip compressed'.
    """
    try:
        yield
    except (TfError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        reason = f"{type(error).__name__}: {str(error)[:200]}".rstrip(": ")
        raise FormatError(f"{where}: expected {expected}, but the file is broken ({reason}).") from error


def read_json(where: str, path: Path) -> dict[str, Any]:
    """Returns the object in a file of JSON.

    Raises:
        StorageError: the file cannot be read.
        FormatError: it holds none.
    """
    with storage_errors(where, path, "read"), format_errors(f"{where}: {path}", "a file of JSON"):
        found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise FormatError(f"{where}: {path}: expected an object of JSON, received {type(found).__name__}.")
    return found


__all__ = ["format_errors", "is_file", "read_json", "storage_errors"]
