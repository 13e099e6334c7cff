"""From Keras's JSON to objects other than layers: optimizers, losses, metrics and their kin, functions, tensors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tfjs_pyo import constraints, initializers, ops, regularizers
from tfjs_pyo.config import Configurable
from tfjs_pyo.errors import FormatError
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.layers.holding import is_ours
from tfjs_pyo.losses.functions import CLASSES as LOSS_CLASSES
from tfjs_pyo.metrics.classes import CLASSES as METRIC_CLASSES
from tfjs_pyo.models.loading.configs import known_options, plain, require_depth, shown
from tfjs_pyo.models.loading.reviving import Reviver, naming_errors
from tfjs_pyo.models.loading.saved_functions import function_of
from tfjs_pyo.optimizers import OPTIMIZERS
from tfjs_pyo.optimizers.schedules import SCHEDULES
from tfjs_pyo.optimizers.wrapping import OptimizerMap
from tfjs_pyo.registry import Registry
from tfjs_pyo.serialization import registered_object

_CLASSES: dict[str, Registry] = {
    "initializers": initializers.INITIALIZERS.in_keras, "regularizers": regularizers.REGULARIZERS.in_keras,
    "constraints": constraints.CONSTRAINTS.in_keras, "optimizers": OPTIMIZERS.in_keras, "schedules": SCHEDULES.in_keras,
    "losses": LOSS_CLASSES.in_keras, "metrics": METRIC_CLASSES.in_keras,
}  # fmt: skip
"""Where classes are found, by a word of the module that a file names."""

_OTHERS: dict[str, type] = {"OptimizerMap": OptimizerMap}
"""Classes that are none of a kind, by name."""


def deserialized(value: Any, reviver: Reviver, depth: int = 0) -> Any:
    """Returns what a value of Keras's JSON stands for.

    Args:
        value: an object with class and config, or lists and dicts of such and of plain values.
        reviver: that makes layers, and knows classes and functions of the user's.
        depth: how many levels are around it.

    Raises:
        FormatError: it stands for nothing, or for code, which is not to be run.
        OptionError: it names an unknown class or function.
    """
    require_depth(depth, reviver.owner)
    if isinstance(value, str) and value in reviver.custom:
        return reviver.custom[value]
    if isinstance(value, list):
        return [deserialized(item, reviver, depth + 1) for item in value]
    if not isinstance(value, Mapping):
        return value
    if "class_name" not in value:
        return {key: deserialized(item, reviver, depth + 1) for key, item in value.items()}
    return _object(value, reviver, depth)


def _object(value: Mapping[str, Any], reviver: Reviver, depth: int) -> Any:
    name, config = value["class_name"], value.get("config")
    if not isinstance(name, str):
        raise FormatError(f"{reviver.owner}: expected 'class_name' to be a string, received {shown(name)}.")
    inner = config if isinstance(config, Mapping) else {}
    if name == "__tuple__":
        return tuple(deserialized(item, reviver, depth + 1) for item in value.get("items") or ())
    if name in ("__tensor__", "__numpy__"):
        made = ops.tensor(inner.get("value"), None, plain(inner.get("dtype"), reviver.owner))
        return made.__array__() if name == "__numpy__" else made
    if name == "__bytes__":
        return str(inner.get("value")).encode()
    if name == "__ellipsis__":
        return ...
    if name == "__slice__":
        return slice(*(deserialized(inner.get(key), reviver, depth + 1) for key in ("start", "stop", "step")))
    if name in ("__lambda__", "function"):
        return function_of(value, reviver)
    return _made(name, value, inner, reviver, depth)


def _made(
    name: str, value: Mapping[str, Any], config: Mapping[str, Any], reviver: Reviver, depth: int
) -> Any:
    """Returns the object of a class: of the user's, or one of ours."""
    registered = value.get("registered_name")
    for each in (registered, name, name.rpartition(">")[2]):
        own = reviver.custom.get(each) if isinstance(each, str) else None
        own = own if own is not None else registered_object(str(each))
        if own is not None and not (isinstance(own, type) and issubclass(own, Layer)):
            with naming_errors(f"{reviver.owner}: {name[:80]}"):
                return own.from_config(dict(config)) if hasattr(own, "from_config") else own(**config)
        if own is not None:
            return reviver.whole(value)
    words = str(value.get("module") or "").split(".")
    registry = next((_CLASSES[word] for word in reversed(words) if word in _CLASSES), None)
    if registry is None:
        return reviver.whole(value)
    where = f"{reviver.owner}: {name[:80]}"
    cls = _OTHERS.get(name) or registry.find(name.rpartition(">")[2], where)
    given = {key: deserialized(item, reviver, depth + 1) for key, item in config.items()}
    if isinstance(cls, type) and issubclass(cls, Configurable) and is_ours(cls):
        return cls(**known_options(cls.__name__, given, cls.fields, where))
    return cls(**given) if isinstance(cls, type) else cls


__all__ = ["deserialized"]
