"""`tf.keras.models`: models whose weights are in Keras's order, one layer after the other."""

from tfjs_pyo import models, naming
from tfjs_pyo.keras.forms import keras_form
from tfjs_pyo.models import deserialize, load_layers_model, model_from_json

Model = keras_form(models.Model)
Sequential = keras_form(models.Sequential, Model)

__all__ = ["Model", "Sequential", "deserialize", "load_layers_model", "model_from_json"]
__getattr__, __dir__ = naming.module_names(__name__)
