"""The editor: typing, running, completion, keeping, files; the divider, the tabs, light and dark."""

import pytest

from tests.browser.writing import Writer
from tests.harness import Watcher

PROGRAM = "def twice(x):\n    return 2 * x\n\nprint('twice', twice(21))\n"


@pytest.fixture
def writer(page):
    """The shared page's editor, with a new program in it."""

    def begin() -> Writer:
        editor = Writer(page)
        page.locator("#new").click()
        return editor

    return begin


@pytest.fixture
def own(fresh_page, site_url):
    """The editor of a page of its own, whose Python nobody waits for."""

    def load() -> Writer:
        fresh_page.goto(site_url)
        return Writer(fresh_page)

    return load


def no_pickers(page) -> None:
    """A browser without the File System Access API."""
    page.add_init_script("delete globalThis.showOpenFilePicker; delete globalThis.showSaveFilePicker;")


def test_typing_indents_and_runs(prompt, writer):
    editor = writer()
    editor.write("")
    editor.page.keyboard.type("for i in range(2):\nprint('line', i)")
    assert editor.text() == "for i in range(2):\n    print('line', i)"
    editor.page.keyboard.press("Control+Enter")
    prompt.wait(r">>> for i in range\(2\):\n\.\.\.     print\('line', i\)\nline 0\nline 1\n>>>")


def test_the_run_button_runs_a_long_program_under_a_heading(prompt, writer):
    editor = writer()
    editor.page.locator("#file-name").fill("mine.py")
    editor.write(PROGRAM + "\n" * 10 + "__name__, __file__")
    editor.page.locator("#run").click()
    prompt.wait(r">>> # mine\.py, 15 lines\ntwice 42\n\('__main__', '/home/pyodide/mine\.py'\)\n>>>")


def test_the_selection_runs_without_its_margin(prompt, writer):
    editor = writer()
    editor.write("if True:\n    a = 'inside'\n    a")
    editor.page.keyboard.press("Shift+ArrowUp")
    editor.page.keyboard.press("Shift+Home")
    editor.page.keyboard.press("Shift+Enter")
    prompt.wait(r">>> a = 'inside'\n\.\.\. a\n'inside'\n>>>")


def test_without_a_selection_statement_after_statement_runs(prompt, writer):
    editor = writer()
    editor.write(PROGRAM)
    editor.page.keyboard.press("Control+Home")
    editor.page.keyboard.press("Shift+Enter")
    prompt.wait(r">>> def twice\(x\):\n\.\.\.     return 2 \* x\n>>>")
    editor.page.keyboard.press("Shift+Enter")  # an empty line
    editor.page.locator("#run-part").click()
    prompt.wait(r"\ntwice 42\n>>>")


def test_an_error_shows_its_line(prompt, writer):
    editor = writer()
    editor.write("a = 1\nb = a / 0\n")
    editor.page.keyboard.press("Control+Enter")
    prompt.wait(r"line 2, in <module>\n    b = a / 0\n(.*\n)?ZeroDivisionError: division by zero\n>>>")


def test_asyncio_run_waits_and_can_be_stopped(prompt, writer):
    editor = writer()
    editor.write("import asyncio\nprint('begun')\nasyncio.run(asyncio.sleep(60))\nprint('never')\n")
    editor.page.keyboard.press("Control+Enter")
    prompt.wait(r"\nbegun\n")
    editor.page.locator("#stop:enabled").click()
    text = prompt.wait(r"KeyboardInterrupt\n>>>").string
    assert "\nnever" not in text
    assert "CancelledError" not in text
    editor.write(
        "import asyncio\nasync def main():\n    await asyncio.sleep(0.01)\n    return 'woke'\nasyncio.run(main())"
    )
    editor.page.keyboard.press("Control+Enter")
    prompt.wait(r"\n'woke'\n>>>")


