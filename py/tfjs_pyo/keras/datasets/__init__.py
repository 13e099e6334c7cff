"""`keras.datasets`: data sets for examples. `digits` needs no network; the others are fetched once and kept."""

from tfjs_pyo import naming
from tfjs_pyo.keras.datasets import (
    boston_housing,
    california_housing,
    cifar10,
    cifar100,
    digits,
    fashion_mnist,
    imdb,
    mnist,
    reuters,
)

__all__ = [
    "boston_housing", "california_housing", "cifar10", "cifar100", "digits", "fashion_mnist", "imdb", "mnist", "reuters",
]  # fmt: skip
__dir__ = naming.public_dir(__name__)
