"""What ran last, kernel by kernel: for the page's panel and for whoever wants to see what was fused."""

from __future__ import annotations

import time
from typing import Any

from tfjs_pyo.backends.protocol import Backend
from tfjs_pyo.core import engine
from tfjs_pyo.core.profiling import described, timing
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.later import asyncio

_PATIENCE_SECONDS = 3.0
"""How long a measurement waits for something to run."""
_POLL_SECONDS = 0.05

_measured: dict[str, tuple[engine.Executable, list[float | None]]] = {}


def latest() -> dict[str, list[dict[str, Any]]]:
    """Returns the kernels of the 'step' that was replayed last and of the 'graph' that ran last.

    Returns:
        For each of the two that exists its kernels as `tf.profile` describes them; `kernelTimeMs` as last measured.

    Example:
        >>> import tfjs_pyo as tf
        >>> values = (tf.tensor([1.0, 2.0]) * 2).exp().data_sync()
        >>> [kernel["name"] for kernel in latest()["graph"]][-1]
        'exp'
    """
    return {kind: _described(kind, executable) for kind, executable in engine.latest.items()}


def _described(kind: str, executable: engine.Executable) -> list[dict[str, Any]]:
    known, times = _measured.get(kind, (None, []))
    if known is not executable:
        times = [None] * len(executable.kernels)
    return [described(kernel, each) for kernel, each in zip(executable.kernels, times, strict=True)]


def source(kind: str, kernel: int) -> str:
    """Returns the source of a kernel: GLSL on WebGL2.

    Args:
        kind: 'step' or 'graph', as in `latest`.
        kernel: its place among the kernels.

    Raises:
        ArgumentError: there is no such kernel, or the backend's kernels have no source.
    """
    executable = engine.latest.get(kind)
    if executable is None:
        raise ArgumentError(f"source: no {kind!r} has run yet; there are {list(engine.latest)}.")
    sources = executable.backend.sources(executable.loaded)
    if not sources:
        raise ArgumentError(f"source: kernels of backend {executable.backend.name!r} have no source.")
    if not 0 <= kernel < len(sources):
        raise ArgumentError(f"source: expected a kernel from 0 to {len(sources) - 1}, received {kernel}.")
    return sources[kernel]


async def measure(kind: str) -> bool:
    """Times the kernels of the next run of the 'step' or 'graph' in `latest`, which tells the times afterwards.

    Returns:
        Whether it ran within three seconds and was timed.
    """
    device = engine.backend()
    async with timing() as times:
        end = time.perf_counter() + _PATIENCE_SECONDS
        while not _ran(device, kind) and time.perf_counter() < end:
            await asyncio.sleep(_POLL_SECONDS)
    executable = engine.latest.get(kind)
    if executable is None:
        return False
    found = times.next(executable)
    _measured[kind] = (executable, found)
    return any(each is not None for each in found)


def _ran(device: Backend, kind: str) -> bool:
    executable = engine.latest.get(kind)
    return executable is not None and executable.number in device.timed()
