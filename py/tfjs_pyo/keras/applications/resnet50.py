"""`keras.applications.resnet50`: the ResNet of 50 layers by itself."""

from tfjs_pyo import naming
from tfjs_pyo.keras.applications.resnet import ResNet50, decode_predictions, preprocess_input

__all__ = ["ResNet50", "decode_predictions", "preprocess_input"]
__dir__ = naming.public_dir(__name__)
