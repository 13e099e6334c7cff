"""What a fit prints while it runs: a progress bar of an epoch, in terminals, and a line after it."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import Any, Protocol

from tfjs_pyo.later import shutil

_WIDTH = 24


class Reporter(Protocol):
    """Prints how a run goes on."""

    @property
    def live(self) -> bool:
        """Whether it wants to know of steps while an epoch runs."""

    @property
    def silent(self) -> bool:
        """Whether it prints nothing at all."""

    def begin(self, epoch: int, epochs: int, steps: int | None) -> None:
        """Begins an epoch, whose number counts from 0; `steps` are None if they are not known."""

    def step(self, step: int, logs: Mapping[str, float]) -> None:
        """Tells how many steps are done, and numbers so far."""

    def clear(self) -> None:
        """Takes away what will not be brought to its end."""

    def end(self, logs: Mapping[str, float], steps: int) -> None:
        """Tells the numbers of the epoch, and of how many steps they are."""


class Lines:
    """TensorFlow.js's face: a line for each epoch, and in terminals a bar while it runs.

    Args:
        verbose: 0 prints nothing, 1 or 'auto' lines and bars, 2 lines.
    """

    def __init__(self, verbose: Any) -> None:
        self.silent = not verbose
        self._bars = verbose in (1, True, "auto")
        self._bar = Progress(0, 1, None)
        self._epochs = (0, 1)
        self._began = time.perf_counter()

    @property
    def live(self) -> bool:
        return self._bars and self._bar.live

    def begin(self, epoch: int, epochs: int, steps: int | None) -> None:
        self._epochs, self._began = (epoch, epochs), time.perf_counter()
        self._bar = Progress(epoch, epochs, steps)

    def step(self, step: int, logs: Mapping[str, float]) -> None:
        if self.live:
            self._bar.show(step, logs)

    def clear(self) -> None:
        self._bar.clear()

    def end(self, logs: Mapping[str, float], steps: int) -> None:
        del steps
        self.clear()
        if not self.silent:
            epoch, epochs = self._epochs
            numbers = [f"{name}: {value:.4f}" for name, value in logs.items()]
            seconds = time.perf_counter() - self._began
            print(f"Epoch {epoch + 1}/{epochs} - {seconds:.2f}s - {' - '.join(numbers)}")


class Progress:
    """One line that is written again and again while an epoch runs; nothing where standard output is no terminal.

    Args:
        epoch, epochs: number of the epoch, from 0, and how many there are.
        steps: of the epoch; None if it is not known.
    """

    def __init__(self, epoch: int, epochs: int, steps: int | None) -> None:
        self._title = f"Epoch {epoch + 1}/{epochs}"
        self._steps = steps
        self._began = time.perf_counter()
        self._written = 0
        self.live = sys.stdout.isatty()

    def show(self, step: int, logs: Mapping[str, float]) -> None:
        """Writes the line.

        Args:
            step: how many are done.
            logs: numbers so far.
        """
        if not self.live:
            return
        spent = time.perf_counter() - self._began
        if self._steps:
            done = min(1.0, step / self._steps)
            bar = "=" * round(_WIDTH * done)
            left = spent / done - spent if done else 0.0
            state = f"[{bar:.<{_WIDTH}}] {step}/{self._steps} - {left:.0f}s left"
        else:
            state = f"{step} steps - {spent:.0f}s"
        numbers = [f"{name}: {value:.4f}" for name, value in logs.items()]
        self._write(" - ".join([f"{self._title} {state}", *numbers]))

    def clear(self) -> None:
        """Takes the line away."""
        if self._written:
            self._write("")
            sys.stdout.write("\r")
            sys.stdout.flush()
            self._written = 0

    def _write(self, line: str) -> None:
        line = line[: shutil.get_terminal_size().columns - 1]
        sys.stdout.write("\r" + line.ljust(self._written))
        sys.stdout.flush()
        self._written = len(line)


__all__ = ["Lines", "Progress", "Reporter"]
