"""Runs coroutines to their end from synchronous code: what Keras's synchronous `fit` stands on.

In CPython a coroutine runs in an event loop of its own, of which each thread keeps one: whether another loop runs in the thread
(a notebook's) or not. In a page, which has one loop, Python's stack is switched where the browser can do that (JSPI), and the
loop goes on. Where it cannot, the coroutine is driven by hand and blocks the worker: then `is_blocking` says so to the few places
that wait for the device or give others a turn.
"""

from __future__ import annotations

import importlib
import sys
import threading
import time
import warnings
import weakref
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, TypeVar, cast

from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.later import asyncio

T = TypeVar("T")

_blocking: ContextVar[bool] = ContextVar("tfjs_pyo.blocking", default=False)

is_blocking = _blocking.get
"""Returns whether the code that runs now cannot wait for an event loop."""

_IN_PAGE: bool = sys.platform == "emscripten"

_said: set[str] = set()
"""Notices that were given: each comes once."""


def wait(coroutine: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine to its end and returns what it returns.

    Raises:
        KeyboardInterrupt: Ctrl-C, also where it arrives as the cancellation of a page's cell; the coroutine has ended then.
    """
    if is_blocking():
        return drive(coroutine)
    if not _IN_PAGE:
        return _in_own_loop(coroutine)
    if importlib.import_module("pyodide.ffi").can_run_sync():
        try:
            result, stop = asyncio.run(_ended(coroutine))
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None
        if stop is not None:
            raise stop
        return cast("T", result)
    notice(
        "This browser cannot wait within Python (JSPI), so other cells wait until synchronous training ends; the page and its "
        "live curves go on. `await` with a model of tf.layers lets them run meanwhile."
    )
    return drive(coroutine)


async def _ended(coroutine: Coroutine[Any, Any, T]) -> tuple[T | None, BaseException | None]:
    """Returns what a coroutine returns, or what ends a program: raised in a task, that would end in the page's event loop."""
    try:
        return await coroutine, None
    except (KeyboardInterrupt, SystemExit) as stop:
        return None, stop


def notice(text: str) -> None:
    """Warns once of something that this place cannot do."""
    if text not in _said:
        _said.add(text)
        warnings.warn(text, RuntimeWarning, stacklevel=3)


def drive(coroutine: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine to its end without any event loop.

    Raises:
        ArgumentError: it waits for something that only an event loop can bring about.
    """
    token = _blocking.set(True)
    try:
        while True:
            if coroutine.send(None) is not None:
                coroutine.throw(
                    ArgumentError(
                        "expected nothing that waits (a callback's `await`, an asynchronous dataset) in synchronous training, as "
                        "this browser cannot wait within Python. Use functions, or `await model.fit(...)` of tf.model."
                    )
                )
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        coroutine.close()
        _blocking.reset(token)


async def turn(seconds: float = 0.0) -> None:
    """Gives other tasks their turn, if there can be any, and waits."""
    if not is_blocking():
        await asyncio.sleep(seconds)
    elif seconds:
        time.sleep(seconds)


class _Loops(threading.local):
    """The event loops of a thread that wait for work; more than one where synchronous training was nested."""

    def __init__(self) -> None:
        self.idle: list[asyncio.AbstractEventLoop] = []
        weakref.finalize(self._mark(), _close, self.idle)

    def _mark(self) -> object:
        """Returns what goes when the thread ends."""

        class Mark:
            pass

        self.mark = Mark()
        return self.mark


def _close(loops: list[asyncio.AbstractEventLoop]) -> None:
    """Closes loops, and before them the iterators of datasets that were left in their middle."""
    for loop in loops:
        loop.run_until_complete(loop.shutdown_asyncgens())
        left = asyncio.all_tasks(loop)
        if left:
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.close()


_loops = _Loops()


def _in_own_loop(coroutine: Coroutine[Any, Any, T]) -> T:
    with _outside_of_loops():
        idle = _loops.idle
        loop = idle.pop() if idle else asyncio.new_event_loop()
        task = loop.create_task(coroutine)
        try:
            return loop.run_until_complete(task)
        finally:
            if not task.done():  # Ctrl-C while the loop waited: what the coroutine holds is let go
                task.cancel()
                with suppress(asyncio.CancelledError):
                    loop.run_until_complete(task)
            elif not task.cancelled():
                task.exception()  # it was raised; asyncio need not say that nobody asked for it
            idle.append(loop)


@contextmanager
def _outside_of_loops() -> Iterator[None]:
    """Lets a block run an event loop although one is running in this thread, whose task waits for the block."""
    outer = asyncio.events._get_running_loop()  # noqa: SLF001 (exported for those who run event loops)
    if outer is None:
        yield
        return
    task = asyncio.current_task(outer)
    if task is not None:
        asyncio.tasks._leave_task(outer, task)  # noqa: SLF001
    asyncio.events._set_running_loop(None)  # noqa: SLF001
    try:
        yield
    finally:
        asyncio.events._set_running_loop(outer)  # noqa: SLF001
        if task is not None:
            asyncio.tasks._enter_task(outer, task)  # noqa: SLF001


__all__ = ["drive", "is_blocking", "notice", "turn", "wait"]
