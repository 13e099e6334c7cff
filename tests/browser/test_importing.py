"""`import keras` and `import tensorflow` in the page: they are there from its start."""

import re

import pytest

from tests.faces.importing import MISSING, SAME


@pytest.mark.parametrize("statement", SAME)
def test_programs_get_this_package(statement, pyo):
    pyo.run(statement)
    assert pyo.run(SAME[statement]) is True


@pytest.mark.parametrize("statement", MISSING)
def test_what_is_not_there_says_so(statement, pyo):
    error = pyo.raw(statement)["error"]
    assert error["type"] == "ModuleNotFoundError"
    assert re.search(MISSING[statement], error["message"]), error["message"]


def test_matplotlib_would_draw_into_the_results(pyo):
    """Its wheel comes from Pyodide's network: without one only what it is told can be seen."""
    assert pyo.run("import os; os.environ['MPLBACKEND']") == "module://tfjs_pyo.vis.figures"
    assert (
        pyo.run("import importlib.util; importlib.util.find_spec('tfjs_pyo.vis.figures') is not None") is True
    )
