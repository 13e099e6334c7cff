"""`localstorage://` and `downloads://`: what only a page's main thread has. A worker asks its page (web/services.js)."""

from __future__ import annotations

import base64
import binascii
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from tfjs_pyo.errors import ArgumentError, FormatError, StorageError
from tfjs_pyo.io.artifacts import Artifacts, get_model_artifacts_info_for_json, info_as_json
from tfjs_pyo.io.buffers import CompositeArrayBuffer
from tfjs_pyo.io.handlers import Handler, register_load_router, register_save_router
from tfjs_pyo.io.management import register_store
from tfjs_pyo.io.manifest import model_json

_FOLDER = "tensorflowjs_models"
_PARTS = {
    "info": "info",
    "topology": "model_topology",
    "specs": "weight_specs",
    "data": "weight_data",
    "metadata": "model_metadata",
}
_METADATA = (
    "format",
    "generatedBy",
    "convertedBy",
    "signature",
    "userDefinedMetadata",
    "modelInitializer",
    "trainingConfig",
)


class PageStorage:
    """The page's localStorage, whichever thread Python is in."""

    def __init__(self) -> None:
        import js

        self._direct = getattr(js, "localStorage", None)
        self._page = getattr(js, "pyoPage", None)
        if self._direct is None and self._page is None:
            raise StorageError("localstorage://: there is no localStorage here, and no page to ask for it.")

    async def keys(self) -> list[str]:
        """Returns all keys."""
        import js

        found = js.Object.keys(self._direct) if self._page is None else await self._page.storageKeys()
        return list(found.to_py())

    async def get(self, keys: Sequence[str]) -> list[str | None]:
        """Returns the texts of keys, None where there is none, as they are at one moment."""
        from pyodide.ffi import to_js

        if self._page is None:
            found = [self._direct.getItem(key) for key in keys]  # type: ignore[union-attr]
        else:
            found = list(await self._page.storageGet(to_js(list(keys))))
        return [text if isinstance(text, str) else None for text in found]

    async def change(self, changes: Mapping[str, str | None]) -> None:
        """Sets keys, or removes them (None): all or none.

        Raises:
            StorageError: it is full.
        """
        from pyodide.ffi import JsException, jsnull, to_js

        entries = [[key, jsnull if value is None else value] for key, value in changes.items()]
        try:
            if self._page is None:
                self._change_directly(changes)
            else:
                await self._page.storageChange(to_js(entries))
        except JsException as error:
            size = sum(len(value or "") for value in changes.values())
            raise StorageError(
                f"localstorage://: {size} characters could not be stored ({error}); what was there is as before. Browsers "
                "give about 5 million in all; indexeddb:// takes more."
            ) from None

    def _change_directly(self, changes: Mapping[str, str | None]) -> None:
        from pyodide.ffi import JsException

        storage: Any = self._direct
        before = {key: storage.getItem(key) for key in changes}

        def apply(entries: Mapping[str, Any]) -> None:
            for key in entries:
                storage.removeItem(key)
            for key, value in entries.items():
                if isinstance(value, str):
                    storage.setItem(key, value)

        try:
            apply(changes)
        except JsException:
            apply(before)
            raise


def _keys(path: str) -> dict[str, str]:
    return {name: f"{_FOLDER}/{path}/{part}" for name, part in _PARTS.items()}


class LocalStorageHandler(Handler):
    """Saves to and loads from localStorage, under TF.js's keys."""

    def __init__(self, path: str) -> None:
        if not path:
            raise ArgumentError("localstorage://: expected a name after the scheme, received none.")
        self.path = path

    async def save(self, artifacts: Artifacts) -> Artifacts:
        """Stores the artifacts."""
        info = get_model_artifacts_info_for_json(artifacts)
        texts = {
            "info": json.dumps(info_as_json(info)),
            "topology": json.dumps(artifacts.get("modelTopology")),
            "specs": json.dumps(artifacts.get("weightSpecs")),
            "data": base64.b64encode(CompositeArrayBuffer.join(artifacts.get("weightData"))).decode(),
            "metadata": json.dumps({k: artifacts.get(k) for k in _METADATA if artifacts.get(k) is not None}),
        }
        keys = _keys(self.path)
        await PageStorage().change({keys[name]: text for name, text in texts.items()})
        return Artifacts(modelArtifactsInfo=info)

    async def load(self) -> Artifacts:
        """Returns the artifacts."""
        storage = PageStorage()
        keys = _keys(self.path)
        found = dict(zip(keys, await storage.get(list(keys.values())), strict=True))
        if found["info"] is None:
            known = ", ".join(sorted(await LocalStorageStore().list_models())) or "none"
            raise StorageError(f"localstorage://{self.path}: there is no such model. There are: {known}.")
        try:
            result = Artifacts(
                modelTopology=json.loads(found["topology"] or ""),
                weightSpecs=json.loads(found["specs"] or ""),
                weightData=base64.b64decode(found["data"] or "", validate=True),
            )
            result.update(json.loads(found["metadata"] or "{}"))
        except (ValueError, TypeError, binascii.Error) as error:
            raise FormatError(
                f"localstorage://{self.path}: what is stored there is broken: {error}."
            ) from None
        return result


