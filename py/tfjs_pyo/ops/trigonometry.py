"""Trigonometric and hyperbolic functions of one tensor, and their inverses.

Their derivatives are written with functions that neither overflow nor cancel on the way, so that derivatives of any order are
right at infinity and at the ends of a domain.
"""

from __future__ import annotations

from tfjs_pyo.core.graph import Node, const
from tfjs_pyo.ops import glsl
from tfjs_pyo.ops.arithmetic import add, mul, neg
from tfjs_pyo.ops.declare import PublicOp
from tfjs_pyo.ops.math import float_function, rsqrt
from tfjs_pyo.ops.samples import Domain

_TURNS = Domain(extremes=(0.0, 1e-30, 30.0, -30.0, 100.0, 1e30, float("inf"), float("nan")))

sin: PublicOp = float_function(
    "sin",
    "sine_({a}, 0)",
    lambda np, x: np.sin(x),
    lambda x, y, g: mul(g, cos(x)),
    "Returns the sine of radians, however large.",
    helpers=(glsl.SIN_COS,),
    samples=_TURNS,
)
cos: PublicOp = float_function(
    "cos",
    "sine_({a}, 1)",
    lambda np, x: np.cos(x),
    lambda x, y, g: neg(mul(g, sin(x))),
    "Returns the cosine of radians, however large.",
    helpers=(glsl.SIN_COS,),
    samples=_TURNS,
)
tan: PublicOp = float_function(
    "tan",
    "tangent_({a})",
    lambda np, x: np.tan(x),
    lambda x, y, g: mul(g, add(const(1.0, "float32"), mul(y, y))),
    "Returns the tangent of radians, however large.",
    helpers=(glsl.SIN_COS,),
    cost=14,
    samples=Domain(low=-1.2, high=1.2, extremes=_TURNS.extremes),
)

# The point (1, x), at length 1: cosine and sine of its angle.
cos_atan: PublicOp = float_function(
    "cos_atan",
    "(1. / mix(sqrt(1. + {a} * {a}), abs({a}), greaterThan(abs({a}), vec4(1e10))))",
    lambda np, x: 1 / np.hypot(1, x),
    lambda x, y, g: neg(mul(g, mul(sin_atan(x), mul(y, y)))),
    "Returns 1 / sqrt(1 + x^2).",
    # The second gradient is a difference, 0 at 0.7.
    samples=Domain(edges={"second gradient": (1e-5, 1e-6)}),
    method=False,
)
sin_atan: PublicOp = float_function(
    "sin_atan",
    "mix({a} / sqrt(1. + {a} * {a}), sign({a}), greaterThan(abs({a}), vec4(1e10)))",
    lambda np, x: np.where(np.abs(x) > 1e10, np.sign(x), x / np.hypot(1, x)),
    lambda x, y, g: mul(g, _cube(cos_atan(x))),
    "Returns x / sqrt(1 + x^2).",
    method=False,
)
secant_asin: PublicOp = float_function(
    "secant_asin",
    "inverse_({a})",
    lambda np, x: 1 / np.sqrt((1 - x) * (1 + x)),
    lambda x, y, g: mul(g, mul(x, _cube(y))),
    "Returns 1 / sqrt(1 - x^2).",
    helpers=(
        """
vec4 inverse_(vec4 x) {
  return mix(1. / sqrt((1. - x) * (1. + x)), vec4(NAN), greaterThan(abs(x), vec4(1.)));
}
""",
    ),
    samples=Domain(low=-0.9, high=0.9),
    method=False,
)


def _cube(x: Node) -> Node:
    result: Node = mul(x, mul(x, x))
    return result


def _square(x: Node) -> Node:
    result: Node = mul(x, x)
    return result


atan: PublicOp = float_function(
    "atan",
    "atan2_({a}, vec4(1.))",
    lambda np, x: np.arctan(x),
    lambda x, y, g: mul(g, _square(cos_atan(x))),
    "Returns the inverse tangent in radians.",
    helpers=(glsl.ATAN2,),
    cost=20,
)
asin: PublicOp = float_function(
    "asin",
    "asin_({a})",
    lambda np, x: np.arcsin(x),
    lambda x, y, g: mul(g, secant_asin(x)),
    "Returns the inverse sine in radians; NaN beyond 1.",
    helpers=(glsl.ASIN,),
    cost=24,
    samples=Domain(low=-0.9, high=0.9),
)
acos: PublicOp = float_function(
    "acos",
    "acos_({a})",
    lambda np, x: np.arccos(x),
    lambda x, y, g: neg(mul(g, secant_asin(x))),
    "Returns the inverse cosine in radians; NaN beyond 1.",
    helpers=(glsl.ASIN,),
    cost=24,
    samples=Domain(low=-0.9, high=0.9),
)
sinh: PublicOp = float_function(
    "sinh",
    "sinh_({a})",
    lambda np, x: np.sinh(x),
    lambda x, y, g: mul(g, cosh(x)),
    "Returns the hyperbolic sine.",
    helpers=(glsl.SINH,),
    cost=20,
)
cosh: PublicOp = float_function(
    "cosh",
    "cosh_({a})",
    lambda np, x: np.cosh(x),
    lambda x, y, g: mul(g, sinh(x)),
    "Returns the hyperbolic cosine.",
    helpers=(glsl.SINH,),
    cost=14,
)
asinh: PublicOp = float_function(
    "asinh",
    "asinh_({a})",
    lambda np, x: np.arcsinh(x),
    lambda x, y, g: mul(g, cos_atan(x)),
    "Returns the inverse hyperbolic sine.",
    helpers=(glsl.ASINH,),
    cost=24,
)
acosh: PublicOp = float_function(
    "acosh",
    "acosh_({a})",
    lambda np, x: np.arccosh(x),
    lambda x, y, g: mul(g, mul(rsqrt(add(x, const(-1.0, "float32"))), rsqrt(add(x, const(1.0, "float32"))))),
    "Returns the inverse hyperbolic cosine; NaN below 1.",
    helpers=(glsl.ASINH,),
    cost=24,
    samples=Domain(low=1.2, high=5.0),
)
atanh: PublicOp = float_function(
    "atanh",
    "atanh_({a})",
    lambda np, x: np.arctanh(x),
    lambda x, y, g: mul(g, _square(secant_asin(x))),
    "Returns the inverse hyperbolic tangent; NaN beyond 1.",
    helpers=(glsl.ASINH,),
    cost=20,
    samples=Domain(low=-0.9, high=0.9),
)

__all__ = ["acos", "acosh", "asin", "asinh", "atan", "atanh", "cos", "cosh", "sin", "sinh", "tan"]
