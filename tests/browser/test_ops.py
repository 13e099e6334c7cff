"""Every op gives on WebGL2 what NumPy gives, values and gradients, from one declaration."""

from array import array
from pathlib import Path

import numpy as np
import pytest

from tests.ops import suite
from tests.ops.test_integers import BY_FORMULA, PRODUCTS, drawn
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
def test_webgl_agrees_with_numpy(gpu, name):
    compare(name, gpu.run(f"{SETUP}\nsuite.outcomes({name!r})"))


@pytest.mark.parametrize("part", range(12))
def test_the_processor_agrees_with_numpy(processor, part):
    """The same plans as WebAssembly, several ops at once."""
    names = suite.names()[part::12]
    reports = processor.run(f"{SETUP}\n{{name: suite.outcomes(name) for name in {names!r}}}")
    for name in names:
        compare(name, reports[name])


@pytest.mark.parametrize("seed", range(2))
def test_webgl_agrees_with_numpy_on_sizes_that_are_no_multiples_of_four(gpu, seed):
    compare_calls(suite.odd_calls(seed), gpu.run(f"{SETUP}\nsuite.odd_outcomes({seed})"))


def compare(name, reports):
    """Checks the outcomes of an op's calls."""
    compare_calls(suite.calls(name), reports)


def compare_calls(calls, reports):
    """Checks what calls gave in the page."""
    engine.use_backend("numpy")
    for call in calls:
        expected, found = suite.outcome(call), reports[call.name]
        assert (found["shape"], found["dtype"]) == (expected["shape"], expected["dtype"]), call.name
        _assert_close(_array(found, found["value"]), _array(expected, expected["value"]), call, "value")
        for i, (g, h) in enumerate(
            zip(found.get("gradients", []), expected.get("gradients", []), strict=True)
        ):
            _assert_close(_array(found, g, "float32"), _array(expected, h, "float32"), call, f"gradient {i}")


@pytest.mark.parametrize("part", range(6))
def test_webgl_agrees_with_numpy_on_integers_of_the_whole_range(gpu, part):
    """To the bit, where the result is int32 or bool; of several ops at once."""
    names = sorted(set(suite.names()) - set(BY_FORMULA))[part::6]
    engine.use_backend("numpy")
    reports = gpu.run(f"{SETUP}\n{{name: suite.wide_outcomes(name) for name in {names!r}}}")
    wrong = []
    for name in names:
        expected, found = suite.wide_outcomes(name), reports[name]
        assert list(found) == list(expected)
        wrong += [call for call, report in expected.items() if found[call]["value"] != report["value"]]
    assert wrong == []


def test_products_of_large_integers_are_exact_on_webgl2(gpu):
    cases = {name: drawn(name, seed=7) for name in PRODUCTS}
    given = {
        name: (PRODUCTS[name][0], [(each.ravel().tolist(), list(each.shape)) for each in operands])
        for name, (operands, _) in cases.items()
    }
    found = gpu.run(
        f"""
import tfjs_pyo as tf
found = {{}}
for name, (source, operands) in {given!r}.items():
    a, b = (tf.tensor(values, shape, "int32") for values, shape in operands)
    found[name] = list(eval(source).data_sync())
a = b = None
found
"""
    )
    for name, (_, expected) in cases.items():
        assert found[name] == expected.ravel().tolist(), name
