"""Samples and classes that count more than others."""

import asyncio

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError

RNG = np.random.default_rng(8)
X = RNG.normal(size=(10, 3)).astype(np.float32)
Y = RNG.normal(size=(10, 1)).astype(np.float32)
LABELS = np.array([0, 1, 2, 0, 1, 2, 2, 1, 0, 1])
WEIGHTS = RNG.uniform(0, 2, 10).astype(np.float32)


def regression():
    model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [3]})]})
    model.set_weights([np.full((3, 1), 0.3, np.float32), np.zeros(1, np.float32)])
    model.compile(optimizer=tf.train.sgd(0.1), loss="meanSquaredError", metrics=["mae"])
    return model


def fit(model, *data, **options):
    return asyncio.run(model.fit(*data, shuffle=False, verbose=0, **options)).history


def test_evaluate_weighs_losses_but_not_metrics():
    model = regression()
    error = model.predict(X).numpy() - Y
    for batch in (10, 4):
        loss, mae = model.evaluate(X, Y, batchSize=batch, sampleWeight=WEIGHTS)
        assert float(loss) == pytest.approx((error[:, 0] ** 2 * WEIGHTS).mean(), rel=1e-5)
        assert float(mae) == pytest.approx(np.abs(error).mean(), rel=1e-5)


def test_a_weight_of_two_is_a_sample_twice():
    weights = np.array([2, 1, 1, 1, 1, 0, 1, 1, 1, 1], np.float32)
    rows = [0, *[i for i in range(10) if i != 5]]
    one, other = regression(), regression()
    first = fit(one, X, Y, epochs=3, batchSize=10, sampleWeight=weights)["loss"]
    assert first == pytest.approx(fit(other, X[rows], Y[rows], epochs=3, batchSize=10)["loss"], rel=1e-5)
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-5)


@pytest.mark.parametrize("hot", [True, False])
def test_weights_of_classes_are_those_of_their_samples(hot):
    def classifier():
        model = tf.sequential(
            {"layers": [tf.layers.dense({"units": 3, "activation": "softmax", "inputShape": [3]})]}
        )
        model.set_weights([np.eye(3, dtype=np.float32), np.zeros(3, np.float32)])
        loss = "categoricalCrossentropy" if hot else "sparseCategoricalCrossentropy"
        model.compile(optimizer=tf.train.sgd(0.1), loss=loss)
        return model

    y = np.eye(3, dtype=np.float32)[LABELS] if hot else LABELS[:, None].astype(np.float32)
    by_class = {0: 1.0, 1: 0.5, 2: 3.0}
    alike = np.array([by_class[int(label)] for label in LABELS], np.float32)
    options = {"epochs": 2, "batchSize": 4}
    expected = fit(classifier(), X, y, sampleWeight=alike, **options)["loss"]
    assert fit(classifier(), X, y, classWeight=by_class, **options)["loss"] == pytest.approx(
        expected, rel=1e-6
    )
    both = fit(classifier(), X, y, classWeight=by_class, sampleWeight=alike, **options)["loss"]
    assert both == pytest.approx(fit(classifier(), X, y, sampleWeight=alike**2, **options)["loss"], rel=1e-6)


def test_validation():
    model = regression()
    history = fit(model, X, Y, epochs=1, sampleWeight=WEIGHTS, validationSplit=0.3)
    kept = model.evaluate(X[7:], Y[7:], sampleWeight=WEIGHTS[7:])[0]
    assert history["val_loss"][0] == pytest.approx(float(kept), rel=1e-5)
    model = regression()
    history = fit(model, X, Y, epochs=1, validationData=(X, Y, WEIGHTS))
    assert history["val_loss"][0] == pytest.approx(
        float(model.evaluate(X, Y, sampleWeight=WEIGHTS)[0]), rel=1e-5
    )


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"sampleWeight": [1.0, 2.0]}, ShapeError, "a number for each of 10 samples"),
        ({"classWeight": {0: 1.0}}, OptionError, "received none for"),
        ({"sampleWeight": {"wrong": WEIGHTS}}, (OptionError, ArgumentError), "sampleWeight"),
    ],
)
def test_errors(options, error, message):
    model = regression()
    with pytest.raises(error, match=message):
        fit(model, X, LABELS[:, None].astype(np.float32), **options)


def test_a_loss_must_be_one_of_samples():
    model = regression()
    model.compile(optimizer="sgd", loss=lambda true, predicted: (true - predicted).square().mean())
    with pytest.raises(ShapeError, match="a loss that gives a number for each"):
        fit(model, X, Y, sampleWeight=WEIGHTS)
