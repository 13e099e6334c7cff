"""`tf.lookup`: tables from strings or whole numbers to others, which work on values outside of the graph."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from tfjs_pyo import nests, ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtype_names import STORED_AS
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.fingerprint import fingerprint64
from tfjs_pyo.io.file_errors import format_errors, storage_errors
from tfjs_pyo.layers.trials import Spec, stand_in
from tfjs_pyo.options import shown
from tfjs_pyo.rules import checks_methods
from tfjs_pyo.tensorflow.functions import constant
from tfjs_pyo.tensorflow_names.functions import DType

Entry = str | int | float | bool


def _entries(value: Any) -> list[Entry]:
    """Returns the values of a tensor, an array or a list, one after the other."""
    return list(nests.leaves(constant(value).array_sync()))


def _stored(dtype: Any) -> str:
    """Returns the dtype that stands for one of TensorFlow's here."""
    name = str(getattr(dtype, "name", dtype))
    return STORED_AS.get(name, name)


@checks_methods
class KeyValueTensorInitializer:
    """The first entries of a table: keys, and a value for each.

    Args:
        keys: strings or whole numbers.
        values: strings or numbers.
        key_dtype, value_dtype: accepted as they are; those of the values count.
        name: has no effect.

    Raises:
        ArgumentError: not as many values as keys.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> entries = tf.lookup.KeyValueTensorInitializer(["a", "b"], [3, 4])
        >>> tf.lookup.StaticHashTable(entries, default_value=-1).lookup(["b", "z"])
        Tensor
            [4, -1]

    Source: https://www.tensorflow.org/api_docs/python/tf/lookup/KeyValueTensorInitializer
    """

    def __init__(
        self, keys: Any, values: Any, key_dtype: Any = None, value_dtype: Any = None, name: str | None = None
    ) -> None:
        names, found = _entries(keys), _entries(values)
        if len(names) != len(found):
            raise ArgumentError(
                f"tf.lookup.KeyValueTensorInitializer: expected a value for each of {len(names)} keys, received {len(found)}."
            )
        self.entries = dict(zip(names, found, strict=True))
        self.key_dtype, self.value_dtype = constant(keys).dtype, constant(values).dtype


class TextFileIndex:
    r"""What a line of a file is taken as: the whole line, or its number. Other numbers are those of columns.

    Example:
        >>> import tempfile
        >>> from tfjs_pyo import tensorflow as tf
        >>> index = tf.lookup.TextFileIndex
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     tf.io.write_file(f"{folder}/words.txt", "the\nfox\n")
        ...     words = tf.lookup.TextFileInitializer(
        ...         f"{folder}/words.txt", tf.string, index.WHOLE_LINE, tf.int64, index.LINE_NUMBER)
        >>> tf.lookup.StaticHashTable(words, default_value=-1).lookup(["fox", "dog"])
        Tensor
            [1, -1]

    Source: https://www.tensorflow.org/api_docs/python/tf/lookup/TextFileIndex
    """

    WHOLE_LINE: ClassVar[int] = -2
    LINE_NUMBER: ClassVar[int] = -1


@checks_methods
class TextFileInitializer:
    r"""The first entries of a table, from the lines of a file.

    Args:
        filename: path of the file.
        key_dtype, value_dtype: 'int32' or 'int64' for whole numbers, 'float32' for others, 'string'.
        key_index, value_index: the column of keys and of values, or a member of `TextFileIndex`.
        vocab_size: how many lines are read; default: all.
        delimiter: between columns.
        name: has no effect.
        value_index_offset: added to numbers of lines.

    Raises:
        ArgumentError: a line has no such column.

    Example:
        >>> import tempfile
        >>> from tfjs_pyo import tensorflow as tf
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     tf.io.write_file(f"{folder}/colours.csv", "red,3\ngreen,4\n")
        ...     entries = tf.lookup.TextFileInitializer(
        ...         f"{folder}/colours.csv", tf.string, 0, tf.int64, 1, delimiter=",")
        >>> tf.lookup.StaticHashTable(entries, default_value=-1).lookup(["green"])
        Tensor
            [4]

    Source: https://www.tensorflow.org/api_docs/python/tf/lookup/TextFileInitializer
    """

    def __init__(
        self,
        filename: Any,
        key_dtype: Any,
        key_index: int,
        value_dtype: Any,
        value_index: int,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str | None = None,
        value_index_offset: int = 0,
    ) -> None:
        path = Path(str(filename))
        with storage_errors("TextFileInitializer", path, "read"), format_errors(str(path), "lines in UTF-8"):
            lines = path.read_text(encoding="utf-8").splitlines()[:vocab_size]
        self.entries: dict[Entry, Entry] = {}
        self.key_dtype, self.value_dtype = _stored(key_dtype), _stored(value_dtype)
        for number, line in enumerate(lines):
            key, value = (self._part(line, delimiter, number, index) for index in (key_index, value_index))
            if value_index == TextFileIndex.LINE_NUMBER:
                value = number + value_index_offset
            self.entries[_typed(key, self.key_dtype)] = _typed(value, self.value_dtype)

    @staticmethod
    def _part(line: str, delimiter: str, number: int, index: int) -> str | int:
        if index == TextFileIndex.LINE_NUMBER:
            return number
        if index == TextFileIndex.WHOLE_LINE:
            return line
        parts = line.split(delimiter)
        if index >= len(parts):
            raise ArgumentError(
                f"tf.lookup.TextFileInitializer: expected a column {index} in line {number + 1}, received {shown(line)}."
            )
        return parts[index]


