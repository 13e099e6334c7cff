"""A page of somebody else with Pyodide from npm and the wheel: on its main thread, and in a worker. No headers of ours."""

from dataclasses import replace

import pytest

from tests.hosts.programs import CELLS
from tools.server import running

pytestmark = [pytest.mark.hosts, pytest.mark.slow]

PAGE = "<!doctype html><title>Somebody's page</title><div id=chart></div>"
SCRIPT = """
import {loadPyodide} from './vendor/pyodide/pyodide.mjs';

export async function run(site, wheel, cells) {
  const printed = [];
  const say = (text) => printed.push(text);
  const lock = `${site}packages/pyodide-lock.json`;
  const python = await loadPyodide({indexURL: `${site}vendor/pyodide/`, lockFileURL: lock, stdout: say, stderr: say});
  await python.loadPackage(`${site}${wheel}`, {checkIntegrity: false, messageCallback: () => {}});
  const values = [];
  for (const cell of cells) values.push(String(await python.runPythonAsync(cell)));
  return {values, printed};
}

if (!globalThis.document) onmessage = async ({data}) => postMessage(await run(...data));
"""
IN_PAGE = "async ([site, ...rest]) => (await import(`${site}somebody.js`)).run(site, ...rest)"
IN_WORKER = """([site, ...rest]) => new Promise((resolve, reject) => {
  const worker = new Worker(`${site}somebody.js`, {type: 'module'});
  worker.onmessage = ({data}) => resolve(data);
  worker.onerror = ({message}) => reject(new Error(message));
  worker.postMessage([site, ...rest]);
})"""
WITHOUT_READY = {**CELLS, "begin": "import tfjs_pyo as tf\ntf.__file__"}
ON_ELEMENT = """
import js
place = js.document.getElementById("chart")
tf.vis.show.history(place, run)
again = await model.fit(x, y, {"epochs": 2, "callbacks": tf.vis.show.fitCallbacks(place, ["loss"])})
[child.title for child in place.children]"""


@pytest.fixture
def elsewhere(site):
    """The address of the page, and the wheel's."""
    wheel = next(place for place in site.places() if "tfjs_pyo" in place and place.endswith(".whl"))
    made = replace(site, texts={**site.texts, "somebody.html": PAGE, "somebody.js": SCRIPT})
    with running(made, {}) as url:
        yield url, wheel


@pytest.mark.parametrize("cells", [CELLS, WITHOUT_READY], ids=["ready", "ready forgotten"])
@pytest.mark.parametrize("where", [IN_PAGE, IN_WORKER], ids=["main thread", "worker"])
def test_a_page_with_pyodide(browser, fresh_page, elsewhere, where, cells):
    url, wheel = elsewhere
    fresh_page.goto(f"{url}somebody.html")
    sources = [*cells.values(), *([ON_ELEMENT] if where == IN_PAGE else [])]
    answer = fresh_page.evaluate(where, [url, wheel, sources])
    values = dict(zip(cells, answer["values"], strict=False))
    assert values["backend"] == "webgl"
    assert "the same: True" in answer["printed"]
    assert sum("no place for charts" in line for line in answer["printed"]) == 1
    if where == IN_PAGE:
        assert answer["values"][-1] == "['loss', 'mae', 'onBatchEnd', 'onEpochEnd']"
        assert fresh_page.locator("#chart svg.tfjs-pyo-chart").count() == 4
