"""What the code that runs now is inside of: tapes, traces, scopes of memory, who watches. Each task and each thread has its own.

Tasks inherit what was open where they were made, as everything that stands in a ContextVar. What is shared by all (backends,
plans, the counts of tensors) is in `core.engine` and `core.tensor`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from tfjs_pyo.core.engine import Executable
    from tfjs_pyo.core.scopes import Scope
    from tfjs_pyo.core.tape import Tape
    from tfjs_pyo.core.trace import Trace
    from tfjs_pyo.core.variable import Reading


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """What is open, innermost last.

    Attributes:
        tapes: gradient scopes; what is computed inside keeps its history.
        traces: stretches of code that are recorded instead of run.
        scopes: of memory (`tf.tidy`).
        readers: take note of the variables that are read.
        observers: are called after each run with the seconds that handing it over took (NumPy: computing it).
        checking: whether debug mode computes something itself, which is not checked in turn.
    """

    tapes: tuple[Tape, ...] = ()
    traces: tuple[Trace, ...] = ()
    scopes: tuple[Scope, ...] = ()
    readers: tuple[Reading, ...] = ()
    observers: tuple[Callable[[Executable, float], None], ...] = ()
    checking: bool = False


Kind = Literal["tapes", "traces", "scopes", "readers", "observers"]

NOTHING = Context()
"""The context where nothing is open: always this very object, so that one comparison tells."""

_current: ContextVar[Context] = ContextVar("tfjs_pyo.context", default=NOTHING)

current = _current.get
"""Returns the context of the code that runs now."""


def enter(kind: Kind, item: Any) -> None:
    """Opens something inside of what is open."""
    _change(kind, (*getattr(current(), kind), item))


def leave(kind: Kind, item: Any) -> None:
    """Closes something, whatever was opened or closed since; does nothing in a context that is not inside of it."""
    _change(kind, tuple(other for other in getattr(current(), kind) if other is not item))


@contextmanager
def inside(kind: Kind, item: Any) -> Iterator[None]:
    """Opens something for a block."""
    enter(kind, item)
    try:
        yield
    finally:
        leave(kind, item)


@contextmanager
def outside_traces() -> Iterator[None]:
    """Computes in a block what lasts longer than the trace that is open: first values of weights."""
    traces = current().traces
    _change("traces", ())
    try:
        yield
    finally:
        _change("traces", traces)


@contextmanager
def apart() -> Iterator[None]:
    """Runs a block as if nothing was open: nobody around it notes what it does."""
    around = current()
    _current.set(NOTHING)
    try:
        yield
    finally:
        _current.set(around)


@contextmanager
def checking() -> Iterator[None]:
    """Computes in a block what debug mode does not check."""
    _change("checking", True)
    try:
        yield
    finally:
        _change("checking", False)


def _change(attribute: str, value: Any) -> None:
    changes: dict[str, Any] = {attribute: value}
    context = replace(current(), **changes)
    is_empty = not (
        context.tapes
        or context.traces
        or context.scopes
        or context.readers
        or context.observers
        or context.checking
    )
    _current.set(NOTHING if is_empty else context)


def is_recorded() -> bool:
    """Returns whether somebody needs to know how values are computed: a trace, or an open tape."""
    around = current()
    return bool(around.traces) or any(tape.is_open for tape in around.tapes)


def trace() -> Trace | None:
    """Returns the innermost open trace."""
    traces = current().traces
    return traces[-1] if traces else None
