"""Draws charts as SVG, without any library: so they show in every notebook and page, light or dark."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import cycle, groupby
from typing import Any

from tfjs_pyo.vis.parts import Drawing, Grid, Series, Table

WIDTH, HEIGHT = 640, 400
_PALETTE = ("#2f7ed8", "#e0762c", "#2f9e58", "#b04fc4", "#c8403a", "#7a8699", "#18a0a8", "#a6862a")
_SCALES = {
    "viridis": ((68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37)),
    "Blues": ((247, 251, 255), (158, 202, 225), (66, 146, 198), (8, 48, 107)),
    "Greys": ((255, 255, 255), (150, 150, 150), (0, 0, 0)),
}
"""Colours at equal distances from the least to the largest value."""
_STYLE = (
    ".tfjs-pyo-chart text{font-family:system-ui,sans-serif;fill:#1f2430}.tfjs-pyo-chart .ground{fill:#fff}"
    ".tfjs-pyo-chart .axis{stroke:#8a93a5;fill:none}.tfjs-pyo-chart .rule{stroke:#8a93a5;stroke-opacity:.3}"
    "@supports(color:light-dark(#000,#fff)){.tfjs-pyo-chart text{fill:light-dark(#1f2430,#d7dce5)}"
    ".tfjs-pyo-chart .ground{fill:light-dark(#fff,#14171d)}}"
)
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CHARACTER = 0.6
"""Width of a character to the size of the font."""
_TICKS = 6
_MOST_WRITTEN = 400
"""Cells of a heatmap that have their values written into them."""
_MOST_CELLS = 40_000
_MOST_ROWS = 100
_ROOM = 0.05
"""Of the y axis above and below the values."""
_LEAST = 1e-300
"""The least half of the distance that a scale divides by: shares of smaller ones are infinite."""


def escaped(text: str) -> str:
    """Returns a text as it stands in XML, which has no place for control characters and halves of characters."""
    return escape(_NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text))


def svg_of(chart: Drawing) -> str:
    """Returns a chart as a document of SVG."""
    canvas = _Canvas(chart.options)
    if chart.grid is not None:
        _heatmap(canvas, chart, chart.grid)
    elif chart.kind == "table" and chart.table is not None:
        _table(canvas, chart, chart.table)
    else:
        _plot(canvas, chart)
    return canvas.document(repr(chart))


def stacked(title: str, share: float | None, charts: Sequence[Drawing]) -> str:
    """Returns charts side by side, two in a row, below a line of text.

    Args:
        title: the text.
        share: how much of a bar below it is filled; None: there is no bar.
        charts: as wide and as high as each other.
    """
    canvas = _Canvas({})
    parts = [_Canvas(chart.options) for chart in charts]
    columns = 2 if len(parts) > 1 else 1
    wide, high = (
        max((part.width for part in parts), default=400.0),
        max((part.height for part in parts), default=0.0),
    )
    canvas.width = columns * wide
    canvas.text(canvas.font, 1.5 * canvas.font, title, "start", ' font-weight="600"')
    top = 2.4 * canvas.font
    if share is not None:
        size = f'x="{canvas.font:.1f}" y="{top:.1f}" height="6" rx="3"'
        full = canvas.width - 2 * canvas.font
        canvas.add(f'<rect {size} width="{full:.1f}" fill="#8a93a5" fill-opacity=".3"/>')
        canvas.add(f'<rect {size} width="{full * share:.1f}" fill="{_PALETTE[0]}"/>')
        top += 12
    for place, chart in enumerate(charts):
        x, y = wide * (place % columns), top + high * (place // columns)
        canvas.add(
            f'<svg x="{x:.0f}" y="{y:.0f}" width="{wide:.0f}" height="{high:.0f}">{svg_of(chart)}</svg>'
        )
    canvas.height = top + high * math.ceil(len(charts) / columns)
    return canvas.document(title)


def html_of(table: Table, title: str | None) -> str:
    """Returns a table as HTML, which can be selected and read aloud."""
    head = "".join(f'<th scope="col">{escaped(str(header))}</th>' for header in table.headers)
    rows = "".join(
        f"<tr>{''.join(f'<td>{escaped(written(cell))}</td>' for cell in row)}</tr>" for row in table.rows
    )
    caption = f"<caption>{escaped(title)}</caption>" if title else ""
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def written(value: Any) -> str:
    """Returns a value as it stands in charts and tables."""
    return f"{value:.5g}" if isinstance(value, float) else str(value)


def ticks(low: float, high: float, whole: bool = False) -> list[float]:
    """Returns round numbers between two others, both of them finite, about six; `whole` ones, where asked for.

    >>> ticks(0, 9), ticks(0, 2), ticks(0, 2, whole=True)
    ([0.0, 2.0, 4.0, 6.0, 8.0], [0.0, 0.5, 1.0, 1.5, 2.0], [0, 1, 2])
    """
    rough = (high - low) / _TICKS
    if not rough > 0 or not math.isfinite(rough):
        return [low]
    unit = 10.0 ** math.floor(math.log10(rough)) or rough
    step = next(factor * unit for factor in (1, 2, 5, 10) if factor * unit >= rough * 0.999)
    step = max(1, step) if whole else step
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [i * step for i in range(first, last + 1)] if last - first <= 2 * _TICKS else [low, high]


class _Canvas:
    """What is drawn so far, and how large it is."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.width = _length(options.get("width"), WIDTH)
        self.height = _length(options.get("height"), HEIGHT)
        self.font = _length(options.get("font_size"), 12)
        self._parts: list[str] = []

    def add(self, *parts: str) -> None:
        self._parts += parts

    def text(self, x: float, y: float, text: str, anchor: str = "middle", more: str = "") -> None:
        self.add(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escaped(text)}</text>')

    def wide(self, texts: Sequence[str]) -> float:
        """Returns about how wide the widest of some texts is."""
        return max(map(len, texts), default=0) * self.font * _CHARACTER

    def document(self, described: str) -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="tfjs-pyo-chart" role="img" font-size="{self.font:g}" '
            f'viewBox="0 0 {self.width:.0f} {self.height:.0f}" width="{self.width:.0f}" style="max-width:100%;height:auto">'
            f"<title>{escaped(described)}</title><style>{_STYLE}</style>"
            f'<rect class="ground" width="100%" height="100%"/>'
            f"{''.join(self._parts)}</svg>"
        )


