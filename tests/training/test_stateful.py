"""Models with a fixed batch size, and programs whose layers remember, as in TensorFlow.js (recorded by record_stateful.mjs)."""

import asyncio
import json
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.waves import filled
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError

RUNS = json.loads((Path(__file__).parent / "stateful_by_tfjs.json").read_text(encoding="utf-8"))


def made(spec):
    factory, config = spec
    given = dict(config)
    if "layer" in given:
        given["layer"] = made(given["layer"])
    if "cell" in given:
        given["cell"] = [made(cell) for cell in given["cell"]]
    return getattr(tf.layers, factory)(given)


def compiled(layers):
    model = tf.sequential({"layers": [made(layer) for layer in layers]})
    model.setWeights([filled(w.shape, 50 + i, 0.4) for i, w in enumerate(model.getWeights())])
    model.compile({"optimizer": tf.train.sgd(0.05), "loss": "meanSquaredError"})
    return model


def done(model, step, number):
    """What a step of a program gives, as a flat list of numbers."""
    what, count, options, at_epoch = (*step, None, None, None)[:4]
    sample = model.inputs[0].shape[1:]
    x = lambda n: filled((n, *sample), number + 1, 1)  # noqa: E731
    y = lambda n: filled((n, 1), number + 31, 1)  # noqa: E731
    rows = lambda n: {"xs": tf.data.array(list(x(n))), "ys": tf.data.array(list(y(n)))}  # noqa: E731
    if what == "reset":
        return model.resetStates()
    if what == "resetLayers":
        for layer in model.layers:
            if layer.stateful:
                layer.resetStates()
        return None
    if what in ("predict", "predictOnBatch"):
        found = (
            model.predict(x(count), {"batchSize": 2}) if what == "predict" else model.predictOnBatch(x(count))
        )
        return found.numpy().ravel()
    if what == "evaluate":
        return [float(model.evaluate(x(count), y(count), {"batchSize": 2}))]
    if what == "evaluateDataset":
        return [float(asyncio.run(model.evaluateDataset(tf.data.zip(rows(count)).batch(2), {})))]
    if what == "trainOnBatch":
        return [asyncio.run(model.trainOnBatch(x(count), y(count)))]
    given = {"verbose": 0, **options}
    if at_epoch:
        given["callbacks"] = {"onEpochEnd": lambda: model.resetStates()}
    if "validate" in given:
        size = given.pop("validate")
        given["validationData"] = [x(size), y(size)]
    if what == "fit":
        history = asyncio.run(model.fit(x(count), y(count), given)).history
    else:
        history = asyncio.run(model.fitDataset(tf.data.zip(rows(count)).batch(2), given)).history
    return [value for name in sorted(history) for value in history[name]]


@pytest.mark.parametrize("name", RUNS)
def test_a_program_gives_what_it_gives_in_tfjs(name):
    record = RUNS[name]
    model = compiled(record["layers"])
    assert model.stateful
    for number, (step, expected) in enumerate(zip(record["steps"], record["found"], strict=True)):
        found = done(model, step, number)
        if expected is not None:
            np.testing.assert_allclose(found, expected, rtol=2e-4, atol=2e-5, err_msg=f"{name}, {step}")


def pair(n, sample=(3,)):
    return filled((n, *sample), 1, 1), filled((n, 1), 2, 1)


def dense(batch):
    layers = [tf.layers.dense({"units": 1, "batchInputShape": [batch, 3], "kernelInitializer": "ones"})]
    model = tf.sequential({"layers": layers})
    model.compile({"optimizer": tf.train.sgd(0.1), "loss": "meanSquaredError"})
    return model


def functional(batch):
    x = tf.input({"batchShape": [batch, 3]})
    y = tf.layers.dense({"units": 1, "kernelInitializer": "ones"}).apply(x)
    model = tf.model({"inputs": x, "outputs": y})
    model.compile({"optimizer": tf.train.sgd(0.1), "loss": "meanSquaredError"})
    return model


def used(model, n, options):
    """All that a model does with n samples, as numbers."""
    x, y = pair(n)
    found = [
        model.predict(x, options).numpy().ravel(),
        [float(model.evaluate(x, y, options))],
        asyncio.run(model.fit(x, y, {"epochs": 2, "shuffle": False, "verbose": 0, **options})).history[
            "loss"
        ],
        [asyncio.run(model.trainOnBatch(x, y))],
        model.predictOnBatch(x).numpy().ravel(),
        model(tf.tensor(x)).numpy().ravel(),
    ]
    return np.concatenate([np.asarray(each, np.float32) for each in found])


