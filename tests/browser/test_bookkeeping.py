"""The device's books: loops at the same time, steps that end in their middle, and what is held for how long.

After each test with `pyo` the device compares its books with what there is (`Pyo.alive` in tests/harness.py).
"""

import itertools

import numpy as np
import pytest

TOGETHER = """
import asyncio, js
import tfjs_pyo as tf
from pyodide.ffi import create_proxy
device = js.tfjsPyoDevice
def numbers(*shape):
    size = 1
    for length in shape:
        size *= length
    return tf.reshape(tf.sin(tf.range(0, size, 1, "float32") * 1.7), list(shape))
def made(shared, units):
    model = tf.sequential({"layers": [*shared, tf.layers.dense({"units": units, "kernelInitializer": "zeros"})]})
    model.compile({"optimizer": tf.train.momentum(0.1 / units, 0.5), "loss": "meanSquaredError"})
    return model
def setup(count, same_optimizer):
    shared = [
        tf.layers.dense({"units": 16, "inputShape": [6], "activation": "tanh"}),
        tf.layers.dense({"units": 12, "activation": "tanh"}),
    ]
    models = [made(shared, units) for units in range(1, count + 1)]
    for model in models[1:]:
        if same_optimizer:
            model.compile({"optimizer": models[0].optimizer, "loss": "meanSquaredError"})
    for weight in models[0].weights:
        weight.assign(numbers(*weight.shape) * 0.5)
    return models
def state(models):
    return [[float(v) for v in w.data_sync()] for model in models for w in model.get_weights()]
x, targets = numbers(32, 6), [numbers(32, units) for units in range(1, 4)]
async def together(models, epochs):
    '''Trains all at the same time; returns whose step came when.'''
    order, begin = [], device.executor.begin
    def noted(plan, sources, scalars, repeats=False):
        if repeats:
            order.append(plan.number)
        return begin(plan, sources, scalars, repeats)
    proxy = device.executor.begin = create_proxy(noted)
    try:
        await asyncio.gather(*[
            model.fit(x, y, {"batchSize": 8, "shuffle": False, "verbose": 0, "epochs": count})
            for model, y, count in zip(models, targets, epochs)
        ])
    finally:
        js.Reflect.deleteProperty(device.executor, "begin")
        proxy.destroy()
    seen = list(dict.fromkeys(order))
    return [seen.index(number) for number in order]
async def one_by_one(models, order):
    '''Makes the same steps in the same order, each by itself.'''
    made = [0] * len(models)
    for which in order:
        first = made[which] % 4 * 8
        made[which] += 1
        await models[which].trainOnBatch(x[first : first + 8], targets[which][first : first + 8])
"""


@pytest.mark.parametrize("same_optimizer", [False, True])
@pytest.mark.parametrize("epochs", [[6, 6], [4, 9, 2]], ids=str)
def test_fits_of_models_that_share_layers_take_turns_step_by_step(gpu, epochs, same_optimizer):
    order, ours, expected = gpu.run(
        TOGETHER
        + f"""
models = setup({len(epochs)}, {same_optimizer})
order = await together(models, {epochs})
others = setup({len(epochs)}, {same_optimizer})
await one_by_one(others, order)
[order, state(models), state(others)]
"""
    )
    assert [order.count(which) for which in range(len(epochs))] == [4 * count for count in epochs]
    assert any(earlier != later for earlier, later in itertools.pairwise(order[8:-8]))
    for found, right in zip(ours, expected, strict=True):
        np.testing.assert_allclose(found, right, rtol=2e-4, atol=2e-6)


