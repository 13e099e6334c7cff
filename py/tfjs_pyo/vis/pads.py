"""A pad to draw on, and what a model makes of the drawing while it grows."""

from __future__ import annotations

import inspect
import json
import weakref
from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any

from tfjs_pyo import naming, ops, output
from tfjs_pyo.config import positive_int
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, ShapeError

MIME_TYPE = "application/vnd.tfjs-pyo.sketch+json"
MOST_PIXELS = 256
"""Longest side of what a pad hands on."""

_numbers = count(1)
_pads: weakref.WeakValueDictionary[int, Sketch] = weakref.WeakValueDictionary()
_kept: list[Sketch] = []
"""Those that stand in the page, the last one last: nobody else may hold them, and what their functions need."""
_MOST_KEPT = 4


class Sketch:
    """A pad to draw on; made by `sketch`.

    Args:
        read, size, labels, name, fit, margin: as for `sketch`, which makes pads.

    Attributes:
        image: the drawing that was read last, a float32 tensor of shape [1, size, size, 1]; None at first.
        scores: what was made of it: a number for each label; empty at first, and if a label was given instead.
        label: the label of the largest score, or what the function returned.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> pad = tf.vis.sketch(lambda image: image.max(), 4, labels=["empty", "drawn"])
        >>> _ = asyncio.run(pad.feed([0.0] * 15 + [1.0]))
        >>> isinstance(pad, tf.vis.Sketch), pad.label, pad.image.shape
        (True, 'drawn', (1, 4, 4, 1))
    """

    def __init__(
        self,
        read: Callable[[Tensor], Any],
        size: int,
        labels: Sequence[str],
        name: str,
        fit: bool,
        margin: float,
    ) -> None:
        self.image: Tensor | None = None
        self.scores: list[float] = []
        self.label: str | None = None
        self.number = next(_numbers)
        self._read = read
        self._size = size
        self._labels = labels
        self._spec = {"sketch": self.number, "name": name, "size": size, "fit": fit, "margin": margin}
        _pads[self.number] = self

    async def feed(self, pixels: Any) -> dict[str, Any]:
        """Has a drawing read, as the pad does after each stroke.

        Args:
            pixels: size * size numbers from 0 (paper) to 1 (ink), row by row, or an array of that shape.

        Returns:
            `label`, and `scores`: pairs of label and score, empty if the function returned a label.

        Raises:
            ShapeError: another number of pixels.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> pad = tf.vis.sketch(lambda image: image.mean(), 2, labels=["empty", "full"])
            >>> asyncio.run(pad.feed([1, 1, 1, 1]))
            {'label': 'full', 'scores': []}
        """
        given = ops.tensor(pixels, dtype="float32")
        if given.size != self._size**2:
            raise ShapeError(
                f"sketch: expected {self._size} x {self._size} pixels, received values of shape {given.shape}."
            )
        self.image = ops.reshape(given, [1, self._size, self._size, 1])
        result = self._read(self.image)
        if inspect.isawaitable(result):
            result = await result
        self.label, self.scores = await self._understood(result)
        names = [self._name(place) for place in range(len(self.scores))]
        return {"label": self.label, "scores": list(zip(names, self.scores, strict=True))}

    async def _understood(self, result: Any) -> tuple[str, list[float]]:
        if isinstance(result, str):
            return result, []
        if isinstance(result, (list, tuple)) and len(result) == 1 and isinstance(result[0], Tensor):
            result = result[0]
        values = result if isinstance(result, Tensor) else ops.tensor(result, dtype="float32")
        scores = [float(score) for score in await values.data()]
        if values.rank == 0:
            return self._name(int(scores[0])), []
        if self._labels and len(scores) != len(self._labels):
            raise ShapeError(
                f"sketch: expected a score for each of the {len(self._labels)} labels, "
                f"received values of shape {values.shape}."
            )
        return self._name(max(range(len(scores)), key=scores.__getitem__)), scores

    def _name(self, place: int) -> str:
        return str(self._labels[place]) if 0 <= place < len(self._labels) else str(place)

    def __repr__(self) -> str:
        read = f", read as {self.label!r}" if self.label is not None else ""
        return f"<sketch {self._spec['name']!r} of {self._size} x {self._size} pixels{read}>"

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> dict[str, Any]:
        """Returns the forms in which the page takes it."""
        return {MIME_TYPE: json.dumps(self._spec), "text/plain": repr(self)}


@naming.takes_config()
def sketch(
    read: Callable[[Tensor], Any],
    size: int = 28,
    *,
    labels: Sequence[str] = (),
    name: str = "Draw",
    fit: bool = True,
    margin: float = 0.0,
) -> Sketch:
    """Shows a pad to draw on in the page, and beside it what a model makes of the drawing, live.

    Args:
        read: takes the drawing, a float32 tensor of shape [1, size, size, 1] from 0 (paper) to 1 (ink), and returns a
            score for each class (a tensor or numbers), the number of a class, or a label; may be a coroutine function.
            `model.predict` will do.
        size: pixels along each side, at most 256.
        labels: what the classes are called; their numbers if there are none.
        name: the title.
        fit: whether what is drawn is moved and scaled to fill the image, as in collections of digits; else the image is
            the whole pad.
        margin: with `fit`, the share of each side that stays empty (MNIST: 4 / 28).

    Returns:
        The pad. Outside of the page nothing is shown; `await pad.feed(pixels)` has a drawing read all the same.

    Raises:
        ArgumentError: `read` cannot be called, or a size or margin that makes no image.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> pad = tf.vis.sketch(lambda image: tf.stack([1 - image.mean(), image.mean()]), 4, labels=["light", "dark"])
        >>> asyncio.run(pad.feed([1.0] * 16))
        {'label': 'dark', 'scores': [('light', 0.0), ('dark', 1.0)]}
    """
    if not callable(read):
        raise ArgumentError(f"sketch: expected a function of an image, received {type(read).__name__}.")
    if positive_int("sketch", "size", size) > MOST_PIXELS:
        raise ArgumentError(f"sketch: expected 'size' from 1 to {MOST_PIXELS}, received {size!r}.")
    if not isinstance(labels, Iterable):
        raise ArgumentError(f"sketch: expected 'labels' to be a list, received {labels!r}.")
    if not 0 <= margin < 0.5:
        raise ArgumentError(f"sketch: expected 'margin' from 0 to less than 0.5, received {margin!r}.")
    pad = Sketch(read, size, list(labels), name, fit, margin)
    if output.show_to_somebody(pad):
        _kept.append(pad)
        del _kept[:-_MOST_KEPT]
    return pad


async def answer(number: int, pixels: Any) -> str:
    """Hands a drawing of the page, a Float32Array, to its pad.

    Returns:
        What `Sketch.feed` returns, as JSON; or `error`, what the function raised, in words.
    """
    pad = _pads.get(number)
    if pad is None:
        return json.dumps({"error": "This pad is gone: run the program again for a new one."})
    try:
        return json.dumps(await pad.feed(array("f", pixels.to_bytes())))
    except Exception as error:  # noqa: BLE001 (whatever the user's function raises is shown below the pad)
        return json.dumps({"error": f"{type(error).__name__}: {error}"})
