"""All variables of a model of Keras's face as one tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tfjs_pyo.errors import ArgumentError, OptionError
from tfjs_pyo.keras.steps import Steps
from tfjs_pyo.keras.training import Training

_FORMATS = ("backend_tensor", "numpy_array")


class State(Steps, Training):
    """Trees of variables by their paths."""

    def _kinds_of_variables(self) -> dict[str, Sequence[Any]]:
        return {
            "trainable_variables": self.trainable_variables,
            "non_trainable_variables": self.non_trainable_variables,
            "optimizer_variables": [] if self.optimizer is None else getattr(self.optimizer, "variables", []),
            "metrics_variables": self.metrics_variables,
        }

    def get_state_tree(self, value_format: str = "backend_tensor") -> dict[str, Any]:
        """Returns the values of all variables in dicts, by the parts of their paths.

        Args:
            value_format: 'backend_tensor' for tensors, 'numpy_array' for arrays.

        Raises:
            OptionError: another format.
            ArgumentError: two variables have one path.

        Example:
            >>> from tfjs_pyo import keras
            >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name="last")], name="small")
            >>> tree = model.get_state_tree("numpy_array")
            >>> tree["trainable_variables"]["small"]["last"]["kernel"].shape
            (2, 1)

        Source: https://keras.io/api/models/model/
        """
        if value_format not in _FORMATS:
            raise OptionError(
                f"{self.display_name}: expected value_format to be one of {', '.join(_FORMATS)}, received {value_format!r}."
            )
        return {
            kind: self._tree(variables, value_format)
            for kind, variables in self._kinds_of_variables().items()
        }

    def _tree(self, variables: Sequence[Any], value_format: str) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        for variable in variables:
            *parents, name = variable.path.split("/")
            place = tree
            for parent in parents:
                place = place.setdefault(parent, {})
            if name in place:
                raise ArgumentError(
                    f"{self.display_name}: get_state_tree: expected paths that differ, but two variables have {variable.path!r}. "
                    "Give layers different names."
                )
            place[name] = variable.value if value_format == "backend_tensor" else variable.numpy()
        return tree

    def set_state_tree(self, state_tree: Mapping[str, Any]) -> None:
        """Sets variables to the values of a tree, as `get_state_tree` gives it; those that it leaves out stay as they are.

        Args:
            state_tree: dicts of values, by the parts of paths.

        Raises:
            OptionError: the tree has another kind of variables.

        Example:
            >>> from tfjs_pyo import keras
            >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name="last")], name="small")
            >>> tree = model.get_state_tree("numpy_array")
            >>> tree["trainable_variables"]["small"]["last"]["bias"] += 1
            >>> model.set_state_tree(tree)
            >>> model.get_weights()[1].tolist()
            [1.0]
        """
        kinds = self._kinds_of_variables()
        for kind, tree in state_tree.items():
            if kind not in kinds:
                raise OptionError(f"{self.display_name}: expected {', '.join(kinds)}, received {kind!r}.")
            values = _flat(tree)
            for variable in kinds[kind]:
                if variable.path in values:
                    variable.assign(values[variable.path])


def _flat(tree: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Returns the values of a tree by their whole paths."""
    found: dict[str, Any] = {}
    for name, value in tree.items():
        found |= (
            _flat(value, f"{before}{name}/") if isinstance(value, Mapping) else {f"{before}{name}": value}
        )
    return found


__all__ = ["State"]
