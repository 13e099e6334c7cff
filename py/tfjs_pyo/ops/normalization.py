"""Moments, norms and normalization. Source: https://js.tensorflow.org/api/latest/#Operations-Normalization"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from tfjs_pyo.core.graph import Node, const
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops.arithmetic import add, div_no_nan, mul, sub
from tfjs_pyo.ops.comparison import greater
from tfjs_pyo.ops.declare import cast_node, public
from tfjs_pyo.ops.math import abs_, pow_, rsqrt, sqrt, square
from tfjs_pyo.ops.movement import pad, reshape_node, slice_
from tfjs_pyo.ops.reduction import finite, max_, mean, min_, stop_gradient, sum_
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.shapes import normalize_axes, reduced

Axis = int | Sequence[int] | None


class Moments(NamedTuple):
    """What `moments` returns."""

    mean: Any
    variance: Any


@public()
def moments(x: Node, axis: Axis = None, keep_dims: bool = False) -> Moments:
    """Returns mean and variance over axes.

    Args:
        x: any tensor; computed as float32.
        axis: one or several axes; default: all.
        keep_dims: whether they stay, with length 1.

    Returns:
        A pair with the fields `mean` and `variance`.

    Example:
        >>> import tfjs_pyo as tf
        >>> mean, variance = tf.moments([1.0, 3.0])
        >>> float(mean), float(variance)
        (2.0, 1.0)

    Source: https://js.tensorflow.org/api/latest/#moments
    """
    axes = normalize_axes("moments", axis, x.rank)
    found = centered(cast_node(x, "float32"), None, axes)
    shape = reduced(x.shape, axes, keep_dims)
    return Moments(reshape_node(found.mean, shape), reshape_node(found.variance, shape))


class Centered(NamedTuple):
    """What `centered` returns."""

    mean: Any
    deviation: Any
    variance: Any


@public(2, method=False)
def centered(x: Node, weights: Node | None = None, axes: Sequence[int] = ()) -> Centered:
    """Returns mean, deviations from it, and variance along axes, which stay with length 1.

    Values are first taken relative to one of them: then the mean of numbers that lie far from 0 and close together keeps its
    digits, and deviations do not depend on how it is rounded.

    Args:
        x: float32 tensor.
        weights: of the shape of x, how much each element counts; 1 each unless given.
        axes: not negative.

    Source: https://js.tensorflow.org/api/latest/#moments
    """
    first = tuple(1 if axis in axes else dim for axis, dim in enumerate(x.shape))
    shift = stop_gradient(finite(slice_(x, [0] * x.rank, first))) if x.size else const(0.0, "float32")
    near = sub(x, shift)
    if weights is None:
        center = mean(near, axes, True)
        deviation = sub(near, center)
        return Centered(add(shift, center), deviation, mean(square(deviation), axes, True))
    total = sum_(weights, axes, True)
    center = div_no_nan(sum_(mul(near, weights), axes, True), total)
    deviation = sub(near, center)
    variance = div_no_nan(sum_(mul(weights, square(deviation)), axes, True), total)
    counted = mul(shift, cast_node(greater(total, const(0.0, "float32")), "float32"))
    return Centered(add(counted, center), deviation, variance)


def _euclidean(x: Node, axes: Sequence[int]) -> Node:
    result: Node = sqrt(sum_(square(x), axes, True))
    return result


_OF_VECTORS: dict[Any, Callable[[Node, Sequence[int]], Any]] = {
    1: lambda x, axes: sum_(abs_(x), axes, True),
    2: _euclidean,
    math.inf: lambda x, axes: max_(abs_(x), axes, True),
    -math.inf: lambda x, axes: min_(abs_(x), axes, True),
    "euclidean": _euclidean,
}
_OF_MATRICES: dict[Any, Callable[[Node, Sequence[int]], Any]] = {
    1: lambda x, axes: max_(sum_(abs_(x), axes[0], True), axes[1], True),
    math.inf: lambda x, axes: max_(sum_(abs_(x), axes[1], True), axes[0], True),
    -math.inf: lambda x, axes: min_(sum_(abs_(x), axes[1], True), axes[0], True),
    "fro": _euclidean,
    "euclidean": _euclidean,
}


@tested_with(
    Case(((3, 4),)),
    Case(((3, 4),), (1,)),
    Case(((3, 4),), (2, 0, True)),
    Case(((3, 4),), (math.inf, 1)),
    Case(((3, 4),), (-math.inf, [0])),
    Case(((2, 3, 4),), ("fro", [1, 2], True)),
    Case(((2, 3, 4),), (1, [0, 2])),
    Case(((2, 3, 4),), (math.inf, [0, 1])),
    Case(((5,),), ("euclidean",)),
)
@public()
def norm(x: Node, ord: float | str = "euclidean", axis: Axis = None, keep_dims: bool = False) -> Node:
    """Returns a norm of vectors or matrices.

    Args:
        x: any tensor; computed as float32.
        ord: 1, 2, inf, -inf or 'euclidean'; of matrices 1, inf, -inf, 'fro' or 'euclidean'.
        axis: one axis for vectors, two for matrices; default: the whole tensor as one vector.
        keep_dims: whether the axes stay, with length 1.

    Raises:
        OptionError: there is no such norm.
        ShapeError: more than two axes.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.norm([3.0, 4.0])
        Tensor
            5

    Source: https://js.tensorflow.org/api/latest/#norm
    """
    x = cast_node(x, "float32")
    if axis is None:
        known, axes = _OF_VECTORS, tuple(range(x.rank))
    else:
        axes = tuple([axis] if isinstance(axis, int) else axis)
        axes = tuple(normalize_axes("norm", [each], x.rank)[0] for each in axes)
        known = _OF_VECTORS if len(axes) == 1 else _OF_MATRICES
        if len(axes) not in (1, 2):
            raise ShapeError(f"norm: expected 'axis' to be one or two axes, received {axis!r}.")
    if ord not in known:
        kind = "vectors" if known is _OF_VECTORS else "matrices"
        raise OptionError(
            f"norm: expected 'ord' of {kind} to be one of {', '.join(map(repr, known))}, received {ord!r}."
        )
    result = known[ord](x, axes) if x.rank else abs_(x)
    return reshape_node(result, reduced(x.shape, axes, keep_dims))


@tested_with(Case(((3, 4),)), Case(((3, 4),), (1,)), Case(((3, 4),), (0, True)))
@public()
def euclidean_norm(x: Node, axis: Axis = None, keep_dims: bool = False) -> Node:
    """Returns the square root of the sum of squares: `norm` with 'euclidean'.

    Source: https://js.tensorflow.org/api/latest/#euclideanNorm
    """
    result: Node = norm(x, "euclidean", axis, keep_dims)
    return result


@tested_with(
    Case(((2, 3, 4), (4,), (4,), (4,), (4,)), kwargs={"variance_epsilon": 9.0}),
    Case(((2, 3, 4), (4,), (4,)), kwargs={"variance_epsilon": 9.0}),
    Case(((3, 4), (3, 4), (3, 4), (3, 4), (3, 4)), kwargs={"variance_epsilon": 9.0}),
)
@public(tensors=5)
def batch_norm(
    x: Node,
    mean: Node,
    variance: Node,
    offset: Node | None = None,
    scale: Node | None = None,
    variance_epsilon: float = 0.001,
) -> Node:
    """Returns (x - mean) / sqrt(variance + varianceEpsilon) * scale + offset.

    Args:
        x: [..., channels].
        mean, variance, offset, scale: [channels], or of x's shape; no offset or scale unless given.
        variance_epsilon: keeps the root away from 0.

    Raises:
        ShapeError: a shape does not broadcast to x's.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.batchNorm([[3.0], [5.0]], [3.0], [4.0], None, None, 0.0)
        Tensor
            [[0],
             [1]]

    Source: https://js.tensorflow.org/api/latest/#batchNorm
    """
    for name, given in (("mean", mean), ("variance", variance), ("offset", offset), ("scale", scale)):
        if given is not None and given.shape != x.shape and (given.rank > 1 or not given.rank):
            raise ShapeError(
                f"batch_norm: expected '{name}' of shape {x.shape[-1:]} or {x.shape}, received {given.shape}."
            )
    factor = rsqrt(add(variance, const(float(variance_epsilon), "float32")))
    if scale is not None:
        factor = mul(factor, scale)
    result: Node = mul(sub(x, mean), factor)
    return result if offset is None else add(result, offset)


def _batch_norm_of(rank: int) -> Callable[..., Any]:
    """Returns batchNorm2d, 3d or 4d: `batch_norm` that insists on a rank."""

    def of_rank(
        x: Node,
        mean: Node,
        variance: Node,
        offset: Node | None = None,
        scale: Node | None = None,
        variance_epsilon: float = 0.001,
    ) -> Node:
        if x.rank != rank:
            raise ShapeError(f"batch_norm{rank}d: expected x of rank {rank}, received shape {x.shape}.")
        result: Node = batch_norm(x, mean, variance, offset, scale, variance_epsilon)
        return result

    of_rank.__name__ = of_rank.__qualname__ = f"batch_norm{rank}d"
    of_rank.__doc__ = f"""Returns `batch_norm` of x of rank {rank}.

    Raises:
        ShapeError: x of another rank, or statistics that do not fit it.

    Source: https://js.tensorflow.org/api/latest/#batchNorm
    """
    return public(tensors=5, method=False)(of_rank)


batch_norm2d, batch_norm3d, batch_norm4d = (_batch_norm_of(rank) for rank in (2, 3, 4))


@tested_with(
    Case(((2, 2, 3, 7),)),
    Case(((2, 3, 8),), (2, 1.5, 0.3, 0.75)),
    Case(((1, 2, 2, 3),), (5, 1.0, 0.5, 0.5)),
)
@public()
def local_response_normalization(
    x: Node, depth_radius: int = 5, bias: float = 1.0, alpha: float = 1.0, beta: float = 0.5
) -> Node:
    """Returns x / (bias + alpha * sum of squares of neighbouring channels)^beta.

    Args:
        x: [batch, height, width, channels] or [height, width, channels].
        depth_radius: how many channels on each side are neighbours.
        bias, alpha, beta: of the formula.

    Raises:
        ShapeError: x has another rank.
        OptionError: depthRadius is no whole number.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.localResponseNormalization([[[3.0, 4.0], [6.0, 8.0]]], 1, 0, 1, 0.5)
        Tensor
            [[[0.6, 0.8], [0.6, 0.8]]]

    Source: https://js.tensorflow.org/api/latest/#localResponseNormalization
    """
    if x.rank not in (3, 4):
        raise ShapeError(
            f"local_response_normalization: expected x of rank 3 or 4, received shape {x.shape}."
        )
    if int(depth_radius) != depth_radius or depth_radius < 0:
        raise OptionError(
            f"local_response_normalization: expected 'depthRadius' to be a whole number, received {depth_radius!r}."
        )
    radius = min(int(depth_radius), x.shape[-1])
    around = pad(square(x), [(0, 0)] * (x.rank - 1) + [(radius, radius)])
    total = None
    for shift in range(2 * radius + 1):
        part = slice_(around, [0] * (x.rank - 1) + [shift], list(x.shape))
        total = part if total is None else add(total, part)
    base = add(mul(total, const(float(alpha), "float32")), const(float(bias), "float32"))
    result: Node = mul(x, pow_(base, const(-float(beta), "float32")))
    return result


__all__ = [
    "batch_norm", "batch_norm2d", "batch_norm3d", "batch_norm4d", "euclidean_norm", "local_response_normalization",
    "moments", "norm",
]  # fmt: skip
