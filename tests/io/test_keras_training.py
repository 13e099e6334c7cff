"""Training goes on where Keras stopped: the state of the optimizer comes with `.keras` and `.h5` files."""

import asyncio
import base64
import json
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf

RECORDED = json.loads(Path(__file__).with_name("keras_training.json").read_text(encoding="utf-8"))


def array(record):
    return np.array(record["values"], np.float32).reshape(record["shape"])


def loaded(run):
    name = f"model{run['form']}"
    return asyncio.run(tf.loadLayersModel(tf.io.browserFiles([(name, base64.b64decode(run["file"]))])))


@pytest.mark.parametrize("run", RECORDED["runs"], ids=lambda run: f"{run['optimizer']}{run['form']}")
def test_training_goes_on_as_in_keras(run):
    model = loaded(run)
    x, y = tf.tensor(array(RECORDED["x"])), tf.tensor(array(RECORDED["y"]))
    history = asyncio.run(model.fit(x, y, {"epochs": 4, "batchSize": 8, "shuffle": False, "verbose": 0}))
    np.testing.assert_allclose(history.history["loss"], run["losses"], rtol=2e-4)
    for found, expected in zip(model.getWeights(), run["weights"], strict=True):
        np.testing.assert_allclose(found.numpy(), array(expected), rtol=2e-3, atol=2e-5)


def test_a_state_that_does_not_fit_is_told_of_and_left_out():
    run = next(run for run in RECORDED["runs"] if (run["optimizer"], run["form"]) == ("adam", ".h5"))
    content = base64.b64decode(run["file"]).replace(b'"amsgrad": false', b'"amsgrad": true ')
    with pytest.warns(
        UserWarning, match="state of the optimizer in the file is of another form than adam has here"
    ):
        model = asyncio.run(tf.loadLayersModel(tf.io.browserFiles([("model.h5", content)])))
    assert model.optimizer.amsgrad


def test_the_decay_of_keras_2_lowers_the_rate():
    run = next(run for run in RECORDED["runs"] if (run["optimizer"], run["form"]) == ("sgd", ".h5"))
    option = b'"loss_scale_factor": null'
    content = base64.b64decode(run["file"]).replace(option, b'"decay": 0.5'.ljust(len(option)))
    model = asyncio.run(tf.loadLayersModel(tf.io.browserFiles([("model.h5", content)])))
    found = [model.optimizer.given_rate(step).item() for step in range(3)]
    np.testing.assert_allclose(found, [0.1, 0.1 / 1.5, 0.1 / 2], rtol=1e-6)
