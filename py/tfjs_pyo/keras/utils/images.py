"""`keras.utils`: images as arrays and files. Files are read and written by Pillow, which is imported when it is needed."""

from __future__ import annotations

import importlib
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tfjs_pyo.core import engine
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, DeviceError, OptionError, ShapeError, StorageError
from tfjs_pyo.io.file_errors import format_errors
from tfjs_pyo.keras import ops as keras_ops
from tfjs_pyo.keras.arrays import array_of
from tfjs_pyo.keras.config import checked_data_format
from tfjs_pyo.keras.ops import images as image_ops
from tfjs_pyo.options import shown
from tfjs_pyo.rules import check_public
from tfjs_pyo.types import NDArray

_MODES = {"grayscale": "L", "rgb": "RGB", "rgba": "RGBA"}


def pillow(owner: str) -> Any:
    """Returns Pillow's `PIL.Image`.

    Raises:
        DeviceError: it is not installed.
    """
    try:
        return importlib.import_module("PIL.Image")
    except ImportError:
        raise DeviceError(
            f"{owner}: needs Pillow. Install it (pip install pillow; in the page: import PIL)."
        ) from None


def read_file(owner: str, path: str | os.PathLike[str]) -> bytes:
    """Returns the bytes of a file.

    Raises:
        StorageError: it cannot be read.
    """
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise StorageError(f"{owner}: {shown(path)} cannot be read: {error}.") from None


def array_to_img(x: Any, data_format: str | None = None, scale: bool = True, dtype: Any = None) -> Any:
    """Returns an array as an image of Pillow's.

    Args:
        x: numbers of shape [height, width, channels] (or channels first), with 1, 3 or 4 channels.
        data_format: where the channels are.
        scale: whether values are stretched to 0 to 255.
        dtype: of the arithmetic; default: float32.

    Raises:
        ShapeError: another shape.

    Example:
        >>> from tfjs_pyo import keras
        >>> image = keras.utils.array_to_img(keras.ops.ones([4, 6, 3]))
        >>> image.size, image.mode
        ((6, 4), 'RGB')

    Source: https://keras.io/api/data_loading/image/#array_to_img-function
    """
    np = engine.import_numpy("array_to_img")
    image = pillow("array_to_img")
    values = array_of("array_to_img", "x", x, dtype or "float32")
    if values.ndim != 3:
        raise ShapeError(
            f"array_to_img: expected an array of rank 3 (one image), received shape {values.shape}."
        )
    if checked_data_format(data_format) == "channels_first":
        values = values.transpose(1, 2, 0)
    if not values.size:
        raise ShapeError(f"array_to_img: expected an image with pixels, received shape {values.shape}.")
    if scale:
        values = values - np.min(values)
        largest = np.max(values)
        values = values / largest if largest != 0 else values
        values = values * 255
    channels = values.shape[2]
    if channels not in (1, 3, 4):
        raise ShapeError(f"array_to_img: expected 1, 3 or 4 channels, received shape {values.shape}.")
    if channels == 1:
        flat = values[:, :, 0]
        wide = np.max(flat) > 255
        return (
            image.fromarray(flat.astype("int32"), "I") if wide else image.fromarray(flat.astype("uint8"), "L")
        )
    return image.fromarray(values.astype("uint8"), "RGB" if channels == 3 else "RGBA")


def img_to_array(img: Any, data_format: str | None = None, dtype: Any = None) -> NDArray:
    """Returns an image of Pillow's as an array [height, width, channels], float32 by default.

    Args:
        img: image of Pillow.
        data_format: 'channels_last' or 'channels_first'; default: that of `keras.config.image_data_format()`.
        dtype: of the array; default: 'float32'.

    Raises:
        ShapeError: no image.

    Example:
        >>> from tfjs_pyo import keras
        >>> image = keras.utils.array_to_img([[[0], [255]]], scale=False)
        >>> keras.utils.img_to_array(image).tolist()
        [[[0.0], [255.0]]]

    Source: https://keras.io/api/data_loading/image/#img_to_array-function
    """
    values = array_of("img_to_array", "img", img, dtype or "float32")
    first = checked_data_format(data_format) == "channels_first"
    if values.ndim == 2:
        return values[None] if first else values[..., None]
    if values.ndim != 3:
        raise ShapeError(f"img_to_array: expected an image, received shape {values.shape}.")
    return values.transpose(2, 0, 1) if first else values


