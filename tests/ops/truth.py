"""What elementwise functions are, by definition: values and derivatives of both orders, in 40 digits or in float64.

An entry of None, and NaN as a derivative, mean that there is nothing to compare with. Where a function bends, the
derivative is the one that TensorFlow.js chooses.
"""

import mpmath
import numpy as np
from mpmath import mp, mpf

mp.dps = 40
NAN = float("nan")
INF = float("inf")
ZERO = lambda x: mpf(0)  # noqa: E731


def _erf(x):
    return mp.sign(x) if abs(x) > 40 else mp.erf(x)


def _normal(x):
    return mpf(int(x > 0)) if abs(x) > 200 else mp.erfc(-x / mp.sqrt(2)) / 2


def _bell(x):
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def _sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def _softplus(x):
    return mp.log1p(mp.exp(x)) if x < 100 else x + mp.exp(-x)


def _tanh(x):
    # By exponentials of what is small, so that no digit is lost at either end.
    return mp.tanh(x)


def _gelu_new(x):
    # x (1 + tanh u) / 2 = x sigmoid(2 u).
    return x * _sigmoid(2 * mp.sqrt(2 / mp.pi) * (x + mpf("0.044715") * x**3))


def _mish(x):
    # tanh(log(1 + e)) = (e^2 + 2 e) / (e^2 + 2 e + 2).
    if x > 100:
        return x
    e = mp.exp(x)
    return x * (e * (e + 2)) / (e * (e + 2) + 2)


def _smooth(f):
    """Returns a function with its derivatives of both orders, by differences in many more digits."""

    def derivative(order):
        def at(x):
            with mp.workdps(130):
                h = mpf(10) ** -40 * max(abs(x), mpf(1))
                if order == 1:
                    return (f(x + h) - f(x - h)) / (2 * h)
                return (f(x + h) - 2 * f(x) + f(x - h)) / (h * h)

        return at

    return f, derivative(1), derivative(2)


def _pieces(*pieces):
    """Returns a piecewise function: (test, f, f', f'') of each piece, the first that fits is taken."""

    def order(number):
        def at(x):
            for test, *functions in pieces:
                if test(x):
                    return functions[number](x)
            raise AssertionError(x)

        return at

    return order(0), order(1), order(2)


def _steps(test, inside, outside=(ZERO, ZERO, ZERO)):
    return _pieces((test, *inside), (lambda x: True, *outside))


def _line(slope, shift=0):
    return (lambda x: slope * x + shift, lambda x: mpf(slope), ZERO)


def _constant(value):
    return (lambda x: mpf(value), ZERO, ZERO)


ALWAYS = lambda x: True  # noqa: E731
SCALE, ALPHA = mpf("1.0507009873554804934193349852946"), mpf("1.6732632423543772848170429916717")

