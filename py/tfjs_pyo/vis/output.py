"""Where charts go: the page's results, a notebook, or a window of matplotlib."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

_displays: list[Callable[[Any], object]] = []


def use(display: Callable[[Any], object] | None) -> None:
    """Hands charts to `display` from now on; None: to a notebook or matplotlib again.

    Args:
        display: takes an object with `_repr_mimebundle_`.
    """
    _displays[:] = [] if display is None else [display]


def show(chart: Any) -> Any:
    """Shows a chart where there is a place to show it, and returns it."""
    if _displays:
        _displays[0](chart)
    elif _in_notebook():
        importlib.import_module("IPython.display").display(chart.figure())
    elif "matplotlib.pyplot" in sys.modules:  # a program that has not asked for windows gets none
        chart.figure()
        sys.modules["matplotlib.pyplot"].show(block=False)
    return chart


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and hasattr(shell, "kernel")
