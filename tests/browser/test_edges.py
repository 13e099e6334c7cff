"""Elementwise functions over the whole range of float32, on WebGL2, against what they are in float64."""

from pathlib import Path

import pytest

import tfjs_pyo as tf
from tests.ops import edges
from tests.ops.edge_checks import NAMES, complaints
from tfjs_pyo.core import engine

SOURCE = Path(edges.__file__).read_text(encoding="utf-8")
SETUP = f"import sys, types\nedges = sys.modules['edges'] = types.ModuleType('edges')\nexec({SOURCE!r}, edges.__dict__)"


@pytest.mark.parametrize("name", NAMES)
def test_webgl_is_right_over_the_whole_range(gpu, name):
    found = complaints(name, gpu.run(f"{SETUP}\nedges.outcome({name!r})"))
    assert not found, f"{len(found)} numbers are wrong:\n" + "\n".join(found[:: max(1, len(found) // 12)])


COMPARED = """
def chosen(tf):
    nan = float("nan")
    sides = {"x": tf.tensor([nan, nan, 1, -1, 2, 0, nan, 3]), "y": tf.tensor([nan, 1, nan, 2, -1, 0, -3, 3]), "0": tf.scalar(0)}
    found = {}
    for compare in ("less", "lessEqual", "greater", "greaterEqual"):
        for a, b in (("x", "y"), ("x", "0"), ("0", "x")):
            for yes, no in ((a, b), (b, a)):
                condition = getattr(tf, compare)(sides[a], sides[b])
                result = tf.where(condition, sides[yes], sides[no]).add(tf.zeros([8]))
                found[f"{compare}({a}, {b}) ? {yes} : {no}"] = str(result.array_sync())
    return found
"""


def test_choices_between_what_was_compared_keep_nan(gpu):
    engine.use_backend("numpy")
    namespace = {}
    exec(COMPARED, namespace)
    expected = namespace["chosen"](tf)
    assert len(expected) == 24
    assert gpu.run(f"{COMPARED}\nchosen(tf)") == expected


POWERS = """
def inexact(tf):
    pairs = [(sign * a, b) for sign in (1, -1) for b in range(25) for a in range(1, 4000) if a ** b < 2**24]
    pairs += [(2, -b) for b in range(127)] + [(4**a, b / 2) for a in range(-30, 31) for b in (-3, -1, 1, 3)]
    found = tf.pow(*(tf.tensor(list(side)) for side in zip(*pairs))).array_sync()
    return [(a, b, c) for (a, b), c in zip(pairs, found) if c != a ** b]
"""


def test_powers_that_float32_has_are_exact(gpu):
    namespace = {}
    exec(POWERS, namespace)
    engine.use_backend("numpy")
    assert namespace["inexact"](tf) == []
    assert gpu.run(f"{POWERS}\ninexact(tf)") == []
