"""`keras.activations`: functions by Keras's names, as Keras means them."""

from tfjs_pyo.activations import ACTIVATIONS
from tfjs_pyo.documenting import complete
from tfjs_pyo.keras.forms import access, keras_form, keras_names

_FUNCTIONS = {
    **{name: function for name, function in ACTIVATIONS.items.items() if not hasattr(function, "keras_name")},
    **{name: ACTIVATIONS.items[of] for name, of in ACTIVATIONS.aliases.items()},
}
_NAMES = {name: keras_form(function) for name, function in _FUNCTIONS.items()}
_ACCESS = access(ACTIVATIONS, "keras.activations")


__all__ = [*_NAMES, *_ACCESS]  # noqa: PLE0604 (names)
__getattr__, __dir__ = keras_names(__name__, _NAMES, _ACCESS)
complete(globals())
