"""What layers expect of their inputs, and what else they are given when they are called."""

from __future__ import annotations

import inspect
from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tfjs_pyo import naming, nests, ops
from tfjs_pyo.config import Configurable, field, keras_field
from tfjs_pyo.config import shape as convert_shape
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtype_names import DTYPE_OPTION
from tfjs_pyo.errors import ArgumentError, ShapeError
from tfjs_pyo.layers.symbols import BatchShape, SymbolicTensor
from tfjs_pyo.shapes import batch_advice


class InputSpec(Configurable):
    """What a layer expects of an input: `layer.input_spec` is one, or a list of them, one for each input.

    Args:
        dtype: of the input.
        shape: with batch; None stands for any length.
        ndim, min_ndim, max_ndim: its rank, or bounds of it.
        axes: lengths of some axes, by their numbers (negative ones count from the end).

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.flatten()
        >>> layer.input_spec = tf.InputSpec({"minNDim": 3})
        >>> layer.input_spec.min_ndim
        3

    Source: https://js.tensorflow.org/api/latest/#class:InputSpec
    """

    _internal = ("check",)
    dtype: str | None = field(None, DTYPE_OPTION.convert)
    shape: BatchShape | None = field(None, convert_shape)
    ndim: int | None = field(None)
    max_ndim: int | None = field(None)
    min_ndim: int | None = field(None)
    axes: Any = field(None)
    allow_last_axis_squeeze: bool = keras_field(False)
    name: str | None = keras_field(None)
    optional: bool = keras_field(False)

    def check(self, owner: str, shape: BatchShape, dtype: str) -> None:
        """Raises ShapeError or ArgumentError unless an input of `owner` is as expected."""
        rank = len(shape)
        low = self.ndim if self.ndim is not None else self.min_ndim
        high = self.ndim if self.ndim is not None else self.max_ndim
        if (low is not None and rank < low) or (high is not None and rank > high):
            wanted = f"{low}" if low == high else f"from {low or 0} to {high if high is not None else 'any'}"
            raise ShapeError(
                f"{owner}: expected an input of rank {wanted}, received shape {tuple(shape)}.{batch_advice(shape, low or 0)}"
            )
        if self.dtype is not None and dtype != self.dtype:
            raise ArgumentError(f"{owner}: expected an input of dtype {self.dtype}, received {dtype}.")
        lengths = {int(axis): dim for axis, dim in (self.axes or {}).items()}
        if self.shape is not None:
            if len(self.shape) != rank:
                raise ShapeError(
                    f"{owner}: expected an input of shape {self.shape}, received {tuple(shape)}."
                )
            lengths.update(dict(enumerate(self.shape)))
        for axis, dim in lengths.items():
            if dim is not None and shape[axis] not in (None, dim):
                raise ShapeError(
                    f"{owner}: expected axis {axis} of the input to have length {dim}, received shape {tuple(shape)}."
                )


