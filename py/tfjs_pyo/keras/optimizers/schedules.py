"""`keras.optimizers.schedules`: learning rates that follow from the number of the step."""

from tfjs_pyo.documenting import complete
from tfjs_pyo.keras.forms import access, keras_names
from tfjs_pyo.optimizers.schedules import SCHEDULES, LearningRateSchedule

_NAMES = {**SCHEDULES.items, "LearningRateSchedule": LearningRateSchedule}
_ACCESS = access(SCHEDULES, "keras.optimizers.schedules")
_FUNCTIONS = {name: _ACCESS[name] for name in ("serialize", "deserialize")}

__all__ = [*_NAMES, *_FUNCTIONS]  # noqa: PLE0604 (names)
__getattr__, __dir__ = keras_names(__name__, _NAMES, _FUNCTIONS)
complete(globals())
