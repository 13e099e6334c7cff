"""A dense grid of the whole range of float32, and what ops make of it. Runs in CPython and, shipped as source, in the page.

The grid has logarithmic steps of both signs from the smallest to the largest number, integers and halves, the numbers
around every place where a function begins, ends, bends, saturates or overflows, infinities, signed zeros and NaN.
"""

import math
from array import array

from tfjs_pyo import activations, ops
from tfjs_pyo.ops.declare import ELEMENTWISE, OPS
from tfjs_pyo.ops.samples import COMPOSED

INF = float("inf")
NAN = float("nan")
SMALLEST = 2.0**-126
LARGEST = 2.0**128 - 2.0**104
DENORMAL = (1e-45, 1e-41, 1.1e-38)

_LIMITS = (
    *(
        1.0,
        0.5,
        2.0,
        3.0,
        6.0,
        0.25,
        0.35,
        0.3,
        0.9,
        4.0,
        9.0,
        14.93,
        15.0,
        20.0,
        64.0,
        128.0,
        1e-4,
        1e4,
        1e8,
        1e10,
    ),
    *(
        87.336,
        88.0296,
        88.72,
        88.7229,
        89.0,
        89.4159,
        103.28,
        103.97,
        104.0,
        44.0,
        44.36,
        18.4467e18,
        1.8446743e19,
        9.2e18,
    ),
    *(
        0.41421356,
        0.70710678,
        1.41421356,
        2.41421356,
        1.3e19,
        16777216.0,
        8388608.0,
        2147483648.0,
        3.9,
        9.3,
        13.0,
    ),
    *(math.pi * k / 4 for k in (1, 2, 3, 4, 5, 6, 7, 8, 10, 100, 101, 1000, 1001, 65537, 1234567)),
)


def float32(value):
    """Returns the nearest number that float32 has."""
    return array("f", [value])[0]


def _neighbours(value, steps=(-16, -2, -1, 0, 1, 2, 16)):
    bits = array("i", array("f", [value]).tobytes())[0]
    return [array("f", array("i", [bits + step]).tobytes())[0] for step in steps]


def _line():
    points = {
        0.0,
        *DENORMAL,
        SMALLEST,
        LARGEST,
        *_neighbours(SMALLEST, (0, 1)),
        *_neighbours(LARGEST, (-1, 0)),
    }
    points.update(float32(10 ** (-37.9 + 0.4 * step) * (1 + step % 7 / 10)) for step in range(191))
    points.update(step / 2 for step in range(1, 60))
    points.update(float32(0.013 + step * 0.171) for step in range(70))
    for value in _LIMITS:
        points.update(_neighbours(value))
    found = sorted(float32(point) for point in points if point <= LARGEST)
    return [*found, *(-point for point in found), INF, -INF, NAN]


def _plane():
    sides = [
        *(
            0.0,
            1e-41,
            SMALLEST,
            1e-30,
            1e-19,
            3e-7,
            0.01,
            1 / 3,
            0.5,
            0.7,
            0.99999994,
            1.0,
            1.0000001,
            1.5,
            2.0,
            2.5,
            3.0,
        ),
        *(
            5.0,
            6.0,
            7.3,
            10.0,
            30.0,
            63.0,
            64.0,
            65.5,
            100.0,
            127.0,
            1001.0,
            8388609.0,
            16777216.0,
            3e9,
            2e14,
            1.7e19,
        ),
        *(1e30, 1.6e38, LARGEST),
    ]
    sides = [float32(side) for side in sides]
    sides += [-side for side in sides] + [INF, -INF, NAN]
    pairs = [(a, b) for a in sides for b in sides]
    ties = [float32(10**step * 1.7) for step in range(-30, 31, 5)]
    pairs += [
        (s * a, t * b) for a in ties for b in _neighbours(a, (-1, 0, 1)) for s in (1, -1) for t in (1, -1)
    ]
    return pairs


LINE = _line()
PLANE = _plane()

_ACTIVATIONS = (
    *(
        "swish",
        "mish",
        "gelu",
        "gelu_new",
        "hard_sigmoid",
        "hard_swish",
        "hard_tanh",
        "hard_shrink",
    ),
    *("soft_shrink", "squareplus", "sparse_plus", "sparse_sigmoid", "celu", "exponential"),
)


OF_BITS = {"next_after", "signbit"}
"""About the bits of numbers, of which devices may flush some; compared with NumPy's by themselves (tests/ops/test_bits.py)."""


def functions():
    """Returns all elementwise functions of float32 by name: the function, its number of tensors, its domain."""
    found = {}
    for name, function in ELEMENTWISE.items():
        op = OPS[name]
        if "float32" in op.samples.dtypes and op.extra["arity"] < 3 and name not in OF_BITS:
            found[name] = (function, op.extra["arity"], op.samples, callable(op.gradient))
    for name, (function, domain, arity) in COMPOSED.items():
        found[name] = (function, arity, domain, True)
    for name in _ACTIVATIONS:
        found[name] = (getattr(activations, name), 1, None, True)
    return found


def inputs(arity):
    """Returns the points of the grid, one list for each input."""
    return [LINE] if arity == 1 else [list(side) for side in zip(*PLANE, strict=True)]


def _slopes(function):
    """Returns what gives the gradients of a function with respect to each of its inputs, 0 for one that it does not depend on."""

    def total(*given):
        never = ops.fill(given[0].shape, False, "bool")
        return ops.add_n([ops.sum(function(*given)), *(ops.sum(ops.where(never, t, 0.0)) for t in given)])

    return ops.grads(total)


def outcome(name):
    """Returns bytes of the values of a function, of its gradients, and of theirs, in hex, and the dtype of the values."""
    function, arity, _, smooth = functions()[name]
    tensors = [ops.tensor(side) for side in inputs(arity)]
    value = function(*tensors)
    results = [[value], [], []]
    if smooth:
        results[1] = _slopes(function)(tensors)
        for place in range(arity):
            results[2] += _slopes(lambda *given, place=place: _slopes(function)(list(given))[place])(tensors)
    return [value.dtype, [[part.data_sync().tobytes().hex() for part in order] for order in results]]
