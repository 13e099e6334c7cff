"""LazyIterator: the elements of a dataset while they are read, one by one or transformed."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core import rng
from tfjs_pyo.data import flow
from tfjs_pyo.data.batches import columns
from tfjs_pyo.data.steps import Steps, whole
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.io.artifacts import settled


class IteratorResult(dict[str, Any]):
    """What `next()` gives: `{'value': ..., 'done': ...}`, also as attributes."""

    @property
    def value(self) -> Any:
        """The element; None after the last."""
        return self["value"]

    @property
    def done(self) -> bool:
        """Whether there was none any more."""
        return bool(self["done"])


def drawing(seed: int | str | None) -> random.Random:
    """Returns a generator for an order; without a seed from that of the program."""
    chosen = seed if seed is not None else rng.mix(rng.seed_word(), rng.reserve(1))
    return random.Random(chosen)  # noqa: S311 (an order, no secret)


@naming.spell_methods
class LazyIterator(Steps["LazyIterator"], AsyncIterator[Any]):
    """The elements of a dataset from the beginning, each once: by `await it.next()` or `async for`.

    What its methods give reads from it: elements that were taken there do not come here again. `next()` may be called again
    before an earlier call has its element. An error costs its element only; the next can still be asked for.

    Args:
        elements: what there is to read.

    Example:
        >>> import asyncio, tfjs_pyo as tf
        >>> async def read():
        ...     it = await tf.data.array([1, 2, 3, 4]).iterator()
        ...     return await it.next(), await it.map(lambda x: 10 * x).take(2).toArray(), (await it.next()).value
        >>> asyncio.run(read())
        ({'value': 1, 'done': False}, [20, 30], 4)

    Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.iterator,
    https://github.com/tensorflow/tfjs/blob/master/tfjs-data/src/iterators/lazy_iterator.ts
    """

    def __init__(self, elements: AsyncIterator[Any]) -> None:
        self._elements = flow.in_turns(elements)

    def __aiter__(self) -> LazyIterator:
        return self

    async def __anext__(self) -> Any:
        return await anext(self._elements)

    def _through(self, step: flow.Step, size: float | None = None) -> LazyIterator:  # noqa: ARG002 (nobody knows it here)
        return LazyIterator(step(self._elements))

    async def aclose(self) -> None:
        """Lets go of what is read: files, connections, and elements that a prefetch has under way.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def read():
            ...     it = await tf.data.array([1, 2, 3, 4]).iterator()
            ...     await it.aclose()
            ...     return await it.next()
            >>> asyncio.run(read())
            {'value': None, 'done': True}
        """
        await flow.closed(self._elements)

    async def next(self) -> IteratorResult:
        """Returns the next element as `{'value', 'done'}`; None and True after the last one.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def read():
            ...     it = await tf.data.array([5]).iterator()
            ...     return [await it.next(), await it.next()]
            >>> asyncio.run(read())
            [{'value': 5, 'done': False}, {'value': None, 'done': True}]
        """
        value = await anext(self._elements, flow.END)
        done = value is flow.END
        return IteratorResult(value=None if done else value, done=done)

    def summary(self) -> str:
        """Returns in words what this is.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def read():
            ...     it = await tf.data.array([1, 2, 3, 4]).iterator()
            ...     return it.summary()
            >>> asyncio.run(read())
            'LazyIterator of Turns'
        """
        return f"LazyIterator of {type(self._elements).__name__}"

    # What becomes of the elements

    def serial_map_async(self, transform: Callable[[Any], Any]) -> LazyIterator:
        """Returns what a coroutine function gives for each element, one call after the other also where a prefetch follows.

        Args:
            transform: takes an element; its result is awaited if it can be.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def doubled(x):
            ...     return 2 * x
            >>> async def read():
            ...     it = await tf.data.array([1, 2, 3]).iterator()
            ...     return await it.serialMapAsync(doubled).toArray()
            >>> asyncio.run(read())
            [2, 4, 6]
        """
        mapped = flow.Mapped(self._elements, transform, waits=True)
        return LazyIterator(flow.Turns(mapped))

    def flatmap(self, transform: Callable[[Any], Any]) -> LazyIterator:
        """Returns one after the other what a function gives for each element: a list, or any iterable.

        Args:
            transform: takes an element and returns an iterable.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def read():
            ...     it = await tf.data.array([1, 2, 3]).iterator()
            ...     return await it.flatmap(lambda x: [x] * x).toArray()
            >>> asyncio.run(read())
            [1, 2, 2, 3, 3, 3]
        """
        return self._through(lambda elements: flow.flattened(elements, transform))

    def handle_errors(self, handler: Callable[[Exception], Any]) -> LazyIterator:
        """Returns the elements without those that cannot be had.

        Args:
            handler: takes an error; true for going on without the element, false for ending there. What it raises itself is
                raised where elements are read.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def read():
            ...     it = await tf.data.array(["1", "two", "3"]).map(int).iterator()
            ...     return await it.handleErrors(lambda error: True).toArray()
            >>> asyncio.run(read())
            [1, 3]
        """
        return self._through(lambda elements: flow.handled(elements, handler))

    def row_major_batch(self, batch_size: int, small_last_batch: bool = True) -> LazyIterator:
        """Returns lists of so many elements.

        Args:
            batch_size: elements of a list.
            small_last_batch: whether a last list with fewer of them comes, too.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def read():
            ...     it = await tf.data.array([1, 2, 3, 4]).iterator()
            ...     return await it.rowMajorBatch(3).toArray()
            >>> asyncio.run(read())
            [[1, 2, 3], [4]]
        """
        return self._together("rowMajorBatch", batch_size, small_last_batch, lambda rows, _: rows)

    def column_major_batch(
        self, batch_size: int, small_last_batch: bool = True, zip_fn: Callable[[list[Any]], Any] | None = None
    ) -> LazyIterator:
        """Returns so many elements as one of their form, with the list of their values at each place.

        Args:
            batch_size: elements of a batch.
            small_last_batch: whether a last batch with fewer of them comes, too.
            zip_fn: takes the list of what the elements have at a place, from the outermost inwards, and gives
                `{'value': ..., 'recurse': False}` to put there, or `{'value': None, 'recurse': True}` to go into it.

        Raises:
            ArgumentError: elements of different forms; when they are read.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def read():
            ...     it = await tf.data.array([{"x": 1, "y": [2, 3]}, {"x": 4, "y": [5, 6]}]).iterator()
            ...     return await it.columnMajorBatch(2).toArray()
            >>> asyncio.run(read())
            [{'x': [1, 4], 'y': [[2, 5], [3, 6]]}]
        """
        return self._together(
            "columnMajorBatch", batch_size, small_last_batch, lambda rows, start: columns(rows, zip_fn, start)
        )

    # Which elements come

    def concatenate(self, iterator: AsyncIterator[Any]) -> LazyIterator:
        """Returns the elements of this and then of another iterator.

        Args:
            iterator: whose elements come after those of this one.

        Raises:
            ArgumentError: the other is none.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def read():
            ...     it = await tf.data.array([1, 2, 3, 4]).iterator()
            ...     other = await tf.data.array([9]).iterator()
            ...     return await it.concatenate(other).toArray()
            >>> asyncio.run(read())
            [1, 2, 3, 4, 9]
        """
        if not isinstance(iterator, AsyncIterator):
            raise ArgumentError(
                f"concatenate: expected another iterator, such as `await dataset.iterator()`, received {type(iterator).__name__}."
            )
        return self._through(lambda elements: flow.chained([lambda: elements, lambda: iterator]))

    def skip(self, count: int | None = None) -> LazyIterator:
        """Returns what comes after the first elements; all of them if `count` is negative or None.

        Args:
            count: how many elements to leave out; default: none.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def read():
            ...     it = await tf.data.array([1, 2, 3, 4]).iterator()
            ...     return await it.skip(3).toArray()
            >>> asyncio.run(read())
            [4]
        """
        return self._through(lambda elements: flow.skipped(elements, count or 0))

    def shuffle(self, buffer_size: int, seed: int | str | None = None) -> LazyIterator:
        """Returns the elements in an order drawn at random from a window that moves over them.

        Args:
            buffer_size: elements in the window.
            seed: for the same order each time.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def read():
            ...     it = await tf.data.array([1, 2, 3, 4]).iterator()
            ...     return sorted(await it.shuffle(4, "a seed").toArray())
            >>> asyncio.run(read())
            [1, 2, 3, 4]
        """
        most = whole("shuffle", "buffer_size", buffer_size, 1)
        return self._through(lambda elements: flow.shuffled(elements, most, drawing(seed)))

    def serial(self) -> LazyIterator:
        """Returns the elements, made one after the other also where a prefetch follows.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def read():
            ...     it = await tf.data.array([1, 2, 3, 4]).iterator()
            ...     return await it.serial().prefetch(2).toArray()
            >>> asyncio.run(read())
            [1, 2, 3, 4]
        """
        return LazyIterator(flow.Turns(self._elements))

    # Reading

    async def resolve_fully(self) -> None:
        """Reads to the end and discards the elements.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def read():
            ...     it = await tf.data.array([1, 2]).iterator()
            ...     await it.map(print).resolveFully()
            ...     return await it.next()
            >>> asyncio.run(read())
            1
            2
            {'value': None, 'done': True}
        """
        async for _ in self:
            pass

    async def resolve_while(self, predicate: Callable[[Any], Any]) -> None:
        """Reads until a function is false for an element, or to the end, and discards the elements.

        Args:
            predicate: takes an element and returns whether to go on; may be a coroutine function.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def read():
            ...     it = await tf.data.array([1, 2, 3, 4]).iterator()
            ...     await it.resolveWhile(lambda x: x < 2)
            ...     return await it.toArray()
            >>> asyncio.run(read())
            [3, 4]
        """
        await self.serial_for_each(predicate)

    async def serial_for_each(self, f: Callable[[Any], Any]) -> None:
        """Calls a function, or a coroutine function, with each element until it gives something false, or to the end.

        Args:
            f: takes an element and returns whether to go on; may be a coroutine function.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def read():
            ...     it = await tf.data.array([1, 2, 3, 4]).iterator()
            ...     await it.serialForEach(lambda x: x < 3)
            ...     return await it.toArray()
            >>> asyncio.run(read())
            [4]
        """
        async for element in self:
            if not await settled(f(element)):
                return


__all__ = ["IteratorResult", "LazyIterator", "drawing"]
