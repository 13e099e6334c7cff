"""`keras.ops`, NumPy-like functions that multiply and add up: matrix products, differences, areas, correlations."""

from __future__ import annotations

import math
import string
from collections.abc import Sequence
from typing import Any

from tfjs_pyo import ops, options
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError
from tfjs_pyo.keras.ops.declare import Group, alike, as_float, as_number, tensor
from tfjs_pyo.shapes import normalize_axis
from tfjs_pyo.types import TensorLike

numpy = Group()
math_group = Group()


def _product(x1: Tensor, x2: Tensor) -> Tensor:
    """Returns the matrix product as NumPy's: vectors count as a row before and a column behind; leading axes are broadcast."""
    a, b = (as_number(each) for each in alike(x1, x2))
    if not a.rank or not b.rank:
        raise ShapeError(f"matmul: expected vectors or matrices, received shapes {x1.shape} and {x2.shape}.")
    left = ops.expand_dims(a, 0) if a.rank == 1 else a
    right = ops.expand_dims(b, -1) if b.rank == 1 else b
    found = ops.mat_mul(left, right)
    dropped = [axis for axis, given in ((-2, a), (-1, b)) if given.rank == 1]
    shape = [dim for at, dim in enumerate(found.shape) if at - found.rank not in dropped]
    return ops.reshape(found, shape) if dropped else found


numpy.same("x1, x2", {"matmul": _product})


@numpy.op(2)
def dot(x1: Tensor, x2: Tensor) -> Tensor:
    """Returns products of the last axis of x1 with the second to last of x2.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.dot([1, 2, 3], [4, 5, 6])
        Tensor
            32
        >>> keras.ops.dot([[1, 2], [3, 4]], [10, 1])
        Tensor
            [12, 34]

    Source: https://keras.io/api/ops/numpy/
    """
    if not x1.rank or not x2.rank:
        return ops.mul(*alike(x1, x2))
    return tensordot(x1, x2, [[-1], [max(0, x2.rank - 2)]])


@numpy.op(2)
def tensordot(x1: Tensor, x2: Tensor, axes: Any = 2) -> Tensor:
    """Returns products of x1 and x2, added up along axes: their last and first `axes`, or those of two lists.

    Args:
        x1, x2: tensor, array or numbers; the axes that are added up have the same lengths in both.
        axes: how many axes, or two lists of axes: those of x1 and those of x2.

    Raises:
        OptionError: `axes` is neither a number up to the rank of both nor two lists.
        ShapeError: the axes have different lengths.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.tensordot([[1, 2], [3, 4]], [[1, 0], [0, 2]], 1)
        Tensor
            [[1, 4],
             [3, 8]]

    Source: https://keras.io/api/ops/numpy/
    """
    a, b = (as_number(each) for each in alike(x1, x2))
    if (count := options.whole(axes)) is not None:
        if not 0 <= count <= min(a.rank, b.rank):
            raise OptionError(
                f"tensordot: expected `axes` up to the rank of both, received {count} for shapes {a.shape} and {b.shape}."
            )
        pair = tuple(range(a.rank - count, a.rank)), tuple(range(count))
    else:
        lists = [
            options.whole_items([each]) or options.whole_items(each) for each in options.items(axes) or []
        ]
        if len(lists) != 2 or None in lists:
            raise OptionError(
                f"tensordot: expected `axes` to be a number or two lists of axes, received {options.shown(axes)}."
            )
        pair = lists[0] or (), lists[1] or ()
    first = [normalize_axis("tensordot", axis, a.rank) for axis in pair[0]]
    second = [normalize_axis("tensordot", axis, b.rank) for axis in pair[1]]
    lengths = [a.shape[i] for i in first], [b.shape[i] for i in second]
    if lengths[0] != lengths[1]:
        raise ShapeError(
            f"tensordot: expected axes of equal lengths, received {lengths[0]} and {lengths[1]}."
        )
    rows = [i for i in range(a.rank) if i not in first]
    columns = [i for i in range(b.rank) if i not in second]
    inner = math.prod(lengths[0])
    left = ops.reshape(ops.transpose(a, [*rows, *first]), [-1 if inner else 0, inner])
    right = ops.reshape(ops.transpose(b, [*second, *columns]), [inner, -1 if inner else 0])
    return ops.reshape(
        ops.mat_mul(left, right), [*(a.shape[i] for i in rows), *(b.shape[i] for i in columns)]
    )


@numpy.op(0)
def einsum(subscripts: str, *operands: Any, **kwargs: Any) -> Tensor:  # noqa: ARG001 (how to optimize is the compiler's)
    """Returns a sum of products by Einstein's convention.

    Raises:
        ArgumentError: there are no operands.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.einsum("ij,j->i", [[1, 2], [3, 4]], [10, 1])
        Tensor
            [12, 34]

    Source: https://keras.io/api/ops/numpy/
    """
    if not operands or any(each is None for each in operands):
        raise ArgumentError("einsum: expected tensors after the subscripts, received none.")
    tensors = [as_number(each) for each in alike(*operands)]
    return ops.einsum(_explicit(subscripts.replace(" ", ""), [each.rank for each in tensors]), *tensors)


