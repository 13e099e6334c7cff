"""Charts and the live card of a fit in the page: right numbers, buttons that work, files."""

import json
import re
from pathlib import Path

import pytest

from tests.harness import wait_until
from tests.vis_calls import CALLS
from tests.vis_calls import MODEL as VIS_MODEL

MODEL = (
    "m = tf.sequential(); m.add(tf.layers.dense(units=1, inputShape=[1])); "
    "m.compile(optimizer=tf.train.sgd(0.01), loss='meanSquaredError'); x = tf.ones([64, 1])\n"
)


@pytest.fixture
def numbers(page):
    """Reads the table under a figure that has a text in its caption, as rows."""

    def read(caption: str) -> list[list[str]]:
        figure = page.locator(".figure", has=page.locator("figcaption", has_text=caption)).last
        details = figure.locator("details.numbers")
        if not details.get_attribute("open"):
            details.locator("summary").click()
        rows = figure.locator(".numbers tbody tr")
        rows.first.wait_for()
        return [row.locator("td").all_inner_texts() for row in rows.all()]

    return read


@pytest.mark.leaks("the model is one of the prompt's variables")
@pytest.mark.parametrize("name", CALLS)
def test_every_call_draws_a_card(prompt, page, name):
    source, kind, text = CALLS[name]
    prompt.paste(f"{VIS_MODEL}place = {{'name': 'Card of {name}'}}\n_ = {source}\n")
    card = page.locator(f".figure[data-kind={kind}]", has_text=f"Card of {name}")
    card.filter(has_text=text).wait_for()
    drawn = {"table": "table", "heatmap": "table.grid, .grid td"}.get(kind, ".plot canvas")
    assert card.locator(drawn).first.is_visible()


def test_a_chart_shows_its_numbers_and_a_new_drawing_takes_its_place(prompt, page, numbers):
    prompt.type("for k in (1, 2): tf.vis.render.linechart('Squares', {'values': [k, 4 * k, 9 * k]})\n\n")
    figure = page.locator(".figure", has=page.locator("figcaption", has_text="Squares"))
    figure.locator("[role=img][aria-label*='from 2 to 18 in 3 points']").wait_for()
    assert figure.count() == 1
    assert numbers("Squares") == [["0", "2"], ["1", "8"], ["2", "18"]]


@pytest.mark.leaks("the model is one of the prompt's variables")
def test_a_fit_can_be_paused_and_stopped_and_its_curves_are_its_history(prompt, page, numbers):
    prompt.type(MODEL)
    prompt.type("h = await m.fit(x, x, epochs=1000000, batchSize=8)\n")
    card = page.locator(".fit").last
    card.locator(".facts", has_text="steps/s").wait_for()
    card.get_by_role("button", name="Pause").click()
    page.locator(".fit[data-state=paused]").wait_for()
    card.get_by_role("button", name="Resume").click()
    card.locator(".plot canvas").first.wait_for()
    card.get_by_role("button", name="Stop").click()
    page.locator(".fit[data-state=stopped]").wait_for()
    page.locator("#terminal").click()
    prompt.type("print('losses', len(h.history['loss']), h.history['loss'][-1])\n")
    said = prompt.wait(r"losses (\d+) (\S+)\n")
    rows = numbers("Training of")
    assert int(rows[-1][0]) == int(said[1])
    assert float(rows[-1][1]) == pytest.approx(float(said[2]), rel=1e-4)


def download(page, card, kind: str) -> bytes:
    """What a card's button saves."""
    with page.expect_download() as started:
        card.get_by_role("button", name=kind).click()
    return Path(started.value.path()).read_bytes()


