"""`keras.metrics`: classes, and functions that give a number for each sample, by Keras's names."""

from tfjs_pyo.documenting import complete
from tfjs_pyo.keras.forms import access, keras_names
from tfjs_pyo.losses.keras_functions import OLDER
from tfjs_pyo.metrics import METRICS, base
from tfjs_pyo.metrics.classes import CLASSES
from tfjs_pyo.metrics.keras_functions import FUNCTIONS
from tfjs_pyo.metrics.means import MeanMetricWrapper

Metric = base.Metric
_CLASSES = {**CLASSES.items, "MeanMetricWrapper": MeanMetricWrapper, "Metric": Metric}
_ACCESS = access(METRICS, "keras.metrics", CLASSES, objects=True)

__all__ = [*_CLASSES, *FUNCTIONS, *OLDER, *_ACCESS]  # noqa: PLE0604 (names)
__getattr__, __dir__ = keras_names(__name__, _CLASSES, {**FUNCTIONS, **OLDER, **_ACCESS})
complete(globals())
