"""Keras's forms of classes and functions: the same code under Keras's `Dialect`."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any

from tfjs_pyo.dialects import KERAS, TFJS
from tfjs_pyo.documenting import text_of

FORMS: dict[Any, Any] = {}
"""Keras's forms of classes, as they are made or asked for, and of functions."""
LATER: list[Callable[[], Any]] = []
"""What is called before the first form is asked for: it loads those that are declared by hand."""


def keras_form(item: Any) -> Any:
    """Returns what Keras means by a class or function of this package: its form under Keras's `Dialect`, or itself.

    The form of a class is a subclass of it, of the same name, with Keras's defaults and names of fields; it is a subclass
    of the forms of its bases. Where a formula differs as well, a class `Form(Base, dialect=KERAS)` is declared by hand.
    Classes of users have no other form.

    Args:
        item: class or function.
    """
    while LATER:
        LATER.pop()()
    if item in FORMS:
        return FORMS[item]
    is_form = getattr(item, "dialect", KERAS) is KERAS
    if is_form or not isinstance(item, type) or not is_ours(item):
        return item
    kind: Any = item
    bases = (item, *dict.fromkeys(_forms_of_bases(item)))
    name = vars(kind).get("keras_class_name") or kind.__name__
    own = {"__doc__": text_of(kind) or None, "__module__": kind.keras_module}
    return types.new_class(name, bases, {"dialect": KERAS}, lambda namespace: namespace.update(own))


def form_for(kind: Any, item: Any) -> Any:
    """Returns what the API of a class means by another class or function."""
    return keras_form(item) if kind.dialect is KERAS else item


def note_keras_form(item: Any, form: Any) -> None:
    """Notes which function Keras means where it has another one of the same name."""
    FORMS[item] = form


def is_ours(cls: type) -> bool:
    """Returns whether a class is one of this package's."""
    return cls.__module__.partition(".")[0] == __name__.partition(".")[0]


def tfjs_bases(form: type) -> list[Any]:
    """Returns the class that another one is Keras's form of: its base of that name in TensorFlow.js's API, else the first.

    A list of at most one.
    """
    found: list[Any] = [base for base in form.__bases__ if _is_configurable(base)]
    of_tfjs = [base for base in found if base.dialect is TFJS]
    return sorted(of_tfjs, key=lambda base: base.__name__ != form.__name__)[:1]


def _forms_of_bases(item: type) -> list[Any]:
    """Returns Keras's forms of the bases of a class; of those that have none, as their names begin with _, those of theirs."""
    forms: list[Any] = []
    for base in item.__bases__:
        if _is_configurable(base):
            forms += _forms_of_bases(base) if base.__name__.startswith("_") else [keras_form(base)]
    return forms


def _is_configurable(base: Any) -> bool:
    """Returns whether a class is a subclass of Configurable, which is one floor above."""
    return any(each.__name__ == "Configurable" for each in base.__mro__[1:])


def declared_name(cls: type) -> str | None:
    """Returns what a class says that it is called, as in TensorFlow.js: an attribute `className`, or a static method."""
    found = next((vars(cls)[name] for name in ("className", "class_name") if name in vars(cls)), None)
    found = getattr(cls, "className", None) if isinstance(found, (staticmethod, classmethod)) else found
    found = found() if callable(found) else found
    return found if isinstance(found, str) else None


def defining(cls: type, name: str) -> type:
    """Returns the class that defines a method of another one."""
    return next(base for base in cls.__mro__ if name in vars(base))


def takes_config(cls: type, config: Mapping[str, Any]) -> bool:
    """Returns whether a class of a user's own is made from one dict, as in TensorFlow.js: `__init__(self, config)`."""
    made = vars(defining(cls, "__init__"))["__init__"]
    if not isinstance(made, FunctionType) or made.__module__.startswith(f"{__name__.partition('.')[0]}."):
        return False
    parameters = list(inspect.signature(made).parameters.values())[1:]
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return len(parameters) == 1 and parameters[0].kind in kinds and parameters[0].name not in config
