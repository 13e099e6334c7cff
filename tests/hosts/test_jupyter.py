"""Jupyter: a notebook executed by nbclient in an IPython kernel."""

import pytest

from tests.hosts.programs import CELLS, check_notebook, pictures

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


def test_a_notebook(outputs, installed):
    assert str(installed) in outputs["begin"][0].data["text/plain"]
    check_notebook(outputs, "numpy")
    assert pictures(outputs["keras"]) == ["sequential 'sequential': epoch 2/2, done"]
    printed = "".join(output.text for output in outputs["keras"] if output.output_type == "stream")
    assert [line for line in printed.splitlines() if line.startswith("Epoch")] == ["Epoch 1/2", "Epoch 2/2"]
