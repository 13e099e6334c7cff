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


# Several outputs

BY_CLASS = {0: 1.0, 1: 0.5, 2: 3.0}


def branched():
    """Outputs a_out and c_out for classes, b for a number."""
    x = tf.input({"shape": [3]})
    dense = lambda units, name: tf.layers.dense({"units": units, "name": name, "kernelInitializer": "ones"})  # noqa: E731
    softmax = lambda name: tf.layers.softmax({"name": f"{name}_out"}).apply(dense(3, name).apply(x))  # noqa: E731
    model = tf.model({"inputs": x, "outputs": [softmax("a"), dense(1, "b").apply(x), softmax("c")]})
    losses = ["sparseCategoricalCrossentropy", "meanSquaredError", "categoricalCrossentropy"]
    model.compile(optimizer=tf.train.sgd(0.1), loss=losses)
    return model


TARGETS = [LABELS[:, None].astype(np.float32), Y, np.eye(3, dtype=np.float32)[LABELS]]
OUTPUTS = ("a_out", "b", "c_out")
ONES = np.ones(10, np.float32)
OF_CLASSES = np.array([BY_CLASS[int(label)] for label in LABELS], np.float32)


def both_ways(table):
    """Something for some of the outputs, by number: as a list with None, as a dict without, as one with None."""
    yield [table.get(number) for number in range(3)]
    yield {OUTPUTS[number]: value for number, value in table.items()}
    yield {name: table.get(number) for number, name in enumerate(OUTPUTS)}


@pytest.mark.parametrize("chosen", [(0,), (2,), (0, 2), ()])
@pytest.mark.parametrize("weighed", [(), (1,), (0, 2)])
def test_weights_for_some_of_several_outputs(chosen, weighed):
    alike = [OF_CLASSES if i in chosen else ONES for i in range(3)]
    alike = [each * (WEIGHTS if i in weighed else 1) for i, each in enumerate(alike)]
    options = {"epochs": 2, "batchSize": 4}
    expected = fit(branched(), X, TARGETS, sampleWeight=alike, **options)
    shares = [WEIGHTS if i in weighed else ONES for i in range(3)]
    measured = [float(each) for each in branched().evaluate(X, TARGETS, sampleWeight=shares)]
    by_class, by_sample = dict.fromkeys(chosen, BY_CLASS), dict.fromkeys(weighed, WEIGHTS)
    for classes, samples in zip(both_ways(by_class), both_ways(by_sample), strict=True):
        found = fit(branched(), X, TARGETS, classWeight=classes, sampleWeight=samples, **options)
        for name, values in expected.items():
            assert found[name] == pytest.approx(values, rel=1e-5), (name, classes, samples)
        found = [float(each) for each in branched().evaluate(X, TARGETS, sampleWeight=samples)]
        assert found == pytest.approx(measured, rel=1e-5)
        rows = lambda: iter([(X, tuple(TARGETS), samples)])  # noqa: B023, E731
        history = asyncio.run(branched().fitDataset(rows, epochs=1, classWeight=classes)).history
        one = fit(branched(), X, TARGETS, classWeight=classes, sampleWeight=samples, epochs=1, batchSize=10)
        assert history["loss"] == pytest.approx(one["loss"], rel=1e-5)


# Weights of steps


def sequences(units=2):
    layers = [tf.layers.dense({"units": units, "inputShape": [4, 3], "kernelInitializer": "ones"})]
    model = tf.sequential({"layers": layers})
    model.compile(optimizer=tf.train.sgd(0.1), loss="meanSquaredError")
    return model


STEPS = RNG.uniform(0, 2, (10, 4)).astype(np.float32)
SEQUENCES = RNG.normal(size=(10, 4, 3)).astype(np.float32)
TRUE = RNG.normal(size=(10, 4, 2)).astype(np.float32)


@pytest.mark.parametrize(
    "given",
    [
        STEPS,
        STEPS.tolist(),
        tf.tensor(STEPS),
        STEPS[..., None],
        [STEPS],
        {"out": STEPS},
        WEIGHTS,
        WEIGHTS[:, None],
        WEIGHTS.tolist(),
        [WEIGHTS],
        {"out": WEIGHTS.tolist()},
    ],
    ids=lambda given: f"{type(given).__name__} of {np.shape(given)}",
)
def test_weights_of_steps(given):
    def make():
        layer = tf.layers.dense(
            {"units": 2, "inputShape": [4, 3], "kernelInitializer": "ones", "name": "out"}
        )
        model = tf.sequential({"layers": [layer]})
        model.compile(optimizer=tf.train.sgd(0.1), loss="meanSquaredError")
        return model

    raw = given["out"] if isinstance(given, dict) else given
    raw = raw[0] if isinstance(raw, list) and len(raw) == 1 else raw
    weights = np.asarray(raw.numpy() if isinstance(raw, tf.Tensor) else raw, np.float32).reshape(10, -1)
    error = ((make().predict(SEQUENCES).numpy() - TRUE) ** 2).mean(-1)
    for size in (10, 4):
        found = make().evaluate(SEQUENCES, TRUE, batchSize=size, sampleWeight=given)
        assert float(found) == pytest.approx((error * weights).mean(), rel=1e-5)
    first = fit(make(), SEQUENCES, TRUE, epochs=2, batchSize=4, sampleWeight=given)["loss"]
    share = np.sqrt(np.broadcast_to(weights, (10, 4)))[..., None]
    reference = np.ones((3, 2), np.float32), np.zeros(2, np.float32)
    expected = []
    for _ in range(2):
        total = 0.0
        for begin in (0, 4, 8):
            x, y, w = (a[begin : begin + 4] for a in (SEQUENCES, TRUE, share))
            off = w * (x @ reference[0] + reference[1] - y)
            total += float((off**2).mean(-1).mean(-1).sum())
            slope = 2 * w * off / off.size
            reference = (
                reference[0] - 0.1 * np.einsum("bsf,bsu->fu", x, slope),
                reference[1] - 0.1 * slope.sum((0, 1)),
            )
        expected.append(total / 10)
    assert first == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("given", [STEPS[:, :3], STEPS[:9], np.ones((10, 4, 2), np.float32), np.float32(2)])
def test_weights_of_other_shapes_are_refused(given):
    with pytest.raises(ShapeError, match="eight"):
        fit(sequences(), SEQUENCES, TRUE, sampleWeight=given)
    with pytest.raises(ShapeError, match="eight"):
        sequences().evaluate(SEQUENCES, TRUE, sampleWeight=given)


@pytest.mark.parametrize("true", [TRUE, np.zeros((10, 4, 1), np.float32)])
def test_classes_have_weights_where_each_sample_has_one(true):
    with pytest.raises(ShapeError, match="one class for each sample"):
        fit(sequences(true.shape[-1]), SEQUENCES, true, classWeight={0: 1.0, 1: 1.0})
