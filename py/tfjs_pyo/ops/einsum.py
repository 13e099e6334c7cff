"""Sums of products written with letters for axes. Source: https://js.tensorflow.org/api/latest/#einsum"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core.graph import Node, const
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtypes import DType
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops.arithmetic import mul
from tfjs_pyo.ops.convert import node_of
from tfjs_pyo.ops.creation import iota_node
from tfjs_pyo.ops.declare import cast_node
from tfjs_pyo.ops.indexing import gather_node
from tfjs_pyo.ops.matrices import mat_mul
from tfjs_pyo.ops.movement import reshape_node, transpose_node
from tfjs_pyo.ops.reduction import sum_
from tfjs_pyo.shapes import size

Labelled = tuple[Node, str]
"""A tensor and the letters of its axes."""


@naming.bridge
def einsum(equation: str, *tensors: Any) -> Tensor:
    """Returns the sums of products that an equation of axes' letters describes.

    Args:
        equation: letters for the axes of each tensor, separated by commas, then `->` and those of the result. Letters that
            are not in the result are summed over; one that stands twice at a tensor takes its diagonal. Without `->` the
            result has the letters that occur once, in alphabetical order.
        tensors: as many as there are terms, numbers of any shape.

    Returns:
        float32 tensor.

    Raises:
        OptionError: an equation that cannot be read.
        ShapeError: the letters do not suit the shapes.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.einsum("ij,jk->ik", [[1, 2], [3, 4]], [[1], [10]])
        Tensor
            [[21],
             [43]]

    Source: https://js.tensorflow.org/api/latest/#einsum
    """
    terms, output = _parsed(equation, len(tensors))
    given = [node_of(tensor, "einsum") for tensor in tensors]
    dtype: DType = "float32" if "float32" in [node.dtype for node in given] else "int32"
    nodes = [cast_node(node, dtype) for node in given]
    _check_sizes(equation, terms, nodes)
    rest = [_diagonals(node, term) for node, term in zip(nodes, terms, strict=True)]
    while len(rest) > 1:
        kept = set(output).union(*(letters for _, letters in rest[2:]))
        rest[:2] = [_contracted(rest[0], rest[1], kept)]
    node, letters = _summed(rest[0], set(output))
    return Tensor(transpose_node(node, tuple(letters.index(letter) for letter in output)))


def _parsed(equation: str, count: int) -> tuple[list[str], str]:
    left, arrow, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    letters = "".join(terms)
    if not all(letter.isalpha() for letter in letters + right):
        raise OptionError(f"einsum: expected letters, commas and '->', received {equation!r}.")
    if len(terms) != count:
        raise OptionError(
            f"einsum: expected as many tensors as terms in {equation!r}, received {count} for {len(terms)}."
        )
    output = right if arrow else "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
    if len(set(output)) != len(output) or not set(output) <= set(letters):
        raise OptionError(
            f"einsum: expected a result with letters of the terms, each once, received {output!r} in {equation!r}."
        )
    return terms, output


def _check_sizes(equation: str, terms: Sequence[str], nodes: Sequence[Node]) -> None:
    known: dict[str, int] = {}
    for term, node in zip(terms, nodes, strict=True):
        if len(term) != node.rank:
            raise ShapeError(
                f"einsum: expected a tensor of rank {len(term)} for {term!r} in {equation!r}, received {node.shape}."
            )
        for letter, dim in zip(term, node.shape, strict=True):
            if known.setdefault(letter, dim) != dim:
                raise ShapeError(
                    f"einsum: expected one size for {letter!r} in {equation!r}, received {known[letter]} and {dim}."
                )


def _diagonals(x: Node, letters: str) -> Labelled:
    """Returns the tensor with each letter once: what stands twice is the diagonal of two axes."""
    for letter in dict.fromkeys(letters):
        while letters.count(letter) > 1:
            first = letters.index(letter)
            second = letters.index(letter, first + 1)
            others = [axis for axis in range(x.rank) if axis not in (first, second)]
            n = x.shape[first]
            shape = tuple(x.shape[axis] for axis in others)
            matrix = reshape_node(transpose_node(x, (first, second, *others)), (n * n, *shape))
            x = gather_node(matrix, mul(iota_node((n,), 0), const(n + 1, "int32")), 0)
            letters = letter + "".join(letters[axis] for axis in others)
    return x, letters


def _summed(x: Labelled, kept: set[str]) -> Labelled:
    """Returns the tensor summed over the axes whose letters are not kept."""
    node, letters = x
    axes = [axis for axis, letter in enumerate(letters) if letter not in kept]
    if axes:
        node = sum_(node, axes)
    return node, "".join(letter for letter in letters if letter in kept)


def _contracted(a: Labelled, b: Labelled, kept: set[str]) -> Labelled:
    """Returns the product of two tensors as one batched product of matrices."""
    a = _summed(a, kept | set(b[1]))
    b = _summed(b, kept | set(a[1]))
    sizes = {**dict(zip(a[1], a[0].shape, strict=True)), **dict(zip(b[1], b[0].shape, strict=True))}
    batch = [c for c in a[1] if c in b[1] and c in kept]
    inner = [c for c in a[1] if c in b[1] and c not in kept]
    outer_a = [c for c in a[1] if c not in b[1]]
    outer_b = [c for c in b[1] if c not in a[1]]

    def matrix(x: Labelled, rows: list[str], columns: list[str]) -> Node:
        order = tuple(x[1].index(letter) for letter in [*batch, *rows, *columns])
        shape = tuple(size(sizes[c] for c in group) for group in (batch, rows, columns))
        return reshape_node(transpose_node(x[0], order), shape)

    product = mat_mul(matrix(a, outer_a, inner), matrix(b, inner, outer_b))
    letters = [*batch, *outer_a, *outer_b]
    return reshape_node(product, tuple(sizes[c] for c in letters)), "".join(letters)


__all__ = ["einsum"]
