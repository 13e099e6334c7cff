"""How a model was compiled and what its optimizer remembers, in the form of Keras 3's files."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from tfjs_pyo.dialects import KERAS
from tfjs_pyo.models.keras_files.archive import Compiled
from tfjs_pyo.models.keras_files.objects import saved_form, serialized
from tfjs_pyo.models.saving.training_config import training_config
from tfjs_pyo.optimizers.keras_state import state_for_keras
from tfjs_pyo.optimizers.wrapping import Wrapper

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
    if isinstance(optimizer, Wrapper):
        warnings.warn(
            f"{model.display_name}: save: Keras's files get no state of {optimizer.display_name}: training begins anew where the "
            "model is loaded. Save the model to a folder to keep it.",
            stacklevel=2,
        )
        return Compiled(config, [])
    return Compiled(config, await state_for_keras(optimizer, model.trainable_weights))


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
