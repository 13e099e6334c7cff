"""Memory stays flat over long work, and what is dropped is given back, disposed of or not.

300 steps and 20 models each time; TFJS_PYO_SLOW=1 does 10,000 and 500.
"""

import asyncio
import gc
import os

import pytest

import tfjs_pyo as tf
from tfjs_pyo.backends.numpy import NumpyBackend
from tfjs_pyo.core import engine

SLOW = bool(os.environ.get("TFJS_PYO_SLOW"))
STEPS = 10_000 if SLOW else 300
MODELS = 500 if SLOW else 20


def made():
    model = tf.sequential()
    model.add(tf.layers.dense({"units": 4, "inputShape": [3], "activation": "relu"}))
    model.add(tf.layers.dense({"units": 1}))
    model.compile({"optimizer": "adam", "loss": "meanSquaredError"})
    return model


def data():
    x = tf.tensor2d([[i, 1, 2] for i in range(8)], dtype="float32")
    return x, tf.tensor2d([[i] for i in range(8)], dtype="float32")


def memory():
    gc.collect()
    told = tf.memory()
    return told["numTensors"], told["numBytes"]


def test_fit():
    model, (x, y) = made(), data()

    def train(epochs):
        asyncio.run(model.fit(x, y, {"epochs": epochs, "batchSize": 4, "verbose": 0}))
        return memory()

    first = train(2)
    assert train(STEPS // 2) == first


def test_predict():
    model, (x, _) = made(), data()

    def predict(times):
        for _ in range(times):
            model.predict(x).data_sync()
        return memory()

    first = predict(2)
    assert predict(STEPS) == first


def test_a_loop_of_ones_own():
    weight = tf.variable(tf.tensor1d([0.0, 0.0]))
    optimizer = tf.train.adam(0.01)
    target = tf.tensor1d([1.0, 2.0])

    def minimize(times):
        for _ in range(times):
            optimizer.minimize(lambda: tf.sum(tf.square(weight - target)))
        weight.data_sync()
        return memory()

    first = minimize(2)
    assert minimize(STEPS) == first


class Counting(NumpyBackend):
    """Counts the executables that it holds."""

    held = 0

    def load(self, lowered):
        self.held += 1
        return super().load(lowered)

    def unload(self, executable):
        self.held -= 1
        super().unload(executable)


def test_compiled_steps_go_with_their_model():
    counting = Counting()
    former = engine.replace_backend(counting)
    try:

        def live(times):
            for _ in range(times):
                model, (x, y) = made(), data()
                asyncio.run(model.fit(x, y, {"epochs": 1, "verbose": 0}))
                del model, x, y
            gc.collect()
            return counting.held

        first = live(2)
        assert live(5) == first
    finally:
        engine.replace_backend(former)


@pytest.mark.parametrize("dispose", [True, False])
def test_models_come_and_go(dispose):
    x, y = data()

    def live(times):
        for _ in range(times):
            model = made()
            asyncio.run(model.fit(x, y, {"epochs": 1, "verbose": 0}))
            if dispose:
                model.dispose()
        del model
        return memory()

    first = live(2)
    assert live(MODELS) == first
