"""Keras's face of training, over the one trainer of `models`."""

from __future__ import annotations

from tfjs_pyo.models.training.trainer import Trainer


class Training(Trainer):
    """What models of Keras's face have in place of TensorFlow.js's methods of the same names."""


__all__ = ["Training"]
