"""What is to be drawn, as data: the page draws it with uPlot, notebooks show it as SVG, matplotlib makes figures of it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tfjs_pyo import output
from tfjs_pyo.io.file_errors import storage_errors
from tfjs_pyo.vis.drawing import draw
from tfjs_pyo.vis.parts import Drawing
from tfjs_pyo.vis.shown import Shown
from tfjs_pyo.vis.svg import html_of, svg_of

MIME_TYPE = "application/vnd.tfjs-pyo.chart+json"
SURFACE_TYPE = "application/vnd.tfjs-pyo.surface"
"""Tells the page which surface something that is no chart lies on."""


@dataclass(frozen=True, repr=False)
class Chart(Drawing, Shown):
    """A chart and where it is shown. Awaiting it gives None, as TF.js's calls do.

    Args:
        kind, surface, series, table, grid, options: the attributes below; `tf.vis.render` makes charts.

    Attributes:
        kind: 'line', 'scatter', 'bar', 'heatmap' or 'table'.
        surface: where it is shown; None: nowhere in particular.
        series: of lines, points and bars.
        table: of a table, or what is told beside bars.
        grid: of a heatmap.
        options: width, height, labels and domains of the axes, colours.

    Example:
        >>> import tfjs_pyo as tf
        >>> chart = tf.vis.render.linechart("Squares", {"values": [0, 1, 4], "series": ["x^2"]})
        >>> isinstance(chart, tf.vis.Chart), chart.kind, chart.surface.name
        (True, 'line', 'Squares')
    """

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

        Example:
            >>> import tfjs_pyo as tf
            >>> chart = tf.vis.render.linechart("Squares", {"values": [0, 1, 4], "series": ["x^2"]})
            >>> chart.figure().axes[0].get_title()
            'Squares'
        """
        return output.figure_of(self)

    def draw_on(self, figure: Any) -> None:
        """Draws it onto an empty figure of matplotlib.

        Args:
            figure: a `matplotlib.figure.Figure`.

        Example:
            >>> import tfjs_pyo as tf
            >>> from matplotlib.figure import Figure
            >>> chart = tf.vis.render.linechart("Squares", {"values": [0, 1, 4], "series": ["x^2"]})
            >>> figure = Figure()
            >>> chart.draw_on(figure)
            >>> len(figure.axes)
            1
        """
        draw(figure, self)

    def save(self, path: str | Path) -> None:
        """Writes it as a picture; the name's ending tells the format.

        Args:
            path: of the file. '.svg' needs nothing; '.png', '.pdf' and others need matplotlib.

        Raises:
            ImportError: matplotlib is not there.
            StorageError: it cannot be written.

        Example:
            >>> import tfjs_pyo as tf
            >>> import pathlib, tempfile
            >>> chart = tf.vis.render.linechart("Squares", {"values": [0, 1, 4], "series": ["x^2"]})
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     path = pathlib.Path(folder, "squares.svg")
            ...     chart.save(path)
            ...     print(path.read_text()[:4])
            <svg
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
