"""`tf.keras.optimizers` computes what Keras 3 computes (recorded by record_optimizers.py), step by step and in fits."""

import asyncio
import json
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.keras.record_data import fit_data, fit_weights
from tests.optimizer_steps import CHANGES, NOTED, STEPS, factor, weights

RECORD = json.loads(Path(__file__).with_name("optimizers.json").read_text(encoding="utf-8"))
RATES = {"Lion": 0.02, "Adadelta": 1.0}
RTOL, ATOL = 5e-5, 5e-6


def title(record):
    named = [record["optimizer"], *(f"{k}={v}" for k, v in record["config"].items())]
    return "-".join([*named, *(record[key] for key in ("rate", "gradients") if key in record)])


def made(record):
    """An optimizer of `tf.keras`, and its first rate."""
    first = RATES.get(record["optimizer"], 0.1)
    schedule = tf.keras.optimizers.schedules.ExponentialDecay(first, 5, 0.5)
    given = schedule if record.get("rate") == "schedule" else first
    return getattr(tf.keras.optimizers, record["optimizer"])(learning_rate=given, **record["config"]), first


def assert_weights(variables, expected):
    for variable, values in zip(variables, expected, strict=True):
        np.testing.assert_allclose(variable.numpy().reshape(-1), values, rtol=RTOL, atol=ATOL)


@pytest.mark.parametrize("record", RECORD["steps"], ids=title)
def test_steps(record):
    variables = [tf.variable(tf.tensor(w)) for w in weights()]
    optimizer, first = made(record)
    expected = iter(record["weights"])
    for step in range(STEPS):
        if record["rate"] == "changed" and step in CHANGES:
            optimizer.learning_rate = first * CHANGES[step]
        factors = [
            tf.tensor(factor(record["gradients"], i, step)).reshape([-1, *(1 for _ in w.shape[1:])])
            for i, w in enumerate(variables)
        ]
        gradients = [(2 * w * (i + 1) - 1) * factors[i] for i, w in enumerate(variables)]
        optimizer.apply_gradients(list(zip(gradients, variables, strict=True)))
        if step + 1 in NOTED:
            assert_weights(variables, next(expected))
    if optimizer.use_ema:
        optimizer.finalize_variable_values(variables)
        assert_weights(variables, next(expected))
    assert next(expected, None) is None


@pytest.mark.parametrize("record", RECORD["fits"], ids=title)
def test_fits_whose_rate_falls_on_plateaus(record):
    optimizer, _ = made(record)
    layers = tf.keras.layers
    model = tf.keras.Sequential([layers.Embedding(5, 3, input_shape=[2]), layers.Flatten(), layers.Dense(2)])
    model.set_weights(fit_weights())
    model.compile(optimizer, "mse")
    plateau = tf.keras.callbacks.ReduceLROnPlateau("loss", 0.5, 1, min_delta=10.0)
    fitted = model.fit(*fit_data(), batch_size=4, epochs=10, shuffle=False, verbose=0, callbacks=[plateau])
    log = fitted.history
    np.testing.assert_allclose(log["loss"], record["losses"], rtol=RTOL)
    np.testing.assert_allclose(log["learning_rate"], record["rates"], rtol=1e-6)
    assert_weights(model.weights, record["weights"])


def test_moving_averages_end_a_fit_however_it_is_run_and_are_saved():
    """What training goes on from after loading are the averages' own values."""
    x, y = fit_data()

    def fresh(state=None):
        model = tf.keras.Sequential([tf.keras.layers.Dense(2, input_shape=[2], kernel_initializer="ones")])
        model.compile(tf.keras.optimizers.SGD(0.1, momentum=0.5, use_ema=True, ema_momentum=0.7), "mse")
        if state is not None:
            model.set_weights(state[0])
            asyncio.run(model.optimizer.set_weights(state[1]))
        return model

    def fit(model, epochs, **options):
        model.fit(x, y, epochs=epochs, batch_size=4, shuffle=False, verbose=0, **options)
        return [w.copy() for w in model.get_weights()]

    straight, batchwise = fresh(), fresh()
    after = fit(straight, 2)
    seen = []
    listening = {"callbacks": {"onBatchEnd": lambda batch, _logs: seen.append(batch)}}
    for a, b in zip(after, fit(batchwise, 2, **listening), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)
    assert len(seen) == 4
    resumed = fresh((after, asyncio.run(straight.optimizer.get_weights())))
    for a, b in zip(fit(resumed, 2), fit(straight, 2), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5)
