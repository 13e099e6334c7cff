"""`keras.ops`, NumPy-like functions of one element: most are ops of layer 3 under NumPy's names."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import DTypeError
from tfjs_pyo.keras.ops.declare import Group, alike, as_float, as_number, common
from tfjs_pyo.ops import bits, numeric

numpy = Group()
math_group = Group()


def _kept_whole(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Returns a function that gives float32 for integers too, as Keras's floor and ceil do."""
    return lambda x: function(as_float(x))


def _of_numbers(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Returns a function that leaves bools as they are."""
    return lambda x: x if x.dtype == "bool" else function(x)


def _or_logical(function: Callable[..., Any], logical: Callable[..., Any]) -> Callable[..., Any]:
    """Returns arithmetic that is logic between bools, as in NumPy."""
    return lambda x1, x2: logical(x1, x2) if common(x1, x2) == "bool" else function(x1, x2)


numpy.same(
    "x",
    {
        "abs": _of_numbers(ops.abs),
        "absolute": _of_numbers(ops.abs),
        "arccos": ops.acos,
        "arccosh": ops.acosh,
        "arcsin": ops.asin,
        "arcsinh": ops.asinh,
        "arctan": ops.atan,
        "arctanh": ops.atanh,
        "cos": ops.cos,
        "cosh": ops.cosh,
        "exp": ops.exp,
        "expm1": ops.expm1,
        "isfinite": ops.is_finite,
        "isinf": ops.is_inf,
        "isnan": ops.is_nan,
        "log": ops.log,
        "log1p": ops.log1p,
        "logical_not": ops.logical_not,
        "negative": ops.neg,
        "reciprocal": ops.reciprocal,
        "sign": _of_numbers(ops.sign),
        "sin": ops.sin,
        "sinh": ops.sinh,
        "sqrt": ops.sqrt,
        "square": ops.square,
        "tan": ops.tan,
        "tanh": ops.tanh,
        "exp2": numeric.exp2,
        "log2": numeric.log2,
        "log10": numeric.log10,
        "cbrt": numeric.cbrt,
        "i0": numeric.bessel_i0,
        "signbit": numeric.signbit,
        "sinc": numeric.sinc,
        "trunc": numeric.trunc,
        "ceil": _kept_whole(ops.ceil),
        "floor": _kept_whole(ops.floor),
        "fabs": _kept_whole(ops.abs),
        "copy": ops.clone,
        "real": lambda x: ops.real(x) if x.dtype == "complex64" else x,
    },
)
numpy.same(
    "x1, x2",
    {
        "add": _or_logical(ops.add, ops.logical_or),
        "subtract": ops.sub,
        "multiply": _or_logical(ops.mul, ops.logical_and),
        "divide": ops.true_div,
        "true_divide": ops.true_div,
        "divide_no_nan": ops.div_no_nan,
        "floor_divide": ops.floor_div,
        "mod": ops.mod,
        "power": ops.pow,
        "maximum": _or_logical(ops.maximum, ops.logical_or),
        "minimum": _or_logical(ops.minimum, ops.logical_and),
        "arctan2": ops.atan2,
        "equal": ops.equal,
        "not_equal": ops.not_equal,
        "greater": ops.greater,
        "greater_equal": ops.greater_equal,
        "less": ops.less,
        "less_equal": ops.less_equal,
        "logical_and": ops.logical_and,
        "logical_or": ops.logical_or,
        "logical_xor": ops.logical_xor,
        "fmod": numeric.fmod,
        "gcd": numeric.gcd,
        "lcm": numeric.lcm,
        "heaviside": numeric.heaviside,
        "hypot": numeric.hypot,
        "logaddexp": numeric.logaddexp,
        "logaddexp2": numeric.logaddexp2,
        "nextafter": numeric.next_after,
    },
)
math_group.same("x", {"erf": ops.erf, "erfinv": numeric.erfinv, "rsqrt": ops.rsqrt})


@math_group.op()
def erfc(x: Tensor) -> Tensor:
    """Returns 1 minus the error function.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.erfc([-10.0, 0.0, 10.0])
        Tensor
            [2, 1, 0]

    Source: https://keras.io/api/ops/core/
    """
    return 1.0 - ops.erf(x)


@numpy.op(also=["conj"])
def conjugate(x: Tensor) -> Tensor:
    """Returns x with the sign of the imaginary part turned.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.conjugate(keras.ops.array([1 + 2j, 3 - 4j]))
        Tensor
            [1 + -2j, 3 + 4j]

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.complex(ops.real(x), -ops.imag(x)) if x.dtype == "complex64" else x


@numpy.op()
def imag(x: Tensor) -> Tensor:
    """Returns the imaginary part; zeros for real numbers.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.imag(keras.ops.array([1 + 2j, 3 - 4j]))
        Tensor
            [2, -4]

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.imag(x) if x.dtype == "complex64" else ops.zeros_like(x)


@numpy.op()
def isreal(x: Tensor) -> Tensor:
    """Tells which elements have no imaginary part.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.isreal(keras.ops.array([1 + 0j, 3 - 4j]))
        Tensor
            [true, false]

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.equal(ops.imag(x), 0.0) if x.dtype == "complex64" else ops.equal(x, x) | True


@numpy.op()
def angle(x: Tensor) -> Tensor:
    """Returns the angle of complex numbers; 0 or pi of real ones.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.angle([-2.0, 3.0])
        Tensor
            [3.1415927, 0]
        >>> keras.ops.angle(keras.ops.array([1j]))
        Tensor
            [1.5707964]

    Source: https://keras.io/api/ops/numpy/
    """
    if x.dtype == "complex64":
        return ops.atan2(ops.imag(x), ops.real(x))
    return ops.where(ops.is_nan(x), as_float(x), ops.where(x < 0, math.pi, 0.0))


@numpy.op()
def isneginf(x: Tensor) -> Tensor:
    """Tells which elements are minus infinity.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.isneginf([float("-inf"), 1.0, float("inf")])
        Tensor
            [true, false, false]

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.equal(as_float(x), float("-inf"))


@numpy.op()
def isposinf(x: Tensor) -> Tensor:
    """Tells which elements are plus infinity.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.isposinf([float("-inf"), 1.0, float("inf")])
        Tensor
            [false, false, true]

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.equal(as_float(x), float("inf"))


@numpy.op()
def deg2rad(x: Tensor) -> Tensor:
    """Returns degrees in radians.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.deg2rad([0.0, 90.0, 180.0])
        Tensor
            [0, 1.5707964, 3.1415927]

    Source: https://keras.io/api/ops/numpy/
    """
    return x * (math.pi / 180)


@numpy.op()
def rad2deg(x: Tensor) -> Tensor:
    """Returns radians in degrees.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.rad2deg([0.0, 3.141592653589793])
        Tensor
            [0, 180]

    Source: https://keras.io/api/ops/numpy/
    """
    return x * (180 / math.pi)


@numpy.op()
def round_(x: Tensor, decimals: int = 0) -> Tensor:
    """Returns numbers rounded to some decimals, halves to even.

    Args:
        x: tensor, array or numbers.
        decimals: digits that stay behind the point; -1 rounds to tens, -2 to hundreds.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.round([0.5, 1.5, 2.4])
        Tensor
            [0, 2, 2]
        >>> keras.ops.round([1.26, 2.671], decimals=1)
        Tensor
            [1.3, 2.7]

    Source: https://keras.io/api/ops/numpy/
    """
    if x.dtype == "bool":
        return as_float(x)
    found: Tensor = x.round_to(decimals)
    return found


@numpy.op()
def clip(x: Tensor, x_min: Any, x_max: Any) -> Tensor:
    """Returns x held between two numbers or tensors; either may be None.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.clip([-5, 3, 12], 0, 10)
        Tensor
            [0, 3, 10]

    Source: https://keras.io/api/ops/numpy/
    """
    x = as_number(x)
    for bound, keep in ((x_min, ops.maximum), (x_max, ops.minimum)):
        if bound is not None:
            x = ops.cast(keep(*alike(x, bound)), x.dtype)
    return x


@numpy.op()
def nan_to_num(
    x: Tensor, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None
) -> Tensor:
    """Returns x with numbers in place of NaN and infinities.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.nan_to_num([float("nan"), 1.0, float("inf")], posinf=100.0)
        Tensor
            [0, 1, 100]

    Source: https://keras.io/api/ops/numpy/
    """
    if x.dtype != "float32":
        return x
    largest = 3.4028234663852886e38
    x = ops.where(ops.is_nan(x), float(nan), x)
    x = ops.where(ops.equal(x, float("inf")), largest if posinf is None else float(posinf), x)
    return ops.where(ops.equal(x, float("-inf")), -largest if neginf is None else float(neginf), x)


@numpy.op(2)
def ldexp(x1: Tensor, x2: Tensor) -> Tensor:
    """Returns x1 times 2 to the power x2.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.ldexp([1.5, 3.0], [1, 2])
        Tensor
            [3, 12]

    Source: https://keras.io/api/ops/numpy/
    """
    return as_float(x1) * ops.pow(2.0, as_float(x2))


def _numbered(choose: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Returns an extreme that takes the other operand where one is NaN."""

    def chosen(x1: Tensor, x2: Tensor) -> Tensor:
        if common(x1, x2) != "float32":
            return choose(x1, x2)
        return ops.where(ops.is_nan(x1), x2, ops.where(ops.is_nan(x2), x1, choose(x1, x2)))

    return chosen


numpy.same("x1, x2", {"fmax": _numbered(ops.maximum), "fmin": _numbered(ops.minimum)})


@numpy.op(2)
def isclose(
    x1: Tensor, x2: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Tensor:
    """Tells where |x1 - x2| is at most atol + rtol |x2|.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.isclose([1.0, 2.0], [1.000001, 2.1])
        Tensor
            [true, false]

    Source: https://keras.io/api/ops/numpy/
    """
    x1, x2 = as_float(x1), as_float(x2)
    near = ops.logical_and(ops.abs(x1 - x2) <= atol + rtol * ops.abs(x2), ops.is_finite(x2))
    found = ops.logical_or(near, ops.equal(x1, x2))
    return ops.logical_or(found, ops.logical_and(ops.is_nan(x1), ops.is_nan(x2))) if equal_nan else found


@numpy.op(2)
def allclose(
    x1: Tensor, x2: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False
) -> Tensor:
    """Tells whether `isclose` holds everywhere.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.allclose([1.0, 2.0], [1.000001, 2.0]).item()
        True

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.all(isclose(x1, x2, rtol, atol, equal_nan))


# Bits


def _on_bits(function: Callable[..., Any], logical: Callable[..., Any] | None) -> Callable[..., Any]:
    """Returns an op on the bits of integers; on bools it is a logical one."""

    def apply(*operands: Tensor) -> Tensor:
        dtype = common(*operands)
        if dtype == "bool" and logical is not None:
            return logical(*operands)
        if dtype not in ("int32", "bool"):
            raise DTypeError(f"bitwise: expected integers or bools, received {dtype}.")
        found: Tensor = function(*(ops.cast(each, "int32") for each in operands))
        return found

    return apply


_SHIFTS = {"left": bits.shift_left, "right": bits.shift_right_signed}
numpy.same(
    "x, y",
    {
        "bitwise_and": _on_bits(bits.bitwise_and, ops.logical_and),
        "bitwise_or": _on_bits(bits.bitwise_or, ops.logical_or),
        "bitwise_xor": _on_bits(bits.bitwise_xor, ops.logical_xor),
        **{f"bitwise_{way}_shift": _on_bits(function, None) for way, function in _SHIFTS.items()},
        **{f"{way}_shift": _on_bits(function, None) for way, function in _SHIFTS.items()},
    },
)
numpy.same("x", dict.fromkeys(("bitwise_not", "bitwise_invert"), _on_bits(bits.bitwise_not, ops.logical_not)))

__all__ = ["math_group", "numpy"]
