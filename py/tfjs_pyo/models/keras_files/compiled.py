"""How a model was compiled and what its optimizer remembers, in the form of Keras 3's files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tfjs_pyo.config import Configurable
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.models.keras_files.archive import Compiled, saved_form
from tfjs_pyo.models.saving.training_config import training_config
from tfjs_pyo.optimizers.keras_state import state_for_keras

if TYPE_CHECKING:
    from tfjs_pyo.models.base import Model


async def keras_state(model: Model) -> Compiled | None:
    """Returns how a model was compiled; None if it was not, or with an optimizer of TensorFlow.js, which Keras lacks."""
    told, optimizer = training_config(model), model.optimizer
    if told is None or optimizer is None or KERAS not in (type(model).dialect, type(optimizer).dialect):
        return None
    config = {
        "optimizer": _optimizer(optimizer),
        "loss": told["loss"],
        "loss_weights": told.get("lossWeights"),
        "metrics": told["metrics"] or None,
    }
    return Compiled(config, await state_for_keras(optimizer, model.trainable_weights))


def _optimizer(optimizer: Any) -> Any:
    """Returns an optimizer in Keras's form."""
    form = saved_form(optimizer)
    rate = optimizer.learning_rate
    if isinstance(rate, Configurable):
        form["config"]["learning_rate"] = saved_form(rate)
    return form


__all__ = ["keras_state"]
