"""Layers that make numbers fit for a model: scaling, resizing, counting. Source: https://js.tensorflow.org/api/latest/#layers.rescaling"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tfjs_pyo import nests, ops, options
from tfjs_pyo.config import choice, field, keras_field, number, positive_int, unsupported, written_dialect
from tfjs_pyo.core import context
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dialects import KERAS, TFJS
from tfjs_pyo.errors import ArgumentError, OptionError
from tfjs_pyo.image import resize_bilinear, resize_nearest_neighbor
from tfjs_pyo.layers import box_formats
from tfjs_pyo.layers.base import BatchShape, Layer
from tfjs_pyo.layers.image_data import Change, ImageLayer, moved, require_images
from tfjs_pyo.layers.spatial import channels_last_only, data_formats
from tfjs_pyo.options import shown
from tfjs_pyo.types import Axes, Result, TensorLike

RESIZERS = {"bilinear": resize_bilinear, "nearest": resize_nearest_neighbor}
interpolations = choice(*RESIZERS)
"""The conversion of fields `interpolation`."""


Part = tuple[int, int, int, int]
"""First row, first column, rows and columns of a part of images."""


def cut(images: Tensor, top: int, left: int, height: int, width: int) -> Tensor:
    """Returns a part of images."""
    *batch, _, _, channels = images.shape
    return ops.slice(images, [*[0] * len(batch), top, left, 0], [*batch, height, width, channels])


def scaled(boxes: Tensor, part: Part, size: tuple[int, int]) -> Tensor:
    """Returns where boxes 'xyxy' come to be when a part of images becomes images of a size, height and width."""
    top, left, rows, columns = part
    scale = [size[1] / columns, size[0] / rows] * 2
    return (boxes - ops.tensor([left, top] * 2, dtype="float32")) * ops.tensor(scale, dtype="float32")


def middle(height: int, width: int, size: tuple[int, int]) -> Part:
    """Returns the middle of images, in the ratio of a size, height and width."""
    rows = max(1, min(height, width * size[0] // size[1]))
    columns = max(1, min(width, height * size[1] // size[0]))
    return (height - rows) // 2, (width - columns) // 2, rows, columns


def _factors(owner: str, name: str, value: Any) -> Any:
    """Returns a number, or a list of numbers for the channels."""
    nests.require_end(value)
    items = options.items(value)
    return number()(owner, name, value) if items is None else [_factors(owner, name, item) for item in items]


def _operand(value: Any) -> Any:
    return ops.tensor(value, dtype="float32") if isinstance(value, list) else value


class Rescaling(Layer):
    """inputs * scale + offset.

    Args:
        scale: factor, or a list of one for each channel.
        offset: added afterwards; also a list.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.rescaling({"scale": 1 / 255})(tf.tensor([[0, 255]], dtype="int32")).array_sync()
        [[0.0, 1.0]]

    Source: https://js.tensorflow.org/api/latest/#layers.rescaling
    """

    per_sample = True
    supports_masking = True

    scale: Any = field(convert=_factors)
    offset: Any = field(0.0, _factors)

    def call(self, inputs: Tensor) -> Tensor:
        return ops.cast(inputs, "float32") * _operand(self.scale) + _operand(self.offset)


dense_only = unsupported("there are no sparse tensors here")
"""The conversion of fields `sparse`."""


class Sized(ImageLayer):
    """Base of layers that give images of one size."""

    height: int = field(convert=positive_int)
    width: int = field(convert=positive_int)

    def call(self, inputs: Any) -> Result:
        return self._changed(inputs)

    def _shape_of_images(self, shape: BatchShape) -> BatchShape:
        require_images(self, shape)
        if self.data_format == "channels_last":
            return (*shape[:-3], self.height, self.width, shape[-1])
        return (*shape[:-2], self.height, self.width)


class Resizing(Sized):
    """Images of another size.

    Pixels lie as in TF.js: corners stay corners, but with crop_to_aspect_ratio only the first one does. (TF.js does not
    crop then.)

    Args:
        height, width: of the outputs, in pixels.
        interpolation: 'bilinear' or 'nearest'.
        crop_to_aspect_ratio: whether what would be distorted is cut off, as much at both sides.
        half_pixel_centers: whether pixels are areas with their centers at halves, as in Keras; layers of its files have it.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.resizing({"height": 1, "width": 3})(tf.tensor([[[[0], [4]]]])).array_sync()
        [[[[0.0], [2.0], [4.0]]]]

    Source: https://js.tensorflow.org/api/latest/#layers.resizing
    """

    per_sample = True

    interpolation: str = field("bilinear", interpolations)
    crop_to_aspect_ratio: bool = field(False)
    pad_to_aspect_ratio: bool = keras_field(False)
    fill_mode: str = keras_field("constant", choice("constant"))
    fill_value: float = keras_field(0.0, number())
    antialias: bool = keras_field(False, unsupported("resizing without antialiasing is what there is"))
    data_format: str = keras_field("channels_last", channels_last_only, keras=None)
    half_pixel_centers: bool = field(False, keras=True, keyword_only=True, saved=TFJS)

    def _resized(self, images: Tensor, interpolation: str) -> Tensor:
        if self.crop_to_aspect_ratio:
            rows, columns = images.shape[1:3]
            images = cut(images, *middle(rows, columns, (self.height, self.width)))
        corners = not (self.crop_to_aspect_ratio or self.half_pixel_centers)
        resize = RESIZERS[interpolation]
        result: Tensor = resize(images, (self.height, self.width), corners, self.half_pixel_centers)
        return result

    def _change(self, images: Tensor) -> Change:
        size = tuple(images.shape[1:3])
        return Change(
            lambda x: self._resized(x, self.interpolation),
            lambda x: self._resized(x, "nearest"),
            moved(lambda boxes: self._corners(boxes, *size), (self.height, self.width)),
        )

    def _corners(self, boxes: Tensor, height: int, width: int) -> Tensor:
        """Returns where boxes 'xyxy' come to be; those without area, which are none, at 0."""
        down, across = self.height / height, self.width / width
        if self.crop_to_aspect_ratio or self.pad_to_aspect_ratio:
            down = across = (max if self.crop_to_aspect_ratio else min)(down, across)
        spare = [round(self.width - width * across, 6), round(self.height - height * down, 6)]
        shifts = [-(-each // 2) if self.crop_to_aspect_ratio else each // 2 for each in spare]
        left, top, right, bottom = box_formats.split(self.display_name, boxes)
        there = ops.greater((right - left) * (bottom - top), 0.0)
        scaled = boxes * ops.tensor([across, down] * 2) + ops.tensor(shifts * 2, dtype="float32")
        return ops.where(there, scaled, 0.0)


class CenterCrop(Sized):
    """The middle of images; images that are too small are resized instead.

    As in TF.js, where one column is too many it is the first.

    Args:
        height, width: of the outputs, in pixels.
        half_pixel_centers: whether images are cut and resized as in Keras: the last column goes first, and images that are too
            small keep their ratio; layers of Keras's files have it.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.centerCrop({"height": 1, "width": 1})(tf.tensor([[[[1], [2], [3]]]])).array_sync()
        [[[[2.0]]]]

    Source: https://js.tensorflow.org/api/latest/#layers.centerCrop
    """

    per_sample = True

    half_pixel_centers: bool = field(False, keras=True, keyword_only=True, saved=TFJS)
    data_format: str = keras_field("channels_last", data_formats, keras=None)

    def _change(self, images: Tensor) -> Change:
        height, width = images.shape[1:3]
        size = (self.height, self.width)
        if self.height > height or self.width > width:
            as_keras = self.half_pixel_centers
            part = middle(height, width, size) if as_keras else (0, 0, height, width)

            def fitted(x: Tensor, resize: Any) -> Tensor:
                return ops.cast(resize(cut(x, *part), size, False, as_keras), x.dtype)

            return Change(
                lambda x: fitted(x, resize_bilinear),
                lambda x: fitted(x, resize_nearest_neighbor),
                moved(lambda boxes: scaled(boxes, part, size), size),
            )
        left = (width - self.width) // 2
        if left == 0 and not self.half_pixel_centers:
            left = min(1, width - self.width)
        part = ((height - self.height) // 2, left, *size)

        def crop(x: Tensor) -> Tensor:
            return cut(x, *part)

        return Change(crop, crop, moved(lambda boxes: scaled(boxes, part, size), size))


def encoded(numbers: Tensor, mode: str, count: int, weights: Any = None) -> Tensor:
    """Returns class numbers as rows of `count` numbers.

    Args:
        numbers: int32.
        mode: 'one_hot' gives each a row; 'multi_hot' and 'count' give those along the last axis one together: with 1
            where a number comes, or how often it does.
        count: how many numbers there are.
        weights: of each number, with mode 'count'.
    """
    if mode == "one_hot":
        alone = numbers.rank > 0 and numbers.shape[-1] == 1
        return ops.one_hot(ops.squeeze(numbers, [-1]) if alone else numbers, count, dtype="float32")
    many = numbers.shape[-1] if numbers.rank else 1
    rows = ops.reshape(numbers, (-1, many))
    shares = ops.zeros([0]) if weights is None else ops.reshape(ops.cast(weights, "float32"), rows.shape)
    counts = ops.dense_bincount(rows, shares, count, mode == "multi_hot")
    return ops.reshape(counts, (*numbers.shape[:-1], count))


def encoded_shape(shape: BatchShape, mode: str, count: int) -> BatchShape:
    """Returns the shape of what `encoded` gives."""
    alone = mode != "one_hot" or (len(shape) > 0 and shape[-1] == 1)
    return (*(shape[:-1] if alone else shape), count)


class CategoryEncoding(Layer):
    """Class numbers as rows of zeros and ones, or as counts.

    Args:
        num_tokens: how many classes there are; numbers are 0 to num_tokens - 1.
        output_mode: 'multiHot': a row for each sample, with 1 where a number comes; 'count': how often it comes;
            'oneHot': a row for each number.

    Raises:
        ArgumentError: a number is not one of a class, unless in `fit`; or count_weights where nothing is counted.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.categoryEncoding({"numTokens": 4, "outputMode": "count"})
        >>> layer(tf.tensor([[0, 2, 2]], dtype="int32")).array_sync()
        [[1.0, 0.0, 2.0, 0.0]]
        >>> layer.apply(tf.tensor([[0, 2, 2]], dtype="int32"), {"countWeights": tf.tensor([[1, 2, 3]])}).array_sync()
        [[1.0, 0.0, 5.0, 0.0]]

    Source: https://js.tensorflow.org/api/latest/#layers.categoryEncoding
    """

    per_sample = True

    num_tokens: int = field(convert=positive_int, keras=None)
    output_mode: str = field("multi_hot", choice("multi_hot", "one_hot", "count"))
    sparse: bool = keras_field(False, dense_only, saved=False)

    def call(self, inputs: Tensor, count_weights: Any = None) -> Tensor:
        if count_weights is not None and self.output_mode != "count":
            raise ArgumentError(
                f"{self.display_name}: expected 'countWeights' only with outputMode 'count', not with {self.output_mode!r}."
            )
        numbers = ops.cast(inputs, "int32")
        self._check_numbers(numbers)
        return encoded(numbers, self.output_mode, self.num_tokens, count_weights)

    def _check_numbers(self, numbers: Tensor) -> None:
        """Raises ArgumentError unless all numbers are classes; within compiled steps there are no numbers yet."""
        if context.trace() is not None or not numbers.size:
            return
        low, high = ops.stack([ops.min(numbers), ops.max(numbers)]).array_sync()
        if low < 0 or high >= self.num_tokens:
            raise ArgumentError(
                f"{self.display_name}: expected numbers from 0 to {self.num_tokens - 1}, received some from {low} to {high}."
            )

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        return encoded_shape(input_shape, self.output_mode, self.num_tokens)


class Normalization(Layer):
    """(inputs - mean) / sqrt(variance), of what `adapt` saw.

    Args:
        axis: one or several, each index of which has its own mean and variance; None: all share one.
        mean, variance: where they are known; else `adapt(data)` finds them.
        invert: whether to go back: inputs * sqrt(variance) + mean.

    Raises:
        ArgumentError: only one of mean and variance is given, or `adapt` is called where they are.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.Normalization()
        >>> layer.adapt(tf.tensor([[0, 1], [2, 5]]))
        >>> layer(tf.tensor([[2, 3]])).array_sync()
        [[1.0, 0.0]]

    Source: https://keras.io/api/layers/preprocessing_layers/numerical/normalization/
    """

    per_sample = True
    supports_masking = True

    axis: Axes | None = field(-1)
    mean: TensorLike | None = field(None)
    variance: TensorLike | None = field(None)
    invert: bool = field(False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (self.mean is None) != (self.variance is None):
            raise ArgumentError(
                f"{self.display_name}: expected both 'mean' and 'variance', or neither of them."
            )
        self._known = self.mean is not None
        for name in ("mean", "variance"):
            value = getattr(self, name)
            setattr(self, name, value.array_sync() if isinstance(value, Tensor) else value)

    def _kept(self, rank: int) -> tuple[int, ...]:
        """Returns the axes that have their own means, counted from the front."""
        given = () if self.axis is None else self.axis if isinstance(self.axis, Sequence) else (self.axis,)
        if not all(isinstance(axis, int) and -rank <= axis < rank and axis % rank for axis in given):
            raise OptionError(
                f"{self.display_name}: expected 'axis' to name axes 1 to {rank - 1}, received {self.axis!r}."
            )
        return tuple(sorted({axis % rank for axis in given}))

    def build(self, input_shape: BatchShape) -> None:
        kept = self._kept(len(input_shape))
        if self._known:
            return
        shape = tuple(self._require_known(input_shape[axis], f"axis {axis}", input_shape) for axis in kept)
        self.moving_mean = self.add_weight("mean", shape, initializer="zeros", trainable=False)
        self.moving_variance = self.add_weight("variance", shape, initializer="ones", trainable=False)

    def adapt(self, data: Any) -> None:
        """Takes mean and variance of data.

        Args:
            data: a tensor, an array or lists, as the inputs of the layer, or a dataset of such batches.

        Raises:
            ArgumentError: mean and variance are given already.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.Normalization()
            >>> layer.adapt(tf.tensor2d([[1], [3]]))
            >>> layer(tf.tensor2d([[1], [5]])).array_sync()
            [[-1.0], [3.0]]

        Source: https://keras.io/api/layers/preprocessing_layers/numerical/normalization/
        """
        if self._known:
            raise ArgumentError(
                f"{self.display_name}: adapt expects a layer whose mean and variance are not given."
            )
        x = _joined(self.display_name, data)
        self._ensure_built((None, *x.shape[1:]))
        kept = self._kept(x.rank)
        moments = ops.moments(x, [axis for axis in range(x.rank) if axis not in kept])
        self.moving_mean.assign(moments.mean)
        self.moving_variance.assign(moments.variance)

    def call(self, inputs: Tensor) -> Tensor:
        kept = self._kept(inputs.rank)
        pair = (self.mean, self.variance) if self._known else (self.moving_mean, self.moving_variance)
        sizes = [inputs.shape[axis] for axis in kept]
        wide = [size if axis in kept else 1 for axis, size in enumerate(inputs.shape)]
        mean, variance = (
            ops.reshape(ops.broadcast_to(ops.cast(each, "float32"), sizes), wide) for each in pair
        )
        deviation = ops.maximum(ops.sqrt(variance), 1e-7)
        x = ops.cast(inputs, "float32")
        return x * deviation + mean if self.invert else (x - mean) / deviation


def without_trainable(layer: Layer, config: dict[str, Any]) -> dict[str, Any]:
    """Returns the config of a layer whose class does not take `trainable` in Keras."""
    in_keras = written_dialect(type(layer)) is KERAS
    return {key: value for key, value in config.items() if key != "trainable" or not in_keras}


def batches_of(data: Any) -> Iterable[Any]:
    """Yields what an iterator or a dataset has; anything else is one batch."""
    whole = isinstance(data, (Tensor, Sequence)) or hasattr(type(data), "__array__")
    if not whole and not isinstance(data, Iterable):
        raise ArgumentError(f"adapt: expected data, or a dataset of batches, received {shown(data)}.")
    return [data] if whole else data


def _joined(owner: str, data: Any) -> Tensor:
    """Returns what a layer adapts to as one tensor of float32."""
    found = [ops.cast(ops.tensor(batch), "float32") for batch in batches_of(data)]
    if not found:
        raise ArgumentError(f"{owner}: adapt expects data, received none.")
    return found[0] if len(found) == 1 else ops.concat(found, 0)


__all__ = ["CategoryEncoding", "CenterCrop", "Normalization", "Rescaling", "Resizing", "Sized"]
