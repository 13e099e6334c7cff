"""`indexeddb://`: models in the browser's database, as TF.js keeps them."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from tfjs_pyo.errors import ArgumentError, StorageError
from tfjs_pyo.io.artifacts import Artifacts, get_model_artifacts_info_for_json, info_as_json
from tfjs_pyo.io.buffers import CompositeArrayBuffer
from tfjs_pyo.io.handlers import Handler, register_load_router, register_save_router
from tfjs_pyo.io.management import register_store
from tfjs_pyo.later import asyncio

_DATABASE, _VERSION = "tensorflowjs", 1
_MODELS, _INFOS = "models_store", "model_info_store"
_KEY = "modelPath"


def _failed(what: str, error: Any) -> StorageError:
    reason = getattr(error, "message", None) or error
    return StorageError(f"indexeddb://: {what}: {reason}. What was there is as before.")


async def _answer(request: Any, what: str, events: Mapping[str, str] | None = None) -> Any:
    """Returns the result of a request, or waits for a transaction, by its events."""
    from pyodide.ffi import create_proxy

    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    proxies = []

    def listen(event: str, outcome: str) -> None:
        def arrive(_event: Any) -> None:
            if not future.done():
                future.set_result(None) if outcome == "good" else future.set_exception(
                    _failed(what, request.error)
                )

        proxies.append(create_proxy(arrive))
        setattr(request, event, proxies[-1])

    for event, outcome in (events or {"onsuccess": "good", "onerror": "bad", "onblocked": "bad"}).items():
        listen(event, outcome)
    try:
        await future
    finally:
        for proxy in proxies:
            proxy.destroy()
    return request.result if events is None else None


async def _opened(name: str = _DATABASE, stores: Sequence[str] = (_MODELS, _INFOS)) -> Any:
    """Returns a database, made with its stores if need be."""
    import js
    from pyodide.ffi import JsException, create_proxy, to_js

    key = to_js({"keyPath": _KEY}, dict_converter=js.Object.fromEntries)

    def make(event: Any) -> None:
        for store in stores:
            event.target.result.createObjectStore(store, key)

    maker = create_proxy(make)
    try:
        request = js.indexedDB.open(name, _VERSION)
        request.onupgradeneeded = maker
        return await _answer(request, "the database cannot be opened; is storage blocked for this page?")
    except (JsException, AttributeError) as error:
        raise _failed("the database cannot be opened; is storage blocked for this page?", error) from None
    finally:
        maker.destroy()


async def _read(store: str, path: str | None) -> Any:
    """Returns the entry of a model, or of all."""
    database = await _opened()
    try:
        kept = database.transaction(store, "readonly").objectStore(store)
        return await _answer(kept.getAll() if path is None else kept.get(path), "it cannot be read")
    finally:
        database.close()


async def _write(entries: Mapping[str, Any], path: str) -> None:
    """Puts an entry into each store, or takes it out (None), in one transaction."""
    import js
    from pyodide.ffi import JsException, to_js

    database = await _opened()
    try:
        transaction = database.transaction(to_js([_MODELS, _INFOS]), "readwrite")
        for store, value in entries.items():
            kept = transaction.objectStore(store)
            if value is None:
                kept.delete(path)
            else:
                kept.put(to_js({_KEY: path, **value}, dict_converter=js.Object.fromEntries))
        await _answer(
            transaction, "it cannot be stored", {"oncomplete": "good", "onerror": "bad", "onabort": "bad"}
        )
    except JsException as error:
        raise _failed("it cannot be stored", error) from None
    finally:
        database.close()


_FILES, _FILES_STORE = "tfjs-pyo", "files"


async def kept_file(address: str) -> bytes | None:
    """Returns the content of a file that `keep_file` has put into the browser's database, or None.

    Args:
        address: it was kept under.
    """
    database = await _opened(_FILES, (_FILES_STORE,))
    try:
        store = database.transaction(_FILES_STORE, "readonly").objectStore(_FILES_STORE)
        found = await _answer(store.get(address), "it cannot be read")
        return found.content.to_bytes() if hasattr(found, "content") else None
    finally:
        database.close()


async def keep_file(address: str, content: bytes | None) -> None:
    """Keeps a file in the browser's database, beyond this visit; of None takes it out.

    Args:
        address: to find it by.
        content: of the file.

    Raises:
        StorageError: the browser gives no room.
    """
    import js
    from pyodide.ffi import JsException, to_js

    database = await _opened(_FILES, (_FILES_STORE,))
    try:
        transaction = database.transaction(_FILES_STORE, "readwrite")
        store = transaction.objectStore(_FILES_STORE)
        if content is None:
            store.delete(address)
        else:
            entry = {_KEY: address, "content": js.Uint8Array.new(to_js(content)).buffer}
            store.put(to_js(entry, dict_converter=js.Object.fromEntries))
        done = {"oncomplete": "good", "onerror": "bad", "onabort": "bad"}
        await _answer(transaction, "it cannot be stored", done)
    except JsException as error:
        raise _failed("it cannot be stored", error) from None
    finally:
        database.close()


class IndexedDBHandler(Handler):
    """Saves to and loads from the database."""

    def __init__(self, path: str) -> None:
        if not path:
            raise ArgumentError("indexeddb://: expected a name after the scheme, received none.")
        self.path = path

    async def save(self, artifacts: Artifacts) -> Artifacts:
        """Stores the artifacts."""
        import js
        from pyodide.ffi import to_js

        info = get_model_artifacts_info_for_json(artifacts)
        plain = {key: value for key, value in artifacts.items() if key != "weightData"}
        kept = js.JSON.parse(json.dumps(plain))
        data = CompositeArrayBuffer.join(artifacts.get("weightData"))
        kept.weightData = js.Uint8Array.new(to_js(data)).buffer
        told = js.JSON.parse(json.dumps(info_as_json(info)))
        await _write({_MODELS: {"modelArtifacts": kept}, _INFOS: {"modelArtifactsInfo": told}}, self.path)
        return Artifacts(modelArtifactsInfo=info)

    async def load(self) -> Artifacts:
        """Returns the artifacts."""
        import js

        found = await _read(_MODELS, self.path)
        if not hasattr(found, "modelArtifacts"):
            known = ", ".join(sorted(await IndexedDBStore().list_models())) or "none"
            raise StorageError(f"indexeddb://{self.path}: there is no such model. There are: {known}.")
        kept = found.modelArtifacts
        data: Any = getattr(kept, "weightData", None)
        copied = js.Object.assign(js.Object.new(), kept)
        copied.weightData = None
        result = Artifacts(json.loads(js.JSON.stringify(copied)))
        if hasattr(data, "to_bytes"):
            result["weightData"] = data.to_bytes()
        elif hasattr(data, "length"):  # pieces, as TF.js 4 may keep them
            result["weightData"] = [piece.to_bytes() for piece in data]
        return result


class IndexedDBStore:
    """All models in the database."""

    async def list_models(self) -> dict[str, Artifacts]:
        """Returns what is told of each model, by its name."""
        import js

        found = json.loads(js.JSON.stringify(await _read(_INFOS, None)))
        return {entry[_KEY]: Artifacts(entry["modelArtifactsInfo"]) for entry in found}

    async def remove_model(self, path: str) -> Artifacts:
        """Removes a model; returns what was told of it."""
        known = await self.list_models()
        if path not in known:
            raise StorageError(
                f"indexeddb://{path}: there is no such model. There are: {', '.join(known) or 'none'}."
            )
        await _write({_MODELS: None, _INFOS: None}, path)
        return known[path]


def _router(url: Any, options: Mapping[str, Any] | None = None) -> Handler | None:  # noqa: ARG001 (as all routers)
    scheme = "indexeddb://"
    return IndexedDBHandler(url[len(scheme) :]) if isinstance(url, str) and url.startswith(scheme) else None


if "pyodide" in sys.modules:
    register_store("indexeddb", IndexedDBStore())
    register_save_router(_router)
    register_load_router(_router)
__all__ = ["IndexedDBHandler", "keep_file", "kept_file"]
