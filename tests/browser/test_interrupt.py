"""Ctrl-C: stops what waits, what computes in Python, and nothing else."""

import pytest

ENDLESS = "for _ in iter(int, print('looping')): pass"
"""Says that it runs, then counts zeros for ever."""


def test_an_endless_loop(prompt):
    prompt.type(f"{ENDLESS}\n\n")
    prompt.wait(r"\nlooping\n")
    prompt.press("Control+c")
    prompt.wait(r"KeyboardInterrupt\n>>>")
    prompt.type("'alive'\n")
    prompt.wait(r"\n'alive'\n>>>")


def test_an_endless_loop_that_prints(prompt):
    prompt.type("i = 0\nwhile True: i += 1; print('round', i % 10)\n\n")
    prompt.wait(r"round 5")
    prompt.press("Control+c")
    prompt.wait(r"KeyboardInterrupt\n>>>")


def test_a_waiting_cell(prompt):
    prompt.type("import asyncio; await asyncio.sleep(60)\n")
    prompt.wait(r"sleep\(60\)\n>>>")
    prompt.press("Control+c")
    prompt.wait(r"KeyboardInterrupt\n>>>")


@pytest.mark.leaks("the model is one of the prompt's variables")
def test_a_fit_and_the_model_goes_on_from_there(prompt):
    prompt.type("m = tf.sequential([tf.layers.dense(units=1, inputShape=[1])]); x = tf.ones([64, 1])\n")
    prompt.type("m.compile(optimizer='sgd', loss='meanSquaredError'); m.setWeights([[[5.0]], [5.0]])\n")
    prompt.type("seen = {'onEpochEnd': lambda epoch, logs: epoch == 30 and print('far', 'enough')}\n")
    prompt.type("h = await m.fit(x, x, epochs=10_000_000, callbacks=seen, verbose=0)\n")
    prompt.wait(r"\nfar enough\n")
    prompt.press("Control+c")
    prompt.wait(r"KeyboardInterrupt\n>>>\s*\Z")
    prompt.type("h = await m.fit(x, x, epochs=2, verbose=0); print('loss', h.history['loss'][0])\n")
    assert float(prompt.wait(r"\nloss (\S+)\n>>>")[1]) < 40, "of a new model it would be 81"


def test_the_stop_button(prompt, page):
    prompt.type("import asyncio; await asyncio.sleep(60)\n")
    page.locator("#stop:enabled").wait_for()
    page.locator("#stop").click()
    prompt.wait(r"KeyboardInterrupt\n>>>")
    page.locator("#stop:disabled").wait_for()


def start(page, pyo, source):
    """Run a cell, and wait for no more than its beginning."""
    page.evaluate(
        "([source, namespace]) => { window.slow = window.pyo.run(source, {namespace}); }",
        [source, pyo.namespace],
    )


def test_window_pyo_interrupt(prompt, pyo, page):
    start(page, pyo, ENDLESS)
    prompt.wait("looping\n")
    assert page.evaluate("window.pyo.interrupt()") == "signalled"
    assert page.evaluate("window.slow.then((answer) => answer.error.type)") == "KeyboardInterrupt"


def test_a_cell_that_has_hardly_begun(pyo, page):
    for _ in range(5):
        start(page, pyo, "while True: pass")
        page.evaluate("window.pyo.interrupt()")
        assert page.evaluate("window.slow.then((answer) => answer.error.type)") == "KeyboardInterrupt"


DEAF = """
import signal, time
ours = signal.getsignal(signal.SIGINT)
rings = []
signal.signal(signal.SIGINT, lambda *_: rings.append(len(rings)))
end = time.monotonic() + 60
print('looping')
while len(rings) < 3 and time.monotonic() < end: pass
signal.signal(signal.SIGINT, ours)
rings
"""


def test_a_signal_that_is_missed_comes_again(prompt, pyo, page):
    start(page, pyo, DEAF)
    prompt.wait("looping\n")
    page.evaluate("window.pyo.interrupt()")
    assert page.evaluate("window.slow.then((answer) => answer.result.json)") == [0, 1, 2]
    assert pyo.run("sum(range(100_000))") == 4999950000


def test_nothing_is_left_over_for_the_next_cell(pyo, page):
    assert page.evaluate("window.pyo.interrupt()") == "cancelled"
    assert pyo.run("sum(range(100_000))") == 4999950000


def test_a_cell_may_catch_it_and_go_on(prompt):
    prompt.type(f"try:\n{ENDLESS}\n")
    prompt.press("Backspace")
    prompt.type("except KeyboardInterrupt:\nprint('caught')\n\n")
    prompt.wait(r"\nlooping\n")
    prompt.press("Control+c")
    prompt.wait(r"\ncaught\n>>>")


def test_waiting_cells_survive_a_signal_meant_for_a_computing_one(prompt):
    prompt.type("import asyncio; finished = asyncio.Future(); await finished\n")
    prompt.wait(r"await finished\n>>>")
    prompt.type(f"{ENDLESS}\n\n")
    prompt.wait(r"\nlooping\n")
    prompt.press("Control+c")
    prompt.wait(r"KeyboardInterrupt\n>>>")
    prompt.type("finished.set_result('survived')\n")
    prompt.wait(r"\n'survived'\n>>>")


@pytest.mark.leaks("the model is one of the prompt's variables")
def test_ctrl_c_at_an_idle_prompt_leaves_the_next_cell_alone(prompt):
    prompt.type("import asyncio; m = tf.sequential([tf.layers.dense(units=1, inputShape=[1])])\n")
    prompt.type("m.compile(optimizer='sgd', loss='meanSquaredError')\n")
    prompt.type(
        "h = await m.fit(tf.ones([8, 1]), tf.ones([8, 1]), epochs=50, verbose=0); print('fit', 'ted')\n"
    )
    prompt.wait(r"fit ted\n>>>\s*\Z")
    prompt.press("Control+c")
    prompt.type("await asyncio.sleep(1.2); print('slept', 'well')\n")
    prompt.wait(r"(slept well|KeyboardInterrupt)\n")
    assert "KeyboardInterrupt" not in prompt.text()