def _explicit(subscripts: str, ranks: Sequence[int]) -> str:
    """Returns subscripts with letters for '...', and with those of the result, which are in order where they are not told.

    >>> _explicit("...ij,...jk->...ik", [4, 3]), _explicit("ij,jk", [2, 2])
    ('ABij,Bjk->ABik', 'ij,jk->ik')
    """
    given, arrow, result = subscripts.partition("->")
    terms = given.split(",")
    if "." not in subscripts and arrow:
        return subscripts
    free = [letter for letter in string.ascii_uppercase + string.ascii_lowercase if letter not in subscripts]
    named = [len(term.replace("...", "")) for term in terms]
    most = max(
        [rank - count for term, rank, count in zip(terms, ranks, named, strict=False) if "..." in term],
        default=0,
    )
    others = "".join(free[: max(most, 0)])
    made = [
        term.replace("...", others[len(others) - (rank - count) :] if rank > count else "")
        for term, rank, count in zip(terms, ranks, named, strict=False)
    ]
    made += terms[len(ranks) :]
    if not arrow:
        letters = given.replace(",", "").replace(".", "")
        result = ("..." if "..." in given else "") + "".join(
            sorted(x for x in set(letters) if letters.count(x) == 1)
        )
    return f"{','.join(made)}->{result.replace('...', others)}"