@pytest.mark.parametrize("make", [dense, functional])
@pytest.mark.parametrize("n", [1, 2, 5, 6])
@pytest.mark.parametrize("options", [{}, {"batchSize": 2}, {"batchSize": 4}])
def test_a_fixed_batch_size_binds_no_model_that_remembers_nothing(make, n, options):
    np.testing.assert_allclose(used(make(2), n, options), used(make(None), n, options), rtol=1e-5)


def remembering(batch=2, returns=False):
    layer = tf.layers.simpleRNN({"units": 1, "stateful": True, "batchInputShape": [batch, 2, 3]})
    model = tf.sequential({"layers": [layer]})
    model.setWeights([filled(w.shape, 5, 0.5) for w in model.getWeights()])
    model.compile({"optimizer": tf.train.sgd(0.1), "loss": "meanSquaredError"})
    return model


def test_batches_are_those_of_the_layers_where_nobody_says_otherwise():
    x, y = pair(6, (2, 3))
    for options in ({}, {"batchSize": 2}):
        one, other = remembering(), remembering()
        parts = [other.predictOnBatch(x[i : i + 2]).numpy() for i in (0, 2, 4)]
        np.testing.assert_allclose(one.predict(x, options).numpy(), np.concatenate(parts), rtol=1e-6)
        one.resetStates()
        other.resetStates()
        losses = [asyncio.run(other.trainOnBatch(x[i : i + 2], y[i : i + 2])) for i in (0, 2, 4)]
        history = asyncio.run(one.fit(x, y, {"epochs": 1, "shuffle": False, "verbose": 0, **options})).history
        assert history["loss"] == pytest.approx([np.mean(losses)], rel=1e-5)
        one.resetStates()
        other.resetStates()
        losses = [asyncio.run(other.test_on_batch(x[i : i + 2], y[i : i + 2])) for i in (0, 2, 4)]
        assert float(one.evaluate(x, y, options)) == pytest.approx(np.mean(losses), rel=1e-5)


def fitted(model, n, **options):
    asyncio.run(model.fit(*pair(n, (2, 3)), {"verbose": 0, **options}))


@pytest.mark.parametrize(
    ("use", "error", "words"),
    [
        (lambda m: fitted(m, 6, batchSize=3), ArgumentError, "'batchSize' to be 2.*received 3"),
        (lambda m: m.predict(pair(6, (2, 3))[0], {"batchSize": 3}), ArgumentError, "'batchSize' to be 2"),
        (lambda m: m.evaluate(*pair(6, (2, 3)), {"batchSize": 4}), ArgumentError, "'batchSize' to be 2"),
        (lambda m: fitted(m, 5), ShapeError, "batches of 2.*received 5 samples"),
        (lambda m: m.predict(pair(5, (2, 3))[0]), ShapeError, "batches of 2.*received 5 samples"),
        (lambda m: m.evaluate(*pair(1, (2, 3))), ShapeError, "batches of 2.*received 1 sample"),
        (lambda m: fitted(m, 6, validationSplit=0.5), ShapeError, "batches of 2.*received 3 samples"),
        (
            lambda m: fitted(m, 6, validationData=pair(3, (2, 3))),
            ShapeError,
            "batches of 2.*received 3 samples",
        ),
        (lambda m: m.predictOnBatch(pair(3, (2, 3))[0]), ShapeError, "batches of 2.*received 3"),
        (lambda m: m(tf.ones([3, 2, 3])), ShapeError, "batches of 2.*received 3"),
        (lambda m: asyncio.run(m.trainOnBatch(*pair(4, (2, 3)))), ShapeError, "batches of 2.*received 4"),
    ],
)
def test_other_batches_than_those_that_a_layer_remembers_are_refused(use, error, words):
    with pytest.raises(error, match=words):
        use(remembering())


