"""Elementwise functions that NumPy and Keras have and TF.js lacks, composed of those it has."""

from __future__ import annotations

import math

from tfjs_pyo.core.graph import CUSTOM_GRAD, NONDIFFERENTIABLE, Node, const
from tfjs_pyo.dtypes import DType
from tfjs_pyo.ops.arithmetic import add, divide_real, floor_div, maximum, minimum, mod, mul, neg, sub
from tfjs_pyo.ops.comparison import equal, greater, less, logical_and, where
from tfjs_pyo.ops.declare import PublicOp, cast_node, elementwise, public
from tfjs_pyo.ops.math import (
    abs_,
    ceil,
    exp,
    floor,
    is_inf,
    is_nan,
    log,
    pow_,
    sign,
    softplus,
    sqrt,
    square,
)
from tfjs_pyo.ops.random import inverse_erf
from tfjs_pyo.ops.samples import Case, Domain, tested_with
from tfjs_pyo.ops.trigonometry import sin


def _c(value: float) -> Node:
    return const(value, "float32")


def _floats(*nodes: Node) -> list[Node]:
    return [cast_node(node, "float32") for node in nodes]


@tested_with(Case(((3, 5),)))
@public(method=False)
def exp2(x: Node) -> Node:
    """Returns 2 to the power x."""
    return pow_(_c(2.0), cast_node(x, "float32"))


@public(method=False)
def log2(x: Node) -> Node:
    """Returns the logarithm to base 2."""
    return mul(log(x), _c(1 / math.log(2)))


@public(method=False)
def log10(x: Node) -> Node:
    """Returns the logarithm to base 10."""
    return mul(log(x), _c(1 / math.log(10)))


@tested_with(Case(((3, 5),)))
@public(method=False)
def cbrt(x: Node) -> Node:
    """Returns the cube root, also of negative numbers."""
    (x,) = _floats(x)
    size = abs_(x)
    some = greater(size, _c(0.0))
    root = pow_(where(some, size, _c(1.0)), _c(1 / 3))
    # One step of Newton's, as 1/3 is not exact.
    root = sub(root, divide_real(sub(root, divide_real(where(some, size, _c(1.0)), square(root))), _c(3.0)))
    return mul(sign(x), where(is_inf(x), size, where(some, root, size)))


@public(method=False)
def trunc(x: Node) -> Node:
    """Returns the whole number next to x towards 0."""
    return where(less(x, const(0, x.dtype)), ceil(x), floor(x))


@tested_with(Case(((3, 5), (5,)), differentiable=False))
@public(2, method=False)
def fmod(a: Node, b: Node) -> Node:
    """Returns the remainder of a / b with the sign of a, as C's fmod."""
    a, b = _alike(a, b)
    rest = mod(abs_(a), abs_(b))
    return where(less(a, const(0, a.dtype)), neg(rest), rest)


def _alike(a: Node, b: Node) -> tuple[Node, Node]:
    """Returns two nodes of numbers in the dtype that they are promoted to; bools are int32."""
    dtype: DType = "float32" if "float32" in (a.dtype, b.dtype) else "int32"
    return cast_node(a, dtype), cast_node(b, dtype)


@public(method=False)
def erfinv(x: Node) -> Node:
    """Returns the inverse of the error function; infinite at -1 and 1, NaN beyond."""
    (x,) = _floats(x)
    inside = less(abs_(x), _c(1.0))
    found = inverse_erf(where(inside, x, _c(0.0)))
    beyond = where(equal(abs_(x), _c(1.0)), mul(x, _c(float("inf"))), _c(float("nan")))
    y = where(inside, found, beyond)
    node = Node(CUSTOM_GRAD, (y, x), y.shape, y.dtype)
    # By the result: the parts of the approximation have infinite slopes where they are not taken.
    node.rule = lambda g: (None, mul(g, mul(_c(math.sqrt(math.pi) / 2), exp(square(node)))))
    return node


@tested_with(Case(((3, 5), (5,))))
@public(2, method=False)
def hypot(a: Node, b: Node) -> Node:
    """Returns sqrt(a^2 + b^2) without overflow."""
    a, b = _floats(a, b)
    larger, smaller = maximum(abs_(a), abs_(b)), minimum(abs_(a), abs_(b))
    some = logical_and(greater(larger, _c(0.0)), less(larger, _c(float("inf"))))
    ratio = divide_real(smaller, where(some, larger, _c(1.0)))
    return where(some, mul(larger, sqrt(add(square(ratio), _c(1.0)))), larger)


@tested_with(Case(((3, 5), (5,))))
@public(2, method=False)
def logaddexp(a: Node, b: Node) -> Node:
    """Returns log(exp(a) + exp(b)) without overflow."""
    a, b = _floats(a, b)
    larger = maximum(a, b)
    difference = abs_(sub(a, b))
    tied = equal(a, b)
    return add(larger, where(tied, _c(math.log(2)), softplus(neg(where(tied, _c(0.0), difference)))))


