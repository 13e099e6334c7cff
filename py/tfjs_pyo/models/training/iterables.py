"""Data that comes batch by batch: iterables, generators, asynchronous ones, functions that make them."""

from __future__ import annotations

import warnings
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from tfjs_pyo.config import positive_int
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, ShapeError

END = object()
"""What `Stream.next` gives when there is nothing more."""

STEPS_AHEAD = 16
"""Steps recorded with the device before their log is awaited: bounds what waits there, and lets other tasks run. Meanwhile the
batches to come are prepared and uploaded."""

_ROWS = 32
"""Samples in a batch of arrays that come as they are."""


def is_stream(value: Any) -> bool:
    """Returns whether data come batch by batch: not as a tensor, an array, a list of them or a dict."""
    if isinstance(value, (Tensor, Sequence, Mapping)) or hasattr(value, "__array__"):
        return False
    return callable(value) or isinstance(value, (Iterable, AsyncIterable))


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
        isinstance(each, Tensor) or (hasattr(each, "__array__") and hasattr(each, "shape")) for each in held
    )


class Stream:
    """A source of batches.

    Args:
        owner: who asks, for errors.
        source: an iterable, synchronous or not, or a function that returns one; or a tuple of arrays x, y.

    Raises:
        ArgumentError: it is none of these.
    """

    def __init__(self, owner: str, source: Any) -> None:
        self.owner = owner
        self._source = _Pair(owner, source) if _is_pair(source) else source
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

    async def next(self) -> Any:
        """Returns the next element, or END."""
        if self._open is None:
            self.restart()
        if isinstance(self._open, AsyncIterator):
            return await anext(self._open, END)
        return next(self._open, END)  # type: ignore[arg-type]


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
    if isinstance(element, Tensor) or hasattr(element, "__array__"):
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


def ran_out(owner: str, wanted: int, got: int) -> None:
    """Warns that a dataset has fewer batches than were asked for."""
    warnings.warn(
        f"{owner}: expected {wanted} batches an epoch, but the dataset ran out of data after {got}; training stops. Let it "
        "repeat, or ask for fewer.",
        RuntimeWarning,
        stacklevel=2,
    )


__all__ = ["END", "STEPS_AHEAD", "Stream", "count_of", "is_stream", "parts_of", "ran_out"]
