"""Every op gives on WebGL2 what NumPy gives, values and gradients, from one declaration."""

from array import array
from pathlib import Path

import numpy as np
import pytest

from tests.ops import suite
from tfjs_pyo.core import engine

SUITE = Path(suite.__file__).read_text(encoding="utf-8")
SETUP = f"import sys, types\nsuite = sys.modules['suite'] = types.ModuleType('suite')\nexec({SUITE!r}, suite.__dict__)"
SMALLEST = 1.2e-38
"""Below this float32 is denormal; GPUs flush it to 0."""


def _array(report, words, dtype=None):
    code = {"float32": "f", "int32": "i", "bool": "b"}[dtype or report["dtype"]]
    return np.array(array(code, bytes.fromhex(words)))


def _assert_close(found, expected, call, what):
    if expected.dtype.kind != "f":
        np.testing.assert_array_equal(found, expected, err_msg=f"{call.name}: {what}")
        return
    found, expected = (np.where(np.abs(v) < SMALLEST, 0, v) for v in (found, expected))
    np.testing.assert_allclose(found, expected, call.rtol, call.atol, err_msg=f"{call.name}: {what}")


@pytest.mark.parametrize("name", suite.names())
def test_webgl_agrees_with_numpy(pyo, name):
    engine.use_backend("numpy")
    reports = pyo.run(f"{SETUP}\nsuite.outcomes({name!r})")
    for call in suite.calls(name):
        expected, found = suite.outcome(call), reports[call.name]
        assert (found["shape"], found["dtype"]) == (expected["shape"], expected["dtype"]), call.name
        _assert_close(_array(found, found["value"]), _array(expected, expected["value"]), call, "value")
        for i, (g, h) in enumerate(
            zip(found.get("gradients", []), expected.get("gradients", []), strict=True)
        ):
            _assert_close(_array(found, g, "float32"), _array(expected, h, "float32"), call, f"gradient {i}")
