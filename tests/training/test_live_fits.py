"""What happens to a fit from outside while it runs: changes of the model, stopTraining, other tasks that want a turn."""

import asyncio
import itertools
import threading
import time

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError, OptionError

X = np.linspace(-1, 1, 30, dtype=np.float32).reshape(10, 3)
Y = X[:, :1] * 2


def made():
    base = tf.sequential({"layers": [tf.layers.dense({"units": 2, "inputShape": [3]})]})
    model = tf.sequential({"layers": [base, tf.layers.dense({"units": 1})]})
    model.compile({"optimizer": tf.train.adam(0.01), "loss": "meanSquaredError"})
    return model


def batches():
    return iter([(X[:5], Y[:5]), (X[5:], Y[5:])])


def fit(model, **options):
    return model.fit(X, Y, {"batchSize": 5, "epochs": 3, "verbose": 0, **options})


def fit_dataset(model, **options):
    return model.fitDataset(batches, {"epochs": 3, "verbose": 0, **options})


FITS = [fit, fit_dataset]

CHANGES = {
    "dispose": lambda model: model.dispose(),
    "compile": lambda model: model.compile({"optimizer": "sgd", "loss": "meanSquaredError"}),
    "add": lambda model: model.add(tf.layers.dense({"units": 1})),
    "pop": lambda model: model.pop(),
    "dispose of an inner model": lambda model: tf.layers.Layer.dispose(model.layers[0]),
    "dispose of a layer": lambda model: model.layers[1].dispose(),
    "dispose of a weight": lambda model: model.layers[1].weights[-1].dispose(),
    "tf.dispose": lambda model: tf.dispose(list(model.weights)),
    "disposeVariables": lambda _: tf.disposeVariables(),
    "dispose of the optimizer": lambda model: model.optimizer.dispose(),
    "another fit": lambda model: fit(model).send(None),
}


