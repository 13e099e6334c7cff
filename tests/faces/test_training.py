"""Keras's synchronous training in CPython: under any event loop, with what it prints, what it takes and what it refuses."""

import asyncio
import contextlib
import inspect
import io
import json
import re
import signal
import threading
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.waves import filled
from tfjs_pyo.backends import numpy as backend
from tfjs_pyo.core import blocking
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError
from tfjs_pyo.keras import progress

keras = tf.keras
X, Y = filled((24, 3), 3, 1.0), filled((24, 2), 4, 1.0)


def made(**options):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.set_weights([filled((3, 2), 5, 0.5), filled((2,), 6, 0.5)])
    model.compile(**{"optimizer": keras.optimizers.SGD(0.1), "loss": "mse", **options})
    return model


def losses(model, **options):
    return model.fit(
        X, Y, **{"batch_size": 8, "epochs": 3, "shuffle": False, "verbose": 0, **options}
    ).history["loss"]


EXPECTED = losses(made())


# Waiting


def test_a_fit_works_where_a_loop_runs_and_its_history_can_be_awaited():
    async def main():
        history = await made().fit(X, Y, batch_size=8, epochs=3, shuffle=False, verbose=0)
        assert asyncio.current_task() is not None
        return history.history["loss"]

    assert asyncio.run(main()) == EXPECTED


def test_fits_in_threads_run_beside_each_other():
    found = {}
    threads = [threading.Thread(target=lambda n=n: found.update({n: losses(made())})) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == dict.fromkeys(range(4), EXPECTED)


def test_what_callbacks_call_may_wait_as_well():
    model, other = made(), made()
    seen = []

    class Calls(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):  # noqa: ARG002 (Keras's signature)
            seen.append((self.model.evaluate(X, Y, verbose=0), losses(other, epochs=1)[0], logs["loss"]))

        async def on_train_end(self):
            await asyncio.sleep(0.001)
            seen.append("waited")

    losses(model, callbacks=[Calls()])
    assert [each[1] for each in seen[:-1]] == EXPECTED
    assert [each[2] for each in seen[:-1]] == EXPECTED
    assert seen[-1] == "waited"


@pytest.mark.parametrize("listens", [False, True], ids=["alone", "listening"])
@pytest.mark.parametrize("data", ["arrays", "generator"])
def test_driven_by_hand_it_gives_the_same(monkeypatch, data, listens):
    monkeypatch.setattr(blocking, "_in_own_loop", blocking.drive)
    callbacks = (
        [keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: None)] if listens else []
    )
    if data == "arrays":
        assert losses(made(), callbacks=callbacks) == pytest.approx(EXPECTED, rel=1e-6)
    else:
        batches = ((X[i : i + 8], Y[i : i + 8]) for _ in range(3) for i in (0, 8, 16))
        history = made().fit(batches, steps_per_epoch=3, epochs=3, verbose=0, callbacks=callbacks).history
        assert history["loss"] == pytest.approx(EXPECTED, rel=1e-6)
    assert made().predict(X, verbose=0).shape == (24, 2)


def test_ctrl_c_ends_a_fit_and_the_model_goes_on():
    model = made()
    stop = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: epoch == 1 and signal.raise_signal(signal.SIGINT)
    )
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    try:
        with pytest.raises(KeyboardInterrupt):
            losses(model, epochs=1000, callbacks=[stop])
    finally:
        signal.signal(signal.SIGINT, before)
    assert not model.is_training
    assert losses(model, epochs=1)[0] == pytest.approx(EXPECTED[2], rel=1e-6)


# What it prints


class Terminal(io.StringIO):
    def isatty(self):
        return True


def printed(call, stream=None):
    stream = io.StringIO() if stream is None else stream
    with contextlib.redirect_stdout(stream):
        call()
    text = re.sub(r"\x1b\[\d+m", "", stream.getvalue())
    return re.sub(r"\d+[mu]?s(/step)?", r"<t>\1", text).replace("\r", "\n").splitlines()


