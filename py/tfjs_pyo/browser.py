"""`tf.browser`: images as tensors and tensors as images. Source: https://js.tensorflow.org/api/latest/#Browser

Python runs in a worker: there an ImageData, an ImageBitmap, an OffscreenCanvas or a VideoFrame is an image. In CPython a picture
of PIL is one. Everywhere arrays of NumPy are, and mappings of `data` (RGBA bytes), `width` and `height`.
"""

from __future__ import annotations

import importlib
import struct
import zlib
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from tfjs_pyo import naming, ops, output
from tfjs_pyo.config import positive_int
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, DTypeError, OptionError, RangeError, ShapeError

__all__ = ["draw", "from_pixels", "from_pixels_async", "to_pixels"]

_RGBA = 4
_MOST_BYTE = 255


class Picture:
    """Pixels that the page and notebooks show.

    Attributes:
        data: RGBA bytes, row by row.
        width, height: in pixels.
    """

    def __init__(self, data: bytes, width: int, height: int) -> None:
        self.data = data
        self.width = width
        self.height = height

    def _repr_png_(self) -> bytes:
        """Returns it as a PNG file. Source: https://www.w3.org/TR/png-3/"""
        stride = self.width * _RGBA
        rows = b"".join(b"\0" + self.data[y * stride : (y + 1) * stride] for y in range(self.height))
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 6, 0, 0, 0)
        chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
            for kind, body in chunks
        )

    def __repr__(self) -> str:
        return f"<picture of {self.width} x {self.height} pixels>"

    def figure(self) -> Any:
        """Returns it as a figure of matplotlib."""
        return output.figure_of(self)

    def draw_on(self, figure: Any) -> None:
        """Draws it onto an empty figure of matplotlib."""
        numpy = importlib.import_module("numpy")
        pixels = numpy.frombuffer(self.data, numpy.uint8).reshape(self.height, self.width, _RGBA)
        figure.set_layout_engine("constrained")
        axes = figure.add_subplot()
        axes.imshow(pixels)
        axes.set_axis_off()


@naming.takes_config(data=("pixels",))
def from_pixels(pixels: Mapping[str, Any] | Any, num_channels: int = 3) -> Tensor:
    """Returns an image as a tensor.

    Args:
        pixels: an ImageData, ImageBitmap, canvas, image or video frame of the browser; a picture of PIL; an array of uint8 of
            shape [height, width] or [height, width, 1, 3 or 4]; or a mapping of 'data' (RGBA bytes), 'width' and 'height'.
        num_channels: how many of red, green, blue and alpha are taken, 1 to 4.

    Returns:
        int32 tensor of shape [height, width, num_channels], values from 0 to 255.

    Raises:
        ArgumentError: that is no image.
        OptionError: another number of channels.
        ShapeError: the data do not fit width and height.

    Example:
        >>> import tfjs_pyo as tf
        >>> pixels = {"data": bytes([1, 2, 3, 255, 4, 5, 6, 255]), "width": 2, "height": 1}
        >>> tf.browser.fromPixels(pixels).array_sync()
        [[[1, 2, 3], [4, 5, 6]]]

    Source: https://js.tensorflow.org/api/latest/#browser.fromPixels
    """
    if positive_int("fromPixels", "num_channels", num_channels) > _RGBA:
        raise OptionError(f"fromPixels: expected 'numChannels' from 1 to 4, received {num_channels!r}.")
    data, width, height = _rgba(pixels)
    if len(data) != width * height * _RGBA:
        raise ShapeError(
            f"fromPixels: expected {width} x {height} pixels of four bytes, {width * height * _RGBA} in all, "
            f"received {len(data)} bytes."
        )
    chosen = bytearray(width * height * num_channels)
    for channel in range(num_channels):
        chosen[channel::num_channels] = data[channel::_RGBA]
    return ops.tensor(array("i", list(chosen)), [height, width, num_channels], "int32")


@naming.takes_config(data=("pixels",))
async def from_pixels_async(pixels: Mapping[str, Any] | Any, num_channels: int = 3) -> Tensor:
    """Returns an image as a tensor; what the browser can decode by itself (a Blob) is an image here too.

    Args:
        pixels: what `from_pixels` takes; in the page also a Blob or an ImageData that the browser makes a bitmap of.
        num_channels: how many of red, green, blue and alpha are taken, 1 to 4.

    Returns:
        int32 tensor of shape [height, width, num_channels], values from 0 to 255.

    Raises:
        ArgumentError: that is no image.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> grey = {"data": bytes([7, 7, 7, 255]), "width": 1, "height": 1}
        >>> asyncio.run(tf.browser.fromPixelsAsync(grey, 1)).array_sync()
        [[[7]]]

    Source: https://js.tensorflow.org/api/latest/#browser.fromPixelsAsync
    """
    if _kind(pixels) in {"Blob", "File"}:
        js = importlib.import_module("js")
        bitmap = await js.createImageBitmap(pixels)
        try:
            return from_pixels(bitmap, num_channels)
        finally:
            bitmap.close()
    return from_pixels(pixels, num_channels)


