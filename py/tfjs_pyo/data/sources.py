"""Where datasets begin: arrays, generators, functions, and datasets read side by side."""

from __future__ import annotations

import inspect
import math
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Any

from tfjs_pyo import naming, nests
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.data.dataset import Dataset
from tfjs_pyo.data.flow import END, closing
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.types import Data


@naming.bridge
def array(items: Data) -> Dataset:
    """Returns a dataset of what a list has.

    Args:
        items: a list; or a tensor, an array of NumPy or a frame of pandas, whose rows are the elements (of a frame as dicts).

    Raises:
        ArgumentError: something else.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> asyncio.run(tf.data.array([1, 2, 3]).take(2).toArray())
        [1, 2]

    Source: https://js.tensorflow.org/api/latest/#data.array
    """
    rows: Sequence[Any]
    if hasattr(items, "to_dict") and hasattr(items, "columns"):
        rows = items.to_dict("records")
    elif isinstance(items, Tensor) or hasattr(type(items), "__array__"):
        if not items.shape:
            raise ArgumentError("array: expected rows, received a single number.")
        rows = items
    elif isinstance(items, Sequence) and not isinstance(items, (str, bytes)):
        rows = items
    else:
        raise ArgumentError(
            f"array: expected a list, a tensor, an array or a frame, received {type(items).__name__}. For generators: "
            "tf.data.generator(function)."
        )

    async def elements() -> AsyncIterator[Any]:
        for i in range(len(rows)):
            yield rows[i]

    return Dataset(elements, len(rows))


@naming.bridge
def generator(generator: Any) -> Dataset:
    """Returns a dataset of what a generator yields.

    Args:
        generator: function without parameters that returns an iterable, such as a generator, synchronous or not; called for
            each reading.

    Raises:
        ArgumentError: no function, or one that returns something else.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> def squares():
        ...     for i in range(4):
        ...         yield i * i
        >>> asyncio.run(tf.data.generator(squares).toArray())
        [0, 1, 4, 9]

    Source: https://js.tensorflow.org/api/latest/#data.generator
    """
    if not callable(generator):
        raise ArgumentError(
            f"generator: expected a function that returns a generator, received {type(generator).__name__}; a generator itself "
            "can be read only once."
        )

    async def elements() -> AsyncIterator[Any]:
        source = generator()
        if inspect.isawaitable(source):
            source = await source
        if isinstance(source, AsyncIterable):
            async with closing(aiter(source)) as reading:
                async for element in reading:
                    yield element
        elif isinstance(source, Iterable):
            for element in source:
                yield element
        else:
            raise ArgumentError(
                f"generator: expected the function to return an iterable, received {type(source).__name__}."
            )

    return Dataset(elements)


@naming.bridge
def func(f: Callable[[], Any]) -> Dataset:
    """Returns a dataset of what a function gives, call by call.

    Args:
        f: function without parameters, also a coroutine function. It gives an element; or, as in TF.js, `{'value', 'done'}`,
            which ends the dataset when done. StopIteration ends it, too.

    Raises:
        ArgumentError: it cannot be called.

    Example:
        >>> import asyncio, itertools
        >>> import tfjs_pyo as tf
        >>> count = itertools.count()
        >>> asyncio.run(tf.data.func(lambda: next(count)).take(3).toArray())
        [0, 1, 2]

    Source: https://js.tensorflow.org/api/latest/#data.func
    """
    if not callable(f):
        raise ArgumentError(f"func: expected a function, received {type(f).__name__}.")

    async def elements() -> AsyncIterator[Any]:
        while True:
            try:
                found = f()
            except StopIteration:
                return
            if inspect.isawaitable(found):
                found = await found
            if isinstance(found, Mapping) and "done" in found:
                if found["done"]:
                    return
                found = found.get("value")
            yield found

    return Dataset(elements)


@naming.takes_config(data=("datasets",))
def zip(datasets: Mapping[str, Any] | Sequence[Any] | Dataset) -> Dataset:
    """Returns elements of several datasets side by side, up to the end of the shortest.

    Args:
        datasets: a dict, list or tuple of datasets, or of such; elements have the same form.

    Raises:
        ArgumentError: something in it is no dataset.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> both = tf.data.zip({"xs": tf.data.array([1, 2]), "ys": tf.data.array([3, 4, 5])})
        >>> asyncio.run(both.toArray())
        [{'xs': 1, 'ys': 3}, {'xs': 2, 'ys': 4}]

    Source: https://js.tensorflow.org/api/latest/#data.zip
    """
    sizes = [dataset.size for dataset in _leaves(datasets)]

    async def elements() -> AsyncIterator[Any]:
        opened = _opened(datasets)
        while (element := await _next(opened)) is not END:
            yield element

    known = [size for size in sizes if size is not None]
    return Dataset(elements, min(known, default=math.inf) if len(known) == len(sizes) else None)


def _leaves(datasets: Any) -> list[Dataset]:
    nests.require_end(datasets)
    if isinstance(datasets, Dataset):
        return [datasets]
    parts = datasets.values() if isinstance(datasets, Mapping) else datasets
    if not isinstance(datasets, (Mapping, list, tuple)) or not parts:
        raise ArgumentError(
            f"zip: expected datasets in dicts, lists or tuples, received {type(datasets).__name__}."
        )
    return [leaf for part in parts for leaf in _leaves(part)]


def _opened(datasets: Any) -> Any:
    if isinstance(datasets, Dataset):
        return aiter(datasets)
    if isinstance(datasets, Mapping):
        return {key: _opened(part) for key, part in datasets.items()}
    return type(datasets)(map(_opened, datasets))


async def _next(opened: Any) -> Any:
    """Returns the next elements in the form of `opened`; END if one of its iterators has none."""
    if isinstance(opened, Mapping):
        found = {key: await _next(part) for key, part in opened.items()}
        return END if any(part is END for part in found.values()) else found
    if isinstance(opened, (list, tuple)):
        parts = [await _next(part) for part in opened]
        return END if any(part is END for part in parts) else type(opened)(parts)
    return await anext(opened, END)


__all__ = ["array", "func", "generator", "zip"]
