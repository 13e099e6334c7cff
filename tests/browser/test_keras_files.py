"""Keras's own files in the page: .h5, .keras, .weights.h5 and safetensors, read by Python and computed on WebGL2."""

import base64
import json

import numpy as np
import pytest

from tests.io.recorded import KERAS, arrays
from tests.io.test_converter import LAYERS
from tests.io.test_keras_files import safetensors

READ = """
import base64
def put(path, content):
    with open(path, "wb") as file:
        file.write(base64.b64decode(content))
async def predicted(model, shape, values):
    x = tf.tensor(values, shape)
    found = model.predict(x)
    result = [float(v) for v in await found.data()]
    for each in (model, x, found):
        each.dispose()
    return result
"""


@pytest.fixture
def reader(pyo):
    pyo.run(READ)
    return pyo


def agrees(reader, record, model):
    (x,), (expected,) = arrays(record["inputs"]), arrays(record["outputs"])
    found = reader.run(f"await predicted({model}, {list(x.shape)}, {x.flatten().tolist()})")
    np.testing.assert_allclose(found, expected.flatten(), rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize(("name", "form"), [("dense", ".keras"), ("dense", ".h5"), ("cells", ".h5")])
def test_a_model_of_keras_predicts_the_same(reader, name, form):
    record = KERAS[name]
    reader.run(f"put('/tmp/model{form}', {record['files'][form]!r})")
    agrees(reader, record, f"await tf.loadLayersModel('/tmp/model{form}')")
    chosen = f"tf.io.browserFiles([('model{form}', open('/tmp/model{form}', 'rb').read())])"
    agrees(reader, record, f"await tf.loadLayersModel({chosen})")


@pytest.mark.parametrize("name", ["keras2 images .h5", "keras2 recurrent .keras"])
def test_a_model_of_keras_2_predicts_the_same(reader, name):
    record = LAYERS[name]
    path = f"/tmp/model{name.split()[-1]}"
    reader.run(f"put({path!r}, {record['source']!r})")
    agrees(reader, record, f"await tf.loadLayersModel({path!r})")


def test_an_address_of_a_model_of_keras(reader, page, browser, site_url):
    record = KERAS["dense"]
    content = base64.b64decode(record["files"][".h5"])
    browser.call(page.context.route, "**/kept/model.h5", lambda route: route.fulfill(body=content))
    try:
        agrees(reader, record, f"await tf.loadLayersModel('{site_url}kept/model.h5')")
    finally:
        browser.call(page.context.unroute, "**/kept/model.h5")


def test_weights_of_keras_are_loaded_without_waiting(reader):
    record = KERAS["dense"]
    reader.run(f"put('/tmp/m.weights.h5', {record['files']['.weights.h5']!r})")
    reader.run(f"model = await tf.models.modelFromJSON({record['json']!r})")
    reader.run("model.loadWeights('/tmp/m.weights.h5')")
    agrees(reader, record, "model")


def test_a_broken_file_is_refused(reader):
    whole = base64.b64decode(KERAS["dense"]["files"][".h5"])
    half = base64.b64encode(whole[: len(whole) // 2]).decode()
    reader.run(f"put('/tmp/half.h5', {half!r})")
    error = reader.raw("await tf.loadLayersModel('/tmp/half.h5')")["error"]
    assert error["type"] == "FormatError"
    assert "broken" in error["message"]


@pytest.mark.parametrize("ending", [".keras", ".h5"])
def test_what_the_page_saves_it_loads_and_trains_on(pyo, ending):
    """Without a network, and without NumPy where the page has none."""
    pyo.run(
        "from tfjs_pyo import keras\n"
        "model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, activation='tanh'), keras.layers.Dense(1)])\n"
        "model.compile('adam', 'mse', metrics=['mae'])\n"
        "history = model.fit([[1.0, 2.0], [3.0, 4.0]], [[1.0], [0.0]], verbose=0)\n"
        f"model.save('/tmp/own{ending}')\n"
        f"again = keras.models.load_model('/tmp/own{ending}')"
    )
    found = pyo.run("[each([[1.0, 2.0]]).array_sync() for each in (model, again)]")
    assert found[0] == found[1]
    losses = pyo.run(
        "[each.fit([[1.0, 2.0], [3.0, 4.0]], [[1.0], [0.0]], verbose=0).history['loss'] for each in (model, again)]"
    )
    assert losses[0] == losses[1]


def test_weights_come_from_safetensors(pyo):
    kernel, bias = np.arange(6, dtype=np.float32).reshape(3, 2), np.array([0.5, -0.5], np.float32)
    content = base64.b64encode(safetensors({"d/kernel": ("F32", kernel), "d/bias": ("F32", bias)})).decode()
    pyo.run(
        "model = tf.sequential({'layers': [tf.layers.dense({'units': 2, 'inputShape': [3], 'name': 'd'})]})"
    )
    pyo.run(f"import base64\nmodel.loadWeights(base64.b64decode({content!r}))")
    assert pyo.run("model.predict(tf.ones([1, 3])).array_sync()") == [[6.5, 8.5]]
    assert json.loads(json.dumps(pyo.run("model.getWeights()[0].array_sync()"))) == kernel.tolist()