def _length(given: Any, default: float) -> float:
    is_length = isinstance(given, (int, float)) and math.isfinite(given) and given > 0
    return float(given) if is_length else float(default)


@dataclass(frozen=True)
class _Box:
    """Where the values of a chart lie."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class _Scale:
    """Takes values to places."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        half = value / 2 - self.low / 2  # halves: the distance of two numbers may be none itself
        return self.start + half / (self.high / 2 - self.low / 2) * (self.end - self.start)


def _title(canvas: _Canvas, chart: Drawing) -> float:
    """Writes the title and returns where what is below it begins."""
    if chart.surface is None or not chart.surface.name:
        return 0.8 * canvas.font
    canvas.text(canvas.width / 2, 1.6 * canvas.font, chart.surface.name, more=' font-weight="600"')
    return 2.4 * canvas.font


def _labels(canvas: _Canvas, box: _Box, options: Mapping[str, Any]) -> None:
    """Writes the names of the axes."""
    if options.get("x_label"):
        canvas.text((box.left + box.right) / 2, canvas.height - 0.6 * canvas.font, str(options["x_label"]))
    if options.get("y_label"):
        x, y = 1.2 * canvas.font, (box.top + box.bottom) / 2
        canvas.text(x, y, str(options["y_label"]), more=f' transform="rotate(-90 {x:.1f} {y:.1f})"')


def _box(
    canvas: _Canvas, top: float, y_texts: Sequence[str], options: Mapping[str, Any], right: float
) -> _Box:
    """Returns what texts around it leave of a canvas."""
    font = canvas.font
    left = (
        0.8 * font
        + min(canvas.wide(y_texts), 0.3 * canvas.width)
        + (1.6 * font if options.get("y_label") else 0)
    )
    bottom = canvas.height - (3.8 if options.get("x_label") else 2.2) * font
    return _Box(left, top, max(left + 1, canvas.width - right), max(top + 1, bottom))


