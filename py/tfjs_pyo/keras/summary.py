"""`model.summary()` as Keras 3 draws it: a table of layers, as wide as the terminal, with counts of parameters under it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import ArgumentError, OptionError
from tfjs_pyo.later import shutil
from tfjs_pyo.models.summary import SummaryRow, rows_of

_HEADER = ["Layer (type)", "Output Shape", "Param #"]
_BYTES = {"float32": 4, "int32": 4, "bool": 1}


def summary_text(
    model: Any,
    line_length: int | None = None,
    positions: Sequence[float] | None = None,
    expand_nested: bool = False,
    show_trainable: bool = False,
    layer_range: Sequence[str] | None = None,
) -> str:
    """Returns the summary of a model.

    Args:
        model: of any form.
        line_length: width of the table; default: that of the terminal, but not more than 88 to 120.
        positions: where columns end, as shares of the width.
        expand_nested: whether layers of models within it have rows, too.
        show_trainable: whether a column says which layers are trained.
        layer_range: names of the first and the last layer to show, or regular expressions.

    Raises:
        ArgumentError: no layer is named so.
        OptionError: columns that are too narrow.
    """
    rows = _within(rows_of(model), layer_range)
    linked = any(row.sources for row in rows_of(model))
    if line_length is not None and not 1 <= line_length <= _WIDEST:
        raise OptionError(f"summary: expected line_length between 1 and {_WIDEST}, received {line_length}.")
    ends = list(positions or ([0.3, 0.56, 0.74, 1.0] if linked else [0.45, 0.80, 1.0]))
    header, width = [*_HEADER, *(["Connected to"] if linked else [])], 108 if linked else 88
    aligned = ["<", "<", ">", *(["<"] if linked else [])]
    if show_trainable:
        ends = [end * 0.9 for end in ends] + [1.0]
        header, width, aligned = [*header, "Trainable"], width + 12, [*aligned, "^"]
    if len(ends) != len(header):
        raise OptionError(
            f"summary: expected {len(header)} positions, one for each column, received {len(ends)}."
        )
    total = line_length or min(width, shutil.get_terminal_size().columns - 4)
    widths = _widths(total, ends)
    cells = [list(_cells(row, linked, show_trainable, expand_nested)) for row in rows]
    table = _table(header, [row for each in cells for row in each], widths, aligned)
    return "\n".join([f'Model: "{model.name}"', *table, *_counts(model), ""])


_WIDEST = 10_000


def _within(rows: list[SummaryRow], names: Sequence[str] | None) -> list[SummaryRow]:
    """Returns the rows from the first layer of a name to the last one of another."""
    if names is None:
        return rows
    if len(names) != 2:
        raise ArgumentError(f"summary: expected layer_range to be two names, received {list(names)!r}.")
    first = [place for place, row in enumerate(rows) if re.match(names[0], row.layer.name)]
    last = [place for place, row in enumerate(rows) if re.match(names[1], row.layer.name)]
    if not first or not last:
        missing = names[0] if not first else names[1]
        known = ", ".join(row.layer.name for row in rows)
        raise ArgumentError(f"summary: no layer is named {missing!r}. There are: {known}.")
    return rows[min(first[0], last[0]) : max(last[-1], first[-1]) + 1]


def _widths(total: int, ends: Sequence[float]) -> list[int]:
    """Returns the widths of columns with a space on either side, so that they and the lines between them take `total`."""
    places = [0, *(int(end if end > 1 else end * total) for end in ends)]
    widths = [end - begin + 2 for begin, end in itertools.pairwise(places)]
    if min(widths) < 6:
        raise OptionError(f"summary: expected a width for all columns, received {total}.")
    excess = sum(widths) + len(widths) + 1 - total
    for place in range(len(widths)):
        share = min(widths[place], round(excess / (len(widths) - place)))
        widths[place], excess = widths[place] - share, excess - share
    return widths


def _cells(
    row: SummaryRow, linked: bool, show_trainable: bool, expand_nested: bool, level: int = 0
) -> Iterator[list[str]]:
    """Yields the cells of a layer's row, and of those of the layers within it."""
    layer = row.layer
    prefix = "   " * level + "└ " if level else ""
    built = layer.built or not hasattr(layer, "built")
    cells = [
        f"{prefix}{layer.name} ({type(layer).__name__})",
        _shape(_output(row)),
        f"{layer.count_params():,}" if built else "0 (unbuilt)",
    ]
    if linked:
        cells.append(", ".join(row.sources) or "-")
    if show_trainable:
        cells.append(("Y" if layer.trainable else "N") if layer.weights else "-")
    yield cells
    if expand_nested and getattr(layer, "layers", None):
        for inner in rows_of(layer):
            yield from _cells(
                SummaryRow(inner.layer, [], inner.output), linked, show_trainable, expand_nested, level + 1
            )