@pytest.mark.leaks("the model is one of the prompt's variables")
def test_a_fit_that_is_paused_takes_no_step(prompt, page):
    prompt.type(
        MODEL + "steps = []; watch = tf.CustomCallback({'onBatchEnd': lambda b, logs: steps.append(b)})\n"
    )
    prompt.type("h = await m.fit(x, x, epochs=1000000, batchSize=8, callbacks=watch, verbose=0)\n")
    card = page.locator(".fit").last
    card.locator(".facts", has_text="steps/s").wait_for()
    card.get_by_role("button", name="Pause").click()
    card.locator(".facts", has_text="paused").wait_for()
    count = "window.pyo.run('len(steps)').then((each) => each.result.json)"
    page.evaluate(count)  # the step that ran when it was asked to pause has ended by then
    held = {page.evaluate(count) for _ in range(20)}
    assert len(held) == 1
    card.get_by_role("button", name="Resume").click()
    wait_until(page, f"{count}.then((each) => each > {held.pop()})")
    card.get_by_role("button", name="Stop").click()
    page.locator(".fit[data-state=stopped]").last.wait_for()
    prompt.wait(r">>>\s*\Z")


@pytest.mark.leaks("the model is one of the prompt's variables")
def test_former_runs_are_laid_over_and_files_hold_what_is_shown(prompt, page):
    prompt.type(MODEL)
    for epochs in (3, 5):
        prompt.type(f"h = await m.fit(x, x, epochs={epochs}, batchSize=16, verbose=0)\n")
        page.locator(".fit[data-state=done]", has_text=f"epoch {epochs} of {epochs}").last.wait_for()
    card = page.locator(".fit").last
    names = card.locator(".u-legend .u-label")
    alone = names.all_inner_texts()
    card.get_by_label("former runs").check()
    added = [name for name in names.all_inner_texts() if name not in alone]
    assert any(re.fullmatch(r"loss of run \d+", name) for name in added)
    card.get_by_label("former runs").uncheck()
    assert names.all_inner_texts() == alone
    page.locator("#terminal").click()
    prompt.type("print('history', h.history['loss'])\n")
    losses = json.loads(prompt.wait(r"history (\[[^]]*\])")[1].replace("\n", ""))
    header, *rows = download(page, card, "CSV").decode().splitlines()
    assert header == "epoch,loss"
    assert [row.split(",")[0] for row in rows] == ["1", "2", "3", "4", "5"]
    assert [float(row.split(",")[1]) for row in rows] == pytest.approx(losses)
    picture = download(page, card, "PNG")
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20]) > 200, "as wide as it is drawn"
    drawn = card.locator(".plot canvas").evaluate_all("(all) => all.map((canvas) => canvas.height)")
    assert int.from_bytes(picture[20:24]) > sum(drawn) + 15 * len(drawn), "and says what the colours mean"


@pytest.mark.leaks("the model is one of the prompt's variables")
def test_metrics_have_curves_within_epochs_and_runs_of_other_models_are_laid_over_too(prompt, page):
    # A callback of batches makes a step of Python's own of each, and each is told.
    fit = (
        "h = await m.fit(x, x, epochs=2, batchSize=8, verbose=0, callbacks={'onBatchEnd': lambda *_: None})\n"
    )
    for _ in range(2):
        runs = page.locator(".fit[data-state=done]").count()
        prompt.type(MODEL.replace("'meanSquaredError')", "'meanSquaredError', metrics='mae')") + fit)
        page.locator(".fit[data-state=done]").nth(runs).wait_for()
    card = page.locator(".fit").last
    names = card.locator(".u-legend .u-label")
    assert {"loss of batches", "mae of batches"} <= set(names.all_inner_texts())
    card.get_by_label("former runs").check()
    assert any(re.fullmatch(r"mae of run \d+", name) for name in names.all_inner_texts())
    card.get_by_label("former runs").uncheck()


