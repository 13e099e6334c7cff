"""Light and dark: the page, its frames, charts and terminal change together, and a choice is kept."""

import pytest

SURFACE = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 29)"}
SHOW = """
class Markup:
    _repr_html_ = lambda self: '<p id=mark>rich</p>'
display(Markup())
tf.vis.render.linechart('Line', {'values': [1, 2, 3]})
"""
LINES = "tf.vis.render.linechart('Two', {'values': [[1, 2, 3], [3, 1, 2]]})"
# Everything that shows a theme of its own, so that one that lags behind is named.
COLOURS = """() => {
  const ground = (selector) => getComputedStyle(document.querySelector(selector)).backgroundColor;
  const frame = document.querySelector('.card iframe');
  const inside = frame.contentDocument;
  return {
    scheme: getComputedStyle(document.documentElement).colorScheme,
    card: ground('.card'),
    terminal: ground('#terminal .xterm-viewport'),
    editor: ground('.cm-editor'),
    frame: frame.style.colorScheme,
    inside: inside.documentElement.style.colorScheme,
    text: inside.defaultView.getComputedStyle(inside.getElementById('mark')).color,
    pressed: document.getElementById('theme').getAttribute('aria-pressed'),
  };
}"""
# The grey of a chart's letters: the commonest colour of its axes' strip that is neither clear nor a line's.
INK = """() => {
  const canvas = document.querySelector('.figure .plot canvas');
  const {data} = canvas.getContext('2d').getImageData(0, 0, 50, canvas.height);
  let [best, most] = [null, 0];
  const counts = new Map();
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] < 250) continue;
    const colour = [...data.slice(i, i + 3)].join();
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  for (const [colour, count] of counts) if (count > most) [best, most] = [colour, count];
  return best && best.split(',').map(Number);
}"""


def expected(theme: str) -> dict[str, str]:
    return {
        "scheme": theme if theme == "dark" else "light dark",
        "card": SURFACE[theme],
        "terminal": SURFACE[theme],
        "editor": SURFACE[theme],
        "frame": theme,
        "inside": theme,
        "text": "rgb(255, 255, 255)" if theme == "dark" else "rgb(0, 0, 0)",
        "pressed": str(theme == "dark").lower(),
    }


def show(page) -> None:
    """Waits for Python, and shows markup and a chart."""
    page.evaluate("window.pyo.ready")
    page.locator("#editor .cm-content").wait_for()
    answer = page.evaluate("(source) => window.pyo.run(source)", SHOW)
    assert answer["error"] is None, answer["error"]
    page.frame_locator(".card iframe").locator("#mark").wait_for()
    page.locator(".figure .plot canvas").wait_for()


def test_page_frames_charts_and_terminal_follow_the_choice_and_a_reload_keeps_it(fresh_page, site_url):
    page = fresh_page
    page.goto(site_url)
    show(page)
    assert page.evaluate(COLOURS) == expected("light")
    assert max(page.evaluate(INK)) < 0x80
    page.locator("#theme").click()
    assert page.evaluate(COLOURS) == expected("dark")
    page.wait_for_function(f"() => Math.min(...({INK})()) > 0x80")
    page.reload()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    show(page)
    assert page.evaluate(COLOURS) == expected("dark")
    assert min(page.evaluate(INK)) > 0x80


def test_colours_that_the_system_forces_leave_the_light_and_the_curves_apart(fresh_page, site_url):
    fresh_page.emulate_media(forced_colors="active")
    fresh_page.goto(site_url)
    fresh_page.evaluate("window.pyo.ready")
    fresh_page.evaluate(
        "(source) => window.pyo.runAtPrompt?.(source) ?? window.pyo.run(source, {show: true})", LINES
    )
    fresh_page.locator(".figure .u-marker").nth(2).wait_for(state="attached")
    markers = fresh_page.locator(".figure .u-marker").evaluate_all(
        "(nodes) => nodes.map((node) => getComputedStyle(node).borderTopColor)"
    )
    assert markers[1] != markers[2]
    # Without a pointer a legend has names only; with one, the numbers below it.
    values = fresh_page.locator(".figure .u-value")
    assert not any(value.is_visible() for value in values.all())
    after = "(names) => names.map((name) => getComputedStyle(name, '::after').content)"
    assert set(fresh_page.locator(".figure .u-legend th").evaluate_all(after)) == {"none"}
    fresh_page.locator(".figure .u-over").hover()
    values.last.wait_for()
    light = [
        fresh_page.locator("#light").evaluate(
            "(light, on) => { light.classList.toggle('running', on); return getComputedStyle(light).backgroundColor; }",
            on,
        )
        for on in (False, True)
    ]
    assert light[0] != light[1]


@pytest.mark.parametrize("width", [320, 360])
def test_the_title_stays_on_a_line(fresh_page, site_url, width):
    fresh_page.set_viewport_size({"width": width, "height": 700})
    fresh_page.goto(site_url)
    title = fresh_page.locator("h1")
    assert (
        title.evaluate("(h1) => h1.getClientRects()[0].height / parseFloat(getComputedStyle(h1).fontSize)")
        < 2
    )


def test_the_system_is_followed_until_a_choice_is_made(fresh_page, site_url):
    page = fresh_page
    page.goto(site_url)
    show(page)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("() => document.getElementById('theme').ariaPressed === 'true'")
    assert page.evaluate(COLOURS) == {**expected("dark"), "scheme": "light dark"}
    page.wait_for_function(f"() => Math.min(...({INK})()) > 0x80")


def test_results_that_were_cleared_leave_a_place_that_works(fresh_page, site_url):
    page = fresh_page
    page.goto(site_url)
    show(page)
    page.locator("#clear-results").click()
    assert page.locator(".card").count() == 0
    page.locator("#theme").click()  # what is gone follows no more
    show(page)  # the chart's surface had a card, which is gone
    assert page.locator(".card").count() == 2
    assert page.evaluate(COLOURS) == expected("dark")
    heights = page.locator(".card").evaluate_all("(cards) => cards.map((card) => card.clientHeight)")
    assert min(heights) > 30
