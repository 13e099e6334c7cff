"""The table of `model.summary()`, with TF.js's columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class SummaryRow:
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
    sources: Sequence[str] = field(default=())


def summary_lines(
    model: Any, line_length: int | None = None, positions: Sequence[float] | None = None
) -> Iterator[str]:
    """Yields the lines of a model's table.

    Args:
        model: of any form.
        line_length: width of the table.
        positions: where columns end: characters, or shares of the width if they are 1 or less.
    """
    rows: list[SummaryRow] = model.summary_rows()
    titles = ["Layer (type)", "Input Shape", "Output shape", "Param #"]
    default, width = [0.32, 0.61, 0.89, 1.0], 90
    if any(row.sources for row in rows):
        titles.append("Receives inputs")
        default, width = [0.24, 0.48, 0.70, 0.80, 1.0], 115
    total = line_length or width
    ends = list(positions or default)
    if ends[-1] <= 1:
        ends = [int(total * share) for share in ends]
    places = [int(end) for end in ends]
    yield "_" * total
    yield _line(titles, places)
    yield "=" * total
    for index, row in enumerate(rows):
        inputs = ",".join(_shape(list(shapes)) for shapes in row.inputs)
        name = f"{row.layer.name} ({row.layer.get_class_name()})"
        cells = [name, inputs, _shape(row.output), str(row.layer.count_params())]
        yield _line([*cells, *row.sources[:1]], places)
        for source in row.sources[1:]:
            yield _line(["", "", "", "", source], places)
        yield ("=" if index == len(rows) - 1 else "_") * total
    trainable = sum(weight.size for weight in model.trainable_weights)
    yield f"Total params: {model.count_params()}"
    yield f"Trainable params: {trainable}"
    yield f"Non-trainable params: {model.count_params() - trainable}"
    yield "_" * total


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
