"""Functions of the bits of float32: `next_after` and `signbit`, on NumPy and on WebGL2, as NumPy has them."""

import json

import numpy as np

from tfjs_pyo import ops
from tfjs_pyo.ops import numeric

SIDES = [1.0, -1.0, 3.0, 1e30, -2.5e-30, 16777216.0, 0.5, float("inf"), float("nan")]
SOURCE = """
import tfjs_pyo as tf
from tfjs_pyo.ops import numeric
a, b = tf.tensor1d(LEFT), tf.tensor1d(RIGHT)
[numeric.next_after(a, b).array_sync(), numeric.signbit(a).array_sync()]
"""


def pairs():
    return [x for x in SIDES for _ in SIDES], [y for _ in SIDES for y in SIDES]


def test_on_numpy():
    left, right = pairs()
    found = numeric.next_after(ops.tensor1d(left), ops.tensor1d(right)).numpy()
    np.testing.assert_array_equal(found, np.nextafter(np.float32(left), np.float32(right)))
    assert numeric.signbit(ops.tensor1d(left[:-9])).array_sync() == [x < 0 for x in left[:-9]]


def test_in_the_page(pyo):
    left, right = pairs()
    names = "inf, nan = float('inf'), float('nan')"
    after, signs = pyo.run(f"{names}\n{SOURCE.replace('LEFT', repr(left)).replace('RIGHT', repr(right))}")
    expected = np.nextafter(np.float32(left), np.float32(right))
    np.testing.assert_array_equal(np.array(after, np.float32), expected)
    assert signs[:-9] == [x < 0 for x in left[:-9]]
    assert json.dumps(signs[:3]) == "[false, false, false]"
