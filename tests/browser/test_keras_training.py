"""Keras's synchronous training in the page: other cells go on, Ctrl-C arrives; where nothing can wait it blocks in order."""

import pytest

from tests.harness import wait_until

MODEL = """
import keras
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile(keras.optimizers.SGD(0.01), "mse", metrics=["mae"])
model.set_weights([[[5.0]], [5.0]])
x, y = [[float(i)] for i in range(8)], [[2.0 * i] for i in range(8)]
"""

BLOCKED = """
import contextlib, warnings
from tfjs_pyo.core import blocking

@contextlib.contextmanager
def without_switching():
    import pyodide.ffi as ffi
    can, ffi.can_run_sync = ffi.can_run_sync, lambda: False
    try:
        yield
    finally:
        ffi.can_run_sync = can
"""


def test_results_are_numbers_and_arrays(pyo, numpy_in_page):
    pyo.run(MODEL)
    pyo.run("history = model.fit(x, y, epochs=3, verbose=0, shuffle=False)")
    assert pyo.run("len(history.history['loss']), sorted(history.history)") == [3, ["loss", "mae"]]
    assert pyo.run("type(model.predict(x, verbose=0)).__name__") == "ndarray"
    assert pyo.run("all(type(v) is float for v in model.evaluate(x, y, verbose=0))") is True
    assert pyo.run("(await model.fit(x, y, verbose=0)).epoch") == [0]


@pytest.mark.leaks("the model is one of the prompt's variables")
def test_a_second_cell_answers_during_a_fit_in_a_function_and_ctrl_c_arrives(prompt, page):
    for line in MODEL.strip().split("\n"):
        prompt.type(f"{line}\n")
    prompt.type(
        "far = keras.callbacks.LambdaCallback(on_epoch_end=lambda e, logs: e == 30 and print('far', 'enough'))\n"
    )
    prompt.type("import contextlib\n")
    prompt.type("def train(): model.fit(x, y, epochs=10_000_000, verbose=0, callbacks=[far])\n\n")
    prompt.type("with contextlib.suppress(KeyboardInterrupt): train()\n\n")
    prompt.wait(r"\nfar enough\n")
    prompt.type("print('second', 'cell')\n")
    prompt.wait(r"\nsecond cell\n")
    prompt.press("Control+c")
    wait_until(page, "window.pyo.status().then((status) => status.running === 0)")
    prompt.type("print('loss', model.fit(x, y, epochs=2, verbose=0).history['loss'][0])\n")
    assert float(prompt.wait(r"\nloss (\S+)\n>>>")[1]) < 20, "of a new model it would be more"


@pytest.mark.leaks("the model is one of the prompt's variables")
def test_ctrl_c_arrives_where_a_callback_evaluates(prompt):
    for line in MODEL.strip().split("\n"):
        prompt.type(f"{line}\n")
    prompt.type(
        "look = lambda e, logs: (model.evaluate(x, y, verbose=0), e == 20 and print('far', 'enough'))\n"
    )
    prompt.type("looking = keras.callbacks.LambdaCallback(on_epoch_end=look)\n")
    prompt.type("model.fit(x, y, epochs=10_000_000, verbose=0, callbacks=[looking])\n")
    prompt.wait(r"\nfar enough\n")
    prompt.press("Control+c")
    prompt.wait(r"KeyboardInterrupt\n>>>\s*\Z")
    prompt.type("print('alive', model.fit(x, y, epochs=2, verbose=0).epoch)\n")
    prompt.wait(r"\nalive \[0, 1\]\n>>>")


def test_where_nothing_can_wait_it_gives_the_same(pyo):
    pyo.run(MODEL + BLOCKED)
    pyo.run("free = model.fit(x, y, epochs=4, verbose=0, shuffle=False, validation_split=0.25).history")
    pyo.run("model.set_weights([[[5.0]], [5.0]])")
    pyo.run("""
blocking._said.clear()
with without_switching(), warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    seen = []
    notes = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(epoch))
    blocked = model.fit(x, y, epochs=4, verbose=0, shuffle=False, validation_split=0.25, callbacks=[notes]).history
    measured = model.evaluate(x, y, verbose=0)
""")
    assert pyo.run("seen") == [0, 1, 2, 3]
    assert pyo.run("[str(w.message).split(' (')[0] for w in said]") == [
        "This browser cannot wait within Python"
    ]
    free, blocked = pyo.run("free"), pyo.run("blocked")
    assert free.keys() == blocked.keys()
    for name, values in free.items():
        assert blocked[name] == pytest.approx(values, rel=1e-6)
    assert len(pyo.run("measured")) == 2


def test_a_callback_that_waits_is_refused_where_nothing_can_wait(pyo):
    pyo.run(MODEL + BLOCKED)
    pyo.run("""
import asyncio, warnings
async def waits(epoch, logs):
    await asyncio.sleep(0.01)
""")
    error = pyo.raw("""
with without_switching(), warnings.catch_warnings():
    warnings.simplefilter("ignore")
    model.fit(x, y, verbose=0, callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=waits)])
""")["error"]
    assert error["type"] == "ArgumentError"
    assert "nothing that waits" in error["message"]
    pyo.run("model.fit(x, y, verbose=0, callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=waits)])")


def test_the_progress_of_keras_is_shown(pyo):
    pyo.run(MODEL)
    shown = pyo.raw("history = model.fit(x, y, epochs=2, batch_size=4)")["stdout"]
    assert shown.startswith("Epoch 1/2\n")
    assert "2/2" in shown
    assert "━" in shown
    assert "loss: " in shown
