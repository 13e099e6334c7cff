"""Systems of linear equations: factors, solutions, determinants, for one matrix or many.

Columns are eliminated one after the other, as a graph: on every backend, in compiled steps too. Meant for matrices of up to
about a hundred rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tfjs_pyo.core.graph import CUSTOM_GRAD, Node, const
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.ops.arithmetic import add, divide_real, mul, neg, sub
from tfjs_pyo.ops.comparison import equal, greater, greater_equal, less, less_equal, not_equal, where
from tfjs_pyo.ops.creation import iota_node
from tfjs_pyo.ops.declare import cast_node, public
from tfjs_pyo.ops.indexing import gather_node
from tfjs_pyo.ops.math import abs_, log, sign, sqrt
from tfjs_pyo.ops.matrices import mat_mul, swap_last
from tfjs_pyo.ops.movement import broadcast_node, concat_node, reshape_node, slice_node
from tfjs_pyo.ops.reduction import arg_max, prod, sum_
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.shapes import size


class Factors(NamedTuple):
    """What `lu_factor` returns: both triangles in one matrix, and the row that each row was swapped with."""

    lu: Node
    pivots: Node


class LogDet(NamedTuple):
    """The sign of a determinant, and the logarithm of its magnitude."""

    sign: Node
    logabsdet: Node


def _matrices(owner: str, x: Node, square: bool = True) -> Node:
    """Returns float32 matrices [count, rows, columns].

    Raises:
        ShapeError: a rank below 2, or other numbers of rows than columns.
    """
    if x.rank < 2 or (square and x.shape[-1] != x.shape[-2]):
        what = "square matrices" if square else "matrices"
        raise ShapeError(f"{owner}: expected {what} [..., rows, columns], received shape {x.shape}.")
    return reshape_node(cast_node(x, "float32"), (size(x.shape[:-2]), *x.shape[-2:]))


def _column(x: Node, at: int) -> Node:
    return slice_node(x, [0, 0, at], [x.shape[0], x.shape[1], 1], [1, 1, 1])


def _row(x: Node, at: int) -> Node:
    return slice_node(x, [0, at, 0], [x.shape[0], 1, x.shape[2]], [1, 1, 1])


def _zero() -> Node:
    return const(0.0, "float32")


def _picked(x: Node, rows: Node) -> Node:
    """Returns the rows of each matrix in another order, int32 [count, rows]."""
    count, n, m = x.shape
    first = mul(iota_node(rows.shape, 0), const(n, "int32"))
    flat = gather_node(reshape_node(x, (count * n, m)), reshape_node(add(rows, first), (rows.size,)), 0)
    return reshape_node(flat, (count, rows.shape[1], m))


class _Eliminated(NamedTuple):
    lu: Node
    pivots: list[Node]
    order: Node
    swaps: Node


def _eliminated(x: Node) -> _Eliminated:
    """Returns both triangles of each matrix with rows in an order in which no pivot is smaller than it must be."""
    count, n, m = x.shape
    rows, columns = iota_node((1, n, 1), 1), iota_node((1, 1, m), 2)
    order = iota_node((count, n), 1)
    swaps: Node = const(0, "int32")
    pivots = []
    for k in range(min(n, m)):
        at = const(k, "int32")
        candidates = where(greater_equal(rows, at), abs_(_column(x, k)), const(-1.0, "float32"))
        best = cast_node(reshape_node(arg_max(candidates, 1), (count, 1)), "int32")
        pivots.append(best)
        place = iota_node((count, n), 1)
        turned = where(equal(place, at), best, where(equal(place, best), at, place))
        x = _picked(x, turned)
        order = reshape_node(_picked(reshape_node(order, (count, n, 1)), turned), (count, n))
        swaps = add(swaps, cast_node(not_equal(best, at), "int32"))
        pivot_row = _row(x, k)
        pivot = _column(pivot_row, k)
        column = _column(x, k)
        below = greater(rows, at)
        some = not_equal(pivot, _zero())
        factor = where(below, divide_real(column, where(some, pivot, const(1.0, "float32"))), _zero())
        beyond = where(greater(columns, at), pivot_row, _zero())
        x = where(equal(columns, at), where(below, factor, column), sub(x, mul(factor, beyond)))
    return _Eliminated(x, pivots, order, swaps)


@public(method=False)
def lu_factor(x: Node) -> Factors:
    """Returns a lower and an upper triangular factor in one matrix (the ones of the lower left out), and the row swaps.

    Args:
        x: float32 [..., rows, columns].

    Raises:
        ShapeError: a rank below 2.
    """
    found = _eliminated(_matrices("lu_factor", x, False))
    least = len(found.pivots)
    shape = (*x.shape[:-2], least)
    pivots = (
        reshape_node(concat_node(found.pivots, 1), shape)
        if least
        else broadcast_node(const(0, "int32"), shape)
    )
    return Factors(reshape_node(found.lu, x.shape), pivots)


def _substituted(a: Node, b: Node, lower: bool, ones: bool = False) -> Node:
    """Returns x of a x = b for triangular matrices; `ones` says that the diagonal is."""
    n = a.shape[1]
    rows = iota_node((1, n, 1), 1)
    for k in range(n) if lower else reversed(range(n)):
        at = const(k, "int32")
        row = _row(b, k)
        value = row if ones else divide_real(row, _column(_row(a, k), k))
        later = greater(rows, at) if lower else less(rows, at)
        rest = sub(b, mul(_column(a, k), value))
        b = where(equal(rows, at), value, where(later, rest, b))
    return b


def _solved(a: Node, b: Node) -> Node:
    found = _eliminated(a)
    return _substituted(found.lu, _substituted(found.lu, _picked(b, found.order), True, True), False)


def _with_rule(value: Node, inputs: tuple[Node, ...], rule: Callable[[Node, Node], tuple[Node, ...]]) -> Node:
    """Returns a value with a gradient of its own: `rule(value, g)` gives one for each input."""
    node = Node(CUSTOM_GRAD, (value, *inputs), value.shape, value.dtype)
    node.rule = lambda g: (None, *rule(node, g))
    return node


def _repeated(a: Node, b: Node, owner: str) -> tuple[Node, Node, bool]:
    """Returns matrices and right sides [count, rows, columns], and whether these were vectors."""
    vector = b.rank == a.rank - 1
    right = reshape_node(b, (*b.shape, 1)) if vector else b
    if a.rank < 2 or right.rank != a.rank or right.shape[:-1] != (*a.shape[:-2], a.shape[-1]):
        raise ShapeError(
            f"{owner}: expected matrices and right sides with as many rows, received shapes {a.shape} and {b.shape}."
        )
    return _matrices(owner, a), _matrices(owner, right, False), vector


@tested_with(Case(((3, 3), (3, 2))), Case(((2, 4, 4), (2, 4))))
@public(2, method=False)
def solve(a: Node, b: Node) -> Node:
    """Returns x of a x = b.

    Args:
        a: float32 [..., n, n].
        b: float32 [..., n, columns], or [..., n].

    Raises:
        ShapeError: shapes that do not fit.
    """
    left, right, _ = _repeated(a, b, "solve")

    def rule(x: Node, g: Node) -> tuple[Node, Node]:
        to_b = _solve_with_rule(swap_last(left), g)
        return neg(mat_mul(to_b, x, False, True)), to_b

    found = _with_rule(_solved(left, right), (left, right), rule)
    return reshape_node(found, b.shape)


def _solve_with_rule(a: Node, b: Node) -> Node:
    result: Node = solve(a, b)
    return result


@tested_with(Case(((3, 3), (3, 2)), (True,)), Case(((3, 3), (3,))))
@public(2, method=False)
def solve_triangular(a: Node, b: Node, lower: bool = False) -> Node:
    """Returns x of a x = b, where a is upper (or lower) triangular: its other elements are not looked at.

    Args:
        a: float32 [..., n, n].
        b: float32 [..., n, columns], or [..., n].
        lower: whether a is lower triangular.

    Raises:
        ShapeError: shapes that do not fit.
    """
    left, right, _ = _repeated(a, b, "solve_triangular")
    n = left.shape[1]
    rows, columns = iota_node((1, n, 1), 1), iota_node((1, 1, n), 2)
    inside = less_equal(columns, rows) if lower else greater_equal(columns, rows)
    left = where(inside, left, _zero())
    return reshape_node(_substituted(left, right, lower), b.shape)


@tested_with(Case(((4, 4),)), Case(((2, 2, 2),)))
@public(method=False)
def inv(x: Node) -> Node:
    """Returns the inverse of matrices. Raises ShapeError where they are not square."""
    matrices = _matrices("inv", x)
    n = matrices.shape[1]
    identity = cast_node(equal(iota_node(matrices.shape, 1), iota_node(matrices.shape, 2)), "float32")

    def rule(y: Node, g: Node) -> tuple[Node]:
        return (neg(mat_mul(mat_mul(y, g, True, False), y, False, True)),)

    found = _with_rule(_solved(matrices, identity) if n else matrices, (matrices,), rule)
    return reshape_node(found, x.shape)


def _diagonal(x: Node) -> Node:
    on = equal(iota_node(x.shape, 1), iota_node(x.shape, 2))
    return sum_(where(on, x, _zero()), 2)


def _parity(swaps: Node, count: int) -> Node:
    odd = sub(swaps, mul(const(2, "int32"), _half(swaps)))
    signs = sub(const(1.0, "float32"), mul(const(2.0, "float32"), cast_node(odd, "float32")))
    return reshape_node(signs, (count,))


def _half(x: Node) -> Node:
    return cast_node(mul(cast_node(x, "float32"), const(0.5, "float32")), "int32")


def _by_inverse(factor: Node, matrices: Node) -> Node:
    """Returns the transposed inverse of each matrix times a number: what determinants change by."""
    inverse: Node = inv(matrices)
    return mul(reshape_node(factor, (matrices.shape[0], 1, 1)), swap_last(inverse))


@tested_with(Case(((4, 4),)), Case(((2, 3, 3),)), Case(((1, 1),)))
@public(method=False)
def det(x: Node) -> Node:
    """Returns the determinants of matrices. Raises ShapeError where they are not square."""
    matrices = _matrices("det", x)
    found = _eliminated(matrices)
    value = mul(prod(_diagonal(found.lu), 1), _parity(found.swaps, matrices.shape[0]))
    node = _with_rule(value, (matrices,), lambda y, g: (_by_inverse(mul(g, y), matrices),))
    return reshape_node(node, x.shape[:-2])


@public(method=False)
def slogdet(x: Node) -> LogDet:
    """Returns the signs of determinants, and the logarithms of their magnitudes."""
    matrices = _matrices("slogdet", x)
    found = _eliminated(matrices)
    diagonal = _diagonal(found.lu)
    signs = mul(prod(sign(diagonal), 1), _parity(found.swaps, matrices.shape[0]))
    value = sum_(log(abs_(diagonal)), 1)
    node = _with_rule(value, (matrices,), lambda _, g: (_by_inverse(g, matrices),))
    shape = x.shape[:-2]
    return LogDet(reshape_node(signs, shape), reshape_node(node, shape))


@public(method=False)
def cholesky(x: Node, upper: bool = False) -> Node:
    """Returns the lower triangular matrix whose product with its transpose is x (or the upper one).

    Args:
        x: float32 [..., n, n], symmetric and positive definite; NaN comes where it is not. One triangle is looked at.
        upper: whether the transpose is returned.

    Raises:
        ShapeError: matrices that are not square.
    """
    a = _matrices("cholesky", x)
    n = a.shape[1]
    rows = iota_node((1, n, 1), 1)
    columns = []
    for k in range(n):
        root = sqrt(_column(_row(a, k), k))
        at = const(k, "int32")
        below = where(greater(rows, at), divide_real(_column(a, k), root), _zero())
        column = where(equal(rows, at), root, below)
        columns.append(column)
        a = sub(a, mul(column, swap_last(column)))
    found = concat_node(columns, 2) if columns else a
    return reshape_node(swap_last(found) if upper else found, x.shape)


__all__ = ["cholesky", "det", "inv", "lu_factor", "slogdet", "solve", "solve_triangular"]
