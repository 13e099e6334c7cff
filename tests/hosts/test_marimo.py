"""marimo: a notebook that its kernel runs, as `marimo export` does without a browser."""

import subprocess
import sys
import textwrap

import pytest

from tests.hosts.programs import CELLS

nbformat = pytest.importorskip("nbformat", reason="pip install '.[hosts]'")
pytest.importorskip("marimo", reason="pip install '.[hosts]'")
pytestmark = [pytest.mark.hosts, pytest.mark.slow, pytest.mark.filterwarnings("default")]

NAMES = ("tf", "model", "x", "y", "run", "again", "loaded")


def program(cells):
    """marimo's file of a notebook: a function for each cell, which takes and returns the names that it uses and makes."""
    made = set()
    parts = ["import marimo", "app = marimo.App()"]
    for number, source in enumerate(cells):
        takes = ", ".join(sorted(name for name in made if name in source))
        gives = {
            name
            for name in NAMES
            if f"{name} = " in source or f"import tfjs_pyo as {name}" in source or f"{name}, y =" in source
        }
        gives |= {"y"} if "x, y =" in source else set()
        gives -= made
        made |= gives
        back = "".join(f"{name}, " for name in sorted(gives))
        body = textwrap.indent(source, "    ")
        parts.append(
            f"@app.cell\nasync def cell_{number}({takes}):\n{body}\n    return {back and f'({back})'}"
        )
    return "\n\n".join(parts)


@pytest.fixture
def shown(surroundings, tmp_path):
    """What stands below each cell, as HTML."""
    (tmp_path / "notebook.py").write_text(program(CELLS.values()), encoding="utf-8")
    command = ["-m", "marimo", "-q", "export", "ipynb", "notebook.py", "-o", "out.ipynb", "--include-outputs"]
    done = subprocess.run(
        [sys.executable, *command], env=surroundings, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    notebook = nbformat.read(tmp_path / "out.ipynb", 4)
    return {
        name: "".join(
            output.data.get("text/html", "") if "data" in output else output.get("text", "")
            for output in cell.outputs
        )
        for name, cell in zip(CELLS, notebook.cells, strict=True)
    }


def test_a_notebook(shown):
    assert shown["fit"].count("epoch 12/12, done</title>") == 1
    assert "float32, shape (56, 3)" in shown["tensor"]
    assert "<table>" in shown["model"]
    assert [
        shown["history"].count(f"'Run: {name}'") or shown["history"].count(f"Run: {name}&#x27;")
        for name in ("loss", "mae")
    ] == [1, 1]
    assert [shown["callbacks"].count(f"Live: {event}&#x27;") for event in ("onBatchEnd", "onEpochEnd")] == [
        1,
        1,
    ]
    assert shown["graph"].count("<title>sequential_1</title>") == 1
    assert shown["table"].count("<caption>Summary</caption>") == 1
    assert "the same: True" in shown["files"]
