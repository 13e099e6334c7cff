"""Types as text: what annotations in the package mean to users, who know tensors, never nodes of the graph."""

from __future__ import annotations

import array
import builtins
import collections.abc
import sys
import types
import typing
from collections.abc import Mapping
from typing import Any

from tfjs_pyo.callbacks.base import Callback
from tfjs_pyo.constraints import Constraint
from tfjs_pyo.core.graph import Node
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.forms import keras_form
from tfjs_pyo.initializers import Initializer
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.layers.symbols import SymbolicTensor
from tfjs_pyo.models import Model, Sequential
from tfjs_pyo.ops.declare import Symbolic
from tfjs_pyo.optimizers.base import Optimizer
from tfjs_pyo.regularizers import Regularizer
from tools.stubs.module import Module

PACKAGE = "tfjs_pyo"
SHARED = f"{PACKAGE}._typing"
"""The stub that says what the names of `tfjs_pyo.types` are."""
IN_BOTH = (Layer, Model, Sequential, Optimizer, Initializer, Regularizer, Constraint)
"""Classes that have a form in each API, where functions take either."""
IN_KERAS = (f"{PACKAGE}.keras", f"{PACKAGE}.tensorflow")
AS_ATTRIBUTES = {
    "LayerLike": Layer,
    "LayersLike": Any,
    "ModelLike": Model,
    "PathLike": str,
    "Symbols": list[SymbolicTensor],
    "TensorLike": Tensor,
}
"""What becomes of things that were given, in attributes and results."""


def resolved(annotation: Any, names: Mapping[str, Any]) -> Any:
    """Returns what an annotation stands for; what only type checkers know is looked up in the whole package.

    Args:
        annotation: a type, or its text.
        names: those of its module.
    """
    if not isinstance(annotation, str):
        return annotation
    scope = _Names(names)
    return eval(annotation, {"__builtins__": {}}, scope)  # noqa: S307 (texts of our own annotations)


class _Arrays:
    """Stands for `array.array`, which takes the type of its elements in stubs only."""

    def __class_getitem__(cls, item: Any) -> types.GenericAlias:
        return types.GenericAlias(array.array, (item,))


