"""Activations that Keras has and TensorFlow.js lacks, against NumPy; the others: tests/layers/test_against_tfjs.py."""

import numpy as np
import pytest

import tfjs_pyo as tf

X = np.array([-20, -4, -3, -1, -0.6, -0.5, -0.2, 0, 0.2, 0.5, 0.7, 1, 2.5, 3, 8], np.float32)
SIGMOID = 1 / (1 + np.exp(-X.astype(np.float64)))

EXPECTED = {
    "exponential": np.exp(X),
    "leaky_relu": np.where(X > 0, X, 0.2 * X),
    "log_sigmoid": np.log(SIGMOID),
    "celu": np.where(X > 0, X, np.expm1(X)),
    "hard_silu": X * np.clip(X + 3, 0, 6) / 6,
    "hard_swish": X * np.clip(X + 3, 0, 6) / 6,
    "hardTanh": np.clip(X, -1, 1),
    "hard_shrink": np.where(np.abs(X) > 0.5, X, 0),
    "soft_shrink": np.sign(X) * np.maximum(np.abs(X) - 0.5, 0),
    "tanh_shrink": X - np.tanh(X),
    "squareplus": (X + np.sqrt(X.astype(np.float64) ** 2 + 4)) / 2,
    "silu": X * SIGMOID,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_values(name):
    found = tf.layers.activation({"activation": name}).apply(tf.tensor([X])).numpy()[0]
    np.testing.assert_allclose(found, EXPECTED[name], rtol=1e-5, atol=1e-6)


def test_celu_of_another_alpha():
    found = tf.keras.activations.celu(tf.tensor(X), 2).numpy()
    np.testing.assert_allclose(found, np.where(X > 0, X, 2 * np.expm1(X / 2)), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", EXPECTED)
def test_gradients_are_finite(name):
    function = tf.keras.activations.get(name)
    assert np.isfinite(tf.grad(lambda x: function(x).sum())(tf.tensor(X)).numpy()).all()


def test_the_layer_takes_none_for_no_activation():
    layer = tf.keras.layers.Activation(None)
    assert layer(np.array([[-1.0, 2.0]], "float32")).tolist() == [[-1.0, 2.0]]
