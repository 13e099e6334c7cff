"""`keras.datasets.fashion_mnist`: 70,000 pictures of clothes, 28 x 28 pixels, of ten kinds."""

from __future__ import annotations

import gzip
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core import engine
from tfjs_pyo.errors import FormatError
from tfjs_pyo.io.file_errors import format_errors
from tfjs_pyo.keras.datasets.sources import Split, located


def _content(name: str, header: int) -> Any:
    np = engine.import_numpy("fashion_mnist")
    path = located(name, None, "datasets/fashion-mnist")
    with format_errors(f"fashion_mnist: {path}", "a file that gzip compressed"):
        return np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=header)


def load_data() -> Split:
    """Returns 60,000 pictures with their classes, and 10,000 for tests, uint8; fetched the first time.

    Raises:
        FormatError: a file is broken.

    Example:
        >>> from tfjs_pyo import keras
        >>> (x_train, y_train), (x_test, y_test) = keras.datasets.fashion_mnist.load_data()  # doctest: +SKIP
        >>> x_train.shape, y_test.shape  # doctest: +SKIP
        ((60000, 28, 28), (10000,))

    Source: https://keras.io/api/datasets/fashion_mnist/
    """
    parts = []
    for part in ("train", "t10k"):
        labels = _content(f"{part}-labels-idx1-ubyte.gz", 8)
        images = _content(f"{part}-images-idx3-ubyte.gz", 16)
        if len(images) != 784 * len(labels):
            raise FormatError(
                f"fashion_mnist: expected {len(labels)} pictures, received {len(images) / 784:g}."
            )
        images = images.reshape(len(labels), 28, 28)
        parts.append((images, labels))
    return parts[0], parts[1]


__all__ = ["load_data"]
__dir__ = naming.public_dir(__name__)
