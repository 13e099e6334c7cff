"""Layers that change the colors of images. Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/

All change images while training only, but for AutoContrast, which always does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from tfjs_pyo import naming, ops, options
from tfjs_pyo.config import Convert, Order, field, number, positive_int
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.layers.augmentation import Augmentation, Bounds, RandomContrast, pair
from tfjs_pyo.layers.spatial import data_formats
from tfjs_pyo.types import Result

_EPSILON = 1e-7
_TINY = 2.0**-23
"""What Keras takes for 0 where colors become hues."""
_GRAY = (0.2989, 0.5870, 0.1140)


def bounded(low: float, high: float) -> Convert:
    """Returns a conversion to a number within bounds, or to a lower and an upper one, in either order."""
    one = number(low, high)

    def convert(owner: str, name: str, value: Any) -> Bounds:
        items = options.items(value)
        if items is None:
            single: float = one(owner, name, value)
            return single
        if len(items) != 2:
            raise OptionError(
                f"{owner}: expected {naming.camel(name)!r} to be a number or two, received {value!r}."
            )
        first, second = sorted(one(owner, name, item) for item in items)
        return first, second

    return convert


def reach(factor: Bounds, least: float) -> tuple[float, float]:
    """Returns the bounds that a factor stands for; a single number reaches as far below 0, but not below the least."""
    return factor if isinstance(factor, tuple) else (max(-abs(factor), least), abs(factor))


class ColorAugmentation(Augmentation):
    """Base: what comes out lies within a range of values."""

    per_sample = True
    _least: ClassVar[float] = -1.0

    value_range: tuple[float, float] = field((0.0, 255.0), pair(ordered=False))
    seed: int | None = field(None)
    data_format: str = field("channels_last", data_formats, keras=None)

    @property
    def _values(self) -> tuple[float, float]:
        low, high = sorted(self.value_range)
        return low, high

    def _within(self, images: Tensor) -> Tensor:
        return ops.clip_by_value(images, *self._values)

    def _factor(self, images: Tensor, number: int = 0) -> Tensor:
        """Returns a factor for each image, [batch, 1, 1, 1]."""
        return self._draw(images, *reach(self.factor, self._least), number)

    def _chosen(self, images: Tensor) -> Tensor:
        """Returns which images are changed, bool [batch, 1, 1, 1]; `factor` says how many."""
        return ops.less(self._draw(images, 0, 1, 1), self._factor(images, 2))

    def _bytes(self, images: Tensor) -> Tensor:
        """Returns values from 0 to 255."""
        low, high = self._values
        x = ops.cast(images, "float32")
        return x if (low, high) == (0, 255) else (x - low) * (255 / (high - low))

    def _from_bytes(self, images: Tensor) -> Tensor:
        low, high = self._values
        return images if (low, high) == (0, 255) else images * ((high - low) / 255) + low


_FIRST: Order = ("factor", "value_range", "data_format", "seed", ...)


class RandomBrightness(ColorAugmentation):
    """Makes each image brighter or darker.

    Args:
        factor: how much, as a part of the range of values: from -factor to factor, or from lower to upper; within -1 and 1.
        value_range: the lowest and the highest value of pixels; what goes beyond is cut off.
        seed: for the same numbers each time.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.randomBrightness({"factor": [0.1, 0.1]})
        >>> layer.apply(tf.ones([1, 1, 1, 3]), {"training": True}).array_sync()
        [[[[26.5, 26.5, 26.5]]]]

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_brightness/
    """

    per_sample = True
    order: ClassVar[Order] = ("factor", "value_range", "seed", ...)

    factor: Bounds = field(convert=bounded(-1, 1))
    data_format: str = field("channels_last", argument="", saved=False)

    def _vary(self, images: Tensor) -> Tensor:
        low, high = self._values
        return self._within(ops.cast(images, "float32") + self._factor(images) * (high - low))


def gray(images: Tensor, owner: str) -> Tensor:
    """Returns how bright pixels of three colors are, [..., 1]."""
    if images.shape[-1] != 3:
        raise ShapeError(f"{owner}: expected images of 3 channels, received {images.shape[-1]}.")
    return ops.sum(images * ops.tensor(list(_GRAY)), -1, True)


class RandomColorDegeneration(ColorAugmentation):
    """Takes color away from each image: 0 leaves it as it is, 1 makes it gray.

    Args:
        factor: how much: from -factor to factor, or from lower to upper.
        value_range, seed: as for RandomBrightness.
        data_format: 'channelsLast' or 'channelsFirst'.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.randomColorDegeneration({"factor": [1, 1]})
        >>> layer.apply(tf.tensor([[[[100, 0, 0]]]]), {"training": True}).round().array_sync()
        [[[[30.0, 30.0, 30.0]]]]

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_color_degeneration/
    """

    per_sample = True
    order: ClassVar[Order] = _FIRST

    factor: Bounds = field(convert=bounded(-1, 1))

    def _vary(self, images: Tensor) -> Tensor:
        x = ops.cast(images, "float32")
        return self._within(x + self._factor(x) * (gray(x, self.display_name) - x))


class RandomGrayscale(Augmentation):
    """Makes some images gray.

    Args:
        factor: how many.
        data_format: 'channelsLast' or 'channelsFirst'.
        seed: for the same images each time.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.randomGrayscale({"factor": 1})
        >>> layer.apply(tf.tensor([[[[100, 0, 0]]]]), {"training": True}).round().array_sync()
        [[[[30.0, 30.0, 30.0]]]]

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_grayscale/
    """

    per_sample = True

    factor: float = field(0.5, number(0, 1))
    data_format: str = field("channels_last", data_formats, keras=None)
    seed: int | None = field(None)

    def _vary(self, images: Tensor) -> Tensor:
        x = ops.cast(images, "float32")
        return ops.where(
            ops.less(self._draw(x, 0, 1), self.factor),
            ops.broadcast_to(gray(x, self.display_name), x.shape),
            x,
        )


class RandomInvert(ColorAugmentation):
    """Turns the values of some images around: the highest value less each.

    Args:
        factor: how many: a number from lower to upper, or from 0 to factor.
        value_range, seed, data_format: as for RandomColorDegeneration.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.randomInvert({"factor": [1, 1]})
        >>> layer.apply(tf.tensor([[[[0, 55, 255]]]]), {"training": True}).array_sync()
        [[[[255.0, 200.0, 0.0]]]]

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_invert/
    """

    per_sample = True
    _least = 0.0
    order: ClassVar[Order] = ("factor", "value_range", "seed", "data_format", ...)

    factor: Bounds = field(1.0, bounded(0, 1))

    def _vary(self, images: Tensor) -> Tensor:
        x = ops.cast(images, "float32")
        return ops.where(self._chosen(x), self.value_range[1] - x, x)


def hsv_of(images: Tensor, axis: int = -1) -> list[Tensor]:
    """Returns hue, saturation and value of colors, each with one channel; tiny numbers count as 0, as in Keras."""
    planes = ops.split(images, 3, axis)
    red, green, blue = (ops.where(ops.abs(plane) < _TINY, 0.0, plane) for plane in planes)
    value = ops.maximum(ops.maximum(red, green), blue)
    spread = value - ops.minimum(ops.minimum(red, green), blue)
    saturation = ops.where(value > 0.0, spread / ops.where(value > 0.0, value, 1.0), 0.0)
    scale = 1.0 / (6.0 * ops.where(spread > 0.0, spread, 1.0))
    hue = ops.where(ops.equal(value, green), scale * (blue - red) + 2 / 6, scale * (red - green) + 4 / 6)
    hue = ops.where(ops.equal(value, red), scale * (green - blue), hue)
    hue = ops.where(spread > 0.0, hue, 0.0)
    return [hue + ops.cast(hue < 0.0, "float32"), saturation, value]


def rgb_of(hue: Tensor, saturation: Tensor, value: Tensor, axis: int = -1) -> Tensor:
    """Returns colors of hue, saturation and value, each with one channel."""
    turn = ops.mod(hue, 1.0) * 6.0
    shares = [ops.abs(turn - 3.0) - 1.0, 2.0 - ops.abs(turn - 2.0), 2.0 - ops.abs(turn - 4.0)]
    planes = [
        value * (1.0 - saturation + saturation * ops.clip_by_value(share, 0.0, 1.0)) for share in shares
    ]
    return ops.concat(planes, axis)


class RandomHue(ColorAugmentation):
    """Turns the colors of each image around the circle of colors.

    Args:
        factor: how far, in half turns, to either side: a number from 0 to factor, or from lower to upper; within 0 and 1.
        value_range, data_format, seed: as for RandomColorDegeneration.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.randomHue({"factor": [1, 1]})
        >>> layer.apply(tf.tensor([[[[255, 0, 0]]]]), {"training": True}).round().array_sync()
        [[[[0.0, 255.0, 255.0]]]]

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_hue/
    """

    per_sample = True
    _least = 0.0
    order: ClassVar[Order] = _FIRST

    factor: Bounds = field(convert=bounded(0, 1))

    def _vary(self, images: Tensor) -> Tensor:
        low, high = self._values
        hue, saturation, value = hsv_of((ops.cast(images, "float32") - low) / (high - low))
        side = ops.where(ops.greater(self._draw(images, 0, 1, 1), 0.5), -0.5, 0.5)
        colors = rgb_of(hue + side * self._factor(images), saturation, value)
        return ops.clip_by_value(colors, 0.0, 1.0) * (high - low) + low


class RandomSaturation(ColorAugmentation):
    """Makes the colors of each image stronger or weaker: 0.5 leaves them, 0 makes them gray, 1 makes them full.

    Args:
        factor: a number from 0 to factor, or from lower to upper.
        value_range, data_format, seed: as for RandomColorDegeneration.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.randomSaturation({"factor": [0, 0]})
        >>> layer.apply(tf.tensor([[[[100, 50, 50]]]]), {"training": True}).round().array_sync()
        [[[[100.0, 100.0, 100.0]]]]

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_saturation/
    """

    per_sample = True
    order: ClassVar[Order] = _FIRST

    factor: Bounds = field(convert=bounded(-1, 1))

    def _vary(self, images: Tensor) -> Tensor:
        hue, saturation, value = hsv_of(ops.cast(images, "float32"))
        factor = self._factor(images)
        stronger = self._within(saturation * (factor / (1 - factor + _EPSILON)))
        return rgb_of(hue, stronger, value)


class RandomSharpness(ColorAugmentation):
    """Makes each image sharper or blurred: 0.5 leaves it, 0 blurs, 1 sharpens.

    Args:
        factor: a number from 0 to factor, or from lower to upper; within 0 and 1.
        value_range, data_format, seed: as for RandomColorDegeneration.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.randomSharpness({"factor": [0, 0]})
        >>> x = tf.tensor([0, 0, 0, 0, 130, 0, 0, 0, 0], [1, 3, 3, 1])
        >>> layer.apply(x, {"training": True}).round().squeeze()
        Tensor
            [[10, 10, 10],
             [10, 50, 10],
             [10, 10, 10]]

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_sharpness/
    """

    per_sample = True
    _least = 0.0
    order: ClassVar[Order] = _FIRST

    factor: Bounds = field(convert=bounded(0, 1))

    def _vary(self, images: Tensor) -> Tensor:
        x, edge, middle = ops.cast(images, "float32"), 1 / 13, 5 / 13
        kernel = ops.tensor([[edge, edge, edge], [edge, middle, edge], [edge, edge, edge]])
        smooth = smoothed(x, kernel)
        return self._within(x + (1 - 2 * self._factor(x)) * (smooth - x))


def smoothed(images: Tensor, kernel: Tensor) -> Tensor:
    """Returns the convolution of each channel with a kernel [height, width], zeros beyond the edges."""
    channels = images.shape[-1]
    filters = ops.tile(ops.reshape(kernel, (*kernel.shape, 1, 1)), (1, 1, channels, 1))
    return ops.depthwise_conv2d(images, filters, 1, "same")


class RandomGaussianBlur(ColorAugmentation):
    """Blurs some images.

    Args:
        factor: how many: a number from 0 to factor, or from lower to upper.
        kernel_size: of the window: an odd number, or one for columns and one for rows.
        sigma: how far pixels reach, one number for columns and one for rows, drawn for all images of a call.
        value_range, data_format, seed: as for RandomColorDegeneration.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.randomGaussianBlur({"factor": [1, 1], "sigma": [1, 1]})
        >>> x = tf.tensor([0, 0, 0, 0, 100, 0, 0, 0, 0], [1, 3, 3, 1])
        >>> layer.apply(x, {"training": True}).round().squeeze()
        Tensor
            [[8 , 12, 8 ],
             [12, 20, 12],
             [8 , 12, 8 ]]

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_gaussian_blur/
    """

    _least = 0.0
    order: ClassVar[Order] = ("factor", "kernel_size", "sigma", "value_range", "data_format", "seed", ...)

    factor: Bounds = field(1.0, bounded(0, 1))
    kernel_size: Any = field(3)
    sigma: Bounds = field(1.0, bounded(0, 1))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = options.items(self.kernel_size)
        sizes = [self.kernel_size, self.kernel_size] if given is None else given
        if len(sizes) != 2 or any(not isinstance(size, int) or size % 2 == 0 for size in sizes):
            raise OptionError(
                f"{self.display_name}: expected 'kernel_size' to be an odd number or two, received {self.kernel_size!r}."
            )
        self._sizes: tuple[int, int] = (sizes[0], sizes[1])

    def _vary(self, images: Tensor) -> Tensor:
        x = ops.cast(images, "float32")
        sigma = self._uniform((2,), *reach(self.sigma, 0.0), 3) + 1e-6
        columns, rows = (_bell(size, one) for size, one in zip(self._sizes, ops.split(sigma, 2), strict=True))
        blurred = smoothed(smoothed(x, ops.expand_dims(rows, 1)), ops.expand_dims(columns, 0))
        return self._within(ops.where(self._chosen(x), blurred, x))


def _bell(size: int, sigma: Tensor) -> Tensor:
    """Returns the values of a Gaussian at whole places around 0, with the sum 1."""
    places = ops.range(-(size // 2), size // 2 + 1, 1, "float32")
    values = ops.exp(-ops.square(places) / (2 * ops.square(sigma)))
    return values / ops.sum(values)


class RandomPosterization(ColorAugmentation):
    """Leaves the values of each image so many bits of 8.

    Args:
        factor: bits: a whole number, or a lower and an upper one of which the upper is not drawn.
        value_range, data_format, seed: as for RandomColorDegeneration.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.randomPosterization({"factor": 1})
        >>> layer.apply(tf.tensor([[[[100, 130, 255]]]]), {"training": True}).array_sync()
        [[[[0.0, 128.0, 128.0]]]]

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_posterization/
    """

    per_sample = True
    _least = 1.0
    order: ClassVar[Order] = _FIRST

    factor: Bounds = field(convert=bounded(1, 8))

    def _vary(self, images: Tensor) -> Tensor:
        low, high = reach(self.factor, 1.0)
        bits = ops.floor(self._draw(images, low, high)) if low != high else ops.scalar(float(int(low)))
        step = ops.pow(2.0, 8.0 - bits)
        return self._from_bytes(ops.floor(ops.floor(self._bytes(images)) / step) * step)


class Solarization(ColorAugmentation):
    """Adds to the values of each image and turns those around that are above a threshold.

    Args:
        addition_factor: a number from 0 to this part of the range is added, or from lower to upper.
        threshold_factor: the threshold as a part of the range: a number drawn from 0 to this one, or from lower to upper.
        value_range, seed: as for RandomBrightness.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.solarization()
        >>> layer.apply(tf.tensor([[[[0, 100, 255]]]]), {"training": True}).array_sync()
        [[[[255.0, 155.0, 0.0]]]]

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/solarization/
    """

    per_sample = True
    order: ClassVar[Order] = ("addition_factor", "threshold_factor", "value_range", "seed", ...)

    addition_factor: Bounds = field(0.0, bounded(0, 1))
    threshold_factor: Bounds = field(0.0, bounded(0, 1))
    data_format: str = field("channels_last", argument="", saved=False)

    def _vary(self, images: Tensor) -> Tensor:
        bounds = [
            factor if isinstance(factor, tuple) else (0.0, factor)
            for factor in (self.addition_factor, self.threshold_factor)
        ]
        added, threshold = (
            self._draw(images, low, high * 255, place) for place, (low, high) in enumerate(bounds)
        )
        x = ops.clip_by_value(self._bytes(images) + added, 0.0, 255.0)
        return self._from_bytes(ops.where(ops.less(x, threshold), x, 255.0 - x))


class AutoContrast(ColorAugmentation):
    """Stretches the values of each channel of each image over the whole range, in training or not.

    Args:
        value_range: the lowest and the highest value of pixels.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.autoContrast()(tf.tensor([[[[10], [20], [15]]]])).array_sync()
        [[[[0.0], [255.0], [127.5]]]]

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/auto_contrast/
    """

    per_sample = True

    seed: int | None = field(None, argument="", saved=False)
    data_format: str = field("channels_last", argument="", saved=False)

    _several_inputs = True

    def call(self, inputs: Any, training: bool = False) -> Result:  # noqa: ARG002 (as others)
        return super().call(inputs, True)

    def _vary(self, images: Tensor) -> Tensor:
        x = self._bytes(images)
        low, high = ops.min(x, [1, 2], True), ops.max(x, [1, 2], True)
        flat = ops.equal(low, high)
        stretched = (x - low) * (255.0 / ops.where(flat, 1.0, high - low))
        results = self._from_bytes(ops.clip_by_value(stretched, 0.0, 255.0))
        return ops.where(flat, ops.cast(images, "float32"), results)


class Equalization(ColorAugmentation):
    """Spreads the values of each channel, so that all are about as frequent; over all images of a call, while training.

    Args:
        value_range: the lowest and the highest value of pixels.
        bins: how many values are told apart.
        data_format: 'channelsLast' or 'channelsFirst'.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.equalization()
        >>> layer.apply(tf.tensor([[[[10], [11], [12], [13]]]]), {"training": True}).array_sync()
        [[[[0.0], [85.0], [170.0], [255.0]]]]

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/equalization/
    """

    order: ClassVar[Order] = ("value_range", "bins", "data_format", ...)

    bins: int = field(256, positive_int)
    seed: int | None = field(None, argument="", saved=False)

    def _vary(self, images: Tensor) -> Tensor:
        x = self._bytes(images)
        planes = [self._equalized(plane) for plane in ops.unstack(x, -1)]
        return self._from_bytes(ops.stack(planes, -1))

    def _equalized(self, plane: Tensor) -> Tensor:
        places = ops.clip_by_value(ops.floor(plane * ((self.bins - 1) / 255)), 0, self.bins - 1)
        places = ops.cast(places, "int32")
        counts = ops.cast(
            ops.bincount(ops.reshape(places, (-1,)), ops.tensor([], dtype="float32"), self.bins), "float32"
        )
        below = ops.cumsum(counts)
        whole = float(plane.size)
        first = ops.min(ops.where(ops.greater(below, 0.0), below, whole))
        rest = whole - first
        table = ops.round((below - first) * 255.0 / ops.where(ops.equal(rest, 0.0), 1.0, rest))
        single = ops.less_equal(ops.sum(ops.cast(ops.greater(counts, 0.0), "float32")), 1.0)
        return ops.where(single, plane, ops.gather(ops.clip_by_value(table, 0.0, 255.0), places))


class RandomColorJitter(ColorAugmentation):
    """Changes brightness, contrast, saturation and hue of each image, one after the other.

    Args:
        value_range: the lowest and the highest value of pixels.
        brightness_factor, contrast_factor, saturation_factor, hue_factor: of RandomBrightness and its kin; None for none.
        seed: for the same numbers each time.
        data_format: 'channelsLast' or 'channelsFirst'.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.randomColorJitter({"brightnessFactor": [0.1, 0.1], "saturationFactor": [0, 0]})
        >>> layer.apply(tf.tensor([[[[100, 0, 0]]]]), {"training": True}).round().array_sync()
        [[[[126.0, 126.0, 126.0]]]]

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_color_jitter/
    """

    per_sample = True
    order: ClassVar[Order] = (
        "value_range", "brightness_factor", "contrast_factor", "saturation_factor", "hue_factor", "seed", "data_format", ...,
    )  # fmt: skip

    brightness_factor: Bounds | None = field(None)
    contrast_factor: Bounds | None = field(None)
    saturation_factor: Bounds | None = field(None)
    hue_factor: Bounds | None = field(None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given: Sequence[tuple[Any, Any]] = (
            (RandomBrightness, self.brightness_factor),
            (RandomContrast, self.contrast_factor),
            (RandomSaturation, self.saturation_factor),
            (RandomHue, self.hue_factor),
        )
        self._steps = [
            kind(factor=factor, value_range=self.value_range, seed=self.seed)
            for kind, factor in given
            if factor is not None
        ]

    def _vary(self, images: Tensor) -> Tensor:
        for step in self._steps:
            images = step._vary(images)
        return images


__all__ = [
    "AutoContrast", "ColorAugmentation", "Equalization", "RandomBrightness", "RandomColorDegeneration", "RandomColorJitter",
    "RandomGaussianBlur", "RandomGrayscale", "RandomHue", "RandomInvert", "RandomPosterization", "RandomSaturation",
    "RandomSharpness", "Solarization", "bounded", "gray", "hsv_of", "reach", "rgb_of",
]  # fmt: skip
