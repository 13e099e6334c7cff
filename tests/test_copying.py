"""Copies and pickles of models, layers, optimizers, tensors and variables: nothing is lost, and nothing is shared."""

import asyncio
import copy
import pickle

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo import keras, tensorflow

X = np.linspace(-1, 1, 24, dtype=np.float32).reshape(8, 3)
Y = np.stack([X.sum(1), X.prod(1)], 1)


def pickled(value):
    return pickle.loads(pickle.dumps(value))


def pickled_as_2(value):
    """What joblib and older programs write: protocol 2."""
    return pickle.loads(pickle.dumps(value, protocol=2))


WAYS = pytest.mark.parametrize("copied", [copy.deepcopy, pickled, pickled_as_2], ids=lambda way: way.__name__)


class Own(tf.Model):
    """Holds layers in a list and calls them."""

    def __init__(self):
        super().__init__()
        self.parts = [tf.layers.dense({"units": 4, "activation": "tanh"}), tf.layers.dense({"units": 2})]

    def call(self, inputs):
        for part in self.parts:
            inputs = part(inputs)
        return inputs


class Scale(tf.layers.Layer):
    """Multiplies by a weight that is kept positive."""

    def build(self, input_shape):
        self.factor = self.add_weight(
            "factor", (input_shape[-1],), initializer="ones", constraint="nonNeg", regularizer="l2"
        )

    def call(self, inputs):
        return inputs * self.factor.read()


def dense(units, **options):
    return tf.layers.dense({"units": units, **options})


def sequential():
    return tf.sequential([dense(4, inputShape=[3], activation="tanh"), Scale(), dense(2)])


def late():
    return tf.sequential([dense(4), tf.layers.batchNormalization(), dense(2)])


def functional():
    x = tf.input({"shape": [3]})
    shared = dense(3, activation="tanh")
    once = shared(x)
    both = tf.layers.concatenate()([shared(once), once])
    return tf.model({"inputs": x, "outputs": dense(2)(both)})


def nested():
    inner = functional()
    inner.layers[1].trainable = False
    return tf.sequential([dense(3, inputShape=[3]), inner])


def deep():
    return tf.sequential([dense(3, inputShape=[3]), *(dense(3) for _ in range(300)), dense(2)])


MODELS = [sequential, late, functional, nested, Own]


def fitted(make, optimizer="adam"):
    model = make()
    model.compile(optimizer, "meanSquaredError", metrics=["mae"], loss_weights=[2.0])
    asyncio.run(model.fit(X, Y, {"epochs": 3, "batchSize": 4, "shuffle": False}))
    return model


def values(model):
    return [weight.numpy() for weight in model.get_weights()]


@WAYS
@pytest.mark.parametrize("make", MODELS, ids=lambda make: make.__name__)
def test_a_copy_of_a_fitted_model_trains_on_as_the_model_does(make, copied):
    model = fitted(make)
    before = values(model)
    other = copied(model)
    assert type(other) is type(model)
    np.testing.assert_array_equal(other.predict(X).numpy(), model.predict(X).numpy())
    assert [v.array_sync() for v in other.evaluate(X, Y)] == [v.array_sync() for v in model.evaluate(X, Y)]
    histories = []
    for each in (other, model):
        histories.append(asyncio.run(each.fit(X, Y, {"epochs": 2, "batchSize": 4, "shuffle": False})).history)
        if each is other:
            for now, then in zip(values(model), before, strict=True):
                np.testing.assert_array_equal(now, then)  # the copy trains weights of its own
    assert histories[0] == histories[1]
    for one, two in zip(values(other), values(model), strict=True):
        np.testing.assert_array_equal(one, two)
    assert len(other.trained_weights()) == len(model.trained_weights())


@pytest.mark.parametrize("make", [sequential, functional, nested], ids=lambda make: make.__name__)
def test_a_copy_has_a_graph_of_its_own(make):
    model = fitted(make)
    other = pickled(model)
    assert other.to_json() == model.to_json()
    top = tf.model({"inputs": other.inputs, "outputs": dense(1)(other.outputs[0])})
    assert top.predict(X).shape == (8, 1)
    assert other.layers[-1].output.shape == model.layers[-1].output.shape
    model.dispose()
    assert other.predict(X).shape == (8, 2)


@WAYS
def test_deep_models(copied):
    model = deep()
    np.testing.assert_array_equal(copied(model).predict(X).numpy(), model.predict(X).numpy())