def test_epochs_have_a_title_and_a_bar():
    model = made(metrics=["mae"])
    lines = printed(lambda: model.fit(X, Y, batch_size=8, epochs=2, validation_data=(X, Y)))
    bar = "━" * 20
    number = r"\d\.\d{4}"
    for place, epoch in enumerate((1, 2)):
        assert lines[2 * place] == f"Epoch {epoch}/2"
        numbers = f"loss: {number} - mae: {number} - val_loss: {number} - val_mae: {number}"
        assert re.fullmatch(f"3/3 {bar} <t> <t>/step - {numbers}", lines[2 * place + 1]), lines[2 * place + 1]


def test_a_single_epoch_has_no_title_and_verbose_2_is_a_line():
    model = made()
    assert re.fullmatch(
        r"3/3 ━{20} <t> <t>/step - loss: \d\.\d{4}", printed(lambda: model.fit(X, Y, batch_size=8))[0]
    )
    lines = printed(lambda: model.fit(X, Y, batch_size=8, epochs=2, verbose=2))
    assert lines[::2] == ["Epoch 1/2", "Epoch 2/2"]
    assert re.fullmatch(r"3/3 - <t> - <t>/step - loss: \d\.\d{4}", lines[1])


def test_zero_prints_nothing():
    def everything():
        model = made()
        model.fit(X, Y, verbose=0)
        model.evaluate(X, Y, verbose=0)
        model.predict(X, verbose=0)
        model.train_on_batch(X, Y)

    assert printed(everything) == []


def test_evaluate_and_predict_have_bars():
    model = made()
    assert re.fullmatch(
        r"2/2 ━{20} <t> <t>/step - loss: \d\.\d{4}", printed(lambda: model.evaluate(X, Y, batch_size=12))[0]
    )
    assert re.fullmatch(r"2/2 ━{20} <t> <t>/step", printed(lambda: model.predict(X, batch_size=12))[0])


def test_bars_fill_up_in_terminals(monkeypatch):
    monkeypatch.setattr(backend, "PROGRESS_SECONDS", 0)
    monkeypatch.setattr(progress, "_INTERVAL", 0)
    model = made()
    lines = printed(lambda: model.fit(X, Y, batch_size=6), Terminal())
    assert [line[:3] for line in lines] == ["1/4", "2/4", "3/4", "4/4", "4/4"]
    assert lines[1].startswith(f"2/4 {'━' * 20} ")


def test_batches_of_unknown_number_are_counted_and_known_then():
    model = made()

    class Batches:
        def __iter__(self):
            return iter([(X[:8], Y[:8])] * 5)

    lines = printed(lambda: model.fit(Batches(), epochs=2))
    assert [line.split()[0] for line in lines] == ["Epoch", "5/5", "Epoch", "5/5"]


# What it takes


def datasets():
    """The same three batches in other forms."""
    parts = [(X[i : i + 8], Y[i : i + 8]) for i in (0, 8, 16)]

    class Numbered:
        def __len__(self):
            return 3

        def __getitem__(self, number):
            return parts[number]

    class Dataset:
        """As Keras 3's PyDataset."""

        num_batches = 3

        def __init__(self):
            self.ended = 0

        def __getitem__(self, number):
            return parts[number]

        def on_epoch_end(self):
            self.ended += 1

    class Asynchronous:
        async def __aiter__(self):
            for part in parts:
                await asyncio.sleep(0)
                yield part

    tensors = [(tf.tensor(x), tf.tensor(y)) for x, y in parts]
    return {
        "numbered": Numbered(), "PyDataset": Dataset(), "asynchronous": Asynchronous(), "function": lambda: iter(parts),
        "list of tensors": tf.data.array(tensors), "lists": (lambda: ((x.tolist(), y.tolist()) for x, y in parts)),
    }  # fmt: skip


@pytest.mark.parametrize("form", datasets())
def test_batches_come_in_many_forms(form):
    data = datasets()[form]
    model = made()
    history = model.fit(data, epochs=3, shuffle=False, verbose=0, validation_data=data).history
    assert history["loss"] == pytest.approx(EXPECTED, rel=1e-6)
    assert history["val_loss"][-1] == pytest.approx(model.evaluate(data, verbose=0), rel=1e-6)
    np.testing.assert_allclose(model.predict(data, verbose=0), model.predict(X, verbose=0), rtol=1e-6)
    if form == "PyDataset":
        assert data.ended == 3


