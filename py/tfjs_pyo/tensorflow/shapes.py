"""`tf.TensorSpec`, and `tf.nest`, TensorFlow's names for what `keras.tree` does with nested structures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from tfjs_pyo.keras import tree


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

__all__ = ["NEST", "TensorSpec"]
