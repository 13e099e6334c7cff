"""What elementwise functions of two tensors are, in float64: values, two gradients, and the four of the second order.

NaN as a derivative means that there is nothing to compare with; see tests.ops.truth.
"""

import numpy as np

NAN = np.nan
SMALLEST, LARGEST = 2.0**-126, 2.0**128 - 2.0**104


def _none(a, b):
    return np.full(a.shape, NAN)


def _zero(a, b):
    return np.zeros(a.shape)


def _one(a, b):
    return np.ones(a.shape)


def _times(factor):
    return lambda a, b: np.full(a.shape, float(factor))


def _plain(f):
    """Returns a function that has no derivatives."""
    return f, (), ()


def _linear(f, slope_a, slope_b):
    return f, (_times(slope_a), _times(slope_b)), (_zero,) * 4


def _either(f, first):
    """Returns a function that is one of its arguments: the first where `first(a, b)`."""
    slopes = (lambda a, b: 1.0 * first(a, b), lambda a, b: 1.0 - first(a, b))
    return f, slopes, (_zero,) * 4


def _floor_div(a, b):
    return np.where(np.isfinite(a) & (b != 0), np.floor_divide(a, b), np.floor(a / b))


def _mod(a, b):
    # A number modulo infinity is itself, or infinity where the signs differ, as in Python.
    return np.mod(a, b)


def _square_sum(a, b):
    return a * a + b * b


def _log(a):
    return np.log(np.where(a <= 0, 1.0, a))


def _exponent(a, b, values):
    """Returns values where float32 has b - 1; elsewhere powers of negative numbers have no sign."""
    return np.where((a < 0) & (np.abs(b) >= 2**24), NAN, values)


def _ranged(a, b, values):
    """Returns values where the powers that they are made of are in the range of float32."""
    powers = [np.abs(np.power(a, b - less)) for less in (0, 1, 2)]
    is_nan = np.isnan(a) | np.isnan(b)
    fits = [is_nan | (power == 0) | ((power >= 1.01 * SMALLEST) & (power <= LARGEST)) for power in powers]
    return np.where(np.all(fits, axis=0), values, NAN)


def _mixed(a, b):
    """Returns the terms of a power's mixed derivative; for negative a it has none."""
    slope = _ranged(a, b, np.power(a, b - 1))
    return tuple(np.where(a > 0, term, NAN) for term in (slope, slope * b * np.log(a)))


def _no_nan(f):
    return lambda a, b: np.where(b == 0, 0.0, f(a, np.where(b == 0, 1.0, b)))


def _curve(a, b):
    # Devices that take denormal numbers for 0 have 0 times infinity where 1 / b is one.
    return np.where(np.isinf(a) & (np.abs(1 / b) < SMALLEST), NAN, 2 * a / b / b / b)


_QUOTIENT = (
    lambda a, b: a / b,
    (lambda a, b: 1 / b, lambda a, b: -a / b / b),
    (_zero, lambda a, b: -1 / b / b, lambda a, b: -1 / b / b, lambda a, b: _curve(a, b)),
)

BINARY = {
    "equal": _plain(np.equal),
    "not_equal": _plain(np.not_equal),
    "less": _plain(np.less),
    "less_equal": _plain(np.less_equal),
    "greater": _plain(np.greater),
    "greater_equal": _plain(np.greater_equal),
    "add": _linear(np.add, 1, 1),
    "sub": _linear(np.subtract, 1, -1),
    "mul": (np.multiply, (lambda a, b: b, lambda a, b: a), (_zero, _one, _one, _zero)),
    "divide_real": _QUOTIENT,
    "div": _QUOTIENT,
    "div_no_nan": (
        _no_nan(_QUOTIENT[0]),
        tuple(map(_no_nan, _QUOTIENT[1])),
        tuple(map(_no_nan, _QUOTIENT[2])),
    ),
    "floor_div": _plain(_floor_div),
    "mod": (_mod, (_one, lambda a, b: -_floor_div(a, b)), (_zero,) * 4),
    "maximum": _either(np.maximum, lambda a, b: a >= b),
    "minimum": _either(np.minimum, lambda a, b: a <= b),
    "squared_difference": (
        lambda a, b: (a - b) ** 2,
        (lambda a, b: 2 * (a - b), lambda a, b: -2 * (a - b)),
        (_times(2), _times(-2), _times(-2), _times(2)),
    ),
    "prelu": (
        lambda a, b: np.where(a < 0, a * b, a),
        (lambda a, b: np.where(a > 0, 1.0, b), lambda a, b: np.where(a > 0, 0.0, a)),
        (_zero, lambda a, b: np.where(a > 0, 0.0, 1.0), lambda a, b: np.where(a > 0, 0.0, 1.0), _zero),
    ),
    "atan2": (
        np.arctan2,
        (lambda a, b: b / _square_sum(a, b), lambda a, b: -a / _square_sum(a, b)),
        (
            lambda a, b: -2 * (a / _square_sum(a, b)) * (b / _square_sum(a, b)),
            lambda a, b: (1 / _square_sum(a, b), -2 * (b / _square_sum(a, b)) ** 2),
            lambda a, b: (2 * (a / _square_sum(a, b)) ** 2, -1 / _square_sum(a, b)),
            lambda a, b: 2 * (a / _square_sum(a, b)) * (b / _square_sum(a, b)),
        ),
    ),
    "pow": (
        np.power,
        (
            lambda a, b: _exponent(a, b, _ranged(a, b, b * np.power(a, b - 1))),
            lambda a, b: np.where(a <= 0, 0.0, _ranged(a, b, np.power(a, b) * _log(a))),
        ),
        (
            lambda a, b: _exponent(a, b, _ranged(a, b, b * (b - 1) * np.power(a, b - 2))),
            lambda a, b: _mixed(a, b),
            lambda a, b: _mixed(a, b),
            lambda a, b: np.where(a <= 0, 0.0, _ranged(a, b, np.power(a, b) * _log(a) ** 2)),
        ),
    ),
}


def _summed(terms, unknown):
    """Returns the sum of terms, and their size, to which its rounding errors are in proportion."""
    if not isinstance(terms, tuple):
        return np.where(unknown, NAN, terms), np.abs(terms)
    size = sum(map(np.abs, terms))
    return np.where(unknown | (size > LARGEST), NAN, sum(terms)), size


def binary(name, a, b):
    """Returns values, and derivatives of both orders, in float64, each with the size of the terms that it is the sum of."""
    a, b = np.float64(a), np.float64(b)
    f, first, second = BINARY[name]
    with np.errstate(all="ignore"):
        value = 1.0 * f(a, b)
        denormal = [(side != 0) & (np.abs(side) < SMALLEST) for side in (a, b)]
        unknown = (denormal[0] | denormal[1]) & ~np.isnan(a) & ~np.isnan(b)
        orders = [[_summed(slope(a, b), unknown) for slope in order] for order in (first, second)]
    return [[(value, np.abs(value))], *orders]
