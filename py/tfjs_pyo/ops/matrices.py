"""Products of matrices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from tfjs_pyo.compiler.kernels import Kernel
from tfjs_pyo.compiler.tuning import Tuning
from tfjs_pyo.core.graph import Kind, Node, Op, const
from tfjs_pyo.dtypes import DType
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.ops.alignment import cut, extended, padded, pays, whole
from tfjs_pyo.ops.arithmetic import mul
from tfjs_pyo.ops.declare import cast_node, declare, public
from tfjs_pyo.ops.movement import broadcast_node, concat_node, reshape_node, transpose_node
from tfjs_pyo.ops.reduction import SUM, reduce_node
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.ops.widening import widened
from tfjs_pyo.shapes import Shape, broadcast, size


class MatMulAttrs(NamedTuple):
    """Whether the last two axes of the factors are exchanged."""

    transpose_a: bool
    transpose_b: bool


_LAYERED_WORK = 1 << 18
"""Multiply-adds from which one fragment computes several rows through several render targets."""


def _numpy_matmul(np: Any, node: Node, a: Any, b: Any) -> Any:
    attrs = node.attrs
    return np.matmul(
        a.swapaxes(-1, -2) if attrs.transpose_a else a, b.swapaxes(-1, -2) if attrs.transpose_b else b
    )


def _matmul_gradient(node: Node, g: Node) -> tuple[Node, Node | PartialProduct]:
    a, b = node.inputs
    ta, tb = node.attrs
    da = matmul_node(_as_batch(b), g, tb, True) if ta else matmul_node(g, b, False, not tb)
    if not ta and a.shape[0] == 1 and size(b.shape[:-2]) == 1:
        return da, PartialProduct(a, g, tb, b.shape)
    db = matmul_node(g, a, True, ta) if tb else matmul_node(a, g, not ta, False)
    return da, db


class PartialProduct(NamedTuple):
    """The gradient of a matrix that rows were multiplied by: rows^T g, of many steps one product of all their rows."""

    rows: Node
    g: Node
    transposed: bool
    shape: Shape
    """Of the matrix."""

    def group_key(self) -> bool:
        return self.transposed

    def sum_all(self, partials: Sequence[PartialProduct], _add: Callable[[Node, Node], Node]) -> Node:
        rows = concat_node([partial.rows for partial in partials], 1)
        g = concat_node([partial.g for partial in partials], 1)
        product = matmul_node(g, rows, True, False) if self.transposed else matmul_node(rows, g, True, False)
        return reshape_node(product, self.shape)


def _as_batch(matrix: Node) -> Node:
    return matrix if matrix.rank == 3 else reshape_node(matrix, (1, *matrix.shape))


def _is_layered(node: Node) -> bool:
    batch, m, n = node.shape
    return batch == 1 and m >= 16 and n % 4 == 0 and m * n * _inner(node) >= _LAYERED_WORK


def _lowered(node: Node, _tuning: Tuning | None = None) -> Node | None:
    """Returns a product in a form whose fetches serve more multiply-adds; one of integers as a reduction, which is exact."""
    if node.dtype == "int32":
        return _in_integers(node)
    return _as_row(node) if node.shape[2] == 1 else _aligned(node)


def _in_integers(node: Node) -> Node:
    """Returns a product of int32 as sums of products: the kernel adds up float32, which has no integers beyond 2^24."""
    a, b = node.inputs[0], _as_batch(node.inputs[1])
    if node.attrs.transpose_a:
        a = swap_last(a)
    if node.attrs.transpose_b:
        b = swap_last(b)
    rows, columns = reshape_node(a, (*a.shape, 1)), reshape_node(b, (b.shape[0], 1, *b.shape[1:]))
    return reshape_node(reduce_node(SUM, mul(rows, columns), (2,)), node.shape)


def _as_row(node: Node) -> Node | None:
    """Returns a product with a single column, whose texels hold four rows, as that of a row with the first factor's rows."""
    a, b = node.inputs
    if node.shape[0] != 1 or node.shape[1] % 4:
        return None
    row = matmul_node(reshape_node(b, (1, 1, b.size)), a, False, not node.attrs.transpose_a)
    return reshape_node(row, node.shape)


