"""Sums, means and variances keep their digits: long ones, and those of numbers far from 0 that lie close together."""

import numpy as np
import pytest

import tfjs_pyo as tf

SEED = 11
print(f"{SEED=}")
OFFSETS = (0.0, 1.0, -300.0, 1234567.0, 1e6, -7.5e6)
SHAPES = {
    "long": ((200_000,), 0),
    "rows": ((40, 5000), 1),
    "columns": ((5000, 12), 0),
    "two axes": ((30, 40, 6), (0, 1)),
}


def drawn(shape, offset, scale=1.0):
    generator = np.random.default_rng(SEED)
    return (offset + scale * generator.normal(size=shape)).astype(np.float32)


@pytest.mark.parametrize("offset", OFFSETS)
@pytest.mark.parametrize("name", SHAPES)
def test_moments(name, offset):
    shape, axis = SHAPES[name]
    x = drawn(shape, offset)
    exact = x.astype(np.float64)
    found = tf.moments(tf.tensor(x), axis)
    np.testing.assert_allclose(found.mean.numpy(), exact.mean(axis), rtol=1e-7, atol=2e-6)
    np.testing.assert_allclose(found.variance.numpy(), exact.var(axis), rtol=1e-5)
    np.testing.assert_allclose(tf.mean(tf.tensor(x), axis).numpy(), exact.mean(axis), rtol=3e-7, atol=2e-6)
    size = np.abs(exact).sum(axis)
    assert np.all(np.abs(tf.sum(tf.tensor(x), axis).numpy() - exact.sum(axis)) <= 3e-7 * size)


@pytest.mark.parametrize("offset", OFFSETS)
@pytest.mark.parametrize("layer", ["batchNormalization", "layerNormalization", "groupNormalization"])
def test_normalizations(layer, offset):
    x = drawn((64, 8, 16), offset)
    exact = x.astype(np.float64)
    if layer == "batchNormalization":
        made, axes, values = tf.layers.batchNormalization(), (0, 1), exact
    elif layer == "layerNormalization":
        made, axes, values = tf.layers.layerNormalization(), (2,), exact
    else:
        made, axes, values = tf.layers.groupNormalization({"groups": 4}), (1, 3), exact.reshape(64, 8, 4, 4)
    spread = values.std(axes, keepdims=True)
    expected = (values - values.mean(axes, keepdims=True)) / np.sqrt(spread**2 + made.epsilon)
    options = {"training": True} if layer == "batchNormalization" else {}
    found = made.apply(tf.tensor(x), options)
    np.testing.assert_allclose(found.numpy(), expected.reshape(x.shape), rtol=1e-5, atol=1e-5)


def test_what_is_masked_does_not_count():
    x = drawn((6, 50, 4), 1e6)
    x[:, 30:] = 3e5
    mask = np.arange(50)[None, :].repeat(6, 0) < 30
    layer = tf.layers.batchNormalization(momentum=0.0)
    layer.build((None, 50, 4))
    found = layer.call(tf.tensor(x), training=True, mask=tf.tensor(mask))
    exact = x[:, :30].astype(np.float64)
    expected = (exact - exact.mean((0, 1))) / np.sqrt(exact.var((0, 1)) + layer.epsilon)
    np.testing.assert_allclose(found.numpy()[:, :30], expected, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(layer.moving_mean.numpy(), exact.mean((0, 1)), rtol=1e-7)
    nothing = layer.call(tf.tensor(x), training=True, mask=tf.zeros([6, 50], "bool"))
    assert np.isfinite(nothing.numpy()).all()
    assert layer.moving_mean.numpy().tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("values", "mean"),
    [
        ([np.inf, 1.0], np.inf),
        ([1.0, -np.inf], -np.inf),
        ([np.inf, -np.inf], np.nan),
        ([np.nan, 1.0], np.nan),
        ([1.0, np.nan], np.nan),
    ],
)
def test_moments_of_what_is_not_finite(values, mean):
    for length in (2, 5000):
        x = tf.tensor([*values, *[1.0] * (length - 2)])
        found = tf.moments(x)
        np.testing.assert_array_equal(found.mean.item(), mean)
        assert np.isnan(found.variance.item())
        np.testing.assert_array_equal(tf.sum(x).item(), mean)


def test_moments_of_nothing_and_of_one():
    assert np.isnan(tf.moments(tf.zeros([0, 3]), 0).mean.numpy()).all()
    found = tf.moments(tf.tensor([3.25e6]))
    assert (found.mean.item(), found.variance.item()) == (3.25e6, 0.0)
    same = tf.moments(tf.fill([1001], 1e6 + 0.3))
    assert (same.mean.item(), same.variance.item()) == (np.float32(1e6 + 0.3), 0.0)


@pytest.mark.parametrize("order", [1, 2])
def test_gradients_of_the_variance(order):
    x = drawn((7, 5), 3.0)

    def loss(x):
        found = tf.moments(x, 1)
        return (found.variance * found.variance + found.mean * found.variance).sum()

    exact = x.astype(np.float64)
    n, mean, var = 5, exact.mean(1, keepdims=True), exact.var(1, keepdims=True)
    first = (2 * var + mean) * 2 * (exact - mean) / n + var / n
    gradient = tf.grad(loss)
    if order == 1:
        np.testing.assert_allclose(gradient(tf.tensor(x)).numpy(), first, rtol=1e-4, atol=1e-5)
        return
    second = tf.grad(lambda x: (gradient(x) * gradient(x)).sum())(tf.tensor(x)).numpy()
    step = 1e-5
    direction = np.random.default_rng(3).normal(size=x.shape)

    def square(x):
        mean, var = x.mean(1, keepdims=True), x.var(1, keepdims=True)
        return (((2 * var + mean) * 2 * (x - mean) / n + var / n) ** 2).sum()

    slope = (square(exact + step * direction) - square(exact - step * direction)) / (2 * step)
    assert (second * direction).sum() == pytest.approx(slope, rel=1e-3)
