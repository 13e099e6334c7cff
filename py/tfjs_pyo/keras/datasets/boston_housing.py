"""`keras.datasets.boston_housing`: prices of houses."""

from __future__ import annotations

from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.keras.datasets.sources import Split, arrays, divided, located, shuffled


def load_data(path: Any = "boston_housing.npz", test_split: float = 0.2, seed: int = 113) -> Split:
    """Returns 13 numbers on each of 506 places with the price of houses there, and a share of them for tests.

    The data hold an ethical problem: one column was made on the assumption that segregation lowers prices. `california_housing`
    is a better choice.

    Args:
        path: the name under which the file is kept, or a path to a copy of your own.
        test_split: the share for tests.
        seed: of the order.

    Raises:
        OptionError: no share.

    Example:
        >>> from tfjs_pyo import keras
        >>> (x_train, y_train), (x_test, y_test) = keras.datasets.boston_housing.load_data()  # doctest: +SKIP
        >>> x_train.shape, y_test.shape  # doctest: +SKIP
        ((404, 13), (102,))

    Source: https://keras.io/api/datasets/boston_housing/
    """
    found = arrays(located("boston_housing.npz", path))
    return divided(*shuffled(found["x"], found["y"], seed), test_split)


__all__ = ["load_data"]
__dir__ = naming.public_dir(__name__)
