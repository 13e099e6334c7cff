"""Registers the backends that exist here; WebGL2 is the default where a device is open, NumPy elsewhere."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from tfjs_pyo.backends.protocol import Backend
from tfjs_pyo.backends.webgl import WebglBackend
from tfjs_pyo.core import engine


def _open_numpy() -> Backend:
    # Imported by name when it is asked for: in the page NumPy may be missing.
    backend: Backend = importlib.import_module("tfjs_pyo.backends.numpy").NumpyBackend()
    return backend


def js_device() -> Any:
    """Returns the JavaScript device that the worker opened, or None."""
    if importlib.util.find_spec("pyodide_js") is None:
        return None
    return getattr(importlib.import_module("js"), "tfjsPyoDevice", None)


def _open_webgl() -> Backend:
    return WebglBackend(js_device(), importlib.import_module("pyodide.ffi").to_js)


def register() -> None:
    """Makes the backends available whose machines are here; the first one becomes the default."""
    if js_device() is not None:
        engine.register_backend("webgl", _open_webgl)
    if importlib.util.find_spec("numpy") is not None:
        engine.register_backend("numpy", _open_numpy)
