"""The GPU may be lost at any moment: calls raise, and what has a copy comes back with the context."""

import pytest

PREPARE = """
import asyncio, inspect, js
import tfjs_pyo as tf
device = js.tfjsPyoDevice
model = tf.sequential()
model.add(tf.layers.dense({"units": 4, "inputShape": [3]}))
model.add(tf.layers.dense({"units": 1}))
model.compile({"optimizer": "adam", "loss": "meanSquaredError"})
x, y = tf.tensor2d([[i, 1, 2] for i in range(8)], dtype="float32"), tf.tensor2d([[i] for i in range(8)], dtype="float32")
await model.fit(x, y, {"epochs": 2})
while not device.backup.isIdle():
    await asyncio.sleep(0.01)
async def lose_and_return(call):
    device.lose()
    try:
        call() if not inspect.iscoroutinefunction(call) else await call()
        error = None
    except tf.errors.DeviceLostError as lost:
        error = str(lost)
    await back()
    return error
async def back():
    while not device.lost:
        await asyncio.sleep(0.01)
    device.restore()
    while device.unavailable():
        await asyncio.sleep(0.01)
"""


def run(page, cell):
    report = page.evaluate("(cell) => window.pyo.run(cell)", cell)
    assert not report.get("error"), report["error"]["traceback"]
    return report


def prepared(page, site):
    page.goto(site)
    page.evaluate("window.pyo.ready")
    run(page, PREPARE)
    return page


def test_idle_values_come_back_and_training_goes_on(fresh_page, site_url):
    run(
        prepared(fresh_page, site_url),
        """
before = [w.array_sync() for w in model.get_weights()]
error = await lose_and_return(lambda: (x + 1).data_sync())
assert error and "took the GPU away" in error, error
assert [w.array_sync() for w in model.get_weights()] == before
assert x.array_sync()[3] == [3, 1, 2]
history = await model.fit(x, y, {"epochs": 3})
assert len(history.history["loss"]) == 3
""",
    )


def test_what_lies_on_the_processor_outlives_the_gpu(fresh_page, site_url):
    run(
        prepared(fresh_page, site_url),
        """
flags = tf.greater(x, 2)
values, truths = (x * 3).add(1), [v > 2 for v in x.data_sync()]
known = values.array_sync()
flags.data_sync()
device.lose()
while not device.lost:
    await asyncio.sleep(0.01)
assert values.array_sync() == known and await values.array() == known
await back()
assert values.array_sync() == known and list(flags.data_sync()) == truths
device.placement.where = "gpu"
assert (values * 2).array_sync() == [[2 * v for v in row] for row in known]
assert list(device.audit()) == []
""",
    )


def test_a_value_that_was_on_the_gpu_only_is_named(fresh_page, site_url):
    run(
        prepared(fresh_page, site_url),
        """
device.placement.where = "gpu"
fresh = x * 3
fresh.data_sync()
await lose_and_return(lambda: None)
try:
    fresh.data_sync()
except tf.errors.DeviceLostError as lost:
    text = str(lost)
assert "float32 value of 24 elements" in text, text
assert (x * 3).array_sync()[1] == [3, 3, 6]
""",
    )


def test_a_variable_whose_value_is_still_to_be_computed_keeps_its_copy(fresh_page, site_url):
    run(
        prepared(fresh_page, site_url),
        """
device.placement.where = "gpu"  # values on the processor outlive it
weight = tf.variable(tf.tensor1d([1.0, 2.0]))
for _ in range(3):
    weight.assign(weight * 2)
    weight.data_sync()
(x + 5).data_sync()
weight.assign(weight * 2)  # nothing is computed, and this value neither, before the copies are made
while not device.backup.isIdle():
    await asyncio.sleep(0.01)
weight.data_sync()
await lose_and_return(lambda: None)
assert weight.array_sync() == [8, 16], weight
weight.assign(weight + 1)
assert weight.array_sync() == [9, 17], weight
""",
    )


@pytest.mark.parametrize("step", [1, 2, 7, 40])
def test_a_fit_that_loses_the_gpu_raises_and_the_model_trains_again(fresh_page, site_url, step):
    run(
        prepared(fresh_page, site_url),
        f"""
start = device.steps
running = asyncio.ensure_future(model.fit(x, y, {{"epochs": 100000, "batchSize": 4}}))
while device.steps < start + {step}:
    await asyncio.sleep(0)
device.lose()
try:
    await running
    error = None
except tf.errors.DeviceLostError as lost:
    error = str(lost)
assert error and "last known values" in error, error
await back()
assert all(v == v for w in model.get_weights() for v in w.data_sync())
history = await model.fit(x, y, {{"epochs": 2}})
assert len(history.history["loss"]) == 2
""",
    )


