"""Masks that layers of users make, take and hand on; what symbolic tensors tell of theirs."""

import numpy as np
import pytest

from tfjs_pyo import keras
from tfjs_pyo.keras import layers, ops

TOKENS = np.array([[3, 1, 0, 0], [2, 4, 1, 0]])


class Embedded(layers.Layer):
    """Makes a mask of its own."""

    def __init__(self):
        super().__init__()
        self.inner = layers.Embedding(5, 3)

    def call(self, inputs):
        return self.inner(inputs)

    def compute_mask(self, inputs, mask=None):
        return ops.not_equal(inputs, 0)


class Kept(layers.Layer):
    """Hands masks on."""

    def __init__(self):
        super().__init__()
        self.supports_masking = True

    def call(self, inputs):
        return inputs * 1.0


class Mean(layers.Layer):
    """Cannot do without a mask."""

    def call(self, inputs, mask=None):
        counted = ops.expand_dims(ops.cast(mask, "float32"), -1)
        return ops.sum(inputs * counted, 1) / ops.sum(counted, 1)


MAKERS = {
    "an Embedding": lambda: layers.Embedding(5, 3, mask_zero=True),
    "a layer of a user": Embedded,
}


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize(
    "between", [[], [Kept], [lambda: layers.Dense(3), Kept, lambda: layers.Dropout(0.5)]]
)
def test_a_mask_reaches_the_layer_that_needs_it(maker, between):
    inputs = keras.Input((None,), dtype="int32")
    embed, middle = MAKERS[maker](), [make() for make in between]
    hidden = embed(inputs)
    for layer in middle:
        hidden = layer(hidden)
    model = keras.Model(inputs, [hidden, Mean()(hidden)])
    rows, found = model.predict(TOKENS, verbose=0)
    kept = (TOKENS != 0)[..., None]
    np.testing.assert_allclose(found, (rows * kept).sum(1) / kept.sum(1), rtol=1e-5)


def test_symbolic_tensors_tell_their_masks():
    inputs = keras.Input((None,), dtype="int32")
    embedded = layers.Embedding(5, 3, mask_zero=True)(inputs)
    sequence, state = layers.GRU(2, return_sequences=True, return_state=True)(Kept()(embedded))
    assert inputs._keras_mask is None
    assert state._keras_mask is None
    assert (embedded + 1.0)._keras_mask is None
    for symbol in (embedded, sequence):
        assert symbol._keras_mask is symbol._keras_mask
        found = keras.Model(inputs, symbol._keras_mask).predict(TOKENS, verbose=0)
        np.testing.assert_array_equal(found, TOKENS != 0)


def test_a_mask_that_is_given_goes_on_as_one_that_is_carried():
    x, mask = ops.ones((2, 4, 3)), TOKENS != 0
    rows = layers.LSTM(3, return_sequences=True)(x, mask=mask)
    np.testing.assert_array_equal(rows._keras_mask, mask)
    np.testing.assert_allclose(Mean()(rows), Mean()(rows, mask=ops.convert_to_tensor(mask)))
