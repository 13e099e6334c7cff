"""Models that define `call` themselves."""

import asyncio

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError

X = np.random.default_rng(2).normal(size=(12, 3)).astype(np.float32)


class Residual(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.first = tf.layers.dense({"units": 3, "activation": "tanh"})
        self.last = tf.layers.dense({"units": 1})

    def call(self, inputs):
        return self.last(self.first(inputs) + inputs)


class TwoOutputs(tf.Model):
    def __init__(self):
        super().__init__(name="two")
        self.parts = [tf.layers.dense({"units": 1}), tf.layers.dense({"units": 2})]

    def call(self, inputs, training=False):
        return [part(inputs) * (0.5 if training else 1.0) for part in self.parts]


def test_a_subclass_trains_and_predicts():
    tf.random.set_seed(5)
    model = Residual()
    model.compile(optimizer=tf.train.adam(0.05), loss="meanSquaredError", metrics=["mae"])
    y = X.sum(1, keepdims=True)
    history = model.fit(X, y, epochs=30, batch_size=5, verbose=0).history
    assert history["loss"][-1] < 0.2 * history["loss"][0]
    assert model.predict(X).shape == (12, 1)
    assert len(model.get_weights()) == 4
    assert model.get_layer(model.layers[1].name) is model.last
    assert model.compute_output_shape((None, 3)) == (None, 1)


def test_a_subclass_is_a_layer_of_another_model():
    x = tf.input({"shape": [3]})
    model = tf.model({"inputs": x, "outputs": Residual().apply(x)})
    assert model.predict(X).shape == (12, 1)
    assert len(model.trainable_weights) == 4


def test_several_outputs_are_known_once_it_is_built():
    model = TwoOutputs()
    model._ensure_built((None, 3))
    model.compile(optimizer="sgd", loss=["meanSquaredError", "meanAbsoluteError"])
    y = [np.zeros((12, 1), np.float32), np.zeros((12, 2), np.float32)]
    history = asyncio.run(model.fit(X, y, epochs=2, verbose=0)).history
    assert set(history) == {"loss", "output_1_loss", "output_2_loss"}
    assert [t.shape for t in model.predict(X)] == [(12, 1), (12, 2)]


def test_a_model_needs_a_graph_or_a_call():
    with pytest.raises(ArgumentError, match="or a subclass that defines call"):
        tf.Model()
    lines = []
    Residual().summary(print_fn=lines.append)
    assert any("?" in line for line in lines)


def test_losses_of_several_outputs_have_weights():
    model = TwoOutputs()
    model._ensure_built((None, 3))
    y = [np.ones((12, 1), np.float32), np.ones((12, 2), np.float32)]

    def losses(weights):
        model.compile(optimizer="sgd", loss="meanSquaredError", lossWeights=weights)
        return [float(value) for value in model.evaluate(X, y)]

    total, first, second = losses(None)
    assert total == pytest.approx(first + second)
    assert losses([0.5, 2.0])[0] == pytest.approx(0.5 * first + 2 * second)
    assert losses({"output_1": 0, "output_2": 1})[0] == pytest.approx(second)
    with pytest.raises(ArgumentError, match="lossWeights"):
        losses([1.0])
