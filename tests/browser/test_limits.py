"""Tensors that are too large for the device, memory that is used up, values that are no numbers: clear errors, nothing lost."""

import pytest

SMALL = """
import js
model = tf.sequential({"layers": [tf.layers.dense({"units": 2, "inputShape": [3]})]})
model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
x, y = tf.ones([4, 3]), tf.zeros([4, 2])
def still_works():
    return model.predict(x).shape
"""
# One row of texels more than the device's largest texture has, whose width is 2048 and whose texels have four elements: what
# is too large is refused before anything is allocated.
SIZES = """
import js
textures = js.tfjsPyoDevice.textures
huge = 4 * 2048 * (textures.maxSize + 1)
"""

TOO_LARGE = {
    "a result": "tf.randomNormal([huge]).add(1).data_sync()",
    "a layer": "tf.layers.dense({'units': huge // 1024, 'inputShape': [1024]}).apply(tf.ones([1, 1024])).data_sync()",
    "a prediction": "model.predict(tf.ones([huge // 2, 3])).data_sync()",
}


@pytest.mark.parametrize("case", TOO_LARGE)
def test_what_is_too_large_for_the_device_is_said(pyo, case):
    pyo.run(SIZES)
    is_refused(pyo, TOO_LARGE[case])


def test_an_upload_that_is_too_large_for_the_device_is_said(pyo, numpy_in_page):
    """With a limit of 4096: NumPy has the array, 128 MiB, where devices allow textures of up to 4 GiB."""
    pyo.run(f"import numpy as np\n{SIZES}\nwhole, textures.maxSize = textures.maxSize, 4096")
    try:
        is_refused(pyo, "tf.tensor(np.ones(4 * 2048 * 4097, np.float32)).square().sum().data_sync()")
    finally:
        pyo.run("textures.maxSize = whole")


def is_refused(pyo, source):
    """Whether a cell that asks for too much raises, leaves nothing behind and spoils nothing."""
    pyo.run(SMALL)
    before = pyo.run("import gc; gc.collect(); tf.memory()['numTensors']")
    answer = pyo.raw(source)
    assert answer["error"] is not None
    assert answer["error"]["type"] == "DeviceError"
    assert "MiB in one texture, this device allows" in answer["error"]["message"]
    assert "smaller batch" in answer["error"]["message"]
    assert pyo.run("gc.collect(); tf.memory()['numTensors']") == before
    assert pyo.run("still_works()") == [4, 2]


def test_a_gpu_without_memory_is_said_and_the_values_stay(pyo):
    pyo.run(SMALL)
    pyo.run("""
from pyodide.ffi import create_proxy
failing = [False]
prototype = js.WebGL2RenderingContext.prototype
real = js.Object.getOwnPropertyDescriptor(prototype, "getError")
refuse = create_proxy(lambda *_: 0x0505 if failing[0] else 0)
def put(value):
    told = js.Object.fromEntries([["value", value], ["configurable", True], ["writable", True]])
    js.Object.defineProperty(prototype, "getError", told)
put(refuse)
""")
    try:
        answer = pyo.raw("failing[0] = True\ntf.randomNormal([3000, 3001]).add(1).data_sync()")
        assert answer["error"]["type"] == "DeviceError"
        assert "the GPU has no memory for" in answer["error"]["message"]
        assert "dispose of tensors" in answer["error"]["message"]
        assert pyo.run("failing[0] = False\nstill_works()") == [4, 2]
        assert pyo.run("tf.randomNormal([3000, 3001]).add(1).shape") == [3000, 3001]
    finally:
        pyo.run("js.Object.defineProperty(prototype, 'getError', real); refuse.destroy()")


def test_a_loss_that_is_no_number_is_reported_as_such(pyo):
    found = pyo.run(
        SMALL
        + """
import warnings
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    history = await model.fit(x, tf.fill([4, 2], float("nan")), {"epochs": 2, "verbose": 0})
[[warning.category.__name__ for warning in told], all(loss != loss for loss in history.history["loss"])]
"""
    )
    assert found == [["NumericWarning"], True]
    pyo.run("model.setWeights([tf.ones([3, 2]), tf.zeros([2])])")
    assert pyo.run("model.predict(x).array_sync()") == [[3, 3]] * 4


FEW_UNIFORMS = """
from tfjs_pyo.core import engine
backend = engine.backend()
whole = (backend.uniforms, backend.scatters)

def views(n):
    total = 0.0
    for i in range(n):
        x = tf.range(0, 144).reshape([2, 3, 2, 2, 3, 2]).mul(float(i + 1))
        x.data_sync()
        x = x.transpose([5, 4, 3, 2, 1, 0])[:, 1:, :, :1].reverse(2)
        total = total + x.pad([[0, 0], [0, 1], [0, 0], [0, 1], [0, 0], [0, 0]])
    return total

def slices(n):
    x = tf.range(0, n * 35).reshape([n, 5, 7])
    total = x[0]
    for i in range(1, n):
        total = total + x[i, :, ::-1] * float(i)
    return total

def chain(v):
    for _ in range(1000):
        v = v + v * 0.001
    return v.sum()

def scattered():
    indices = tf.range(0, 300, 1, 'int32').mod(tf.scalar(7, 'int32'))
    return tf.grad(lambda table: (tf.gather(table, indices) * 2.0 + 0.0).square().sum())(tf.ones([100, 16]))

def values():
    engine._engine.plans.clear()
    found = [views(11), slices(45), tf.grad(chain)(tf.ones([3])), scattered()]
    return [tensor.data_sync().tolist() for tensor in found]

def with_limits(uniforms, scatters):
    backend.uniforms, backend.scatters = uniforms, scatters
    try:
        return values()
    finally:
        backend.uniforms, backend.scatters = whole
        engine._engine.plans.clear()
"""


def test_kernels_are_cut_where_a_device_has_few_uniforms_and_cannot_scatter(pyo):
    pyo.run(FEW_UNIFORMS)
    assert pyo.run("backend.uniforms") >= 224
    expected = pyo.run("with_limits(*whole)")
    for found in (pyo.run("with_limits(224, False)"), pyo.run("with_limits(60, True)")):
        for left, right in zip(expected, found, strict=True):
            assert right == pytest.approx(left, rel=1e-5)
