"""`tf.vis.render`: charts of data, in the names of tfjs-vis. Source: https://js.tensorflow.org/api_vis/latest/#render"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from tfjs_pyo import naming, output
from tfjs_pyo.errors import ArgumentError, OptionError
from tfjs_pyo.vis.chart import Chart
from tfjs_pyo.vis.parts import Grid, Kind, Series, Table
from tfjs_pyo.vis.values import Place, elements, flat, listed, matrix, numbers, series_of, spelled, surface_of

__all__ = ["barchart", "confusion_matrix", "heatmap", "histogram", "linechart", "scatterplot", "table"]

COLOR_MAPS = {"viridis": "viridis", "blues": "Blues", "greyscale": "Greys"}
OPTIONS = (
    *("width", "height", "x_label", "y_label", "x_type", "y_type", "font_size", "series_colors"),
    *("zoom_to_fit", "x_axis_domain", "y_axis_domain"),
)


def options_of(owner: str, given: Mapping[str, Any] | None, *further: str) -> dict[str, Any]:
    """Returns the options of a chart.

    Raises:
        OptionError: there is no such option.
    """
    return naming.keyword_arguments(f"vis.{owner}", dict(given or {}), (*OPTIONS, *further))


def _xy(owner: str, kind: Kind, container: Place, data: Any, opts: Mapping[str, Any] | None) -> Chart:
    series = series_of(owner, data)
    chart = Chart(kind, surface_of(owner, container), series, options=options_of(owner, opts))
    output.show(chart)
    return chart


@spelled
def linechart(container: Place, data: Any, opts: Mapping[str, Any] | None = None) -> Chart:
    """Draws lines.

    Args:
        container: the surface, {'name': ..., 'tab': ...} or its name; what was drawn on it goes.
        data: {'values': ..., 'series': [names]}: points {'x': ..., 'y': ...} or numbers, or a list of them for each series.
        opts: width and height in pixels, xLabel, yLabel, xAxisDomain, yAxisDomain, zoomToFit, seriesColors.

    Returns:
        The chart, which is drawn where the surface is; awaiting it gives None.

    Raises:
        ArgumentError: the data have another form.
        OptionError: there is no such option.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.vis.render.linechart({"name": "Squares"}, {"values": [0, 1, 4, 9], "series": ["x^2"]})
        <line chart 'Squares': x^2>

    Source: https://js.tensorflow.org/api_vis/latest/#render.linechart
    """
    return _xy("linechart", "line", container, data, opts)


@spelled
def scatterplot(container: Place, data: Any, opts: Mapping[str, Any] | None = None) -> Chart:
    """Draws points.

    Args:
        container: the surface, {'name': ..., 'tab': ...} or its name; what was drawn on it goes.
        data: {'values': ..., 'series': [names]}: points {'x': ..., 'y': ...}, or a list of them for each series.
        opts: width and height in pixels, xLabel, yLabel, xAxisDomain, yAxisDomain, zoomToFit, seriesColors.

    Returns:
        The chart, which is drawn where the surface is; awaiting it gives None.

    Raises:
        ArgumentError: the data have another form.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.vis.render.scatterplot("Growth", {"values": [{"x": 1, "y": 2}, {"x": 2, "y": 5}], "series": ["height"]})
        <scatter chart 'Growth': height>

    Source: https://js.tensorflow.org/api_vis/latest/#render.scatterplot
    """
    return _xy("scatterplot", "scatter", container, data, opts)


@spelled
def barchart(container: Place, data: Any, opts: Mapping[str, Any] | None = None) -> Chart:
    """Draws a bar for each of some values.

    Args:
        container: the surface, {'name': ..., 'tab': ...} or its name; what was drawn on it goes.
        data: [{'index': label, 'value': number}], or {label: number}.
        opts: width, height, xLabel, yLabel.

    Returns:
        The chart, which is drawn where the surface is; awaiting it gives None.

    Raises:
        ArgumentError: the data have another form.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.vis.render.barchart("Fruit", [{"index": "pears", "value": 3}, {"index": "plums", "value": 8}])
        <bar chart 'Fruit': value>

    Source: https://js.tensorflow.org/api_vis/latest/#render.barchart
    """
    items = data.items() if isinstance(data, Mapping) else [_bar(item) for item in elements("barchart", data)]
    labels, values = [str(label) for label, _ in items], numbers("barchart", [value for _, value in items])
    surface = surface_of("barchart", container)
    chart = Chart(
        "bar", surface, [Series("value", labels, values)], options=options_of("barchart", opts, "color")
    )
    output.show(chart)
    return chart


def _bar(item: Any) -> tuple[Any, Any]:
    if isinstance(item, Mapping) and "index" in item and "value" in item:
        return item["index"], item["value"]
    raise ArgumentError(f"barchart: expected {{'index': ..., 'value': ...}}, received {item!r}.")


def statistics(values: Sequence[float]) -> Table:
    """Returns what is told of numbers beside their histogram."""
    finite = [value for value in values if math.isfinite(value)]
    mean = sum(finite) / len(finite) if finite else math.nan
    deviation = math.sqrt(sum((v - mean) ** 2 for v in finite) / len(finite)) if finite else math.nan
    facts: dict[str, float | int] = {
        "Num Vals": len(values),
        "Min": min(finite, default=math.nan),
        "Max": max(finite, default=math.nan),
        "Mean": mean,
        "Std": deviation,
        "# Zeros": sum(value == 0 for value in values),
        "# NaNs": sum(math.isnan(value) for value in values),
        "# Infs": sum(math.isinf(value) for value in values),
    }
    return Table(
        list(facts), [[f"{fact:.4g}" if isinstance(fact, float) else fact for fact in facts.values()]]
    )


def bins(values: Sequence[float], most: int) -> tuple[list[str], list[float]]:
    """Returns the middles of bins of equal width, as text, and how many values are in each."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return [], []
    low, high = min(finite), max(finite)
    count = 1 if low == high else max(1, min(most, len(finite)))
    width = (high - low) / count or 1.0
    counts = [0.0] * count
    for value in finite:
        counts[min(count - 1, int((value - low) / width))] += 1
    middles = [low + width * (i + 0.5) if low != high else low for i in range(count)]
    return [f"{middle:.4g}" for middle in middles], counts


