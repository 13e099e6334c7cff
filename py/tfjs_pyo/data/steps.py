"""What datasets and their iterators have in common: the same methods, one giving datasets and the other iterators."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import AsyncIterable, Callable
from functools import partial
from typing import Any, Generic, TypeVar

from tfjs_pyo import naming, options
from tfjs_pyo.data import flow
from tfjs_pyo.data.batches import stacked
from tfjs_pyo.errors import ArgumentError, OptionError
from tfjs_pyo.io.artifacts import settled

Made = TypeVar("Made")


def whole(owner: str, name: str, value: Any, least: int) -> int:
    """Returns an integer that is not below `least`.

    Raises:
        OptionError: it is something else.
    """
    found = options.whole(value)
    if found is None or found < least:
        raise OptionError(
            f"{owner}: expected {naming.camel(name)!r} to be an integer from {least}, received {value!r}."
        )
    return found


def batched(size: float | None, count: int, small_last_batch: bool) -> float | None:
    """Returns how many batches so many elements make."""
    if size is None or not math.isfinite(size):
        return size
    return math.ceil(size / count) if small_last_batch else int(size // count)


@naming.spell_methods
class Steps(AsyncIterable[Any], Generic[Made]):
    """Elements one after the other, and what can be done with them.

    Attributes:
        size: how many there are; infinity, or None where it is not known.
    """

    size: float | None = None

    @abstractmethod
    def _through(self, step: flow.Step, size: float | None = None) -> Made:
        """Returns what a step makes of the elements."""

    def __getattr__(self, name: str) -> Any:
        return naming.attribute(self, name)

    def __dir__(self) -> list[str]:
        return naming.spellings(super().__dir__())

    # What becomes of the elements

    def map(self, transform: Callable[[Any], Any]) -> Made:
        """Returns what a function gives for each element.

        Args:
            transform: takes an element.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> squares = tf.data.array([1, 2, 3]).map(lambda x: x * x)
            >>> asyncio.run(squares.toArray())
            [1, 4, 9]

        Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.map
        """
        return self._through(lambda elements: flow.Mapped(elements, transform, waits=False), self.size)

    def map_async(self, transform: Callable[[Any], Any]) -> Made:
        """Returns what a coroutine function gives for each element: one at a time, or as many as a prefetch asks for.

        Args:
            transform: takes an element.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def square(x):
            ...     return x * x
            >>> asyncio.run(tf.data.array([1, 2, 3]).mapAsync(square).toArray())
            [1, 4, 9]

        Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.mapAsync
        """
        return self._through(lambda elements: flow.Mapped(elements, transform, waits=True), self.size)

    def filter(self, predicate: Callable[[Any], Any]) -> Made:
        """Returns the elements for which a function, also a coroutine function, is true.

        Args:
            predicate: takes an element.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> odd = tf.data.array([1, 2, 3]).filter(lambda x: x % 2 == 1)
            >>> asyncio.run(odd.toArray())
            [1, 3]

        Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.filter
        """
        size = self.size if self.size in (0, math.inf) else None
        return self._through(lambda elements: flow.filtered(elements, predicate), size)

    def batch(self, batch_size: int, small_last_batch: bool = True) -> Made:
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
        return self._together("batch", batch_size, small_last_batch, stacked)

    def _together(
        self, owner: str, count: int, small_last: bool, form: Callable[[list[Any], int], Any]
    ) -> Made:
        whole(owner, "batch_size", count, 1)
        return self._through(
            lambda elements: flow.together(elements, count, small_last, form),
            batched(self.size, count, small_last),
        )

    # Which elements come

    def take(self, count: int | None = None) -> Made:
        """Returns the first elements; all of them if `count` is negative, None, or more than there are.

        Args:
            count: how many.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> asyncio.run(tf.data.array([1, 2, 3]).take(2).toArray())
            [1, 2]

        Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.take
        """
        most = math.inf if count is None or count < 0 else count
        size = None if self.size is None else min(self.size, most)
        return self._through(lambda elements: flow.taken(elements, most), size)

    def prefetch(self, buffer_size: int) -> Made:
        """Returns the same elements, up to so many of which are made ready while others are in use.

        Args:
            buffer_size: most elements that are ready or in the making. So many calls of a function given to `mapAsync` are under
                way at once.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> asyncio.run(tf.data.array([1, 2, 3]).prefetch(2).toArray())
            [1, 2, 3]

        Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.prefetch
        """
        most = whole("prefetch", "buffer_size", buffer_size, 1)
        return self._through(partial(flow.Ahead, most=most), self.size)

    # Reading

    async def for_each_async(self, f: Callable[[Any], Any]) -> None:
        """Calls a function, or a coroutine function, with each element.

        Args:
            f: takes an element; its result is not used.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> asyncio.run(tf.data.array([1, 2]).forEachAsync(print))
            1
            2

        Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.forEachAsync
        """
        async for element in self:
            await settled(f(element))

    async def to_array(self) -> list[Any]:
        """Returns all elements.

        Raises:
            ArgumentError: there is no end of them.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> asyncio.run(tf.data.array([1, 2]).toArray())
            [1, 2]

        Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.toArray
        """
        if self.size == math.inf:
            raise ArgumentError("to_array: expected a dataset with an end; take(n) gives it one.")
        return [element async for element in self]

    async def to_array_for_test(self) -> list[Any]:
        """Returns all elements.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> asyncio.run(tf.data.array([1, 2]).toArrayForTest())
            [1, 2]

        Source: https://js.tensorflow.org/api/latest/#class:data.Dataset
        """
        return await self.to_array()


__all__ = ["Steps", "whole"]
