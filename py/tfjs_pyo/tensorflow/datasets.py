"""`tf.data` as TensorFlow has it in Python: datasets that a `for` loop reads, whose elements are tuples and dicts of tensors."""

from __future__ import annotations

import itertools
import math
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Self

from tfjs_pyo import data, ops
from tfjs_pyo.core import blocking, engine
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.data.batches import stacked
from tfjs_pyo.data.steps import whole
from tfjs_pyo.doc_examples import methods, tensorflow_datasets
from tfjs_pyo.errors import ArgumentError, OptionError
from tfjs_pyo.keras import ops as keras_ops
from tfjs_pyo.options import shown
from tfjs_pyo.rules import checks_methods
from tfjs_pyo.tensorflow.choosing import Choosing, raw

AUTOTUNE = -1
INFINITE_CARDINALITY = -1
UNKNOWN_CARDINALITY = -2
_NUMBERS = (
    "float32",
    "float64",
    "float16",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "bool",
)


class Cardinality(int):
    """A number of elements, which programs ask for its `numpy()` where TensorFlow has a tensor."""

    def numpy(self) -> Any:
        """Returns the number as NumPy's."""
        return engine.import_numpy("numpy()").int64(self)


@checks_methods
class Dataset(Choosing, data.Dataset):
    """Elements one after the other: tensors, or tuples and dicts of them. Made by its class methods.

    Each method gives another dataset and changes nothing here. `fit`, `evaluate` and `predict` take one whose elements are
    batches; a loop reads it as often as it likes. Arguments that say how TensorFlow parallelizes have no effect.

    Args:
        open_: gives the elements from the beginning.
        size: how many there are; infinity, or None where it is not known.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> dataset = tf.data.Dataset.from_tensor_slices(([1.0, 2.0, 3.0], [0, 1, 0])).batch(2)
        >>> [(x.tolist(), y.tolist()) for x, y in dataset]
        [([1.0, 2.0], [0, 1]), ([3.0], [0])]

    Source: https://www.tensorflow.org/api_docs/python/tf/data/Dataset
    """

    # Where elements come from

    @classmethod
    def from_tensor_slices(cls, tensors: Any, name: str | None = None) -> Self:
        """Returns a dataset of the rows of arrays: of one, or of those in a tuple or a dict side by side.

        Raises:
            ArgumentError: arrays without rows, or with different numbers of them.
        """
        held = _mapped(_Column, tensors)
        sizes = {len(column.rows) for column in _leaves(held)}
        if len(sizes) != 1:
            raise ArgumentError(
                f"from_tensor_slices: expected arrays with as many rows each, received {sorted(sizes)} rows."
            )
        count = sizes.pop()
        return cls._of(lambda: (_row(held, i) for i in range(count)), count)

    @classmethod
    def from_tensors(cls, tensors: Any, name: str | None = None) -> Self:
        """Returns a dataset of one element."""
        return cls._of(lambda: iter([_tensors(tensors)]), 1)

    @classmethod
    def from_generator(
        cls,
        generator: Callable[..., Iterable[Any]],
        output_types: Any = None,
        output_shapes: Any = None,
        args: Sequence[Any] | None = None,
        output_signature: Any = None,
        name: str | None = None,
    ) -> Self:
        """Returns a dataset of what a generator function yields; it is called for each reading.

        Raises:
            ArgumentError: the function gives nothing to go through; when it is read.
        """

        def begin() -> Iterator[Any]:
            found = generator(*(() if args is None else args))
            if not isinstance(found, Iterable):
                raise ArgumentError(
                    f"from_generator: expected a function that yields elements, received {shown(found)} of it."
                )
            return iter(found) if types is None else (_typed(element, types) for element in found)

        types = output_types if output_signature is None else output_signature
        return cls._of(begin, None)

    @classmethod
    def range(cls, *args: int, output_type: str = "int32", name: str | None = None) -> Self:
        """Returns a dataset of whole numbers, as Python's `range` has them.

        Raises:
            ArgumentError: no whole numbers, or a step of 0.
        """
        try:
            numbers = range(*args)
        except (TypeError, ValueError) as error:
            raise ArgumentError(
                f"range: expected one to three whole numbers and a step that is not 0: {error}."
            ) from None
        dtype = "int32" if output_type.startswith(("int", "uint")) else "float32"
        return cls._of(lambda: (ops.scalar(number, dtype) for number in numbers), len(numbers))

    @classmethod
    def zip(cls, *args: Any, datasets: Any = None, name: str | None = None) -> Self:
        """Returns elements of several datasets side by side, up to the end of the shortest."""
        given = datasets if datasets is not None else args[0] if len(args) == 1 else args
        found = data.zip(tuple(given) if isinstance(given, list) else given)
        return cls(found.__aiter__, found.size)

    # What becomes of them

    def map(
        self,
        map_func: Callable[..., Any],
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
        name: str | None = None,
    ) -> Self:
        """Returns what a function gives for each element; the parts of a tuple are its arguments."""
        return self._as(super().map(lambda element: _tensors(_called(map_func, element))))

    def filter(self, predicate: Callable[..., Any], name: str | None = None) -> Self:
        """Returns the elements for which a function is true."""
        return self._as(super().filter(lambda element: bool(_called(predicate, element))))

    def batch(
        self,
        batch_size: int,
        drop_remainder: bool = False,
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
        name: str | None = None,
    ) -> Self:
        """Returns elements together: what is at the same place in them becomes one tensor."""
        return self._short(self._as(super().batch(batch_size, not drop_remainder)), not drop_remainder)

    def padded_batch(
        self,
        batch_size: int,
        padded_shapes: Any = None,
        padding_values: Any = None,
        drop_remainder: bool = False,
        name: str | None = None,
    ) -> Self:
        """Returns elements together, the shorter ones padded at their ends.

        Args:
            batch_size: elements of a batch.
            padded_shapes: the shape of each part; None in it, or without it, for the longest of the batch.
            padding_values: a number, or one for each part; default: 0.
            drop_remainder: whether a last batch with fewer elements is left out.
        """

        def padded(elements: list[Any], start: int) -> Any:
            flat = [_leaves(element) for element in elements]
            shapes = _per_part(padded_shapes, elements[0])
            values = _per_part(padding_values, elements[0])
            made = iter(
                stacked(_padded(parts, shape, 0 if value is None else value), start)
                for parts, shape, value in zip(zip(*flat, strict=True), shapes, values, strict=True)
            )
            return _filled(elements[0], made)

        made = self._as(self._together("padded_batch", batch_size, not drop_remainder, padded))
        return self._short(made, not drop_remainder)

    def _short(self, made: Self, is_short: bool) -> Self:
        made._last_is_short = is_short
        return made

    def unbatch(self, name: str | None = None) -> Self:
        """Returns the rows of batches one by one.

        Raises:
            ArgumentError: elements have no rows; when they are read.
        """

        def rows(element: Any) -> Iterator[Any]:
            parts = [part.numpy() if isinstance(part, Tensor) else part for part in _leaves(element)]
            if any(not getattr(part, "shape", True) for part in parts):
                raise ArgumentError("unbatch: expected batches, received elements without rows.")
            for row in zip(*parts, strict=True):
                yield _filled(element, iter(row))

        return self._flattened(rows)

    def flat_map(self, map_func: Callable[..., Any], name: str | None = None) -> Self:
        """Returns the elements of the datasets that a function gives, one dataset after the other."""
        return self._flattened(lambda element: raw("flat_map", _called(map_func, element)))

    def interleave(
        self,
        map_func: Callable[..., Any],
        cycle_length: int | None = None,
        block_length: int | None = None,
        num_parallel_calls: int | None = None,
        deterministic: bool | None = None,
        name: str | None = None,
    ) -> Self:
        """Returns the elements of the datasets that a function gives.

        Args:
            map_func: gives a dataset for an element.
            cycle_length: how many datasets take turns; default: one.
            block_length: how many elements of a dataset come at each turn; default: one.
            num_parallel_calls, deterministic, name: have no effect.
        """
        turns = (
            1 if cycle_length in (None, AUTOTUNE) else whole("interleave", "cycle_length", cycle_length, 1)
        )
        most = 1 if block_length is None else whole("interleave", "block_length", block_length, 1)

        def elements() -> Iterator[Any]:
            sources = self._raw()
            running: list[Iterator[Any] | None] = [None] * turns
            place = 0
            while True:
                if running[place] is None:
                    for source in itertools.islice(sources, 1):
                        running[place] = raw("interleave", _called(map_func, source))
                current = running[place]
                if current is None:
                    if not any(running):
                        return
                else:
                    block = list(itertools.islice(current, most))
                    yield from block
                    if len(block) < most:
                        running[place] = None
                place = (place + 1) % turns

        return self._of(elements, None)

    def _flattened(self, parts: Callable[[Any], Iterable[Any]]) -> Self:
        return self._of(lambda: itertools.chain.from_iterable(map(parts, self._raw())), None)

    def window(
        self,
        size: int,
        shift: int | None = None,
        stride: int = 1,
        drop_remainder: bool = False,
        name: str | None = None,
    ) -> Self:
        """Returns datasets of `size` elements each, which begin `shift` elements after one another."""
        whole("window", "size", size, 1)
        whole("window", "stride", stride, 1)
        step = size if shift is None else whole("window", "shift", shift, 1)

        def windows() -> Iterator[Any]:
            elements = list(self._raw())
            for start in range(0, len(elements), step):
                found = elements[start : start + size * stride : stride]
                if len(found) == size or not drop_remainder:
                    yield self._of(partial(iter, found), len(found))

        return self._of(windows, None)

    def enumerate(self, start: int = 0, name: str | None = None) -> Self:
        """Returns pairs of a number and an element."""
        return self._of(lambda: enumerate(self._raw(), start), self.size)

    def apply(self, transformation_func: Callable[[Self], Self]) -> Self:
        """Returns what a function makes of the dataset."""
        return transformation_func(self)

    # Which come, and in which order

    def shuffle(
        self,
        buffer_size: int,
        seed: int | str | None = None,
        reshuffle_each_iteration: bool | None = True,
        name: str | None = None,
    ) -> Self:
        """Returns the elements in an order drawn at random from a window that moves over them."""
        again = True if reshuffle_each_iteration is None else reshuffle_each_iteration
        return self._as(super().shuffle(buffer_size, seed, again))

    def repeat(self, count: int | None = None, name: str | None = None) -> Self:
        """Returns the elements several times over, without end by default."""
        return self._as(super().repeat(count))

    def take(self, count: int | None = None, name: str | None = None) -> Self:
        """Returns the first elements."""
        return self._as(super().take(count))

    def skip(self, count: int | None = None, name: str | None = None) -> Self:
        """Returns what comes after the first elements."""
        return self._as(super().skip(count))

    def shard(self, num_shards: int, index: int, name: str | None = None) -> Self:
        """Returns each `num_shards`-th element, from the one with number `index` on.

        Raises:
            OptionError: `index` is not below `num_shards`.
        """
        whole("shard", "num_shards", num_shards, 1)
        if whole("shard", "index", index, 0) >= num_shards:
            raise OptionError(f"shard: expected `index` below {num_shards}, received {index}.")
        size = (
            None
            if self.size is None or self.size == math.inf
            else len(range(index, int(self.size), num_shards))
        )
        return self._of(lambda: itertools.islice(self._raw(), index, None, num_shards), size)

    def concatenate(self, dataset: data.Dataset, name: str | None = None) -> Self:
        """Returns the elements of this and then of another dataset."""
        return self._as(super().concatenate(dataset))

    def prefetch(self, buffer_size: int, name: str | None = None) -> Self:
        """Returns the dataset itself: elements are made when they are asked for."""
        return self

    def with_options(self, options: Any, name: str | None = None) -> Self:
        """Returns the dataset itself: options say how TensorFlow runs it."""
        return self

    def cache(self, filename: str = "", name: str | None = None) -> Self:
        """Returns the same elements, which are made once and kept after the first whole reading."""
        kept: list[Any] = []
        whole = False

        def elements() -> Iterator[Any]:
            nonlocal kept, whole
            if whole:
                yield from kept
                return
            found = []
            for element in self._raw():
                found.append(element)
                yield element
            kept, whole = found, True

        return self._of(elements, self.size)

    # Reading

    def __iter__(self) -> Iterator[Any]:
        return map(_tensors, self._raw())

    def as_numpy_iterator(self) -> Iterator[Any]:
        """Returns the elements with arrays of NumPy in them."""
        return (_mapped(_array, element) for element in self)

    def reduce(
        self,
        initial_state: Any,
        reduce_func: Callable[[Any, Any], Any],
        name: str | None = None,
    ) -> Any:
        """Returns what a function makes of a state and one element after the other."""
        state = initial_state
        for element in self:
            state = reduce_func(state, element)
        return state

    def cardinality(self) -> Cardinality:
        """Returns how many elements there are: `tf.data.INFINITE_CARDINALITY`, or UNKNOWN_CARDINALITY, if that is no number."""
        if self.size is None:
            return Cardinality(UNKNOWN_CARDINALITY)
        return Cardinality(INFINITE_CARDINALITY if self.size == math.inf else self.size)

    def __len__(self) -> int:
        count = int(self.cardinality())
        if count < 0:
            raise ArgumentError(
                "len: expected a dataset of known length. Use cardinality(), or take(n) before."
            )
        return count

    def __bool__(self) -> bool:
        return True

    def _raw(self) -> Iterator[Any]:
        """Returns the elements as they are kept: rows of arrays, before anything asks for tensors."""
        return _Reading(aiter(self))

    @classmethod
    def _of(cls, begin: Callable[[], Iterator[Any]], size: float | None) -> Self:
        async def elements() -> AsyncIterator[Any]:
            for element in begin():
                yield element

        return cls(elements, size)

    def _as(self, dataset: data.Dataset) -> Self:
        made = type(self)(dataset.__aiter__, dataset.size)
        return self._short(made, self._last_is_short)

    def _each(self, function: Callable[..., Any], element: Any) -> Any:
        return _called(function, element)


