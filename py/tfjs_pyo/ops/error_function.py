"""The error function for NumPy, which has none, and the standard library's takes one number at a time.

The approximations are W. J. Cody's (Rational Chebyshev approximations for the error function, 1969), exact to the last digits
of float64. Values are computed in blocks that stay in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_BLOCK = 8192
_NEAR = 0.46875
_NEAR_TERMS = (
    (
        0.185777706184603153,
        3.16112374387056560,
        113.864154151050156,
        377.485237685302021,
        3209.37758913846947,
    ),
    (1.0, 23.6012909523441209, 244.024637934444173, 1282.61652607737228, 2844.23683343917062),
)
_FAR_TERMS = (
    (
        2.15311535474403846e-8, 0.564188496988670089, 8.88314979438837594, 66.1191906371416295, 298.635138197400131,
        881.952221241769090, 1712.04761263407058, 2051.07837782607147, 1230.33935479799725,
    ),
    (
        1.0, 15.7449261107098347, 117.693950891312499, 537.181101862009858, 1621.38957456669019, 3290.79923573345963,
        4362.61909014324716, 3439.36767414372164, 1230.33935480374942,
    ),
)  # fmt: skip


def _polynomial(terms: Sequence[float], x: Any) -> Any:
    made = terms[0] * x
    for term in terms[1:-1]:
        made += term
        made *= x
    made += terms[-1]
    return made


def _ratio(terms: tuple[Sequence[float], Sequence[float]], x: Any) -> Any:
    made = _polynomial(terms[0], x)
    made /= _polynomial(terms[1], x)
    return made


def _block(np: Any, x: Any) -> Any:
    size = np.abs(x)
    far = np.minimum(size, 6.0)  # from there on it is 1
    near = np.minimum(size, _NEAR)
    made = 1 - _ratio(_FAR_TERMS, far) * np.exp(-far * far)
    return np.copysign(np.where(size < _NEAR, near * _ratio(_NEAR_TERMS, near * near), made), x)


def numpy_erf(np: Any, x: Any) -> Any:
    """Returns erf of an array, as float64."""
    flat = np.asarray(x, np.float64).reshape(-1)
    made = np.empty_like(flat)
    for begin in range(0, flat.size, _BLOCK):
        block = slice(begin, begin + _BLOCK)
        made[block] = _block(np, flat[block])
    return made.reshape(np.shape(x))
