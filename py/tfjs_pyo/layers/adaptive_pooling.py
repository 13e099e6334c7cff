"""Pools whose outputs have a given size, whatever that of the inputs is. Source: https://keras.io/api/layers/pooling_layers/"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tfjs_pyo import naming, ops
from tfjs_pyo.config import field, positive_ints
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.layers.base import BatchShape
from tfjs_pyo.layers.spatial import Spatial, data_formats

_Reduce = Callable[[Tensor, int, bool], Tensor]


def _pooled(x: Tensor, axis: int, size: int, reduce: _Reduce) -> Tensor:
    """Returns x with so many windows along an axis: window i of n / size elements begins at i * n / size, rounded outwards."""
    length = x.shape[axis]
    before = (slice(None),) * axis
    parts = [
        reduce(x[(*before, slice(i * length // size, -(-(i + 1) * length // size)))], axis, True)
        for i in range(size)
    ]
    return parts[0] if size == 1 else ops.concat(parts, axis)


class _Adaptive(Spatial):
    """Base of adaptive pools.

    Args:
        output_size: of the outputs, one number or one for each axis.
        data_format: 'channels_last' or 'channels_first'.
    """

    per_sample = True

    output_size: tuple[int, ...] = field(convert=positive_ints(2))
    data_format: str = field("channels_last", data_formats, keras=None)

    def _reduce(self, x: Tensor, axis: int, keep: bool) -> Tensor:
        """Returns the number of each window."""
        raise NotImplementedError(f"{self.display_name}: a pool must define _reduce(x, axis, keep).")

    def call(self, inputs: Tensor) -> Tensor:
        self._check(inputs.shape)
        for number, size in enumerate(self.output_size):
            inputs = _pooled(inputs, self._first_axis + number, size, self._reduce)
        return inputs

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        self._check(input_shape)
        return self._shape_of(input_shape[0], self.output_size, input_shape[self._channel_axis])


class _Average(_Adaptive):
    def _reduce(self, x: Tensor, axis: int, keep: bool) -> Tensor:
        return ops.mean(x, axis, keep)


class _Max(_Adaptive):
    def _reduce(self, x: Tensor, axis: int, keep: bool) -> Tensor:
        return ops.max(x, axis, keep)


def _of(name: str, base: type[_Adaptive], rank: int, what: str) -> Any:
    """Returns the class of a rank."""
    over = {1: "sequences", 2: "images", 3: "volumes"}[rank]
    doc = f"""The {what} of windows of {over}, so many that the outputs have a given size.

    Args:
        output_size: of the outputs, one number or one for each axis.
        data_format: 'channels_last' or 'channels_first'.

    Example:
        >>> import tfjs_pyo as tf
        >>> x = tf.tensor([1, 3, 2, 6], [1, 4{", 1" * rank}])
        >>> tf.layers.{naming.camel(name)}({{"outputSize": [2{", 1" * (rank - 1)}]}})(x).flatten()
        Tensor
            {"[2, 4]" if base is _Average else "[3, 6]"}

    Source: https://keras.io/api/layers/pooling_layers/
    """
    own = {"_spatial_rank": rank, "per_sample": True, "__doc__": doc, "__module__": __name__}
    return type(name, (base,), {**own, "output_size": field(convert=positive_ints(rank))})


AdaptiveAveragePooling1D = _of("AdaptiveAveragePooling1D", _Average, 1, "mean")
AdaptiveAveragePooling2D = _of("AdaptiveAveragePooling2D", _Average, 2, "mean")
AdaptiveAveragePooling3D = _of("AdaptiveAveragePooling3D", _Average, 3, "mean")
AdaptiveMaxPooling1D = _of("AdaptiveMaxPooling1D", _Max, 1, "largest number")
AdaptiveMaxPooling2D = _of("AdaptiveMaxPooling2D", _Max, 2, "largest number")
AdaptiveMaxPooling3D = _of("AdaptiveMaxPooling3D", _Max, 3, "largest number")

__all__ = [
    "AdaptiveAveragePooling1D",
    "AdaptiveAveragePooling2D",
    "AdaptiveAveragePooling3D",
    "AdaptiveMaxPooling1D",
    "AdaptiveMaxPooling2D",
    "AdaptiveMaxPooling3D",
]
