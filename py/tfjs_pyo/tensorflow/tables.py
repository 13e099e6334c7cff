"""`tf.data.experimental`, `tf.data.TextLineDataset`: lines and tables of files as datasets."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core import engine
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, FormatError, OptionError, StorageError
from tfjs_pyo.io.file_errors import format_errors, storage_errors
from tfjs_pyo.options import items, shown
from tfjs_pyo.rules import all_checked
from tfjs_pyo.tensorflow.choosing import raw
from tfjs_pyo.tensorflow.datasets import AUTOTUNE, INFINITE_CARDINALITY, UNKNOWN_CARDINALITY, Dataset
from tfjs_pyo.tensorflow.files import glob

_INFERRED_FROM = 100


def named_files(owner: str, given: Any) -> list[Any]:
    """Returns names of files, of one or of several."""
    given = given.tolist() if hasattr(given, "tolist") else given
    names = [given] if isinstance(given, (str, Path)) else items(given)
    if not names or not all(isinstance(each, (str, Path)) for each in names):
        raise ArgumentError(f"{owner}: expected names of files, received {shown(given)}.")
    return names


def _files(owner: str, pattern: Any) -> list[str]:
    found = [name for each in named_files(owner, pattern) for name in glob(str(each))]
    if not found:
        raise StorageError(f"{owner}: no file fits {shown(pattern)}.")
    return found


def _lines(owner: str, filename: str, compression: str | None) -> Iterator[bytes]:
    """Yields the lines of a file, with their ends."""
    packed = (compression or "").upper() == "GZIP"
    with (
        storage_errors(owner, Path(filename), "read"),
        format_errors(f"{owner}: {filename!r}", "a file that GZIP compressed"),
        gzip.open(filename) if packed else Path(filename).open("rb") as file,
    ):
        yield from file


def _rows(filename: str, compression: str | None, delimiter: str, quotes: bool) -> Iterator[list[str]]:
    """Yields the rows of a table; those without a value are left out."""
    with format_errors(f"make_csv_dataset: {filename!r}", "a table of values in UTF-8"):
        lines = (line.decode() for line in _lines("make_csv_dataset", filename, compression))
        table = csv.reader(
            lines, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE
        )
        yield from filter(None, table)


def _as_text(line: bytes) -> str | bytes:
    """Returns a line as text; where it is none in UTF-8, its bytes, as TensorFlow has them."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line


def text_lines(filenames: Any, compression_type: str | None = None, **_options: Any) -> Dataset:
    r"""Returns a dataset of the lines of files, one file after the other.

    Args:
        filenames: of one file or several.
        compression_type: 'GZIP' for compressed files.

    Example:
        >>> import tempfile
        >>> from tfjs_pyo import tensorflow as tf
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     tf.io.write_file(f"{folder}/lines.txt", "one\ntwo\n")
        ...     [line.item() for line in tf.data.TextLineDataset(f"{folder}/lines.txt")]
        ['one', 'two']

    Source: https://www.tensorflow.org/api_docs/python/tf/data/TextLineDataset
    """
    names = named_files("TextLineDataset", filenames)

    def lines() -> Iterator[Tensor]:
        for name in names:
            for line in _lines("TextLineDataset", str(name), compression_type):
                yield ops.tensor(_as_text(line.rstrip(b"\r\n")), [], "string")

    return Dataset.from_generator(lines)


class _Column:
    """A column of a table: what its texts mean.

    Args:
        name: for errors.
        given: its dtype, its default value, or that in a list; None where the texts tell the dtype.
        texts: some of them.
        na: what stands for a value that is missing.
    """

    def __init__(self, name: str, given: Any, texts: Sequence[str], na: str) -> None:
        self.name, self._na = name, na
        self._np = engine.import_numpy("make_csv_dataset")
        self._default: Any = None
        if given is None:
            self.dtype = _dtype_of([text for text in texts if text not in ("", na)])
            self._default = "" if self.dtype == "string" else 0
            return
        value = given.tolist() if hasattr(given, "tolist") else given
        value = value[0] if isinstance(value, (list, tuple)) and value else value
        if isinstance(given, str) and str(given) in ("float32", "float64", "int32", "int64", "string"):
            self.dtype = {"float64": "float32", "int64": "int32"}.get(str(given), str(given))
        elif isinstance(value, (list, tuple)):
            raise OptionError(f"make_csv_dataset: column {name!r} has an empty default.")
        else:
            self._default = value
            whole = isinstance(value, int) and not isinstance(value, bool)
            self.dtype = "string" if isinstance(value, str) else "int32" if whole else "float32"

    def _as_scalar(self, value: Any) -> Any:
        """Returns a value in the column's dtype: a scalar of NumPy, which costs less than a tensor of its own."""
        return value if self.dtype == "string" else getattr(self._np, self.dtype)(value)

    def value(self, text: str) -> Any:
        """Returns what a text stands for."""
        if text in ("", self._na):
            if self._default is None:
                raise FormatError(
                    f"make_csv_dataset: a value of column {self.name!r} is missing, and it has no default."
                )
            return self._as_scalar(self._default)
        if self.dtype == "string":
            return text
        try:
            return self._as_scalar(int(text) if self.dtype == "int32" else float(text))
        except ValueError:
            raise FormatError(
                f"make_csv_dataset: expected a number in column {self.name!r}, received {text!r}. Give its default in "
                "column_defaults: [0.0] for numbers, ['NA'] for texts."
            ) from None


def _dtype_of(texts: Sequence[str]) -> str:
    for dtype, read in (("int32", int), ("float32", float)):
        try:
            for text in texts:
                read(text)
        except ValueError:
            continue
        return dtype
    return "string"


