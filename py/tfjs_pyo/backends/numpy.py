"""The NumPy backend: the meaning of every op, in CPython and wherever there is no WebGL2."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from tfjs_pyo.backends.protocol import PAUSE_SECONDS, PROGRESS_SECONDS, Interpretation, Loop, LoopSegment
from tfjs_pyo.dtypes import DType
from tfjs_pyo.errors import DeviceError
from tfjs_pyo.later import asyncio

Array = np.ndarray[Any, Any]


@contextlib.contextmanager
def _memory() -> Iterator[None]:
    """Says in words that there is no memory for what is computed within.

    Raises:
        DeviceError: so it is.
    """
    try:
        yield
    except MemoryError as error:
        raise DeviceError(
            f"numpy: there is no memory for it ({str(error) or 'MemoryError'}): dispose of tensors that are not needed."
        ) from error


class NumpyBackend:
    """Keeps one flat array per handle and runs graphs node by node.

    Args:
        float_type: what float32 tensors are stored as; float64 makes gradients checkable by finite differences.
    """

    name = "numpy"
    lowering: Literal["interpret", "glsl"] = "interpret"
    scatters = True
    renderer = "NumPy"
    targets = 1
    uniforms = 0

    def __init__(self, float_type: str = "float32") -> None:
        self.storage: dict[str, np.dtype[Any]] = {
            "float32": np.dtype(float_type),
            "int32": np.dtype(np.int32),
            "bool": np.dtype(np.bool_),
        }
        self._arrays: dict[int, Array] = {}
        self._handles = itertools.count(1)
        self._timings: list[tuple[Any, list[float]]] | None = None

    def _keep(self, values: Array) -> int:
        handle = next(self._handles)
        self._arrays[handle] = values
        return handle

    def upload(self, data: Any, dtype: DType, size: int) -> int:
        source = np.dtype(dtype if dtype != "bool" else np.int8)
        with _memory():
            return self._keep(np.frombuffer(data, dtype=source, count=size).astype(self.storage[dtype]))

    def upload_array(self, values: Array) -> int:
        """Returns a handle on values that keep their precision; for tests in float64."""
        return self._keep(values)

    def read(self, handle: int) -> memoryview:
        values = self._arrays[handle]
        with _memory():
            if values.dtype == np.float64:
                values = values.astype(np.float32)
            return memoryview(np.ascontiguousarray(values).tobytes())

    def read_array(self, handle: int) -> Array:
        """Returns the values at the precision in which they were computed."""
        return self._arrays[handle]

    async def read_async(self, handle: int) -> memoryview:
        return self.read(handle)

    async def finish(self) -> None:
        """Does nothing: what was asked for is done."""

    def free(self, handle: int) -> None:
        self._arrays.pop(handle, None)

    def copy(self, handle: int) -> int:
        return self._keep(self._arrays[handle].copy())

    def overwrite(self, handle: int, source: int) -> None:
        self._arrays[handle] = self._arrays[source].copy()

    def load(self, lowered: Interpretation) -> Interpretation:
        return lowered

    def begin_timing(self) -> bool:
        if self._timings is not None:
            return False
        self._timings = []
        return True

    def timed(self) -> list[int]:
        return [id(executable) for executable, _ in self._timings or []]

    async def end_timing(self) -> list[tuple[int, list[float]]]:
        timings, self._timings = self._timings or [], None
        return [(id(executable), times) for executable, times in timings]

    def number_of(self, executable: Interpretation) -> int:
        return id(executable)

    def sources(self, executable: Interpretation) -> list[str]:  # noqa: ARG002
        """Returns nothing: NumPy's kernels are compiled."""
        return []

    def unload(self, executable: Interpretation) -> None:
        """Nothing to forget: an interpretation holds no bytes."""

    def run(self, executable: Interpretation, inputs: Sequence[int], scalars: Sequence[float]) -> list[int]:
        with _memory():
            results = self._compute(executable, [self._arrays[handle] for handle in inputs], scalars)
        return [self._keep(values) for values in results]

    def _compute(
        self,
        executable: Interpretation,
        leaves: Sequence[Array],
        scalars: Sequence[float],
        repeats: bool = False,
    ) -> list[Array]:
        slots: list[Any] = [None] * executable.slots
        for slot, shape, values in zip(executable.leaf_slots, executable.leaf_shapes, leaves, strict=True):
            slots[slot] = values.reshape(shape)
        times = self._times_of(executable, repeats)
        with np.errstate(all="ignore"):
            for slot, dtype, value in zip(
                executable.scalar_slots, executable.scalar_dtypes, scalars, strict=True
            ):
                slots[slot] = np.asarray(value).astype(self.storage[dtype])
            for call in executable.calls:
                began = time.perf_counter()
                values = call.function(np, *[slots[i] for i in call.inputs])
                slots[call.output] = np.asarray(values).astype(self.storage[call.dtype], copy=False)
                for slot in call.last_uses:
                    slots[slot] = None
                if times is not None:
                    times.append((time.perf_counter() - began) * 1e3)
        return [slots[slot] for slot in executable.outputs]

    def _times_of(self, executable: Interpretation, repeats: bool) -> list[float] | None:
        """Returns a list that takes the times of a run's calls, if it is to be timed."""
        if self._timings is None or (repeats and any(known is executable for known, _ in self._timings)):
            return None
        times: list[float] = []
        self._timings.append((executable, times))
        return times

    async def loop(self, loop: Loop) -> list[list[float]]:
        rows: list[list[float]] = []
        told = time.perf_counter()
        for epoch in range(loop.epochs):
            step = 0
            for segment in loop.segments:
                for _ in range(segment.count):
                    with loop.exclusive:
                        self._replay(segment, loop, epoch, step)
                        loop.made += 1
                    step += 1
                    if loop.progress is not None and time.perf_counter() - told >= PROGRESS_SECONDS:
                        loop.progress(epoch, step, self._logged(loop))
                        told = time.perf_counter()
                    await asyncio.sleep(0)
                    while loop.control is not None and loop.control.paused:
                        await asyncio.sleep(PAUSE_SECONDS)
                    if loop.control is not None and loop.control.stopped:
                        loop.control.steps = step
                        return [*rows, self._logged(loop)]
            rows.append(self._logged(loop))
        return rows

    def _logged(self, loop: Loop) -> list[float]:
        return [float(v) for v in self._arrays[loop.state[loop.log]].reshape(-1)]

    def _replay(self, segment: LoopSegment, loop: Loop, epoch: int, step: int) -> None:
        handles = [loop.state[i] if i >= 0 else loop.constants[-1 - i] for i in segment.inputs]
        scalars = [
            base + epoch * per_epoch + step * per_step for base, per_epoch, per_step in segment.scalars
        ]
        leaves = [self._arrays[handle] for handle in handles]
        with _memory():
            results = self._compute(segment.executable, leaves, scalars, repeats=True)
        for state, values in zip(segment.state_outputs, results, strict=True):
            if state >= 0:
                self._arrays[loop.state[state]] = values

    def memory(self) -> Mapping[str, int]:
        return {"numDataBuffers": len(self._arrays)}
