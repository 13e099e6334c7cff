"""Layers that move, cut and mix images. Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/

All change images while training only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from tfjs_pyo import naming, ops
from tfjs_pyo.config import Order, by_annotation, choice, field, number, positive_int
from tfjs_pyo.core import rng
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.image import resize_bilinear, resize_nearest_neighbor, transform
from tfjs_pyo.layers.augmentation import (
    Augmentation,
    Bounds,
    Projected,
    RandomContrast,
    RandomRotation,
    RandomTranslation,
    projected,
)
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.layers.color_augmentation import (
    AutoContrast,
    ColorAugmentation,
    Equalization,
    RandomBrightness,
    RandomColorDegeneration,
    RandomPosterization,
    RandomSharpness,
    Solarization,
    bounded,
    reach,
)
from tfjs_pyo.layers.image_data import Boxes, Change, as_classes, moved, no_boxes
from tfjs_pyo.layers.preprocessing import Sized, cut, interpolations, middle, scaled
from tfjs_pyo.layers.spatial import data_formats
from tfjs_pyo.ops.elimination import solve

_TRIALS = 16
_TINY = 1e-30


class RandomCrop(Augmentation, Sized):
    """Cuts a part out of images, at a random place that is the same for all images of a call.

    Where images are no larger, their middle is resized. What is no training gives images as they are, as in Keras.

    Args:
        height, width: of the part.
        seed: for the same places each time.
        data_format: 'channelsLast' or 'channelsFirst'.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.layers.RandomCrop(2, 3)(keras.ops.ones([1, 5, 5, 3])).shape
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
        ops.log(ops.maximum(layer._uniform(shape, 0, 1, at + place), _TINY)) / alpha for place in (0, 1)
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
        >>> from tfjs_pyo import keras
        >>> given = {"images": keras.ops.ones([2, 4, 4, 3]), "labels": keras.ops.eye(2)}
        >>> {name: x.shape for name, x in keras.layers.MixUp()(given).items()}
        {'images': (2, 4, 4, 3), 'labels': (2, 2)}

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

    def compute_output_shape(self, input_shape: Any) -> Any:
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


class _Chosen(ColorAugmentation):
    """Base of layers that apply some of many augmentations."""

    _kinds: ClassVar[tuple[type[Augmentation], ...]]

    interpolation: str = field("bilinear", choice("bilinear", "nearest"))

    def _made(self, kind: type[Augmentation], factor: tuple[float, float]) -> Augmentation:
        given: dict[str, Any] = {"seed": self.seed}
        values = {"value_range": self.value_range}
        if kind is RandomShear:
            given |= {"x_factor": factor, "y_factor": factor, "interpolation": self.interpolation}
        elif kind is RandomTranslation:
            given |= {"height_factor": factor, "width_factor": factor, "interpolation": self.interpolation}
        elif kind is RandomRotation:
            given |= {"factor": factor, "interpolation": self.interpolation}
        elif kind is Solarization:
            given |= {"addition_factor": factor, "threshold_factor": factor, **values}
        elif kind is RandomPosterization:
            given |= {"factor": max(1, int(8 * factor[1])), **values}
            given["factor"] = (given["factor"], given["factor"])
        elif kind in (AutoContrast, Equalization):
            given = dict(values)
        else:
            given |= {"factor": factor, **values}
        return kind(**given)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        factor = reach(self.factor, 0.0)
        self._steps = [self._made(kind, factor) for kind in self._kinds]


_FEW: tuple[type[Augmentation], ...] = (
    RandomShear, RandomTranslation, RandomRotation, RandomPosterization, Solarization, AutoContrast, Equalization,
)  # fmt: skip
_FURTHER: tuple[type[Augmentation], ...] = (
    RandomBrightness, RandomColorDegeneration, RandomContrast, RandomSharpness,
)  # fmt: skip


