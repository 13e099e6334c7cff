"""Options of layers, optimizers and others: the types of arguments, as their declarations say them."""

from __future__ import annotations

import functools
import inspect
import operator
import sys
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tfjs_pyo import naming, types
from tfjs_pyo.config import REQUIRED, Configurable, Field
from tfjs_pyo.constraints import Constraint
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.forms import keras_form
from tfjs_pyo.initializers import Initializer
from tfjs_pyo.registry import Registry
from tfjs_pyo.regularizers import Regularizer
from tools.stubs.functions import KINDS, Parameter
from tools.stubs.rendering import resolved

REGISTERED = {
    "activation": types.ActivationLike,
    "constraint": types.ConstraintLike,
    "initializer": types.InitializerLike,
    "regularizer": types.RegularizerLike,
}
"""What options take that are found in a registry, by its kind."""
KEPT: Mapping[str, Any] = {
    "activation": Callable[..., Any],
    "constraint": Constraint,
    "initializer": Initializer,
    "regularizer": Regularizer,
}
"""What these options are as attributes."""
Ints = int | Sequence[int]
CONVERTED: Mapping[str, Any] = {
    "_factor.<locals>.convert": float | Sequence[float],
    "_pair.<locals>.convert": Sequence[float],
    "_borders.<locals>.convert": int | Sequence[int] | Sequence[Sequence[int]],
    "_axes": Ints,
    "_boundaries": Sequence[float],
    "_factors": types.TensorLike,
    "_length": Ints,
    "_numbers": Sequence[float],
    "_output_dims": Ints,
    "_target_dims": Sequence[int],
    "_thresholds": float | Sequence[float],
    "_whole.<locals>.convert": Ints,
    "_widths": Ints,
    "positive_ints.<locals>.convert": Ints,
    "shape": types.ShapeLike,
    "convert_shape": types.ShapeLike,
    "whole_numbers": Sequence[int],
}
"""What options take that become something narrower, by their conversions."""


def annotation_of(kind: type, name: str) -> Any:
    """Returns the type that an attribute was declared with."""
    for base in kind.__mro__:
        hints = inspect.get_annotations(base)
        if name in hints:
            return resolved(hints[name], vars(sys.modules[base.__module__]))
    return Any


def option_type(kind: type[Configurable], declared: Field) -> Any:
    """Returns the type of what is given for an option."""
    convert = declared.declared.convert
    registry = getattr(convert, "__self__", None)
    if isinstance(registry, Registry):
        return REGISTERED.get(registry.kind, Any)
    name = getattr(convert, "__qualname__", "")
    if name == "choice.<locals>.convert":
        known = inspect.getclosurevars(typing.cast("Any", convert)).nonlocals["known"]
        spelled = sorted({spell(each) for each in known for spell in (str, naming.camel)} | set(known))
        choices = typing.Literal[tuple(spelled)]  # type: ignore[valid-type]
        return choices | None if declared.default is None else choices
    if name in CONVERTED:
        return CONVERTED[name]
    hint = annotation_of(kind, declared.name)
    if hint is Any and name == "_by.<locals>.<lambda>":
        known = inspect.getclosurevars(typing.cast("Any", convert)).nonlocals["rule"].known
        hint = functools.reduce(operator.or_, sorted(known, key=str)) if known else Any
    return hint


def attribute_type(kind: type[Configurable], declared: Field) -> Any:
    """Returns the type of an option as an attribute."""
    hint = annotation_of(kind, declared.name)
    registry = getattr(declared.declared.convert, "__self__", None)
    if hint is Any and isinstance(registry, Registry) and registry.kind in KEPT:
        found = KEPT[registry.kind]
        found = keras_form(found) if kind.dialect is KERAS and isinstance(found, type) else found
        return found if registry.always else found | None
    return option_type(kind, declared) if hint is Any else hint


def options_of(kind: type[Configurable]) -> list[Parameter]:
    """Returns the parameters of a class that is made from its fields, in the order of its signature."""
    fields = {f.argument: f for f in kind.fields.values() if f.argument}
    found = []
    for p in kind.__signature__.parameters.values():
        declared = fields.get(p.name)
        if declared is None:
            hint = (
                Any if p.annotation is p.empty else resolved(p.annotation, vars(sys.modules[kind.__module__]))
            )
            found.append(Parameter(p.name, hint, p.kind, p.default))
            continue
        default = KINDS.empty if declared.default is REQUIRED else declared.default
        found.append(Parameter(p.name, option_type(kind, declared), p.kind, default))
    return found


__all__ = ["annotation_of", "attribute_type", "option_type", "options_of"]