UNARY = {
    "finite": (lambda x: x, None, None),
    "neg": (lambda x: -x, lambda x: mpf(-1), ZERO),
    "exp": (mp.exp,) * 3,
    "exponential": (mp.exp,) * 3,
    "expm1": (mp.expm1, mp.exp, mp.exp),
    "log": (mp.log, lambda x: 1 / x, lambda x: -1 / x**2),
    "log1p": (mp.log1p, lambda x: 1 / (1 + x), lambda x: -1 / (1 + x) ** 2),
    "sqrt": (mp.sqrt, lambda x: 1 / mp.sqrt(x) / 2, lambda x: -1 / (x * mp.sqrt(x)) / 4),
    "rsqrt": (
        lambda x: 1 / mp.sqrt(x),
        lambda x: -1 / (x * mp.sqrt(x)) / 2,
        lambda x: 3 / (x * x * mp.sqrt(x)) / 4,
    ),
    "reciprocal": (lambda x: 1 / x, lambda x: -1 / x**2, lambda x: 2 / x**3),
    "sin": (mp.sin, mp.cos, lambda x: -mp.sin(x)),
    "cos": (mp.cos, lambda x: -mp.sin(x), lambda x: -mp.cos(x)),
    "tan": (mp.tan, lambda x: 1 / mp.cos(x) ** 2, lambda x: 2 * mp.tan(x) / mp.cos(x) ** 2),
    "tanh": (_tanh, lambda x: 1 / mp.cosh(x) ** 2, lambda x: -2 * mp.tanh(x) / mp.cosh(x) ** 2),
    "tanh_shrink": (
        lambda x: x - mp.tanh(x),
        lambda x: mp.tanh(x) ** 2,
        lambda x: 2 * mp.tanh(x) / mp.cosh(x) ** 2,
    ),
    "sigmoid": (
        _sigmoid,
        lambda x: _sigmoid(x) * _sigmoid(-x),
        lambda x: -_sigmoid(x) * _sigmoid(-x) * mp.tanh(x / 2),
    ),
    "softplus": (_softplus, _sigmoid, lambda x: _sigmoid(x) * _sigmoid(-x)),
    "log_sigmoid": (
        lambda x: -_softplus(-x),
        lambda x: _sigmoid(-x),
        lambda x: -_sigmoid(x) * _sigmoid(-x),
    ),
    "erf": (
        _erf,
        lambda x: 2 / mp.sqrt(mp.pi) * mp.exp(-x * x),
        lambda x: -4 * x / mp.sqrt(mp.pi) * mp.exp(-x * x),
    ),
    "abs": (abs, mp.sign, ZERO),
    "sign": (mp.sign, None, None),
    "square": (lambda x: x * x, lambda x: 2 * x, lambda x: mpf(2)),
    "floor": (mp.floor, None, None),
    "ceil": (mp.ceil, None, None),
    "round": (mp.nint, None, None),
    "is_nan": (lambda x: mpf(0), None, None),
    "is_inf": (lambda x: mpf(0), None, None),
    "is_finite": (lambda x: mpf(1), None, None),
    "step": (lambda x: mpf(int(x > 0)), ZERO, ZERO),
    "rectify": _steps(lambda x: x > 0, _line(1)),
    "relu6": _pieces(
        (lambda x: x <= 0, *_constant(0)), (lambda x: x <= 6, *_line(1)), (ALWAYS, *_constant(6))
    ),
    "leaky_relu": _steps(lambda x: x > 0, _line(1), _line(mpf(1) / 5)),
    "elu": _steps(lambda x: x >= 0, _line(1), (mp.expm1, mp.exp, mp.exp)),
    "celu": _steps(lambda x: x > 0, _line(1), (mp.expm1, mp.exp, mp.exp)),
    "selu": _steps(
        lambda x: x > 0,
        _line(SCALE),
        (
            lambda x: SCALE * ALPHA * mp.expm1(x),
            lambda x: SCALE * ALPHA * mp.exp(x),
            lambda x: SCALE * ALPHA * mp.exp(x),
        ),
    ),
    "sinh": (mp.sinh, mp.cosh, mp.sinh),
    "cosh": (mp.cosh, mp.sinh, mp.cosh),
    "asinh": (mp.asinh, lambda x: 1 / mp.sqrt(1 + x * x), lambda x: -x / mp.sqrt(1 + x * x) ** 3),
    "cos_atan": (
        lambda x: 1 / mp.sqrt(1 + x * x),
        lambda x: -x / mp.sqrt(1 + x * x) ** 3,
        lambda x: (2 * x * x - 1) / mp.sqrt(1 + x * x) ** 5,
    ),
    "sin_atan": (
        lambda x: x / mp.sqrt(1 + x * x),
        lambda x: 1 / mp.sqrt(1 + x * x) ** 3,
        lambda x: -3 * x / mp.sqrt(1 + x * x) ** 5,
    ),
    "secant_asin": (
        lambda x: 1 / mp.sqrt((1 - x) * (1 + x)),
        lambda x: x / mp.sqrt((1 - x) * (1 + x)) ** 3,
        lambda x: (1 + 2 * x * x) / mp.sqrt((1 - x) * (1 + x)) ** 5,
    ),
    "acosh": (
        lambda x: mp.acosh(x) if x >= 1 else NAN,
        lambda x: 1 / mp.sqrt((x - 1) * (x + 1)),
        lambda x: -x / mp.sqrt((x - 1) * (x + 1)) ** 3,
    ),
    "atanh": (mp.atanh, lambda x: 1 / ((1 - x) * (1 + x)), lambda x: 2 * x / ((1 - x) * (1 + x)) ** 2),
    "atan": (mp.atan, lambda x: 1 / (1 + x * x), lambda x: -2 * x / (1 + x * x) ** 2),
    "asin": (
        mp.asin,
        lambda x: 1 / mp.sqrt((1 - x) * (1 + x)),
        lambda x: x / mp.sqrt((1 - x) * (1 + x)) ** 3,
    ),
    "acos": (
        mp.acos,
        lambda x: -1 / mp.sqrt((1 - x) * (1 + x)),
        lambda x: -x / mp.sqrt((1 - x) * (1 + x)) ** 3,
    ),
    "swish": (
        lambda x: x * _sigmoid(x),
        lambda x: _sigmoid(x) * (1 + x * _sigmoid(-x)),
        lambda x: _sigmoid(x) * _sigmoid(-x) * (2 - x * mp.tanh(x / 2)),
    ),
    "mish": _smooth(_mish),
    "gelu": (
        lambda x: x * _normal(x),
        lambda x: _normal(x) + x * _bell(x),
        lambda x: _bell(x) * (2 - x * x),
    ),
    "gelu_new": _smooth(_gelu_new),
    "softsign": (
        lambda x: x / (1 + abs(x)),
        lambda x: 1 / (1 + abs(x)) ** 2,
        lambda x: -2 * mp.sign(x) / (1 + abs(x)) ** 3,
    ),
    "hard_sigmoid": _pieces(
        (lambda x: x < -2.5, *_constant(0)),
        (lambda x: x <= 2.5, *_line(mpf(1) / 5, mpf(1) / 2)),
        (ALWAYS, *_constant(1)),
    ),
    "hard_tanh": _pieces(
        (lambda x: x < -1, *_constant(-1)), (lambda x: x <= 1, *_line(1)), (ALWAYS, *_constant(1))
    ),
    "hard_swish": _pieces(
        (lambda x: x < -3, *_constant(0)),
        (lambda x: x <= 3, lambda x: x * (x + 3) / 6, lambda x: (2 * x + 3) / 6, lambda x: mpf(1) / 3),
        (ALWAYS, *_line(1)),
    ),
    "hard_shrink": _steps(lambda x: abs(x) > 0.5, _line(1)),
    "soft_shrink": _pieces(
        (lambda x: x > 0.5, *_line(1, -0.5)), (lambda x: x < -0.5, *_line(1, 0.5)), (ALWAYS, *_constant(0))
    ),
    "squareplus": (
        lambda x: 2 / (mp.sqrt(x * x + 4) - x) if x < 0 else (x + mp.sqrt(x * x + 4)) / 2,
        lambda x: (
            2 / ((mp.sqrt(x * x + 4) - x) * mp.sqrt(x * x + 4)) if x < 0 else (1 + x / mp.sqrt(x * x + 4)) / 2
        ),
        lambda x: 2 / mp.sqrt(x * x + 4) ** 3,
    ),
    "sparse_plus": _pieces(
        (lambda x: x <= -1, *_constant(0)),
        (lambda x: x < 1, lambda x: (x + 1) ** 2 / 4, lambda x: (x + 1) / 2, lambda x: mpf(1) / 2),
        (ALWAYS, *_line(1)),
    ),
    "sparse_sigmoid": _pieces(
        (lambda x: x < -1, *_constant(0)),
        (lambda x: x <= 1, *_line(mpf(1) / 2, mpf(1) / 2)),
        (ALWAYS, *_constant(1)),
    ),
}

