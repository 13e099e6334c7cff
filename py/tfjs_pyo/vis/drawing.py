"""Draws charts with matplotlib."""

from __future__ import annotations

from typing import Any

from tfjs_pyo.vis.parts import Drawing, Grid, Table

_PIXELS_PER_INCH = 100
_MOST_WRITTEN = 400
"""Cells of a heatmap that have their values written into them."""


def draw(figure: Any, chart: Drawing) -> None:
    """Draws a chart onto a figure that is empty."""
    options = chart.options
    size = (options.get("width", 640) / _PIXELS_PER_INCH, options.get("height", 400) / _PIXELS_PER_INCH)
    figure.set_dpi(_PIXELS_PER_INCH)
    figure.set_size_inches(size)
    figure.set_layout_engine("constrained")
    axes = figure.add_subplot()
    if chart.surface is not None:
        axes.set_title(chart.surface.name)
    if chart.grid is not None:
        _heatmap(figure, axes, chart.grid)
    elif chart.kind == "table" and chart.table is not None:
        _table(axes, chart.table)
    else:
        _plot(axes, chart)
    _label(axes, chart)


def _plot(axes: Any, chart: Drawing) -> None:
    colors = chart.options.get("series_colors") or [None] * len(chart.series)
    for series, color in zip(chart.series, colors, strict=False):
        y = [float("nan") if value is None else value for value in series.y]
        if chart.kind == "bar":
            axes.bar(series.x, y, label=series.name, color=color, width=chart.options.get("bar_width", 0.8))
        elif chart.kind == "scatter":
            axes.plot(series.x, y, "o", label=series.name, color=color)
        else:
            axes.plot(series.x, y, label=series.name, color=color)
    if len(chart.series) > 1 or chart.kind != "bar":
        axes.legend()
    if chart.table is not None:
        headers, row = chart.table.headers, chart.table.rows[0]
        axes.set_xlabel("  ".join(f"{name} {value}" for name, value in zip(headers, row, strict=True)))


def _label(axes: Any, chart: Drawing) -> None:
    options = chart.options
    if options.get("x_label"):
        axes.set_xlabel(options["x_label"])
    if options.get("y_label"):
        axes.set_ylabel(options["y_label"])
    if options.get("x_axis_domain"):
        axes.set_xlim(options["x_axis_domain"])
    if options.get("y_axis_domain"):
        axes.set_ylim(options["y_axis_domain"])


def _heatmap(figure: Any, axes: Any, grid: Grid) -> None:
    low, high = grid.domain
    image = axes.imshow(
        [[float("nan") if v is None else v for v in row] for row in grid.shades()],
        cmap=grid.colors,
        vmin=low,
        vmax=high,
        aspect="auto",
    )
    figure.colorbar(image)
    axes.set_xticks(range(len(grid.columns)), grid.columns, rotation=45)
    axes.set_yticks(range(len(grid.rows)), grid.rows)
    if grid.counts and len(grid.rows) * len(grid.columns) <= _MOST_WRITTEN:
        for y, row in enumerate(grid.values):
            for x, value in enumerate(row):
                axes.text(x, y, f"{value:g}", ha="center", va="center", color="gray")


def _table(axes: Any, table: Table) -> None:
    axes.axis("off")
    cells = [[str(cell) for cell in row] for row in table.rows]
    if cells:
        axes.table(cellText=cells, colLabels=list(table.headers), loc="center")
