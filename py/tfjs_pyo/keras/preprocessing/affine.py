"""Images rotated, moved, sheared, zoomed and brightened by numbers, as arrays of NumPy."""

from __future__ import annotations

import importlib
from typing import Any

from tfjs_pyo.core import engine
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.keras.arrays import array_of
from tfjs_pyo.keras.preprocessing.sampling import MODES, sampled
from tfjs_pyo.keras.utils.images import array_to_img, img_to_array, pillow
from tfjs_pyo.rules import check_public
from tfjs_pyo.types import NDArray


def _matrix(np: Any, theta: float, tx: float, ty: float, shear: float, zx: float, zy: float) -> Any:
    """Returns the matrix of rotation, shift, shear and zoom, applied from the last to the first; None where nothing is done."""
    turn, slant = np.deg2rad(theta), np.deg2rad(shear)
    steps = [
        (theta != 0, [[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]]),
        (tx != 0 or ty != 0, [[1, 0, tx], [0, 1, ty], [0, 0, 1]]),
        (shear != 0, [[1, -np.sin(slant), 0], [0, np.cos(slant), 0], [0, 0, 1]]),
        (zx != 1 or zy != 1, [[zx, 0, 0], [0, zy, 0], [0, 0, 1]]),
    ]
    found = None
    for done, step in steps:
        if done:
            found = np.array(step) if found is None else found @ np.array(step)
    return found


def apply_affine_transform(
    x: Any,
    theta: float = 0,
    tx: float = 0,
    ty: float = 0,
    shear: float = 0,
    zx: float = 1,
    zy: float = 1,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    order: int = 1,
) -> NDArray:
    """Returns an image rotated, moved, sheared and zoomed about its centre.

    Args:
        x: array of rank 3.
        theta: angle of the rotation, in degrees.
        tx, ty: pixels by which it is moved along rows and columns.
        shear: angle of the shear, in degrees.
        zx, zy: zoom along rows and columns: 2 shows twice as much of the image.
        row_axis, col_axis, channel_axis: which axes these are.
        fill_mode: what lies beyond the edges: 'nearest', 'constant', 'reflect' or 'wrap' (and SciPy's 'mirror', 'grid-mirror',
            'grid-wrap', 'grid-constant').
        cval: the value beyond the edges in mode 'constant'.
        order: 1 for bilinear values, 0 for those of the nearest pixel.

    Returns:
        An array of the same shape and dtype.

    Raises:
        ShapeError: no image.
        OptionError: axes, a mode or an order that there is not.

    Example:
        >>> import numpy as np
        >>> from tfjs_pyo import keras
        >>> keras.preprocessing.image.apply_affine_transform(np.arange(3.0).reshape(1, 1, 3), tx=1).tolist()
        [[[1.0, 2.0, 2.0]]]

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/image/apply_affine_transform
    """
    np = engine.import_numpy("apply_affine_transform")
    image = array_of("apply_affine_transform", "x", x)
    if image.ndim != 3:
        raise ShapeError(
            f"apply_affine_transform: expected an image of rank 3, received shape {image.shape}."
        )
    axes = (row_axis, col_axis, channel_axis)
    if sorted(axes) != [0, 1, 2] or channel_axis == 1:
        raise OptionError(
            f"apply_affine_transform: expected rows, columns and channels to be the axes 0, 1 and 2, with channels first or "
            f"last, received {axes}."
        )
    if fill_mode not in MODES:
        raise OptionError(
            f"apply_affine_transform: expected `fill_mode` to be one of {', '.join(MODES)}, received {fill_mode!r}."
        )
    if order not in (0, 1):
        raise OptionError(
            f"apply_affine_transform: expected `order` to be 0 (nearest pixel) or 1 (bilinear), received {order}; "
            "there are no splines of higher order."
        )
    matrix = _matrix(np, theta, tx, ty, shear, zx, zy)
    if matrix is None:
        return x
    height, width = image.shape[row_axis], image.shape[col_axis]
    centre = [height / 2 - 0.5, width / 2 - 0.5]
    to, back = np.eye(3), np.eye(3)
    to[:2, 2], back[:2, 2] = centre, np.negative(centre)
    matrix = to @ matrix @ back
    if col_axis > row_axis:
        matrix = matrix[[1, 0, 2]][:, [1, 0, 2]]
    channels = np.moveaxis(image, channel_axis, 0)
    rows, columns = np.indices(channels.shape[1:])
    places = [line[2] + line[0] * rows + line[1] * columns for line in matrix[:2]]
    made = [sampled(np, channel, places, fill_mode, cval, order) for channel in channels]
    return np.moveaxis(_as_dtype(np, np.stack(made), image.dtype), 0, channel_axis)


def _as_dtype(np: Any, values: Any, dtype: Any) -> Any:
    """Returns values as a dtype; whole numbers are rounded, and bounded by what it holds."""
    if dtype.kind not in "iu":
        return values.astype(dtype)
    limits = np.iinfo(dtype)
    rounded = np.trunc(values + np.copysign(0.5, values))
    return np.clip(rounded, limits.min, limits.max).astype(dtype)


def apply_channel_shift(x: Any, intensity: float, channel_axis: int = 0) -> NDArray:
    """Returns an image with a number added to all its values, which stay between the smallest and the largest one before.

    Args:
        x: array of rank 3.
        intensity: what is added.
        channel_axis: which axis channels are; no matter.

    Returns:
        An array of the same shape.

    Raises:
        ShapeError: no image.

    Example:
        >>> import numpy as np
        >>> from tfjs_pyo import keras
        >>> keras.preprocessing.image.apply_channel_shift(np.array([[[0.0, 5.0, 9.0]]]), 3).tolist()
        [[[3.0, 8.0, 9.0]]]

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/image/apply_channel_shift
    """
    np = engine.import_numpy("apply_channel_shift")
    image = array_of("apply_channel_shift", "x", x)
    if image.ndim != 3 or not -3 <= channel_axis < 3:
        raise ShapeError(
            f"apply_channel_shift: expected an image of rank 3 with the axis {channel_axis}, received shape {image.shape}."
        )
    return np.clip(image + intensity, np.min(image), np.max(image))


def apply_brightness_shift(x: Any, brightness: float, scale: bool = True) -> NDArray:
    """Returns an image made brighter or darker by Pillow, in whole steps of 1 / 255.

    Args:
        x: array [height, width, channels], or as `keras.config.image_data_format` says.
        brightness: 1 changes nothing, 0 gives black.
        scale: whether values are stretched to 0 to 255 first. Values beyond these always are, and get their range again
            where this is False.

    Returns:
        float32 of the same shape.

    Raises:
        DeviceError: Pillow is not installed.

    Example:
        >>> import numpy as np
        >>> from tfjs_pyo import keras
        >>> keras.preprocessing.image.apply_brightness_shift(np.array([[[0.0], [100.0]]]), 0.5, scale=False).tolist()
        [[[0.0], [50.0]]]

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/image/apply_brightness_shift
    """
    np = engine.import_numpy("apply_brightness_shift")
    pillow("apply_brightness_shift")
    image = array_of("apply_brightness_shift", "x", x)
    least, most = np.min(image), np.max(image)
    stretched = bool(least < 0 or most > 255)
    shown = array_to_img(image, scale=stretched or scale)
    enhance = importlib.import_module("PIL.ImageEnhance").Brightness(shown).enhance
    made = img_to_array(enhance(brightness))
    return made / 255 * (most - least) + least if stretched and not scale else made


__all__ = ["apply_affine_transform", "apply_brightness_shift", "apply_channel_shift"]
check_public(globals())
