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


@pytest.fixture
def counting():
    backend = Counting()
    former = engine.replace_backend(backend)
    yield backend
    engine.replace_backend(former)


def test_compiled_steps_go_with_their_model(counting):
    def live(times):
        for _ in range(times):
            model, (x, y) = made(), data()
            asyncio.run(model.fit(x, y, {"epochs": 1, "verbose": 0}))
            del model, x, y
        gc.collect()
        return counting.held

    first = live(2)
    assert live(5) == first


def test_custom_gradients(counting):
    x = tf.tensor([1.0, 2.0])

    def call(times):
        for _ in range(times):
            scale = tf.tensor([10.0, 100.0])

            def scaled(v, save, scale=scale):
                save([v, scale])
                return {"value": v.square(), "gradFunc": lambda dy, saved: dy * saved[0] * saved[1]}

            f = tf.customGrad(scaled)
            assert f(x).array_sync() == [1, 4]
            assert tf.grad(lambda v, f=f: f(v).sum())(x).array_sync() == [10, 200]
        del f, scaled, scale
        return *memory(), tf.memory()["numDataBuffers"], counting.held

    first = call(1)
    assert call(1000) == first


def test_custom_gradients_in_a_compiled_step():
    class Scaled(tf.layers.Layer):
        def call(self, inputs, **_kwargs):
            def scaled(v, save):
                save([v * 2])
                return {"value": v * 3, "gradFunc": lambda dy, saved: dy * saved[0]}

            return tf.customGrad(scaled)(inputs)

    def alive(*layers):
        model = tf.sequential()
        model.add(tf.layers.dense({"units": 4, "inputShape": [3]}))
        for layer in layers:
            model.add(layer)
        model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
        asyncio.run(model.fit(tf.ones([4, 3]), tf.ones([4, 4]), {"epochs": 1, "verbose": 0}))
        return memory()[0]

    before = memory()[0]
    without = alive() - before
    assert alive(Scaled()) - before == without, "the step keeps no tensors that a rule saved"


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
