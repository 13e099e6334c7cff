"""The programs of examples/keras in the page, on WebGL2: unchanged, and with the losses of Keras 3 in the first epoch."""

import json
from pathlib import Path

import pytest

from tests.keras import programs

RECORDED = json.loads(programs.RECORD.read_text(encoding="utf-8"))["programs"]
HARNESS = """
import sys, types
import tfjs_pyo
programs = types.ModuleType("programs")
programs.__file__ = "/home/pyodide/tests/keras/programs.py"
exec(compile({source!r}, "programs.py", "exec"), vars(programs))
"""


@pytest.mark.leaks(reason="classes of a program are held by their own methods until the collector runs")
@pytest.mark.parametrize("name", programs.NAMES)
def test_losses_are_those_of_keras(pyo, numpy_in_page, name):
    source = Path(programs.__file__).read_text(encoding="utf-8")
    pyo.run(HARNESS.format(source=source))
    losses = pyo.run(f"programs.losses_here(tfjs_pyo, {name!r}, epochs=1)")
    assert losses[0] == pytest.approx(RECORDED[name]["losses"][0], rel=1e-4)