COUNTING = """
import asyncio, gc, js
import tfjs_pyo as tf
device = js.tfjsPyoDevice
class Counting(tf.Sequential):
    def train_step(self, data):
        rest = tf.sum(tf.matMul(data, tf.transpose(data))) * 0
        for counter in self.counters:
            counter.assign(counter + 1 + rest)
        return {"loss": rest}
model = Counting()
model.counters = [tf.variable(tf.zeros([n])) for n in range(1, 15)]
model.compile({"optimizer": "sgd"})
x = tf.ones([8, 4])
def seen():
    return sorted({float(v) for counter in model.counters for v in counter.data_sync()})
async def during(epochs, act):
    await model.fit(x, None, {"epochs": 1, "batchSize": 4, "verbose": 0})
    start, steps = seen()[0], device.steps
    fit = asyncio.ensure_future(model.fit(x, None, {"epochs": epochs, "batchSize": 4, "verbose": 0}))
    acts = 0
    while not fit.done():
        await asyncio.sleep(0)
        if device.stepping and not device.stepping.done and acts < 9:
            act(acts)
            acts += 1
    history = await fit
    assert acts == 9, acts
    return [value - start for value in seen()]
"""


@pytest.mark.parametrize(
    ("act", "more"),
    [
        ("seen()", 0),
        ("model.counters[number % 14].assign(model.counters[number % 14] + 0)", 0),
        ("[counter.assign(counter + 1000) for counter in model.counters]", 9000),
        ("tf.dispose([tf.concat(model.counters) + 1])", 0),
    ],
    ids=["read", "assign one", "assign all", "compute"],
)
def test_nobody_sees_half_a_step_and_no_assignment_or_step_gets_lost(gpu, act, more):
    body = f"""
def act(number):
    {act}
    values = seen()
    assert len(values) == 1, values
await during(400, act)
"""
    assert gpu.run(COUNTING + body) == [800 + more]


def test_a_variable_that_is_disposed_of_during_a_fit_is_gone_for_its_user_and_the_loop_ends_well(gpu):
    assert gpu.run(
        COUNTING
        + """
free = tf.variable(tf.zeros([3]))  # of no layer or model
counted = type(model).train_step
def also(self, data):
    free.assign(free + 1)
    return counted(self, data)
type(model).train_step = also
fit = asyncio.ensure_future(model.fit(x, None, {"epochs": 60, "batchSize": 4, "verbose": 0}))
while not device.stepping or device.stepping.done:
    await asyncio.sleep(0)
free.dispose()
x.dispose()
try:
    model.counters[0].dispose()
except tf.errors.ArgumentError as error:
    told = str(error)
history = await fit
[len(history.epoch), free.is_disposed, "no fit needs" in told, seen()]
"""
    ) == [60, True, True, [120]]


ENDING = """
import asyncio, gc, js
import tfjs_pyo as tf
from pyodide.ffi import create_proxy
device = js.tfjsPyoDevice
model = tf.sequential({"layers": [
    tf.layers.dense({"units": 32, "inputShape": [16], "activation": "relu"}),
    tf.layers.dense({"units": 24, "activation": "tanh"}),
    tf.layers.dense({"units": 4}),
]})
model.compile({"optimizer": "adam", "loss": "meanSquaredError", "metrics": ["mae"]})
x, y = tf.randomNormal([64, 16]), tf.randomNormal([64, 4])
async def fit(epochs=3):
    await model.fit(x, y, {"epochs": epochs, "batchSize": 16, "verbose": 0})
async def evaluate():
    tf.dispose(model.evaluate(x, y))
async def predict():
    model.predict(x).data_sync()
async def by_hand():
    tf.dispose(tf.grad(lambda x: tf.sum(tf.tanh(tf.matMul(x, tf.transpose(x)))))(x).data_sync())
def used():
    gc.collect()
    return [tf.memory()["numTensors"], device.textures.usedBytes, len(list(device.audit()))]
await fit(), await evaluate(), await predict(), await by_hand()
"""


def test_fifty_interrupts_keep_nothing(anywhere):
    anywhere.run(ENDING)
    before, after, interrupts = anywhere.run(
        """
former, asked, limit, interrupts = getattr(js, "tfjsPyoInterrupted", None), 0, 0, 0
def interrupted():
    global asked
    asked += 1
    return asked == limit
before, proxy = None, create_proxy(interrupted)
js.tfjsPyoInterrupted = proxy
try:
    for number in range(51):
        if number == 1:
            before, interrupts = used(), 0  # the last exception stays until the next one comes
        asked, limit = 0, 1 + (number or 50) % 16  # the first as the last
        try:
            await fit(4000)  # how often a fit asks goes by the clock: it is asked often enough, and ended
        except KeyboardInterrupt:
            interrupts += 1
finally:
    js.tfjsPyoInterrupted = former
    proxy.destroy()
[before, used(), interrupts]
"""
    )
    assert after == before
    assert interrupts == 50
    assert before[2] == 0


