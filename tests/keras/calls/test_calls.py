"""Layers give what Keras's give (calls.json, by record.py), however they are called."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.keras.calls.cases import cases, filled, numbers
from tfjs_pyo import keras
from tfjs_pyo.errors import ShapeError

RECORD = json.loads(Path(__file__).with_name("calls.json").read_text(encoding="utf-8"))["calls"]
CASES = dict(cases(keras))


def compared(found, recorded, place=""):
    if isinstance(recorded, list):
        assert isinstance(found, list), place
        assert len(found) == len(recorded), place
        for at, pair in enumerate(zip(found, recorded, strict=True)):
            compared(*pair, f"{place}[{at}]")
        return
    assert found["shape"] == recorded["shape"], place
    np.testing.assert_allclose(found["values"], recorded["values"], rtol=2e-4, atol=2e-5, err_msg=place)


def test_all_calls_are_recorded():
    assert list(CASES) == list(RECORD)


@pytest.mark.parametrize("name", CASES)
def test_calls_give_what_those_of_keras_give(name):
    compared(numbers(CASES[name]()), RECORD[name])


def test_several_axes_of_a_softmax_share_one_whole():
    found = keras.layers.Softmax(axis=[1, 2])(filled(2, 3, 4)).numpy()
    whole = np.exp(filled(2, 3, 4))
    np.testing.assert_allclose(found, whole / whole.sum((1, 2), keepdims=True), rtol=1e-5)


def test_a_mask_that_does_not_broadcast_is_refused():
    with pytest.raises(ShapeError, match="broadcasts"):
        keras.layers.Softmax()(filled(2, 3, 4), mask=np.ones((2, 3), bool))


def test_masks_follow_the_key_by_place():
    layer = keras.layers.MultiHeadAttention(2, 3)
    query, value = filled(2, 4, 6), filled(2, 3, 6)
    mask = np.array([[1, 1, 0], [1, 0, 0]], bool)
    np.testing.assert_array_equal(
        layer(query, value, value, None, mask), layer(query, value, value_mask=mask)
    )


def test_masks_of_embeddings_reach_queries_and_keys():
    words = keras.Input((4,), dtype="int32")
    x = keras.layers.Embedding(5, 6, mask_zero=True)(words)
    attended, scores = keras.layers.MultiHeadAttention(2, 3)(x, x, return_attention_scores=True)
    found = keras.Model(words, [attended, scores])(np.array([[1, 2, 0, 0]]))[1].numpy()
    assert (found[:, :, :, 2:] == 0).all()
    assert (found[:, :, 2:] == 0).all()
    np.testing.assert_allclose(found[:, :, :2].sum(-1), 1, rtol=1e-5)
