"""What a backend is: a place where bytes are, and a machine that runs lowered graphs on them.

Handles are small integers. A backend knows no layers and no names of the public API.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

from tfjs_pyo.dtypes import DType


class KernelInfo(NamedTuple):
    """What one kernel of a lowered graph does, for people: its name and the shapes that it reads and writes."""

    name: str
    inputs: tuple[tuple[int, ...], ...]
    outputs: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lowered:
    """A graph in the form that a backend loads: what all forms have in common.

    Attributes:
        root_outputs: for each root the output that holds it, or -1 - i where it is leaf i.
        root_layouts: for each root layers and texels per layer (0 if plain).
        constants: values of the scalars beyond those of the graph, which lowering has added.
        kernels: what its kernels do, in order.
    """

    root_outputs: Sequence[int]
    root_layouts: Sequence[tuple[int, int]]
    constants: Sequence[float] = ()
    kernels: Sequence[KernelInfo]


class Call(NamedTuple):
    """One op to interpret: `slots[output] = function(np, *slots[inputs])`, then forget the slots in `last_uses`."""

    function: Callable[..., Any]
    dtype: DType
    inputs: tuple[int, ...]
    output: int
    last_uses: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpretation(Lowered):
    """A graph lowered for interpreters: calls over slots: first the leaves, then the scalars, then what they compute."""

    calls: Sequence[Call]
    slots: int
    leaf_slots: Sequence[int]
    leaf_shapes: Sequence[tuple[int, ...]]
    scalar_slots: Sequence[int]
    scalar_dtypes: Sequence[DType]
    outputs: Sequence[int]


@dataclass(frozen=True, slots=True)
class LoopSegment:
    """`count` consecutive steps of one epoch that run the same executable."""

    executable: Any
    count: int
    state_outputs: Sequence[int]
    """For each output of the executable, the index of the state it becomes."""
    inputs: Sequence[int]
    """For each input of the executable: index into the state handles, or -1 - index into the constant handles."""
    scalars: Sequence[tuple[float, float, float]]
    """For each scalar of the executable: value = base + epoch * per_epoch + step * per_step."""


Progress = Callable[[int, int, Sequence[float]], None]
"""Is told now and then how far a loop is: the epoch, the steps of it that are done, and the log."""

PROGRESS_SECONDS = 0.1
"""Least time between two reports of progress."""


class Control:
    """What is asked of a loop from outside while it runs: to pause between two steps, or to stop after one.

    Attributes:
        steps: how many steps of its last epoch a stopped loop has made; None if it was not stopped.
    """

    def __init__(self) -> None:
        self.steps: int | None = None
        self._paused = False
        self._stopped = False
        self._listeners: list[Callable[[bool, bool], None]] = []

    @property
    def paused(self) -> bool:
        return self._paused

    @property
    def stopped(self) -> bool:
        return self._stopped

    def pause(self, paused: bool = True) -> None:
        """Asks to pause, or to go on."""
        self._paused = paused
        self._tell()

    def stop(self) -> None:
        """Asks to stop; a paused loop stops too."""
        self._stopped, self._paused = True, False
        self._tell()

    def follow(self, listener: Callable[[bool, bool], None]) -> Callable[[], None]:
        """Tells `listener` (paused, stopped) now and whenever they change; returns what ends it."""
        self._listeners.append(listener)
        listener(self._paused, self._stopped)
        return lambda: self._listeners.remove(listener)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener(self._paused, self._stopped)


PAUSE_SECONDS = 0.05
"""How often a paused loop looks whether it may go on."""


@dataclass(slots=True)
class Loop:
    """A stretch of whole epochs, replayed without Python."""

    segments: Sequence[LoopSegment]
    epochs: int
    state: Sequence[int]
    """Handles of variables; they keep their numbers, their contents change."""
    constants: Sequence[int]
    log: int
    """Index of the state whose value is returned after each epoch."""
    log_size: int
    progress: Progress | None = None
    control: Control | None = None
    made: int = 0
    """How many steps were finished; the backend keeps it, however the loop ends."""
    look: Callable[[], int] | None = None
    """Tells that number while the loop runs, where the backend keeps it elsewhere."""
    exclusive: AbstractContextManager[Any] = field(default_factory=nullcontext)
    """Held during each step by a backend whose loops run in threads: others see whole steps."""


class Backend(Protocol):
    """One protocol for every backend.

    Attributes:
        name: what `tf.getBackend()` returns.
        lowering: the form of executables it takes: graphs to interpret, or plans of GLSL launches.
        scatters: whether it can add rows up where an index says.
        renderer: the name that the device gives itself.
        targets: how many results one launch can write.
        uniforms: vectors of uniforms that a fragment shader may have.
    """

    name: str
    renderer: str
    targets: int
    uniforms: int
    lowering: Literal["interpret", "glsl"]
    scatters: bool

    def upload(self, data: Any, dtype: DType, size: int) -> int:
        """Copies `size` elements from a buffer-protocol object (row-major) and returns a handle."""

    def read(self, handle: int) -> memoryview:
        """Returns the elements, waiting for what computes them."""

    async def read_async(self, handle: int) -> memoryview:
        """Returns the elements without blocking the event loop."""

    async def finish(self) -> None:
        """Waits until all that was asked for so far is done, without blocking the event loop."""

    def free(self, handle: int) -> None:
        """Gives a handle's bytes back."""

    def copy(self, handle: int) -> int:
        """Returns a new handle on a copy of a handle's bytes."""

    def overwrite(self, handle: int, source: int) -> None:
        """Replaces a handle's bytes by a copy of another's of the same size."""

    def load(self, lowered: Any) -> Any:
        """Takes a lowered graph; returns an executable, kept until the process ends or `unload`."""

    def unload(self, executable: Any) -> None:
        """Forgets an executable; programs that no other one uses stay for a while."""

    def run(self, executable: Any, inputs: Sequence[int], scalars: Sequence[float]) -> list[int]:
        """Runs once; returns new handles, one for each distinct output."""

    def begin_timing(self) -> bool:
        """Times each kernel of what runs from now on; False if that is under way already."""

    def timed(self) -> Sequence[int]:
        """Returns the numbers of the executables that were timed since."""

    async def end_timing(self) -> list[tuple[int, list[float]]]:
        """Ends it; returns for each run since then the executable's number and the milliseconds of its kernels.

        Of the steps that a loop repeats one is timed. Times that the device does not know are nan.
        """

    def number_of(self, executable: Any) -> int:
        """Returns the number that timings call an executable by."""

    def sources(self, executable: Any) -> list[str]:
        """Returns the source of each kernel of an executable; nothing where kernels have none."""

    async def loop(self, loop: Loop) -> list[list[float]]:
        """Runs a stretch of epochs; returns the log's value after each, or after the last step if it is stopped before.

        Loops that run at the same time take turns, step by step. Where the coroutine is cancelled the loop ends, with the
        values of the last finished step.
        """

    def memory(self) -> Mapping[str, int]:
        """Returns counts: buffers, bytes, and what more the backend can tell."""
