"""Lines of text and tables of comma-separated values, from files, addresses and strings."""

from __future__ import annotations

import csv as python_csv
import math
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.data.dataset import Dataset
from tfjs_pyo.errors import ArgumentError, OptionError, StorageError
from tfjs_pyo.io.servers import fetched


class FileDataSource:
    """Text in a file.

    Args:
        input: a path, an open file, bytes, or an object with `read()` or `text()` as browsers have it.

    Source: https://js.tensorflow.org/api/latest/#class:data.FileDataSource
    """

    def __init__(self, input: Any) -> None:
        self.input = input

    async def text(self) -> str:
        """Returns the whole text."""
        given = self.input
        if isinstance(given, (str, Path)):
            path = Path(str(given).removeprefix("file://"))
            if not path.is_file():
                raise StorageError(f"{path}: there is no such file.")
            return path.read_text(encoding="utf-8-sig")
        if hasattr(given, "text"):
            found = given.text()
            return str(await found if hasattr(found, "__await__") else found)
        content = given.read() if hasattr(given, "read") else given
        # An open file is read only once.
        self.input = content.encode() if isinstance(content, str) else content
        if isinstance(content, (bytes, bytearray, memoryview)):
            return bytes(content).decode("utf-8-sig")
        if isinstance(content, str):
            return content
        raise ArgumentError(
            f"FileDataSource: expected a path, a file or bytes, received {type(given).__name__}."
        )


class URLDataSource:
    """Text at an address.

    Args:
        url: begins with http:// or https://; in the page also relative to it.
        file_options: options of the request.

    Source: https://js.tensorflow.org/api/latest/#class:data.URLDataSource
    """

    def __init__(self, url: str, file_options: Mapping[str, Any] | None = None) -> None:
        self.url = url
        self.options = dict(file_options or {})

    async def text(self) -> str:
        """Returns the whole text.

        Raises:
            StorageError: it cannot be fetched.
        """
        return (await fetched(self.url, self.options)).decode("utf-8-sig")


Source = FileDataSource | URLDataSource


class TextLineDataset(Dataset):
    """The lines of a text, without their ends.

    Args:
        input: a FileDataSource or URLDataSource.

    Source: https://js.tensorflow.org/api/latest/#class:data.TextLineDataset
    """

    def __init__(self, input: Source) -> None:
        self.input = input
        super().__init__(self._lines)

    async def _lines(self) -> AsyncIterator[Any]:
        lines = (await self.input.text()).split("\n")
        for line in lines if lines[-1] else lines[:-1]:
            yield line.removesuffix("\r")


class ColumnConfig:
    """What is known of a column.

    Attributes:
        required: whether an empty place is an error.
        dtype: 'float32', 'int32', 'bool' or 'string'; numbers are recognized unless told.
        default: what stands for an empty place.
        is_label: whether it belongs to the labels.
    """

    def __init__(self, column: str, given: Mapping[str, Any]) -> None:
        known = ("required", "dtype", "default", "is_label")
        options = naming.keyword_arguments(f"csv: column {column!r}", given, known)
        self.required = bool(options.get("required", False))
        self.dtype = options.get("dtype")
        self.default = options.get("default")
        self.is_label = bool(options.get("is_label", False))
        if self.dtype not in (None, "float32", "int32", "bool", "string"):
            raise OptionError(
                f"csv: expected dtype of column {column!r} to be 'float32', 'int32', 'bool' or 'string', received "
                f"{self.dtype!r}."
            )


_OPTIONS = (
    "has_header", "column_names", "column_configs", "configured_columns_only", "delimiter", "delim_whitespace",
)  # fmt: skip


