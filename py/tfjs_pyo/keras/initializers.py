"""`keras.initializers`: classes by Keras's names, also in snake_case, with Keras's defaults."""

from tfjs_pyo import initializers, naming
from tfjs_pyo.documenting import complete
from tfjs_pyo.initializers import INITIALIZERS
from tfjs_pyo.keras.forms import access, class_names, keras_form, keras_names, respell

Initializer = respell(keras_form(initializers.Initializer))
_CLASSES = class_names(INITIALIZERS.items)
_NAMES = {
    **_CLASSES,
    **{naming.snake(name): kind for name, kind in _CLASSES.items()},
    **{f"{name}Initializer": _CLASSES[name] for name in ("Identity", "Orthogonal", "STFT")},
    "Initializer": Initializer,
}
_FUNCTIONS = access(INITIALIZERS, "keras.initializers")

__all__ = [*_NAMES, *_FUNCTIONS]  # noqa: PLE0604 (names)
__getattr__, __dir__ = keras_names(__name__, _NAMES, _FUNCTIONS)
complete(globals())
