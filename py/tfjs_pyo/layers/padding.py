"""Layers that add borders of zeros, cut borders off, and repeat rows. Source: https://js.tensorflow.org/api/latest/#layers.zeroPadding2d"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tfjs_pyo import naming, ops, options
from tfjs_pyo.config import Convert, choice, field, keras_field, positive_ints
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dialects import TFJS
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.image import resize_bilinear
from tfjs_pyo.layers.base import BatchShape
from tfjs_pyo.layers.spatial import Spatial, data_formats

Borders = tuple[tuple[int, int], ...]


def _borders(rank: int) -> Convert:
    """Returns a conversion to a pair of whole numbers per axis; one number serves all, one per axis both sides."""

    def convert(owner: str, name: str, value: Any) -> Borders:
        given = options.items(value)
        items: list[Any] = [value] * rank if given is None else given
        if rank == 1 and len(items) == 2:
            items = [items]
        pairs = [tuple(options.items(item) or (item, item)) for item in items]
        counts = [options.whole(n) for pair in pairs for n in pair]
        inside = all(n is not None and n >= 0 for n in counts)
        if len(pairs) != rank or not inside or any(len(pair) != 2 for pair in pairs):
            raise OptionError(
                f"{owner}: expected {naming.camel(name)!r} to be a whole number, or one or two for each of {rank} axes, "
                f"received {value!r}."
            )
        return tuple((first, last) for first, last in pairs)

    return convert


def _all_axes(layer: Spatial, values: Sequence[Any], other: Any) -> list[Any]:
    """Returns a value for each axis: the given ones for the spatial axes, `other` for batch and channels."""
    return list(layer._shape_of(other, values, other))


class _ZeroPadding(Spatial):
    """Adds rows of zeros around.

    Args:
        padding: rows on each side; or for each axis; or for each side of each axis.
        data_format: 'channelsLast' or 'channelsFirst' (not for sequences).
    """

    padding: Borders

    def call(self, inputs: Tensor) -> Tensor:
        self._check(inputs.shape)
        return ops.pad(inputs, _all_axes(self, self.padding, (0, 0)))

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        self._check(input_shape)
        sides = _all_axes(self, self.padding, (0, 0))
        return tuple(
            None if dim is None else dim + sum(pair) for dim, pair in zip(input_shape, sides, strict=True)
        )


class ZeroPadding1D(_ZeroPadding):
    """Adds steps of zeros before and after sequences.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.zeroPadding1d({"padding": [1, 2]})(tf.tensor([[[5], [6]]])).array_sync()
        [[[0.0], [5.0], [6.0], [0.0], [0.0]]]

    Source: https://keras.io/api/layers/reshaping_layers/zero_padding1d/
    """

    per_sample = True
    _spatial_rank = 1

    padding: Borders = field(((1, 1),), _borders(1))
    data_format: str = keras_field("channels_last", data_formats, keras=None)

    def get_config(self) -> dict[str, Any]:
        # As Keras has the options: without a list around those of the one axis.
        return {**super().get_config(), "padding": list(self.padding[0])}


class ZeroPadding2D(_ZeroPadding):
    """Adds rows and columns of zeros around images.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.zeroPadding2d({"padding": 1})(tf.tensor([[[[5], [6]]]])).squeeze()
        Tensor
            [[0, 0, 0, 0],
             [0, 5, 6, 0],
             [0, 0, 0, 0]]

    Source: https://js.tensorflow.org/api/latest/#layers.zeroPadding2d
    """

    per_sample = True
    _spatial_rank = 2

    padding: Borders = field(((1, 1), (1, 1)), _borders(2))
    data_format: str = field("channels_last", data_formats, keras=None)


class ZeroPadding3D(_ZeroPadding):
    """Adds planes of zeros around volumes.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.zeroPadding3d({"padding": [0, 0, 1]})(tf.tensor([[[[[5], [6]]]]])).array_sync()
        [[[[[0.0], [5.0], [6.0], [0.0]]]]]

    Source: https://keras.io/api/layers/reshaping_layers/zero_padding3d/
    """

    per_sample = True
    _spatial_rank = 3

    padding: Borders = field(((1, 1), (1, 1), (1, 1)), _borders(3))
    data_format: str = field("channels_last", data_formats, keras=None)


class _Cropping(Spatial):
    """Cuts rows off.

    Args:
        cropping: rows on each side; or for each axis; or for each side of each axis.
        data_format: 'channelsLast' or 'channelsFirst' (not for sequences).
    """

    cropping: Borders

    def call(self, inputs: Tensor) -> Tensor:
        sizes = self.compute_output_shape(inputs.shape)
        begin = [first for first, _ in _all_axes(self, self.cropping, (0, 0))]
        return ops.slice(inputs, begin, sizes)

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        self._check(input_shape)
        sides = _all_axes(self, self.cropping, (0, 0))
        found = [
            None if dim is None else dim - sum(pair) for dim, pair in zip(input_shape, sides, strict=True)
        ]
        if any(dim is not None and dim <= 0 for dim in found[1:]):
            raise ShapeError(
                f"{self.display_name}: expected 'cropping' to leave something of shape {tuple(input_shape)}, "
                f"received {self.cropping}."
            )
        return tuple(found)


class Cropping1D(_Cropping):
    """Cuts steps off sequences.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.cropping1d({"cropping": [1, 0]})(tf.tensor([[[5], [6], [7]]])).array_sync()
        [[[6.0], [7.0]]]

    Source: https://keras.io/api/layers/reshaping_layers/cropping1d/
    """

    per_sample = True
    _spatial_rank = 1

    cropping: Borders = field(((1, 1),), _borders(1))

    def get_config(self) -> dict[str, Any]:
        # As Keras has the options: without a list around those of the one axis.
        return {**super().get_config(), "cropping": list(self.cropping[0])}


class Cropping2D(_Cropping):
    """Cuts rows and columns off images.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.cropping2D({"cropping": [[0, 0], [1, 1]]})(tf.tensor([[[[5], [6], [7]]]])).array_sync()
        [[[[6.0]]]]

    Source: https://js.tensorflow.org/api/latest/#layers.cropping2D
    """

    per_sample = True
    _spatial_rank = 2

    cropping: Borders = field(((0, 0), (0, 0)), _borders(2))
    data_format: str = field("channels_last", data_formats, keras=None)


class Cropping3D(_Cropping):
    """Cuts planes off volumes.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.cropping3d({"cropping": 1})(tf.ones([1, 3, 4, 5, 2])).shape
        (1, 1, 2, 3, 2)

    Source: https://keras.io/api/layers/reshaping_layers/cropping3d/
    """

    per_sample = True
    _spatial_rank = 3

    cropping: Borders = field(((1, 1), (1, 1), (1, 1)), _borders(3))
    data_format: str = field("channels_last", data_formats, keras=None)


class _UpSampling(Spatial):
    """Repeats rows.

    Args:
        size: how often, for each axis.
        data_format: 'channelsLast' or 'channelsFirst' (not for sequences).
    """

    size: tuple[int, ...]

    def call(self, inputs: Tensor) -> Tensor:
        self._check(inputs.shape)
        times = _all_axes(self, self.size, 1)
        apart = [n for dim in inputs.shape for n in (dim, 1)]
        wide = [n for dim, count in zip(inputs.shape, times, strict=True) for n in (dim, count)]
        return ops.reshape(
            _repeated(ops.reshape(inputs, apart), wide),
            [dim * count for dim, count in zip(inputs.shape, times, strict=True)],
        )

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        self._check(input_shape)
        times = _all_axes(self, self.size, 1)
        return tuple(
            None if dim is None else dim * count for dim, count in zip(input_shape, times, strict=True)
        )


def _repeated(x: Tensor, shape: Sequence[int]) -> Tensor:
    result: Tensor = ops.broadcast_to(x, shape)
    return result


class UpSampling1D(_UpSampling):
    """Repeats the steps of sequences.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.upSampling1d({"size": 2})(tf.tensor([[[5], [6]]])).array_sync()
        [[[5.0], [5.0], [6.0], [6.0]]]

    Source: https://keras.io/api/layers/reshaping_layers/up_sampling1d/
    """

    per_sample = True
    _spatial_rank = 1

    size: tuple[int, ...] = field((2,), positive_ints(1))

    def get_config(self) -> dict[str, Any]:
        # As Keras has the options: without a list around those of the one axis.
        return {**super().get_config(), "size": self.size[0]}


class UpSampling2D(_UpSampling):
    """Repeats the rows and columns of images, or makes images larger by means of pixels.

    Args:
        size: how often, for height and width.
        data_format: 'channelsLast' or 'channelsFirst'.
        interpolation: 'nearest' to repeat pixels, or 'bilinear' (pixels lie as in TF.js: the first where it was).
        half_pixel_centers: whether pixels are areas with their centers at halves, as in Keras; layers of its files have it.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.upSampling2d({"size": [1, 2]})(tf.tensor([[[[1], [2]]]])).array_sync()
        [[[[1.0], [1.0], [2.0], [2.0]]]]

    Source: https://js.tensorflow.org/api/latest/#layers.upSampling2d
    """

    per_sample = True
    _spatial_rank = 2

    size: tuple[int, ...] = field((2, 2), positive_ints(2))
    data_format: str = field("channels_last", data_formats, keras=None)
    interpolation: str = field("nearest", choice("nearest", "bilinear"))
    half_pixel_centers: bool = field(False, keras=True, keyword_only=True, saved=TFJS)

    def call(self, inputs: Tensor) -> Tensor:
        if self.interpolation == "nearest":
            return super().call(inputs)
        self._check(inputs.shape)
        larger = self._sizes_of(self.compute_output_shape(inputs.shape))
        return self._in_format(self._resized(self._channels_last(inputs), larger))

    def _resized(self, images: Tensor, size: Sequence[int | None]) -> Tensor:
        """Returns images [batch, height, width, channels] of a size."""
        result: Tensor = resize_bilinear(images, size, False, self.half_pixel_centers)
        return result


class UpSampling3D(_UpSampling):
    """Repeats the planes of volumes.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.upSampling3d({"size": [1, 1, 2]})(tf.tensor([[[[[5], [6]]]]])).array_sync()
        [[[[[5.0], [5.0], [6.0], [6.0]]]]]

    Source: https://keras.io/api/layers/reshaping_layers/up_sampling3d/
    """

    per_sample = True
    _spatial_rank = 3

    size: tuple[int, ...] = field((2, 2, 2), positive_ints(3))
    data_format: str = field("channels_last", data_formats, keras=None)
