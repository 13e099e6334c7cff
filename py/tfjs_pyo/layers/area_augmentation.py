"""Layers that move, cut and mix images. Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/

All change images while training only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from tfjs_pyo import ops
from tfjs_pyo.config import Order, by_annotation, field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.image import resize_bilinear, resize_nearest_neighbor, transform
from tfjs_pyo.layers.augmentation import (
    Augmentation,
    Bounds,
    Projected,
    projected,
)
from tfjs_pyo.layers.color_augmentation import (
    ColorAugmentation,
    bounded,
    reach,
)
from tfjs_pyo.layers.image_data import Boxes, Change, as_classes, moved, no_boxes
from tfjs_pyo.layers.preprocessing import Sized, cut, interpolations, middle, scaled
from tfjs_pyo.layers.spatial import data_formats
from tfjs_pyo.ops.elimination import solve
from tfjs_pyo.types import Shapes

_TRIALS = 16
TINY = 1e-30


class RandomCrop(Augmentation, Sized):
    """Cuts a part out of images, at a random place that is the same for all images of a call.

    Where images are no larger, their middle is resized. What is no training gives images as they are, as in Keras.

    Args:
        height, width: of the part.
        seed: for the same places each time.
        data_format: 'channelsLast' or 'channelsFirst'.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.randomCrop({"height": 2, "width": 3}).apply(tf.ones([1, 5, 5, 3]), {"training": True}).shape
        (1, 2, 3, 3)

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_crop/
    """

    per_sample = True

    seed: int | None = field(None)
    data_format: str = field("channels_last", data_formats, keras=None)
    name: Any = field(None, by_annotation("str | None"))

    def _change(self, images: Tensor) -> Change:
        high, wide = images.shape[1:3]
        size = (self.height, self.width)
        if high <= self.height or wide <= self.width:
            return self._fitted(high, wide)
        starts = {
            axis: ops.cast(ops.floor(self._uniform((), 0, whole - own + 1, axis)), "int32")
            for axis, (own, whole) in enumerate(zip(size, (high, wide), strict=True), 1)
        }

        def part(x: Tensor) -> Tensor:
            for axis, first in starts.items():
                x = ops.gather(x, ops.range(0, size[axis - 1], 1, "int32") + first, axis)
            return x

        corner = ops.cast(ops.stack([starts[2], starts[1], starts[2], starts[1]]), "float32")
        return Change(lambda x: part(ops.cast(x, "float32")), part, moved(lambda boxes: boxes - corner, size))

    def _fitted(self, high: int, wide: int) -> Change:
        """Returns what becomes of images that are no larger than the part."""
        size = (self.height, self.width)
        top, left, _, _ = middle(high, wide, size)
        part = (top, left, min(self.height, high - top), min(self.width, wide - left))

        def fitted(x: Tensor, resize: Any) -> Tensor:
            x = cut(x, *part)
            return x if part[2:] == size else resize(x, size, False, True)

        return Change(
            lambda x: fitted(ops.cast(x, "float32"), resize_bilinear),
            lambda x: fitted(x, resize_nearest_neighbor),
            moved(lambda boxes: scaled(boxes, part, size), size),
        )


class RandomShear(Projected):
    """Slants each image.

    Args:
        x_factor: how far rows move for each row: from -factor to factor, or from lower to upper, to either side.
        y_factor: the same for columns.
        interpolation, fill_mode, fill_value, data_format, seed: as for RandomRotation.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.randomShear({"xFactor": 0.2, "yFactor": 0.2})
        >>> layer.apply(tf.ones([1, 8, 8, 3]), {"training": True}).shape
        (1, 8, 8, 3)

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_shear/
    """

    per_sample = True
    order: ClassVar[Order] = (
        "x_factor", "y_factor", "interpolation", "fill_mode", "fill_value", "data_format", "seed", ...,
    )  # fmt: skip

    x_factor: Bounds = field(0.0, bounded(0, 1))
    y_factor: Bounds = field(0.0, bounded(0, 1))

    def _coefficients(self, images: Tensor) -> Sequence[Tensor | float]:
        side = ops.where(ops.greater(self._draw(images, 0, 1), 0.5), -1.0, 1.0)
        across = side * self._draw(images, *reach(self.x_factor, -1.0), 1)
        down = side * self._draw(images, *reach(self.y_factor, -1.0), 2)
        return 1.0, across, 0.0, down, 1.0, 0.0


class RandomPerspective(Augmentation):
    """Sees some images from another side: their corners move.

    Args:
        factor: how many: a number from 0 to factor, or from lower to upper.
        scale: how far corners move at most, as a part of their distance from the first.
        interpolation: 'bilinear' or 'nearest'.
        fill_value: what lies beyond.
        seed: for the same corners each time.
        data_format: 'channelsLast' or 'channelsFirst'.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.randomPerspective({"scale": 0.5, "fillValue": 7})
        >>> layer.apply(tf.zeros([2, 16, 16, 1]), {"training": True}).shape
        (2, 16, 16, 1)

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_perspective/
    """

    per_sample = True

    factor: Bounds = field(1.0, bounded(0, 1))
    scale: float = field(1.0, number(0, 1))
    interpolation: str = field("bilinear", interpolations)
    fill_value: float = field(0.0, number())
    seed: int | None = field(None)
    data_format: str = field("channels_last", data_formats, keras=None)

    def _change(self, images: Tensor) -> Change:
        count, high, wide, _ = images.shape
        chosen = ops.less(self._draw(images, 0, 1, 1), self._draw(images, *reach(self.factor, 0.0), 2))
        corners = ops.tensor([[0.0, 0.0], [wide - 1.0, 0.0], [0.0, high - 1.0], [wide - 1.0, high - 1.0]])
        ends = corners * (1 + self._uniform((count, 4, 2), -0.5 * self.scale, 0.5 * self.scale, 3))
        projections = homographies(corners, ends)

        def seen(interpolation: str, x: Tensor) -> Tensor:
            return ops.where(chosen, transform(x, projections, interpolation, "constant", self.fill_value), x)

        def turned(boxes: Tensor) -> Tensor:
            return ops.where(ops.squeeze(chosen, [3]), projected(projections, boxes), boxes)

        return Change(
            lambda x: seen(self.interpolation, ops.cast(x, "float32")),
            as_classes(partial(seen, "nearest")),
            moved(turned, (high, wide)),
        )


def homographies(starts: Tensor, ends: Tensor) -> Tensor:
    """Returns the eight numbers that take four end points to four start points, [count, 8].

    Args:
        starts: [4, 2] or [count, 4, 2], columns and rows.
        ends: [count, 4, 2].
    """
    starts = ops.broadcast_to(starts, ends.shape)
    rows, values = [], []
    for point in range(4):
        x, y = ends[:, point, 0], ends[:, point, 1]
        one, zero = ops.ones_like(x), ops.zeros_like(x)
        for axis in range(2):
            target = starts[:, point, axis]
            own = [x, y, one]
            parts = [*own, zero, zero, zero] if axis == 0 else [zero, zero, zero, *own]
            rows.append(ops.stack([*parts, -target * x, -target * y], -1))
            values.append(target)
    found = solve(ops.stack(rows, 1), ops.expand_dims(ops.stack(values, -1), -1))
    return ops.squeeze(found, (2,))


def _boxes(layer: Augmentation, images: Tensor, sides: Sequence[Tensor], at: int) -> tuple[Tensor, Tensor]:
    """Returns which pixels lie in a random box, [batch, height, width, 1], and the part of the image that it covers.

    Args:
        layer: that draws.
        images: [batch, height, width, channels].
        sides: height and width of the boxes as parts of those of images, [batch, 1, 1, 1].
        at: first number of the draws.
    """
    inside, part = [], []
    for axis, side in enumerate(sides, 1):
        whole = images.shape[axis]
        size = side * whole
        first = layer._draw(images, 0, 1, at + axis) * (whole - size)
        places = ops.reshape(ops.range(0, whole, 1, "float32"), [-1 if a == axis else 1 for a in range(4)])
        inside.append(ops.logical_and(ops.greater_equal(places, first), ops.less(places, first + size)))
        part.append(size / whole)
    return ops.logical_and(*inside), part[0] * part[1]


class RandomErasing(ColorAugmentation):
    """Fills a box in some images; what belongs to the images stays, as in Keras.

    Args:
        factor: how many: a number from 0 to factor, or from lower to upper.
        scale: how much of an image the boxes cover, from lower to upper.
        fill_value: a number, or one for each channel; noise if None.
        value_range, seed, data_format: as for RandomColorDegeneration.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.randomErasing({"factor": [1, 1], "scale": [0.25, 0.25], "fillValue": 9})
        >>> y = layer.apply(tf.zeros([1, 8, 8, 1]), {"training": True})
        >>> sorted(set(y.flatten().array_sync()))
        [0.0, 9.0]

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_erasing/
    """

    per_sample = True
    _least = 0.0
    order: ClassVar[Order] = ("factor", "scale", "fill_value", "value_range", "seed", "data_format", ...)

    factor: Bounds = field(1.0, bounded(0, 1))
    scale: Bounds = field((0.02, 0.33), bounded(0, 1))
    fill_value: Any = field(None)

    def _vary(self, images: Tensor) -> Tensor:
        x = ops.cast(images, "float32")
        sides = [ops.sqrt(self._draw(x, *reach(self.scale, 0.0), place)) for place in (3, 4)]
        inside, _ = _boxes(self, x, sides, 5)
        erased = ops.where(inside, self._within(self._filling(x)), x)
        return ops.where(self._chosen(x), erased, x)

    def _filling(self, images: Tensor) -> Tensor:
        if self.fill_value is None:
            seed = None if self.seed is None else self.seed + 11
            return ops.random_normal(images.shape, 0.0, 1.0, "float32", seed) * self.value_range[1]
        return ops.broadcast_to(ops.tensor(self.fill_value, dtype="float32"), images.shape)


def _beta(layer: Augmentation, images: Tensor, alpha: Tensor | float, at: int) -> Tensor:
    """Returns numbers of the beta distribution with two equal parameters up to 1, [batch, 1, 1, 1] (Jöhnk, 1964)."""
    shape = (images.shape[0], _TRIALS)
    first, second = (
        ops.log(ops.maximum(layer._uniform(shape, 0, 1, at + place), TINY)) / alpha for place in (0, 1)
    )
    accepted = ops.cast(ops.less_equal(ops.exp(first) + ops.exp(second), 1.0), "int32")
    chosen = ops.expand_dims(ops.arg_max(accepted, 1), -1)
    places = ops.equal(ops.range(0, _TRIALS, 1, "int32"), ops.cast(chosen, "int32"))
    found = ops.sum(ops.where(places, ops.sigmoid(first - second), 0.0), 1)
    return ops.reshape(found, (-1, 1, 1, 1))


class _Mixing(Augmentation):
    """Base of layers that mix each image with another one of the batch; labels, which must be one-hot, likewise."""

    def _order(self, images: Tensor) -> Tensor:
        """Returns the numbers of the images in a random order."""
        drawn = self._uniform((images.shape[0],), 0, 1, 1)
        return ops.topk(drawn, images.shape[0]).indices

    def _mixed_labels(self, order: Tensor, share: Tensor) -> Callable[[Tensor], Tensor]:
        """Returns what becomes of labels; `share` says how much of each image is of itself, [batch, 1, 1, 1]."""

        def mixed(labels: Tensor) -> Tensor:
            if labels.rank < 2:
                raise ShapeError(
                    f"{self.display_name}: expected one-hot labels [batch, classes], received shape {tuple(labels.shape)}."
                )
            own, x = ops.reshape(share, (-1, *(1 for _ in labels.shape[1:]))), ops.cast(labels, "float32")
            return own * x + (1 - own) * ops.gather(x, order)

        return mixed


class MixUp(_Mixing):
    """Adds up each image and another one of the batch, and their labels (Zhang et al., 2018). Boxes are those of both.

    Args:
        alpha: parameter of the beta distribution that shares are drawn from.
        data_format: 'channelsLast' or 'channelsFirst'.
        seed: for the same shares each time.

    Example:
        >>> import tfjs_pyo as tf
        >>> data = {"images": tf.ones([2, 4, 4, 3]), "labels": tf.eye(2)}
        >>> mixed = tf.layers.mixUp().apply(data, {"training": True})
        >>> tf.sum(mixed["labels"], 1).round()
        Tensor
            [1, 1]

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/mix_up/
    """

    alpha: float = field(0.2, number(0))
    data_format: str = field("channels_last", data_formats, keras=None)
    seed: int | None = field(None)

    def _share(self, images: Tensor) -> Tensor:
        """Returns how much of each image is of itself, [batch, 1, 1, 1]."""
        if self.alpha <= 1:
            return _beta(self, images, max(self.alpha, 1e-6), 2)
        seeds = (None, None) if self.seed is None else (self.seed + 1, self.seed + 2)
        one, other = (ops.random_gamma((images.shape[0], 1, 1, 1), self.alpha, seed=s) for s in seeds)
        return one / (one + other)

    def _change(self, images: Tensor) -> Change:
        order, share = self._order(images), self._share(images)

        def mixed(x: Tensor) -> Tensor:
            x = ops.cast(x, "float32")
            return share * x + (1 - share) * ops.gather(x, order)

        def both(*parts: Tensor) -> Boxes:
            boxes, labels = (ops.concat([part, ops.gather(part, order)], 1) for part in parts)
            return boxes, labels

        return Change(mixed, mixed, both, self._mixed_labels(order, share))

    def compute_output_shape(self, input_shape: Any) -> Shapes:
        if not isinstance(input_shape, Mapping) or "bounding_boxes" not in input_shape:
            return input_shape
        given = input_shape["bounding_boxes"]
        twice = {key: (shape[0], 2 * shape[1], *shape[2:]) for key, shape in given.items()}
        return {**input_shape, "bounding_boxes": twice}


class CutMix(_Mixing):
    """Replaces a part of each image by that of another one of the batch; labels are mixed by area (Yun et al., 2019).

    Boxes cannot follow: what is in them may be hidden.

    Args:
        factor: parameter of the beta distribution that areas are drawn from: a number from 0 to factor, or from lower to upper.
        seed: for the same boxes each time.
        data_format: 'channelsLast' or 'channelsFirst'.

    Example:
        >>> import tfjs_pyo as tf
        >>> data = {"images": tf.ones([2, 4, 4, 3]), "labels": tf.eye(2)}
        >>> mixed = tf.layers.cutMix().apply(data, {"training": True})
        >>> tf.sum(mixed["labels"], 1).round()
        Tensor
            [1, 1]

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/cut_mix/
    """

    factor: Bounds = field(1.0, bounded(0, 1))
    seed: int | None = field(None)
    data_format: str = field("channels_last", data_formats, keras=None)

    def _change(self, images: Tensor) -> Change:
        alpha = self._uniform((), *reach(self.factor, 0.0), 2) + 1e-6
        side = ops.sqrt(1 - _beta(self, images, alpha, 3))
        inside, part = _boxes(self, images, [side, side], 5)
        order = self._order(images)

        def mixed(x: Tensor) -> Tensor:
            return ops.where(inside, ops.gather(x, order), x)

        return Change(
            lambda x: mixed(ops.cast(x, "float32")),
            mixed,
            no_boxes(self),
            self._mixed_labels(order, 1 - part),
        )


__all__ = [
    "CutMix", "MixUp", "RandomCrop", "RandomErasing", "RandomPerspective", "RandomShear", "homographies",
]  # fmt: skip
