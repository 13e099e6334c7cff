"""What charts consist of: data only, which svg.py and drawing.py draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Kind = Literal["line", "scatter", "bar", "heatmap", "table"]


@dataclass(frozen=True)
class Surface:
    """A place for one chart: what is drawn there later takes its place.

    Args:
        name: its title.
        tab: the group that it belongs to.
        element: an element of the document; default: it stands among the results.

    Attributes:
        name: its title.
        tab: the group that it belongs to.
        element: the element of the document that it is; None: it stands among the results.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.vis.Surface("Loss", tab="Training")
        Surface(name='Loss', tab='Training')
    """

    _internal = ("part",)

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
class Drawing:
    """What is drawn, and on which surface.

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