def test_completion_knows_the_session_and_the_program(prompt, writer):
    editor = writer()
    editor.write("own_name = 1\n")
    editor.page.keyboard.type("tf.layers.separableConv2")
    editor.page.locator(".cm-tooltip-autocomplete li", has_text="separableConv2d").wait_for()
    editor.page.locator(".cm-completionInfo", has_text="separableConv2d(filters, kernel_size").wait_for()
    editor.page.wait_for_timeout(100)  # CodeMirror takes no Enter within 75 ms of the list
    editor.page.keyboard.press("Enter")
    assert editor.text().endswith("\ntf.layers.separableConv2d")
    editor.page.keyboard.type("\nown_")
    editor.page.locator(".cm-tooltip-autocomplete li", has_text="own_name").wait_for()
    editor.page.keyboard.press("Escape")


def test_a_reload_brings_the_program_back(own):
    editor = own()
    editor.page.locator("#file-name").fill("kept.py")
    editor.write("'kept'")
    editor.wait_kept("'kept'")
    editor.page.reload()
    again = Writer(editor.page)
    assert again.text() == "'kept'"
    assert again.page.locator("#file-name").input_value() == "kept.py"


def test_leaving_at_once_keeps_the_program_too(own):
    editor = own()
    editor.write("'just typed'")
    editor.page.reload()
    assert Writer(editor.page).text() == "'just typed'"


def test_new_keeps_the_former_program(own):
    editor = own()
    editor.write("'precious'")
    editor.page.locator("#new").click()
    assert "precious" not in editor.text()
    assert "Earlier" in editor.page.locator("#file-note").inner_text()
    editor.page.locator("#earlier").click()
    editor.page.locator("#earlier-list button").first.click()
    assert editor.text() == "'precious'"


def test_open_and_save_without_file_access(fresh_page, own, tmp_path):
    no_pickers(fresh_page)
    editor = own()
    (tmp_path / "local.py").write_text("'from disk'\n")
    with fresh_page.expect_file_chooser() as chooser:
        fresh_page.locator("#open").click()
    chooser.value.set_files(tmp_path / "local.py")
    fresh_page.locator("#file-note", has_text="Opened local.py").wait_for()
    assert editor.text() == "'from disk'\n"
    editor.write("'changed'\n")
    with fresh_page.expect_download() as download:
        fresh_page.keyboard.press("Control+s")
    assert download.value.suggested_filename == "local.py"
    assert download.value.path().read_text() == "'changed'\n"


def test_save_writes_to_the_chosen_file_and_then_to_the_same(fresh_page, own):
    fresh_page.add_init_script(
        """globalThis.asked = [];
        globalThis.showSaveFilePicker = async ({suggestedName}) => {
          asked.push(suggestedName);
          const root = await navigator.storage.getDirectory();
          return root.getFileHandle('chosen.py', {create: true});
        };"""
    )
    editor = own()
    for text in ("'one'", "'two'"):
        editor.write(text)
        fresh_page.locator("#save").click()
        fresh_page.locator("#file-note", has_text="Saved chosen.py").wait_for()
    assert fresh_page.evaluate("asked") == ["program.py"]
    assert (
        fresh_page.evaluate(
            """async () => {
          const root = await navigator.storage.getDirectory();
          return (await (await root.getFileHandle('chosen.py')).getFile()).text();
        }"""
        )
        == "'two'"
    )


def test_escape_leaves_the_tab_trap(own):
    editor = own()
    editor.write("x")
    editor.page.keyboard.press("Home")
    editor.page.keyboard.press("Tab")
    assert editor.text() == "    x"
    editor.page.keyboard.press("Escape")
    editor.page.keyboard.press("Tab")
    assert editor.text() == "    x"
    assert editor.page.evaluate("document.activeElement.id") == "divider"


