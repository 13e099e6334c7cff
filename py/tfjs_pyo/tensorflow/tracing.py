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
from tfjs_pyo.dtype_names import STORED_AS
from tfjs_pyo.errors import ArgumentError, TfError, TraceError

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

    As in TensorFlow, what it does besides computing with tensors, such as printing, happens in the recording only, and numbers of
    Python that it reads (closures, globals, attributes) keep the values of then; give it what changes as an argument, or in a
    Variable. Where it reads values of tensors, which a recording does not have, it runs as it is written.

    Args:
        function: to be recorded.
    """

    def __init__(self, function: Callable[..., Any], input_signature: Any = None) -> None:
        functools.update_wrapper(self, function)
        self.python_function = function
        self.input_signature = None if input_signature is None else tuple(input_signature)
        self._known: dict[Any, _Recorded | None] = {}

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        bound: _Bound = vars(instance).setdefault("_traced_functions", _Bound())
        if id(self) not in bound:
            method = _method(self.python_function, weakref.ref(instance))
            bound[id(self)] = Function(method, self.input_signature)
        return bound[id(self)]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.input_signature is not None:
            args, kwargs = self._fitted(args, kwargs), {}
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

    def _fitted(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Any, ...]:
        """Returns arguments as tensors of the shapes and dtypes that the signature says.

        Raises:
            ArgumentError: others, or more or fewer of them.
        """
        signature = self.input_signature or ()
        name = getattr(self.python_function, "__name__", "function")
        try:
            bound = inspect.signature(self.python_function).bind(*args, **kwargs)
        except TypeError as error:
            raise ArgumentError(f"tf.function {name}: {error}.") from None
        given = tuple(bound.arguments.values())
        if len(given) == 1 and isinstance(given[0], tuple) and len(signature) != 1:
            given = given[0]
        if len(given) != len(signature):
            raise ArgumentError(
                f"tf.function {name}: expected {len(signature)} arguments as input_signature says, received {len(given)}."
            )
        return tuple(_as_spec(name, value, spec) for value, spec in zip(given, signature, strict=True))

    def get_concrete_function(self, *_args: Any, **_kwargs: Any) -> Function:
        """Returns this function: it is recorded for each form of its arguments by itself."""
        return self

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


def _as_spec(name: str, value: Any, spec: Any) -> Any:
    """Returns a value as a tensor of a spec, or the parts of a structure likewise."""
    if isinstance(spec, Mapping):
        return {key: _as_spec(name, value[key], each) for key, each in spec.items()}
    if isinstance(spec, (list, tuple)):
        return type(spec)(_as_spec(name, part, each) for part, each in zip(value, spec, strict=True))
    wanted = STORED_AS.get(str(spec.dtype), str(spec.dtype))
    tensor = value if isinstance(value, Tensor) else ops.tensor(value)
    if not isinstance(value, Tensor) and wanted not in (tensor.dtype, "string"):
        tensor = ops.cast(tensor, wanted)
    sizes = (
        None if spec.shape is None else (spec.shape,) if isinstance(spec.shape, int) else tuple(spec.shape)
    )
    fits = sizes is None or (
        len(sizes) == len(tensor.shape)
        and all(want in (None, size) for want, size in zip(sizes, tensor.shape, strict=True))
    )
    if not fits or tensor.dtype != wanted:
        raise ArgumentError(
            f"tf.function {name}: expected shape {sizes} and {spec.dtype}, as input_signature says, received shape "
            f"{tensor.shape} and {tensor.dtype}."
        )
    return tensor


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


def function(func: Callable[..., Any] | None = None, input_signature: Any = None, **_options: Any) -> Any:
    """Returns a function that is recorded once for each form of its arguments, compiled, and replayed.

    Args:
        func: what is decorated; further options of TensorFlow's, such as jit_compile, have no effect.
        input_signature: a TensorSpec for each argument; others are refused.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> @tf.function
        ... def squares(x):
        ...     print("recorded")
        ...     return x ** 2
        >>> squares(tf.constant([1, 2])).tolist(), squares(tf.constant([3, 4])).tolist()
        recorded
        ([1, 4], [9, 16])

    Source: https://www.tensorflow.org/api_docs/python/tf/function
    """
    if func is None:
        return functools.partial(Function, input_signature=input_signature)
    return Function(func, input_signature)


__all__ = ["Function", "function"]
