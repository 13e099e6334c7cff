"""The progress bar of an epoch, in terminals."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Mapping

_WIDTH = 24


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


__all__ = ["Progress"]
