"""The card of a training run in notebooks and pages of others: progress and curves, one picture that is drawn again in place."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from tfjs_pyo import hosts
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.models.training.run import Run
from tfjs_pyo.vis.chart import Chart
from tfjs_pyo.vis.live import NEWS_SECONDS, Live, News
from tfjs_pyo.vis.parts import Series, Surface
from tfjs_pyo.vis.show import FitCallbacks
from tfjs_pyo.vis.shown import Shown
from tfjs_pyo.vis.svg import stacked

_CHART = {"width": 400, "height": 240}
_MOST_POINTS = 1000
"""Batches whose numbers are kept: where there are more, every other one goes."""
_SHARE = 0.05
"""Of a run's time that drawing may take."""
_QUICK = 1


class FitCard(Shown):
    """What is drawn of a run.

    Args:
        model: its name.
        bar: whether how far it is stands above the curves; else the run prints that.
    """

    def __init__(self, model: str, bar: bool) -> None:
        self.surface = Surface(model, "Fit")
        self._bar = bar
        self._news = News(0, model, 1, None)
        self._rows: list[Mapping[str, Any]] = []
        self._batches: list[Mapping[str, Any]] = []

    def add(self, news: News) -> None:
        """Takes what is new."""
        self._news = news
        self._rows += news.rows
        self._batches += news.batches
        while len(self._batches) > _MOST_POINTS:
            self._batches = self._batches[1::2]

    def __repr__(self) -> str:
        return self._news.text()

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> dict[str, Any]:
        return {"image/svg+xml": self._drawn(), "text/plain": repr(self)}

    def _drawn(self) -> str:
        news = self._news
        steps = news.epoch + (news.step / news.steps if news.steps else 0.0)
        share = min(1.0, steps / news.epochs) if self._bar and news.epochs else None
        return stacked(self._news.text(), share, self._charts())

    def _charts(self) -> list[Chart]:
        """Returns a chart for each metric by epochs; within the first ones by batches."""
        if len(self._rows) > _QUICK:
            xs, logs = [row["epoch"] + 1 for row in self._rows], [row["logs"] for row in self._rows]
            return _curves(xs, logs, "Epoch")
        return _curves(
            [each["at"] for each in self._batches], [each["logs"] for each in self._batches], "Epochs"
        )


def _curves(xs: Sequence[float], logs: Sequence[Mapping[str, Any]], label: str) -> list[Chart]:
    names = list(dict.fromkeys(name for each in logs for name in each))
    metrics = dict.fromkeys(name.removeprefix("val_") for name in names)
    return [
        Chart(
            "line",
            Surface(metric),
            [
                Series(name, xs, [each.get(name) for each in logs])
                for name in (metric, f"val_{metric}")
                if name in names
            ],
            options={**_CHART, "x_label": label},
        )
        for metric in metrics
    ]


class Drawer:
    """Draws a card again when there is news, but not so often that the run takes notice."""

    def __init__(self, card: FitCard, host: hosts.Host) -> None:
        self._card, self._host = card, host
        self._next = 0.0

    def __call__(self, news: News) -> None:
        """Shows what is new of a run."""
        self._card.add(news)
        began = time.perf_counter()
        if news.state == "running" and began < self._next:
            return
        self._host.show(self._card)
        ended = time.perf_counter()
        self._next = ended + max(NEWS_SECONDS, (ended - began) / _SHARE)


def watcher(run: Run) -> Live | None:
    """Returns what draws the card of a run, where there is a place for it and nothing else shows how it goes on.

    A verbosity of 2 asks for lines only, one of 0 in Keras's face for nothing. What `fitCallbacks` draws is not drawn twice.
    """
    host = hosts.host()
    quiet = run.verbose == 2 or (type(run.model).dialect is KERAS and run.reporter.silent)
    if host is None or quiet or any(isinstance(each, FitCallbacks) for each in run.callbacks.callbacks):
        return None
    return Live(run, Drawer(FitCard(run.model.display_name, bar=not run.reporter.live), host))
