"""Handlers, which save or load artifacts, and routers, which find the handler of an address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tfjs_pyo.errors import ArgumentError, StorageError
from tfjs_pyo.io.artifacts import Artifacts, artifacts_of, settled

Router = Callable[..., Any]
_SAVE_ROUTERS: list[Router] = []
_LOAD_ROUTERS: list[Router] = []


class Handler:
    """What saves or loads artifacts: an object with `save(artifacts)`, `load()`, or both; coroutine functions or not."""


class _Memory(Handler):
    def __init__(self, artifacts: Artifacts) -> None:
        self.artifacts = artifacts

    def load(self) -> Artifacts:
        """Returns the artifacts."""
        return self.artifacts


class _Passing(Handler):
    def __init__(self, save_handler: Callable[[Artifacts], Any]) -> None:
        self.save = save_handler


def from_memory(
    model_artifacts: Any, weight_specs: Any = None, weight_data: Any = None, training_config: Any = None
) -> Handler:
    """Returns a handler that loads a model from artifacts at hand.

    Args:
        model_artifacts: `{'modelTopology', 'weightSpecs', 'weightData', ...}`; or the topology alone, as in early TF.js.
        weight_specs, weight_data, training_config: the other parts, if the first argument is the topology.

    Raises:
        ArgumentError: no artifacts.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [2]})]})
        >>> saved = []
        >>> _ = asyncio.run(model.save(tf.io.withSaveHandler(saved.append)))
        >>> asyncio.run(tf.loadLayersModel(tf.io.fromMemory(saved[0]))).predict(tf.zeros([1, 2])).array_sync()
        [[0.0]]

    Source: https://js.tensorflow.org/api/latest/#io.fromMemory
    """
    given = artifacts_of(model_artifacts)
    if given is None:
        raise ArgumentError(f"fromMemory: expected artifacts, received {type(model_artifacts).__name__}.")
    if given.get("modelTopology") is not None or given.get("weightSpecs") is not None:
        return _Memory(given)
    parts = Artifacts(
        modelTopology=given, weightSpecs=weight_specs, weightData=weight_data, trainingConfig=training_config
    )
    return _Memory(Artifacts({key: value for key, value in parts.items() if value is not None}))


def from_memory_sync(
    model_artifacts: Any, weight_specs: Any = None, weight_data: Any = None, training_config: Any = None
) -> Handler:
    """Returns what `from_memory` does; its `load` may be called without awaiting.

    Example:
        >>> import tfjs_pyo as tf
        >>> handler = tf.io.fromMemorySync({"modelTopology": {"node": []}})
        >>> handler.load()["modelTopology"]
        {'node': []}

    Source: https://js.tensorflow.org/api/latest/#io
    """
    return from_memory(model_artifacts, weight_specs, weight_data, training_config)


def with_save_handler(save_handler: Callable[[Artifacts], Any]) -> Handler:
    """Returns a handler that gives artifacts to a function of yours.

    Args:
        save_handler: function or coroutine function; what it returns, `model.save` returns.

    Raises:
        ArgumentError: no function.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 3, "inputShape": [2]})]})
        >>> saved = []
        >>> _ = asyncio.run(model.save(tf.io.withSaveHandler(saved.append)))
        >>> saved[0].format, len(saved[0].weightData)
        ('layers-model', 36)

    Source: https://js.tensorflow.org/api/latest/#io.withSaveHandler
    """
    if not callable(save_handler):
        raise ArgumentError(f"withSaveHandler: expected a function, received {type(save_handler).__name__}.")
    return _Passing(save_handler)


def with_save_handler_sync(save_handler: Callable[[Artifacts], Any]) -> Handler:
    """Returns what `with_save_handler` does.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 3, "inputShape": [2]})]})
        >>> handler = tf.io.withSaveHandlerSync(lambda artifacts: len(artifacts.weightData))
        >>> asyncio.run(model.save(handler))
        36

    Source: https://js.tensorflow.org/api/latest/#io
    """
    return with_save_handler(save_handler)


def register_save_router(save_router: Router) -> None:
    """Adds a router: a function of an address that returns a handler which can save there, or None.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.io.registerSaveRouter(lambda url: tf.io.withSaveHandler(print) if url == "paper://" else None)
        >>> len(tf.io.getSaveHandlers("paper://"))
        1

    Source: https://js.tensorflow.org/api/latest/#io
    """
    _SAVE_ROUTERS.append(save_router)


def register_load_router(load_router: Router) -> None:
    """Adds a router: a function of an address, and perhaps options, that returns a handler which loads, or None.

    Example:
        >>> import tfjs_pyo as tf
        >>> handler = tf.io.fromMemory({"modelTopology": {"node": []}})
        >>> tf.io.registerLoadRouter(lambda url, options=None: handler if url == "shelf://empty" else None)
        >>> tf.io.getLoadHandlers("shelf://empty") == [handler]
        True

    Source: https://js.tensorflow.org/api/latest/#io
    """
    _LOAD_ROUTERS.append(load_router)


def get_save_handlers(url: Any) -> list[Any]:
    """Returns the handlers that can save at an address.

    Example:
        >>> import tfjs_pyo as tf
        >>> len(tf.io.getSaveHandlers("memory://first")), tf.io.getSaveHandlers("nowhere://first")
        (1, [])

    Source: https://js.tensorflow.org/api/latest/#io
    """
    return [found for router in _SAVE_ROUTERS if (found := router(url)) is not None]


def get_load_handlers(url: Any, load_options: Mapping[str, Any] | None = None) -> list[Any]:
    """Returns the handlers that can load from an address.

    Example:
        >>> import tfjs_pyo as tf
        >>> len(tf.io.getLoadHandlers("memory://first")), tf.io.getLoadHandlers("nowhere://first")
        (1, [])

    Source: https://js.tensorflow.org/api/latest/#io
    """
    found = [router(url, load_options) if _takes_options(router) else router(url) for router in _LOAD_ROUTERS]
    return [handler for handler in found if handler is not None]


def _takes_options(router: Router) -> bool:
    code = getattr(router, "__code__", None)
    return code is None or code.co_argcount > 1 or bool(code.co_flags & 4)


def handler_for(place: Any, method: str, load_options: Mapping[str, Any] | None = None) -> Any:
    """Returns the handler of an address, or the one given.

    Args:
        place: address, path or handler.
        method: 'save' or 'load'.
        load_options: for routers.

    Raises:
        ArgumentError: there is no handler, more than one, or one without this method.
    """
    if isinstance(place, (str, list, tuple)) or hasattr(place, "__fspath__"):
        found = get_save_handlers(place) if method == "save" else get_load_handlers(place, load_options)
        if len(found) != 1:
            raise ArgumentError(
                f"{method}: expected one way to {method} at {str(place)!r}, found {len(found)}. Known are paths, file://, "
                "http://, https://, and in the page localstorage://, indexeddb:// and (to save) downloads://."
            )
        return found[0]
    entry = place.get(method) if isinstance(place, Mapping) else getattr(place, method, None)
    if not callable(entry):
        raise ArgumentError(
            f"{method}: expected an address, a path or a handler with {method}(), received {type(place).__name__}."
        )
    return place


async def call_handler(handler: Any, method: str, *args: Any) -> Any:
    """Returns what a handler's method gives, awaited if it is to be."""
    entry = handler[method] if isinstance(handler, Mapping) else getattr(handler, method)
    return await settled(entry(*args))


async def loaded(handler: Any, what: str) -> Artifacts:
    """Returns the artifacts that a handler loads.

    Raises:
        StorageError: it gave none.
    """
    found = artifacts_of(await call_handler(handler, "load"))
    if found is None:
        raise StorageError(f"{what}: the handler's load() gave no artifacts.")
    return found


__all__ = [
    "Handler", "call_handler", "from_memory", "from_memory_sync", "get_load_handlers", "get_save_handlers", "handler_for",
    "loaded", "register_load_router", "register_save_router", "with_save_handler", "with_save_handler_sync",
]  # fmt: skip