def _plot(canvas: _Canvas, chart: Drawing) -> None:
    """Draws lines, points or bars with axes."""
    options = chart.options
    colors = options.get("series_colors") or ([options["color"]] if options.get("color") else [])
    inks = [
        escaped(str(color))
        for _, color in zip(chart.series, [*colors, *_PALETTE[len(colors) :]], strict=False)
    ]
    inks += [ink for _, ink in zip(chart.series[len(inks) :], cycle(_PALETTE), strict=False)]
    top = _title(canvas, chart)
    if len(chart.series) > 1 or chart.kind != "bar":
        top = _legend(canvas, top, [series.name for series in chart.series], inks)
    names = _names(chart.series)
    low, high = _domain(options.get("y_axis_domain")) or _y_range(chart)
    y_ticks = ticks(low, high)
    told = _told(chart)
    box = _box(
        canvas,
        top,
        [f"{tick:.6g}" for tick in y_ticks],
        {"x_label": told or options.get("x_label"), **options},
        12,
    )
    if names is None:
        x = _Scale(*(_domain(options.get("x_axis_domain")) or _x_range(chart.series)), box.left, box.right)
        places = [(x(tick), f"{tick:.6g}") for tick in ticks(x.low, x.high, _have_whole_places(chart.series))]
    else:
        x = _Scale(-0.5, max(1, len(names)) - 0.5, box.left, box.right)
        every = max(1, math.ceil(len(names) * (canvas.wide(names) + canvas.font) / (box.right - box.left)))
        places = [(x(place), name) for place, name in enumerate(names) if place % every == 0]
    y = _Scale(low, high, box.bottom, box.top)
    for tick in y_ticks:
        canvas.add(f'<path class="rule" d="M{box.left:.1f} {y(tick):.1f}H{box.right:.1f}"/>')
        canvas.text(box.left - 0.4 * canvas.font, y(tick) + 0.35 * canvas.font, f"{tick:.6g}", "end")
    for place, text in places:
        canvas.text(place, box.bottom + 1.4 * canvas.font, text)
    canvas.add(f'<path class="axis" d="M{box.left:.1f} {box.top:.1f}V{box.bottom:.1f}H{box.right:.1f}"/>')
    _labels(canvas, box, {**options, "x_label": told or options.get("x_label")})
    index = None if names is None else {name: place for place, name in enumerate(names)}
    canvas.add(_window(box))
    for place, (series, ink) in enumerate(zip(chart.series, inks, strict=True)):
        points = list(_points(series, index, x, y))
        if chart.kind == "bar":
            share = (place, len(chart.series), float(options.get("bar_width", 0.8)))
            _bars(canvas, points, ink, abs(x(1) - x(0)), y(min(max(0.0, low), high)), share)
        elif chart.kind == "scatter":
            _dots(canvas, points, ink)
        else:
            _line(canvas, points, ink, dashed=series.name.startswith("val_"))
    canvas.add("</svg>")


def _window(box: _Box) -> str:
    """Returns the beginning of what is cut off where the axes end."""
    size = f'width="{box.right - box.left:.1f}" height="{box.bottom - box.top:.1f}"'
    view = f"{box.left:.1f} {box.top:.1f} {box.right - box.left:.1f} {box.bottom - box.top:.1f}"
    return f'<svg x="{box.left:.1f}" y="{box.top:.1f}" {size} viewBox="{view}">'


def _told(chart: Drawing) -> str:
    """Returns the statistics that stand below bars."""
    if chart.table is None or not chart.table.rows:
        return ""
    pairs = zip(chart.table.headers, chart.table.rows[0], strict=True)
    return "  ".join(f"{name} {value}" for name, value in pairs)


def _legend(canvas: _Canvas, top: float, names: Sequence[str], inks: Sequence[str]) -> float:
    """Writes which colour is which series, and returns where what is below begins."""
    font, x, y = canvas.font, 0.8 * canvas.font, top + 0.4 * canvas.font
    for name, ink in zip(names, inks, strict=True):
        wide = canvas.wide([name]) + 2.4 * font
        if x > font and x + wide > canvas.width:
            x, y = 0.8 * font, y + 1.5 * font
        canvas.add(
            f'<rect x="{x:.1f}" y="{y - 0.5 * font:.1f}" width="{font:.1f}" height="{0.5 * font:.1f}" fill="{ink}"/>'
        )
        canvas.text(x + 1.4 * font, y, name, "start")
        x += wide
    return y + 1.2 * font


def _names(series: Sequence[Series]) -> list[str] | None:
    """Returns the different x of series where they are names; None where all are numbers."""
    if not any(isinstance(x, str) for each in series for x in each.x):
        return None
    return list(dict.fromkeys(str(x) for each in series for x in each.x))


def _points(
    series: Series, index: Mapping[str, int] | None, x: _Scale, y: _Scale
) -> Iterator[tuple[float, float] | None]:
    """Gives the places of points; None where a point has no place: a line is interrupted there."""
    for at, value in zip(series.x, series.y, strict=True):
        number = float(at) if index is None else float(index[str(at)])
        if value is None or not math.isfinite(value) or not math.isfinite(number):
            yield None
        else:
            yield x(number), y(value)


def _finite(values: Any) -> list[float]:
    return [float(value) for value in values if value is not None and math.isfinite(value)]


