"""Methods of `tf.data.Dataset` that choose, group and count elements, for `datasets.Dataset`."""

from __future__ import annotations

import itertools
import math
import random as python_random
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Self

from tfjs_pyo import data, ops, options
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.doc_examples import methods, tensorflow_datasets
from tfjs_pyo.errors import ArgumentError, OptionError, RangeError, StorageError
from tfjs_pyo.options import shown
from tfjs_pyo.rules import checks_methods
from tfjs_pyo.tensorflow.files import glob
from tfjs_pyo.tensorflow.shapes import TensorSpec
from tfjs_pyo.tensorflow_names.bridge import missing


def raw(owner: str, dataset: Any) -> Iterator[Any]:
    """Returns the elements of a dataset as they are kept.

    Raises:
        ArgumentError: it is no dataset.
    """
    if not isinstance(dataset, data.Dataset) or not hasattr(dataset, "_raw"):
        raise ArgumentError(f"{owner}: expected a tf.data.Dataset, received {shown(dataset)}.")
    elements: Iterator[Any] = dataset._raw()
    return elements


def _all_datasets(owner: str, given: Sequence[Any]) -> list[Any]:
    found = list(given)
    if not found:
        raise ArgumentError(f"{owner}: expected datasets, received none.")
    for each in found:
        raw(owner, each)
    return found


_OF_GRAPHS = "it belongs to TensorFlow's own runtime"


