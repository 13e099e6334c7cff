"""Tensors as the NumPy arrays that Keras's face gives out."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Mapping
from typing import Any

from tfjs_pyo.core import values
from tfjs_pyo.core.blocking import is_blocking, notice, wait
from tfjs_pyo.core.engine import import_numpy
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, DTypeError, StorageError
from tfjs_pyo.io.packages import prepare
from tfjs_pyo.options import shown

_IN_PAGE: bool = sys.platform == "emscripten"


def numpy_or_none() -> Any:
    """Returns NumPy; in a page it is loaded now if that is possible. None, and one notice, where it cannot be had."""
    if importlib.util.find_spec("numpy") is None and _IN_PAGE and not is_blocking():
        try:
            if importlib.import_module("pyodide.ffi").can_run_sync():
                wait(prepare("numpy"))
        except StorageError:
            pass  # said below
    if importlib.util.find_spec("numpy") is None:
        notice(
            "NumPy cannot be had here, so results come as tensors: they have shape, dtype, tolist() and arithmetic, and "
            "float() takes those of one number. `import numpy` in the program loads NumPy where the page can reach it."
        )
        return None
    return importlib.import_module("numpy")


def array_of(owner: str, name: str, value: Any, dtype: Any = None) -> Any:
    """Returns what a user gave as a NumPy array of numbers.

    Args:
        owner: who asks, for errors.
        name: of the argument.
        value: numbers in lists, an array, a tensor, an image.
        dtype: of the array; default: that of the values.

    Raises:
        DTypeError: no such dtype.
        ArgumentError: they are no numbers, or lists of different lengths.
    """
    numpy = import_numpy(owner)
    try:
        kind = None if dtype is None else numpy.dtype(dtype)
    except (TypeError, ValueError):
        raise DTypeError(f"{owner}: expected a dtype of NumPy's, received {shown(dtype)}.") from None
    try:
        found = numpy.asarray(value, dtype=kind)
    except (TypeError, ValueError, OverflowError):
        found = None
    if found is None or found.dtype.kind not in "biuf":
        raise ArgumentError(f"{owner}: expected `{name}` to be an array of numbers, received {shown(value)}.")
    return found


def as_arrays(structure: Any) -> Any:
    """Returns a tensor, or lists, tuples and dicts of tensors, as NumPy arrays; as they are where there is no NumPy."""
    numpy = numpy_or_none()
    return structure if numpy is None else wait(_converted(numpy, structure))


async def _converted(numpy: Any, structure: Any) -> Any:
    if isinstance(structure, Mapping):
        return {name: await _converted(numpy, value) for name, value in structure.items()}
    if isinstance(structure, (list, tuple)):
        return type(structure)([await _converted(numpy, value) for value in structure])
    if not isinstance(structure, Tensor):
        return structure
    return values.as_array(numpy, await structure.data(), structure.shape, structure.dtype)


__all__ = ["array_of", "as_arrays", "numpy_or_none"]