@spelled
def histogram(container: Place, data: Any, opts: Mapping[str, Any] | None = None) -> Chart:
    """Draws how often values lie in bins of equal width, and tells their statistics.

    Args:
        container: the surface, {'name': ..., 'tab': ...} or its name; what was drawn on it goes.
        data: numbers, [{'value': number}], or a tensor of any shape.
        opts: width, height, maxBins (12), stats (False: no statistics).

    Returns:
        The chart, which is drawn where the surface is; awaiting it gives None.

    Raises:
        ArgumentError: an element is no number.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.vis.render.histogram("Heights", [1.5, 1.6, 1.6, 1.9])
        <bar chart 'Heights': count>

    Source: https://js.tensorflow.org/api_vis/latest/#render.histogram
    """
    options = options_of("histogram", opts, "max_bins", "stats", "color")
    values = numbers("histogram", [_number(item) for item in flat(listed(data))])
    most: Any = options.get("max_bins", 12)
    if isinstance(most, bool) or not isinstance(most, int) or most < 1:
        raise OptionError(f"histogram: expected 'maxBins' to be a positive integer, received {most!r}.")
    labels, counts = bins(values, most)
    told = None if options.get("stats") is False else statistics(values)
    surface = surface_of("histogram", container)
    chart = Chart(
        "bar", surface, [Series("count", labels, counts)], table=told, options={**options, "bar_width": 1.0}
    )
    output.show(chart)
    return chart


def _number(item: Any) -> Any:
    value = item["value"] if isinstance(item, Mapping) and "value" in item else item
    if not isinstance(value, (int, float)):
        raise ArgumentError(f"histogram: expected numbers or {{'value': number}}, received {item!r}.")
    return value


def _labels(given: Sequence[Any] | None, count: int, owner: str, name: str) -> list[str]:
    labels = [str(label) for label in given] if given else [str(i) for i in range(count)]
    if len(labels) != count:
        raise ArgumentError(f"{owner}: expected {count} of '{name}', received {len(labels)}.")
    return labels


def _values_of(owner: str, data: Any) -> Mapping[str, Any]:
    known = ("values", "x_tick_labels", "y_tick_labels", "tick_labels")
    given = data if isinstance(data, Mapping) else {"values": data}
    named = naming.keyword_arguments(owner, given, known)
    if "values" not in named:
        raise ArgumentError(
            f"{owner}: expected {{'values': rows of numbers}}, received keys {sorted(given)}."
        )
    return named


def _colors(owner: str, given: str) -> str:
    return COLOR_MAPS[naming.resolve(given, COLOR_MAPS, f"{owner}: colorMap")]