@checks_methods
class Choosing:
    """What a dataset chooses among its elements, or among datasets. The class that has it says how elements are read."""

    _last_is_short = False
    """Whether batches may have fewer elements at the end, so that their first size is not known."""
    _of: Any
    _raw: Any
    _each: Any
    batch: Any
    padded_batch: Any
    size: Any
    __iter__: Any

    # Where elements come from

    @classmethod
    def list_files(
        cls, file_pattern: Any, shuffle: bool | None = None, seed: int | None = None, name: Any = None
    ) -> Self:
        """Returns a dataset of the names of files that fit patterns, in an order drawn at random by default.

        Raises:
            StorageError: there is none.
        """
        patterns = (
            [file_pattern]
            if isinstance(file_pattern, str) or hasattr(file_pattern, "__fspath__")
            else file_pattern
        )
        patterns = patterns.tolist() if hasattr(patterns, "tolist") else patterns
        listed = [patterns] if isinstance(patterns, str) else options.items(patterns)
        if not listed or not all(isinstance(each, str) or hasattr(each, "__fspath__") for each in listed):
            raise OptionError(
                f"list_files: expected patterns of names of files, received {shown(file_pattern)}."
            )
        names = sorted(name for each in listed for name in glob(str(each)))
        if not names:
            raise StorageError(f"list_files: no file fits {shown(file_pattern)}.")
        made: Self = cls._of(lambda: iter(names), len(names))
        return made if shuffle is False else made.shuffle(len(names), seed)

    @classmethod
    def counter(cls, start: int = 0, step: int = 1, dtype: Any = None, name: Any = None) -> Self:
        """Returns a dataset of whole numbers without end."""
        return cls._of(lambda: (ops.scalar(n, "int32") for n in itertools.count(start, step)), math.inf)

    @classmethod
    def random(
        cls,
        seed: int | None = None,
        rerandomize_each_iteration: bool | None = None,
        name: Any = None,
    ) -> Self:
        """Returns a dataset of whole numbers drawn at random without end; they are below 2^31 here."""
        first = python_random.Random(seed).getrandbits(31) if seed is not None else None
        readings = itertools.count()

        def numbers() -> Iterator[Any]:
            again = next(readings) if rerandomize_each_iteration else 0
            draw = python_random.Random(None if first is None else first + again)
            while True:
                yield ops.scalar(draw.getrandbits(31), "int32")

        return cls._of(numbers, math.inf)

    @classmethod
    def choose_from_datasets(
        cls, datasets: Sequence[Any], choice_dataset: Any, stop_on_empty_dataset: bool = True
    ) -> Self:
        """Returns elements of several datasets, in the order that another dataset of their numbers says.

        Raises:
            RangeError: an element names a dataset that does not exist; raised while reading.
        """
        given = _all_datasets("choose_from_datasets", datasets)
        raw("choose_from_datasets", choice_dataset)

        def elements() -> Iterator[Any]:
            readings = [raw("choose_from_datasets", each) for each in given]
            left = set(range(len(readings)))
            for choice in choice_dataset:
                number = _whole("choose_from_datasets", choice)
                if not 0 <= number < len(readings):
                    raise RangeError(
                        f"choose_from_datasets: expected a number below {len(readings)}, received {number}."
                    )
                found = next(readings[number], _END) if number in left else _END
                if found is not _END:
                    yield found
                elif stop_on_empty_dataset:
                    return
                else:
                    left.discard(number)

        return cls._of(elements, None)

    @classmethod
    def sample_from_datasets(
        cls,
        datasets: Sequence[Any],
        weights: Any = None,
        seed: int | None = None,
        stop_on_empty_dataset: bool = False,
        rerandomize_each_iteration: bool | None = None,
    ) -> Self:
        """Returns elements of several datasets, each time of one drawn at random by weights.

        Raises:
            OptionError: not as many weights as datasets, or all of them are 0.
        """
        given = _all_datasets("sample_from_datasets", datasets)
        listed = [1.0] * len(given) if weights is None else options.items(weights) or []
        shares = [
            share for each in listed if (share := options.real(each)) is not None and 0 <= share < math.inf
        ]
        if len(shares) != len(given) or len(shares) != len(listed) or not any(shares):
            raise OptionError(
                f"sample_from_datasets: expected {len(given)} weights, numbers from 0 that are not all 0, received "
                f"{shown(weights)}."
            )

        def elements() -> Iterator[Any]:
            draw = python_random.Random(seed)
            readings = {
                number: raw("sample_from_datasets", each)
                for number, each in enumerate(given)
                if shares[number] > 0
            }
            while readings:
                numbers = list(readings)
                number = draw.choices(numbers, [shares[each] for each in numbers])[0]
                found = next(readings[number], _END)
                if found is not _END:
                    yield found
                elif stop_on_empty_dataset:
                    return
                else:
                    del readings[number]

        return cls._of(elements, None)

    # What becomes of them

    def scan(self, initial_state: Any, scan_func: Callable[[Any, Any], Any], name: Any = None) -> Self:
        """Returns what a function of a state and an element gives beside the next state.

        Raises:
            ArgumentError: `scan_func` gives no pair; when it is read.
        """

        def elements() -> Iterator[Any]:
            state = initial_state
            for element in self:
                found = scan_func(state, element)
                if not isinstance(found, (list, tuple)) or len(found) != 2:
                    raise ArgumentError(
                        f"scan: expected `scan_func` to return a state and an element, received {shown(found)}."
                    )
                state, made = found
                yield made

        return self._of(elements, self.size)

    def take_while(self, predicate: Callable[..., Any], name: Any = None) -> Self:
        """Returns the elements before the first one for which a function is false."""

        def elements() -> Iterator[Any]:
            for element in self._raw():
                if not bool(self._each(predicate, element)):
                    return
                yield element

        return self._of(elements, None)

    def unique(self, name: Any = None) -> Self:
        """Returns each element once, where it comes first."""

        def elements() -> Iterator[Any]:
            seen = set()
            for element in self:
                key = str(_plain(element))
                if key not in seen:
                    seen.add(key)
                    yield element

        return self._of(elements, None)

    def ignore_errors(self, log_warning: bool = False, name: Any = None) -> Self:
        """Returns the elements that can be made, without those whose making ends with an error."""

        def elements() -> Iterator[Any]:
            reading = self._raw()
            while True:
                try:
                    element = next(reading, _END)
                except Exception as error:  # noqa: BLE001 (whatever the program's functions raise)
                    if log_warning:
                        print(f"ignore_errors: {error}")
                    continue
                if element is _END:
                    return
                yield element

        return self._of(elements, None)

    def rebatch(self, batch_size: int, drop_remainder: bool = False, name: Any = None) -> Self:
        """Returns batches of another size."""
        return self.unbatch().batch(batch_size, drop_remainder)

    def group_by_window(
        self,
        key_func: Callable[..., Any],
        reduce_func: Callable[[Any, Any], Any],
        window_size: int | None = None,
        window_size_func: Callable[[Any], Any] | None = None,
        name: Any = None,
    ) -> Self:
        """Returns what a function makes of datasets of elements with the same key, each of as many elements as a window has.

        Raises:
            ArgumentError: neither or both of `window_size` and `window_size_func`.
        """
        if (window_size is None) == (window_size_func is None):
            raise ArgumentError("group_by_window: expected either window_size or window_size_func.")

        def elements() -> Iterator[Any]:
            groups: dict[int, list[Any]] = {}
            for element in self._raw():
                key = _whole("group_by_window", self._each(key_func, element))
                groups.setdefault(key, []).append(element)
                size = window_size_func(ops.scalar(key, "int32")) if window_size_func else window_size
                if size is not None and len(groups[key]) == _whole("group_by_window", size):
                    yield from reduced(key, groups.pop(key))
            for key, group in groups.items():
                yield from reduced(key, group)

        def reduced(key: int, group: list[Any]) -> Iterable[Any]:
            made = self._of(lambda: iter(group), len(group))
            return raw("group_by_window", reduce_func(ops.scalar(key, "int32"), made))

        return self._of(elements, None)

    def bucket_by_sequence_length(
        self,
        element_length_func: Callable[..., Any],
        bucket_boundaries: Sequence[int],
        bucket_batch_sizes: Sequence[int],
        padded_shapes: Any = None,
        padding_values: Any = None,
        pad_to_bucket_boundary: bool = False,
        no_padding: bool = False,
        drop_remainder: bool = False,
        name: Any = None,
    ) -> Self:
        """Returns batches of elements of similar lengths, padded at their ends.

        Args:
            element_length_func: gives the length of an element.
            bucket_boundaries: lengths that part the buckets; one that is as long lies above.
            bucket_batch_sizes: elements of a batch of each bucket, one more than boundaries.
            padded_shapes, padding_values, drop_remainder: as for `padded_batch`.
            pad_to_bucket_boundary: whether elements are padded to one less than the boundary above them, not to the longest.
            no_padding: whether elements of a batch have the same shape as they are.

        Raises:
            OptionError: not one batch size more than boundaries.
            RangeError: with `pad_to_bucket_boundary` an element as long as the last boundary; when it is read.
        """
        if len(bucket_batch_sizes) != len(bucket_boundaries) + 1:
            raise OptionError(
                f"bucket_by_sequence_length: expected {len(bucket_boundaries) + 1} batch sizes, received "
                f"{len(bucket_batch_sizes)}."
            )

        def bucket(*element: Any) -> int:
            length = _whole("bucket_by_sequence_length", element_length_func(*element))
            return sum(length >= boundary for boundary in bucket_boundaries)

        def batched(key: Any, window: Any) -> Any:
            number = int(key)
            size = bucket_batch_sizes[number]
            if no_padding:
                return window.batch(size, drop_remainder)
            shapes = padded_shapes
            if pad_to_bucket_boundary:
                if number == len(bucket_boundaries):
                    raise RangeError(
                        "bucket_by_sequence_length: an element is as long as the last boundary, or longer."
                    )
                longest = bucket_boundaries[number] - 1
                shapes = [longest if length in (None, -1) else length for length in (padded_shapes or [None])]
            return window.padded_batch(size, shapes, padding_values, drop_remainder)

        return self.group_by_window(
            bucket, batched, window_size_func=lambda key: bucket_batch_sizes[int(key)]
        )

    # What is known of them

    def get_single_element(self, name: Any = None) -> Any:
        """Returns the only element.

        Raises:
            ArgumentError: there is none, or more than one.
        """
        found = list(itertools.islice(iter(self), 2))
        if len(found) != 1:
            raise ArgumentError(
                f"get_single_element: expected one element, received {'more' if found else 'none'}."
            )
        return found[0]

    @property
    def element_spec(self) -> Any:
        """Shape and dtype of each part of an element, as the first element has them; None for the size of batches."""
        first = next(iter(self), None)
        if first is None:
            raise ArgumentError("element_spec: the dataset has no element to tell by.")
        return self._spec(first)

    def _spec(self, part: Any) -> Any:
        if isinstance(part, dict):
            return {key: self._spec(value) for key, value in part.items()}
        if isinstance(part, tuple):
            return tuple(self._spec(value) for value in part)
        if isinstance(part, data.Dataset):
            return part
        shape = tuple(part.shape)
        return TensorSpec((None, *shape[1:]) if self._last_is_short and shape else shape, str(part.dtype))

    def __getattr__(self, name: str) -> Any:
        known = getattr(type(self), name, None)
        if isinstance(known, property) and known.fget is not None:
            return known.fget(self)  # says what it lacked, in place of a name that is there
        if name in _INSTEAD:
            raise AttributeError(f"tf.data.Dataset has no {name!r} here: {_INSTEAD[name]}.")
        return missing("tf.data.Dataset", [each for each in dir(type(self)) if each[0] != "_"])(name)