@naming.bridge
async def to_pixels(img: Any, canvas: Any = None) -> bytes:
    """Returns a tensor as pixels, and draws them if there is a canvas.

    Args:
        img: tensor (or nested lists) of shape [height, width] or [height, width, 1, 3 or 4]: float32 from 0 to 1, or int32
            (lists of whole numbers, too) from 0 to 255.
        canvas: an OffscreenCanvas or a canvas element; it takes the image's size.

    Returns:
        RGBA bytes, row by row.

    Raises:
        ShapeError: another rank, or another number of channels.
        DTypeError: another dtype.
        RangeError: values outside of 0 to 1 or 0 to 255.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> list(asyncio.run(tf.browser.toPixels([[0.0, 1.0]])))
        [0, 0, 0, 255, 255, 255, 255, 255]

    Source: https://js.tensorflow.org/api/latest/#browser.toPixels
    """
    image = _checked("toPixels", img)
    scaled, span = _scaled(image)
    picture = _picture("toPixels", image, list(await scaled.data()), list(await span.data()))
    if canvas is not None:
        _put(picture, canvas, 1.0)
    return picture.data


@naming.takes_config(data=("options",))
def draw(image: Any, canvas: Any = None, options: Mapping[str, Any] | None = None) -> None:
    """Draws a tensor on a canvas; without one it shows it among the results of the page, or in a notebook.

    Args:
        image: tensor (or nested lists) of shape [height, width] or [height, width, 1, 3 or 4]: float32 from 0 to 1, or int32
            from 0 to 255.
        canvas: an OffscreenCanvas or a canvas element; it takes the image's size.
        options: {'imageOptions': {'alpha': opacity from 0 to 1}, 'contextOptions': {'contextType': '2d'}}.

    Raises:
        ShapeError: another rank, or another number of channels.
        DTypeError: another dtype.
        RangeError: values outside of 0 to 1 or 0 to 255.
        OptionError: another opacity or kind of context.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.browser.draw(tf.ones([2, 2, 3]))

    Source: https://js.tensorflow.org/api/latest/#browser.draw
    """
    given = naming.keyword_arguments("draw", options or {}, ("image_options", "context_options"))
    alpha = naming.keyword_arguments("draw", given.get("image_options") or {}, ("alpha",)).get("alpha", 1.0)
    contexts = naming.keyword_arguments("draw", given.get("context_options") or {}, ("context_type",))
    context = contexts.get("context_type", "2d")
    if isinstance(alpha, bool) or not isinstance(alpha, (int, float)) or not 0 <= alpha <= 1:
        raise OptionError(f"draw: expected 'alpha' from 0 to 1, received {alpha!r}.")
    if context != "2d":
        raise OptionError(f"draw: expected 'contextType' '2d', received {context!r}.")
    tensor = _checked("draw", image)
    scaled, span = _scaled(tensor)
    picture = _picture("draw", tensor, list(scaled.data_sync()), list(span.data_sync()))
    if canvas is None:
        output.show(Picture(_faded(picture.data, alpha), picture.width, picture.height))
    else:
        _put(picture, canvas, alpha)


def _checked(owner: str, img: Any) -> Tensor:
    image: Tensor = img if isinstance(img, Tensor) else ops.tensor(img)
    if not isinstance(img, Tensor) and image.dtype == "float32" and _whole(img):
        image = ops.cast(image, "int32")  # numbers without a dtype: whole ones are bytes, as in TF.js
    if image.rank not in (2, 3) or (image.rank == 3 and image.shape[2] not in (1, 3, _RGBA)):
        raise ShapeError(
            f"{owner}: expected an image of shape [height, width] or [height, width, 1, 3 or 4], "
            f"received shape {image.shape}."
        )
    if image.dtype not in ("float32", "int32"):
        raise DTypeError(
            f"{owner}: expected float32 values from 0 to 1 or int32 values from 0 to 255, received {image.dtype}. "
            "tf.cast changes dtypes."
        )
    return image


def _whole(values: Any) -> bool:
    """Returns whether nested lists have whole numbers only."""
    if isinstance(values, (list, tuple)):
        return all(_whole(value) for value in values)
    return isinstance(values, int) and not isinstance(values, bool)


def _scaled(image: Tensor) -> tuple[Tensor, Tensor]:
    """Returns the values as whole numbers, halves rounded to even ones, and the least and the largest as they were."""
    span = ops.stack([ops.min(image), ops.max(image)])
    return (ops.cast(ops.round(image * _MOST_BYTE), "int32") if image.dtype == "float32" else image), span


