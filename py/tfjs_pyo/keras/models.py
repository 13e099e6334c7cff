"""`tf.keras.models`: models whose weights are in Keras's order, one layer after the other."""

from __future__ import annotations

from tfjs_pyo import models, naming
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.keras.layer import Layer
from tfjs_pyo.keras.steps import Steps
from tfjs_pyo.keras.training import Training
from tfjs_pyo.models import deserialize, load_layers_model, model_from_json


class Model(Steps, Training, models.Model, Layer, dialect=KERAS):
    """A graph of layers from inputs to outputs, or a subclass that defines `call`; trained synchronously, as in Keras.

    Args:
        inputs: symbolic tensor of `keras.Input`, or a list of them.
        outputs: symbolic tensor, or a list of them.
        name: of the model.

    Source: https://keras.io/api/models/model/
    """


class Functional(models.Functional, Model, dialect=KERAS):
    """A graph of layers from inputs to outputs: what `keras.Model(inputs, outputs)` makes.

    Source: https://keras.io/api/models/model/
    """

    _stands_for = Model


Model._graph_class = Functional
Model.__signature__ = Functional.__signature__


class Sequential(models.Sequential, Model, dialect=KERAS):
    """A stack of layers; trained synchronously, as in Keras.

    Args:
        layers: the first ones, if any.
        name: of the model.

    Source: https://keras.io/api/models/sequential/
    """


__all__ = ["Functional", "Model", "Sequential", "deserialize", "load_layers_model", "model_from_json"]
__getattr__, __dir__ = naming.module_names(__name__)
