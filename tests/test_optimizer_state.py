"""The state of optimizers is saved and restored: training goes on as if it had not been interrupted."""

import asyncio
import gc

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError, ShapeError

X = np.random.default_rng(3).normal(size=(8, 3)).astype(np.float32)
Y = (X @ [[1.0], [-2.0], [0.5]]).astype(np.float32)

OPTIMIZERS = {
    "sgd": lambda: tf.train.sgd(0.1),
    "momentum": lambda: tf.train.momentum(0.1, 0.9),
    "nesterov": lambda: tf.train.momentum(0.1, 0.9, True),
    "adagrad": lambda: tf.train.adagrad(0.1),
    "adadelta": lambda: tf.train.adadelta(0.5),
    "adam": lambda: tf.train.adam(0.1),
    "amsgrad": lambda: tf.keras.optimizers.Adam(0.1, amsgrad=True),
    "adamax": lambda: tf.train.adamax(0.1, 0.9, 0.99, 1e-7, 0.1),
    "rmsprop": lambda: tf.train.rmsprop(0.05, 0.8, 0.5),
    "centered": lambda: tf.train.rmsprop(0.05, 0.9, 0.5, 1e-5, True),
    "nadam": lambda: tf.keras.optimizers.Nadam(0.1),
    "adamw": lambda: tf.keras.optimizers.AdamW(0.1),
    "ftrl": lambda: tf.keras.optimizers.Ftrl(0.1),
    "lion": lambda: tf.keras.optimizers.Lion(0.01),
    "keras sgd": lambda: tf.keras.optimizers.SGD(0.1, momentum=0.9),
    "keras adam": lambda: tf.keras.optimizers.Adam(0.1, epsilon=0.1),
    "keras adadelta": lambda: tf.keras.optimizers.Adadelta(0.5),
    "keras adagrad": lambda: tf.keras.optimizers.Adagrad(0.1),
    "keras adamax": lambda: tf.keras.optimizers.Adamax(0.1),
    "averages": lambda: tf.keras.optimizers.SGD(
        0.1, use_ema=True, ema_momentum=0.7, ema_overwrite_frequency=3
    ),
    "scheduled": lambda: tf.train.sgd(tf.keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)),
}


def model(optimizer, weights=None):
    made = tf.sequential(
        {"layers": [tf.layers.dense({"units": 1, "inputShape": [3], "kernelInitializer": "ones"})]}
    )
    made.compile({"optimizer": optimizer, "loss": "meanSquaredError"})
    if weights is not None:
        made.setWeights(weights)
    return made


def fit(made, epochs):
    asyncio.run(made.fit(X, Y, epochs=epochs, batchSize=4, shuffle=False))


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("begun", [False, True], ids=["before its first step", "after other steps"])
def test_training_goes_on_from_a_restored_state(name, begun):
    straight = model(OPTIMIZERS[name]())
    fit(straight, 3)
    state = asyncio.run(straight.optimizer.getWeights())
    weights = [w.numpy().copy() for w in straight.getWeights()]
    fit(straight, 2)

    resumed = model(OPTIMIZERS[name]())
    if begun:
        fit(resumed, 1)
    resumed.setWeights(weights)
    asyncio.run(resumed.optimizer.setWeights(state))
    fit(resumed, 2)
    for a, b in zip(resumed.getWeights(), straight.getWeights(), strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_training_goes_on_from_a_saved_model(name):
    """The file says whether Keras's form of an optimizer is meant or TF.js's."""
    straight = model(OPTIMIZERS[name]())
    fit(straight, 3)
    asyncio.run(straight.save("memory://optimizers", {"includeOptimizer": True}))
    resumed = asyncio.run(tf.loadLayersModel("memory://optimizers"))
    asyncio.run(tf.io.removeModel("memory://optimizers"))
    assert type(resumed.optimizer) is type(straight.optimizer)
    resumed_config, straight_config = resumed.optimizer.get_config(), straight.optimizer.get_config()
    assert {**resumed_config, "name": ""} == {**straight_config, "name": ""}
    fit(straight, 2)
    fit(resumed, 2)
    for a, b in zip(resumed.getWeights(), straight.getWeights(), strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=2e-5, atol=1e-6)


def test_entries_are_those_of_tensorflow_js():
    made = model(tf.train.adam(0.1))
    fit(made, 3)
    entries = asyncio.run(made.optimizer.getWeights())
    kernel, bias = (w.name for w in made.weights)
    assert [e["name"] for e in entries] == ["iter", f"{kernel}/m", f"{bias}/m", f"{kernel}/v", f"{bias}/v"]
    assert entries[0]["tensor"].dtype == "int32"
    assert int(entries[0]["tensor"]) == 6
    # They are values of that moment, not the optimizer's own variables.
    before = entries[1]["tensor"].numpy().copy()
    fit(made, 1)
    np.testing.assert_array_equal(entries[1]["tensor"].numpy(), before)


def test_a_state_that_does_not_fit_changes_nothing():
    made = model(tf.train.adam(0.1))
    fit(made, 1)
    state = asyncio.run(made.optimizer.getWeights())
    with pytest.raises(ArgumentError, match=r"expected slots {'m': 2, 'v': 2}, received {'m': 2}"):
        asyncio.run(made.optimizer.setWeights(state[:3]))
    wrong = [*state[:4], {"name": "b/v", "tensor": tf.zeros([7])}]
    with pytest.raises(
        ShapeError, match=r"expected the state 'v' of .* to have shape \(1,\), received \(7,\)"
    ):
        asyncio.run(made.optimizer.setWeights(wrong))
    for a, b in zip(asyncio.run(made.optimizer.getWeights()), state, strict=True):
        np.testing.assert_array_equal(a["tensor"].numpy(), b["tensor"].numpy())


def test_dispose_frees_the_state():
    w = tf.variable(tf.tensor([1.0, 2.0]))
    gc.collect()  # what failed before this may hold tensors
    before = tf.memory()["numTensors"]
    optimizer = tf.train.adam(0.1)
    optimizer.minimize(lambda: w.square().sum())
    assert tf.memory()["numTensors"] > before
    optimizer.dispose()
    assert tf.memory()["numTensors"] == before
    optimizer.minimize(lambda: w.square().sum())  # begins anew
