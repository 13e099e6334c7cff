"""`keras.ops`: Keras's functions of tensors, declared over the ops of layer 3 by names, arguments and dtypes of Keras's."""

from typing import Any

from tfjs_pyo.documenting import complete
from tfjs_pyo.keras.ops import (
    choosing,
    control,
    core,
    elementwise,
    image,
    linalg,
    matrices,
    nn,
    numpy,
    products,
    reducing,
    sorting,
    spectral,
)
from tfjs_pyo.keras.ops.declare import merged
from tfjs_pyo.naming import suggestions

_CORE = merged(choosing.core, control.core, core.core)
_MATH = merged(
    *(each.math_group for each in (choosing, elementwise, matrices, products, reducing, sorting, spectral))
)
_FUNCTIONS = {**numpy.FUNCTIONS, **linalg.FUNCTIONS, **nn.FUNCTIONS, **_CORE, **_MATH}
globals().update(_FUNCTIONS)
__all__ = ["image", "linalg", "nn", "numpy", *sorted(_FUNCTIONS)]  # noqa: PLE0604 (names)


def __getattr__(name: str) -> Any:
    raise AttributeError(f"keras.ops has no {name!r}.{suggestions(name, __all__)}")


def __dir__() -> list[str]:
    return __all__


complete(globals())