AT_INFINITY = {
    **dict.fromkeys(("sin", "cos", "tan"), (NAN, NAN)),
    "is_inf": (1, 1),
    "finite": (0, 0),
    "is_finite": (0, 0),
}
"""Values at -infinity and infinity that are no limits."""


AT_NAN = {"is_nan": 1.0, "is_inf": 0.0, "is_finite": 0.0, "finite": 0.0}


def _number(value):
    """Returns a float, NaN for what is not real."""
    if isinstance(value, mpmath.mpc):
        return float(value.real) if value.imag == 0 else NAN
    return float(value)


def _at(f, x):
    """Returns f(x) as a float; at a pole the infinity on the side where the function is real."""
    try:
        return _number(f(mpf(x)))
    except (ZeroDivisionError, ValueError):
        near = mpf(10) ** -30 * max(abs(mpf(x)), mpf(10) ** -300)
        sides = [_number(f(mpf(x) + side * near)) for side in (1, -1)]
        real = [side for side in sides if side == side]
        return float(np.copysign(INF, real[0])) if real else NAN


def _limit(f, sign):
    """Returns the limit of f at an infinity."""
    near, far = (f(mpf(sign) * mpf(10) ** power) for power in (14, 15))
    if isinstance(far, mpmath.mpc) or far != far:
        return NAN
    if abs(far) > abs(near) * mpf("1.02"):
        return float(mp.sign(far)) * INF
    return 0.0 if abs(far) < abs(near) / 2 else float(far)


def unary(name, points):
    """Returns values and derivatives of both orders in float64, None for derivatives that there are not."""
    results = []
    for order, f in enumerate(UNARY[name]):
        if f is None:
            results.append(None)
            continue
        found = []
        for x in points:
            if x != x:
                found.append(NAN if order else AT_NAN.get(name, NAN))
            elif abs(x) == INF:
                known = AT_INFINITY.get(name)
                found.append(float(known[int(x > 0)]) if known else _limit(f, np.sign(x)))
            else:
                found.append(_at(f, x))
        results.append(np.array(found))
    return results
