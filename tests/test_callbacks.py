"""Callbacks of fit: what they are told, when, and how they stop training."""

import asyncio

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.linear import data, linear, run
from tfjs_pyo.errors import ArgumentError


def test_callbacks_see_epochs_and_every_batch():
    x, y = data(10)
    model, reference = linear()
    events = []

    class Watch(tf.callbacks.Callback):
        def on_train_begin(self, _logs):
            events.append("train")

        def on_epoch_begin(self, epoch, _logs):
            events.append(f"epoch {epoch}")

        def onBatchBegin(self, batch, logs):  # noqa: N802 (TF.js's spelling works, too)
            events.append(f"begin {batch} of {logs['size']}")

        def on_train_batch_end(self, _batch, logs):
            events.append(logs["loss"])

        async def on_epoch_end(self, epoch, logs):
            await asyncio.sleep(0)
            events.append(("end", epoch, logs["loss"]))

        def on_train_end(self):
            events.append("done")

    run(model.fit(x, y, epochs=2, batch_size=4, shuffle=False, callbacks=[Watch()]))
    expected = ["train"]
    for epoch in range(2):
        expected.append(f"epoch {epoch}")
        total = 0
        for batch, at in enumerate((0, 4, 8)):
            part = slice(at, at + 4)
            size = len(x[part])
            loss = reference.step(x[part], y[part])
            total += loss * size
            expected += [f"begin {batch} of {size}", pytest.approx(loss, rel=1e-5)]
        expected.append(("end", epoch, pytest.approx(total / 10, rel=1e-5)))
    assert events == [*expected, "done"]


def test_epoch_callbacks_are_called_for_every_epoch_even_without_arguments():
    x, y = data(4)
    model, _ = linear()
    count = []
    run(
        model.fit(x, y, epochs=5, callbacks=tf.callbacks.CustomCallback(on_epoch_end=lambda: count.append(1)))
    )
    assert len(count) == 5


def test_callbacks_see_the_model_and_its_weights_as_they_are():
    x, y = data(6)
    model, reference = linear()
    seen = []

    class Look(tf.callbacks.Callback):
        def on_epoch_end(self, _epoch):
            seen.append(self.model.get_weights()[0].numpy())

    look = Look()
    run(model.fit(x, y, epochs=3, shuffle=False, callbacks=look))
    assert look.params["epochs"] == 3
    assert look.params["samples"] == 6
    for weights in seen:
        reference.epoch(x, y, 32)
        np.testing.assert_allclose(weights, reference.w, rtol=1e-5, atol=1e-6)


def test_stop_training_after_an_epoch_and_after_a_batch():
    x, y = data(10)

    losses = []

    def stop_after(event, at):
        model, _ = linear()
        seen = []

        def stop(number, logs):
            losses.append(logs["loss"])
            seen.append(number)
            if len(seen) == at:
                model.stop_training = True

        history = run(model.fit(x, y, epochs=50, batch_size=2, callbacks={event: stop}))
        return history, seen

    history, seen = stop_after("onEpochEnd", 3)
    assert history.epoch == [0, 1, 2]
    assert seen == [0, 1, 2]
    losses.clear()
    history, seen = stop_after("onBatchEnd", 7)
    assert history.history["loss"] == pytest.approx([np.mean(losses[:5]), np.mean(losses[5:])], rel=1e-6)
    assert seen == [0, 1, 2, 3, 4, 0, 1]
    assert len(history.epoch) == 2


def test_stop_training_is_forgotten_by_the_next_fit():
    x, y = data(4)
    model, _ = linear()

    def stop(epoch):
        model.stopTraining = True
        model.stop_training = True

    run(model.fit(x, y, epochs=9, callbacks={"onEpochEnd": stop}))
    assert len(run(model.fit(x, y, epochs=3)).epoch) == 3


class Script(tf.callbacks.Callback):
    """Replaces the loss that later callbacks see by scripted values."""

    def __init__(self, values):
        super().__init__()
        self.values = values

    def on_epoch_end(self, epoch, logs):
        logs["val_loss"] = self.values[epoch]
        logs["acc"] = self.values[epoch]


@pytest.mark.parametrize(
    ("options", "values", "epochs"),
    [
        ({}, [3, 2, 1, 1.5, 0], 4),
        ({"patience": 2}, [3, 2, 2.5, 2.5, 0], 4),
        ({"patience": 2}, [3, 2, 2.5, 1, 0], 5),
        ({"minDelta": 0.5, "patience": 1}, [3, 2, 1.8, 0, 0], 3),
        ({"monitor": "acc"}, [0.1, 0.5, 0.4, 0.9, 1], 3),
        ({"monitor": "acc", "mode": "min"}, [0.5, 0.4, 0.45, 0.1, 0], 3),
        ({"baseline": 1.0, "patience": 2}, [3, 2, 0, 0, 0], 2),
    ],
)
def test_early_stopping(options, values, epochs):
    x, y = data(4)
    model, _ = linear()
    history = run(model.fit(x, y, epochs=5, callbacks=[Script(values), tf.callbacks.earlyStopping(options)]))
    assert len(history.epoch) == epochs


def test_early_stopping_brings_the_best_weights_back_and_can_be_used_again():
    x, y = data(4)
    model, _ = linear()
    seen = []
    keep = tf.callbacks.CustomCallback({"onEpochEnd": lambda: seen.append(model.get_weights()[0].numpy())})
    stop = tf.callbacks.EarlyStopping(patience=2, restore_best_weights=True)
    run(model.fit(x, y, epochs=9, callbacks=[Script([3, 1, 2, 2, 2, 2, 2, 2, 2]), keep, stop]))
    assert len(seen) == 4
    np.testing.assert_array_equal(model.get_weights()[0].numpy(), seen[1])
    run(model.fit(x, y, epochs=2, callbacks=[Script([3, 2]), keep, stop]))
    np.testing.assert_array_equal(model.get_weights()[0].numpy(), seen[5])
    strict = tf.callbacks.EarlyStopping(patience=1, baseline=2.5, restore_best_weights=True)
    run(model.fit(x, y, epochs=2, callbacks=[Script([1, 5]), strict]))
    best = model.get_weights()[0].numpy()
    run(model.fit(x, y, epochs=2, callbacks=[Script([5, 5]), strict]))
    assert not (model.get_weights()[0].numpy() == best).all(), "what an earlier run kept is forgotten"


def test_early_stopping_names_what_it_could_monitor():
    x, y = data(4)
    model, _ = linear()
    with pytest.raises(ArgumentError, match="expected monitor to be one of 'loss', received 'val_loss'"):
        run(model.fit(x, y, epochs=2, callbacks=tf.callbacks.earlyStopping()))


def test_verbose_prints_a_line_per_epoch(capsys):
    x, y = data(4)
    model, _ = linear(metrics=["mae"])
    run(model.fit(x, y, epochs=2, verbose=1))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("Epoch 2/2 - ")
    assert " - loss: " in lines[1]
    assert " - mae: " in lines[1]
    run(model.fit(x, y, epochs=2))
    assert capsys.readouterr().out == ""


def test_initial_epoch_counts_on():
    x, y = data(4)
    model, _ = linear()
    assert run(model.fit(x, y, epochs=5, initialEpoch=3)).epoch == [3, 4]
