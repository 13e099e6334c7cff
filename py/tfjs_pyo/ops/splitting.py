"""Tensors taken apart along an axis."""

from __future__ import annotations

from collections.abc import Sequence

from tfjs_pyo.core.graph import Node
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.ops.declare import public
from tfjs_pyo.ops.movement import reshape_node, slice_node
from tfjs_pyo.shapes import normalize_axis


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


__all__ = ["split", "unstack"]
