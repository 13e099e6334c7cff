"""Elementwise functions over the whole range of float32, on WebGL2, against what they are in float64."""

from pathlib import Path

import pytest

from tests.ops import edges
from tests.ops.edge_checks import NAMES, complaints

SOURCE = Path(edges.__file__).read_text(encoding="utf-8")
SETUP = f"import sys, types\nedges = sys.modules['edges'] = types.ModuleType('edges')\nexec({SOURCE!r}, edges.__dict__)"


@pytest.mark.parametrize("name", NAMES)
def test_webgl_is_right_over_the_whole_range(pyo, name):
    found = complaints(name, pyo.run(f"{SETUP}\nedges.outcome({name!r})"))
    assert not found, f"{len(found)} numbers are wrong:\n" + "\n".join(found[:: max(1, len(found) // 12)])
