"""`keras.ops.image`: images read at other places: turned, bent, seen from elsewhere."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.keras.ops.declare import Group, as_float, tensor
from tfjs_pyo.keras.ops.filters import as_batch, blurred
from tfjs_pyo.layers.area_augmentation import homographies
from tfjs_pyo.layers.sampling import MODES, grid, sampled

image = Group()

_ORDERS = {"nearest": 0, "bilinear": 1}


def _check(owner: str, interpolation: str, fill_mode: str) -> int:
    if interpolation not in _ORDERS or fill_mode not in MODES:
        raise OptionError(
            f"{owner}: expected `interpolation` to be 'nearest' or 'bilinear' and `fill_mode` one of {', '.join(MODES)}, "
            f"received {interpolation!r} and {fill_mode!r}."
        )
    return _ORDERS[interpolation]


@image.op(2)
def map_coordinates(
    inputs: Tensor, coordinates: Tensor, order: int, fill_mode: str = "constant", fill_value: float = 0
) -> Tensor:
    """Returns elements at coordinates between the elements.

    Args:
        inputs: numbers.
        coordinates: float32 [rank of the inputs, ...].
        order: 0 takes the nearest element, 1 mixes the neighbours.
        fill_mode: what lies beyond the ends: 'constant', 'nearest', 'wrap', 'mirror' or 'reflect'.
        fill_value: what is there for 'constant'.

    Raises:
        ShapeError: another number of coordinates than axes.
        OptionError: an option with another value.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.image.map_coordinates([[0.0, 10.0], [20.0, 30.0]], [[0.0, 0.5], [1.0, 0.5]], order=1)
        Tensor
            [10, 15]

    Source: https://keras.io/api/ops/image/
    """
    if coordinates.rank < 2 or coordinates.shape[0] != inputs.rank:
        raise ShapeError(
            f"map_coordinates: expected coordinates [{inputs.rank}, ...] for shape {inputs.shape}, received shape "
            f"{coordinates.shape}."
        )
    if order not in (0, 1) or fill_mode not in MODES:
        raise OptionError(
            f"map_coordinates: expected `order` 0 or 1 and `fill_mode` one of {', '.join(MODES)}, received {order!r} and "
            f"{fill_mode!r}."
        )
    places = ops.unstack(as_float(coordinates))
    return ops.cast(sampled(as_float(inputs), places, order, fill_mode, fill_value), inputs.dtype)


def _each(batched: Tensor, places: Any, order: int, mode: str, fill: float) -> Tensor:
    """Returns the images of a batch read at places that `places(number)` gives for each."""
    parts = ops.unstack(batched)
    return ops.stack([sampled(part, places(number), order, mode, fill) for number, part in enumerate(parts)])


@image.op(2)
def affine_transform(
    images: Tensor,
    transform: Tensor,
    interpolation: str = "bilinear",
    fill_mode: str = "constant",
    fill_value: float = 0,
    data_format: str | None = None,
) -> Tensor:
    """Returns images read at places that a matrix gives.

    Args:
        images: numbers, one image or a batch.
        transform: float32 [8], or one for each image: pixel (x, y) shows what is at ((a0 x + a1 y + a2) / k,
            (b0 x + b1 y + b2) / k), k = c0 x + c1 y + 1, as TensorFlow has it.
        interpolation: 'nearest' or 'bilinear'.
        fill_mode: what lies beyond the edges: 'constant', 'nearest', 'wrap', 'mirror' or 'reflect'.
        fill_value: what is there for 'constant'.
        data_format: where the channels are.

    Raises:
        OptionError: an option with another value.
        ShapeError: images of another rank than 3 or 4.

    Example:
        >>> from tfjs_pyo import keras
        >>> image = keras.ops.array([[[1.0], [2.0], [3.0]], [[4.0], [5.0], [6.0]]])
        >>> keras.ops.image.affine_transform(image, [1, 0, 1, 0, 1, 0, 0, 0])[:, :, 0]
        Tensor
            [[2, 3, 0],
             [5, 6, 0]]

    Source: https://keras.io/api/ops/image/
    """
    order = _check("affine_transform", interpolation, fill_mode)
    batched, back = as_batch("affine_transform", images, data_format)
    table = as_float(transform)
    table = ops.expand_dims(table, 0) if table.rank == 1 else table
    rows, columns = grid(*batched.shape[1:3])

    def places(number: int) -> list[Tensor]:
        return _seen(ops.unstack(table[number if table.shape[0] > 1 else 0]), rows, columns)

    return back(_each(batched, places, order, fill_mode, fill_value))


@image.op(3)
def perspective_transform(
    images: Tensor,
    start_points: Tensor,
    end_points: Tensor,
    interpolation: str = "bilinear",
    fill_value: float = 0,
    data_format: str | None = None,
) -> Tensor:
    """Returns images whose four start points are seen at four end points, float32 [4, 2], or four for each image.

    Raises:
        OptionError: an option with another value.
        ShapeError: images of another rank than 3 or 4, or points of another shape than [4, 2] or [batch, 4, 2].

    Example:
        >>> from tfjs_pyo import keras
        >>> image = keras.ops.array([[[1.0], [2.0]], [[3.0], [4.0]]])
        >>> corners, mirrored = [[0, 0], [1, 0], [0, 1], [1, 1]], [[1, 0], [0, 0], [1, 1], [0, 1]]
        >>> keras.ops.image.perspective_transform(image, corners, mirrored)[:, :, 0].numpy().round(3)
        array([[2., 1.],
               [4., 3.]], dtype=float32)

    Source: https://keras.io/api/ops/image/
    """
    order = _check("perspective_transform", interpolation, "constant")
    batched, back = as_batch("perspective_transform", images, data_format)
    starts, ends = as_float(start_points), as_float(end_points)
    if starts.shape != ends.shape or starts.shape[-2:] != (4, 2):
        raise ShapeError(
            f"perspective_transform: expected points [4, 2] or [batch, 4, 2], received shapes {starts.shape} and {ends.shape}."
        )
    factors = homographies(ops.reshape(starts, [-1, 4, 2]), ops.reshape(ends, [-1, 4, 2]))
    rows, columns = grid(*batched.shape[1:3])

    def places(number: int) -> list[Tensor]:
        return _seen(ops.unstack(factors[number if factors.shape[0] > 1 else 0]), rows, columns)

    return back(_each(batched, places, order, "constant", fill_value))


def _seen(a: Sequence[Tensor], rows: Tensor, columns: Tensor) -> list[Tensor]:
    """Returns where a projection by eight numbers takes each pixel."""
    depth = a[6] * columns + a[7] * rows + 1.0
    return [(a[3] * columns + a[4] * rows + a[5]) / depth, (a[0] * columns + a[1] * rows + a[2]) / depth]


_WIDEST = 1000.0
"""The largest deviation of noise, in pixels: filters are six times as wide."""


@image.op()
def elastic_transform(
    images: Tensor,
    alpha: float = 20.0,
    sigma: float = 5.0,
    interpolation: str = "bilinear",
    fill_mode: str = "reflect",
    fill_value: float = 0.0,
    seed: Any = None,
    data_format: str | None = None,
) -> Tensor:
    """Returns images bent at random: pixels move by smoothed noise.

    Args:
        images: numbers, one image or a batch.
        alpha: how far.
        sigma: how smooth.
        interpolation, fill_mode, fill_value: as for `affine_transform`.
        seed: number for the same result each time.
        data_format: where the channels are.

    Raises:
        OptionError: an option with another value, or a `sigma` that is not above 0 or too large.
        ShapeError: images of another rank than 3 or 4.

    Example:
        >>> from tfjs_pyo import keras
        >>> image = keras.ops.reshape(keras.ops.arange(64.0), [8, 8, 1])
        >>> bent = [keras.ops.image.elastic_transform(image, alpha=2.0, sigma=1.0, seed=7) for _ in range(2)]
        >>> bent[0].shape, keras.ops.all(bent[0] == bent[1]).item()
        ((8, 8, 1), True)

    Source: https://keras.io/api/ops/image/
    """
    order = _check("elastic_transform", interpolation, fill_mode)
    batched, back = as_batch("elastic_transform", images, data_format)
    if not (0 < sigma <= _WIDEST and math.isfinite(alpha)):
        raise OptionError(
            f"elastic_transform: expected `sigma` above 0, up to {_WIDEST}, and a finite `alpha`, received {sigma} and {alpha}."
        )
    size = int(6 * sigma) | 1
    noise = ops.random_normal(
        [*batched.shape[:3], 2], 0.0, float(sigma), seed=getattr(seed, "next_number", lambda: seed)()
    )
    shifts = blurred(noise, (size, size), tensor([sigma, sigma])) * float(alpha)
    rows, columns = grid(*batched.shape[1:3])

    def places(number: int) -> list[Tensor]:
        return [rows + shifts[number, :, :, 1], columns + shifts[number, :, :, 0]]

    return back(_each(batched, places, order, fill_mode, fill_value))


__all__ = ["image"]
