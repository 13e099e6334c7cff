"""Models in files: `file://`, or a path; in the page those of Pyodide's filesystem. Saving is atomic."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from tfjs_pyo.errors import ArgumentError, FormatError, StorageError
from tfjs_pyo.io.artifacts import Artifacts, get_model_artifacts_info_for_json, settled
from tfjs_pyo.io.buffers import CompositeArrayBuffer
from tfjs_pyo.io.handlers import Handler, register_load_router, register_save_router
from tfjs_pyo.io.keras_files import keras_artifacts
from tfjs_pyo.io.manifest import get_model_artifacts_for_json, groups_of, model_json, parse_model_json
from tfjs_pyo.io.weights import Spec

IN_PAGE: bool = "pyodide" in sys.modules
_SCHEME = "file://"
_READ_ONLY = (".keras", ".h5", ".hdf5", ".safetensors")


class FileHandler(Handler):
    """Saves to and loads from a folder (`model.json` and a file of weights), or a file that ends in `.json`.

    Args:
        path: of the folder or file; to load also a list of the path of a model.json and those of files with weights.
        options: of loading: 'weight_path_prefix', 'weight_url_converter', 'on_progress'.
    """

    def __init__(self, path: Path | Sequence[Path], options: Mapping[str, Any] | None = None) -> None:
        paths = [path] if isinstance(path, Path) else list(path)
        self.path, self.weights = paths[0], paths[1:]
        self.options = Artifacts(options or {})

    def _json(self) -> Path:
        return self.path if self.path.suffix == ".json" else self.path / "model.json"

    async def save(self, artifacts: Artifacts) -> Artifacts:
        """Writes the files; model.json last, so that what was there before stays whole until all is written.

        Raises:
            ArgumentError: the path has the ending of a form that is only read.
            StorageError: a file cannot be written.
        """
        if self.path.suffix in _READ_ONLY:
            raise ArgumentError(
                f"save: files that end in {self.path.suffix} are read, but not written; save to a folder or a .json file, "
                f"received {str(self.path)!r}."
            )
        target = self._json()
        data = CompositeArrayBuffer.join(artifacts.get("weightData"))
        try:
            await _in_thread(lambda: _write_model(target, artifacts, data))
        except OSError as error:
            raise StorageError(
                f"save: {str(target)!r} could not be written: {error.strerror or error}."
            ) from error
        return Artifacts(modelArtifactsInfo=get_model_artifacts_info_for_json(artifacts))

    async def load(self) -> Artifacts:
        """Returns the artifacts in the files."""
        if self.path.is_file() and self.path.suffix != ".json":
            content = await _read(self.path)
            found = await keras_artifacts(self.path.name, content)
            if found is not None:
                return found
        target = self.path if self.path.is_file() else self._json()
        told = parse_model_json(await _read(target), str(target))
        return await get_model_artifacts_for_json(told, self._read_weights)

    async def _read_weights(self, manifest: Any) -> tuple[list[Spec], list[bytes]]:
        groups = groups_of(manifest, str(self._json()))
        names = [path for group in groups for path in group["paths"]]
        if self.weights:
            places = _by_name(names, self.weights)
        else:
            folder = Path(self.options.get("weightPathPrefix") or self.path.parent / self._json().parent)
            convert = self.options.get("weightUrlConverter")
            places = [
                Path(await settled(convert(name))) if convert else folder / _inside(name) for name in names
            ]
        progress: Callable[[float], Any] = self.options.get("onProgress") or (lambda share: None)
        pieces = []
        for number, place in enumerate(places):
            progress(number / len(places))
            pieces.append(await _read(place))
        progress(1.0)
        return [spec for group in groups for spec in group["weights"]], pieces


def _inside(name: str) -> str:
    """Returns a relative path that stays within the folder of the model.json which names it."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name:
        raise FormatError(f"weights: expected a path within the model's folder, received {name[:80]!r}.")
    return name


def _by_name(names: Sequence[str], files: Sequence[Path]) -> list[Path]:
    known = {file.name: file for file in files}
    missing = [name for name in names if PurePosixPath(name).name not in known]
    if missing:
        raise StorageError(
            f"load: expected the file {missing[0][:80]!r} with weights among those given: {sorted(known)}."
        )
    return [known[PurePosixPath(name).name] for name in names]


async def _read(path: Path) -> bytes:
    try:
        return await _in_thread(path.read_bytes)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StorageError(f"load: {str(path)[:200]!r} could not be read: {reason}.") from error


async def _in_thread(function: Callable[[], Any]) -> Any:
    return function() if IN_PAGE else await asyncio.to_thread(function)


def _write_model(target: Path, artifacts: Artifacts, data: bytes) -> None:
    """Writes the weights to a file that no model.json names yet, then the model.json; removes the weights of the one before."""
    target.parent.mkdir(parents=True, exist_ok=True)
    stem = "weights" if target.name == "model.json" else f"{target.stem}.weights"
    before = _weights_files(target)
    place = target.with_name(f"{stem}.bin")
    if place.exists():
        place = target.with_name(f"{stem}.{hashlib.sha256(data).hexdigest()[:12]}.bin")
    has_weights = artifacts.get("weightSpecs") is not None
    if has_weights:
        write_atomically(place, data)
    write_atomically(target, model_json(artifacts, [place.name] if has_weights else []).encode())
    for path in before - {place}:
        path.unlink(missing_ok=True)


def _weights_files(target: Path) -> set[Path]:
    """Returns the files of weights that this module wrote for the model.json that is there, if there is one."""
    try:
        groups = groups_of(
            parse_model_json(target.read_bytes(), str(target)).get("weightsManifest"), str(target)
        )
        names = [_inside(path) for group in groups for path in group["paths"]]
    except (OSError, FormatError):
        return set()
    stem = "weights" if target.name == "model.json" else f"{target.stem}.weights"
    return {target.with_name(name) for name in names if name.startswith(f"{stem}.") and name.endswith(".bin")}


def write_atomically(path: Path, data: bytes) -> None:
    """Writes a file beside its place, then moves it there: the place holds the old bytes or the new ones, never a part."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            if not IN_PAGE:
                os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def path_of(url: Any) -> Path | None:
    """Returns the path that an address stands for; None if it is none of a file."""
    if hasattr(url, "__fspath__"):
        return Path(url)
    if not isinstance(url, str):
        return None
    if url.startswith(_SCHEME):
        rest = url[len(_SCHEME) :]
        return Path(unquote(rest.removeprefix("localhost") if rest.startswith("localhost/") else rest))
    return Path(url) if "://" not in url else None


def _save_router(url: Any) -> Handler | None:
    path = path_of(url)
    return FileHandler(path) if path is not None else None


def _load_router(url: Any, options: Mapping[str, Any] | None = None) -> Handler | None:
    if isinstance(url, (list, tuple)):
        paths = [path_of(each) for each in url]
        known = [path for path in paths if path is not None]
        return FileHandler(known, options) if known and len(known) == len(paths) else None
    path = path_of(url)
    if path is None or (IN_PAGE and not str(url).startswith(_SCHEME) and not path.exists()):
        return None  # in the page it is a relative address then
    return FileHandler(path, options)


register_save_router(_save_router)
register_load_router(_load_router)
__all__ = ["FileHandler", "path_of", "write_atomically"]