@pytest.mark.parametrize("call", ["model.predict(x).data_sync()", "model.evaluate(x, y)"])
def test_calls_raise_while_it_is_away_and_work_afterwards(fresh_page, site_url, call):
    run(
        prepared(fresh_page, site_url),
        f"""
expected = model.predict(x).array_sync()
error = await lose_and_return(lambda: {call})
assert error, error
assert model.predict(x).array_sync() == expected
""",
    )


@pytest.mark.parametrize("when", ["before", "after the files are read"])
def test_a_load_that_loses_the_gpu_raises_leaves_nothing_behind_and_works_afterwards(
    fresh_page, site_url, when
):
    run(
        prepared(fresh_page, site_url),
        f"""
import gc
expected, kept = model.predict(x).array_sync(), tf.variable(tf.tensor1d([1, 2]))
await model.save("/tmp/kept", {{"includeOptimizer": True}})
while not device.backup.isIdle():
    await asyncio.sleep(0.01)
class Losing:
    async def load(self):
        artifacts = await tf.io.getLoadHandlers("/tmp/kept")[0].load()
        device.lose()
        return artifacts
gc.collect()
before = tf.memory()["numTensors"]
if {when == "before"}:
    device.lose()
try:
    await tf.loadLayersModel("/tmp/kept" if {when == "before"} else Losing())
    error = None
except tf.errors.DeviceLostError as lost:
    error = str(lost)
assert error and "call again" in error, error
await back()
gc.collect()
assert tf.memory()["numTensors"] == before
assert (await tf.loadLayersModel("/tmp/kept")).predict(x).array_sync() == expected
assert kept.array_sync() == [1, 2]
""",
    )


@pytest.mark.parametrize("call", ["model.fitDataset([(x, y)], {'epochs': 2})"])
def test_what_is_awaited_raises_while_it_is_away_and_works_afterwards(fresh_page, site_url, call):
    run(
        prepared(fresh_page, site_url),
        f"""
await model.save("/tmp/kept")
expected = model.predict(x).array_sync()
while not device.backup.isIdle():
    await asyncio.sleep(0.01)
async def awaited():
    await {call}
error = await lose_and_return(awaited)
assert error, error
assert (await tf.loadLayersModel("/tmp/kept")).predict(x).array_sync() == expected
await {call}
""",
    )


def test_what_has_a_copy_can_be_read_and_saved_while_the_gpu_is_away(fresh_page, site_url):
    run(
        prepared(fresh_page, site_url),
        """
before, flags = [w.array_sync() for w in model.get_weights()], tf.tensor1d([True, False, True], "bool")
whole = tf.tensor1d([1, 2**31 - 1, -7], "int32")
device.lose()
while not device.lost:
    await asyncio.sleep(0.01)
assert [w.array_sync() for w in model.get_weights()] == before
assert [await w.array() for w in model.get_weights()] == before
assert flags.array_sync() == [True, False, True]
assert whole.array_sync() == [1, 2**31 - 1, -7]
await model.save("memory://away")
try:
    (x + 1).data_sync()
except tf.errors.DeviceLostError as lost:
    assert "can be read and saved meanwhile" in str(lost), lost
else:
    raise AssertionError("it computed without a device")
device.restore()
while device.unavailable():
    await asyncio.sleep(0.01)
again = await tf.loadLayersModel("memory://away")
assert [w.array_sync() for w in again.get_weights()] == before
""",
    )


def test_a_context_that_stays_away_is_replaced(fresh_page, site_url):
    run(
        prepared(fresh_page, site_url),
        """
before, expected = [w.array_sync() for w in model.get_weights()], model.predict(x).array_sync()
former = device.gl
device.lose()
while not device.lost:
    await asyncio.sleep(0.01)
assert device.recovery.replace()
assert not device.unavailable() and device.gl is not former
assert [w.array_sync() for w in model.get_weights()] == before
assert model.predict(x).array_sync() == expected
history = await model.fit(x, y, {"epochs": 3})
assert len(history.history["loss"]) == 3
device.restore()  # the former one: nobody looks at it any more
await asyncio.sleep(0.05)
assert (x + 1).array_sync()[0] == [1, 2, 3]
assert list(device.audit()) == []
device.lose()  # the new one is followed as the first one was
while not device.lost:
    await asyncio.sleep(0.01)
await back()
assert (x + 1).array_sync()[0] == [1, 2, 3]
""",
    )


def see_notice(page, text):
    """Waits until the page says so."""
    while text not in page.evaluate("document.getElementById('problems').textContent"):
        page.wait_for_timeout(30)


LOSE_FOR_GOOD = """
from pyodide.ffi import create_proxy
given, refuse = js.OffscreenCanvas.prototype.getContext, create_proxy(lambda *_: None)
def forbid():
    js.OffscreenCanvas.prototype.getContext = refuse
def allow():
    js.OffscreenCanvas.prototype.getContext = given
async def lose_for_good():
    device.recovery.replacedAfterMs = 50
    forbid()
    device.lose()
    while tf.getBackend() == "webgl":
        await asyncio.sleep(0.01)
def raises(call):
    try:
        call()
    except tf.errors.DeviceLostError as lost:
        return str(lost)
    raise AssertionError("it raised nothing")
"""


