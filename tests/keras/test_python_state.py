"""What steps of a program read of Python: a recording stands for its values, and for no others."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo import keras
from tfjs_pyo.core.trace import Step
from tfjs_pyo.tensorflow import function

X = np.linspace(0, 1, 16, dtype="float32").reshape(8, 2)
Y = X.sum(1, keepdims=True)

factor = 1.0
calls = 0
seen = []
config = {"factor": 1.0}


def scaled(value):
    return value * factor


class Settings:
    def __init__(self):
        self.factor = 1.0


settings = Settings()


class Told(keras.Model):
    """Its loss is what a function says, whatever that reads."""

    def __init__(self, told):
        super().__init__()
        self.dense = keras.layers.Dense(1)
        self.told = told
        self.factor = 1.0
        self.mine = Settings()

    def call(self, x):
        return self.dense(x)

    def train_step(self, data):
        x, _ = data
        self(x)
        return {"told": self.told(self)}


def by_global(_model):
    return keras.ops.ones(()) * factor


def by_helper(_model):
    return scaled(keras.ops.ones(()))


def by_dict(_model):
    return keras.ops.ones(()) * config["factor"]


def by_object(_model):
    return keras.ops.ones(()) * settings.factor


def by_attribute(model):
    return keras.ops.ones(()) * model.factor


def by_attribute_of_attribute(model):
    return keras.ops.ones(()) * model.mine.factor


def by_closure():
    kept = 1.0

    def told(_model):
        return keras.ops.ones(()) * kept

    def change(value):
        nonlocal kept
        kept = value

    told.change = change
    return told


def put(model, value):
    """Gives all places the value."""
    global factor  # noqa: PLW0603 (a program's global is what is tested)
    factor = config["factor"] = settings.factor = value
    model.factor = model.mine.factor = value
    getattr(model.told, "change", lambda _: None)(value)


WAYS = [by_global, by_helper, by_dict, by_object, by_attribute, by_attribute_of_attribute, by_closure()]


def made(told):
    model = Told(told)
    put(model, 1.0)
    model.compile(optimizer="sgd")
    return model


@pytest.mark.parametrize("told", WAYS)
def test_values_that_change_between_fits_count(told):
    model = made(told)
    assert model.fit(X, Y, verbose=0).history["told"] == [1.0]
    put(model, 3.0)
    assert model.fit(X, Y, verbose=0).history["told"] == [3.0]
    assert model.train_on_batch(X, Y) == 3.0 or model.train_on_batch(X, Y, return_dict=True)["told"] == 3.0


@pytest.mark.parametrize("told", WAYS)
def test_values_that_callbacks_change_count_from_the_next_epoch_on(told):
    model = made(told)

    class Annealed(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):  # noqa: ARG002
            put(self.model, epoch + 2.0)

    history = model.fit(X, Y, epochs=3, callbacks=[Annealed()], verbose=0).history
    assert history["told"] == [1.0, 2.0, 3.0]


def recordings(monkeypatch):
    found = []
    init = Step.__init__
    monkeypatch.setattr(Step, "__init__", lambda self, *args: found.append(self) or init(self, *args))
    return found


def test_nothing_is_recorded_anew_where_nothing_changes(monkeypatch):
    model = made(by_global)
    model.fit(X, Y, epochs=3, verbose=0)
    found = recordings(monkeypatch)
    model.unrelated = 7.0
    model.fit(X, Y, epochs=3, verbose=0)
    model.unrelated = 8.0
    model.fit(X, Y, epochs=3, verbose=0)
    assert not found


def counting(_model):
    global calls  # noqa: PLW0603
    calls += 1
    return keras.ops.ones(()) * float(calls)


def noting(_model):
    seen.append(len(seen))
    return keras.ops.ones(()) * float(len(seen))


@pytest.mark.parametrize("told", [counting, noting])
def test_steps_that_change_what_they_read_run_as_they_are_written(told):
    global calls  # noqa: PLW0603
    calls = 0
    seen.clear()
    model = made(told)
    history = model.fit(X, Y, epochs=3, batch_size=4, verbose=0).history
    assert history["told"] == [2.0, 4.0, 6.0]
    assert calls == (6 if told is counting else 0)
    assert len(seen) == (6 if told is noting else 0)


def test_losses_read_values_of_the_moment():
    weight = 1.0

    def loss(y_true, y_pred):
        return keras.ops.mean(keras.ops.square(y_true - y_pred)) * weight

    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="zeros")])
    model.compile(optimizer=keras.optimizers.SGD(0.0), loss=loss)
    first = model.evaluate(X, Y, verbose=0)
    weight = 2.0
    assert model.evaluate(X, Y, verbose=0) == pytest.approx(2 * first)
    assert model.fit(X, Y, verbose=0).history["loss"] == pytest.approx([2 * first])


def test_predictions_read_values_of_the_moment():
    class Times(keras.layers.Layer):
        def call(self, x):
            return x * factor

    model = keras.Sequential([keras.Input((2,)), Times()])
    for value in (1.0, 2.0):
        globals()["factor"] = value
        np.testing.assert_allclose(model.predict(X, verbose=0), X * value)


def test_a_function_of_tensorflow_keeps_the_values_of_its_recording():
    kept = 1.0
    double = function(lambda x: x * kept)
    assert float(double(tf.scalar(2.0))) == 2.0
    kept = 5.0
    assert float(double(tf.scalar(2.0))) == 2.0


@pytest.mark.parametrize("how", ["returned", "as an attribute", "as arrays"])
def test_a_predict_function_of_a_program_is_used(how):
    class Doubled(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(1, kernel_initializer="ones")

        def call(self, x):
            return self.dense(x)

        def make_predict_function(self, force=False):  # noqa: ARG002 (Keras's signature)
            def predict(iterator):
                found = self.predict_step(next(iterator)) * 2.0
                return found.numpy() if how == "as arrays" else found

            self.predict_function = predict
            return None if how == "as an attribute" else predict

    expected = X.sum(1, keepdims=True) * 2
    model = Doubled()
    np.testing.assert_allclose(model.predict(X, batch_size=3, verbose=0), expected, rtol=1e-6)
    np.testing.assert_allclose(model.predict_on_batch(X), expected, rtol=1e-6)
