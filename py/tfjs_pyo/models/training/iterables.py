"""Data that comes batch by batch: iterables, generators, asynchronous ones, functions that make them."""

from __future__ import annotations

import itertools
import math
import warnings
from array import array
from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from typing import Any

from tfjs_pyo.backends.protocol import Control
from tfjs_pyo.config import positive_int
from tfjs_pyo.core.blocking import is_blocking
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, ShapeError
from tfjs_pyo.later import asyncio, random

END = object()
"""What `Stream.next` gives when there is nothing more."""

STEPS_AHEAD = 16
"""Steps recorded with the device before their log is awaited: bounds what waits there, and lets other tasks run. Meanwhile the
batches to come are prepared and uploaded."""

_ROWS = 32
"""Samples in a batch of arrays that come as they are."""


def is_stream(value: Any) -> bool:
    """Returns whether data come batch by batch: not as a tensor, an array, a list of them or a dict."""
    if isinstance(value, (Tensor, Sequence, Mapping, memoryview, array)) or hasattr(type(value), "__array__"):
        return False
    return callable(value) or isinstance(value, (Iterable, AsyncIterable)) or _is_indexed(value)


def _is_indexed(value: Any) -> bool:
    """Returns whether data are batches by number, as those of Keras's PyDataset (once Sequence)."""
    return hasattr(value, "__getitem__") and (hasattr(value, "__len__") or hasattr(value, "num_batches"))


class _Indexed:
    """Batches by number: each once an epoch, in a new order if they are shuffled."""

    def __init__(self, source: Any, shuffler: random.Random | None) -> None:
        self._source, self._shuffler = source, shuffler

    @property
    def length(self) -> int | None:
        """How many there are; None: without end."""
        source = self._source
        found = source.num_batches if hasattr(source, "num_batches") else len(source)
        return None if found is None or found == math.inf else int(found)

    def __iter__(self) -> Iterator[Any]:
        count = self.length
        numbers: Iterable[int] = itertools.count() if count is None else range(count)
        if self._shuffler is not None and count is not None:
            numbers = list(numbers)
            self._shuffler.shuffle(numbers)
        for number in numbers:
            yield self._source[number]


class _Pair:
    """Arrays or tensors x, y (and weights of samples), as batches of their rows."""

    def __init__(self, owner: str, arrays: Sequence[Any]) -> None:
        counts = [each.shape[0] if each.shape else 0 for each in arrays]
        if len(set(counts)) != 1:
            raise ShapeError(
                f"{owner}: expected x and y of as many rows, received {' and '.join(map(str, counts))}."
            )
        self._arrays, self._count = arrays, counts[0]

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        for begin in range(0, self._count, _ROWS):
            yield tuple(each[begin : begin + _ROWS] for each in self._arrays)


def _is_pair(source: Any) -> bool:
    held = source if isinstance(source, tuple) and len(source) in (2, 3) else (None,)
    return all(
        isinstance(each, Tensor) or (hasattr(type(each), "__array__") and hasattr(each, "shape"))
        for each in held
    )


