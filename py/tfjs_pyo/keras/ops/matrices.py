"""`keras.ops.linalg`: factors of matrices, systems of equations, norms.

Systems, determinants and QR are graphs of ops and run where everything runs. What iterates until it has converged (singular and
eigenvalues) is computed on the processor by NumPy: its results have gradients, but it cannot be part of a compiled step.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import ops, options
from tfjs_pyo.core import engine
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, RangeError, ShapeError, TraceError
from tfjs_pyo.keras.ops.control import jvp
from tfjs_pyo.keras.ops.declare import Group, as_float, tensor
from tfjs_pyo.ops import elimination, linear_algebra
from tfjs_pyo.options import shown
from tfjs_pyo.shapes import normalize_axes

linalg = Group()
numpy = Group()
math_group = Group()

linalg.same("x", {"det": elimination.det, "inv": elimination.inv}, as_float)
linalg.same("a, b", {"solve": elimination.solve}, as_float)
linalg.same("a, b, lower=False", {"solve_triangular": elimination.solve_triangular}, as_float, 2)
linalg.same("x, upper=False", {"cholesky": elimination.cholesky}, as_float)
linalg.same("x", {"lu_factor": lambda x: tuple(elimination.lu_factor(x))}, as_float)
numpy.same("x", {"slogdet": lambda x: tuple(elimination.slogdet(x))}, as_float)
math_group.same("x", {"logdet": lambda x: elimination.slogdet(x).logabsdet}, as_float)
linalg.plain(jvp)


def _swapped(x: Tensor) -> Tensor:
    return ops.transpose(x, [*range(x.rank - 2), x.rank - 1, x.rank - 2])


@linalg.op(rank=2)
def cholesky_inverse(x: Tensor, upper: bool = False) -> Tensor:
    """Returns the inverse of the matrix whose `cholesky` is x.

    Example:
        >>> from tfjs_pyo import keras
        >>> factor = keras.ops.cholesky([[4.0, 0.0], [0.0, 16.0]])
        >>> keras.ops.cholesky_inverse(factor)
        Tensor
            [[0.25, 0     ],
             [0   , 0.0625]]

    Source: https://keras.io/api/ops/linalg/
    """
    x = as_float(x)
    inverse = elimination.solve_triangular(x, ops.broadcast_to(ops.eye(x.shape[-1]), x.shape), not upper)
    return ops.mat_mul(inverse, inverse, not upper, upper)


@linalg.op(rank=2)
def qr(x: Tensor, mode: str = "reduced") -> tuple[Tensor, Tensor]:
    """Returns an orthonormal and an upper triangular matrix whose product is x.

    Raises:
        OptionError: `mode` is neither 'reduced' nor 'complete'.

    Example:
        >>> from tfjs_pyo import keras
        >>> q, r = keras.ops.qr([[3.0, 1.0], [4.0, 2.0]])
        >>> keras.ops.matmul(q, r).numpy().round(4)
        array([[3., 1.],
               [4., 2.]], dtype=float32)
        >>> r.numpy().round(4)
        array([[-5. , -2.2],
               [ 0. , -0.4]], dtype=float32)

    Source: https://keras.io/api/ops/linalg/
    """
    if mode not in ("reduced", "complete"):
        raise OptionError(f"qr: expected `mode` to be 'reduced' or 'complete', received {mode!r}.")
    q, r = linear_algebra.qr(as_float(x), mode == "complete")
    return q, r


# On the processor


def _on_processor(owner: str, x: Tensor, compute: Callable[[Any, Any], Any]) -> list[Tensor]:
    """Returns what NumPy computes of a tensor's value, in float64."""
    np = engine.import_numpy(owner)
    try:
        value = x.numpy()
    except TraceError as error:
        error.add_note(
            f"{owner} is computed on the processor, and cannot be part of a compiled step: compile the model with "
            "run_eagerly=True."
        )
        raise
    try:
        found = compute(np, value.astype(np.complex128 if x.dtype == "complex64" else np.float64))
    except np.linalg.LinAlgError as error:
        raise RangeError(f"{owner}: {str(error).rstrip('.')}. Received shape {x.shape}.") from None
    return [ops.tensor(np.asarray(part)) for part in (found if isinstance(found, tuple) else (found,))]


