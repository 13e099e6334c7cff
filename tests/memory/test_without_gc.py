"""Tensors go as soon as nobody has them: nothing waits for the garbage collector, on NumPy and on WebGL2."""

import asyncio
from pathlib import Path

import pytest

import tfjs_pyo as tf
from tests.memory import dropped, ways


@pytest.mark.parametrize("cold", [False, True])
def test_nothing_waits_for_the_garbage_collector(cold):
    assert asyncio.run(ways.growth(cold)) == {}


@pytest.mark.parametrize("cold", [False, True])
def test_nothing_waits_for_it_in_the_page(pyo, cold):
    source = Path(ways.__file__).read_text(encoding="utf-8")
    assert pyo.run(f"{source}\nawait growth({cold})") == {}


def test_models_that_are_dropped_leave_nothing():
    assert asyncio.run(dropped.left_behind()) == {}


def test_models_that_are_dropped_leave_nothing_in_the_page(pyo, numpy_in_page):
    source = Path(dropped.__file__).read_text(encoding="utf-8")
    assert pyo.run(f"{source}\nawait left_behind()") == {}


def test_a_layer_knows_what_it_gave_whatever_became_of_the_symbolic_tensor():
    layer = tf.layers.dense(units=2)
    layer.apply(tf.input(shape=[3]))
    assert layer.output.shape == (None, 2)
    assert layer.input.shape == (None, 3)
    assert layer.output.id == layer.output.id
    model = tf.model(inputs=layer.input, outputs=layer.output)
    assert model.predict(tf.ones([1, 3])).shape == (1, 2)


def test_an_input_layer_has_one_place():
    layer = tf.layers.input_layer(input_shape=[3], name="only_input")
    assert layer.input is layer.output
    assert layer.output.name == "only_input"
    assert layer.output_shape == layer.outputShape == (None, 3)
    assert layer.get_output_at(0).id == layer.get_input_at(0).id == layer.output.id
    with pytest.raises(tf.errors.NameNotFoundError):
        layer.get_output_at(1)