def named_arguments(
    owner: str, names: Sequence[str], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    """Returns what a layer is given besides its inputs by name: it may come by place, by name or as a dict.

    Args:
        owner: the layer, for errors.
        names: of what it takes, in the order of their places.
        args, kwargs: what came.

    Raises:
        ArgumentError: more than the layer takes, one of them twice, or a tensor for `training`.
    """
    args, kwargs = naming.with_config(owner, args, kwargs)
    if len(args) > len(names):
        further = f", and then {', '.join(map(repr, names))}" if names else " and nothing after them"
        raise ArgumentError(
            f"{owner}: expected the inputs{further}; received {len(args) + 1} arguments. Several inputs are one list: "
            "layer([x, y])."
        )
    found = dict(kwargs)
    for name, value in zip(names, args, strict=False):
        if naming.nearest_spelling(name, found) is not None:
            raise ArgumentError(f"{owner}: {naming.camel(name)!r} is given twice, by place and by name.")
        found[name] = value
    for name, value in found.items():
        if naming.fold(name) == "training" and isinstance(value, (Tensor, SymbolicTensor)):
            raise ArgumentError(
                f"{owner}: expected 'training' to be True or False, received a tensor. Several inputs are one list: "
                "layer([x, y])."
            )
    return found


def array_arguments(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Returns arguments with tensors in place of arrays, also in lists and dicts; lists of numbers stay lists."""

    def tensor(value: Any) -> Any:
        is_array = hasattr(type(value), "__array__") and not isinstance(value, (Tensor, SymbolicTensor))
        rank: Any = getattr(value, "ndim", 0)
        return ops.tensor(value) if is_array and rank else value

    return {name: nests.mapped(tensor, value) for name, value in arguments.items()}


def build_arguments(
    owner: str,
    build: Callable[..., Any],
    call: Callable[..., Any],
    input_shape: Any,
    further: Mapping[str, Any],
) -> list[Any]:
    """Returns what `build` is given: the shape of the inputs, or as in Keras 3 those that it names: `query_shape`, `value_shape`.

    Args:
        owner: the layer, for errors.
        build: of a layer.
        call: of the same layer; its first parameter names the inputs.
        input_shape: of the inputs.
        further: shapes of other arguments, by name; None where one is no tensor.

    Raises:
        ArgumentError: it asks for the shape of what is not given.
    """
    parameters = list(inspect.signature(build).parameters.values())
    if len(parameters) < 2 or any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return [input_shape]
    first = next(iter(inspect.signature(call).parameters), "inputs")
    shapes = {f"{first}_shape": input_shape}
    shapes |= {f"{name}_shape": shape for name, shape in further.items() if shape is not None}
    missing = [p.name for p in parameters if p.default is p.empty and p.name not in shapes]
    if missing:
        raise ArgumentError(
            f"{owner}: build asks for {missing[0]!r}; expected an argument {missing[0].removesuffix('_shape')!r} of call that is "
            f"a tensor, received {', '.join(shapes)}."
        )
    return [shapes.get(p.name, p.default) for p in parameters]


def dict_argument(parameters: Mapping[str, inspect.Parameter]) -> str | None:
    """Returns which parameter of a `call(inputs, kwargs)` in TensorFlow.js's spelling is given the other arguments as a dict."""
    others = list(parameters.values())[1:]
    if len(others) != 1 or others[0].kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD:
        return None
    name, needed = naming.fold(others[0].name), others[0].default is inspect.Parameter.empty
    return others[0].name if name in _DICTS or (needed and name in _SHORT_DICTS) else None


_DICTS = ("kwargs", "args", "options", "config", "opts", "params", "kw")
"""What the second parameter of `call(inputs, kwargs)` is called where it is a dict."""
_SHORT_DICTS = ("k", "o", "c", "_", "")
"""The same, where there is no default."""


def as_tensors(inputs: Any, listed: bool) -> Any:
    """Returns the inputs of a layer with numbers, arrays and nested lists as tensors.

    Args:
        inputs: a tensor or what becomes one, or a list of such; a list of numbers, or of lists of them, is one tensor.
        listed: whether inputs are always a list of tensors.
    """
    if isinstance(inputs, (Tensor, SymbolicTensor)):
        return inputs
    nests.require_end(inputs)
    if isinstance(inputs, Mapping):
        return {key: as_tensors(item, False) for key, item in inputs.items()}
    if isinstance(inputs, (list, tuple)) and (listed or not inputs or not _is_nested_numbers(inputs)):
        return [as_tensors(item, False) for item in inputs]
    plain = isinstance(inputs, (bool, int, float, str, list, tuple)) or hasattr(type(inputs), "__array__")
    return ops.tensor(inputs) if plain or isinstance(inputs, (array, memoryview)) else inputs


def _is_nested_numbers(values: Any) -> bool:
    return all(
        _is_nested_numbers(item)
        if isinstance(item, (list, tuple))
        else isinstance(item, (bool, int, float, str))
        for item in values
    )


__all__ = [
    "InputSpec",
    "array_arguments",
    "as_tensors",
    "build_arguments",
    "dict_argument",
    "named_arguments",
]
