"""What the page says when something is missing, and that it goes on where it can."""

import re

import pytest

from tests.harness import Watcher
from tests.io.recorded import KERAS

pytestmark = pytest.mark.page_start
NUMPY = re.compile("numpy-.*whl")
OUTCOME = "window.pyo.ready.then(() => 'booted', () => 'failed')"
REFUSE = "const refuse = async () => { throw new RangeError('Out of memory'); };"
NO_WEBGL2 = """
const original = OffscreenCanvas.prototype.getContext;
OffscreenCanvas.prototype.getContext = function (kind, ...rest) {
  return kind === 'webgl2' ? null : original.call(this, kind, ...rest);
};
"""
NO_FLOAT32 = """
const original = WebGL2RenderingContext.prototype.getExtension;
WebGL2RenderingContext.prototype.getExtension = function (name) {
  return name === 'EXT_color_buffer_float' ? null : original.call(this, name);
};
"""


def spoil_worker(page, script: str) -> None:
    """Run a script in the worker before everything else."""

    def answer(route):
        response = route.fetch()
        route.fulfill(response=response, body=f"import './spoil.js';\n{response.text()}")

    def spoil(route):
        headers = {"Cross-Origin-Embedder-Policy": "require-corp"}
        route.fulfill(body=script, content_type="text/javascript", headers=headers)

    page.context.route("**/worker.js", answer)
    page.context.route("**/spoil.js", spoil)


@pytest.mark.parametrize(
    ("script", "missing"),
    [
        (NO_WEBGL2, "WebGL2"),
        (NO_FLOAT32, "EXT_color_buffer_float"),
        ("delete globalThis.OffscreenCanvas;", "no OffscreenCanvas"),
    ],
    ids=["no WebGL2", "no float32", "no OffscreenCanvas"],
)
def test_no_device_is_said_and_numpy_takes_over(fresh_page, site_url, numpy_in_page, script, missing):
    spoil_worker(fresh_page, script)
    fresh_page.goto(site_url)
    report = fresh_page.evaluate("window.pyo.ready")
    assert missing in report["deviceProblem"]
    panel = fresh_page.locator(".problem.error")
    text = panel.inner_text()
    assert report["deviceProblem"] in text
    assert "What helps" in text
    assert ("works on the page but not in workers" in text) == (script != NO_FLOAT32)
    fresh_page.locator("#status-renderer", has_text="none").wait_for()
    answer = fresh_page.evaluate("window.pyo.run('import numpy; tf.add(1, 2)')")
    assert answer["error"] is None, answer["error"]
    assert answer["result"]["json"] == 3
    assert fresh_page.evaluate("window.pyo.status()")["backend"] == "numpy"


def test_neither_device_nor_numpy_leaves_nothing_to_compute_with(fresh_page, site_url):
    spoil_worker(fresh_page, NO_WEBGL2)
    fresh_page.context.route(NUMPY, lambda route: route.abort())
    fresh_page.goto(site_url)
    assert "WebGL2" in fresh_page.evaluate("window.pyo.ready")["deviceProblem"]
    assert "NumPy could not be loaded either" in fresh_page.locator(".problem.error").inner_text()
    answer = fresh_page.evaluate("window.pyo.run('tf.add(1, 2)')")
    assert answer["error"]["type"] == "DeviceError"


def test_a_failed_boot_says_so(fresh_page, site_url):
    fresh_page.context.route("**/pyodide.asm.wasm", lambda route: route.abort())
    fresh_page.goto(site_url)
    assert fresh_page.evaluate(OUTCOME) == "failed"
    text = fresh_page.locator(".problem.error").inner_text()
    assert "Python could not start" in text
    assert "pyodide.asm.wasm did not arrive" in text
    assert fresh_page.locator(".boot").is_hidden(), "nothing is loading any more"
    fresh_page.context.unroute("**/pyodide.asm.wasm")
    fresh_page.get_by_role("button", name="Try again").click()
    fresh_page.evaluate("window.pyo.ready")
    assert fresh_page.locator(".problem.error").count() == 0


def test_a_browser_without_webassembly_is_told_so(fresh_page, site_url):
    spoil_worker(fresh_page, "delete globalThis.WebAssembly;")
    fresh_page.goto(site_url)
    assert fresh_page.evaluate(OUTCOME) == "failed"
    assert "allow it for this page" in fresh_page.locator(".problem.error").inner_text()


@pytest.mark.parametrize(
    "script",
    ["WebAssembly.instantiateStreaming = refuse;", "WebAssembly.instantiate = refuse;"],
    ids=["Python's", "Pyodide's helper"],
)
def test_webassembly_that_does_not_start_ends_the_start(fresh_page, site_url, script):
    spoil_worker(fresh_page, f"{REFUSE} {script}")
    fresh_page.goto(site_url)
    assert fresh_page.evaluate(OUTCOME) == "failed"
    text = fresh_page.locator(".problem.error").inner_text()
    assert "Out of memory" in text
    assert "close other tabs" in text


