"""`tf.keras.optimizers`: Keras's formulas and defaults; `tf.train` has TF.js's."""

from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.optimizers import KERAS_OPTIMIZERS, SGD, AdamW, Ftrl, Lion, Nadam, Optimizer, schedules
from tfjs_pyo.optimizers import RMSProp as RMSprop
from tfjs_pyo.optimizers.keras_forms import Adadelta, Adagrad, Adam, Adamax


def get(identifier: Any) -> Optimizer:
    """Returns Keras's optimizer for a name, a `{'class_name', 'config'}` dict, or the optimizer itself.

    Args:
        identifier: what the user gave.

    Raises:
        OptionError: an unknown name, or no optimizer.

    Example:
        >>> get("adagrad").learning_rate
        0.001

    Source: https://keras.io/api/optimizers/
    """
    found: Optimizer = KERAS_OPTIMIZERS.get(identifier, "keras.optimizers.get")
    return found


__all__ = [
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Ftrl",
    "Lion",
    "Nadam",
    "Optimizer",
    "RMSprop",
    "get",
    "schedules",
]
__getattr__, __dir__ = naming.module_names(__name__)
