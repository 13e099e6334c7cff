"""Images rotated, moved, sheared, zoomed and brightened by random numbers, which NumPy's generator draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tfjs_pyo.core import engine
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.keras.arrays import array_of
from tfjs_pyo.keras.preprocessing.affine import (
    apply_affine_transform,
    apply_brightness_shift,
    apply_channel_shift,
)
from tfjs_pyo.rules import check_public
from tfjs_pyo.types import NDArray


def random_rotation(
    x: Any,
    rg: float,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    interpolation_order: int = 1,
) -> NDArray:
    """Returns an image rotated by a random angle, drawn by NumPy's generator.

    Args:
        x, row_axis, col_axis, channel_axis, fill_mode, cval: as for `apply_affine_transform`.
        rg: the largest angle, in degrees.
        interpolation_order: `order` there.

    Returns:
        An array of the same shape.

    Example:
        >>> import numpy as np
        >>> from tfjs_pyo import keras
        >>> keras.preprocessing.image.random_rotation(np.ones((1, 4, 4)), 90).shape
        (1, 4, 4)

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/image/random_rotation
    """
    theta = engine.import_numpy("random_rotation").random.uniform(-rg, rg)
    return apply_affine_transform(
        x, theta, 0, 0, 0, 1, 1, row_axis, col_axis, channel_axis, fill_mode, cval, interpolation_order
    )


def random_shift(
    x: Any,
    wrg: float,
    hrg: float,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    interpolation_order: int = 1,
) -> NDArray:
    """Returns an image moved by a random distance, drawn by NumPy's generator.

    Args:
        x, row_axis, col_axis, channel_axis, fill_mode, cval: as for `apply_affine_transform`.
        wrg, hrg: the largest distance, as shares of the width and of the height.
        interpolation_order: `order` there.

    Returns:
        An array of the same shape.

    Raises:
        ShapeError: no image.

    Example:
        >>> import numpy as np
        >>> from tfjs_pyo import keras
        >>> keras.preprocessing.image.random_shift(np.ones((1, 4, 4)), 0.5, 0.5).shape
        (1, 4, 4)

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/image/random_shift
    """
    np = engine.import_numpy("random_shift")
    image = array_of("random_shift", "x", x)
    if image.ndim != 3:
        raise ShapeError(f"random_shift: expected an image of rank 3, received shape {image.shape}.")
    tx = np.random.uniform(-hrg, hrg) * image.shape[row_axis]
    ty = np.random.uniform(-wrg, wrg) * image.shape[col_axis]
    return apply_affine_transform(
        image, 0, tx, ty, 0, 1, 1, row_axis, col_axis, channel_axis, fill_mode, cval, interpolation_order
    )


def random_shear(
    x: Any,
    intensity: float,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    interpolation_order: int = 1,
) -> NDArray:
    """Returns an image sheared by a random angle, drawn by NumPy's generator.

    Args:
        x, row_axis, col_axis, channel_axis, fill_mode, cval: as for `apply_affine_transform`.
        intensity: the largest angle, in degrees.
        interpolation_order: `order` there.

    Returns:
        An array of the same shape.

    Example:
        >>> import numpy as np
        >>> from tfjs_pyo import keras
        >>> keras.preprocessing.image.random_shear(np.ones((1, 4, 4)), 20).shape
        (1, 4, 4)

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/image/random_shear
    """
    shear = engine.import_numpy("random_shear").random.uniform(-intensity, intensity)
    return apply_affine_transform(
        x, 0, 0, 0, shear, 1, 1, row_axis, col_axis, channel_axis, fill_mode, cval, interpolation_order
    )


def random_zoom(
    x: Any,
    zoom_range: Sequence[float],
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    interpolation_order: int = 1,
) -> NDArray:
    """Returns an image zoomed at random along rows and columns, drawn by NumPy's generator.

    Args:
        x, row_axis, col_axis, channel_axis, fill_mode, cval: as for `apply_affine_transform`.
        zoom_range: the smallest and the largest zoom.
        interpolation_order: `order` there.

    Returns:
        An array of the same shape.

    Raises:
        OptionError: other than two numbers.

    Example:
        >>> import numpy as np
        >>> from tfjs_pyo import keras
        >>> keras.preprocessing.image.random_zoom(np.ones((1, 4, 4)), (0.5, 1.5)).shape
        (1, 4, 4)

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/image/random_zoom
    """
    np = engine.import_numpy("random_zoom")
    if len(zoom_range) != 2:
        raise OptionError(f"random_zoom: expected `zoom_range` to be two numbers, received {zoom_range}.")
    least, most = zoom_range
    zx, zy = (1, 1) if least == most == 1 else map(float, np.random.uniform(least, most, 2))
    return apply_affine_transform(
        x, 0, 0, 0, 0, zx, zy, row_axis, col_axis, channel_axis, fill_mode, cval, interpolation_order
    )


def random_channel_shift(x: Any, intensity_range: float, channel_axis: int = 0) -> NDArray:
    """Returns an image with one random number added to its values, drawn by NumPy's generator.

    Args:
        x, channel_axis: as for `apply_channel_shift`.
        intensity_range: the largest number.

    Returns:
        An array of the same shape.

    Example:
        >>> import numpy as np
        >>> from tfjs_pyo import keras
        >>> keras.preprocessing.image.random_channel_shift(np.ones((1, 4, 4)), 20).shape
        (1, 4, 4)

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/image/random_channel_shift
    """
    np = engine.import_numpy("random_channel_shift")
    return apply_channel_shift(x, np.random.uniform(-intensity_range, intensity_range), channel_axis)


def random_brightness(x: Any, brightness_range: Sequence[float], scale: bool = True) -> NDArray:
    """Returns an image made brighter or darker at random, drawn by NumPy's generator.

    Args:
        x, scale: as for `apply_brightness_shift`.
        brightness_range: the smallest and the largest brightness.

    Returns:
        float32 of the same shape.

    Raises:
        OptionError: other than two numbers.

    Example:
        >>> import numpy as np
        >>> from tfjs_pyo import keras
        >>> keras.preprocessing.image.random_brightness(np.ones((4, 4, 1)), (0.5, 1.5)).shape
        (4, 4, 1)

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/image/random_brightness
    """
    np = engine.import_numpy("random_brightness")
    if len(brightness_range) != 2:
        raise OptionError(
            f"random_brightness: expected `brightness_range` to be two numbers, received {brightness_range}."
        )
    return apply_brightness_shift(x, np.random.uniform(*brightness_range), scale)


__all__ = [
    "random_brightness",
    "random_channel_shift",
    "random_rotation",
    "random_shear",
    "random_shift",
    "random_zoom",
]
check_public(globals())
