"""Programs of subclasses, custom steps and loops give here what they give under Keras 3, with TensorFlow's tape."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.keras.subclassing.programs import PROGRAMS
from tfjs_pyo import keras

RECORDED = json.loads(Path(__file__).with_name("programs.json").read_text(encoding="utf-8"))["programs"]
TENSORFLOW = SimpleNamespace(GradientTape=tf.GradientTape, exp=keras.ops.exp)
"""What the programs ask of TensorFlow."""


def test_every_program_is_recorded():
    assert set(RECORDED) == set(PROGRAMS)


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_give_what_they_give_under_keras(name):
    found = PROGRAMS[name](keras, TENSORFLOW, np)
    expected = RECORDED[name]
    assert set(found) == set(expected)
    for key, values in expected.items():
        np.testing.assert_allclose(found[key], values, rtol=2e-5, atol=2e-6, err_msg=f"{name}: {key}")


@pytest.mark.parametrize("name", ["vae", "gan", "step_with_compiled_metrics", "metric_of_its_own"])
def test_steps_that_run_as_they_are_written_give_the_same(name, monkeypatch):
    monkeypatch.setattr(keras.Model, "run_eagerly", property(lambda _: True, lambda _, __: None))
    test_programs_give_what_they_give_under_keras(name)
