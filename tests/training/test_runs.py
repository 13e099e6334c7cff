"""Training runs give what they give in TensorFlow.js (recorded by record_training.mjs): history, weights, predictions."""

import asyncio
import json
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.waves import filled
from tfjs_pyo import naming
from tfjs_pyo.losses.functions import LOSSES

HERE = Path(__file__).parent
RECORD = json.loads((HERE / "training_by_tfjs.json").read_text(encoding="utf-8"))
RUNS = RECORD["runs"]
SAMPLES = 10
RTOL = 5e-5


TARGETS = {
    "signed": lambda n: filled((n, 3), 3, 2),
    "positive": lambda n: np.abs(filled((n, 3), 3, 2)) + np.float32(0.1),
    "hot": lambda n: np.eye(3, dtype=np.float32)[np.arange(n) * 7 % 3],
    "classes": lambda n: (np.arange(n) * 7 % 3).reshape(n, 1).astype(np.float32),
    "bits": lambda n: (filled((n, 3), 5, 1) > 0).astype(np.float32),
    "signs": lambda n: np.sign(filled((n, 3), 5, 1)),
    "bit": lambda n: (filled((n, 1), 5, 1) > 0).astype(np.float32),
    "one": lambda n: filled((n, 1), 6, 1),
}


def data(kind, count=SAMPLES, seed=1):
    return filled((count, 5), seed, 2), TARGETS[kind](count)


def weights_of(model):
    """The weights in TensorFlow.js's order, which has those that are frozen last."""
    return [*model.trainable_weights, *model.non_trainable_weights]


def set_weights(model):
    for i, weight in enumerate(weights_of(model)):
        value = filled(weight.shape, 50 + i, 0.4)
        weight.assign(tf.tensor(np.abs(value) if "variance" in weight.name else value))


def compiled(spec):
    layers = [getattr(tf.layers, factory)(config) for factory, config in spec["layers"]]
    model = tf.sequential({"layers": layers})
    set_weights(model)
    given = dict(spec["compile"])
    if isinstance(given["optimizer"], list):
        name, values = given["optimizer"]
        given["optimizer"] = getattr(tf.train, name)(*values)
    model.compile(given)
    return model


def assert_near(tensor, expected):
    """Compares a tensor with its recorded elements, within a share of the largest."""
    near = RTOL * np.abs(expected).max() + 1e-6
    np.testing.assert_allclose(tensor.numpy().reshape(-1), expected, rtol=0, atol=near)


def assert_weights(model, expected):
    for weight, values in zip(weights_of(model), expected, strict=True):
        assert_near(weight, values)


def assert_history(found, expected):
    assert set(found.history) == set(expected["history"])
    assert found.epoch == expected["epoch"]
    for name, values in expected["history"].items():
        np.testing.assert_allclose(found.history[name], values, rtol=RTOL, atol=1e-6, err_msg=name)


def fitted(model, spec):
    options = dict(spec["fit"])
    if "validationData" in options:
        options["validationData"] = data(spec["y"], options["validationData"], 2)
    if "earlyStopping" in options:
        options["callbacks"] = [tf.callbacks.earlyStopping(options.pop("earlyStopping"))]
    return asyncio.run(model.fit(*data(spec["y"]), {**options, "verbose": 0}))


NAN_THERE = {name for name, run in RUNS.items() if any(None in values for values in run["history"].values())}
"""Runs whose history has NaN in TensorFlow.js: it subtracts epsilon under a root."""


@pytest.mark.parametrize("name", [name for name in RUNS if name not in NAN_THERE])
def test_run(name):
    spec = RUNS[name]
    model = compiled(spec)
    assert_history(fitted(model, spec), spec)
    assert_weights(model, spec["weights"])
    x, y = data(spec["y"])
    evaluated = model.evaluate(x, y, {"batchSize": 3})
    numbers = [float(t) for t in (evaluated if isinstance(evaluated, list) else [evaluated])]
    if name == "penalties":  # TensorFlow.js forgets penalties in evaluation; Keras does not
        assert numbers.pop(0) > spec["evaluated"].pop(0)
    np.testing.assert_allclose(numbers, spec["evaluated"], rtol=RTOL, atol=1e-6)
    assert_near(model.predict(x), spec["predicted"])


@pytest.mark.parametrize("name", sorted(NAN_THERE))
def test_run_is_finite_where_it_is_not_there(name):
    model = compiled(RUNS[name])
    history = fitted(model, RUNS[name])
    assert all(np.isfinite(values).all() for values in history.history.values())


@pytest.mark.parametrize("name", [name for name in RUNS if name.startswith("optimizer ")])
def test_configs_of_optimizers(name):
    config = compiled(RUNS[name]).optimizer.get_config()
    found = {naming.fold(key): value for key, value in config.items()}
    for key, value in RUNS[name]["optimizer"].items():
        assert found[naming.fold(key)] == (pytest.approx(value) if isinstance(value, float) else value), key


@pytest.mark.parametrize("name", RECORD["severalOutputs"])
def test_several_outputs(name):
    spec = RECORD["severalOutputs"][name]
    x = tf.input({"shape": [5]})
    hidden = tf.layers.dense({"units": 4, "activation": "tanh"}).apply(x)
    one = tf.layers.dense({"units": 1, "name": "one"}).apply(hidden)
    two = tf.layers.dense({"units": 3, "activation": "softmax", "name": "two"}).apply(hidden)
    model = tf.model({"inputs": x, "outputs": [one, two]})
    set_weights(model)
    model.compile({"optimizer": tf.train.sgd(0.05), "loss": spec["loss"], "metrics": ["mae"]})
    targets = [TARGETS["one"](SAMPLES), TARGETS["hot"](SAMPLES)]
    options = {"epochs": 3, "batchSize": 4, "shuffle": False, "verbose": 0}
    assert_history(asyncio.run(model.fit(filled((SAMPLES, 5), 1, 2), targets, options)), spec)
    assert_weights(model, spec["weights"])


def test_on_batches():
    spec = {"layers": RUNS["frozen layer"]["layers"], "compile": {"optimizer": ["momentum", [0.05, 0.8]]}}
    spec["layers"] = [[factory, {**config, "trainable": True}] for factory, config in spec["layers"]]
    spec["compile"] |= {"loss": "categoricalCrossentropy", "metrics": ["accuracy"]}
    model = compiled(spec)
    for step, expected in enumerate(RECORD["onBatches"]["steps"]):
        found = asyncio.run(model.trainOnBatch(*data("hot", 4 + step, step + 1)))
        np.testing.assert_allclose(found, expected, rtol=RTOL)
    assert_weights(model, RECORD["onBatches"]["weights"])


KERAS_ONLY = {
    "huber", "tversky", "dice", "circle", "binaryfocalcrossentropy", "categoricalfocalcrossentropy",
    "categoricalgeneralizedcrossentropy", "ctc",
}  # fmt: skip
"""Losses that TensorFlow.js has not: tests/keras compares them with Keras."""


def test_every_loss_and_optimizer_is_recorded():
    losses = {name.split(" ")[1] for name in RUNS if name.startswith("loss ")}
    known = {name for name in LOSSES.items if naming.fold(name) not in KERAS_ONLY}
    assert {naming.fold(name) for name in losses} == {naming.fold(name) for name in known}
    recorded = {name.split(" ")[1].split("(")[0] for name in RUNS if name.startswith("optimizer ")}
    assert recorded == set(RECORD["optimizers"])
