"""Recurrent layers: as TensorFlow.js recorded them (record_recurrent.mjs), as NumPy computes them, and what only we have."""

import asyncio
import json
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.counting import calls_made
from tfjs_pyo import naming
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError

RECORD = json.loads(Path(__file__).with_name("recurrent.json").read_text(encoding="utf-8"))
RNG = np.random.default_rng(41)


def filled(shape, seed, scale):
    places = np.arange(1, np.prod(shape, dtype=int) + 1)
    return tf.tensor((scale * np.sin(12.9898 * places + 78.233 * seed)).reshape(shape).astype(np.float32))


def make(spec, **more):
    factory, config = spec
    own = {**config, **more}
    for key in ("layer", "cell"):
        if key in own:
            own[key] = make(own[key])
    if "cells" in own:
        own["cells"] = [make(cell) for cell in own["cells"]]
    return getattr(tf.layers, factory)(own)


def set_weights(layer):
    layer.set_weights([filled(w.shape, 50 + i, 0.4) for i, w in enumerate(layer.get_weights())])


def close(found, expected, rtol=2e-5, atol=2e-5):
    np.testing.assert_allclose(np.array(found.data_sync()), expected, rtol=rtol, atol=atol)


@pytest.mark.parametrize("record", RECORD["layers"], ids=lambda r: json.dumps(r["spec"]).replace(" ", ""))
def test_like_tensorflow_js(record):
    x = filled(record["shape"], 1, 1.5)
    layer = make(record["spec"], batchInputShape=record["shape"])
    model = tf.sequential({"layers": [layer]})
    set_weights(model)
    y = model.predict(x)
    assert list(y.shape) == record["output"]
    assert list(layer.compute_output_shape(record["shape"])) == record["output"]
    close(y, record["values"])
    weights = filled(y.shape, 3, 1)
    close(tf.grad(lambda given: (model.apply(given) * weights).sum())(x), record["gradient"])
    model.compile(optimizer="adam", loss="meanSquaredError")
    batch = record["shape"][0]
    history = asyncio.run(
        model.fit(x, filled(y.shape, 9, 1), epochs=3, batchSize=batch, shuffle=False, verbose=0)
    )
    np.testing.assert_allclose(history.history["loss"], record["loss"], rtol=1e-4)
    for found, expected in zip(model.get_weights(), record["weights"], strict=True):
        assert list(found.shape) == expected["shape"]
        close(found, expected["values"], rtol=1e-3, atol=1e-4)
    if record["spec"][0] != "rnn":  # TensorFlow.js puts the fields of the cell beside it
        ours = {naming.fold(key) for key in layer.get_config()}
        assert {naming.fold(key) for key in record["config"]} <= {*ours, "dropoutfunc"}


def test_regularizers_of_cells_count():
    """TensorFlow.js forgets them."""
    layer = tf.layers.gru({"units": 2, "kernelRegularizer": "l2", "inputShape": [3, 1]})
    model = tf.sequential({"layers": [layer]})
    model.compile(optimizer="sgd", loss="meanSquaredError")
    x, y = np.zeros((2, 3, 1), np.float32), np.zeros((2, 2), np.float32)
    assert float(model.evaluate(x, y)) == pytest.approx(
        0.01 * float(layer.weights[0].square().sum()), rel=1e-5
    )


@pytest.mark.parametrize("record", RECORD["states"], ids=lambda r: r["factory"])
def test_states_go_in_and_out(record):
    layer = make([record["factory"], {"units": 3, "returnState": True, "returnSequences": True}])
    x = filled([4, 5, 2], 1, 1.5)
    layer.apply(x)
    set_weights(layer)
    states = [filled([4, 3], 20 + i, 1) for i in range(record["count"])]
    for found, expected in zip(layer.apply(x, {"initialState": states}), record["outputs"], strict=True):
        close(found, expected["values"])
    symbols = [tf.input({"shape": [3]}) for _ in states]
    sequence = tf.input({"shape": [5, 2]})
    outputs = layer.apply(sequence, {"initialState": symbols})
    model = tf.model({"inputs": [sequence, *symbols], "outputs": outputs[0]})
    close(model.predict([x, *states]), record["outputs"][0]["values"])


@pytest.mark.parametrize("record", RECORD["masks"], ids=lambda r: r["spec"][0])
def test_masked_steps_are_skipped(record):
    model = tf.sequential()
    model.add(tf.layers.embedding({"inputDim": 7, "outputDim": 3, "maskZero": True, "inputLength": 5}))
    model.add(make(record["spec"]))
    set_weights(model)
    numbers = tf.tensor2d(record["numbers"], [4, 5], "int32")
    close(model.predict(numbers), record["values"])


