"""The table of `model.summary()`, with TF.js's columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_WIDTHS = (29, 26, 10)


def _row(cells: tuple[str, ...], widths: tuple[int, ...]) -> str:
    return "".join(cell[: width - 1].ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _shape(shape: Any) -> str:
    if isinstance(shape, list):
        return ",".join(_shape(s) for s in shape)
    return "[" + ",".join("null" if dim is None else str(dim) for dim in shape) + "]"


def summary_lines(model: Any, line_length: int | None) -> Iterator[str]:
    """Yields the lines of a model's table."""
    total = line_length or sum(_WIDTHS)
    widths = (int(total * 0.45), int(total * 0.4), total - int(total * 0.45) - int(total * 0.4))
    yield "_" * total
    yield _row(("Layer (type)", "Output Shape", "Param #"), widths)
    yield "=" * total
    rows = model.summary_rows()
    for index, (layer, shape) in enumerate(rows):
        yield _row(
            (f"{layer.name} ({type(layer).__name__})", _shape(shape), str(layer.count_params())), widths
        )
        yield ("=" if index == len(rows) - 1 else "_") * total
    trainable = sum(weight.size for weight in model.trainable_weights)
    yield f"Total params: {model.count_params()}"
    yield f"Trainable params: {trainable}"
    yield f"Non-trainable params: {model.count_params() - trainable}"
    yield "_" * total
