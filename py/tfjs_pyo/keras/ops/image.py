"""`keras.ops.image`: the functions of images."""

from tfjs_pyo import naming
from tfjs_pyo.keras.ops import filters, images, warping
from tfjs_pyo.keras.ops.declare import merged

FUNCTIONS = merged(filters.image, images.image, warping.image)
globals().update(FUNCTIONS)
__all__ = sorted(FUNCTIONS)  # noqa: PLE0605 (names)
__dir__ = naming.public_dir(__name__)
