"""Elementwise functions of one tensor, and powers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tfjs_pyo.core.graph import CONST, NONDIFFERENTIABLE, Node, const
from tfjs_pyo.errors import OptionError
from tfjs_pyo.ops import glsl
from tfjs_pyo.ops.arithmetic import add, divide_real, mul, neg, sub
from tfjs_pyo.ops.comparison import equal, greater, greater_equal, less, less_equal, logical_and, where
from tfjs_pyo.ops.declare import PublicOp, cast_node, elementwise, public
from tfjs_pyo.ops.error_function import numpy_erf
from tfjs_pyo.ops.samples import POSITIVE, REAL, Domain, sampled_on

_URL = "Source: https://js.tensorflow.org/api/latest/#"


# What saturates: 1 - y of a result y near 1 is exact to 6e-8, so gradients are; they are made of results, for then x need not be
# kept for them.
SATURATES = {"gradient": (4e-6, 2e-7), "second gradient": (1e-5, 4e-7)}
SECOND_SATURATES = {"second gradient": (1e-5, 2e-7)}


def _c(value: float) -> Node:
    return const(value, "float32")


def float_function(
    name: str,
    expression: str,
    numpy: Callable[[Any, Any], Any],
    gradient: Callable[[Node, Node, Node], Node],
    doc: str,
    *,
    helpers: tuple[str, ...] = (),
    cost: int = 10,
    samples: Domain = REAL,
    url: str = "",
    method: bool = True,
) -> Callable[..., Any]:
    """Declares a function of one tensor that computes in float32; `gradient(x, y, g)` is for its only input."""
    return elementwise(
        name,
        takes="float",
        glsl=expression,
        numpy=numpy,
        gradient=lambda x, y, g: (gradient(x[0], y, g),),
        helpers=helpers,
        cost=cost,
        samples=samples,
        doc=f"{doc} {_URL}{url or name}",
        method=method,
    )


exp: PublicOp = float_function(
    "exp",
    "exp_({a})",
    lambda np, x: np.exp(x),
    lambda x, y, g: mul(g, y),
    "Returns e to the power x.",
    helpers=(glsl.EXP,),
)
expm1: PublicOp = float_function(
    "expm1",
    "expm1_({a})",
    lambda np, x: np.expm1(x),
    lambda x, y, g: mul(g, exp(x)),
    "Returns e to the power x, minus 1, exact near 0.",
    helpers=(glsl.EXPM1,),
)
log: PublicOp = float_function(
    "log",
    "log_({a})",
    lambda np, x: np.log(x),
    lambda x, y, g: divide_real(g, x),
    "Returns the natural logarithm.",
    helpers=(glsl.LOG,),
    samples=POSITIVE,
)
log1p: PublicOp = float_function(
    "log1p",
    "log1p_({a})",
    lambda np, x: np.log1p(x),
    lambda x, y, g: divide_real(g, add(x, _c(1.0))),
    "Returns the natural logarithm of 1 + x, exact near 0.",
    helpers=(glsl.LOG1P,),
    samples=Domain(low=-0.9),
)
sqrt: PublicOp = float_function(
    "sqrt",
    "sqrt({a})",
    lambda np, x: np.sqrt(x),
    lambda x, y, g: divide_real(mul(g, _c(0.5)), y),
    "Returns the square root.",
    cost=4,
    samples=POSITIVE,
)
rsqrt: PublicOp = float_function(
    "rsqrt",
    "(1. / sqrt({a}))",
    lambda np, x: 1 / np.sqrt(x),
    lambda x, y, g: mul(g, divide_real(mul(_c(-0.5), y), x)),
    "Returns 1 / sqrt(x).",
    cost=6,
    samples=POSITIVE,
)
reciprocal: PublicOp = float_function(
    "reciprocal",
    "(1. / {a})",
    lambda np, x: 1 / x,
    lambda x, y, g: neg(mul(g, mul(y, y))),
    "Returns 1 / x.",
    cost=4,
    samples=Domain(low=0.3),
)
tanh: PublicOp = float_function(
    "tanh",
    "tanh_({a})",
    lambda np, x: np.tanh(x),
    lambda x, y, g: mul(g, sub(_c(1.0), mul(y, y))),
    "Returns the hyperbolic tangent.",
    helpers=(glsl.TANH,),
    samples=Domain(edges=SATURATES),
)
sigmoid: PublicOp = float_function(
    "sigmoid",
    "sigmoid_({a})",
    lambda np, x: (
        np.where(x >= 0, 1, np.exp(-np.abs(x))) / (1 + np.exp(-np.abs(x))) + 0 * np.where(np.isnan(x), x, 0)
    ),
    lambda x, y, g: mul(g, mul(y, sub(_c(1.0), y))),
    "Returns 1 / (1 + exp(-x)).",
    helpers=(glsl.SIGMOID,),
    samples=Domain(edges=SATURATES),
)
softplus: PublicOp = float_function(
    "softplus",
    "softplus_({a})",
    lambda np, x: np.logaddexp(x, 0),
    lambda x, y, g: mul(g, sigmoid(x)),
    "Returns log(1 + exp(x)) without overflow.",
    helpers=(glsl.SOFTPLUS,),
    samples=Domain(edges=SECOND_SATURATES),
)
softsign: PublicOp = float_function(
    "softsign",
    "mix({a} / (1. + abs({a})), sign({a}), equal(abs({a}), vec4(INF)))",
    lambda np, x: np.where(np.isinf(x), np.sign(x), x / (1 + np.abs(x))),
    # Of any order without cancellation, and 0 at infinity.
    lambda x, y, g: mul(g, square(reciprocal(add(abs_(x), _c(1.0))))),
    "Returns x / (1 + |x|).",
    cost=6,
    method=False,
)
tanh_shrink: PublicOp = float_function(
    "tanh_shrink",
    "tanh_shrink_({a})",
    lambda np, x: _numpy_tanh_shrink(np, np.float64(x)),
    lambda x, y, g: mul(g, square(tanh(x))),
    "Returns x - tanh(x).",
    helpers=(glsl.TANH_SHRINK,),
    cost=14,
    samples=Domain(edges={"second gradient": (1e-5, 4e-7)}),
    method=False,
)
erf: PublicOp = float_function(
    "erf",
    "erf_({a})",
    numpy_erf,
    lambda x, y, g: mul(g, mul(_c(2.0 / math.sqrt(math.pi)), exp(neg(square(clip_by_value(x, -20, 20)))))),
    "Returns the error function.",
    helpers=(glsl.ERF,),
)


def _numpy_tanh_shrink(np: Any, x: Any) -> Any:
    """Returns x - tanh(x) of float64, near 0 by the series of the difference."""
    z = x * x
    near = x * z * (1 / 3 - z * (2 / 15 - z * 17 / 315))
    return np.where(np.abs(x) < 0.02, near, x - np.tanh(x))


abs_: PublicOp = elementwise(
    "abs",
    glsl="abs({a})",
    numpy=lambda np, x: np.abs(x),
    gradient=lambda x, y, g: (mul(g, sign(x[0])),),
    samples=Domain(dtypes=("float32", "int32"), kinks=(0.0,)),
    doc=f"Returns the absolute value. {_URL}abs",
)
sign: PublicOp = elementwise(
    "sign",
    glsl={"float32": "mix(sign({a}), {a}, notEqual({a}, {a}))", "int32": "sign({a})"},
    numpy=lambda np, x: np.sign(x),
    gradient=NONDIFFERENTIABLE,
    samples=Domain(dtypes=("float32", "int32")),
    doc=f"Returns -1, 0 or 1 by the sign of x. {_URL}sign",
)
square: PublicOp = elementwise(
    "square",
    glsl="({a} * {a})",
    numpy=lambda np, x: x * x,
    gradient=lambda x, y, g: (mul(g, mul(_c(2.0), x[0])),),
    samples=Domain(dtypes=("float32", "int32")),
    doc=f"Returns x * x. {_URL}square",
)


def _rounding(name: str, expression: str, numpy: Callable[[Any, Any], Any], doc: str) -> Callable[..., Any]:
    """Declares a function to whole numbers, which leaves int32 as it is."""
    return elementwise(
        name,
        glsl={"float32": f"mix({expression}, {{a}}, notEqual({{a}}, {{a}}))", "int32": "{a}"},
        numpy=lambda np, x: numpy(np, x) if x.dtype.kind == "f" else x,
        gradient=NONDIFFERENTIABLE,
        samples=Domain(dtypes=("float32", "int32")),
        doc=f"{doc} {_URL}{name}",
    )


floor: PublicOp = _rounding(
    "floor", "floor({a})", lambda np, x: np.floor(x), "Returns the largest whole number not above x."
)
ceil: PublicOp = _rounding(
    "ceil", "ceil({a})", lambda np, x: np.ceil(x), "Returns the smallest whole number not below x."
)
round_: PublicOp = _rounding(
    "round", "roundEven({a})", lambda np, x: np.rint(x), "Returns the nearest whole number, halves to even."
)


def _test(
    name: str, expression: str, numpy: Callable[[Any, Any], Any], doc: str, url: str
) -> Callable[..., Any]:
    """Declares a question about each element."""
    return elementwise(
        name,
        takes="float",
        gives="bool",
        glsl=expression,
        numpy=numpy,
        gradient=NONDIFFERENTIABLE,
        samples=REAL,
        doc=f"{doc} {_URL}{url}",
    )


is_nan: PublicOp = _test(
    "is_nan", "ivec4(notEqual({a}, {a}))", lambda np, x: np.isnan(x), "Tells which elements are NaN.", "isNaN"
)
is_inf: PublicOp = _test(
    "is_inf",
    "ivec4(equal(abs({a}), vec4(INF)))",
    lambda np, x: np.isinf(x),
    "Tells which elements are infinite.",
    "isInf",
)
is_finite: PublicOp = _test(
    "is_finite",
    "ivec4(lessThan(abs({a}), vec4(INF)))",
    lambda np, x: np.isfinite(x),
    "Tells which elements are neither NaN nor infinite.",
    "isFinite",
)

pow_: PublicOp = elementwise(
    "pow",
    arity=2,
    helpers=(glsl.POW,),
    glsl="pow_({a}, {b})",
    numpy=lambda np, a, b: np.power(a, b) if a.dtype.kind == "f" else _power_of_whole(np, a, b),
    gradient=lambda x, y, g: _pow_gradient(x, y, g),
    cost=40,
    samples=Domain(
        low=0.2,
        dtypes=("float32", "int32"),
        extremes=(0.0, 1.0, -1.0, 2.0, -2.0, 3.0, float("inf"), float("-inf"), float("nan")),
        edges={"value": (2e-7, 0.0)},
    ),
    doc="Returns a to the power b, broadcast. Source: https://js.tensorflow.org/api/latest/#pow",
)


def _power_of_whole(np: Any, a: Any, b: Any) -> Any:
    """Returns powers of integers; negative ones are cut to whole numbers, so 0 but for 1 and -1."""
    inverse = np.where(np.abs(a) == 1, np.where(b & 1, a, 1), 0)
    return np.where(b < 0, inverse, np.power(a, np.where(b < 0, 0, b)))


def _pow_gradient(x: tuple[Node, ...], y: Node, g: Node) -> tuple[Node, Node]:
    """Returns b a^(b - 1), which is 0 for a = b = 0, and a^b log a, which is 0 for a <= 0 as in TF.js."""
    base, exponent = x
    slope = mul(exponent, pow_(base, sub(exponent, _c(1.0))))
    if exponent.op is not CONST or exponent.attrs == 0:
        at_zero = logical_and(equal(base, _c(0.0)), equal(exponent, _c(0.0)))
        slope = where(at_zero, _c(0.0), slope)
    has_no_log = less_equal(base, _c(0.0))
    logarithm = log(where(has_no_log, _c(1.0), base))
    return mul(g, slope), mul(g, where(has_no_log, _c(0.0), mul(y, logarithm)))


@sampled_on(Domain(kinks=(0.0,)))
@public()
def step(x: Node, alpha: float = 0.0) -> Node:
    """Returns 1 where x is positive, `alpha` where it is not, NaN where it is NaN; int32 for int32 and a whole alpha.

    Source: https://js.tensorflow.org/api/latest/#step
    """
    if x.dtype == "int32" and float(alpha).is_integer():
        return where(greater(x, const(0, "int32")), const(1, "int32"), cast_node(_c(alpha), "int32"))
    result = where(greater(x, _c(0.0)), _c(1.0), _c(alpha))
    return where(is_nan(x), mul(x, _c(0.0)), result)


@public()
def clip_by_value(x: Node, clip_value_min: float, clip_value_max: float) -> Node:
    """Returns x held between two numbers; the gradient is 0 outside. int32 with bounds that are not whole becomes float32.

    Raises:
        OptionError: the lower bound is above the upper one.

    Source: https://js.tensorflow.org/api/latest/#clipByValue
    """
    bounds = [clip_value_min, clip_value_max]
    if not clip_value_min <= clip_value_max:
        raise OptionError(
            f"clip_by_value: expected a lower bound up to the upper one, received {clip_value_min} and {clip_value_max}."
        )
    if x.dtype != "float32":
        whole = all(math.isinf(bound) or float(bound).is_integer() for bound in bounds)
        x = cast_node(x, "int32" if whole else "float32")
    low, high = (cast_node(const(bound, "float32"), x.dtype) for bound in bounds)
    return where(less(x, low), low, where(greater(x, high), high, x))


@public()
def relu(x: Node) -> Node:
    """Returns x where it is positive and 0 elsewhere; NaN stays NaN.

    Source: https://js.tensorflow.org/api/latest/#relu
    """
    return _relu(x)


_relu: PublicOp = elementwise(
    "rectify",
    glsl={"float32": "rectify_({a})", "int32": "max({a}, ivec4(0))"},
    helpers=(glsl.RECTIFY,),
    numpy=lambda np, x: np.maximum(x, 0),
    # In terms of the result, so that x itself need not be kept for the backward pass.
    gradient=lambda x, y, g: (where(greater(y, const(0, y.dtype)), g, _c(0.0)),),
    samples=Domain(dtypes=("float32", "int32"), kinks=(0.0,)),
    doc="Returns x where it is positive and 0 elsewhere.",
    method=False,
)


@sampled_on(Domain(low=-3.0, high=9.0, kinks=(0.0, 6.0)))
@public()
def relu6(x: Node) -> Node:
    """Returns x held between 0 and 6. Source: https://js.tensorflow.org/api/latest/#relu6"""
    six = const(6, "int32" if x.dtype == "bool" else x.dtype)
    return where(greater(x, six), six, _relu(x))