def _output(row: SummaryRow) -> Any:
    """Returns the shape that a layer gives: where it is in no graph, what it gives for the shape that it was built with."""
    shape = vars(row.layer).get("_built_with")
    if row.output != "?" or shape is None:
        return row.output
    return row.layer._shapes_of_call(shape, {})


def _shape(shape: Any) -> str:
    """Returns a shape, or a list or dict of them, as Python writes it."""
    if isinstance(shape, str):
        return shape
    if isinstance(shape, Mapping):
        return "{" + ", ".join(f"{key}: {_shape(item)}" for key, item in shape.items()) + "}"
    if isinstance(shape, list):
        return "[" + ", ".join(map(_shape, shape)) + "]"
    return f"({', '.join(map(str, shape))})"


def _table(
    header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], aligned: Sequence[str]
) -> Iterator[str]:
    """Yields the lines of a table in a frame."""

    def rule(begin: str, line: str, between: str, end: str) -> str:
        return begin + between.join(line * width for width in widths) + end

    yield rule("┏", "━", "┳", "┓")
    yield from _lines(header, widths, aligned, "┃")
    yield rule("┡", "━", "╇", "┩")
    for number, row in enumerate(rows):
        if number:
            yield rule("├", "─", "┼", "┤")
        yield from _lines(row, widths, aligned, "│")
    yield rule("└", "─", "┴", "┘")


def _lines(cells: Sequence[str], widths: Sequence[int], aligned: Sequence[str], border: str) -> Iterator[str]:
    """Yields the lines of a row, whose cells are wrapped between words."""
    wrapped = [_wrapped(cell, width - 2) for cell, width in zip(cells, widths, strict=True)]
    for number in range(max(map(len, wrapped))):
        parts = [lines[number] if number < len(lines) else "" for lines in wrapped]
        shown = [f" {p:{a}{w - 2}} " for p, a, w in zip(parts, aligned, widths, strict=True)]
        yield border + border.join(shown) + border


def _wrapped(text: str, width: int) -> list[str]:
    """Returns a text in lines of at most this width; words that are longer are cut.

    >>> _wrapped("max_pooling2d (MaxPooling2D)", 14)
    ['max_pooling2d', '(MaxPooling2D)']
    >>> _wrapped("Trainable", 7)
    ['Traina…']
    """
    lines, line = [], ""
    for word in re.findall(r"\s*\S+\s*", text):
        if line and len(line) + len(word.rstrip()) > width:
            lines.append(line)
            line = ""
        line += word
    lines.append(line)
    stripped = [line.rstrip() for line in lines]
    return [line if len(line) <= width else line[: width - 1] + "…" for line in stripped]


def _counts(model: Any) -> Iterator[str]:
    """Yields how many parameters there are, and what they take."""
    trained, others = model.trainable_weights, model.non_trainable_weights
    optimizer = model.optimizer
    state = [] if optimizer is None else list(optimizer.weights)
    numbers = int(optimizer is not None and bool(state or optimizer.iterations))
    held = sum(_bytes(v) for v in _slots(state)) + 12 * numbers
    params = sum(v.size for v in _slots(state)) + 2 * numbers
    memory = sum(map(_bytes, trained)) + sum(map(_bytes, others))
    count = sum(v.size for v in (*trained, *others))
    yield f" Total params: {count + params:,} ({_readable(memory + held)})"
    yield f" Trainable params: {sum(v.size for v in trained):,} ({_readable(sum(map(_bytes, trained)))})"
    yield f" Non-trainable params: {sum(v.size for v in others):,} ({_readable(sum(map(_bytes, others)))})"
    if params:
        yield f" Optimizer params: {params:,} ({_readable(held)})"


def _slots(state: Sequence[Variable]) -> list[Variable]:
    """Returns the variables of an optimizer that belong to weights; rate and number of steps count apart."""
    return [variable for variable in state if variable.size > 1]


def _bytes(variable: Variable) -> int:
    return int(variable.size) * _BYTES[variable.dtype]


def _readable(size: float) -> str:
    """Returns a number of bytes for people.

    >>> _readable(212.54 * 1024)
    '212.54 KB'
    """
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if size < 1024:
            return f"{size:.2f} {unit}"
        size /= 1024
    return f"{size:.2f} PB"


__all__ = ["summary_text"]
