"""Where charts, pictures and notices go: the page's results, an element, a notebook, or a window of matplotlib."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

from tfjs_pyo import hosts

_NOWHERE = (
    "tf.vis: there is no place for charts here. Save one by chart.save('chart.svg'), or import matplotlib.pyplot and call its "
    "show(). In a page of your own name an element of the document as the surface, or hand a function to tf.vis.useDisplay."
)
_said: list[str] = []
_notices: list[Callable[[str], object]] = []
_displays: list[tuple[Callable[[Any], object], Callable[[], bool]]] = []


def use(display: Callable[[Any], object] | None, is_watched: Callable[[], bool] = lambda: True) -> None:
    """Hands charts to `display` from now on; None: to a notebook or matplotlib again.

    Args:
        display: takes an object with `_repr_mimebundle_`.
        is_watched: tells whether somebody looks at what it shows.
    """
    _displays[:] = [] if display is None else [(display, is_watched)]


def use_notices(tell: Callable[[str], object] | None) -> None:
    """Hands notices to `tell` from now on; None: to stderr again."""
    _notices[:] = [] if tell is None else [tell]


def notify(text: str) -> None:
    """Tells people what no program has asked for: that another backend computes."""
    if _notices:
        _notices[0](text)
    else:
        print(text, file=sys.stderr)


def show(drawn: Any) -> Any:
    """Shows a chart or a picture where there is a place to show it, and returns it; where there is none it says so, once.

    In a program that has imported `matplotlib.pyplot` it becomes one of its figures, which `pyplot.show()` opens; what is
    drawn on a surface again takes the place of the figure that is there.
    """
    element = getattr(getattr(drawn, "surface", None), "element", None)
    if element is not None:
        element.innerHTML = hosts.markup_of(drawn)
    elif _displays:
        _displays[0][0](drawn)
    elif (host := hosts.host()) is not None:
        host.show(drawn)
    elif "matplotlib.pyplot" in sys.modules and hasattr(drawn, "draw_on"):
        _as_a_figure_of(sys.modules["matplotlib.pyplot"], drawn)
    elif not _said:
        _said.append(_NOWHERE)
        print(_NOWHERE, file=sys.stderr)
    return drawn


def echo(drawn: Any) -> None:
    """Shows a drawing that is a cell's value or handed to `display`, unless this cell has shown it: as TF.js's calls do."""
    host = hosts.host()
    if host is None or not host.shows(drawn):
        show(drawn)


def figure_of(drawn: Any) -> Any:
    """Returns a chart or a picture as a figure of matplotlib.

    Raises:
        ImportError: matplotlib is not there.
    """
    try:
        figures = importlib.import_module("matplotlib.figure")
    except ImportError as error:
        raise ImportError(
            f"tf.vis: expected matplotlib, which makes figures and pictures of pixels ({error}). "
            "Install it, pip install matplotlib; or save the chart as SVG, which needs nothing: chart.save('chart.svg')."
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