@pytest.mark.parametrize("start", FITS)
@pytest.mark.parametrize("event", ["onEpochEnd", "onBatchEnd"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_during_a_fit_is_refused_and_the_fit_goes_on(start, event, change):
    refused = []

    def attempt(number, logs=None):
        if number == 1 and not refused:
            with pytest.raises(ArgumentError, match=r"running.*stopTraining") as caught:
                CHANGES[change](model)
            refused.append(str(caught.value))

    model, quiet = made(), made()
    for weight, value in zip(quiet.weights, model.getWeights(), strict=True):
        weight.assign(value)
    options = {"shuffle": False} if start is fit else {}
    found = asyncio.run(start(model, callbacks={event: attempt}, **options)).history["loss"]
    assert refused
    assert found == pytest.approx(asyncio.run(start(quiet, **options)).history["loss"], rel=1e-5)
    model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
    model.pop()
    model.add(tf.layers.dense({"units": 1}))
    assert model.dispose()["numDisposedVariables"] == 2


@pytest.mark.parametrize("start", FITS)
@pytest.mark.parametrize("event", ["onTrainBegin", "onEpochBegin", "onBatchBegin", "onTrainEnd"])
@pytest.mark.parametrize("change", ["dispose", "compile", "dispose of a layer", "disposeVariables"])
def test_changes_are_refused_from_the_beginning_to_the_end(start, event, change):
    def attempt():
        with pytest.raises(ArgumentError, match=r"running.*stopTraining"):
            CHANGES[change](model)

    model = made()
    history = asyncio.run(start(model, callbacks={event: attempt}))
    assert len(history.epoch) == 3
    assert not any(weight.held_by for weight in (*model.weights, *model.optimizer.weights))


@pytest.mark.parametrize("start", FITS)
def test_a_fit_that_fails_or_is_cancelled_lets_go_of_the_model(start):
    def fail(_):
        raise ValueError("by a callback")

    model = made()
    with pytest.raises(ValueError, match="by a callback"):
        asyncio.run(start(model, callbacks={"onEpochEnd": fail}))

    async def cancelled():
        task = asyncio.create_task(start(model, epochs=10**6))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    weights = model.weights
    model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
    model.dispose()
    model.layers[0].dispose()
    assert all(weight.is_disposed for weight in weights)


@pytest.mark.parametrize("start", FITS)
def test_layers_that_are_frozen_at_the_end_leave_the_fit_its_history(start):
    def freeze(number, logs=None):
        for layer in model.layers if number == 2 else ():
            layer.trainable = False

    model = made()
    assert len(asyncio.run(start(model, callbacks={"onEpochEnd": freeze})).epoch) == 3


def endless(start, model, callbacks):
    many = {"epochs": 10**6, "callbacks": callbacks}
    if start is fit:
        return model.fit(X, Y, {"batchSize": 1, "verbose": 0, **many})

    def forever():
        while True:
            yield X[:5], Y[:5]

    return model.fitDataset(forever, {"verbose": 0, **many, "epochs": 1})


@pytest.mark.parametrize("start", FITS)
@pytest.mark.parametrize("callbacks", [{}, {"onBatchEnd": lambda: None}, {"onEpochEnd": lambda: None}])
@pytest.mark.parametrize("spelling", ["stopTraining", "stop_training"])
def test_other_tasks_run_and_may_stop_a_fit(start, callbacks, spelling):
    async def main():
        model = made()
        task = asyncio.create_task(endless(start, model, callbacks))
        for _ in range(3):
            await asyncio.sleep(0.01)
        assert model.is_training
        setattr(model, spelling, True)
        history = await task
        assert model.stop_training
        assert len(history.history["loss"]) == len(history.epoch) >= 1
        assert np.isfinite(history.history["loss"]).all()
        assert len((await fit(model)).epoch) == 3

    asyncio.run(main())


@pytest.mark.parametrize("start", FITS)
@pytest.mark.parametrize("callbacks", [{}, {"onBatchEnd": lambda: None}])
def test_another_thread_may_stop_a_fit(start, callbacks):
    model = made()
    begun = threading.Event()

    def stop():
        begun.wait()
        model.stopTraining = True

    thread = threading.Thread(target=stop)
    thread.start()
    asyncio.run(endless(start, model, {**callbacks, "onEpochBegin": begun.set}))
    thread.join()
    assert not model.is_training


def test_a_stop_in_the_middle_of_an_epoch_leaves_the_means_of_what_was_trained_on():
    async def main():
        model = made()
        model.compile({"optimizer": tf.train.sgd(0), "loss": "meanSquaredError"})
        task = asyncio.create_task(
            model.fit(np.tile(X[:1], (10**5, 1)), np.tile(Y[:1], (10**5, 1)), {"batchSize": 1})
        )
        while not model.is_training:
            await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        model.stop_training = True
        return (await task).history["loss"], float(model.evaluate(X[:1], Y[:1]))

    (found,), expected = asyncio.run(main())
    assert found == pytest.approx(expected, rel=1e-4)


# yieldEvery


def yields(start, **options):
    """The arguments of onYield, and how often another task had its turn between two batches."""
    seen, turns, batches_seen = [], [0], []

    def noted(epoch, batch, logs):
        seen.append((epoch, batch))
        assert "loss" in logs

    async def other():
        while True:
            turns[0] += 1
            await asyncio.sleep(0)

    async def main():
        task = asyncio.create_task(other())
        await start(
            made(),
            callbacks={"onYield": noted, "onBatchBegin": lambda: batches_seen.append(turns[0])},
            **options,
        )
        task.cancel()

    asyncio.run(main())
    return seen, batches_seen


@pytest.mark.parametrize("start", FITS)
def test_every_batch_yields(start):
    seen, turns = yields(start, yieldEvery="batch")
    assert seen == [(epoch, batch) for epoch in range(3) for batch in range(2)]
    assert all(b > a for a, b in itertools.pairwise(turns))


@pytest.mark.parametrize("start", FITS)
@pytest.mark.parametrize(("every", "expected"), [("epoch", [0, 1, 2]), (10**9, []), ("auto", [])])
def test_yields_by_epochs_and_by_time(start, every, expected, monkeypatch):
    monkeypatch.setattr(time, "perf_counter", lambda: 5.0)
    seen, _ = yields(start, yieldEvery=every)
    assert [epoch for epoch, _ in seen] == expected


@pytest.mark.parametrize("start", FITS)
def test_yields_by_time_count_milliseconds(start, monkeypatch):
    now = iter(range(10**6))
    monkeypatch.setattr(time, "perf_counter", lambda: next(now) / 1000)
    seen, _ = yields(start, yieldEvery=1)
    assert seen == [(epoch, batch) for epoch in range(3) for batch in range(2)]


@pytest.mark.parametrize("start", FITS)
@pytest.mark.parametrize("value", ["x", "Batch", -1, 0, True, [1], float("nan")])
def test_yield_every_is_checked(start, value):
    with pytest.raises(
        OptionError, match=r"'yieldEvery' to be 'auto', 'batch', 'epoch', 'never' or.*received"
    ):
        asyncio.run(start(made(), yieldEvery=value))


@pytest.mark.parametrize("start", FITS)
def test_a_fit_that_never_yields_calls_no_on_yield(start):
    assert len(asyncio.run(start(made(), yieldEvery="never")).epoch) == 3
    with pytest.raises(ArgumentError, match=r"'yieldEvery'.*'never'.*onYield"):
        asyncio.run(start(made(), yieldEvery="never", callbacks={"onYield": lambda: None}))
