"""`keras.utils`: samples for training: batches by number, windows of time series, two parts of a dataset."""

from __future__ import annotations

import math
import random
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from tfjs_pyo import nests, ops
from tfjs_pyo.core import engine
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError
from tfjs_pyo.keras import tree
from tfjs_pyo.keras.arrays import array_of
from tfjs_pyo.keras.progress import Progbar
from tfjs_pyo.rules import check_public
from tfjs_pyo.tensorflow.data import Dataset


class PyDataset:
    """Base of data that come batch by batch: define `__getitem__` and `__len__`, and `on_epoch_end` where it is needed.

    Batches are read in turn, by one worker; the arguments say how Keras would read them, and are noted.

    Args:
        workers, use_multiprocessing, max_queue_size: noted.

    Example:
        >>> from tfjs_pyo import keras
        >>> class Squares(keras.utils.PyDataset):
        ...     def __len__(self): return 3
        ...     def __getitem__(self, i): return i, i * i
        >>> [Squares()[i] for i in range(len(Squares()))]
        [(0, 0), (1, 1), (2, 4)]

    Source: https://keras.io/api/utils/python_utils/#pydataset-class
    """

    def __init__(self, workers: int = 1, use_multiprocessing: bool = False, max_queue_size: int = 10) -> None:
        self.workers = workers
        self.use_multiprocessing = use_multiprocessing
        self.max_queue_size = max_queue_size

    def __getitem__(self, index: int) -> Any:
        """Returns a batch: a tuple of inputs, targets and perhaps weights."""
        raise NotImplementedError(
            f"{type(self).__name__}: expected a class that defines __getitem__(self, index)."
        )

    @property
    def num_batches(self) -> int | None:
        """How many batches there are, None for no end."""
        if hasattr(self, "__len__"):
            return len(self)
        raise NotImplementedError(
            f"{type(self).__name__}: expected a class that defines __len__ or num_batches."
        )

    def on_epoch_begin(self) -> None:
        """Is called before each epoch.

        Example:
            >>> from tfjs_pyo import keras
            >>> class Batches(keras.utils.PyDataset):
            ...     def __len__(self): return 2
            ...     def __getitem__(self, i): return keras.ops.ones([4, 1]), keras.ops.ones([4, 1])
            ...     def on_epoch_begin(self): print("an epoch begins")
            >>> model = keras.Sequential([keras.layers.Dense(1)])
            >>> model.compile("sgd", "mse")
            >>> history = model.fit(Batches(), epochs=2, verbose=0)
            an epoch begins
            an epoch begins
        """

    def on_epoch_end(self) -> None:
        """Is called after each epoch; here data change for the next one, such as their order.

        Example:
            >>> from tfjs_pyo import keras
            >>> class Turned(keras.utils.PyDataset):
            ...     numbers = [1, 2, 3]
            ...     def __len__(self): return 3
            ...     def __getitem__(self, i): return keras.ops.array([[self.numbers[i]]]), keras.ops.ones([1, 1])
            ...     def on_epoch_end(self): self.numbers = self.numbers[::-1]
            >>> model, data = keras.Sequential([keras.layers.Dense(1)]), Turned()
            >>> model.compile("sgd", "mse")
            >>> history = model.fit(data, epochs=1, verbose=0, shuffle=False)
            >>> data.numbers
            [3, 2, 1]
        """


class Sequence(PyDataset):
    """Keras 2's name for `PyDataset`.

    Args:
        workers: has no effect here: batches are made by one thread.
        use_multiprocessing, max_queue_size: have no effect here.

    Example:
        >>> from tfjs_pyo import keras
        >>> class Squares(keras.utils.Sequence):
        ...     def __len__(self):
        ...         return 3
        ...     def __getitem__(self, i):
        ...         return i, i * i
        >>> Squares()[2]
        (2, 4)

    Source: https://keras.io/api/utils/python_utils/#pydataset-class
    """


