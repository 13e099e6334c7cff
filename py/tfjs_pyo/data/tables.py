"""Tables of comma-separated values, from files, addresses and strings, row by row as they are read."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import AsyncIterator, Mapping
from typing import Any, NamedTuple

from tfjs_pyo import naming
from tfjs_pyo.data.dataset import Dataset
from tfjs_pyo.data.flow import Mapped, closing
from tfjs_pyo.data.rows import Record, Rows
from tfjs_pyo.data.text import DataSource, source_of
from tfjs_pyo.errors import ArgumentError, OptionError

_NUMBER = re.compile(r"\s*[+-]?((\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|Infinity)\s*", re.ASCII)
_WHOLE = re.compile(r"\s*0([xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)\s*")


def _number(text: str) -> float | str:
    """Returns the number that JavaScript sees in a text, or the text."""
    if _NUMBER.fullmatch(text):
        return float(text)
    return float(int(text, 0)) if _WHOLE.fullmatch(text) else text


class ColumnConfig:
    """What is known of a column.

    Attributes:
        required: whether an empty place is an error.
        dtype: 'float32', 'int32', 'bool' or 'string'; default: told by the values.
        default: what stands for an empty place.
        is_label: whether it belongs to the labels.
    """

    def __init__(self, column: str, given: Mapping[str, Any]) -> None:
        known = ("required", "dtype", "default", "is_label")
        options = naming.keyword_arguments(f"csv: column {column!r}", given, known)
        self.name = column
        self.required = bool(options.get("required", False))
        self.dtype = options.get("dtype")
        self.default = options.get("default")
        self.is_label = bool(options.get("is_label", False))
        if self.dtype not in (None, "float32", "int32", "bool", "string"):
            raise OptionError(
                f"csv: expected dtype of column {column!r} to be 'float32', 'int32', 'bool' or 'string', received "
                f"{self.dtype!r}."
            )

    def value(self, text: str, line: int) -> Any:
        """Returns what stands in a place of this column.

        Raises:
            ArgumentError: it is empty but required, or no number where the dtype wants one.
        """
        if not text:
            if self.default is None and (self.required or self.is_label):
                raise ArgumentError(
                    f"csv: expected a value in column {self.name!r}, which is required, but it is empty in line {line}."
                )
            return self.default
        if self.dtype == "string":
            return text
        if self.dtype == "bool":
            return int(text.strip().lower() in ("1", "true"))
        value = _number(text)
        if isinstance(value, str):
            if self.dtype is not None:
                raise ArgumentError(
                    f"csv: expected a number in column {self.name!r} in line {line}, received {text!r}."
                )
            return value
        return math.floor(value) if self.dtype == "int32" and math.isfinite(value) else value


class Plan(NamedTuple):
    """How rows become elements."""

    width: int
    columns: list[tuple[int, str, ColumnConfig | None]]


class CSVDataset(Dataset):
    r"""The rows of a table as dicts; with labels as `{'xs': features, 'ys': labels}`.

    Args:
        input: a FileDataSource or URLDataSource.
        has_header, column_names, column_configs, configured_columns_only, delimiter, delim_whitespace: as for `tf.data.csv`.

    Raises:
        OptionError: names that repeat, do not fit the header, or are not there; when it is read.
        ArgumentError: a row of another length, or an empty place where something is required; when it is read.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> source = tf.data.FileDataSource(b"height,weight\n150,50\n180,80\n")
        >>> table = tf.data.CSVDataset(source, {"columnConfigs": {"weight": {"isLabel": True}}})
        >>> asyncio.run(table.toArray())[0]
        {'xs': {'height': 150.0}, 'ys': {'weight': 50.0}}

    Source: https://js.tensorflow.org/api/latest/#class:data.CSVDataset
    """

    @functools.partial(naming.bridge, owner="csv", data=("input",))
    def __init__(
        self,
        input: DataSource,
        has_header: bool = True,
        column_names: Any = None,
        column_configs: Mapping[str, Any] | None = None,
        configured_columns_only: bool = False,
        delimiter: str | None = None,
        delim_whitespace: bool = False,
    ) -> None:
        self.input = input
        self.has_header = has_header
        self.given_names: list[str] | None = column_names
        self.columns = {name: ColumnConfig(name, c) for name, c in (column_configs or {}).items()}
        self.configured_only = configured_columns_only
        if self.configured_only and not self.columns:
            raise OptionError("csv: expected 'columnConfigs' with 'configuredColumnsOnly', received none.")
        self.delimiter = delimiter or ","
        if len(self.delimiter) != 1 or self.delimiter in '"\r\n':
            raise OptionError(f"csv: expected 'delimiter' to be one character, received {self.delimiter!r}.")
        self.by_whitespace = delim_whitespace
        if self.by_whitespace and delimiter:
            raise OptionError("csv: expected 'delimiter' or 'delimWhitespace', received both.")
        super().__init__(self._rows)

    async def column_names(self) -> list[str]:
        r"""Returns the names of the columns that elements have.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> table = tf.data.CSVDataset(tf.data.FileDataSource(b"height,weight\n150,50"))
            >>> asyncio.run(table.columnNames())
            ['height', 'weight']

        Source: https://js.tensorflow.org/api/latest/#tf.data.CSVDataset.columnNames
        """
        async with closing(self._records()) as records:
            names = await self._names(records)
        return list(self.columns) if self.configured_only else names

    async def _records(self) -> AsyncIterator[Record]:
        """Yields the rows that are not empty, each with the number of the line that it ends in."""
        rows = Rows(None if self.by_whitespace else self.delimiter)
        async with closing(self.input.texts()) as texts:
            async for text in texts:
                for record in rows.of(text):
                    yield record
        for record in rows.of("", last=True):
            yield record

    async def _names(self, records: AsyncIterator[Record]) -> list[str]:
        """Returns the names of all columns; reads the header, if there is one."""
        names = self.given_names
        if self.has_header:
            first = await anext(records, None)
            header = first[1] if first else None
            if header is None:
                raise ArgumentError(
                    f"csv: expected a header with the names of the columns, {self.input.name} is empty."
                )
            names = header if names is None else names
            if len(names) != len(header):
                raise OptionError(
                    f"csv: expected as many 'columnNames' as the header has columns, {len(header)}, received {len(names)}."
                )
        if not names:
            raise OptionError("csv: expected 'columnNames' for a table without a header, received none.")
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise OptionError(f"csv: expected every column name once, received {repeated[0]!r} again.")
        for name in self.columns:
            if name not in names:
                raise OptionError(
                    f"csv: 'columnConfigs' has {name!r}, which is no column.{naming.suggestions(name, names, str)}"
                )
        return list(names)

    async def _planned(self) -> AsyncIterator[tuple[Plan, Record]]:
        """Yields each row with what is to be read of it."""
        async with closing(self._records()) as records:
            names = await self._names(records)
            columns = [(i, name, self.columns.get(name)) for i, name in enumerate(names)]
            kept = [place for place in columns if not self.configured_only or place[1] in self.columns]
            plan = Plan(len(names), kept)
            async for record in records:
                yield plan, record

    def _rows(self) -> AsyncIterator[Any]:
        return Mapped(self._planned(), self._element, waits=False)

    def _element(self, found: tuple[Plan, Record]) -> Any:
        plan, (line, row) = found
        if len(row) != plan.width:
            raise ArgumentError(
                f"csv: expected {plan.width} values in line {line}, received {len(row)}: {row}."
            )
        features: dict[str, Any] = {}
        labels: dict[str, Any] = {}
        for i, name, column in plan.columns:
            if column is None:
                features[name] = _number(row[i]) if row[i] else None
            else:
                (labels if column.is_label else features)[name] = column.value(row[i], line)
        return {"xs": features, "ys": labels} if labels else features


@naming.takes_config(data=("source",))
def csv(
    source: Any,
    has_header: bool = True,
    column_names: Any = None,
    column_configs: Any = None,
    configured_columns_only: bool = False,
    delimiter: Any = None,
    delim_whitespace: bool = False,
) -> CSVDataset:
    r"""Returns the rows of a table of comma-separated values.

    Args:
        source: an address (http or https; in the page also relative), a path, an open file or bytes.
        has_header: whether the first line names the columns; default: True.
        column_names: names in place of those in the header.
        column_configs: by name: required, dtype, default, is_label.
        configured_columns_only: whether columns that are not configured are left out.
        delimiter: between the values of a line; default: a comma.
        delim_whitespace: whether whitespace is between them.

    Returns:
        Rows as dicts of numbers and strings; where columns are labels as `{'xs': features, 'ys': labels}`.

    Raises:
        OptionError: options that do not fit together.

    Example:
        >>> import asyncio, io
        >>> import tfjs_pyo as tf
        >>> table = io.StringIO("size,price\n1,20\n2,30\n")
        >>> rows = tf.data.csv(table, {"columnConfigs": {"price": {"isLabel": True}}})
        >>> asyncio.run(rows.toArray())
        [{'xs': {'size': 1.0}, 'ys': {'price': 20.0}}, {'xs': {'size': 2.0}, 'ys': {'price': 30.0}}]

    Source: https://js.tensorflow.org/api/latest/#data.csv
    """
    return CSVDataset(
        source_of(source),
        has_header,
        column_names,
        column_configs,
        configured_columns_only,
        delimiter,
        delim_whitespace,
    )


__all__ = ["CSVDataset", "csv"]
