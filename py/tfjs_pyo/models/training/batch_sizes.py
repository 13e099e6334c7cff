"""How many samples a batch has: as many as are asked for, or as the stateful layers of a model remember."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tfjs_pyo import naming
from tfjs_pyo.config import positive_int
from tfjs_pyo.errors import ArgumentError, ShapeError
from tfjs_pyo.layers.holding import flatten_layers
from tfjs_pyo.layers.rnn_layers import Recurrent

if TYPE_CHECKING:
    from tfjs_pyo.models.training.trainer import Trainer

USUAL = 32
"""Samples of a batch by default."""


def fixed_batch(model: Trainer) -> int | None:
    """Returns how many samples the batches of a model with stateful layers must have; None: any number.

    As in TensorFlow.js and Keras 3, the batch size in the shape of an input binds nobody but the layers that remember.
    """
    if not model.stateful:
        return None
    told = {shape[0] for _, shape in model._input_specs() if shape and shape[0] is not None}
    return min(told) if told else _remembered(model)


def _remembered(layer: Any) -> int | None:
    """Returns the batch size of the first layer inside that has states."""
    found = (each for each in flatten_layers(layer) if isinstance(each, Recurrent) and each.states)
    return next((each.states[0].shape[0] for each in found), None)


def batch_size(
    owner: str, model: Trainer, given: Any, name: str = "batch_size", usual: int | None = None
) -> int:
    """Returns how many samples a batch has.

    Args:
        owner: who asks, for errors.
        model: whose batches they are.
        given: the option, or None.
        name: of the option.
        usual: where neither the option nor the model tells.

    Raises:
        OptionError: the option is no positive integer.
        ArgumentError: the stateful layers of the model need another number.
    """
    asked = None if given is None else positive_int(owner, name, given)
    fixed = fixed_batch(model)
    if fixed is None:
        return asked or usual or USUAL
    if asked not in (None, fixed):
        raise ArgumentError(
            f"{owner}: expected {naming.camel(name)!r} to be {fixed}, the batch size that the stateful layers of the model are "
            f"made for (batchInputShape), received {asked}."
        )
    return fixed


def check_whole(owner: str, model: Trainer, count: int) -> None:
    """Raises ShapeError if samples do not make whole batches for a model with stateful layers."""
    fixed = fixed_batch(model)
    if fixed is not None and count % fixed:
        raise ShapeError(
            f"{owner}: expected whole batches of {fixed} samples, as the model has stateful layers, received {count} "
            f"sample{'' if count == 1 else 's'}."
        )
