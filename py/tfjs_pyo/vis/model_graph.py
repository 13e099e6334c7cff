"""The graph of a model's layers as a picture: a box for each layer, with its shapes and parameters, and what feeds it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tfjs_pyo import nests, output
from tfjs_pyo.errors import ArgumentError, OptionError, TfError
from tfjs_pyo.io.file_errors import storage_errors
from tfjs_pyo.models.base import Model
from tfjs_pyo.models.summary import rows_of
from tfjs_pyo.vis.chart import SURFACE_TYPE
from tfjs_pyo.vis.graph_layout import DIRECTIONS, Layout, Point, bends, directed
from tfjs_pyo.vis.parts import Surface
from tfjs_pyo.vis.shown import Shown
from tfjs_pyo.vis.svg import escaped
from tfjs_pyo.vis.values import Place, spelled, surface_of

__all__ = ["ModelGraph", "model_graph"]

_CHARACTER, _BOLD, LINE, PAD, MARGIN = 7.0, 8.0, 17.0, 12.0, 8.0
_STYLE = (
    ".tfjs-pyo-graph{font:13px system-ui,sans-serif}"
    "@supports(color:light-dark(#000,#fff)){"
    ".tfjs-pyo-graph rect{fill:light-dark(#fff,#14171d);stroke:light-dark(#8a93a5,#5c6577)}"
    ".tfjs-pyo-graph text{fill:light-dark(#1f2430,#d7dce5)}"
    ".tfjs-pyo-graph .quiet{fill:light-dark(#5c6577,#97a1b3)}"
    ".tfjs-pyo-graph .edge{stroke:light-dark(#5c6577,#97a1b3)}"
    ".tfjs-pyo-graph marker path{fill:light-dark(#5c6577,#97a1b3)}}"
)


@dataclass(frozen=True)
class Box:
    """A layer: the lines that say what it is, and whether it is trained."""

    lines: Sequence[str]
    trained: bool

    @property
    def size(self) -> tuple[float, float]:
        """Returns width and height."""
        wide = max(len(self.lines[0]) * _BOLD, *(len(line) * _CHARACTER for line in self.lines))
        return wide + 2 * PAD, len(self.lines) * LINE + PAD


@dataclass(frozen=True)
class _Drawn:
    """The boxes of a model, those that take its inputs and those that give its outputs, by number."""

    entries: Sequence[int]
    exits: Sequence[int]


class ModelGraph(Shown):
    """A picture of a model: an SVG that pages and notebooks show. Awaiting it gives None, as TF.js's calls do.

    Attributes:
        boxes: the layers.
        edges: pairs of their numbers, from what gives to what takes.
        surface: where it is shown.
    """

    def __init__(self, model: Any, surface: Surface | None, options: _Options) -> None:
        self.boxes: list[Box] = []
        self.edges: list[tuple[int, int]] = []
        self.surface = surface
        self._title = str(getattr(model, "name", "model"))
        self._options = options
        self._add(model, "")

    def __repr__(self) -> str:
        return f"<graph of {self._title!r}: {len(self.boxes)} layers, {len(self.edges)} connections>"

    def _add(self, model: Any, prefix: str) -> _Drawn:
        """Adds the layers of a model."""
        rows = rows_of(model)
        drawn = {row.layer.name: self._boxes_of(row, prefix) for row in rows}
        linked = any(row.sources for row in rows)
        fed = set()
        for before, row in zip([None, *rows], rows, strict=False):
            line = [] if linked or before is None else [before.layer.name]
            sources = [_source(text) for text in row.sources] or line
            if sources:
                fed.add(row.layer.name)
            self._connect([drawn[name] for name in sources if name in drawn], drawn[row.layer.name])
        inputs = [n for name, each in drawn.items() if name not in fed for n in each.entries]
        names = model.output_names if linked else [rows[-1].layer.name] if rows else []
        return _Drawn(inputs, [n for name in names if name in drawn for n in drawn[name].exits])

    def _connect(self, sources: Sequence[_Drawn], own: _Drawn) -> None:
        for place, source in enumerate(sources):
            entry = own.entries[min(place, len(own.entries) - 1)]
            self.edges += [(exit_, entry) for exit_ in source.exits if (exit_, entry) not in self.edges]

    def _boxes_of(self, row: Any, prefix: str) -> _Drawn:
        layer = row.layer
        if self._options.expand_nested and isinstance(layer, Model):
            return self._add(layer, f"{prefix}{layer.name}/")
        self.boxes.append(
            Box(_lines(row, prefix, self._options), bool(layer.trainable) or not layer.count_params())
        )
        return _Drawn([len(self.boxes) - 1], [len(self.boxes) - 1])

    def _repr_svg_(self) -> str:
        """Returns the picture, a document of its own."""
        return _svg(self, self._title)

    @property
    def direction(self) -> str:
        """Where the graph leads: 'TB', 'BT', 'LR' or 'RL'."""
        return self._options.direction

    def placed(self) -> Layout:
        """Returns where everything lies."""
        return directed([box.size for box in self.boxes], self.edges, self.direction)

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> dict[str, Any]:
        """Returns the forms in which front ends take it. Source: Jupyter's messaging protocol."""
        bundle = {"image/svg+xml": self._repr_svg_(), "text/plain": repr(self)}
        return {**bundle, SURFACE_TYPE: self.surface.key} if self.surface else bundle

    def figure(self) -> ModelGraph:
        """Returns itself: notebooks draw SVG."""
        return self

    def save(self, path: str | Path) -> None:
        """Writes it as a file.

        Raises:
            ArgumentError: the name does not end with '.svg'.
            StorageError: it cannot be written.
        """
        if Path(path).suffix.lower() != ".svg":
            raise ArgumentError(
                f"modelGraph: expected a file whose name ends with '.svg', received {str(path)!r}."
            )
        with storage_errors("modelGraph", Path(path), "written"):
            Path(path).write_text(self._repr_svg_(), encoding="utf-8")


