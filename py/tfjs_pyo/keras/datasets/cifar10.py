"""`keras.datasets.cifar10`: 60,000 small colour pictures of ten kinds."""

from __future__ import annotations

from tfjs_pyo import naming
from tfjs_pyo.keras.datasets.cifar import batch, split
from tfjs_pyo.keras.datasets.sources import Split, located


def load_data() -> Split:
    """Returns 50,000 pictures [32, 32, 3] with their classes [1], and 10,000 for tests, uint8; fetched the first time.

    Example:
        >>> from tfjs_pyo import keras
        >>> (x_train, y_train), (x_test, y_test) = keras.datasets.cifar10.load_data()  # doctest: +SKIP
        >>> x_train.shape, y_test.shape  # doctest: +SKIP
        ((50000, 32, 32, 3), (10000, 1))

    Source: https://keras.io/api/datasets/cifar10/
    """
    folder = located("cifar-10-python.tar.gz", extract=True) / "cifar-10-batches-py"
    train = [batch(folder / f"data_batch_{number}", "labels") for number in range(1, 6)]
    return split(train, batch(folder / "test_batch", "labels"))


__all__ = ["load_data"]
__dir__ = naming.public_dir(__name__)
