"""Layers that apply augmentations one after the other, all or some. Source: https://keras.io/api/layers/preprocessing_layers/"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from tfjs_pyo import naming, ops
from tfjs_pyo.config import Order, by_annotation, choice, field, number, positive_int
from tfjs_pyo.core import rng
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError
from tfjs_pyo.layers.area_augmentation import TINY, RandomShear
from tfjs_pyo.layers.augmentation import (
    Augmentation,
    Bounds,
    RandomContrast,
    RandomRotation,
    RandomTranslation,
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
from tfjs_pyo.layers.image_data import Boxes, Change
from tfjs_pyo.types import Result, Shapes


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

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.randAugment({"valueRange": [0, 1], "numOps": 2})
        >>> y = layer.apply(tf.ones([2, 8, 8, 3]), {"training": True})
        >>> y.shape, bool(tf.all(tf.lessEqual(y, 1)))
        ((2, 8, 8, 3), True)

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

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.augMix({"valueRange": [0, 1], "numChains": 2})
        >>> y = layer.apply(tf.ones([2, 8, 8, 3]), {"training": True})
        >>> y.shape, bool(tf.all(tf.lessEqual(y, 1)))
        ((2, 8, 8, 3), True)

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
        return ops.maximum(ops.random_gamma(shape, max(self.alpha, 1e-6), seed=seed), TINY)

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
        >>> import tfjs_pyo as tf
        >>> steps = tf.layers.pipeline({"layers": [tf.layers.randomFlip(), tf.layers.rescaling({"scale": 0.5})]})
        >>> steps(tf.ones([1, 1, 1, 3])).array_sync()
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

    def call(self, inputs: Any, training: bool = False) -> Result:
        for layer in self.layers:
            inputs = layer._run(inputs, {"training": training})
        return inputs

    def compute_output_shape(self, input_shape: Any) -> Shapes:
        for layer in self.layers:
            input_shape = layer._shapes_of_call(input_shape, {})
        return input_shape


__all__ = ["AugMix", "Pipeline", "RandAugment"]
