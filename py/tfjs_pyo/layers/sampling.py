"""Images read at places between their pixels."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor

MODES = ("constant", "nearest", "wrap", "mirror", "reflect")
"""How images go on beyond their edges."""


def _inside(place: Tensor, length: int, mode: str) -> tuple[Tensor, Tensor | None]:
    """Returns the element that a place stands for, and where there is none."""
    if mode == "constant":
        outside = ops.logical_or(place < 0, place > length - 1)
        return ops.minimum(ops.maximum(place, 0), length - 1), outside
    if mode == "nearest":
        return ops.minimum(ops.maximum(place, 0), length - 1), None
    if mode == "wrap":
        return ops.mod(place, length), None
    period = max(1, 2 * length - 2 if mode == "mirror" else 2 * length)
    turned = ops.mod(place, period)
    return ops.where(turned < length, turned, period - turned - (mode == "reflect")), None


def sampled(x: Tensor, places: Sequence[Tensor], order: int, mode: str, fill: float) -> Tensor:
    """Returns elements of x at places between its own.

    Args:
        x: float32; its first axes are those of the places, further ones come along.
        places: float32 of one shape, for each of these axes.
        order: 0 takes the nearest element, 1 mixes the neighbours.
        mode: what lies beyond the ends.
        fill: what is there for 'constant'.
    """
    depth = len(places)
    lengths = x.shape[:depth]
    table = ops.reshape(x, [math.prod(lengths), -1])
    floors = [ops.floor(place + 0.5 if order == 0 else place) for place in places]
    total: Any = None
    for corner in itertools.product((0, 1) if order else (0,), repeat=depth):
        flat: Any = ops.scalar(0, "int32")
        weight: Any = None
        outside: Any = None
        for place, floor, step, length in zip(places, floors, corner, lengths, strict=True):
            element, beyond = _inside(ops.cast(floor, "int32") + step, length, mode)
            flat = flat * length + element
            part = place - floor
            share = part if step else 1.0 - part
            if order:
                weight = share if weight is None else weight * share
            if beyond is not None:
                outside = beyond if outside is None else ops.logical_or(outside, beyond)
        found = ops.gather(table, ops.reshape(flat, [-1]))
        if outside is not None:
            found = ops.where(ops.reshape(outside, [-1, 1]), float(fill), found)
        if order:
            found = found * ops.reshape(weight, [-1, 1])
        total = found if total is None else total + found
    return ops.reshape(total, [*places[0].shape, *x.shape[depth:]])


def grid(height: int, width: int) -> tuple[Tensor, Tensor]:
    """Returns the row and the column of each pixel."""
    shape = [height, width]
    rows = ops.broadcast_to(ops.reshape(ops.range(0, height, 1, "float32"), [-1, 1]), shape)
    return rows, ops.broadcast_to(ops.range(0, width, 1, "float32"), shape)


__all__ = ["MODES", "grid", "sampled"]