def test_batches_by_number_come_in_another_order_in_each_epoch():
    order = []

    class Numbered:
        def __len__(self):
            return 16

        def __getitem__(self, number):
            order.append(number)
            return X[:2], Y[:2]

    keras.utils.set_random_seed(1)
    made().fit(Numbered(), epochs=2, verbose=0)
    first, second = order[:16], order[16:]
    assert sorted(first) == sorted(second) == list(range(16))
    assert first != second
    order.clear()
    made().fit(Numbered(), shuffle=False, verbose=0)
    assert order == list(range(16))


class Frame:
    """What of a frame of pandas counts here: a table with names that becomes an array."""

    def __init__(self, values):
        self._values = np.asarray(values)
        self.shape = self._values.shape

    def __array__(self, dtype=None, copy=None):
        return self._values if dtype is None else self._values.astype(dtype)

    def __len__(self):
        return len(self._values)

    def __iter__(self):
        return iter("abc")

    def __getitem__(self, name):
        raise KeyError(name)


@pytest.mark.parametrize(
    "form",
    [np.asarray, lambda a: a.tolist(), tf.tensor, lambda a: [a], lambda a: (a,), Frame, lambda a: a.astype("float64")],
    ids=["array", "nested lists", "tensor", "list of one", "tuple of one", "frame", "float64"],
)  # fmt: skip
def test_arrays_come_in_many_forms(form):
    model = made()
    assert losses_of(model, form(X), form(Y)) == pytest.approx(EXPECTED, rel=1e-6)
    expected = model.predict(X, verbose=0)
    np.testing.assert_allclose(model.predict(form(X), verbose=0), expected, rtol=1e-6)
    np.testing.assert_allclose(np.asarray(model(X)), expected, rtol=1e-5)
    assert model.evaluate(form(X), form(Y), verbose=0) == pytest.approx(
        model.evaluate(X, Y, verbose=0), rel=1e-6
    )


def losses_of(model, x, y):
    return model.fit(x, y, batch_size=8, epochs=3, shuffle=False, verbose=0).history["loss"]


def test_a_last_axis_of_length_1_comes_and_goes_as_the_input_needs_it():
    inputs = keras.Input((4, 4, 1))
    model = keras.Model(inputs, keras.layers.Flatten()(inputs))
    images = filled((5, 4, 4), 2, 1.0)
    for given in (images, images[..., None]):
        assert model.predict(given, verbose=0).shape == (5, 16)
        assert model(given).shape == (5, 16)
    flat = keras.Sequential([keras.Input((4, 4)), keras.layers.Flatten()])
    assert flat.predict(images[..., None], verbose=0).shape == (5, 16)
    with pytest.raises(ShapeError, match="shape"):
        model.predict(filled((5, 4), 2, 1.0), verbose=0)


def test_layers_take_arrays():
    layer = keras.layers.Dense(2)
    assert layer(X).shape == (24, 2)
    assert layer(X.tolist()).shape == (24, 2)


def test_weights_for_classes_may_leave_some_out():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    assert model.fit(X, np.arange(24) % 3, class_weight={1: 2.0}, verbose=0).epoch == [0]


def test_a_model_may_have_losses_of_its_own_only():
    class Penalized(keras.layers.Layer):
        def call(self, inputs):
            self.add_loss(tf.mean(tf.square(inputs)))
            return inputs

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2), Penalized()])
    model.compile("sgd")
    history = model.fit(X, epochs=3, verbose=0).history["loss"]
    assert history[0] > history[1] > history[2] > 0


# What comes out


