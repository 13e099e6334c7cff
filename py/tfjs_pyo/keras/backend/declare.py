"""How the functions `K.*` of Keras 2 are declared: with their own parameters, over `keras.ops`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tfjs_pyo.keras import ops
from tfjs_pyo.keras.ops.declare import signature_of

FUNCTIONS: dict[str, Callable[..., Any]] = {}
"""The functions by their names."""


def old(function: Callable[..., Any]) -> Callable[..., Any]:
    """Enters a function under its name."""
    FUNCTIONS[function.__name__.rstrip("_")] = function
    return function


def same(signature: str, names: str) -> None:
    """Enters functions of `keras.ops` that take the same arguments in the same order, under other names of parameters.

    Args:
        signature: the parameters of Keras 2.
        names: of the functions; `pow=power` where it has another one in `keras.ops`.
    """
    for each in names.split():
        name, _, other = each.partition("=")
        FUNCTIONS[name] = _with_signature(name, signature, getattr(ops, other or name))


def _with_signature(name: str, signature: str, function: Callable[..., Any]) -> Callable[..., Any]:
    parameters = signature_of(signature)

    def call(*args: Any, **kwargs: Any) -> Any:
        bound = parameters.bind(*args, **kwargs)
        bound.apply_defaults()
        return function(*bound.args)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = function.__doc__
    vars(call)["__signature__"] = parameters
    return call


__all__ = ["FUNCTIONS", "old", "same"]