@sampled_on(Domain(kinks=(0.0,)))
@public()
def leaky_relu(x: Node, alpha: float = 0.2) -> Node:
    """Returns x where it is positive and alpha * x elsewhere. Source: https://js.tensorflow.org/api/latest/#leakyRelu"""
    result: Node = prelu(x, _c(alpha))
    return result


prelu: PublicOp = elementwise(
    "prelu",
    arity=2,
    takes="float",
    glsl="mix({a}, {a} * {b}, lessThan({a}, vec4(0.)))",
    numpy=lambda np, x, alpha: np.where(x < 0, x * alpha, x),
    # At 0 the slope of x is alpha, as in TF.js.
    gradient=lambda x, y, g: (
        where(greater(x[0], _c(0.0)), g, mul(g, x[1])),
        where(greater(x[0], _c(0.0)), _c(0.0), mul(g, x[0])),
    ),
    samples=Domain(kinks=(0.0,)),
    doc="Returns x where it is positive and alpha * x elsewhere, alpha a tensor. "
    "Source: https://js.tensorflow.org/api/latest/#prelu",
)


@sampled_on(Domain(kinks=(0.0,)))
@public()
def elu(x: Node, alpha: float = 1.0) -> Node:
    """Returns x where it is positive and alpha * (exp(x) - 1) elsewhere. Source: https://js.tensorflow.org/api/latest/#elu"""
    return where(greater_equal(x, _c(0.0)), x, mul(_c(alpha), expm1(minimum0(x))))


def minimum0(x: Node) -> Node:
    """Returns min(x, 0) with gradient 1 up to 0: keeps exp finite on the branch that is not taken, and NaN what it is."""
    return where(greater(x, _c(0.0)), _c(0.0), x)


@sampled_on(Domain(kinks=(0.0,)))
@public()
def selu(x: Node) -> Node:
    """Returns the scaled elu of self-normalizing networks. Source: https://js.tensorflow.org/api/latest/#selu"""
    # At 0 the slope is that from below, as in TF.js.
    below = mul(_c(1.6732632423543772), expm1(minimum0(x)))
    return mul(_c(1.0507009873554805), where(greater(x, _c(0.0)), x, below))


@sampled_on(Domain(edges=SECOND_SATURATES))
@public()
def log_sigmoid(x: Node) -> Node:
    """Returns log(sigmoid(x)) without underflow. Source: https://js.tensorflow.org/api/latest/#logSigmoid"""
    return neg(softplus(neg(x)))