def _with_gradient(value: Tensor, x: Tensor, rule: Callable[[Tensor], Tensor]) -> Tensor:
    """Returns a value that was computed elsewhere, with its gradient by x."""
    return ops.custom_grad(lambda _x, _save: {"value": value, "gradFunc": lambda g, _saved: rule(g)})(x)


def _inverse_differences(values: Tensor) -> Tensor:
    """Returns 1 / (b - a) for each pair of values, 0 where they are equal."""
    difference = ops.expand_dims(values, -2) - ops.expand_dims(values, -1)
    some = ops.not_equal(difference, 0.0)
    return ops.where(some, 1.0 / ops.where(some, difference, 1.0), 0.0)


@linalg.op(rank=2)
def eigh(x: Tensor) -> tuple[Tensor, Tensor]:
    """Returns the eigenvalues of symmetric matrices, in ascending order, and their vectors; on the processor.

    Raises:
        TraceError: in a compiled step.

    Example:
        >>> from tfjs_pyo import keras
        >>> values, vectors = keras.ops.eigh([[2.0, 1.0], [1.0, 2.0]])
        >>> values.numpy().round(4)
        array([1., 3.], dtype=float32)

    Source: https://keras.io/api/ops/linalg/
    """
    x = as_float(x)
    values, vectors = _on_processor("eigh", x, lambda np, a: tuple(np.linalg.eigh(a)))

    def between(middle: Tensor) -> Tensor:
        return ops.mat_mul(ops.mat_mul(vectors, middle), vectors, False, True)

    def of_vectors(g: Tensor) -> Tensor:
        return between(_inverse_differences(values) * ops.mat_mul(vectors, g, True, False))

    w = _with_gradient(values, x, lambda g: between(ops.eye(g.shape[-1]) * ops.expand_dims(g, -1)))
    return w, _with_gradient(vectors, x, of_vectors)


@linalg.op(rank=2)
def eig(x: Tensor) -> tuple[Tensor, Tensor]:
    """Returns the eigenvalues of matrices and their vectors, complex; on the processor, without gradients.

    Raises:
        TraceError: in a compiled step.

    Example:
        >>> from tfjs_pyo import keras
        >>> values, vectors = keras.ops.eig([[0.0, -1.0], [1.0, 0.0]])
        >>> values
        Tensor
            [0 + 1j, 0 + -1j]

    Source: https://keras.io/api/ops/linalg/
    """
    values, vectors = _on_processor("eig", as_float(x), lambda np, a: tuple(np.linalg.eig(a + 0j)))
    return values, vectors


