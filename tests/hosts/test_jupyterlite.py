"""JupyterLite: a notebook in its page, with its kernel of Pyodide in a worker, built from the registries' packages."""

import json
import shutil
import subprocess
import sys

import pytest

from tests.hosts.programs import CELLS, check_notebook
from tools.server import running
from tools.site import ROOT, Folder
from tools.wheel import current_wheel

nbformat = pytest.importorskip("nbformat", reason="make hosts")
pytest.importorskip("jupyterlite_core", reason="make hosts")
pytest.importorskip("jupyterlite_pyodide_kernel", reason="make hosts")
pytestmark = [pytest.mark.hosts, pytest.mark.slow]

KERNEL_WHEELS = ROOT / "build" / "hosts"
"""What the kernel installs when it starts; `make hosts` downloads it."""
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
INSTALL = "%pip install -q tfjs-pyo"
IN_JUPYTER = """async (notebook) => {
  const {jupyterapp: app} = window;
  await app.restored;
  const panel = await app.commands.execute("notebook:create-new", {kernelName: "python"});
  await panel.context.ready;
  panel.content.model.fromJSON(notebook);
  await panel.sessionContext.ready;
  await app.commands.execute("notebook:run-all-cells");
  return panel.content.model.toJSON();
}"""


@pytest.fixture(scope="module")
def lite(tmp_path_factory, with_pyodide):
    """JupyterLite's site, in whose index this package's wheel is."""
    if not any(KERNEL_WHEELS.glob("*.whl")):
        pytest.skip(f"{KERNEL_WHEELS} is empty: make hosts")
    folder = tmp_path_factory.mktemp("lite")
    index = folder / "pypi"
    index.mkdir()
    for wheel in [*KERNEL_WHEELS.glob("*.whl"), current_wheel()]:
        shutil.copy(wheel, index)
    made = folder / "_output"
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", folder, "--output-dir", made]
    done = subprocess.run(
        [*command, "--apps", "lab"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    path = made / "jupyter-lite.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    page = settings["jupyter-config-data"]
    page["exposeAppInBrowser"] = True
    page["litePluginSettings"][KERNEL] |= {
        "pyodideUrl": "./pyodide/pyodide.mjs",
        "disablePyPIFallback": True,
    }
    path.write_text(json.dumps(settings), encoding="utf-8")
    return with_pyodide("pyodide/", {"": Folder(made)})


def executed(browser, url, notebook):
    """The notebook as JupyterLite's page ran it: with its service worker, by which its kernel waits for files."""
    page = browser.new_page(offline=True)
    try:
        page.goto(f"{url}lab/index.html")
        page.wait_for_function("window.jupyterapp")
        return nbformat.from_dict(page.evaluate(IN_JUPYTER, notebook))
    finally:
        page.context.close()


def test_a_notebook(browser, lite):
    sources = {"install": INSTALL, **CELLS}
    cells = [nbformat.v4.new_code_cell(source) for source in sources.values()]
    with running(lite, {}) as url:
        made = browser.call(executed, browser, url, nbformat.v4.new_notebook(cells=cells))
    # Its kernel gives an empty output where a cell's last value stands there already.
    outputs = {
        name: [output for output in cell.outputs if output.get("data") != {}]
        for name, cell in zip(sources, made.cells, strict=True)
    }
    check_notebook(outputs, "webgl")
