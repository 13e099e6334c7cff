"""Operands of contractions with padded rows: rows of whole texels are read four elements at a time, by all kernels.

A launch orders an operand once, where each of its elements is read many times. What is padded is zero, and what comes of it in
the result is cut off.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tfjs_pyo.core.graph import Node
from tfjs_pyo.ops.movement import pad_node, slice_node
from tfjs_pyo.shapes import Shape

PRODUCTS_PER_ELEMENT = 8
"""Multiply-adds for each element that is moved, from which padding pays. Kernels of unaligned rows fetch once or twice for two
of them, those of whole texels once for four or ten; moving an element is a fetch, and a launch of many."""


def whole(count: int) -> int:
    """Returns the least multiple of four that is not smaller."""
    return -(-count // 4) * 4


def padded(x: Node, shape: Sequence[int]) -> Node:
    """Returns x with zeros behind it along each axis, up to this shape."""
    return pad_node(x, [(0, new - old) for new, old in zip(shape, x.shape, strict=True)], 0)


def cut(x: Node, shape: Shape) -> Node:
    """Returns the first elements of x along each axis, as many as this shape has."""
    return slice_node(x, (0,) * x.rank, shape)


def pays(work: int, moves: Iterable[tuple[Node, Node]]) -> bool:
    """Returns whether putting values in order costs less than it saves.

    Args:
        work: multiply-adds of the contraction.
        moves: its operands and its result before and after; those that are not the same are moved.
    """
    moved = sum(max(old.size, new.size) for old, new in moves if old is not new)
    return moved > 0 and work >= PRODUCTS_PER_ELEMENT * moved
