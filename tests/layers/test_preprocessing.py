"""Layers that prepare data and change images at random, against plain NumPy."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.layers.harness import agrees, inputs_of
from tests.linear import run
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError


def pictures(*shape):
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


# Numbers


def test_category_encoding_values():
    x = np.array([[0, 2, 2], [3, 0, 1]])
    hot = np.eye(4, dtype=np.float32)[x]
    agrees(tf.layers.categoryEncoding({"numTokens": 4}), x, hot.max(1))
    agrees(tf.layers.categoryEncoding({"numTokens": 4, "outputMode": "oneHot"}), x, hot)
    agrees(tf.layers.categoryEncoding({"numTokens": 4, "outputMode": "oneHot"}), x[:, :1], hot[:, 0])
    count = tf.layers.CategoryEncoding(4, "count")
    agrees(count, x, hot.sum(1))
    weights = np.array([[1, 2, 0.5], [1, 1, -1]], np.float32)
    agrees(count, x, (hot * weights[:, :, None]).sum(1), count_weights=weights)
    agrees(count, x[None], hot.sum(1)[None])


@pytest.mark.parametrize("mode", ["multi_hot", "one_hot", "count"])
@pytest.mark.parametrize("steps", [1, 3])
def test_encoding_has_the_shape_it_promises(mode, steps):
    for layer in (tf.layers.CategoryEncoding(4, mode), tf.layers.Discretization([0, 1, 2], output_mode=mode)):
        symbol = layer(tf.input({"shape": [steps]}))
        assert layer(tf.ones([5, steps])).shape == (5, *symbol.shape[1:])
        again = type(layer).from_config(layer.get_config())
        assert again.get_config() == layer.get_config()


def test_categories_feed_a_model():
    layers = [
        tf.layers.categoryEncoding({"numTokens": 3, "inputShape": [2]}),
        tf.layers.dense({"units": 1}),
    ]
    model = tf.sequential({"layers": layers})
    model.compile({"optimizer": tf.train.sgd(0.1), "loss": "meanSquaredError"})
    x, y = np.array([[0, 1], [1, 2], [0, 2]]), np.array([[1.0], [-1], [0]])
    history = run(model.fit(x, y, {"epochs": 150})).history["loss"]
    assert history[-1] < history[0] / 100


def test_discretization_values():
    x = np.array([[-3, 0, 0.5, 1, 7]])
    layer = tf.layers.Discretization([0.0, 1.0, 2.0])
    agrees(layer, x, np.digitize(x, [0, 1, 2]))
    layer = tf.layers.Discretization(num_bins=4)
    data = np.random.default_rng(1).normal(size=(50, 2)).astype(np.float32)
    layer.adapt(tf.tensor(data))
    np.testing.assert_allclose(layer.bin_boundaries, np.sort(data.ravel())[[24, 49, 74]], rtol=1e-4)
    counts = np.bincount(layer(tf.tensor(data)).numpy().ravel())
    assert abs(counts - 25).max() <= 1
    again = tf.layers.Discretization.from_config(layer.get_config())
    assert again.bin_boundaries == layer.bin_boundaries


@pytest.mark.parametrize("axis", [-1, 1, (1, 2), None])
def test_normalization_learns_mean_and_variance(axis):
    x = inputs_of([3, 4]) * 2 + 5
    kept = {-1: (2,), 1: (1,), (1, 2): (1, 2), None: ()}[axis]
    others = tuple(at for at in range(3) if at not in kept)
    layer = tf.layers.Normalization(axis)
    layer.adapt(x)
    mean, deviation = x.mean(others, keepdims=True), x.std(others, keepdims=True)
    agrees(layer, x, (x - mean) / deviation)
    assert [weight.trainable for weight in layer.weights] == [False, False]
    back = tf.layers.Normalization(axis, invert=True)
    back._ensure_built((None, 3, 4))
    back.set_weights(layer.get_weights())
    agrees(back, x, x * deviation + mean)


def test_normalization_given():
    x = inputs_of([2])
    agrees(tf.layers.Normalization(mean=[1.0, 2], variance=tf.tensor([4, 9])), x, (x - [1, 2]) / [2, 3])
    agrees(tf.layers.Normalization(axis=None, mean=1, variance=0), x * 0 + 1, x * 0)


# Images


def test_resizing_in_ratio_cuts_the_middle():
    x = pictures(1, 2, 6, 1)
    layer = tf.layers.Resizing(2, 2, crop_to_aspect_ratio=True)
    agrees(layer, x, x[:, :, 2:4])
    agrees(layer, x.transpose(0, 2, 1, 3), x.transpose(0, 2, 1, 3)[:, 2:4])


@pytest.mark.parametrize(("name", "axis"), [("RandomWidth", 2), ("RandomHeight", 1)])
def test_random_sizes(name, axis):
    x = tf.ones([2, 20, 20, 3])
    layer = getattr(tf.layers, name)({"factor": [-0.5, 0.5], "seed": 4})
    sizes = [layer(x).shape[axis] for _ in range(40)]
    assert 10 <= min(sizes) < 14
    assert 26 < max(sizes) <= 30
    again = type(layer).from_config(layer.get_config())
    assert [again(x).shape[axis] for _ in range(40)] == sizes
    assert layer(x).shape[3 - axis] == 20
    assert layer.apply(tf.input({"shape": [20, 20, 3]})).shape[axis] is None
    tf.random.set_seed(3)
    first = [getattr(tf.layers, name)(0.9)(x).shape for _ in range(5)]
    tf.random.set_seed(3)
    assert [getattr(tf.layers, name)(0.9)(x).shape for _ in range(5)] == first


AUGMENTING = {
    "RandomFlip": {},
    "RandomContrast": {"factor": 0.5},
    "RandomRotation": {"factor": 0.3},
    "RandomZoom": {"height_factor": 0.3},
    "RandomTranslation": {"height_factor": 0.3, "width_factor": 0.3},
}


@pytest.mark.parametrize("name", AUGMENTING)
def test_images_change_only_while_training(name):
    x = pictures(4, 5, 6, 2)
    layer = getattr(tf.layers, name)({**AUGMENTING[name], "seed": 11})
    agrees(layer, x, x)
    changed = layer.apply(tf.tensor(x), training=True).numpy()
    assert (changed != x).any()
    assert changed.shape == x.shape
    np.testing.assert_array_equal(layer.apply(tf.tensor(x), training=True).numpy(), changed)
    same = np.repeat(x[:1], 60, 0)
    varied = layer.apply(tf.tensor(same), training=True).numpy()
    assert (varied != varied[:1]).any(), "each image is changed by itself"
    alone = layer.apply(tf.tensor(x[0]), training=True)
    assert alone.shape == x.shape[1:]


def test_flips():
    x = pictures(1, 3, 4, 2)
    many = tf.tensor(np.repeat(x, 200, 0))
    for mode, turned in (("horizontal", x[:, :, ::-1]), ("vertical", x[:, ::-1])):
        found = tf.layers.RandomFlip(mode, seed=5).apply(many, training=True).numpy()
        flipped = [(each == turned[0]).all() for each in found]
        assert all(flip or (each == x[0]).all() for flip, each in zip(flipped, found, strict=True))
        assert 60 < sum(flipped) < 140
    both = tf.layers.RandomFlip(seed=5).apply(many, training=True).numpy()
    assert len(np.unique(both.reshape(200, -1), axis=0)) == 4


@pytest.mark.parametrize("name", ["RandomFlip", "RandomZoom"])
def test_channels_first_change_like_channels_last(name):
    x = pictures(4, 3, 5, 2)
    config = {**AUGMENTING[name], "seed": 11}
    expected = getattr(tf.layers, name)(config).apply(tf.tensor(x), training=True).numpy()
    first = getattr(tf.layers, name)({**config, "dataFormat": "channelsFirst"})
    agrees(first, x.transpose(0, 3, 1, 2), expected.transpose(0, 3, 1, 2), training=True)


def test_contrast():
    x = pictures(1, 4, 4, 1) * 10 + 40
    layer = tf.layers.RandomContrast((0.5, 0.5), value_range=(30, 200), seed=2)
    found = layer.apply(tf.tensor(np.repeat(x, 50, 0)), training=True).numpy()
    factors = (found[:, 1, 2, 0] - x.mean()) / (x[0, 1, 2, 0] - x.mean())
    assert 0.5 <= factors.min() < 0.7
    assert 1.3 < factors.max() <= 1.5
    expected = (x - x.mean()) * factors[:, None, None, None] + x.mean()
    np.testing.assert_allclose(found, np.clip(expected, 30, 200), rtol=1e-4)


def test_rotation_is_counter_clockwise():
    x = pictures(1, 4, 4, 1)
    layer = tf.layers.RandomRotation((0.25, 0.25), interpolation="bilinear")
    agrees(layer, x, np.rot90(x, 1, (1, 2)), training=True)


def test_zoom_in_and_out():
    x = pictures(1, 5, 5, 1)
    agrees(tf.layers.RandomZoom((-0.5, -0.5)), x, zoomed_in(x), training=True)
    out = tf.layers.RandomZoom((1, 1), (0, 0), fill_mode="constant", fill_value=-1)
    expected = np.concatenate([x[:, :1] * 0 - 1, x[:, ::2], x[:, :1] * 0 - 1], 1)
    agrees(out, x, expected, training=True)


def zoomed_in(x):
    """The middle of a 5 by 5 image, twice as large: pixels at 1, 1.5, 2, 2.5, 3."""
    rows = np.stack([x[:, 1], (x[:, 1] + x[:, 2]) / 2, x[:, 2], (x[:, 2] + x[:, 3]) / 2, x[:, 3]], 1)
    columns = [rows[:, :, i] for i in (1, 2, 3)]
    halves = [(columns[0] + columns[1]) / 2, (columns[1] + columns[2]) / 2]
    return np.stack([columns[0], halves[0], columns[1], halves[1], columns[2]], 2)


def test_translation_moves_down_and_right():
    x = pictures(1, 4, 4, 1)
    agrees(tf.layers.RandomTranslation((0.25, 0.25), 0, "wrap"), x, np.roll(x, 1, 1), training=True)
    agrees(tf.layers.RandomTranslation(0, (0.5, 0.5), "wrap"), x, np.roll(x, 2, 2), training=True)


def test_augmented_images_train_a_model():
    layers = [
        tf.layers.RandomFlip("horizontal", input_shape=[4, 4, 1]),
        tf.layers.RandomRotation(0.1),
        tf.layers.flatten(),
        tf.layers.dense({"units": 1}),
    ]
    model = tf.sequential({"layers": layers})
    model.compile({"optimizer": tf.train.sgd(0.01), "loss": "meanSquaredError"})
    x = np.random.default_rng(2).normal(size=(10, 4, 4, 1)).astype(np.float32)
    losses = run(model.fit(x, x.mean((1, 2, 3)), {"epochs": 3, "batchSize": 4})).history["loss"]
    assert np.isfinite(losses).all()


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (
            lambda: tf.layers.categoryEncoding({"numTokens": 3})(tf.tensor([[0, 3]])),
            ArgumentError,
            "from 0 to 2",
        ),
        (
            lambda: tf.layers.CategoryEncoding(3).apply(tf.tensor([[0]]), count_weights=[[1.0]]),
            ArgumentError,
            "'countWeights' only with outputMode 'count'",
        ),
        (lambda: tf.layers.Discretization(), ArgumentError, "'binBoundaries' or 'numBins'"),
        (lambda: tf.layers.Discretization([1, 0]), OptionError, "ascending order"),
        (lambda: tf.layers.Discretization(num_bins=3)(tf.ones([1, 2])), ArgumentError, "adapt"),
        (lambda: tf.layers.Discretization([1.0]).adapt([1.0]), ArgumentError, "'numBins'"),
        (lambda: tf.layers.Normalization(mean=1), ArgumentError, "both 'mean' and 'variance'"),
        (lambda: tf.layers.Normalization(mean=1, variance=1).adapt([[1.0]]), ArgumentError, "not given"),
        (lambda: tf.layers.Normalization(axis=0)(tf.ones([2, 2])), OptionError, "'axis'"),
        (lambda: tf.layers.resizing(height=2, width=2)(tf.ones([2, 2])), ShapeError, "expected images"),
        (
            lambda: tf.layers.resizing(height=2, width=2, interpolation="area"),
            OptionError,
            "'bilinear', 'nearest'",
        ),
        (lambda: tf.layers.randomWidth(factor=-0.5), OptionError, "'factor'"),
        (lambda: tf.layers.randomWidth(factor=[0.5, 0.1]), OptionError, "a lower and an upper"),
        (lambda: tf.layers.RandomRotation(), ArgumentError, "'factor'"),
        (lambda: tf.layers.RandomTranslation(0.1), ArgumentError, "'widthFactor'"),
        (lambda: tf.layers.RandomContrast(1.5), OptionError, "'factor'"),
        (lambda: tf.layers.RandomFlip("sideways"), OptionError, "'mode'"),
        (lambda: tf.layers.RandomFlip().apply(tf.ones([2, 2]), training=True), ShapeError, "expected images"),
    ],
)
def test_wrong_use_is_refused(make, error, words):
    with pytest.raises(error, match=words):
        make()
