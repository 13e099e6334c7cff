"""Layers that refer to each other, and variables that are attributes: weights, training, copies, files."""

import asyncio
import copy
import itertools
import pickle

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo import keras
from tfjs_pyo.models.saving.weight_names import named_weights
from tfjs_pyo.variables import Variable as KerasVariable

X = np.linspace(-1, 1, 12, dtype=np.float32).reshape(4, 3)
Y = X.sum(1, keepdims=True)
BASES = [tf.layers.Layer, keras.layers.Layer, tf.Model, keras.Model]


def named(base):
    return f"{base.__module__.split('.')[1]}.{base.__name__}"


def of_each_base(kind):
    """The class as one of each base, which pickle finds."""
    made = {}
    for number, base in enumerate(BASES):
        name = f"{kind.__name__}{number}"
        made[base] = globals()[name] = type(name, (kind, base), {"__module__": __name__})
    return made


class Peer:
    """Something that refers to others of its kind."""

    def __init__(self, units=1):
        super().__init__()
        self.dense = tf.layers.dense({"units": units})
        self.others = []

    def call(self, inputs):
        return self.dense(inputs)


PEERS = of_each_base(Peer)


class Chain:
    """Parent and child that know each other; the parent calls the child."""

    def __init__(self, child):
        super().__init__()
        self.child = child
        child.parent = self

    def call(self, inputs):
        return self.child(inputs)


CHAINS = of_each_base(Chain)


def run(value):
    async def whole():
        return await value if hasattr(value, "__await__") else value

    return asyncio.run(whole())


def chain(base):
    return CHAINS[base](PEERS[base]())


def in_model(layer):
    """The layer in a model of the TensorFlow.js API, built."""
    model = tf.sequential([tf.layers.inputLayer({"inputShape": [3]}), layer])
    model.compile("sgd", "meanSquaredError")
    return model


@pytest.mark.parametrize("base", BASES, ids=named)
def test_a_child_may_know_its_parent(base):
    parent = chain(base)
    model = in_model(parent)
    assert len(model.weights) == len(model.trainable_weights) == len(parent.child.weights) == 2
    history = run(model.fit(X, Y, {"epochs": 3})).history["loss"]
    assert history[-1] < history[0]
    parent.trainable = False
    assert parent.child.dense.trainable is False
    assert model.trainable_weights == []
    assert not model.stateful
    model.reset_states()
    model.summary(print_fn=lambda line: None)
    assert model.count_params() == 4
    assert parent.losses == []


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda layer: pickle.loads(pickle.dumps(layer))])
def test_copies_refer_to_each_other_as_well(copied):
    parent = chain(tf.Model)
    expected = np.asarray(parent(tf.tensor(X)).array_sync())
    other = copied(parent)
    assert other.child.parent is other
    np.testing.assert_array_equal(np.asarray(other(tf.tensor(X)).array_sync()), expected)


@pytest.mark.parametrize("place", ["folder", "model.keras"])
def test_weights_of_layers_that_know_each_other_are_saved_and_loaded(tmp_path, place):
    first, second = chain(tf.Model), chain(tf.Model)
    for model in (first, second):
        model(tf.tensor(X))
    run(first.save(str(tmp_path / place)))
    assert [name for name, _ in named_weights(first)] == ["child/dense/kernel", "child/dense/bias"]
    second.load_weights({name: weight.read() for name, weight in named_weights(first)})
    np.testing.assert_array_equal(
        np.asarray(second(tf.tensor(X)).array_sync()), np.asarray(first(tf.tensor(X)).array_sync())
    )


@pytest.mark.parametrize("base", BASES, ids=named)
def test_many_layers_that_all_know_each_other_take_no_longer(base):
    peers = [PEERS[base]() for _ in range(12)]
    for first, second in itertools.permutations(peers, 2):
        first.others.append(second)
    peers[0](tf.tensor(X))
    for peer in peers[1:]:
        peer(tf.tensor(X))
    assert len(peers[0].weights) == len(peers[5].trainable_weights) == 24
    peers[3].trainable = False
    assert peers[0].trainable is False


class Scaled:
    """Has variables as attributes, in a list and in a dict."""

    def __init__(self, make):
        super().__init__()
        self.dense = tf.layers.dense({"units": 1, "useBias": False, "kernelInitializer": "ones"})
        self.scale = make(1.0)
        self.shifts = [make(0.5), {"last": make(0.25)}]
        self.count = make(0.0, trainable=False)
        self.alias = self.scale

    def call(self, inputs):
        return self.dense(inputs) * self.scale + self.shifts[0] + self.shifts[1]["last"] + self.count


SCALED = of_each_base(Scaled)
MAKE = {
    "variable": lambda value, trainable=True: tf.variable(tf.scalar(value), trainable),
    "Variable": lambda value, trainable=True: tf.Variable(value, trainable=trainable),
    "keras.Variable": lambda value, trainable=True: KerasVariable(value, trainable=trainable),
}


@pytest.mark.parametrize("make", MAKE)
@pytest.mark.parametrize("base", BASES, ids=named)
def test_variables_that_are_attributes_are_weights(base, make):
    layer = SCALED[base](MAKE[make])
    model = in_model(layer)
    assert len(layer.weights) == len(model.weights) == 5
    assert len(model.trainable_weights) == 4
    assert [v.item() for v in layer.non_trainable_weights] == [0.0]
    before = [float(v.read().item()) for v in (layer.scale, layer.shifts[0], layer.shifts[1]["last"])]
    run(model.fit(X, Y, {"epochs": 2}))
    after = [float(v.read().item()) for v in (layer.scale, layer.shifts[0], layer.shifts[1]["last"])]
    assert all(a != b for a, b in zip(before, after, strict=True))
    layer.trainable = False
    assert model.trainable_weights == []
    assert len(model.weights) == 5
    layer.trainable = True
    assert len(model.trainable_weights) == 4


@pytest.mark.parametrize("base", [tf.Model, keras.Model], ids=named)
def test_variables_that_are_attributes_are_saved_by_their_places(base, tmp_path):
    first, second = (SCALED[base](MAKE["variable"]) for _ in range(2))
    for model in (first, second):
        model(tf.tensor(X))
    first.scale.assign(tf.scalar(3.0))
    first.shifts[1]["last"].assign(tf.scalar(7.0))
    expected = np.asarray(first(tf.tensor(X)).array_sync())
    found = dict(named_weights(first))
    assert set(found) == {"dense/kernel", "scale", "shifts/0", "shifts/1/last", "count"}
    second.load_weights({name: weight.read() for name, weight in found.items()})
    np.testing.assert_array_equal(np.asarray(second(tf.tensor(X)).array_sync()), expected)


def test_a_weight_of_a_layer_inside_is_its_own_only():
    class Tied(tf.layers.Layer):
        def __init__(self):
            super().__init__()
            self.dense = tf.layers.dense({"units": 3})

        def build(self, input_shape):
            self.dense.build(input_shape)
            self.kernel = self.dense.kernel

        def call(self, inputs):
            return tf.matMul(self.dense(inputs), self.kernel)

    layer = Tied()
    layer(tf.tensor(X))
    assert len(layer.weights) == 2