def _typed(value: str | int, dtype: str) -> Entry:
    return int(value) if dtype == "int32" else float(value) if dtype == "float32" else str(value)


class _Table:
    """Base of tables.

    Args:
        entries: values by their keys.
        key_dtype, value_dtype: of tensors of keys and of values.
        default_value: the value of what is no key.
    """

    def __init__(
        self, entries: Mapping[Entry, Entry], key_dtype: str, value_dtype: str, default_value: Any = None
    ) -> None:
        self._entries = dict(entries)
        self._dtypes = key_dtype, value_dtype
        self._default = default_value if default_value is None else _entries(default_value)[0]

    @property
    def key_dtype(self) -> DType:
        """The dtype of keys."""
        return DType(self._dtypes[0])

    @property
    def value_dtype(self) -> DType:
        """The dtype of values."""
        return DType(self._dtypes[1])

    def _missing(self, key: Entry) -> Any:
        return self._default

    def lookup(self, keys: Any, name: str | None = None) -> Tensor:
        """Returns the values of keys, in their shape.

        Args:
            keys: tensor of the table's `key_dtype`.
            name: has no effect.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> ages = tf.lookup.KeyValueTensorInitializer(["Ann", "Bob"], [30, 40])
            >>> table = tf.lookup.StaticHashTable(ages, default_value=-1)
            >>> table.lookup(tf.constant(["Bob", "Eve"]))
            Tensor
                [40, -1]
        """
        given = constant(keys)
        without_values = stand_in(lambda: Spec(given.shape, self._dtypes[1]))
        if without_values is not None:
            return without_values
        found = [
            self._entries[key] if key in self._entries else self._missing(key) for key in _entries(given)
        ]
        return ops.tensor(found, given.shape, self._dtypes[1])

    def __getitem__(self, keys: Any) -> Tensor:
        return self.lookup(keys)

    def size(self, name: str | None = None) -> Tensor:
        """Returns how many entries there are.

        Args:
            name: has no effect.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> ages = tf.lookup.KeyValueTensorInitializer(["Ann", "Bob"], [30, 40])
            >>> int(tf.lookup.StaticHashTable(ages, default_value=-1).size())
            2
        """
        return ops.scalar(len(self._entries), "int32")

    def export(self, name: str | None = None) -> tuple[Tensor, Tensor]:
        """Returns all keys and their values.

        Args:
            name: has no effect.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> ages = tf.lookup.KeyValueTensorInitializer(["Ann", "Bob"], [30, 40])
            >>> keys, values = tf.lookup.StaticHashTable(ages, default_value=-1).export()
            >>> keys.tolist(), values.tolist()
            (['Ann', 'Bob'], [30, 40])
        """
        columns = list(self._entries), list(self._entries.values())
        keys, values = (
            ops.tensor(c, [len(c)], dtype) for c, dtype in zip(columns, self._dtypes, strict=True)
        )
        return keys, values


@checks_methods
class StaticHashTable(_Table):
    """A table that stays as it is.

    Args:
        initializer: its entries.
        default_value: the value of what is no key.
        name, experimental_is_anonymous: have no effect.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> colours = tf.lookup.KeyValueTensorInitializer([1, 2], ["red", "green"])
        >>> tf.lookup.StaticHashTable(colours, "unknown").lookup([[2], [7]]).tolist()
        [['green'], ['unknown']]

    Source: https://www.tensorflow.org/api_docs/python/tf/lookup/StaticHashTable
    """

    def __init__(
        self,
        initializer: Any,
        default_value: Any,
        name: str | None = None,
        experimental_is_anonymous: bool = False,
    ) -> None:
        super().__init__(initializer.entries, initializer.key_dtype, initializer.value_dtype, default_value)


