"""Summaries are those that Keras 3 prints."""

import json
from pathlib import Path

import pytest

from tests.keras.subclassing.summaries import texts
from tfjs_pyo import keras

RECORDED = json.loads(Path(__file__).with_name("summaries.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def found():
    """The summaries in a terminal of 100 columns."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "100")
        return texts(keras)


def test_all_are_recorded(found):
    assert set(found) == set(RECORDED)


@pytest.mark.parametrize("name", RECORDED)
def test_summaries_are_those_of_keras(found, name):
    assert found[name] == RECORDED[name]


def test_lines_fit_the_terminal(monkeypatch, capsys):
    for model in (keras.Sequential([keras.layers.Dense(2, input_shape=(3,))]),):
        for columns in ("60", "100"):
            monkeypatch.setenv("COLUMNS", columns)
            model.summary()
            assert max(map(len, capsys.readouterr().out.splitlines())) <= int(columns)
