"""Ops on symbolic tensors: `x + y`, `x[:, 0]`, `tf.exp(x)` become layers, made of the declarations of the ops, that are saved."""

from __future__ import annotations

import base64
import math
from array import array
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from tfjs_pyo import nests, ops
from tfjs_pyo.config import field
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import ArgumentError, FormatError
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.layers.symbols import SymbolicTensor
from tfjs_pyo.ops.declare import public_function
from tfjs_pyo.types import Result

_CODES = {"float32": "f", "int32": "i", "bool": "b"}


class Operation(Layer):
    """An op as a layer; made where an op is called with symbolic tensors.

    Args:
        op: its name; default: that which changes nothing.
        arguments: `{'args': [...], 'kwargs': {...}}` as JSON, with `{'input': i}` for each symbolic tensor.

    Raises:
        FormatError: there is no such op.

    Example:
        >>> import tfjs_pyo as tf
        >>> x = tf.input({"shape": [3]})
        >>> model = tf.model({"inputs": x, "outputs": tf.exp(x[:, 0]) * 2})
        >>> float(model.predict(tf.zeros([1, 3]))[0])
        2.0
    """

    _several_inputs = True
    op: str = field("clone")
    arguments: Any = field(MappingProxyType({"args": [{"input": 0}], "kwargs": {}}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._structure: Any = None
        self._adopted: list[Variable] = []
        super().__init__(*args, **kwargs)
        self._function()
        if not isinstance(self.arguments, Mapping) or set(self.arguments) != {"args", "kwargs"}:
            raise FormatError(f"{self.display_name}: expected arguments with 'args' and 'kwargs'.")
        self.arguments = dict(self.arguments)
        self._shapes_by_calling = True

    def _function(self) -> Callable[..., Any]:
        """Returns the op."""
        found = public_function(str(self.op))
        if found is None:
            raise FormatError(f"{self.display_name}: there is no op {str(self.op)[:80]!r}.")
        return found

    def _name_prefix(self) -> str:
        op = str(vars(self).get("op")).rpartition(".")[2]
        return f"op_{op}_" if op.isidentifier() else super()._name_prefix()

    def _adopt(self, variables: Sequence[Variable]) -> None:
        """Takes variables among the arguments as weights of the layer."""
        self._adopted = list(variables)
        for variable in variables:
            vars(variable)["operations"] = vars(variable).get("operations", 0) + 1

    def _require_variables_of_its_own(self) -> None:
        """Raises ArgumentError where another op has one of the variables, too: loaded, they would be two."""
        shared = [
            variable.original_name for variable in self._adopted if vars(variable).get("operations", 1) > 1
        ]
        if shared:
            raise ArgumentError(
                f"{self.display_name}: save: the variable {shared[0]!r} is an argument of several ops. Make a layer of your own "
                "that has it as a weight (addWeight), and use it in its call."
            )

    def build(self, input_shape: Any) -> None:  # noqa: ARG002 (weights do not depend on it)
        for variable in self._adopted:
            (self._own if variable.trainable else self._fixed).append(variable)
        for spec in [] if self._adopted else _weights(self.arguments):
            self._adopted.append(
                self.add_weight(
                    spec["name"], spec["shape"], spec["dtype"], "zeros", trainable=spec["trainable"]
                )
            )

    def call(self, inputs: Any) -> Result:
        given = inputs if isinstance(inputs, (list, tuple)) else [inputs]
        args = _decoded(self.arguments["args"], given, self._adopted)
        kwargs = {key: _decoded(item, given, self._adopted) for key, item in self.arguments["kwargs"].items()}
        result = self._function()(*args, **kwargs)
        outputs: list[Tensor] = []
        self._structure = _structure(result, outputs)
        return outputs[0] if isinstance(self._structure, int) else outputs


def apply_op(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Returns what an op gives for symbolic tensors: symbolic tensors, in the same lists, tuples and dicts.

    Args:
        name: of the op.
        args, kwargs: what it was called with.

    Raises:
        ArgumentError: something among them that cannot be saved.
    """
    writer = _Writer(name)
    arguments = {
        "args": [writer.encoded(item) for item in args],
        "kwargs": {key: writer.encoded(item) for key, item in kwargs.items()},
    }
    layer = Operation(op=name, arguments=arguments)
    layer._adopt(writer.variables)
    symbols = writer.symbols
    outputs = layer.apply(symbols if len(symbols) > 1 else symbols[0])
    return _filled(layer._structure, outputs if isinstance(outputs, list) else [outputs])


class _Writer:
    """Turns arguments into JSON; notes symbolic tensors and variables among them."""

    def __init__(self, op: str) -> None:
        self.op = op
        self.symbols: list[SymbolicTensor] = []
        self.variables: list[Variable] = []

    def encoded(self, value: Any) -> Any:
        """Returns a value as JSON."""
        nests.require_end(value)
        if isinstance(value, SymbolicTensor):
            return {"input": _place(self.symbols, value)}
        if isinstance(value, Variable):
            spec = {"name": value.original_name, "shape": list(value.shape), "dtype": value.dtype}
            return {"weight": _place(self.variables, value), **spec, "trainable": value.trainable}
        if value is None or isinstance(value, (bool, str)):
            return value
        if isinstance(value, float) and not math.isfinite(value):
            return {"float": str(value)}
        if type(value) in (int, float):
            return value
        if isinstance(value, slice):
            return {"slice": [self.encoded(part) for part in (value.start, value.stop, value.step)]}
        if value is Ellipsis:
            return {"ellipsis": True}
        if isinstance(value, tuple):
            return {"tuple": [self.encoded(item) for item in value]}
        if isinstance(value, (list, range)):
            return [self.encoded(item) for item in value]
        if isinstance(value, Mapping):
            return {"dict": {str(key): self.encoded(item) for key, item in value.items()}}
        return self._constant(value)

    def _constant(self, value: Any) -> Any:
        """Returns the elements of a tensor, or of what becomes one, such as an array."""
        if callable(value) and not isinstance(value, Tensor):
            raise ArgumentError(f"{self.op}: a function cannot be saved; use a Lambda layer for code.")
        tensor = value if isinstance(value, Tensor) else ops.tensor(value)
        if tensor.dtype == "string":
            return {"tensor": list(tensor.data_sync()), "shape": list(tensor.shape), "dtype": "string"}
        if tensor.dtype not in _CODES:
            raise ArgumentError(
                f"{self.op}: a constant of dtype {tensor.dtype} cannot be saved beside symbolic tensors."
            )
        content = base64.b64encode(array(_CODES[tensor.dtype], tensor.data_sync()).tobytes()).decode()
        return {"tensor": content, "shape": list(tensor.shape), "dtype": tensor.dtype}


def _place(items: list[Any], item: Any) -> int:
    """Returns the place of an item in a list, to which it is added unless it is there."""
    for place, other in enumerate(items):
        if other is item:
            return place
    items.append(item)
    return len(items) - 1


def _weights(value: Any) -> list[Mapping[str, Any]]:
    """Returns what JSON says of variables, in the order of their numbers."""
    found: dict[int, Mapping[str, Any]] = {}
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, Mapping):
            if "weight" in item:
                found[item["weight"]] = item
            stack += item.values()
        elif isinstance(item, list):
            stack += item
    return [found[number] for number in sorted(found)]


def _decoded(value: Any, inputs: Sequence[Any], variables: Sequence[Variable]) -> Any:
    """Returns the value that JSON stands for, with tensors in the places of inputs and weights."""
    if isinstance(value, (list, tuple)):
        return [_decoded(item, inputs, variables) for item in value]
    if not isinstance(value, Mapping):
        return value
    if "input" in value:
        return inputs[value["input"]]
    if "weight" in value:
        return variables[value["weight"]]
    if "float" in value:
        return float(value["float"])
    if "slice" in value:
        return slice(*_decoded(value["slice"], inputs, variables))
    if "ellipsis" in value:
        return ...
    if "tuple" in value:
        return tuple(_decoded(value["tuple"], inputs, variables))
    if "dict" in value:
        return {key: _decoded(item, inputs, variables) for key, item in value["dict"].items()}
    if "tensor" not in value:
        raise FormatError(f"expected an argument of an op, received {str(value)[:80]}.")
    if value["dtype"] == "string":
        return ops.tensor(value["tensor"], value["shape"], "string")
    elements = array(_CODES[value["dtype"]], base64.b64decode(value["tensor"]))
    return ops.tensor(elements.tolist(), value["shape"], value["dtype"])


def _structure(result: Any, outputs: list[Tensor]) -> Any:
    """Adds the tensors of a result to `outputs`; returns the result with their numbers in place of them."""
    if isinstance(result, Tensor):
        outputs.append(result)
        return len(outputs) - 1
    if isinstance(result, Mapping):
        return {key: _structure(item, outputs) for key, item in result.items()}
    if isinstance(result, tuple) and hasattr(result, "_fields"):
        return type(result)(*(_structure(item, outputs) for item in result))
    if isinstance(result, (list, tuple)):
        return type(result)(_structure(item, outputs) for item in result)
    raise ArgumentError(f"expected an op that gives tensors, received {type(result).__name__}.")


def _filled(structure: Any, symbols: Sequence[SymbolicTensor]) -> Any:
    if isinstance(structure, int):
        return symbols[structure]
    if isinstance(structure, Mapping):
        return {key: _filled(item, symbols) for key, item in structure.items()}
    items = [_filled(item, symbols) for item in structure]
    return type(structure)(*items) if hasattr(structure, "_fields") else type(structure)(items)


SymbolicTensor.apply_op = staticmethod(apply_op)

__all__ = ["Operation", "apply_op"]
