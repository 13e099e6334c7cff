"""Weights and activations of layers as images: a tile for each filter or channel, a row or a matrix for the others."""

from __future__ import annotations

import base64
import importlib
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from tfjs_pyo import output
from tfjs_pyo.browser import Picture
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.models import model as model_of
from tfjs_pyo.vis.chart import SURFACE_TYPE
from tfjs_pyo.vis.parts import Surface
from tfjs_pyo.vis.shown import Shown
from tfjs_pyo.vis.values import Place, spelled, surface_of

__all__ = ["Sheet", "activations", "weights"]

MOST_TILES = 64
MOST_SIDE = 256
"""Rows and columns of the largest image that is shown whole."""
_WIDE, _ONE_ROW = 480, 8
_STYLE = "image-rendering:pixelated;outline:1px solid #8888;max-width:100%"
Matrix = Sequence[Sequence[float]]
Color = tuple[int, int, int]


@dataclass(frozen=True)
class Image:
    """Values as an image: what they are, and how large a pixel is shown."""

    caption: str
    picture: Picture
    scale: int


class Sheet(Shown):
    """Images with captions, which pages and notebooks show. Awaiting it gives None, as TF.js's calls do.

    Attributes:
        title: what they are of.
        images: one after the other.
        surface: where it is shown.
    """

    def __init__(self, title: str, images: Sequence[Image], surface: Surface | None) -> None:
        self.title = title
        self.images = images
        self.surface = surface

    def __repr__(self) -> str:
        return f"<images of {self.title}: {'; '.join(image.caption for image in self.images) or 'none'}>"

    def _repr_html_(self) -> str:
        """Returns headings, images and captions."""
        figures = "".join(
            f'<figure style="margin:0 0 1em"><img alt="{escape(image.caption)}" '
            f'style="{_STYLE};width:{image.picture.width * image.scale}px" '
            f'src="data:image/png;base64,{base64.b64encode(image.picture._repr_png_()).decode()}">'
            f"<figcaption>{escape(image.caption)}</figcaption></figure>"
            for image in self.images
        )
        return f"<h3>{escape(self.title)}</h3>{figures or '<p>It has none.</p>'}"

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> dict[str, Any]:
        """Returns the forms in which front ends take it. Source: Jupyter's messaging protocol."""
        bundle = {"text/html": self._repr_html_(), "text/plain": repr(self)}
        return {**bundle, SURFACE_TYPE: self.surface.key} if self.surface else bundle

    def figure(self) -> Any:
        """Returns it as a figure of matplotlib."""
        return output.figure_of(self)

    def draw_on(self, figure: Any) -> None:
        """Draws it onto an empty figure of matplotlib."""
        figure.set_size_inches(6, 3 * max(1, len(self.images)))
        figure.set_layout_engine("constrained")
        figure.suptitle(self.title)
        for place, image in enumerate(self.images):
            axes = figure.add_subplot(len(self.images), 1, place + 1)
            height, width = image.picture.height, image.picture.width
            numpy = importlib.import_module("numpy")
            axes.imshow(numpy.frombuffer(image.picture.data, numpy.uint8).reshape(height, width, 4))
            axes.set_title(image.caption, fontsize="small")
            axes.set_axis_off()

    def save(self, path: str) -> None:
        """Writes it as a picture; the name's ending tells the format. Needs matplotlib."""
        self.figure().savefig(path)


@spelled
def weights(container: Place, layer: Any) -> Sheet:
    """Shows the weights of a layer as images: filters side by side, matrices as they are, vectors as a row.

    Blue is below zero, red above, and the strongest of an image is as strong as the value that is farthest from zero. Filters
    on three channels are shown in colours.

    Args:
        container: the surface, {'name': ..., 'tab': ...} or its name.
        layer: a layer that is built.

    Returns:
        The images, one for each weight, in a sheet which is drawn where the surface is.

    Raises:
        ArgumentError: that is no layer, or it has no weights yet.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.conv2d({"filters": 4, "kernelSize": 3, "inputShape": [8, 8, 1], "name": "conv"})
        >>> _ = tf.sequential({"layers": [layer]})
        >>> [image.picture.width for image in tf.vis.show.weights("Filters", layer).images]
        [15, 4]
    """
    if not isinstance(layer, Layer):
        raise ArgumentError(f"weights: expected a layer, received {type(layer).__name__}.")
    if not layer.built:
        raise ArgumentError(
            f"weights: layer {layer.name!r} is not built, and has no weights yet: call it first."
        )
    images = [_image(weight.unique_name, weight.read(), diverging=True) for weight in layer.weights]
    return _shown(Sheet(f"weights of {layer.name}", images, surface_of("weights", container)))


@spelled
def activations(container: Place, model: Any, layer: Any, x: Any) -> Sheet:
    """Shows what a layer of a model gives for an input: an image for each channel, or a row for a vector.

    Args:
        container: the surface, {'name': ..., 'tab': ...} or its name.
        model: a model of layers that are connected (sequential or functional).
        layer: one of its layers, its name, or its number.
        x: a batch of inputs, of which the first is shown; a list for several inputs.

    Returns:
        The images, one for each channel, in a sheet which is drawn where the surface is.

    Raises:
        ArgumentError: the model has no such layer.

    Example:
        >>> import tfjs_pyo as tf
        >>> layers = [tf.layers.dense({"units": 3, "activation": "relu", "inputShape": [2], "name": "hidden"})]
        >>> model = tf.sequential({"layers": layers})
        >>> tf.vis.show.activations("Hidden", model, "hidden", tf.ones([1, 2])).images[0].picture.width
        3
    """
    found = _layer_of(model, layer)
    part = model_of(inputs=model.inputs, outputs=found.output)
    given = part.predict(x)
    tensors = given if isinstance(given, list) else [given]
    images = [_image(found.name, tensor[0], diverging=False) for tensor in tensors]
    return _shown(Sheet(f"what {found.name} gives", images, surface_of("activations", container)))


