"""`keras.datasets.cifar100`: 60,000 small colour pictures of a hundred kinds."""

from __future__ import annotations

from tfjs_pyo import naming
from tfjs_pyo.errors import OptionError
from tfjs_pyo.keras.datasets.cifar import batch, split
from tfjs_pyo.keras.datasets.sources import Split, located


def load_data(label_mode: str = "fine") -> Split:
    """Returns 50,000 pictures [32, 32, 3] with their classes [1], and 10,000 for tests, uint8; fetched the first time.

    Args:
        label_mode: 'fine' for a hundred classes, 'coarse' for twenty.

    Raises:
        OptionError: another mode.

    Example:
        >>> from tfjs_pyo import keras
        >>> (x_train, y_train), (x_test, y_test) = keras.datasets.cifar100.load_data()  # doctest: +SKIP
        >>> x_train.shape, y_test.shape  # doctest: +SKIP
        ((50000, 32, 32, 3), (10000, 1))

    Source: https://keras.io/api/datasets/cifar100/
    """
    if label_mode not in ("fine", "coarse"):
        raise OptionError(
            f"cifar100: expected `label_mode` to be 'fine' or 'coarse', received {label_mode!r}."
        )
    folder = located("cifar-100-python.tar.gz", extract=True) / "cifar-100-python"
    return split(
        [batch(folder / "train", f"{label_mode}_labels")], batch(folder / "test", f"{label_mode}_labels")
    )


__all__ = ["load_data"]
__dir__ = naming.public_dir(__name__)
