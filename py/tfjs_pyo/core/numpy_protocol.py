"""NumPy's functions on tensors: they compute with the values and return NumPy's arrays and numbers.

Source: https://numpy.org/doc/stable/user/basics.dispatch.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tfjs_pyo.core import engine

if TYPE_CHECKING:
    from tfjs_pyo.core.tensor import Tensor

_BY_SHAPE = frozenset(
    {"shape", "ndim", "size", "zeros_like", "ones_like", "empty_like", "full_like", "result_type"}
)
"""Functions that ask for no values: so they work on tensors whose values are not known yet."""


def call_numpy(
    kind: type[Tensor], function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Any:
    """Calls a function of NumPy with arrays in the places of tensors, also in lists, tuples and dicts."""
    np = engine.import_numpy(f"numpy.{function.__name__}")
    by_shape = function.__name__ in _BY_SHAPE

    def array(value: Any) -> Any:
        if isinstance(value, kind):
            if by_shape and value.dtype != "string":
                return np.broadcast_to(np.zeros((), value.dtype), value.shape)
            return np.asarray(value)
        if type(value) in (list, tuple):
            return type(value)(map(array, value))
        if type(value) is dict:
            return {key: array(item) for key, item in value.items()}
        return value

    return function(*map(array, args), **{name: array(value) for name, value in kwargs.items()})
