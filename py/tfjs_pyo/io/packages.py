"""Python packages that a page loads over the network when they are first needed."""

from __future__ import annotations

import importlib
import importlib.util
import sys

from tfjs_pyo.errors import StorageError

_IN_PAGE: bool = "pyodide" in sys.modules


async def prepare(package: str) -> None:
    """Loads a package of Pyodide's where it comes over the network: in a page.

    Raises:
        StorageError: it cannot be had.
    """
    if importlib.util.find_spec(package) is not None or not _IN_PAGE:
        return
    pyodide, ffi = (importlib.import_module(name) for name in ("pyodide_js", "pyodide.ffi"))
    silent = ffi.create_proxy(lambda _message: None)
    try:
        await pyodide.loadPackage(package, messageCallback=silent)
        importlib.invalidate_caches()
        found = importlib.util.find_spec(package) is not None
        reason = "it is neither on this site nor on Pyodide's CDN, or there is no network"
    except Exception as error:  # noqa: BLE001 (whatever JavaScript throws)
        found, reason = False, str(error)
    finally:
        silent.destroy()
    if not found:
        raise StorageError(f"{package} could not be loaded: {reason}.")


__all__ = ["prepare"]
