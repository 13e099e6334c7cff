"""CuDNNLSTM and CuDNNGRU of Keras 2 become LSTM and GRU that predict the same; `record_cudnn.py` recorded what Keras predicts."""

import asyncio
import base64
import json
import zlib
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import FormatError
from tfjs_pyo.io.keras_files import artifacts_in

RECORDED = json.loads(Path(__file__).with_name("cudnn.json").read_text())


def content(text):
    return zlib.decompress(base64.b64decode(text))


def assert_predicts(model, record):
    found = model.predict(tf.tensor(np.array(record["x"], np.float32)))
    for got, expected in zip(found if isinstance(found, list) else [found], record["outputs"], strict=True):
        np.testing.assert_allclose(got.numpy(), np.array(expected), rtol=1e-5, atol=1e-6)


@pytest.fixture(params=RECORDED)
def record(request):
    return RECORDED[request.param]


def test_whole_models(record, tmp_path):
    path = tmp_path / "model.h5"
    path.write_bytes(content(record["h5"]))
    model = asyncio.run(tf.loadLayersModel(str(path)))
    assert_predicts(model, record)
    asyncio.run(model.save(str(tmp_path / "again")))
    assert_predicts(asyncio.run(tf.loadLayersModel(str(tmp_path / "again"))), record)


def converted(record, quantized=False):
    """What the converter makes of such a file."""
    specs, data = [], []
    for name, values in record["values"]:
        value = np.array(values, np.float32)
        spec = {"name": name.partition(":")[0], "shape": list(value.shape), "dtype": "float32"}
        if quantized:
            spec["quantization"] = {"dtype": "float16"}
            value = value.astype(np.float16)
        specs.append(spec)
        data.append(value.tobytes())
    topology = artifacts_in("model.h5", content(record["h5"]))["modelTopology"]
    return {"modelTopology": topology, "weightSpecs": specs, "weightData": b"".join(data)}


def test_converted_models(record):
    assert_predicts(asyncio.run(tf.loadLayersModel(tf.io.fromMemory(converted(record)))), record)


def test_quantized_models():
    model = asyncio.run(tf.loadLayersModel(tf.io.fromMemory(converted(RECORDED["lstm"], quantized=True))))
    found = model.predict(tf.tensor(np.array(RECORDED["lstm"]["x"], np.float32))).numpy()
    np.testing.assert_allclose(found, RECORDED["lstm"]["outputs"][0], atol=2e-3)


def test_bytes_beyond_those_of_the_weights_are_told_of():
    told = converted(RECORDED["lstm"])
    told["weightData"] += b"more"
    with pytest.raises(FormatError, match="bytes for all specs"):
        asyncio.run(tf.loadLayersModel(tf.io.fromMemory(told)))


def test_weights_for_layers_of_other_classes(record, tmp_path):
    path = tmp_path / "w.h5"
    path.write_bytes(content(record["weights"]))
    model = asyncio.run(tf.models.modelFromJSON(record["config"]))
    model.load_weights(str(path))
    assert_predicts(model, record)


def test_weights_by_name():
    record = RECORDED["lstm"]
    model = asyncio.run(tf.models.modelFromJSON(record["config"]))
    model.load_weights({name.partition(":")[0]: tf.tensor(values) for name, values in record["values"]})
    assert_predicts(model, record)


@pytest.mark.parametrize(
    "shapes",
    [([3, 8], [2, 8], [16, 1]), ([3, 8], [2, 8], [15]), ([3, 8, 1], [2, 8], [16]), ([3, 8], [0, 8], [16]), ([3, 8], [2, 8], None),
     ([3, 7], [2, 7], [14]), ([3, "8"], [2, 8], [16]), ("38", [2, 8], [16]), ([3, 8], [2, -8], [-16]), ([-3, 8], [2, 8], [16])],
)  # fmt: skip
def test_other_shapes_are_left_to_those_who_check(shapes):
    told = converted(RECORDED["lstm"])
    for spec, shape in zip(told["weightSpecs"], shapes, strict=False):
        spec["shape"] = shape
    with pytest.raises((FormatError, ValueError)):
        asyncio.run(tf.loadLayersModel(tf.io.fromMemory(told)))


def test_a_class_of_ones_own_of_that_name_is_taken():
    class CuDNNLSTM(tf.layers.LSTM):
        pass

    layer = {"class_name": "CuDNNLSTM", "config": {"units": 2}}
    assert type(tf.deserialize(layer, {"CuDNNLSTM": CuDNNLSTM})) is CuDNNLSTM
    assert type(tf.deserialize(layer)).__name__ == "LSTM"
