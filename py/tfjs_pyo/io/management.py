"""The models of stores: listed, copied, moved, removed. Source: https://js.tensorflow.org/api/latest/#Models-Management"""

from __future__ import annotations

from typing import Any, Protocol

from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.io.artifacts import Artifacts, get_model_artifacts_info_for_json
from tfjs_pyo.io.handlers import call_handler, handler_for, loaded


class Store(Protocol):
    """A place that keeps models by name."""

    async def list_models(self) -> dict[str, Artifacts]:
        """Returns what is told of each model, by its name."""

    async def remove_model(self, path: str) -> Artifacts:
        """Removes a model; returns what was told of it."""


_STORES: dict[str, Store] = {}


def register_store(scheme: str, store: Store) -> None:
    """Makes a store known by the scheme of its addresses."""
    _STORES[scheme] = store


def _parts(owner: str, url: str) -> tuple[str, str]:
    scheme, mark, path = url.partition("://")
    if not mark:
        raise ArgumentError(f"{owner}: expected an address with a scheme ({_schemes()}), received {url!r}.")
    return scheme, path


def _schemes() -> str:
    return ", ".join(f"{scheme}://" for scheme in _STORES)


def _store(owner: str, scheme: str) -> Store:
    if scheme not in _STORES:
        raise ArgumentError(
            f"{owner}: there is no store for {scheme}://. There are: {_schemes() or 'none here'}."
        )
    return _STORES[scheme]


async def list_models() -> dict[str, Artifacts]:
    """Returns what is told of every model in the stores, by its address.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [2]})]})
        >>> _ = asyncio.run(model.save("memory://first"))
        >>> asyncio.run(tf.io.listModels())["memory://first"]["weightDataBytes"]
        12

    Source: https://js.tensorflow.org/api/latest/#io.listModels
    """
    found = {}
    for scheme, store in _STORES.items():
        found.update({f"{scheme}://{path}": info for path, info in (await store.list_models()).items()})
    return found


async def remove_model(url: str) -> Artifacts:
    """Removes a model from a store; returns what was told of it.

    Returns:
        What was told of the model: when it was saved and how many bytes its parts had.

    Raises:
        ArgumentError: no store has such addresses.
        StorageError: there is no such model.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 3, "inputShape": [2]})]})
        >>> _ = asyncio.run(model.save("memory://first"))
        >>> asyncio.run(tf.io.removeModel("memory://first"))["modelTopologyType"]
        'JSON'
        >>> "memory://first" in asyncio.run(tf.io.listModels())
        False

    Source: https://js.tensorflow.org/api/latest/#io.removeModel
    """
    scheme, path = _parts("removeModel", url)
    return await _store("removeModel", scheme).remove_model(path)


async def copy_model(source_url: str, dest_url: str) -> Artifacts:
    """Copies a model from one address to another; returns what is told of the copy.

    Returns:
        What is told of the copy: when it was saved and how many bytes its parts have.

    Raises:
        ArgumentError: an address that nothing can be loaded from, or saved at.
        StorageError: there is no such model.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 3, "inputShape": [2]})]})
        >>> _ = asyncio.run(model.save("memory://first"))
        >>> _ = asyncio.run(tf.io.copyModel("memory://first", "memory://second"))
        >>> asyncio.run(tf.loadLayersModel("memory://second")).outputs[0].shape
        (None, 3)
        >>> _ = [asyncio.run(tf.io.removeModel(f"memory://{name}")) for name in ("first", "second")]

    Source: https://js.tensorflow.org/api/latest/#io.copyModel
    """
    return await _copied("copyModel", source_url, dest_url)


async def move_model(source_url: str, dest_url: str) -> Artifacts:
    """Copies a model from one address to another, then removes it from the first.

    Returns:
        What is told of the model in its new place: when it was saved and how many bytes its parts have.

    Raises:
        ArgumentError: an address that nothing can be loaded from, or saved at.
        StorageError: there is no such model.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 3, "inputShape": [2]})]})
        >>> _ = asyncio.run(model.save("memory://old"))
        >>> _ = asyncio.run(tf.io.moveModel("memory://old", "memory://new"))
        >>> [name in asyncio.run(tf.io.listModels()) for name in ("memory://old", "memory://new")]
        [False, True]
        >>> _ = asyncio.run(tf.io.removeModel("memory://new"))

    Source: https://js.tensorflow.org/api/latest/#io.moveModel
    """
    scheme, path = _parts("moveModel", source_url)
    store = _store("moveModel", scheme)
    info = await _copied("moveModel", source_url, dest_url)
    await store.remove_model(path)
    return info


async def _copied(owner: str, source_url: str, dest_url: str) -> Artifacts:
    if source_url == dest_url:
        raise ArgumentError(f"{owner}: expected two addresses, received {source_url!r} twice.")
    saver = handler_for(dest_url, "save")
    artifacts = await loaded(handler_for(source_url, "load"), owner)
    result: Any = await call_handler(saver, "save", artifacts)
    return Artifacts(result or {}).get("modelArtifactsInfo") or get_model_artifacts_info_for_json(artifacts)


__all__ = ["Store", "copy_model", "list_models", "move_model", "register_store", "remove_model"]
