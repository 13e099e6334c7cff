"""Layers that hold a table or another layer: for record_embeddings.py and for the test."""

import numpy as np

REVERSIBLE = [
    {},
    {"tie_weights": False},
    {"logit_soft_cap": 0.5},
    {"tie_weights": False, "logit_soft_cap": 2.0, "mask_zero": True},
    {"tie_weights": False, "embeddings_regularizer": "l2"},
]
"""Options of ReversibleEmbedding."""
IDS = np.array([[1, 2, 0, 5], [4, 0, 0, 3]], "int32")


def numbers(shape, seed):
    return np.random.RandomState(seed).standard_normal(shape).astype("float32")


def wrapped(keras):
    """A layer of one's own around another one, with what it computes."""

    class Doubled(keras.layers.Wrapper):
        def call(self, inputs):
            return self.layer(inputs) * 2

    layer = Doubled(keras.layers.Dense(3, activation="tanh"), name="doubled")
    layer(numbers((2, 4), 1))
    layer.set_weights([numbers((4, 3), 2), numbers((3,), 3)])
    return layer


def reversible(keras, options):
    """A ReversibleEmbedding of given weights."""
    layer = keras.layers.ReversibleEmbedding(6, 3, **options)
    layer.build((None, 4))
    layer.set_weights([numbers(tuple(w.shape), 10 + n) for n, w in enumerate(layer.weights)])
    return layer
