"""`keras.datasets.reuters`: 11,228 news as numbers of words, of 46 topics."""

from __future__ import annotations

from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.io.file_errors import read_json
from tfjs_pyo.keras.datasets.sources import (
    Split,
    Words,
    arrays,
    divided,
    limited,
    located,
    sequences,
    shuffled,
)

_LABELS = (
    "cocoa grain veg-oil earn acq wheat copper housing money-supply coffee sugar trade reserves ship cotton carcass "
    "crude nat-gas cpi money-fx interest gnp meal-feed alum oilseed gold tin strategic-metal livestock retail ipi "
    "iron-steel rubber heat jobs lei bop zinc orange pet-chem dlr gas silver wpi hog lead"
)


def load_data(
    path: Any = "reuters.npz",
    num_words: int | None = None,
    skip_top: int = 0,
    maxlen: int | None = None,
    test_split: float = 0.2,
    seed: int = 113,
    start_char: int | None = 1,
    oov_char: int | None = 2,
    index_from: int = 3,
) -> Split:
    """Returns news with the numbers of their topics, and a share of them for tests; fetched the first time.

    Args:
        path, num_words, skip_top, maxlen, seed, start_char, oov_char, index_from: as for `keras.datasets.imdb.load_data`.
        test_split: the share for tests.

    Raises:
        OptionError: all news are too long, or no share.

    Example:
        >>> from tfjs_pyo import keras
        >>> (x_train, y_train), _ = keras.datasets.reuters.load_data(num_words=10000)  # doctest: +SKIP
        >>> len(x_train), int(y_train.max())  # doctest: +SKIP
        (8982, 45)

    Source: https://keras.io/api/datasets/reuters/
    """
    words = Words(num_words, skip_top, maxlen, start_char, oov_char, index_from)
    found = arrays(located("reuters.npz", path))
    texts, labels = sequences(*shuffled(found["x"], found["y"], seed), words)
    most = num_words or max(max(text) for text in texts)
    return divided(limited(texts, words, most), labels, test_split)


def get_word_index(path: Any = "reuters_word_index.json") -> dict[str, int]:
    """Returns the number of each word.

    Args:
        path: the name under which the file is kept, or a path to a copy of your own.

    Returns:
        A dict of words and their numbers, 1 for the most frequent one.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.datasets.reuters.get_word_index()["the"]  # doctest: +SKIP
        1

    Source: https://keras.io/api/datasets/reuters/#getwordindex-function
    """
    return read_json("keras.datasets.reuters", located("reuters_word_index.json", path))


def get_label_names() -> tuple[str, ...]:
    """Returns the names of the topics, in the order of their numbers.

    Example:
        >>> from tfjs_pyo import keras
        >>> names = keras.datasets.reuters.get_label_names()
        >>> len(names), names[3]
        (46, 'earn')

    Source: https://keras.io/api/datasets/reuters/
    """
    return tuple(_LABELS.split())


__all__ = ["get_label_names", "get_word_index", "load_data"]
__dir__ = naming.public_dir(__name__)
