"""`keras.datasets.digits`: 1797 handwritten digits of 8 x 8 pixels, which this package carries: no network is needed.

The test part of "Optical Recognition of Handwritten Digits", E. Alpaydin and C. Kaynak, 1998, UCI Machine Learning Repository,
https://doi.org/10.24432/C50P49, under CC BY 4.0.
"""

from __future__ import annotations

import gzip
from pathlib import Path

from tfjs_pyo import naming
from tfjs_pyo.core import engine
from tfjs_pyo.keras.datasets.sources import Split
from tfjs_pyo.later import resources

_FILE = "digits.csv.gz"
_TRAINING = 1437


def _content() -> bytes:
    """Returns the file: the wheel carries it, a checkout has it among the examples' data."""
    packaged = resources.files("tfjs_pyo.keras.datasets").joinpath(_FILE)
    if packaged.is_file():
        return packaged.read_bytes()
    return (Path(__file__).parents[4] / "examples" / "data" / _FILE).read_bytes()


def load_data() -> Split:
    """Returns 1437 images [8, 8] with their digits, and 360 for tests, uint8, 0 (white) to 255 (black), as `mnist` has them.

    Example:
        >>> from tfjs_pyo import keras
        >>> (x_train, y_train), (x_test, y_test) = keras.datasets.digits.load_data()
        >>> x_train.shape, y_test.shape, str(x_train.dtype)
        ((1437, 8, 8), (360,), 'uint8')

    Source: https://doi.org/10.24432/C50P49
    """
    np = engine.import_numpy("digits")
    lines = gzip.decompress(_content()).decode().split()
    table = np.array([[int(number) for number in line.split(",")] for line in lines], np.int64)
    images = (table[:, :64].reshape(-1, 8, 8) * 255 // 16).astype(np.uint8)
    labels = table[:, 64].astype(np.uint8)
    return (images[:_TRAINING], labels[:_TRAINING]), (images[_TRAINING:], labels[_TRAINING:])


__all__ = ["load_data"]
__dir__ = naming.public_dir(__name__)
