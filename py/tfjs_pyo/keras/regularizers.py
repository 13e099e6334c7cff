"""`keras.regularizers`: classes by Keras's names, also in snake_case, with Keras's defaults."""

from tfjs_pyo import naming, regularizers
from tfjs_pyo.documenting import complete
from tfjs_pyo.keras.forms import access, class_names, keras_form, keras_names, respell
from tfjs_pyo.regularizers import REGULARIZERS

Regularizer = respell(keras_form(regularizers.Regularizer))
_CLASSES = class_names(REGULARIZERS.items)
_NAMES = {
    **_CLASSES,
    **{naming.snake(name): kind for name, kind in _CLASSES.items()},
    "Regularizer": Regularizer,
}
_FUNCTIONS = access(REGULARIZERS, "keras.regularizers")

__all__ = [*_NAMES, *_FUNCTIONS]  # noqa: PLE0604 (names)
__getattr__, __dir__ = keras_names(__name__, _NAMES, _FUNCTIONS)
complete(globals())