def test_results_are_plain_numbers_and_arrays():
    model = made(metrics=["mae"])
    assert all(type(value) is float for value in model.evaluate(X, Y, verbose=0))
    assert all(type(value) is float for value in model.evaluate(X, Y, verbose=0, return_dict=True).values())
    assert all(type(value) is float for value in model.train_on_batch(X, Y))
    assert type(made().evaluate(X, Y, verbose=0)) is float
    predicted = model.predict(X, verbose=0)
    assert (type(predicted), predicted.dtype, predicted.flags.writeable) == (np.ndarray, np.float32, True)
    assert all(type(weight) is np.ndarray for weight in model.get_weights())
    history = model.fit(X, Y, verbose=0)
    assert json.loads(json.dumps(history.history)) == history.history
    assert history.params == {**history.params, "epochs": 1, "steps": 1, "verbose": 0}
    assert history.model is model
    assert model.history is history


def test_where_numpy_is_missing_tensors_come_with_one_notice(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name, *_: None if name == "numpy" else object())
    monkeypatch.setattr(blocking, "_said", set())
    model = made()
    with pytest.warns(RuntimeWarning, match="NumPy cannot be had here"):
        found = model.predict(X, verbose=0)
    assert isinstance(model.get_weights()[0], tf.Tensor)
    assert len(found.tolist()) == 24
    assert found.shape == (24, 2)
    assert [f"{float(value):.2f}" for value in found[0]]


# Signatures and refusals


@pytest.mark.parametrize(
    "name", ["compile", "fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch"]
)
def test_signatures_are_those_of_keras(name):
    recorded = json.loads((Path(__file__).parents[1] / "keras" / "training.json").read_text(encoding="utf-8"))
    parameters = list(inspect.signature(getattr(keras.Model, name)).parameters.values())[1:]
    assert [[p.name, None if p.default is p.empty else p.default] for p in parameters] == recorded[
        "signatures"
    ][name]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: made().fit(X, Y, verbose=3), OptionError, "verbose to be 'auto', 0, 1 or 2, received 3"),
        (lambda: made().fit(X, Y, epoch=3), ArgumentError, "epoch"),
        (lambda: made(metrics="mae"), OptionError, "metrics to be a list, tuple or dict, received 'mae'"),
        (lambda: made(loss=["mse", "mae"]), ArgumentError, "expected 1 values of loss"),
        (lambda: made(loss={"other": "mse"}), OptionError, "other"),
        (lambda: made(loss="mze").fit(X, Y, verbose=0), OptionError, "mze"),
        (lambda: made(optimizer="adm"), OptionError, "adm"),
        (lambda: made(steps_per_execution=0), OptionError, "steps_per_execution|stepsPerExecution"),
        (lambda: made(loss=None).fit(X, Y, verbose=0), ArgumentError, "expected a loss"),
        (lambda: made().fit(X, Y[:3], verbose=0), ShapeError, "same number of samples"),
        (lambda: made().fit(iter([]), verbose=0), ArgumentError, "dataset is empty"),
        (lambda: made().predict(iter([]), verbose=0), ArgumentError, "dataset is empty"),
        (lambda: made().fit(X, Y, validation_freq=0, verbose=0), OptionError, "validation"),
        (lambda: keras.Sequential([keras.layers.Dense(1)]).fit(X, Y), ArgumentError, "compile"),
    ],
)  # fmt: skip
def test_refusals_say_what_was_expected(call, error, message):
    with pytest.raises(error, match=message):
        call()


# Checkpoints


def test_checkpoints_keep_weights_only_and_after_batches(tmp_path):
    model = made()
    weights = keras.callbacks.ModelCheckpoint(tmp_path / "{epoch:02d}.weights.h5", save_weights_only=True)
    batches = keras.callbacks.ModelCheckpoint(filepath=tmp_path / "{epoch}-{loss:.3f}.keras", save_freq=2)
    losses(model, epochs=2, callbacks=[weights, batches])
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files[:2] == ["01.weights.h5", "02.weights.h5"]
    assert [name.split("-")[0] for name in files[2:]] == [
        "1",
        "2",
        "2",
    ]  # after batches 2, 4 and 6 of 3 an epoch
    again = made()
    again.load_weights(tmp_path / "02.weights.h5")
    np.testing.assert_array_equal(again.predict(X, verbose=0), model.predict(X, verbose=0))
    assert weights.epoch == 1
