"""`tf.TensorSpec`: what is known of a tensor before it is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class TensorSpec:
    """The shape and dtype of a tensor, for arguments that describe one.

    Args:
        shape: sizes, None for those of any length.
        dtype: of its values.
        name: has no effect.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> spec = tf.TensorSpec((None, 2), tf.float32)
        >>> spec.is_compatible_with(tf.zeros([5, 2])), spec.is_compatible_with(tf.zeros([5, 3]))
        (True, False)

    Source: https://www.tensorflow.org/api_docs/python/tf/TensorSpec
    """

    shape: Any = ()
    dtype: str = "float32"
    name: str | None = None

    @classmethod
    def from_tensor(cls, tensor: Any, name: str | None = None) -> Self:
        """Returns the spec of a tensor.

        Args:
            tensor: with a shape and a dtype.
            name: of the spec; has no effect.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> tf.TensorSpec.from_tensor(tf.zeros([2, 3]))
            TensorSpec(shape=(2, 3), dtype='float32', name=None)
        """
        return cls(tuple(tensor.shape), str(tensor.dtype), name)

    def is_compatible_with(self, spec_or_value: Any) -> bool:
        """Returns whether a tensor, or all that another spec describes, has this shape and dtype.

        Args:
            spec_or_value: a tensor or a `TensorSpec`.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> rows = tf.TensorSpec([None, 2], tf.int32)
            >>> rows.is_compatible_with(tf.constant([[1, 2]])), rows.is_compatible_with(tf.constant([1, 2]))
            (True, False)
        """
        if self.shape is None:
            return bool(spec_or_value.dtype == self.dtype)
        other = tuple(spec_or_value.shape)
        sizes = tuple(self.shape)
        fits = len(other) == len(sizes) and all(
            want is None or size is None or want == size for want, size in zip(sizes, other, strict=True)
        )
        return fits and bool(spec_or_value.dtype == self.dtype)


__all__ = ["TensorSpec"]
