"""Ops of TensorFlow that Keras 2 saved as layers (TensorFlow 2.0 to 2.3): they load, compute, train, and are saved again."""

import base64
import json
import struct

import numpy as np
import pytest

from tfjs_pyo import keras
from tfjs_pyo.errors import FormatError, TfError
from tfjs_pyo.graph_models.graph import node_of
from tfjs_pyo.graph_models.node_defs import node_def

FLOAT = {"T": {"type": "DT_FLOAT"}}
INDEX = {"Tidx": {"type": "DT_INT32"}}
X = np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -1.5]], np.float32)

# Name of the op, attributes, constants by their places, and what it computes of x.
OPS = {
    "AddV2": (FLOAT, {"1": 2.0}, lambda x: x + 2),
    "Mul": (FLOAT, {"0": [1.0, 2.0, 3.0]}, lambda x: x * [1, 2, 3]),
    "Sub": (FLOAT, {"0": 1.0}, lambda x: 1 - x),
    "RealDiv": (FLOAT, {"1": 4.0}, lambda x: x / 4),
    "Maximum": (FLOAT, {"1": 0.0}, lambda x: np.maximum(x, 0)),
    "Pow": (FLOAT, {"1": 2.0}, lambda x: x**2),
    "Abs": (FLOAT, {}, np.abs),
    "Exp": (FLOAT, {}, np.exp),
    "Sum": ({"keep_dims": {"b": True}, **INDEX, **FLOAT}, {"1": [1]}, lambda x: x.sum(1, keepdims=True)),
    "Mean": ({"keep_dims": {"b": False}, **INDEX, **FLOAT}, {"1": -1}, lambda x: x.mean(1)),
    "Reshape": ({"Tshape": {"type": "DT_INT32"}, **FLOAT}, {"1": [-1, 3, 1]}, lambda x: x[..., None]),
    "ExpandDims": ({"Tdim": {"type": "DT_INT32"}, **FLOAT}, {"1": 1}, lambda x: x[:, None]),
    "Transpose": ({"Tperm": {"type": "DT_INT32"}, **FLOAT}, {"1": [0, 1]}, lambda x: x),
    "Cast": ({"SrcT": {"type": "DT_FLOAT"}, "DstT": {"type": "DT_INT32"}}, {}, lambda x: x.astype(np.int32)),
    "ClipByValue": (FLOAT, {"1": -1.0, "2": 1.0}, lambda x: x.clip(-1, 1)),
    "GatherV2": (
        {"Taxis": {"type": "DT_INT32"}, "Tindices": {"type": "DT_INT32"}, "Tparams": {"type": "DT_FLOAT"}},
        {"1": [2, 0], "2": 1},
        lambda x: x[:, [2, 0]],
    ),
    "StridedSlice": (
        {"begin_mask": {"i": "1"}, "end_mask": {"i": "1"}, "shrink_axis_mask": {"i": "2"}, "Index": {"type": "DT_INT32"},
         **FLOAT},
        {"1": [0, 1], "2": [0, 2], "3": [1, 1]},
        lambda x: x[:, 1],
    ),
    "MatMul": (
        {"transpose_a": {"b": False}, "transpose_b": {"b": False}, **FLOAT},
        {"1": [[1.0], [2.0], [3.0]]},
        lambda x: x @ [[1], [2], [3]],
    ),
    "Tile": ({"Tmultiples": {"type": "DT_INT32"}, **FLOAT}, {"1": [1, 2]}, lambda x: np.tile(x, (1, 2))),
}  # fmt: skip


def model_of(op, attrs, constants, form=lambda given: given, inputs=("dense",)):
    """The JSON of a model: an input, a dense layer that changes nothing, and an op."""
    given = {"name": op, "op": op, "input": ["dense/BiasAdd", f"{op}/y"], "attr": attrs}
    layers = [
        {"class_name": "InputLayer", "name": "x", "inbound_nodes": [],
         "config": {"batch_input_shape": [None, 3], "dtype": "float32", "sparse": False, "ragged": False, "name": "x"}},
        {"class_name": "Dense", "name": "dense", "inbound_nodes": [[["x", 0, 0, {}]]],
         "config": {"name": "dense", "units": 3, "kernel_initializer": {"class_name": "Identity", "config": {}}}},
        {"class_name": "TensorFlowOpLayer", "name": f"tf_op_layer_{op}",
         "inbound_nodes": [[[name, 0, 0, {}] for name in inputs]],
         "config": {"name": op, "trainable": True, "dtype": "float32", "node_def": form(given), "constants": constants}},
    ]  # fmt: skip
    config = {
        "name": "m",
        "layers": layers,
        "input_layers": [["x", 0, 0]],
        "output_layers": [[f"tf_op_layer_{op}", 0, 0]],
    }
    return json.dumps(
        {"class_name": "Functional", "config": config, "keras_version": "2.4.0", "backend": "tensorflow"}
    )


