"""Layers of one name in a model are refused when it is made or saved; names that are made up avoid those that were given."""

import asyncio
import json

import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError, FormatError


def dense(name=None, units=2):
    named = {"name": name} if name else {}
    return tf.layers.dense({"units": units, "inputShape": [2], **named})


def stack(*layers, **options):
    return tf.sequential({"layers": list(layers), **options})


def graph(*layers):
    x = y = tf.input({"shape": [2], "name": "x"})
    for layer in layers:
        y = layer.apply(y)
    return tf.model({"inputs": x, "outputs": y})


def two_inputs():
    inputs = [tf.input({"shape": [2], "name": "a"}) for _ in range(2)]
    return tf.model({"inputs": inputs, "outputs": tf.layers.add().apply(inputs)})


def added_later():
    model = stack(dense("a"), dense("b"))
    model.add(dense("a"))


def of_keras():
    return tf.keras.Sequential([tf.keras.layers.Dense(1, name="a"), tf.keras.layers.Dense(1, name="a")])


WAYS = {
    "stack": lambda: stack(dense("a"), dense("a")),
    "stack without shapes": lambda: stack(tf.layers.flatten({"name": "a"}), tf.layers.flatten({"name": "a"})),
    "added later": added_later,
    "of Keras": of_keras,
    "graph": lambda: graph(dense("a"), dense("a")),
    "graph of three": lambda: graph(dense("a"), dense("b"), dense("a")),
    "inputs": two_inputs,
    "a model and a layer": lambda: graph(stack(dense("b"), name="a"), dense("a")),
    "two models": lambda: stack(stack(dense("b"), name="a"), stack(dense("b"), name="a")),
    "an input and a layer": lambda: graph(dense("x")),
}


@pytest.mark.parametrize("make", WAYS.values(), ids=WAYS)
def test_two_layers_of_one_name_are_refused(make):
    with pytest.raises(
        ArgumentError, match=r"layers of different names, but 2 are named '(a|x)'. Give each a name"
    ):
        make()


def test_a_refused_layer_leaves_the_stack_as_it_was():
    model = stack(dense("a"))
    with pytest.raises(ArgumentError):
        model.add(dense("a"))
    model.add(dense("b"))
    assert [layer.name for layer in model.layers] == ["a", "b"]
    model.pop()
    model.add(dense("b"))
    assert model.predict(tf.ones([1, 2])).shape == (1, 2)


@pytest.mark.parametrize("make", [stack, graph])
def test_names_that_become_equal_later_are_refused_by_save(make):
    first, second = dense("a"), dense("b")
    model = make(first, second)
    second.name = "a"
    with pytest.raises(ArgumentError, match="2 are named 'a'"):
        asyncio.run(model.save("memory://never"))
    second.name = "c"
    asyncio.run(model.save("memory://renamed"))
    loaded = asyncio.run(tf.loadLayersModel("memory://renamed"))
    assert [layer.name for layer in loaded.layers][-2:] == ["a", "c"]
    assert loaded.predict(tf.ones([1, 2])).array_sync() == model.predict(tf.ones([1, 2])).array_sync()
    asyncio.run(tf.io.removeModel("memory://renamed"))


def test_names_count_in_each_model_by_itself():
    model = stack(stack(dense("a"), name="in"), dense("a"), name="out")
    asyncio.run(model.save("memory://nested"))
    loaded = asyncio.run(tf.loadLayersModel("memory://nested"))
    assert loaded.predict(tf.ones([1, 2])).array_sync() == model.predict(tf.ones([1, 2])).array_sync()
    asyncio.run(tf.io.removeModel("memory://nested"))


def test_a_layer_that_is_applied_twice_is_one_layer():
    shared = dense("a")
    model = graph(shared, shared)
    asyncio.run(model.save("memory://shared"))
    assert asyncio.run(tf.loadLayersModel("memory://shared")).count_params() == 6
    asyncio.run(tf.io.removeModel("memory://shared"))
    twice = stack(shared, shared)
    assert twice.count_params() in (6, 12)
    with pytest.raises(ArgumentError, match=r"'a' is in the stack 2 times.* tf.model"):
        asyncio.run(twice.save("memory://never"))


@pytest.mark.parametrize("make", [stack, graph])
def test_files_with_layers_of_one_name(make):
    told = json.loads(make(dense("a"), dense("b")).to_json().replace('"b"', '"a"'))
    with pytest.raises(FormatError, match="expected layers of different names, but two are named 'a'"):
        asyncio.run(tf.models.modelFromJSON(told))


@pytest.mark.parametrize("number", ["1", "7", "123456789"])
def test_names_that_are_made_up_avoid_those_of_a_loaded_model(number):
    """Transfer learning: layers are put on top of a model that another program made."""
    prefix = dense().name.rstrip("0123456789")
    told = stack(dense(f"{prefix}{number}")).to_json()
    model = asyncio.run(tf.models.modelFromJSON(told))
    for _ in range(3):
        model.add(tf.layers.dense({"units": 1}))
    assert len({layer.name for layer in model.layers}) == 4


@pytest.mark.parametrize("end", ["9" * 5000, "²", "-1", "", "x"])
def test_names_that_only_look_like_those_made_up(end):
    prefix = dense().name.rstrip("0123456789")
    assert dense(prefix + end).name == prefix + end
    assert len(dense().name) < 30
