"""`keras.utils.get_file`: files of the web, kept where the next program finds them."""

from __future__ import annotations

import hashlib
import os
import sys
import tarfile
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tfjs_pyo.core.blocking import wait
from tfjs_pyo.errors import FormatError, OptionError, StorageError
from tfjs_pyo.io.file_errors import format_errors, storage_errors
from tfjs_pyo.io.indexed_db import keep_file, kept_file
from tfjs_pyo.io.requests import fetch
from tfjs_pyo.io.writing import write_atomically
from tfjs_pyo.keras import config
from tfjs_pyo.keras.utils.samples import Progbar
from tfjs_pyo.later import shutil, tempfile, urllib_parse, zipfile
from tfjs_pyo.rules import check_public


def keras_home() -> Path:
    """Returns the folder of Keras's files: `KERAS_HOME`, or `.keras` in the user's own."""
    return Path(os.environ.get("KERAS_HOME") or Path("~").expanduser() / ".keras")


def get_file(
    fname: str | Path | None = None,
    origin: str | None = None,
    untar: bool = False,
    md5_hash: str | None = None,
    file_hash: str | None = None,
    cache_subdir: str = "datasets",
    hash_algorithm: str = "auto",
    extract: bool = False,
    archive_format: str | list[str] | None = "auto",
    cache_dir: str | Path | None = None,
    force_download: bool = False,
) -> str:
    """Downloads a file unless it is there already, and returns its path.

    In the page files lie in the memory of this tab, and the browser's database keeps them for the next visit; an address must
    allow other pages to read it (CORS).

    Args:
        fname: its name here; default: that of the address. Where there is a file of an absolute path, that is it.
        origin: address.
        untar: old name for `extract`.
        md5_hash: old name for `file_hash`.
        file_hash: what the content must have, MD5 or SHA-256.
        cache_subdir: folder below `cache_dir`.
        hash_algorithm: 'md5', 'sha256' or 'auto', which goes by the length of the hash.
        extract: whether an archive is unpacked.
        archive_format: 'auto', 'tar', 'zip', or a list of these.
        cache_dir: default: `KERAS_HOME`, or `~/.keras`.
        force_download: whether a file that is there is fetched again.

    Returns:
        The path of the file, or of the folder that an archive was unpacked to.

    Raises:
        StorageError: the server cannot be reached or has no such file.
        FormatError: the content has another hash.
        OptionError: no address.

    Example:
        >>> from tfjs_pyo import keras
        >>> path = keras.utils.get_file(origin="https://example.org/data.csv")  # doctest: +SKIP
        >>> path  # doctest: +SKIP
        '/home/me/.keras/datasets/data.csv'

    Source: https://keras.io/api/utils/python_utils/#get_file-function
    """
    if origin is None:
        raise OptionError("get_file: expected `origin`, the address of the file, received none.")
    file_hash = file_hash if file_hash is not None else md5_hash
    unpack = extract or untar
    name = Path(fname or Path(urllib_parse.urlsplit(origin).path).name)
    if not name.name:
        raise OptionError(f"get_file: expected a name for the file of {origin!r}: pass `fname`.")
    folder = Path(cache_dir).expanduser() if cache_dir is not None else keras_home()
    folder = folder / cache_subdir
    target = name if name.is_absolute() else folder / name
    with storage_errors("get_file", target, "kept"):
        target.parent.mkdir(parents=True, exist_ok=True)
        known = target.is_file() and (file_hash is None or _matches(target, file_hash, hash_algorithm))
    if force_download or not known:
        _download(origin, target, file_hash, hash_algorithm, force_download)
    return str(_unpacked(target, archive_format) if unpack else target)


_PAGE = "pyodide" in sys.modules


