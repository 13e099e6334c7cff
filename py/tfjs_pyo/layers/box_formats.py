"""Boxes around things in images: the forms of their four numbers. Source: https://keras.io/api/utils/bounding_boxes/"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError

Four = tuple[Any, Any, Any, Any]

_ORDERS: dict[str, tuple[Callable[..., Four], Callable[..., Four]]] = {
    "xyxy": (lambda a, b, c, d: (a, b, c, d), lambda a, b, c, d: (a, b, c, d)),
    "yxyx": (lambda a, b, c, d: (b, a, d, c), lambda a, b, c, d: (b, a, d, c)),
    "xywh": (lambda a, b, c, d: (a, b, a + c, b + d), lambda a, b, c, d: (a, b, c - a, d - b)),
    "center_xywh": (
        lambda a, b, c, d: (a - c / 2, b - d / 2, a + c / 2, b + d / 2),
        lambda a, b, c, d: (a + (c - a) / 2, b + (d - b) / 2, c - a, d - b),
    ),
    "center_yxhw": (
        lambda a, b, c, d: (b - d / 2, a - c / 2, b + d / 2, a + c / 2),
        lambda a, b, c, d: (b + (d - b) / 2, a + (c - a) / 2, d - b, c - a),
    ),
}
"""By the order of the numbers: what makes left, top, right and bottom of them, and what makes them of those."""

_RELATIVE = "rel_"
FORMATS = (*_ORDERS, "rel_xyxy", "rel_yxyx", "rel_xywh", "rel_center_xywh")
"""What boxes may consist of; in those with rel_ widths and heights of images are 1."""


def require_format(owner: str, name: str, value: Any) -> str:
    """Returns the name of a format in small letters.

    Raises:
        OptionError: it is none.
    """
    if not isinstance(value, str) or value.lower() not in FORMATS:
        raise OptionError(
            f"{owner}: expected {name!r} to be one of {', '.join(FORMATS)}, received {value!r}."
        )
    return value.lower()


def split(owner: str, boxes: Tensor) -> Sequence[Tensor]:
    """Returns the four numbers of boxes [..., 4], each [..., 1].

    Raises:
        ShapeError: they are no four numbers.
    """
    if not boxes.rank or boxes.shape[-1] != 4:
        raise ShapeError(f"{owner}: expected boxes of 4 numbers, received shape {tuple(boxes.shape)}.")
    return ops.split(boxes, 4, -1)


def converted(owner: str, boxes: Tensor, source: str, target: str, height: Any, width: Any) -> Tensor:
    """Returns boxes in another format.

    Args:
        owner: who asks, for messages.
        boxes: [..., 4] of a floating dtype.
        source, target: formats.
        height, width: of the images, in pixels: numbers, or tensors that fit [..., 1]; None if they are not known.

    Raises:
        ShapeError: boxes are no four numbers.
        ArgumentError: the size of the images is needed and not known.
    """
    parts = split(owner, boxes)
    relative = [each.startswith(_RELATIVE) for each in (source, target)]
    if any(relative) and (height is None or width is None):
        raise ArgumentError(
            f"{owner}: expected 'height' and 'width' of images between {source!r} and {target!r}, received {height!r} and "
            f"{width!r}."
        )
    if source == target:
        return boxes
    read, write = (_ORDERS[each.removeprefix(_RELATIVE)][at] for at, each in enumerate((source, target)))
    left, top, right, bottom = read(*parts)
    if relative[0] and not relative[1]:
        left, top, right, bottom = left * width, top * height, right * width, bottom * height
    if relative[1] and not relative[0]:
        left, top, right, bottom = left / width, top / height, right / width, bottom / height
    return ops.concat(write(left, top, right, bottom), -1)


def clipped(owner: str, boxes: Tensor, height: Any, width: Any) -> Tensor:
    """Returns boxes 'xyxy' without what lies beyond images of a size."""
    parts = split(owner, boxes)
    limits = (width, height, width, height)
    return ops.concat(
        [ops.minimum(ops.maximum(part, 0.0), limit) for part, limit in zip(parts, limits, strict=True)], -1
    )


def kept_labels(owner: str, boxes: Tensor, labels: Tensor) -> Tensor:
    """Returns labels [...], or [..., classes], with -1 where boxes 'xyxy' [..., 4] have no area."""
    left, top, right, bottom = split(owner, boxes)
    there = ops.greater((right - left) * (bottom - top), 0.0)
    there = there if labels.rank == boxes.rank else ops.squeeze(there, [-1])
    return ops.where(there, labels, ops.cast(-1, labels.dtype))


def around(boxes: Tensor, place: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]) -> Tensor:
    """Returns the boxes 'xyxy' around where the corners of boxes 'xyxy' come to be.

    Args:
        boxes: [..., 4].
        place: gives columns and rows for columns and rows, [..., 4].
    """
    left, top, right, bottom = split("boxes", boxes)
    found = place(ops.concat([left, right, right, left], -1), ops.concat([top, top, bottom, bottom], -1))
    return ops.concat([end(places, -1, True) for end in (ops.min, ops.max) for places in found], -1)


__all__ = ["FORMATS", "around", "clipped", "converted", "kept_labels", "require_format", "split"]
