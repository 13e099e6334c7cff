"""Optimizers that hold others compute what Keras 3's do (recorded by record_wrapping.py), eagerly and compiled."""

import asyncio
import json
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.keras.wrapping_cases import CASES, SAVED, STEPS, further, gradients, trained
from tests.optimizer_steps import weights
from tfjs_pyo import keras
from tfjs_pyo.core.trace import Trace
from tfjs_pyo.errors import ArgumentError, OptionError

RECORDED = json.loads(Path(__file__).with_name("wrapping.json").read_text(encoding="utf-8"))
RECORD = RECORDED["steps"]
optimizers = keras.optimizers


def compiled(optimizer, variables):
    optimizer.build(variables)
    with Trace() as trace:
        feeds = [trace.input(v.shape) for v in variables]
        optimizer.apply_gradients(list(zip(feeds, variables, strict=True)))
    return trace.compile()


@pytest.mark.parametrize("replayed", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_steps(name, replayed):
    variables = [keras.Variable(w, name=f"w{i}") for i, w in enumerate(weights())]
    optimizer = CASES[name](keras)
    step = compiled(optimizer, variables) if replayed else None
    for number, expected in enumerate(RECORD[name]):
        scale = float(optimizer.scale_loss(tf.scalar(1.0)))
        assert scale == expected["scale"]
        given = [
            tf.tensor(np.float32(scale) * g) for g in gradients(name, [w.numpy() for w in variables], number)
        ]
        if step is None:
            optimizer.apply(given, variables)
        else:
            step.run(given)
        for variable, values in zip(variables, expected["weights"], strict=True):
            np.testing.assert_allclose(variable.numpy().reshape(-1), values, rtol=5e-5, atol=2e-6)
        assert int(optimizer.iterations) == expected["iterations"]
    assert number + 1 == STEPS


@pytest.mark.parametrize("name", CASES)
def test_state_that_is_saved_goes_on(name):
    """Training that goes on from a saved state is that which never stopped."""
    straight, resumed = ([keras.Variable(w, name=f"w{i}") for i, w in enumerate(weights())] for _ in range(2))
    first, second = CASES[name](keras), CASES[name](keras)
    for number in range(4):
        first.apply([tf.tensor(g) for g in gradients(name, [w.numpy() for w in straight], number)], straight)
    for variable, value in zip(resumed, straight, strict=True):
        variable.assign(value.read())
    second.build(resumed)
    asyncio.run(second.set_weights(asyncio.run(first.state_of(straight))))
    for number in range(4, 7):
        given = [tf.tensor(g) for g in gradients(name, [w.numpy() for w in straight], number)]
        first.apply(given, straight)
        second.apply(given, resumed)
    for a, b in zip(straight, resumed, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=2e-5)


def test_configs_make_them_anew():
    for make in list(CASES.values())[:-1]:
        made = make(keras)
        again = optimizers.deserialize(json.loads(json.dumps(optimizers.serialize(made))))
        assert again.get_config() == made.get_config()


def test_in_a_fit():
    x = np.random.default_rng(0).normal(size=(32, 3)).astype(np.float32)
    y = x.sum(1, keepdims=True)
    for make in CASES.values():
        model = keras.Sequential([keras.layers.Dense(1)])
        model.compile(make(keras), "mse")
        losses = model.fit(x, y, epochs=8, verbose=0).history["loss"]
        assert losses[-1] < losses[0]


@pytest.mark.parametrize("name", SAVED)
def test_training_of_keras_files_goes_on(name):
    model = keras.models.load_model(Path(__file__).parent / "wrapped" / f"{name}.keras")
    np.testing.assert_allclose(further(model), RECORDED["losses"][name], rtol=1e-4)


@pytest.mark.parametrize("form", [".keras", ".h5"])
@pytest.mark.parametrize("name", SAVED)
def test_files_keep_their_state(name, form, tmp_path, recwarn):
    model = trained(keras, SAVED[name])
    model.save(tmp_path / f"model{form}")
    again = keras.models.load_model(tmp_path / f"model{form}")
    first, second = (asyncio.run(each.optimizer.state_of(each.trainable_weights)) for each in (model, again))
    for a, b in zip(first, second, strict=True):
        np.testing.assert_allclose(a["tensor"].numpy(), b["tensor"].numpy(), rtol=1e-6, err_msg=a["name"])
    np.testing.assert_allclose(further(again), further(model), rtol=1e-5)
    assert not recwarn.list


def test_refusals():
    with pytest.raises(OptionError, match="no optimizer named"):
        optimizers.OptimizerMap("none")
    known = optimizers.OptimizerMap(optimizers.SGD(), {"a": optimizers.SGD()})
    with pytest.raises(OptionError, match="already"):
        known["a"] = optimizers.SGD()
    both = optimizers.OptimizerMap(optimizers.SGD(), {"a.*": optimizers.SGD(), ".*b": optimizers.SGD()})
    with pytest.raises(ArgumentError, match="one optimizer for 'ab'"):
        both["ab"]
    with pytest.raises(AttributeError, match="optimizers inside"):
        _ = optimizers.MultiOptimizer(both).learning_rate
    with pytest.raises(OptionError, match="expected 'inner_optimizer'"):
        optimizers.LossScaleOptimizer(optimizers.LossScaleOptimizer(optimizers.SGD()))
