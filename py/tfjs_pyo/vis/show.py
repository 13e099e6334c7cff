"""`tf.vis.show`: what is looked at in training. Source: https://js.tensorflow.org/api_vis/latest/#show"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

from tfjs_pyo import naming, output
from tfjs_pyo.callbacks.base import Callback, Logs
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.models.base import Model
from tfjs_pyo.models.summary import rows_of
from tfjs_pyo.types import LayerLike, ModelLike
from tfjs_pyo.vis.chart import Chart
from tfjs_pyo.vis.layer_images import activations, weights
from tfjs_pyo.vis.model_graph import model_graph
from tfjs_pyo.vis.parts import Series, Surface, Table
from tfjs_pyo.vis.render import histogram, options_of
from tfjs_pyo.vis.shown import ShownTogether
from tfjs_pyo.vis.values import Place, flat, listed, spelled, surface_of

__all__ = [
    "activations",
    "fit_callbacks",
    "history",
    "layer",
    "model_graph",
    "model_summary",
    "per_class_accuracy",
    "values_distribution",
    "weights",
]

REDRAW_SECONDS = 0.1
"""Least time between two drawings of curves that grow."""


class Charts(ShownTogether[Chart]):
    """Charts drawn together. Awaiting them gives None, as TF.js's calls do."""


