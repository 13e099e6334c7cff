"""The progress bar: in terminals, while an epoch runs."""

import asyncio
import contextlib
import io
import re
import sys

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.backends import numpy as backend
from tfjs_pyo.keras.progress import Progbar

X = np.linspace(-1, 1, 40, dtype=np.float32).reshape(40, 1)


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr(backend, "PROGRESS_SECONDS", 0)
    return Terminal()


def run(training, terminal):
    async def awaited():
        await training

    with contextlib.redirect_stdout(terminal):
        asyncio.run(awaited())


def model():
    made = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1]})]})
    made.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
    return made


def lines(stream):
    """What the terminal showed, one line after the other."""
    return [part.rstrip() for part in stream.getvalue().replace("\n", "\r").split("\r") if part.strip()]


@pytest.mark.parametrize("callbacks", [None, {"onBatchEnd": lambda: None}], ids=["alone", "listening"])
def test_a_bar_fills_up_and_gives_way_to_the_line_of_the_epoch(terminal, callbacks):
    run(model().fit(X, 2 * X, epochs=2, batchSize=10, verbose=1, callbacks=callbacks), terminal)
    shown = lines(terminal)
    bars = [line for line in shown if "[" in line]
    assert [line.split("] ")[1].split(" ")[0] for line in bars] == ["1/4", "2/4", "3/4", "4/4"] * 2
    assert bars[1].startswith("Epoch 1/2 [============............] 2/4 - ")
    assert "s left - loss: " in bars[1]
    ends = [line for line in shown if "[" not in line]
    assert [line.split(" - ")[0] for line in ends] == ["Epoch 1/2", "Epoch 2/2"]
    assert terminal.getvalue().endswith("\n")


def test_batches_of_unknown_number_are_counted(terminal, monkeypatch):
    monkeypatch.setattr("tfjs_pyo.models.training.streamed.STEPS_AHEAD", 2)
    parts = [(X[i : i + 10], X[i : i + 10]) for i in range(0, 40, 10)]
    run(model().fit_dataset(parts, epochs=1, verbose=1), terminal)
    assert [line.split(" - ")[0] for line in lines(terminal)] == [
        "Epoch 1/1 2 steps",
        "Epoch 1/1 4 steps",
        "Epoch 1/1",
    ]


@pytest.mark.parametrize("verbose", [0, 2])
def test_no_bar_unless_it_is_asked_for(terminal, verbose):
    run(model().fit(X, X, epochs=1, batchSize=10, verbose=verbose), terminal)
    assert "[" not in terminal.getvalue()


def test_no_bar_without_a_terminal(capsys):
    asyncio.run(model().fit(X, X, epochs=1, batchSize=10, verbose=1))
    assert "\r" not in capsys.readouterr().out


def test_a_failing_epoch_leaves_no_bar_behind(terminal):
    def fail(batch):
        if batch == 2:
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        run(model().fit(X, X, batchSize=10, verbose=1, callbacks={"onBatchEnd": fail}), terminal)
    assert terminal.getvalue().rpartition("\r")[2] == ""


@pytest.mark.parametrize("columns", [30, 45, 200])
def test_a_bar_that_is_written_over_fits_into_the_terminal(columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    bar = Progbar(3, interval=0)
    numbers = [("loss", 1.5), ("sparse_categorical_accuracy", 0.25)]
    for step in (1, 2, 3):
        bar.update(step, numbers)
    plain = re.sub(r"\x1b\[\d+m", "", screen.getvalue())
    *drawn, last = plain.rstrip("\n").split("\r")
    assert len(drawn) == 2
    assert all(len(line.rstrip()) < columns for line in drawn)
    assert last.rstrip().endswith(" - loss: 1.5000 - sparse_categorical_accuracy: 0.2500")
    if columns == 200:
        assert all("sparse_categorical_accuracy: 0.2500" in line for line in drawn)
