"""Files that a user chose: paths, file objects, or the page's own File objects."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from tfjs_pyo.errors import ArgumentError, StorageError
from tfjs_pyo.io.artifacts import Artifacts, settled
from tfjs_pyo.io.file_errors import storage_errors
from tfjs_pyo.io.handlers import Handler
from tfjs_pyo.io.keras_files import keras_artifacts
from tfjs_pyo.io.manifest import get_model_artifacts_for_json, groups_of, parse_model_json
from tfjs_pyo.io.weights import Spec


async def content_of(file: Any) -> bytes:
    """Returns the bytes of a path, of an object with `read()`, of `(name, bytes)`, or of a File of the page.

    Raises:
        StorageError: it cannot be read.
    """
    if isinstance(file, tuple):
        return bytes(file[1])
    if isinstance(file, (str, Path)):
        with storage_errors("browserFiles", Path(file), "read"):
            return Path(file).read_bytes()
    for name in ("arrayBuffer", "read"):
        if hasattr(file, name):
            found = await settled(getattr(file, name)())
            found = found.to_bytes() if hasattr(found, "to_bytes") else found
            return found.encode() if isinstance(found, str) else bytes(found)
    raise ArgumentError(
        f"browserFiles: expected a path, a file or (name, bytes), received {type(file).__name__}."
    )


def name_of(file: Any) -> str:
    """Returns the name of a file, without folders."""
    name = (
        file[0]
        if isinstance(file, tuple)
        else file
        if isinstance(file, (str, Path))
        else getattr(file, "name", "")
    )
    return PurePosixPath(str(name).replace("\\", "/")).name


class _Files(Handler):
    def __init__(self, files: Sequence[Any]) -> None:
        self.json_file, self.weights = files[0], list(files[1:])

    async def load(self) -> Artifacts:
        """Returns the artifacts in the files."""
        content, name = await content_of(self.json_file), name_of(self.json_file)
        found = keras_artifacts(name, content)
        if found is not None:
            return found
        told = parse_model_json(content, name)
        if not self.weights:
            return Artifacts(modelTopology=told.get("modelTopology"))
        return await get_model_artifacts_for_json(told, self._read)

    async def _read(self, manifest: Any) -> tuple[list[Spec], list[bytes]]:
        groups = groups_of(manifest, name_of(self.json_file))
        names = [PurePosixPath(path).name for group in groups for path in group["paths"]]
        given = {name_of(file): file for file in self.weights}
        if sorted(names) != sorted(given):
            raise StorageError(
                f"browserFiles: expected the files of weights that the model.json names, {sorted(names)}, received "
                f"{sorted(given)}."
            )
        specs = [spec for group in groups for spec in group["weights"]]
        return specs, [await content_of(given[name]) for name in names]


def browser_files(files: Sequence[Any]) -> Handler:
    """Returns a handler that loads a model from files.

    Args:
        files: the model.json first, then the files of its weights, if any: paths, objects with `read()`, `(name, bytes)`, or
            File objects of the page.

    Raises:
        ArgumentError: no files.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [2]})]})
        >>> files = tf.io.browserFiles([("model.json", model.toJSON().encode())])
        >>> asyncio.run(tf.loadLayersModel(files)).count_params()
        3

    Source: https://js.tensorflow.org/api/latest/#io.browserFiles
    """
    given = list(files or ())
    if not given:
        raise ArgumentError("browserFiles: expected at least the file with the JSON, received none.")
    return _Files(given)


__all__ = ["browser_files", "content_of", "name_of"]
