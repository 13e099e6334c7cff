"""Functions of TensorFlow for matrices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core import engine
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.keras import ops as _keras_ops
from tfjs_pyo.keras.ops import linalg as _linalg
from tfjs_pyo.ops import linear_algebra
from tfjs_pyo.tensorflow.functions import constant

keras_ops: Any = _keras_ops  # its functions are declared, not written
linalg: Any = _linalg


def matvec(a: Any, b: Any, transpose_a: bool = False) -> Tensor:
    """Returns the product of matrices and vectors."""
    a = constant(a)
    a = keras_ops.swapaxes(a, -1, -2) if transpose_a else a
    return ops.squeeze(ops.mat_mul(a, ops.expand_dims(constant(b), -1)), [-1])


def set_diag(input: Any, diagonal: Any) -> Tensor:
    """Returns matrices with another diagonal."""
    input = constant(input)
    rows, columns = input.shape[-2:]
    values = ops.expand_dims(constant(diagonal), -1 if rows <= columns else -2) + ops.zeros_like(input)
    return ops.where(ops.greater(ops.eye(rows, columns), 0), values, input)


def normalize(tensor: Any, ord: Any = "euclidean", axis: Any = None) -> tuple[Tensor, Tensor]:
    """Returns a tensor over its norm, and that norm."""
    tensor = constant(tensor)
    norm = ops.norm(tensor, ord, axis, True)
    return tensor / norm, norm


def slogdet(input: Any) -> tuple[Tensor, Tensor]:
    """Returns sign and logarithm of determinants."""
    made: tuple[Tensor, Tensor] = keras_ops.slogdet(constant(input))
    return made


def logdet(matrix: Any) -> Tensor:
    """Returns the logarithms of determinants of positive definite matrices."""
    return slogdet(matrix)[1]


def pinv(a: Any, rcond: Any = None) -> Tensor:
    """Returns pseudoinverses."""
    np = engine.import_numpy("tf.linalg.pinv")
    given = np.asarray(constant(a))
    bound = 10 * max(given.shape[-2:]) * np.finfo("float32").eps if rcond is None else rcond
    return ops.tensor(np.linalg.pinv(given, rcond=bound).astype("float32"))


def matrix_rank(a: Any, tol: Any = None) -> Tensor:
    """Returns how many singular values are not 0."""
    np = engine.import_numpy("tf.linalg.matrix_rank")
    return ops.tensor(np.asarray(np.linalg.matrix_rank(np.asarray(constant(a)), tol)).astype("int32"))


def global_norm(t_list: Sequence[Any]) -> Tensor:
    """Returns the norm of tensors as if they were one vector."""
    return ops.sqrt(ops.add_n([ops.sum(ops.square(constant(t))) for t in t_list if t is not None]))


def triangular_solve(matrix: Any, rhs: Any, lower: bool = True, adjoint: bool = False) -> Tensor:
    """Returns x of matrix @ x = rhs for triangular matrices."""
    matrix = constant(matrix)
    matrix = linear_algebra.band_part(matrix, -1, 0) if lower else linear_algebra.band_part(matrix, 0, -1)
    matrix = keras_ops.swapaxes(matrix, -1, -2) if adjoint else matrix
    made: Tensor = linalg.solve_triangular(matrix, constant(rhs), lower=lower != adjoint)
    return made


def solve(matrix: Any, rhs: Any, adjoint: bool = False) -> Tensor:
    """Returns x of matrix @ x = rhs."""
    matrix = constant(matrix)
    made: Tensor = linalg.solve(keras_ops.swapaxes(matrix, -1, -2) if adjoint else matrix, constant(rhs))
    return made


def inv(input: Any, adjoint: bool = False) -> Tensor:
    """Returns inverses."""
    made: Tensor = linalg.inv(constant(input))
    return keras_ops.swapaxes(made, -1, -2) if adjoint else made


def adjoint(matrix: Any) -> Tensor:
    """Returns the complex conjugates of matrices, with rows for columns."""
    made: Tensor = keras_ops.conj(keras_ops.swapaxes(constant(matrix), -1, -2))
    return made


def diag(diagonal: Any) -> Tensor:
    """Returns matrices of zeros but for their diagonals, which are given along the last axis."""
    diagonal = constant(diagonal)
    places = ops.greater(ops.eye(diagonal.shape[-1]), 0)
    rows = ops.expand_dims(diagonal, -1) + ops.zeros_like(ops.expand_dims(diagonal, -2))
    return ops.where(places, rows, ops.zeros_like(rows))


def diag_part(input: Any, k: int = 0) -> Tensor:
    """Returns the diagonals of matrices, along the last axis.

    Args:
        input: matrices: [..., rows, columns].
        k: which diagonal: 0 for the main one, above 0 for one above it.
    """
    made: Tensor = keras_ops.diagonal(constant(input), k, -2, -1)
    return made


def trace(x: Any) -> Tensor:
    """Returns the sums of the main diagonals of matrices: [..., rows, columns]."""
    return ops.sum(diag_part(x), -1)


def eigvalsh(tensor: Any) -> Tensor:
    """Returns the eigenvalues of symmetric matrices, the least first.

    Args:
        tensor: matrices: [..., size, size].
    """
    made: Tensor = linalg.eigh(constant(tensor))[0]
    return made


def cholesky_solve(chol: Any, rhs: Any) -> Tensor:
    """Returns x of A @ x = rhs, given the Cholesky factor of A."""
    return triangular_solve(chol, triangular_solve(chol, rhs), adjoint=True)


def svd(tensor: Any, full_matrices: bool = False, compute_uv: bool = True) -> Any:
    """Returns singular values, and left and right singular vectors, the latter in columns."""
    if not compute_uv:
        return keras_ops.svd(constant(tensor), full_matrices, False)
    u, s, v = keras_ops.svd(constant(tensor), full_matrices, True)
    return s, u, keras_ops.swapaxes(v, -1, -2)


def lstsq(matrix: Any, rhs: Any, l2_regularizer: float = 0.0, fast: bool = True) -> Tensor:
    """Returns x for which matrix @ x is nearest to rhs."""
    matrix, rhs = constant(matrix), constant(rhs)
    if not l2_regularizer:
        return keras_ops.matmul(pinv(matrix), rhs)
    turned = keras_ops.swapaxes(matrix, -1, -2)
    made: Tensor = linalg.solve(
        keras_ops.matmul(turned, matrix) + l2_regularizer * ops.eye(matrix.shape[-1]),
        keras_ops.matmul(turned, rhs),
    )
    return made


def tensor_diag(diagonal: Any) -> Tensor:
    """Returns a tensor with values on its diagonal, of twice as many axes."""
    diagonal = constant(diagonal)
    made = ops.eye(diagonal.size) * ops.reshape(diagonal, [-1])
    return ops.reshape(made, [*diagonal.shape, *diagonal.shape])


def tensor_diag_part(input: Any) -> Tensor:
    """Returns the diagonal of a tensor of an even number of axes."""
    input = constant(input)
    half = input.shape[: input.ndim // 2]
    flat = ops.reshape(input, [math.prod(half), math.prod(half)])
    return ops.reshape(keras_ops.diagonal(flat), list(half))
