"""What layers over sequences, images and volumes have in common: where their axes lie and how windows fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from tfjs_pyo import ops
from tfjs_pyo.config import choice
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.layers.base import BatchShape, Layer
from tfjs_pyo.ops.windows import Padding, geometry

data_formats = choice("channels_last", "channels_first")
"""The conversion of fields `data_format`."""
channels_last_only = choice("channels_last")
"""The conversion of fields `data_format` of layers that take images with channels last only."""

_AXES = {1: "steps", 2: "height, width", 3: "depth, height, width"}


def spatial_sizes(
    layer: Layer,
    sizes: Sequence[int | None],
    kernel: Sequence[int],
    stride: Sequence[int],
    dilation: Sequence[int],
    padding: Padding,
) -> tuple[int | None, ...]:
    """Returns the output sizes of windows; unknown sizes stay unknown."""
    known = [size if size is not None else 1 << 20 for size in sizes]
    found, _ = geometry(layer.display_name, known, kernel, stride, dilation, padding)
    return tuple(None if size is None else out for size, out in zip(sizes, found, strict=True))


class Spatial(Layer):
    """Base of layers over the axes between batch and channels, or behind both.

    Subclasses that can have channels first declare `data_format` as a field.
    """

    _spatial_rank: ClassVar[int]
    data_format: str = "channels_last"

    @property
    def _is_channels_last(self) -> bool:
        return self.data_format == "channels_last"

    @property
    def _first_axis(self) -> int:
        """The first of the spatial axes."""
        return 1 if self._is_channels_last else 2

    @property
    def _channel_axis(self) -> int:
        return self._spatial_rank + 1 if self._is_channels_last else 1

    def _check(self, input_shape: Sequence[Any]) -> None:
        """Raises ShapeError unless inputs have a batch, the spatial axes and channels."""
        axes = _AXES[self._spatial_rank]
        meaning = f"[batch, {axes}, channels]" if self._is_channels_last else f"[batch, channels, {axes}]"
        self._require_rank(input_shape, self._spatial_rank + 2, meaning)

    def _sizes_of(self, shape: Sequence[int | None]) -> tuple[int | None, ...]:
        """Returns the sizes of the spatial axes."""
        return tuple(shape[self._first_axis : self._first_axis + self._spatial_rank])

    def _shape_of(self, batch: Any, sizes: Sequence[Any], channels: Any) -> BatchShape:
        """Returns a shape in the layer's format."""
        return (batch, *sizes, channels) if self._is_channels_last else (batch, channels, *sizes)

    def _channels_last(self, x: Tensor) -> Tensor:
        """Returns inputs with channels last."""
        if self._is_channels_last:
            return x
        return ops.transpose(x, (0, *range(2, self._spatial_rank + 2), 1))

    def _in_format(self, y: Tensor) -> Tensor:
        """Returns outputs, which have channels last, in the layer's format."""
        if self._is_channels_last:
            return y
        return ops.transpose(y, (0, self._spatial_rank + 1, *range(1, self._spatial_rank + 1)))


__all__ = ["Spatial", "data_formats", "spatial_sizes"]
