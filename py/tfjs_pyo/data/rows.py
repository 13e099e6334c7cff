"""Rows of tables from text that comes in pieces: only the row that is not yet complete is kept."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO

from tfjs_pyo.errors import ArgumentError

Record = tuple[int, list[str]]
"""The number of the line in which a row ends, and its values."""

_QUOTED = re.compile(r'[^"]*(?:""[^"]*)*')
"""What is within quotes, as far as it goes; two quotes stand for one."""


class Rows:
    """Splits text into rows, and these into values. Line ends between quotes belong to the values.

    Args:
        delimiter: what stands between values; None for white space.
    """

    def __init__(self, delimiter: str | None) -> None:
        self._delimiter = delimiter
        self._begun: list[str] = []
        self._rest = ""
        self._within_quotes = False
        self._lines = 0

    def of(self, text: str, last: bool = False) -> Iterator[Record]:
        """Yields the rows that end in a piece of text; not those without values.

        Args:
            text: must not end between the two characters of a line end.
            last: whether this is the end of it all.

        Raises:
            ArgumentError: quotes that do not end, or end within a value.
        """
        complete: list[str] = []
        pieces = iter(StringIO(self._rest + text, newline=""))
        self._rest = ""
        for line in pieces:
            if not last and line[-1] not in "\r\n":
                self._rest = line
                break
            self._begun.append(line)
            if (self._within_quotes or '"' in line) and self._delimiter is not None:
                self._within_quotes = self._quotes_go_on(line, self._delimiter)
            if not self._within_quotes:
                complete += self._begun
                self._begun = []
        if last:
            complete += self._begun
        yield from self._parsed(complete, strict=True)
        self._lines += len(complete)
        if self._within_quotes:
            self._refuse_endless_values()

    def _quotes_go_on(self, line: str, delimiter: str) -> bool:
        """Returns whether a line ends within quotes. Quotes begin a value or are part of it."""
        within, place = self._within_quotes, 0
        while True:
            if within or line.startswith('"', place):
                found = _QUOTED.match(line, place if within else place + 1)
                place = found.end() if found else len(line)
                if place == len(line):
                    return True
            within = False
            place = line.find(delimiter, place) + 1
            if place == 0:
                return False

    def _parsed(self, lines: list[str], strict: bool) -> Iterator[Record]:
        if self._delimiter is None:
            yield from ((self._lines + i, line.split()) for i, line in enumerate(lines, 1) if line.strip())
            return
        reader = csv.reader(lines, delimiter=self._delimiter, strict=strict)
        try:
            for row in reader:
                if row:
                    yield self._lines + reader.line_num, row
        except csv.Error as error:
            raise ArgumentError(
                f"csv: line {self._lines + reader.line_num} cannot be read: {error}."
            ) from error

    def _refuse_endless_values(self) -> None:
        """Raises if a value is longer than any may be: a quote that nobody ended, say, before all of the text is held."""
        if sum(map(len, self._begun)) > csv.field_size_limit():
            for _ in self._parsed(self._begun, strict=False):
                pass


__all__ = ["Record", "Rows"]
