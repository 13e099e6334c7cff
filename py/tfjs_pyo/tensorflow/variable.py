"""`tf.Variable`: a variable with TensorFlow's parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from tfjs_pyo import ops
from tfjs_pyo import variables as keras_variables
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, ShapeError
from tfjs_pyo.tensorflow.functions import constant


class Variable(keras_variables.Variable):
    """A tensor whose value `assign` replaces.

    Args:
        initial_value: the first value, or a function that returns it.
        trainable: whether training changes it.
        name: made up if missing.
        dtype: of the value; default: that of the first value.
        constraint: what optimizers put a new value through.
        shape: that the first value must have.
        validate_shape, caching_device, variable_def, import_scope, synchronization, aggregation: accepted as they are.

    Raises:
        ArgumentError: no value.
        ShapeError: a first value of another shape.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> total = tf.Variable(1.0)
        >>> float(total.assign_add(2.0))
        3.0
        >>> with tf.GradientTape() as tape:
        ...     loss = total ** 2
        >>> float(tape.gradient(loss, total))
        6.0

    Source: https://www.tensorflow.org/api_docs/python/tf/Variable
    """

    def __init__(
        self,
        initial_value: Any = None,
        trainable: bool | None = None,
        validate_shape: bool = True,
        caching_device: Any = None,
        name: str | None = None,
        variable_def: Any = None,
        dtype: Any = None,
        import_scope: Any = None,
        constraint: Any = None,
        synchronization: Any = None,
        aggregation: Any = None,
        shape: Sequence[int | None] | None = None,
        **_others: Any,
    ) -> None:
        value = (
            initial_value()
            if callable(initial_value) and not isinstance(initial_value, Tensor)
            else initial_value
        )
        if value is None:
            raise ArgumentError("tf.Variable: expected an initial_value, received None.")
        first = value if isinstance(value, Tensor) else constant(value)
        sizes = first.shape if shape is None else tuple(shape)
        fits = len(sizes) == len(first.shape) and all(
            want in (None, size) for want, size in zip(sizes, first.shape, strict=True)
        )
        if not fits:
            raise ShapeError(f"tf.Variable: expected a value of shape {sizes}, received {first.shape}.")
        super().__init__(first, dtype=dtype, trainable=trainable is not False, name=name)
        if constraint is not None:
            self.constraint = constraint

    def assign(self, value: Any, use_locking: Any = None, name: Any = None, read_value: bool = True) -> Self:  # type: ignore[override]
        """Replaces the value; returns the variable.

        Args:
            value: of the same shape.
            use_locking, name, read_value: have no effect.

        Returns:
            The variable.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> variable = tf.Variable([1.0, 2.0])
            >>> variable.assign([3.0, 4.0]).numpy().tolist()
            [3.0, 4.0]
        """
        return super().assign(value if isinstance(value, Tensor) else constant(value))

    def assign_add(
        self, delta: Any, use_locking: Any = None, name: Any = None, read_value: bool = True
    ) -> Self:
        """Adds to the value; returns the variable.

        Args:
            delta: what is added.
            use_locking, name, read_value: have no effect.

        Returns:
            The variable.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> variable = tf.Variable([1.0, 2.0])
            >>> variable.assign_add([1.0, 1.0]).numpy().tolist()
            [2.0, 3.0]
        """
        return super().assign_add(constant(delta))

    def assign_sub(
        self, delta: Any, use_locking: Any = None, name: Any = None, read_value: bool = True
    ) -> Self:
        """Takes from the value; returns the variable.

        Args:
            delta: what is subtracted.
            use_locking, name, read_value: have no effect.

        Returns:
            The variable.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> variable = tf.Variable([1.0, 2.0])
            >>> variable.assign_sub([1.0, 1.0]).numpy().tolist()
            [0.0, 1.0]
        """
        return super().assign_sub(constant(delta))

    def scatter_nd_update(self, indices: Any, updates: Any, name: Any = None) -> Self:
        """Replaces values in some places; returns the variable.

        Args:
            indices: of the places, along a last axis.
            updates: a value for each place.
            name: has no effect.

        Returns:
            The variable.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> variable = tf.Variable([1.0, 2.0])
            >>> variable.scatter_nd_update([[1]], [5.0]).numpy().tolist()
            [1.0, 5.0]
        """
        return super().assign(ops.tensor_scatter_update(self.read(), constant(indices), constant(updates)))

    def scatter_nd_add(self, indices: Any, updates: Any, name: Any = None) -> Self:
        """Adds to values in some places; returns the variable.

        Args:
            indices: of the places, along a last axis.
            updates: a value for each place.
            name: has no effect.

        Returns:
            The variable.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> variable = tf.Variable([1.0, 2.0])
            >>> variable.scatter_nd_add([[1]], [5.0]).numpy().tolist()
            [1.0, 7.0]
        """
        return super().assign(self.read() + ops.scatter_nd(constant(indices), constant(updates), self.shape))

    def scatter_nd_sub(self, indices: Any, updates: Any, name: Any = None) -> Self:
        """Takes from values in some places; returns the variable.

        Args:
            indices: of the places, along a last axis.
            updates: a value for each place.
            name: has no effect.

        Returns:
            The variable.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> variable = tf.Variable([1.0, 2.0])
            >>> variable.scatter_nd_sub([[1]], [5.0]).numpy().tolist()
            [1.0, -3.0]
        """
        return super().assign(self.read() - ops.scatter_nd(constant(indices), constant(updates), self.shape))

    def gather_nd(self, indices: Any, name: Any = None) -> Tensor:
        """Returns the values of some places.

        Args:
            indices: of the places, along a last axis.
            name: has no effect.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> variable = tf.Variable([1.0, 2.0])
            >>> variable.gather_nd([[1]]).numpy().tolist()
            [2.0]
        """
        return ops.gather_nd(self.read(), constant(indices))

    def initialized_value(self) -> Tensor:
        """Returns the value of this moment.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> variable = tf.Variable([1.0, 2.0])
            >>> variable.initialized_value().numpy().tolist()
            [1.0, 2.0]
        """
        return self.read()


__all__ = ["Variable"]
