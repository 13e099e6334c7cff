"""Files that are written whole or not at all, also where several write to one place at the same time."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from weakref import WeakValueDictionary

from tfjs_pyo.errors import FormatError
from tfjs_pyo.io.manifest import groups_of, parse_model_json
from tfjs_pyo.later import secrets

IN_PAGE: bool = "pyodide" in sys.modules
_TEMPORARY = re.compile(r"\.tfjs-pyo-[0-9a-f]{16}\.part")
"""Names of files that are being written; those that a process left behind when it died are removed by the next save."""


class _FolderLock:
    """Lets one thread at a time write to a folder."""

    def __init__(self) -> None:
        self.lock = threading.Lock()


_locks: WeakValueDictionary[str, _FolderLock] = WeakValueDictionary()
_guard = threading.Lock()


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keeps other threads, and other processes where the system can lock a folder, from writing to a folder meanwhile."""
    if IN_PAGE:  # one thread, and nothing is awaited while files are written
        yield
        return
    with _guard:
        own = _locks.setdefault(str(folder.resolve()), _FolderLock())
    with own.lock, _locked(folder):
        yield


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # file systems of networks that have no locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def write_atomically(path: Path, data: bytes) -> None:
    """Writes a file beside its place, then moves it there: the place holds the old bytes or the new ones, never a part.

    Folders on the way are made. Of several that write at the same time the last one counts. What writes left in the folder that
    were cut off is removed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone_in(path.parent):
        _replace(path, data)
        with contextlib.suppress(OSError):
            _remove(path.parent, filter(_TEMPORARY.fullmatch, [each.name for each in path.parent.iterdir()]))


def _replace(path: Path, data: bytes) -> None:
    beside = path.with_name(f".tfjs-pyo-{secrets.token_hex(8)}.part")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            if not IN_PAGE:
                os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write_model(target: Path, text_of: Callable[[list[str]], str], data: bytes | None) -> None:
    """Writes weights to a file that no model.json names yet, then the model.json, which makes them count.

    Then it removes what no model.json names any more: the weights of the one before, and what saves left that were cut off.

    Args:
        target: the model.json.
        text_of: gives its text for the names of the files of weights.
        data: the weights; None if there are none.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with _alone_in(target.parent):
        before = _own_weights(target)
        place = None if data is None else _free_place(target)
        if place is not None and data is not None:
            _replace(place, data)
        try:
            _replace(target, text_of([] if place is None else [place.name]).encode())
        except BaseException:
            if place is not None:
                place.unlink(missing_ok=True)
            raise
        _clean(target, before, place)


def _stem(target: Path) -> str:
    return "weights" if target.name == "model.json" else f"{target.stem}.weights"


def _free_place(target: Path) -> Path:
    """Returns a path for weights that nothing has."""
    stem = _stem(target)
    place = target.with_name(f"{stem}.bin")
    while os.path.lexists(place):
        place = target.with_name(f"{stem}.{secrets.token_hex(6)}.bin")
    return place


def _is_own(target: Path, name: str) -> bool:
    """Returns whether a name is one that `_free_place` gives."""
    return re.fullmatch(rf"{re.escape(_stem(target))}(\.[0-9a-f]{{12}})?\.bin", name) is not None


def _own_weights(target: Path) -> set[str]:
    """Returns the files of weights that this module wrote for the model.json that is there, if there is one.

    Those of other programs, such as the pieces that a converter writes to folders, are not this module's to remove.
    """
    try:
        told = parse_model_json(target.read_bytes(), str(target))
        groups = groups_of(told.get("weightsManifest"), str(target))
    except (OSError, FormatError):
        return set()
    paths = [PurePosixPath(path) for group in groups for path in group["paths"]]
    return {path.name for path in paths if len(path.parts) == 1 and _is_own(target, path.name)}


def _clean(target: Path, before: set[str], place: Path | None) -> None:
    """Removes files that no model.json names; what cannot be removed stays, for the model is saved by now."""
    with contextlib.suppress(OSError):
        names = [path.name for path in target.parent.iterdir()]
        left = {name for name in names if name != (place and place.name) and _is_own(target, name)}
        left -= {f"{_stem(target)}.bin"} - before  # a usual name, which a file of somebody else's may have
        unknown = left - before
        if unknown:  # of a save that was cut off, unless the model.json was copied
            others = [name for name in names if name.endswith(".json") and name != target.name]
            texts = [(target.parent / name).read_bytes() for name in others]
            left -= {name for name in unknown if any(name.encode() in text for text in texts)}
        _remove(target.parent, [*left, *filter(_TEMPORARY.fullmatch, names)])


def _remove(folder: Path, names: Iterable[str]) -> None:
    """Removes files of a folder; what cannot be removed stays."""
    for name in names:
        with contextlib.suppress(OSError):
            (folder / name).unlink()


__all__ = ["IN_PAGE", "write_atomically", "write_model"]