@linalg.op(rank=2)
def svd(x: Tensor, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    """Returns u, s and v with x = u diag(s) v; on the processor. Only s has gradients with `full_matrices` of what is not square.

    Raises:
        TraceError: in a compiled step.

    Example:
        >>> from tfjs_pyo import keras
        >>> u, s, v = keras.ops.svd([[3.0, 0.0], [0.0, 4.0]])
        >>> s
        Tensor
            [4, 3]

    Source: https://keras.io/api/ops/linalg/
    """
    x = as_float(x)
    u, s, v = _on_processor("svd", x, lambda np, a: tuple(np.linalg.svd(a, full_matrices=False)))

    def of_values(g: Tensor) -> Tensor:
        return ops.mat_mul(u * ops.expand_dims(g, -2), v)

    values = _with_gradient(s, x, of_values)
    if not compute_uv:
        return values
    if full_matrices and x.shape[-1] != x.shape[-2]:
        whole = _on_processor("svd", x, lambda np, a: tuple(np.linalg.svd(a, full_matrices=True)))
        return whole[0], values, whole[2]
    return (
        _with_gradient(u, x, lambda g: _left_gradient(u, s, v, g)),
        values,
        _with_gradient(v, x, lambda g: _swapped(_left_gradient(_swapped(v), s, _swapped(u), _swapped(g)))),
    )


def _left_gradient(u: Tensor, s: Tensor, v: Tensor, g: Tensor) -> Tensor:
    """Returns the gradient by x of the left vectors of x = u diag(s) v."""
    row = ops.expand_dims(s, -2)
    inside = ops.mat_mul(u, g, True, False)
    mixed = _inverse_differences(s * s) * inside
    first = ops.mat_mul(u, (mixed + _swapped(mixed)) * row)
    nonzero = ops.not_equal(row, 0.0)
    inverse = ops.where(nonzero, 1.0 / ops.where(nonzero, row, 1.0), 0.0)
    beyond = (g - ops.mat_mul(u, inside)) * inverse
    return ops.mat_mul(first + beyond, v)


def _cutoff(x: Tensor, s: Tensor, rcond: Any) -> Tensor:
    """Returns which singular values count."""
    share = max(x.shape[-2:]) * 2.0**-23 if rcond is None else rcond
    limit = ops.max(s, -1, True) * as_float(tensor(share))
    return s > limit


@linalg.op(rank=2)
def pinv(x: Tensor, rcond: float | None = None) -> Tensor:
    """Returns the pseudoinverse of matrices, by `svd`: on the processor.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.pinv([[2.0, 0.0], [0.0, 0.0]])
        Tensor
            [[0.5, 0],
             [0  , 0]]

    Source: https://keras.io/api/ops/linalg/
    """
    x = as_float(x)
    u, s, v = svd(x, False)
    kept = _cutoff(x, s, rcond)
    inverse = ops.where(kept, 1.0 / ops.where(kept, s, 1.0), 0.0)
    return ops.mat_mul(_swapped(v) * ops.expand_dims(inverse, -2), u, False, True)


@linalg.op(2, rank=2)
def lstsq(a: Tensor, b: Tensor, rcond: float | None = None) -> Tensor:
    """Returns x of least size for which a x is nearest to b, by `svd`: on the processor.

    Raises:
        ShapeError: `a` and `b` have different numbers of rows.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.lstsq([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]], [1.0, 3.0, 5.0]).numpy().round(4)
        array([1., 2.], dtype=float32)

    Source: https://keras.io/api/ops/linalg/
    """
    a, b = as_float(a), as_float(b)
    right = ops.expand_dims(b, -1) if b.rank == a.rank - 1 else b
    if a.rank < 2 or right.rank != a.rank or right.shape[-2] != a.shape[-2]:
        raise ShapeError(
            f"lstsq: expected as many rows on both sides, received shapes {a.shape} and {b.shape}."
        )
    found = ops.mat_mul(pinv(a, rcond), right)
    return ops.squeeze(found, -1) if b.rank == a.rank - 1 else found


@linalg.op(rank=2)
def matrix_rank(x: Tensor, tol: Any = None) -> Tensor:
    """Returns how many singular values are not about 0; on the processor.

    Raises:
        ShapeError: x is no matrix.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.matrix_rank([[1.0, 2.0], [2.0, 4.0]])
        Tensor
            1

    Source: https://keras.io/api/ops/linalg/
    """
    if x.rank < 2:
        raise ShapeError(f"matrix_rank: expected matrices, received shape {x.shape}.")
    x = as_float(x)
    s = svd(x, True, False)
    kept = _cutoff(x, s, None) if tol is None else s > ops.expand_dims(as_float(tensor(tol)), -1)
    return ops.sum(ops.cast(kept, "int32"), -1)


# Norms


@linalg.op()
def norm(
    x: Tensor, ord: Any = None, axis: int | Sequence[int] | None = None, keepdims: bool = False
) -> Tensor:
    """Returns the norm of vectors (of one axis) or matrices (of two).

    Args:
        x: numbers.
        ord: for vectors any number, inf and -inf; for matrices 'fro', 'nuc', 1, -1, 2, -2, inf and -inf, of which 'nuc' and 2
            are computed on the processor. The root of the sum of squares by default.
        axis: one or two; default: all.
        keepdims: whether these axes stay, with length 1.

    Raises:
        OptionError: no such norm.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.norm([3.0, 4.0])
        Tensor
            5
        >>> keras.ops.norm([[1.0, -2.0], [3.0, 4.0]], ord=1, axis=1)
        Tensor
            [3, 7]

    Source: https://keras.io/api/ops/linalg/
    """
    x = ops.abs(x) if x.dtype == "complex64" else as_float(x)
    axes = list(normalize_axes("norm", axis, x.rank))
    if isinstance(axis, (list, tuple)):
        axes = [each % x.rank for each in axis]
    if axis is None and ord is not None and x.rank > 2:
        raise OptionError(f"norm: expected axes for `ord` {ord!r} and shape {x.shape}.")
    orders = options.real(ord), len(axes)
    if len(axes) not in (1, 2) and ord is not None:
        raise OptionError(f"norm: expected one or two axes for `ord` {shown(ord)}, received shape {x.shape}.")
    if ord is not None and orders[0] is None and (len(axes) == 1 or ord not in ("fro", "nuc")):
        raise OptionError(
            f"norm: expected `ord` to be a number, or 'fro' or 'nuc' for matrices, received {shown(ord)}."
        )
    if ord is None or (ord == "fro" and len(axes) == 2) or (ord == 2 and len(axes) == 1):
        return _root_of_squares(x, axes, keepdims)
    found = _vector_norm(x, float(ord), axes[0]) if len(axes) == 1 else _matrix_norm(x, ord, axes)
    return found if keepdims else ops.squeeze(found, axes)


def _root_of_squares(x: Tensor, axes: Sequence[int], keepdims: bool) -> Tensor:
    """Returns the norm of what the axes hold as one vector; the gradient of that of zeros is 0."""
    others = [axis for axis in range(x.rank) if axis not in axes]
    rows = ops.reshape(ops.transpose(x, [*others, *axes]), [*(x.shape[axis] for axis in others), -1])
    kept = [1 if axis in axes else dim for axis, dim in enumerate(x.shape)]
    return ops.reshape(ops.euclidean_norm(rows, -1), kept if keepdims else [x.shape[axis] for axis in others])


def _vector_norm(x: Tensor, order: float, axis: int) -> Tensor:
    size = ops.abs(x)
    if math.isinf(order):
        return ops.max(size, axis, True) if order > 0 else ops.min(size, axis, True)
    if order == 0:
        return ops.sum(ops.cast(ops.not_equal(x, 0.0), "float32"), axis, True)
    if order == 1:
        return ops.sum(size, axis, True)
    return ops.pow(ops.sum(ops.pow(size, order), axis, True), 1.0 / order)


def _matrix_norm(x: Tensor, order: Any, axes: Sequence[int]) -> Tensor:
    rows, columns = axes
    largest = ops.max if order in (1, 2, math.inf) else ops.min
    if order in (1, -1):
        return largest(ops.sum(ops.abs(x), rows, True), columns, True)
    if order in (math.inf, -math.inf):
        return largest(ops.sum(ops.abs(x), columns, True), rows, True)
    if order not in (2, -2, "nuc"):
        raise OptionError(f"norm: expected another `ord` for matrices, received {order!r}.")
    others = [axis for axis in range(x.rank) if axis not in axes]
    s = svd(ops.transpose(x, [*others, rows, columns]), False, False)
    found = ops.sum(s, -1) if order == "nuc" else largest(s, -1)
    return ops.reshape(found, [1 if axis in axes else dim for axis, dim in enumerate(x.shape)])


__all__ = ["linalg", "math_group", "numpy"]
