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


def show(drawn: Any) -> Any:
    """Shows a chart or a picture where there is a place to show it, and returns it.

    In a program that has imported `matplotlib.pyplot` it becomes one of its figures, which `pyplot.show()` opens; what is
    drawn on a surface again takes the place of the figure that is there.
    """
    if _displays:
        _displays[0][0](drawn)
    elif _in_notebook():
        itself = any(hasattr(drawn, f"_repr_{kind}_") for kind in ("html", "svg", "png"))
        importlib.import_module("IPython.display").display(drawn if itself else figure_of(drawn))
    elif "matplotlib.pyplot" in sys.modules and hasattr(drawn, "draw_on"):
        _as_a_figure_of(sys.modules["matplotlib.pyplot"], drawn)
    return drawn


def figure_of(drawn: Any) -> Any:
    """Returns a chart or a picture as a figure of matplotlib.

    Raises:
        ImportError: matplotlib is not there.
    """
    try:
        figures = importlib.import_module("matplotlib.figure")
    except ImportError as error:
        raise ImportError(
            f"tf.vis: expected matplotlib, which draws charts outside of the page ({error}). "
            "Install it: pip install matplotlib."
        ) from error
    figure = figures.Figure()
    drawn.draw_on(figure)
    return figure


def _as_a_figure_of(pyplot: Any, drawn: Any) -> None:
    surface = getattr(drawn, "surface", None)
    figure = pyplot.figure(num=surface.key if surface else None, clear=True)
    drawn.draw_on(figure)
    if figure.canvas.required_interactive_framework:  # there are windows
        pyplot.show(block=False)
        figure.canvas.draw_idle()
        figure.canvas.flush_events()


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
