"""`tf.keras.metrics`: classes in every spelling; functions by their snake_case names, as in Keras. `tf.metrics` is TF.js's."""

from tfjs_pyo import naming
from tfjs_pyo.metrics import (  # noqa: F401 (functions whose names other spellings would take for those of classes)
    binary_accuracy,
    binary_crossentropy,
    categorical_accuracy,
    categorical_crossentropy,
    categorical_hinge,
    get,
    hinge,
    mae,
    mape,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
    mse,
    poisson,
    r2_score,
    sparse_categorical_accuracy,
    sparse_categorical_crossentropy,
    squared_hinge,
)
from tfjs_pyo.metrics.base import Metric
from tfjs_pyo.metrics.classes import CLASSES
from tfjs_pyo.metrics.means import MeanMetricWrapper

globals().update(CLASSES.items)
__all__ = ["MeanMetricWrapper", "Metric", "get", "mae", "mape", "mse", *CLASSES.items]  # noqa: PLE0604 (names)
__getattr__, __dir__ = naming.module_names(__name__)
