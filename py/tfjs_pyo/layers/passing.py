"""What layers share while a model runs: penalties on outputs, masks that tensors carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from tfjs_pyo import nests
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.ops.declare import Symbolic

_noted: ContextVar[list[Tensor] | None] = ContextVar("tfjs_pyo.activity", default=None)
"""Penalties on outputs, noted while a model runs forward; see `activity`."""


@contextmanager
def activity() -> Iterator[list[Tensor]]:
    """Collects the penalties of activity regularizers of the layers that run inside."""
    noted: list[Tensor] = []
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def masks_of(inputs: Any) -> Any:
    """Returns the mask that a tensor carries, or None; for a list or dict of tensors one of masks, or None if none has one."""
    nests.require_end(inputs)
    if isinstance(inputs, Mapping):
        named = {key: masks_of(item) for key, item in inputs.items()}
        return named if any(mask is not None for mask in named.values()) else None
    if not isinstance(inputs, (list, tuple)):
        return inputs._keras_mask if isinstance(inputs, (Tensor, Symbolic)) else None
    masks = [masks_of(item) for item in inputs]
    return masks if any(mask is not None for mask in masks) else None


def set_masks(outputs: Any, mask: Any) -> None:
    """Lets outputs carry their masks on to the next layer."""
    if isinstance(outputs, Mapping):
        for key, item in outputs.items():
            set_masks(item, mask.get(key) if isinstance(mask, Mapping) else mask)
        return
    items = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    masks = list(mask) if isinstance(mask, (list, tuple)) else [mask] + [None] * (len(items) - 1)
    for item, each in zip(items, masks, strict=False):
        if isinstance(item, Tensor) and each is not None:
            vars(item)["mask"] = each


def note_penalty(penalty: Tensor) -> None:
    """Adds a penalty to those that are collected, if any are."""
    noted = _noted.get()
    if noted is not None:
        noted.append(penalty)


__all__ = ["activity", "masks_of", "note_penalty", "set_masks"]
