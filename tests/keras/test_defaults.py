"""Where Keras's defaults are left alone this package computes what Keras 3 does (recorded by record_defaults.py)."""

import json
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.keras.defaults import (
    ACTIVATIONS,
    CONSTRAINTS,
    INITIALIZERS,
    LAYERS,
    LOSSES,
    METRICS,
    POINTS,
    REGULARIZERS,
    VALUES,
    given,
    inputs_of,
    weighted,
)
from tests.keras.record_data import data
from tests.keras.test_signatures import MISSING
from tests.waves import assert_seen, filled
from tfjs_pyo import keras

RECORD = json.loads(Path(__file__).with_name("defaults.json").read_text(encoding="utf-8"))


def numbered(cases):
    """Each case with its number; its title."""
    return [
        pytest.param(i, case, id=f"{i}-{case[0] if isinstance(case, tuple) else case}")
        for i, case in enumerate(cases)
    ]


HERE = [case for case in numbered(LAYERS) if case.values[1][0] not in MISSING["layers"]]


@pytest.mark.parametrize(("number", "case"), HERE)
def test_layer(number, case):
    name, config, shapes, arguments = case
    record = RECORD["layers"][number]
    layer = getattr(keras.layers, name)(**given(keras, config))
    tensors = [tf.tensor(x) for x in inputs_of(name, shapes)]

    def call(*inputs):
        if name in VALUES:
            return layer(*inputs, **arguments)
        return layer(list(inputs) if len(inputs) > 1 else inputs[0], **arguments)

    call(*tensors)
    assert [list(w.shape) for w in layer.weights] == record["weights"]
    layer.set_weights(
        [
            np.abs(filled(w.shape, 50 + i, 0.4)) + (0.1 if "variance" in w.name else 0)
            for i, w in enumerate(layer.weights)
        ]
    )
    y = call(*tensors)
    assert_seen(y.numpy(), record["value"])
    if "gradients" not in record:
        return
    factors = tf.tensor(filled(y.shape, 90, 1.0))
    floats = [t for t in tensors if t.dtype == "float32"]
    found = list(tf.grads(lambda *inputs: (call(*inputs) * factors).sum())(floats)) if floats else []
    if layer.trainable_weights:
        weights = layer.trainable_weights
        loss = lambda: (call(*tensors) * factors).sum()  # noqa: E731
        by_name = tf.variable_grads(loss, weights)["grads"]
        found += [by_name[weight.unique_name] for weight in weights]
    for gradient, expected in zip(found, record["gradients"], strict=True):
        if expected is None:
            continue
        if expected["magnitude"] < 1e-5:  # zero, but for rounding
            assert np.abs(gradient.numpy()).max() < 1e-5
        else:
            assert_seen(gradient.numpy(), expected, rtol=1e-4)


@pytest.mark.parametrize(("number", "name"), numbered(ACTIVATIONS))
def test_activation(number, name):
    values, slopes = RECORD["activations"][number]
    function, x = getattr(keras.activations, name), tf.tensor2d([POINTS])
    np.testing.assert_allclose(function(x).numpy().reshape(-1), values, rtol=2e-5, atol=2e-6)
    found = tf.grad(lambda t: function(t).sum())(x).numpy().reshape(-1)
    np.testing.assert_allclose(found, slopes, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("number", "case"), numbered(LOSSES))
def test_loss(number, case):
    name, kind, weight = case
    expected, slopes = RECORD["losses"][number]
    true, predicted = map(tf.tensor, data(kind))
    loss = getattr(keras.losses, name)()
    assert float(loss(true, predicted, weighted(weight))) == pytest.approx(expected, rel=1e-5)
    found = tf.grad(lambda p: loss(true, p, weighted(weight)))(predicted)
    assert_seen(found.numpy(), slopes, rtol=1e-4)


@pytest.mark.parametrize(("number", "case"), numbered(METRICS))
def test_metric(number, case):
    name, config, kind, weight = case
    metric = getattr(keras.metrics, name)(**config)
    true, predicted = data(kind)
    weights = weighted(weight, [8] if name.endswith("Score") else [8, 1])
    for half in (slice(0, 4), slice(4, 8)):
        metric.update_state(true[half], predicted[half], None if weights is None else weights[half])
    expected = RECORD["metrics"][number]
    if expected is not None:
        np.testing.assert_allclose(np.ravel(metric.result().numpy()), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("number", "name"), numbered(REGULARIZERS))
def test_regularizer(number, name):
    found = getattr(keras.regularizers, name)()(tf.tensor(filled([4, 3], 7, 1.5)))
    assert float(found) == pytest.approx(RECORD["regularizers"][number], rel=1e-5)


@pytest.mark.parametrize(("number", "name"), numbered(CONSTRAINTS))
def test_constraint(number, name):
    found = getattr(keras.constraints, name)()(tf.tensor(filled([4, 3], 7, 1.5)))
    assert_seen(found.numpy(), RECORD["constraints"][number])


@pytest.mark.parametrize(("number", "case"), numbered(INITIALIZERS))
def test_initializer(number, case):
    """Mean, deviation and largest size of what is drawn are Keras's."""
    name, config, shape = case
    values = getattr(keras.initializers, name)(**config)(shape).numpy()
    mean, deviation, largest = RECORD["initializers"][number]
    assert values.mean() == pytest.approx(mean, abs=0.02 * max(deviation, 1e-6))
    assert values.std() == pytest.approx(deviation, rel=0.02)
    assert np.abs(values).max() == pytest.approx(largest, rel=0.15)
