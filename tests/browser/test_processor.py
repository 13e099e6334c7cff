"""Where values are that both the GPU and the processor compute with: each sees what the other made."""

import pytest

PREPARE = """
import gc
import tfjs_pyo as tf
from tfjs_pyo.core import engine
device = engine.backend().device
def on(place, f):
    device.placement.where = place
    try:
        return f()
    finally:
        device.placement.where = "cheaper"
def placed(x):
    tensor = device.tensors.get(x.node.buffer.handle)
    return [bool(tensor.texture), tensor.address != 0]
def model():
    made = tf.sequential()
    made.add(tf.layers.dense({"units": 8, "inputShape": [3], "activation": "tanh"}))
    made.add(tf.layers.dense({"units": 2}))
    made.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
    return made
"""


@pytest.fixture
def prepared(pyo):
    """Python in the page, with what these tests share."""
    pyo.run(PREPARE + "\nNone")
    yield pyo
    assert pyo.run("import gc, js\ngc.collect()\nlist(js.tfjsPyoDevice.audit())") == []


@pytest.mark.parametrize("dtype", ["float32", "int32", "bool"])
@pytest.mark.parametrize("shape", [[], [3], [5, 7], [0, 3]])
def test_a_value_is_the_same_on_both_sides(prepared, dtype, shape):
    rows = prepared.run(
        f"""
x = tf.cast(tf.range(0, {max(1, len(shape) and shape[0] * (shape[1:] or [1])[0])}), "{dtype}")
x = x.reshape({shape}) if {0 not in shape} else tf.zeros({shape}, "{dtype}")
def step(x):
    return tf.logicalNot(x) if x.dtype == "bool" else tf.add(x, 1 if x.dtype == "int32" else 0.5)
rows = []
for places in (["gpu"] * 4, ["processor"] * 4, ["gpu", "processor"] * 2, ["processor", "gpu"] * 2):
    value = x
    for place in places:
        def compute():
            result = step(value)
            result.data_sync()
            return result
        value = on(place, compute)
    rows.append(list(value.data_sync()))
x = value = None
rows
"""
    )
    assert rows[0] == rows[1] == rows[2] == rows[3]


def test_small_graphs_run_on_the_processor_and_large_ones_on_the_gpu(prepared):
    small, large, weights = prepared.run(
        """
m = model()
row = tf.ones([1, 3])
y = m.predict(row)
a = tf.randomNormal([600, 600])
b = a.matMul(a)
b.data_sync()
found = [placed(y), placed(b), [placed(w.read()) for w in m.weights]]
m = row = y = a = b = None
found
"""
    )
    assert small == [False, True]
    assert large == [True, False]
    assert all(address for _, address in weights)


def test_weights_that_training_changes_are_read_back_and_others_only_once(prepared):
    reads, same = prepared.run(
        """
from pyodide.ffi import create_proxy
import js
m = model()
x, y, row = tf.ones([32, 3]), tf.ones([32, 2]), tf.ones([1, 3])
reads, real = 0, device.readback.readSync
def counted(*args):
    global reads
    reads += 1
    return real(*args)
proxy = create_proxy(counted)
async def found():
    global reads
    counts, same = [], []
    for _ in range(3):
        device.placement.where = "gpu"
        await m.fit(x, y, {"epochs": 1})
        device.placement.where = "cheaper"
        device.readback.readSync = proxy
        reads = 0
        values = [list(m.predict(row).data_sync()) for _ in range(5)]
        counts.append(reads)
        js.Reflect.deleteProperty(device.readback, "readSync")
        expected = on("gpu", lambda: m.predict(row).data_sync())
        same.append(all(abs(v - e) < 1e-6 for value in values for v, e in zip(value, expected)))
    return counts, same
answer = await found()
proxy.destroy()
m = x = y = row = None
answer
"""
    )
    assert reads == [4, 4, 4]
    assert all(same)


