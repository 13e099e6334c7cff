"""Which backend computes, and what it says of itself. Source: https://js.tensorflow.org/api/latest/#Backends"""

from __future__ import annotations

from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core import backends, engine


def get_backend() -> str:
    """Returns the name of the backend in use: 'webgl' or 'numpy', 'none' where neither can compute."""
    return engine.backend_name()


async def set_backend(name: str) -> bool:
    """Makes another backend compute from now on; tensors made before stay on theirs. Returns True."""
    if name == "webgl":
        await backends.open_device()
    engine.use_backend(name)
    return True


async def ready() -> None:
    """Returns when a backend can compute; in a page that is not ours it opens WebGL2 first.

    Raises:
        DeviceError: there is none; the message says what is missing.

    Source: https://js.tensorflow.org/api/latest/#ready
    """
    await backends.open_device()
    engine.backend()


@naming.bridge
def version() -> dict[str, str]:
    """Returns the versions of this package and of the TensorFlow.js whose API it follows."""
    return {"tfjs_pyo": VERSION, "tfjs": "4.22.0"}


VERSION = "0.1.0"


def device_stats() -> dict[str, Any]:
    """Returns what the WebGL2 device has alive and has done (launches, programs, calls); empty on NumPy."""
    device = getattr(engine.backend(), "device", None)
    if device is None:
        return {}
    return dict(device.stats().object_entries().to_py())