def _domain(given: Any) -> tuple[float, float] | None:
    """Returns the ends of an axis that a program has set."""
    if not given:
        return None
    low, high = (float(end) for end in given)
    return _apart(low, high) if math.isfinite(low) and math.isfinite(high) else None


def _apart(low: float, high: float) -> tuple[float, float]:
    """Returns two ends that are apart, by more than a float's last digits: a scale divides by their distance."""
    if high / 2 - low / 2 >= _LEAST:
        return low, high
    room = abs(low) * _ROOM
    room = room if room >= _LEAST else 1.0
    return low - room, high + room


def _x_range(series: Sequence[Series]) -> tuple[float, float]:
    found = _finite(x for each in series for x in each.x)
    return _apart(min(found), max(found)) if found else (0.0, 1.0)


def _have_whole_places(series: Sequence[Series]) -> bool:
    return all(
        isinstance(x, int) or (isinstance(x, float) and x.is_integer()) for each in series for x in each.x
    )


def _y_range(chart: Drawing) -> tuple[float, float]:
    found = _finite(y for each in chart.series for y in each.y)
    if not found:
        return 0.0, 1.0
    fitted = chart.options.get("zoom_to_fit", chart.kind != "bar")
    low, high = min(found), max(found)
    if not fitted or chart.kind == "bar":
        low, high = min(0.0, low), max(0.0, high)
    low, high = _apart(low, high)
    room = (high / 2 - low / 2) * 2 * _ROOM
    low, high = low - room if low else low, high + room if high else high
    most = 1e308
    return max(low, -most), min(high, most)


def _line(canvas: _Canvas, points: Sequence[tuple[float, float] | None], ink: str, dashed: bool) -> None:
    pieces = [list(piece) for there, piece in groupby(points, lambda point: point is not None) if there]
    lines = [[point for point in piece if point is not None] for piece in pieces]
    path = "".join(
        f"{'L' if place else 'M'}{x:.1f} {y:.1f}"
        for line in lines
        for place, (x, y) in enumerate(_thinned(line))
    )
    dash = ' stroke-dasharray="6 4"' if dashed else ""
    canvas.add(f'<path d="{path}" fill="none" stroke="{ink}" stroke-width="2"{dash}/>')
    _dots(canvas, [line[0] for line in lines if len(line) == 1], ink)