class Stream:
    """A source of batches.

    Args:
        owner: who asks, for errors.
        source: an iterable, synchronous or not, batches by number, or a function that returns one; or a tuple of arrays x, y.
        shuffler: makes a new order of batches by number in each epoch, if they are to be shuffled.

    Raises:
        ArgumentError: it is none of these.
    """

    def __init__(self, owner: str, source: Any, shuffler: random.Random | None = None) -> None:
        self.owner = owner
        self._given = source
        self._source = _Pair(owner, source) if _is_pair(source) else source
        if is_stream(source) and _is_indexed(source) and not isinstance(source, AsyncIterable):
            self._source = _Indexed(source, shuffler)
        self._open: Iterator[Any] | AsyncIterator[Any] | None = None
        if not is_stream(source) and not isinstance(source, (list, tuple)):
            raise ArgumentError(
                f"{owner}: expected batches: an iterable of (x, y) or {{'xs': x, 'ys': y}}, or a function that returns one, "
                f"received {type(source).__name__}."
            )

    @property
    def once(self) -> bool:
        """Whether it can be read only once: a generator, say."""
        return isinstance(self._source, (Iterator, AsyncIterator))

    def restart(self) -> None:
        """Begins anew."""
        source: Any = self._source
        iterable = source() if isinstance(source, Callable) and not isinstance(source, Iterable) else source  # type: ignore[arg-type]
        if isinstance(iterable, AsyncIterable):
            self._open = aiter(iterable)
        elif isinstance(iterable, Iterable):
            self._open = iter(iterable)
        else:
            raise ArgumentError(
                f"{self.owner}: expected the function to return an iterable, received {type(iterable).__name__}."
            )

    @property
    def length(self) -> int | None:
        """How many batches an epoch has, if the source says so."""
        if isinstance(self._source, _Indexed):
            return self._source.length
        size = getattr(self._given, "size", None)
        known = isinstance(self._given, AsyncIterable) and isinstance(size, (int, float))
        return int(size) if known and size is not None and math.isfinite(size) else None

    def tell(self, event: str) -> None:
        """Calls the source's `on_epoch_begin` or `on_epoch_end`, where batches by number have one."""
        handler = getattr(self._given, event, None) if isinstance(self._source, _Indexed) else None
        if handler is not None:
            handler()

    async def next(self, control: Control | None = None) -> Any:
        """Returns the next element, or END; END as well where `control` stops an asynchronous source that is waited for."""
        if self._open is None:
            self.restart()
        opened: Any = self._open
        if not isinstance(opened, AsyncIterator):
            return next(opened, END)
        if control is None or is_blocking():
            return await anext(opened, END)
        return await _unless_stopped(anext(opened, END), control)


async def _unless_stopped(coming: Awaitable[Any], control: Control) -> Any:
    """Returns what comes, or END if `control` stops before."""

    async def awaited() -> Any:
        return await coming

    loop = asyncio.get_running_loop()
    task, stopped = loop.create_task(awaited()), loop.create_future()

    def stop() -> None:
        if not stopped.done():
            stopped.set_result(None)

    def listen(_: bool, is_stopped: bool) -> None:
        if is_stopped:
            loop.call_soon_threadsafe(stop)

    unfollow = control.follow(listen)
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        task.cancel()
        await asyncio.wait({task})
        return END
    finally:
        unfollow()
        task.cancel()


def parts_of(owner: str, element: Any) -> tuple[Any, Any, Any]:
    """Returns x, y (or None) and weights of samples (or None) of an element.

    Raises:
        ArgumentError: it has another form.
    """
    if isinstance(element, Mapping) and "xs" in element:
        return element["xs"], element.get("ys"), None
    if isinstance(element, (tuple, list)) and len(element) in (1, 2, 3):
        x, y, weights = (*element, None, None)[:3]
        return x, y, weights
    if isinstance(element, Tensor) or hasattr(type(element), "__array__"):
        return element, None, None
    received = f"a {type(element).__name__}"
    if isinstance(element, Mapping):
        received += f" with the keys {', '.join(map(repr, element))}"
    raise ArgumentError(
        f"{owner}: expected batches of the form (x, y), (x, y, sample_weight) or {{'xs': x, 'ys': y}}, received {received}."
    )


def count_of(owner: str, name: str, value: Any) -> int | None:
    """Returns a positive number of batches, or None."""
    return None if value is None else positive_int(owner, name, value)


def ran_out(owner: str, wanted: int, got: int, stops: bool = True) -> None:
    """Warns that a dataset has fewer batches than were asked for, and that training stops, or the epoch only."""
    warnings.warn(
        f"{owner}: expected {wanted} batches an epoch, but the dataset ran out of data after {got}; "
        f"{'training stops' if stops else 'the epoch ends'}. Let it repeat, or ask for fewer.",
        RuntimeWarning,
        stacklevel=2,
    )


__all__ = ["END", "STEPS_AHEAD", "Stream", "count_of", "is_stream", "parts_of", "ran_out"]
