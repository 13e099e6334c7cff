"""`keras.ops.nn`: the functions of neural networks."""

from tfjs_pyo import naming
from tfjs_pyo.keras.ops import convolving, core, ctc, neural
from tfjs_pyo.keras.ops.declare import merged

FUNCTIONS = merged(neural.nn, convolving.nn, core.nn, ctc.nn)
globals().update(FUNCTIONS)
__all__ = sorted(FUNCTIONS)  # noqa: PLE0605 (names)
__dir__ = naming.public_dir(__name__)
