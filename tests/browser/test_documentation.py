"""The documentation as browsers show it: from the site alone, light and dark, on phones, by keyboard, with a search."""

import json
import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.browser.writing import Writer
from tests.harness import Watcher
from tools.server import running
from tools.site import Folder


@pytest.fixture(scope="module")
def docs_url(site, documentation):
    """The address of the page, with the documentation beside it."""
    manifest = {**json.loads(site.texts["site.json"]), "documentation": True}
    texts = {**site.texts, "site.json": json.dumps(manifest)}
    folders = {**site.folders, "docs/": Folder(documentation)}
    with running(replace(site, folders=folders, texts=texts)) as url:
        yield url


@pytest.fixture
def watched(fresh_page, docs_url):
    """A page at the documentation, of which nobody may complain, and which asks no other host."""
    watcher = Watcher(fresh_page, docs_url)
    yield fresh_page
    assert watcher.complaints == []
    assert watcher.foreign == []


def test_pages_are_shown_light_and_dark(watched, docs_url):
    colours = []
    for scheme in ("light", "dark"):
        watched.emulate_media(color_scheme=scheme)
        watched.goto(f"{docs_url}docs/guides/how-it-works.html")
        expect(watched.locator("h1")).to_contain_text("How it works")
        colours.append(watched.evaluate("getComputedStyle(document.body).backgroundColor"))
        assert watched.locator("img[src='path.svg']").evaluate(
            "(image) => image.decode().then(() => image.naturalWidth > 0)"
        )
    assert colours[0] != colours[1]


@pytest.mark.parametrize(
    "place", ["", "guides/keras-users.html", "features.html", "reference/tf.layers.core-layers.html"]
)
def test_nothing_is_cut_off_on_a_phone(watched, docs_url, place):
    watched.set_viewport_size({"width": 390, "height": 844})
    watched.goto(f"{docs_url}docs/{place}")
    assert watched.evaluate("document.documentElement.scrollWidth") <= 390


OPEN = """
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (options) { return attach.call(this, {...options, mode: 'open'}); };
"""
"""Lets tests see into the search, which stands in a closed shadow tree."""


def test_the_search_finds_a_name_by_keyboard(watched, docs_url):
    watched.add_init_script(OPEN)
    watched.goto(f"{docs_url}docs/")
    watched.locator("input[aria-label='Search']").wait_for(state="attached")  # there once its script has run
    watched.keyboard.press("Control+k")
    watched.locator("input:focus").wait_for()  # letters are shortcuts until then
    watched.keyboard.type("confusionMatrix")
    expect(watched.locator("a[href*='confusionMatrix']").first).to_be_visible()
    watched.keyboard.press("Enter")
    expect(watched).to_have_url(re.compile("reference/.*confusion"))


def test_a_run_link_opens_its_program_in_the_page(watched, docs_url):
    watched.goto(f"{docs_url}docs/guides/how-it-works.html")
    watched.locator("a.run").nth(1).click()
    editor = Writer(watched)
    watched.locator("#file-note", has_text="From a link").wait_for()
    assert editor.text().startswith("import tfjs_pyo as tf\n")
    assert "print(y.arraySync())" in editor.text()


def test_the_page_links_to_it(watched, docs_url):
    watched.goto(docs_url)
    link = watched.get_by_role("link", name="Documentation")
    expect(link).to_have_attribute("href", "docs/")
    watched.goto(link.evaluate("link => link.href"))
    expect(watched.locator("h1")).to_be_visible()


def test_a_page_without_it_has_no_link(page):
    expect(page.locator("#documentation")).to_be_hidden()