def test_the_divider_moves_by_keys_and_pointer_and_is_remembered(own):
    editor = own()
    pane, bar = editor.page.locator("#editor-pane"), editor.page.locator("#divider")

    def width() -> float:
        return pane.bounding_box()["width"]

    first = width()
    bar.focus()
    for _ in range(5):
        editor.page.keyboard.press("ArrowLeft")
    assert bar.get_attribute("aria-valuenow") == "40"
    assert width() == pytest.approx(first * 0.8, rel=0.02)
    editor.page.reload()
    Writer(editor.page)
    assert width() == pytest.approx(first * 0.8, rel=0.02)
    box = bar.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 100
    editor.page.mouse.move(x, y)
    editor.page.mouse.down()
    editor.page.mouse.move(x + 150, y, steps=3)
    editor.page.mouse.up()
    assert width() == pytest.approx(first * 0.8 + 150, abs=8)
    editor.page.keyboard.press("Home")
    assert bar.get_attribute("aria-valuenow") == "15"
    bar.dblclick()
    assert width() == pytest.approx(first, abs=1)


def test_dark_is_chosen_and_remembered_and_everything_follows(own):
    editor = own()
    page = editor.page
    terminal = "getComputedStyle(document.querySelector('#terminal .xterm-viewport')).backgroundColor"
    code = "getComputedStyle(document.querySelector('.cm-editor')).backgroundColor"
    light = page.evaluate(code)
    assert light == page.evaluate(terminal) == "rgb(255, 255, 255)"
    page.locator("#theme").click()
    dark = page.evaluate(code)
    assert dark == page.evaluate(terminal) == "rgb(20, 23, 29)"
    page.reload()
    Writer(page)
    assert page.evaluate(code) == dark
    assert page.locator("#theme").get_attribute("aria-pressed") == "true"
    page.locator("#theme").click()
    page.emulate_media(color_scheme="dark")  # light was what the system said: it is followed again
    page.wait_for_function(f"() => {code} === '{dark}'")


def test_a_phone_has_tabs(own):
    editor = own()
    page = editor.page
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for tab, pane in (("Prompt", "#prompt-pane"), ("Results", "#results-pane"), ("Editor", "#editor-pane")):
        page.get_by_role("tab", name=tab).click()
        assert page.locator(".pane:visible").count() == 1
        assert page.locator(pane).is_visible()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("tab", name="Prompt").get_attribute("aria-selected") == "true"


def test_a_result_that_came_while_its_tab_was_hidden_is_as_high_as_it_must_be(own):
    page = own().page
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("tab", name="Prompt").click()
    page.evaluate(
        """window.pyo.run("class Tall:\\n  _repr_html_ = lambda self: '<p>line' * 9\\ndisplay(Tall())")"""
    )
    frame = page.locator("#displays iframe")
    frame.wait_for(state="attached")
    page.wait_for_function(
        "() => document.querySelector('#displays iframe').contentDocument?.querySelectorAll('p').length === 9"
    )
    page.get_by_role("tab", name="Results").click()
    page.wait_for_function("() => document.querySelector('#displays iframe').clientHeight > 200")


def test_results_take_room_only_when_there_are_any(pyo, page):
    page.locator("#clear-results").evaluate("(button) => button.click()")
    assert not page.locator("#results-pane").is_visible()
    pyo.run("class Bold:\n    _repr_html_ = lambda self: '<b>rich</b>'\ndisplay(Bold())")
    page.locator("#results-pane").wait_for()
    page.locator("#clear-results").click()
    assert not page.locator("#results-pane").is_visible()


@pytest.mark.page_start
def test_nothing_complains(fresh_page, site_url, foreign_numpy):
    watcher = Watcher(fresh_page, site_url)
    fresh_page.goto(site_url)
    editor = Writer(fresh_page)
    editor.write("1 + 1")
    fresh_page.locator("#theme").click()
    fresh_page.evaluate("window.pyo.ready")
    editor.page.locator("#run").click()
    fresh_page.wait_for_function("() => window.pyo.text().includes('\\n2\\n')")
    assert watcher.complaints == []
    assert set(watcher.foreign) <= foreign_numpy
