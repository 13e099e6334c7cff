"""Keras's callbacks: checkpoints, learning rates, logs, and the options of early stopping that TF.js lacks."""

import io

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.counting import runs_of
from tests.linear import data, linear, run
from tests.test_callbacks import Script
from tfjs_pyo.errors import ArgumentError, OptionError

callbacks = tf.keras.callbacks


def fitted(values, *given, metrics=None):
    """A model after as many epochs as there are scripted values, or fewer, its history, and its weights by epoch."""
    x, y = data(4)
    model, _ = linear(metrics=metrics)
    seen = []
    note = callbacks.LambdaCallback(on_epoch_end=lambda: seen.append(model.get_weights()[0].numpy()))
    history = run(model.fit(x, y, epochs=len(values), callbacks=[Script(values), note, *given]))
    return model, history, seen


# Early stopping


def test_early_stopping_begins_at_an_epoch_and_restores_the_best_it_counted(capsys):
    stop = tf.callbacks.earlyStopping(
        {"startFromEpoch": 2, "patience": 2, "restoreBestWeights": True, "verbose": 1}
    )
    model, history, seen = fitted([0, 1, 5, 4, 6, 7, 1, 1], stop)
    assert (len(history.epoch), stop.stopped_epoch, stop.bestEpoch) == (6, 5, 3)
    np.testing.assert_array_equal(model.get_weights()[0].numpy(), seen[3])
    assert capsys.readouterr().out.splitlines() == [
        "Epoch 6: early stopping.",
        "Restoring the weights of epoch 4, the best one.",
    ]


def test_early_stopping_without_reaching_its_baseline_restores_the_best_all_the_same():
    stop = callbacks.EarlyStopping(patience=3, baseline=0.5, restore_best_weights=True)
    model, history, seen = fitted([3, 1, 2, 0], stop)
    assert len(history.epoch) == 3
    np.testing.assert_array_equal(model.get_weights()[0].numpy(), seen[1])


@pytest.mark.parametrize(
    ("monitor", "rises"),
    [("val_loss", False), ("val_acc", True), ("val_auc", True), ("r2Score", True), ("mae", False)],
)
def test_mode_auto_tells_by_the_name(monitor, rises):
    assert callbacks.EarlyStopping(monitor).rises is rises
    assert callbacks.EarlyStopping(monitor, mode="min").rises is False


def test_val_accuracy_finds_val_acc():
    assert callbacks.EarlyStopping("val_accuracy").watched({"val_acc": 0.5}) == 0.5


def test_nan_never_improves():
    _, history, _ = fitted([float("nan")] * 3, callbacks.EarlyStopping(patience=2))
    assert len(history.epoch) == 2


# Checkpoints


def test_a_checkpoint_keeps_the_best_weights_and_gives_them_back():
    best = tf.callbacks.ModelCheckpoint(save_best_only=True)
    with pytest.raises(ArgumentError, match="no weights were kept yet"):
        best.restore()
    model, _, seen = fitted([3, 1, 2, 5], best)
    assert best.epoch == 1
    best.restore()
    np.testing.assert_array_equal(model.get_weights()[0].numpy(), seen[1])


def test_a_checkpoint_calls_a_function_or_a_coroutine_function():
    calls = []

    async def save(model, epoch, logs):
        calls.append((model.name, epoch, logs["val_loss"]))

    model, _, _ = fitted([3, 1, 2], callbacks.ModelCheckpoint(save))
    assert calls == [(model.name, 0, 3), (model.name, 1, 1), (model.name, 2, 2)]
    options = {"monitor": "acc", "save_best_only": True, "initial_value_threshold": 2}
    epochs = []
    fitted([1, 3, 2, 4], callbacks.ModelCheckpoint(lambda _model, epoch: epochs.append(epoch), **options))
    assert epochs == [1, 3]


def test_a_checkpoint_writes_files(tmp_path):
    best = callbacks.ModelCheckpoint(tmp_path / "model-{epoch:02d}-{val_loss:.0f}", save_best_only=True)
    fitted([3, 1, 2], best)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model-01-3", "model-02-1"]
    loaded = run(tf.loadLayersModel(tmp_path / "model-02-1"))
    assert [w.array_sync() for w in loaded.get_weights()] == [w.array_sync() for w in best.weights]
    assert loaded.optimizer is not None
    saved = []
    fitted(
        [1], callbacks.ModelCheckpoint(filepath=tf.io.withSaveHandler(saved.append), include_optimizer=False)
    )
    assert "trainingConfig" not in saved[0]


