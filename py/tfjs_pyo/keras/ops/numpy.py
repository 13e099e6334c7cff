"""`keras.ops.numpy`: the NumPy-like functions."""

from tfjs_pyo import naming
from tfjs_pyo.keras.ops import (
    choosing,
    control,
    core,
    creating,
    elementwise,
    matrices,
    moving,
    padding,
    products,
    reducing,
    sorting,
)
from tfjs_pyo.keras.ops.declare import merged

FUNCTIONS = merged(
    *(
        each.numpy
        for each in (
            choosing,
            control,
            core,
            creating,
            elementwise,
            matrices,
            moving,
            padding,
            products,
            reducing,
            sorting,
        )
    )
)
globals().update(FUNCTIONS)
__all__ = sorted(FUNCTIONS)  # noqa: PLE0605 (names)
__dir__ = naming.public_dir(__name__)
