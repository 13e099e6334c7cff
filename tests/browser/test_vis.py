"""Charts and the live card of a fit in the page: right numbers, buttons that work, files."""

import pytest

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
    card.get_by_role("button", name="Go on").click()
    card.locator(".plot canvas").first.wait_for()
    card.get_by_role("button", name="Stop").click()
    page.locator(".fit[data-state=stopped]").wait_for()
    page.locator("#terminal").click()
    prompt.type("print('losses', len(h.history['loss']), h.history['loss'][-1])\n")
    said = prompt.wait(r"losses (\d+) (\S+)\n")
    rows = numbers("Training of")
    assert int(rows[-1][0]) == int(said[1])
    assert float(rows[-1][1]) == pytest.approx(float(said[2]), rel=1e-4)
    for kind, begins in (("PNG", b"\x89PNG"), ("CSV", b"epoch,loss")):
        with page.expect_download() as download:
            card.get_by_role("button", name=kind).click()
        with open(download.value.path(), "rb") as file:  # noqa: PTH123 (a download's own path)
            assert file.read(len(begins)) == begins


def test_programs_that_automation_runs_show_no_card(pyo, page):
    before = page.locator(".fit").count()
    pyo.run(MODEL + "await m.fit(x, x, epochs=2)")
    assert page.locator(".fit").count() == before
