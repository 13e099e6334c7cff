"""Samples without a batch axis are refused by every way to a model, with what makes a batch of one."""

import asyncio

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ShapeError

SAMPLES = {
    "image": (np.zeros((6, 6, 1), "float32"), lambda layers: layers.Conv2D(2, 3)),
    "sequence": (np.zeros((4, 3), "float32"), lambda layers: layers.LSTM(2)),
    "row": (np.zeros(3, "float32"), lambda layers: layers.Dense(2)),
}
WAYS = {
    "predict": lambda model, x, y: model.predict(x),
    "predict of a batch": lambda model, x, y: model.predict_on_batch(x),
    "call": lambda model, x, y: model(x),
    "evaluate": lambda model, x, y: model.evaluate(x, y),
    "fit": lambda model, x, y: finished(model.fit(x, y)),
    "train on a batch": lambda model, x, y: finished(model.train_on_batch(x, y)),
    "fit of a dataset": lambda model, x, y: finished(model.fit(tf.data.array([(x, y)] * 2))),
    "fit of a generator": lambda model, x, y: finished(model.fit(iter([(x, y)] * 2))),
}


def finished(result):
    """A result, waited for where it has to be."""
    return asyncio.run(result) if asyncio.iscoroutine(result) else result


def models(sample, make):
    inner = tf.keras.Input(sample.shape)
    yield tf.keras.Model(inner, tf.keras.layers.Dense(1)(make(tf.keras.layers)(inner)))
    yield tf.keras.Sequential([tf.keras.Input(sample.shape), make(tf.keras.layers)])
    outer = tf.input(shape=sample.shape)
    yield tf.model(inputs=outer, outputs=make(tf.keras.layers)(outer))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", SAMPLES)
def test_a_single_sample_is_told_how_it_becomes_a_batch(kind, way):
    sample, make = SAMPLES[kind]
    for model in models(sample, make):
        model.compile(optimizer="sgd", loss="meanSquaredError")
        shape = ", ".join(map(str, sample.shape))
        with pytest.raises(
            ShapeError, match=rf"received shape \[{shape}\]\. If this is a single sample.*x\[None\]"
        ):
            WAYS[way](model, sample, np.zeros(1, "float32"))
        assert model.predict(sample[None]).shape[0] == 1


@pytest.mark.parametrize("kind", SAMPLES)
def test_layers_say_so_too(kind):
    sample, make = SAMPLES[kind]
    with pytest.raises(ShapeError, match=r"x\[None\]"):
        make(tf.keras.layers)(tf.tensor(sample))


def test_other_shapes_are_not_taken_for_single_samples():
    model = tf.keras.Sequential([tf.keras.Input((3,)), tf.keras.layers.Dense(2)])
    with pytest.raises(ShapeError, match=r"received shape \[4\]\.$"):
        model.predict(np.zeros(4))
    with pytest.raises(ShapeError, match=r"received shape \[2, 4\]\.$"):
        model.predict(np.zeros((2, 4)))
