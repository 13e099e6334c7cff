"""Compiles a model as a file says: optimizer, losses, metrics."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tfjs_pyo import naming
from tfjs_pyo import optimizers as optimizer_classes
from tfjs_pyo.errors import FormatError, TfError
from tfjs_pyo.models.loading.configs import class_and_config, is_object, known_options, plain
from tfjs_pyo.models.saving.training_config import KERAS
from tfjs_pyo.optimizers.schedules import InverseTimeDecay

if TYPE_CHECKING:
    from tfjs_pyo.models.base import Model


def compile_as(model: Model, config: Any, owner: str, keras: bool) -> bool:
    """Compiles a model as a file says; where that cannot be, warns and leaves it as it is.

    Args:
        model: to be compiled.
        config: TF.js's `trainingConfig`, Keras 2's `training_config`, Keras 3's `compile_config`.
        owner: who asks, for messages.
        keras: whether names of optimizers mean Keras's.

    Returns:
        Whether it was compiled.
    """
    before = model.optimizer
    try:
        given = _read(config, keras)
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


def _read(config: Any, keras: bool) -> dict[str, Any] | None:
    if not isinstance(config, Mapping):
        raise FormatError(f"expected the training config to be an object, received {type(config).__name__}.")
    config = config.get("config", config) if "optimizer_config" not in config else config
    optimizer = config.get("optimizer_config", config.get("optimizer"))
    if optimizer is None:
        return None
    result = {"optimizer": _optimizer(optimizer, keras), "loss": _named(config.get("loss"))}
    found = config.get("metrics")
    if found:
        result["metrics"] = _flat(_named(found))
    factors = config.get("lossWeights", config.get("loss_weights"))
    return result if factors is None else {**result, "loss_weights": factors}


def _flat(value: Any) -> Any:
    """Returns a list of names of metrics; Keras 2 nests it once more."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        return value[0]
    return value


def _named(value: Any) -> Any:
    """Returns losses and metrics with names in place of Keras's objects."""
    value = plain(value, "training config")
    if isinstance(value, list):
        return [_named(item) for item in value]
    if is_object(value):
        name, config = class_and_config(value, "training config")
        inner = config.get("fn", config.get("name")) if isinstance(config, Mapping) else None
        return (
            inner
            if isinstance(inner, str) and name in ("LossFunctionWrapper", "MeanMetricWrapper")
            else naming.snake(name)
        )
    if isinstance(value, Mapping):
        return {key: _named(item) for key, item in value.items()}
    return value


def _optimizer(value: Any, keras: bool) -> Any:
    if not is_object(value):
        return value
    keras = keras or value.get("module") == KERAS
    known = optimizer_classes.OPTIMIZERS.in_keras if keras else optimizer_classes.OPTIMIZERS
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
