"""What is to be drawn, as data: the page draws it with uPlot, CPython with matplotlib."""

from __future__ import annotations

import json
import math
from collections.abc import Generator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from tfjs_pyo import output
from tfjs_pyo.vis.drawing import draw

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
    """

    name: str
    tab: str = "Visor"

    @property
    def key(self) -> str:
        """Tells surfaces apart."""
        return f"{self.tab}/{self.name}"


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
class Chart:
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

    def __await__(self) -> Generator[Any, None, None]:
        return
        yield

    def __repr__(self) -> str:
        what = f"{self.kind} chart" if self.kind != "table" else "table"
        title = f" {self.surface.name!r}" if self.surface else ""
        names = [series.name for series in self.series]
        return f"<{what}{title}{': ' + ', '.join(names) if names else ''}>"

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> dict[str, Any]:
        """Returns the forms in which front ends take it. Source: Jupyter's messaging protocol."""
        spec = {**asdict(self), "key": self.surface.key if self.surface else None}
        return {MIME_TYPE: json.dumps(_finite(spec), default=str), "text/plain": repr(self)}

    def figure(self) -> Any:
        """Returns it as a figure of matplotlib.

        Raises:
            ImportError: matplotlib is not there.
        """
        return output.figure_of(self)

    def draw_on(self, figure: Any) -> None:
        """Draws it onto an empty figure of matplotlib."""
        draw(figure, self)

    def save(self, path: str) -> None:
        """Writes it as a picture; the name's ending tells the format.

        Raises:
            ImportError: matplotlib is not there.
        """
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
