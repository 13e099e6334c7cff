"""`tf.vis.visor()`: the place of all surfaces. In the page that is the list of results, which is always open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.vis.parts import Surface
from tfjs_pyo.vis.values import Place, surface_of


class Visor:
    """Hands out surfaces. Source: https://js.tensorflow.org/api_vis/latest/#Visor-API"""

    def surface(self, options: Place = None, **given: str) -> Surface:
        """Returns the surface of a name, on a tab.

        Args:
            options: {'name': ..., 'tab': ...}; or `name` and `tab` by keyword.

        Raises:
            ArgumentError: it has no name.

        Example:
            >>> import tfjs_pyo as tf
            >>> tf.vis.visor().surface({"name": "Loss", "tab": "Training"})
            Surface(name='Loss', tab='Training')
        """
        both = {**options, **given} if isinstance(options, Mapping) else given or options
        surface = surface_of("surface", both)
        if surface is None:
            raise ArgumentError("surface: expected {'name': ..., 'tab': ...}, received nothing.")
        return surface

    def is_open(self) -> bool:
        """Tells whether results are seen: always."""
        return True

    def is_fullscreen(self) -> bool:
        """Tells whether results cover the page: never."""
        return False

    def open(self) -> None:
        """Does nothing: results are always seen."""

    def close(self) -> None:
        """Does nothing: results are always seen."""

    def toggle(self) -> None:
        """Does nothing: results are always seen."""

    def toggle_full_screen(self) -> None:
        """Does nothing: results have their own place."""

    def set_active_tab(self, _name: str) -> None:
        """Does nothing: the results of all tabs are seen."""

    def __getattr__(self, name: str) -> Any:
        return naming.attribute(self, name)


_VISOR = Visor()


def visor() -> Visor:
    """Returns the visor.

    Example:
        >>> import tfjs_pyo as tf
        >>> surface = tf.vis.visor().surface({"name": "Loss", "tab": "Training"})
        >>> surface.name, surface.tab
        ('Loss', 'Training')

    Source: https://js.tensorflow.org/api_vis/latest/#visor
    """
    return _VISOR
