"""The classes of models: graphs and stacks are kinds of `tf.Model`, and so are classes of users, also those made of a graph."""

import asyncio
import copy
import pickle

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo import keras
from tfjs_pyo.errors import ArgumentError


def ends():
    x = tf.input({"shape": [3]})
    return x, tf.layers.dense({"units": 2}).apply(x)


class Counted(tf.Model):
    """Says what a step is, and leaves open what the model is made of."""

    def train_step(self, data):
        x, y = data
        self.seen = True

        def loss():
            return tf.metrics.meanSquaredError(y, self(x, training=True)).mean()

        return {"own": self.optimizer.minimize(loss, True, self.trainable_weights)}


class Doubled(tf.Model):
    """Makes its graph itself, and adds to what it gives."""

    def __init__(self, units=2, **kwargs):
        self.units = units
        x = tf.input({"shape": [3]})
        super().__init__(inputs=x, outputs=tf.layers.dense({"units": units}).apply(x), **kwargs)

    def call(self, inputs, training=False):
        return super().call(inputs, training) * 2


class Attributes(tf.Model):
    def __init__(self):
        super().__init__()
        self.inner = tf.layers.dense({"units": 2})

    def call(self, inputs):
        return self.inner(inputs)


MODELS = {
    "function": lambda: tf.model(dict(zip(("inputs", "outputs"), ends(), strict=True))),
    "class": lambda: tf.Model(*ends()),
    "sequential": lambda: tf.sequential([tf.layers.dense({"units": 2, "inputShape": [3]})]),
    "own, of a graph": lambda: Counted(*ends()),
    "own, by keywords": lambda: Counted(**dict(zip(("inputs", "outputs"), ends(), strict=True))),
    "own, that makes its graph": Doubled,
    "own, of attributes": Attributes,
    "keras": lambda: keras.Model(*ends()),
    "keras sequential": lambda: keras.Sequential([keras.layers.Dense(2, input_shape=(3,))]),
}
X = np.linspace(-1, 1, 12, dtype=np.float32).reshape(4, 3)


def values(model):
    return np.asarray(model(tf.tensor(X)).array_sync())


@pytest.mark.parametrize("name", MODELS)
def test_every_model_is_a_model(name):
    model = MODELS[name]()
    assert isinstance(model, tf.Model)
    assert isinstance(model, tf.layers.Layer)
    assert isinstance(model, tf.models.Functional) == (
        name not in ("sequential", "keras sequential", "own, of attributes")
    )
    assert isinstance(model, keras.Model) == name.startswith("keras")


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_copies_are_of_the_same_class_and_give_the_same(name, copied):
    model = MODELS[name]()
    expected = values(model)
    other = copied(model)
    assert type(other) is type(model)
    np.testing.assert_array_equal(values(other), expected)
    assert other.weights[0] is not model.weights[0]


def test_a_class_of_a_user_may_be_made_of_a_graph_or_not():
    model = Counted(*ends())
    assert isinstance(model, Counted)
    assert type(model).__name__ == "Counted"
    assert type(Counted(*ends())) is type(model)
    model.compile("sgd", "meanSquaredError")
    history = asyncio.run(model.fit(X, np.zeros((4, 2), np.float32)))
    assert list(history.history) == ["own"]
    assert model.seen
    doubled = Doubled()
    np.testing.assert_allclose(
        values(doubled), 2 * np.asarray(doubled.layers[1](tf.tensor(X)).array_sync()), rtol=1e-6
    )
    assert not issubclass(Counted, tf.models.Functional), "the class itself stays as it was written"


def test_what_files_and_messages_call_a_model_is_the_class_that_its_maker_wrote():
    made = {name: make() for name, make in MODELS.items()}
    names = {name: model.toJSON(None, False)["class_name"] for name, model in made.items()}
    assert names["function"] == names["class"] == names["keras"] == "Model"
    assert names["own, of a graph"] == "Counted"
    assert made["own, of a graph"].display_name.startswith("counted ")
    assert made["function"].display_name.startswith("model ")
    tf.serialization.register_class(Counted)
    try:
        again = tf.models.deserialize(Counted(*ends()).toJSON(None, False))
    finally:
        tf.layers.LAYERS.items.pop("Counted", None)
    assert isinstance(again, Counted)
    assert isinstance(again, tf.models.Functional)


def test_a_model_without_a_graph_and_a_call_is_refused():
    for wrong in (lambda: tf.Model(), lambda: tf.model({}), lambda: tf.Model(inputs=None, outputs=None)):
        with pytest.raises(ArgumentError, match="inputs"):
            wrong()
    with pytest.raises(ArgumentError, match="symbolic"):
        tf.model({"inputs": tf.input({"shape": [3]})})


def test_signatures_say_inputs_and_outputs():
    import inspect

    for kind in (tf.Model, keras.Model):
        assert list(inspect.signature(kind).parameters)[:2] == ["inputs", "outputs"]
