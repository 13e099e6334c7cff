"""The editor opens notebooks and programs: chosen, dropped, by address; parts run, and their results stand by them."""

import base64
import json

import pytest

from tests.browser.test_files import DROP
from tests.browser.writing import Writer
from tools.server import running
from tools.site import Folder, make_site

NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["# A title\n", "and words"]},
        {
            "cell_type": "code",
            "metadata": {},
            "execution_count": 3,
            "outputs": [],
            "source": "%matplotlib inline\nx = 20",
        },
        {
            "cell_type": "code",
            "metadata": {},
            "execution_count": 4,
            "outputs": [],
            "source": "!ls\nprint('sum', x + 1)",
        },
        {
            "cell_type": "code",
            "metadata": {"title": "Draw"},
            "execution_count": 5,
            "outputs": [],
            "source": "tf.vis.render.linechart('Squares', [0, 1, 4])",
        },
    ],
}
SOURCES = [(cell["cell_type"], "".join(cell["source"])) for cell in NOTEBOOK["cells"]]
PROGRAM = """\
# %% [markdown]
# # A title
# and words

# %%
%matplotlib inline
x = 20

# %%
!ls
print('sum', x + 1)

# %% Draw
tf.vis.render.linechart('Squares', [0, 1, 4])
"""


@pytest.fixture
def place(tmp_path):
    """A folder with files of other sites."""
    (tmp_path / "lesson.ipynb").write_text(json.dumps(NOTEBOOK), encoding="utf-8")
    (tmp_path / "lesson.py").write_text("print('from afar')\n", encoding="utf-8")
    (tmp_path / "broken.ipynb").write_text("{", encoding="utf-8")
    (tmp_path / "lesson.txt").write_text("text", encoding="utf-8")
    with running(make_site(None, {"afar/": Folder(tmp_path)})) as url:
        yield url


def shows(page, text):
    page.wait_for_function("(text) => window.pyo.text().includes(text)", arg=text)


def test_a_notebook_that_is_dropped_is_opened_run_part_by_part_and_saved(fresh_page, site_url):
    page = fresh_page
    page.add_init_script("delete globalThis.showOpenFilePicker; delete globalThis.showSaveFilePicker;")
    page.goto(site_url)
    writer = Writer(page)
    page.evaluate("window.pyo.ready")
    content = base64.b64encode(json.dumps(NOTEBOOK).encode()).decode()
    page.evaluate(DROP, ["lesson.ipynb", content, ".cm-content"])
    writer.wait_kept(PROGRAM)
    assert page.locator("#file-name").input_value() == "lesson.ipynb"
    shows(page, "/home/pyodide/lesson.ipynb is there")
    writer.content.focus()
    page.keyboard.press("Control+Home")
    for _ in range(4):
        page.keyboard.press("Shift+Enter")
    shows(page, "!ls: there is no shell in the page, so this line does nothing.")
    shows(page, "sum 21")
    page.get_by_role("heading", name="Draw").wait_for()
    assert page.locator("section[aria-label='Draw'] article").count() == 1
    writer.content.focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("Shift+Enter")
    page.locator("section[aria-label='Draw'] article").wait_for()
    assert page.get_by_role("heading", name="Draw").count() == 1
    with page.expect_download() as download:
        page.locator("#save").click()
    saved = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert [(cell["cell_type"], "".join(cell["source"])) for cell in saved["cells"]] == SOURCES
    page.locator("#file-name").fill("lesson.py")
    with page.expect_download() as download:
        page.locator("#save").click()
    assert download.value.path().read_text(encoding="utf-8") == PROGRAM


@pytest.mark.parametrize(("name", "text"), [("lesson.ipynb", PROGRAM), ("lesson.py", "print('from afar')\n")])
def test_an_address_is_shown_and_not_run(fresh_page, place, name, text):
    fresh_page.goto(f"{place}?open=afar/{name}")
    Writer(fresh_page).wait_kept(text)
    assert "read it before you run it" in fresh_page.locator("#file-note").inner_text()
    assert "open=" not in fresh_page.url
    fresh_page.evaluate("window.pyo.ready")
    assert "from afar" not in fresh_page.evaluate("window.pyo.text()")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("afar/broken.ipynb", "its JSON is broken"),
        ("afar/lesson.txt", "ends with .py or .ipynb"),
        ("afar/none.py", "the server answered 404"),
        ("http://example.com/x.py", "begins with https://"),
        ("javascript:alert(1)//x.py", "begins with https://"),
    ],
)
def test_addresses_that_cannot_be_opened_say_why(fresh_page, place, address, said):
    fresh_page.goto(f"{place}?open={address}")
    fresh_page.locator("#problems", has_text=said).wait_for()
    assert "tf.sequential" in Writer(fresh_page).text()
