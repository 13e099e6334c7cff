"""`keras.losses`: classes, and functions that give a number for each sample, by Keras's names."""

from tfjs_pyo.documenting import complete
from tfjs_pyo.keras.forms import access, keras_names
from tfjs_pyo.losses import classes
from tfjs_pyo.losses.functions import CLASSES, LOSSES
from tfjs_pyo.losses.keras_functions import FUNCTIONS

Loss = classes.Loss
_CLASSES = {**CLASSES.items, "Loss": Loss}
_ACCESS = access(LOSSES, "keras.losses", CLASSES)

__all__ = [*_CLASSES, *FUNCTIONS, *_ACCESS]  # noqa: PLE0604 (names)
__getattr__, __dir__ = keras_names(__name__, _CLASSES, {**FUNCTIONS, **_ACCESS})
complete(globals())
