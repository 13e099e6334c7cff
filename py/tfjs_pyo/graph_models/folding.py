"""Small whole numbers whose values are known, such as shapes: computed here, so that no op waits for the GPU to tell a shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

Values = np.ndarray[Any, np.dtype[np.int32]]
Folded = Callable[[Sequence[Values], Mapping[str, Any]], Any]
MOST = 64
"""Elements of the largest tensor that is followed: shapes and indices are far smaller, weights far larger."""


def _reduced(function: Any) -> Folded:
    return lambda given, attrs: function(
        given[0], axis=tuple(np.atleast_1d(given[1]).tolist()), keepdims=bool(attrs.get("keep_dims"))
    )


def _binary(function: Any) -> Folded:
    return lambda given, _attrs: function(given[0], given[1])


def _sliced(given: Sequence[Values], attrs: Mapping[str, Any]) -> Any:
    """Slices a vector; None for all other slices, which ops/ know."""
    x, begin, end, stride = given
    if x.ndim != 1 or begin.size != 1 or attrs.get("ellipsis_mask") or attrs.get("new_axis_mask"):
        return None
    if attrs.get("shrink_axis_mask"):
        place = int(begin[0])
        return x[place] if -x.size <= place < x.size else None
    first = None if attrs.get("begin_mask") else int(begin[0])
    last = None if attrs.get("end_mask") else int(end[0])
    return x[first : last : int(stride[0])]


_FOLDED: dict[str, Folded] = {
    "Add": _binary(np.add), "AddV2": _binary(np.add), "Sub": _binary(np.subtract), "Mul": _binary(np.multiply),
    "Maximum": _binary(np.maximum), "Minimum": _binary(np.minimum), "Prod": _reduced(np.prod), "Sum": _reduced(np.sum),
    "Max": _reduced(np.max), "Min": _reduced(np.min), "StridedSlice": _sliced,
    "Pack": lambda given, attrs: np.stack(given, attrs.get("axis") or 0),
    "ConcatV2": lambda given, _: np.concatenate(given[:-1], int(given[-1])),
    "GatherV2": lambda given, attrs: None if attrs.get("batch_dims") else np.take(given[0], given[1], int(given[2])),
    "ExpandDims": lambda given, _: np.expand_dims(given[0], int(given[1])),
    "Range": lambda given, _: np.arange(*map(int, given)) if given[2] else None,
    "Cast": lambda given, attrs: given[0] if attrs.get("DstT") == "int32" else None,
    "Identity": lambda given, _: given[0],
}  # fmt: skip


def folded(op: str, given: Sequence[Values], attrs: Mapping[str, Any]) -> Values | None:
    """Returns what an op makes of known whole numbers; None if it is not followed, or if the op itself has to complain."""
    compute = _FOLDED.get(op)
    if compute is None:
        return None
    try:
        result = compute(given, attrs)
    except (ValueError, IndexError, TypeError):  # the op says what is wrong, in the words of its own errors
        return None
    return None if result is None or np.size(result) > MOST else np.asarray(result, np.int32)