def _columns(given: Any) -> dict[str, list[float | None]]:
    """Returns the numbers of each metric: of a History, its dict, or a list of logs."""
    found = getattr(given, "history", given)
    if isinstance(found, Mapping):
        return {str(name): [_number(value) for value in listed(values)] for name, values in found.items()}
    if isinstance(found, Sequence) and all(isinstance(logs, Mapping) for logs in found):
        names = dict.fromkeys(name for logs in found for name in logs)
        return {name: [_number(logs.get(name)) for logs in found] for name in names}
    raise ArgumentError(
        f"history: expected what fit returned, its 'history', or a list of logs, received {type(given).__name__}."
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _base(metric: str) -> str:
    return metric.removeprefix("val_")


def _curves(
    container: Place,
    columns: Mapping[str, Sequence[float | None]],
    metrics: Sequence[str],
    options: Mapping[str, Any],
    starts: float = 0,
) -> Charts:
    """Draws a chart for each metric, with its values on the validation data beside it."""
    surface = surface_of("history", container) or Surface("History")
    charts = Charts()
    for metric in dict.fromkeys(_base(name) for name in metrics):
        names = [name for name in (metric, f"val_{metric}") if name in metrics]
        several = len({_base(name) for name in metrics}) > 1
        place = surface.part(metric) if several else surface
        series = [
            Series(name, [starts + i for i in range(len(columns[name]))], columns[name]) for name in names
        ]
        labels = {"x_label": "Iteration", "y_label": "Value"}
        chart = Chart("line", place, series, options={**labels, **options})
        output.show(chart)
        charts.append(chart)
    return charts


@spelled
def history(
    container: Place,
    history: Any,
    metrics: Sequence[str] | None = None,
    opts: Mapping[str, Any] | None = None,
) -> Charts:
    """Draws the curves of a training run, validation beside training.

    Args:
        container: the surface, {'name': ..., 'tab': ...} or its name.
        history: what `fit` returned, its `history`, or a list of logs of epochs.
        metrics: 'loss', 'val_loss', 'acc', ...; default: all that there are.
        opts: width and height in pixels, xLabel, yLabel, xAxisDomain, yAxisDomain, zoomToFit, seriesColors.

    Returns:
        A list of charts: one, or one for each group of metrics.

    Raises:
        ArgumentError: the history has another form, or no numbers of a metric.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.vis.show.history("Run", {"loss": [3.0, 2.0], "val_loss": [4.0, 3.5]}, ["loss", "val_loss"])
        [<line chart 'Run': loss, val_loss>]

    Source: https://js.tensorflow.org/api_vis/latest/#show.history
    """
    columns = _columns(history)
    chosen = list(columns) if metrics is None else [metrics] if isinstance(metrics, str) else list(metrics)
    unknown = [name for name in chosen if name not in columns]
    if unknown:
        raise ArgumentError(
            f"history: no numbers of {unknown[0]!r}; there are {', '.join(columns) or 'none'}."
        )
    return _curves(container, columns, chosen, options_of("history", opts))


class FitCallbacks(Callback):
    """Draws curves while a model is being trained; see `fit_callbacks`."""

    def __init__(self, container: Place, metrics: Sequence[str], options: Mapping[str, Any]) -> None:
        super().__init__()
        self._surface = surface_of("fitCallbacks", container) or Surface("Training")
        self._metrics = list(metrics)
        self._options = options
        self._logs: dict[str, list[Logs]] = {"onBatchEnd": [], "onEpochEnd": []}
        self._drawn: dict[str, float] = {}

    def on_train_end(self, _logs: Logs) -> None:
        """Draws what came last."""
        for event in self._logs:
            self._draw(event, at_once=True)

    def note(self, event: str, logs: Logs) -> None:
        """Notes the numbers of a batch or an epoch."""
        self._logs[event].append(dict(logs))
        self._draw(event, at_once=False)

    def _draw(self, event: str, at_once: bool) -> None:
        now = time.perf_counter()
        logs = self._logs[event]
        if not logs or (not at_once and now - self._drawn.get(event, -math.inf) < REDRAW_SECONDS):
            return
        self._drawn[event] = now
        columns = _columns(logs)
        present = [name for name in self._metrics if name in columns]
        _curves(self._surface.part(event), columns, present, self._options)


class _OnBatches(FitCallbacks):
    def on_batch_end(self, _batch: int, logs: Logs) -> None:
        """Notes the numbers of a batch."""
        self.note("onBatchEnd", logs)


class _OnEpochs(FitCallbacks):
    def on_epoch_end(self, _epoch: int, logs: Logs) -> None:
        """Notes the numbers of an epoch."""
        self.note("onEpochEnd", logs)


class _OnBoth(_OnBatches, _OnEpochs):
    pass


_LISTENING: Mapping[frozenset[str], type[FitCallbacks]] = {
    frozenset({"onBatchEnd"}): _OnBatches,
    frozenset({"onEpochEnd"}): _OnEpochs,
    frozenset({"onBatchEnd", "onEpochEnd"}): _OnBoth,
}


@spelled
def fit_callbacks(
    container: Place, metrics: Sequence[str], opts: Mapping[str, Any] | None = None
) -> FitCallbacks:
    """Returns callbacks for `fit` that draw curves while it runs.

    Args:
        container: the surface, {'name': ..., 'tab': ...} or its name.
        metrics: 'loss', 'val_loss', 'acc', ...
        opts: 'callbacks': ['onBatchEnd', 'onEpochEnd'] or one of them (listening to batches costs time); and those of
            `render.linechart`.

    Raises:
        ArgumentError: 'callbacks' names others.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1]})]})
        >>> model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
        >>> curves = tf.vis.show.fitCallbacks("Training", ["loss"], {"callbacks": ["onEpochEnd"]})
        >>> run = asyncio.run(model.fit([[1.0]], [[1.0]], {"epochs": 2, "callbacks": curves}))

    Source: https://js.tensorflow.org/api_vis/latest/#show.fitCallbacks
    """
    options = options_of("fitCallbacks", opts, "callbacks")
    chosen = options.pop("callbacks", None) or ["onBatchEnd", "onEpochEnd"]
    events = [
        naming.resolve(event, ("onBatchEnd", "onEpochEnd"), "fitCallbacks: callbacks") for event in chosen
    ]
    names = [metrics] if isinstance(metrics, str) else metrics
    return _LISTENING[frozenset(events)](container, names, options)


@spelled
def model_summary(container: Place, model: ModelLike) -> Chart:
    """Shows the layers of a model with their output shapes and numbers of parameters.

    Args:
        container: the surface, {'name': ..., 'tab': ...} or its name.
        model: a model.

    Returns:
        The chart, a table, which is drawn where the surface is.

    Raises:
        ArgumentError: no model.

    Example:
        >>> import tfjs_pyo as tf
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 3, "inputShape": [2], "name": "d"})]})
        >>> tf.vis.show.modelSummary("Model", model).table.rows
        [['d', 'Dense', '(None, 3)', 9, True]]

    Source: https://js.tensorflow.org/api_vis/latest/#show.modelSummary
    """
    if not isinstance(model, Model):
        raise ArgumentError(f"modelSummary: expected a model, received {type(model).__name__}.")
    rows = [
        [
            item.layer.name,
            item.layer.get_class_name(),
            str(item.output),
            item.layer.count_params(),
            bool(item.layer.trainable),
        ]
        for item in rows_of(model)
    ]
    headers = ["Layer Name", "Type", "Output Shape", "# Of Params", "Trainable"]
    chart = Chart("table", surface_of("modelSummary", container), table=Table(headers, rows))
    output.show(chart)
    return chart


@spelled
def layer(container: Place, layer: LayerLike) -> Chart:
    """Shows the weights of a layer: shapes, least and largest values, how many are 0 or no number.

    Args:
        container: the surface, {'name': ..., 'tab': ...} or its name.
        layer: a layer. `valuesDistribution` shows one of its weights closer.

    Returns:
        The chart, a table, which is drawn where the surface is.

    Raises:
        ArgumentError: no layer.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.dense({"units": 3, "inputShape": [2], "kernelInitializer": "ones", "name": "d"})
        >>> model = tf.sequential({"layers": [layer]})
        >>> tf.vis.show.layer("Dense", layer).table.rows[0][:4]
        ['d/kernel', '[2, 3]', '1', '1']

    Source: https://js.tensorflow.org/api_vis/latest/#show.layer
    """
    if not isinstance(layer, Layer):
        raise ArgumentError(f"layer: expected a layer, received {type(layer).__name__}.")
    rows = []
    for weight in layer.weights:
        values = [float(value) for value in flat(weight.read().array_sync())]
        finite = [value for value in values if math.isfinite(value)]
        rows.append(
            [
                weight.unique_name,
                str(list(weight.shape)),
                f"{min(finite, default=math.nan):.4g}",
                f"{max(finite, default=math.nan):.4g}",
                len(values),
                sum(value == 0 for value in values),
                sum(math.isnan(value) for value in values),
                sum(math.isinf(value) for value in values),
            ]
        )
    headers = ["Weight Name", "Shape", "Min", "Max", "# Params", "# Zeros", "# NaNs", "# Infs"]
    chart = Chart("table", surface_of("layer", container), table=Table(headers, rows))
    output.show(chart)
    return chart


@spelled
def values_distribution(container: Place, tensor: Tensor) -> Chart:
    """Shows how the values of a tensor are distributed, with their statistics.

    Args:
        container: the surface, {'name': ..., 'tab': ...} or its name.
        tensor: of any shape.

    Returns:
        The chart of a histogram, which is drawn where the surface is.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.vis.show.valuesDistribution("Values", tf.tensor([1, 2, 2, 5]))
        <bar chart 'Values': count>

    Source: https://js.tensorflow.org/api_vis/latest/#show.valuesDistribution
    """
    return histogram(container, tensor)


@spelled
def per_class_accuracy(
    container: Place, class_accuracy: Sequence[Mapping[str, float]], class_labels: Sequence[str] | None = None
) -> Chart:
    """Shows a table of how well each class is recognized.

    Args:
        container: the surface, {'name': ..., 'tab': ...} or its name.
        class_accuracy: [{'accuracy': ..., 'count': ...}], as `tf.vis.metrics.perClassAccuracy` gives it.
        class_labels: names of the classes; default: their numbers.

    Returns:
        The chart, a table, which is drawn where the surface is.

    Raises:
        ArgumentError: there are more or fewer names than classes.

    Example:
        >>> import tfjs_pyo as tf
        >>> accuracy = [{"accuracy": 0.5, "count": 2}, {"accuracy": 1.0, "count": 4}]
        >>> tf.vis.show.perClassAccuracy("Pets", accuracy, ["cats", "dogs"]).table.rows
        [['cats', '0.5000', 2], ['dogs', '1.0000', 4]]

    Source: https://js.tensorflow.org/api_vis/latest/#show.perClassAccuracy
    """
    labels = [str(i) for i in range(len(class_accuracy))] if class_labels is None else list(class_labels)
    if len(labels) != len(class_accuracy):
        raise ArgumentError(
            f"perClassAccuracy: expected {len(class_accuracy)} of 'classLabels', received {len(labels)}."
        )
    rows = [
        [label, f"{each['accuracy']:.4f}", each["count"]]
        for label, each in zip(labels, class_accuracy, strict=True)
    ]
    table = Table(["Class", "Accuracy", "# Samples"], rows)
    chart = Chart("table", surface_of("perClassAccuracy", container), table=table)
    output.show(chart)
    return chart


__getattr__, __dir__ = naming.module_names(__name__, spelled=True)
