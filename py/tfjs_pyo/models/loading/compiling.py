"""Compiles a model as a file says: optimizer, losses, metrics."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tfjs_pyo import naming
from tfjs_pyo import optimizers as optimizer_classes
from tfjs_pyo.errors import FormatError, TfError
from tfjs_pyo.layers.holding import is_ours
from tfjs_pyo.models.loading.configs import class_and_config, is_object, known_options, plain, require_depth
from tfjs_pyo.models.loading.objects import deserialized
from tfjs_pyo.models.loading.reviving import Reviver
from tfjs_pyo.models.saving.training_config import KERAS
from tfjs_pyo.optimizers.schedules import InverseTimeDecay
from tfjs_pyo.serialization import registered_object

if TYPE_CHECKING:
    from tfjs_pyo.models.base import Model


def compile_as(model: Model, config: Any, reviver: Reviver, keras: bool) -> bool:
    """Compiles a model as a file says; where that cannot be, warns and leaves it as it is.

    Args:
        model: to be compiled.
        config: TF.js's `trainingConfig`, Keras 2's `training_config`, Keras 3's `compile_config`.
        reviver: that made the model, and knows classes and functions of the user's.
        keras: whether names of optimizers mean Keras's.

    Returns:
        Whether it was compiled.
    """
    before, owner = model.optimizer, reviver.owner
    by_itself: Any = getattr(model, "compile_from_config", None)
    if by_itself is not None and not is_ours(_definer(type(model), "compile_from_config")):
        by_itself(config)
        return True
    try:
        if by_itself is not None and keras and _is_of_keras_3(config, reviver):
            by_itself(deserialized(_with_modules(config), reviver))
            return True
        given = _read(config, keras, reviver)
        if given is None:
            return False
        model.compile(**given)
    except (TfError, TypeError, ValueError, KeyError, AttributeError) as error:
        model.optimizer = before
        warnings.warn(
            f"{owner}: the model is loaded, but not compiled: {str(error)[:300]} Call model.compile(...) before training.",
            stacklevel=2,
        )
        return False
    return True


def _definer(cls: type, name: str) -> type:
    """Returns the class among the bases of one that defines a method."""
    return next(base for base in cls.__mro__ if name in vars(base))


def _is_of_keras_3(config: Any, reviver: Reviver) -> bool:
    """Returns whether Keras 3 wrote a config, or a version of Keras 2 in its form."""
    if not isinstance(config, Mapping):
        return False
    return reviver.version.startswith("3.") or "optimizer" in config


def _with_modules(config: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a config in the form of `.keras` files: those of `.h5` call the optimizer otherwise, and leave out modules."""
    found = {key: value for key, value in config.items() if key != "optimizer_config"}
    if "optimizer_config" in config:
        found["optimizer"] = config["optimizer_config"]
    modules = {
        "optimizer": KERAS,
        "loss": "keras.losses",
        "metrics": "keras.metrics",
        "weighted_metrics": "keras.metrics",
    }
    return {key: _within(value, modules[key]) if key in modules else value for key, value in found.items()}


def _within(value: Any, module: str, depth: int = 0) -> Any:
    """Returns a config whose objects all name a module."""
    require_depth(depth, "training config")
    if isinstance(value, list):
        return [_within(item, module, depth + 1) for item in value]
    if not isinstance(value, Mapping):
        return value
    if not is_object(value):
        return {key: _within(item, module, depth + 1) for key, item in value.items()}
    return {"module": module, **value}


def _read(config: Any, keras: bool, reviver: Reviver) -> dict[str, Any] | None:
    if not isinstance(config, Mapping):
        raise FormatError(f"expected the training config to be an object, received {type(config).__name__}.")
    config = config.get("config", config) if "optimizer_config" not in config else config
    optimizer = config.get("optimizer_config", config.get("optimizer"))
    if optimizer is None:
        return None
    result = {"optimizer": _optimizer(optimizer, keras), "loss": _named(config.get("loss"), reviver)}
    found = config.get("metrics")
    if found:
        result["metrics"] = _flat(_named(found, reviver))
    factors = config.get("lossWeights", config.get("loss_weights"))
    return result if factors is None else {**result, "loss_weights": factors}


def _flat(value: Any) -> Any:
    """Returns a list of names of metrics; Keras 2 nests it once more."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        return value[0]
    return value


def _named(value: Any, reviver: Reviver) -> Any:
    """Returns losses and metrics with names in place of Keras's objects, and with those of the user's own."""
    if isinstance(value, str):
        return reviver.custom.get(value, value)
    if is_object(value) and _is_own(value, reviver):
        return deserialized(value, reviver)
    value = plain(value, "training config")
    if isinstance(value, list):
        return [_named(item, reviver) for item in value]
    if is_object(value):
        name, config = class_and_config(value, "training config")
        inner = config.get("fn", config.get("name")) if isinstance(config, Mapping) else None
        return (
            inner
            if isinstance(inner, str) and name in ("LossFunctionWrapper", "MeanMetricWrapper")
            else naming.snake(name)
        )
    if isinstance(value, Mapping):
        return {key: _named(item, reviver) for key, item in value.items()}
    return value


def _is_own(value: Mapping[str, Any], reviver: Reviver) -> bool:
    """Returns whether an object in a file is of a user's class, or a user's function."""
    names = (value.get("class_name"), value.get("registered_name"), value.get("config"))
    return any(
        isinstance(name, str) and (name in reviver.custom or registered_object(name)) for name in names
    )


def _optimizer(value: Any, keras: bool) -> Any:
    if not is_object(value):
        return value
    in_keras = (
        keras or value.get("module") == KERAS
    )  # TF.js's form may have one of Keras's face, in TF.js's words
    known = optimizer_classes.OPTIMIZERS.in_keras if in_keras else optimizer_classes.OPTIMIZERS
    name, config = class_and_config(value, "training config")
    kind = known.find(name.rpartition(">")[2], "training config")
    given = {key: plain(item, "training config") for key, item in config.items()}
    if "lr" in given:  # its name in Keras before 2.3
        given.setdefault("learning_rate", given.pop("lr"))
    decay = given.pop("decay", None) if keras else None
    options = {key: item for key, item in given.items() if key not in _KERAS_ONLY}
    found = known_options(kind.__name__, options, kind.fields, f"optimizer {name}")
    if decay:  # how Keras 2 lowered rates
        rate = found.get("learning_rate", kind.fields["learning_rate"].default)
        found["learning_rate"] = InverseTimeDecay(rate, 1.0, decay)
    return kind(**found)


_KERAS_ONLY = {"name", "jit_compile", "is_legacy_optimizer"}

__all__ = ["compile_as"]