def test_a_checkpoint_tells_of_places_that_cannot_be(tmp_path):
    with pytest.raises(
        OptionError, match="'save' to be a function, a path, an address or a handler, received 5"
    ):
        callbacks.ModelCheckpoint(5)
    with pytest.raises(
        OptionError, match=r"numbers of the logs \(loss, val_loss, acc\), received .*nothing'"
    ):
        fitted([1], callbacks.ModelCheckpoint(str(tmp_path / "{nothing}")))


# Learning rates


def test_a_scheduled_rate_takes_effect_without_compiling(capsys):
    x, y = data(6)
    model, reference = linear(rate=0.1)
    run(model.fit(x, y, epochs=1, shuffle=False))
    reference.epoch(x, y, 32)
    runs = runs_of(model.layers[0])
    scheduler = callbacks.LearningRateScheduler(lambda epoch, rate: rate / (epoch + 1), verbose=1)
    history = run(model.fit(x, y, epochs=3, shuffle=False, callbacks=[scheduler]))
    assert runs == []
    rates = [0.1, 0.05, 0.05 / 3]
    np.testing.assert_allclose(history.history["learning_rate"], rates)
    for rate in rates:
        reference.rate = rate
        reference.epoch(x, y, 32)
    np.testing.assert_allclose(model.get_weights()[0].numpy(), reference.w, rtol=1e-5, atol=1e-6)
    assert capsys.readouterr().out.splitlines()[1] == "Epoch 2: learning rate 0.05."


def test_a_rate_changed_between_batches_holds_from_the_next_batch_on():
    x, y = data(6)
    model, reference = linear(rate=0.1)

    def halve(batch):
        model.optimizer.learning_rate = 0.1 / (batch + 1)

    run(model.fit(x, y, batch_size=2, shuffle=False, callbacks={"onBatchBegin": halve}))
    for batch in range(3):
        reference.rate = 0.1 / (batch + 1)
        reference.step(x[2 * batch : 2 * batch + 2], y[2 * batch : 2 * batch + 2])
    np.testing.assert_allclose(model.get_weights()[0].numpy(), reference.w, rtol=1e-5, atol=1e-6)


def test_a_schedule_object_or_a_function_of_the_epoch_schedules_epochs():
    decay = tf.keras.optimizers.schedules.ExponentialDecay(0.5, 1, 0.5)
    _, history, _ = fitted([1, 1, 1], callbacks.LearningRateScheduler(decay))
    assert history.history["learning_rate"] == [0.5, 0.25, 0.125]


@pytest.mark.parametrize(
    ("values", "options", "rates"),
    [
        ([3, 3, 3, 3, 3], {"patience": 2}, [0.1, 0.1, 0.1, 0.01, 0.01]),
        ([3, 2.99999, 3, 2, 1], {"patience": 2, "factor": 0.5}, [0.1, 0.1, 0.1, 0.05, 0.05]),
        ([3, 3, 3, 3, 3, 3], {"patience": 1, "cooldown": 2, "factor": 0.5}, [0.1, 0.1, 0.05, 0.05, 0.025, 0.025]),
        ([3, 3, 3, 3, 3], {"patience": 1, "min_lr": 0.03}, [0.1, 0.1, 0.03, 0.03, 0.03]),
        ([1, 2, 1, 2], {"patience": 1, "monitor": "acc"}, [0.1, 0.1, 0.1, 0.01]),
    ],
)  # fmt: skip
def test_the_rate_is_lowered_on_a_plateau(values, options, rates):
    model, history, _ = fitted(values, callbacks.ReduceLROnPlateau(**options))
    np.testing.assert_allclose(history.history["learning_rate"], rates, rtol=1e-6)
    if len(set(values)) == 1 and "cooldown" not in options and "min_lr" not in options:
        assert model.optimizer.learning_rate == pytest.approx(rates[-1] / 10)


