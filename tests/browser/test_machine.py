"""The dialog about the machine: memory, the kernels of the last step, their times and their GLSL."""

from contextlib import contextmanager

FIT = """
import asyncio
m = tf.sequential([tf.layers.dense(units=8, inputShape=[4], activation='relu'), tf.layers.dense(units=1)])
m.compile(optimizer='adam', loss='meanSquaredError')
x, y = tf.ones([64, 4]), tf.ones([64, 1])
running = asyncio.ensure_future(m.fit(x, y, epochs=1000000, batchSize=16, verbose=0))
"""


@contextmanager
def machine_of(page):
    """The dialog, open."""
    page.locator("[data-opens=machine-dialog]").click()
    yield page.locator("#machine-dialog")
    page.locator("#machine-dialog [data-closes]").first.click()


def test_a_running_fit_shows_its_kernels_times_and_glsl(gpu, page):
    with machine_of(page) as machine:
        gpu.run(FIT)
        rows = machine.locator("#kernels tbody tr", has_text="mat_mul")
        rows.first.wait_for()
        machine.locator("#time-kernels").click()
        machine.locator("#kernels-note", has_text="ms one by one").wait_for()
        times = machine.locator("#kernels .time").all_inner_texts()
        assert all(float(each) > 0 for each in times)
        rows.first.get_by_role("button", name="GLSL of kernel").click()
        source = page.locator("#source-dialog")
        source.locator("#source", has_text="#version 300 es").wait_for()
        source.locator("[data-closes]").click()
        gpu.run("running.cancel(); await asyncio.wait([running]); del m, x, y, running")


def test_memory_is_what_python_says(pyo, page):
    with machine_of(page) as machine:
        pyo.run("held = tf.ones([1000, 7])")
        told = pyo.run("tf.memory()['numTensors']")
        machine.locator("#memory-tensors", has_text=f"{told} tensors").wait_for()


def test_timing_what_does_not_run_says_so(pyo, page):
    with machine_of(page) as machine:
        pyo.run("(tf.ones([3]) * 2).exp().data_sync()")
        machine.get_by_label("other operations").check()
        machine.locator("#time-kernels:enabled").click()
        machine.locator("#kernels-note", has_text="Nothing ran").wait_for()


def test_profile_knows_the_times_of_kernels(pyo):
    kernels = pyo.run(
        "(await tf.profile(lambda: tf.matMul(tf.ones([64, 64]), tf.ones([64, 64])).exp()))['kernels']"
    )
    assert kernels
    assert all(kernel["kernelTimeMs"] > 0 for kernel in kernels)


def test_times_are_told_without_timer_queries_too(pyo):
    times = pyo.run("""
import js
from pyodide.ffi import create_proxy, jsnull
gl = js.tfjsPyoDevice.gl
none = gl.getExtension = create_proxy(lambda name: jsnull)
try:
    found = await tf.profile(lambda: tf.matMul(tf.ones([64, 64]), tf.ones([64, 64])).exp())
finally:
    js.Reflect.deleteProperty(gl, "getExtension")
    none.destroy()
[kernel["kernelTimeMs"] for kernel in found["kernels"]]
""")
    assert times
    assert all(time >= 0 for time in times)
    assert sum(times) > 0


def test_time_waits_until_the_gpu_has_done_all(pyo):
    """A mark that is set behind the work has been reached when `tf.time` returns."""
    reached = pyo.run("""
import js
from tfjs_pyo.core import engine
gl, marks = js.tfjsPyoDevice.gl, []
def work():
    x = tf.ones([768, 768])
    for _ in range(3):
        x = tf.matMul(x, x)
        engine.realize([x.node])
    marks.append(gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0))
    gl.flush()
await tf.time(work)
gl.clientWaitSync(marks[0], 0, 0) in (gl.ALREADY_SIGNALED, gl.CONDITION_SATISFIED)
""")
    assert reached
