"""erf in NumPy against the standard library's, which is exact."""

import math

import numpy as np

from tfjs_pyo.ops.error_function import numpy_erf


def test_digits_are_those_of_the_standard_library():
    x = np.concatenate([np.linspace(-7, 7, 20_011), [0.46875, 4.0, 6.0, 1e-300, 5e-324, 1e300]])
    expected = np.array([math.erf(each) for each in x])
    np.testing.assert_allclose(numpy_erf(np, x), expected, rtol=8e-16)


def test_ends_and_signs():
    found = numpy_erf(np, np.array([0.0, -0.0, math.inf, -math.inf, math.nan]))
    np.testing.assert_array_equal(found, [0.0, 0.0, 1.0, -1.0, math.nan])
    assert np.signbit(found).tolist()[:2] == [False, True]


def test_shapes_are_kept():
    assert numpy_erf(np, np.float32(0.5)).shape == ()
    assert numpy_erf(np, np.zeros((0, 3), "float32")).shape == (0, 3)
    assert numpy_erf(np, np.zeros((2, 9000, 1))).shape == (2, 9000, 1)