@pytest.mark.parametrize("size", [0, -1, 1.5, "x", True])
@pytest.mark.parametrize("option", ["batchSize", "validationBatchSize"])
def test_sizes_of_batches_are_positive(size, option):
    x, y = pair(4)
    uses = [lambda o: asyncio.run(dense(None).fit(x, y, {"validationData": (x, y), **o}))]
    if option == "batchSize":
        uses += [lambda o: dense(None).predict(x, o), lambda o: dense(None).evaluate(x, y, o)]
    for use in uses:
        with pytest.raises(
            OptionError, match=f"'{option}' to be a (positive integer|whole number or None), received"
        ):
            use({option: size})


class Own(tf.layers.Layer):
    """A layer of a user's own that remembers."""

    def __init__(self):
        super().__init__({})
        self.stateful = True
        self.resets = 0

    def call(self, inputs):
        return inputs

    def resetStates(self):  # noqa: N802 (TensorFlow.js's spelling)
        self.resets += 1


def test_what_is_reset():
    own = Own()
    inner = tf.sequential(
        {"layers": [tf.layers.gru({"units": 2, "stateful": True, "batchInputShape": [2, 2, 3]})]}
    )
    shared = tf.sequential({"layers": [inner, own, tf.layers.dense({"units": 1})]})
    assert shared.stateful
    assert not shared.layers[-1].stateful
    shared.predict(tf.ones([2, 2, 3]))
    states = inner.layers[0].states
    assert np.abs(states[0].numpy()).max() > 0
    shared.reset_states()
    assert np.abs(inner.layers[0].states[0].numpy()).max() == 0
    assert own.resets == 1
    dense(2).resetStates()  # as in TensorFlow.js: there is nothing to reset
    with pytest.raises(ArgumentError, match="expected a stateful layer"):
        tf.layers.dense({"units": 1}).resetStates()


@pytest.mark.parametrize("count", [1, 2])
def test_states_that_are_given(count):
    kind = ["simpleRNN", "lstm"][count - 1]
    config = {"units": 2, "stateful": True, "batchInputShape": [3, 2, 3], "returnState": True}
    layer, free = (
        getattr(tf.layers, kind)(config),
        getattr(tf.layers, kind)({"units": 2, "returnState": True}),
    )
    x = tf.tensor(filled((3, 2, 3), 1, 1))
    layer(x)
    free(x)
    free.setWeights(layer.getWeights())
    given = [tf.tensor(filled((3, 2), 4 + i, 1)) for i in range(count)]
    layer.resetStates(given if count > 1 else given[0])
    for found, expected in zip(layer(x), free(x, initialState=given), strict=True):
        np.testing.assert_allclose(found.numpy(), expected.numpy(), rtol=1e-6)
    for state, expected in zip(layer.states, free(x, initialState=given)[1:], strict=True):
        np.testing.assert_allclose(state.numpy(), expected.numpy(), rtol=1e-6)
    with pytest.raises(ShapeError, match="shape"):
        layer.resetStates([tf.ones([2, 2])] * count)
    with pytest.raises(ArgumentError, match=f"expected {count} states"):
        layer.resetStates([tf.ones([3, 2])] * (count + 1))


@pytest.mark.parametrize("name", ["stacked", "bidirectional", "cells", "images"])
def test_a_copy_remembers_batches_of_the_same_size(name):
    model = compiled(RUNS[f"{name}: predictions"]["layers"])
    copy = type(model).from_config(model.get_config())
    copy.setWeights(model.getWeights())
    x = filled((4, *model.inputs[0].shape[1:]), 1, 1)
    np.testing.assert_allclose(copy.predict(x).numpy(), model.predict(x).numpy(), rtol=1e-6)
    assert copy.stateful
    with pytest.raises(ArgumentError, match="'batchSize' to be 2"):
        copy.predict(x, {"batchSize": 4})


class Subclassed(tf.Model):
    def __init__(self):
        super().__init__()
        self.rnn = tf.layers.gru({"units": 2, "stateful": True, "biasInitializer": "ones"})
        self.out = tf.layers.dense({"units": 1})

    def call(self, inputs):
        return self.out(self.rnn(inputs))


def test_a_subclass_learns_its_batch_from_the_first_one_and_begins_with_zeros():
    model = Subclassed()
    x = filled((6, 2, 3), 1, 1)
    found = model.predict(x, batch_size=2).numpy()
    model.reset_states()
    np.testing.assert_allclose(model.predict(x, batch_size=2).numpy(), found, rtol=1e-6)
    with pytest.raises(ArgumentError, match="'batchSize' to be 2"):
        model.predict(x, batch_size=3)
