"""Layers in containers lie in files where Keras 3 has them; `record_places.py` recorded that, and loads what is saved here."""

import base64
import json
import os
import zlib
from pathlib import Path

import numpy as np
import pytest

from tests.io.models_in_places import MODELS
from tfjs_pyo import keras
from tfjs_pyo.io.hdf5_reading import Dataset, HDF5File

RECORDED = json.loads(Path(__file__).with_name("places.json").read_text())


def made(name):
    model = MODELS[name](keras)
    model(np.ones((1, 2), "float32"))
    return model


def content(record):
    return zlib.decompress(base64.b64decode(record["file"]))


def values_in(data):
    """The values of a file by their places."""

    def walked(group, path):
        for key in group:
            item = group[key]
            if isinstance(item, Dataset):
                yield f"{path}{key}", np.frombuffer(item.values(key), "f4").reshape(item.shape)
            else:
                yield from walked(item, f"{path}{key}/")

    return dict(walked(HDF5File(data), ""))


@pytest.mark.filterwarnings(
    "ignore:.*weights went by their places"
)  # made-up names depend on what was made before
@pytest.mark.parametrize("name", MODELS)
def test_weights_of_keras_are_found(name, tmp_path):
    model, record = made(name), RECORDED[name]
    path = tmp_path / "m.weights.h5"
    path.write_bytes(content(record))
    model.load_weights(path)
    for got, expected in zip(model.get_weights(), record["weights"], strict=True):
        np.testing.assert_array_equal(np.asarray(got), np.array(expected, np.float32))


@pytest.mark.parametrize("name", MODELS)
def test_weights_lie_where_keras_has_them(name, tmp_path):
    model, record = made(name), RECORDED[name]
    model.set_weights([np.array(each, np.float32) for each in record["weights"]])
    path = Path(os.environ.get("TFJS_PYO_KEEP", tmp_path), f"{name}.weights.h5")
    model.save_weights(path)
    found, expected = values_in(path.read_bytes()), values_in(content(record))
    assert found.keys() == expected.keys()
    for place, value in expected.items():
        np.testing.assert_array_equal(found[place], value, err_msg=place)


@pytest.mark.parametrize("name", MODELS)
def test_they_come_back(name, tmp_path):
    model, other = made(name), made(name)
    model.save_weights(tmp_path / "m.weights.h5")
    other.load_weights(tmp_path / "m.weights.h5")
    for one, two in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(np.asarray(one), np.asarray(two))
