"""Slices with steps, told by numbers and bit masks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tfjs_pyo.core.graph import Node
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops.declare import public
from tfjs_pyo.ops.indexing import index_node
from tfjs_pyo.ops.samples import Case, tested_with


@tested_with(
    Case(((4, 5),), ([1, 0], [3, 5], [1, 2])),
    Case(((4, 5),), ([3, 4], [0, 1], [-1, -2])),
    Case(((4, 5),), ([1, 1], [3, 4], [1, 1], 1, 2)),
    Case(((4, 5, 3),), ([1, 2], [2, 3], [1, 1], 0, 0, 1)),
    Case(((4, 5),), ([1, 0, 2], [2, 1, 4], [1, 1, 1], 0, 0, 0, 2)),
    Case(((4, 5),), ([1, 2], [2, 5], [1, 1], 0, 0, 0, 0, 1)),
    Case(((4, 5),), ([-3], [-1])),
)
@public()
def strided_slice(
    x: Node,
    begin: Sequence[int],
    end: Sequence[int],
    strides: Sequence[int] | None = None,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
) -> Node:
    """Returns x[begin:end:strides], axis by axis; bit i of a mask is about place i of the lists.

    Args:
        x: any tensor.
        begin, end: first index, and the one behind the last; negative ones count from the end.
        strides: steps, not 0; default: 1.
        begin_mask, end_mask: where to begin and end as far out as possible.
        ellipsis_mask: the place that stands for all axes that are left, at most one.
        new_axis_mask: places that insert an axis of length 1.
        shrink_axis_mask: places that take one index and drop the axis.

    Returns:
        The part of x, in its dtype.

    Raises:
        ShapeError: lists of different lengths, or longer than x has axes.
        OptionError: a stride is 0, more than one place is an ellipsis, or an axis is dropped with a negative stride.
        IndexError: the index of a dropped axis is out of range.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.stridedSlice([1, 2, 3, 4], [3], [0], [-2])
        Tensor
            [4, 2]

    Source: https://js.tensorflow.org/api/latest/#stridedSlice
    """
    steps = [1] * len(begin) if strides is None else list(strides)
    if not len(begin) == len(end) == len(steps):
        raise ShapeError(
            f"strided_slice: expected begin, end and strides of equal length, received {len(begin)}, {len(end)} and "
            f"{len(steps)}."
        )
    if 0 in steps:
        raise OptionError(f"strided_slice: expected strides that are not 0, received {steps}.")
    items: list[Any] = []
    for place, (first, last, step) in enumerate(zip(begin, end, steps, strict=True)):
        bit = 1 << place
        if ellipsis_mask & bit:
            items.append(Ellipsis)
        elif new_axis_mask & bit:
            items.append(None)
        elif shrink_axis_mask & bit:
            if step < 0:
                raise OptionError(
                    f"strided_slice: expected a positive stride where an axis is dropped, received {step} in place {place}."
                )
            items.append(first)
        else:
            items.append(slice(None if begin_mask & bit else first, None if end_mask & bit else last, step))
    result: Node = index_node(x, items, "strided_slice")
    return result


__all__ = ["strided_slice"]
