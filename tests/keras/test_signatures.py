"""Every public name of Keras 3's modules of objects is here with its parameters, their order and their defaults.

signatures.json was recorded by record_signatures.py.
"""

import importlib
import inspect
import json
from pathlib import Path

import pytest

from tfjs_pyo.dialects import KERAS
from tfjs_pyo.naming import fold

RECORD = json.loads(Path(__file__).with_name("signatures.json").read_text(encoding="utf-8"))
MODULES = [key for key in RECORD if key != "version"]

OTHER_RUNTIMES = "runs code of another framework"
MISSING = {
    "callbacks": {"OrbaxCheckpoint": "writes checkpoints of JAX"},
    "layers": dict.fromkeys(("FlaxLayer", "JaxLayer", "TFSMLayer", "TorchModuleWrapper"), OTHER_RUNTIMES),
}
"""Names that are not here, with the reason."""

OTHERWISE = {
    ("optimizers.schedules", "LearningRateSchedule"): "its base takes anything; ours a name",
}
"""Names whose parameters are others, with the reason."""


def module(path):
    return importlib.import_module(f"tfjs_pyo.keras.{path}")


def plain(value):
    """A default as it compares: equal numbers of all axes are one number, spellings of a word are the same."""
    if isinstance(value, (tuple, list)):
        items = [plain(item) for item in value]
        return items[0] if items and all(item == items[0] for item in items) else items
    if callable(value) and not isinstance(value, type):
        return fold(type(value).__name__)
    return fold(value) if isinstance(value, str) else value


def parameters(item):
    """As record_signatures.py has them."""
    return [
        [
            p.name,
            "keyword" if p.kind is p.KEYWORD_ONLY else "place",
            *([] if p.default is p.empty else [p.default]),
        ]
        for p in inspect.signature(item).parameters.values()
        if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
    ]


NAMES = [(path, name) for path in MODULES for name in RECORD[path]]


@pytest.mark.parametrize(("path", "name"), NAMES, ids=lambda value: value)
def test_name_has_keras_parameters(path, name):
    if name in MISSING.get(path, {}):
        assert name not in module(path).__all__, "it is here: take it off the list"
        return
    found = getattr(module(path), name)
    recorded = RECORD[path][name]
    if isinstance(found, type) and path != "callbacks":
        assert getattr(found, "dialect", KERAS) is KERAS
    assert (found.__name__ if isinstance(found, type) else None) == recorded["class"]
    if (path, name) in OTHERWISE:
        return
    ours = parameters(found)
    theirs = recorded["parameters"]
    places = [each for each in ours if each[1] == "place"]
    wanted = [each for each in theirs if each[1] == "place"]
    assert [each[0] for each in places] == [each[0] for each in wanted]
    by_name = {each[0]: each for each in ours}
    assert {each[0] for each in theirs} <= set(by_name)
    assert {each[0]: plain(by_name[each[0]][2:]) for each in theirs} == {
        each[0]: plain(each[2:]) for each in theirs
    }


def test_reasons_are_for_names_of_keras():
    assert all(name in RECORD[path] for path, names in MISSING.items() for name in names)
