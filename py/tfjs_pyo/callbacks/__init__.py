"""Callbacks: code that training calls at the edges of epochs and batches.

Training replays whole epochs without Python; a callback that does nothing per batch costs nothing per batch.
Source: https://js.tensorflow.org/api/latest/#callbacks
"""

from tfjs_pyo import naming
from tfjs_pyo.callbacks.base import Callback, CustomCallback, History, LambdaCallback
from tfjs_pyo.callbacks.loggers import CSVLogger, TerminateOnNaN
from tfjs_pyo.callbacks.monitors import EarlyStopping, ModelCheckpoint
from tfjs_pyo.callbacks.rates import LearningRateScheduler, ReduceLROnPlateau

__all__ = [
    "CSVLogger",
    "Callback",
    "CustomCallback",
    "EarlyStopping",
    "History",
    "LambdaCallback",
    "LearningRateScheduler",
    "ModelCheckpoint",
    "ReduceLROnPlateau",
    "TerminateOnNaN",
]
__getattr__, __dir__ = naming.module_names(__name__)
