"""Where data sets come from, and how their files are read. Files are data: nothing in them is run."""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any, NamedTuple

from tfjs_pyo.core import engine
from tfjs_pyo.errors import FormatError, OptionError
from tfjs_pyo.io.file_errors import format_errors, is_file
from tfjs_pyo.keras.utils.files import get_file
from tfjs_pyo.later import zipfile

Split = tuple[tuple[Any, Any], tuple[Any, Any]]
"""`(x_train, y_train), (x_test, y_test)`."""


class Source(NamedTuple):
    """A file of a data set: its address, and the hash of its content."""

    address: str
    hash: str | None = None


_BASE = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_CIFAR = "https://www.cs.toronto.edu/~kriz/"
SOURCES: dict[str, Source] = {
    "mnist.npz": Source(_BASE, "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"),
    "imdb.npz": Source(_BASE, "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f"),
    "imdb_word_index.json": Source(_BASE, "bfafd718b763782e994055a2d397834f"),
    "reuters.npz": Source(_BASE, "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916"),
    "reuters_word_index.json": Source(_BASE, "4d44cc38712099c9e383dc6e5f11a921"),
    "boston_housing.npz": Source(_BASE, "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5"),
    "california_housing.npz": Source(
        _BASE, "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f"
    ),
    "cifar-10-python.tar.gz": Source(
        _CIFAR, "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"
    ),
    "cifar-100-python.tar.gz": Source(
        _CIFAR, "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7"
    ),
    **{
        f"{part}-{kind}-ubyte.gz": Source(_BASE)
        for part in ("train", "t10k")
        for kind in ("labels-idx1", "images-idx3")
    },
}
"""By the name of the file: the folder of its address, and its hash."""


def located(name: str, path: Any = None, cache_subdir: str = "datasets", extract: bool = False) -> Path:
    """Returns the path of a file of a data set: one of the user's own, else that which was fetched, now or before.

    Args:
        name: of the file, as in `SOURCES`.
        path: what the user gave: where the file is, or under which name it is kept.
        cache_subdir: folder of Keras's files.
        extract: whether it is an archive.
    """
    if path is not None and is_file("load_data", Path(path)):
        return Path(path)
    source = SOURCES[name]
    fname = name if path is None else path
    return Path(
        get_file(
            fname, source.address + name, file_hash=source.hash, cache_subdir=cache_subdir, extract=extract
        )
    )


_ALLOWED = {
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("_codecs", "encode"),
}


class _ArraysOnly(pickle.Unpickler):
    """Reads lists, dicts, numbers and NumPy's arrays; anything else in a file is refused."""

    def find_class(self, module: str, name: str) -> Any:
        """Returns what arrays are made by.

        Raises:
            FormatError: something else is asked for.
        """
        if (module, name) in _ALLOWED:
            return super().find_class(module.replace("numpy.core", "numpy._core"), name)
        raise FormatError(
            f"keras.datasets: the file asks for {module}.{name}, which no data set needs; it is not read."
        )


def unpickled(content: bytes, encoding: str = "ASCII") -> Any:
    """Returns the value of a pickle of arrays."""
    return _ArraysOnly(io.BytesIO(content), encoding=encoding).load()


def arrays(path: Path) -> dict[str, Any]:
    """Returns the arrays of an `.npz` file, also those of lists.

    Raises:
        FormatError: it is none.
    """
    np = engine.import_numpy("keras.datasets")
    found = {}
    with format_errors(f"keras.datasets: {path}", "an .npz file"), zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            content = archive.read(member)
            try:
                value = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
            except ValueError:  # an array of lists, which NumPy writes as a pickle behind the header
                file = io.BytesIO(content)
                version = np.lib.format.read_magic(file)
                read = (
                    np.lib.format.read_array_header_1_0
                    if version[0] == 1
                    else np.lib.format.read_array_header_2_0
                )
                read(file)
                value = unpickled(file.read())
            found[member.removesuffix(".npy")] = value
    return found


def shuffled(x: Any, y: Any, seed: int) -> tuple[Any, Any]:
    """Returns samples in the order that a seed gives."""
    np = engine.import_numpy("keras.datasets")
    order = np.arange(len(x))
    np.random.RandomState(seed).shuffle(order)
    return x[order], y[order]


def divided(x: Any, y: Any, test_split: float) -> Split:
    """Returns samples in two parts.

    Raises:
        OptionError: `test_split` is no share.
    """
    if not 0 <= test_split < 1:
        raise OptionError(f"load_data: expected `test_split` from 0 up to 1, received {test_split!r}.")
    count = int(len(x) * (1 - test_split))
    return (x[:count], y[:count]), (x[count:], y[count:])


class Words(NamedTuple):
    """How texts of numbers are made: see `keras.datasets.imdb.load_data`."""

    num_words: int | None
    skip_top: int
    maxlen: int | None
    start_char: int | None
    oov_char: int | None
    index_from: int


def sequences(xs: Any, labels: Any, words: Words) -> tuple[list[list[int]], Any]:
    """Returns texts with their beginning marked, without those that are too long.

    Raises:
        OptionError: all are too long.
    """
    np = engine.import_numpy("keras.datasets")
    start = [] if words.start_char is None else [words.start_char]
    found = [[*start, *(int(word) + words.index_from for word in text)] for text in xs]
    if not words.maxlen:
        return found, labels
    kept = [place for place, text in enumerate(found) if len(text) < words.maxlen]
    if not kept:
        raise OptionError(f"load_data: expected texts shorter than maxlen={words.maxlen}; there is none.")
    return [found[place] for place in kept], np.asarray(labels)[kept]


def limited(texts: list[list[int]], words: Words, most: int) -> Any:
    """Returns texts as an array of lists, with the words that are too rare or too frequent marked, or left out."""
    np = engine.import_numpy("keras.datasets")
    result = np.empty(len(texts), dtype=object)
    for place, text in enumerate(texts):
        if words.oov_char is None:
            result[place] = [word for word in text if words.skip_top <= word < most]
        else:
            result[place] = [word if words.skip_top <= word < most else words.oov_char for word in text]
    return result


__all__ = [
    "SOURCES",
    "Source",
    "Split",
    "Words",
    "arrays",
    "divided",
    "limited",
    "located",
    "sequences",
    "shuffled",
    "unpickled",
]
