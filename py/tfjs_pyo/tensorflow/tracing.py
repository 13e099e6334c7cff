"""`tf.function`: a function that is recorded for each form of its arguments, and replayed without running its code."""

from __future__ import annotations

import functools
import inspect
import weakref
from collections.abc import Callable, Mapping
from typing import Any

from tfjs_pyo import nests, ops
from tfjs_pyo.core import context, engine, rng
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.trace import Step, Trace
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import TfError, TraceError

MOST = 32
"""Forms of arguments whose recordings are kept."""


class _Recorded:
    """A recording: its step, and the structure of what it returns with slots for tensors."""

    def __init__(self, step: Step, result: Any) -> None:
        self.step = step
        self.result = result


class _Bound(dict[int, Any]):
    """The methods of an object that are recorded, by the function; copies and pickles of the object begin without."""

    def __deepcopy__(self, memo: dict[int, Any]) -> _Bound:
        return _Bound()

    def __reduce__(self) -> Any:
        return (_Bound, ())


def _method(function: Callable[..., Any], owner: weakref.ref[Any]) -> Callable[..., Any]:
    """Returns a method of an object that it does not keep alive."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        return function(owner(), *args, **kwargs)

    parameters = list(inspect.signature(function).parameters.values())[1:]
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return call


class Function:
    """A function that is recorded when it is first called with arguments of a form, and replayed from then on.

    As in TensorFlow, what it does besides computing with tensors, such as printing, happens in the recording only. Where it reads
    values, which a recording does not have, it runs as it is written.

    Args:
        function: to be recorded.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        functools.update_wrapper(self, function)
        self.python_function = function
        self._known: dict[Any, _Recorded | None] = {}

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        bound: _Bound = vars(instance).setdefault("_traced_functions", _Bound())
        if id(self) not in bound:
            bound[id(self)] = Function(_method(self.python_function, weakref.ref(instance)))
        return bound[id(self)]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if context.is_recorded():
            return self.python_function(*args, **kwargs)
        given = nests.mapped(_as_tensor, (args, kwargs))
        structure, tensors = nests.take(
            given, lambda value: isinstance(value, Tensor) and not isinstance(value, Variable)
        )
        key = (_form(structure), tuple((tensor.shape, tensor.dtype) for tensor in tensors))
        with engine.exclusive:
            if key not in self._known:
                self._known[key] = self._recorded(structure, tensors)
                while len(self._known) > MOST:
                    del self._known[next(iter(self._known))]
            recorded = self._known[key]
        if recorded is None:
            return self.python_function(*given[0], **given[1])
        outputs = recorded.step.run(tensors, {"rng": rng.reserve(1)})
        return nests.fill(recorded.result, outputs)

    def _recorded(self, structure: Any, tensors: list[Tensor]) -> _Recorded | None:
        """Returns a recording; None where the function reads values or strings, which is no matter of tensors alone."""
        if any(tensor.dtype == "string" for tensor in tensors):
            return None
        try:
            before = {variable.id for variable in Variable.living()}
            recorded = self._record(structure, tensors)
            made = any(variable.id not in before for variable in Variable.living())
            return self._record(structure, tensors) if made else recorded
        except TraceError:
            return None

    def _record(self, structure: Any, tensors: list[Tensor]) -> _Recorded:
        with Trace() as trace:
            trace.counter("rng")
            fed = [trace.input(tensor.shape, tensor.dtype) for tensor in tensors]
            args, kwargs = nests.fill(structure, fed)
            found = self.python_function(*args, **kwargs)
            result, outputs = nests.take(found, lambda value: isinstance(value, Tensor))
            values = [ops.clone(value) for value in outputs]
        return _Recorded(trace.compile(values), result)


def _as_tensor(value: Any) -> Any:
    """Returns arrays as tensors; everything else as it is."""
    if isinstance(value, Tensor) or not hasattr(type(value), "__array__"):
        return value
    try:
        return ops.tensor(value)
    except TfError:
        return value


def _form(structure: Any) -> Any:
    """Returns what of arguments is no tensor, so that it can be compared; objects by their identity, and kept alive."""
    if isinstance(structure, nests.Slot):
        return ("slot", structure.number)
    if isinstance(structure, Mapping):
        return ("dict", tuple((key, _form(item)) for key, item in structure.items()))
    if isinstance(structure, (list, tuple)):
        return (type(structure).__name__, tuple(map(_form, structure)))
    try:
        hash(structure)
    except TypeError:
        return ("object", id(structure))
    return structure


def function(func: Callable[..., Any] | None = None, **_options: Any) -> Any:
    """Returns a function that is recorded once for each form of its arguments, compiled, and replayed.

    Args:
        func: what is decorated; options of TensorFlow's, such as jit_compile, have no effect.

    Example:
        >>> @function
        ... def double(x): return 2 * x
        >>> @function(jit_compile=True)
        ... def triple(x): return 3 * x
        >>> double(1), triple(1)
        (2, 3)

    Source: https://www.tensorflow.org/api_docs/python/tf/function
    """
    return Function if func is None else Function(func)


__all__ = ["Function", "function"]
