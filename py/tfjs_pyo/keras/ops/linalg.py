"""`keras.ops.linalg`: the functions of matrices."""

from tfjs_pyo import naming
from tfjs_pyo.keras.ops import matrices
from tfjs_pyo.keras.ops.declare import merged

FUNCTIONS = merged(matrices.linalg)
globals().update(FUNCTIONS)
__all__ = sorted(FUNCTIONS)  # noqa: PLE0605 (names)
__dir__ = naming.public_dir(__name__)
