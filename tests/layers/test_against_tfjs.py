"""Losses, accuracy and activations give what TensorFlow.js gives (recorded by record_tfjs.mjs)."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf

RECORD = json.loads((Path(__file__).parent / "recorded_by_tfjs.json").read_text(encoding="utf-8"))


def numbers(shape, seed, scale=1.0):
    """The same numbers that look random as in record_tfjs.mjs."""
    flat = [scale * math.sin(12.9898 * (i + 1) + 78.233 * seed) for i in range(math.prod(shape))]
    return np.array(flat, np.float32).reshape(shape)


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