def _download(origin: str, target: Path, file_hash: str | None, algorithm: str, anew: bool) -> None:
    """Fetches a file, or what the browser keeps of it, and puts it in its place when it is whole and right."""
    kept = wait(kept_file(origin)) if _PAGE and not anew else None
    if kept is not None and _placed(kept, target, file_hash, algorithm):
        return
    content = _fetched(origin, target)
    if not _placed(content, target, file_hash, algorithm):
        raise FormatError(
            f"get_file: expected the content of {origin} to have the hash {file_hash}; it has another."
        )
    if _PAGE:
        try:
            wait(keep_file(origin, content))
        except StorageError as error:
            warnings.warn(f"get_file: the next visit downloads {origin} again: {error}", stacklevel=3)


def _fetched(origin: str, target: Path) -> bytes:
    bar: Progbar | None = None

    def told(size: int, expected: int | None) -> None:
        nonlocal bar
        bar = bar or Progbar(expected, unit_name="byte")
        bar.update(size, finalize=None if expected is not None else False)

    shows = config.is_interactive_logging_enabled()
    if shows:
        print(f"Downloading data from {origin}")
    try:
        answer = wait(fetch(origin, {}, told=told if shows else None))
    except StorageError as error:
        error.add_note(
            "In a page, the server must allow other pages to read it (CORS). Drop the file on the page and pass its path "
            f"instead: load_data(path=...), or put it at {target}."
        )
        raise
    if bar is not None and bar.target is None:
        bar.update(len(answer.content), finalize=True)
    if not answer.ok:
        raise StorageError(f"get_file: {origin} answered with status {answer.status}.")
    return answer.content


def _placed(content: bytes, target: Path, file_hash: str | None, algorithm: str) -> bool:
    """Puts a file in its place at once; returns False, without doing so, if it has another hash."""
    if file_hash is not None and not _has_hash([content], file_hash, algorithm):
        return False
    with storage_errors("get_file", target, "kept"):
        write_atomically(target, content)
    return True


def _matches(path: Path, expected: str, algorithm: str) -> bool:
    with path.open("rb") as file:
        return _has_hash(iter(lambda: file.read(1 << 20), b""), expected, algorithm)


def _has_hash(blocks: Iterable[bytes], expected: str, algorithm: str) -> bool:
    sha = algorithm == "sha256" or (algorithm == "auto" and len(expected) == 64)
    digest = hashlib.sha256() if sha else hashlib.md5(usedforsecurity=False)
    for block in blocks:
        digest.update(block)
    return digest.hexdigest() == expected


def _unpacked(archive: Path, formats: Any) -> Path:
    """Unpacks an archive beside it, once, and returns the folder.

    Raises:
        FormatError: it is no archive, or would write beyond the folder.
    """
    wanted = (
        ["tar", "zip"]
        if formats == "auto"
        else [formats]
        if isinstance(formats, str)
        else list(formats or [])
    )
    folder = archive.parent / (archive.name.partition(".")[0] + "_extracted")
    if folder.is_dir() and folder.stat().st_mtime >= archive.stat().st_mtime:
        return folder
    with tempfile.TemporaryDirectory(dir=archive.parent) as partial:
        whole = Path(partial) / "content"
        whole.mkdir()
        with format_errors(f"get_file: {archive.name}", f"an archive of {' or '.join(wanted)}"):
            _extract(archive, wanted, whole)
        shutil.rmtree(folder, ignore_errors=True)
        whole.replace(folder)
    os.utime(folder)
    return folder


def _extract(archive: Path, wanted: Sequence[str], folder: Path) -> None:
    """Writes what is in an archive into a folder."""
    if "tar" in wanted and tarfile.is_tarfile(archive):
        with tarfile.open(archive) as tar:
            try:
                tar.extractall(folder, filter="data")
            except tarfile.FilterError as error:
                raise FormatError(
                    f"get_file: {archive.name} would write beyond its folder: {error}"
                ) from None
    elif "zip" in wanted and zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(folder)  # noqa: S202 (zipfile keeps to the folder)
    else:
        raise FormatError(f"get_file: expected {archive.name} to be an archive of {' or '.join(wanted)}.")


__all__ = ["get_file", "keras_home"]
check_public(globals())
