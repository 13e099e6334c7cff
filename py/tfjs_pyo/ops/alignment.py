"""Operands of contractions with padded rows: rows of whole texels are read four elements at a time, by all kernels.

A launch orders an operand once, where each of its elements is read many times. What is padded is zero, and what comes of it in
the result is cut off. What is computed of such a result is padded already (`ops/widening.py`): it is masked, which needs no
launch.
"""

from __future__ import annotations

from collections.abc import Iterable

from tfjs_pyo.core.graph import Node
from tfjs_pyo.ops.movement import PAD, SLICE, TRANSPOSE, slice_node
from tfjs_pyo.ops.widening import filled, masked, widened
from tfjs_pyo.shapes import Shape

PRODUCTS_PER_ELEMENT = 8
"""Multiply-adds for each element that is moved, from which padding pays. Kernels of unaligned rows fetch once or twice for two
of them, those of whole texels once for four or ten; moving an element is a fetch, and a launch of many."""


_MOVES = (PAD, SLICE, TRANSPOSE)


def whole(count: int) -> int:
    """Returns the least multiple of four that is not smaller."""
    return -(-count // 4) * 4


def padded(x: Node, shape: Shape) -> Node:
    """Returns x with zeros behind it along each axis, up to this shape."""
    found = extended(x, shape)
    return found if found is x or found.op is PAD else masked(found, x.shape)


def extended(x: Node, shape: Shape) -> Node:
    """Returns x with finite numbers behind it along each axis, up to this shape; zeros where nothing else is there already."""
    if x.shape == shape:
        return x
    for wide in (shape, (*x.shape[:-1], shape[-1])):
        found = widened(x, wide)
        if found is not None:
            return filled(found, shape)
    return filled(x, shape)


def cut(x: Node, shape: Shape) -> Node:
    """Returns the first elements of x along each axis, as many as this shape has."""
    return slice_node(x, (0,) * x.rank, shape)


def wide_reduction(node: Node) -> Node | None:
    """Returns a reduction whose rows are no whole texels over padded rows; it begins with what is wanted.

    Returns None unless it comes from padded results.
    """
    if not node.rank or node.shape[-1] % 4 == 0:
        return None
    return widened(node, (*node.shape[:-1], whole(node.shape[-1])))


def aligned_reduction(node: Node) -> Node | None:
    """Returns the beginning of the reduction over padded rows, if it comes from such."""
    wide = wide_reduction(node)
    return None if wide is None else cut(wide, node.shape)


def pays(work: int, moves: Iterable[tuple[Node, Node]]) -> bool:
    """Returns whether putting values in order costs less than it saves.

    Args:
        work: multiply-adds of the contraction.
        moves: its operands and its result before and after; those that are not the same are moved, but for operands that are
            in order already.
    """
    changed = [(old, new) for old, new in moves if old is not new]
    moved = sum(max(old.size, new.size) for old, new in changed if new.op in _MOVES)
    return bool(changed) and work >= PRODUCTS_PER_ELEMENT * moved
