"""Jupyter: a notebook executed by nbclient in an IPython kernel."""

import pytest

from tests.hosts.programs import CELLS

nbformat = pytest.importorskip("nbformat", reason="pip install '.[hosts]'")
nbclient = pytest.importorskip("nbclient", reason="pip install '.[hosts]'")
pytest.importorskip("ipykernel", reason="pip install '.[hosts]'")
pytestmark = [pytest.mark.hosts, pytest.mark.slow, pytest.mark.filterwarnings("default")]

KERAS = """\
import tfjs_pyo.keras as keras
model = keras.Sequential([keras.layers.Dense(1)])
model.compile("sgd", "mse")
history = model.fit(x, y, epochs=2)"""


@pytest.fixture
def outputs(surroundings):
    """The outputs of each cell, of the notebook executed; it is a valid one."""
    cells = {**CELLS, "keras": KERAS}
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in cells.values()]
    )
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    nbformat.validate(notebook)
    return {name: cell.outputs for name, cell in zip(cells, notebook.cells, strict=True)}


def pictures(outputs):
    """The text forms of what is shown as a picture."""
    return [output.data["text/plain"] for output in outputs if "image/svg+xml" in output.get("data", {})]


def test_a_notebook(outputs, installed):
    assert str(installed) in outputs["begin"][0].data["text/plain"]
    assert pictures(outputs["fit"]) == ["sequential 'sequential_1': epoch 12/12, done"]
    assert "float32, shape (56, 3)" in outputs["tensor"][0].data["text/html"]
    assert "<table>" in outputs["model"][0].data["text/html"]
    assert pictures(outputs["history"]) == [
        f"<line chart 'Run: {name}': {name}, val_{name}>" for name in ("loss", "mae")
    ]
    assert pictures(outputs["callbacks"]) == [
        f"<line chart 'Live: {event}': loss>" for event in ("onBatchEnd", "onEpochEnd")
    ]
    assert pictures(outputs["graph"]) == ["<graph of 'sequential_1': 2 layers, 1 connections>"]
    assert [
        name
        for name, made in outputs.items()
        if len(made) != {"history": 2, "callbacks": 2}.get(name, 1) and name != "keras"
    ] == []
    assert "text/html" in outputs["table"][0].data
    assert outputs["files"][0].text == "the same: True\n"
    assert outputs["backend"][0].data["text/plain"] == "'numpy'"
    assert pictures(outputs["keras"]) == ["sequential 'sequential': epoch 2/2, done"]
    printed = "".join(output.text for output in outputs["keras"] if output.output_type == "stream")
    assert [line for line in printed.splitlines() if line.startswith("Epoch")] == ["Epoch 1/2", "Epoch 2/2"]
