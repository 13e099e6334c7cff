"""`keras.Variable`: a variable in Keras's spelling, which weights of Keras's layers and metrics are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Self

from tfjs_pyo import initializers, ops
from tfjs_pyo.core import context
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable as Base
from tfjs_pyo.dtypes import STORED
from tfjs_pyo.errors import ArgumentError


def stored_dtype(dtype: Any) -> str:
    """Returns the dtype in which values of any dtype of Keras are stored: 'float32', 'int32' or 'bool'.

    >>> stored_dtype("float16"), stored_dtype("int64"), stored_dtype("uint8")
    ('float32', 'int32', 'int32')
    """
    name = str(getattr(dtype, "name", None) or getattr(dtype, "__name__", None) or dtype)
    if name in STORED:
        return name
    if "float" in name:
        return "float32"
    if "int" in name:
        return "int32"
    raise ArgumentError(f"variable: expected a dtype of numbers or truth values, received {dtype!r}.")


class Variable(Base):
    """A tensor whose value `assign` replaces; of any number or array, which is cast.

    Args:
        initializer: the first value, or what makes it: a name, or a function of shape and dtype.
        shape: where the first value is made.
        dtype: of the value; default: that of the first value, or 'float32'.
        trainable: whether training changes it.
        autocast, aggregation, synchronization: accepted as they are; they have no effect here.
        name: made up if missing.
        others: further options of Keras, likewise.

    Raises:
        ArgumentError: a first value that is to be made, but no shape.

    Example:
        >>> from tfjs_pyo import keras
        >>> total = keras.Variable(1.0, name="total")
        >>> _ = total.assign_add(2)
        >>> float(total), total.shape, total.trainable
        (3.0, (), True)

    Source: https://keras.io/api/models/variables/
    """

    def __init__(
        self,
        initializer: Any,
        shape: Sequence[int] | None = None,
        dtype: Any = None,
        trainable: bool = True,
        autocast: bool = True,  # noqa: ARG002 (Keras's signature)
        aggregation: Any = None,  # noqa: ARG002
        synchronization: Any = None,  # noqa: ARG002
        name: str | None = None,
        **others: Any,  # noqa: ARG002
    ) -> None:
        kind = None if dtype is None else stored_dtype(dtype)
        makes = isinstance(initializer, str) or (
            callable(initializer) and not isinstance(initializer, Tensor)
        )
        with context.outside_traces():
            if makes:
                if shape is None:
                    raise ArgumentError("variable: expected a shape for an initializer to make values of.")
                first = _made(initializers.get(initializer, "variable"), tuple(shape), kind or "float32")
            else:
                first = initializer.read() if isinstance(initializer, Base) else initializer
                first = first if isinstance(first, Tensor) else ops.tensor(first)
            value = first if kind is None else ops.cast(first, kind)
        super().__init__(value, trainable, name)

    @classmethod
    def holding(cls, value: Tensor, trainable: bool, name: str | None) -> Self:
        """Returns a variable with this first value."""
        made = cls.__new__(cls)
        Base.__init__(made, value, trainable, name)
        return made

    @property
    def value(self) -> Tensor:
        """The value of this moment."""
        return self.read()

    @property
    def path(self) -> str:
        """The name with that of the layer before it."""
        return self.original_name

    def assign(self, value: Any) -> Self:  # type: ignore[override]
        """Replaces the value by another one of its shape, cast to its dtype; returns the variable."""
        tensor = value if isinstance(value, Tensor) else ops.tensor(value)
        if tensor.shape != self.shape and tensor.size == 1 == self.size:
            tensor = ops.reshape(tensor, self.shape)
        super().assign(ops.cast(tensor, self.dtype) if tensor.dtype != self.dtype else tensor)
        return self

    def assign_add(self, value: Any) -> Self:
        """Adds to the value; returns the variable."""
        return self.assign(self.read() + value)

    def assign_sub(self, value: Any) -> Self:
        """Takes from the value; returns the variable."""
        return self.assign(self.read() - value)

    def read_value(self) -> Tensor:
        """Returns the value of this moment, as TensorFlow calls it."""
        return self.read()


def _made(initializer: Callable[..., Any], shape: tuple[int, ...], dtype: str) -> Tensor:
    """Returns what an initializer gives; those of users give anything that becomes a tensor."""
    try:
        value = initializer(shape, dtype=dtype)
    except TypeError:
        value = initializer(shape)
    return value if isinstance(value, Tensor) else ops.tensor(value)


__all__ = ["Variable", "stored_dtype"]
