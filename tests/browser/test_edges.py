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
def test_webgl_is_right_over_the_whole_range(pyo, name):
    found = complaints(name, pyo.run(f"{SETUP}\nedges.outcome({name!r})"))
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


def test_choices_between_what_was_compared_keep_nan(pyo):
    engine.use_backend("numpy")
    namespace = {}
    exec(COMPARED, namespace)
    expected = namespace["chosen"](tf)
    assert len(expected) == 24
    assert pyo.run(f"{COMPARED}\nchosen(tf)") == expected
