"""Optimizers, losses, metrics and activations give what TensorFlow.js gives (recorded by record_tfjs.mjs)."""

import asyncio
import json
import math
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf

RECORD = json.loads((Path(__file__).parent / "recorded_by_tfjs.json").read_text(encoding="utf-8"))

OPTIMIZERS = {
    "momentum": lambda: tf.train.momentum(0.05, 0.8),
    "nesterov": lambda: tf.train.momentum({"learningRate": 0.05, "momentum": 0.8, "useNesterov": True}),
    "adamaxDecay": lambda: tf.train.adamax(0.01, 0.8, 0.9, 1e-7, 0.1),
    "rmspropMomentum": lambda: tf.train.rmsprop(0.01, 0.8, 0.5, 1e-7),
    "rmspropCentered": lambda: tf.train.rmsprop(0.01, 0.8, 0, 1e-5, True),
}


def numbers(shape, seed, scale=1.0):
    """The same numbers that look random as in record_tfjs.mjs."""
    flat = [scale * math.sin(12.9898 * (i + 1) + 78.233 * seed) for i in range(math.prod(shape))]
    return np.array(flat, np.float32).reshape(shape)


def set_weights(holder):
    holder.set_weights([numbers(w.shape, 50 + i, 0.4) for i, w in enumerate(holder.get_weights())])


@pytest.mark.parametrize("name", RECORD["training"])
def test_training_step_by_step(name):
    model = tf.sequential()
    model.add(tf.layers.dense({"units": 5, "inputShape": [4], "activation": "tanh"}))
    model.add(
        tf.layers.dense(
            {
                "units": 3,
                "activation": "softmax",
                "kernelRegularizer": tf.regularizers.l1l2({"l1": 0.01, "l2": 0.02}),
            }
        )
    )
    set_weights(model)
    optimizer = OPTIMIZERS[name]() if name in OPTIMIZERS else name
    model.compile({"optimizer": optimizer, "loss": "categoricalCrossentropy", "metrics": ["accuracy", "mse"]})
    y = np.eye(3, dtype=np.float32)[[0, 1, 2, 0, 1, 2, 2, 1, 0, 1]]
    fit = model.fit(numbers((10, 4), 1, 2), y, {"epochs": 5, "batchSize": 4, "shuffle": False})
    history = asyncio.run(fit).history
    expected = RECORD["training"][name]
    assert list(history) == list(expected["history"])
    if name == "rmspropCentered":  # TF.js subtracts epsilon under the root, and makes NaN of small gradients
        assert None in expected["history"]["loss"]
        assert np.isfinite(history["loss"]).all()
        assert history["loss"][-1] < history["loss"][0]
        return
    for key, values in expected["history"].items():
        np.testing.assert_allclose(history[key], values, rtol=2e-5, err_msg=key)
    for weight, values in zip(model.get_weights(), expected["weights"], strict=True):
        np.testing.assert_allclose(weight.numpy().reshape(-1), values, rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize(("kind", "name"), [(k, n) for k, each in RECORD["losses"].items() for n in each])
def test_losses_and_accuracy(kind, name):
    model = tf.sequential({"layers": [tf.layers.activation({"activation": "linear", "inputShape": [3]})]})
    model.compile({"optimizer": "sgd", "loss": name, "metrics": ["accuracy"]})
    signed = tf.tensor(numbers((4, 3), 2, 3))
    shares = tf.softmax(signed * 2)
    x, y = {
        "signed": (signed, tf.tensor(numbers((4, 3), 3, 2))),
        "shares": (
            tf.concat([shares.slice([0, 0], [3, 3]), tf.tensor2d([[1, 0, 0]])]),
            tf.one_hot([0, 2, 1, 1], 3),
        ),
        "classes": (shares, tf.tensor2d([[0], [2], [1], [1]])),
    }[kind]
    found = [value.array_sync() for value in model.evaluate(x, y)]
    np.testing.assert_allclose(found, RECORD["losses"][kind][name], rtol=1e-5)


@pytest.mark.parametrize("name", RECORD["activations"])
def test_activations(name):
    x = tf.tensor2d([[-100, -8, -3, -1, -0.1, 0, 0.1, 0.5, 2, 5, 7, 90]])
    found = tf.layers.activation({"activation": name}).apply(x).numpy().reshape(-1)
    np.testing.assert_allclose(found, RECORD["activations"][name], rtol=2e-5, atol=1e-7)