methods.complete(Choosing, tensorflow_datasets.EXAMPLES, tensorflow_datasets.MEANINGS)

_END = object()
_INSTEAD = {
    "save": f"{_OF_GRAPHS}; keep arrays in files: numpy.savez(path, *arrays)",
    "load": f"{_OF_GRAPHS}; read arrays: Dataset.from_tensor_slices(numpy.load(path))",
    "snapshot": f"{_OF_GRAPHS}; use cache()",
    "ragged_batch": "there are no ragged tensors; use padded_batch",
    "sparse_batch": "there are no sparse tensors; use batch or padded_batch",
    "rejection_resample": "use sample_from_datasets of one dataset for each class, with weights",
    "options": f"{_OF_GRAPHS}; options have no effect",
    "fingerprint": _OF_GRAPHS,
}


def _whole(owner: str, value: Any) -> int:
    """Returns what a function of the user's gave as a whole number."""
    found = options.whole(value.item() if isinstance(value, Tensor) and value.size == 1 else value)
    if found is None:
        raise OptionError(f"{owner}: expected a whole number, received {shown(value)}.")
    return found


def _plain(element: Any) -> Any:
    """Returns an element as what can be compared."""
    if isinstance(element, dict):
        return {key: _plain(value) for key, value in element.items()}
    if isinstance(element, tuple):
        return tuple(map(_plain, element))
    return element.tolist() if isinstance(element, Tensor) else element


__all__ = ["Choosing"]
