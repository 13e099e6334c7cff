"""Elementwise arithmetic of two tensors: sums, products, quotients, extremes."""

from __future__ import annotations

from typing import Any

from tfjs_pyo.core.graph import NONDIFFERENTIABLE, Node, const
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.ops import glsl
from tfjs_pyo.ops.comparison import equal, where
from tfjs_pyo.ops.declare import PublicOp, cast_node, elementwise, public
from tfjs_pyo.ops.samples import NUMERIC, REAL, Domain, sampled_on

add: PublicOp = elementwise(
    "add",
    arity=2,
    glsl="{a} + {b}",
    numpy=lambda np, a, b: a + b,
    gradient=lambda x, y, g: (g, g),
    samples=NUMERIC,
    doc="""Returns a + b, broadcast.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.add([1, 2], 3)
        Tensor
            [4, 5]

    Source: https://js.tensorflow.org/api/latest/#add
    """,
)

sub: PublicOp = elementwise(
    "sub",
    arity=2,
    glsl="{a} - {b}",
    numpy=lambda np, a, b: a - b,
    gradient=lambda x, y, g: (g, neg(g)),
    samples=NUMERIC,
    doc="Returns a - b, broadcast. Source: https://js.tensorflow.org/api/latest/#sub",
)

mul: PublicOp = elementwise(
    "mul",
    arity=2,
    glsl="{a} * {b}",
    numpy=lambda np, a, b: a * b,
    gradient=lambda x, y, g: (mul(g, x[1]), mul(g, x[0])),
    samples=NUMERIC,
    doc="Returns a * b, broadcast. Source: https://js.tensorflow.org/api/latest/#mul",
)

divide_real: PublicOp = elementwise(
    "divide_real",
    arity=2,
    takes="float",
    glsl="{a} / {b}",
    numpy=lambda np, a, b: a / b,
    gradient=lambda x, y, g: (divide_real(g, x[1]), neg(divide_real(mul(g, y), x[1]))),
    cost=4,
    samples=Domain(low=0.3),
    doc="Returns a / b as float32, broadcast.",
    method=False,
)

