"""What Keras prints while it trains, evaluates and predicts: a bar of steps with times and numbers, `keras.utils.Progbar`."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tfjs_pyo.later import shutil

_INTERVAL = 0.05
"""Least seconds between two updates of a bar."""
_COLOURS = re.compile(r"\x1b\[\d+m")
_BOLD, _GREEN, _GREY, _PLAIN = "\x1b[1m", "\x1b[32m", "\x1b[37m", "\x1b[0m"


def shows_at_once() -> bool:
    """Returns whether a line that is written over is seen by somebody: in terminals, notebooks and the page."""
    return sys.stdout.isatty() or "ipykernel" in sys.modules


class Progbar:
    """Displays a progress bar.

    Args:
        target: number of steps; None if it is not known.
        width: of the bar.
        verbose: 1 a bar, 2 a line at the end, 0 nothing.
        interval: least seconds between two updates; default: 0.05.
        stateful_metrics: names of numbers that are shown as they are; others are averaged over the steps.
        unit_name: what a step is called.

    Example:
        >>> from tfjs_pyo import keras
        >>> bar = keras.utils.Progbar(2, verbose=2)
        >>> bar.update(1, [("loss", 2.0)])
        >>> bar.update(2, [("loss", 1.0)])
        2/2 - 0s - ... - loss: 1.0000

    Source: https://keras.io/api/utils/python_utils/#progbar-class
    """

    def __init__(
        self,
        target: int | None,
        width: int = 20,
        verbose: int = 1,
        interval: float | None = None,
        stateful_metrics: Collection[str] | None = None,
        unit_name: str = "step",
    ) -> None:
        self.target = target
        self.width = width
        self.verbose = verbose
        self.interval = _INTERVAL if interval is None else interval
        self.unit_name = unit_name
        self._as_they_are = set(stateful_metrics or ())
        self._live = shows_at_once()
        self._sums: dict[str, tuple[float, float]] = {}
        self._seen = 0
        self._began = time.perf_counter()
        self._first_ended: float | None = None
        self._shown = -1.0
        self._length = 0

    def add(self, n: int, values: Sequence[tuple[str, Any]] | None = None) -> None:
        """Tells that so many steps more are done; see `update`.

        Args:
            n: how many.
            values: names and numbers of the last step.

        Example:
            >>> from tfjs_pyo import keras
            >>> bar = keras.utils.Progbar(5, verbose=2)
            >>> bar.add(3)
            >>> bar.add(2, [("loss", 0.5)])
            5/5 - 0s - ... - loss: 0.5000
        """
        self.update(self._seen + n, values)

    def update(
        self, current: int, values: Sequence[tuple[str, Any]] | None = None, finalize: bool | None = None
    ) -> None:
        """Tells how many steps are done.

        Args:
            current: of them.
            values: names and numbers of the last step.
            finalize: whether this is the last update; default: whether the target is reached.

        Example:
            >>> from tfjs_pyo import keras
            >>> bar = keras.utils.Progbar(5, verbose=2)
            >>> bar.update(3, [("loss", 2.0)])
            >>> bar.update(4, [("loss", 1.0)], finalize=True)
            4/5 - 0s - ... - loss: 1.0000
        """
        ends = (self.target is not None and current >= self.target) if finalize is None else finalize
        for name, value in values or ():
            weight = max(current - self._seen, 1)
            if ends or name in self._as_they_are:
                self._sums[name] = (float(value), 1)
            else:
                total, count = self._sums.get(name, (0.0, 0))
                self._sums[name] = (total + float(value) * weight, count + weight)
        self._seen = current
        now = time.perf_counter()
        each = self._seconds_of_a_step(current, now)
        if self.verbose == 1:
            self._draw(current, now, each, ends)
        elif self.verbose == 2 and ends and self.target:
            print(f"{self._count(current)} - {now - self._began:.0f}s - {self._rate(each)}{self._numbers()}")

    def clear(self) -> None:
        """Leaves the line of a bar that will not be brought to its end.

        Example:
            >>> from tfjs_pyo import keras
            >>> bar = keras.utils.Progbar(10)
            >>> bar.update(3)
            >>> bar.clear()
        """
        if self._length:
            print()
            self._length = 0

    def _draw(self, current: int, now: float, each: float, ends: bool) -> None:
        if not ends and (not self._live or now - self._shown < self.interval):
            return
        self._shown = now
        if self.target:
            full = int(self.width * current / self.target)
            bar = f"{_GREEN}{'━' * full}{_PLAIN}" if full else ""
            bar = f"{_BOLD}{self._count(current)}{_PLAIN} {bar}{_GREY}{'━' * (self.width - full)}{_PLAIN}"
            length = len(self._count(current)) + 1 + self.width
        else:
            bar = f"{current:7d}/Unknown"
            length = len(bar)
        left = self._left(each * (self.target - current)) if self.target and not ends else ""
        told = left or f"{now - self._began:.0f}s"
        rest = f" {self._rate(each)}{self._numbers()}"
        length += 1 + len(told)
        if not ends:  # a line that wraps cannot be written over
            rest = rest[: max(0, shutil.get_terminal_size().columns - 1 - length)]
        length += len(rest)
        start = "\r" if self._length else ""
        blank = " " * max(0, self._length - length)
        line = f"{start}{bar} {_BOLD}{told}{_PLAIN}{rest}{blank}" + ("\n" if ends else "")
        sys.stdout.write(line if self._live else _COLOURS.sub("", line))
        sys.stdout.flush()
        self._length = 0 if ends else length

    def _count(self, current: int) -> str:
        return f"{current:{len(str(self.target))}d}/{self.target}"

    def _numbers(self) -> str:
        means = {name: total / max(1, count) for name, (total, count) in self._sums.items()}
        return "".join(
            f" - {name}: {mean:.4f}" if abs(mean) > 1e-3 else f" - {name}: {mean:.4e}"
            for name, mean in means.items()
        )

    def _rate(self, each: float) -> str:
        if each >= 1 or each == 0:
            return f"{each:.0f}s/{self.unit_name}"
        return (
            f"{each * 1e3:.0f}ms/{self.unit_name}" if each >= 1e-3 else f"{each * 1e6:.0f}us/{self.unit_name}"
        )

    @staticmethod
    def _left(seconds: float) -> str:
        if seconds > 3600:
            return f"{seconds // 3600:.0f}:{seconds % 3600 // 60:02.0f}:{seconds % 60:02.0f}"
        return f"{seconds // 60:.0f}:{seconds % 60:02.0f}" if seconds > 60 else f"{seconds:.0f}s"

    def _seconds_of_a_step(self, current: int, now: float) -> float:
        """Returns how long a step takes: without the first one, which compiles, once there are others."""
        if not current:
            return 0.0
        if self._first_ended is not None and current > 1:
            return (now - self._first_ended) / (current - 1)
        if current == 1:
            self._first_ended = now
        return (now - self._began) / current


class Bars:
    """Keras's progress of a run: `Epoch 1/5`, then a bar that fills up.

    Args:
        verbose: 0 prints nothing, 1 or 'auto' a bar for each epoch, 2 a line.
    """

    def __init__(self, verbose: Any) -> None:
        self._verbose = 1 if verbose == "auto" else int(verbose)
        self._bar = Progbar(None, verbose=self._verbose)

    @property
    def silent(self) -> bool:
        return self._verbose == 0

    @property
    def live(self) -> bool:
        return self._verbose == 1 and shows_at_once()

    def begin(self, epoch: int, epochs: int, steps: int | None) -> None:
        if self.silent:
            return
        if epochs > 1:
            print(f"Epoch {epoch + 1}/{epochs}")
        self._bar = Progbar(steps, verbose=self._verbose)

    def step(self, step: int, logs: Mapping[str, float]) -> None:
        if self._verbose == 1:
            self._tell(step, dict(sorted(logs.items())), ends=False)

    def clear(self) -> None:
        self._bar.clear()

    def end(self, logs: Mapping[str, float], steps: int) -> None:
        if not self.silent:
            self._bar.target = self._bar.target or steps
            self._tell(self._bar.target, logs, ends=True)

    def _tell(self, step: int, logs: Mapping[str, float], ends: bool) -> None:
        """Tells the bar numbers of the epoch so far, which stand in the order of these logs, whatever came before."""
        self._bar._sums = {}
        self._bar._as_they_are = set(logs)
        self._bar.update(step, list(logs.items()), finalize=ends)


__all__ = ["Bars", "Progbar"]
