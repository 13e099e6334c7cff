"""`tf.TensorArray`: tensors by their places, which loops write one after the other."""

from __future__ import annotations

from typing import Any, Self

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, IndexingError, ShapeError
from tfjs_pyo.tensorflow.functions import constant


class TensorArray:
    """Tensors by their places. Methods that write return a new array; this one stays as it is.

    Args:
        dtype: of the tensors.
        size: how many places there are at first.
        dynamic_size: whether writing beyond the last place adds places.
        clear_after_read, tensor_array_name, handle, flow, infer_shape, colocate_with_first_write_call, name: have no effect.
        element_shape: the shape of each tensor; default: any.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> squares = tf.TensorArray("float32", size=3)
        >>> for place in range(3):
        ...     squares = squares.write(place, float(place) ** 2)
        >>> squares.stack()
        Tensor
            [0, 1, 4]

    Source: https://www.tensorflow.org/api_docs/python/tf/TensorArray
    """

    def __init__(
        self,
        dtype: Any,
        size: Any = 0,
        dynamic_size: bool | None = None,
        clear_after_read: bool | None = None,
        tensor_array_name: str | None = None,
        handle: Any = None,
        flow: Any = None,
        infer_shape: bool = True,
        element_shape: Any = None,
        colocate_with_first_write_call: bool = True,
        name: str | None = None,
    ) -> None:
        self.dtype = dtype
        self.element_shape = None if element_shape is None else tuple(element_shape)
        self.dynamic_size = bool(dynamic_size)
        self._held: list[Tensor | None] = [None] * int(size)

    def _with(self, held: list[Tensor | None]) -> Self:
        made = type(self)(self.dtype, dynamic_size=self.dynamic_size, element_shape=self.element_shape)
        made._held = held
        return made

    def _place(self, index: Any) -> int:
        place = int(index)
        if not 0 <= place < len(self._held):
            raise IndexingError(
                f"TensorArray: expected a place from 0 to {len(self._held) - 1}, received {place}."
                " dynamic_size=True adds places when they are written."
            )
        return place

    def write(self, index: Any, value: Any, name: str | None = None) -> Self:
        """Returns the array with a tensor at a place.

        Args:
            index: the place.
            value: the tensor.
            name: has no effect.

        Raises:
            IndexingError: there is no such place, and `dynamic_size` is False.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> tf.TensorArray(tf.float32, size=2).write(0, 5.0).read(0).item()
            5.0
        """
        held = list(self._held)
        if self.dynamic_size and int(index) >= len(held):
            held += [None] * (int(index) + 1 - len(held))
        else:
            self._place(index)
        held[int(index)] = constant(value, self.dtype)
        return self._with(held)

    def read(self, index: Any, name: str | None = None) -> Tensor:
        """Returns the tensor at a place.

        Args:
            index: the place.
            name: has no effect.

        Raises:
            IndexingError: there is no such place.
            ArgumentError: nothing was written to it.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> array = tf.TensorArray(tf.float32, size=2).write(0, [1.0, 2.0]).write(1, [3.0, 4.0])
            >>> array.read(1).tolist()
            [3.0, 4.0]
        """
        found = self._held[self._place(index)]
        if found is None:
            raise ArgumentError(f"TensorArray: nothing was written to place {int(index)}.")
        return found

    def size(self, name: str | None = None) -> Tensor:
        """Returns how many places there are.

        Args:
            name: has no effect.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> array = tf.TensorArray(tf.float32, size=2).write(0, [1.0, 2.0]).write(1, [3.0, 4.0])
            >>> int(array.size())
            2
        """
        return ops.scalar(len(self._held), "int32")

    def stack(self, name: str | None = None) -> Tensor:
        """Returns all tensors, of one shape, along a new first axis; zeros where nothing was written.

        Args:
            name: has no effect.

        Raises:
            ArgumentError: nothing was written at all.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> array = tf.TensorArray(tf.float32, size=2).write(0, [1.0, 2.0]).write(1, [3.0, 4.0])
            >>> array.stack().tolist()
            [[1.0, 2.0], [3.0, 4.0]]
        """
        written = [each for each in self._held if each is not None]
        shape = written[0].shape if written else self.element_shape
        if shape is None or None in shape:
            raise ArgumentError("TensorArray: stack: expected tensors that were written, but there are none.")
        if not self._held:
            return constant(ops.zeros([0, *shape]), self.dtype)
        return ops.stack(
            [constant(ops.zeros(list(shape)), self.dtype) if each is None else each for each in self._held]
        )

    def gather(self, indices: Any, name: str | None = None) -> Tensor:
        """Returns the tensors at places along a new first axis.

        Args:
            indices: the places.
            name: has no effect.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> array = tf.TensorArray(tf.float32, size=2).write(0, [1.0, 2.0]).write(1, [3.0, 4.0])
            >>> array.gather([1]).tolist()
            [[3.0, 4.0]]
        """
        return ops.stack([self.read(each) for each in constant(indices).tolist()])

    def concat(self, name: str | None = None) -> Tensor:
        """Returns all tensors one after the other along their first axis.

        Args:
            name: has no effect.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> array = tf.TensorArray(tf.float32, size=2).write(0, [1.0, 2.0]).write(1, [3.0, 4.0])
            >>> array.concat().tolist()
            [1.0, 2.0, 3.0, 4.0]
        """
        return ops.concat([self.read(place) for place in range(len(self._held))], 0)

    def unstack(self, value: Any, name: str | None = None) -> Self:
        """Returns an array of the rows of a tensor.

        Args:
            value: a tensor of at least one axis.
            name: has no effect.

        Raises:
            ShapeError: it has none, or more than there are places.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> tf.TensorArray(tf.float32, size=2).unstack([[1.0], [2.0]]).read(1).tolist()
            [2.0]
        """
        rows = constant(value, self.dtype)
        if not rows.rank or (len(rows) > len(self._held) and not self.dynamic_size):
            raise ShapeError(
                f"TensorArray: unstack: expected up to {len(self._held)} rows, received shape {rows.shape}."
            )
        return self._with([*ops.unstack(rows), *self._held[len(rows) :]])

    def scatter(self, indices: Any, value: Any, name: str | None = None) -> Self:
        """Returns the array with the rows of a tensor at places.

        Args:
            indices: the places.
            value: a tensor with a row for each of them.
            name: has no effect.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> tf.TensorArray(tf.float32, size=2).scatter([1, 0], [[1.0], [2.0]]).stack().tolist()
            [[2.0], [1.0]]
        """
        made = self
        for place, row in zip(
            constant(indices).tolist(), ops.unstack(constant(value, self.dtype)), strict=True
        ):
            made = made.write(place, row)
        return made

    def identity(self) -> Self:
        """Returns the array.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> array = tf.TensorArray(tf.float32, size=2).write(0, [1.0, 2.0]).write(1, [3.0, 4.0])
            >>> int(array.identity().size())
            2
        """
        return self

    def __repr__(self) -> str:
        return f"TensorArray(size={len(self._held)}, dtype={str(self.dtype)!r})"


__all__ = ["TensorArray"]
