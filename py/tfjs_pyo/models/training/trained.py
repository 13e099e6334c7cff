"""Which weights a model's training changes: `compile` decides, freezing may take some away.

As in TF.js and Keras, those that are trainable when the model is compiled. As in TF.js, what is frozen afterwards stays as it is,
unless it was frozen for another model: one that was compiled since, which has these weights and leaves them alone. So the
discriminator of a GAN goes on training by itself after it was frozen inside of the combined model.
"""

from __future__ import annotations

import itertools
import warnings
from typing import TYPE_CHECKING, Any

from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.weak import WeakObjects

if TYPE_CHECKING:
    from tfjs_pyo.models.training.trainer import Trainer

_COMPILED: WeakObjects[Trainer] = WeakObjects()
"""The models that were compiled."""
_numbers = itertools.count()


class Trained:
    """The weights that a model trains, as they were when it was compiled.

    Attributes:
        number: larger the later the model was compiled.
    """

    def __init__(self, model: Trainer) -> None:
        self.number = next(_numbers)
        self._chosen: list[Variable] | None = None
        self._known: set[int] = set()
        self._has_warned = False
        self.look(model)
        _COMPILED.add(model)

    def __getstate__(self) -> dict[str, Any]:
        known = [weight for weight in Variable.living() if id(weight) in self._known]
        return {**vars(self), "_known": known}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update({**state, "_known": {id(weight) for weight in state["_known"]}})
        self.number = next(_numbers)

    def enter(self, model: Trainer) -> None:
        """Notes that a model was compiled."""
        _COMPILED.add(model)

    def look(self, model: Trainer) -> list[Variable]:
        """Returns the weights that are trained by what was trainable then; before a model is built it has none."""
        if self._chosen is None:
            if not model.built:
                return []
            self._chosen = list(model.trainable_weights)
            self._known = {id(weight) for weight in model._all_weights()}
        return self._chosen

    def weights(self, model: Trainer) -> list[Variable]:
        """Returns the weights that training changes now. New layers of a subclass join in.

        Raises:
            ArgumentError: there are none, and the model's API does not allow that.
        """
        chosen, now = self.look(model), model.trainable_weights
        trainable = {id(weight) for weight in now}
        picked = {id(weight) for weight in chosen}
        changed = picked != trainable
        left_out, trained_there = self._of_later_models() if changed else (set(), set())
        found = [w for w in chosen if id(w) in trainable or id(w) in left_out]
        found += [w for w in now if id(w) not in self._known]
        if not found:
            if not type(model).dialect.may_train_nothing:
                raise ArgumentError(self._nothing(model, len(now)))
            self._warn(f"{self._nothing(model, len(now))} Losses and metrics are computed all the same.")
        waiting = trainable & self._known - picked - trained_there
        if waiting and found:
            self._warn(
                f"{model.display_name}: {len(waiting)} of its weights became trainable after model.compile(...) and are not "
                "trained. Call model.compile(...) again for that."
            )
        return found

    def _warn(self, text: str) -> None:
        """Warns once for each `compile`."""
        if not self._has_warned:
            self._has_warned = True
            warnings.warn(text, stacklevel=3)

    def _of_later_models(self) -> tuple[set[int], set[int]]:
        """Returns the weights that models compiled since have and leave alone, and those that they train."""
        left_out: set[int] = set()
        trained: set[int] = set()
        for other in _COMPILED:
            theirs = other._trained
            if theirs is not None and theirs.number > self.number:
                own = {id(weight) for weight in theirs.look(other)}
                trained |= own
                left_out |= {id(weight) for weight in other._all_weights()} - own
        return left_out, trained

    def _nothing(self, model: Trainer, trainable: int) -> str:
        count = len(model._all_weights())
        if not count:
            return f"{model.display_name}: expected weights to train, but its layers have none."
        if trainable:
            return (
                f"{model.display_name}: expected a weight to train, but all {count} were frozen when it was compiled. Call "
                "model.compile(...) again."
            )
        return (
            f"{model.display_name}: expected a weight to train, but all {count} are frozen. Set `trainable = True` of the "
            "model, or of some of its layers, then call model.compile(...) again."
        )
