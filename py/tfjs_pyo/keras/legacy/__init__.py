"""`keras.legacy`: former names of functions."""

from tfjs_pyo.keras.legacy import saving

__all__ = ["saving"]
