"""NumPy's functions on tensors: they compute with the values and return NumPy's arrays and numbers.

Source: https://numpy.org/doc/stable/user/basics.dispatch.html
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tfjs_pyo.core import engine
from tfjs_pyo.errors import ArgumentError

_BY_SHAPE = frozenset(
    {"shape", "ndim", "size", "zeros_like", "ones_like", "empty_like", "full_like", "result_type"}
)
"""Functions that ask for no values: so they work on tensors whose values are not known yet."""


def call_numpy(
    kind: type[Any], function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Any:
    """Calls a function of NumPy with arrays in the places of tensors, also in lists, tuples and dicts.

    Args:
        kind: the class of tensors.
        function: of NumPy.
        args: as NumPy takes them.
        kwargs: as NumPy takes them.

    Raises:
        ArgumentError: it would change a tensor.
    """
    np = engine.import_numpy(f"numpy.{function.__name__}")
    by_shape = function.__name__ in _BY_SHAPE
    made: list[Any] = []

    def array(value: Any) -> Any:
        if isinstance(value, kind):
            if by_shape and value.dtype != "string":
                return np.broadcast_to(np.zeros((), value.dtype), value.shape)
            found = np.asarray(value)
            found.flags.writeable = False  # NumPy's functions must not change what only they see
            made.append(found)
            return found
        if type(value) in (list, tuple):
            return type(value)(map(array, value))
        if type(value) is dict:
            return {key: array(item) for key, item in value.items()}
        return value

    given = [array(value) for value in args], {name: array(value) for name, value in kwargs.items()}
    try:
        result = function(*given[0], **given[1])
    except ValueError as error:
        if made and _CHANGED.search(str(error)):
            raise ArgumentError(
                f"numpy.{function.__name__}: expected an array to write to, received a tensor, which never changes. "
                "Change t.numpy() and make a tensor of that."
            ) from error
        raise
    for each in made:
        each.flags.writeable = True
    _release(np, result)
    return result


_CHANGED = re.compile(r"read-only|not writeable|WRITEABLE|not writable")
"""What NumPy says of arrays that it was to write to."""


def _release(np: Any, result: Any) -> None:
    """Makes arrays that are views of those that a function was given writeable as these are."""
    if isinstance(result, (list, tuple)):
        for each in result:
            _release(np, each)
    elif isinstance(result, np.ndarray) and not result.flags.writeable and 0 not in result.strides:
        with contextlib.suppress(ValueError):  # a view of something else
            result.flags.writeable = True
