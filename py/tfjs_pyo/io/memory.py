"""`memory://name`: models kept for as long as the program runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tfjs_pyo.errors import StorageError
from tfjs_pyo.io.artifacts import Artifacts, get_model_artifacts_info_for_json
from tfjs_pyo.io.buffers import CompositeArrayBuffer
from tfjs_pyo.io.handlers import Handler, register_load_router, register_save_router
from tfjs_pyo.io.management import register_store

_SCHEME = "memory"


class MemoryStore:
    """Models by name."""

    def __init__(self) -> None:
        self.models: dict[str, tuple[Artifacts, Artifacts]] = {}

    def entry(self, path: str) -> tuple[Artifacts, Artifacts]:
        """Returns artifacts and info of a model.

        Raises:
            StorageError: there is none of this name.
        """
        if path not in self.models:
            raise StorageError(f"memory://{path}: there is no such model. There are: {sorted(self.models)}.")
        return self.models[path]

    async def list_models(self) -> dict[str, Artifacts]:
        """Returns what is told of each model, by its name."""
        return {path: info for path, (_, info) in self.models.items()}

    async def remove_model(self, path: str) -> Artifacts:
        """Removes a model; returns what was told of it."""
        _, info = self.entry(path)
        del self.models[path]
        return info


class _MemoryHandler(Handler):
    def __init__(self, store: MemoryStore, path: str) -> None:
        self.store = store
        self.path = path

    def save(self, artifacts: Artifacts) -> Artifacts:
        """Keeps the artifacts."""
        info = get_model_artifacts_info_for_json(artifacts)
        data = CompositeArrayBuffer.join(artifacts.get("weightData"))
        self.store.models[self.path] = (Artifacts({**artifacts, "weightData": data}), info)
        return Artifacts(modelArtifactsInfo=info)

    def load(self) -> Artifacts:
        """Returns the artifacts."""
        return Artifacts(self.store.entry(self.path)[0])


_store = MemoryStore()


def _router(url: Any, options: Mapping[str, Any] | None = None) -> Handler | None:  # noqa: ARG001 (as all routers)
    scheme, mark, path = url.partition("://") if isinstance(url, str) else ("", "", "")
    return _MemoryHandler(_store, path) if mark and scheme == _SCHEME else None


register_store(_SCHEME, _store)
register_save_router(_router)
register_load_router(_router)
__all__ = ["MemoryStore"]
