"""Scopes of memory in TF.js's terms. Python's reference counting already frees what nobody holds; these are never required."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from tfjs_pyo.core import engine
from tfjs_pyo.core.tensor import Census, Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import ArgumentError

T = TypeVar("T")

_kept: set[int] = set()


def tidy(name_or_fn: str | Callable[[], T], fn: Callable[[], T] | None = None) -> T:
    """Runs a function and disposes every tensor made in it, but for what it returns or keeps.

    Args:
        name_or_fn: a name for the scope, or the function itself.
        fn: the function, if a name was given.

    Returns:
        What the function returns: a tensor, or tensors in lists, tuples and dicts.

    Raises:
        ArgumentError: the function is a coroutine function; its work would outlive the scope.

    Source: https://js.tensorflow.org/api/latest/#tidy
    """
    body = fn if fn is not None else name_or_fn
    if not callable(body):
        raise ArgumentError(f"tidy: expected a function without parameters, received {body!r}.")
    start_scope()
    try:
        result = body()
    except BaseException:
        Census.scopes.pop()
        raise
    if hasattr(result, "__await__"):
        Census.scopes.pop()
        raise ArgumentError("tidy: expected a function that returns at once, received a coroutine function.")
    end_scope(result)
    return result


def start_scope(name: str | None = None) -> None:  # noqa: ARG001 (TF.js's parameter, for people who read the code)
    """Opens a scope: `end_scope` disposes what is made from now on.

    Source: `tf.engine().startScope`, https://js.tensorflow.org/api/latest/#engine
    """
    Census.scopes.append([])


def end_scope(result: Any = None) -> None:
    """Closes the innermost scope and disposes the tensors made in it, but for those in `result` and those kept.

    Raises:
        ArgumentError: no scope is open.
    """
    if not Census.scopes:
        raise ArgumentError("end_scope: expected an open scope; call start_scope first.")
    made = Census.scopes.pop()
    survivors = {id(t) for t in tensors_in(result)}
    for tensor in made:
        if id(tensor) in survivors:
            if Census.scopes:
                Census.scopes[-1].append(tensor)
        elif tensor.id not in _kept and not isinstance(tensor, Variable):
            tensor.dispose()


def dispose_variables() -> None:
    """Disposes every variable there is, those of models and optimizers included.

    Source: https://js.tensorflow.org/api/latest/#disposeVariables
    """
    for variable in Variable.living():
        variable.dispose()


def keep(tensor: Tensor) -> Tensor:
    """Keeps a tensor alive beyond the `tidy` that it was made in; returns it.

    Source: https://js.tensorflow.org/api/latest/#keep
    """
    if Census.scopes:
        _kept.add(tensor.id)
    return tensor


def dispose(container: Any) -> None:
    """Disposes the tensors in a tensor, list, tuple or dict.

    Source: https://js.tensorflow.org/api/latest/#dispose
    """
    for tensor in tensors_in(container):
        tensor.dispose()


def tensors_in(container: Any) -> Iterable[Tensor]:
    """Yields the tensors in nested lists, tuples and dicts."""
    if isinstance(container, Tensor):
        yield container
    elif isinstance(container, dict):
        for value in container.values():
            yield from tensors_in(value)
    elif isinstance(container, (list, tuple, set)):
        for value in container:
            yield from tensors_in(value)


def memory() -> dict[str, Any]:
    """Returns what is alive, each kind counted apart.

    Returns:
        `numTensors`: live tensors and variables; `numBytes`: logical bytes of their values; `numDataBuffers`: buffers on
        the backend; `unreliable`: False. On WebGL also `numBytesInGPU` (textures of live buffers) and
        `numBytesInGPUFree` (textures waiting for reuse).

    Source: https://js.tensorflow.org/api/latest/#memory
    """
    backend = engine.open_backend()
    counts = backend.memory() if backend else {"numDataBuffers": 0}
    return {"numTensors": Census.tensors, "numBytes": Census.bytes, "unreliable": False, **counts}
