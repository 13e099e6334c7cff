"""`tf.data`: datasets, as TensorFlow has them in Python."""

from __future__ import annotations

from typing import Any

from tfjs_pyo.tensorflow import record_files, tables
from tfjs_pyo.tensorflow.datasets import AUTOTUNE, INFINITE_CARDINALITY, UNKNOWN_CARDINALITY, Dataset
from tfjs_pyo.tensorflow_names.bridge import missing, namespace

TextLineDataset = tables.text_lines
TFRecordDataset = record_files.tf_record_dataset
experimental = namespace(
    "data.experimental", "Datasets of tables, by TensorFlow's names.", tables.EXPERIMENTAL
)


class Options:
    """Options of datasets. They say how TensorFlow runs them and have no effect here.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> options = tf.data.Options()
        >>> options.deterministic = False
        >>> [int(x) for x in tf.data.Dataset.range(3).with_options(options)]
        [0, 1, 2]

    Source: https://www.tensorflow.org/api_docs/python/tf/data/Options
    """

    def __init__(self) -> None:
        self.__dict__["deterministic"] = True

    def __setattr__(self, name: str, value: Any) -> None:
        """Keeps an option."""
        self.__dict__[name] = value


__all__ = [
    "AUTOTUNE",
    "INFINITE_CARDINALITY",
    "UNKNOWN_CARDINALITY",
    "Dataset",
    "Options",
    "TFRecordDataset",
    "TextLineDataset",
    "experimental",
]
__getattr__ = missing("tf.data", __all__)