def dataset_of(batches: Callable[[], Iterator[Any]], count: int | None) -> Dataset:
    """Returns a dataset of what an iterator yields, made anew for each reading."""

    async def elements() -> AsyncIterator[Any]:
        for batch in batches():
            yield batch

    return Dataset(elements, count)


def timeseries_dataset_from_array(
    data: Any,
    targets: Any,
    sequence_length: int,
    sequence_stride: int = 1,
    sampling_rate: int = 1,
    batch_size: int | None = 128,
    shuffle: bool = False,
    seed: int | None = None,
    start_index: int | None = None,
    end_index: int | None = None,
    format: str = "tf",
) -> Dataset:
    """Returns a dataset of windows over a time series, with the target of each.

    Args:
        data: array whose first axis is time.
        targets: the target of the window that begins at each time; None for windows alone.
        sequence_length: elements of a window.
        sequence_stride: steps from one window to the next.
        sampling_rate: steps between the elements of a window.
        batch_size: windows of a batch; None for single windows.
        shuffle: whether windows come in a random order, another one each time.
        seed: number for the same order each time; default: another one each time.
        start_index, end_index: which part of the data is used.
        format: 'tf'; 'grain' gives the same.

    Raises:
        OptionError: an option beyond the data.

    Example:
        >>> from tfjs_pyo import keras
        >>> series = [10, 20, 30, 40, 50]
        >>> windows = keras.preprocessing.timeseries_dataset_from_array(series, [3, 4, 5], sequence_length=2, batch_size=2)
        >>> for x, y in windows:
        ...     print(x.tolist(), y.tolist())
        [[10, 20], [20, 30]] [3, 4]
        [[30, 40]] [5]

    Source: https://keras.io/api/data_loading/timeseries/#timeseries_dataset_from_array-function
    """
    np = engine.import_numpy("timeseries_dataset_from_array")
    values = array_of("timeseries_dataset_from_array", "data", data)
    goals = None if targets is None else array_of("timeseries_dataset_from_array", "targets", targets)
    if not values.ndim or (goals is not None and not goals.ndim):
        raise ShapeError(
            "timeseries_dataset_from_array: expected arrays whose first axis is time, received a number."
        )
    total = len(values)
    first, last = start_index or 0, total if end_index is None else end_index
    _require(0 <= first < total, "start_index", f"0 to {total - 1}", start_index)
    _require(end_index is None or first < last < total, "end_index", f"{first + 1} to {total - 1}", end_index)
    _require(0 < sampling_rate < total, "sampling_rate", f"1 to {total - 1}", sampling_rate)
    _require(0 < sequence_stride < total, "sequence_stride", f"1 to {total - 1}", sequence_stride)
    _require(0 < sequence_length <= total, "sequence_length", f"1 to {total}", sequence_length)
    _require(batch_size is None or batch_size > 0, "batch_size", "1 or more, or None", batch_size)
    _require(format in ("tf", "grain"), "format", "'tf' or 'grain'", format)
    count = last - first - (sequence_length - 1) * sampling_rate
    count = count if goals is None else min(count, len(goals))
    starts = np.arange(0, max(count, 0), sequence_stride)
    within = np.arange(sequence_length) * sampling_rate
    order = random.Random(seed)  # noqa: S311 (no secret)

    def batches() -> Iterator[Any]:
        places = list(starts)
        if shuffle:
            order.shuffle(places)
        size = batch_size or 1
        for begin in range(0, len(places), size):
            chosen = np.asarray(places[begin : begin + size])
            windows = values[first + chosen[:, None] + within]
            parts = [windows] if goals is None else [windows, goals[first + chosen]]
            parts = [ops.tensor(part if batch_size else part[0]) for part in parts]
            yield parts[0] if goals is None else tuple(parts)

    return dataset_of(batches, math.ceil(len(starts) / (batch_size or 1)))


def _require(holds: bool, name: str, expected: str, received: Any) -> None:
    if not holds:
        raise OptionError(
            f"timeseries_dataset_from_array: expected `{name}` to be {expected}, received {received!r}."
        )


