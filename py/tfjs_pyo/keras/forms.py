"""The modules of Keras's API: each hands on Keras's forms of the classes and functions of one kind."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Mapping
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.config import Configurable, serialized, writing
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.errors import NameNotFoundError
from tfjs_pyo.forms import is_ours, keras_form
from tfjs_pyo.keras.absent import moved, require
from tfjs_pyo.later import difflib
from tfjs_pyo.registry import Registry


def keras_names(
    module: str,
    classes: Mapping[str, Any],
    functions: Mapping[str, Any] | None = None,
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Returns a module's `__getattr__` and `__dir__`: Keras's forms by Keras's names, made when they are first asked for.

    Args:
        module: its name.
        classes: by Keras's names.
        functions: by Keras's names; these are as they are.
    """
    known = {**classes, **(functions or {})}

    def find(name: str) -> Any:
        if name not in known:
            if name.startswith("__"):
                raise AttributeError(name)
            require(module.removeprefix("tfjs_pyo."), name)
            owner = sys.modules[module]
            if moved(module, name):
                return owner
            near = difflib.get_close_matches(name, {*known, *owner.__all__}, 3)
            hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
            raise NameNotFoundError(f"{module.removeprefix('tfjs_pyo.')} has no {name!r}.{hint}")
        value = keras_form(known[name])
        setattr(sys.modules[module], name, value)
        return value

    return find, naming.public_dir(module)


def class_names(classes: Mapping[str, type]) -> dict[str, type]:
    """Returns classes by the names that Keras has for them."""
    return {vars(kind).get("keras_class_name") or name: kind for name, kind in classes.items()}


def access(registry: Registry, where: str, classes: Registry | None = None) -> dict[str, Callable[..., Any]]:
    """Returns Keras's functions `get`, `serialize` and `deserialize` of a kind of objects.

    Args:
        registry: of their classes and functions.
        where: Keras's module of them, for messages and what is saved.
        classes: where the classes are, if the registry has functions only.
    """

    def get(identifier: Any) -> Any:
        """Returns the object, or function, for a name, a config or an object of the kind; None for None.

        Args:
            identifier: what the user gave.

        Raises:
            OptionError: there is no such name, or it is no object of the kind.
        """
        if identifier is None:
            return None
        known = registry
        by_name = isinstance(identifier, str) and identifier in classes.items if classes else False
        if classes is not None and (isinstance(identifier, Mapping) or by_name):
            known = classes
        return known.in_keras.get(identifier, f"{where}.get")

    def serialize(item: Any) -> Any:
        """Returns the config of an object with its class's name, as Keras's files have it; of a function its name."""
        if not isinstance(item, Configurable):
            return serialized(item, KERAS)
        with writing(KERAS):
            ours = is_ours(type(item))
            name, config = item.saved_class_name(), item.get_config()
        known = None if ours else name
        return {
            "module": where if ours else None,
            "class_name": name,
            "config": config,
            "registered_name": known,
        }

    def deserialize(config: Any, custom_objects: Mapping[str, Any] | None = None) -> Any:
        """Returns the object for a config that `serialize` gave.

        Args:
            config: class name and config, or a name.
            custom_objects: classes and functions of the user's own, by name.
        """
        name = config.get("class_name") if isinstance(config, Mapping) else config
        own = (custom_objects or {}).get(name) if isinstance(name, str) else None
        if own is None:
            return get(config)
        if isinstance(own, type) and isinstance(config, Mapping):
            options = config.get("config", {})
            return own.from_config(options) if hasattr(own, "from_config") else own(**options)
        return own

    what = naming.snake(registry.kind.replace("-", "_").replace(" ", "_"))
    functions: dict[str, Callable[..., Any]] = {
        "get": get,
        "serialize": _taking(what, serialize),
        "deserialize": _taking("name" if what == "loss" else "config", deserialize),
    }
    for function in functions.values():
        function.__module__ = f"tfjs_pyo.{where}"
        function.__qualname__ = function.__name__
    return functions


def _taking(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Returns a function whose first parameter has another name."""
    signature = inspect.signature(function)
    first, *others = signature.parameters.values()

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        given = {first.name if key == name else key: value for key, value in kwargs.items()}
        return function(*args, **given)

    call.__signature__ = signature.replace(parameters=[first.replace(name=name), *others])  # type: ignore[attr-defined]
    return call


__all__ = ["access", "class_names", "keras_form", "keras_names"]
