"""`keras.legacy.saving`: configs of objects, as `keras.saving` makes and reads them."""

from tfjs_pyo import naming
from tfjs_pyo.keras.saving import deserialize_keras_object, serialize_keras_object

__all__ = ["deserialize_keras_object", "serialize_keras_object"]
__dir__ = naming.public_dir(__name__)
