"""Layers that remember something from one batch to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from tfjs_pyo import naming
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.layers.holding import flatten_layers

if TYPE_CHECKING:
    from tfjs_pyo.layers.base import Layer


@naming.spell_methods
class Remembering:
    """The part of a layer that knows whether it remembers something from one batch to the next, and forgets it."""

    display_name: Any

    @property
    def stateful(self) -> bool:
        """Whether this layer, or one inside, remembers something; a layer of a user's own says so by setting it."""
        return any(layer._remembers() for layer in flatten_layers(cast("Layer", self)))

    @stateful.setter
    def stateful(self, value: bool) -> None:
        vars(self)["_stateful"] = value

    def reset_states(self) -> None:
        """Lets the layers inside forget; a layer that remembers something of its own says here how.

        Raises:
            ArgumentError: neither this layer nor one inside is stateful.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.simpleRNN({"units": 1, "activation": "linear", "kernelInitializer": "ones",
            ...     "recurrentInitializer": "ones", "stateful": True, "batchInputShape": [1, None, 1]})
            >>> model = tf.sequential({"layers": [layer]})
            >>> model.predict(tf.tensor3d([[[1], [2]]])).array_sync(), model.predict(tf.tensor3d([[[4]]])).array_sync()
            ([[3.0]], [[7.0]])
            >>> model.resetStates()
            >>> model.predict(tf.tensor3d([[[4]]])).array_sync()
            [[4.0]]

        Source: https://js.tensorflow.org/api/latest/#tf.layers.Layer.resetStates
        """
        if not self.stateful:
            raise ArgumentError(f"{self.display_name}: expected a stateful layer; it keeps no states.")
        for layer in flatten_layers(cast("Layer", self)):
            if (
                layer is not self
                and layer._remembers()
                and type(layer).reset_states is not Remembering.reset_states
            ):
                layer.reset_states()

    def _remembers(self) -> bool:
        """Returns whether the layer itself remembers something, whatever layers inside do."""
        return bool(vars(self).get("_stateful") or vars(self).get("stateful"))
