"""Scopes of memory in TF.js's terms. Python's reference counting already frees what nobody holds; these are never required."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from weakref import ref

from tfjs_pyo import naming
from tfjs_pyo.core import context, engine
from tfjs_pyo.core.tensor import Tensor, alive
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.options import shown

T = TypeVar("T")


class Scope:
    """A scope of memory: the tensors made in it, while it is open. What nothing else refers to is freed before its end."""

    def __init__(self) -> None:
        self._tensors: list[ref[Tensor]] = []
        self.is_open = True

    def add(self, tensor: Tensor) -> None:
        """Makes a tensor one of the scope."""
        self._tensors.append(ref(tensor))

    def living(self) -> list[Tensor]:
        """Returns the tensors that there still are."""
        return [tensor for found in self._tensors if (tensor := found()) is not None]


@naming.spelled
def tidy(name_or_fn: str | Callable[[], T], fn: Callable[[], T] | None = None) -> T:
    """Runs a function and disposes every tensor made in it, but for what it returns or keeps.

    Args:
        name_or_fn: a name for the scope, or the function itself.
        fn: the function, if a name was given.

    Returns:
        What the function returns: a tensor, or tensors in lists, tuples and dicts.

    Raises:
        ArgumentError: the function is a coroutine function; its work would outlive the scope.

    Example:
        >>> import tfjs_pyo as tf
        >>> before = tf.memory()["numTensors"]
        >>> total = tf.tidy(lambda: tf.tensor([1.0, 2.0]).square().sum())
        >>> tf.memory()["numTensors"] - before
        1

    Source: https://js.tensorflow.org/api/latest/#tidy
    """
    body = fn if fn is not None else name_or_fn
    if not callable(body):
        raise ArgumentError(f"tidy: expected a function without parameters, received {body!r}.")
    scope = _start()
    try:
        result = body()
    except BaseException:
        _close(scope)
        raise
    if hasattr(result, "__await__"):
        _close(scope)
        raise ArgumentError("tidy: expected a function that returns at once, received a coroutine function.")
    _end(scope, result)
    return result


def _start() -> Scope:
    scope = Scope()
    context.enter("scopes", scope)
    return scope


def _close(scope: Scope) -> None:
    scope.is_open = False
    context.leave("scopes", scope)


def _end(scope: Scope, result: Any) -> None:
    _close(scope)
    outer = _innermost()
    survivors = {id(t) for t in tensors_in(result)}
    for tensor in scope.living():
        if id(tensor) in survivors:
            if outer is not None:
                outer.add(tensor)
        elif not tensor.is_kept and not isinstance(tensor, Variable):
            tensor.dispose()


def _innermost() -> Scope | None:
    """Returns the innermost open scope where the code runs now; a task may outlive those that it inherited."""
    return next((scope for scope in reversed(context.current().scopes) if scope.is_open), None)


def start_scope(name: str | None = None) -> None:  # noqa: ARG001 (TF.js's parameter, for people who read the code)
    """Opens a scope of this task: `end_scope` disposes what it and the tasks that it starts make from now on.

    Source: `tf.engine().startScope`, https://js.tensorflow.org/api/latest/#engine
    """
    _start()


def end_scope(result: Any = None) -> None:
    """Closes the innermost scope and disposes the tensors made in it, but for those in `result` and those kept.

    Raises:
        ArgumentError: no scope is open.
    """
    scope = _innermost()
    if scope is None:
        raise ArgumentError("end_scope: expected an open scope; call start_scope first.")
    _end(scope, result)


def dispose_variables() -> None:
    """Disposes every variable there is, those of models and optimizers included.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.disposeVariables()  # doctest: +SKIP

    Source: https://js.tensorflow.org/api/latest/#disposeVariables
    """
    Variable.dispose_all(Variable.living())


def keep(tensor: Tensor) -> Tensor:
    """Keeps a tensor alive beyond the `tidy` that it was made in.

    Args:
        tensor: any tensor; `dispose` still disposes it.

    Returns:
        The same tensor.

    Raises:
        ArgumentError: it is no tensor.

    Example:
        >>> import tfjs_pyo as tf
        >>> kept = []
        >>> tf.tidy(lambda: kept.append(tf.keep(tf.tensor([1, 2]))))
        >>> kept[0]
        Tensor
            [1, 2]

    Source: https://js.tensorflow.org/api/latest/#keep
    """
    if not isinstance(tensor, Tensor):
        raise ArgumentError(f"keep: expected a tensor, received {shown(tensor)}.")
    tensor.is_kept = True
    return tensor


def dispose(container: Any) -> None:
    """Disposes the tensors in a tensor, list, tuple or dict.

    Args:
        container: a tensor, or tensors in nested lists, tuples and dicts; other values in them are ignored.

    Raises:
        ArgumentError: a variable among them is in use by a training run.

    Example:
        >>> import tfjs_pyo as tf
        >>> x = tf.tensor([1, 2])
        >>> tf.dispose({"inputs": [x]})
        >>> x.isDisposed
        True

    Source: https://js.tensorflow.org/api/latest/#dispose
    """
    tensors = list(tensors_in(container))
    for tensor in tensors:
        if isinstance(tensor, Variable):
            tensor.check_disposable()
    for tensor in tensors:
        tensor.dispose()


def tensors_in(container: Any) -> Iterable[Tensor]:
    """Yields the tensors in nested lists, tuples and dicts; each of these is looked into once."""
    open_ended: list[Any] = [container]
    seen: set[int] = set()
    while open_ended:
        found = open_ended.pop()
        if isinstance(found, Tensor):
            yield found
        elif isinstance(found, (dict, list, tuple, set)) and id(found) not in seen:
            seen.add(id(found))
            open_ended += reversed([*(found.values() if isinstance(found, dict) else found)])


def memory() -> dict[str, Any]:
    """Returns what is alive, each kind counted apart.

    Returns:
        `numTensors`: live tensors and variables; `numBytes`: logical bytes of their values; `numDataBuffers`: buffers on
        the backend; `unreliable`: False. On WebGL also `numBytesInGPU` (textures of live buffers) and
        `numBytesInGPUFree` (textures waiting for reuse), `numBytesOnProcessor` (values of small graphs).

    Example:
        >>> import tfjs_pyo as tf
        >>> before = tf.memory()["numTensors"]
        >>> x = tf.tensor([1, 2, 3])
        >>> tf.memory()["numTensors"] - before
        1

    Source: https://js.tensorflow.org/api/latest/#memory
    """
    backend = engine.current_backend_or_none()
    counts = backend.memory() if backend else {"numDataBuffers": 0}
    return {"numTensors": alive.tensors, "numBytes": alive.bytes, "unreliable": False, **counts}