@tested_with(Case(((3, 5), (5,))))
@public(2, method=False)
def logaddexp2(a: Node, b: Node) -> Node:
    """Returns the logarithm to base 2 of 2^a + 2^b without overflow."""
    a, b = _floats(a, b)
    scale = _c(math.log(2))
    return divide_real(logaddexp(mul(a, scale), mul(b, scale)), scale)


@tested_with(Case(((3, 5), (5,)), differentiable=False))
@public(2, method=False)
def heaviside(a: Node, b: Node) -> Node:
    """Returns 0 where a is negative, b where it is 0, 1 where it is positive."""
    a, b = _floats(a, b)
    steps = where(greater(a, _c(0.0)), _c(1.0), where(equal(a, _c(0.0)), b, _c(0.0)))
    return where(is_nan(a), a, steps)


@tested_with(Case(((3, 5),)))
@public(method=False)
def sinc(x: Node) -> Node:
    """Returns sin(pi x) / (pi x), 1 at 0."""
    (x,) = _floats(x)
    scaled = mul(x, _c(math.pi))
    zero = equal(x, _c(0.0))
    return where(zero, _c(1.0), divide_real(sin(scaled), where(zero, _c(1.0), scaled)))


_I0_NEAR = (1.0, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.0360768, 0.0045813)
_I0_FAR = (
    0.39894228, 0.01328592, 0.00225319, -0.00157565, 0.00916281, -0.02057706, 0.02635537, -0.01647633, 0.00392377,
)  # fmt: skip


@tested_with(Case(((3, 5),)))
@public(method=False)
def bessel_i0(x: Node) -> Node:
    """Returns the modified Bessel function of order 0, to 2e-7 (Abramowitz and Stegun 9.8.1 and 9.8.2)."""
    size = abs_(cast_node(x, "float32"))
    inside = less(size, _c(3.75))
    near = square(divide_real(where(inside, size, _c(0.0)), _c(3.75)))
    outer = where(inside, _c(3.75), size)
    far = divide_real(_c(3.75), outer)
    large = divide_real(mul(exp(outer), _polynomial(far, _I0_FAR)), sqrt(outer))
    return where(inside, _polynomial(near, _I0_NEAR), large)


def _polynomial(x: Node, coefficients: tuple[float, ...]) -> Node:
    total = _c(coefficients[-1])
    for each in coefficients[-2::-1]:
        total = add(mul(total, x), _c(each))
    return total


signbit: PublicOp = elementwise(
    "signbit",
    takes="float",
    gives="bool",
    glsl="ivec4(lessThan(floatBitsToInt({a}), ivec4(0)))",
    numpy=lambda np, x: np.signbit(x),
    gradient=NONDIFFERENTIABLE,
    # The sign of a zero and of NaN does not survive every device.
    samples=Domain(extremes=(1.0, -1.0, float("inf"), float("-inf"))),
    doc="Tells which elements have a negative sign.",
    method=False,
)

next_after: PublicOp = elementwise(
    "next_after",
    arity=2,
    takes="float",
    glsl="mix(mix(mix(mix(intBitsToFloat(floatBitsToInt({a}) + select("
    "equal(greaterThan({a}, vec4(0.)), greaterThan({b}, {a})), ivec4(1), ivec4(-1))), "
    "intBitsToFloat(ivec4(1) | select(lessThan({b}, {a}), ivec4(-2147483647 - 1), ivec4(0))), "
    "equal({a}, vec4(0.))), {b}, equal({a}, {b})), "
    "{a}, notEqual({a}, {a})), {b}, notEqual({b}, {b}))",
    numpy=lambda np, a, b: np.nextafter(a, b),
    gradient=NONDIFFERENTIABLE,
    samples=Domain(extremes=(1.0, -1.0, 3.0, 1e30)),
    doc="Returns the float32 next to a towards b.",
    method=False,
)


@tested_with(Case(((3, 5), (5,)), dtypes=("int32", "int32"), integers=60, differentiable=False))
@public(2, method=False)
def gcd(a: Node, b: Node) -> Node:
    """Returns the greatest common divisor of whole numbers, by Euclid's algorithm: 47 steps reach every pair of int32."""
    a, b = abs_(cast_node(a, "int32")), abs_(cast_node(b, "int32"))
    for _ in range(47):
        a, b = where(equal(b, const(0, "int32")), a, b), where(equal(b, const(0, "int32")), b, mod(a, b))
    return a


@tested_with(Case(((3, 5), (5,)), dtypes=("int32", "int32"), integers=60, differentiable=False))
@public(2, method=False)
def lcm(a: Node, b: Node) -> Node:
    """Returns the least common multiple of whole numbers."""
    a, b = abs_(cast_node(a, "int32")), abs_(cast_node(b, "int32"))
    divisor = gcd(a, b)
    return mul(floor_div(a, maximum(divisor, const(1, "int32"))), b)


__all__ = [
    "bessel_i0", "cbrt", "erfinv", "exp2", "fmod", "gcd", "heaviside", "hypot", "lcm", "log2", "log10", "logaddexp",
    "logaddexp2", "next_after", "signbit", "sinc", "trunc",
]  # fmt: skip
