"""How a model was compiled and what its optimizer remembers, in the form of Keras 3's files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tfjs_pyo.config import Configurable
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.models.keras_files.archive import Compiled, saved_form
from tfjs_pyo.models.saving.training_config import training_config
from tfjs_pyo.optimizers.keras_forms import is_keras_form
from tfjs_pyo.optimizers.keras_state import state_for_keras
from tfjs_pyo.optimizers.rmsprop_optimizer import RMSProp

if TYPE_CHECKING:
    from tfjs_pyo.models.base import Model


async def keras_state(model: Model) -> Compiled | None:
    """Returns how a model was compiled; None if it was not, or with an optimizer of TensorFlow.js, which Keras lacks."""
    told, optimizer = training_config(model), model.optimizer
    is_keras = type(model).dialect is KERAS or (optimizer is not None and is_keras_form(optimizer))
    if told is None or optimizer is None or not is_keras:
        return None
    config = {
        "optimizer": _optimizer(optimizer),
        "loss": told["loss"],
        "loss_weights": told.get("lossWeights"),
        "metrics": told["metrics"] or None,
    }
    return Compiled(config, await state_for_keras(optimizer, model.trainable_weights))


_CLASSES = {"RMSprop": RMSProp}
_NAMES = {"beta1": "beta_1", "beta2": "beta_2"}
"""Keras's names of options, where files of TensorFlow.js have others."""


def _optimizer(optimizer: Any) -> Any:
    """Returns an optimizer in Keras's form: its options under Keras's names."""
    names = {**_NAMES, **{ours: keras for keras, ours in type(optimizer).words_of_keras.items()}}
    form = saved_form(optimizer)
    config = {names.get(name, name): value for name, value in form["config"].items()}
    rate = optimizer.learning_rate
    if isinstance(rate, Configurable):
        told = saved_form(rate)
        options = {name: value for name, value in told["config"].items() if (name, value) != ("name", None)}
        config["learning_rate"] = {**told, "config": options}
    if not config.get("decay", True):
        del config["decay"]  # of TensorFlow.js
    kind = next((name for name, item in _CLASSES.items() if item is type(optimizer)), form["class_name"])
    return {**form, "class_name": kind, "config": config}


__all__ = ["keras_state"]