def test_a_mask_holds_outputs_and_goes_on():
    x = RNG.normal(size=(2, 4, 3)).astype(np.float32)
    x[0, 2:] = 0
    masked = tf.layers.masking()(tf.tensor(x))
    layer = tf.layers.lstm({"units": 2, "returnSequences": True})
    y = layer(masked).numpy()
    short = layer(tf.tensor(x[:1, :2])).numpy()
    np.testing.assert_allclose(y[0, 1:], np.repeat(short[0, 1:], 3, 0), rtol=1e-5)
    assert layer(masked).mask.array_sync() == [[True, True, False, False], [True] * 4]
    assert tf.layers.dropout({"rate": 0.5})(layer(masked)).mask is not None


def gru_reset_after(x, kernel, recurrent, bias):
    def sigmoid(v):
        return 1 / (1 + np.exp(-v))

    h = np.zeros((len(x), recurrent.shape[0]))
    for t in range(x.shape[1]):
        a, b = x[:, t] @ kernel + bias[0], h @ recurrent + bias[1]
        (az, ar, ah), (bz, br, bh) = np.split(a, 3, 1), np.split(b, 3, 1)
        z, r = sigmoid(az + bz), sigmoid(ar + br)
        h = z * h + (1 - z) * np.tanh(ah + r * bh)
    return h


def test_gru_with_the_reset_after_the_product():
    layer = tf.layers.gru({"units": 4, "resetAfter": True, "recurrentActivation": "sigmoid"})
    x = RNG.normal(size=(3, 5, 2)).astype(np.float32)
    layer(tf.tensor(x))
    assert [w.shape for w in layer.weights] == [(2, 12), (4, 12), (2, 12)]
    layer.set_weights([RNG.normal(size=w.shape).astype(np.float32) for w in layer.weights])
    expected = gru_reset_after(x, *(w.numpy().astype(np.float64) for w in layer.weights))
    np.testing.assert_allclose(layer(tf.tensor(x)).numpy(), expected, rtol=1e-4, atol=1e-5)


class TfjsStyle(tf.layers.RNNCell):
    state_size = 2

    def call(self, inputs):
        total = inputs[0] + inputs[1] * 0.5
        return [total * 2, total]


class KerasStyle(tf.layers.RNNCell):
    state_size = 2

    def call(self, inputs, states):
        total = inputs + states[0] * 0.5
        return total * 2, [total]


@pytest.mark.parametrize("cell", [TfjsStyle, KerasStyle])
def test_a_cell_of_your_own(cell):
    x = RNG.normal(size=(3, 4, 2)).astype(np.float32)
    total = np.zeros((3, 2))
    for t in range(4):
        total = x[:, t] + total * 0.5
    output, state = tf.layers.rnn({"cell": cell(), "returnState": True})(tf.tensor(x))
    np.testing.assert_allclose(output.numpy(), total * 2, rtol=1e-5)
    np.testing.assert_allclose(state.numpy(), total, rtol=1e-5)


def test_a_stateful_layer_remembers():
    layer = tf.layers.gru({"units": 3, "stateful": True, "batchInputShape": [2, 2, 1]})
    whole = tf.layers.gru({"units": 3})
    x = RNG.normal(size=(2, 4, 1)).astype(np.float32)
    layer(tf.tensor(x[:, :2]))
    whole(tf.tensor(x))
    whole.set_weights(layer.get_weights())
    second = layer(tf.tensor(x[:, 2:]))
    np.testing.assert_allclose(second.numpy(), whole(tf.tensor(x)).numpy(), rtol=1e-5)
    layer.reset_states()
    assert layer.states[0].array_sync() == [[0] * 3] * 2
    model = tf.sequential({"layers": [layer]})
    model.compile(optimizer="sgd", loss="meanSquaredError")
    asyncio.run(
        model.fit(x[:, :2], np.zeros((2, 3), np.float32), epochs=2, batchSize=2, shuffle=False, verbose=0)
    )
    assert np.any(layer.states[0].numpy())


def test_dropout_only_in_training_and_alike_in_all_steps():
    layer = tf.layers.simpleRNN(
        {
            "units": 50,
            "dropout": 0.3,
            "returnSequences": True,
            "activation": "linear",
            "kernelInitializer": "ones",
        }
    )
    x = tf.ones([1, 2, 40])
    assert np.ptp(layer.apply(x).numpy()[0, 0]) == pytest.approx(0, abs=1e-4)
    layer.set_weights([tf.ones([40, 50]), tf.zeros([50, 50]), tf.zeros([50])])
    tf.random.setSeed(3)
    first, second = layer.apply(x, {"training": True}).numpy()[0]
    np.testing.assert_allclose(first, second)
    assert first[0] != 40


