"""When a training run lets other tasks have their turn: the option `yieldEvery`."""

from __future__ import annotations

import math
import time
from typing import Any

from tfjs_pyo.errors import OptionError
from tfjs_pyo.options import real

_AUTO_SECONDS = 0.125


class Yielding:
    """When to yield.

    Args:
        owner: who asks, for errors.
        value: the option: 'auto', 'batch', 'epoch', 'never', milliseconds, or None.

    Attributes:
        seconds: least time between two turns of others, which come between batches; infinite if they do not.
        by_epoch: whether they come after each epoch.
        never: whether there are none.

    Raises:
        OptionError: it is none of these.
    """

    def __init__(self, owner: str, value: Any) -> None:
        named = {"auto": _AUTO_SECONDS, "batch": 0.0, "epoch": math.inf, "never": math.inf}
        self.by_epoch = self.never = False
        if value is None or (isinstance(value, str) and value in named):
            self.seconds = named[value or "auto"]
            self.by_epoch, self.never = value == "epoch", value == "never"
        elif (time_given := real(value)) is not None and time_given > 0:
            self.seconds = time_given / 1000
        else:
            raise OptionError(
                f"{owner}: expected 'yieldEvery' to be 'auto', 'batch', 'epoch', 'never' or milliseconds, received {value!r}."
            )
        self._last = time.perf_counter()

    def is_due(self) -> bool:
        """Returns whether others have their turn now, after a batch; they have it if so."""
        now = time.perf_counter()
        if now - self._last < self.seconds:
            return False
        self._last = now
        return True