@dataclass(frozen=True)
class _Options:
    show_shapes: bool = True
    show_layer_names: bool = True
    expand_nested: bool = False
    show_dtype: bool = False
    show_layer_activations: bool = False
    show_trainable: bool = False
    direction: str = "TB"


@spelled
def model_graph(
    container: Place,
    model: Any,
    *,
    show_shapes: bool = True,
    show_layer_names: bool = True,
    expand_nested: bool = False,
    show_dtype: bool = False,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
    direction: str = "TB",
) -> ModelGraph:
    """Shows the graph of a model: its layers with their shapes and numbers of parameters, and what feeds what.

    Args:
        container: the surface, {'name': ..., 'tab': ...} or its name.
        model: a model whose shapes are known.
        show_shapes: whether boxes tell the shape of the output.
        show_layer_names: whether they tell the names beside the classes.
        expand_nested: whether models that are layers are shown with the layers in them.
        show_dtype, show_layer_activations, show_trainable: whether they tell the dtype of the output, the activation, and
            whether weights are trained.
        direction: where the graph leads: 'TB', from the top to the bottom, 'BT', 'LR' or 'RL'.

    Returns:
        The picture: `graph.save("model.svg")` writes it as a file.

    Raises:
        ArgumentError: that is no model, or it has no layers yet.
        OptionError: no such direction.

    Example:
        >>> import tfjs_pyo as tf
        >>> first = tf.layers.dense({"units": 4, "inputShape": [3], "name": "first"})
        >>> model = tf.sequential({"layers": [first, tf.layers.dense({"units": 1, "name": "last"})], "name": "small"})
        >>> tf.vis.show.modelGraph("Graph", model)
        <graph of 'small': 2 layers, 1 connections>
    """
    if not isinstance(model, Model):
        raise ArgumentError(f"modelGraph: expected a model, received {type(model).__name__}.")
    if direction not in DIRECTIONS:
        raise OptionError(
            f"modelGraph: expected 'direction' to be one of {', '.join(map(repr, DIRECTIONS))}, received {direction!r}."
        )
    options = _Options(
        show_shapes,
        show_layer_names,
        expand_nested,
        show_dtype,
        show_layer_activations,
        show_trainable,
        direction,
    )
    graph = ModelGraph(model, surface_of("modelGraph", container), options)
    if not graph.boxes:
        raise ArgumentError("modelGraph: expected a model with layers; add some with model.add(layer).")
    output.show(graph)
    return graph