def test_where_reading_back_costs_more_than_it_saves_the_gpu_predicts(prepared):
    places = prepared.run(
        """
m = model()
row = tf.ones([1, 3])
places = []
for i in range(400):
    for weight in m.weights:
        on("gpu", lambda: (weight.assign(tf.add(weight.read(), 0.001)), weight.read().data_sync()))
    y = m.predict(row)
    places.append(placed(y)[1])
m = row = y = weight = None
places
"""
    )
    assert places[0]
    assert 0 < places.count(True) < 350, "its credit comes to an end"


def test_assigned_variables_and_copies_have_the_last_value(prepared):
    assert prepared.run(
        """
v = tf.variable(tf.tensor([1.0, 2.0]))
found = []
for place in ("processor", "gpu", "gpu", "processor"):
    on(place, lambda: (v.assign(tf.mul(v.read(), 3)), v.read().data_sync()))
    copy = v.read().clone()
    found.append([list(v.read().data_sync()), list(copy.data_sync())])
v.dispose()
v = copy = None
found
"""
    ) == [[[3.0**n, 2 * 3.0**n]] * 2 for n in range(1, 5)]


def test_where_the_memory_is_full_values_move_to_the_gpu(prepared):
    same, moved = prepared.run(
        """
import js
from pyodide.ffi import create_proxy
x = tf.tensor([1.0, 2.0, 3.0])
y = on("processor", lambda: tf.add(x, 1))
y.data_sync()
memory = device.processor.memory
proxy = create_proxy(lambda bytes: 0)
memory.take = proxy
z = on("processor", lambda: tf.mul(y, 2))
values = list(z.data_sync())
js.Reflect.deleteProperty(memory, "take")
proxy.destroy()
found = [values == [4, 6, 8], [placed(x), placed(y), placed(z)]]
x = y = z = None
found
"""
    )
    assert same
    assert moved == [[True, False]] * 3


def test_a_kernel_that_only_gpus_understand_runs_there(prepared):
    values, error = prepared.run(
        """
from array import array
from pyodide.ffi import to_js
source = '''#version 300 es
precision highp float;
out vec4 color;
void main() {
  float x = 0.;
  do { x += 1.; } while (x < 3.);
  color = vec4(x);
}'''
# one launch over one texel that writes slot 0, dear on the GPU
words = [1, 0, 1000, 1, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0]
plan = device.load(to_js(array("i", words)), to_js([source]), to_js(["loop"]))
def run():
    (handle,) = device.run(plan, to_js(array("i")), to_js(array("d")), to_js(array("i", [4])))
    found = list(device.read(handle))
    device.free(handle)
    return found
try:
    on("processor", run)
    error = ""
except Exception as raised:
    error = str(raised)
found = [run(), error]
device.unload(plan)
found
"""
    )
    assert values == [3.0] * 4
    assert "GLSL on the processor: " in error


def test_kernels_on_the_processor_are_timed_and_have_their_source(prepared):
    names, times, source = prepared.run(
        """
from tfjs_pyo.core import inspection
async def profiled():
    a = tf.ones([4, 8])
    return await tf.profile(lambda: on("processor", lambda: (tf.matMul(a, a, False, True), a)[0].data_sync()))
told = await profiled()
kernels = told["kernels"]
told = None
[[k["name"] for k in kernels], [k["kernelTimeMs"] for k in kernels], inspection.source("graph", 0)]
"""
    )
    assert any("mat_mul" in name for name in names)
    assert all(time is not None and time >= 0 for time in times)
    assert source.startswith("#version 300 es")


FITS = """
x, y = tf.sin(tf.range(0, 96)).reshape([32, 3]), tf.cos(tf.range(0, 64)).reshape([32, 2])
async def fitted(place, epochs=3, **more):
    tf.random.set_seed(5)
    m = model()
    device.placement.where = place
    try:
        history = await m.fit(x, y, {"epochs": epochs, "batchSize": 8, **more})
    finally:
        device.placement.where = "cheaper"
    places = [placed(w.read()) for w in m.weights]
    return history.history["loss"], [list(w.read().data_sync()) for w in m.weights], places
"""


