"""`keras.optimizers`: Keras's formulas and defaults; `tf.train` has TF.js's."""

from tfjs_pyo.documenting import complete
from tfjs_pyo.keras.forms import access, class_names, keras_names
from tfjs_pyo.keras.optimizers import legacy, schedules
from tfjs_pyo.optimizers import OPTIMIZERS, Momentum, keras_optimizer
from tfjs_pyo.optimizers.wrapping import OptimizerMap

Optimizer = keras_optimizer.Optimizer
_CLASSES = class_names({name: kind for name, kind in OPTIMIZERS.items.items() if kind is not Momentum})
_NAMES = {**_CLASSES, "Optimizer": Optimizer, "OptimizerMap": OptimizerMap}
_FUNCTIONS = access(OPTIMIZERS, "keras.optimizers")

__all__ = ["legacy", "schedules", *_NAMES, *_FUNCTIONS]  # noqa: PLE0604 (names)
__getattr__, __dir__ = keras_names(__name__, _NAMES, _FUNCTIONS)
complete(globals())
