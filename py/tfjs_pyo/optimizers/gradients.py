"""Gradients as optimizers are given them, and not larger than an optimizer's options allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.options import shown

Gradients = (
    Mapping[str, Tensor | None] | Iterable[tuple[Tensor | None, Variable]] | Iterable[Mapping[str, Any]]
)
"""Gradients as they are given to an optimizer: by names of variables, or with them."""


def clipped(optimizer: Any, gradients: Sequence[Tensor]) -> list[Tensor]:
    """Returns gradients after clipping, if an option of the optimizer asks for it."""
    if optimizer.clip_value is not None:
        return [ops.clip_by_value(g, -optimizer.clip_value, optimizer.clip_value) for g in gradients]
    if optimizer.clip_norm is not None:
        return [_scaled(g, ops.sum(ops.square(g)), optimizer.clip_norm) for g in gradients]
    if optimizer.global_clip_norm is not None:
        squares = ops.add_n([ops.sum(ops.square(g)) for g in gradients])
        return [_scaled(g, squares, optimizer.global_clip_norm) for g in gradients]
    return list(gradients)


def _scaled(gradient: Tensor, squares: Tensor, largest: float) -> Tensor:
    """Returns a gradient scaled so that the norm whose square is given is at most `largest`."""
    return gradient * (largest / ops.maximum(ops.sqrt(squares), largest))


def _pair(owner: str, entry: Any) -> tuple[Tensor | None, Variable]:
    """Returns a gradient and its variable.

    Raises:
        ArgumentError: it is no such pair.
    """
    if not isinstance(entry, (list, tuple)) or len(entry) != 2 or not isinstance(entry[1], Variable):
        raise ArgumentError(f"{owner}: expected pairs of a gradient and a variable, received {shown(entry)}.")
    gradient, variable = entry
    if gradient is None or isinstance(gradient, Tensor):
        return gradient, variable
    return Variable.made_of(gradient, variable.dtype), variable


def pairs_of(
    owner: str, gradients: Gradients, variables: Sequence[Variable] | None
) -> list[tuple[Tensor | None, Variable]]:
    """Returns each gradient with its variable, whichever way they were given."""
    named: list[tuple[str, Tensor | None]]
    if isinstance(gradients, Mapping):
        named = list(gradients.items())
    else:
        given: Any = gradients
        if not isinstance(given, Iterable) or isinstance(given, Tensor):
            raise ArgumentError(
                f"{owner}: expected pairs of a gradient and a variable, received {shown(gradients)}."
            )
        listed: list[Any] = list(given)
        if not all(isinstance(entry, Mapping) for entry in listed):
            return [_pair(owner, entry) for entry in listed]
        named = [(entry["name"], entry["tensor"]) for entry in listed]
    own = {variable.unique_name: variable for variable in variables or ()}
    found = [(gradient, own[name] if name in own else Variable.named(name)) for name, gradient in named]
    missing = [name for (name, _), (_, variable) in zip(named, found, strict=True) if variable is None]
    if missing:
        raise ArgumentError(f"{owner}: expected gradients by names of variables, received {missing}.")
    return [(gradient, variable) for gradient, variable in found if variable is not None]


__all__ = ["Gradients", "clipped", "pairs_of"]
