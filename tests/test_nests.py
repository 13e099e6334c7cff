"""Structures of values: lists and dicts that are too deep, or hold themselves, are refused in words, wherever they are taken."""

import asyncio

import pytest

import tfjs_pyo as tf
from tfjs_pyo import nests
from tfjs_pyo.errors import TfError

keras = tf.keras


def in_lists(depth):
    value = 1.0
    for _ in range(depth):
        value = [value]
    return value


def itself(kind):
    value = [] if kind is list else {}
    value.append(value) if kind is list else value.update(a=value)
    return value


def twice():
    value = []
    value += [value, [value, value]]
    return value


def compiled(model):
    model.compile(optimizer="sgd", loss="meanSquaredError")
    return model


TAKERS = {
    "layer.apply": lambda v: tf.layers.dense(units=1).apply(v),
    "a layer of several": lambda v: tf.layers.concatenate().apply(v),
    "model.call": lambda v: tf.sequential([tf.layers.dense(units=1, inputShape=[2])]).call(v),
    "tf.model": lambda v: tf.model(inputs=v, outputs=v),
    "an option": lambda v: tf.layers.rescaling(scale=v),
    "predict": lambda v: tf.sequential([tf.layers.dense(units=1, inputShape=[2])]).predict(v),
    "evaluate": lambda v: compiled(tf.sequential([tf.layers.dense(units=1, inputShape=[2])])).evaluate(v, v),
    "fit": lambda v: asyncio.run(
        compiled(tf.sequential([tf.layers.dense(units=1, inputShape=[2])])).fit(v, v, epochs=1)
    ),
    "tf.tensor": tf.tensor,
    "tf.add": lambda v: tf.add(v, 1),
    "compile": lambda v: tf.sequential([tf.layers.dense(units=1, inputShape=[2])]).compile("sgd", v),
    "execute": lambda v: tf.sequential([tf.layers.dense(units=1, inputShape=[2])]).execute(
        tf.ones([1, 2]), v
    ),
    "keras.Model": lambda v: keras.Model(inputs=v, outputs=v),
    "keras layers": lambda v: keras.layers.Dense(1)(v),
    "keras predict": lambda v: keras.Sequential([keras.layers.Dense(1, input_shape=(2,))]).predict(v),
    "keras.ops": lambda v: keras.ops.add(v, 1),
    "keras.tree": keras.tree.flatten,
}


@pytest.mark.parametrize(
    "make", [lambda: itself(list), lambda: itself(dict), twice], ids=["list", "dict", "twice"]
)
@pytest.mark.parametrize("take", TAKERS.values(), ids=TAKERS)
def test_what_holds_itself_is_refused_in_words(take, make):
    with pytest.raises(TfError):
        take(make())


def test_depth_is_counted_in_levels():
    assert list(nests.leaves(in_lists(nests.DEEPEST))) == [1.0]
    with pytest.raises(TfError, match="at most 100 levels"):
        list(nests.leaves(in_lists(nests.DEEPEST + 1)))
    shared = [1]
    assert list(nests.leaves([shared, {"b": shared, "a": (shared,)}])) == [1, 1, 1]
