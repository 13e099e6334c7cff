"""Models in files: `file://`, or a path; in the page those of Pyodide's filesystem. Saving is atomic."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from tfjs_pyo.errors import ArgumentError, FormatError, StorageError
from tfjs_pyo.io.artifacts import Artifacts, get_model_artifacts_info_for_json, settled
from tfjs_pyo.io.buffers import CompositeArrayBuffer
from tfjs_pyo.io.file_errors import is_file, storage_errors
from tfjs_pyo.io.handlers import Handler, register_load_router, register_save_router
from tfjs_pyo.io.keras_files import keras_artifacts
from tfjs_pyo.io.manifest import get_model_artifacts_for_json, groups_of, model_json, parse_model_json
from tfjs_pyo.io.weights import Spec
from tfjs_pyo.io.writing import IN_PAGE, write_model
from tfjs_pyo.later import asyncio, urllib_parse

_SCHEME = "file://"
_READ_ONLY = (".keras", ".h5", ".hdf5", ".safetensors")
_MOST_TURNS = 1000
"""How often a load begins anew because a save came between; more than a program would do by chance."""


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
        data = None
        if artifacts.get("weightSpecs") is not None:
            data = CompositeArrayBuffer.join(artifacts.get("weightData"))
        with storage_errors("save", target, "written"):
            await _in_thread(lambda: write_model(target, lambda names: model_json(artifacts, names), data))
        return Artifacts(modelArtifactsInfo=get_model_artifacts_info_for_json(artifacts))

    async def load(self) -> Artifacts:
        """Returns the artifacts in the files."""
        found_file = is_file("load", self.path)
        if found_file and self.path.suffix != ".json":
            content = await _read(self.path)
            found = keras_artifacts(self.path.name, content)
            if found is not None:
                return found
            if self.path.suffix in _READ_ONLY and content[:1] != b"{":
                raise FormatError(
                    f"load: {str(self.path)!r} is no {self.path.suffix} file: it begins with {content[:8]!r}. Is it whole?"
                )
        is_model = found_file or (self.path.suffix in _READ_ONLY and not self.path.exists())
        return await self._load_whole(self.path if is_model else self._json())

    async def _load_whole(self, target: Path) -> Artifacts:
        """Returns the model of one save: if the model.json was replaced while its weights were read, it begins anew.

        One that replaced it may read the same, as names of weights come back: the time of its writing tells.
        """
        for _ in range(_MOST_TURNS):
            written, content = _written(target), await _read(target)
            failed: StorageError | None = None
            try:
                found = await get_model_artifacts_for_json(
                    parse_model_json(content, str(target)),
                    lambda manifest: self._read_weights(manifest, target),
                )
            except StorageError as error:
                failed = error
            if (_written(target), await _read(target)) == (written, content):
                if failed is not None:
                    raise failed
                return found
        raise StorageError(
            f"load: {str(target)!r} was replaced {_MOST_TURNS} times while it was read. Load it when nothing saves there."
        )

    async def _read_weights(self, manifest: Any, target: Path) -> tuple[list[Spec], list[bytes]]:
        groups = groups_of(manifest, str(target))
        names = [path for group in groups for path in group["paths"]]
        if self.weights:
            places = _by_name(names, self.weights)
        else:
            folder = Path(self.options.get("weightPathPrefix") or target.parent)
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


def _written(path: Path) -> tuple[int, int]:
    """Returns what tells one writing of a file from the next: its place in the file system, and when it was written."""
    with storage_errors("load", path, "read"):
        found = path.stat()
    return found.st_ino, found.st_mtime_ns


async def _read(path: Path) -> bytes:
    with storage_errors("load", path, "read"):
        content: bytes = await _in_thread(path.read_bytes)
    return content


async def _in_thread(function: Callable[[], Any]) -> Any:
    return function() if IN_PAGE else await asyncio.to_thread(function)


def path_of(url: Any) -> Path | None:
    """Returns the path that an address stands for; None if it is none of a file.

    Raises:
        ArgumentError: it is empty.
    """
    if isinstance(url, str) and not url.removeprefix(_SCHEME).strip():
        raise ArgumentError(
            f"expected the path of a model, received {url!r}. '.' stands for the folder that the program runs in."
        )
    if hasattr(url, "__fspath__"):
        return Path(url)
    if not isinstance(url, str):
        return None
    if url.startswith(_SCHEME):
        rest = url[len(_SCHEME) :]
        return Path(
            urllib_parse.unquote(rest.removeprefix("localhost") if rest.startswith("localhost/") else rest)
        )
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
    if path is None:
        return None
    if IN_PAGE and path.suffix not in _READ_ONLY and not str(url).startswith(_SCHEME) and not path.exists():
        return None  # in the page it is a relative address then
    return FileHandler(path, options)


register_save_router(_save_router)
register_load_router(_load_router)
__all__ = ["FileHandler", "path_of"]