def test_webassembly_that_is_cut_short_ends_the_start(fresh_page, site_url):
    def cut(route):
        response = route.fetch()
        headers = {name: value for name, value in response.headers.items() if name != "content-encoding"}
        route.fulfill(status=200, headers=headers, body=response.body()[:100_000])

    fresh_page.context.route("**/pyodide.asm.wasm", cut)
    fresh_page.goto(site_url)
    assert fresh_page.evaluate(OUTCOME) == "failed"
    text = fresh_page.locator(".problem.error").inner_text()
    assert "Python's WebAssembly did not start" in text
    assert "arrived in part" in text


@pytest.mark.parametrize("missing", ["WebAssembly.instantiateStreaming", "globalThis.ReadableStream"])
def test_the_start_needs_no_streams(fresh_page, site_url, missing):
    spoil_worker(fresh_page, f"delete {missing};")
    fresh_page.goto(site_url)
    fresh_page.evaluate("window.pyo.ready")
    assert fresh_page.evaluate("window.pyo.run('1 + 1')")["result"]["json"] == 2


def test_what_fails_beside_the_start_is_told(fresh_page, site_url):
    script = """
    const original = globalThis.fetch;
    globalThis.fetch = (resource, ...rest) => {
      if (String(resource).endsWith('/examples/__init__.py')) Promise.reject(new Error('nobody waits for this'));
      return original(resource, ...rest);
    };
    """
    spoil_worker(fresh_page, script)
    fresh_page.goto(site_url)
    fresh_page.evaluate("window.pyo.ready")
    fresh_page.locator(".problem.notice", has_text="worker: nobody waits for this").wait_for()


HTML = {"status": 200, "content_type": "text/html", "body": "<!doctype html><title>Sign in</title>"}
MISSING = {"status": 404, "body": "not here"}


@pytest.mark.parametrize(
    ("pattern", "answer"),
    [
        ("pyodide.asm.mjs", MISSING),
        ("examples/digits.py", MISSING),
        ("tfjs_pyo-*.whl", MISSING),
        ("tfjs_pyo-*.whl", {"status": 200, "body": "PK, and no more"}),
        ("site.json", HTML),
        ("pyodide-lock.json", HTML),
    ],
    ids=["module", "example", "wheel", "broken wheel", "HTML for the list", "HTML for the lock"],
)
def test_a_file_that_does_not_arrive_is_named(fresh_page, site_url, pattern, answer):
    fresh_page.context.route(f"**/{pattern}", lambda route: route.fulfill(**answer))
    fresh_page.goto(site_url)
    assert fresh_page.evaluate(OUTCOME) == "failed"
    text = fresh_page.locator(".problem.error").inner_text()
    assert pattern.split("*")[0] in text
    assert "make serve" in text
    assert "Traceback" not in text
    assert fresh_page.locator(".boot").is_hidden(), "nothing is loading any more"


def test_a_worker_that_does_not_load_says_so(fresh_page, site_url):
    fresh_page.context.route("**/worker/boot.js", lambda route: route.abort())
    fresh_page.goto(site_url)
    assert fresh_page.evaluate(OUTCOME) == "failed"
    assert "make serve" in fresh_page.locator(".problem.error").inner_text()


def test_no_numpy_is_only_a_notice(fresh_page, site_url):
    fresh_page.context.route(NUMPY, lambda route: route.abort())
    fresh_page.goto(site_url)
    report = fresh_page.evaluate("window.pyo.ready")
    assert report["deviceProblem"] is None
    assert report["numpyProblem"]
    assert "NumPy is not available" in fresh_page.locator(".problem.notice").inner_text()
    assert fresh_page.locator(".problem.error").count() == 0
    answer = fresh_page.evaluate("window.pyo.run('tf.add(1, 2).array_sync()')")
    assert answer["error"] is None, answer["error"]
    assert answer["result"]["json"] == 3
    load = f"tf.loadLayersModel(tf.io.browserFiles([('model.h5', base64.b64decode({KERAS['dense']['files']['.h5']!r}))]))"
    loaded = fresh_page.evaluate("(load) => window.pyo.run('import base64; _ = await ' + load)", load)
    assert loaded["error"] is None, loaded["error"]


