"""Every public name of Keras 3.15 (recorded by record_names.py) is here, or says why not when it is asked for."""

import importlib
import json
from pathlib import Path

import pytest

from tfjs_pyo.errors import NameNotFoundError
from tfjs_pyo.keras.absent import ABSENT

RECORD = json.loads(Path(__file__).with_name("names.json").read_text(encoding="utf-8"))
BEYOND = json.loads(Path(__file__).with_name("tensorflow_names.json").read_text(encoding="utf-8"))
"""Names of `tensorflow.keras` that `keras` itself has no longer, by record_tensorflow_names.py."""
NOT_HERE = {
    "keras.backend": {"ctc_label_dense_to_sparse": "ctc_batch_cost", "gradients": "GradientTape"},
}
"""Those of them that are not here, and what the error says to use instead."""
NAMES = [(path, name) for path, names in RECORD.items() for name in names]


def found(path, name):
    """The object of a name, or the error that says that there is none."""
    try:
        owner = importlib.import_module("tfjs_pyo.keras")
        for part in path.split(".")[1:]:
            owner = getattr(owner, part)
        return getattr(owner, name)
    except AttributeError as error:
        return error


def reason(path, name):
    """Why a name is not here: that of its own, or of a module above it."""
    whole = f"{path}.{name}".split(".")
    places = ((".".join(whole[:end]), whole[end]) for end in range(1, len(whole)))
    return next((ABSENT[owner][part] for owner, part in places if part in ABSENT.get(owner, {})), None)


@pytest.mark.parametrize("path", RECORD)
def test_names_are_here_or_say_why_not(path):
    for name in RECORD[path]:
        value, why = found(path, name), reason(path, name)
        if why is not None:
            assert isinstance(value, NameNotFoundError), f"{path}.{name} is here: take it off the list"
            assert why in str(value)
        else:
            assert not isinstance(value, AttributeError), f"{path}.{name}: {value}"


@pytest.mark.parametrize(
    ("path", "name"),
    [(path, name) for path, names in BEYOND.items() for name in names],
)
def test_names_of_tensorflow_are_here_or_say_why_not(path, name):
    value, instead = found(path, name), NOT_HERE.get(path, {}).get(name)
    if instead is None:
        assert not isinstance(value, AttributeError), value
    else:
        assert isinstance(value, AttributeError)
        assert instead in str(value)


def test_most_names_are_here():
    there = [each for each in NAMES if not isinstance(found(*each), AttributeError)]
    assert len(there) >= 0.95 * len(NAMES), f"{len(there)} of {len(NAMES)}"


def test_all_ops_are_here():
    assert not [
        each for each in NAMES if each[0].startswith("keras.ops") and isinstance(found(*each), AttributeError)
    ]


def test_reasons_are_for_names_of_keras():
    assert {(path, name) for path, names in ABSENT.items() for name in names} <= set(NAMES)


@pytest.mark.parametrize(("path", "child"), [("keras", "distribution"), ("keras", "quantizers")])
def test_imports_of_modules_that_are_not_here_say_why(path, child):
    keras = importlib.import_module("tfjs_pyo.keras")
    keras.install(shadow=True)
    try:
        with pytest.raises(ModuleNotFoundError) as raised:
            importlib.import_module(f"{path}.{child}")
        assert ABSENT[path][child] in str(raised.value)
    finally:
        keras.uninstall()
