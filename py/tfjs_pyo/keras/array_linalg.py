"""Linear algebra of the array API: an extension of it. Source: https://data-apis.org/array-api/2023.12/extensions/"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.keras.array_functions import FUNCTIONS, asarray, entered, keras_function
from tfjs_pyo.keras.ops import linalg as keras_linalg
from tfjs_pyo.types import TensorLike

BRIDGED_LINALG = [
    "cholesky", "cross", "det", "diagonal", "eigh", "inv", "matmul", "matrix_rank", "outer", "pinv", "qr", "slogdet",
    "solve", "svd", "tensordot", "trace",
]  # fmt: skip
_linalg: dict[str, Callable[..., Any]] = {}


@entered(_linalg)
def vector_norm(
    x: TensorLike, *, axis: int | Sequence[int] | None = None, keepdims: bool = False, ord: float = 2
) -> Tensor:
    """Returns a norm of vectors along axes; of all elements where there is none."""
    sizes = ops.abs(asarray(x))
    sizes = sizes if sizes.dtype == "float32" else ops.cast(sizes, "float32")
    if ord in (math.inf, -math.inf):
        reduce = ops.max if ord > 0 else ops.min
        found: Tensor = reduce(sizes, axis, keepdims)
        return found
    if ord == 0:
        return ops.sum(ops.cast(ops.not_equal(sizes, 0.0), "float32"), axis, keepdims)
    if ord == 2:  # numbers whose squares float32 does not hold
        largest = ops.max(sizes, axis, True)
        unit = ops.where(ops.logical_and(largest > 0, ops.is_finite(largest)), largest, 1.0)
        root = ops.sqrt(ops.sum(ops.square(sizes / unit), axis, keepdims))
        return root * (unit if keepdims else ops.reshape(unit, root.shape))
    return ops.pow(ops.sum(ops.pow(sizes, float(ord)), axis, keepdims), 1.0 / ord)


@entered(_linalg)
def matrix_norm(x: TensorLike, *, keepdims: bool = False, ord: Any = "fro") -> Tensor:
    """Returns a norm of the matrices of the last two axes."""
    x = asarray(x)
    if x.rank < 2:
        raise ShapeError(f"matrix_norm: expected a tensor of rank 2 or more, received shape {x.shape}.")
    found: Tensor = keras_linalg.FUNCTIONS["norm"](x, ord, (-2, -1), keepdims)
    return found


@entered(_linalg)
def matrix_power(x: TensorLike, n: int) -> Tensor:
    """Returns square matrices multiplied n times with themselves; the inverse, where n is negative."""
    x = asarray(x)
    if x.rank < 2 or x.shape[-1] != x.shape[-2]:
        raise ShapeError(f"matrix_power: expected square matrices, received shape {x.shape}.")
    base = keras_linalg.FUNCTIONS["inv"](x) if n < 0 else x
    found = ops.broadcast_to(ops.eye(x.shape[-1], None, None, x.dtype), x.shape)
    for bit in f"{abs(n):b}" if n else "":
        found = ops.mat_mul(found, found)
        found = ops.mat_mul(found, base) if bit == "1" else found
    return found


@entered(_linalg)
def svdvals(x: TensorLike) -> Tensor:
    """Returns the singular values of matrices."""
    found: Tensor = keras_linalg.FUNCTIONS["svd"](x, compute_uv=False)
    return found


@entered(_linalg)
def eigvalsh(x: TensorLike) -> Tensor:
    """Returns the eigenvalues of symmetric matrices."""
    found: Tensor = keras_linalg.FUNCTIONS["eigh"](x)[0]
    return found


for _name in ("matrix_transpose", "vecdot"):
    _linalg[_name] = FUNCTIONS[_name]

globals().update({**{name: keras_function(name) for name in BRIDGED_LINALG}, **_linalg})
__all__ = sorted({*BRIDGED_LINALG, *_linalg})  # noqa: PLE0605 (names)
