"""Random numbers: counter-based, reproducible, of the right distribution."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ShapeError

COUNT = 20000


def drawn(make):
    return make().numpy()


MAKERS = {
    "uniform": lambda seed=None: tf.random_uniform([COUNT], 0, 1, "float32", seed),
    "normal": lambda seed=None: tf.random_normal([COUNT], 0, 1, "float32", seed),
    "truncated": lambda seed=None: tf.truncated_normal([COUNT], 0, 1, "float32", seed),
}


@pytest.mark.parametrize("name", MAKERS)
def test_a_seed_gives_the_same_numbers_and_another_seed_others(name):
    make = MAKERS[name]
    first, again, other = make(7).numpy(), make(7).numpy(), make(8).numpy()
    np.testing.assert_array_equal(first, again)
    assert np.mean(first == other) < 0.01


@pytest.mark.parametrize("name", MAKERS)
def test_set_seed_restarts_the_stream(name):
    make = MAKERS[name]
    tf.random.set_seed(5)
    first, second = make().numpy(), make().numpy()
    tf.random.set_seed(5)
    np.testing.assert_array_equal(make().numpy(), first)
    np.testing.assert_array_equal(make().numpy(), second)
    assert np.mean(first == second) < 0.01


def test_moments_of_the_uniform_distribution():
    values = tf.random_uniform([COUNT], -2, 6, "float32", 1).numpy()
    assert values.min() >= -2
    assert values.max() < 6
    assert values.mean() == pytest.approx(2, abs=0.06)
    assert values.var() == pytest.approx(64 / 12, rel=0.03)


def test_moments_of_the_normal_distribution():
    values = tf.random_normal([COUNT], 3, 2, "float32", 1).numpy().astype(np.float64)
    z = (values - 3) / 2
    assert z.mean() == pytest.approx(0, abs=0.03)
    assert z.var() == pytest.approx(1, rel=0.03)
    assert (z**3).mean() == pytest.approx(0, abs=0.08)
    assert (z**4).mean() == pytest.approx(3, rel=0.08)
    assert np.mean(np.abs(z) < 1) == pytest.approx(0.6827, abs=0.01)


def test_the_truncated_distribution_stays_within_two_deviations():
    values = tf.truncated_normal([COUNT], 1, 3, "float32", 1).numpy()
    assert np.abs((values - 1) / 3).max() <= 2.0001
    assert values.mean() == pytest.approx(1, abs=0.08)
    assert ((values - 1) / 3).std() == pytest.approx(0.8796, abs=0.01)


def test_neighbours_are_independent():
    values = tf.random_uniform([COUNT], 0, 1, "float32", 3).numpy() - 0.5
    for distance in (1, 2, 3, 4, 128):
        assert abs(np.mean(values[:-distance] * values[distance:])) * 12 < 0.03


def test_integers_are_uniform_over_their_range():
    values = tf.randomUniform([COUNT], -2, 3, "int32", 2).numpy()
    found, counts = np.unique(values, return_counts=True)
    assert found.tolist() == [-2, -1, 0, 1, 2]
    assert counts.min() / COUNT == pytest.approx(0.2, abs=0.015)


def test_dropout_keeps_the_mean_and_a_seed_the_choice():
    x = tf.ones([COUNT])
    once, again = tf.dropout(x, 0.3, None, 4).numpy(), tf.dropout(x, 0.3, None, 4).numpy()
    np.testing.assert_array_equal(once, again)
    assert set(np.unique(once).round(5)) == {0.0, np.float32(1 / 0.7).round(5)}
    assert np.mean(once == 0) == pytest.approx(0.3, abs=0.015)


def test_dropout_with_a_noise_shape_drops_rows_together():
    y = tf.dropout(tf.ones([200, 6]), 0.5, [None, 1], 4).numpy()
    assert (y == y[:, :1]).all()
    assert 50 < (y[:, 0] == 0).sum() < 150


def test_dropout_gradient_uses_the_same_choice():
    x = tf.ones([50])
    both = tf.value_and_grad(lambda t: tf.dropout(t, 0.5, None, 9))(x)
    np.testing.assert_allclose(both["value"].numpy(), both["grad"].numpy())


def test_an_unrealized_draw_keeps_its_numbers():
    x = tf.random_normal([4])
    y = x * 1
    np.testing.assert_array_equal(x.numpy(), y.numpy())
    np.testing.assert_array_equal(x.numpy(), x.numpy())


def test_shapes_with_no_or_few_elements():
    assert tf.random_normal([0, 3]).shape == (0, 3)
    assert tf.random_normal([]).shape == ()
    assert np.isfinite(tf.random_normal([5], 0, 1, "float32", 1).numpy()).all()


@pytest.mark.parametrize("noise_shape", [[3], [5, 2], [3, 2, 1]])
def test_dropout_refuses_a_noise_shape_that_does_not_broadcast(noise_shape):
    with pytest.raises(ShapeError, match="noise_shape with 1, None or the length"):
        tf.dropout(tf.ones([3, 2]), 0.5, noise_shape)
