"""What `fit` returns before it is awaited."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Coroutine, Generator
from types import TracebackType
from typing import Any

from tfjs_pyo.callbacks.base import History
from tfjs_pyo.errors import ArgumentError


class NotAwaitedError(ArgumentError, AttributeError):
    """The result of `fit` was used as if training had run, but nobody awaited it."""


class Pending(Coroutine[Any, Any, History]):
    """What `fit` returns: training that starts when it is awaited; a coroutine for `asyncio.run` and `create_task`."""

    def __init__(self, start: Callable[[], Coroutine[Any, Any, History]], what: str) -> None:
        self._start = start
        self._what = what
        self._running: Coroutine[Any, Any, History] | None = None

    def _coroutine(self) -> Coroutine[Any, Any, History]:
        if self._running is None:
            self._running = self._start()
        return self._running

    def __await__(self) -> Generator[Any, Any, History]:
        return self._coroutine().__await__()

    def send(self, value: Any) -> Any:
        """Goes on; for the event loop."""
        return self._coroutine().send(value)

    def throw(
        self,
        typ: type[BaseException] | BaseException,
        val: BaseException | object = None,
        tb: TracebackType | None = None,
    ) -> Any:
        """Raises an exception inside; for the event loop."""
        if isinstance(typ, BaseException):
            return self._coroutine().throw(typ)
        error = val if isinstance(val, BaseException) else typ()
        return self._coroutine().throw(error.with_traceback(tb))

    def close(self) -> None:
        """Ends training, or cancels it before it starts."""
        self._coroutine().close()

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("_", "cr_", "gi_")):
            raise AttributeError(name)
        raise NotAwaitedError(
            f"{self._what}: expected `await` before the call: `history = await model.{self._what}(...)`."
        )

    def __repr__(self) -> str:
        if self._running is not None:
            return f"<{self._what} has started>"
        return f"<{self._what} has not started: write `await model.{self._what}(...)`>"

    def __del__(self) -> None:
        if self._running is None:
            warnings.warn(
                f"model.{self._what}(...) was not awaited, so nothing was trained. Write `await model.{self._what}(...)`.",
                RuntimeWarning,
                stacklevel=2,
            )
