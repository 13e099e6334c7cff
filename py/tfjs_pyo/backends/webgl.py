"""The WebGL2 backend: hands plans and bytes to the JavaScript device of this worker (web/webgl/device.js)."""

from __future__ import annotations

from array import array
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

from tfjs_pyo.backends.protocol import PROGRESS_SECONDS, Loop, LoopSegment, Progress
from tfjs_pyo.dtypes import STORED, DType
from tfjs_pyo.errors import DeviceError, DeviceLostError, ShaderError, TfError


class LoadedPlan(NamedTuple):
    """A plan on the device: its number there, and the elements of each output."""

    number: int
    sizes: Any


_ERRORS: dict[str, type[TfError]] = {"ShaderError": ShaderError, "DeviceLostError": DeviceLostError}


def _converted(error: Exception) -> BaseException:
    """Returns our exception for one of the device's; others as they are."""
    name = getattr(error, "name", None)
    if type(error).__name__ != "JsException" or name is None:
        return error
    # The garbage collector does not see what JavaScript's errors refer to: the frames, and their tensors, would stay.
    error.__traceback__ = None
    if name == "Interrupted":
        return KeyboardInterrupt()
    return _ERRORS.get(str(name), DeviceError)(f"webgl: {error.message}")  # type: ignore[attr-defined]


@contextmanager
def _device_errors() -> Iterator[None]:
    """Turns the device's exceptions into ours."""
    try:
        yield
    except Exception as error:
        converted = _converted(error)
        if converted is error:
            raise
        raise converted from None


async def _awaited(promise: Awaitable[Any]) -> Any:
    """Returns what a promise of the device gives."""
    try:
        return await promise
    except Exception as error:  # noqa: BLE001 (each is raised again)
        raise _converted(error) from None
    finally:
        del promise  # which holds the error, whose traceback holds this frame


class WebglBackend:
    """Runs plans of GLSL launches.

    Args:
        device: the opened JavaScript device.
        to_js: Pyodide's conversion; buffers become typed arrays.
        variables: tells the number and the handle of each variable, in turn; their values outlive the loss of the GPU.
    """

    name = "webgl"
    lowering: Literal["interpret", "glsl"] = "glsl"

    def __init__(
        self, device: Any, to_js: Callable[..., Any], variables: Callable[[WebglBackend], Sequence[int]]
    ) -> None:
        self.device = device
        self.scatters = bool(device.blendsFloats)
        limits = device.limits()
        self.renderer = str(limits.renderer)
        self.targets = int(limits.maxDrawBuffers)
        self.uniforms = int(limits.maxFragmentUniformVectors)
        self._to_js = to_js
        self._free = device.free
        device.backup.variables = lambda: self._ints(variables(self))

    def _ints(self, values: Sequence[int]) -> Any:
        return self._to_js(array("i", values))

    def upload(self, data: Any, dtype: DType, size: int) -> int:
        with _device_errors():
            return int(self.device.upload(data, STORED.index(dtype), size))

    def read(self, handle: int) -> memoryview:
        with _device_errors():
            return memoryview(self.device.read(handle).to_bytes())

    async def read_async(self, handle: int) -> memoryview:
        elements = await _awaited(self.device.readAsync(handle))
        return memoryview(elements.to_bytes())

    async def finish(self) -> None:
        await _awaited(self.device.finish())

    def free(self, handle: int) -> None:
        self._free(handle)

    def copy(self, handle: int) -> int:
        with _device_errors():
            return int(self.device.copy(handle))

    def overwrite(self, handle: int, source: int) -> None:
        with _device_errors():
            self.device.overwrite(handle, source)

    def load(self, lowered: Any) -> LoadedPlan:
        with _device_errors():
            sources = self._to_js([launch.source for launch in lowered.launches])
            names = self._to_js([launch.name for launch in lowered.launches])
            number = self.device.load(self._to_js(lowered.encode()), sources, names)
            return LoadedPlan(int(number), self._ints(lowered.output_sizes))

    def unload(self, executable: LoadedPlan) -> None:
        self.device.unload(executable.number)

    def run(self, executable: LoadedPlan, inputs: Sequence[int], scalars: Sequence[float]) -> list[int]:
        with _device_errors():
            words = self._to_js(array("d", scalars))
            return list(self.device.run(executable.number, self._ints(inputs), words, executable.sizes))

    async def loop(self, loop: Loop) -> list[list[float]]:
        spec = {
            "segments": [self._segment(segment) for segment in loop.segments],
            "scalars": [
                self._to_js(array("d", [word for triple in segment.scalars for word in triple]))
                for segment in loop.segments
            ],
            "epochs": loop.epochs,
            "state": self._ints(loop.state),
            "constants": self._ints(loop.constants),
            "log": loop.log,
            "logSize": loop.log_size,
            "made": 0,
        }
        with self._progress_proxy(loop.progress) as progress, self._control_proxy(loop) as control:
            told = self._to_js({**spec, **progress, **control})
            loop.look = lambda: int(told.made)
            try:
                rows = array("f", (await _awaited(self.device.loop(told))).to_bytes())
            finally:
                self.device.abort(told)  # where this coroutine was cancelled or closed: the loop would go on
                loop.made, loop.look = int(told.made), None
        return [list(rows[i : i + loop.log_size]) for i in range(0, len(rows), loop.log_size)]

    @contextmanager
    def _control_proxy(self, loop: Loop) -> Iterator[dict[str, Any]]:
        """Gives a loop the object that says whether it pauses or stops, and takes from it how far it came."""
        if loop.control is None:
            yield {}
            return
        control = self._to_js({"paused": False, "stopped": False, "steps": -1})

        def tell(paused: bool, stopped: bool) -> None:
            control.paused, control.stopped = paused, stopped

        end = loop.control.follow(tell)
        try:
            yield {"control": control}
        finally:
            end()
        if control.steps >= 0:
            loop.control.steps = int(control.steps)

    @contextmanager
    def _progress_proxy(self, progress: Progress | None) -> Iterator[dict[str, Any]]:
        """Gives what a loop needs to tell its progress."""
        if progress is None:
            yield {}
            return
        from pyodide.ffi import create_proxy

        tell = create_proxy(lambda epoch, step, row: progress(epoch, step, array("f", row.to_bytes())))
        try:
            yield {"progress": tell, "progressMs": 1000 * PROGRESS_SECONDS}
        finally:
            tell.destroy()

    def _segment(self, segment: LoopSegment) -> Any:
        plan: LoadedPlan = segment.executable
        return self._ints([plan.number, segment.count, *segment.inputs, *segment.state_outputs])

    def begin_timing(self) -> bool:
        with _device_errors():
            return bool(self.device.beginTiming())

    def timed(self) -> list[int]:
        return list(self.device.timed())

    async def end_timing(self) -> list[tuple[int, list[float]]]:
        runs = await _awaited(self.device.endTiming())
        return [(int(run.plan), list(run.times)) for run in runs]

    def number_of(self, executable: LoadedPlan) -> int:
        return executable.number

    def sources(self, executable: LoadedPlan) -> list[str]:
        with _device_errors():
            return list(self.device.sources(executable.number))

    def memory(self) -> Mapping[str, int]:
        stats = self.device.stats()
        return {
            "numDataBuffers": int(stats.tensors),
            "numBytesInGPU": int(stats.textureBytes),
            "numBytesInGPUFree": int(stats.pooledBytes),
            "numBytesOnProcessor": int(stats.processorBytes),
            "numPrograms": int(stats.programs),
        }
