"""Programs in links: what goes in comes out, nothing runs by itself, broken links are told."""

import pytest

from tests.browser.writing import Writer

PROGRAM = "print('grüße', '→', '🧠')\n# " + "words " * 50


@pytest.fixture
def own(fresh_page, site_url):
    """The editor of a page of its own at an address of the site."""

    def load(fragment: str = "") -> Writer:
        fresh_page.goto("about:blank")
        fresh_page.goto(site_url + fragment)
        return Writer(fresh_page)

    return load


def test_a_link_brings_the_program_to_another_page_and_runs_nothing(own, page):
    editor = own()
    editor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    editor.write(PROGRAM)
    editor.page.locator("#share").click()
    editor.page.locator("#share-note", has_text="on the clipboard").wait_for()
    link = editor.page.locator("#share-link").input_value()
    assert editor.page.evaluate("navigator.clipboard.readText()") == link
    assert len(link) < len(PROGRAM)

    other = page.context.browser.new_context().new_page()
    other.goto(link)
    received = Writer(other)
    other.locator("#file-note", has_text="From a link").wait_for()
    assert received.text() == PROGRAM
    assert other.url == link.partition("#")[0]
    other.evaluate("window.pyo.ready")
    assert "grüße" not in other.evaluate("window.pyo.text()")
    other.context.close()


def test_without_a_clipboard_the_link_is_there_to_copy(fresh_page, own):
    fresh_page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'));")
    editor = own()
    editor.page.locator("#share").click()
    editor.page.locator("#share-note", has_text="Copy the link from here").wait_for()
    assert "#code=" in editor.page.evaluate("getSelection().toString()")


def test_what_was_written_before_is_kept(own):
    editor = own()
    editor.write("'mine'")
    editor.wait_kept("'mine'")
    link = editor.page.evaluate("import('./editor/share.js').then(({linkTo}) => linkTo(\"'yours'\"))")
    editor.page.evaluate("(link) => { location.href = link; }", link)
    editor.page.locator("#file-note", has_text="From a link").wait_for()
    assert editor.text() == "'yours'"
    assert editor.kept("earlier")[0]["text"] == "'mine'"
    editor.write("'yours, changed'")
    editor.page.reload()
    assert Writer(editor.page).text() == "'yours, changed'"


@pytest.mark.parametrize(
    "code", ["", "%%%", "AAAA", "zzzz-_zz", "S04sKMnILy4B"], ids=lambda code: code or "empty"
)
def test_a_broken_link_is_told_and_changes_nothing(own, code):
    editor = own()
    editor.write("'mine'")
    editor.wait_kept("'mine'")
    editor = own(f"#code={code}")
    told = editor.page.locator(".problem", has_text="The program in this link cannot be read")
    told.wait_for()
    assert "copy it again" in told.inner_text()
    assert editor.text() == "'mine'"


def test_a_link_that_unfolds_without_end_is_refused(own):
    editor = own()
    code = editor.page.evaluate(
        "import('./editor/share.js').then(({encode}) => encode(' '.repeat(5_000_000)))"
    )
    assert len(code) < 10_000
    editor = own(f"#code={code}")
    editor.page.locator(".problem", has_text="more than 1000000 bytes").wait_for()