class CSVDataset(Dataset):
    """The rows of a table as dicts; with labels as `{'xs': features, 'ys': labels}`.

    Args:
        input: a FileDataSource or URLDataSource.
        csv_config: has_header (true unless told), column_names, column_configs by name, configured_columns_only, delimiter,
            delim_whitespace.

    Raises:
        OptionError: names that repeat, do not fit the header, or are not there; when it is read.
        ArgumentError: a row of another length, or an empty place where something is required; when it is read.

    Source: https://js.tensorflow.org/api/latest/#class:data.CSVDataset
    """

    def __init__(self, input: Source, csv_config: Mapping[str, Any] | None = None) -> None:
        self.input = input
        options = naming.keyword_arguments("csv", dict(csv_config or {}), _OPTIONS)
        self.has_header = options.get("has_header", True)
        self.given_names: list[str] | None = options.get("column_names")
        self.columns = {
            name: ColumnConfig(name, c) for name, c in (options.get("column_configs") or {}).items()
        }
        self.configured_only = options.get("configured_columns_only", False)
        if self.configured_only and not self.columns:
            raise OptionError("csv: expected 'columnConfigs' with 'configuredColumnsOnly', received none.")
        self.delimiter = options.get("delimiter") or ","
        self.by_whitespace = options.get("delim_whitespace", False)
        if self.by_whitespace and options.get("delimiter"):
            raise OptionError("csv: expected 'delimiter' or 'delimWhitespace', received both.")
        super().__init__(self._rows)

    async def column_names(self) -> list[str]:
        """Returns the names of the columns that elements have. Source: https://js.tensorflow.org/api/latest/#tf.data.CSVDataset.columnNames"""
        names = self._names(self._table(await self.input.text()))
        return [name for name in names if not self.configured_only or name in self.columns]

    def _table(self, text: str) -> list[tuple[int, list[str]]]:
        """Returns the rows that are not empty, each with the number of the line that it ends in."""
        if self.by_whitespace:
            rows = [(i, line.split()) for i, line in enumerate(text.split("\n"), 1)]
            return [(i, row) for i, row in rows if row]
        reader = python_csv.reader(StringIO(text, newline=""), delimiter=self.delimiter, strict=True)
        try:
            return [(reader.line_num, row) for row in reader if row]
        except python_csv.Error as error:
            raise ArgumentError(f"csv: line {reader.line_num} cannot be read: {error}.") from error

    def _names(self, table: Sequence[tuple[int, list[str]]]) -> list[str]:
        header = table[0][1] if self.has_header and table else None
        names = self.given_names if self.given_names is not None else header
        if not names:
            raise OptionError("csv: expected 'columnNames' for a table without a header, received none.")
        if header is not None and len(names) != len(header):
            raise OptionError(
                f"csv: expected as many 'columnNames' as the header has columns, {len(header)}, received {len(names)}."
            )
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise OptionError(f"csv: expected every column name once, received {repeated[0]!r} again.")
        for name in self.columns:
            if name not in names:
                raise OptionError(
                    f"csv: 'columnConfigs' has {name!r}, which is no column.{naming.suggestions(name, names)}"
                )
        return list(names)

    async def _rows(self) -> AsyncIterator[Any]:
        table = self._table(await self.input.text())
        names = self._names(table)
        for line, row in table[1:] if self.has_header else table:
            if len(row) != len(names):
                raise ArgumentError(
                    f"csv: expected {len(names)} values in line {line}, received {len(row)}: {row}."
                )
            yield self._element(line, names, row)

    def _element(self, number: int, names: Sequence[str], row: Sequence[str]) -> Any:
        features: dict[str, Any] = {}
        labels: dict[str, Any] = {}
        for name, text in zip(names, row, strict=True):
            column = self.columns.get(name)
            if column is None and self.configured_only:
                continue
            value = self._value(number, name, text, column)
            (labels if column is not None and column.is_label else features)[name] = value
        return {"xs": features, "ys": labels} if labels else features

    def _value(self, number: int, name: str, text: str, column: ColumnConfig | None) -> Any:
        if text == "":
            if column is not None and column.default is not None:
                return column.default
            if column is not None and (column.required or column.is_label):
                raise ArgumentError(
                    f"csv: expected a value in column {name!r}, which is required, but it is empty in line {number}."
                )
            return None
        dtype = column.dtype if column is not None else None
        value = _converted(text, dtype)
        if dtype in ("float32", "int32") and isinstance(value, str):
            raise ArgumentError(
                f"csv: expected a number in column {name!r} in line {number}, received {text!r}."
            )
        return value


_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*|\s*[+-]?Infinity\s*")


def _converted(text: str, dtype: str | None) -> Any:
    """Returns what a text means: as in TF.js a number where it is one, unless a dtype says more."""
    if dtype == "bool":
        return int(text.strip().lower() in ("1", "true"))
    if dtype == "string" or not _NUMBER.fullmatch(text):
        return text
    number = float(text)
    return math.floor(number) if dtype == "int32" and math.isfinite(number) else number


@naming.bridge
def csv(source: Any, csv_config: Mapping[str, Any] | None = None) -> CSVDataset:
    r"""Returns the rows of a table of comma-separated values.

    Args:
        source: an address (http or https; in the page also relative), a path, an open file or bytes.
        csv_config: has_header (true unless told), column_names, column_configs (by name: required, dtype, default, is_label),
            configured_columns_only, delimiter, delim_whitespace.

    Returns:
        Rows as dicts of numbers and strings; where columns are labels as `{'xs': features, 'ys': labels}`.

    Raises:
        OptionError: options that do not fit together.

    Example:
        >>> import asyncio, io, tfjs_pyo as tf
        >>> table = io.StringIO("size,price\n1,20\n2,30\n")
        >>> rows = tf.data.csv(table, {"columnConfigs": {"price": {"isLabel": True}}})
        >>> asyncio.run(rows.toArray())
        [{'xs': {'size': 1.0}, 'ys': {'price': 20.0}}, {'xs': {'size': 2.0}, 'ys': {'price': 30.0}}]

    Source: https://js.tensorflow.org/api/latest/#data.csv
    """
    return CSVDataset(_source(source), csv_config)


def _source(given: Any) -> Source:
    if isinstance(given, (FileDataSource, URLDataSource)):
        return given
    if isinstance(given, str):
        is_file = given.startswith("file://") or ("://" not in given and Path(given).is_file())
        return FileDataSource(given) if is_file else URLDataSource(given)
    return FileDataSource(given)


__all__ = ["CSVDataset", "FileDataSource", "TextLineDataset", "URLDataSource", "csv"]
