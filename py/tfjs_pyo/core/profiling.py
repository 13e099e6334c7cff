"""How long a function takes and what it runs. Source: https://js.tensorflow.org/api/latest/#Performance-Timing"""

from __future__ import annotations

import inspect
import math
import time as clock
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from tfjs_pyo.backends.protocol import KernelInfo
from tfjs_pyo.core import context, engine
from tfjs_pyo.core.scopes import tensors_in
from tfjs_pyo.core.tensor import alive
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.later import asyncio


async def _settle() -> None:
    """Waits until the device has done what it was given."""
    await engine.backend().finish()


async def _result_of(f: Callable[[], Any], owner: str) -> Any:
    """Calls a function, awaits what it returns if it can be awaited, and computes the tensors in the result."""
    if not callable(f):
        raise ArgumentError(f"{owner}: expected a function without parameters, received {type(f).__name__}.")
    result = f()
    if inspect.isawaitable(result):
        result = await result
    engine.realize([tensor.node for tensor in tensors_in(result)])
    return result


async def time(f: Callable[[], Any]) -> dict[str, float]:
    """Runs a function and returns how long it took.

    Args:
        f: function without parameters, or coroutine function. What it leaves pending and returns is computed as well.

    Returns:
        `wallMs`: milliseconds until the device had done everything; `kernelMs`: those of them in which the device was
        given work and finished it. On NumPy the two differ by the recording of the graph only.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> timing = asyncio.run(tf.time(lambda: tf.matMul(tf.ones([8, 8]), tf.ones([8, 8]))))
        >>> timing["wallMs"] >= timing["kernelMs"] > 0
        True

    Source: https://js.tensorflow.org/api/latest/#time
    """
    await _settle()
    handed = [0.0]

    def observe(_executable: engine.Executable, seconds: float) -> None:
        handed[0] += seconds

    start = clock.perf_counter()
    with context.inside("observers", observe):
        await _result_of(f, "time")
    submitted = clock.perf_counter()
    await _settle()
    end = clock.perf_counter()
    return {"wallMs": (end - start) * 1e3, "kernelMs": (handed[0] + end - submitted) * 1e3}


async def profile(f: Callable[[], Any]) -> dict[str, Any]:
    """Runs a function and returns what it made and which kernels it ran.

    Args:
        f: function without parameters, or coroutine function. What it leaves pending and returns is computed as well.

    Returns:
        `newBytes`, `newTensors`: what is alive afterwards and was not before; `peakBytes`: most logical bytes alive after
        one of its runs; `kernels`: in order, each with `name` (the ops fused in it), `inputShapes`, `outputShapes` and
        `kernelTimeMs` (None where the device does not tell; kernels run one by one meanwhile, so `f` takes longer; the
        steps of a compiled training loop count once); `kernelNames`: each name once; `result`: what `f` returned.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> asyncio.run(tf.profile(lambda: tf.matMul(tf.ones([2, 8]), tf.ones([8, 3]))))["kernels"][-1]["outputShapes"]
        [[2, 3]]

    Source: https://js.tensorflow.org/api/latest/#profile
    """
    before = (alive.bytes, alive.tensors)
    peak = [alive.bytes]
    runs: list[engine.Executable] = []

    def observe(executable: engine.Executable, _seconds: float) -> None:
        peak[0] = max(peak[0], alive.bytes)
        runs.append(executable)

    async with timing() as times:
        with context.inside("observers", observe):
            result = await _result_of(f, "profile")
    kernels = [
        described(kernel, milliseconds)
        for executable in runs
        for kernel, milliseconds in zip(executable.kernels, times.next(executable), strict=True)
    ]
    return {
        "newBytes": alive.bytes - before[0],
        "newTensors": alive.tensors - before[1],
        "peakBytes": peak[0],
        "kernels": kernels,
        "kernelNames": list(dict.fromkeys(kernel["name"] for kernel in kernels)),
        "result": result,
    }


def described(kernel: KernelInfo, milliseconds: float | None) -> dict[str, Any]:
    """Returns what `profile` says of a kernel."""
    return {
        "name": kernel.name,
        "inputShapes": [list(shape) for shape in kernel.inputs],
        "outputShapes": [list(shape) for shape in kernel.outputs],
        "kernelTimeMs": milliseconds,
    }


class Times:
    """The times of kernels that ran while they were timed, by executable and in order."""

    def __init__(self) -> None:
        self._runs: dict[int, deque[list[float]]] = defaultdict(deque)

    def add(self, number: int, times: list[float]) -> None:
        self._runs[number].append(times)

    def next(self, executable: engine.Executable) -> list[float | None]:
        """Returns the milliseconds of each kernel in the next run of an executable; a loop's steps share one timing."""
        runs = self._runs.get(executable.number)
        if not runs:
            return [None] * len(executable.kernels)
        times = runs.popleft() if len(runs) > 1 else runs[0]
        return [None if math.isnan(each) else each for each in times]


@asynccontextmanager
async def timing() -> AsyncIterator[Times]:
    """Times the kernels of what runs inside, unless they are timed already; the times are there afterwards."""
    times = Times()
    device = engine.backend()
    began = device.begin_timing()
    try:
        yield times
    finally:
        if began:
            for number, milliseconds in await device.end_timing():
                times.add(number, milliseconds)


async def next_frame() -> None:
    """Lets everything else that waits in this thread run; the page draws in a thread of its own.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> async def count(name):
        ...     for number in range(2):
        ...         print(name, number)
        ...         await tf.nextFrame()
        >>> async def both():
        ...     await asyncio.gather(count("a"), count("b"))
        >>> asyncio.run(both())
        a 0
        b 0
        a 1
        b 1

    Source: https://js.tensorflow.org/api/latest/#nextFrame
    """
    await asyncio.sleep(0)
