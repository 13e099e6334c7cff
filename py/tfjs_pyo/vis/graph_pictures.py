"""The graph of a model as pixels: drawn by Pillow in CPython, by the browser's canvas in the page."""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from tfjs_pyo.core.blocking import wait
from tfjs_pyo.errors import DeviceError
from tfjs_pyo.vis.graph_layout import Point, bends
from tfjs_pyo.vis.model_graph import LINE, MARGIN, PAD, Box, ModelGraph

_EDGE, _FRAME, _TEXT, _QUIET = "#5c6577", "#8a93a5", "#1f2430", "#5c6577"
_STEPS = 16
_PAGE = "pyodide" in sys.modules


def png_of(graph: ModelGraph, scale: float) -> bytes:
    """Returns the picture of a graph as a PNG.

    Args:
        graph: of a model.
        scale: pixels for each unit of the drawing.

    Raises:
        DeviceError: Pillow is not installed.
    """
    placed = graph.placed()
    size = placed.width + 2 * MARGIN, placed.height + 2 * MARGIN
    canvas = (_OfPage if _PAGE else _OfPillow)(size, scale)
    for route in placed.routes.values():
        curves = list(bends([(x + MARGIN, y + MARGIN) for x, y in route], graph.direction))
        canvas.line([curves[0][0], *(point for curve in curves for point in _points(*curve))])
        canvas.tip(_tip(*curves[-1][2:]))
    for box, (x, y) in zip(graph.boxes, placed.centers, strict=True):
        canvas.box(box, x + MARGIN, y + MARGIN)
    return canvas.png()


def _points(start: Point, first: Point, second: Point, end: Point) -> Iterator[Point]:
    """Yields points of a curve behind its start."""
    for step in range(1, _STEPS + 1):
        t = step / _STEPS
        shares = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
        x, y = (
            sum(share * point[axis] for share, point in zip(shares, (start, first, second, end), strict=True))
            for axis in (0, 1)
        )
        yield x, y


def _tip(before: Point, end: Point) -> list[Point]:
    """Returns the corners of the tip of an edge, which comes from a point."""
    x, y = ((a > b) - (a < b) for a, b in zip(end, before, strict=True))
    return [(end[0] - 7 * x + 4 * side * y, end[1] - 7 * y + 4 * side * x) for side in (-1, 1)] + [end]


class _OfPillow:
    """Draws by Pillow."""

    def __init__(self, size: Point, scale: float) -> None:
        try:
            image, draw, font = (
                importlib.import_module(f"PIL.{name}") for name in ("Image", "ImageDraw", "ImageFont")
            )
        except ImportError:
            raise DeviceError(
                "plot_model: needs Pillow for pictures of pixels. Install it: pip install pillow."
            ) from None
        self._scale = scale
        self._image = image.new("RGB", (round(size[0] * scale), round(size[1] * scale)), "white")
        self._draw = draw.Draw(self._image)
        self._font = font.load_default(13 * scale)

    def line(self, points: Sequence[Point]) -> None:
        """Draws an edge."""
        self._draw.line(
            [(x * self._scale, y * self._scale) for x, y in points], _EDGE, max(1, round(self._scale))
        )

    def tip(self, corners: Sequence[Point]) -> None:
        """Draws the tip of an edge."""
        self._draw.polygon([(x * self._scale, y * self._scale) for x, y in corners], _EDGE)

    def box(self, box: Box, x: float, y: float) -> None:
        """Draws a layer."""
        (width, height), scale = box.size, self._scale
        edges = [
            (x - width / 2) * scale,
            (y - height / 2) * scale,
            (x + width / 2) * scale,
            (y + height / 2) * scale,
        ]
        self._draw.rounded_rectangle(edges, 6 * scale, "white", _FRAME, max(1, round(scale)))
        for number, text in enumerate(box.lines):
            at = x * scale, (y - height / 2 + PAD / 2 + LINE * (number + 0.5)) * scale
            self._draw.text(at, text, _QUIET if number else _TEXT, self._font, "mm")

    def png(self) -> bytes:
        """Returns what was drawn."""
        file = io.BytesIO()
        self._image.save(file, "PNG")
        return file.getvalue()


class _OfPage:
    """Draws on a canvas of the browser."""

    def __init__(self, size: Point, scale: float) -> None:
        import js

        self._canvas = js.OffscreenCanvas.new(round(size[0] * scale), round(size[1] * scale))
        self._context: Any = self._canvas.getContext("2d")
        self._context.scale(scale, scale)
        self._context.fillStyle = "white"
        self._context.fillRect(0, 0, *size)
        self._context.textAlign, self._context.textBaseline = "center", "middle"

    def _path(self, points: Sequence[Point]) -> None:
        self._context.beginPath()
        self._context.moveTo(*points[0])
        for point in points[1:]:
            self._context.lineTo(*point)

    def line(self, points: Sequence[Point]) -> None:
        """Draws an edge."""
        self._context.strokeStyle = _EDGE
        self._path(points)
        self._context.stroke()

    def tip(self, corners: Sequence[Point]) -> None:
        """Draws the tip of an edge."""
        self._context.fillStyle = _EDGE
        self._path(corners)
        self._context.fill()

    def box(self, box: Box, x: float, y: float) -> None:
        """Draws a layer."""
        (width, height), context = box.size, self._context
        context.fillStyle, context.strokeStyle = "white", _FRAME
        context.beginPath()
        context.roundRect(x - width / 2, y - height / 2, width, height, 6)
        context.fill()
        context.stroke()
        for number, text in enumerate(box.lines):
            context.font = f"{'' if number else '600 '}13px system-ui, sans-serif"
            context.fillStyle = _QUIET if number else _TEXT
            context.fillText(text, x, y - height / 2 + PAD / 2 + LINE * (number + 0.5))

    def png(self) -> bytes:
        """Returns what was drawn."""

        async def encoded() -> bytes:
            blob = await self._canvas.convertToBlob()
            content = await blob.arrayBuffer()
            made: bytes = content.to_bytes()
            return made

        return wait(encoded())


__all__ = ["png_of"]