def test_both_directions():
    x = RNG.normal(size=(2, 3, 4)).astype(np.float32)
    layer = tf.layers.bidirectional(
        {"layer": tf.layers.gru({"units": 2, "returnSequences": True}), "mergeMode": None}
    )
    there, back = layer(tf.tensor(x))
    np.testing.assert_allclose(there.numpy(), layer.forward_layer(tf.tensor(x)).numpy())
    np.testing.assert_allclose(back.numpy(), layer.backward_layer(tf.tensor(x)).numpy()[:, ::-1])
    stateful = tf.layers.bidirectional({"layer": tf.layers.lstm({"units": 2, "returnState": True})})
    found = stateful(tf.tensor(x))
    assert [t.shape for t in found] == [(2, 4), (2, 2), (2, 2), (2, 2), (2, 2)]
    again = type(layer).from_config(layer.get_config())
    again(tf.tensor(x))
    again.set_weights(layer.get_weights())
    np.testing.assert_allclose(again(tf.tensor(x))[1].numpy(), back.numpy())


def train_over(steps):
    """Makes, compiles and trains a recurrent network for sequences of so many steps."""
    model = tf.sequential(
        {"layers": [tf.layers.lstm({"units": 4, "inputShape": [steps, 2]}), tf.layers.dense({"units": 1})]}
    )
    model.compile(optimizer="rmsprop", loss="meanSquaredError")
    x = RNG.normal(size=(4, steps, 2)).astype(np.float32)
    history = asyncio.run(model.fit(x, np.ones((4, 1), np.float32), epochs=2, batchSize=4, verbose=0))
    assert history.history["loss"][1] < history.history["loss"][0]


@pytest.mark.slow
def test_five_hundred_steps_are_trained():
    train_over(500)


@pytest.mark.slow
def test_the_work_of_compiling_grows_as_the_steps():
    train_over(50)  # what is made once
    few, many = (calls_made(lambda steps=steps: train_over(steps)) for steps in (100, 200))
    assert many < 2.3 * few


MESSAGES = [
    (lambda: tf.layers.lstm({"units": 3})(tf.ones([2, 3])), ShapeError, r"rank 3 \[batch, steps, features\]"),
    (lambda: tf.layers.lstm({"units": 0}), OptionError, "'units' to be a positive integer"),
    (
        lambda: tf.layers.lstm({"units": 3}).apply(tf.ones([2, 3, 4]), {"initialState": [tf.ones([2, 3])]}),
        ArgumentError,
        "expected 2 tensors of initialState, received 1",
    ),
    (
        lambda: tf.layers.gru({"units": 3}).apply(tf.ones([2, 3, 4]), {"initialState": [tf.ones([2, 9])]}),
        ShapeError,
        r"initial state of shape \(2, 3\)",
    ),
    (lambda: tf.layers.gru({"units": 3}).reset_states(), ArgumentError, "stateful layer"),
    (
        lambda: tf.layers.gru({"units": 3, "stateful": True}).apply(tf.input({"shape": [3, 4]})),
        ShapeError,
        "batch size of a stateful layer",
    ),
    (lambda: tf.layers.rnn({"cell": tf.layers.dense({"units": 2})}), OptionError, "a cell with a state_size"),
    (lambda: tf.layers.bidirectional({"layer": tf.layers.dense({"units": 2})}), OptionError, "expected a recurrent layer"),
    (lambda: tf.layers.timeDistributed({"layer": tf.layers.flatten()})(tf.ones([2, 3])), ShapeError, "rank 3 or more"),
    (lambda: tf.layers.gru({"units": 3})(tf.ones([2, 0, 4])), ShapeError, "at least one step"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), MESSAGES)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_losses_and_metrics_of_masked_outputs_count_what_the_mask_counts_in():
    numbers = np.array([[1, 2, 0, 0], [3, 4, 5, 6], [2, 0, 0, 0], [1, 1, 1, 0], [4, 4, 0, 0]], np.int32)
    model = tf.sequential()
    model.add(tf.layers.embedding({"inputDim": 7, "outputDim": 3, "maskZero": True, "inputLength": 4}))
    model.add(tf.layers.gru({"units": 2, "returnSequences": True}))
    model.add(tf.layers.dense({"units": 1}))
    model.compile(optimizer="sgd", loss="meanSquaredError", metrics=["mae"])
    y = RNG.normal(size=(5, 4, 1)).astype(np.float32)
    error = (model.predict(tf.tensor(numbers)).numpy() - y)[..., 0]
    used = numbers != 0
    batches = [slice(0, 2), slice(2, 4), slice(4, 5)]
    for number, each in enumerate([error**2, np.abs(error)]):
        means = [each[rows][used[rows]].mean() * used[rows].shape[0] for rows in batches]
        found = model.evaluate(tf.tensor(numbers), y, batchSize=2)[number]
        assert float(found) == pytest.approx(sum(means) / 5, rel=1e-5)
