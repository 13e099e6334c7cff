"""`keras.preprocessing.sequence`: sequences of one length."""

from tfjs_pyo.keras.utils.numeric import pad_sequences

__all__ = ["pad_sequences"]
