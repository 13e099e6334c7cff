"""`tf.keras.saving`: classes of your own, found by name."""

from tfjs_pyo import naming
from tfjs_pyo.serialization import get_registered_name, register_keras_serializable

__all__ = ["get_registered_name", "register_keras_serializable"]
__getattr__, __dir__ = naming.module_names(__name__)
