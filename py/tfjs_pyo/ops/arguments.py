"""Arguments of functions that are made of ops: what stands for a tensor becomes one, others are what annotations say."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from tfjs_pyo.core.graph import Node
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, ShapeError
from tfjs_pyo.ops.creation import tensor
from tfjs_pyo.ops.declare import Symbolic
from tfjs_pyo.rules import Checks, explained

F = TypeVar("F", bound=Callable[..., Any])


def of_tensors(count: int = 1, rank: int = 0) -> Callable[[F], F]:
    """Returns a decorator for functions whose first parameters are tensors: lists, arrays and numbers do for them.

    Args:
        count: how many they are.
        rank: the least that each of them has.

    Example:
        >>> @of_tensors()
        ... def double(x, factor: int = 2): return x * factor
        >>> double([1, 2]).array_sync()
        [2.0, 4.0]
    """

    def decorate(function: F) -> F:
        owner = function.__name__
        signature = inspect.signature(function)
        names = list(signature.parameters)[:count]
        checks = Checks(owner, function, count)

        def taken(name: str, value: Any) -> Any:
            if value is None:
                raise ArgumentError(f"{owner}: expected `{name}` to be a tensor, received None.")
            if isinstance(value, (Symbolic, Node)):
                return value
            found = value if isinstance(value, Tensor) else tensor(value)
            if found.rank < rank:
                raise ShapeError(
                    f"{owner}: expected `{name}` to be a tensor of rank {rank} or more, received shape {found.shape}."
                )
            return found

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            args = (*map(taken, names, args[:count]), *args[count:])
            if kwargs:
                kwargs = {key: taken(key, value) if key in names else value for key, value in kwargs.items()}
            if kwargs or len(args) > count:
                args, kwargs = checks(args, kwargs)
            return function(*args, **kwargs)

        return explained(call, owner, signature)  # type: ignore[return-value]

    return decorate


__all__ = ["of_tensors"]
