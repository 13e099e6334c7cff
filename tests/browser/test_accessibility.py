"""Nobody is shut out: axe-core finds no serious fault, and every control can be reached and has a name."""

import pytest

from tests.browser.writing import Writer
from tests.harness import Typist
from tools.site import NPM

AXE = NPM / "axe-core" / "axe.min.js"
SIZES = {"desktop": (1280, 760), "phone": (390, 844)}
GRAVE = {"serious", "critical"}


def faults(page) -> list[str]:
    """What axe-core finds of consequence: rule, and where."""
    page.evaluate(AXE.read_text(encoding="utf-8") + "; 0")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in found
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]


@pytest.fixture
def loaded(fresh_page, site_url):
    """A page of its own with Python, in light or dark, at a size."""

    def load(theme: str, size: str):
        width, height = SIZES[size]
        fresh_page.set_viewport_size({"width": width, "height": height})
        fresh_page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        fresh_page.goto(site_url)
        Writer(fresh_page)
        fresh_page.evaluate("window.pyo.ready")
        return fresh_page

    return load


EVERYTHING = """
class B:
    _repr_html_ = lambda self: '<p>rich</p>'

display(B())
m = tf.sequential([tf.layers.dense(units=2, inputShape=[3]), tf.layers.dense(units=1)])
m.compile(optimizer='sgd', loss='meanSquaredError', metrics=['mae'])
for _ in range(2): h = await m.fit(tf.ones([8, 3]), tf.ones([8, 1]), epochs=3, batchSize=2, verbose=0)

tf.vis.show.modelSummary('Summary', m)
tf.vis.show.modelGraph('Graph', m)
tf.vis.show.weights('Weights', m.layers[0])
tf.vis.render.linechart('Line', {'values': [1, 2, 3]})
tf.vis.render.histogram('Histogram', [1, 2, 2, 3])
tf.vis.render.confusionMatrix('Matrix', {'values': [[8, 1], [2, 9]], 'tickLabels': ['cat', 'dog']})
pad = tf.vis.sketch(lambda image: [0.25, 0.75], 4, name='Pad')
display(tf.ones([2, 2]))
print('all', 'shown')
"""


def show_everything(page) -> None:
    """Each kind of result, the tables of numbers open."""
    typist = Typist(page)
    typist.paste(EVERYTHING)
    typist.wait(r"\nall shown\n")
    page.locator("#stop:disabled").wait_for()  # the page asks from time to time whether anything runs
    for tab in page.get_by_role("tab", name="Results").all():
        if tab.is_visible():
            tab.click()
    page.locator(".card", has_text="Pad").wait_for()
    for summary in page.locator(".numbers summary").all():
        summary.click()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_serious(loaded, theme, size):
    page = loaded(theme, size)
    found = {}
    if size == "phone":
        page.get_by_role("tab", name="Prompt").click()
    show_everything(page)
    if size == "phone":
        for tab in ("Editor", "Prompt", "Results"):
            page.get_by_role("tab", name=tab).click()
            found[tab] = faults(page)
    else:
        page.locator("#run").click()
        page.wait_for_function("() => window.pyo.text().includes('Tensor')")
        found["page"] = faults(page)
    for opener in (
        "#examples",
        "[data-opens=help-dialog]",
        "[data-opens=machine-dialog]",
        "#share",
        "#earlier",
    ):
        if not page.locator(opener).is_visible():
            page.get_by_role("tab", name="Editor").click()
        page.locator(opener).click()
        if opener == "#examples":
            page.locator("#gallery li").first.wait_for()
        found[opener] = faults(page)
        page.keyboard.press("Escape")
    assert not any(found.values()), found


CONTROLS = """[...document.querySelectorAll('button:enabled, input, [role=separator], .cm-content, #displays')]
  .filter((each) => each.checkVisibility()).map((each) => each.id || each.textContent.trim())"""

# What has the focus, and whether that is seen: by an outline, or, of a text field that fills a pane, by the pane's border.
FOCUS = """(() => {
  const at = document.activeElement;
  const colour = (each) => each && getComputedStyle(each).borderTopColor;
  const outlined = getComputedStyle(at).outlineStyle !== 'none';
  const framed = colour(at.closest('.pane')) === colour(document.getElementById('run'));
  const ours = at !== document.body && at.localName !== 'iframe';
  return {name: at.id || at.textContent.trim(), seen: !ours || outlined || framed, field: at.className};
})()"""


def test_every_control_is_reached_by_the_keyboard_and_shows_it(loaded):
    page = loaded("light", "desktop")
    show_everything(page)
    page.locator("#results-pane").wait_for()
    expected = set(page.evaluate(CONTROLS))
    page.evaluate("document.activeElement.blur()")
    reached, unseen = set(), []
    for _ in range(80):
        focus = page.evaluate(FOCUS)
        if not focus["seen"]:  # a ring comes with the next frame
            page.evaluate(
                "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
            )
            focus = page.evaluate(FOCUS)
        reached.add(focus["name"])
        if not focus["seen"]:
            unseen.append(focus["name"])
        if "xterm" in focus["field"]:  # where Tab completes, and Shift-Tab leads back
            page.locator("#results-divider").focus()
            continue
        if "cm-content" in focus["field"]:
            page.keyboard.press("Escape")
        page.keyboard.press("Tab")
    assert expected - reached == set()
    assert unseen == []


def test_f6_goes_from_the_editor_to_the_prompt_and_back(loaded):
    page = loaded("light", "desktop")
    page.locator("#editor .cm-content").focus()
    page.keyboard.press("F6")
    assert page.evaluate("document.activeElement.closest('#terminal') !== null")
    page.keyboard.press("F6")
    assert page.evaluate("document.activeElement.closest('#editor') !== null")
    page.keyboard.press("F6")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.closest('#terminal') === null")
