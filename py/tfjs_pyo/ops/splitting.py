"""Tensors stacked and taken apart along an axis."""

from __future__ import annotations

from collections.abc import Sequence

from tfjs_pyo.core.graph import Node
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.ops.declare import public
from tfjs_pyo.ops.movement import concat, expand_dims, reshape_node, slice_node
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.shapes import normalize_axis


@tested_with(Case(((2, 3), (2, 3))), Case(((4,), (4,), (4,)), (1,)))
@public(1, sequence=True)
def stack(tensors: list[Node], axis: int = 0) -> Node:
    """Returns tensors of one shape joined along a new axis.

    Raises:
        ShapeError: an empty list, or tensors of different shapes.

    Source: https://js.tensorflow.org/api/latest/#stack
    """
    if not tensors:
        raise ShapeError("stack: expected at least one tensor, received an empty list.")
    if len({x.shape for x in tensors}) != 1:
        raise ShapeError(
            f"stack: expected tensors of one shape, received {', '.join(str(x.shape) for x in tensors)}."
        )
    at = normalize_axis("stack", axis, tensors[0].rank + 1)
    return concat([expand_dims(x, at) for x in tensors], at)


@public()
def unstack(x: Node, axis: int = 0) -> list[Node]:
    """Returns the slices of x along an axis, without that axis. Source: https://js.tensorflow.org/api/latest/#unstack"""
    at = normalize_axis("unstack", axis, x.rank)
    shape = (*x.shape[:at], 1, *x.shape[at + 1 :])
    flat = (*x.shape[:at], *x.shape[at + 1 :])
    starts = ([0] * at + [i] + [0] * (x.rank - at - 1) for i in range(x.shape[at]))
    return [reshape_node(slice_node(x, start, shape), flat) for start in starts]


@public()
def split(x: Node, num_or_size_splits: int | Sequence[int], axis: int = 0) -> list[Node]:
    """Returns x cut into equal parts (a number) or parts of given lengths (a list, one may be -1) along an axis.

    Raises:
        ShapeError: the number does not divide the length of the axis, or the lengths do not add up to it.

    Source: https://js.tensorflow.org/api/latest/#split
    """
    at = normalize_axis("split", axis, x.rank)
    total = x.shape[at]
    if isinstance(num_or_size_splits, int):
        if num_or_size_splits <= 0 or total % num_or_size_splits:
            raise ShapeError(
                f"split: expected a divisor of {total}, the length of axis {at}, received {num_or_size_splits}."
            )
        lengths = [total // num_or_size_splits] * num_or_size_splits
    else:
        lengths = list(num_or_size_splits)
        if lengths.count(-1) == 1:
            lengths[lengths.index(-1)] = total - sum(lengths) - 1
        if sum(lengths) != total or min(lengths, default=0) < 0:
            raise ShapeError(
                f"split: expected lengths that add up to {total} along axis {at}, received {num_or_size_splits}."
            )
    parts, offset = [], 0
    for length in lengths:
        begin = [0] * x.rank
        begin[at] = offset
        parts.append(slice_node(x, begin, (*x.shape[:at], length, *x.shape[at + 1 :])))
        offset += length
    return parts


__all__ = ["split", "stack", "unstack"]