def varint(number):
    number %= 2**64
    found = b""
    while number > 0x7F:
        found, number = found + bytes([number & 0x7F | 0x80]), number >> 7
    return found + bytes([number])


def part(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


TYPES = {"DT_FLOAT": 1, "DT_INT32": 3}


def serialized(given):
    """A node as protocol buffers have it: what TensorFlow 2.0 saved."""

    def attr(value):
        ((kind, content),) = value.items()
        return {
            "s": lambda: part(2, base64.b64decode(content)),
            "i": lambda: varint(3 << 3) + varint(int(content)),
            "f": lambda: varint(4 << 3 | 5) + struct.pack("<f", content),
            "b": lambda: varint(5 << 3) + varint(int(content)),
            "type": lambda: varint(6 << 3) + varint(TYPES[content]),
        }[kind]()

    found = part(1, given["name"].encode()) + part(2, given["op"].encode())
    found += b"".join(part(3, each.encode()) for each in given["input"])
    for key, value in given["attr"].items():
        found += part(5, part(1, key.encode()) + part(2, attr(value)))
    return found


FORMS = {
    "dict": lambda given: given,
    "text": json.dumps,
    "serialized": lambda given: serialized(given).decode(),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("op", OPS)
def test_ops_compute_what_they_mean_and_are_saved_again(op, form, tmp_path):
    attrs, constants, meaning = OPS[op]
    model = keras.models.model_from_json(model_of(op, attrs, constants, FORMS[form]))
    expected = meaning(X)
    found = model.predict(X, verbose=0)
    np.testing.assert_allclose(found, expected, rtol=2e-6)
    assert model.get_layer(f"tf_op_layer_{op}").output.shape == (None, *expected.shape[1:])
    again = keras.models.model_from_json(model.to_json())
    np.testing.assert_array_equal(again.predict(X, verbose=0), found)
    if form == "dict":
        model.save(tmp_path / "model.keras")
        loaded = keras.models.load_model(tmp_path / "model.keras")
        np.testing.assert_array_equal(loaded.predict(X, verbose=0), found)


def test_several_layers_are_inputs():
    model = keras.models.model_from_json(
        model_of("ConcatV2", {"N": {"i": "2"}, **INDEX, **FLOAT}, {"2": 1}, inputs=("dense", "x"))
    )
    np.testing.assert_allclose(model.predict(X, verbose=0), np.concatenate([X, X], 1))


def test_models_with_ops_are_trained():
    attrs, constants, _ = OPS["Sum"]
    model = keras.models.model_from_json(model_of("Sum", attrs, constants))
    model.compile("sgd", "mse")
    before = model.evaluate(X, np.zeros((2, 1)), verbose=0)
    model.fit(X, np.zeros((2, 1)), epochs=5, verbose=0)
    assert model.evaluate(X, np.zeros((2, 1)), verbose=0) < before


def test_what_is_no_op_is_refused_in_words():
    for op, constants, form, match in (
        (
            "Mull",
            {},
            lambda given: given,
            "the op 'Mull' of TensorFlow is not known here. Did you mean 'Mul'",
        ),
        ("Mul", {"y": 2}, lambda given: given, "expected 'constants' by their places"),
        ("Mul", [2.0], lambda given: given, "expected 'constants' by their places"),
        ("Mul", {"1": 2.0}, lambda given: "{", "expected 'node_def' to be JSON"),
        ("Mul", {"1": 2.0}, lambda given: "\x07", "received bytes that are none"),
        ("Mul", {"1": 2.0}, lambda given: 5, "expected 'node_def' to be a node"),
        ("Mul", {"1": 2.0}, lambda given: {}, "expected a node with 'name' and 'op'"),
        ("Mul", {}, lambda given: given, "missing a required argument(.|\n)*tf_op_layer_Mul"),
    ):
        with pytest.raises(TfError, match=match):
            keras.models.model_from_json(model_of(op, FLOAT, constants, form))


def test_serialized_nodes_that_are_cut_or_changed_are_read_or_refused():
    given = {"name": "n", "op": "Mul", "input": ["a:0", "b"], "attr": {
        "T": {"type": "DT_FLOAT"}, "n": {"i": "-3"}, "f": {"f": 0.5}, "b": {"b": True},
        "s": {"s": base64.b64encode(b"NHWC").decode()},
    }}  # fmt: skip
    data = serialized(given)
    made, wanted = node_of(node_def(data, "test")), node_of(given)
    assert made == wanted
    for place in range(len(data)):
        for changed in (data[:place], data[:place] + bytes([data[place] ^ 0x15]) + data[place + 1 :]):
            try:
                node_of(node_def(changed, "test"))
            except FormatError:
                continue
