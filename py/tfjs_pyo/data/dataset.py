"""Dataset: elements one after the other, as often as they are asked for. Nothing is held but what a step needs."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import AsyncIterator, Callable
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.data import flow
from tfjs_pyo.data.iterator import LazyIterator, drawing
from tfjs_pyo.data.steps import Steps, whole
from tfjs_pyo.errors import ArgumentError, DisposedError

Open = Callable[[], AsyncIterator[Any]]


@naming.spell_methods
class Dataset(Steps["Dataset"]):
    """Elements one after the other: numbers, strings, tensors, and dicts and tuples of these.

    Made by the functions of `tf.data`; each method gives another dataset and changes nothing here. A dataset can be read again
    and again, with `async for`, and `fit_dataset` takes it.

    Args:
        open_: gives the elements from the beginning.
        size: how many there are; infinity, or None where it is not known.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
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

    def dispose(self) -> None:
        """Lets go of what the dataset holds: neither it nor what was made of it can be read. Elements stay as they are.

        Raises:
            DisposedError: elements are read afterwards; `dispose` itself raises nothing.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> numbers = tf.data.array([1, 2])
            >>> numbers.dispose()
            >>> asyncio.run(numbers.toArray())
            Traceback (most recent call last):
                ...
            tfjs_pyo.errors.DisposedError: dataset: it was disposed of. Make it again to read it.
        """

        def closed() -> AsyncIterator[Any]:
            raise DisposedError("dataset: it was disposed of. Make it again to read it.")

        self._open = closed

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} of {'unknown size' if self.size is None else f'{self.size} elements'}>"
        )

    def _through(self, step: flow.Step, size: float | None = None) -> Dataset:
        return Dataset(lambda: step(aiter(self)), size)

    async def iterator(self) -> LazyIterator:
        """Returns the elements from the beginning.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def first():
            ...     return await (await tf.data.array([1, 2]).iterator()).next()
            >>> asyncio.run(first())
            {'value': 1, 'done': False}

        Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.iterator
        """
        return LazyIterator(self._open())

    def concatenate(self, dataset: Dataset) -> Dataset:
        """Returns the elements of this and then of another dataset.

        Args:
            dataset: whose elements come after those of this one.

        Raises:
            ArgumentError: the other is none.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> asyncio.run(tf.data.array([1]).concatenate(tf.data.array([2, 3])).toArray())
            [1, 2, 3]

        Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.concatenate
        """
        if not isinstance(dataset, Dataset):
            raise ArgumentError(f"concatenate: expected a dataset, received {type(dataset).__name__}.")
        sizes = (self.size, dataset.size)
        known = None if None in sizes else sum(s for s in sizes if s is not None)
        return Dataset(
            lambda: flow.chained([self.__aiter__, dataset.__aiter__]),
            math.inf if math.inf in sizes else known,
        )

    def repeat(self, count: int | None = None) -> Dataset:
        """Returns the elements several times over, without end by default.

        Args:
            count: how often; without end by default, and if it is negative.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> asyncio.run(tf.data.array([1, 2]).repeat(2).toArray())
            [1, 2, 1, 2]

        Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.repeat
        """
        endless = count is None or count < 0
        times = math.inf if count is None or count < 0 else count

        def elements() -> AsyncIterator[Any]:
            opening: Open = self.__aiter__
            openings = (
                itertools.repeat(opening) if count is None or endless else itertools.repeat(opening, count)
            )
            return flow.chained(openings, until_empty=endless)

        size = 0 if times == 0 else None if self.size is None else self.size * times if self.size else 0
        return Dataset(elements, size)

    def skip(self, count: int | None = None) -> Dataset:
        """Returns what comes after the first elements; nothing if `count` is negative, None, or more than there are.

        Args:
            count: how many elements are left out.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> asyncio.run(tf.data.array([1, 2, 3]).skip(1).toArray())
            [2, 3]

        Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.skip
        """
        if count is None or count < 0:
            return self.take(0)
        size = None if self.size is None else max(0, self.size - count)
        return self._through(lambda elements: flow.skipped(elements, count), size)

    def shuffle(
        self, buffer_size: int, seed: int | str | None = None, reshuffle_each_iteration: bool = True
    ) -> Dataset:
        """Returns the elements in an order drawn at random from a window that moves over them.

        Args:
            buffer_size: elements in the window; as many as there are for an even order.
            seed: for the same orders each time.
            reshuffle_each_iteration: whether each reading has an order of its own.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> sorted(asyncio.run(tf.data.array([1, 2, 3]).shuffle(3).toArray()))
            [1, 2, 3]

        Source: https://js.tensorflow.org/api/latest/#tf.data.Dataset.shuffle
        """
        most = whole("shuffle", "buffer_size", buffer_size, 1)
        seeds = drawing(seed)
        fixed = seeds.random()

        def step(elements: AsyncIterator[Any]) -> AsyncIterator[Any]:
            draw = random.Random(seeds.random() if reshuffle_each_iteration else fixed)  # noqa: S311 (an order, no secret)
            return flow.shuffled(elements, most, draw)

        return self._through(step, self.size)


__all__ = ["Dataset"]