methods.complete(Dataset, tensorflow_datasets.EXAMPLES, tensorflow_datasets.MEANINGS)


class _Reading(Iterator[Any]):
    """The elements of a reading, one after the other; an error of one is not the end of the others."""

    def __init__(self, elements: AsyncIterator[Any]) -> None:
        self._elements = elements

    def __next__(self) -> Any:
        async def following() -> Any:
            return await anext(self._elements, _END)

        found = blocking.wait(following())
        if found is _END:
            raise StopIteration
        return found


_END = object()


def _mapped(function: Callable[[Any], Any], nest: Any) -> Any:
    """Returns a structure of the same form with what a function makes of each value. Lists are values: each becomes a tensor."""
    if isinstance(nest, Mapping):
        return {key: _mapped(function, value) for key, value in nest.items()}
    if isinstance(nest, tuple):
        return tuple([_mapped(function, value) for value in nest])
    return function(nest)


def _leaves(nest: Any) -> list[Any]:
    """Returns the values of a structure in the order in which `_mapped` meets them."""
    found: list[Any] = []
    _mapped(found.append, nest)
    return found


class _Column:
    """The rows of one part of the elements."""

    def __init__(self, values: Any) -> None:
        self.rows = _rows(values)


def _row(columns: Any, i: int) -> Any:
    return _mapped(lambda column: column.rows[i], columns)