def test_steps_of_a_small_model_are_made_on_the_processor(prepared):
    here, there = prepared.run(f"{FITS}\n[await fitted('cheaper'), await fitted('gpu')]")
    assert here[0] == pytest.approx(there[0], rel=1e-5)
    for ours, theirs in zip(here[1], there[1], strict=True):
        assert ours == pytest.approx(theirs, rel=1e-4, abs=1e-6)
    assert all(place == [False, True] for place in here[2])
    assert all(texture for texture, _ in there[2])


def test_a_loop_goes_on_on_the_gpu_where_the_memory_of_the_processor_is_full(prepared):
    here, there, moved = prepared.run(
        FITS
        + """
import js
from pyodide.ffi import create_proxy
run, memory, steps = device.placement.run, device.processor.memory, 0
full = create_proxy(lambda bytes: 0)
def counted(plan, tensors, scalars, repeats=False):
    global steps
    steps += repeats
    if repeats and steps == 6:
        memory.take = full
    return run.call(device.placement, plan, tensors, scalars, repeats)
proxy = device.placement.run = create_proxy(counted)
here = await fitted("cheaper")
js.Reflect.deleteProperty(device.placement, "run")
js.Reflect.deleteProperty(memory, "take")
proxy.destroy(), full.destroy()
[here, await fitted("gpu"), steps]
"""
    )
    assert moved == 6, "the sixth found no room, and no other tried"
    assert here[0] == pytest.approx(there[0], rel=1e-5)
    for ours, theirs in zip(here[1], there[1], strict=True):
        assert ours == pytest.approx(theirs, rel=1e-4, abs=1e-6)
    assert all(texture for texture, _ in here[2])


def test_other_tasks_run_while_the_processor_makes_steps(prepared):
    turns, losses = prepared.run(
        FITS
        + """
import asyncio
async def beside():
    turns, fit = 0, asyncio.ensure_future(fitted("processor", 4000))
    while not fit.done():
        await asyncio.sleep(0)
        turns += device.loops.length
    return turns, len((await fit)[0])
await beside()
"""
    )
    assert losses == 4000
    assert turns >= 3


def test_two_fits_on_the_processor_and_one_on_the_gpu_do_not_disturb_each_other(prepared):
    alone, together = prepared.run(
        FITS
        + """
import asyncio
alone = [await fitted("cheaper", epochs) for epochs in (20, 30)]
async def slowly(epochs):
    device.placement.where = "gpu"
    return await fitted("gpu", epochs)
together = await asyncio.gather(fitted("cheaper", 20), fitted("cheaper", 30), slowly(20))
[[each[:2] for each in alone], [each[:2] for each in together]]
"""
    )
    for ours, theirs in zip([alone[0], alone[1], alone[0]], together, strict=True):
        assert ours[0] == pytest.approx(theirs[0], rel=1e-4)


def test_the_steps_of_a_loop_on_the_processor_are_timed(prepared):
    kernels = prepared.run(
        FITS
        + """
told = await tf.profile(lambda: fitted("cheaper"))
[[kernel["name"], kernel["kernelTimeMs"]] for kernel in told["kernels"]]
"""
    )
    assert any("mat_mul" in name for name, _ in kernels)
    assert all(time is not None for _, time in kernels)


def test_the_flag_of_tfjs_keeps_all_on_the_gpu(prepared):
    flags, places = prepared.run(
        FITS
        + """
flags, places = [tf.env().getBool("WEBGL_CPU_FORWARD")], []
for value in (False, True):
    tf.env().set("WEBGL_CPU_FORWARD", value)
    flags.append(tf.env().getBool("WEBGL_CPU_FORWARD"))
    m = model()
    await m.fit(x, y, {"epochs": 1})
    places.append([placed(w.read()) for w in m.weights])
tf.env().set("WEBGL_CPU_FORWARD", False)
tf.env().reset()
m = None
[[*flags, tf.env().getBool("WEBGL_CPU_FORWARD")], places]
"""
    )
    assert flags == [True, False, True, True]
    assert all(texture and not address for texture, address in places[0])
    assert all(address and not texture for texture, address in places[1])