@checks_methods
class StaticVocabularyTable(_Table):
    """A table from keys to whole numbers; other keys share further numbers, by their hashes.

    Args:
        initializer: its entries.
        num_oov_buckets: how many further numbers there are, after those of the entries.
        lookup_key_dtype, name, experimental_is_anonymous: have no effect.

    Raises:
        ArgumentError: fewer than one.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> entries = tf.lookup.KeyValueTensorInitializer(["a", "b"], [0, 1])
        >>> tf.lookup.StaticVocabularyTable(entries, num_oov_buckets=1).lookup(["b", "z"])
        Tensor
            [1, 2]

    Source: https://www.tensorflow.org/api_docs/python/tf/lookup/StaticVocabularyTable
    """

    def __init__(
        self,
        initializer: Any,
        num_oov_buckets: int,
        lookup_key_dtype: Any = None,
        name: str | None = None,
        experimental_is_anonymous: bool = False,
    ) -> None:
        if num_oov_buckets < 1:
            raise ArgumentError(
                f"tf.lookup.StaticVocabularyTable: expected `num_oov_buckets` of 1 or more, received {num_oov_buckets}."
            )
        entries, key_dtype = (
            ({}, "string") if initializer is None else (initializer.entries, initializer.key_dtype)
        )
        super().__init__(entries, key_dtype, "int32")
        self._buckets = num_oov_buckets

    def _missing(self, key: Entry) -> Any:
        text = key if isinstance(key, str) else str(key)
        return len(self._entries) + fingerprint64(text.encode()) % self._buckets

    def size(self, name: str | None = None) -> Tensor:
        """Returns how many numbers there are, the further ones among them.

        Args:
            name: has no effect.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> entries = tf.lookup.KeyValueTensorInitializer(["a", "b"], [0, 1])
            >>> int(tf.lookup.StaticVocabularyTable(entries, num_oov_buckets=3).size())
            5
        """
        return ops.scalar(len(self._entries) + self._buckets, "int32")


@checks_methods
class MutableHashTable(_Table):
    """A table whose entries change.

    Args:
        key_dtype, value_dtype: of keys and values.
        default_value: the value of what is no key.
        name, checkpoint, experimental_is_anonymous: have no effect.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> table = tf.lookup.experimental.MutableHashTable("string", "int64", default_value=-1)
        >>> table.insert(["a", "b"], [3, 4])
        >>> table.remove(["b"])
        >>> table.lookup(["a", "b"])
        Tensor
            [3, -1]

    Source: https://www.tensorflow.org/api_docs/python/tf/lookup/experimental/MutableHashTable
    """

    def __init__(
        self,
        key_dtype: Any,
        value_dtype: Any,
        default_value: Any,
        name: str | None = None,
        checkpoint: bool = True,
        experimental_is_anonymous: bool = False,
    ) -> None:
        super().__init__({}, _stored(key_dtype), _stored(value_dtype), default_value)

    def insert(self, keys: Any, values: Any, name: str | None = None) -> None:
        """Sets the values of keys.

        Args:
            keys: tensor of the table's `key_dtype`.
            values: one for each key, of the table's `value_dtype`.
            name: has no effect.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> table = tf.lookup.experimental.MutableHashTable("string", "int64", default_value=-1)
            >>> table.insert(["a", "b"], [3, 4])
            >>> table.insert(["a"], [5])
            >>> table.lookup(["a", "b", "c"])
            Tensor
                [5, 4, -1]
        """
        self._entries.update(KeyValueTensorInitializer(keys, values).entries)

    def remove(self, keys: Any, name: str | None = None) -> None:
        """Removes keys; nothing happens where they are none.

        Args:
            keys: tensor of the table's `key_dtype`.
            name: has no effect.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> table = tf.lookup.experimental.MutableHashTable("string", "int64", default_value=-1)
            >>> table.insert(["a", "b"], [3, 4])
            >>> table.remove(["a", "z"])
            >>> table.lookup(["a", "b"])
            Tensor
                [-1, 4]
        """
        for key in _entries(keys):
            self._entries.pop(key, None)


LOOKUP: dict[str, Any] = {
    each.__name__: each
    for each in (
        KeyValueTensorInitializer, StaticHashTable, StaticVocabularyTable, TextFileIndex, TextFileInitializer,
    )
}  # fmt: skip
LOOKUP_EXPERIMENTAL: dict[str, Any] = {"MutableHashTable": MutableHashTable}

__all__ = [
    "LOOKUP", "LOOKUP_EXPERIMENTAL", "KeyValueTensorInitializer", "MutableHashTable", "StaticHashTable",
    "StaticVocabularyTable", "TextFileIndex", "TextFileInitializer",
]  # fmt: skip
