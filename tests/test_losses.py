"""Losses and metrics against NumPy."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.losses import functions as sample_losses

EPS = 1e-7
RNG = np.random.default_rng(8)
TRUE, PRED = RNG.normal(size=(4, 3)), RNG.normal(size=(4, 3))
SHARES = RNG.uniform(0.05, 1, size=(4, 3))  # rows do not add up to 1
CLASSES = np.array([2, 0, 1, 1])
ONE_HOT = np.eye(3)[CLASSES]
BITS = np.array([[1, 0, 1], [0, 0, 1], [1, 1, 1], [0, 0, 0]], dtype=float)
SIGNS = BITS * 2 - 1
POSITIVE = np.abs(TRUE) + 0.1


def unit(x):
    return x / np.sqrt(np.maximum((x**2).sum(-1, keepdims=True), EPS))


def crossentropy(t, p):
    p = np.clip(p / p.sum(-1, keepdims=True), EPS, 1 - EPS)
    return -(t * np.log(p)).sum(-1)


LOSSES = {
    "meanSquaredError": (TRUE, PRED, lambda t, p: ((p - t) ** 2).mean(-1)),
    "meanAbsoluteError": (TRUE, PRED, lambda t, p: np.abs(p - t).mean(-1)),
    "meanAbsolutePercentageError": (TRUE, PRED, lambda t, p: 100 * np.abs((t - p) / np.abs(t)).mean(-1)),
    "meanSquaredLogarithmicError": (
        POSITIVE,
        np.abs(PRED),
        lambda t, p: ((np.log1p(p) - np.log1p(t)) ** 2).mean(-1),
    ),
    "squaredHinge": (SIGNS, PRED, lambda t, p: (np.maximum(1 - t * p, 0) ** 2).mean(-1)),
    "hinge": (SIGNS, PRED, lambda t, p: np.maximum(1 - t * p, 0).mean(-1)),
    "categoricalHinge": (
        ONE_HOT,
        PRED,
        lambda t, p: np.maximum(0, 1 + ((1 - t) * p).max(-1) - (t * p).sum(-1)),
    ),
    "logcosh": (TRUE * 5, PRED * 5, lambda t, p: np.log(np.cosh(p - t)).mean(-1)),
    "huber": (
        TRUE * 2,
        PRED * 2,
        lambda t, p: np.where(np.abs(p - t) < 1, (p - t) ** 2 / 2, np.abs(p - t) - 0.5).mean(-1),
    ),
    "categoricalCrossentropy": (ONE_HOT, SHARES, crossentropy),
    "sparseCategoricalCrossentropy": (CLASSES, SHARES, lambda t, p: crossentropy(ONE_HOT, p)),
    "binaryCrossentropy": (
        BITS,
        SHARES * 0.9,
        lambda t, p: -(t * np.log(p) + (1 - t) * np.log(1 - p)).mean(-1),
    ),
    "kullbackLeiblerDivergence": (SHARES, SHARES[::-1], lambda t, p: (t * np.log(t / p)).sum(-1)),
    "poisson": (POSITIVE, SHARES, lambda t, p: (p - t * np.log(p + EPS)).mean(-1)),
    "cosineProximity": (TRUE, PRED, lambda t, p: -(unit(t) * unit(p)).sum(-1)),
}
METRICS = {
    "binaryAccuracy": (BITS, SHARES, lambda t, p: ((p > 0.5) == t).mean(-1)),
    "categoricalAccuracy": (ONE_HOT, PRED, lambda t, p: (t.argmax(-1) == p.argmax(-1)).astype(float)),
    "sparseCategoricalAccuracy": (CLASSES, PRED, lambda t, p: (t == p.argmax(-1)).astype(float)),
}


@pytest.mark.parametrize("name", LOSSES)
def test_loss_values_and_gradients(name):
    true, pred, expected = LOSSES[name]
    function = getattr(sample_losses, name)
    np.testing.assert_allclose(
        function(tf.tensor(true), tf.tensor(pred)).numpy(), expected(true, pred), rtol=1e-4, atol=1e-5
    )
    gradient = tf.grad(lambda p: function(tf.tensor(true), p).sum())(tf.tensor(pred)).numpy()
    direction = np.random.default_rng(1).normal(size=pred.shape)
    step = 1e-6
    numeric = (expected(true, pred + step * direction) - expected(true, pred - step * direction)).sum() / (
        2 * step
    )
    assert (gradient * direction).sum() == pytest.approx(numeric, rel=2e-3, abs=1e-4)


@pytest.mark.parametrize("name", [*METRICS, *LOSSES])
def test_metric_values(name):
    true, pred, expected = {**LOSSES, **METRICS}[name]
    found = tf.metrics.get(name)(tf.tensor(true), tf.tensor(pred)).numpy()
    np.testing.assert_allclose(found, expected(true, pred), rtol=1e-4, atol=1e-5)


def test_every_loss_and_metric_is_tested():
    named = {sample_losses.get(name).__name__ for name in LOSSES}
    assert named == {
        n for n, f in sample_losses.LOSSES.items.items() if f.__module__.endswith("losses.functions")
    }
    assert {tf.metrics.get(name).__name__ for name in METRICS} | named <= set(tf.metrics.METRICS.items)


@pytest.mark.parametrize(
    "short", ["mse", "MSE", "mae", "mape", "msle", "kld", "cosine", "logCosh", "klDivergence"]
)
def test_short_names(short):
    assert sample_losses.get(short) in sample_losses.LOSSES.items.values()


def test_crossentropies_from_logits_agree_with_those_of_probabilities():
    logits = PRED * 3
    shares = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    t, z = tf.tensor(ONE_HOT), tf.tensor(logits)
    expected = crossentropy(ONE_HOT, shares)
    np.testing.assert_allclose(
        sample_losses.categorical_crossentropy(t, z, True).numpy(), expected, rtol=1e-4
    )
    sparse = sample_losses.sparseCategoricalCrossentropy(tf.tensor(CLASSES), z, fromLogits=True)
    np.testing.assert_allclose(sparse.numpy(), expected, rtol=1e-4)
    binary = sample_losses.binary_crossentropy(tf.tensor(BITS), z, True).numpy()
    p = 1 / (1 + np.exp(-logits))
    np.testing.assert_allclose(binary, -(BITS * np.log(p) + (1 - BITS) * np.log(1 - p)).mean(-1), rtol=1e-4)


def test_losses_stay_finite_at_the_edges():
    zero_one = tf.tensor([[0.0, 1.0, 0.0]])
    wrong = tf.tensor([[1.0, 0.0, 0.0]])
    for name in ("binaryCrossentropy", "categoricalCrossentropy", "kullbackLeiblerDivergence", "poisson"):
        function = getattr(sample_losses, name)
        assert np.isfinite(function(zero_one, wrong).numpy()).all()
        assert np.isfinite(tf.grad(lambda p, f=function: f(zero_one, p).sum())(wrong).numpy()).all()
    far = tf.tensor([[1000.0, -1000.0]])
    assert sample_losses.logcosh(tf.zeros([1, 2]), far).numpy()[0] == pytest.approx(
        1000 - np.log(2), rel=1e-5
    )
    assert np.isfinite(sample_losses.binary_crossentropy(tf.ones([1, 2]), far, True).numpy()).all()


def test_sparse_targets_may_have_a_last_axis_of_one():
    t = tf.tensor(CLASSES.reshape(4, 1))
    loss = sample_losses.sparse_categorical_crossentropy(t, tf.tensor(SHARES))
    np.testing.assert_allclose(loss.numpy(), crossentropy(ONE_HOT, SHARES), rtol=1e-4)
    assert tf.metrics.sparse_categorical_accuracy(t, tf.tensor(SHARES)).shape == (4,)


@pytest.mark.parametrize("name", [name for name in LOSSES if not name.startswith("sparse")])
def test_shapes_must_agree(name):
    with pytest.raises(
        ShapeError, match=rf"{name}: expected targets of the shape of the predictions, \(4, 3\)"
    ):
        getattr(sample_losses, name)(tf.ones([4, 2]), tf.ones([4, 3]))


def test_one_hot_targets_for_a_sparse_loss_are_refused_with_advice():
    with pytest.raises(ShapeError, match="For one-hot targets use categoricalCrossentropy"):
        sample_losses.sparse_categorical_crossentropy(tf.tensor(ONE_HOT), tf.tensor(SHARES))


@pytest.mark.parametrize(
    ("loss", "units", "activation", "metric"),
    [
        ("binaryCrossentropy", 1, "sigmoid", "binaryAccuracy"),
        ("categoricalCrossentropy", 3, "softmax", "categoricalAccuracy"),
        ("sparseCategoricalCrossentropy", 3, "softmax", "sparseCategoricalAccuracy"),
    ],
)
def test_accuracy_is_the_one_that_suits_the_loss(loss, units, activation, metric):
    x = RNG.normal(size=(8, 2)).astype(np.float32)
    classes = RNG.integers(0, 3, size=8)
    y = {1: classes[:, None] % 2, 3: np.eye(3)[classes]}[units]
    y = classes if loss.startswith("sparse") else y
    layer = tf.layers.dense({"units": units, "activation": activation, "inputShape": [2]})
    model = tf.sequential({"layers": [layer]})
    model.compile({"optimizer": "sgd", "loss": loss, "metrics": ["accuracy", metric]})
    _, accuracy, named = model.evaluate(x, np.asarray(y, dtype=np.float32))
    assert model.metrics_names == ["loss", "acc", metric]
    assert accuracy.item() == named.item()


def test_a_reduction_of_none_keeps_the_loss_of_each_sample():
    """As in Keras, where None is a reduction, and not the default."""
    true, predicted = [[0.0], [1.0]], [[2.0], [4.0]]
    for reduction in (None, "none"):
        loss = tf.keras.losses.MeanSquaredError(reduction=reduction)
        assert loss(true, predicted).array_sync() == [4, 9]


@pytest.mark.parametrize("delta", [0.3, 2.5])
def test_huber_bends_at_delta(delta):
    apart = np.abs(TRUE * 2 - PRED * 2)
    expected = np.where(apart <= delta, apart**2 / 2, delta * (apart - delta / 2)).mean(-1)
    for huber in (sample_losses.huber, tf.keras.losses.huber):
        np.testing.assert_allclose(
            huber(tf.tensor(TRUE * 2), tf.tensor(PRED * 2), delta=delta).numpy(), expected, rtol=1e-5
        )


@pytest.mark.parametrize("share", [0.0, 0.2])
def test_smoothing_moves_labels_and_probabilities_are_made_to_add_up_to_one(share):
    """As in Keras bits move towards a half, classes towards all classes alike; rows that do not add up to 1 are divided."""
    bits, classes = BITS * (1 - share) + share / 2, ONE_HOT * (1 - share) + share / 3
    p = SHARES * 0.9
    expected = -(bits * np.log(p) + (1 - bits) * np.log(1 - p)).mean(-1)
    found = tf.keras.losses.binary_crossentropy(tf.tensor(BITS), tf.tensor(p), label_smoothing=share)
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-5)
    found = tf.keras.losses.categorical_crossentropy(
        tf.tensor(ONE_HOT), tf.tensor(SHARES), label_smoothing=share
    )
    np.testing.assert_allclose(found.numpy(), crossentropy(classes, SHARES), rtol=1e-5)


def test_areas_of_labels_count_by_their_weights():
    true, predicted = tf.tensor(BITS), tf.tensor(SHARES)
    options = {"multi_label": True, "num_labels": 3, "num_thresholds": 30}
    alone = []
    for label in range(3):
        metric = tf.keras.metrics.AUC(num_thresholds=30)
        metric.update_state(true[:, label : label + 1], predicted[:, label : label + 1])
        alone.append(float(metric.result()))
    weights = [1.0, 3.0, 0.5]
    metric = tf.keras.metrics.AUC(**options, label_weights=weights)
    metric.update_state(true, predicted)
    assert float(metric.result()) == pytest.approx(np.average(alone, weights=weights), rel=1e-5)


def test_a_mask_leaves_samples_out_of_the_mean():
    true, predicted = tf.tensor(TRUE), tf.tensor(PRED)
    predicted.mask = tf.tensor([True, False, True, True], dtype="bool")
    loss = tf.keras.losses.MeanSquaredError()
    expected = ((TRUE - PRED) ** 2).mean(-1)[[0, 2, 3]].mean()
    found = loss(true, predicted)
    assert float(found) == pytest.approx(expected, rel=1e-5)