@pytest.mark.leaks("the model is one of the prompt's variables")
def test_what_is_chosen_on_a_card_holds_for_the_next(prompt, page):
    fit = "h = await m.fit(x, x, epochs=3, batchSize=16, verbose=0)\n"
    runs = page.locator(".fit[data-state=done]").count()
    prompt.type(MODEL + fit)
    page.locator(".fit[data-state=done]").nth(runs).wait_for()
    page.locator(".fit").last.get_by_label("log scale").check()
    page.locator("#terminal").click()
    prompt.type(fit)
    page.locator(".fit[data-state=done]").nth(runs + 1).wait_for()
    later = page.locator(".fit").last.get_by_label("log scale")
    assert later.is_checked()
    later.uncheck()


@pytest.mark.leaks("the model is one of the prompt's variables")
def test_a_card_that_grows_stays_in_sight_until_somebody_scrolls(prompt, page):
    prompt.type("for i in range(3): tf.vis.render.linechart(f'Before {i}', {'values': [1, 2]})\n\n")
    prompt.type(MODEL + "h = await m.fit(x, x, epochs=1000000, batchSize=8, verbose=0)\n")
    card = page.locator(".fit").last
    card.locator(".plot canvas").first.wait_for()
    seen = "([card, panel]) => card.getBoundingClientRect().bottom - panel.getBoundingClientRect().bottom"
    panel = page.locator("#displays")
    handles = [card.element_handle(), panel.element_handle()]
    page.wait_for_function(
        f"(both) => ({seen})(both) <= 1 || both[0].offsetHeight > both[1].clientHeight", arg=handles
    )
    panel.hover()
    page.mouse.wheel(0, -1_000_000)
    page.wait_for_function("(panel) => panel.scrollTop === 0", arg=handles[1])
    card.get_by_role("button", name="Stop").dispatch_event("click")
    page.locator(".fit[data-state=stopped]").last.wait_for()
    assert panel.evaluate("(panel) => panel.scrollTop") == 0


def test_results_stand_in_the_order_in_which_they_came(fresh_page, site_url):
    fresh_page.goto(site_url)
    fresh_page.evaluate("window.pyo.ready")
    source = """
tf.vis.render.linechart('First', {'values': [1, 2]})
class Second:
    _repr_html_ = lambda self: 'second'
display(Second())
tf.vis.render.table('Third', {'headers': ['a'], 'values': [[1]]})
"""
    fresh_page.evaluate("(source) => window.pyo.run(source)", source)
    fresh_page.locator(".card", has_text="Third").wait_for()
    kinds = fresh_page.locator(".card").evaluate_all(
        "(cards) => cards.map((card) => card.querySelector('iframe, canvas, table').localName)"
    )
    assert kinds == ["canvas", "iframe", "table"]

    # What is cleared, or pushed out by later results, is let go.
    count = "import('./panels/cards.js').then(({cardsKept}) => cardsKept())"
    assert fresh_page.evaluate(count) == 2
    fresh_page.evaluate(
        "window.freed = []; const original = ResizeObserver.prototype.disconnect;"
        "ResizeObserver.prototype.disconnect = function () { freed.push(this); return original.call(this); }; 0"
    )
    fresh_page.locator("#clear-results").click()
    assert fresh_page.evaluate(count) == 0
    assert fresh_page.locator(".card").count() == 0
    assert fresh_page.evaluate("new Set(freed).size") >= 3  # of the plot, the frame and the panel
    fresh_page.evaluate("(source) => window.pyo.run(source)", source)
    fresh_page.locator(".card", has_text="Third").wait_for()
    many = "for i in range(60): tf.vis.render.table(f'Table {i}', {'headers': ['a'], 'values': [[1]]})"
    fresh_page.evaluate("(source) => window.pyo.run(source)", many)
    fresh_page.locator(".card", has_text="Table 59").wait_for()
    assert fresh_page.locator(".card").count() == fresh_page.evaluate(count) == 50


def test_programs_that_automation_runs_show_no_card(pyo, page):
    before = page.locator(".fit").count()
    pyo.run(MODEL + "await m.fit(x, x, epochs=2)")
    assert page.locator(".fit").count() == before
