"""`keras.constraints`: classes by Keras's names, also in snake_case, with Keras's defaults."""

from tfjs_pyo import constraints, naming
from tfjs_pyo.constraints import CONSTRAINTS
from tfjs_pyo.documenting import complete
from tfjs_pyo.keras.forms import access, class_names, keras_form, keras_names, respell

Constraint = respell(keras_form(constraints.Constraint))
_CLASSES = class_names(CONSTRAINTS.items)
_NAMES = {
    **_CLASSES,
    **{naming.snake(name): kind for name, kind in _CLASSES.items()},
    "Constraint": Constraint,
}
_FUNCTIONS = access(CONSTRAINTS, "keras.constraints")

__all__ = [*_NAMES, *_FUNCTIONS]  # noqa: PLE0604 (names)
__getattr__, __dir__ = keras_names(__name__, _NAMES, _FUNCTIONS)
complete(globals())
