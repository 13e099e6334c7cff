"""Steps of subclasses are recorded where they only compute with tensors, and run as they are written where they do more."""

import random

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.counting import calls_made
from tfjs_pyo import keras
from tfjs_pyo.errors import ArgumentError, ShapeError
from tfjs_pyo.keras import layers, ops

X = np.random.default_rng(0).random((20, 4)).astype("float32")
Y = (X.sum(1, keepdims=True) > 2).astype("float32")
STEPS = 6
"""Of `fitted`."""


def graph():
    inputs = keras.Input((4,))
    dense = layers.Dense(1, kernel_initializer="ones")
    return inputs, dense(inputs)


class Pure(keras.Model):
    """Counts nothing."""

    def train_step(self, data):
        return super().train_step(data)


class Counts(keras.Model):
    """Counts its steps in Python."""

    steps = 0

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.steps = 0

    def train_step(self, data):
        self.steps += 1
        return super().train_step(data)


class Appends(keras.Model):
    """Keeps a list in Python."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.seen = []

    def train_step(self, data):
        self.seen.append(len(data))
        return super().train_step(data)


class Reads(keras.Model):
    """Looks at a value."""

    def train_step(self, data):
        logs = super().train_step(data)
        return {**logs, "twice": 2 * float(logs["loss"])}


class Draws(keras.Model):
    """Draws numbers in Python."""

    def train_step(self, data):
        return {**super().train_step(data), "drawn": random.random()}


class DrawsArrays(keras.Model):
    """Draws numbers of NumPy."""

    def train_step(self, data):
        return {**super().train_step(data), "drawn": np.random.rand()}


def fitted(kind, **options):
    model = kind(*graph())
    model.compile(keras.optimizers.SGD(0.1), "mse", **options)
    runs = calls_made(
        lambda: model.fit(X, Y, epochs=2, batch_size=8, shuffle=False, verbose=0), of=kind.train_step
    )
    return model, model.history.history, runs


def test_pure_steps_are_recorded_and_give_what_fit_gives():
    _, history, runs = fitted(Pure)
    assert runs < STEPS
    _, expected, _ = fitted(keras.Model)
    np.testing.assert_allclose(history["loss"], expected["loss"], rtol=1e-5)


@pytest.mark.parametrize("kind", [Counts, Appends, Reads, Draws, DrawsArrays])
def test_others_run_as_they_are_written(kind):
    model, history, runs = fitted(kind)
    assert runs >= STEPS
    _, expected, _ = fitted(keras.Model)
    np.testing.assert_allclose(history["loss"], expected["loss"], rtol=1e-5)
    if kind is Counts:
        assert model.steps == STEPS
    if kind is Appends:
        assert model.seen == [2] * STEPS
    if kind is Reads:
        np.testing.assert_allclose(history["twice"], np.multiply(history["loss"], 2), rtol=1e-5)


def test_drawn_numbers_are_drawn_once_for_each_step():
    random.seed(5)
    _, history, _ = fitted(Draws)
    random.seed(5)
    drawn = [random.random() for _ in range(6)]
    np.testing.assert_allclose(history["drawn"], [drawn[2], drawn[5]], rtol=1e-6)


def test_layers_that_are_made_in_the_first_step_do_not_count_as_changes():
    class Late(keras.Model):
        def __init__(self):
            super().__init__()
            self.made = []

        def train_step(self, data):
            if not self.made:
                self.made.append(layers.Dense(1))
            x, y = data
            with tf.GradientTape() as tape:
                loss = ops.mean(ops.square(self.made[0](x) - y))
            self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
            return {"loss": loss}

    model = Late()
    model.compile("sgd")
    runs = calls_made(lambda: model.fit(X, Y, epochs=5, batch_size=20, verbose=0), of=Late.train_step)
    losses = model.history.history["loss"]
    assert losses[0] > losses[1] > losses[2]
    assert runs < 5


def test_metrics_of_own_steps_begin_anew_in_each_epoch():
    class Counting(keras.metrics.Metric):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.seen = self.add_variable(shape=(), initializer="zeros", name="seen")

        def update_state(self, y_true, y_pred, sample_weight=None):
            self.seen.assign_add(ops.shape(y_true)[0])

        def result(self):
            return self.seen

    class Own(keras.Model):
        def train_step(self, data):
            x, y = data
            y_pred = self(x, training=True)
            return self.compute_metrics(x, y, y_pred)

    for eagerly in (False, True):
        model = Own(*graph())
        model.compile("sgd", "mse", metrics=[Counting(name="seen")], run_eagerly=eagerly)
        history = model.fit(X, Y, epochs=3, batch_size=8, validation_data=(X[:7], Y[:7]), verbose=0).history
        assert history["seen"] == [20.0, 20.0, 20.0]
        assert history["val_seen"] == [7.0, 7.0, 7.0]
        assert [metric.name for metric in model.metrics] == ["loss", "compile_metrics"]


def test_batches_come_in_the_structures_that_were_given():
    seen = []

    class Looks(keras.Model):
        def train_step(self, data):
            seen.append(keras.tree.map_structure(lambda t: tuple(t.shape), data))
            return {"loss": ops.zeros(())}

    batch = (4, 4)
    for x, y, weights, expected in [
        (X, None, None, batch),
        (X, Y, None, (batch, (4, 1))),
        (X, Y[:, 0], np.ones(20), (batch, (4,), (4,))),
        ({"a": X, "b": [X, Y]}, None, None, {"a": batch, "b": [batch, (4, 1)]}),
        ([X, Y], {"t": Y}, None, ([batch, (4, 1)], {"t": (4, 1)})),
    ]:
        model = Looks()
        model.compile("sgd")
        model.fit(x, y, sample_weight=weights, batch_size=4, verbose=0)
        assert seen[-1] == expected


def test_errors_say_what_a_step_must_return():
    class Bad(keras.Model):
        def train_step(self, data):
            return self.answer

    for answer, error, message in [
        (3.0, ArgumentError, "expected train_step to return a dict of numbers by name"),
        ({"loss": ops.ones((2,))}, ShapeError, "expected train_step: 'loss' to be a single number"),
    ]:
        model = Bad()
        model.answer = answer
        model.compile("sgd")
        with pytest.raises(error, match=message):
            model.fit(X, verbose=0)


def test_outputs_of_predict_step_keep_their_structure():
    class Pairs(keras.Model):
        def predict_step(self, data):
            out = self(data, training=False)
            return {"one": out, "more": [out * 2, out * 3]}

    found = Pairs(*graph()).predict(X, batch_size=8, verbose=0)
    np.testing.assert_allclose(found["more"][1], found["one"] * 3, rtol=1e-6)
    assert found["one"].shape == (20, 1)


class OfTable(keras.Model):
    """Is called with a table and a factor, while `fit` is given places in the table."""

    def __init__(self, table):
        super().__init__()
        self.table = table
        self.hidden, self.out = keras.layers.Dense(8, "relu"), keras.layers.Dense(3)

    def call(self, inputs):
        table, factor = inputs
        return self.out(self.hidden(table)) * factor

    def train_step(self, data):
        places, labels = data
        with tf.GradientTape() as tape:
            outputs = keras.ops.take(self([self.table, 2.0]), places, axis=0)
            loss = self.compute_loss(y=labels, y_pred=outputs)
        weights = self.trainable_weights
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        return {"loss": loss}


def test_a_step_of_ones_own_says_what_the_model_is_called_with():
    keras.utils.set_random_seed(4)
    model = OfTable(np.random.default_rng(4).normal(size=(20, 5)).astype("float32"))
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.optimizer.learning_rate = 0.05
    losses = model.fit(np.arange(12), np.arange(12) % 3, epochs=20, batch_size=4, verbose=0).history["loss"]
    assert losses[-1] < losses[0] / 2


class Older(keras.Model):
    """A step in the names of older programs."""

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            predicted = self(x, training=True)
            loss = self.compiled_loss(y, predicted, regularization_losses=self.losses)
        self.optimizer.apply_gradients(
            zip(tape.gradient(loss, self.trainable_variables), self.trainable_variables, strict=True)
        )
        self.compiled_metrics.update_state(y, predicted)
        return {metric.name: metric.result() for metric in self.metrics} | {"loss": loss}


@pytest.mark.parametrize("regularizer", [None, "l2"])
def test_older_names_of_losses_and_metrics_mean_what_compute_loss_and_compute_metrics_do(regularizer):
    def trained(kind):
        inputs = keras.Input((4,))
        outputs = layers.Dense(1, kernel_initializer="ones", kernel_regularizer=regularizer)(inputs)
        model = kind(inputs, outputs)
        model.compile(keras.optimizers.SGD(0.1), "mse", metrics=["mae"])
        history = model.fit(X, Y, batch_size=20, epochs=3, shuffle=False, verbose=0).history
        return model.get_weights(), history["loss"]

    (weights, losses), (expected, expected_losses) = trained(Older), trained(Pure)
    np.testing.assert_allclose(losses, expected_losses, rtol=1e-5)
    for found, wanted in zip(weights, expected, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-5)


def test_compute_loss_without_targets_is_what_layers_add():
    class Penalty(layers.Layer):
        def call(self, inputs):
            self.add_loss(ops.mean(inputs))
            return inputs

    model = keras.Sequential([keras.Input((4,)), layers.Dense(2), Penalty()])
    model.compile("sgd")
    predicted = model(X)
    assert float(model.compute_loss(X, y_pred=predicted)) == pytest.approx(
        float(ops.mean(predicted)), rel=1e-5
    )
    model.compile("sgd", "mse")
    with pytest.raises(ArgumentError, match="expected y and y_pred"):
        model.compute_loss(X, y_pred=predicted)
