"""Layers and models whose `call` reads values: they are built, train and predict as those that compute the same with tensors."""

import numpy as np
import pytest

import tfjs_pyo.tensorflow as tf

keras = tf.keras
GENERATOR = np.random.default_rng(5)
X = GENERATOR.uniform(0, 3, (24, 4)).astype("float32")
Y = (X.sum(axis=1, keepdims=True) - 6).astype("float32")
EDGES = np.stack([np.arange(24), np.roll(np.arange(24), 1)], axis=1).astype("int32")


class Hidden(keras.layers.Layer):
    """A layer with weights; says in `reads` how it counts."""

    def __init__(self, reads):
        super().__init__()
        self.reads = reads
        self.dense = keras.layers.Dense(3, kernel_initializer=keras.initializers.Constant(0.1))

    def call(self, inputs):
        hidden = self.dense(inputs)
        count = keras.ops.sum(keras.ops.cast(inputs[:, 0] >= 0, "int32"))
        return hidden * int(count) / inputs.shape[0] if self.reads else hidden * 1.0


def end():
    """The last layer."""
    return keras.layers.Dense(1, kernel_initializer=keras.initializers.Constant(0.2))


class Model(keras.Model):
    """A model of one's own with such a layer."""

    def __init__(self, reads):
        super().__init__()
        self.hidden, self.end = Hidden(reads), end()

    def call(self, inputs):
        return self.end(self.hidden(inputs))


def graph(reads):
    """A graph with such a layer."""
    x = keras.Input((4,))
    return keras.Model(x, end()(Hidden(reads)(x)))


def outer(reads):
    """A graph with a graph with such a layer."""
    x = keras.Input((4,))
    return keras.Model(x, graph(reads)(x))


KINDS = {
    "a graph": graph,
    "a graph in a graph": outer,
    "a stack": lambda reads: keras.Sequential([Hidden(reads), end()]),
    "a stack with an input": lambda reads: keras.Sequential([keras.Input((4,)), Hidden(reads), end()]),
    "a stack in a stack": lambda reads: keras.Sequential([keras.Sequential([Hidden(reads)]), end()]),
    "a model of one's own": Model,
}


def results(model):
    """What a model has learned from the same data in the same order, and says then."""
    model.compile(keras.optimizers.SGD(0.01), "mse", metrics=["mae"])
    options = {"batch_size": 8, "epochs": 2, "shuffle": False, "validation_split": 0.25, "verbose": 0}
    history = model.fit(X, Y, **options).history
    measured = model.evaluate(X, Y, verbose=0, return_dict=True)
    predicted = model.predict(X, batch_size=10, verbose=0)
    on_batch = model.train_on_batch(X[:6], Y[:6])
    return [
        np.array(list(history.values())),
        np.array(list(measured.values())),
        predicted,
        np.array(on_batch),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_reading_values_changes_no_number(kind):
    for found, expected in zip(results(KINDS[kind](True)), results(KINDS[kind](False)), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_as_many_rows_as_values_say():
    x = keras.Input((4,))
    chosen = keras.layers.Lambda(lambda values: tf.boolean_mask(values, values[:, 0] > 1.0))(x)
    model = keras.Model(x, end()(chosen))
    assert model.output_shape == (None, 1)
    np.testing.assert_allclose(model(X), X[X[:, 0] > 1.0].sum(axis=1, keepdims=True) * 0.2, rtol=1e-5)


def test_trying_on_zeros_changes_no_variable():
    class Counting(keras.layers.Layer):
        def build(self, input_shape):
            self.calls = self.add_weight(shape=(), initializer="zeros", trainable=False)

        def call(self, inputs):
            self.calls.assign_add(1.0)
            return inputs * (1.0 if float(inputs[0, 0]) >= 0 else -1.0)

    layer = Counting()
    x = keras.Input((4,))
    model = keras.Model(x, layer(x))
    assert float(layer.calls) == 0
    model(X)
    assert float(layer.calls) == 1


def test_numbers_of_segments_come_from_values():
    """As in graph networks, where the number of nodes is the greatest index and one."""

    class Neighbours(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense, self.end = keras.layers.Dense(3), keras.layers.Dense(1)

        def call(self, inputs):
            nodes, edges = inputs
            given = tf.gather(self.dense(nodes), edges[:, 1])
            count = tf.reduce_max(edges[:, 0]) + 1
            return self.end(tf.math.unsorted_segment_sum(given, edges[:, 0], num_segments=count))

    class OwnStep(Neighbours):
        def train_step(self, data):
            (x, edges), y = data
            with tf.GradientTape() as tape:
                loss = self.compute_loss(y=y, y_pred=self([x, edges], training=True))
            weights = self.trainable_weights
            self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
            return {"loss": loss}

    assert_learns(Neighbours())
    assert_learns(OwnStep())


def assert_learns(model):
    """The model learns from nodes and edges."""
    model.compile("sgd", "mse")
    history = model.fit([X, EDGES], Y, batch_size=24, epochs=3, shuffle=False, verbose=0).history["loss"]
    assert history[-1] < history[0]
    assert model.predict([X, EDGES], batch_size=24, verbose=0).shape == (24, 1)


def test_functions_may_call_them():
    @tf.function
    def recorded(x):
        return Hidden(True)(x)

    assert recorded(tf.constant(X)).shape == (24, 3)
