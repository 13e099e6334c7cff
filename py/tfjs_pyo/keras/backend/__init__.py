"""`keras.backend`: settings, dtypes, and the functions `K.*` of Keras 2 that programs still use: each is one of `keras.ops`."""

from __future__ import annotations

from typing import Any

from tfjs_pyo import dtypes, naming
from tfjs_pyo.documenting import complete
from tfjs_pyo.dtype_names import FLOATS, INTEGERS, standardize_dtype, stored
from tfjs_pyo.keras.backend import arrays, networks, values
from tfjs_pyo.keras.config import (
    backend,
    epsilon,
    floatx,
    image_data_format,
    set_epsilon,
    set_floatx,
    set_image_data_format,
)
from tfjs_pyo.keras.utils.objects import clear_session, is_keras_tensor
from tfjs_pyo.rules import check_public

FUNCTIONS = {**arrays.FUNCTIONS, **networks.FUNCTIONS, **values.FUNCTIONS}
"""The functions of Keras 2 by their names."""
_counts: dict[str, int] = {}


def get_uid(prefix: str = "") -> int:
    """Returns how often it was called with a prefix.

    Args:
        prefix: what a name begins with: each prefix has its own count.

    Example:
        >>> from tfjs_pyo import keras
        >>> first = keras.backend.get_uid("pad")
        >>> keras.backend.get_uid("pad") - first
        1

    Source: https://keras.io/api/utils/backend_utils/
    """
    _counts[prefix] = _counts.get(prefix, 0) + 1
    return _counts[prefix]


def is_float_dtype(dtype: Any) -> bool:
    """Returns whether a dtype is one of floats.

    Args:
        dtype: name of a dtype, or what `standardize_dtype` takes.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.backend.is_float_dtype("float32"), keras.backend.is_float_dtype("int32")
        (True, False)

    Source: https://keras.io/api/utils/backend_utils/
    """
    return standardize_dtype(dtype) in FLOATS


def is_int_dtype(dtype: Any) -> bool:
    """Returns whether a dtype is one of integers.

    Args:
        dtype: name of a dtype, or what `standardize_dtype` takes.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.backend.is_int_dtype("int32"), keras.backend.is_int_dtype("bool")
        (True, False)

    Source: https://keras.io/api/utils/backend_utils/
    """
    return standardize_dtype(dtype) in INTEGERS


def result_type(*dtypes_: Any) -> str:
    """Returns the dtype that operands are promoted to: of those that are computed here.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.backend.result_type("int32", "float32"), keras.backend.result_type("int64", bool)
        ('float32', 'int32')

    Source: https://keras.io/api/utils/backend_utils/
    """
    return dtypes.promote(*(stored(dtype) for dtype in dtypes_)) if dtypes_ else "float32"


_INSTEAD = {
    "function": "call a Model of these inputs and outputs",
    "gradients": "compute the result in a GradientTape, and ask it",
    "get_session": "there are no sessions: tensors have values",
    "set_session": "there are no sessions: leave the call out",
    "ctc_label_dense_to_sparse": "there are no sparse tensors; ctc_batch_cost takes labels as they are",
    "placeholder": "use keras.Input",
}


def __getattr__(name: str) -> Any:
    if name in FUNCTIONS:
        return FUNCTIONS[name]
    raise AttributeError(
        f"keras.backend has no {name!r}."
        + (f" Instead: {_INSTEAD[name]}." if name in _INSTEAD else " Look in keras.ops.")
    )


__all__ = [
    "backend", "clear_session", "epsilon", "floatx", "get_uid", "image_data_format", "is_float_dtype", "is_int_dtype",
    "is_keras_tensor", "result_type", "set_epsilon", "set_floatx", "set_image_data_format", "standardize_dtype",
]  # fmt: skip
__dir__ = naming.public_dir(__name__)
check_public(globals())
complete(globals())
