"""Every layer factory of TensorFlow.js, with drawn options, gives what it gives there (recorded by record_layers.mjs)."""

import json
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tests import waves
from tests.waves import assert_seen
from tfjs_pyo import naming

HERE = Path(__file__).parent
RECORD = json.loads((HERE / "layers_by_tfjs.json").read_text(encoding="utf-8"))
LAYERS = RECORD["layers"]


def filled(shape, seed, scale):
    return tf.tensor(waves.filled(shape, seed, scale))


def title(record):
    options = ",".join(f"{k}={v}" for k, v in record["config"].items())
    return f"{record['factory']}({options})-{record['shape']}".replace(" ", "")


def inputs(record):
    shapes = record["shape"]
    several = isinstance(shapes[0], list)
    if record.get("kind") == "whole":
        return tf.floor(tf.abs(filled(shapes, 4, 5.9)))
    made = [filled(shape, 10 + i, 1.5) for i, shape in enumerate(shapes if several else [shapes])]
    return made if several else made[0]


def built(record, make=None):
    """Returns the layer with its recorded weights."""
    layer = (make or (lambda: getattr(tf.layers, record["factory"])(record["config"])))()
    layer.apply(inputs(record))
    values = [filled(weight.shape, 50 + i, 0.4) for i, weight in enumerate(layer.weights)]
    layer.set_weights([tf.abs(v) for v in values] if record.get("kind") == "positive" else values)
    return layer


@pytest.mark.parametrize("record", LAYERS, ids=title)
def test_value_weights_and_shape(record):
    layer, x = built(record), inputs(record)
    assert_seen(layer.apply(x), record["value"])
    assert [[w.name.split("/")[-1], list(w.shape)] for w in layer.weights] == record["weights"]
    shapes = record["shape"] if isinstance(record["shape"][0], list) else [record["shape"]]
    symbols = [tf.input({"batchShape": [None, *shape[1:]]}) for shape in shapes]
    symbol = type(layer).from_config(layer.get_config()).apply(symbols if isinstance(x, list) else symbols[0])
    known = [a if a is not None else b for a, b in zip(symbol.shape, record["value"]["shape"], strict=True)]
    assert known == record["value"]["shape"]


WRONG_THERE = {
    # TF.js divides by whole windows where the mean was that of less, at padded edges.
    *("averagePooling1d", "averagePooling2d", "averagePooling3d"),
    # It confuses rows and columns of windows of volumes that are not cubes.
    "maxPooling3d",
    # That of nearest neighbours is wrong for all images but the first.
    "upSampling2d",
}
"""Factories whose gradient there is wrong."""


@pytest.mark.parametrize(
    "record", [r for r in LAYERS if r["gradients"] and r["factory"] not in WRONG_THERE], ids=title
)
def test_gradients(record):
    layer, x = built(record), inputs(record)
    given = x if isinstance(x, list) else [x]

    def loss(*tensors):
        return layer.apply(list(tensors) if isinstance(x, list) else tensors[0]).square().sum()

    found = tf.grads(loss)(given)
    if layer.trainable_weights:
        of_weights = tf.variable_grads(lambda: loss(*given), layer.trainable_weights)["grads"]
        found += [of_weights[weight.name] for weight in layer.trainable_weights]
    for gradient, expected in zip(found, record["gradients"], strict=True):
        assert_seen(gradient, expected, rtol=1e-4)


def canonical(value):
    """A config with keys and option strings in one spelling, without what is not set."""
    if isinstance(value, dict):
        return {naming.fold(key): canonical(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, (list, tuple)):
        return [canonical(entry) for entry in value]
    return naming.fold(value) if isinstance(value, str) else value


@pytest.mark.parametrize("record", LAYERS, ids=title)
def test_config_has_what_tfjs_writes_and_makes_the_same_layer(record):
    layer = built(record)
    found, written = canonical(layer.get_config()), canonical(record["written"])
    for key, value in written.items():
        if key in {"name", "batchinputshape"}:
            continue
        if key == "targetshape":  # TF.js writes null where Keras writes -1; both are read
            value = [-1 if dim is None else dim for dim in record["written"]["targetShape"]]  # noqa: PLW2901
        if key == "axis" and isinstance(value, list):  # it writes all axes, counted from the front
            rank = len(record["shape"])
            assert [axis % rank for axis in np.ravel(found[key]).tolist()] == value
            continue
        assert found[key] == value, key
    config = {**record["written"]}
    if record["factory"] == "separableConv2d":  # it does not write this one
        config["depthMultiplier"] = record["config"].get("depthMultiplier", 1)
    again = built(record, lambda: type(layer).from_config(config))
    assert_seen(again.apply(inputs(record)), record["value"])


def test_every_factory_is_recorded():
    names = json.loads((HERE.parent / "tfjs" / "names.json").read_text(encoding="utf-8"))["layers"]
    recurrent = json.loads((HERE / "recurrent.json").read_text(encoding="utf-8"))
    elsewhere = set(json.dumps(recurrent).replace('"', " ").split())
    recorded = {record["factory"] for record in LAYERS}
    short = {
        name
        for name in names
        if name.replace("avgPool", "averagePool").replace("Pool", "Pooling").replace("Poolinging", "Pooling")
        in recorded
    }
    bases = {"Layer", "RNN", "RNNCell"}  # classes to derive from
    inputs_only = {"input", "inputLayer"}  # tests/test_training.py
    random = {"randomWidth"}  # tests/layers/test_preprocessing.py: its width is drawn
    cells = {"convLstm2dCell", "simpleRNNCell"}  # what convLstm2d and simpleRNN step with
    missing = set(names) - cells - recorded - short - bases - inputs_only - random - elsewhere
    assert missing == set()


@pytest.mark.parametrize("kind", ["initializers", "regularizers", "constraints"])
def test_initializers_regularizers_and_constraints(kind):
    w = filled([3, 4], 21, 2)
    for name, config, expected in RECORD[kind]:
        made = getattr(getattr(tf, kind), name)(config)
        forms = [made]
        if kind != "initializers" or name != "identity":
            forms.append(type(made).from_config(made.get_config()))
        for form in forms:
            found = form(tuple(expected["shape"]), "float32") if kind == "initializers" else form(w)
            assert_seen(found, expected)