floor_div: PublicOp = elementwise(
    "floor_div",
    arity=2,
    helpers=(glsl.DIVIDE,),
    glsl="floordiv_({a}, {b})",
    numpy=lambda np, a, b: (
        np.where(np.isfinite(a) & (b != 0), np.floor_divide(a, b), np.floor(a / b))
        if a.dtype.kind == "f"
        else np.where(b == 0, 0, a // np.where(b == 0, 1, b))
    ),
    gradient=NONDIFFERENTIABLE,
    cost=8,
    samples=Domain(dtypes=("float32", "int32"), kinks=(0.0,)),
    doc="Returns the largest whole number not above a / b, broadcast; of float32 it is float32 "
    "(TF.js: int32); int32 division by 0 gives 0. "
    "Source: https://js.tensorflow.org/api/latest/#floorDiv",
)

mod: PublicOp = elementwise(
    "mod",
    arity=2,
    helpers=(glsl.DIVIDE,),
    glsl="mod_({a}, {b})",
    numpy=lambda np, a, b: (
        np.mod(a, b) if a.dtype.kind == "f" else np.where(b == 0, 0, np.mod(a, np.where(b == 0, 1, b)))
    ),
    gradient=lambda x, y, g: (g, neg(mul(g, floor_div(x[0], x[1])))),
    cost=12,
    samples=Domain(dtypes=("float32", "int32"), low=0.5),
    doc="Returns the remainder of a / b with the sign of b, as Python's %; int32 modulo 0 gives 0. "
    "Source: https://js.tensorflow.org/api/latest/#mod",
)

maximum: PublicOp = elementwise(
    "maximum",
    arity=2,
    helpers=(glsl.MINMAX,),
    glsl="max_({a}, {b})",
    numpy=lambda np, a, b: np.maximum(a, b),
    gradient=lambda x, y, g: _extreme_gradient(x, y, g),
    samples=NUMERIC,
    doc="Returns the larger of a and b, NaN if either is. Source: https://js.tensorflow.org/api/latest/#maximum",
)

minimum: PublicOp = elementwise(
    "minimum",
    arity=2,
    helpers=(glsl.MINMAX,),
    glsl="min_({a}, {b})",
    numpy=lambda np, a, b: np.minimum(a, b),
    gradient=lambda x, y, g: _extreme_gradient(x, y, g),
    samples=NUMERIC,
    doc="Returns the smaller of a and b, NaN if either is. Source: https://js.tensorflow.org/api/latest/#minimum",
)


def _extreme_gradient(x: tuple[Node, ...], y: Node, g: Node) -> tuple[Node, Node]:
    """Hands the gradient to the input that was chosen; to the first where both are equal, as TF.js does."""
    first = equal(x[0], y)
    zero = const(0.0, "float32")
    return where(first, g, zero), where(first, zero, g)


over_square_sum: PublicOp = elementwise(
    "over_square_sum",
    arity=3,
    takes="float",
    helpers=(glsl.OVER_SQUARE_SUM,),
    glsl="over_square_sum_({a}, {b}, {c})",
    numpy=lambda np, c, a, b: _over_square_sum(np, c, a, b),
    gradient=lambda x, y, g: (
        over_square_sum(g, x[1], x[2]),
        mul(const(-2.0, "float32"), over_square_sum(mul(mul(g, y), x[1]), x[1], x[2])),
        mul(const(-2.0, "float32"), over_square_sum(mul(mul(g, y), x[2]), x[1], x[2])),
    ),
    cost=12,
    samples=Domain(low=0.3),
    doc="Returns c / (a^2 + b^2) without overflow, broadcast.",
    method=False,
)


def _over_square_sum(np: Any, c: Any, a: Any, b: Any) -> Any:
    size = np.maximum(np.abs(a), np.abs(b))
    size = np.where(np.isinf(size), 1, size)
    return c / size / (np.square(a / size) + np.square(b / size)) / size


atan2: PublicOp = elementwise(
    "atan2",
    arity=2,
    takes="float",
    helpers=(glsl.ATAN2,),
    glsl="atan2_({a}, {b})",
    numpy=lambda np, a, b: np.arctan2(a, b),
    gradient=lambda x, y, g: (
        over_square_sum(mul(g, x[1]), x[0], x[1]),
        neg(over_square_sum(mul(g, x[0]), x[0], x[1])),
    ),
    cost=20,
    # The sign of a zero does not survive every device.
    samples=Domain(
        kinks=(0.0,), extremes=(1e-30, 30.0, -30.0, 1e30, -1e30, float("inf"), float("-inf"), float("nan"))
    ),
    doc="Returns the angle of the point (b, a) in radians, broadcast. Source: https://js.tensorflow.org/api/latest/#atan2",
)

neg: PublicOp = elementwise(
    "neg",
    glsl="-{a}",
    numpy=lambda np, a: -a,
    gradient=lambda x, y, g: (neg(g),),
    samples=NUMERIC,
    doc="Returns -x. Source: https://js.tensorflow.org/api/latest/#neg",
)


@sampled_on(Domain(low=0.3, dtypes=("float32", "int32")), 2)
@public(2)
def div(a: Node, b: Node) -> Node:
    """Returns a / b, broadcast; int32 by int32 (or bool) gives the floor of the quotient in int32, as in TF.js.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.div([1, 9], [2, 3])
        Tensor
            [0.5, 3]

    Source: https://js.tensorflow.org/api/latest/#div
    """
    if "int32" in (a.dtype, b.dtype) and "float32" not in (a.dtype, b.dtype):
        result: Node = floor_div(a, b)
        return result
    return divide_real(a, b)


@public(2)
def true_div(a: Node, b: Node) -> Node:
    """Returns a / b as float32 whatever the dtypes. Source: Python's `/`, https://docs.python.org/3/library/operator.html"""
    return divide_real(a, b)


@sampled_on(Domain(low=0.3), 2)
@public(2)
def div_no_nan(a: Node, b: Node) -> Node:
    """Returns a / b, and 0 where b is 0. Source: https://js.tensorflow.org/api/latest/#divNoNan"""
    zero = const(0.0, "float32")
    is_zero = equal(b, const(0, b.dtype))
    return where(
        is_zero, zero, divide_real(a, where(is_zero, const(1.0, "float32"), cast_node(b, "float32")))
    )


@sampled_on(REAL, 2)
@public(2)
def squared_difference(a: Node, b: Node) -> Node:
    """Returns (a - b)^2, broadcast. Source: https://js.tensorflow.org/api/latest/#squaredDifference"""
    difference = sub(a, b)
    return mul(difference, difference)


@public(1, sequence=True)
def add_n(tensors: list[Node]) -> Node:
    """Returns the sum of tensors of one shape.

    Raises:
        ShapeError: no tensors, or different shapes.

    Source: https://js.tensorflow.org/api/latest/#addN
    """
    if len({tensor.shape for tensor in tensors}) != 1:
        listed = ", ".join(str(tensor.shape) for tensor in tensors) or "an empty list"
        raise ShapeError(f"add_n: expected at least one tensor, all of one shape, received {listed}.")
    total = tensors[0]
    for tensor in tensors[1:]:
        total = add(total, tensor)
    return total
