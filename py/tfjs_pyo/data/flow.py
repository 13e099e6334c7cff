"""What happens to elements on their way: iterators over other iterators, each of which holds no more than it must.

An error that a user's function raises costs its element, not the iterator: the next element can still be asked for.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from types import CoroutineType
from typing import Any, Generic, TypeVar

from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.io.artifacts import settled
from tfjs_pyo.later import asyncio

END = object()
"""Marks that there are no more elements."""

Elements = AsyncIterator[Any]
Step = Callable[[Elements], Elements]
Reading = TypeVar("Reading", bound=AsyncIterator[Any])


async def closed(source: Any) -> None:
    """Lets go of what an iterator reads: files, connections, elements that are still in the making."""
    close = getattr(source, "aclose", None)
    if close is not None:
        await close()


class closing(Generic[Reading]):  # noqa: N801 (used as a function)
    """Lets go of what an iterator reads when nobody wants it any more, also if that is before its end."""

    __slots__ = ("_source",)

    def __init__(self, source: Reading) -> None:
        self._source = source

    async def __aenter__(self) -> Reading:
        return self._source

    async def __aexit__(self, *_: object) -> None:
        await closed(self._source)


class Flow(AsyncIterator[Any]):
    """Elements of a coroutine function, which raises StopAsyncIteration after the last; `close` lets go of their source."""

    __slots__ = ("_next", "aclose")

    def __init__(self, next_: Callable[[], Awaitable[Any]], close: Callable[[], Awaitable[None]]) -> None:
        self._next = next_
        self.aclose = close

    def __anext__(self) -> Awaitable[Any]:
        return self._next()


class Mapped(AsyncIterator[Any]):
    """What a function makes of each element. Several calls may be under way at once: they are in the order of the elements."""

    __slots__ = ("source", "transform", "waits")

    def __init__(self, source: Elements, transform: Callable[[Any], Any], waits: bool) -> None:
        self.source = source
        self.transform = transform
        self.waits = waits

    async def __anext__(self) -> Any:
        found = self.transform(await anext(self.source))
        if self.waits:
            return await settled(found)
        if isinstance(found, CoroutineType):
            found.close()
            raise ArgumentError(
                "map: expected a function, received a coroutine function; mapAsync takes these."
            )
        return found

    async def aclose(self) -> None:
        await closed(self.source)


class Turns(AsyncIterator[Any]):
    """The elements of an iterator that may be asked for by several at once: each waits until those before have theirs."""

    __slots__ = ("_lock", "_source")

    def __init__(self, source: Elements) -> None:
        self._source = source
        self._lock = asyncio.Lock()

    async def __anext__(self) -> Any:
        async with self._lock:
            return await anext(self._source)

    async def aclose(self) -> None:
        async with self._lock:
            await closed(self._source)


def in_turns(source: Elements) -> Elements:
    """Returns the elements of an iterator that is asked by several at once; functions may then run at the same time, too."""
    if isinstance(source, Mapped):
        source.source = in_turns(source.source)
        return source
    return source if isinstance(source, Turns) else Turns(source)


def filtered(source: Elements, predicate: Callable[[Any], Any]) -> Elements:
    """Returns the elements for which a function, also a coroutine function, is true."""

    async def next_() -> Any:
        while True:
            element = await anext(source)
            if await settled(predicate(element)):
                return element

    return Flow(next_, lambda: closed(source))


def chained(openings: Iterable[Callable[[], Elements]], until_empty: bool = False) -> Elements:
    """Returns the elements of several iterators, each opened when the one before has ended.

    Args:
        openings: functions that open them.
        until_empty: whether one without elements is the last.
    """
    left = iter(openings)
    now: Elements | None = None
    empty = True

    async def next_() -> Any:
        nonlocal now, empty
        while True:
            if now is None:
                opening = next(left, None)
                if opening is None:
                    raise StopAsyncIteration
                now, empty = opening(), True
            element = await anext(now, END)
            if element is not END:
                empty = False
                return element
            if empty and until_empty:
                raise StopAsyncIteration
            now = None

    return Flow(next_, lambda: closed(now))


def taken(source: Elements, most: float) -> Elements:
    """Returns the first elements."""
    left = most

    async def next_() -> Any:
        nonlocal left
        if left <= 0:
            raise StopAsyncIteration
        left -= 1
        return await anext(source)

    return Flow(next_, lambda: closed(source))


def skipped(source: Elements, count: int) -> Elements:
    """Returns what comes after the first elements."""
    left = count

    async def next_() -> Any:
        nonlocal left
        while left > 0:
            left -= 1
            await anext(source)
        return await anext(source)

    return Flow(next_, lambda: closed(source))


def together(
    source: Elements, count: int, small_last: bool, form: Callable[[list[Any], int], Any]
) -> Elements:
    """Returns so many elements at a time.

    Args:
        source: the elements.
        count: how many make a batch.
        small_last: whether fewer at the end are one, too.
        form: takes the elements of a batch, and the number of its first, and gives the batch.
    """
    waiting: list[Any] = []
    number, ended = 0, False

    async def next_() -> Any:
        nonlocal number, ended, waiting
        while not ended and len(waiting) < count:
            element = await anext(source, END)
            ended = element is END
            if not ended:
                waiting.append(element)
        batch, waiting = waiting, []
        if not batch or (len(batch) < count and not small_last):
            raise StopAsyncIteration
        number += len(batch)
        return form(batch, number - len(batch))

    return Flow(next_, lambda: closed(source))


def shuffled(source: Elements, most: int, draw: random.Random) -> Elements:
    """Returns the elements in an order drawn from a window of `most` that moves over them."""
    window: list[Any] = []
    ended = False

    async def next_() -> Any:
        nonlocal ended
        while not ended:
            element = await anext(source, END)
            if element is END:
                ended = True
                draw.shuffle(window)
            elif len(window) < most:
                window.append(element)
            else:
                place = draw.randrange(most)
                found, window[place] = window[place], element
                return found
        if not window:
            raise StopAsyncIteration
        return window.pop()

    return Flow(next_, lambda: closed(source))


def flattened(source: Elements, transform: Callable[[Any], Any]) -> Elements:
    """Returns one after the other what a function gives for each element, an iterable."""
    parts: deque[Any] = deque()

    async def next_() -> Any:
        while not parts:
            found = await settled(transform(await anext(source)))
            if not isinstance(found, Iterable):
                raise ArgumentError(
                    f"flatmap: expected the function to return a list, received {type(found).__name__}."
                )
            parts.extend(found)
        return parts.popleft()

    return Flow(next_, lambda: closed(source))


def handled(source: Elements, handler: Callable[[Exception], Any]) -> Elements:
    """Returns the elements; a function says of each error whether the next comes (true) or they end (false)."""
    ended = False

    async def next_() -> Any:
        nonlocal ended
        while not ended:
            try:
                return await anext(source)
            except StopAsyncIteration:
                raise
            except Exception as error:  # noqa: BLE001 (the handler raises what it does not want to handle)
                ended = not await settled(handler(error))
        raise StopAsyncIteration

    return Flow(next_, lambda: closed(source))


async def _element(source: Elements) -> Any:
    return await anext(source)


class Ahead(AsyncIterator[Any]):
    """Elements up to `most` of which are ready or in the making while others are in use; an iterator for one reader."""

    def __init__(self, source: Elements, most: int) -> None:
        self._source = in_turns(source)
        self._most = most
        self._tasks: deque[asyncio.Task[Any]] = deque()

    def _begin(self) -> None:
        while len(self._tasks) < self._most:
            task = asyncio.create_task(_element(self._source))
            # Perhaps nobody asks for it any more; then its error is of no interest.
            task.add_done_callback(lambda task: task.cancelled() or task.exception())
            self._tasks.append(task)

    async def __anext__(self) -> Any:
        if self._most and not self._tasks:
            self._begin()
        if not self._tasks:
            raise StopAsyncIteration
        if not self._tasks[0].done():
            await asyncio.wait([self._tasks[0]])
        task = self._tasks.popleft()
        if not task.cancelled() and isinstance(task.exception(), StopAsyncIteration):
            self._most = 0
        else:
            self._begin()
        return task.result()

    async def aclose(self) -> None:
        self._most = 0
        self.__del__()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        await closed(self._source)

    def __del__(self) -> None:
        for task in self._tasks:
            task.cancel()


__all__ = [
    "END",
    "Ahead",
    "Elements",
    "Flow",
    "Mapped",
    "Step",
    "chained",
    "closed",
    "closing",
    "filtered",
    "flattened",
    "handled",
    "in_turns",
    "shuffled",
    "skipped",
    "taken",
    "together",
]
