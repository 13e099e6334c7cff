"""`keras.preprocessing.sequence`: sequences of one length."""

from tfjs_pyo import naming
from tfjs_pyo.keras.utils.numeric import pad_sequences

__all__ = ["pad_sequences"]
__dir__ = naming.public_dir(__name__)
