"""Compares what an elementwise function gives on the dense grid with what it is."""

from array import array

import numpy as np

from tests.ops import edges, truth
from tests.ops.truth_of_two import BINARY, binary

ORDERS = ("value", "gradient", "second gradient")
TOLERANCES = {"value": (2e-6, 0.0), "gradient": (4e-6, 0.0), "second gradient": (1e-5, 0.0)}
"""Relative and absolute agreement with float64, where the declaration of an op does not say why it is less."""

_TAIL = {"value": (4e-6, 4e-7), "gradient": (4e-6, 1e-6), "second gradient": (1e-5, 1e-5)}
OF_ACTIVATIONS = {
    # A product with 1 + erf, which loses relative precision where that is about 0.
    "gelu": _TAIL,
    # The cube multiplies the errors of its argument. Gradients of what saturates are made of its results, so that no input need
    # be kept: where these are about 1 they are right to its last place, and the second derivative to that times x^5.
    "gelu_new": {"value": (2e-5, 0.0), "gradient": (2e-5, 1e-6), "second gradient": (1e-4, 2e-5)},
    "swish": {"gradient": (4e-6, 4e-7), "second gradient": (1e-5, 2e-6)},
    "mish": {"gradient": (4e-6, 1e-6), "second gradient": (1e-5, 2e-5)},
    # Constant beyond 1e18.
    "squareplus": {"value": (2e-6, 2e-18), "gradient": (4e-6, 1e-12), "second gradient": (1e-5, 1e-6)},
}
"""Activations are no declared ops: their tolerances are here."""

UNDERFLOW = 64 * edges.SMALLEST
"""Absolute agreement where denormal numbers, which devices take for 0, take part."""

NAMES = sorted([*truth.UNARY, *BINARY])


def _flushed(values):
    return np.where(np.abs(values) < edges.SMALLEST, np.copysign(0.0, values), values)


def _expected(name, sides):
    """Returns, for each order, pairs of what is expected and the size of the terms that it is the sum of."""
    if name in BINARY:
        return binary(name, *sides)
    return [[] if part is None else [(part, np.abs(part))] for part in truth.unary(name, sides[0])]


def _agrees(found, expected, size, rtol, atol):
    """Tells where float32 numbers are what they should be; beyond the range that is infinity, or 0 as devices flush."""
    with np.errstate(all="ignore"):
        near = np.abs(found - expected) <= atol + rtol * size + UNDERFLOW
        beyond = (np.abs(expected) * (1 + rtol) >= edges.LARGEST) & (found == np.copysign(np.inf, expected))
    return near | beyond | (found == expected)


def _good(found, expected, size, sides, order, tolerance):
    good = _agrees(found, expected, size, *tolerance)
    # Where float64 has no number, values are NaN, and so are derivatives at NaN, or one of the few that they are everywhere.
    # Derivatives beyond the domain of a function are the formula's choice.
    must_be_nan = np.any(np.isnan(sides), axis=0) if order else np.full(found.shape, True)
    everywhere = np.unique(expected[~np.isnan(expected)])
    if order and len(everywhere) <= 3:
        must_be_nan &= ~np.isin(found, np.float64(np.float32(everywhere)))
    good = np.where(np.isnan(expected), np.isnan(found) | ~must_be_nan, good)
    if order == 0:
        return good
    # At a pole in 0 the sign of the infinity goes by that of the zero, which not every device keeps.
    zero = np.any([np.abs(side) < edges.SMALLEST for side in sides], axis=0)
    return good | (zero & np.isinf(expected) & np.isinf(found))


def complaints(name, outcome):
    """Returns a line for each number that is wrong in what `edges.outcome` gave."""
    _, arity, domain, _ = edges.functions()[name]
    dtype, orders = outcome
    sides = [np.array(side) for side in edges.inputs(arity)]
    # A device may take a denormal number for 0.
    alternatives = [_expected(name, sides), _expected(name, [_flushed(side) for side in sides])]
    wider = OF_ACTIVATIONS.get(name, {}) if domain is None else domain.edges
    # Beyond the domain a derivative may be NaN, too.
    beyond = np.isnan(alternatives[0][0][0][0]) & ~np.any(np.isnan(sides), axis=0)
    lines = []
    for order, what in enumerate(ORDERS):
        tolerance = wider.get(what, TOLERANCES[what])
        code = "b" if order == 0 and dtype == "bool" else "f"
        parts = [np.float64(array(code, bytes.fromhex(text))) for text in orders[order]]
        assert len(parts) == len(alternatives[0][order]), f"{name}: {what}"
        for number, found in enumerate(parts):
            good = np.any(
                [_good(found, *a[order][number], sides, order, tolerance) for a in alternatives], axis=0
            )
            if order:
                good |= beyond & np.isnan(found)
            for at in np.flatnonzero(~good):
                point = ", ".join(f"{side[at]:.9g}" for side in sides)
                right = alternatives[0][order][number][0][at]
                lines.append(f"{what} {number} at ({point}): {found[at]:.9g}, expected {right:.9g}")
    return lines
