"""Registers the backends that exist here; WebGL2 is the default where a device is open, NumPy elsewhere."""

from __future__ import annotations

import importlib
import importlib.util
import posixpath
import re
from typing import Any

from tfjs_pyo import output
from tfjs_pyo.backends.protocol import Backend
from tfjs_pyo.backends.webgl import WebglBackend
from tfjs_pyo.core import engine
from tfjs_pyo.core.variable import variable_handles
from tfjs_pyo.errors import DeviceError, DeviceLostError
from tfjs_pyo.later import asyncio, resources


def _open_numpy() -> Backend:
    # Imported by name when it is asked for: in the page NumPy may be missing.
    backend: Backend = importlib.import_module("tfjs_pyo.backends.numpy").NumpyBackend()
    return backend


def js_device() -> Any:
    """Returns the JavaScript device that is open, or None."""
    if importlib.util.find_spec("pyodide_js") is None:
        return None
    return getattr(importlib.import_module("js"), "tfjsPyoDevice", None) or None


def _may_be_opened() -> bool:
    """Returns whether this is a browser in which nobody has tried to open a device yet; who finds none leaves False there."""
    if importlib.util.find_spec("pyodide_js") is None:
        return False
    js = importlib.import_module("js")
    return hasattr(js, "OffscreenCanvas") and not hasattr(js, "tfjsPyoDevice")


def _open_webgl() -> Backend:
    if js_device() is None:
        ffi = importlib.import_module("pyodide.ffi")
        if not ffi.can_run_sync():
            raise DeviceError(
                "backend: WebGL2 is not open yet, and this browser cannot wait for it here (JSPI). "
                f"Write `await tf.ready()` once, after the import.{_instead()}"
            )
        ffi.run_sync(_open_js_device())
    device = js_device()
    device.recovery.whenGone = _begin_to_leave_the_gpu
    return WebglBackend(device, importlib.import_module("pyodide.ffi").to_js, variable_handles)


def _instead() -> str:
    """Returns what can be done without WebGL2."""
    if importlib.util.find_spec("numpy") is None:
        return ""
    return " `await tf.setBackend('numpy')` computes on NumPy instead."


async def open_device() -> None:
    """Opens WebGL2 from the JavaScript that the wheel carries, for pages other than ours (`micropip.install`).

    Does nothing where a device is open, or outside a browser. Where the GPU was lost for good it is asked for once more.

    Raises:
        DeviceError: this browser cannot compute on WebGL2; the message says what is missing.
    """
    if importlib.util.find_spec("pyodide_js") is None:
        return
    device = js_device()
    if device is not None:
        if device.recovery.gone and not device.recovery.replace():
            raise DeviceLostError(
                "ready: the GPU was lost, and the browser gives no other context of it yet."
            )
        return
    await _open_js_device()
    engine.register_backend("webgl", _open_webgl)
    engine.use_backend("webgl")


async def _open_js_device() -> None:
    js: Any = importlib.import_module("js")
    load = importlib.import_module("pyodide.code").run_js("(address) => import(address)")
    try:
        module = await load(_module_address("device.js", {}))
        js.tfjsPyoDevice = await module.openDevice()
    except Exception as error:
        raise DeviceError(f"ready: WebGL2 cannot be used here. {error}{_instead()}") from error


def _module_address(name: str, known: dict[str, str]) -> str:
    """Returns a blob address of a JavaScript module of the wheel, with those of the modules that it imports in it."""
    if name not in known:
        source = resources.files("tfjs_pyo.backends").joinpath("webgl_js", name).read_text(encoding="utf-8")
        for place in sorted(set(re.findall(r"from '(\.[\w./]+)'", source))):
            other = posixpath.normpath(posixpath.join(posixpath.dirname(name), place))
            source = source.replace(f"'{place}'", f"'{_module_address(other, known)}'")
        js = importlib.import_module("js")
        to_js = importlib.import_module("pyodide.ffi").to_js
        blob = js.Blob.new(to_js([source]), to_js({"type": "text/javascript"}))
        known[name] = js.URL.createObjectURL(blob)
    return known[name]


async def find_numpy() -> None:
    """Makes the NumPy backend available where it was not: a page that can have NumPy loads it.

    Raises:
        DeviceError: NumPy cannot be had.
    """
    if "numpy" in engine.backend_names():
        return
    if importlib.util.find_spec("numpy") is None and importlib.util.find_spec("pyodide_js") is not None:
        said: list[str] = []
        load = importlib.import_module("pyodide_js").loadPackage
        await load("numpy", messageCallback=len, errorCallback=said.append)
        importlib.invalidate_caches()
        if importlib.util.find_spec("numpy") is None:
            raise DeviceError(f"backend: NumPy cannot be had here: {' '.join(said) or 'it did not arrive'}")
    if importlib.util.find_spec("numpy") is not None:
        engine.register_backend("numpy", _open_numpy)


def _begin_to_leave_the_gpu() -> None:
    asyncio.ensure_future(_leave_the_gpu())


async def _leave_the_gpu() -> None:
    """Computes on NumPy from now on, as the GPU is lost for good, and says so; where NumPy cannot be had it says that."""
    if engine.backend_name() != "webgl":
        return
    try:
        await find_numpy()
    except DeviceError as error:
        output.notify(
            f"The GPU is lost for good, and NumPy, which could compute instead, is not here ({error}). Save what matters: "
            "variables and data that had a copy can be read. Then reload the page."
        )
        return
    if not js_device().recovery.gone:  # it came back meanwhile
        return
    engine.use_backend("numpy")
    output.notify(
        "The GPU is lost for good: the browser gives no other context of it. NumPy computes from now on, on the processor, with "
        "variables and data as they were about a second before. What ran has raised a DeviceLostError; values that had no copy "
        "raise one where they are used. `await tf.setBackend('webgl')` asks for the GPU again, as a reload of the page does."
    )


def register() -> None:
    """Makes the backends available whose machines are here; the first one becomes the default.

    In a page of others WebGL2 is opened by `tf.ready()`, or when it is needed first, where the browser can wait for that.
    """
    if js_device() is not None or _may_be_opened():
        engine.register_backend("webgl", _open_webgl)
    if importlib.util.find_spec("numpy") is not None:
        engine.register_backend("numpy", _open_numpy)
