"""`keras.KerasTensor`: what stands for a tensor of a model in the making."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tfjs_pyo.keras.layers import Input
from tfjs_pyo.layers.symbols import SymbolicTensor


class _AnySymbol(type):
    """Makes every symbolic tensor an instance of a class."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, SymbolicTensor)


class KerasTensor(metaclass=_AnySymbol):
    """A symbolic tensor: with a shape and a dtype, but without a value.

    Args:
        shape: with batch; None stands for any length.
        dtype: of the values.
        name: of the tensor.
        options: further options of Keras, which have no effect here.

    Example:
        >>> from tfjs_pyo import keras
        >>> isinstance(keras.Input((3,)), keras.KerasTensor), keras.KerasTensor((None, 3)).shape
        (True, (None, 3))

    Source: https://keras.io/api/layers/core_layers/input/
    """

    def __new__(
        cls, shape: Sequence[int | None], dtype: str = "float32", name: str | None = None, **options: Any
    ) -> Any:
        """Returns a symbolic tensor."""
        del options
        return Input(batch_shape=tuple(shape), dtype=dtype, name=name)


__all__ = ["KerasTensor"]