class RandAugment(_Chosen):
    """Applies some of eleven augmentations, drawn anew in each call (Cubuk et al., 2020).

    Args:
        value_range: the lowest and the highest value of pixels.
        num_ops: how many, one after the other.
        factor: how strong: from 0 to factor, or from lower to upper.
        interpolation: 'bilinear' or 'nearest'.
        seed: for the same choice each time.
        data_format: 'channelsLast' or 'channelsFirst'.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/rand_augment/
    """

    order: ClassVar[Order] = (
        "value_range", "num_ops", "factor", "interpolation", "seed", "data_format", ...,
    )  # fmt: skip
    _kinds = (*_FEW, *_FURTHER)

    num_ops: int = field(2, positive_int)
    factor: Bounds = field(0.5, bounded(0, 1))

    def _change(self, images: Tensor) -> Change:
        places = [
            (
                ops.floor(self._uniform((), 0, len(self._steps), place + 1)),
                [step._change(images) for step in self._steps],
            )
            for place in range(self.num_ops)
        ]

        def chosen(what: str, given: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
            for drawn, changes in places:
                found = given
                for at, change in enumerate(changes):
                    made = (getattr(change, what) or _same)(*given)
                    pairs = zip(made if isinstance(made, tuple) else (made,), found, strict=True)
                    found = tuple(ops.where(ops.equal(drawn, float(at)), *pair) for pair in pairs)
                given = found
            return given

        def boxes(*given: Tensor) -> Boxes:
            found, labels = chosen("boxes", given)
            return found, labels

        return Change(
            lambda x: chosen("images", (ops.cast(x, "float32"),))[0],
            lambda x: chosen("masks", (x,))[0],
            boxes,
        )


def _same(*given: Tensor) -> Any:
    """Returns what is given."""
    return given if len(given) > 1 else given[0]


class AugMix(_Chosen):
    """Mixes each image with chains of augmentations of itself (Hendrycks et al., 2020), and masks likewise; boxes stay.

    Which augmentations make a chain is drawn in each call; in `fit` one drawing serves all batches of a step that is compiled.

    Args:
        value_range: the lowest and the highest value of pixels.
        num_chains, chain_depth: how many chains, and augmentations in each.
        factor: how strong: from 0 to factor, or from lower to upper.
        alpha: parameter of the distributions that shares are drawn from.
        all_ops: whether brightness, color, contrast and sharpness are changed, too.
        interpolation: 'bilinear' or 'nearest'.
        seed: for the same choice each time.
        data_format: 'channelsLast' or 'channelsFirst'.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/aug_mix/
    """

    order: ClassVar[Order] = (
        "value_range", "num_chains", "chain_depth", "factor", "alpha", "all_ops", "interpolation", "seed", "data_format", ...,
    )  # fmt: skip
    _kinds = (*_FEW, *_FURTHER)

    num_chains: int = field(3, positive_int)
    chain_depth: int = field(3, positive_int)
    factor: Bounds = field(0.3, bounded(0, 1))
    alpha: float = field(1.0, number(0))
    all_ops: bool = field(True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._drawn = 0

    def _next(self, count: int) -> int:
        """Returns a number below a count, drawn in Python, as it decides what is computed."""
        if self.seed is None:
            word = rng.mix(rng.seed_word(), rng.reserve(1))
        else:
            word, self._drawn = rng.mix(self.seed & 0xFFFFFFFF, self._drawn), self._drawn + 1
        return word * count >> 32

    def _gamma(self, shape: Sequence[int], at: int) -> Tensor:
        seed = None if self.seed is None else self.seed + at
        return ops.maximum(ops.random_gamma(shape, max(self.alpha, 1e-6), seed=seed), _TINY)

    def _change(self, images: Tensor) -> Change:
        steps = self._steps if self.all_ops else self._steps[: len(_FEW)]
        shares = self._gamma((self.num_chains,), 21)
        shares = shares / ops.sum(shares)
        one, other = self._gamma((), 22), self._gamma((), 23)
        share = one / (one + other)
        numbers = [
            [self._next(len(steps) + 1) for _ in range(self.chain_depth)] for _ in range(self.num_chains)
        ]
        chains = [[steps[at]._change(images) for at in chain if at < len(steps)] for chain in numbers]

        def mixed(what: str, x: Tensor) -> Tensor:
            x = ops.cast(x, "float32")
            whole = ops.zeros_like(x)
            for at, chain in enumerate(chains):
                found = x
                for change in chain:
                    found = (getattr(change, what) or _same)(found)
                whole = whole + found * shares[at]
            return share * x + (1 - share) * whole

        return Change(partial(mixed, "images"), partial(mixed, "masks"))


class Pipeline(Layer):
    """Applies layers one after the other, as augmentation: with `training` True by default.

    Args:
        layers: the layers.

    Example:
        >>> from tfjs_pyo import keras
        >>> steps = keras.layers.Pipeline([keras.layers.RandomFlip(), keras.layers.Rescaling(0.5)])
        >>> steps(keras.ops.ones([1, 1, 1, 3])).tolist()
        [[[[0.5, 0.5, 0.5]]]]

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/pipeline/
    """

    _several_inputs = True
    _usually_training = True

    layers: Any = field()
    name: Any = field(None, by_annotation("str | None"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        from_config = type(self).fields["layers"].name
        given = self.layers
        if not isinstance(given, (list, tuple)) or not all(isinstance(each, Layer) for each in given):
            raise OptionError(
                f"{self.display_name}: expected {naming.camel(from_config)!r} to be a list of layers, received {given!r}."
            )
        self.layers = list(given)

    def call(self, inputs: Any, training: bool = False) -> Any:
        for layer in self.layers:
            inputs = layer._run(inputs, {"training": training})
        return inputs

    def compute_output_shape(self, input_shape: Any) -> Any:
        for layer in self.layers:
            input_shape = layer._shapes_of_call(input_shape, {})
        return input_shape


__all__ = [
    "AugMix", "CutMix", "MixUp", "Pipeline", "RandAugment", "RandomCrop", "RandomErasing", "RandomPerspective", "RandomShear",
    "homographies",
]  # fmt: skip
