"""The table of `model.summary()`, with TF.js's columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from tfjs_pyo.errors import OptionError
from tfjs_pyo.later import html, shutil

_WIDEST = 10_000
"""Characters of a line at most."""

_TITLES = ("Layer (type)", "Input Shape", "Output shape", "Param #")


class SummaryRow(NamedTuple):
    """What the table says of one layer.

    Attributes:
        layer: the layer.
        inputs: the shapes of the inputs of each of its calls.
        output: shape of the output, or a list of them; '?' where data must be seen first, 'multiple' if calls differ.
        sources: where its inputs come from, as `layer[call][output]`.
    """

    layer: Any
    inputs: Sequence[Any]
    output: Any
    sources: Sequence[str] = ()


def rows_of(model: Any) -> list[SummaryRow]:
    """Returns what the summary of a model says of each layer."""
    rows: list[SummaryRow] = model._summary_rows()
    return rows


def summary_lines(
    model: Any, line_length: int | None = None, positions: Sequence[float] | None = None
) -> Iterator[str]:
    """Yields the lines of a model's table.

    Args:
        model: of any form.
        line_length: width of the table.
        positions: where columns end: characters, or shares of the width if they are 1 or less.
    """
    rows = rows_of(model)
    titles = [*_TITLES]
    default, width = [0.32, 0.61, 0.89, 1.0], 90
    if any(row.sources for row in rows):
        titles.append("Receives inputs")
        default, width = [0.24, 0.48, 0.70, 0.80, 1.0], 115
    if max(line_length or 0, *(positions or [0])) > _WIDEST:
        raise OptionError(f"summary: expected lines of at most {_WIDEST} characters.")
    total = line_length or min(width, shutil.get_terminal_size((width, 0)).columns or width)
    ends = list(positions or default)
    if ends[-1] <= 1:
        ends = [int(total * share) for share in ends]
    places = [int(end) for end in ends]
    yield "_" * total
    yield _line(titles, places)
    yield "=" * total
    for index, row in enumerate(rows):
        yield _line([*_cells(row), *row.sources[:1]], places)
        for source in row.sources[1:]:
            yield _line(["", "", "", "", source], places)
        yield ("=" if index == len(rows) - 1 else "_") * total
    yield from _counts(model)
    yield "_" * total


def _cells(row: SummaryRow) -> list[str]:
    inputs = ",".join(_shape(list(shapes)) for shapes in row.inputs)
    name = f"{row.layer.name} ({row.layer.get_class_name()})"
    return [name, inputs, _shape(row.output), str(row.layer.count_params())]


def _counts(model: Any) -> list[str]:
    trainable = sum(weight.size for weight in model.trainable_weights)
    return [
        f"Total params: {model.count_params()}",
        f"Trainable params: {trainable}",
        f"Non-trainable params: {model.count_params() - trainable}",
    ]


def summary_html(model: Any) -> str:
    """Returns the same as a table of HTML, for pages."""
    rows = rows_of(model)
    linked = any(row.sources for row in rows)
    head = "".join(f"<th>{title}</th>" for title in (*_TITLES, *(("Receives inputs",) if linked else ())))
    body = "".join(
        "<tr>"
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in _cells(row))
        + (f"<td>{'<br>'.join(map(html.escape, row.sources))}</td>" if linked else "")
        + "</tr>"
        for row in rows
    )
    return (
        f"<table><caption>{html.escape(model.name)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<p>{'<br>'.join(_counts(model))}</p>"
    )


def _line(cells: Sequence[str], places: Sequence[int]) -> str:
    """Returns the cells of a row, each cut off with a space before the next one begins."""
    line = ""
    for cell, end in zip(cells, places, strict=False):
        line = f"{line[:-1]} {cell}" if line else cell
        line = line[:end].ljust(end)
    return line.rstrip()


def _shape(shape: Any) -> str:
    """Returns a shape as JSON writes it, as TF.js does."""
    if isinstance(shape, str):
        return shape
    if isinstance(shape, list):
        return "[" + ",".join(_shape(item) for item in shape) + "]"
    return "[" + ",".join("null" if dim is None else str(dim) for dim in shape) + "]"
