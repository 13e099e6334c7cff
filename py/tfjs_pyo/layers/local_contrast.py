"""The layer ContrastLimitedAdaptiveHistogramEqualization, CLAHE for short."""

from __future__ import annotations

from typing import Any, ClassVar

from tfjs_pyo import naming, ops, options
from tfjs_pyo.config import Order, field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError
from tfjs_pyo.layers.color_augmentation import ColorAugmentation
from tfjs_pyo.layers.spatial import data_formats
from tfjs_pyo.types import Result

_LEVELS = 256


def _tiles(owner: str, name: str, value: Any) -> tuple[int, int]:
    given = options.whole_items(value)
    if given is None or len(given) != 2 or any(each < 1 for each in given):
        raise OptionError(
            f"{owner}: expected {naming.camel(name)!r} to be two positive integers, received {options.shown(value)}."
        )
    return given[0], given[1]


class ContrastLimitedAdaptiveHistogramEqualization(ColorAugmentation):
    """Spreads the values of each channel within tiles, and mixes those of neighbours; in training or not (Zuiderveld, 1994).

    Args:
        value_range: the lowest and the highest value of pixels.
        clip_limit: how much more frequent than the mean a value may count; 0 for any.
        tile_grid_size: how many tiles there are in a column and in a row.
        data_format: 'channelsLast' or 'channelsFirst'.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.contrastLimitedAdaptiveHistogramEqualization({"tileGridSize": [1, 1], "clipLimit": 0})
        >>> layer(tf.tensor([[[[10], [11], [12], [13]]]])).round().array_sync()
        [[[[64.0], [128.0], [191.0], [255.0]]]]

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/contrast_limited_adaptive_histogram_equalization/
    """

    per_sample = True
    order: ClassVar[Order] = ("value_range", "clip_limit", "tile_grid_size", "data_format", ...)
    _several_inputs = True

    clip_limit: float = field(4.0, number())
    tile_grid_size: tuple[int, int] = field((8, 8), _tiles)
    data_format: str = field("channels_last", data_formats, keras=None)
    seed: int | None = field(None, argument="", saved=False)

    def call(self, inputs: Any, training: bool = False) -> Result:  # noqa: ARG002 (as others)
        return super().call(inputs, True)

    def _vary(self, images: Tensor) -> Tensor:
        batch, high, wide, channels = images.shape
        rows, columns = self.tile_grid_size
        tile = (-(-high // rows), -(-wide // columns))
        x = self._bytes(images)
        for axis, length in enumerate((tile[0] * rows, tile[1] * columns), 1):
            x = _mirrored(x, axis, length)
        pixels = ops.cast(ops.clip_by_value(x, 0.0, _LEVELS - 1.0), "int32")
        tables = self._tables(pixels, tile)
        down, over = (
            _neighbours(size * count, size, count) for size, count in zip(tile, (rows, columns), strict=True)
        )
        which = ops.reshape(ops.range(0, batch, 1, "int32"), (-1, 1, 1, 1))
        channel = ops.reshape(ops.range(0, channels, 1, "int32"), (1, 1, 1, -1))

        def looked_up(row: Tensor, column: Tensor) -> Tensor:
            places = (ops.reshape(row, (1, -1, 1, 1)), ops.reshape(column, (1, 1, -1, 1)))
            at = ((which * rows + places[0]) * columns + places[1]) * channels + channel
            return ops.gather(tables, at * _LEVELS + pixels)

        share = ops.reshape(over[2], (1, 1, -1, 1))
        ends = [mix(looked_up(row, over[0]), looked_up(row, over[1]), share) for row in down[:2]]
        found = mix(ends[0], ends[1], ops.reshape(down[2], (1, -1, 1, 1)))
        results = self._from_bytes(found[:, :high, :wide, :])
        return ops.cast(results, images.dtype)

    def _tables(self, pixels: Tensor, tile: tuple[int, int]) -> Tensor:
        """Returns the new value of each value in each tile and channel, [batch * rows * columns * channels * 256]."""
        batch, _, _, channels = pixels.shape
        rows, columns = self.tile_grid_size
        size = tile[0] * tile[1]
        tiles = ops.reshape(pixels, (batch, rows, tile[0], columns, tile[1], channels))
        flat = ops.reshape(ops.transpose(tiles, (0, 1, 3, 5, 2, 4)), (-1, size))
        counts = ops.cast(ops.dense_bincount(flat, ops.zeros([0]), _LEVELS), "float32")
        if self.clip_limit > 0:
            kept = ops.minimum(counts, self.clip_limit * size / _LEVELS)
            counts = kept + ops.sum(counts - kept, -1, True) / _LEVELS
        below = ops.cumsum(counts, -1)
        least = ops.min(below, -1, True)
        rest = size - least
        spread = (below - least) * 255.0 / ops.where(ops.equal(rest, 0.0), 1.0, rest)
        return ops.reshape(ops.clip_by_value(spread, 0.0, 255.0), (-1,))


def mix(first: Tensor, second: Tensor, share: Tensor) -> Tensor:
    """Returns what lies between two values."""
    return first * (1.0 - share) + second * share


def _mirrored(x: Tensor, axis: int, length: int) -> Tensor:
    """Returns images that go on mirrored behind their last row or column."""
    count = x.shape[axis]
    turned = [place % (2 * count) for place in range(length)]
    places = [place if place < count else 2 * count - 1 - place for place in turned]
    return x if length == count else ops.gather(x, ops.tensor(places, [length], "int32"), axis)


def _neighbours(length: int, size: int, count: int) -> tuple[Tensor, Tensor, Tensor]:
    """Returns the tiles before and after each place along an axis, and how far it is on the way between their middles."""
    places = [(place - size / 2) / size for place in range(length)]
    before = [int(place // 1) for place in places]
    shares = [place - first for place, first in zip(places, before, strict=True)]
    tiles = [[min(max(tile + step, 0), count - 1) for tile in before] for step in (0, 1)]
    first, second = (ops.tensor(each, [length], "int32") for each in tiles)
    return first, second, ops.tensor(shares)


__all__ = ["ContrastLimitedAdaptiveHistogramEqualization"]
