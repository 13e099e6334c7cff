"""The order of layers, and with it that of weights, in drawn graphs: TensorFlow.js's, as record_graphs.mjs noted it."""

import asyncio
import random

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.graphs.drawn import Drawn, inputs_of, outputs_of, records
from tests.io.recorded import arrays

RECORDS = records()
NUMBERS = range(len(RECORDS))


def made(number, **options):
    drawn = Drawn(RECORDS[number]["graph"], tf, **options)
    drawn.fill()
    return drawn


def connected(order, recorded):
    """An order without inputs that no output depends on: TensorFlow.js does not list them."""
    return [name for name in order if name in recorded or not name.rpartition("/")[2].startswith("in")]


@pytest.mark.parametrize("number", NUMBERS)
def test_layers_are_in_the_order_of_tensorflow_js(number):
    drawn, expected = made(number), RECORDS[number]["layers"]
    orders = {name: connected(drawn.order(model), expected[name]) for name, model in drawn.models()}
    assert orders == expected


@pytest.mark.parametrize("number", NUMBERS)
def test_weights_and_predictions_are_those_of_tensorflow_js(number):
    drawn, record = made(number), RECORDS[number]
    found = [(list(w.shape), float(w.numpy().ravel()[0])) for w in drawn.model.getWeights()]
    assert [shape for shape, _ in found] == [each["shape"] for each in record["weights"]]
    np.testing.assert_allclose(
        [value for _, value in found], [each["first"] for each in record["weights"]], rtol=1e-5
    )
    predicted = outputs_of(drawn.model.predict(inputs_of(record["graph"])))
    for a, b in zip(predicted, arrays(record["outputs"]), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("face", [tf, tf.keras], ids=["tf", "tf.keras"])
@pytest.mark.parametrize("number", range(0, 60, 4))
def test_freezing_changes_no_order(number, face):
    """Whatever is frozen, by layers or models: weights of another one of the same kind go where they belong."""
    source, frozen = (Drawn(RECORDS[number]["graph"], face) for _ in range(2))
    source.fill()
    before = [w.name for w in frozen.model.weights]
    stream = random.Random(number)
    for layer in [*frozen.leaves(), *(model for _, model in frozen.models())]:
        layer.trainable = stream.random() < 0.5
    assert [w.name for w in frozen.model.weights] == before
    frozen.model.set_weights(source.model.get_weights())
    inputs = inputs_of(RECORDS[number]["graph"])
    expected = outputs_of(source.model.predict(inputs))
    for a, b in zip(outputs_of(frozen.model.predict(inputs)), expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)


@pytest.mark.parametrize("number", [n for n in NUMBERS if RECORDS[n]["nodes"] is not None])
def test_files_list_layers_and_weights_as_tensorflow_js_does(number):
    drawn, record = made(number), RECORDS[number]
    saved = []
    asyncio.run(drawn.model.save(tf.io.withSaveHandler(saved.append)))
    specs = [{"name": spec["name"], "shape": list(spec["shape"])} for spec in saved[0]["weightSpecs"]]
    assert specs == record["saved"]
    config = saved[0]["modelTopology"]["config"]
    assert config["output_layers"] == record["nodes"]["output_layers"]
    nodes = {layer["name"]: layer["inbound_nodes"] for layer in config["layers"]}
    for name, expected in record["nodes"]["layers"]:
        assert nodes[name] == expected