def _layer_of(model: Any, layer: Any) -> Any:
    if isinstance(layer, Layer):
        return layer
    get = getattr(model, "get_layer", None)
    if get is None:
        raise ArgumentError(f"activations: expected a model, received {type(model).__name__}.")
    return get(index=layer) if isinstance(layer, int) else get(layer)


def _shown(sheet: Sheet) -> Sheet:
    output.show(sheet)
    return sheet


def _image(name: str, tensor: Tensor, diverging: bool) -> Image:
    """Returns values as an image."""
    values = [float(value) for value in tensor.data_sync()]
    finite = [value for value in values if math.isfinite(value)] or [0.0]
    low, high = min(finite), max(finite)
    shape = list(tensor.shape)
    told = f"{name} {shape}: {low:.3g} to {high:.3g}"
    if len(shape) == 4 and shape[2] == 3 and diverging:
        tiles, note = _colored_tiles(values, shape, low, high)
    else:
        largest = max(abs(low), abs(high)) or 1.0
        span = (-largest, largest) if diverging else (low, high if high > low else low + 1.0)
        matrices, note = _matrices(values, shape)
        tiles = [[[_shade(value, span, diverging) for value in row] for row in matrix] for matrix in matrices]
    picture = _grid(tiles)
    return Image(told + note, picture, max(1, min(24, _WIDE // max(picture.width, 1))))


def _matrices(values: Sequence[float], shape: Sequence[int]) -> tuple[Sequence[Matrix], str]:
    """Returns what is shown side by side: a matrix, a row, or one matrix for each place in the axes after the first two."""
    if len(shape) < 2:
        return [[list(values[:MOST_SIDE])]], _cut(len(values), MOST_SIDE, "values")
    rows, columns = shape[0], shape[1]
    channels = math.prod(shape[2:])
    matrices = [
        [
            [
                values[(row * columns + column) * channels + channel]
                for column in range(min(columns, MOST_SIDE))
            ]
            for row in range(min(rows, MOST_SIDE))
        ]
        for channel in range(min(channels, MOST_TILES))
    ]
    if channels > 1:
        return matrices, _cut(channels, MOST_TILES, "images")
    return matrices, _cut(max(rows, columns), MOST_SIDE, "rows and columns")


def _cut(count: int, most: int, what: str) -> str:
    return f"; the first {most} of {count} {what}" if count > most else ""


def _colored_tiles(
    values: Sequence[float], shape: Sequence[int], low: float, high: float
) -> tuple[list[list[list[Color]]], str]:
    """Returns filters on three channels as images in colours."""
    rows, columns, _, filters = shape
    spread = (high - low) or 1.0

    def color(row: int, column: int, number: int) -> Color:
        first = (row * columns + column) * 3 * filters + number
        red, green, blue = (_byte((values[first + c * filters] - low) / spread) for c in range(3))
        return red, green, blue

    tiles = [
        [[color(row, column, number) for column in range(columns)] for row in range(rows)]
        for number in range(min(filters, MOST_TILES))
    ]
    return tiles, _cut(filters, MOST_TILES, "filters")


def _byte(share: float) -> int:
    return round(255 * min(max(share, 0.0), 1.0)) if math.isfinite(share) else 0


def _shade(value: float, span: tuple[float, float], diverging: bool) -> Color:
    """Returns the colour of a value: from blue over white to red, or from black to white; magenta for what is no number."""
    if not math.isfinite(value):
        return 255, 0, 255
    low, high = span
    share = (value - low) / (high - low)
    if not diverging:
        grey = _byte(share)
        return grey, grey, grey
    paler = _byte(1 - abs(2 * share - 1))
    return (255, paler, paler) if share > 0.5 else (paler, paler, 255)


def _grid(tiles: Sequence[Sequence[Sequence[Color]]]) -> Picture:
    """Returns tiles in about a square, a transparent pixel apart."""
    height, width = len(tiles[0]) if tiles else 0, len(tiles[0][0]) if tiles and tiles[0] else 0
    if not height or not width:
        return Picture(bytes(4), 1, 1)
    across = len(tiles) if len(tiles) <= _ONE_ROW else math.ceil(math.sqrt(len(tiles)))
    down = math.ceil(len(tiles) / across)
    full_width = across * (width + 1) - 1
    pixels = bytearray(full_width * (down * (height + 1) - 1) * 4)
    for number, (y, x), color in _placed(tiles):
        top, left = number // across * (height + 1), number % across * (width + 1)
        start = ((top + y) * full_width + left + x) * 4
        pixels[start : start + 4] = bytes((*color, 255))
    return Picture(bytes(pixels), full_width, down * (height + 1) - 1)


def _placed(
    tiles: Sequence[Sequence[Sequence[Color]]],
) -> Iterator[tuple[int, tuple[int, int], Color]]:
    for number, tile in enumerate(tiles):
        for y, row in enumerate(tile):
            yield from zip(itertools.repeat(number), ((y, x) for x in range(len(row))), row, strict=False)
