"""Steps of optimizers in loops that programs write: recorded once, then put into the graph without running their code."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from tfjs_pyo.core import context, debug
from tfjs_pyo.core.recording import Recording, Recordings
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable

_PACKAGE = __name__.partition(".")[0] + "."
_IMMUTABLE = (str, int, float, bool, type(None))


class Replays:
    """The recorded steps of an optimizer.

    The optimizers of this package compute the same whenever options and state are the same: all numbers are in variables.
    Those of programs may not, and run as they are written.
    """

    def __init__(self) -> None:
        self._recordings = Recordings()
        self._traits: Hashable = None
        self._is_changed = False

    def note_option(self) -> None:
        """Notes that an option was set."""
        self._traits = None

    def note_method(self) -> None:
        """Notes that a program has put code of its own in the place of a method."""
        self._is_changed = True

    def renewed(self) -> Replays:
        """Returns what a copy of the optimizer has: recordings refer to the variables of this one."""
        made = Replays()
        made._is_changed = self._is_changed
        return made

    def forget(self) -> None:
        """Drops all recordings, as the state that they refer to is gone."""
        self._recordings = Recordings()

    def step(self, optimizer: Any, gradients: Sequence[Tensor], variables: Sequence[Variable]) -> None:
        """Makes a step: by its recording, or by its code where that may do something else each time.

        Args:
            optimizer: whose step it is; its state for the variables was made.
            gradients: of the variables.
            variables: to update.
        """

        def take(given: Sequence[Tensor]) -> None:
            factor = optimizer.loss_scale_factor
            optimizer.take([g / factor for g in given] if factor else given, variables)

        if context.trace() is not None or debug.enabled() or not self._is_of_package(optimizer):
            return take(gradients)
        feeds = tuple((gradient.shape, gradient.dtype) for gradient in gradients)
        # A number that is asked for later, such as how many steps were made, is kept from then on.
        state = len(optimizer.weights)
        key = (self._traits_of(optimizer), state, feeds, tuple(variable.id for variable in variables))
        recording = self._recordings.find(key, lambda: Recording.of(take, feeds, variables))
        return take(gradients) if recording is None else recording.replay(gradients, variables)

    def _is_of_package(self, optimizer: Any) -> bool:
        """Returns whether all that a step does is code of this package."""
        if self._is_changed or not optimizer.is_replayed:
            return False
        return all(kind.__module__.startswith(_PACKAGE) or kind is object for kind in type(optimizer).__mro__)

    def _traits_of(self, optimizer: Any) -> Hashable:
        """Returns `traits`, kept until an option is set; lists and objects among options may change without that."""
        if self._traits is None:
            traits = optimizer.traits()
            if not all(
                isinstance(v, _IMMUTABLE) for name, v in list(vars(optimizer).items()) if name[0] != "_"
            ):
                return traits
            self._traits = traits
        return self._traits