def _picture(owner: str, image: Tensor, values: Sequence[int], span: Sequence[float]) -> Picture:
    height, width = image.shape[:2]
    most = 1 if image.dtype == "float32" else _MOST_BYTE
    if values and (span[0] < 0 or span[1] > most):
        raise RangeError(
            f"{owner}: expected {image.dtype} values from 0 to {most}, received values from {span[0]:g} to {span[1]:g}."
        )
    channels = 1 if image.rank == 2 else image.shape[2]
    return Picture(_spread(bytes(values), channels), width, height)


def _spread(values: bytes, channels: int) -> bytes:
    """Returns the pixels of one, three or four channels as RGBA."""
    if channels == _RGBA:
        return values
    data = bytearray(b"\xff") * (len(values) // channels * _RGBA)
    for channel in range(3):
        data[channel::_RGBA] = values[channel % channels :: channels]
    return bytes(data)


def _faded(data: bytes, alpha: float) -> bytes:
    if alpha == 1:
        return data
    faded = bytearray(data)
    faded[3::_RGBA] = bytes(round(value * alpha) for value in data[3::_RGBA])
    return bytes(faded)


def _put(picture: Picture, canvas: Any, alpha: float) -> None:
    """Draws on a canvas of the browser."""
    if not hasattr(canvas, "getContext"):
        raise ArgumentError(
            f"toPixels: expected an OffscreenCanvas or a canvas element, received {type(canvas).__name__}."
        )
    js = importlib.import_module("js")
    canvas.width, canvas.height = picture.width, picture.height
    bytes_ = js.Uint8ClampedArray.new(len(picture.data))
    bytes_.assign(_faded(picture.data, alpha))
    canvas.getContext("2d").putImageData(js.ImageData.new(bytes_, picture.width, picture.height), 0, 0)


def _kind(pixels: Any) -> str | None:
    """Returns the name of the class of an object of the browser."""
    if type(pixels).__name__ != "JsProxy":
        return None
    return str(pixels.constructor.name)


def _rgba(pixels: Any) -> tuple[bytes, int, int]:
    """Returns the RGBA bytes, the width and the height of an image."""
    if isinstance(pixels, Mapping):
        missing = [name for name in ("data", "width", "height") if name not in pixels]
        if missing:
            raise ArgumentError(
                f"fromPixels: expected a mapping with {', '.join(missing)}, received {list(pixels)}."
            )
        return bytes(pixels["data"]), int(pixels["width"]), int(pixels["height"])
    if (kind := _kind(pixels)) is not None:
        return _of_browser(pixels, kind)
    if hasattr(pixels, "getbands") and hasattr(pixels, "convert"):  # a picture of PIL
        width, height = pixels.size
        return pixels.convert("RGBA").tobytes(), width, height
    if hasattr(type(pixels), "__array_interface__") or hasattr(pixels, "dtype"):
        return _of_array(pixels)
    raise ArgumentError(
        f"fromPixels: expected an image of the browser, a picture of PIL, an array of uint8 or a mapping of data, width and "
        f"height, received {type(pixels).__name__}."
    )


def _of_array(pixels: Any) -> tuple[bytes, int, int]:
    shape = tuple(pixels.shape)
    if (
        str(pixels.dtype) != "uint8"
        or len(shape) not in (2, 3)
        or (len(shape) == 3 and shape[2] not in (1, 3, _RGBA))
    ):
        raise ArgumentError(
            "fromPixels: expected an array of uint8 of shape [height, width] or [height, width, 1, 3 or 4], "
            f"received {pixels.dtype} of shape {shape}."
        )
    return _spread(pixels.tobytes(), 1 if len(shape) == 2 else shape[2]), shape[1], shape[0]


def _of_browser(pixels: Any, kind: str) -> tuple[bytes, int, int]:
    if kind == "ImageData":
        return bytes(pixels.data.to_bytes()), int(pixels.width), int(pixels.height)
    sizes = (
        ("displayWidth", "displayHeight"),
        ("videoWidth", "videoHeight"),
        ("naturalWidth", "naturalHeight"),
    )
    for names in (*sizes, ("width", "height")):
        width, height = (getattr(pixels, name, None) for name in names)
        if isinstance(width, int) and isinstance(height, int) and width > 0 and height > 0:
            break
    else:
        raise ArgumentError(f"fromPixels: expected an image of the browser with a size, received {kind}.")
    js = importlib.import_module("js")
    context = js.OffscreenCanvas.new(width, height).getContext("2d")
    try:
        context.drawImage(pixels, 0, 0)
    except Exception as error:  # noqa: BLE001 (JsException, of which CPython knows nothing)
        raise ArgumentError(
            f"fromPixels: expected an image of the browser, received {kind} ({getattr(error, 'message', error)})."
        ) from None
    return bytes(context.getImageData(0, 0, width, height).data.to_bytes()), width, height


__getattr__, __dir__ = naming.module_names(__name__, spelled=True)
