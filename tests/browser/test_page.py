"""The page: its boot, its status area, window.pyo, what it asks of the network."""

import math
import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.page_start


def test_boot_reports_what_it_runs_on(booted):
    report = booted.report
    assert report["deviceProblem"] is None
    assert re.fullmatch(r"\d+\.\d+\.\d+", report["versions"]["pyodide"])
    assert re.fullmatch(r"3\.\d+\.\d+", report["versions"]["python"])
    timings = report["timings"]
    assert timings["total"] == pytest.approx(timings["pyodide"] + timings["ours"])
    assert min(timings.values()) > 0


def test_the_page_is_isolated(page):
    assert page.evaluate("window.crossOriginIsolated") is True


def test_status_area(page):
    renderer = page.evaluate("window.pyo.status()")["device"]["renderer"]
    expect(page.locator("#status-tensors")).to_have_text(re.compile(r"\d+ tensors, \d"))
    shown = {key: page.locator(f"#status-{key}").inner_text() for key in ("renderer", "limits", "float32")}
    assert shown["renderer"] == renderer
    assert re.search(r"textures to \d{4,5}, \d+ draw buffers, \d+ units", shown["limits"])
    assert shown["float32"] == "yes, probe ok"
    assert "Pyodide" in page.locator("#status-python").inner_text()
    assert not page.locator(".boot").is_visible()


def test_status_area_counts_tensors(pyo, page):
    shown, before = page.locator("#status-tensors"), pyo.alive()
    expect(shown).to_have_text(re.compile(rf"^{before} tensors"))
    pyo.run("kept = [tf.tensor([1.0, 2.0]) for _ in range(7)]")
    expect(shown).to_have_text(re.compile(rf"^{before + 7} tensors"))


def test_status_has_device_memory_and_backend(pyo):
    status = pyo.status()
    assert status["backend"] == "webgl"
    assert status["device"]["float32"] is True
    assert status["device"]["maxTextureSize"] >= 2048
    assert {"numTensors", "numBytes"} <= status["memory"].keys()
    assert status["running"] == 0


def test_run_gives_everything(pyo):
    answer = pyo.raw("import sys\nprint('out')\nprint('err', file=sys.stderr)\n{'a': [1, 2]}")
    assert answer == {
        "stdout": "out\n",
        "stderr": "err\n",
        "result": {"repr": "{'a': [1, 2]}", "json": {"a": [1, 2]}},
        "error": None,
    }


def test_run_gives_tensors_as_json(pyo):
    assert pyo.run("tf.tensor2d([[1, 2], [3, 4]])") == [[1, 2], [3, 4]]


def test_run_gives_special_floats(pyo):
    nan, infinite = pyo.run("[float('nan'), float('-inf')]")
    assert math.isnan(nan)
    assert infinite == -math.inf


def test_run_gives_a_repr_where_json_ends(pyo):
    result = pyo.raw("object")["result"]
    assert result == {"repr": "<class 'object'>"}


def test_run_gives_errors(pyo):
    error = pyo.raw("def f():\n    raise ValueError('no')\n\nf()")["error"]
    assert (error["type"], error["message"]) == ("ValueError", "no")
    assert error["traceback"].startswith("Traceback")
    assert "session.py" not in error["traceback"]


def test_a_failing_run_fails_the_test_with_pythons_traceback(pyo):
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        pyo.run("1 / 0")


def test_top_level_await(pyo):
    assert pyo.run("import asyncio\nawait asyncio.sleep(0.01, 'slept')") == "slept"


def test_micropip_comes_from_our_own_site(pyo, booted):
    assert pyo.run("import micropip\nmicropip.__name__") == "micropip"
    assert any("/packages/micropip-" in url for url in booted.requests)


def test_numpy(pyo, numpy_in_page):
    assert pyo.run("import numpy as np\nnp.arange(3) * 2.5") == [0, 2.5, 5]


def test_a_missing_module_is_pythons_own_error(pyo):
    assert pyo.raw("import no_such_module_at_all")["error"]["type"] == "ModuleNotFoundError"


def test_the_stop_button_is_off_while_nothing_runs(page):
    expect(page.locator("#stop")).to_be_disabled()
    expect(page.locator("#status-running")).to_have_text("idle")


def test_rich_results_are_shown_beside_the_prompt(pyo, page):
    page.evaluate("document.getElementById('displays').replaceChildren()")
    pyo.run("class Bold:\n    _repr_html_ = lambda self: '<b id=\"bold\">rich</b>'\ndisplay(Bold())")
    assert page.frame_locator("#displays iframe").first.locator("#bold").inner_text() == "rich"
    assert page.locator("#displays iframe").get_attribute("sandbox") == "allow-same-origin"  # so no scripts


def test_pictures_are_shown(pyo, page):
    page.evaluate("document.getElementById('displays').replaceChildren()")
    pyo.run(
        "import base64\n"
        "class Dot:\n    _repr_png_ = lambda self: base64.b64decode("
        "'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==')\n"
        "display(Dot())"
    )
    picture = page.locator("#displays img")
    picture.wait_for()
    assert picture.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") == 1


def test_no_request_leaves_for_another_host(booted, foreign_numpy):
    other = {
        url for url in booted.foreign if not url.startswith("http://127.0.0.1:")
    }  # servers of other tests
    assert other <= foreign_numpy


def test_all_arrived(booted):
    assert [line for line in booted.complaints if not line.startswith("warning")] == []
