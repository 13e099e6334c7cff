"""`tf.TensorShape`: what `get_shape` of a tensor gives."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Self

from tfjs_pyo.errors import ShapeError


class TensorShape(tuple[int | None, ...]):
    """A shape as TensorFlow has it: a tuple that can be asked for more.

    Args:
        dims: sizes, None for those of any length.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> shape = tf.TensorShape([None, 3])
        >>> shape.rank, shape[1], shape.as_list()
        (2, 3, [None, 3])

    Source: https://www.tensorflow.org/api_docs/python/tf/TensorShape
    """

    __slots__ = ()

    def __new__(cls, dims: int | Iterable[int | None] = ()) -> Self:
        """Returns the shape; of one number, that of a vector."""
        sizes = (dims,) if isinstance(dims, int) else dims
        return super().__new__(cls, (None if size is None else int(size) for size in sizes))

    @property
    def rank(self) -> int:
        """How many axes there are."""
        return len(self)

    ndims = rank

    @property
    def dims(self) -> list[int | None]:
        """The sizes in a list."""
        return list(self)

    def as_list(self) -> list[int | None]:
        """Returns the sizes in a list.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> shape = tf.TensorShape([None, 3])
            >>> shape.as_list()
            [None, 3]
        """
        return list(self)

    def is_fully_defined(self) -> bool:
        """Returns whether all sizes are known.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> shape = tf.TensorShape([None, 3])
            >>> shape.is_fully_defined()
            False
        """
        return None not in self

    def num_elements(self) -> int | None:
        """Returns how many elements there are, if all sizes are known.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> shape = tf.TensorShape([None, 3])
            >>> shape.num_elements(), tf.TensorShape([2, 3]).num_elements()
            (None, 6)
        """
        return math.prod(size for size in self if size is not None) if self.is_fully_defined() else None

    def concatenate(self, other: Iterable[int | None]) -> TensorShape:
        """Returns a shape with more axes at its end.

        Args:
            other: sizes of the further axes.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> shape = tf.TensorShape([None, 3])
            >>> shape.concatenate([4]).as_list()
            [None, 3, 4]
        """
        return TensorShape([*self, *other])

    def is_compatible_with(self, other: Iterable[int | None]) -> bool:
        """Returns whether a tensor can have both shapes.

        Args:
            other: sizes, None for unknown ones.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> shape = tf.TensorShape([None, 3])
            >>> shape.is_compatible_with([2, 3]), shape.is_compatible_with([2, 4])
            (True, False)
        """
        sizes = list(other)
        return len(sizes) == len(self) and all(
            None in pair or pair[0] == pair[1] for pair in zip(self, sizes, strict=True)
        )

    def assert_is_compatible_with(self, other: Iterable[int | None]) -> None:
        """Raises a ShapeError if no tensor can have both shapes.

        Args:
            other: sizes, None for unknown ones.

        Raises:
            ShapeError: no tensor can have both shapes.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> shape = tf.TensorShape([None, 3])
            >>> shape.assert_is_compatible_with([2, 3])
        """
        if not self.is_compatible_with(other):
            raise ShapeError(
                f"TensorShape: expected a shape that fits {tuple(self)}, received {tuple(other)}."
            )

    def __repr__(self) -> str:
        return f"TensorShape({list(self)})"

    __str__ = tuple.__repr__
