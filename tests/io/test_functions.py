"""Graphs of Keras 2 with functions of TensorFlow among the layers; `record_functions.py` recorded them and what they predict."""

import asyncio
import json
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import FormatError, TfError

RECORDED = json.loads(Path(__file__).with_name("functions.json").read_text())
GRAPHS = [name for name, record in RECORDED.items() if "weights" not in record]


def outputs_of(model, record):
    found = model.predict(tf.tensor(np.array(record["x"], np.float32)))
    return [each.numpy() for each in (found if isinstance(found, list) else [found])]


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.filterwarnings("error")
def test_what_functions_predict(name):
    record = RECORDED[name]
    model = asyncio.run(tf.models.modelFromJSON(record["config"]))
    again = asyncio.run(tf.models.modelFromJSON(model.to_json()))
    first = outputs_of(model, record)
    for number, (got, expected) in enumerate(zip(first, record["outputs"], strict=True)):
        assert got.shape == np.shape(expected), number
        np.testing.assert_allclose(got, expected, rtol=2e-5, atol=2e-6, err_msg=str(number))
    for got, expected in zip(outputs_of(again, record), first, strict=True):
        np.testing.assert_array_equal(got, expected)


def test_layers_of_functions_have_the_names_of_the_file():
    names = [layer["name"] for layer in RECORDED["multiply"]["config"]["config"]["layers"]]
    model = asyncio.run(tf.models.modelFromJSON(RECORDED["multiply"]["config"]))
    assert [layer.name for layer in model.layers] == names == ["x", "tf.math.multiply"]
    assert model.get_layer("tf.math.multiply").output.shape == (None, 4, 3)


def test_models_of_the_kind_of_efficientnet():
    record = RECORDED["efficientnet"]
    specs, data = [], []
    for name, values, dtype in record["weights"]:
        array = np.array(values, np.int32 if dtype.startswith("int") else np.float32)
        specs.append({"name": name.partition(":")[0], "shape": list(array.shape), "dtype": array.dtype.name})
        data.append(array.tobytes())
    told = {"modelTopology": {"model_config": record["config"], "keras_version": "2.9.0"}, "weightSpecs": specs,
            "weightData": b"".join(data)}  # fmt: skip
    model = asyncio.run(tf.loadLayersModel(tf.io.fromMemory(told)))
    np.testing.assert_allclose(outputs_of(model, record)[0][0, ::5, ::5], record["outputs"][0], rtol=1e-4)


def graph(function, node, kind="TFOpLambda"):
    layers = [
        {"class_name": "InputLayer", "name": "x", "config": {"name": "x", "batch_input_shape": [None, 3]}, "inbound_nodes": []},
        {"class_name": kind, "name": "f", "config": {"name": "f", "function": function}, "inbound_nodes": [node]},
    ]  # fmt: skip
    config = {"name": "m", "layers": layers, "input_layers": [["x", 0, 0]], "output_layers": [["f", 0, 0]]}
    return {"class_name": "Functional", "config": config, "keras_version": "2.9.0"}


@pytest.mark.parametrize(
    ("function", "message"),
    [("math.multipli", "Did you mean 'math.multiply'"), ("nn.nothing_like_that", "not known here"),
     (None, "a name of TensorFlow's"),
     ({"a": 1}, "a name of TensorFlow's"), ("__import__", "not known here"), ("os.system", "not known here"),
     ("", "not known here"), ("x" * 100_000, "not known here"), ("math", "not known here"), ("math.__class__", "not known here")],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_functions_that_are_not_known(function, message):
    with pytest.raises(FormatError, match=message):
        asyncio.run(tf.models.modelFromJSON(graph(function, ["x", 0, 0, {}])))


@pytest.mark.parametrize(
    "node",
    [["x", 0, 0, {"y": {"class_name": "Dense"}}], ["x", 0, 0, {"y": ["nobody", 0, 0]}], ["x", 0, 0, {"z": 1}], ["x", 0, 0], [],
     ["_CONSTANT_VALUE", -1, 2.0, {"y": 2.0}], ["_CONSTANT_VALUE"], [["x", 0, 0, 5]], ["x", 0, 0, {"y": "text"}],
     ["x", 0, 0, {"y": [[[[["x", 0, 0]]]]]}], ["x", 0, 0, {"y": [1, [2]]}], ["f", 0, 0, {"y": 1}]],
)  # fmt: skip
def test_calls_of_functions_that_are_none(node):
    with pytest.raises(TfError):
        asyncio.run(tf.models.modelFromJSON(graph("math.multiply", node)))


@pytest.mark.parametrize(
    "spec",
    [[{"start": "a"}], ["a"], [[0, 1]], [0, 0, 0], {"start": 1.5}, [{"step": 0}], None, [{"class_name": "Dense"}]],
)  # fmt: skip
def test_slices_that_are_none(spec):
    with pytest.raises(TfError):
        asyncio.run(
            tf.models.modelFromJSON(
                graph("__operators__.getitem", ["x", 0, 0, {"slice_spec": spec}], "SlicingOpLambda")
            )
        )


def test_lengths_have_an_end():
    """Each squares the one before: written out, the last would have more digits than there are atoms."""
    told = graph("shape", ["x", 0, 0, {}])
    layers = told["config"]["layers"]
    layers[0]["config"]["batch_input_shape"] = [None, 9]

    def more(name, function, node):
        layers.append(
            {
                "class_name": "TFOpLambda",
                "name": name,
                "config": {"function": function},
                "inbound_nodes": [node],
            }
        )

    more("n0", "__operators__.getitem", ["f", 0, 0, {"slice_spec": 1}])
    for number in range(200):
        more(f"n{number + 1}", "math.multiply", [f"n{number}", 0, 0, {"y": [f"n{number}", 0, 0]}])
    with pytest.raises(FormatError, match=r"lengths of axes below 2\^31"):
        asyncio.run(tf.models.modelFromJSON(told))
