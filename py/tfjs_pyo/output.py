"""Where charts and pictures go: the page's results, a notebook, or a window of matplotlib."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

_displays: list[tuple[Callable[[Any], object], Callable[[], bool]]] = []


def use(display: Callable[[Any], object] | None, is_watched: Callable[[], bool] = lambda: True) -> None:
    """Hands charts to `display` from now on; None: to a notebook or matplotlib again.

    Args:
        display: takes an object with `_repr_mimebundle_`.
        is_watched: tells whether somebody looks at what it shows.
    """
    _displays[:] = [] if display is None else [(display, is_watched)]


def show(chart: Any) -> Any:
    """Shows a chart where there is a place to show it, and returns it."""
    if _displays:
        _displays[0][0](chart)
    elif _in_notebook():
        importlib.import_module("IPython.display").display(chart.figure())
    elif "matplotlib.pyplot" in sys.modules:  # a program that has not asked for windows gets none
        chart.figure()
        sys.modules["matplotlib.pyplot"].show(block=False)
    return chart


def show_to_somebody(shown: Any) -> bool:
    """Shows what is of use to somebody who looks at the page only; returns whether there is one."""
    for display, is_watched in _displays:
        if is_watched():
            display(shown)
            return True
    return False


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and hasattr(shell, "kernel")