def _thinned(line: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Gives the points of a line without those that nobody sees: of a column of pixels its ends and its extremes."""
    for _, column in groupby(line, lambda point: int(point[0])):
        points = list(column)
        ends = {0, len(points) - 1}
        heights = [y for _, y in points]
        for place in sorted(ends | {heights.index(min(heights)), heights.index(max(heights))}):
            yield points[place]


def _dots(canvas: _Canvas, points: Sequence[tuple[float, float] | None], ink: str) -> None:
    places = dict.fromkeys(f"M{point[0]:.0f} {point[1]:.0f}h0" for point in points if point is not None)
    if places:
        canvas.add(f'<path d="{"".join(places)}" stroke="{ink}" stroke-width="6" stroke-linecap="round"/>')


def _bars(
    canvas: _Canvas,
    points: Sequence[tuple[float, float] | None],
    ink: str,
    unit: float,
    ground: float,
    share: tuple[int, int, float],
) -> None:
    place, count, width = share
    each = max(0.5, unit * width / count)
    path = []
    for point in filter(None, points):
        left = point[0] - unit * width / 2 + place * each
        path.append(f"M{left:.1f} {ground:.1f}V{point[1]:.1f}h{each:.1f}V{ground:.1f}z")
    canvas.add(f'<path d="{"".join(path)}" fill="{ink}"/>')


def _heatmap(canvas: _Canvas, chart: Drawing, grid: Grid) -> None:
    """Draws a matrix as colours, with what the colours mean beside it."""
    values = grid.shades()
    step_y = max(1, math.ceil(len(values) / math.isqrt(_MOST_CELLS)))
    step_x = max(1, math.ceil(len(values[0]) / math.isqrt(_MOST_CELLS)))
    low, high = grid.domain
    font = canvas.font
    ends = [f"{low:.4g}", f"{high:.4g}"]
    bar = 2.2 * font + canvas.wide(ends)
    box = _box(canvas, _title(canvas, chart), grid.rows, chart.options, bar + 1.5 * font)
    wide, tall = (box.right - box.left) / len(values[0]), (box.bottom - box.top) / len(values)
    for row in range(0, len(values), step_y):
        for column in range(0, len(values[0]), step_x):
            fill = _shade(grid, values[row][column])
            if fill is not None:
                canvas.add(
                    f'<rect x="{box.left + column * wide:.2f}" y="{box.top + row * tall:.2f}" '
                    f'width="{step_x * wide + 0.3:.2f}" height="{step_y * tall + 0.3:.2f}" fill="{fill}"/>'
                )
    if grid.counts and len(values) * len(values[0]) <= _MOST_WRITTEN:
        for row, counts in enumerate(grid.values):
            for column, count in enumerate(counts):
                x, y = box.left + (column + 0.5) * wide, box.top + (row + 0.5) * tall + 0.35 * font
                canvas.text(x, y, f"{count:g}", more=f' style="fill:{_ink(grid, values[row][column])}"')
    every_x = max(
        1, math.ceil(len(grid.columns) * (canvas.wide(grid.columns) + font) / (box.right - box.left))
    )
    every_y = max(1, math.ceil(len(grid.rows) * 1.2 * font / (box.bottom - box.top)))
    for column in range(0, len(grid.columns), every_x):
        canvas.text(box.left + (column + 0.5) * wide, box.bottom + 1.4 * font, grid.columns[column])
    for row in range(0, len(grid.rows), every_y):
        canvas.text(box.left - 0.4 * font, box.top + (row + 0.5) * tall + 0.35 * font, grid.rows[row], "end")
    _color_bar(canvas, grid, _Box(canvas.width - bar, box.top, canvas.width - bar + font, box.bottom), ends)
    _labels(canvas, box, chart.options)


def _color_bar(canvas: _Canvas, grid: Grid, box: _Box, ends: Sequence[str]) -> None:
    scale = _SCALES.get(grid.colors, _SCALES["viridis"])
    stops = "".join(
        f'<stop offset="{i / (len(scale) - 1):.3f}" stop-color="rgb{color}"/>'
        for i, color in enumerate(scale)
    )
    canvas.add(
        f'<defs><linearGradient id="tfjs-pyo-{grid.colors}" x1="0" y1="1" x2="0" y2="0">{stops}</linearGradient></defs>'
    )
    canvas.add(
        f'<rect x="{box.left:.1f}" y="{box.top:.1f}" width="{box.right - box.left:.1f}" '
        f'height="{box.bottom - box.top:.1f}" fill="url(#tfjs-pyo-{grid.colors})"/>'
    )
    for text, y in zip(ends, (box.bottom, box.top + 0.8 * canvas.font), strict=True):
        canvas.text(box.right + 0.4 * canvas.font, y, text, "start")


def _mixed(grid: Grid, value: float | None) -> tuple[int, ...] | None:
    """Returns the colour of a value."""
    if value is None or not math.isfinite(value):
        return None
    scale = _SCALES.get(grid.colors, _SCALES["viridis"])
    low, high = grid.domain
    share = min(1.0, max(0.0, (value / 2 - low / 2) / (high / 2 - low / 2))) if high > low else 0.0
    place = share * (len(scale) - 1)
    at = min(len(scale) - 2, int(place))
    pairs = zip(scale[at], scale[at + 1], strict=True)
    return tuple(round(a + (b - a) * (place - at)) for a, b in pairs)


def _shade(grid: Grid, value: float | None) -> str | None:
    color = _mixed(grid, value)
    return None if color is None else f"#{bytes(color).hex()}"


def _ink(grid: Grid, value: float | None) -> str:
    """Returns black or white, whichever is seen on the colour of a value."""
    color = _mixed(grid, value)
    if color is None:
        return "inherit"
    red, green, blue = color
    return "#000" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "#fff"


def _table(canvas: _Canvas, chart: Drawing, table: Table) -> None:
    """Writes a table; its height is that of its rows."""
    rows = [[written(cell) for cell in row] for row in table.rows]
    left_out = len(rows) - _MOST_ROWS
    cells = [list(map(str, table.headers)), *rows[:_MOST_ROWS]]
    top, line, font = _title(canvas, chart), 1.6 * canvas.font, canvas.font
    x = font
    for column in zip(*cells, strict=False):
        for place, text in enumerate(column):
            canvas.text(
                x, top + (place + 0.8) * line, text, "start", ' font-weight="600"' if place == 0 else ""
            )
        x += canvas.wide(column) + 1.5 * font
    canvas.width = max(canvas.width, x)
    canvas.add(f'<path class="axis" d="M{font:.1f} {top + 1.15 * line:.1f}H{canvas.width - font:.1f}"/>')
    if left_out > 0:
        canvas.text(font, top + (len(cells) + 0.8) * line, f"... {left_out} rows more", "start")
    canvas.height = top + (len(cells) + (left_out > 0) + 0.5) * line
