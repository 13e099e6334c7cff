"""Values as nested lists and as text, in the layout of TF.js's `tensor.print()`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from tfjs_pyo.dtypes import DType
from tfjs_pyo.later import html
from tfjs_pyo.shapes import Shape, size

_EDGE = 3
"""Items shown at each end of a long axis."""
_LONG = 20
"""An axis longer than this is abbreviated."""
_DIGITS = 7


def nest(values: Sequence[Any], shape: Shape, dtype: DType) -> Any:
    """Returns flat row-major values as nested lists.

    >>> nest([1, 2, 3, 4], (2, 2), "int32")
    [[1, 2], [3, 4]]
    """
    nested = items(values, dtype)
    if not shape:
        return nested[0]
    count = len(nested)
    for axis in range(len(shape) - 1, 0, -1):
        dim = shape[axis]
        count = count // dim if dim else size(shape[:axis])
        nested = [nested[i * dim : (i + 1) * dim] for i in range(count)]
    return nested


def items(values: Sequence[Any], dtype: DType) -> list[Any]:
    """Returns the elements as Python's own bools, ints, floats, complex numbers or strings.

    >>> items([1.0, 2.0, 3.0, -4.0], "complex64")
    [(1+2j), (3-4j)]
    """
    if dtype == "bool":
        return [bool(v) for v in values]
    if dtype == "complex64":
        return [complex(*pair) for pair in zip(values[0::2], values[1::2], strict=True)]
    return list(values)


def number_text(value: Any, dtype: DType) -> str:
    """Returns one element as TF.js prints it: seven places, no trailing zeros.

    >>> number_text(8.98493289, "float32")
    '8.9849329'
    """
    if dtype == "bool":
        return "true" if value else "false"
    if dtype == "int32":
        return str(value)
    if dtype == "string":
        return f"'{value if isinstance(value, str) else value.decode(errors='replace')}'"
    if dtype == "complex64":
        return f"{number_text(value.real, 'float32')} + {number_text(value.imag, 'float32')}j"
    if math.isnan(value):
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    if abs(value) >= 1e21:
        return repr(value)
    text = f"{value:.{_DIGITS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def tensor_text(values: Sequence[Any], shape: Shape, dtype: DType, verbose: bool) -> str:
    """Returns a tensor as TF.js's print shows it.

    >>> print(tensor_text([1.0, 2.5], (1, 2), "float32", False))
    Tensor
         [[1, 2.5],]
    """
    if dtype == "complex64":
        values = items(values, dtype)
    lines = ["Tensor"]
    if verbose:
        dims = ",".join(map(str, shape))
        lines += [f"  dtype: {dtype}", f"  rank: {len(shape)}", f"  shape: [{dims}]", "  values:"]
    widths = _widths(values, shape, dtype) if shape and 0 not in shape else []
    body = _block(values, shape, dtype, 0, size(shape), widths)
    return "\n".join(lines + ["    " + line if line else "" for line in body])


def _shown(dim: int) -> list[int | None]:
    """Returns the indices shown along an axis; None stands for what is left out."""
    if dim <= _LONG:
        return list(range(dim))
    return [*range(_EDGE), None, *range(dim - _EDGE, dim)]


def _widths(values: Sequence[Any], shape: Shape, dtype: DType) -> list[int]:
    """Returns the width of each column: that of its longest number."""
    offsets = [0]
    stride = size(shape)
    for dim in shape[:-1]:
        stride //= dim
        offsets = [o + i * stride for o in offsets for i in _shown(dim) if i is not None]
    columns = _shown(shape[-1])
    return [3 if c is None else max(len(number_text(values[o + c], dtype)) for o in offsets) for c in columns]


def _block(
    values: Sequence[Any], shape: Shape, dtype: DType, start: int, count: int, widths: Sequence[int]
) -> list[str]:
    """Returns the lines of the part of `count` elements that begins at `start`.

    Rows of a matrix end in a comma, the parts of a higher rank are set apart by empty lines, and the last line is indented
    by one more space even if it is the only one, a string by itself has no quotes: as TF.js prints them.
    """
    if not shape:
        return [str(values[start]) if dtype == "string" else number_text(values[start], dtype)]
    if not shape[0]:
        return ["[]" if len(shape) == 1 else " []"]
    step = count // shape[0]
    if len(shape) == 1:
        texts = ["..." if i is None else number_text(values[start + i], dtype) for i in _shown(shape[0])]
        return ["[" + ", ".join(t.ljust(w) for t, w in zip(texts, widths, strict=True)) + "]"]
    lines: list[str] = []
    for index in _shown(shape[0]):
        part = (
            ["..."] if index is None else _block(values, shape[1:], dtype, start + index * step, step, widths)
        )
        if len(shape) > 2 and index != shape[0] - 1:
            part = [*part[:-1], part[-1] + ",", *[""] * (len(shape) - 2)]
        lines += part
    comma = "," if len(shape) == 2 else ""
    first, last = "[" + lines[0] + comma, len(lines) - 1
    lines = [first if i == 0 else " " + line + (comma if i < last else "") for i, line in enumerate(lines)]
    lines[last] = (" " if last == 0 else "") + lines[last] + "]"
    return [line if line.strip() else "" for line in lines]


_CAPTION = "margin: 0; font: 13px system-ui, sans-serif; opacity: 0.7"
_TABLE = "font: 13px ui-monospace, monospace; text-align: right"


def tensor_html(values: Sequence[Any], shape: Shape, dtype: DType) -> str:
    """Returns a tensor as a table of its rows; of a higher rank the first matrix.

    >>> tensor_html([1.0, 2.5], (2,), "float32").endswith("<tr><td>1</td><td>2.5</td></tr></table>")
    True
    """
    if dtype == "complex64":
        values = items(values, dtype)
    caption = f'<p style="{_CAPTION}">{dtype}, shape {shape}'
    caption += ", the first matrix" if len(shape) > 2 and size(shape) else ""
    if not size(shape):
        return f"{caption}, empty</p>"
    rows = shape[-2] if len(shape) > 1 else 1
    table = "".join(f"<tr>{_row(values, row, shape[-1], dtype)}</tr>" for row in _shown(rows))
    return f'{caption}</p><table cellpadding="4" style="{_TABLE}">{table}</table>'


def _row(values: Sequence[Any], row: int | None, columns: int, dtype: DType) -> str:
    return "".join(
        "<td>&hellip;</td>"
        if row is None or column is None
        else f"<td>{html.escape(number_text(values[row * columns + column], dtype))}</td>"
        for column in _shown(columns)
    )
