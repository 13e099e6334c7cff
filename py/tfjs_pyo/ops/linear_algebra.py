"""`tf.linalg`: bands of matrices, orthonormal bases, QR decomposition."""

from __future__ import annotations

from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core.graph import Node, const
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops.arithmetic import add, div_no_nan, mul, neg, sub
from tfjs_pyo.ops.comparison import equal, greater, greater_equal, less_equal, logical_and, where
from tfjs_pyo.ops.convert import node_of
from tfjs_pyo.ops.creation import iota_node
from tfjs_pyo.ops.declare import cast_node, public
from tfjs_pyo.ops.math import sqrt
from tfjs_pyo.ops.matrices import mat_mul
from tfjs_pyo.ops.movement import broadcast_node, concat_node, pad_node, reshape_node, slice_node
from tfjs_pyo.ops.reduction import sum_
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.shapes import size
from tfjs_pyo.types import TensorLike

__all__ = ["band_part", "gram_schmidt", "qr"]


@tested_with(
    Case(((4, 5),), (1, 1)), Case(((2, 4, 3),), (-1, 0)), Case(((3, 5),), (0, -1)), Case(((3, 5),), (0, 0))
)
@public(method=False)
def band_part(a: Node, num_lower: int, num_upper: int) -> Node:
    """Returns matrices with zeros outside of a band around the diagonal.

    Args:
        a: shape [..., rows, columns].
        num_lower, num_upper: how many diagonals below and above the main one stay; negative: all of them.

    Raises:
        ShapeError: a rank below 2.
        OptionError: more diagonals than there are rows or columns.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.linalg.bandPart([[1, 2], [3, 4]], 0, -1)
        Tensor
            [[1, 2],
             [0, 4]]

    Source: https://js.tensorflow.org/api/latest/#linalg.bandPart
    """
    if a.rank < 2:
        raise ShapeError(f"band_part: expected a tensor of rank 2 or more, received shape {a.shape}.")
    lower, upper = int(num_lower), int(num_upper)
    for name, number, most in (("num_lower", lower, a.shape[-2]), ("num_upper", upper, a.shape[-1])):
        if number > most:
            raise OptionError(
                f"band_part: expected {name} up to {most} for shape {a.shape}, received {number}."
            )
    below = sub(iota_node(a.shape[-2:], 0), iota_node(a.shape[-2:], 1))
    inside: Node = const(True, "bool")
    if lower >= 0:
        inside = logical_and(inside, less_equal(below, const(lower, "int32")))
    if upper >= 0:
        inside = logical_and(inside, greater_equal(below, const(-upper, "int32")))
    result: Node = where(inside, a, const(0, a.dtype))
    return result


@naming.bridge
def gram_schmidt(xs: Any) -> Any:
    """Returns an orthonormal basis of vectors, by the Gram-Schmidt process.

    Args:
        xs: matrix whose rows are the vectors, or a list of vectors of one length; not more than that length.

    Returns:
        A matrix for a matrix, a list of vectors for a list.

    Raises:
        ShapeError: no vectors of one length, or too many of them.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.linalg.gramSchmidt([[2.0, 0.0], [1.0, 3.0]])
        Tensor
            [[1, 0],
             [0, 1]]

    Source: https://js.tensorflow.org/api/latest/#linalg.gramSchmidt
    """
    listed = isinstance(xs, (list, tuple)) and bool(xs) and isinstance(xs[0], Tensor)
    whole = [] if listed else [cast_node(node_of(xs, "gram_schmidt"), "float32")]
    rows = [cast_node(node_of(x, "gram_schmidt"), "float32") for x in xs] if listed else _rows(whole[0])
    shapes = {row.shape for row in rows}
    if len(shapes) != 1 or len(next(iter(shapes))) != 1:
        raise ShapeError(
            f"gram_schmidt: expected vectors of one length, received shapes {[row.shape for row in rows]}."
        )
    length = rows[0].shape[0]
    if len(rows) > length:
        raise ShapeError(
            f"gram_schmidt: expected at most {length} vectors of length {length}, received {len(rows)}."
        )
    basis: list[Node] = []
    for row in rows:
        # Off what is left, not off the vector itself: the modified process loses less to rounding.
        left = row
        for unit in basis:
            left = sub(left, mul(sum_(mul(unit, left)), unit))
        basis.append(div_no_nan(left, sqrt(sum_(mul(left, left)))))
    if listed:
        return [Tensor(unit) for unit in basis]
    return Tensor(concat_node([reshape_node(unit, (1, length)) for unit in basis], 0))


