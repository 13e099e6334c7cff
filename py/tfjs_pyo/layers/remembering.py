"""Layers that remember something from one batch to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.errors import ArgumentError


@naming.spell_methods
class Remembering:
    """The part of a layer that knows whether it remembers something from one batch to the next, and forgets it."""

    _sublayers: Callable[[], list[Any]]
    display_name: Any

    @property
    def stateful(self) -> bool:
        """Whether this layer, or one inside, remembers something; a layer of a user's own says so by setting it."""
        return bool(vars(self).get("_stateful")) or any(layer.stateful for layer in self._sublayers())

    @stateful.setter
    def stateful(self, value: bool) -> None:
        vars(self)["_stateful"] = value

    def reset_states(self) -> None:
        """Lets the layers inside forget; a layer that remembers something of its own says here how.

        Raises:
            ArgumentError: neither this layer nor one inside is stateful.

        Source: https://js.tensorflow.org/api/latest/#tf.layers.Layer.resetStates
        """
        if not self.stateful:
            raise ArgumentError(f"{self.display_name}: expected a stateful layer; it keeps no states.")
        for layer in self._sublayers():
            if layer.stateful:
                layer.reset_states()
