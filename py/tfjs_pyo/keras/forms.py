"""The modules of Keras's API: each hands on Keras's forms of the classes and functions of one kind."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tfjs_pyo import naming
from tfjs_pyo.config import Configurable, serialized, writing
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.doc_examples import Examples
from tfjs_pyo.documenting import spelled_doc
from tfjs_pyo.errors import NameNotFoundError
from tfjs_pyo.forms import is_ours, keras_form
from tfjs_pyo.keras.absent import moved, require
from tfjs_pyo.keras.respelling import respell
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
        if value is not known[name]:
            respell(value)
        setattr(sys.modules[module], name, value)
        return value

    return find, naming.public_dir(module)


def class_names(classes: Mapping[str, type]) -> dict[str, type]:
    """Returns classes by the names that Keras has for them."""
    return {vars(kind).get("keras_class_name") or name: kind for name, kind in classes.items()}


class _Example(NamedTuple):
    """What the examples of a module show.

    Args:
        got: what follows `get` in a call, and what it gives.
        class_name: of an object.
        options: of the object; the last one is shown.
    """

    got: tuple[str, str]
    class_name: str
    options: Mapping[str, Any]

    def calls(self, module: str) -> dict[str, tuple[str, ...]]:
        """Returns the examples of the functions of a module."""
        call, given = self.got
        name, value = list(self.options.items())[-1]
        options = ", ".join(f"{option}={number}" for option, number in self.options.items())
        config = ", ".join(f'"{option}": {number}' for option, number in self.options.items())
        return {
            "get": (f"{module}.get{call}", given),
            "serialize": (
                f"saved = {module}.serialize({module}.{self.class_name}({options}))",
                f'saved["class_name"], saved["config"]["{name}"]',
                str((self.class_name, value)),
            ),
            "deserialize": (
                f'saved = {{"class_name": "{self.class_name}", "config": {{{config}}}}}',
                f"{module}.deserialize(saved).{name}",
                str(value),
            ),
        }


class _NameExample(NamedTuple):
    """What the examples of a module show that has functions only.

    Args:
        name: of a function.
        used: what follows it in a call, and what that gives.
    """

    name: str
    used: tuple[str, str]

    def calls(self, module: str) -> dict[str, tuple[str, ...]]:
        """Returns the examples of the functions of a module."""
        call, given = self.used
        return {
            "get": (f'{module}.get("{self.name}"){call}', given),
            "serialize": (f"{module}.serialize({module}.{self.name})", f"'{self.name}'"),
            "deserialize": (f'{module}.deserialize("{self.name}"){call}', given),
        }


_EXAMPLES: dict[str, _Example | _NameExample] = {
    "keras.activations": _NameExample("relu", ("(keras.ops.array([-1, 2])).tolist()", "[0, 2]")),
    "keras.constraints": _Example(
        ('("non_neg")(keras.ops.array([-1.0, 2.0])).tolist()', "[0.0, 2.0]"), "MaxNorm", {"max_value": 3.0}
    ),
    "keras.initializers": _Example(('("ones")((2,)).tolist()', "[1.0, 1.0]"), "Constant", {"value": 3.0}),
    "keras.layers": _Example(("", ""), "Dropout", {"rate": 0.5}),
    "keras.losses": _Example(
        ('("mse")([[1.0, 2.0]], [[1.0, 4.0]]).tolist()', "[2.0]"), "Huber", {"delta": 2.0}
    ),
    "keras.metrics": _Example(
        ('("mse")([[1.0, 2.0]], [[1.0, 4.0]]).tolist()', "2.0"), "TopKCategoricalAccuracy", {"k": 3}
    ),
    "keras.optimizers": _Example(('("adam").beta_1', "0.9"), "SGD", {"momentum": 0.5}),
    "keras.optimizers.schedules": _Example(
        ("", ""), "CosineDecay", {"initial_learning_rate": 0.5, "decay_steps": 100, "alpha": 0.25}
    ),
    "keras.regularizers": _Example(('("l2")(keras.ops.array([1.0, 2.0]))', "Tensor 0.05"), "L2", {"l2": 0.5}),
}
"""Modules of `access`, and what is shown there."""


def access(
    registry: Registry, where: str, classes: Registry | None = None, objects: bool = False
) -> dict[str, Callable[..., Any]]:
    """Returns Keras's functions `get`, `serialize` and `deserialize` of a kind of objects.

    Args:
        registry: of their classes and functions.
        where: Keras's module of them, for messages and what is saved.
        classes: where the classes are, if the registry has functions only.
        objects: whether names of functions mean objects of the classes of that name, where there are such.
    """

    def named(name: str) -> str:
        """Returns the class that a name means, else the name."""
        known = classes.items if classes and objects else ()
        names = (name, registry.aliases.get(naming.fold(name), name))
        return next(filter(None, (naming.nearest_spelling(each, known) for each in names)), name)

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
        identifier = named(identifier) if isinstance(identifier, str) else identifier
        by_name = isinstance(identifier, str) and identifier in classes.items if classes else False
        if classes is not None and (isinstance(identifier, Mapping) or by_name):
            known = classes
        return known.in_keras.get(identifier, f"{where}.get")

    def serialize(item: Any) -> Any:
        """Returns the config of an object with its class's name, as Keras's files have it; of a function its name.

        Args:
            item: the object or function.
        """
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
    examples = Examples("from tfjs_pyo import keras", _EXAMPLES[where].calls(where))
    for function in functions.values():
        function.__module__ = f"tfjs_pyo.{where}"
        function.__qualname__ = function.__name__
        function.__doc__ = inspect.cleandoc(function.__doc__ or "")
    examples.complete(functions.values())
    return functions


def _taking(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Returns a function whose first parameter has another name."""
    signature = inspect.signature(function)
    first, *others = signature.parameters.values()

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        given = {first.name if key == name else key: value for key, value in kwargs.items()}
        return function(*args, **given)

    call.__doc__ = spelled_doc(inspect.cleandoc(function.__doc__ or ""), {first.name: name})
    call.__signature__ = signature.replace(parameters=[first.replace(name=name), *others])  # type: ignore[attr-defined]
    return call


__all__ = ["access", "class_names", "keras_form", "keras_names", "respell"]
