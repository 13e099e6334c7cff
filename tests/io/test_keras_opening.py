"""Keras 3 opens what is saved here and predicts the same: the configs written are those that it was seen to open.

record_opening.py had Keras open them and noted configs and predictions, and the configs that Keras itself writes of these
models, which are read here. Where a config changes, Keras has to open it anew.
"""

import asyncio
import json
import zipfile

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.io.models_for_keras import NAMES, made
from tests.io.recorded import FOLDER, arrays

RECORDS = json.loads((FOLDER / "opening.json").read_text(encoding="utf-8"))


def without_numbers(value, names):
    """A config with the names of layers in the order in which they come: the numbers in them depend on what was made before."""
    if isinstance(value, dict):
        return {key: without_numbers(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [without_numbers(item, names) for item in value]
    return f"name {names.index(value)}" if value in names else value


def names_in(value):
    """The names of layers in a config, in order."""
    if isinstance(value, list):
        return [name for item in value for name in names_in(item)]
    if not isinstance(value, dict):
        return []
    own = [value["name"]] if isinstance(value.get("name"), str) else []
    return own + [name for item in value.values() for name in names_in(item)]


def form(config):
    return without_numbers(config, list(dict.fromkeys(names_in(config))))


@pytest.mark.parametrize("name", NAMES)
def test_keras_opens_it_and_predicts_the_same(tmp_path, name):
    model, inputs = made(name)
    model.save(tmp_path / "m.keras")
    with zipfile.ZipFile(tmp_path / "m.keras") as archive:
        config = json.loads(archive.read("config.json"))
    assert form(config) == form(RECORDS[name]["config"])
    again = asyncio.run(tf.loadLayersModel(tmp_path / "m.keras"))
    theirs = asyncio.run(tf.models.modelFromJSON(RECORDS[name]["theirs"]))
    theirs.set_weights(again.get_weights())
    for each in (model, again, theirs):
        found = each.predict(inputs if len(inputs) > 1 else inputs[0])
        found = found if isinstance(found, list) else [found]
        for a, b in zip(found, arrays(RECORDS[name]["outputs"]), strict=True):
            np.testing.assert_allclose(np.asarray(a), b, rtol=1e-4, atol=1e-5)