def _rows(values: Any) -> Any:
    if isinstance(values, Tensor):
        values = values.numpy()
    if isinstance(values, list) and values and isinstance(values[0], str):
        return values
    if isinstance(values, list) and any(isinstance(value, Tensor) for value in values):
        return values
    rows = engine.import_numpy("tf.data").asarray(values)
    if not rows.shape:
        raise ArgumentError("from_tensor_slices: expected arrays with rows, received a single number.")
    return rows.tolist() if rows.dtype.kind in "OUS" else rows


def _tensors(element: Any) -> Any:
    """Returns an element with tensors in it: of whole numbers int32, of others float32."""
    return _mapped(
        lambda leaf: leaf if isinstance(leaf, (Tensor, data.Dataset)) else keras_ops.convert_to_tensor(leaf),
        element,
    )


def _typed(element: Any, types: Any) -> Any:
    """Returns an element whose values have the dtypes that a generator was declared with.

    Args:
        element: of the generator.
        types: dtypes or specs, in the form of the elements.
    """
    if isinstance(element, Mapping) and isinstance(types, Mapping):
        return {key: _typed(value, types.get(key)) for key, value in element.items()}
    if isinstance(types, (tuple, list)) and isinstance(element, (tuple, list)) and len(types) == len(element):
        return tuple(itertools.starmap(_typed, zip(element, types, strict=True)))
    name = str(getattr(types, "dtype", types))
    if isinstance(element, (Tensor, str, bytes)) or name not in _NUMBERS:
        return element
    return engine.import_numpy("from_generator").asarray(element, name)