def make_csv_dataset(
    file_pattern: Any,
    batch_size: int,
    column_names: Sequence[str] | None = None,
    column_defaults: Sequence[Any] | None = None,
    label_name: str | None = None,
    select_columns: Sequence[Any] | None = None,
    field_delim: str = ",",
    use_quote_delim: bool = True,
    na_value: str = "",
    header: bool = True,
    num_epochs: int | None = None,
    shuffle: bool = True,
    shuffle_buffer_size: int = 10000,
    shuffle_seed: int | None = None,
    compression_type: str | None = None,
    ignore_errors: bool = False,
    **_options: Any,
) -> Dataset:
    """Returns a dataset of batches of rows: dicts of columns, with the labels beside them if `label_name` is given.

    Args:
        file_pattern: names of files, which may have `*` in them.
        batch_size: rows of a batch.
        column_names: of all columns; default: those in the first line.
        column_defaults: of each column that is selected: its dtype, or a value for missing ones, or that in a list.
        label_name: the column of the labels.
        select_columns: names or places of the columns that are read; default: all.
        field_delim: what stands between values.
        use_quote_delim: whether values may stand in quotes.
        na_value: what stands for a missing value, besides nothing.
        header: whether files begin with a line of names.
        num_epochs: how often the rows come; default: without end, in full batches then.
        shuffle: whether rows come in an order drawn at random.
        shuffle_buffer_size: how many rows are held to draw the next one from.
        shuffle_seed: number for the same order each time; default: another one each time.
        compression_type: 'GZIP' for compressed files.
        ignore_errors: whether rows that cannot be read are left out.

    Source: https://www.tensorflow.org/api_docs/python/tf/data/experimental/make_csv_dataset
    """
    files = _files("make_csv_dataset", file_pattern)

    def rows() -> Iterator[list[str]]:
        for name in files:
            table = _rows(name, compression_type, field_delim, use_quote_delim)
            if header:
                next(table, None)
            yield from table

    names = list(column_names) if column_names else _header(files[0], compression_type, field_delim, header)
    chosen = [
        each if isinstance(each, int) else _place(names, each, "select_columns")
        for each in select_columns or range(len(names))
    ]
    if label_name is not None:
        _place([names[each] for each in chosen], label_name, "label_name")
    columns = _columns(names, chosen, column_defaults, rows, na_value)

    dataset = Dataset.from_generator(lambda: _elements(rows(), names, chosen, columns, ignore_errors))
    if shuffle:
        dataset = dataset.shuffle(shuffle_buffer_size, shuffle_seed)
    if num_epochs != 1:
        dataset = dataset.repeat(num_epochs)
    dataset = dataset.batch(batch_size, drop_remainder=num_epochs is None)
    if label_name is None:
        return dataset
    return dataset.map(lambda found: ({k: v for k, v in found.items() if k != label_name}, found[label_name]))


def _elements(
    rows: Iterator[list[str]],
    names: Sequence[str],
    chosen: Sequence[int],
    columns: Sequence[_Column],
    ignore: bool,
) -> Iterator[dict[str, Any]]:
    """Yields a dict of columns for each row."""
    for row in rows:
        if len(row) != len(names):
            if ignore:
                continue
            raise FormatError(
                f"make_csv_dataset: expected {len(names)} values in a row, received {len(row)}: {row}."
            )
        try:
            values = [column.value(row[place]) for place, column in zip(chosen, columns, strict=True)]
        except FormatError:
            if ignore:
                continue
            raise
        yield {column.name: value for value, column in zip(values, columns, strict=True)}


def _header(filename: str, compression: str | None, delimiter: str, header: bool) -> list[str]:
    if not header:
        raise ArgumentError("make_csv_dataset: expected column_names for files without a header.")
    names = next(_rows(filename, compression, delimiter, True), None)
    if names is None:
        raise FormatError(f"make_csv_dataset: {filename!r}: expected a line of names, but the file is empty.")
    return names


def _place(names: Sequence[str], name: str, argument: str) -> int:
    if name not in names:
        raise ArgumentError(f"make_csv_dataset: {argument} names {name!r}; the columns are {list(names)}.")
    return names.index(name)


def _columns(
    names: Sequence[str],
    chosen: Sequence[int],
    defaults: Sequence[Any] | None,
    rows: Callable[[], Iterator[list[str]]],
    na: str,
) -> list[_Column]:
    if defaults is not None and len(defaults) != len(chosen):
        raise ArgumentError(
            f"make_csv_dataset: expected column_defaults for {len(chosen)} columns, received {len(defaults)}."
        )
    some = [row for row, _ in zip(rows(), range(_INFERRED_FROM), strict=False) if len(row) == len(names)]
    given = defaults or [None] * len(chosen)
    return [
        _Column(names[place], default, [row[place] for row in some], na)
        for place, default in zip(chosen, given, strict=True)
    ]


def cardinality(dataset: Dataset) -> int:
    """Returns how many elements a dataset has, as its own `cardinality` does."""
    raw("cardinality", dataset)
    return dataset.cardinality()


_FUNCTIONS: dict[str, Any] = {
    "AUTOTUNE": AUTOTUNE,
    "INFINITE_CARDINALITY": INFINITE_CARDINALITY,
    "UNKNOWN_CARDINALITY": UNKNOWN_CARDINALITY,
    "cardinality": cardinality,
    "make_csv_dataset": make_csv_dataset,
}

EXPERIMENTAL = all_checked(_FUNCTIONS)

__all__ = ["EXPERIMENTAL", "make_csv_dataset", "text_lines"]
