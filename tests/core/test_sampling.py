"""Further distributions: moments and frequencies with fixed seeds, bounds, and that seeds decide."""

import math

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import DTypeError, OptionError, ShapeError

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


def normal_below(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))


def truncated_below(x):
    edge = normal_below(2) - normal_below(-2)
    return min(1.0, max(0.0, (normal_below(x) - normal_below(-2)) / edge))


INTEGERS = {
    "randomNormal": (lambda: tf.randomNormal([MANY], 0, 1, "int32", 1), normal_below),
    "randomNormal of mean 10": (
        lambda: tf.randomNormal([MANY], 10, 0.7, "int32", 2),
        lambda x: normal_below((x - 10) / 0.7),
    ),
    "randomNormal below 0": (
        lambda: tf.randomNormal([MANY], -3.25, 2, "int32", 3),
        lambda x: normal_below((x + 3.25) / 2),
    ),
    "randomStandardNormal": (lambda: tf.randomStandardNormal([MANY], "int32", 4), normal_below),
    "truncatedNormal": (
        lambda: tf.truncatedNormal([MANY], -1, 2, "int32", 5),
        lambda x: truncated_below((x + 1) / 2),
    ),
    "randomGamma": (lambda: tf.randomGamma([MANY], 1, 0.5, "int32", 6), lambda x: 1 - math.exp(-max(x, 0) / 2)),
    "initializer": (
        lambda: tf.initializers.randomNormal({"mean": 0, "stddev": 1, "seed": 7}).apply([MANY], "int32"),
        normal_below,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", INTEGERS)
def test_integers_are_the_nearest_to_what_is_drawn(name):
    draw, below = INTEGERS[name]
    x = draw()
    assert x.dtype == "int32"
    found = x.numpy()
    for number in range(-12, 16):
        share = below(number + 0.5) - below(number - 0.5)
        assert np.mean(found == number) == pytest.approx(share, abs=5 * math.sqrt(0.25 / MANY)), number
    if name == "randomNormal":
        assert np.mean(found == 0) == pytest.approx(0.383, abs=0.015)


@pytest.mark.parametrize("draw", [tf.randomNormal, tf.truncatedNormal, tf.randomStandardNormal])
def test_real_distributions_give_no_booleans(draw):
    options = () if draw is tf.randomStandardNormal else (0, 1)
    with pytest.raises(DTypeError, match="float32, int32, received 'bool'"):
        draw([2], *options, "bool")


def test_booleans_are_drawn_as_whole_numbers_are():
    assert not tf.randomUniform([50], 0, 1, "bool").any().item()
    assert tf.randomUniform([MANY], 0, 2, "bool", 3).numpy().mean() == pytest.approx(0.5, abs=0.02)


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
