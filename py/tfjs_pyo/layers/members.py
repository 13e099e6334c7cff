"""What layers have besides their work: for programs that look into them, or hook into their calls."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from tfjs_pyo.config import Configurable, shown
from tfjs_pyo.core import moments
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.layers.remembering import Remembering
from tfjs_pyo.layers.symbols import LayerCall, symbols_of

_ids = itertools.count()
_calls = itertools.count()


class Members(Remembering, Configurable):
    """Base of layers: uses, losses, hooks."""

    _all_penalties: Callable[[], list[Tensor]]
    _all_weights: Callable[[], list[Variable]]
    _first_weights: Any

    updates: ClassVar[Sequence[Any]] = ()
    """Nothing: layers here change their weights themselves, while they run."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.id = next(_ids)
        self._call_hook: Callable[..., Any] | None = None
        self._forget_calls()
        super().__init__(*args, **kwargs)

    def _forget_calls(self) -> None:
        self._calls_made: weakref.WeakValueDictionary[int, LayerCall] = weakref.WeakValueDictionary()
        self._first_call: LayerCall | None = None

    def _note_call(self, call: LayerCall) -> None:
        """Notes a use of the layer in a model.

        The first use lasts as long as the layer, so that `layer.output` is there whatever became of the symbolic tensor;
        others as long as something refers to them. Inputs of a first use are never computed by the layer itself: layers
        refer to earlier first uses only, and there are no cycles.
        """
        if self._first_call is None:
            self._first_call = call
        self._calls_made[next(_calls)] = call

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self._reduced(lambda: super(Members, self).__reduce_ex__(protocol))

    def _reduced(self, reduce: Callable[[], Any]) -> Any:
        """Returns what `reduce` does, for copies whose variables are of one moment."""
        return moments.reduced(reduce, self._all_weights)

    def __getstate__(self) -> dict[str, Any]:
        """What copies and pickles keep: not the uses in models, which keep them themselves."""
        kept = super().__getstate__().items()
        state = {name: value for name, value in kept if name not in ("_calls_made", "_first_call")}
        weights = {id(weight): weight for weight in (*state.get("_own", ()), *state.get("_fixed", ()))}
        state["_limits"] = [(weights[key], limit) for key, limit in state.get("_limits", {}).items()]
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = moments.restored(state)
        limits = {id(weight): limit for weight, limit in state["_limits"]}
        vars(self).update({**state, "_limits": limits, "id": next(_ids)})
        self._forget_calls()

    @shown
    def initial_weights(self) -> Any:
        """What `weights` was given as when the layer was made, or None."""
        return self._first_weights

    @shown
    def losses(self) -> list[Tensor]:
        """The penalties that the layer adds to the loss, as they are now."""
        return self._all_penalties()

    def calculate_losses(self) -> list[Tensor]:
        """Returns the penalties that the layer adds to the loss, scalars.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.dense({"units": 1, "kernelInitializer": "ones", "kernelRegularizer": "l2"})
            >>> layer.build([None, 2])
            >>> [round(loss.item(), 3) for loss in layer.calculateLosses()]
            [0.02]
        """
        return self._all_penalties()

    def set_call_hook(self, call_hook: Callable[..., Any]) -> None:
        """Has a function called before each `call`, with the inputs and a dict of the other arguments.

        Args:
            call_hook: function of the inputs and a dict.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.dense({"units": 1, "kernelInitializer": "ones", "kernelRegularizer": "l2"})
            >>> layer.build([None, 2])
            >>> layer.setCallHook(lambda inputs, others: print("called with", inputs.shape))
            >>> _ = layer.apply(tf.ones([1, 2]))
            called with (1, 2)
        """
        self._call_hook = call_hook

    def clear_call_hook(self) -> None:
        """Takes the function of `set_call_hook` away.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.dense({"units": 1, "kernelInitializer": "ones", "kernelRegularizer": "l2"})
            >>> layer.build([None, 2])
            >>> layer.setCallHook(lambda inputs, others: print("called with", inputs.shape))
            >>> layer.clearCallHook()
            >>> _ = layer.apply(tf.ones([1, 2]))
        """
        self._call_hook = None

    def _uses(self) -> list[LayerCall]:
        """Returns the uses of this layer in the models that there are, in their order."""
        found = [reference() for reference in self._calls_made.valuerefs()]
        return [call for call in found if call is not None]

    def get_output_at(self, node_index: int) -> Any:
        """Returns what one of the layer's uses gives, a symbolic tensor or a list of them.

        Args:
            node_index: which use, from 0.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.dense({"units": 3})
            >>> _ = layer.apply(tf.input({"shape": [2]}))
            >>> layer.getOutputAt(0).shape
            (None, 3)

        Source: https://js.tensorflow.org/api/latest/#tf.layers.Layer.getOutputAt
        """
        return symbols_of(self, "output", self._uses(), node_index)

    def get_input_at(self, node_index: int) -> Any:
        """Returns what one of the layer's uses takes, a symbolic tensor or a list of them.

        Args:
            node_index: which use, from 0.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.dense({"units": 3})
            >>> _ = layer.apply(tf.input({"shape": [2]}))
            >>> layer.getInputAt(0).shape
            (None, 2)

        Source: https://js.tensorflow.org/api/latest/#tf.layers.Layer.getInputAt
        """
        return symbols_of(self, "input", self._uses(), node_index)
