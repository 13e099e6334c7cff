"""Hashing and HashedCrossing give Keras's bins (hashing.json, by record_hashing.py)."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.keras.hashing_cases import CROSSING, HASHING, TEXTS, data
from tfjs_pyo import keras
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError

RECORD = json.loads(Path(__file__).with_name("hashing.json").read_text(encoding="utf-8"))
layers = keras.layers


@pytest.mark.parametrize("number", range(len(HASHING)))
def test_bins_are_those_of_keras(number):
    kind, options = HASHING[number]
    layer = layers.Hashing(**options)
    found = layer(data(kind)).numpy()
    np.testing.assert_array_equal(found, RECORD["hashing"][number])
    assert layer.compute_output_shape(data(kind).shape) == found.shape
    again = layers.Hashing.from_config(layer.get_config())
    np.testing.assert_array_equal(again(data(kind).tolist()).numpy(), found)


@pytest.mark.parametrize("number", range(len(CROSSING)))
def test_crossed_bins_are_those_of_keras(number):
    kinds, options = CROSSING[number]
    layer = layers.HashedCrossing(**options)
    found = layer(tuple(map(data, kinds))).numpy()
    np.testing.assert_array_equal(found, RECORD["crossing"][number])
    assert layer.compute_output_shape([data(kind).shape for kind in kinds]) == found.shape
    assert layers.HashedCrossing.from_config(layer.get_config()).get_config() == layer.get_config()


def test_strings_are_hashed_in_models():
    inputs = [keras.Input((1,), dtype="string", name=name) for name in ("a", "b")]
    hashed = layers.Hashing(8, output_mode="one_hot")(inputs[0])
    crossed = layers.HashedCrossing(8, output_mode="one_hot")(inputs)
    model = keras.Model(inputs, layers.Dense(1)(layers.Concatenate()([hashed, crossed])))
    x = [np.array(TEXTS)[:, None], np.array(TEXTS[::-1])[:, None]]
    model.compile("adam", "mse")
    losses = model.fit(x, np.arange(19.0), epochs=3, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    rows = np.concatenate(
        [
            layers.Hashing(8, output_mode="one_hot")(x[0]).numpy(),
            layers.HashedCrossing(8, output_mode="one_hot")(x).numpy(),
        ],
        1,
    )
    kernel, bias = model.get_weights()
    np.testing.assert_allclose(model.predict(x, verbose=0), rows @ kernel + bias, rtol=1e-5, atol=1e-6)


def test_a_space_of_hashed_and_crossed_features():
    space = keras.utils.FeatureSpace(
        {"s": "string_hashed", "i": "integer_hashed"}, crosses=[("s", "i")], hashing_dim=6, crossing_dim=5
    )
    rows = space({"s": ["a", "b", "c"], "i": [1, 2, 3]}).numpy()
    assert rows.shape == (3, 17)
    assert (rows.sum(1) == 3).all()


def test_refusals():
    with pytest.raises(OptionError, match="an integer or two"):
        layers.Hashing(3, salt=[1, 2, 3])
    with pytest.raises(OptionError, match="a positive integer"):
        layers.Hashing(2**40)
    with pytest.raises(ArgumentError, match="finite"):
        layers.Hashing(3)([float("nan")])
    with pytest.raises(ArgumentError, match="two inputs or more"):
        layers.HashedCrossing(3)([["a"]])
    with pytest.raises(ShapeError, match="of one shape"):
        layers.HashedCrossing(3)([["a", "b"], [1]])
    with pytest.raises(ArgumentError, match="int32 holds"):
        layers.HashedCrossing(3)([["a"], [2**40]])