@pytest.mark.parametrize(
    "callback", [callbacks.LearningRateScheduler(lambda epoch: 0.1), callbacks.ReduceLROnPlateau("loss")]
)
def test_rates_come_from_a_schedule_or_from_a_callback(callback):
    x, y = data(4)
    model, _ = linear()
    model.compile(tf.train.sgd(tf.keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5)), "mse")
    with pytest.raises(ArgumentError, match="Use either a schedule or this callback"):
        run(model.fit(x, y, callbacks=callback))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: callbacks.ReduceLROnPlateau(factor=1.0), "'factor' to be a number from 0 below 1"),
        (lambda: callbacks.LearningRateScheduler(0.1), "'schedule' to be a function, received 0.1"),
        (lambda: callbacks.EarlyStopping(patience=-1), "'patience' to be an integer from 0, received -1"),
        (lambda: callbacks.EarlyStopping(mode="up"), "'mode' to be one of"),
        (lambda: callbacks.CSVLogger(None), "the argument 'filename', which is missing"),
    ],
)
def test_options_are_checked(make, message):
    with pytest.raises((ArgumentError, OptionError), match=message):
        make()


def test_a_function_that_returns_no_rate_is_named():
    with pytest.raises(OptionError, match=r"learningRateScheduler.*to be a number from 0, received None"):
        fitted([1], callbacks.LearningRateScheduler(lambda epoch: None))


# What looks at the numbers


@pytest.mark.parametrize("restore", [False, True])
def test_training_ends_when_the_loss_is_no_number(restore, capsys):
    x, y = data(4)
    model, _ = linear(rate=0.1)
    seen = []

    def spoil(epoch):
        seen.append([w.numpy() for w in model.get_weights()])
        if epoch == 1:
            model.optimizer.learning_rate = 1e30

    end = callbacks.TerminateOnNaN({"restoreWeights": restore})
    history = run(model.fit(x, y, epochs=20, callbacks=[{"onEpochEnd": spoil}, end]))
    assert len(history.epoch) < 6
    assert not np.isfinite(history.history["loss"][-1])
    assert end.stopped_epoch == history.epoch[-1]
    assert "training stops" in capsys.readouterr().out
    kept = seen[-2] if restore else seen[-1]
    for weight, expected in zip(model.get_weights(), kept, strict=True):
        np.testing.assert_array_equal(weight.numpy(), expected)


def test_a_table_of_the_epochs(tmp_path):
    path = tmp_path / "log.csv"
    logger = callbacks.CSVLogger(str(path), separator=";")
    for _ in range(2):
        _, history, _ = fitted([3, 2], logger)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "epoch;acc;loss;val_loss"
    assert [line.split(";")[0] for line in lines[1:]] == ["0", "1"]
    assert float(lines[2].split(";")[2]) == history.history["loss"][1]
    fitted([3], callbacks.CSVLogger(path, ";", append=True))
    assert [line.split(";")[0] for line in path.read_text(encoding="utf-8").splitlines()] == [
        "epoch",
        "0",
        "1",
        "0",
    ]
    table = io.StringIO()
    fitted([3, 2], callbacks.CSVLogger(table))
    assert table.getvalue().splitlines()[0] == "epoch,acc,loss,val_loss"
    assert len(table.getvalue().splitlines()) == 3


@pytest.mark.parametrize("face", ["layers", "keras"])
def test_callbacks_restore_weights_of_models_of_both_apis(face):
    """`get_weights` gives tensors in one API and arrays in the other."""
    kind, dense = (
        (tf.Sequential, tf.layers.Dense) if face == "layers" else (tf.keras.Sequential, tf.keras.layers.Dense)
    )
    for callback in (
        tf.keras.callbacks.EarlyStopping(
            monitor="loss", patience=1, baseline=-1.0, restore_best_weights=True
        ),
        tf.keras.callbacks.TerminateOnNaN(),
    ):
        model = kind([dense(1, input_shape=[2])])
        model.compile(optimizer="sgd", loss="mse")
        found = model.fit(np.ones((4, 2)), np.ones((4, 1)), epochs=2, verbose=0, callbacks=[callback])
        history = run(found) if face == "layers" else found
        assert len(history.history["loss"]) >= 1
