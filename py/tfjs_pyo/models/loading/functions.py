"""Functions of TensorFlow in graphs of Keras 2: `x * 2` or `tf.concat([x, y], 1)`, which Keras saves as layers of a kind.

Here they are ops on symbolic tensors, which become layers of their own. What they compute of shapes is computed at once, with
`UNKNOWN` for the number of samples.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tfjs_pyo import naming, nests
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import FormatError, TfError
from tfjs_pyo.layers.operations import Operation
from tfjs_pyo.layers.symbols import SymbolicTensor
from tfjs_pyo.models.loading.configs import shown
from tfjs_pyo.tensorflow_names import tables
from tfjs_pyo.tensorflow_names.bridge import Op, spelled

CLASSES = ("TFOpLambda", "SlicingOpLambda")
"""What Keras 2 calls functions among layers."""


class _Unknown:
    """The length of an axis that only the data tell."""

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN = _Unknown()
_TOP = {**tables.TOP, "floor_div": tables.TOP["floordiv"], "floor_mod": tables.TOP["floormod"]}
_SPACES: dict[str, Mapping[str, Any]] = {
    "": _TOP,
    "math": tables.MATH,
    "nn": tables.NN,
    "linalg": tables.LINALG,
    "image": tables.IMAGE,
    "random": tables.RANDOM,
    "__operators__": {"add": _TOP["add"], "eq": _TOP["equal"], "ne": _TOP["not_equal"]},
}
_OF_LENGTHS: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul, "floordiv": operator.floordiv,
    "floor_div": operator.floordiv, "floormod": operator.mod, "floor_mod": operator.mod, "maximum": max, "minimum": min,
}  # fmt: skip
"""What functions of two numbers mean for lengths of axes, which stay whole numbers."""


class Function:
    """A function in the place of a layer.

    Args:
        name: of the layer.
        function: TensorFlow's name, such as 'math.multiply'.
        where: for errors.

    Raises:
        FormatError: there is no such function here.
    """

    def __init__(self, name: str, function: Any, where: str) -> None:
        self.name = name
        self.where = where
        self._called = False
        self._shape = function in ("shape", "compat.v1.shape")
        self._of_lengths = _OF_LENGTHS.get(str(function).rpartition(".")[2])
        self._target = self._found(function)

    def _found(self, function: Any) -> Callable[..., Any]:
        if not isinstance(function, str):
            raise FormatError(
                f"{self.where}: expected 'function' to be a name of TensorFlow's, received {shown(function)}."
            )
        name = function.removeprefix("compat.v1.")
        space, _, last = name.rpartition(".")
        target: Any = _SPECIAL.get(name) or _SPACES.get(space, {}).get(last)
        if target is None:
            names = [f"{space}.{last}".lstrip(".") for space, known in _SPACES.items() for last in known]
            raise FormatError(
                f"{self.where}: the function tf.{name[:80]} is not known here.{naming.suggestions(name, names, str)} Make the "
                "model with layers in its place."
            )
        return spelled(name, target) if isinstance(target, Op) else target

    def apply(self, inputs: Sequence[Any], options: Mapping[str, Any]) -> list[Any]:
        """Returns what the function gives, each tensor by itself: symbolic tensors, or numbers and lists of shapes."""
        given = list(nests.leaves([list(inputs), dict(options)]))
        symbols = [each for each in given if isinstance(each, SymbolicTensor)]
        if self._shape:
            return [[UNKNOWN if dim is None else dim for dim in inputs[0].shape]]
        if any(each is UNKNOWN for each in given) and self._target not in _OF_SHAPES:
            if not symbols:
                return [UNKNOWN]
            raise FormatError(
                f"{self.where}: it needs the number of samples, which is not known before there is data."
            )
        numbers = [*inputs, *(item for key, item in options.items() if key == "y")]
        if self._of_lengths is not None and len(numbers) == 2 and all(type(each) is int for each in numbers):
            return [_bounded(self._of_lengths(*numbers), self.where)]
        try:
            result = self._target(*inputs, **options)
        except TfError as error:
            error.args = (f"{self.where}: {error}",)
            raise
        if not symbols:
            return [result.tolist() if isinstance(result, Tensor) else result]
        made = list(nests.leaves(result))
        self._name(made, symbols)
        return made

    def _name(self, made: Sequence[Any], given: Sequence[SymbolicTensor]) -> None:
        """Names the layer that was made as the file does, where it was made for the first call."""
        layer = made[0].layer if made and isinstance(made[0], SymbolicTensor) else None
        is_new = all(each.layer is not layer for each in given)
        if isinstance(layer, Operation) and is_new and not self._called:
            layer.name = self.name
        self._called = True


def _bounded(length: int, where: str) -> int:
    if abs(length) >= 2**31:
        raise FormatError(
            f"{where}: expected lengths of axes below 2^31, received one of {length.bit_length()} bits."
        )
    return length


def _item(x: Any, slice_spec: Any) -> Any:
    parts = [_index(part) for part in (slice_spec if isinstance(slice_spec, (list, tuple)) else [slice_spec])]
    if isinstance(x, (list, tuple)):
        return x[parts[0]]
    return x[tuple(parts)]


_SLICE = ("start", "stop", "step")


def _index(part: Any) -> Any:
    """Returns a part of an index: a number, a slice, a new axis, the dots."""
    if isinstance(part, Mapping) and part.get("class_name") == "__ellipsis__":
        return ...
    is_slice = isinstance(part, Mapping) and set(part) <= set(_SLICE)
    numbers = [part.get(key) for key in _SLICE] if is_slice else [part]
    if not all(number is None or type(number) is int for number in numbers):
        raise FormatError(f"expected an index of numbers and slices of numbers, received {shown(part)}.")
    return slice(*numbers) if is_slice else part


def _reshaped(tensor: Any, shape: Any, name: str | None = None) -> Any:  # noqa: ARG001 (TensorFlow's parameter)
    dims = [-1 if dim is UNKNOWN else dim for dim in shape]
    return spelled("reshape", tables.TOP["reshape"])(tensor, dims)


def _stacked(values: Sequence[Any], axis: int = 0, name: str | None = None) -> Any:  # noqa: ARG001
    if not any(isinstance(each, (SymbolicTensor, Tensor)) for each in values):
        return list(values)
    return spelled("stack", tables.TOP["stack"])(values, axis)


def _joined(values: Sequence[Any], axis: int, name: str | None = None) -> Any:  # noqa: ARG001
    if not any(isinstance(each, (SymbolicTensor, Tensor)) for each in values):
        return [item for each in values for item in each]
    return spelled("concat", tables.TOP["concat"])(values, axis)


_SPECIAL = {"__operators__.getitem": _item, "reshape": _reshaped, "stack": _stacked, "concat": _joined}
_OF_SHAPES = tuple(_SPECIAL.values())
"""Those that take lists of lengths as well."""

__all__ = ["CLASSES", "Function"]
