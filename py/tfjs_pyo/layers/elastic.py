"""The layer RandomElasticTransform: images bent at random."""

from __future__ import annotations

from typing import ClassVar

from tfjs_pyo import ops
from tfjs_pyo.config import Order, choice, field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.layers.augmentation import Bounds
from tfjs_pyo.layers.color_augmentation import ColorAugmentation, bounded, reach, smoothed
from tfjs_pyo.layers.image_data import Change, as_classes, no_boxes
from tfjs_pyo.layers.preprocessing import interpolations
from tfjs_pyo.layers.sampling import MODES, grid, sampled
from tfjs_pyo.ops.random import derived

_LEAST = 1e-6


class RandomElasticTransform(ColorAugmentation):
    """Bends some images: pixels move by smoothed noise (Simard et al., 2003). Boxes cannot follow, as what is in them is bent.

    Args:
        factor: how many: a number from 0 to factor, or from lower to upper.
        scale: how far, of a tenth of the longer side, and how smooth, of a twentieth of the shorter one; drawn for all images of
            a call.
        interpolation: 'bilinear' or 'nearest'.
        fill_mode: how images go on beyond their edges: 'constant', 'nearest', 'wrap', 'mirror' or 'reflect'.
        fill_value: what lies beyond with 'constant'.
        value_range: the lowest and the highest value of pixels.
        seed: for the same images each time.
        data_format: 'channelsLast' or 'channelsFirst'.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.randomElasticTransform({"scale": [0.5, 0.5]})
        >>> layer.apply(tf.ones([1, 16, 16, 3]), {"training": True}).shape
        (1, 16, 16, 3)

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_elastic_transform/
    """

    per_sample = True
    _least = 0.0
    order: ClassVar[Order] = (
        "factor", "scale", "interpolation", "fill_mode", "fill_value", "value_range", "seed", "data_format", ...,
    )  # fmt: skip

    factor: Bounds = field(1.0, bounded(0, 1))
    scale: Bounds = field(1.0, bounded(0, 1))
    interpolation: str = field("bilinear", interpolations)
    fill_mode: str = field("reflect", choice(*MODES))
    fill_value: float = field(0.0, number())

    def _change(self, images: Tensor) -> Change:
        count, high, wide, _ = images.shape
        low, top = reach(self.scale, 0.0)
        if top == 0:
            return Change(lambda x: ops.cast(x, "float32"), boxes=no_boxes(self))
        drawn = self._uniform((), low, top, 3)
        sigma = ops.maximum(drawn * (0.05 * min(high, wide)), _LEAST)
        noise = ops.random_normal((count, high, wide, 2), 0.0, 1.0, seed=derived(self.seed, 4)) * sigma
        weights = _bell(sigma, 0.05 * min(high, wide) * top)
        smooth = smoothed(smoothed(noise, ops.expand_dims(weights, 1)), ops.expand_dims(weights, 0))
        shifts = smooth * (drawn * (0.1 * max(high, wide)))
        rows, columns = grid(high, wide)
        chosen = self._chosen(images)

        def bent(x: Tensor, order: int) -> Tensor:
            parts = [
                sampled(
                    image,
                    [rows + shift[:, :, 1], columns + shift[:, :, 0]],
                    order,
                    self.fill_mode,
                    self.fill_value,
                )
                for image, shift in zip(ops.unstack(x), ops.unstack(shifts), strict=True)
            ]
            return ops.where(chosen, ops.stack(parts), x)

        order = int(self.interpolation == "bilinear")
        return Change(
            lambda x: self._within(bent(ops.cast(x, "float32"), order)),
            as_classes(lambda x: bent(x, 0)),
            no_boxes(self),
        )


def _bell(sigma: Tensor, widest: float) -> Tensor:
    """Returns the weights of a window that reaches three deviations to each side, within one for the widest deviation."""
    half = (int(6 * widest) | 1) // 2
    places = ops.range(-half, half + 1, 1, "float32")
    inside = ops.less_equal(2 * ops.abs(places), ops.maximum(ops.floor(6 * sigma), 1.0))
    values = ops.where(inside, ops.exp(-ops.square(places / sigma) / 2), 0.0)
    return values / ops.sum(values)


__all__ = ["RandomElasticTransform"]
