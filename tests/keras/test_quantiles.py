"""Discretization.adapt finds Keras's boundaries (quantiles.json, by record_quantiles.py)."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.keras.quantile_cases import CASES, batches
from tfjs_pyo import keras
from tfjs_pyo.errors import ArgumentError

RECORD = json.loads(Path(__file__).with_name("quantiles.json").read_text(encoding="utf-8"))["boundaries"]


@pytest.mark.parametrize("number", range(len(CASES)))
def test_boundaries_are_those_of_keras(number):
    _, bins, epsilon = CASES[number]
    layer = keras.layers.Discretization(num_bins=bins, epsilon=epsilon)
    layer.adapt(batches(number))
    np.testing.assert_allclose(layer.bin_boundaries, RECORD[number], rtol=1e-6, atol=1e-7)
    found = layer(batches(number)[0]).numpy()
    np.testing.assert_array_equal(found, np.digitize(batches(number)[0], layer.bin_boundaries))


def test_one_batch_may_be_an_array_a_tensor_or_one_of_a_generator():
    data = batches(0)[0]
    layers = [keras.layers.Discretization(num_bins=4) for _ in range(4)]
    layers[0].adapt(data)
    layers[1].adapt(keras.ops.convert_to_tensor(data))
    layers[2].adapt(iter([data, data * 7]), steps=1)
    layers[3].update_state(data)
    layers[3].finalize_state()
    assert len({layer.bin_boundaries for layer in layers}) == 1


def test_batches_before_adapt_are_forgotten():
    data = batches(1)[0]
    once, twice = (keras.layers.Discretization(num_bins=4) for _ in range(2))
    once.adapt(data)
    twice.adapt(data * 100)
    twice.adapt(data)
    assert once.bin_boundaries == twice.bin_boundaries


def test_no_numbers_are_refused():
    with pytest.raises(ArgumentError, match="received none"):
        keras.layers.Discretization(num_bins=4).adapt([])
    with pytest.raises(ArgumentError, match="'numBins'"):
        keras.layers.Discretization([1.0]).finalize_state()
