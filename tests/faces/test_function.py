"""`tf.function` records a function once for each form of its arguments, and replays it."""

import copy
import gc
import pickle
import weakref

import numpy as np
import pytest

import tfjs_pyo.tensorflow as tf
from tfjs_pyo import keras, layers

X = np.random.default_rng(0).random((32, 4)).astype("float32")
Y = (X.sum(1, keepdims=True) > 2).astype("float32")


def trained(decorate):
    """A loop of one's own: what its losses and metric are, and how often its step ran in Python."""
    dense = layers.dense(units=1, input_shape=[4], kernel_initializer="ones", activation="sigmoid")
    model = keras.Sequential([dense])
    optimizer, loss_fn = keras.optimizers.Adam(0.1), keras.losses.BinaryCrossentropy()
    metric, runs = keras.metrics.Mean(), []

    @decorate
    def step(x, y):
        runs.append(1)
        with tf.GradientTape() as tape:
            loss = loss_fn(y, model(x, training=True))
        grads = tape.gradient(loss, model.trainable_weights)
        optimizer.apply_gradients(zip(grads, model.trainable_weights, strict=True))
        metric.update_state(loss)
        return loss

    found = []
    for _ in range(3):
        found += [float(step(X[begin : begin + 8], Y[begin : begin + 8])) for begin in range(0, 32, 8)]
        found.append(float(metric.result()))
        metric.reset_state()
    return found, len(runs), int(optimizer.iterations)


def test_recorded_loops_train_as_loops_that_run_do():
    expected, runs, steps = trained(lambda function: function)
    assert (runs, steps) == (12, 12)
    for decorate in (tf.function, tf.function(jit_compile=True)):
        found, runs, steps = trained(decorate)
        np.testing.assert_allclose(found, expected, rtol=1e-6)
        assert runs <= 2
        assert steps == 12


def test_forms_of_arguments_have_recordings_of_their_own():
    runs = []

    @tf.function
    def f(x, factor=1, names=None):
        runs.append(1)
        return {"out": [x * factor], "same": factor, "keys": names}

    for x, factor in ((X, 2), (X + 1, 2), (X[:3], 2), (X, 3), (X, 2)):
        found = f(x, factor=factor, names=["a"])
        np.testing.assert_allclose(found["out"][0].numpy(), x * factor)
        assert (found["same"], found["keys"]) == (factor, ["a"])
    assert len(runs) == 3
    assert f(2) == {"out": [2], "same": 1, "keys": None}


def test_functions_that_read_values_run_as_they_are_written():
    @tf.function
    def signed(x):
        return x if float(tf.reduce_sum(x)) > 0 else -x

    assert float(tf.reduce_sum(signed(X))) == float(tf.reduce_sum(signed(-X))) > 0


def test_gradients_go_through_recorded_functions():
    square = tf.function(lambda x: x * x)
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = square(x) + square(x)
    assert float(tape.gradient(y, x)) == 12.0
    assert float(square(x)) == 9.0
    x.assign(tf.constant(4.0))
    assert float(square(x)) == 16.0


class Owner:
    factor = 2.0

    @tf.function
    def scale(self, x):
        """Scales."""
        return x * self.factor


def test_methods_are_recorded_for_each_object_and_keep_none_alive():
    first, second = Owner(), Owner()
    second.factor = 3.0
    for owner in (first, second, copy.deepcopy(second), pickle.loads(pickle.dumps(second))):
        for _ in range(2):
            np.testing.assert_allclose(owner.scale(X).numpy(), X * owner.factor, rtol=1e-6)
    gone = weakref.ref(first)
    gc.disable()
    try:
        del first, owner
        assert gone() is None
    finally:
        gc.enable()
    assert Owner.scale.__doc__ == "Scales."


@pytest.mark.parametrize("seed", [1, 2])
def test_each_call_draws_anew(seed):
    keras.utils.set_random_seed(seed)
    drawn = tf.function(lambda: tf.random.normal([4]))
    assert drawn().numpy().tolist() != drawn().numpy().tolist()
