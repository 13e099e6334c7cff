"""PyScript: a page whose script runs in its worker, with Pyodide and the wheel; PyScript itself as npm has it."""

import json

import pytest
from playwright.sync_api import expect

from tests.hosts.programs import CELLS
from tools.server import HEADERS, running
from tools.site import NPM, Folder
from tools.wheel import current_wheel

pytestmark = [pytest.mark.hosts, pytest.mark.slow]

CORE = NPM / "@pyscript" / "core" / "dist"
SHARED_MEMORY = {name: HEADERS[name] for name in HEADERS if name.startswith("Cross-Origin-")}
"""Headers of the host: workers of PyScript reach the document through memory that they share with it."""
PAGE = """<!doctype html>
<title>Somebody's page</title>
<link rel="stylesheet" href="/pyscript/core.css">
<script type="module" src="/pyscript/core.js"></script>
<body>
<script type="py" src="/program.py" config='{config}' worker></script>
"""
SHOWN = ("tensor", "model")
"""What a cell's last value is here, a script must hand to `display`."""
END = """
from pyscript import document
print("on", tf.getBackend())
document.title = "done"
"""


def program():
    """The cells as one script."""
    parts = ["from pyscript import display"]
    for name, source in CELLS.items():
        before, _, last = source.rpartition("\n")
        parts.append(f"{before}\ndisplay({last})" if name in SHOWN else source)
    return "\n".join([*parts, END])


@pytest.fixture
def address(with_pyodide):
    wheel = current_wheel()
    config = json.dumps({"interpreter": "/pyodide/pyodide.mjs", "packages": [f"./{wheel.name}"]})
    site = with_pyodide(
        "pyodide/",
        {"pyscript/": Folder(CORE)},
        {"index.html": PAGE.replace("{config}", config), "program.py": program()},
    )
    site.files[wheel.name] = wheel
    with running(site, SHARED_MEMORY) as url:
        yield url


def test_a_page(browser, fresh_page, address):
    printed, failed = [], []
    fresh_page.on("console", lambda message: printed.append(message.text))
    fresh_page.on("pageerror", lambda error: failed.append(str(error)))
    fresh_page.goto(address)
    fresh_page.wait_for_function("document.title === 'done'")
    assert failed == []
    assert {"the same: True", "on webgl"} <= set(printed)
    shown = fresh_page.locator("script-py")
    expect(shown).to_contain_text("float32, shape (56, 3)")
    expect(shown).to_contain_text("Total params: 21")
    # The card of the fit, two charts of its history, two of the next fit, the graph and the table: each once.
    expect(shown.locator("div[id^=tfjs-pyo-]")).to_have_count(7)
