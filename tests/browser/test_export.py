"""The exported site on a plain static host, under a sub-path, without the isolation headers."""

import functools
import http.server
import threading

import pytest

from tests.harness import wait_until
from tools.export import export

pytestmark = pytest.mark.page_start


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Python's own file server, without its log."""

    def log_message(self, *args) -> None:
        """Nothing."""


@pytest.fixture
def static_url(site, tmp_path):
    """The address of the export, two folders down on a plain file server."""
    export(site, tmp_path / "some" / "where")
    handler = functools.partial(Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/some/where/"
        server.shutdown()
        thread.join()


def test_the_export_works_and_stop_restarts_python(fresh_page, static_url, page_numpy_problem):
    fresh_page.goto(static_url)
    report = fresh_page.evaluate("window.pyo.ready")
    assert report["deviceProblem"] is None
    assert fresh_page.evaluate("window.crossOriginIsolated") is False
    fresh_page.locator(".problem.notice", has_text="restarts Python").wait_for()
    numpy = "" if page_numpy_problem else "import numpy; "
    answer = fresh_page.evaluate(f"window.pyo.run('x = 1; {numpy}tf.add(1, 2)')")
    assert (answer["error"], answer["result"]["json"]) == (None, 3)

    # What waits can be cancelled here too.
    fresh_page.evaluate("window.slow = window.pyo.run('import asyncio; await asyncio.sleep(60)'); 0")
    wait_until(fresh_page, "window.pyo.status().then((status) => status.running === 1)")
    assert fresh_page.evaluate("window.pyo.interrupt()") == "cancelled"
    assert fresh_page.evaluate("window.slow.then((answer) => answer.error.type)") == "KeyboardInterrupt"

    # What computes cannot: Python is restarted, and the page says so.
    endless = "for _ in iter(int, print('looping')): pass"
    fresh_page.evaluate("(source) => { window.slow = window.pyo.run(source); }", endless)
    fresh_page.wait_for_function("() => window.pyo.text().includes('looping')")
    assert fresh_page.evaluate("window.pyo.interrupt()") == "restarted"
    assert "restarted" in fresh_page.evaluate("window.slow.then((answer) => answer.error.message)")
    fresh_page.evaluate("window.pyo.ready")
    assert fresh_page.evaluate("window.pyo.run('x')")["error"]["type"] == "NameError"
    assert fresh_page.evaluate("window.pyo.run('1 + 1')")["result"]["json"] == 2
    assert "Python is restarting" in fresh_page.evaluate("window.pyo.text()")
