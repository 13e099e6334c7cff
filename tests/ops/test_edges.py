"""Elementwise functions over the whole range of float32, on NumPy, against what they are in float64."""

import pytest

from tests.ops import edges
from tests.ops.edge_checks import NAMES, complaints
from tfjs_pyo.core import engine


def test_every_elementwise_function_of_floats_is_checked():
    assert sorted(edges.functions()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_numpy_is_right_over_the_whole_range(name):
    engine.use_backend("numpy")
    found = complaints(name, edges.outcome(name))
    assert not found, f"{len(found)} numbers are wrong:\n" + "\n".join(found[:: max(1, len(found) // 12)])
