"""Whole training programs give what they give under Keras 3 (recorded by record_training.py), with Keras's defaults."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.keras.training_programs import PROGRAMS
from tfjs_pyo.naming import reset_keras_names

RECORD = json.loads(Path(__file__).with_name("training.json").read_text(encoding="utf-8"))["programs"]


def assert_same(found, expected, place=""):
    """Compares numbers, strings, lists and dicts of them."""
    if isinstance(expected, dict):
        assert list(found) == list(expected), place
        for key, value in expected.items():
            assert_same(found[key], value, f"{place}/{key}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), (place, found, expected)
        for number, (a, b) in enumerate(zip(found, expected, strict=True)):
            assert_same(a, b, f"{place}/{number}")
    elif isinstance(expected, float):
        assert math.isclose(found, expected, rel_tol=1e-5, abs_tol=1e-6), (place, found, expected)
    else:
        assert found == expected, (place, found, expected)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_a_program_gives_what_it_gives_under_keras(program):
    reset_keras_names()
    assert_same(program(tf.keras), RECORD[program.__name__])


def test_a_scaled_loss_changes_no_step():
    """Gradients too small for float32 without the factor arrive with it."""
    found = []
    for factor in (None, 2.0**20):
        model = tf.keras.Sequential([tf.keras.Input((1,)), tf.keras.layers.Dense(1)])
        model.set_weights([np.ones((1, 1)), np.zeros(1)])
        optimizer = tf.keras.optimizers.SGD(0.5, loss_scale_factor=factor)
        model.compile(optimizer, "mse")
        history = model.fit(np.ones((4, 1)), np.full((4, 1), 3.0), epochs=3, verbose=0)
        variable = tf.Variable(3.0)
        value = optimizer.minimize(lambda variable=variable: variable * variable, True)
        found.append((history.history["loss"], model.get_weights()[0].item(), value.item(), variable.item()))
    assert found[0] == found[1]