def _rows(x: Node) -> list[Node]:
    if x.rank != 2 or not x.shape[0]:
        raise ShapeError(f"gram_schmidt: expected a matrix with rows, received shape {x.shape}.")
    return [
        reshape_node(slice_node(x, [i, 0], [1, x.shape[1]], [1, 1]), (x.shape[1],)) for i in range(x.shape[0])
    ]


@naming.bridge
def qr(x: TensorLike, full_matrices: bool = False) -> list[Tensor]:
    """Returns an orthonormal and an upper triangular matrix whose product is x, by Householder's reflections.

    Args:
        x: float32 of shape [..., m, n].
        full_matrices: whether q has shape [..., m, m] and r [..., m, n], instead of [..., m, k] and [..., k, n] with k the
            smaller of m and n.

    Returns:
        `[q, r]`.

    Raises:
        ShapeError: a rank below 2.

    Example:
        >>> import tfjs_pyo as tf
        >>> q, r = tf.linalg.qr([[3.0, 1.0], [4.0, 2.0]])
        >>> (q @ r).round()
        Tensor
            [[3, 1],
             [4, 2]]

    Source: https://js.tensorflow.org/api/latest/#linalg.qr
    """
    node = cast_node(node_of(x, "qr"), "float32")
    if node.rank < 2:
        raise ShapeError(f"qr: expected a tensor of rank 2 or more, received shape {node.shape}.")
    batch, (m, n) = node.shape[:-2], node.shape[-2:]
    count, least = size(batch), min(m, n)
    r = reshape_node(node, (count, m, n))
    identity = cast_node(equal(iota_node((m, m), 0), iota_node((m, m), 1)), "float32")
    q = broadcast_node(reshape_node(identity, (1, m, m)), (count, m, m))
    for column in range(least):
        r, q = _reflected(r, q, column)
    r = band_part(r, 0, -1) if r.size else r
    if not full_matrices:
        q = slice_node(q, [0, 0, 0], [count, m, least], [1, 1, 1])
        r = slice_node(r, [0, 0, 0], [count, least, n], [1, 1, 1])
    return [Tensor(reshape_node(part, (*batch, *part.shape[1:]))) for part in (q, r)]


def _reflected(r: Node, q: Node, column: int) -> tuple[Node, Node]:
    """Returns r with zeros below the diagonal in a column, and q times the reflection that puts them there."""
    count, m, _ = r.shape
    x = slice_node(r, [0, column, column], [count, m - column, 1], [1, 1, 1])
    pivot = slice_node(x, [0, 0, 0], [count, 1, 1], [1, 1, 1])
    squares = sum_(mul(x, x), [1, 2], True)
    some = greater(squares, const(0.0, "float32"))
    norm = where(some, sqrt(where(some, squares, const(1.0, "float32"))), const(0.0, "float32"))
    # The pivot and what is added to it have one sign, so nothing cancels.
    signed = where(greater(pivot, const(0.0, "float32")), norm, neg(norm))
    first = cast_node(equal(iota_node((m - column, 1), 0), const(0, "int32")), "float32")
    v = pad_node(add(x, mul(first, signed)), [(0, 0), (column, 0), (0, 0)], 0)
    scaled = mul(v, div_no_nan(const(2.0, "float32"), sum_(mul(v, v), [1, 2], True)))
    r = sub(r, mat_mul(scaled, mat_mul(v, r, True, False)))
    q = sub(q, mat_mul(mat_mul(q, v), scaled, False, True))
    return r, q


__getattr__, __dir__ = naming.module_names(__name__, spelled=True)
