"""What the page says when something is missing, and that it goes on where it can."""

import re

import pytest

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
    [(NO_WEBGL2, "WebGL2"), (NO_FLOAT32, "EXT_color_buffer_float")],
    ids=["no WebGL2", "no float32"],
)
def test_no_device_is_said_and_numpy_takes_over(fresh_page, site_url, script, missing):
    spoil_worker(fresh_page, script)
    fresh_page.goto(site_url)
    report = fresh_page.evaluate("window.pyo.ready")
    assert missing in report["deviceProblem"]
    panel = fresh_page.locator(".problem.error")
    text = panel.inner_text()
    assert report["deviceProblem"] in text
    assert "What helps" in text
    fresh_page.locator("#status-renderer", has_text="none").wait_for()
    answer = fresh_page.evaluate("window.pyo.run('tf.add(1, 2)')")
    if report["numpyProblem"]:  # neither a wheel nor the CDN: nothing is left to compute with
        assert "DeviceError" in answer["error"]["traceback"]
        return
    assert answer["error"] is None, answer["error"]
    assert answer["result"]["json"] == 3
    assert fresh_page.evaluate("window.pyo.status()")["backend"] == "numpy"


def test_a_failed_boot_says_so(fresh_page, site_url):
    fresh_page.context.route("**/pyodide.asm.wasm", lambda route: route.abort())
    fresh_page.goto(site_url)
    assert fresh_page.evaluate("window.pyo.ready.then(() => 'booted', () => 'failed')") == "failed"
    text = fresh_page.locator(".problem.error").inner_text()
    assert "Python could not start" in text
    assert "pyodide.asm.wasm did not arrive" in text
    fresh_page.context.unroute("**/pyodide.asm.wasm")
    fresh_page.get_by_role("button", name="Try again").click()
    fresh_page.evaluate("window.pyo.ready")
    assert fresh_page.locator(".problem.error").count() == 0


def test_a_browser_without_webassembly_is_told_so(fresh_page, site_url):
    spoil_worker(fresh_page, "delete globalThis.WebAssembly;")
    fresh_page.goto(site_url)
    assert fresh_page.evaluate("window.pyo.ready.then(() => 'booted', () => 'failed')") == "failed"
    assert "allow it for this page" in fresh_page.locator(".problem.error").inner_text()


def test_a_worker_that_does_not_load_says_so(fresh_page, site_url):
    fresh_page.context.route("**/worker/boot.js", lambda route: route.abort())
    fresh_page.goto(site_url)
    assert fresh_page.evaluate("window.pyo.ready.then(() => 'booted', () => 'failed')") == "failed"
    assert "make serve" in fresh_page.locator(".problem.error").inner_text()


def test_no_numpy_is_only_a_notice(fresh_page, site_url):
    fresh_page.context.route(re.compile("numpy-.*whl"), lambda route: route.abort())
    fresh_page.goto(site_url)
    report = fresh_page.evaluate("window.pyo.ready")
    assert report["deviceProblem"] is None
    assert report["numpyProblem"]
    assert "NumPy is not here" in fresh_page.locator(".problem.notice").inner_text()
    assert fresh_page.locator(".problem.error").count() == 0
    answer = fresh_page.evaluate("window.pyo.run('tf.add(1, 2).array_sync()')")
    assert answer["error"] is None, answer["error"]
    assert answer["result"]["json"] == 3
