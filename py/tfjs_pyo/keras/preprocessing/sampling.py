"""Values of images between their pixels, and beyond their edges, by the modes of `scipy.ndimage.affine_transform`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

_SMALL = 1e-15
"""What SciPy has in place of 0 where it reflects at an edge."""


def _inside(places: Any, size: int) -> Any:
    return (places >= 0) & (places <= size - 1)


def _reflected(np: Any, places: Any, size: int) -> Any:
    """Returns places in d c b a | a b c d | d c b a, from -1 to size."""
    period = 2 * size
    up = np.where(places < -period, places + period * np.trunc(-places / period), places)
    below = np.where(up < -size, up + period, np.where(up > -_SMALL, _SMALL, -up) - 1)
    down = places - period * np.trunc(places / period)
    above = np.where(down >= size, period - down - 1, down)
    return np.where(places < 0, below, np.where(places > size - 1, above, places))


def _mirrored(np: Any, places: Any, size: int) -> Any:
    """Returns places in d c b | a b c d | c b a."""
    if size == 1:
        return np.zeros_like(places)
    period = 2 * (size - 1)
    rest = np.abs(places) % period
    return np.where(_inside(places, size), places, np.minimum(rest, period - rest))


def _wrapped(np: Any, places: Any, size: int) -> Any:
    """Returns places in b c d | a b c d | b c d a: the last pixel and the first are one."""
    if size == 1:
        return np.zeros_like(places)
    period = size - 1
    below = places + period * (np.trunc(-places / period) + 1)
    above = places - period * np.trunc(places / period)
    return np.where(places < 0, below, np.where(places > size - 1, above, places))


def _tiled(np: Any, places: Any, size: int) -> Any:
    """Returns places in a b c d | a b c d | a b c d."""
    below = places + size * (np.trunc((-1 - places) / size) + 1)
    above = places - size * np.trunc(places / size)
    return np.where(places < 0, below, np.where(places > size - 1, above, places))


def _nearest(np: Any, places: Any, size: int) -> Any:
    return np.clip(places, 0, size - 1)


def _as_they_are(np: Any, places: Any, size: int) -> Any:  # noqa: ARG001 (as the others)
    return places


MODES: dict[str, Callable[[Any, Any, int], Any]] = {
    "nearest": _nearest, "constant": _as_they_are, "reflect": _reflected, "wrap": _wrapped, "mirror": _mirrored,
    "grid-mirror": _reflected, "grid-wrap": _tiled, "grid-constant": _as_they_are,
}  # fmt: skip
"""Where a place beyond the edges is read, by SciPy's name of the mode."""
_PIXELS = {"constant": _mirrored, "wrap": _mirrored}
"""Which pixel stands for one beyond the edges, where that is another one than for places."""


def sampled(np: Any, image: Any, places: Sequence[Any], mode: str, cval: float, order: int) -> Any:
    """Returns an image's values between its pixels.

    Args:
        np: NumPy.
        image: [height, width].
        places: rows and columns, of one shape.
        mode: what lies beyond the edges.
        cval: the value there in mode 'constant'.
        order: 1 for bilinear values, 0 for those of the nearest pixel.

    Returns:
        float64, the shape of the places.
    """
    outside = np.zeros(places[0].shape, bool)
    corners = []
    for place, size in zip(places, image.shape, strict=True):
        if mode == "constant":
            outside |= ~_inside(place, size)
        found = MODES[mode](np, place, size)
        first = np.floor(found + 0.5 if order == 0 else found)
        share = found - first
        weights = (1 - share, share) if order else (np.ones_like(share),)
        corners.append([(first + offset, weight) for offset, weight in enumerate(weights)])
    values = np.zeros(places[0].shape)
    fold = _PIXELS.get(mode, MODES[mode])
    for rows, by_row in corners[0]:
        for columns, by_column in corners[1]:
            pixels = [fold(np, each, size) for each, size in zip((rows, columns), image.shape, strict=True)]
            beyond = ~(_inside(pixels[0], image.shape[0]) & _inside(pixels[1], image.shape[1]))
            chosen = [np.where(beyond | outside, 0, each).astype(int) for each in pixels]
            read = np.where(beyond, cval, image[chosen[0], chosen[1]].astype(float))
            values += by_row * by_column * read
    return np.where(outside, cval, values)


__all__ = ["MODES", "sampled"]