def _aligned(node: Node) -> Node | None:
    """Returns a large product of factors whose rows are in order and whole texels: a fetch then serves more multiply-adds."""
    a, b = node.inputs
    ta, tb = node.attrs
    inner = _inner(node)
    deep, wide, work = whole(inner), whole(node.shape[2]), node.size * inner
    rows = widened(a, (*a.shape[:2], whole(a.shape[2])))
    if work < _LAYERED_WORK and rows is None:
        return None
    if rows is not None and ta and work < _LAYERED_WORK:
        return cut(matmul_node(rows, b, True, tb), node.shape)
    rows = transpose_node(rows or a, (0, 2, 1)) if ta else rows or a
    # Finite numbers behind the rows of one factor meet zeros in the other.
    first = extended(rows, (*rows.shape[:2], deep))
    fill = extended if deep == inner else padded
    second = fill(b, (*b.shape[:-2], *((wide, deep) if tb else (deep, wide))))
    product = matmul_node(first, second, False, tb)
    result = cut(product, node.shape)
    return result if pays(work, [(a, first), (b, second), (product, result)]) else None


def _inner(node: Node) -> int:
    """Returns how many products make up one element."""
    return node.inputs[0].shape[1 if node.attrs.transpose_a else 2]


def _kernel(node: Node, most_layers: int) -> Kernel:
    a, b = node.inputs
    ta, tb = node.attrs
    batch, m, n = node.shape
    k = _inner(node)
    aligned_n, aligned_k = n % 4 == 0, k % 4 == 0
    layers = 1
    if _is_layered(node):
        # What the last block has too many of rows is computed in vain.
        layers = min(most_layers, 8 if -m % 8 <= m // 8 else 4)
    rows = -(-batch * m // layers)
    # Texels then span two rows at most, and what follows the last column in memory is the first one of the next row.
    runs = n > 4 and not aligned_n and size(b.shape[:-2]) == 1 and (batch == 1 or not ta)
    return Kernel(
        "matmul",
        length=k,
        sizes=[
            m,
            n,
            k,
            0 if a.shape[0] == 1 else 1,
            0 if size(b.shape[:-2]) == 1 else 1,
            rows,
            -(-rows * n // 4) if layers > 1 else node.texels,
        ],
        defines={
            "TRANSPOSE_A": int(ta),
            "TRANSPOSE_B": int(tb),
            "ALIGNED_N": int(aligned_n),
            "ALIGNED_K": int(aligned_k),
            "UNALIGNED_ROWS": int(runs),
            "LAYERS": layers,
        },
        layers=layers,
        texels_per_layer=rows * n // 4 if layers > 1 else 0,
    )


MATMUL = declare(
    Op(
        "mat_mul",
        Kind.CONTRACTION,
        numpy=_numpy_matmul,
        gradient=_matmul_gradient,
        kernel=_kernel,
        lower=_lowered,
        cost=100,
    )
)


def product_of(a: Node, b: Node, transpose_b: bool = False) -> Node:
    """Returns the product of `matmul_node` in the form that suits kernels, for rules that lower other ops to it."""
    product = matmul_node(a, b, False, transpose_b)
    return _lowered(product) or product


def matmul_node(a: Node, b: Node, transpose_a: bool = False, transpose_b: bool = False) -> Node:
    """Returns the batched product of nodes of rank 3, all float32 or int32; a batch of 1 is repeated, and so is a matrix b."""
    m = a.shape[2] if transpose_a else a.shape[1]
    n = b.shape[-2] if transpose_b else b.shape[-1]
    batch = max(a.shape[0], size(b.shape[:-2]))
    return Node(MATMUL, (a, b), (batch, m, n), a.dtype, MatMulAttrs(transpose_a, transpose_b))


@tested_with(
    Case(((3, 5), (5, 4))),
    Case(((8, 12), (12, 16))),
    Case(
        (
            (5, 3),
            (5, 2),
        ),
        (True, False),
    ),
    Case(((3, 5), (2, 5)), (False, True)),
    Case(((8, 4), (4, 8)), (True, True)),
    Case(((2, 3, 4), (2, 4, 5))),
    Case(((2, 1, 3, 4), (3, 4, 4))),
    Case(((32, 64), (64, 128))),
    Case(((64, 128), (64, 32)), (True, False)),
    Case(((37, 96), (80, 96)), (False, True)),
    Case(((24, 64), (64, 10))),
    Case(((32, 24), (32, 11)), (True, False)),
    Case(((2, 16, 40), (13, 40)), (False, True)),
    Case(((64, 132), (132, 1))),
    Case(((132, 64), (132, 1)), (True, False)),
    Case(((64, 132), (1, 132)), (False, True)),
    Case(((2, 0), (0, 3)), differentiable=False),
    Case(((3, 5), (5, 4)), dtypes=("int32", "int32")),
    Case(((2, 1, 7, 3), (3, 5, 7)), (True, True), dtypes=("int32", "int32")),
    Case(((64, 132), (132, 1)), dtypes=("int32", "int32")),
    Case(((33, 24), (24, 10)), dtypes=("int32", "bool")),
    Case(((5, 6), (6, 4)), dtypes=("bool", "bool")),
)
@public(2)
def mat_mul(a: Node, b: Node, transpose_a: bool = False, transpose_b: bool = False) -> Node:
    """Returns the matrix product over the last two axes; leading axes are broadcast.

    Args:
        a: numbers or booleans of shape [..., m, k]; [..., k, m] where its axes are exchanged.
        b: numbers or booleans of shape [..., k, n]; [..., n, k] where its axes are exchanged.
        transpose_a: exchange the last two axes of a first.
        transpose_b: exchange the last two axes of b first.

    Returns:
        Tensor of shape [..., m, n]; int32 if neither factor is float32 (booleans are counted), exact and wrapped as other
        sums of int32 are.

    Raises:
        ShapeError: a rank is below 2, or the inner dimensions differ.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.matMul([[1, 2], [3, 4]], [[5, 6], [7, 8]])
        Tensor
            [[19, 22],
             [43, 50]]

    Source: https://js.tensorflow.org/api/latest/#matMul
    """
    if a.rank < 2 or b.rank < 2:
        raise ShapeError(
            f"mat_mul: expected tensors of rank 2 or more, received shapes {a.shape} and {b.shape}."
        )
    inner_a = a.shape[-2] if transpose_a else a.shape[-1]
    inner_b = b.shape[-1] if transpose_b else b.shape[-2]
    if inner_a != inner_b:
        raise ShapeError(
            f"mat_mul: expected equal inner dimensions, received shapes {a.shape} and {b.shape} with "
            f"{transpose_a=}, {transpose_b=}: {inner_a} and {inner_b}."
        )
    batch = broadcast("mat_mul", a.shape[:-2], b.shape[:-2])
    dtype: DType = "float32" if "float32" in (a.dtype, b.dtype) else "int32"
    if size((*a.shape, *b.shape)) == 0:
        n, m = b.shape[-2] if transpose_b else b.shape[-1], a.shape[-1] if transpose_a else a.shape[-2]
        return broadcast_node(const(0, dtype), (*batch, m, n))
    # A matrix stays the node that it is: then the gradients of all products with it can be one.
    first, second = cast_node(a, dtype), cast_node(b, dtype)
    second = second if b.rank == 2 else _batched(second, batch)
    product = matmul_node(_batched(first, batch), second, transpose_a, transpose_b)
    return reshape_node(product, (*batch, *product.shape[1:]))


def _batched(x: Node, batch: Shape) -> Node:
    """Returns x with its leading axes flattened to one; a single matrix keeps a batch of 1."""
    if size(x.shape[:-2]) != 1:
        x = broadcast_node(x, (*batch, *x.shape[-2:]))
    return reshape_node(x, (size(x.shape[:-2]), *x.shape[-2:]))


@public(2)
def dot(t1: Node, t2: Node) -> Node:
    """Returns the product of vectors and matrices.

    Raises:
        ShapeError: another rank than 1 or 2, or inner dimensions that differ.

    Source: https://js.tensorflow.org/api/latest/#dot
    """
    if t1.rank not in (1, 2) or t2.rank not in (1, 2):
        raise ShapeError(f"dot: expected tensors of rank 1 or 2, received shapes {t1.shape} and {t2.shape}.")
    a = reshape_node(t1, (1, *t1.shape)) if t1.rank == 1 else t1
    b = reshape_node(t2, (*t2.shape, 1)) if t2.rank == 1 else t2
    product = mat_mul(a, b)
    return reshape_node(product, (*t1.shape[:-1], *t2.shape[1:]))


@public(2)
def outer_product(v1: Node, v2: Node) -> Node:
    """Returns the matrix of products of two vectors' elements.

    Raises:
        ShapeError: another rank than 1.

    Source: https://js.tensorflow.org/api/latest/#outerProduct
    """
    if v1.rank != 1 or v2.rank != 1:
        raise ShapeError(f"outer_product: expected two vectors, received shapes {v1.shape} and {v2.shape}.")
    return mat_mul(reshape_node(v1, (*v1.shape, 1)), reshape_node(v2, (1, *v2.shape)))


def swap_last(x: Node) -> Node:
    """Returns x with its last two axes exchanged."""
    return transpose_node(x, (*range(x.rank - 2), x.rank - 1, x.rank - 2))