def _counts(total: int, left: Any, right: Any) -> tuple[int, int]:
    """Returns how many samples go to both parts.

    Raises:
        OptionError: sizes that make no sense, or more samples than there are.
    """
    if left is None and right is None:
        raise OptionError("split_dataset: expected `left_size`, `right_size` or both, received neither.")
    found = []
    for name, size in (("left_size", left), ("right_size", right)):
        share = isinstance(size, float)
        if size is not None and (size <= 0 or (share and size >= 1) or (not share and size >= total)):
            raise OptionError(
                f"split_dataset: expected `{name}` to be a share between 0 and 1, or a number of samples below {total}, "
                f"received {size!r}."
            )
        found.append(size if not share else round(size * total) if name == "left_size" else int(size * total))
    if found[0] is None:
        found[0] = total - found[1]
    if found[1] is None:
        found[1] = total - found[0]
    if sum(found) > total:
        raise OptionError(
            f"split_dataset: expected at most {total} samples in both parts, received {left!r} and {right!r}."
        )
    return found[0], found[1]


def split_dataset(
    dataset: Any,
    left_size: float | None = None,
    right_size: float | None = None,
    shuffle: bool = False,
    seed: int | None = None,
    preferred_backend: str | None = None,  # noqa: ARG001 (there is one kind of dataset)
) -> tuple[Dataset, Dataset]:
    """Returns the first and the last samples of a dataset as two.

    Args:
        dataset: a dataset, an array, or a tuple, list or dict of arrays with as many rows.
        left_size, right_size: a share, or a number of samples; one of them may be None.
        shuffle: whether samples are shuffled first.
        seed: number for the same order each time; default: another one each time.
        preferred_backend: no matter here.

    Raises:
        OptionError: sizes that do not fit.

    Example:
        >>> from tfjs_pyo import keras
        >>> left, right = keras.utils.split_dataset([10, 20, 30, 40, 50], left_size=0.6)
        >>> [x.item() for x in left], [x.item() for x in right]
        ([10, 20, 30], [40, 50])

    Source: https://keras.io/api/utils/python_utils/#split_dataset-function
    """
    np = engine.import_numpy("split_dataset")
    if isinstance(dataset, Dataset):
        samples = list(dataset)
    else:
        dataset = _columns(np, dataset)
        arrays = tree.flatten(dataset)
        if not arrays or any(not array.ndim or len(array) != len(arrays[0]) for array in arrays):
            raise ArgumentError("split_dataset: expected a dataset, or arrays with as many rows each.")
        samples = [
            tree.pack_sequence_as(dataset, [array[row] for array in arrays]) for row in range(len(arrays[0]))
        ]
    left, right = _counts(len(samples), left_size, right_size)
    if shuffle:
        random.Random(seed).shuffle(samples)  # noqa: S311 (no secret)
    first, last = samples[:left], samples[len(samples) - right :]

    def tensors(part: list[Any]) -> Callable[[], Iterator[Any]]:
        return lambda: (tree.map_structure(ops.tensor, _as_tuples(sample)) for sample in part)

    return dataset_of(tensors(first), left), dataset_of(tensors(last), right)


def _columns(np: Any, data: Any) -> Any:
    """Returns arrays in a tuple, a dict, or a list of arrays; a list of numbers is one array."""
    nests.require_end(data)
    if isinstance(data, dict):
        return {key: _columns(np, value) for key, value in data.items()}
    if isinstance(data, tuple) or (
        isinstance(data, list) and data and all(hasattr(each, "shape") for each in data)
    ):
        return tuple(_columns(np, each) for each in data)
    return array_of("split_dataset", "dataset", data)


def _as_tuples(sample: Any) -> Any:
    return tuple(sample) if isinstance(sample, list) else sample


__all__ = ["Progbar", "PyDataset", "Sequence", "split_dataset", "timeseries_dataset_from_array"]
check_public(globals())
