"""Graph models in the page: branches, loops, lists, tables and a network on WebGL2 give what TensorFlow.js gives."""

import json

import numpy as np

from tests.graph_models.helpers import RECORDS
from tests.graph_models.test_ops import ORACLES
from tests.io.test_converter import GRAPHS
from tests.tfjs.replay import Stream, draw

PROGRAM = """
import base64, json
import tfjs_pyo as tf

async def computed(record, feeds):
    artifacts = {**record["artifacts"], "weightData": base64.b64decode(record["weightData"])}
    model = await tf.loadGraphModel(tf.io.fromMemory(artifacts))
    inputs = {name: tf.tensor(values, record["inputs"][name]["shape"], dtype) for name, (values, dtype) in feeds.items()}
    found = await model.executeAsync(inputs, record["outputs"])
    result = [(await each.data()) for each in (found if isinstance(found, list) else [found])]
    model.dispose()
    return [list(map(float, values)) for values in result]
"""


def test_graphs_of_several_nodes_compute_what_tensorflow_js_computes(pyo):
    records = [
        record
        for record in RECORDS
        if record["name"] not in ORACLES
        and len(record["artifacts"]["modelTopology"]["node"]) > len(record["inputs"]) + 1
        and all(result["dtype"] != "string" for result in record["results"])
    ]
    assert len(records) > 30
    pyo.run(PROGRAM)
    pyo.run(f"records = json.loads({json.dumps(records)!r})")
    for number, record in enumerate(records):
        stream = Stream(record["seed"])
        feeds = {name: draw(stream, spec) for name, spec in record["inputs"].items()}
        given = {
            name: (np.array(tensor.array_sync()).flatten().tolist(), tensor.dtype)
            for name, tensor in feeds.items()
        }
        found = pyo.run(f"await computed(records[{number}], {given!r})")
        for values, expected in zip(found, record["results"], strict=True):
            np.testing.assert_allclose(
                values, np.array(expected["data"], float), rtol=1e-4, atol=1e-5, err_msg=record["name"]
            )


def test_a_model_comes_from_the_pages_files_and_stores(pyo):
    """Saved in Pyodide's file system and in IndexedDB."""
    network = next(record for record in RECORDS if record["name"] == "a network")
    pyo.run(PROGRAM + f"record = json.loads({json.dumps(network)!r})")
    pyo.run(
        """
artifacts = {**record["artifacts"], "weightData": base64.b64decode(record["weightData"])}
first = await tf.loadGraphModel(tf.io.fromMemory(artifacts))
await first.save("file:///tmp/network")
await first.save("indexeddb://network")
"""
    )
    found = pyo.run(
        """
image = tf.ones([2, 8, 8, 3])
models = [first, await tf.loadGraphModel("/tmp/network/model.json"), await tf.loadGraphModel("indexeddb://network")]
result = [[round(float(v), 6) for v in model.execute(image, "probabilities").data_sync()] for model in models]
await tf.io.removeModel("indexeddb://network")
for model in models: model.dispose()
image.dispose()
result
"""
    )
    assert found[0] == found[1] == found[2]
    assert len(set(found[0])) > 1


def test_what_the_converter_made_of_tensorflows_loops_computes_the_same(pyo):
    """Loops, branches, lists of tensors and an LSTM, in both forms of control flow; its files lie in several pieces."""
    pyo.run("import base64, json, os")
    for number, record in enumerate(GRAPHS.values()):
        pyo.run(
            f"""
files, (given,) = json.loads({json.dumps(record["files"])!r}), json.loads({json.dumps(record["inputs"])!r})
os.makedirs("/tmp/converted{number}")
for name, content in files.items():
    with open(f"/tmp/converted{number}/{{name}}", "wb") as file:
        file.write(base64.b64decode(content))
model = await tf.loadGraphModel("/tmp/converted{number}/model.json")
x = tf.tensor(given["values"], given["shape"])
named = await model.predictAsync(x)
found = {{name: (value.shape, list(map(float, value.data_sync()))) for name, value in named.items()}}
for each in (model, x, *named.values()):
    each.dispose()
"""
        )
        found = pyo.run("found")
        assert set(found) == set(record["named"])
        for name, expected in record["named"].items():
            shape, values = found[name]
            assert shape == expected["shape"]
            np.testing.assert_allclose(values, expected["values"], rtol=1e-4, atol=1e-5, err_msg=name)
