"""What making, saving, loading and summarizing a model costs: linear in its layers, and in how deep models lie in each other."""

import asyncio

import pytest

import tfjs_pyo as tf
from tests.counting import calls_made
from tfjs_pyo.errors import ArgumentError


def first():
    return tf.layers.dense({"units": 1, "inputShape": [1], "kernelInitializer": "zeros"})


def relu():
    return tf.layers.activation({"activation": "relu"})


def flat(count):
    model = tf.sequential({"layers": [first()]})
    for _ in range(count):
        model.add(relu())
    return model


def graph(count):
    x = y = tf.input({"shape": [1]})
    for _ in range(count):
        y = relu().apply(y)
    return tf.model({"inputs": x, "outputs": y})


def shared(count):
    x = y = tf.input({"shape": [1]})
    layer = relu()
    for _ in range(count):
        y = layer.apply(y)
    return tf.model({"inputs": x, "outputs": y})


def wide(count):
    inputs = [tf.input({"shape": [1]}) for _ in range(count)]
    return tf.model({"inputs": inputs, "outputs": tf.layers.add().apply(inputs)})


def stacks(depth):
    model = tf.sequential({"layers": [first()]})
    for _ in range(depth):
        model = tf.sequential({"layers": [model]})
    return model


def stacks_of_two(depth):
    model = tf.sequential({"layers": [first()]})
    for _ in range(depth):
        model = tf.sequential({"layers": [model, relu()]})
    return model


def graphs(depth):
    x = tf.input({"shape": [1]})
    model = tf.model({"inputs": x, "outputs": relu().apply(x)})
    for _ in range(depth):
        x = tf.input({"shape": [1]})
        model = tf.model({"inputs": x, "outputs": model.apply(x)})
    return model


def stacks_below(depth):
    model = tf.sequential({"layers": [tf.layers.activation({"activation": "relu", "inputShape": [1, 1]})]})
    for _ in range(depth):
        model = tf.sequential(
            {"layers": [tf.layers.activation({"activation": "relu", "inputShape": [1, 1]}), model]}
        )
    return model


MAKERS = {"flat": (flat, 100), "graph": (graph, 100), "shared": (shared, 100), "wide": (wide, 100),
          "stacks": (stacks, 15),
          "stacks of two": (stacks_of_two, 15), "graphs": (graphs, 15), "stacks below": (stacks_below, 15)}  # fmt: skip


def costs(make, count):
    """The work of each part."""
    made = []
    return made, {
        "make": calls_made(lambda: made.append(make(count))),
        "summary": calls_made(lambda: made[0].summary(print_fn=lambda line: None)),
        "save": calls_made(lambda: asyncio.run(made[0].save("memory://sized"))),
        "load": calls_made(lambda: asyncio.run(tf.loadLayersModel("memory://sized"))),
    }


@pytest.mark.parametrize(("make", "count"), MAKERS.values(), ids=MAKERS)
def test_work_is_linear(make, count):
    """Four times as much takes about four times the work; that of squares would be sixteen times."""
    costs(make, 2)  # what is done once
    _, few = costs(make, count)
    _, many = costs(make, 4 * count)
    asyncio.run(tf.io.removeModel("memory://sized"))
    assert {part: many[part] / few[part] for part in few if many[part] > 6.5 * few[part]} == {}


def test_models_within_models_compute():
    """As deep as Python's own limit of calls lets them, far deeper than files hold them."""
    model = stacks(150)
    assert calls_made(lambda: model.compute_output_shape((None, 1))) < 2000
    assert model.predict(tf.ones([2, 1])).array_sync() == [[0.0], [0.0]]
    with pytest.raises(ArgumentError, match=r"at most 64 levels of models within models.* received 152"):
        asyncio.run(model.save("memory://never"))


def test_what_can_be_saved_can_be_loaded():
    for depth in (61, 62):
        asyncio.run(stacks(depth).save("memory://deep"))
        assert asyncio.run(tf.loadLayersModel("memory://deep")).count_params() == 2
    asyncio.run(tf.io.removeModel("memory://deep"))


def test_a_model_that_grows_within_another_is_asked_anew():
    inner = tf.sequential({"layers": [tf.layers.dense({"units": 2, "inputShape": [3]})]})
    outer = tf.sequential({"layers": [inner]})
    assert outer.compute_output_shape((None, 3)) == (None, 2)
    inner.add(tf.layers.dense({"units": 5}))
    assert outer.compute_output_shape((None, 3)) == (None, 5)
    inner.pop()
    assert outer.compute_output_shape((None, 3)) == (None, 2)
    assert outer.predict(tf.ones([4, 3])).shape == (4, 2)