def load_img(
    path: Any,
    color_mode: str = "rgb",
    target_size: Sequence[int] | None = None,
    interpolation: str = "nearest",
    keep_aspect_ratio: bool = False,
) -> Any:
    """Returns the image of a file, as one of Pillow's.

    Args:
        path: path, or a file that is open, or its bytes in a BytesIO.
        color_mode: 'rgb', 'rgba' or 'grayscale'.
        target_size: height and width; default: its own.
        interpolation: 'nearest', 'bilinear', 'bicubic', 'hamming', 'box' or 'lanczos'.
        keep_aspect_ratio: whether it is cut rather than distorted.

    Raises:
        OptionError: an option with another value.

    Example:
        >>> import tempfile
        >>> from tfjs_pyo import keras
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     keras.utils.save_img(f"{folder}/white.png", keras.ops.ones([4, 6, 3]))
        ...     image = keras.utils.load_img(f"{folder}/white.png", target_size=(2, 3))
        >>> image.size, keras.utils.img_to_array(image).shape
        ((3, 2), (2, 3, 3))

    Source: https://keras.io/api/data_loading/image/#load_img-function
    """
    image = pillow("load_img")
    if color_mode not in _MODES:
        raise OptionError(
            f"load_img: expected `color_mode` to be one of {', '.join(_MODES)}, received {color_mode!r}."
        )
    source = io.BytesIO(read_file("load_img", path)) if isinstance(path, (str, os.PathLike)) else path
    if not hasattr(source, "read"):
        raise ArgumentError(f"load_img: expected a path or an open file, received {shown(path)}.")
    with format_errors(f"load_img: {shown(path)}", "the file of an image"):
        opened = image.open(source)
        kept = color_mode == "grayscale" and opened.mode in ("I;16", "I", "L")
        found = opened if kept else opened.convert(_MODES[color_mode])
        found.load()
    if target_size is None:
        return found
    resampling = getattr(image.Resampling, interpolation.upper(), None)
    if resampling is None:
        known = ", ".join(each.name.lower() for each in image.Resampling)
        raise OptionError(
            f"load_img: expected `interpolation` to be one of {known}, received {interpolation!r}."
        )
    if len(target_size) != 2 or min(target_size) < 1:
        raise OptionError(f"load_img: expected `target_size` to be height and width, received {target_size}.")
    height, width = target_size
    if (width, height) == found.size:
        return found
    if not keep_aspect_ratio:
        return found.resize((width, height), resampling)
    whole_width, whole_height = found.size
    crop_height = min(whole_height, whole_width * height // width)
    crop_width = min(whole_width, whole_height * width // height)
    top, left = (whole_height - crop_height) // 2, (whole_width - crop_width) // 2
    box = (left, top, left + crop_width, top + crop_height)
    return found.resize((width, height), resampling, box=box)


def save_img(
    path: Any,
    x: Any,
    data_format: str | None = None,
    file_format: str | None = None,
    scale: bool = True,
    **kwargs: Any,
) -> None:
    """Writes an array as an image file. Arguments as for `array_to_img`, and what Pillow takes.

    Args:
        path: path, or a file that is open for writing bytes.
        x: numbers of shape [height, width, channels] (or channels first), with 1, 3 or 4 channels.
        data_format: 'channels_last' or 'channels_first'; default: that of `keras.config.image_data_format()`.
        file_format: such as 'png' or 'jpeg'; default: by the end of the path.
        scale: whether values are stretched to 0 to 255.
        **kwargs: further options of Pillow's `Image.save`.

    Raises:
        ArgumentError: neither a path nor an open file.
        OptionError: Pillow does not write such a file.
        ShapeError: values of another shape.
        StorageError: the file cannot be written.

    Example:
        >>> import os, tempfile
        >>> from tfjs_pyo import keras
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     keras.utils.save_img(f"{folder}/white.png", keras.ops.ones([4, 4, 3]))
        ...     os.listdir(folder)
        ['white.png']

    Source: https://keras.io/api/data_loading/image/#save_img-function
    """
    if not isinstance(path, (str, os.PathLike)) and not hasattr(path, "write"):
        raise ArgumentError(f"save_img: expected a path or an open file, received {shown(path)}.")
    img = array_to_img(x, data_format=data_format, scale=scale)
    if img.mode == "RGBA" and (file_format or Path(str(path)).suffix.lstrip(".")).lower() in ("jpg", "jpeg"):
        img = img.convert("RGB")
    try:
        img.save(path, format=file_format, **kwargs)
    except (KeyError, ValueError, TypeError) as error:
        raise OptionError(
            f"save_img: Pillow refuses {shown(path)} and {shown(file_format)}: {error}."
        ) from None
    except OSError as error:
        raise StorageError(f"save_img: {shown(path)} cannot be written: {error}.") from None


def smart_resize(
    x: Any,
    size: Sequence[int],
    interpolation: str = "bilinear",
    data_format: str = "channels_last",
    backend_module: Any = None,  # noqa: ARG001 (Keras's parameter)
) -> Any:
    """Returns images of another size whose proportions stay: what is too much is cut off evenly at both sides.

    Args:
        x: one image or a batch of them.
        size: height and width.
        interpolation: 'nearest', 'bilinear', 'bicubic', 'lanczos3' or 'lanczos5'.
        data_format: where channels are.
        backend_module: accepted as it is.

    Returns:
        An array for an array, else a tensor.

    Raises:
        OptionError: a size of other than two numbers.
        ShapeError: no images.

    Example:
        >>> from tfjs_pyo import keras
        >>> image = keras.ops.ones([4, 8, 3])
        >>> keras.preprocessing.image.smart_resize(image, (2, 2)).shape
        (2, 2, 3)

    Source: https://github.com/keras-team/keras/blob/master/keras/src/utils/image_utils.py
    """
    if len(size) != 2:
        raise OptionError(f"smart_resize: expected `size` of two integers, received {size!r}.")
    tensor = keras_ops.convert_to_tensor(x)
    if len(tensor.shape) not in (3, 4):
        raise ShapeError(f"smart_resize: expected images of rank 3 or 4, received shape {tensor.shape}.")
    first = len(tensor.shape) - (3 if data_format == "channels_last" else 2)
    height, width = tensor.shape[first : first + 2]
    rows = max(min(height, int(width * size[0] / size[1])), 1)
    columns = max(min(width, int(height * size[1] / size[0])), 1)
    begin = [0] * len(tensor.shape)
    kept = list(tensor.shape)
    begin[first : first + 2] = [(height - rows) // 2, (width - columns) // 2]
    kept[first : first + 2] = [rows, columns]
    cut = keras_ops.slice(tensor, begin, kept)
    made = image_ops.resize(cut, tuple(size), interpolation, data_format=data_format)
    return made if isinstance(x, Tensor) else made.numpy()


__all__ = ["array_to_img", "img_to_array", "load_img", "save_img", "smart_resize"]
check_public(globals())