@spelled
def heatmap(container: Place, data: Any, opts: Mapping[str, Any] | None = None) -> Chart:
    """Draws a matrix as colours.

    Args:
        container: the surface, {'name': ..., 'tab': ...} or its name; what was drawn on it goes.
        data: {'values': matrix or tensor, 'xTickLabels': [...], 'yTickLabels': [...]}. As in tfjs-vis, values[x][y] is drawn
            in column x and row y, unless rowMajor.
        opts: width, height, xLabel, yLabel, colorMap ('viridis', 'blues', 'greyscale'), domain ([low, high]), rowMajor.

    Returns:
        The chart, which is drawn where the surface is; awaiting it gives None.

    Raises:
        ShapeError: the values are no matrix.
        ArgumentError: there are more or fewer labels than rows or columns.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.vis.render.heatmap("Weights", {"values": [[1, 0], [0, 2]]})
        <heatmap chart 'Weights'>

    Source: https://js.tensorflow.org/api_vis/latest/#render.heatmap
    """
    options = options_of("heatmap", opts, "color_map", "domain", "row_major")
    given = _values_of("heatmap", data)
    values = matrix("heatmap", given["values"])
    if not options.get("row_major"):
        values = [list(column) for column in zip(*values, strict=True)]
    low, high = options.get("domain") or _range(values)
    grid = Grid(
        values,
        rows=_labels(given.get("y_tick_labels"), len(values), "heatmap", "yTickLabels"),
        columns=_labels(given.get("x_tick_labels"), len(values[0]), "heatmap", "xTickLabels"),
        domain=(float(low), float(high)),
        colors=_colors("heatmap", options.get("color_map", "viridis")),
    )
    chart = Chart("heatmap", surface_of("heatmap", container), grid=grid, options=options)
    output.show(chart)
    return chart


def _range(values: Sequence[Sequence[float]]) -> tuple[float, float]:
    finite = [value for row in values for value in row if math.isfinite(value)]
    return min(finite, default=0.0), max(finite, default=1.0)


@spelled
def confusion_matrix(container: Place, data: Any, opts: Mapping[str, Any] | None = None) -> Chart:
    """Draws how often each class (row) was taken for each class (column).

    Args:
        container: the surface, {'name': ..., 'tab': ...} or its name; what was drawn on it goes.
        data: {'values': square matrix, 'tickLabels': [...]}, as `tf.vis.metrics.confusionMatrix` gives the values.
        opts: width, height, showTextOverlay (True), shadeDiagonal (False: only mistakes are coloured), colorMap.

    Returns:
        The chart, which is drawn where the surface is; awaiting it gives None.

    Raises:
        ShapeError: the values are no matrix.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.vis.render.confusionMatrix("Digits", {"values": [[8, 1], [0, 9]], "tickLabels": ["0", "1"]})
        <heatmap chart 'Digits'>

    Source: https://js.tensorflow.org/api_vis/latest/#render.confusionMatrix
    """
    owner = "confusionMatrix"
    options = options_of(owner, opts, "show_text_overlay", "shade_diagonal", "color_map", "show_counts")
    given = _values_of(owner, data)
    values = matrix(owner, given["values"])
    labels = given.get("tick_labels")
    diagonal = bool(options.get("shade_diagonal", False))
    seen = [v for y, row in enumerate(values) for x, v in enumerate(row) if diagonal or x != y]
    grid = Grid(
        values,
        rows=_labels(labels, len(values), owner, "tickLabels"),
        columns=_labels(labels, len(values[0]), owner, "tickLabels"),
        domain=(min(seen, default=0.0), max(seen, default=1.0)),
        colors=_colors(owner, options.get("color_map", "blues")),
        counts=bool(options.get("show_text_overlay", True)),
        diagonal=diagonal,
    )
    titles = {"x_label": "Prediction", "y_label": "Label"}
    chart = Chart("heatmap", surface_of(owner, container), grid=grid, options={**titles, **options})
    output.show(chart)
    return chart


@spelled
def table(container: Place, data: Any, opts: Mapping[str, Any] | None = None) -> Chart:
    """Shows a table.

    Args:
        container: the surface, {'name': ..., 'tab': ...} or its name; what was drawn on it goes.
        data: {'headers': [...], 'values': [row, ...]}.
        opts: width, height.

    Returns:
        The chart, which is drawn where the surface is; awaiting it gives None.

    Raises:
        ArgumentError: headers or values are missing.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.vis.render.table("Cells", {"headers": ["a", "b"], "values": [[1, 2], [3, 4]]})
        <table 'Cells'>

    Source: https://js.tensorflow.org/api_vis/latest/#render.table
    """
    if not isinstance(data, Mapping) or not {"headers", "values"} <= data.keys():
        raise ArgumentError("table: expected {'headers': [...], 'values': [row, ...]}.")
    rows = [list(row) for row in listed(data["values"])]
    shown = Table([str(header) for header in data["headers"]], rows)
    chart = Chart("table", surface_of("table", container), table=shown, options=options_of("table", opts))
    output.show(chart)
    return chart


__getattr__, __dir__ = naming.module_names(__name__, spelled=True)
