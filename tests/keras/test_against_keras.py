"""What Keras 3 has and TensorFlow.js lacks gives what it gives in Keras (recorded by record.py)."""

import json
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.keras.record_data import data
from tests.waves import assert_seen, filled

RECORD = json.loads(Path(__file__).with_name("keras.json").read_text(encoding="utf-8"))
MASK = np.array([[1, 1, 0, 1, 0], [0, 1, 1, 1, 1]], bool)
POINTS = [-1e4, -100, -20, -3, -1.5, -1, -0.5, -1e-4, 0, 1e-4, 0.5, 1, 1.5, 3, 20, 100]


def title(record):
    if isinstance(record, list):
        return f"{record[0]}-{record[1]}".replace(" ", "")
    return f"{record['layer']}-{record['config']}-{record['arguments']}".replace(" ", "")


def call(layer, record, tensors):
    arguments = dict(record["arguments"])
    if record in RECORD["masked"]:
        arguments["mask"] = tf.tensor(MASK)
    if record["layer"] == "MultiHeadAttention":
        return layer(tensors[0], {"value": tensors[1], **arguments})
    return layer.apply(tensors if len(tensors) > 1 else tensors[0], arguments)


@pytest.mark.parametrize("record", [*RECORD["layers"], *RECORD["attention"], *RECORD["masked"]], ids=title)
def test_layer(record):
    layer = getattr(tf.keras.layers, record["layer"])(**record["config"])
    shapes = record["shape"] if isinstance(record["shape"][0], list) else [record["shape"]]
    tensors = [tf.tensor(filled(shape, 10 + i, 1.5)) for i, shape in enumerate(shapes)]
    call(layer, record, tensors)
    values = [filled(w.shape, 50 + i, 0.4) for i, w in enumerate(layer.weights)]
    layer.set_weights(
        [np.abs(v) if "variance" in w.name else v for v, w in zip(values, layer.weights, strict=True)]
    )
    assert [list(w.shape) for w in layer.weights] == record["weights"]
    assert_seen(call(layer, record, tensors).numpy(), record["value"])

    def loss(*given):
        return call(layer, record, list(given)).square().sum()

    found = tf.grads(loss)(tensors)
    if layer.trainable_weights:
        of_weights = tf.variable_grads(lambda: loss(*tensors), layer.trainable_weights)["grads"]
        found += [of_weights[weight.unique_name] for weight in layer.trainable_weights]
    for gradient, expected in zip(found, record["gradients"], strict=True):
        assert_seen(gradient.numpy(), expected, rtol=1e-4)


@pytest.mark.filterwarnings("ignore:overflow")
@pytest.mark.parametrize("name", RECORD["activations"])
def test_activation(name):
    function = getattr(tf.keras.activations, name)
    values, slopes = RECORD["activations"][name]
    x = tf.tensor2d([POINTS])
    # Keras's squareplus cancels: of -1e4 it makes 0, right is 1e-4.
    atol = 2e-4 if name == "squareplus" else 2e-6
    np.testing.assert_allclose(function(x).numpy().reshape(-1), values, rtol=2e-5, atol=atol)
    found = tf.grad(lambda t: function(t).sum())(x).numpy().reshape(-1)
    kinks = np.flatnonzero(~np.isclose(found, slopes, rtol=1e-4, atol=1e-4))
    # Where a function has a kink each side's slope is right.
    assert all(POINTS[i] in (-3, -1, -0.5, 0, 0.5, 1, 3) for i in kinks), [
        (POINTS[i], found[i], slopes[i]) for i in kinks
    ]


OF_ALL_SAMPLES = ("Circle", "Dice", "Tversky")
"""Losses that compare samples with each other, or add up over all of them."""


@pytest.mark.parametrize("record", RECORD["losses"], ids=title)
def test_loss(record):
    name, config, kind, expected = record
    true, predicted = map(tf.tensor, data(kind))
    found = getattr(tf.keras.losses, name)(**config)(true, predicted)
    assert float(tf.mean(found)) == pytest.approx(expected, rel=2e-5)


@pytest.mark.parametrize("record", [r for r in RECORD["losses"] if r[0] not in OF_ALL_SAMPLES], ids=title)
def test_the_loss_of_a_sample_is_its_own(record):
    """A mean over all does not tell along which axis a loss was taken: a sample alone has the loss that it has among others."""
    name, config, kind, _ = record
    true, predicted = map(tf.tensor, data(kind))
    loss = getattr(tf.keras.losses, name)(**{**config, "reduction": None})
    found = loss(true, predicted)
    alone = [loss(true[i : i + 1], predicted[i : i + 1]) for i in range(true.shape[0])]
    np.testing.assert_allclose(
        found.numpy(), np.concatenate([each.numpy() for each in alone]), rtol=2e-5, atol=1e-6
    )


@pytest.mark.parametrize("record", RECORD["metrics"], ids=title)
def test_metric(record):
    name, config, kind, expected = record
    metric = getattr(tf.keras.metrics, name)(**config)
    true, predicted = data(kind)
    for half in (slice(0, 4), slice(4, 8)):
        metric.update_state(tf.tensor(true[half]), tf.tensor(predicted[half]))
    np.testing.assert_allclose(np.ravel(metric.result().numpy()), expected, rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("record", RECORD["schedules"], ids=title)
def test_schedule(record):
    name, config, expected = record
    schedule = getattr(tf.keras.optimizers.schedules, name)(**config)
    found = [float(schedule(step)) for step in range(12)]
    np.testing.assert_allclose(found, expected, rtol=2e-5, atol=1e-7)