def _filled(nest: Any, values: Iterator[Any]) -> Any:
    """Returns a structure of the same form with other values."""
    return _mapped(lambda _: next(values), nest)


def _array(leaf: Any) -> Any:
    return leaf.numpy() if isinstance(leaf, Tensor) else leaf


def _called(function: Callable[..., Any], element: Any) -> Any:
    made = _tensors(element)
    return function(*made) if isinstance(made, tuple) else function(made)


def _per_part(given: Any, element: Any) -> list[Any]:
    """Returns what was given for each part of an element: one for all, or a structure of the same form."""
    count = len(_leaves(element))
    if isinstance(element, Mapping) and isinstance(given, Mapping):
        return [given[key] for key in element]
    if isinstance(element, tuple) and isinstance(given, (tuple, list)):
        if len(given) != count:
            raise OptionError(
                f"padded_batch: expected shapes or values for {count} parts, received {len(given)}."
            )
        return list(given)
    return [given] * count


def _padded(parts: Sequence[Any], shape: Any, value: float) -> list[Any]:
    """Returns arrays of one shape, filled up at their ends."""
    np = engine.import_numpy("padded_batch")
    arrays = [np.asarray(_array(part)) for part in parts]
    longest = [max(sizes) for sizes in zip(*(array.shape for array in arrays), strict=True)]
    told = [None] * len(longest) if shape is None else list(shape)
    wanted = [most if size in (None, -1) else size for size, most in zip(told, longest, strict=True)]
    return [
        np.pad(
            array,
            [(0, size - own) for size, own in zip(wanted, array.shape, strict=True)],
            constant_values=value,
        )
        for array in arrays
    ]


__all__ = ["AUTOTUNE", "INFINITE_CARDINALITY", "UNKNOWN_CARDINALITY", "Dataset"]
