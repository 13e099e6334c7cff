"""The metrics that `compile` was given hold what the last epoch or evaluation came to, as Keras's do."""

import numpy as np
import pytest

import tfjs_pyo.tensorflow as tf

keras = tf.keras
GENERATOR = np.random.default_rng(7)
X = GENERATOR.normal(size=(20, 3)).astype("float32")
Y = (X.sum(axis=1, keepdims=True) > 0).astype("float32")


def metrics():
    """One of each kind."""
    return [
        keras.metrics.MeanSquaredError(),
        keras.metrics.AUC(num_thresholds=20),
        keras.metrics.Precision(),
        keras.metrics.BinaryIoU(),
        "accuracy",
        keras.losses.mean_absolute_error,
        keras.metrics.RootMeanSquaredError(name="root"),
    ]


def model(found=None, outputs=1, **options):
    """A compiled model of these metrics."""
    x = keras.Input((3,))
    ends = [keras.layers.Dense(1, activation="sigmoid", name=f"end_{n}")(x) for n in range(outputs)]
    made = keras.Model(x, ends[0] if outputs == 1 else ends)
    found = metrics() if found is None else found
    given = found if outputs == 1 else [[each] for each in found]
    made.compile(keras.optimizers.SGD(0.1), "binary_crossentropy", metrics=given, **options)
    return made


def assert_holds(made, logs):
    """The metrics hold the numbers of these logs."""
    found = {name: float(value) for name, value in made.get_metrics_result().items()}
    assert found == pytest.approx(logs, rel=1e-5)


FEEDS = {
    "arrays": lambda: {"x": X, "y": Y, "batch_size": 8},
    "a dataset": lambda: {"x": tf.data.Dataset.from_tensor_slices((X, Y)).batch(8)},
    "weighted": lambda: {"x": X, "y": Y, "batch_size": 8, "sample_weight": np.linspace(0, 1, 20)},
}


@pytest.mark.parametrize("feed", FEEDS)
def test_after_a_fit_they_hold_the_last_epoch(feed):
    made = model()
    history = made.fit(**FEEDS[feed](), epochs=3, verbose=0).history
    assert_holds(made, {name: numbers[-1] for name, numbers in history.items()})


def test_after_validation_they_hold_that():
    made = model()
    history = made.fit(X, Y, validation_data=(X[:7], Y[:7]), epochs=2, verbose=0).history
    last = {name: numbers[-1] for name, numbers in history.items()}
    assert_holds(made, {name.removeprefix("val_"): last[name] for name in last if name.startswith("val_")})


@pytest.mark.parametrize("feed", FEEDS)
def test_after_an_evaluation_they_hold_that(feed):
    made = model()
    logs = made.evaluate(**FEEDS[feed](), verbose=0, return_dict=True)
    assert_holds(made, logs)
    again = made.test_on_batch(X[:4], Y[:4], return_dict=True)
    assert_holds(made, again)


def test_weighted_metrics_hold_theirs():
    made = model([], weighted_metrics=[keras.metrics.MeanSquaredError(), "accuracy"])
    history = made.fit(X, Y, sample_weight=np.linspace(0, 1, 20), epochs=2, verbose=0).history
    assert_holds(made, {name: numbers[-1] for name, numbers in history.items()})


def test_metrics_of_several_outputs_hold_theirs():
    made = model([keras.metrics.MeanSquaredError(), "accuracy"], outputs=2)
    history = made.fit(X, [Y, 1 - Y], epochs=2, verbose=0).history
    assert_holds(made, {name: numbers[-1] for name, numbers in history.items()})


def test_the_program_s_own_objects_do():
    mean, area = keras.metrics.MeanSquaredError(), keras.metrics.AUC(name="area")
    made = model([mean, area])
    history = made.fit(X, Y, epochs=2, verbose=0).history
    assert float(mean.result()) == pytest.approx(history["mean_squared_error"][-1])
    assert float(area.result()) == pytest.approx(history["area"][-1])
    mean.update_state([[1.0]], [[3.0]])
    expected = (history["mean_squared_error"][-1] * 20 + 4) / 21
    assert float(mean.result()) == pytest.approx(expected, rel=1e-5)
    mean.reset_state()
    assert float(mean.result()) == 0


def test_callbacks_see_those_of_their_epoch():
    seen = []

    class Looking(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):  # noqa: ARG002
            seen.append((dict(logs), {n: float(v) for n, v in self.model.get_metrics_result().items()}))

    made = model()
    made.fit(X, Y, epochs=4, verbose=0, callbacks=[Looking()])
    for logs, found in seen:
        assert found == pytest.approx(logs, rel=1e-5)
    assert len({round(logs["loss"], 6) for logs, _ in seen}) == 4


def test_a_step_of_one_s_own_counts_on_its_own():
    class Own(keras.Model):
        def train_step(self, data):
            x, y = data
            return self.compute_metrics(x, y, self(x, training=True))

    x = keras.Input((3,))
    made = Own(x, keras.layers.Dense(1, activation="sigmoid")(x))
    mean = keras.metrics.MeanSquaredError()
    made.compile("sgd", "mse", metrics=[mean, "accuracy"])
    history = made.fit(X, Y, epochs=2, verbose=0).history
    assert float(mean.result()) == pytest.approx(history["mean_squared_error"][-1], rel=1e-5)
    assert set(history) == {"loss", "mean_squared_error", "accuracy"}
    made.evaluate(X, Y, verbose=0)
    made.fit(X, Y, epochs=1, verbose=0)
    assert float(mean.result()) == pytest.approx(history["mean_squared_error"][-1], rel=1e-5)
