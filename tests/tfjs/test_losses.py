"""`tf.losses` against what TensorFlow.js recorded (record_losses.mjs): every loss, weight and reduction, and gradients."""

import json
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import OptionError, ShapeError

RECORDS = json.loads(Path(__file__).with_name("losses.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: f"{r['name']}-{r['args']}")
def test_as_tensorflow_js(record):
    args = [tf.tensor(each) if isinstance(each, list) else each for each in record["args"]]

    def loss(guess):
        return getattr(tf.losses, record["name"])(tf.tensor(record["truth"], [3, 4]), guess, *args)

    guess = tf.tensor(record["guess"], [3, 4])
    found = loss(guess)
    assert list(found.shape) == record["shape"]
    np.testing.assert_allclose(found.numpy().ravel(), record["output"], rtol=2e-5, atol=1e-6)
    np.testing.assert_allclose(tf.grad(loss)(guess).numpy().ravel(), record["gradient"], rtol=2e-5, atol=1e-6)


def test_compute_weighted_loss():
    losses = tf.tensor([1.0, 2.0, 3.0])
    assert tf.losses.computeWeightedLoss(losses, [1, 0, 1], tf.Reduction.MEAN).item() == 2
    assert tf.losses.compute_weighted_loss(losses, reduction="sum").item() == 6


def test_errors():
    with pytest.raises(OptionError, match="reduction"):
        tf.losses.meanSquaredError([1.0], [2.0], None, 7)
    with pytest.raises(ShapeError, match="same shape"):
        tf.losses.meanSquaredError([1.0], [2.0, 3.0])
    with pytest.raises(ShapeError, match="broadcast"):
        tf.losses.meanSquaredError([1.0], [2.0], [[1.0, 2.0]])
    with pytest.raises(OptionError, match="labelSmoothing"):
        tf.losses.sigmoidCrossEntropy([1.0], [2.0], None, 1.5)
