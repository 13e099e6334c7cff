"""What is new of a training run, about three times a second: the page, or a notebook's card, shows it."""

from __future__ import annotations

import json
import math
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any

from tfjs_pyo import output
from tfjs_pyo.models.training import watching
from tfjs_pyo.models.training.run import Run

MIME_TYPE = "application/vnd.tfjs-pyo.fit+json"
NEWS_SECONDS = 0.3
"""Least time between two pieces of news."""

_numbers = count(1)
_under_way: weakref.WeakValueDictionary[int, Live] = weakref.WeakValueDictionary()


@dataclass
class News:
    """What is new of a run; web/vis/spec.js says what its fields mean."""

    run: int
    model: str
    epochs: int
    steps: int | None
    epoch: int = 0
    step: int = 0
    perSecond: float = 0.0  # noqa: N815 (a name of the page's)
    left: float | None = None
    rate: float | None = None
    state: str = "running"
    rows: list[dict[str, Any]] = field(default_factory=list)
    batches: list[dict[str, Any]] = field(default_factory=list)

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> dict[str, Any]:
        """Returns the forms in which the page takes it."""
        return {MIME_TYPE: json.dumps(asdict(self)), "text/plain": self.text()}

    def text(self) -> str:
        """Returns how far the run is."""
        parts = [f"{self.model}: epoch {self.epoch}/{self.epochs}"]
        if self.state == "running" and self.step:
            parts.append(f"step {self.step}" + (f"/{self.steps}" if self.steps else ""))
        if self.state == "running" and self.perSecond:
            parts.append(f"{self.perSecond:.3g} steps/s")
        if self.state == "running" and self.left is not None:
            parts.append(f"{self.left:.0f} s left")
        return ", ".join([*parts, self.state])


class Live:
    """Watches a run and tells what is new of it.

    Args:
        run: to be watched.
        show: takes the news; default: the page.
    """

    def __init__(self, run: Run, show: Callable[[News], object] = output.show) -> None:
        self._run = run
        self._show = show
        self._began = time.perf_counter()
        self._told = -math.inf
        self._summed: tuple[int, int, Mapping[str, float]] = (-1, 0, {})
        self._ended = 0  # steps of epochs of which nobody said beforehand how many they have
        self._held: list[tuple[int, dict[str, float | None]]] = []
        self._first_step: tuple[float, float] | None = None
        self._news = News(next(_numbers), run.model.display_name, run.epochs, run.steps, run.initial_epoch)
        _under_way[self._news.run] = self
        self._tell(at_once=True, between_steps=True)

    def step(self, epoch: int, step: int, samples: int, sums: Mapping[str, float]) -> None:
        """Notes loss and metrics of the batches since it was told last."""
        news = self._news
        news.epoch, news.step = epoch, step
        then, seen, former = self._summed
        if then != epoch or samples <= seen:
            seen, former = 0, {}
        self._summed = (epoch, samples, dict(sums))
        if samples > seen:
            logs = {n: _finite((s - former.get(n, 0.0)) / (samples - seen)) for n, s in sums.items()}
            self._held.append((step, logs))
            if news.steps:
                self._place(epoch, news.steps)
                self._measure(epoch * news.steps + step)
            else:
                self._measure(self._ended + step)
        self._tell()

    def _place(self, epoch: int, steps: int) -> None:
        """Tells where in an epoch the batches were, which has so many steps."""
        self._news.batches += [{"at": epoch + step / steps, "logs": logs} for step, logs in self._held]
        self._held = []

    def epoch(self, epoch: int, logs: Mapping[str, float]) -> None:
        """Notes an epoch that ended."""
        news = self._news
        if not news.steps and news.step:
            self._place(epoch, news.step)
            self._ended += news.step
        news.epoch, news.step = epoch + 1, 0
        news.rows.append({"epoch": epoch, "logs": {name: _finite(value) for name, value in logs.items()}})
        if news.steps:
            self._measure((epoch + 1) * news.steps)
        self._tell(between_steps=True)

    def end(self, state: str) -> None:
        """Notes the end."""
        self._news.state, self._news.left = state, None
        _under_way.pop(self._news.run, None)
        self._tell(at_once=True)

    def steer(self, what: str) -> None:
        """Does what a button of the card asks for."""
        if what == "stop":
            self._run.stop()
        else:
            self._run.hold_on(what == "pause")
            self._news.state = "paused" if what == "pause" else "running"
            self._first_step = None
        self._tell(at_once=True)

    def _measure(self, steps: float) -> None:
        """Measures the speed, from the second report on: the first step compiles."""
        news, now = self._news, time.perf_counter()
        if self._first_step is None:
            self._first_step = (now, steps)
            return
        began, first = self._first_step
        if now > began and steps > first:
            news.perSecond = (steps - first) / (now - began)
            per_epoch = news.steps or (self._ended / max(1, news.epoch - self._run.initial_epoch))
            news.left = max(0.0, (news.epochs * per_epoch - steps) / news.perSecond) if per_epoch else None

    def _tell(self, at_once: bool = False, between_steps: bool = False) -> None:
        now = time.perf_counter()
        if not at_once and now - self._told < NEWS_SECONDS:
            return
        self._told = now
        self._news.rate = self._rate(between_steps)
        self._show(self._news)
        self._news.rows, self._news.batches = [], []

    def _rate(self, between_steps: bool) -> float | None:
        """Returns the learning rate; that of a schedule is a value of the device, which is not asked while steps run."""
        optimizer = self._run.model.optimizer
        if optimizer is None:
            return None
        rate = getattr(optimizer, "given_rate", None)
        if rate is None or isinstance(rate, (int, float)):
            return None if rate is None else _finite(float(rate))
        if not between_steps:
            return self._news.rate
        return _finite(float(optimizer.rate.data_sync()[0]))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def watch(is_watched: Callable[[], bool]) -> None:
    """Shows a card for each run that begins while somebody looks.

    Args:
        is_watched: tells whether somebody does.
    """
    watching.use(lambda run: Live(run) if is_watched() else None)


def steer(run: int, what: str) -> None:
    """Asks a run to 'stop', to 'pause' or to 'resume'; does nothing if it has ended."""
    live = _under_way.get(run)
    if live is not None:
        live.steer(what)