def test_numpy_computes_on_where_the_gpu_is_lost_for_good(fresh_page, site_url, numpy_in_page):
    page = prepared(fresh_page, site_url)
    run(page, LOSE_FOR_GOOD)
    run(
        page,
        """
device.placement.where = "gpu"
before, expected = [w.array_sync() for w in model.get_weights()], model.predict(x).array_sync()
variable, integers = tf.variable(tf.tensor1d([1.0, 2.0])), tf.tensor1d([1, 2**31 - 1, -7], "int32")
import tensorflow
square = tensorflow.function(lambda value: value * value + variable)
first = square(tf.tensor1d([3.0, 4.0])).array_sync()
(variable + 0).data_sync(), (integers + 1).data_sync()
pending = x * 2 + 1
while not device.backup.isIdle():
    await asyncio.sleep(0.01)
uncopied = x * 3  # made now, on the GPU only: nothing has copied it yet
uncopied.data_sync()
running = asyncio.ensure_future(model.fit(x, y, {"epochs": 1000000, "batchSize": 4}))
await asyncio.sleep(0.1)
kept = [w.array_sync() for w in model.get_weights()]
await lose_for_good()
try:
    await running
except tf.errors.DeviceLostError as lost:
    assert "took the GPU away" in str(lost), lost
else:
    raise AssertionError("the fit went on without a GPU")
assert tf.getBackend() == "numpy"
weights = [w.array_sync() for w in model.get_weights()]
assert all(v == v for w in model.get_weights() for v in w.data_sync())
model.set_weights([tf.tensor(w) for w in before])
close = lambda left, right: bool(tf.all(tf.abs(tf.sub(left, right)) < 1e-4).data_sync()[0])
assert close(model.predict(x), expected)
assert pending.array_sync()[3] == [7, 3, 5]
assert integers.array_sync() == [1, 2**31 - 1, -7] and (integers + 0).array_sync() == [1, 2**31 - 1, -7]
assert variable.array_sync() == [1, 2]
assert close(square(tf.tensor1d([3.0, 4.0])), first)
variable.assign(variable * 2)
assert variable.array_sync() == [2, 4] and variable.clone().array_sync() == [2, 4]
assert "compute it again" in raises(uncopied.data_sync)
assert "compute it again" in raises((uncopied + 1).data_sync)
assert (x * 3).array_sync()[1] == [3, 3, 6]
history = await model.fit(x, y, {"epochs": 3, "batchSize": 3})
assert len(history.history["loss"]) == 3 and history.history["loss"][0] > history.history["loss"][-1]
await model.save("memory://on-numpy", {"includeOptimizer": True})
again = await tf.loadLayersModel("memory://on-numpy")
assert close(again.predict(x), model.predict(x))
""",
    )
    see_notice(page, "NumPy computes from now on")
    assert page.evaluate("window.pyo.status()")["backend"] == "numpy"
    run(
        page,
        """
assert "no other context" in await said(tf.setBackend("webgl")) and tf.getBackend() == "numpy"
allow()
await tf.setBackend("webgl")
assert tf.getBackend() == "webgl" and not device.unavailable()
assert close(model.predict(x), again.predict(x))
assert variable.array_sync() == [2, 4]
history = await model.fit(x, y, {"epochs": 3, "batchSize": 3})
assert len(history.history["loss"]) == 3
assert list(device.audit()) == []
""".replace(
            "assert",
            """async def said(call):
    try:
        await call
    except tf.errors.DeviceLostError as lost:
        return str(lost)
    raise AssertionError("it raised nothing")
assert""",
            1,
        ),
    )


def test_where_numpy_cannot_be_had_a_lost_gpu_is_told_and_copies_can_be_saved(fresh_page, site_url):
    page = prepared(fresh_page, site_url)
    run(page, LOSE_FOR_GOOD)
    run(
        page,
        """
import importlib.util, pyodide_js
from tfjs_pyo.core import engine
before = [w.array_sync() for w in model.get_weights()]
engine._engine.backends.pop("numpy", None)
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "numpy" else found(name, *rest)
device.recovery.replacedAfterMs = 50
forbid()
device.lose()
while not device.recovery.gone:
    await asyncio.sleep(0.01)
assert tf.getBackend() == "webgl"
assert [w.array_sync() for w in model.get_weights()] == before
await model.save("memory://kept")
assert "lost for good" in raises((x + 1).data_sync)
""",
    )
    see_notice(page, "NumPy, which could compute instead, is not here")
    run(
        page,
        """
allow()
while device.unavailable():
    await asyncio.sleep(0.05)
assert (x + 1).array_sync()[0] == [1, 2, 3]
again = await tf.loadLayersModel("memory://kept")
assert [w.array_sync() for w in again.get_weights()] == before
""",
    )
