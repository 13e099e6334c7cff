"""`tf.TensorShape`, and `tf.nest`, TensorFlow's names for what `keras.tree` does with nested structures."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from tfjs_pyo.errors import ShapeError
from tfjs_pyo.keras import tree


class TensorShape(tuple[int | None, ...]):
    """A shape as TensorFlow has it: a tuple that can be asked for more.

    Args:
        dims: sizes, None for those of any length.

    Example:
        >>> shape = TensorShape([None, 3])
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
        """Returns the sizes in a list."""
        return list(self)

    def is_fully_defined(self) -> bool:
        """Returns whether all sizes are known."""
        return None not in self

    def num_elements(self) -> int | None:
        """Returns how many elements there are, if all sizes are known."""
        return math.prod(size for size in self if size is not None) if self.is_fully_defined() else None

    def concatenate(self, other: Iterable[int | None]) -> TensorShape:
        """Returns a shape with more axes at its end."""
        return TensorShape([*self, *other])

    def is_compatible_with(self, other: Iterable[int | None]) -> bool:
        """Returns whether a tensor can have both shapes."""
        sizes = list(other)
        return len(sizes) == len(self) and all(
            None in pair or pair[0] == pair[1] for pair in zip(self, sizes, strict=True)
        )

    def assert_is_compatible_with(self, other: Iterable[int | None]) -> None:
        """Raises a ShapeError if no tensor can have both shapes."""
        if not self.is_compatible_with(other):
            raise ShapeError(
                f"TensorShape: expected a shape that fits {tuple(self)}, received {tuple(other)}."
            )

    def __repr__(self) -> str:
        return f"TensorShape({list(self)})"

    __str__ = tuple.__repr__


@dataclass(frozen=True)
class TensorSpec:
    """The shape and dtype of a tensor, for arguments that describe one.

    Args:
        shape: sizes, None for those of any length.
        dtype: of its values.
        name: has no effect.

    Example:
        >>> TensorSpec((None, 2)).dtype
        'float32'

    Source: https://www.tensorflow.org/api_docs/python/tf/TensorSpec
    """

    shape: Any = ()
    dtype: str = "float32"
    name: str | None = None

    @classmethod
    def from_tensor(cls, tensor: Any, name: str | None = None) -> Self:
        """Returns the spec of a tensor."""
        return cls(tuple(tensor.shape), str(tensor.dtype), name)

    def is_compatible_with(self, spec_or_value: Any) -> bool:
        """Returns whether a tensor, or all that another spec describes, has this shape and dtype."""
        if self.shape is None:
            return bool(spec_or_value.dtype == self.dtype)
        other = tuple(spec_or_value.shape)
        sizes = tuple(self.shape)
        fits = len(other) == len(sizes) and all(
            want is None or size is None or want == size for want, size in zip(sizes, other, strict=True)
        )
        return fits and bool(spec_or_value.dtype == self.dtype)


NEST: dict[str, Any] = {
    "assert_same_structure": tree.assert_same_structure,
    "flatten": tree.flatten,
    "is_nested": tree.is_nested,
    "map_structure": tree.map_structure,
    "pack_sequence_as": tree.pack_sequence_as,
}

__all__ = ["NEST", "TensorShape"]
