"""Orthogonal first values: what TensorFlow.js promises of them (its numbers come from another generator)."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import OptionError, ShapeError


@pytest.mark.parametrize("shape", [(5, 5), (3, 7), (7, 3), (1, 1), (2, 3, 4), (3, 3, 2, 30)])
def test_orthogonal_rows_or_columns(shape):
    q = tf.initializers.orthogonal({"seed": 3})(shape).numpy().reshape(-1, shape[-1])
    fewer = q if q.shape[0] <= q.shape[1] else q.T
    np.testing.assert_allclose(fewer @ fewer.T, np.eye(len(fewer)), atol=2e-6)


def test_orthogonal_takes_gain_and_seed():
    plain = tf.initializers.orthogonal({"seed": 3})([4, 4]).numpy()
    np.testing.assert_allclose(tf.initializers.orthogonal(2.5, 3)([4, 4]).numpy(), plain * 2.5, rtol=1e-6)
    assert (tf.initializers.orthogonal({"seed": 4})([4, 4]).numpy() != plain).all()
    signs = [np.linalg.det(tf.initializers.orthogonal(seed=seed)([2, 2]).numpy()) for seed in range(40)]
    assert min(signs) == pytest.approx(-1, abs=1e-5), "reflections come, too"
    assert max(signs) == pytest.approx(1, abs=1e-5)


def test_orthogonal_in_a_layer_and_its_config():
    config = {
        "units": 6,
        "kernelInitializer": {"className": "Orthogonal", "config": {"gain": 2, "seed": None}},
    }
    layer = tf.layers.dense(config)
    layer._ensure_built((None, 4))
    kernel = layer.get_weights()[0].numpy()
    np.testing.assert_allclose(kernel @ kernel.T, 4 * np.eye(4), atol=1e-5)
    assert tf.initializers.get("orthogonal").get_config() == {"gain": 1, "seed": None}


def test_orthogonal_needs_a_matrix():
    with pytest.raises(ShapeError, match="rank 2 or more, received"):
        tf.initializers.orthogonal()([3])


@pytest.mark.parametrize("form", [np.asarray, list, tf.tensor], ids=["an array", "lists", "a tensor"])
def test_constant_takes_the_values_of_a_table(form):
    table = [[1.0, 2.0], [3.0, 4.0]]
    given = tf.keras.initializers.Constant(form(table))
    np.testing.assert_array_equal(given((2, 2)).numpy(), table)
    np.testing.assert_array_equal(given((3, 2, 2)).numpy(), [table] * 3)
    again = tf.keras.initializers.Constant.from_config(given.get_config())
    np.testing.assert_array_equal(again((2, 2)).numpy(), table)
    layer = tf.keras.layers.Embedding(2, 2, embeddings_initializer=given)
    np.testing.assert_array_equal(layer(np.array([1, 0])).numpy(), table[::-1])
    with pytest.raises(ShapeError, match=r"values for a weight of shape \(2, 3\), received \(2, 2\)"):
        given((2, 3))
    with pytest.raises(OptionError, match="expected 'value' to be a number, received 'a'"):
        tf.keras.initializers.Constant("a")
