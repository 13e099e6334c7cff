"""What is to be drawn, as data: the page draws it with uPlot, notebooks show it as SVG, matplotlib makes figures of it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from tfjs_pyo import output
from tfjs_pyo.io.writing import storage_errors
from tfjs_pyo.vis.drawing import draw
from tfjs_pyo.vis.shown import Shown
from tfjs_pyo.vis.svg import html_of, svg_of

MIME_TYPE = "application/vnd.tfjs-pyo.chart+json"
SURFACE_TYPE = "application/vnd.tfjs-pyo.surface"
"""Tells the page which surface something that is no chart lies on."""
Kind = Literal["line", "scatter", "bar", "heatmap", "table"]


@dataclass(frozen=True)
class Surface:
    """A place for one chart: what is drawn there later takes its place.

    Attributes:
        name: its title.
        tab: the group that it belongs to.
        element: the element of the document that it is; None: it stands among the results.
    """

    name: str
    tab: str = "Visor"
    element: Any = field(default=None, repr=False, compare=False)

    @property
    def key(self) -> str:
        """Tells surfaces apart."""
        return f"{self.tab}/{self.name}"

    def part(self, title: str) -> Surface:
        """Returns a surface for one of several charts: in an element a child of its own."""
        name = f"{self.name}: {title}" if self.name else title
        if self.element is None:
            return Surface(name, self.tab)
        child = next((child for child in self.element.children if child.title == title), None)
        if child is None:
            child = self.element.ownerDocument.createElement("div")
            child.title = title
            self.element.append(child)
        return replace(self, name=name, element=child)


@dataclass(frozen=True)
class Series:
    """Points of one name; y is None where there is none."""

    name: str
    x: Sequence[float | str]
    y: Sequence[float | None]


@dataclass(frozen=True)
class Table:
    """Rows under headers."""

    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Grid:
    """Values in rows and columns, to be shown as colours."""

    values: Sequence[Sequence[float]]
    rows: Sequence[str]
    columns: Sequence[str]
    domain: tuple[float, float]
    """The values that have the first and the last colour."""
    colors: str = "viridis"
    """'viridis', 'Blues' or 'Greys'."""
    counts: bool = False
    """Whether the values are written into the cells."""
    diagonal: bool = True
    """Whether the cells of the diagonal are coloured."""

    def shades(self) -> list[list[float | None]]:
        """Returns the values to be coloured."""
        return [
            [value if self.diagonal or x != y else None for x, value in enumerate(row)]
            for y, row in enumerate(self.values)
        ]


@dataclass(frozen=True)
class Chart(Shown):
    """A chart and where it is shown. Awaiting it gives None, as TF.js's calls do.

    Attributes:
        kind: 'line', 'scatter', 'bar', 'heatmap' or 'table'.
        surface: where it is shown; None: nowhere in particular.
        series: of lines, points and bars.
        table: of a table, or what is told beside bars.
        grid: of a heatmap.
        options: width, height, labels and domains of the axes, colours.
    """

    kind: Kind
    surface: Surface | None = None
    series: Sequence[Series] = ()
    table: Table | None = None
    grid: Grid | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        what = f"{self.kind} chart" if self.kind != "table" else "table"
        title = f" {self.surface.name!r}" if self.surface else ""
        names = [series.name for series in self.series]
        return f"<{what}{title}{': ' + ', '.join(names) if names else ''}>"

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> dict[str, Any]:
        """Returns the forms in which front ends take it. Source: Jupyter's messaging protocol."""
        place = self.surface
        parts = asdict(replace(self, surface=None))
        parts["surface"] = {"name": place.name, "tab": place.tab} if place else None
        spec = {**parts, "key": place.key if place else None}
        return {MIME_TYPE: json.dumps(_finite(spec), default=str), **self._drawn(), "text/plain": repr(self)}

    def _drawn(self) -> dict[str, str]:
        if self.kind == "table" and self.table is not None:
            return {"text/html": html_of(self.table, self.surface.name if self.surface else None)}
        return {"image/svg+xml": svg_of(self)}

    def figure(self) -> Any:
        """Returns it as a figure of matplotlib.

        Raises:
            ImportError: matplotlib is not there.
        """
        return output.figure_of(self)

    def draw_on(self, figure: Any) -> None:
        """Draws it onto an empty figure of matplotlib."""
        draw(figure, self)

    def save(self, path: str | Path) -> None:
        """Writes it as a picture; the name's ending tells the format.

        Args:
            path: of the file. '.svg' needs nothing; '.png', '.pdf' and others need matplotlib.

        Raises:
            ImportError: matplotlib is not there.
            StorageError: it cannot be written.
        """
        with storage_errors("chart.save", Path(path), "written"):
            if Path(path).suffix.lower() == ".svg":
                Path(path).write_text(svg_of(self), encoding="utf-8")
            else:
                self.figure().savefig(path)


def _finite(value: Any) -> Any:
    """Returns data with None for what JSON has no number for."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value
