"""`keras.datasets.california_housing`: prices of houses."""

from __future__ import annotations

from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.errors import OptionError
from tfjs_pyo.keras.datasets.sources import Split, arrays, divided, located, shuffled


def load_data(
    version: str = "large", path: Any = "california_housing.npz", test_split: float = 0.2, seed: int = 113
) -> Split:
    """Returns 8 numbers on each of 20,640 places with the price of houses there, and a share of them for tests.

    Args:
        version: 'large', or 'small' for 600 places.
        path: the name under which the file is kept, or a path to a copy of your own.
        test_split: the share for tests.
        seed: of the order.

    Raises:
        OptionError: another version, or no share.

    Example:
        >>> from tfjs_pyo import keras
        >>> (x_train, y_train), (x_test, y_test) = keras.datasets.california_housing.load_data()  # doctest: +SKIP
        >>> x_train.shape, y_test.shape  # doctest: +SKIP
        ((16512, 8), (4128,))

    Source: https://keras.io/api/datasets/california_housing/
    """
    if version not in ("small", "large"):
        raise OptionError(
            f"california_housing: expected `version` to be 'small' or 'large', received {version!r}."
        )
    found = arrays(located("california_housing.npz", path))
    count = 600 if version == "small" else len(found["x"])
    return divided(*shuffled(found["x"][:count], found["y"][:count], seed), test_split)


__all__ = ["load_data"]
__dir__ = naming.public_dir(__name__)
