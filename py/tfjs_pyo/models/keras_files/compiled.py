"""How a model was compiled and what its optimizer remembers, in the form of Keras 3's files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tfjs_pyo.dialects import KERAS
from tfjs_pyo.models.keras_files.archive import Compiled
from tfjs_pyo.models.keras_files.objects import saved_form, serialized
from tfjs_pyo.models.saving.training_config import training_config
from tfjs_pyo.optimizers.keras_state import inner_states, state_for_keras

if TYPE_CHECKING:
    from tfjs_pyo.models.base import Model


async def keras_state(model: Model) -> Compiled | None:
    """Returns how a model was compiled; None if it was not, or with an optimizer of TensorFlow.js, which Keras lacks."""
    optimizer = model.optimizer
    if optimizer is None or KERAS not in (type(model).dialect, type(optimizer).dialect):
        return None
    config = _config(model)
    if config is None:
        return None
    variables = model.trainable_weights
    state, inner = await state_for_keras(optimizer, variables), await inner_states(optimizer, variables)
    return Compiled(config, state, inner)


def _config(model: Model) -> dict[str, Any] | None:
    ask: Any = getattr(model, "get_compile_config", None)
    if ask is not None:
        own = ask()
        return None if own is None else dict(serialized(own))
    told = training_config(model)
    if told is None:
        return None
    return {
        "optimizer": saved_form(model.optimizer),
        "loss": told["loss"],
        "loss_weights": told.get("lossWeights"),
        "metrics": told["metrics"] or None,
    }


__all__ = ["keras_state"]