@pytest.mark.parametrize("what", ["fit", "evaluate", "predict", "by_hand"])
def test_fifty_failed_allocations_keep_nothing(gpu, what):
    gpu.run(ENDING)
    before, after, failures = gpu.run(
        f"""
real, left, failures = device.textures.store, 0, 0
def store(*args):
    global left
    left -= 1
    return None if left < 0 else real(*args)
before, proxy = used(), create_proxy(store)
device.textures.store = proxy
try:
    for limit in range(50):
        device.textures.trim(0)
        left = limit % 9
        try:
            await {what}()
        except tf.errors.DeviceError as error:
            assert "the GPU has no memory for" in str(error), error
            failures += 1
finally:
    js.Reflect.deleteProperty(device.textures, "store")
    proxy.destroy()
await {what}()
[before, used(), failures]
"""
    )
    assert after == before
    assert failures >= 6
    assert before[2] == 0


@pytest.mark.parametrize("how", ["task.cancel()", "asyncio.wait_for", "coroutine.close()"])
def test_a_fit_that_nobody_waits_for_any_more_ends_and_keeps_nothing(anywhere, how):
    anywhere.run(ENDING)
    before, after, steps, loops = anywhere.run(
        f"""
before, how = used(), {how!r}
for wait in (0, 1, 2, 3, 5, 8, 13, 21):
    if how == "coroutine.close()":
        fitting = fit(100_000)
        waited = fitting.send(None)
        while device.steps % 5 != wait % 5 and len(list(device.loops)):
            await asyncio.sleep(0)
        fitting.close()
        continue
    task = asyncio.ensure_future(fit(100_000))
    for _ in range(wait):
        await asyncio.sleep(0)
    try:
        if how == "asyncio.wait_for":
            await asyncio.wait_for(task, 0.01)
        task.cancel()
        await task
    except (asyncio.CancelledError, TimeoutError):
        pass
task = fitting = waited = None
steps = device.steps
while len(list(device.loops)):
    await asyncio.sleep(0.01)
more = device.steps - steps
await fit()
[before, used(), more, len(list(device.loops))]
"""
    )
    assert (steps, loops) == (0, 0)
    assert after == before
    assert before[2] == 0


LOSING = """
import asyncio, js
import tfjs_pyo as tf
device = js.tfjsPyoDevice
async def back():
    while not device.lost:
        await asyncio.sleep(0.01)
    device.restore()
    while device.unavailable():
        await asyncio.sleep(0.01)
async def backed_up():
    while not device.backup.isIdle():
        await asyncio.sleep(0.01)
"""


def fresh(page, site, cell):
    page.goto(site)
    page.evaluate("window.pyo.ready")
    report = page.evaluate("(cell) => window.pyo.run(cell)", LOSING + cell)
    assert not report.get("error"), report["error"]["traceback"]


def test_a_context_that_is_lost_while_a_kernel_compiles_raises_device_lost(fresh_page, site_url):
    fresh(
        fresh_page,
        site_url,
        """
from pyodide.ffi import create_proxy
device.placement.where = "gpu"
x = tf.tensor([1.0, 2.0, 3.0])
def lose(real):
    times = iter([device.lose])
    return create_proxy(lambda *args: [next(times, lambda: None)(), real(*args)][1])
for method in ("compileShader", "linkProgram", "getUniformLocation"):
    for told in (True, False):
        if not told and method == "getUniformLocation":
            continue  # it is linked by then
        gl = device.gl
        setattr(gl, method, lose(getattr(gl, method)))
        if not told:
            gl.isContextLost = create_proxy(lambda: False)
        try:
            {"compileShader": tf.sinh, "linkProgram": tf.cosh, "getUniformLocation": tf.tan}[method](
                x + 1 if told else x - 1
            ).data_sync()
            error = None
        except tf.errors.TfError as lost:
            error = lost
        for name in (method, "isContextLost"):
            js.Reflect.deleteProperty(gl, name)
        assert isinstance(error, tf.errors.DeviceLostError), (method, told, error)
        await back()
        assert (x * 2).array_sync() == [2, 4, 6]
        assert list(device.audit()) == []
""",
    )


