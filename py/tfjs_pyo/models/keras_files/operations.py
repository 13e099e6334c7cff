"""Ops on symbolic tensors in the form of Keras 3's files: as objects of its classes, where it has one for them."""

from __future__ import annotations

import base64
import inspect
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.layers.operations import Operation
from tfjs_pyo.models.keras_files.op_classes import OpClass, classes_of_functions, op_classes
from tfjs_pyo.ops.declare import public_function

Config = dict[str, Any]

_PREFIX = "keras.ops."
_SAME = {
    "mul": "multiply", "sub": "subtract", "true_div": "truedivide", "floor_div": "floordivide", "pow": "power", "neg": "negative",
    "mat_mul": "matmul", "clone": "copy",
    **{name: name.replace("_", "") for name in (
        "abs", "add", "mod", "less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "logical_and", "logical_or",
        "logical_not", "logical_xor", "get_item", "exp", "expm1", "log", "log1p", "sqrt", "rsqrt", "square", "sin", "cos", "tan",
        "asin", "sinh", "cosh", "tanh", "sigmoid", "relu", "relu6", "elu", "selu", "floor", "ceil", "round", "sign", "maximum",
        "minimum", "reciprocal", "softplus", "erf",
    )},
}  # fmt: skip
"""Ops of TensorFlow.js whose first arguments are those of a function of Keras; by folded names."""
_CODES = {"float32": "f", "int32": "i", "bool": "b"}


def keras_operation(layer: Operation, calls: Sequence[Sequence[Config]]) -> Config | None:
    """Returns an op as Keras 3 has it in a graph; None if it has no class for it, or its arguments are no JSON there.

    Args:
        layer: the op.
        calls: the tensors that each call is given, as JSON.
    """
    found = _class_of(layer.op)
    if found is None or layer._adopted:
        return None
    named = _named(layer, found)
    if named is None:
        return None
    config = {key: _told(value, ()) for key, value in named.items() if key in found.config}
    return {
        "module": found.module,
        "class_name": found.name,
        "config": {"name": layer.name, **config},
        "registered_name": found.name,
        "name": layer.name,
        "inbound_nodes": [{"args": _args(found, named, tensors), "kwargs": {}} for tensors in calls],
    }


def _class_of(op: str) -> OpClass | None:
    if op.startswith(_PREFIX):
        name = naming.fold(op.removeprefix(_PREFIX))
        return (
            op_classes()["ExtractPatches"] if name == "extractpatches3d" else classes_of_functions().get(name)
        )
    return classes_of_functions().get(_SAME.get(op, ""))


def _named(layer: Operation, found: OpClass) -> dict[str, Any] | None:
    """Returns the arguments of an op by Keras's names, as it keeps them; None where there are others."""
    args, kwargs = layer.arguments["args"], layer.arguments["kwargs"]
    if not layer.op.startswith(_PREFIX):
        given = {**dict(zip(found.call, args, strict=False)), **kwargs}
        return given if len(args) <= len(found.call) and set(given) <= set(found.call) else None
    function = public_function(layer.op)
    if function is None:
        return None
    signature = inspect.signature(function)
    bound = signature.bind(*args, **kwargs)
    bound.apply_defaults()
    kinds = {name: parameter.kind for name, parameter in signature.parameters.items()}
    given = {
        f"*{name}" if kinds[name] is inspect.Parameter.VAR_POSITIONAL else name: value
        for name, value in bound.arguments.items()
        if kinds[name] is not inspect.Parameter.VAR_KEYWORD
    }
    known = {*found.call, *found.config}
    usual = {name: parameter.default for name, parameter in signature.parameters.items()}
    if any(name not in known and value != usual.get(name) for name, value in given.items()):
        return None
    return {name: value for name, value in given.items() if name in known}


def _args(found: OpClass, named: Mapping[str, Any], tensors: Sequence[Config]) -> list[Any]:
    if found.call[:1] and found.call[0].startswith("*"):
        return [_told(value, tensors) for value in named[found.call[0]]]
    return [_told(named.get(name), tensors) for name in found.call]


def _told(value: Any, tensors: Sequence[Config]) -> Any:
    """Returns what an op keeps of an argument in Keras's form."""
    if isinstance(value, (list, tuple)):
        return [_told(item, tensors) for item in value]
    if not isinstance(value, Mapping):
        return value
    if "input" in value:
        return tensors[value["input"]]
    if "float" in value:
        return float(value["float"])
    if "slice" in value:
        parts = dict(zip(("start", "stop", "step"), _told(value["slice"], tensors), strict=True))
        return {"class_name": "__slice__", "config": parts}
    if "ellipsis" in value:
        return {"class_name": "__ellipsis__", "config": {}}
    if "tuple" in value:
        return _told(value["tuple"], tensors)
    if "dict" in value:
        return {key: _told(item, tensors) for key, item in value["dict"].items()}
    elements = array(_CODES[value["dtype"]], base64.b64decode(value["tensor"])).tolist()
    if value["dtype"] == "bool":
        elements = [bool(item) for item in elements]
    return {
        "class_name": "__tensor__",
        "config": {"value": _shaped(elements, value["shape"]), "dtype": value["dtype"]},
    }


def _shaped(elements: list[Any], shape: Sequence[int]) -> Any:
    """Returns elements as nested lists of a shape."""
    if not shape:
        return elements[0]
    for length in reversed(shape[1:]):
        elements = [elements[start : start + length] for start in range(0, len(elements), length or 1)]
    return elements


__all__ = ["keras_operation"]
