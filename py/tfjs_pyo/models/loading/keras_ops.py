"""Functions of `keras.ops` in graphs of Keras 3: `ops.exp(x)` or `x * 2`, which its files have as objects of classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tfjs_pyo import naming, nests, ops
from tfjs_pyo.errors import FormatError, TfError
from tfjs_pyo.layers.operations import Operation
from tfjs_pyo.layers.symbols import SymbolicTensor
from tfjs_pyo.models.keras_files.op_classes import OpClass, op_classes
from tfjs_pyo.models.loading.configs import is_object, require_depth, shown
from tfjs_pyo.ops.declare import PUBLIC, public_function

PREFIX = "keras.ops."


def is_op(saved: Mapping[str, Any]) -> bool:
    """Returns whether a saved object of a graph is a function of `keras.ops`."""
    return str(saved.get("module", "")).startswith(("keras.src.ops.", "keras.ops"))


class KerasOp:
    """A function in the place of a layer.

    Args:
        name: that the graph has for it.
        kind: its class.
        config: what it is made with.
        where: for errors.

    Raises:
        FormatError: there is no such function here.
    """

    def __init__(self, name: str, kind: str, config: Any, where: str) -> None:
        self.name = name
        self.where = where
        self._called = False
        found = op_classes().get(kind)
        if found is None:
            raise FormatError(
                f"{where}: the function of keras.ops is not known here.{naming.suggestions(kind, list(op_classes()), str)} "
                "Make the model with layers in its place."
            )
        self._class: OpClass = found
        if not isinstance(config, Mapping):
            raise FormatError(f"{where}: expected the config to be an object, received {shown(config)}.")
        self._config = {key: _value(config[key], where) for key in found.config if key in config}
        self._key = _key_of(found, self._config, where)

    def apply(self, inputs: Sequence[Any], options: Mapping[str, Any]) -> list[Any]:
        """Returns what the function gives: symbolic tensors, each by itself.

        Raises:
            FormatError: other arguments than the function takes.
        """
        given = {key: _value(item, self.where) for key, item in options.items()}
        places = [_value(item, self.where) for item in inputs]
        symbols = [each for each in nests.leaves([places, given]) if isinstance(each, SymbolicTensor)]
        if not symbols:
            raise FormatError(
                f"{self.where}: expected a call with tensors, received {shown([*inputs, dict(options)])}."
            )
        try:
            result = self._result(places, given)
        except TfError as error:
            error.args = (f"{self.where}: {error}",)
            raise
        made = list(nests.leaves(result))
        self._name(made, symbols)
        return made

    def _result(self, places: list[Any], given: dict[str, Any]) -> Any:
        function = PUBLIC[self._key]
        names = self._class.call
        if self._class.name == "GetItem":
            key = given.get("key", places[1] if len(places) > 1 else None)
            return PUBLIC["get_item"](places[0], tuple(key) if isinstance(key, list) else key)
        if self._class.name == "Einsum":
            return function(self._config.get("subscripts"), *places)
        if names and names[0].startswith("*"):
            return function(*places, **self._config, **given)
        if len(places) > len(names):
            raise FormatError(
                f"{self.where}: expected {len(names)} arguments ({', '.join(names)}), received {len(places)}."
            )
        named = dict(zip(names, places, strict=False))
        return function(**{**self._config, **named, **given})

    def _name(self, made: Sequence[Any], given: Sequence[SymbolicTensor]) -> None:
        """Names the layer that was made as the file does, where it was made for the first call."""
        layer = made[0].layer if made and isinstance(made[0], SymbolicTensor) else None
        if (
            isinstance(layer, Operation)
            and not self._called
            and all(each.layer is not layer for each in given)
        ):
            layer.name = self.name
        self._called = True


def _key_of(found: OpClass, config: Mapping[str, Any], where: str) -> str:
    """Returns the name of the function among all."""
    public_function(f"{PREFIX}add")  # so that all are known
    if found.name == "ExtractPatches":
        size = config.get("size")
        return f"{PREFIX}extract_patches{'_3d' if isinstance(size, list) and len(size) == 3 else ''}"
    known = {naming.fold(key.removeprefix(PREFIX)): key for key in PUBLIC if key.startswith(PREFIX)}
    if found.name == "GetItem":
        return "get_item"
    if found.function not in known:
        raise FormatError(
            f"{where}: the function of keras.ops is not known here. Make the model with layers in its place."
        )
    return known[found.function]


def _value(value: Any, where: str, depth: int = 0) -> Any:
    """Returns an argument for what Keras's JSON has for it: slices, dots, tensors."""
    require_depth(depth, where)
    if isinstance(value, (list, tuple)):
        return [_value(item, where, depth + 1) for item in value]
    if not isinstance(value, Mapping):
        return value
    if not is_object(value):
        return {key: _value(item, where, depth + 1) for key, item in value.items()}
    kind, config = value.get("class_name"), value.get("config")
    inner = config if isinstance(config, Mapping) else {}
    if kind == "__slice__":
        numbers = [inner.get(key) for key in ("start", "stop", "step")]
        if all(number is None or type(number) is int for number in numbers):
            return slice(*numbers)
    elif kind == "__ellipsis__":
        return ...
    elif kind in ("__tensor__", "__numpy__"):
        return ops.tensor(inner.get("value"), None, inner.get("dtype"))
    elif kind == "__tuple__":
        return tuple(_value(item, where, depth + 1) for item in value.get("items") or ())
    raise FormatError(f"{where}: expected an argument of a function, received {shown(value)}.")


__all__ = ["KerasOp", "is_op"]