@WAYS
def test_layers(copied):
    layer = Scale()
    layer.apply(tf.ones([1, 3]))
    layer.set_weights([tf.tensor([1.0, 2.0, 3.0])])
    other = copied(layer)
    layer.set_weights([tf.tensor([0.0, 0.0, 0.0])])
    assert other(tf.ones([1, 3])).array_sync() == [[1, 2, 3]]
    assert [type(limit).__name__ for limit in other._limits.values()] == ["NonNeg"]
    assert list(other._limits) == [id(other.factor)]
    assert len(other._all_penalties()) == 1


@WAYS
def test_optimizers_and_other_options(copied):
    for made in (
        tf.train.momentum(0.1, 0.9),
        tf.regularizers.l1l2(),
        tf.constraints.maxNorm(),
        tf.initializers.ones(),
    ):
        assert copied(made).get_config() == made.get_config()
    x, optimizer = tf.variable(tf.scalar(1.0)), tf.train.adam(0.1)
    optimizer.minimize(lambda: x * x)
    other_x, other = copied([x, optimizer])
    for variable, each in ((other_x, other), (x, optimizer)):
        each.minimize(lambda variable=variable: variable * variable)
    assert other_x.array_sync() == x.array_sync()


@WAYS
@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (1.5, "float32"),
        ([[1, 2]], "int32"),
        ([True, False], "bool"),
        ([1 + 2j], "complex64"),
        (["a", "ä"], "string"),
        ([], "float32"),
    ],
)
def test_tensors_and_variables(value, dtype, copied):
    t = tf.tensor(value, dtype=dtype)
    other = copied(t)
    assert (other.dtype, other.shape, other.tolist()) == (t.dtype, t.shape, t.tolist())
    if dtype in ("float32", "int32", "bool"):
        v = tf.variable(t, False, "kept")
        one, two = copied([v, v])
        assert one is two
        assert (one.original_name, one.trainable, one.dtype, one.tolist()) == (
            "kept",
            False,
            dtype,
            v.tolist(),
        )
        assert one.name != v.name


class OwnOfKeras(keras.Model):
    """Holds its layers in a list."""

    def __init__(self):
        super().__init__()
        self.parts = [keras.layers.Dense(4), keras.layers.Dense(2)]

    def call(self, inputs):
        return self.parts[1](self.parts[0](inputs))


def built_of_keras():
    model = OwnOfKeras()
    model.build((None, 3))
    return model


def compiled_of_keras():
    model = built_of_keras()
    model.compile("adam", "mse", metrics=["mae"])
    return model


def fitted_of_keras():
    model = compiled_of_keras()
    model.fit(X, Y, epochs=1, verbose=0)
    return model


@WAYS
@pytest.mark.parametrize(
    "make", [built_of_keras, compiled_of_keras, fitted_of_keras], ids=lambda m: m.__name__
)
def test_a_model_of_keras_at_any_stage(make, copied):
    model = make()
    other = copied(model)
    np.testing.assert_array_equal(other(X).numpy(), model(X).numpy())
    assert len(pickle.dumps(model)) < 10_000  # values, and nothing of the backend that has them
    other.compile("sgd", "mse")
    other.fit(X, Y, epochs=1, verbose=0)
    assert (other(X).numpy() != model(X).numpy()).any()


@WAYS
@pytest.mark.parametrize(
    "make",
    [
        lambda: tf.variable([1.0, 2.0], False, "v"),
        lambda: keras.Variable([1.0, 2.0], trainable=False, name="v"),
        lambda: tensorflow.Variable([1.0, 2.0], trainable=False, name="v"),
    ],
    ids=["tf", "keras", "tensorflow"],
)
def test_a_variable_of_any_class_is_its_class_value_and_name(make, copied):
    variable = make()
    variable.assign(variable + 1.0)  # a value that is still to be computed
    size = len(pickle.dumps(variable))
    other = copied(variable)
    assert (type(other), other.trainable, other.original_name) == (type(variable), False, "v")
    np.testing.assert_array_equal(other.numpy(), [2.0, 3.0])
    assert size < 1000
    other.assign(other * 2.0)
    np.testing.assert_array_equal(variable.numpy(), [2.0, 3.0])


@WAYS
@pytest.mark.parametrize("name", ["iterations", "learning_rate"])
def test_the_numbers_of_an_optimizer_of_keras(name, copied):
    found = copied(getattr(keras.optimizers.Adam(0.25), name))
    assert float(found) == {"iterations": 0, "learning_rate": 0.25}[name]
    found.assign(2)
    assert float(found) == 2
