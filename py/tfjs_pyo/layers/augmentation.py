"""Layers that change images at random. Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from tfjs_pyo import naming, ops, options
from tfjs_pyo.config import Configurable, Convert, choice, field, number
from tfjs_pyo.core import rng
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError
from tfjs_pyo.image import transform
from tfjs_pyo.layers import box_formats
from tfjs_pyo.layers.base import BatchShape, Layer
from tfjs_pyo.layers.image_data import Change, ImageLayer, as_classes, moved, require_images
from tfjs_pyo.layers.preprocessing import RESIZERS, interpolations
from tfjs_pyo.layers.spatial import data_formats
from tfjs_pyo.ops.random import derived
from tfjs_pyo.types import Result

Bounds = float | tuple[float, float]


def pair(low: float | None = None, high: float | None = None, ordered: bool = True) -> Convert:
    """Returns a conversion to two numbers within bounds, the lower one first."""
    convert_one = number(low, high)

    def convert(owner: str, name: str, value: Any) -> tuple[float, float]:
        given = tuple(convert_one(owner, name, each) for each in options.items(value) or ())
        if len(given) != 2 or (ordered and given[0] > given[1]):
            raise OptionError(
                f"{owner}: expected {naming.camel(name)!r} to be a lower and an upper number, received {value!r}."
            )
        return given[0], given[1]

    return convert


def _factor(low: float | None = None, high: float | None = None, ordered: bool = True) -> Convert:
    """Returns a conversion to a number, not below 0, or to a lower and an upper one."""
    convert_one, convert_two = number(0, high), pair(low, high, ordered)

    def convert(owner: str, name: str, value: Any) -> Bounds:
        factor: Bounds = (convert_two if isinstance(value, Sequence) else convert_one)(owner, name, value)
        return factor

    return convert


def span(factor: Bounds) -> tuple[float, float]:
    """Returns the bounds that a factor stands for; a single number reaches as far to both sides of 0."""
    return (-factor, factor) if isinstance(factor, float) else factor


class _RandomSize(Layer):
    """Base of layers that resize all images of a call along one axis."""

    _size_axis: ClassVar[int]

    factor: Bounds = field(convert=_factor(-1))
    interpolation: str = field("bilinear", interpolations)
    seed: int | None = field(None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._drawn = 0

    def _draw(self) -> float:
        """Returns the next factor. It decides about a shape, so it is drawn on the CPU, in Python."""
        if self.seed is None:
            word = rng.mix(rng.seed_word(), rng.reserve(1))
        else:
            word, self._drawn = rng.mix(self.seed & 0xFFFFFFFF, self._drawn), self._drawn + 1
        low, high = span(self.factor)
        return 1 + low + (high - low) * word / 2**32

    def call(self, inputs: Tensor) -> Tensor:
        require_images(self, inputs.shape)
        size = list(inputs.shape[-3:-1])
        size[self._size_axis] = max(1, math.floor(self._draw() * size[self._size_axis] + 0.5))
        result: Tensor = RESIZERS[self.interpolation](inputs, size)
        return result

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        require_images(self, input_shape)
        axis = len(input_shape) - 3 + self._size_axis
        return (*input_shape[:axis], None, *input_shape[axis + 1 :])


class RandomHeight(_RandomSize):
    """Images of a height drawn at each call, in training or not, as in TF.js. In `fit` one drawing serves all batches.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.randomHeight({"factor": [1, 1]})(tf.ones([1, 2, 3, 1])).shape
        (1, 4, 3, 1)

    Source: https://keras.io/2.18/api/layers/preprocessing_layers/image_augmentation/random_height/
    """

    per_sample = True
    _size_axis = 0


class RandomWidth(_RandomSize):
    """Images of a width drawn at each call, in training or not, as in TF.js. In `fit` one drawing serves all batches.

    Args:
        factor: widths are multiplied by a number from 1 - factor to 1 + factor; or 1 plus one of lower to upper.
        interpolation: 'bilinear' or 'nearest'.
        seed: for the same series of widths each time.

    Raises:
        OptionError: factors below -1, or the lower above the upper.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.randomWidth({"factor": [1, 1]})(tf.ones([1, 2, 3, 1])).shape
        (1, 2, 6, 1)

    Source: https://js.tensorflow.org/api/latest/#layers.randomWidth
    """

    per_sample = True
    _size_axis = 1


class Augmentation(ImageLayer):
    """Base of layers that change images while training; in Keras's API wherever nobody says that it is no training.

    They take images, or a dict with 'images' and what belongs to them, which comes back changed likewise.
    """

    _usually_training = True

    seed: Any = None

    def _vary(self, images: Tensor) -> Tensor:
        """Returns changed images [batch, height, width, channels], of layers that leave pixels in their places."""
        raise NotImplementedError(f"{self.display_name}: an augmenting layer must define _vary(images).")

    def _change(self, images: Tensor) -> Change:  # noqa: ARG002 (whatever the images are)
        return Change(self._vary)

    def _draw(self, images: Tensor, low: float, high: float, number: int = 0) -> Tensor:
        """Returns a random number for each image: [batch, 1, 1, 1].

        Args:
            images: [batch, height, width, channels].
            low, high: bounds.
            number: different for the draws of a layer.
        """
        return self._uniform((images.shape[0], 1, 1, 1), low, high, number)

    def _uniform(self, shape: Sequence[int], low: float, high: float, number: int = 0) -> Tensor:
        """Returns random numbers; `number` is different for the draws of a layer."""
        return ops.random_uniform(shape, low, high, seed=derived(self.seed, number))

    def call(self, inputs: Any, training: bool = False) -> Result:
        if training:
            return self._changed(inputs)
        if not isinstance(inputs, Mapping):
            require_images(self, inputs.shape)
        return inputs


_FLIPS = {"horizontal": (2,), "vertical": (1,), "horizontal_and_vertical": (1, 2)}


class RandomFlip(Augmentation):
    """Mirrors every other image while training, at random.

    Args:
        mode: 'horizontal', 'vertical' or 'horizontalAndVertical'.
        seed: for the same flips each time.
        data_format: 'channelsLast' or 'channelsFirst'.

    Example:
        >>> import tfjs_pyo as tf
        >>> x = tf.tensor([[[[1], [2], [3]]]])
        >>> y = tf.layers.randomFlip({"mode": "horizontal"}).apply(x, {"training": True})
        >>> y.flatten().array_sync() in ([1, 2, 3], [3, 2, 1])
        True

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_flip/
    """

    per_sample = True

    mode: str = field("horizontal_and_vertical", choice(*_FLIPS))
    seed: int | None = field(None)
    data_format: str = field("channels_last", data_formats, keras=None)

    def _change(self, images: Tensor) -> Change:
        size = images.shape[1:3]
        flips = {axis: self._draw(images, 0, 1, axis) < 0.5 for axis in _FLIPS[self.mode]}

        def flipped(x: Tensor) -> Tensor:
            for axis, chosen in flips.items():
                x = ops.where(chosen, ops.reverse(x, [axis]), x)
            return x

        def corners(boxes: Tensor) -> Tensor:
            for axis, chosen in flips.items():
                parts = box_formats.split(self.display_name, boxes)
                low, high = (0, 2) if axis == 2 else (1, 3)
                turned = list(parts)
                turned[low], turned[high] = size[axis - 1] - parts[high], size[axis - 1] - parts[low]
                boxes = ops.where(ops.squeeze(chosen, [3]), ops.concat(turned, -1), boxes)
            return boxes

        return Change(flipped, flipped, moved(corners, size))


class RandomContrast(Augmentation):
    """Moves the pixels of each image away from the mean of their channel or towards it, while training.

    Args:
        factor: distances are multiplied by a number from 1 - factor to 1 + factor; or 1 - lower to 1 + upper.
        value_range: the lowest and the highest value of pixels; what goes beyond is cut off.
        seed: for the same contrasts each time.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.randomContrast({"factor": 0.5})
        >>> y = layer.apply(tf.tensor([[[[10], [30]]]]), {"training": True})
        >>> round(float(tf.mean(y)), 2)
        20.0

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_contrast/
    """

    per_sample = True

    factor: Bounds = field(convert=_factor(0, 1, ordered=False))
    value_range: tuple[float, float] = field((0.0, 255.0), pair())
    seed: int | None = field(None)

    def _vary(self, images: Tensor) -> Tensor:
        lower, upper = (self.factor, self.factor) if isinstance(self.factor, float) else self.factor
        x = ops.cast(images, "float32")
        mean = ops.mean(x, [1, 2], True)
        result = (x - mean) * self._draw(x, 1 - lower, 1 + upper) + mean
        return ops.clip_by_value(result, *self.value_range)


class Projected(Augmentation):
    """Base of layers that see each image through a projection of its own."""

    fill_mode: str = field("reflect", choice("constant", "reflect", "wrap", "nearest"))
    interpolation: str = field("bilinear", interpolations)
    seed: int | None = field(None)
    fill_value: float = field(0.0, number())
    data_format: str = field("channels_last", data_formats, keras=None)

    def _coefficients(self, images: Tensor) -> Sequence[Tensor | float]:
        """Returns a0, a1, a2, b0, b1, b2: the pixel (x, y) is read at (a0 x + a1 y + a2, b0 x + b1 y + b2).

        Each is a number or [batch, 1, 1, 1].
        """
        raise NotImplementedError(
            f"{self.display_name}: a projecting layer must define _coefficients(images)."
        )

    def _change(self, images: Tensor) -> Change:
        count = images.shape[0]
        columns = [
            ops.fill((count, 1), each) if isinstance(each, (int, float)) else ops.reshape(each, (count, 1))
            for each in (*self._coefficients(images), 0.0, 0.0)
        ]
        projections = ops.concat(columns, 1)
        look = partial(
            transform, transforms=projections, fill_mode=self.fill_mode, fill_value=self.fill_value
        )
        return Change(
            partial(look, interpolation=self.interpolation),
            as_classes(partial(look, interpolation="nearest")),
            moved(partial(projected, projections), images.shape[1:3]),
        )


class _WithFactor(Configurable):
    """The field that comes first where one number is drawn."""

    factor: Bounds = field(convert=_factor())


class _WithFactors(Configurable):
    """The fields that come first where rows and columns have their own numbers."""

    height_factor: Bounds = field(convert=_factor(-1))
    width_factor: Bounds | None = field(None, _factor(-1))


class RandomRotation(_WithFactor, Projected):
    """Turns each image around its middle, while training.

    Args:
        factor: how far, in whole turns, counter-clockwise: from -factor to factor, or from lower to upper.
        fill_mode: how images go on beyond their edges: 'constant', 'reflect', 'wrap' or 'nearest'.
        interpolation: 'bilinear' or 'nearest'.
        seed: for the same angles each time.
        fill_value: what lies beyond with fill_mode 'constant'.
        data_format: 'channelsLast' or 'channelsFirst'.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.RandomRotation((0.5, 0.5), interpolation="nearest")
        >>> layer.apply(tf.tensor([[[[1], [2], [3]]]]), training=True).array_sync()
        [[[[3.0], [2.0], [1.0]]]]

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_rotation/
    """

    per_sample = True

    def _coefficients(self, images: Tensor) -> Sequence[Tensor | float]:
        low, high = span(self.factor)
        angle = self._draw(images, low * 2 * math.pi, high * 2 * math.pi)
        sin, cos = ops.sin(angle), ops.cos(angle)
        x, y = _middle(images)
        return cos, -sin, x - (cos * x - sin * y), sin, cos, y - (sin * x + cos * y)


class RandomZoom(_WithFactors, Projected):
    """Zooms into each image or out of it, while training.

    Args:
        height_factor: positive to zoom out, by that part of the height; from -factor to factor, or lower to upper.
        width_factor: the same for the width; images keep their ratio unless it is given.
        fill_mode, interpolation, seed, fill_value, data_format: as for RandomRotation.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.randomZoom({"heightFactor": 0.2}).apply(tf.ones([1, 4, 4, 1]), {"training": True}).shape
        (1, 4, 4, 1)

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_zoom/
    """

    per_sample = True

    def _coefficients(self, images: Tensor) -> Sequence[Tensor | float]:
        down = 1 + self._draw(images, *span(self.height_factor))
        across = down if self.width_factor is None else 1 + self._draw(images, *span(self.width_factor), 1)
        x, y = _middle(images)
        return across, 0.0, x - across * x, 0.0, down, y - down * y


class RandomTranslation(_WithFactors, Projected):
    """Moves each image, while training.

    Args:
        height_factor: how far down, in heights of the image: from -factor to factor, or from lower to upper.
        width_factor: how far to the right, in widths.
        fill_mode, interpolation, seed, fill_value, data_format: as for RandomRotation.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.RandomTranslation(0, (0.5, 0.5), "wrap")
        >>> layer.apply(tf.tensor([[[[1], [2]]]]), training=True).array_sync()
        [[[[2.0], [1.0]]]]

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_translation/
    """

    per_sample = True

    width_factor: Bounds = field(convert=_factor(-1))

    def _coefficients(self, images: Tensor) -> Sequence[Tensor | float]:
        height, width = images.shape[1:3]
        down = self._draw(images, *span(self.height_factor)) * height
        right = self._draw(images, *span(self.width_factor), 1) * width
        return 1.0, 0.0, -right, 0.0, 1.0, -down


def projected(projections: Tensor, boxes: Tensor) -> Tensor:
    """Returns the boxes around what was in boxes before images are seen through projections.

    Args:
        projections: [batch, 8], as `tf.image.transform` takes them: from pixels of the result to those of the image.
        boxes: 'xyxy', [batch, boxes, 4].
    """
    a, b, c, d, e, f, g, h = (ops.expand_dims(each, 1) for each in ops.split(projections, 8, 1))

    def back(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        scale = (d * h - e * g) * x + (b * g - a * h) * y + (a * e - b * d)
        across = ((e - f * h) * x + (c * h - b) * y + (b * f - c * e)) / scale
        return across, ((f * g - d) * x + (a - c * g) * y + (c * d - a * f)) / scale

    return box_formats.around(boxes, back)


def _middle(images: Tensor) -> tuple[float, float]:
    """Returns the place in the middle of images: column and row."""
    return (images.shape[2] - 1) / 2, (images.shape[1] - 1) / 2


__all__ = [
    "Augmentation",
    "Projected",
    "RandomContrast",
    "RandomFlip",
    "RandomHeight",
    "RandomRotation",
    "RandomTranslation",
    "RandomWidth",
    "RandomZoom",
    "pair",
    "projected",
    "span",
]