class LocalStorageStore:
    """All models in localStorage."""

    async def list_models(self) -> dict[str, Artifacts]:
        """Returns what is told of each model, by its name."""
        storage = PageStorage()
        begin, end = f"{_FOLDER}/", f"/{_PARTS['info']}"
        keys = [key for key in await storage.keys() if key.startswith(begin) and key.endswith(end)]
        texts = zip(keys, await storage.get(keys), strict=True)
        return {key[len(begin) : -len(end)]: Artifacts(json.loads(text)) for key, text in texts if text}

    async def remove_model(self, path: str) -> Artifacts:
        """Removes a model; returns what was told of it."""
        known = await self.list_models()
        if path not in known:
            raise StorageError(
                f"localstorage://{path}: there is no such model. There are: {', '.join(known) or 'none'}."
            )
        await PageStorage().change(dict.fromkeys(_keys(path).values()))
        return known[path]


class DownloadHandler(Handler):
    """Lets the browser download a model.json and a file of weights."""

    def __init__(self, name: str) -> None:
        self.name = name or "model"

    async def save(self, artifacts: Artifacts) -> Artifacts:
        """Begins both downloads."""
        weights = f"{self.name}.weights.bin"
        text = model_json(artifacts, [f"./{weights}"]).encode()
        await _download(f"{self.name}.json", "application/json", text)
        if artifacts.get("weightData") is not None:
            await _download(
                weights, "application/octet-stream", CompositeArrayBuffer.join(artifacts["weightData"])
            )
        return Artifacts(modelArtifactsInfo=get_model_artifacts_info_for_json(artifacts))


async def _download(name: str, kind: str, content: bytes) -> None:
    import js
    from pyodide.ffi import to_js

    content_js = to_js(content)
    page = getattr(js, "pyoPage", None)
    if page is not None:
        await page.download(name, kind, content_js)
        return
    document = getattr(js, "document", None)
    if document is None:
        raise StorageError("downloads://: there is no page here to download with.")
    anchor = document.createElement("a")
    anchor.href = js.URL.createObjectURL(js.Blob.new([content_js]))
    anchor.download = name
    anchor.click()


def browser_downloads(file_name_prefix: str = "model") -> Handler:
    """Returns a handler that lets the browser download a model: `<prefix>.json` and `<prefix>.weights.bin`.

    Raises:
        ArgumentError: Python does not run in a browser.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 3, "inputShape": [2]})]})
        >>> _ = asyncio.run(model.save(tf.io.browserDownloads("mine")))  # doctest: +SKIP

    Source: https://js.tensorflow.org/api/latest/#io
    """
    if "pyodide" not in sys.modules:
        raise ArgumentError(
            "browserDownloads: expected to run in a browser; here `model.save(path)` writes files."
        )
    return DownloadHandler(file_name_prefix.removeprefix("downloads://"))


def _name(url: Any, scheme: str) -> str | None:
    return url[len(scheme) :] if isinstance(url, str) and url.startswith(scheme) else None


def _save_router(url: Any) -> Handler | None:
    name = _name(url, "downloads://")
    return DownloadHandler(name) if name is not None else _load_router(url)


def _load_router(url: Any, options: Mapping[str, Any] | None = None) -> Handler | None:  # noqa: ARG001 (as all routers)
    name = _name(url, "localstorage://")
    return LocalStorageHandler(name) if name is not None else None


if "pyodide" in sys.modules:
    register_store("localstorage", LocalStorageStore())
    register_save_router(_save_router)
    register_load_router(_load_router)
__all__ = ["browser_downloads"]
