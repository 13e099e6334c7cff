"""What layers have in common that compute from strings, outside of the graph, which has numbers only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tfjs_pyo.layers.base import Layer
from tfjs_pyo.layers.trials import shapes_of, specs_of, stand_in


class OnStrings(Layer):
    """Base of layers that give numbers for strings, or strings for numbers: they read values."""

    output_mode: str

    def _specs_of_call(self, inputs: Any, arguments: Mapping[str, Any]) -> Any:
        numbers = "int32" if self.output_mode == "int" else "float32"
        gives_strings = getattr(self, "invert", False)
        shape = self._shapes_of_call(shapes_of(inputs), arguments)
        return specs_of(shape, "string" if gives_strings else numbers)

    def _invoke(self, inputs: Any, arguments: Mapping[str, Any], mask: Any = None) -> Any:
        found = stand_in(lambda: self._specs_of_call(inputs, arguments))
        return super()._invoke(inputs, arguments, mask) if found is None else found


__all__ = ["OnStrings"]