def test_the_progress_bar_counts_bytes(fresh_page, site_url, wheels):
    fresh_page.add_init_script(
        """addEventListener('DOMContentLoaded', () => {
          window.steps = [];
          const label = document.getElementById('progress-step');
          const note = () => steps.push([document.getElementById('progress').value, label.textContent]);
          new MutationObserver(note).observe(label, {childList: true, characterData: true, subtree: true});
        })"""
    )
    fresh_page.goto(site_url)
    fresh_page.evaluate("window.pyo.ready")
    steps = fresh_page.evaluate("steps")
    counted = [re.search(r"\((\S+) of (\S+) MB\)", text) for _, text in steps]
    received = [float(found[1]) for found in counted if found]
    totals = {float(found[2]) for found in counted if found}
    assert received == sorted(received)
    assert len(totals) == 1
    total = totals.pop()
    least = 0.8 if wheels else 0.6  # NumPy is counted, and does not come where nobody has it
    assert least * total < received[-1] <= total
    done = [value for value, _ in steps]
    assert done == sorted(done)
    assert fresh_page.locator(".boot").is_hidden()


def test_a_file_that_stops_arriving_is_named(fresh_page, site_url):
    fresh_page.goto(site_url)
    fresh_page.evaluate("window.pyo.ready")
    fresh_page.route("**/never.wasm", lambda route: None)
    said = fresh_page.evaluate(
        """async () => {
          const {Downloads} = await import('./worker/downloads.js');
          const options = {needed: location.href, counts: true, reportProgress() {}, patience: 100};
          const downloads = new Downloads(options);
          fetch('never.wasm').catch(() => {});
          const said = await downloads.lost.catch((error) => error.message);
          downloads.end();
          return said;
        }"""
    )
    assert said == f"{site_url}never.wasm did not arrive: nothing has come for 0.1 s"


def test_a_page_whose_script_does_not_load_says_so_and_loads_again(fresh_page, site_url):
    fresh_page.context.route("**/terminal/terminal.js", lambda route: route.abort())
    fresh_page.goto(site_url)
    problem = fresh_page.locator(".problem.error", has_text="did not load")
    problem.wait_for()
    assert "page.js" in problem.inner_text()
    fresh_page.context.unroute("**/terminal/terminal.js")
    problem.get_by_role("button", name="Try again").click()
    fresh_page.wait_for_function("() => 'pyo' in window")
    fresh_page.evaluate("window.pyo.ready")


def test_a_browser_that_is_too_old_is_told_which_will_do(fresh_page, site_url):
    fresh_page.add_init_script("delete Promise.withResolvers")
    fresh_page.goto(site_url)
    assert "newer browser" in fresh_page.locator(".problem.error").inner_text()


def test_a_worker_without_modules_is_explained(fresh_page, site_url):
    fresh_page.add_init_script(
        "const Real = Worker; window.Worker = function (url) { return new Real(url, {type: 'classic'}); };"
    )
    fresh_page.goto(site_url)
    assert fresh_page.evaluate(OUTCOME) == "failed"
    assert "a worker made of modules" in fresh_page.locator(".problem.error").inner_text()


def test_blocked_storage_is_said_and_everything_else_works(fresh_page, site_url):
    fresh_page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    )
    watcher = Watcher(fresh_page, site_url)
    fresh_page.goto(site_url)
    fresh_page.evaluate("window.pyo.ready")
    fresh_page.locator("#run:enabled").wait_for()
    assert "site data" in fresh_page.locator(".problem.notice", has_text="stores nothing").inner_text()
    answer = fresh_page.evaluate("window.pyo.run('tf.add(1, 2).array_sync()')")
    assert answer["result"]["json"] == 3
    fresh_page.locator("#theme").click()
    assert watcher.complaints == []


def test_a_blocked_indexed_db_is_an_error_and_leaves_the_model(fresh_page, site_url):
    spoil_worker(
        fresh_page, "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };"
    )
    fresh_page.goto(site_url)
    fresh_page.evaluate("window.pyo.ready")

    def run(source):
        return fresh_page.evaluate("(source) => window.pyo.run(source)", source)

    made = run("model = tf.sequential({'layers': [tf.layers.dense({'units': 2, 'inputShape': [3]})]})")
    assert made["error"] is None
    for call in ("model.save('indexeddb://a')", "tf.loadLayersModel('indexeddb://a')", "tf.io.listModels()"):
        answer = run(f"await {call}")
        assert answer["error"]["type"] == "StorageError", answer["error"]
        assert "is storage blocked for this page?" in answer["error"]["message"]
    assert run("model.toJSON() is not None")["result"]["json"] is True
    assert (
        run("(await model.save('localstorage://a'))['modelArtifactsInfo']['weightDataBytes']")["result"][
            "json"
        ]
        == 32
    )


