"""`keras.datasets.mnist`: 70,000 handwritten digits of 28 x 28 pixels."""

from __future__ import annotations

from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.keras.datasets.sources import Split, arrays, located


def load_data(path: Any = "mnist.npz") -> Split:
    """Returns 60,000 images with their digits, and 10,000 for tests, uint8; fetched the first time.

    Args:
        path: the name under which the file is kept, or a path to a copy of your own.

    Example:
        >>> from tfjs_pyo import keras
        >>> (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()  # doctest: +SKIP
        >>> x_train.shape, y_test.shape  # doctest: +SKIP
        ((60000, 28, 28), (10000,))

    Source: https://keras.io/api/datasets/mnist/
    """
    found = arrays(located("mnist.npz", path))
    return (found["x_train"], found["y_train"]), (found["x_test"], found["y_test"])


__all__ = ["load_data"]
__dir__ = naming.public_dir(__name__)