def _source(text: str) -> str:
    """Returns the layer's name in `name[call][output]`."""
    return re.sub(r"\[\d+\]\[\d+\]$", "", text)


def _lines(row: Any, prefix: str, options: _Options) -> list[str]:
    layer = row.layer
    kind, name, count = layer.get_class_name(), f"{prefix}{layer.name}", layer.count_params()
    lines = [name, kind] if options.show_layer_names else [kind]
    activation = layer.get_config().get("activation") if options.show_layer_activations else None
    if activation is not None:
        lines.append(str(activation.get("class_name") if isinstance(activation, Mapping) else activation))
    told = [str(row.output)] * options.show_shapes + [_dtype(layer)] * options.show_dtype
    if told:
        lines.append(", ".join(told))
    if count:
        trained = ", trained" * options.show_trainable if layer.trainable else ", not trained"
        lines.append(f"{count:,} parameter{'s' if count > 1 else ''}{trained}")
    return lines


def _dtype(layer: Any) -> str:
    """Returns the dtype of what a layer gives."""
    try:
        dtypes = dict.fromkeys(symbol.dtype for symbol in nests.leaves(layer.output))
    except TfError:  # it was not called, or more than once
        return str(layer.dtype)
    return ", ".join(dtypes)


def _svg(graph: ModelGraph, title: str) -> str:
    placed = graph.placed()
    width, height = placed.width + 2 * MARGIN, placed.height + 2 * MARGIN
    told = "; ".join(", ".join(box.lines) for box in graph.boxes)
    edges = "".join(_edge(route, graph.direction) for route in placed.routes.values())
    boxes = "".join(_box(box, *center) for box, center in zip(graph.boxes, placed.centers, strict=True))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tfjs-pyo-graph" role="img" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" style="max-width:100%;height:auto;min-width:{min(width, 0.6 * width + 120):.0f}px">'
        f"<title>{escaped(title)}</title><desc>{escaped(told)}</desc><style>{_STYLE}</style>"
        '<defs><marker id="tfjs-pyo-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#5c6577"/></marker></defs>'
        f'<g transform="translate({MARGIN:.0f} {MARGIN:.0f})">{edges}{boxes}</g></svg>'
    )


def _edge(points: Sequence[Point], direction: str) -> str:
    """Returns the line of an edge."""
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for _, *rest in bends(points, direction):
        path += "C" + " ".join(f"{x:.1f} {y:.1f}" for x, y in rest)
    return f'<path class="edge" d="{path}" fill="none" stroke="#5c6577" marker-end="url(#tfjs-pyo-tip)"/>'


def _box(box: Box, x: float, y: float) -> str:
    width, height = box.size
    left, top = x - width / 2, y - height / 2
    dashes = "" if box.trained else ' stroke-dasharray="5 3"'
    lines = "".join(
        f'<text x="{x:.1f}" y="{top + PAD / 2 + LINE * (i + 0.75):.1f}" text-anchor="middle"'
        + (' font-weight="600" fill="#1f2430">' if i == 0 else ' class="quiet" fill="#5c6577">')
        + f"{escaped(line)}</text>"
        for i, line in enumerate(box.lines)
    )
    rect = f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" rx="6"'
    return f'<g>{rect} fill="#fff" stroke="#8a93a5"{dashes}/>{lines}</g>'
