"""What losses and metrics are given: by the recorder and by the tests. Needs NumPy only."""

import numpy as np

from tests.waves import filled


def data(kind):
    """Targets and predictions of 8 samples of 3 outputs."""
    signed = filled((8, 3), 2, 3)
    shares = np.exp(signed) / np.exp(signed).sum(1, keepdims=True)
    classes = np.arange(8) * 7 % 3
    return {
        "signed": (filled((8, 3), 3, 2), signed),
        "bits": ((filled((8, 3), 5, 1) > 0).astype(np.float32), 1 / (1 + np.exp(-signed))),
        "hot": (np.eye(3, dtype=np.float32)[classes], shares.astype(np.float32)),
        "classes": (classes.reshape(8, 1).astype(np.float32), shares.astype(np.float32)),
    }[kind]


def fit_data():
    """Pairs of words and targets of 8 samples, for a model of an embedding of 5 words in 3 numbers and a dense layer of 2."""
    x = np.array([[0, 1], [1, 2], [2, 0], [4, 4], [0, 2], [1, 0], [2, 2], [0, 0]], np.float32)
    return x, filled((8, 2), 9, 1)


def fit_weights():
    """The first weights of that model."""
    return [filled(shape, 60 + i, 0.5) for i, shape in enumerate([(5, 3), (6, 2), (2,)])]
