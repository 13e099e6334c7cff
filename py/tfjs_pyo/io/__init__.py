"""`tf.io`: models in files, on servers, in the page's stores and in memory. Source: https://js.tensorflow.org/api/latest/#io"""

from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.documenting import complete
from tfjs_pyo.io import files, indexed_db, memory  # noqa: F401 (they register their routers)
from tfjs_pyo.io.artifacts import Artifacts as ModelArtifacts
from tfjs_pyo.io.artifacts import get_model_artifacts_info_for_json
from tfjs_pyo.io.browser_files import browser_files
from tfjs_pyo.io.buffers import CompositeArrayBuffer, concatenate_array_buffers
from tfjs_pyo.io.handlers import (
    from_memory,
    from_memory_sync,
    get_load_handlers,
    get_save_handlers,
    register_load_router,
    register_save_router,
    with_save_handler,
    with_save_handler_sync,
)
from tfjs_pyo.io.management import copy_model, list_models, move_model, remove_model
from tfjs_pyo.io.manifest import (
    get_model_artifacts_for_json,
    get_model_artifacts_for_json_sync,
    get_weight_specs,
    weights_loader_factory,
)
from tfjs_pyo.io.page import browser_downloads
from tfjs_pyo.io.servers import HTTPHandler, http_request, is_http_scheme
from tfjs_pyo.io.servers import http_request as browser_http_request
from tfjs_pyo.io.weights import decode_weights, decode_weights_stream, encode_weights

http = http_request


async def load_weights(
    manifest: Any,
    file_path_prefix: str = "",
    weight_names: Sequence[str] | None = None,
    request_init: Mapping[str, Any] | None = None,
) -> dict[str, Tensor]:
    """Returns the weights of a manifest, fetched from a server, by name.

    Args:
        manifest: list of `{'paths', 'weights'}`.
        file_path_prefix: address that the paths are relative to.
        weight_names: of the weights wanted; default: all.
        request_init: options of the requests, such as `{'headers': {...}}`.

    Raises:
        FormatError: the manifest is broken, or does not have a name.
        StorageError: a file cannot be fetched.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> group = {"paths": ["w.bin"], "weights": [{"name": "w", "shape": [2], "dtype": "float32"}]}
        >>> weights = asyncio.run(tf.io.loadWeights([group], "https://example.org/model"))  # doctest: +SKIP

    Source: https://js.tensorflow.org/api/latest/#io
    """

    async def fetch(urls: list[str]) -> list[bytes]:
        return [await HTTPHandler(url, {"requestInit": request_init}).downloaded(url) for url in urls]

    load: Callable[..., Any] = weights_loader_factory(fetch)
    found: dict[str, Tensor] = await load(manifest, file_path_prefix, weight_names)
    return found


__all__ = [
    "CompositeArrayBuffer",
    "ModelArtifacts",
    "browser_downloads",
    "browser_files",
    "browser_http_request",
    "concatenate_array_buffers",
    "copy_model",
    "decode_weights",
    "decode_weights_stream",
    "encode_weights",
    "from_memory",
    "from_memory_sync",
    "get_load_handlers",
    "get_model_artifacts_for_json",
    "get_model_artifacts_for_json_sync",
    "get_model_artifacts_info_for_json",
    "get_save_handlers",
    "get_weight_specs",
    "http",
    "is_http_scheme",
    "list_models",
    "load_weights",
    "move_model",
    "register_load_router",
    "register_save_router",
    "remove_model",
    "weights_loader_factory",
    "with_save_handler",
    "with_save_handler_sync",
]
for _name in __all__:
    if isinstance(globals()[_name], FunctionType):
        globals()[_name] = naming.bridge(globals()[_name], config=False)
__getattr__, __dir__ = naming.module_names(__name__, spelled=True)
complete(globals())
