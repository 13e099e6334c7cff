"""Small whole numbers whose values are known, such as shapes: computed here, so that no op waits for the GPU to tell a shape."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Values = int | list[int]
"""A scalar or a vector."""
Folded = Callable[[Sequence[Any], Mapping[str, Any]], Any]
MOST = 64
"""Elements of the largest tensor that is followed: shapes and indices are far smaller, weights far larger."""
_INT32 = range(-(2**31), 2**31)


def _binary(function: Callable[[int, int], int]) -> Folded:
    def compute(given: Sequence[Any], _attrs: Mapping[str, Any]) -> Any:
        a, b = given
        if isinstance(a, int) and isinstance(b, int):
            return function(a, b)
        rows = [[each] if isinstance(each, int) else each for each in (a, b)]
        size = max(map(len, rows))
        first, second = (row * size if len(row) == 1 else row for row in rows)
        return [function(x, y) for x, y in zip(first, second, strict=True)]

    return compute


def _reduced(function: Callable[[list[int]], int]) -> Folded:
    def compute(given: Sequence[Any], attrs: Mapping[str, Any]) -> Any:
        values, axes = given
        if not isinstance(values, list) or axes not in (0, -1, [0], [-1]):
            return None
        found = function(values)
        return [found] if attrs.get("keep_dims") else found

    return compute


def _sliced(given: Sequence[Any], attrs: Mapping[str, Any]) -> Any:
    """Slices a vector along its only axis; other slices are for ops/."""
    values, begin, end, stride = given
    if not isinstance(values, list) or attrs.get("ellipsis_mask") or attrs.get("new_axis_mask"):
        return None
    ((first,), (last,), (step,)) = begin, end, stride
    if attrs.get("shrink_axis_mask"):
        return values[first]
    return values[None if attrs.get("begin_mask") else first : None if attrs.get("end_mask") else last : step]


def _gathered(given: Sequence[Any], attrs: Mapping[str, Any]) -> Any:
    values, places, axis = given
    if attrs.get("batch_dims") or axis not in (0, -1) or min([0, *_listed(places)]) < 0:
        return None
    return [values[place] for place in places] if isinstance(places, list) else values[places]


def _listed(values: Values) -> list[int]:
    return [values] if isinstance(values, int) else values


_FOLDED: dict[str, Folded] = {
    "Add": _binary(operator.add), "AddV2": _binary(operator.add), "Sub": _binary(operator.sub), "Mul": _binary(operator.mul),
    "Maximum": _binary(max), "Minimum": _binary(min), "Prod": _reduced(math.prod), "Sum": _reduced(sum), "Max": _reduced(max),
    "Min": _reduced(min), "StridedSlice": _sliced, "GatherV2": _gathered,
    "Pack": lambda given, _: [operator.index(each) for each in given],
    "ConcatV2": lambda given, _: [each for values in given[:-1] for each in list(values)],
    "ExpandDims": lambda given, _: [operator.index(given[0])],
    "Range": lambda given, _: list(range(*given)) if len(range(*given)) <= MOST else None,
    "Cast": lambda given, attrs: given[0] if attrs.get("DstT") == "int32" else None,
    "Identity": lambda given, _: given[0],
}  # fmt: skip


def folded(op: str, given: Sequence[Values], attrs: Mapping[str, Any]) -> Values | None:
    """Returns what an op makes of known whole numbers; None if it is not followed, or if the op itself has to complain."""
    compute = _FOLDED.get(op)
    if compute is None:
        return None
    try:
        result: Values | None = compute(given, attrs)
    except (ValueError, LookupError, TypeError):  # the op says what is wrong, in the words of its own errors
        return None
    fits = (
        result is not None
        and len(_listed(result)) <= MOST
        and all(each in _INT32 for each in _listed(result))
    )
    return result if fits else None