@numpy.op(2)
def inner(x1: Tensor, x2: Tensor) -> Tensor:
    """Returns products added up along the last axes.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.inner([1, 2, 3], [4, 5, 6])
        Tensor
            32

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.mul(*alike(x1, x2)) if not x1.rank or not x2.rank else tensordot(x1, x2, [[-1], [-1]])


@numpy.op(2)
def vdot(x1: Tensor, x2: Tensor) -> Tensor:
    """Returns the sum of the products of all elements.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.vdot([[1, 2], [3, 4]], [[1, 1], [1, 1]])
        Tensor
            10

    Source: https://keras.io/api/ops/numpy/
    """
    x1, x2 = alike(x1, x2)
    if x1.dtype == "complex64":
        x1 = ops.complex(ops.real(x1), -ops.imag(x1))
    return ops.sum(as_number(ops.reshape(x1, [-1]) * ops.reshape(x2, [-1])))


@numpy.op(2)
def outer(x1: Tensor, x2: Tensor) -> Tensor:
    """Returns the product of each element of x1 with each of x2.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.outer([1, 2], [1, 10, 100])
        Tensor
            [[1, 10, 100],
             [2, 20, 200]]

    Source: https://keras.io/api/ops/numpy/
    """
    x1, x2 = alike(x1, x2)
    return ops.reshape(x1, [-1, 1]) * ops.reshape(x2, [1, -1])


@numpy.op(2)
def kron(x1: Tensor, x2: Tensor) -> Tensor:
    """Returns x2 once for each element of x1, multiplied by it.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.kron([[1, 10]], [[1, 2], [3, 4]])
        Tensor
            [[1, 2, 10, 20],
             [3, 4, 30, 40]]

    Source: https://keras.io/api/ops/numpy/
    """
    x1, x2 = alike(x1, x2)
    rank = max(x1.rank, x2.rank)
    a = [*[1] * (rank - x1.rank), *x1.shape]
    b = [*[1] * (rank - x2.rank), *x2.shape]
    left = ops.reshape(x1, [part for dim in a for part in (dim, 1)])
    right = ops.reshape(x2, [part for dim in b for part in (1, dim)])
    return ops.reshape(left * right, [m * n for m, n in zip(a, b, strict=True)])


@numpy.op(2)
def cross(
    x1: Tensor, x2: Tensor, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None
) -> Tensor:
    """Returns vectors at right angles to pairs of vectors of 2 or 3 elements.

    Raises:
        ShapeError: vectors of another length than 2 or 3.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.cross([1, 0, 0], [0, 1, 0])
        Tensor
            [0, 0, 1]

    Source: https://keras.io/api/ops/numpy/
    """
    axisa, axisb, axisc = (axisa, axisb, axisc) if axis is None else (axis,) * 3
    x1, x2 = (as_number(each) for each in alike(x1, x2))
    a, b = ops.unstack(x1, axisa), ops.unstack(x2, axisb)
    if not {len(a), len(b)} <= {2, 3}:
        raise ShapeError(f"cross: expected vectors of 2 or 3 elements, received {len(a)} and {len(b)}.")
    last = a[0] * b[1] - a[1] * b[0]
    if len(a) == len(b) == 2:
        return last
    zero = ops.zeros_like(last)
    a, b = [*a, zero][:3], [*b, zero][:3]
    return ops.stack([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], last], axisc)


@numpy.op()
def diff(a: Tensor, n: int = 1, axis: int = -1) -> Tensor:
    """Returns the differences of neighbours, n times.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.diff([1, 4, 9, 16])
        Tensor
            [3, 5, 7]
        >>> keras.ops.diff([1, 4, 9, 16], n=2)
        Tensor
            [2, 2]

    Source: https://keras.io/api/ops/numpy/
    """
    at = normalize_axis("diff", axis, a.rank)
    for _ in range(n):
        length = a.shape[at]
        begin = [0] * a.rank
        size = [length - 1 if place == at else dim for place, dim in enumerate(a.shape)]
        before = ops.slice(a, begin, size)
        begin[at] = 1
        after = ops.slice(a, begin, size)
        a = ops.not_equal(after, before) if a.dtype == "bool" else after - before
    return a


@numpy.op()
def trapezoid(y: Tensor, x: TensorLike = None, dx: float = 1.0, axis: int = -1) -> Tensor:
    """Returns the area below points by trapezoids.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.trapezoid([0, 1, 2])
        Tensor
            2
        >>> keras.ops.trapezoid([0, 1, 2], x=[0, 2, 4])
        Tensor
            4

    Source: https://keras.io/api/ops/numpy/
    """
    y = as_float(y)
    at = normalize_axis("trapezoid", axis, y.rank)
    width: Any = float(dx)
    if x is not None:
        x = as_float(tensor(x))
        width = diff(x, 1, -1 if x.rank == 1 else at)
        if x.rank == 1:
            width = ops.reshape(width, [-1 if place == at else 1 for place in range(y.rank)])
    begin = [0] * y.rank
    size = [dim - (place == at) for place, dim in enumerate(y.shape)]
    before = ops.slice(y, begin, size)
    begin[at] = 1
    return ops.sum((before + ops.slice(y, begin, size)) * width * 0.5, at)


@numpy.op(2)
def correlate(x1: Tensor, x2: Tensor, mode: str = "valid") -> Tensor:
    """Returns the cross-correlation of two vectors.

    Raises:
        OptionError: `mode` is not 'valid', 'same' or 'full'.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.correlate([1, 2, 3, 4], [1, 1])
        Tensor
            [3, 5, 7]
        >>> keras.ops.correlate([1, 2, 3, 4], [1, 1], mode="full")
        Tensor
            [1, 3, 5, 7, 4]

    Source: https://keras.io/api/ops/numpy/
    """
    if mode not in ("valid", "same", "full"):
        raise OptionError(f"correlate: expected `mode` to be 'valid', 'same' or 'full', received {mode!r}.")
    x1, x2 = (as_number(each) for each in alike(x1, x2))
    n, m = x1.size, x2.size
    turned = n < m and mode != "full"
    if turned:
        x1, x2, n, m = x2, x1, m, n
    padded = ops.pad(x1, [[m - 1, m - 1]])
    places = ops.reshape(ops.range(0, n + m - 1, 1, "int32"), [-1, 1]) + ops.range(0, m, 1, "int32")
    found = ops.sum(ops.gather(padded, places) * x2, -1)
    if mode == "valid":
        found = ops.slice(found, [m - 1], [n - m + 1])
    elif mode == "same":
        found = ops.slice(found, [(m - 1) // 2], [n])
    return ops.reverse(found, 0) if turned else found


@numpy.op()
def corrcoef(x: Tensor) -> Tensor:
    """Returns the correlation of each row with each other row.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.corrcoef([[1, 2, 3], [6, 4, 2]])
        Tensor
            [[1 , -1],
             [-1, 1 ]]

    Source: https://keras.io/api/ops/numpy/
    """
    x = as_float(x)
    rows = ops.reshape(x, [1, -1]) if x.rank < 2 else x
    distances = rows - ops.mean(rows, -1, True)
    products = ops.mat_mul(distances, distances, False, True)
    size = ops.sqrt(ops.sum(ops.square(distances), -1))
    found = products / (ops.expand_dims(size, -1) * size)
    found = ops.clip_by_value(found, -1.0, 1.0)
    return ops.reshape(found, []) if x.rank < 2 else found


@math_group.op(2)
def cdist(x: Tensor, y: Tensor) -> Tensor:
    """Returns the distance of each row of x from each row of y.

    Raises:
        ShapeError: no rows, or rows of different lengths.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.cdist([[0.0, 0.0], [3.0, 0.0]], [[3.0, 4.0], [0.0, 2.0], [3.0, 0.0]]).numpy().round(4)
        array([[5.    , 2.    , 3.    ],
               [4.    , 3.6056, 0.    ]], dtype=float32)

    Source: https://keras.io/api/ops/core/
    """
    x, y = as_float(x), as_float(y)
    if x.rank < 2 or y.rank < 2 or x.shape[-1] != y.shape[-1]:
        raise ShapeError(f"cdist: expected rows of one length, received shapes {x.shape} and {y.shape}.")
    squares = ops.sum(ops.square(ops.expand_dims(x, -2) - ops.expand_dims(y, y.rank - 2)), -1)
    some = squares > 0.0
    return ops.where(some, ops.sqrt(ops.where(some, squares, 1.0)), 0.0)


__all__ = ["math_group", "numpy"]
