"""What tensorflowjs's converter made of models of Keras and TensorFlow, and files of Keras 2: they predict the same here."""

import asyncio
import base64
import json

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.io.recorded import FOLDER, agree, arrays

RECORDS = json.loads((FOLDER / "converter.json").read_text(encoding="utf-8"))
LAYERS, GRAPHS = RECORDS["layers"], RECORDS["graphs"]
ROUNDED = {"uint8": 5e-2, "uint16": 1e-3, "float16": 1e-2}
"""How far predictions of quantised weights may be off."""


def unpacked(record, folder):
    for name, content in record["files"].items():
        (folder / name).write_bytes(base64.b64decode(content))
    return folder / "model.json"


@pytest.mark.parametrize("name", LAYERS)
def test_layers_models(tmp_path, name):
    record = LAYERS[name]
    assert len(record["files"]) > 1
    model = asyncio.run(tf.loadLayersModel(unpacked(record, tmp_path)))
    agree(model, record, rtol=ROUNDED.get(name.split()[-1], 1e-4))
    lacks_optimizer = name.startswith("keras3") and name.endswith(".keras")  # the converter leaves it out
    assert (model.optimizer is None) == lacks_optimizer


@pytest.mark.parametrize("name", [name for name, record in LAYERS.items() if "source" in record])
def test_files_of_keras_2(tmp_path, name):
    record = LAYERS[name]
    path = tmp_path / f"model{name.split()[-1]}"
    path.write_bytes(base64.b64decode(record["source"]))
    agree(asyncio.run(tf.loadLayersModel(path)), record)


def test_names_mean_what_they_mean_in_the_version_that_wrote_them(tmp_path):
    """hard_sigmoid is clip(0.2 x + 0.5) in Keras 2 and clip(x / 6 + 0.5) in Keras 3."""
    for name, expected in (
        ("keras2 recurrent .h5", "hard_sigmoid"),
        ("keras3 recurrent .keras", "hard_sigmoid6"),
    ):
        model = asyncio.run(tf.loadLayersModel(unpacked(LAYERS[name], tmp_path)))
        inner = next(layer for layer in model.layers if layer.name in ("both", "bidirectional"))
        assert inner.layer.recurrent_activation.__name__ == expected


@pytest.mark.parametrize("name", GRAPHS)
def test_graph_models(tmp_path, name):
    record = GRAPHS[name]
    model = asyncio.run(tf.loadGraphModel(unpacked(record, tmp_path)))
    (x,) = arrays(record["inputs"])
    found = asyncio.run(model.predictAsync(tf.tensor(x)))
    assert set(found) == set(record["named"])
    for key, value in record["named"].items():
        (expected,) = arrays([value])
        assert found[key].shape == expected.shape, key
        np.testing.assert_allclose(found[key].array_sync(), expected, rtol=1e-5, atol=1e-6, err_msg=key)
