"""Further distributions: moments and frequencies with fixed seeds, bounds, and that seeds decide."""

import math

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import OptionError, ShapeError

MANY = 20000


@pytest.mark.parametrize(
    "draw",
    [
        lambda seed: tf.randomGamma([50], 0.5, 1, "float32", seed),
        lambda seed: tf.randomUniformInt([50], -9, 9, seed),
        lambda seed: tf.randomStandardNormal([50], "float32", seed),
        lambda seed: tf.multinomial(tf.zeros([9]), 50, seed),
    ],
)
def test_a_seed_decides(draw):
    assert draw(5).array_sync() == draw(5).array_sync() != draw(6).array_sync()
    assert draw("word").array_sync() == draw("word").array_sync() != draw("other").array_sync()
    assert draw(None).array_sync() != draw(None).array_sync()


@pytest.mark.parametrize(("alpha", "beta"), [(0.3, 1.0), (1.0, 2.0), (2.5, 0.5), (40.0, 4.0)])
def test_gamma_has_the_right_moments(alpha, beta):
    x = tf.randomGamma([MANY], alpha, beta, seed=3).numpy().astype(np.float64)
    mean, variance = alpha / beta, alpha / beta**2
    assert x.min() >= 0
    assert x.mean() == pytest.approx(mean, abs=5 * math.sqrt(variance / MANY))
    assert x.var() == pytest.approx(variance, rel=0.15)


def test_gamma_of_shape_1_is_exponential():
    x = np.sort(tf.randomGamma([MANY], 1.0, seed=11).numpy())
    distance = np.abs(np.arange(1, MANY + 1) / MANY - (1 - np.exp(-x))).max()
    assert distance < 1.95 / math.sqrt(MANY)  # Kolmogorov and Smirnov's bound for 1 in 1000


@pytest.mark.parametrize(("low", "high"), [(0, 6), (-7, -1), (-3, 4)])
def test_integers_are_uniform(low, high):
    x = tf.randomUniformInt([MANY], low, high, 4)
    assert x.dtype == "int32"
    counts = np.bincount(x.numpy() - low, minlength=high - low)
    assert len(counts) == high - low
    expected = MANY / (high - low)
    assert ((counts - expected) ** 2 / expected).sum() < 30  # chi-square of up to 7 classes, 1 in 10,000


def test_multinomial_frequencies():
    weights = np.array([[0.1, 0.2, 0.7], [0.5, 0.5, 0.0]])
    drawn = tf.multinomial(np.log(np.maximum(weights, 1e-30)).astype(np.float32), MANY, 9)
    assert (drawn.dtype, drawn.shape) == ("int32", (2, MANY))
    for row, probabilities in zip(drawn.numpy(), weights, strict=True):
        np.testing.assert_allclose(np.bincount(row, minlength=3) / MANY, probabilities, atol=0.015)
    single = tf.multinomial([0.25, 0.75], MANY, 2, normalized=True)
    assert single.shape == (MANY,)
    assert single.numpy().mean() == pytest.approx(0.75, abs=0.015)


def test_a_function_of_your_own():
    numbers = iter(range(6))
    assert tf.rand([2, 3], lambda: next(numbers), "int32").array_sync() == [[0, 1, 2], [3, 4, 5]]
    assert tf.rand([2], lambda: 1.9, "int32").array_sync() == [1, 1]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: tf.randomGamma([2], 0), OptionError, "positive alpha and beta"),
        (lambda: tf.randomUniformInt([2], 3, 3), OptionError, "minval < maxval"),
        (lambda: tf.multinomial([1.0], 2), ShapeError, "two classes or more"),
        (lambda: tf.multinomial([1.0, 2.0], -1), OptionError, "num_samples of 0 or more"),
        (lambda: tf.rand([-1], lambda: 0), ShapeError, "non-negative integers"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
