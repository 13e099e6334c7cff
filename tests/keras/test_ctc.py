"""Connectionist temporal classification as Keras has it (ctc.json, by record_ctc.py), by hand, by tape and in fit."""

import json
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.keras.ctc_cases import CASES, drawn
from tests.waves import assert_seen
from tfjs_pyo import keras
from tfjs_pyo.errors import ShapeError

RECORD = json.loads(Path(__file__).with_name("ctc.json").read_text(encoding="utf-8"))["cases"]
cases = pytest.mark.parametrize("number", range(len(CASES)))


@cases
def test_losses_are_those_of_keras(number):
    true, logits = drawn(number)
    np.testing.assert_allclose(keras.losses.ctc(true, logits).numpy(), RECORD[number]["losses"], rtol=1e-4)
    loss = keras.losses.CTC()
    assert float(loss(true, logits)) == pytest.approx(RECORD[number]["reduced"], rel=1e-4)
    assert loss.get_config() == {"name": "ctc", "reduction": "sum_over_batch_size"}


@cases
def test_gradients_are_those_of_keras(number):
    true, logits = drawn(number)
    gradient = tf.grad(lambda x: tf.sum(keras.losses.ctc(true, x)))(tf.tensor(logits))
    assert_seen(gradient.numpy(), RECORD[number]["gradient"], 1e-4)


@cases
def test_lengths_count(number):
    true, logits = drawn(number)
    lengths = np.full(len(logits), logits.shape[1], "int32")
    lengths[0] -= 1
    found = keras.ops.ctc_loss(true, logits, (true != 0).sum(1).astype("int32"), lengths)
    np.testing.assert_allclose(found.numpy(), RECORD[number]["shorter"], rtol=1e-4)
    paths, scores = keras.ops.ctc_decode(logits, lengths, strategy="greedy", mask_index=0)
    np.testing.assert_array_equal(paths.numpy(), RECORD[number]["greedy"][0])
    np.testing.assert_allclose(scores.numpy(), RECORD[number]["greedy"][1], rtol=1e-5)


def test_a_model_learns_sequences():
    keras.utils.set_random_seed(4)
    draw = np.random.RandomState(5)
    y = draw.randint(1, 4, (32, 3))
    x = np.eye(4, dtype="float32")[np.repeat(y, 2, 1)]
    model = keras.Sequential(
        [keras.Input((6, 4)), keras.layers.GRU(16, return_sequences=True), keras.layers.Dense(4)]
    )
    model.compile(keras.optimizers.Adam(0.03), keras.losses.CTC())
    losses = model.fit(x, y, epochs=12, verbose=0).history["loss"]
    assert losses[-1] < losses[0] / 3
    assert model.evaluate(x, y, verbose=0) == pytest.approx(
        float(keras.losses.CTC()(y, model.predict(x, verbose=0))), rel=1e-4
    )


def test_shapes_are_said():
    with pytest.raises(ShapeError, match=r"labels \[batch, labels\]"):
        keras.losses.ctc([1, 2], np.zeros((1, 2, 3)))
