"""`tf.data.webcam`: images of a camera. Source: https://js.tensorflow.org/api/latest/#data.webcam"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tfjs_pyo import browser, naming
from tfjs_pyo.config import positive_int
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.data.streams import Stream, page_for
from tfjs_pyo.errors import ArgumentError, OptionError

_FACING = ("user", "environment")


@naming.spell_methods
class WebcamIterator(Stream):
    """Images of a camera that is on; `tf.data.webcam` makes it.

    Args:
        page: the page's device.
        options: those of `tf.data.webcam`.

    Attributes:
        width, height: of the camera's own images, in pixels.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> async def look():
        ...     camera = await tf.data.webcam()
        ...     async for image in camera:
        ...         return isinstance(camera, tf.data.WebcamIterator), image.shape
        >>> asyncio.run(look())  # doctest: +SKIP
        (True, (480, 640, 3))
    """

    what = "webcam"

    def __init__(self, page: Any, options: Mapping[str, Any]) -> None:
        super().__init__(page)
        self._options = options
        self.width = 0
        self.height = 0

    async def _opened(self) -> Any:
        from pyodide.ffi import to_js

        wanted = {
            "facingMode": self._options.get("facing_mode", "user"),
            "deviceId": self._options.get("device_id"),
            **self._size(),
        }
        return await self._page.openCamera(_object({k: v for k, v in wanted.items() if v}, to_js))

    def _size(self) -> dict[str, Any]:
        width, height = self._options.get("resize_width"), self._options.get("resize_height")
        return {"width": width, "height": height} if width else {}

    def _told(self, answer: Any) -> None:
        super()._told(answer)
        self.width, self.height = int(answer.width), int(answer.height)

    async def capture(self) -> Tensor:
        """Returns the image of this moment.

        Returns:
            int32 of shape [height, width, 3], from 0 to 255.

        Raises:
            DeviceError: the camera is off.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def look():
            ...     camera = await tf.data.webcam(None, {"resizeWidth": 64, "resizeHeight": 48})
            ...     return (await camera.capture()).shape
            >>> asyncio.run(look())  # doctest: +SKIP
            (48, 64, 3)
        """
        from pyodide.ffi import to_js

        wanted = {**self._size(), "crop": bool(self._options.get("center_crop", False))}
        frame = await self._asked("captureFrame", _object(wanted, to_js))
        try:
            tensor: Tensor = browser.from_pixels(frame)
        finally:
            frame.close()
        return tensor


def _object(given: Mapping[str, Any], to_js: Any) -> Any:
    import js

    return to_js(given, dict_converter=js.Object.fromEntries)


@naming.takes_config(data=("webcam_video_element",))
async def webcam(
    webcam_video_element: Any = None,
    facing_mode: Any = "user",
    device_id: Any = None,
    resize_width: Any = None,
    resize_height: Any = None,
    center_crop: bool = False,
) -> WebcamIterator:
    """Turns a camera on and returns its images, one whenever one is asked for.

    The page shows that the camera is on, what it sees, and a button that turns it off.

    Args:
        webcam_video_element: None: Python runs in a worker, which has no elements; the page makes its own.
        facing_mode: 'user' or 'environment': the front or the back of a phone.
        device_id: which camera.
        resize_width, resize_height: pixels; images are scaled to them.
        center_crop: whether that many pixels from the middle are taken instead.

    Returns:
        An iterator: `await camera.capture()` or `async for image in camera` give int32 tensors of shape [height, width, 3];
        `camera.stop()` turns it off.

    Raises:
        ArgumentError: an element is given, or an unknown option.
        DeviceError: there is no camera, or its use is not allowed.
        OptionError: an unknown value, one of the sizes without the other, or 'center_crop' without sizes.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> async def look():
        ...     camera = await tf.data.webcam(None, {"resizeWidth": 224, "resizeHeight": 224})
        ...     image = await camera.capture()
        ...     camera.stop()
        ...     return image.shape
        >>> asyncio.run(look())  # doctest: +SKIP
        (224, 224, 3)

    Source: https://js.tensorflow.org/api/latest/#data.webcam
    """
    if webcam_video_element is not None:
        raise ArgumentError(
            "webcam: expected None in place of a video element, which a worker does not have; the page makes one of its own. "
            f"Options come second or by name. Received {type(webcam_video_element).__name__}."
        )
    given = {
        "facing_mode": facing_mode, "device_id": device_id, "resize_width": resize_width, "resize_height": resize_height,
        "center_crop": center_crop,
    }  # fmt: skip
    options = {name: value for name, value in given.items() if value is not None}
    _check(options)
    camera = WebcamIterator(page_for("webcam"), options)
    await camera.start()
    return camera


def _check(options: Mapping[str, Any]) -> None:
    if options.get("facing_mode", "user") not in _FACING:
        raise OptionError(
            f"webcam: expected 'facingMode' to be 'user' or 'environment', received {options['facing_mode']!r}."
        )
    sizes = [
        positive_int("webcam", name, options[name])
        for name in ("resize_width", "resize_height")
        if name in options
    ]
    if len(sizes) == 1 or (options.get("center_crop") and not sizes):
        raise OptionError(
            "webcam: expected both 'resizeWidth' and 'resizeHeight'"
            + (", which 'centerCrop' needs" if options.get("center_crop") else " or none of them")
            + f", received {sizes[0] if sizes else 'none'}."
        )
