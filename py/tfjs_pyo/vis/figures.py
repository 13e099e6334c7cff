"""The backend of matplotlib in the page: `pyplot.show()` puts figures among the results, as pictures.

The page names it in $MPLBACKEND when it starts; matplotlib imports this file where a program imports `matplotlib.pyplot`.
"""

from __future__ import annotations

import io
from typing import Any

from matplotlib._pylab_helpers import Gcf
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

from tfjs_pyo import output


class _Picture:
    """A figure as it is now."""

    def __init__(self, figure: Any) -> None:
        file = io.BytesIO()
        figure.savefig(file, format="png", bbox_inches="tight")
        self._png = file.getvalue()

    def _repr_png_(self) -> bytes:
        return self._png

    def __repr__(self) -> str:
        return "<figure of matplotlib>"


class FigureManager(FigureManagerBase):
    """Shows a figure among the results."""

    def show(self) -> None:
        """Shows the figure as it is now."""
        output.show(_Picture(self.canvas.figure))

    @classmethod
    def pyplot_show(cls, *, block: bool | None = None) -> None:  # noqa: ARG003 (there are no windows to wait for)
        """Shows all figures and closes them, so that the next ones are new."""
        for manager in Gcf.get_all_fig_managers():
            manager.show()
        Gcf.destroy_all()


class FigureCanvas(FigureCanvasAgg):
    """A canvas of pixels."""

    manager_class = FigureManager


__all__ = ["FigureCanvas", "FigureManager"]
