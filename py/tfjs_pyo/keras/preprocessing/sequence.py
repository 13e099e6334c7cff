"""`keras.preprocessing.sequence`: sequences of one length, windows of time series, pairs of words."""

from __future__ import annotations

import json
import math
import random
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core import engine
from tfjs_pyo.errors import ArgumentError, IndexingError, OptionError, RangeError, ShapeError
from tfjs_pyo.keras.arrays import array_of
from tfjs_pyo.keras.utils.numeric import pad_sequences
from tfjs_pyo.keras.utils.samples import PyDataset
from tfjs_pyo.options import shown
from tfjs_pyo.rules import check_public
from tfjs_pyo.types import NDArray

_EULER = 0.577
"""The constant of Euler and Mascheroni, as exactly as Keras has it."""


class TimeseriesGenerator(PyDataset):
    """Batches of windows over a time series, with the target that follows each.

    Args:
        data: list or array whose first axis is time.
        targets: as many, one for each time.
        length: steps of a window, counted in the data.
        sampling_rate: steps between the elements of a window.
        stride: steps from one window to the next.
        start_index: the first time that is used.
        end_index: the last time that is used; default: the last one.
        shuffle: whether windows are drawn at random, by NumPy's generator, rather than in turn.
        reverse: whether the elements of a window are in reverse order.
        batch_size: windows of a batch.
        **kwargs: as for `PyDataset`.

    Raises:
        ShapeError: another number of targets.
        OptionError: an option with another value, or no window between the ends.

    Example:
        >>> from tfjs_pyo import keras
        >>> windows = keras.preprocessing.sequence.TimeseriesGenerator([0, 10, 20, 30], [0, 1, 2, 3], 2, batch_size=2)
        >>> x, y = windows[0]
        >>> x.tolist(), y.tolist(), len(windows)
        ([[0, 10], [10, 20]], [2, 3], 1)

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/sequence/TimeseriesGenerator
    """

    def __init__(
        self,
        data: Any,
        targets: Any,
        length: int,
        sampling_rate: int = 1,
        stride: int = 1,
        start_index: int = 0,
        end_index: int | None = None,
        shuffle: bool = False,
        reverse: bool = False,
        batch_size: int = 128,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if len(data) != len(targets):
            raise ShapeError(
                f"TimeseriesGenerator: expected a target for each of {len(data)} times, received {len(targets)}."
            )
        sizes = {
            "length": length, "sampling_rate": sampling_rate, "stride": stride, "batch_size": batch_size,
        }  # fmt: skip
        for name, value in sizes.items():
            if value < 1:
                raise OptionError(
                    f"TimeseriesGenerator: expected `{name}` to be 1 or more, received {value}."
                )
        self.data, self.targets = data, targets
        self.length, self.sampling_rate, self.stride = length, sampling_rate, stride
        self.start_index = start_index + length
        self.end_index = len(data) - 1 if end_index is None else end_index
        self.shuffle, self.reverse, self.batch_size = shuffle, reverse, batch_size
        if not 0 <= start_index <= self.end_index - length or self.end_index >= len(data):
            raise OptionError(
                f"TimeseriesGenerator: expected a window of {length} and its target between the times 0 and {len(data) - 1}, "
                f"received start_index={start_index} and end_index={self.end_index}."
            )

    def __len__(self) -> int:
        """Returns how many batches there are."""
        return math.ceil((self.end_index - self.start_index + 1) / (self.batch_size * self.stride))

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        """Returns a batch: windows, and their targets.

        Raises:
            IndexingError: there is no such batch.
        """
        np = engine.import_numpy("TimeseriesGenerator")
        if not 0 <= index < len(self):
            raise IndexingError(
                f"TimeseriesGenerator: there are {len(self)} batches, received number {index}."
            )
        first, step = self.start_index, self.batch_size * self.stride
        if self.shuffle:
            times = np.random.randint(first, self.end_index + 1, size=self.batch_size)
        else:
            begin = first + step * index
            times = np.arange(begin, min(begin + step, self.end_index + 1), self.stride)
        windows = np.array([self.data[time - self.length : time : self.sampling_rate] for time in times])
        targets = np.array([self.targets[time] for time in times])
        return (windows[:, ::-1] if self.reverse else windows), targets

    def get_config(self) -> dict[str, Any]:
        """Returns the options, with data and targets as JSON.

        Raises:
            ArgumentError: they cannot be written as JSON.

        Example:
            >>> from tfjs_pyo import keras
            >>> windows = keras.preprocessing.sequence.TimeseriesGenerator([1, 2, 3], [1, 2, 3], length=2)
            >>> config = windows.get_config()
            >>> config["data"], config["length"]
            ('[1, 2, 3]', 2)
        """
        options = (
            "length",
            "sampling_rate",
            "stride",
            "start_index",
            "end_index",
            "shuffle",
            "reverse",
            "batch_size",
        )
        return {name: self._as_json(name) for name in ("data", "targets")} | {
            name: getattr(self, name) for name in options
        }

    def _as_json(self, name: str) -> str:
        value = getattr(self, name)
        try:
            return json.dumps(value.tolist() if hasattr(value, "tolist") else value)
        except TypeError as error:
            raise ArgumentError(
                f"TimeseriesGenerator: `{name}` cannot be written as JSON: {error}."
            ) from None

    def to_json(self, **kwargs: Any) -> str:
        """Returns the options with data and targets as JSON.

        Args:
            **kwargs: for `json.dumps`.

        Example:
            >>> import json
            >>> from tfjs_pyo import keras
            >>> windows = keras.preprocessing.sequence.TimeseriesGenerator([1, 2, 3], [1, 2, 3], length=2)
            >>> json.loads(windows.to_json())["class_name"]
            'TimeseriesGenerator'
        """
        return json.dumps({"class_name": type(self).__name__, "config": self.get_config()}, **kwargs)


def make_sampling_table(size: int, sampling_factor: float = 1e-5) -> NDArray:
    """Returns the probability that `skipgrams` keeps a word, for the word of each rank: frequent words are kept less often.

    It is min(1, sqrt(factor / frequency)), with a frequency of 1 / (rank (log(rank) + 0.577) + 1/2 - 1 / (12 rank)).

    Args:
        size: how many words there are.
        sampling_factor: how much is kept.

    Returns:
        float64 [size].

    Raises:
        OptionError: no words.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.preprocessing.sequence.make_sampling_table(3).round(5).tolist()
        [0.00315, 0.00315, 0.00548]

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/sequence/make_sampling_table
    """
    np = engine.import_numpy("make_sampling_table")
    if size < 1:
        raise OptionError(f"make_sampling_table: expected `size` to be 1 or more, received {size}.")
    rank = np.maximum(np.arange(size), 1)
    rarity = sampling_factor * (rank * (np.log(rank) + _EULER) + 0.5 - 1 / (12.0 * rank))
    return np.minimum(1.0, rarity / np.sqrt(rarity))


def skipgrams(
    sequence: Any,
    vocabulary_size: int,
    window_size: int = 4,
    negative_samples: float = 1.0,
    shuffle: bool = True,
    categorical: bool = False,
    sampling_table: Any = None,
    seed: int | None = None,
) -> tuple[list[list[int]], list[Any]]:
    """Returns pairs of words: each with those near to it (label 1), and with words drawn at random (label 0).

    Args:
        sequence: numbers of words; 0 is none.
        vocabulary_size: one more than the largest number.
        window_size: how far away from each other two words may be.
        negative_samples: how many random pairs there are for each other one.
        shuffle: whether pairs come in a random order.
        categorical: whether labels are [0, 1] and [1, 0] rather than 1 and 0.
        sampling_table: the probability that a word is kept, by its number; default: all are.
        seed: of the order, for Python's generator.

    Returns:
        The pairs, and their labels.

    Raises:
        ArgumentError: no lists of numbers.
        RangeError: the table has no probability for a word.
        OptionError: no words to draw from.

    Example:
        >>> from tfjs_pyo import keras
        >>> pairs, labels = keras.preprocessing.sequence.skipgrams([1, 2, 3], 4, window_size=1, negative_samples=0, shuffle=False)
        >>> pairs, labels
        ([[1, 2], [2, 1], [2, 3], [3, 2]], [1, 1, 1, 1])

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/sequence/skipgrams
    """
    if negative_samples > 0 and vocabulary_size < 2:
        raise OptionError(
            f"skipgrams: expected `vocabulary_size` to be 2 or more, received {vocabulary_size}."
        )
    words = _vector("sequence", sequence, "iu")
    table = None if sampling_table is None else _vector("sampling_table", sampling_table, "fiu")
    if table is not None and max(words, default=0) >= len(table):
        raise RangeError(
            f"skipgrams: `sampling_table` has {len(table)} rows, and there is the word {max(words)}."
        )
    near, far = ([0, 1], [1, 0]) if categorical else (1, 0)
    couples = []
    for place, word in enumerate(words):
        if not word or (table is not None and table[word] < random.random()):  # noqa: S311
            continue
        begin = max(0, place - window_size)
        window = enumerate(words[begin : place + window_size + 1], begin)
        couples += [[word, other] for where, other in window if where != place and other]
    labels: list[Any] = [near] * len(couples)
    if negative_samples > 0:
        count = int(len(couples) * negative_samples)
        firsts = [word for word, _ in couples]
        random.shuffle(firsts)
        drawn = (random.randint(1, vocabulary_size - 1) for _ in range(count))  # noqa: S311
        couples += [[firsts[number % len(firsts)], word] for number, word in enumerate(drawn)]
        labels += [far] * count
    if shuffle:
        seed = random.randint(0, 10_000_000) if seed is None else seed  # noqa: S311
        for items in (couples, labels):
            random.seed(seed)
            random.shuffle(items)
    return couples, [list(label) for label in labels] if categorical else labels


def _vector(name: str, value: Any, kinds: str) -> list[Any]:
    """Returns numbers that a user gave, of kinds by NumPy's letters."""
    found = array_of("skipgrams", name, value)
    if found.ndim != 1 or (found.size and found.dtype.kind not in kinds):
        what = "numbers of words" if kinds == "iu" else "numbers"
        raise ArgumentError(f"skipgrams: expected `{name}` to be a list of {what}, received {shown(value)}.")
    return list(found.tolist())


__all__ = ["TimeseriesGenerator", "make_sampling_table", "pad_sequences", "skipgrams"]
__dir__ = naming.public_dir(__name__)
check_public(globals())
