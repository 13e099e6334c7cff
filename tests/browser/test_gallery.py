"""The gallery: a card for each example, made of its docstring; filtering; opening and running from there."""

import ast
import json
import xml.etree.ElementTree as ET

import pytest

from tests.browser.writing import Writer
from tools.gallery import gallery
from tools.site import ROOT

FOLDER = ROOT / "examples"
EXAMPLES = {
    str(path.relative_to(FOLDER).with_suffix("")): path
    for path in [*sorted(FOLDER.glob("*.py")), *sorted(FOLDER.glob("keras/*.py"))]
    if path.stem != "__init__"
}
"""By their names in the gallery."""


@pytest.fixture
def cards(page):
    """The open gallery's cards by name."""

    def show():
        Writer(page)
        page.locator("#examples").click()
        page.locator("#gallery-filter").fill("")
        page.locator("#gallery li").first.wait_for()
        return page.locator("#gallery li")

    return show


def test_the_manifest_says_what_the_docstrings_say(site):
    entries = {entry["name"]: entry for entry in json.loads(site.find("site.json"))["gallery"]}
    assert entries.keys() == EXAMPLES.keys()
    for name, path in EXAMPLES.items():
        words = ast.get_docstring(ast.parse(path.read_text())).split()
        found = f"{entries[name]['title']}: {entries[name]['text']}".split()
        assert [word.lower() for word in found] == [word.lower() for word in words]


def test_an_example_without_a_title_is_said(tmp_path):
    (tmp_path / "bare.py").write_text('"""No title."""\n')
    with pytest.raises(RuntimeError, match=r"bare\.py: expected a docstring 'Title: what it does\.'"):
        gallery(tmp_path)


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_has_a_picture_that_names_nobody_else(site, name):
    picture = site.find(f"gallery/{name}.svg")
    assert picture is not None, f"draw web/gallery/{name}.svg"
    for part in ET.parse(picture).iter():
        assert not any("href" in name or "url(" in value for name, value in part.attrib.items())


def test_each_example_has_a_card(page, cards):
    found = cards()
    assert {card.get_attribute("data-name") for card in found.all()} == EXAMPLES.keys()
    for card in found.all():
        picture = card.locator("img")
        assert picture.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") > 0
    page.keyboard.press("Escape")


def test_escape_closes_it_from_the_filter_too(page, cards):
    """WebKit keeps Escape for a field for searches that has text; the dialog listens itself."""
    cards()
    page.locator("#gallery-filter").fill("digits")
    # A synthetic key has no action of the browser's own: only the page's listener can close the dialog.
    page.locator("#gallery-filter").dispatch_event("keydown", {"key": "Escape"})
    assert page.locator("#gallery-dialog").is_hidden()


def test_the_filter(page, cards):
    found = cards()
    page.locator("#gallery-filter").fill("network DIGIT")
    texts = [card.inner_text().lower() for card in found.all() if card.is_visible()]
    assert 0 < len(texts) < len(EXAMPLES)
    assert all("network" in text and "digit" in text for text in texts)
    page.locator("#gallery-filter").fill("zebra")
    assert page.locator("#gallery-count").inner_text() == f"0 of {len(EXAMPLES)}"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert not page.locator("#gallery-dialog").is_visible()


@pytest.mark.parametrize(
    ("example", "title", "file", "folder"),
    [
        ("digits", "Handwritten digits", "digits.py", "examples/"),
        ("keras/digits_convnet", "Digits with Keras", "digits_convnet.py", "examples/keras/"),
    ],
)
def test_open_puts_the_whole_program_into_the_editor(page, cards, example, title, file, folder):
    cards()
    page.locator(f"#gallery li[data-name='{example}']").get_by_role("button", name="Open", exact=True).click()
    page.locator("#file-note", has_text=f"Example: {title}.").wait_for()
    assert page.locator("#file-name").input_value() == file
    kept = Writer(page).kept("program")
    assert kept == {"name": file, "text": (ROOT / folder / file).read_text(), "folder": folder}


def test_a_card_says_for_which_api_its_program_is(page, cards):
    faces = {card.get_attribute("data-name"): card.locator(".face").inner_text() for card in cards().all()}
    assert {name for name, face in faces.items() if face == "Keras"} == {n for n in EXAMPLES if "/" in n}
    assert set(faces.values()) == {"Keras", "TensorFlow.js"}
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")


@pytest.mark.leaks(reason="what the program made stays at the prompt")
def test_open_and_run(prompt, page, cards):
    cards()
    page.locator("#gallery li[data-name=linear_regression]").get_by_role(
        "button", name="Open and run"
    ).click()
    found = prompt.wait(r"examples/linear_regression\.py, \d+ lines\n(?s:.*)\[\[([\d.]+)\],\]\n>>>")
    assert float(found[1]) == pytest.approx(9, rel=0.02)


def test_a_program_with_data_finds_it(prompt, page, cards):
    cards()
    page.locator("#gallery li[data-name=digits]").get_by_role("button", name="Open", exact=True).click()
    page.locator("#file-note", has_text="Handwritten digits").wait_for()
    page.keyboard.press("Control+End")
    for _ in range(2):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Control+Shift+Home")  # all but the last two lines, which would train for long
    page.keyboard.press("Shift+Enter")
    prompt.wait(r">>> # examples/digits\.py, \d+ lines\n>>>\s*\Z")
    page.keyboard.press("F6")
    prompt.type("DATA.is_file()\n")
    prompt.wait(r"\nTrue\n>>>")