class _Names(dict[str, Any]):
    """Names of a module, and of all others where it imports them for type checkers only."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        super().__init__(names)
        if self.get("array") is array.array:
            self["array"] = _Arrays

    def __missing__(self, name: str) -> Any:
        for module in [sys.modules[key] for key in sorted(sys.modules) if key.startswith(PACKAGE)]:
            found = vars(module).get(name)
            if isinstance(found, type):
                return found
        for module in (builtins, typing, collections.abc):
            if hasattr(module, name):
                return getattr(module, name)
        raise KeyError(name)


class Renderer:
    """Writes types into one module.

    Args:
        module: where the text goes; it imports what the text names.
        symbolic: whether tensors that are given are symbolic tensors.
        mixed: whether those that are taken may be either.
    """

    def __init__(self, module: Module, symbolic: bool = False, mixed: bool = False) -> None:
        self.module = module
        self.symbolic = symbolic
        self.mixed = mixed

    def taken(self, hint: Any) -> str:
        """Returns the type of an argument."""
        return self._text(hint, True)

    def given(self, hint: Any) -> str:
        """Returns the type of a result or an attribute."""
        return self._text(hint, False)

    def shared(self, name: str) -> str:
        """Returns a name of the shared stub."""
        return self.module.refer(SHARED, name)

    def _text(self, hint: Any, taken: bool) -> str:
        if hint is None or hint is type(None):
            return "None"
        if hint is Any or isinstance(hint, typing.TypeVar):
            return self.module.refer("typing", "Any")
        if hint is typing.Self:
            return self.module.refer("typing", "Self")
        if hint is ...:
            return "..."
        if isinstance(hint, str):
            return self._text(resolved(hint, {}), taken)
        if typing.get_origin(hint) is typing.Annotated:
            return self._named(hint.__metadata__[0], taken)
        if isinstance(hint, type) and typing.get_origin(hint) is None:
            return self._class(hint, taken)
        return self._generic(hint, taken)

    def _named(self, name: str, taken: bool) -> str:
        if name == "Result" and self.symbolic:
            return self.shared("SymbolicResult")
        if not taken and name in AS_ATTRIBUTES:
            return self._text(AS_ATTRIBUTES[name], False)
        if name != "TensorLike":
            return self.shared(name)
        symbol = self.module.refer_to(SymbolicTensor) if self.symbolic else ""
        if symbol and not self.mixed:
            return symbol
        return f"{self.shared(name)} | {symbol}" if symbol else self.shared(name)

    def _class(self, kind: type, taken: bool) -> str:
        if kind.__module__ == "builtins" and not hasattr(builtins, kind.__name__):
            return self.module.refer("types", next(n for n, v in vars(types).items() if v is kind))
        if kind.__module__ == "builtins":
            return self.module.builtin(kind.__name__)
        if issubclass(kind, Symbolic):
            return self.module.refer_to(SymbolicTensor)
        if kind in (Node, Tensor):
            if taken:
                return self._named("TensorLike", True)
            return self.module.refer_to(SymbolicTensor if self.symbolic else Tensor)
        if kind.__module__.partition(".")[0] == PACKAGE:
            if not taken and kind in IN_BOTH and self.module.name.startswith(IN_KERAS):
                return self.module.refer_to(keras_form(kind))
            names = [self.module.refer_to(kind)]
            if taken and kind in IN_BOTH:
                names.append(self.module.refer_to(keras_form(kind)))
            if taken and kind is Callback:
                names.append(self.module.refer(f"{PACKAGE}.keras.callbacks", "Callback"))
            return " | ".join(names)
        if kind.__module__ in ("collections.abc", "typing", "types", "os", "array", "pathlib", "datetime"):
            return self.module.refer(kind.__module__, kind.__name__)
        return self.module.refer("typing", "Any")

    def _generic(self, hint: Any, taken: bool) -> str:
        origin, inner = typing.get_origin(hint), typing.get_args(hint)
        if origin in (types.UnionType, typing.Union):
            return union([self._text(each, taken) for each in inner])
        if origin is typing.Literal:
            return f"{self.module.refer('typing', 'Literal')}[{', '.join(map(repr, inner))}]"
        if origin is collections.abc.Callable or hint in (collections.abc.Callable, typing.Callable):
            return self._callable(inner)
        if origin in (typing.ClassVar, typing.Final):
            return self._text(inner[0], taken)
        if origin is type:
            return f"type[{', '.join(self._text(each, False) for each in inner)}]"
        if origin is None:
            return self.module.refer("typing", "Any")
        if taken and (origin is list or inner[1:] == (...,)):
            return f"{self.module.refer('collections.abc', 'Sequence')}[{self._text(inner[0], True)}]"
        if taken and origin is dict:
            origin = collections.abc.Mapping
        name = self._class(origin, False)
        return f"{name}[{', '.join(self._text(each, taken) for each in inner)}]"

    def _callable(self, inner: tuple[Any, ...]) -> str:
        name = self.module.refer("collections.abc", "Callable")
        if not inner:
            return f"{name}[..., {self.module.refer('typing', 'Any')}]"
        *_, result = inner
        if inner[0] is ...:
            return f"{name}[..., {self._text(result, False)}]"
        taken = ", ".join(self._text(each, False) for each in inner[0])
        return f"{name}[[{taken}], {self._text(result, False)}]"


def union(parts: list[str]) -> str:
    """Returns the union of types, each once; None comes last."""
    found = list(dict.fromkeys(piece.strip() for part in parts for piece in _pieces(part)))
    if "Any" in found and "None" in found:
        return "Any"
    return " | ".join(sorted(found, key=lambda each: each == "None"))


def _pieces(text: str) -> list[str]:
    """Returns the parts of a union, as text: those outside of brackets."""
    depth, found = 0, [""]
    for letter in text:
        depth += (letter in "[(") - (letter in "])")
        if letter == "|" and depth == 0:
            found.append("")
        else:
            found[-1] += letter
    return found


__all__ = ["IN_BOTH", "PACKAGE", "SHARED", "Renderer", "resolved", "union"]
