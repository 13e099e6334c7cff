"""What layers share while a model runs: penalties on outputs, masks that tensors carry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from tfjs_pyo.core.tensor import Tensor


class _Activity:
    """Penalties on outputs, noted while a model runs forward; see `activity`."""

    open: ClassVar[list[list[Tensor]]] = []


@contextmanager
def activity() -> Iterator[list[Tensor]]:
    """Collects the penalties of activity regularizers of the layers that run inside."""
    noted: list[Tensor] = []
    _Activity.open.append(noted)
    try:
        yield noted
    finally:
        _Activity.open.pop()


def masks_of(inputs: Any) -> Any:
    """Returns the mask that a tensor carries (None: none); for a list of tensors a list, or None where none has one."""
    if not isinstance(inputs, (list, tuple)):
        return vars(inputs).get("mask") if isinstance(inputs, Tensor) else None
    masks = [masks_of(item) for item in inputs]
    return masks if any(mask is not None for mask in masks) else None


def set_masks(outputs: Any, mask: Any) -> None:
    """Lets outputs carry their masks on to the next layer."""
    items = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    masks = mask if isinstance(mask, list) else [mask] + [None] * (len(items) - 1)
    for item, each in zip(items, masks, strict=False):
        if isinstance(item, Tensor) and each is not None:
            vars(item)["mask"] = each


def note_penalty(penalty: Tensor) -> None:
    """Adds a penalty to those that are collected, if any are."""
    if _Activity.open:
        _Activity.open[-1].append(penalty)


__all__ = ["activity", "masks_of", "note_penalty", "set_masks"]
