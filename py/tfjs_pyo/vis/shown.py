"""What the calls of tf.vis return: they have shown it, and it can be shown again."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeVar

from tfjs_pyo import hosts, output

T = TypeVar("T")


def use_display(display: Callable[[Any], object] | None) -> None:
    """Hands charts and pictures to a function from now on: a page of your own shows them where it likes.

    Args:
        display: takes what is shown, whose `_repr_mimebundle_()` has it as SVG or HTML by MIME type; None: the notebook, or
            whatever else there is, shows them again.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.vis.useDisplay(lambda shown: print(sorted(shown._repr_mimebundle_())[1]))
        >>> chart = tf.vis.render.linechart("Squares", [0, 1, 4, 9])
        image/svg+xml
        >>> tf.vis.useDisplay(None)
    """
    output.use(display, is_watched=lambda: False)


class Awaitable:
    """Awaiting it gives None, as TF.js's calls do."""

    def __await__(self) -> Generator[Any, None, None]:
        return
        yield


class Shown(Awaitable):
    """What a call has shown: a cell whose last value it is does not show it twice."""

    def _ipython_display_(self) -> None:
        output.echo(self)

    def _display_(self) -> Any:
        """Returns what marimo shows of it. Source: https://docs.marimo.io/guides/integrating_with_marimo/displaying_objects/"""
        return hosts.echoed(self)


class ShownTogether(list[T], Awaitable):
    """A list of what a call has shown."""

    def _ipython_display_(self) -> None:
        for each in self:
            output.echo(each)

    def _display_(self) -> Any:
        """Returns what marimo shows of them."""
        return hosts.echoed(*self)