def test_a_page_that_is_isolated_but_cannot_share_memory_starts(fresh_page, site_url):
    """As WebKitGTK is; and a browser whose language is none."""
    spoil_worker(
        fresh_page, "globalThis.fail = () => { Promise.reject(new Error('nobody waits for this')); };"
    )
    fresh_page.add_init_script(
        "delete globalThis.SharedArrayBuffer; Object.defineProperty(navigator, 'language', {value: 'C', configurable: true});"
    )
    fresh_page.goto(site_url)
    fresh_page.evaluate("window.pyo.ready")
    assert fresh_page.evaluate("window.crossOriginIsolated")
    fresh_page.locator(".problem.notice", has_text="restarts Python").wait_for()
    assert fresh_page.evaluate("window.pyo.run('1 + 1')")["result"]["json"] == 2

    chart = "tf.vis.render.linechart({'name': 'a line'}, {'values': [{'x': 0, 'y': 1}, {'x': 1, 'y': 3}]})"
    fresh_page.context.route("**/vis/charts.js", lambda route: route.abort())
    fresh_page.evaluate("(source) => window.pyo.run(source)", chart)
    fresh_page.locator("#displays .failed", has_text="A result could not be drawn").wait_for()
    fresh_page.context.unroute("**/vis/charts.js")
    fresh_page.evaluate("(source) => window.pyo.run(source)", chart)
    fresh_page.locator("#displays canvas").wait_for()

    fresh_page.evaluate("Promise.reject({code: 7}); Promise.reject({code: 7}); 0")
    said = fresh_page.locator(".problem.notice", has_text='{"code":7}')
    said.wait_for()
    assert said.count() == 1

    fresh_page.evaluate("window.pyo.run('import js; js.fail()')")
    fresh_page.locator(".problem.notice", has_text="worker: nobody waits for this").wait_for()


def test_a_frame_that_may_not_ask_for_service_workers_starts(fresh_page, site_url):
    fresh_page.add_init_script(
        """Object.defineProperty(Navigator.prototype, 'serviceWorker', {
          get() { throw new DOMException('the document is sandboxed', 'SecurityError'); },
        })"""
    )
    watcher = Watcher(fresh_page, site_url)
    fresh_page.goto(site_url)
    fresh_page.evaluate("window.pyo.ready")
    assert fresh_page.evaluate("window.pyo.run('1 + 1')")["result"]["json"] == 2
    assert fresh_page.locator(".problem", has_text="sandboxed").count() == 0
    assert watcher.complaints == []


def test_a_picture_that_does_not_decode_is_said(fresh_page, site_url):
    fresh_page.goto(site_url)
    fresh_page.evaluate(
        """async () => {
          const {showDisplay} = await import('./panels/display.js');
          showDisplay({'image/png': btoa('no picture'), 'text/plain': 'a cat'}, {});
        }"""
    )
    said = fresh_page.locator("#displays .failed", has_text="A result could not be drawn")
    said.wait_for()
    assert "a cat" in said.inner_text()
    assert fresh_page.locator("#displays img").count() == 0


def test_output_that_the_page_cannot_show_counts_as_shown(fresh_page, site_url):
    """Or the worker would wait for it each time that a program prints."""
    fresh_page.goto(site_url)
    shown = fresh_page.evaluate(
        """async () => {
          const {Client} = await import('./client.js');
          let worker, memory;
          window.Worker = class extends EventTarget {
            constructor() {
              super();
              worker = this;
            }
            postMessage({argumentList}) {
              memory = argumentList[0].value.memory;
            }
          };
          const failed = new Promise((resolve) => addEventListener('unhandledrejection', resolve, {once: true}));
          new Client({output: async () => { throw new Error('no'); }}).start();
          worker.dispatchEvent(new MessageEvent('message', {data: {output: []}}));
          await failed;
          return new Int32Array(memory, 4, 1)[0];
        }"""
    )
    assert shown == 1


def test_a_worker_that_cannot_be_made_is_said(fresh_page, site_url):
    fresh_page.add_init_script(
        "window.Worker = class { constructor() { throw new Error('no workers here'); } };"
    )
    fresh_page.goto(site_url)
    assert fresh_page.evaluate("window.pyo.ready.catch((error) => error.message)") == "no workers here"
    assert "no workers here" in fresh_page.locator(".problem.error").inner_text()


def test_an_editor_that_does_not_load_is_said_and_the_prompt_works(fresh_page, site_url):
    fresh_page.context.route("**/editor/editor.js", lambda route: route.abort())
    fresh_page.goto(site_url)
    fresh_page.evaluate("window.pyo.ready")
    fresh_page.locator(".problem.notice", has_text="The editor could not be loaded").wait_for()
    assert fresh_page.evaluate("window.pyo.run('1 + 1')")["result"]["json"] == 2
