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
assert device.replace()
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
