"""Dataset: elements one after the other, as often as they are asked for. Nothing is held but what a step needs."""

from __future__ import annotations

import asyncio
import inspect
import math
import random
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core import rng
from tfjs_pyo.data.batches import stacked
from tfjs_pyo.errors import ArgumentError, OptionError

Open = Callable[[], AsyncIterator[Any]]
END = object()
"""Marks that there are no more elements."""


class DatasetIterator:
    """What `await dataset.iterator()` gives: `await it.next()` is `{'value', 'done'}`, as in TF.js; or `async for`."""

    def __init__(self, elements: AsyncIterator[Any]) -> None:
        self._elements = elements

    async def next(self) -> dict[str, Any]:
        """Returns the next element as `{'value', 'done'}`; None and True after the last one."""
        value = await anext(self._elements, END)
        return {"value": None, "done": True} if value is END else {"value": value, "done": False}

    def __aiter__(self) -> AsyncIterator[Any]:
        return self._elements

    def __getattr__(self, name: str) -> Any:
        return naming.attribute(self, name)


def _whole(owner: str, name: str, value: Any, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise OptionError(
            f"{owner}: expected {naming.camel(name)!r} to be an integer from {least}, received {value!r}."
        )
    return value


@naming.spell_methods
class Dataset:
    """Elements one after the other: numbers, strings, tensors, and dicts and tuples of these.

    Made by the functions of `tf.data`; each method gives another dataset and changes nothing here. A dataset can be read again
    and again, with `async for`, and `fit_dataset` takes it.

    Args:
        open_: gives the elements from the beginning.
        size: how many there are; infinity, or None where it is not known.

    Example:
        >>> import asyncio, tfjs_pyo as tf
        >>> dataset = tf.data.array([1, 2, 3, 4]).filter(lambda x: x > 1).map(lambda x: 10 * x)
        >>> asyncio.run(dataset.toArray())
        [20, 30, 40]

    Source: https://js.tensorflow.org/api/latest/#class:data.Dataset
    """

    def __init__(self, open_: Open, size: float | None = None) -> None:
        self._open = open_
        self.size = size

    def __aiter__(self) -> AsyncIterator[Any]:
        return self._open()

    def __getattr__(self, name: str) -> Any:
        return naming.attribute(self, name)

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} of {'unknown size' if self.size is None else f'{self.size} elements'}>"
        )

    async def iterator(self) -> DatasetIterator:
        """Returns the elements from the beginning. Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.iterator"""
        return DatasetIterator(self._open())

    # What becomes of the elements

    def map(self, transform: Callable[[Any], Any]) -> Dataset:
        """Returns what a function gives for each element. Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.map"""

        async def elements() -> AsyncIterator[Any]:
            async for element in self:
                found = transform(element)
                if inspect.iscoroutine(found):
                    found.close()
                    raise ArgumentError(
                        "map: expected a function, received a coroutine function; mapAsync takes these."
                    )
                yield found

        return Dataset(elements, self.size)

    def map_async(self, transform: Callable[[Any], Any]) -> Dataset:
        """Returns what a coroutine function gives for each element, one after the other.

        Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.mapAsync
        """

        async def elements() -> AsyncIterator[Any]:
            async for element in self:
                found = transform(element)
                yield await found if inspect.isawaitable(found) else found

        return Dataset(elements, self.size)

    def filter(self, predicate: Callable[[Any], Any]) -> Dataset:
        """Returns the elements for which a function is true. Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.filter"""

        async def elements() -> AsyncIterator[Any]:
            async for element in self:
                if predicate(element):
                    yield element

        return Dataset(elements, self.size if self.size in (0, math.inf) else None)

    def batch(self, batch_size: int, small_last_batch: bool = True) -> Dataset:
        """Returns elements together: numbers, arrays and tensors of the same place in them become one tensor.

        Args:
            batch_size: elements of a batch.
            small_last_batch: whether a last batch with fewer of them comes, too.

        Raises:
            ShapeError: elements of different shapes; when they are read.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> batches = tf.data.array([{"x": 1}, {"x": 2}, {"x": 3}]).batch(2)
            >>> [batch["x"].array_sync() for batch in asyncio.run(batches.toArray())]
            [[1.0, 2.0], [3.0]]

        Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.batch
        """
        count = _whole("batch", "batch_size", batch_size, 1)

        async def elements() -> AsyncIterator[Any]:
            waiting: list[Any] = []
            async for element in self:
                waiting.append(element)
                if len(waiting) == count:
                    yield stacked(waiting)
                    waiting = []
            if waiting and small_last_batch:
                yield stacked(waiting)

        size = self.size
        if size is not None and math.isfinite(size):
            size = math.ceil(size / count) if small_last_batch else int(size // count)
        return Dataset(elements, size)

    # Which elements come

    def concatenate(self, dataset: Dataset) -> Dataset:
        """Returns the elements of this and then of another dataset. Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.concatenate"""

        async def elements() -> AsyncIterator[Any]:
            for each in (self, dataset):
                async for element in each:
                    yield element

        sizes = (self.size, dataset.size)
        known = None if None in sizes else sum(s for s in sizes if s is not None)
        return Dataset(elements, math.inf if math.inf in sizes else known)

    def repeat(self, count: int | None = None) -> Dataset:
        """Returns the elements several times over, without end unless told. Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.repeat"""
        endless = count is None or count < 0
        times = math.inf if count is None or count < 0 else count

        async def elements() -> AsyncIterator[Any]:
            done = 0
            while done < times:
                empty = True
                async for element in self:
                    empty = False
                    yield element
                if empty and endless:
                    return
                done += 1

        size = 0 if times == 0 else None if self.size is None else self.size * times if self.size else 0
        return Dataset(elements, size)

    def take(self, count: int) -> Dataset:
        """Returns the first elements; all of them if `count` is negative or more than there are.

        Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.take
        """
        most = math.inf if count < 0 else count

        async def elements() -> AsyncIterator[Any]:
            left = most
            if left <= 0:
                return
            async for element in self:
                yield element
                left -= 1
                if left <= 0:
                    return

        return Dataset(elements, None if self.size is None else min(self.size, most))

    def skip(self, count: int) -> Dataset:
        """Returns what comes after the first elements; nothing if `count` is negative or more than there are.

        Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.skip
        """
        nothing = count < 0

        async def elements() -> AsyncIterator[Any]:
            if nothing:
                return
            left = count
            async for element in self:
                if left > 0:
                    left -= 1
                else:
                    yield element

        return Dataset(elements, 0 if nothing else None if self.size is None else max(0, self.size - count))

    def shuffle(
        self, buffer_size: int, seed: int | str | None = None, reshuffle_each_iteration: bool = True
    ) -> Dataset:
        """Returns the elements in an order drawn at random from a window that moves over them.

        Args:
            buffer_size: elements in the window; as many as there are for an even order.
            seed: for the same orders each time.
            reshuffle_each_iteration: whether each reading has an order of its own.

        Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.shuffle
        """
        most = _whole("shuffle", "buffer_size", buffer_size, 1)
        chosen = seed if seed is not None else rng.mix(rng.seed_word(), rng.reserve(1))
        seeds = random.Random(chosen)  # noqa: S311 (an order, no secret)
        fixed = seeds.random()

        async def elements() -> AsyncIterator[Any]:
            draw = random.Random(seeds.random() if reshuffle_each_iteration else fixed)  # noqa: S311
            window: list[Any] = []
            async for element in self:
                if len(window) < most:
                    window.append(element)
                    continue
                place = draw.randrange(most)
                yield window[place]
                window[place] = element
            draw.shuffle(window)
            for element in window:
                yield element

        return Dataset(elements, self.size)

    def prefetch(self, buffer_size: int) -> Dataset:
        """Returns the same elements, up to so many of which are made ready while others are in use.

        Args:
            buffer_size: most elements that are ready or in the making.

        Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.prefetch
        """
        most = _whole("prefetch", "buffer_size", buffer_size, 1)
        return Dataset(lambda: _prefetched(self, most), self.size)

    # Reading

    async def for_each_async(self, f: Callable[[Any], Any]) -> None:
        """Calls a function, or a coroutine function, with each element.

        Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.forEachAsync
        """
        async for element in self:
            result = f(element)
            if inspect.isawaitable(result):
                await result

    async def to_array(self) -> list[Any]:
        """Returns all elements.

        Raises:
            ArgumentError: there is no end of them.

        Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.toArray
        """
        if self.size == math.inf:
            raise ArgumentError("to_array: expected a dataset with an end; take(n) gives it one.")
        return [element async for element in self]


async def _prefetched(dataset: Dataset, most: int) -> AsyncIterator[Any]:
    room, ready = asyncio.Semaphore(most), asyncio.Queue[tuple[Any, BaseException | None]]()

    source = aiter(dataset)

    async def produce() -> None:
        try:
            while True:
                await room.acquire()
                element = await anext(source, END)
                ready.put_nowait((element, None))
                if element is END:
                    return
        except BaseException as error:  # noqa: BLE001 (raised again where the elements are read)
            ready.put_nowait((None, error))

    producer = asyncio.create_task(produce())
    try:
        while True:
            element, error = await ready.get()
            if error is not None:
                raise error
            if element is END:
                return
            room.release()
            yield element
    finally:
        producer.cancel()
        await asyncio.gather(producer, return_exceptions=True)
        if isinstance(source, AsyncGenerator):
            await source.aclose()


__all__ = ["Dataset", "DatasetIterator"]
