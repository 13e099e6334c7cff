"""`keras.utils.FeatureSpace`, beside what Keras 3.15 (on TensorFlow) gave for the same columns."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.keras.feature_cases import FURTHER, FURTHER_ROWS, further
from tfjs_pyo import keras
from tfjs_pyo.errors import ArgumentError, OptionError

Space = keras.utils.FeatureSpace
DATA = {"f": [0.5, 1.5, 2.5, 4.0], "s": ["a", "b", "a", "c"], "i": [1, 2, 2, 7]}
ROWS = {"f": [1.0, 3.0], "s": ["c", "z"], "i": [7, 5]}
CASES = {
    "kinds by name": (
        {"f": "float", "s": "string_categorical", "i": "integer_categorical"},
        "concat",
        [[1, 0, 0, 1, 0, 0, 0, 1, 0], [3, 1, 0, 0, 0, 1, 0, 0, 0]],
    ),
    "normalized": (
        {"f": "float_normalized", "s": "string_categorical"},
        "concat",
        [[-0.8700628876686096, 0, 0, 1, 0], [0.6767155528068542, 1, 0, 0, 0]],
    ),
    "a dict": (
        {
            "f": Space.float_rescaled(2.0, 1.0),
            "s": Space.string_categorical(output_mode="int"),
            "i": Space.integer_categorical(output_mode="int"),
        },
        "dict",
        {"f": [[3], [7]], "i": [[2], [0]], "s": [[2], [0]]},
    ),
}  # fmt: skip


def columns(of, names):
    return {name: of[name] for name in names}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("of", ["dict", "rows", "batches"])
def test_columns(case, of):
    features, mode, expected = CASES[case]
    space = Space(features, output_mode=mode)
    given = columns(DATA, features)
    if of != "dict":
        from tfjs_pyo.tensorflow import data

        given = data.Dataset.from_tensor_slices(given)
        given = given.batch(3) if of == "batches" else given
    space.adapt(given)
    found = space(columns(ROWS, features))
    pairs = (
        zip(sorted(found.items()), sorted(expected.items()), strict=True)
        if mode == "dict"
        else [((0, found), (0, expected))]
    )
    for (_, ours), (_, theirs) in pairs:
        np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-6)


def test_in_a_model_and_for_single_values():
    space = Space({"f": "float_normalized", "i": "integer_categorical"})
    space.adapt(columns(DATA, "fi"))
    encoded = space.get_encoded_features()
    model = keras.Model(space.get_inputs(), keras.layers.Dense(1)(encoded))
    rows = {"f": np.array([[1.0], [3.0]], np.float32), "i": np.array([[7], [5]], np.int32)}
    assert model.predict(rows, verbose=0).shape == (2, 1)
    np.testing.assert_allclose(space({"f": 1.0, "i": 7}).numpy(), space(columns(ROWS, "fi")).numpy()[0])


def test_spaces_of_keras_files(recwarn):
    space = keras.models.load_model(Path(__file__).with_name("features.keras"))
    expected = json.loads(Path(__file__).with_name("features.json").read_text(encoding="utf-8"))["rows"]
    np.testing.assert_allclose(space(FURTHER_ROWS).numpy(), expected, rtol=1e-6)
    assert not recwarn.list


def test_spaces_are_saved_with_what_they_learned(tmp_path):
    space = further(keras)
    space.adapt(FURTHER)
    space.save(tmp_path / "space.keras")
    again = keras.models.load_model(tmp_path / "space.keras")
    expected = json.loads(Path(__file__).with_name("features.json").read_text(encoding="utf-8"))["rows"]
    np.testing.assert_allclose(space(FURTHER_ROWS).numpy(), expected, rtol=1e-6)
    np.testing.assert_array_equal(again(FURTHER_ROWS).numpy(), space(FURTHER_ROWS).numpy())
    anew = Space.from_config(json.loads(json.dumps(again.get_config())))
    assert anew.get_config()["features"] == again.get_config()["features"]
    with pytest.raises(ArgumentError, match=r"ends with '\.keras'"):
        space.save(tmp_path / "space.json")


def test_refusals():
    with pytest.raises(OptionError, match="the kind of 'f' to be one of float"):
        Space({"f": "number"})
    with pytest.raises(OptionError, match="columns in `features`"):
        Space({"f": "float"}, crosses=[("f", "g")])
    with pytest.raises(ArgumentError, match="adapt"):
        Space({"f": "float_normalized"})({"f": [1.0]})
    with pytest.raises(ArgumentError, match="a dict of columns, received list"):
        Space({"f": "float"})([1.0])
    space = Space({"s": Space.string_categorical(output_mode="int"), "f": "float"})
    space.adapt(columns(DATA, "sf"))
    with pytest.raises(OptionError, match="'s' is of dtype int32"):
        space(columns(ROWS, "sf"))
