"""Who looks on while models are being trained: the page's live curves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol


class Watcher(Protocol):
    """Is told how a run goes on, about ten times a second."""

    def step(self, epoch: int, step: int, samples: int, sums: Mapping[str, float]) -> None:
        """Tells how many steps of an epoch are done, on how many samples, and the sums of loss and metrics over these."""

    def epoch(self, epoch: int, logs: Mapping[str, float]) -> None:
        """Tells the numbers of an epoch that ended."""

    def end(self, state: str) -> None:
        """Tells that the run ended: 'done', 'stopped' or 'failed'."""


_makers: list[Callable[[Any], Watcher | None]] = []


def use(make: Callable[[Any], Watcher | None] | None) -> None:
    """Asks `make` for a watcher of each run from now on; None: nobody watches any more."""
    _makers[:] = [] if make is None else [make]


def watcher_of(run: Any) -> Watcher | None:
    """Returns who watches a run, if anybody does."""
    return _makers[0](run) if _makers else None
