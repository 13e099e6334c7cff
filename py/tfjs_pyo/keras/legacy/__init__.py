"""`keras.legacy`: former names of functions."""

from tfjs_pyo import naming
from tfjs_pyo.keras.legacy import saving

__all__ = ["saving"]
__dir__ = naming.public_dir(__name__)
