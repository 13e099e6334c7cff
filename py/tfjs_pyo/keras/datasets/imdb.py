"""`keras.datasets.imdb`: 50,000 reviews of films as numbers of words, good ones and bad ones."""

from __future__ import annotations

from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core import engine
from tfjs_pyo.io.file_errors import read_json
from tfjs_pyo.keras.datasets.sources import Split, Words, arrays, limited, located, sequences


def load_data(
    path: Any = "imdb.npz",
    num_words: int | None = None,
    skip_top: int = 0,
    maxlen: int | None = None,
    seed: int = 113,
    start_char: int | None = 1,
    oov_char: int | None = 2,
    index_from: int = 3,
) -> Split:
    """Returns 25,000 reviews with 1 for good ones, and 25,000 for tests; fetched the first time.

    Args:
        path: the name under which the file is kept, or a path to a copy of your own.
        num_words: words of this number and above are marked: the rarer ones.
        skip_top: words below this number are marked: the most frequent ones.
        maxlen: longer reviews are left out.
        seed: of the order.
        start_char: the number that each review begins with; None for none.
        oov_char: the number that marks words; None leaves them out.
        index_from: what is added to the numbers of words.

    Raises:
        OptionError: all reviews are too long.

    Example:
        >>> from tfjs_pyo import keras
        >>> (x_train, y_train), _ = keras.datasets.imdb.load_data(num_words=10000)  # doctest: +SKIP
        >>> len(x_train), x_train[0][:5], y_train[0]  # doctest: +SKIP
        (25000, [1, 14, 22, 16, 43], np.int64(1))

    Source: https://keras.io/api/datasets/imdb/
    """
    np = engine.import_numpy("imdb")
    words = Words(num_words, skip_top, maxlen, start_char, oov_char, index_from)
    found = arrays(located("imdb.npz", path))
    # One stream of random numbers orders both parts.
    order = np.random.RandomState(seed)
    parts = []
    for part in ("train", "test"):
        x, y = found[f"x_{part}"], found[f"y_{part}"]
        places = np.arange(len(x))
        order.shuffle(places)
        parts.append(sequences(x[places], y[places], words))
    most = num_words or max(max(text) for texts, _ in parts for text in texts)
    (train, y_train), (test, y_test) = parts
    return (limited(train, words, most), y_train), (limited(test, words, most), y_test)


def get_word_index(path: Any = "imdb_word_index.json") -> dict[str, int]:
    """Returns the number of each word.

    Args:
        path: the name under which the file is kept, or a path to a copy of your own.

    Returns:
        A dict of words and their numbers, 1 for the most frequent one.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.datasets.imdb.get_word_index()["the"]  # doctest: +SKIP
        1

    Source: https://keras.io/api/datasets/imdb/#getwordindex-function
    """
    return read_json("keras.datasets.imdb", located("imdb_word_index.json", path))


__all__ = ["get_word_index", "load_data"]
__dir__ = naming.public_dir(__name__)