def test_a_kernel_that_does_not_link_is_named_with_the_drivers_words(pyo):
    report = pyo.raw(
        """
from array import array
from pyodide.ffi import to_js
from tfjs_pyo.backends.webgl import _device_errors
from tfjs_pyo.core import engine
source = '''#version 300 es
out vec3 apart;
void main() { apart = vec3(1.); gl_Position = vec4(1.); }
// @fragment
#version 300 es
precision highp float;
in vec4 apart;
out vec4 color;
void main() { color = apart; }'''
with _device_errors():
    engine.backend().device.load(to_js(array("i", [1, 0, 0, -1, -1, 0, 0, 0, 0, 1])), to_js([source]), to_js(["unequal halves"]))
"""
    )
    text = report["error"]["traceback"]
    assert "ShaderError" in text
    assert "kernel 'unequal halves' does not link:\n" in text
    assert "apart" in text.split("does not link:\n")[1].split("\n")[0]


def test_programs_of_plans_that_are_gone_are_deleted_but_for_the_last(pyo):
    counts = pyo.run(
        """
import js
import tfjs_pyo as tf
from array import array
from pyodide.ffi import to_js
device = js.tfjsPyoDevice
def load(number):
    source = f'''#version 300 es
precision highp float;
out vec4 color;
void main() {{ color = vec4({number}.); }}'''
    # one launch over one texel that writes slot 0
    words = [1, 0, 0, -1, -1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0]
    return device.load(to_js(array("i", words)), to_js([source]), to_js(["number"]))
before = tf.device_stats()["programs"]
plans = [load(number) for number in range(300)]
loaded = tf.device_stats()["programs"] - before
for plan in plans:
    device.unload(plan)
idle = device.programs.idle.size
again = load(299)
still = device.programs.idle.size
device.unload(again)
[loaded, idle, still, list(device.audit())]
"""
    )
    assert counts == [300, 256, 255, []]


def test_large_variables_come_back_and_copies_of_the_rest_are_bounded(fresh_page, site_url):
    fresh(
        fresh_page,
        site_url,
        """
large = tf.variable(tf.fill([17_000_000], 1.5) * 2)  # 65 MiB, more than a round copies
small = tf.variable(tf.ones([3]) * 3)
device.backup.bytes += 1 << 30  # as if copies were at their bound
device.placement.where = "gpu"
data = tf.tensor([1.0] * 70_000)  # more than the processor keeps
weight = tf.variable(tf.tensor([5.0, 6.0]))
computed = data * 2
computed.data_sync(), large.mean().data_sync(), small.data_sync()
await backed_up()
assert device.backup.bytes - (1 << 30) >= 17_000_000 * 4 + 12
device.lose()
await back()
assert large.mean().item() == 3 and small.array_sync() == [3, 3, 3] and weight.array_sync() == [5, 6]
for lost in (data, computed):
    try:
        lost.data_sync()
        raise AssertionError("it came back")
    except tf.errors.DeviceLostError as error:
        assert "256 MiB" in str(error)
assert list(device.audit()) == []
""",
    )


def test_variables_of_a_loop_of_ones_own_come_back(fresh_page, site_url):
    fresh(
        fresh_page,
        site_url,
        """
device.placement.where = "gpu"
weight, target = tf.variable(tf.tensor([0.0, 0.0])), tf.tensor([1.0, 2.0])
optimizer = tf.train.adam(0.05)
loss = lambda: tf.sum(tf.square(weight - target))
for _ in range(40):
    optimizer.minimize(loss)
known = weight.array_sync()
assert known[0] > 0.5
await backed_up()
for _ in range(5):
    optimizer.minimize(loss)
    weight.data_sync()
device.lose()
await back()
assert weight.array_sync() == known
optimizer.minimize(loss)
assert weight.array_sync()[1] > known[1]
""",
    )
