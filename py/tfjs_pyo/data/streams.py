"""The camera and the microphone: streams that only a page's main thread may open. A worker asks its page (web/media/)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.data.iterator import LazyIterator
from tfjs_pyo.errors import ArgumentError, DeviceError


@naming.spell_methods
class Stream(LazyIterator):
    """Elements that a device gives until it is turned off."""

    what: str

    def __init__(self, page: Any) -> None:
        super().__init__(self._elements_until_stopped())
        self._page = page
        self._id: int | None = None

    async def _elements_until_stopped(self) -> AsyncIterator[Any]:
        while self._id is not None:
            yield await self.capture()

    async def capture(self) -> Any:
        """Returns what the device gives now."""
        raise NotImplementedError

    async def _opened(self) -> Any:
        """Asks the page to turn the device on, and returns what it says of it."""
        raise NotImplementedError

    async def start(self) -> None:
        """Turns it on, which the person at the machine has to allow; nothing happens if it is on.

        Raises:
            DeviceError: there is none, or it is not allowed.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def look():
            ...     camera = await tf.data.webcam()
            ...     camera.stop()
            ...     await camera.start()
            ...     return (await camera.capture()).dtype
            >>> asyncio.run(look())  # doctest: +SKIP
            'int32'
        """
        from pyodide.ffi import JsException

        if self._id is not None:
            return
        super().__init__(self._elements_until_stopped())
        try:
            self._told(await self._opened())
        except JsException as error:
            raise DeviceError(
                f"{self.what}: the browser did not turn it on ({error}). The page has to be allowed to use it: look at the "
                "address bar, and at the browser's settings for this site."
            ) from None

    def _told(self, answer: Any) -> None:
        self._id = int(answer.id)

    async def _asked(self, name: str, *given: Any) -> Any:
        """Returns what a service of the page gives for this stream.

        Raises:
            DeviceError: it is off.
        """
        from pyodide.ffi import JsException

        if self._id is None:
            raise DeviceError(f"{self.what}: it is off. Await start() to turn it on again.")
        try:
            return await getattr(self._page, name)(self._id, *given)
        except JsException as error:
            self._id = None
            raise DeviceError(
                f"{self.what}: {getattr(error, 'message', error)}. Await start() to turn it on again."
            ) from None

    def stop(self) -> None:
        """Turns it off: what iterates over it ends.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def look():
            ...     camera, images = await tf.data.webcam(), []
            ...     async for image in camera:
            ...         images.append(image)
            ...         if len(images) == 3:
            ...             camera.stop()
            ...     return len(images)
            >>> asyncio.run(look())  # doctest: +SKIP
            3
        """
        if self._id is not None:
            self._page.closeStream(self._id)
            self._id = None

    async def to_array(self) -> list[Tensor]:
        """Refuses, as a stream has no end; `take` gives an array of its first elements.

        Returns:
            Nothing: it raises.

        Raises:
            ArgumentError: always.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def listen():
            ...     listener = await tf.data.microphone()
            ...     return len(await listener.take(2).toArray())
            >>> asyncio.run(listen())  # doctest: +SKIP
            2
        """
        raise ArgumentError(
            f"{self.what}: a stream has no end; take some elements: `await stream.capture()`."
        )

    def __del__(self) -> None:
        if getattr(self, "_id", None) is not None:
            self.stop()


def page_for(what: str) -> Any:
    """Returns the services of the page.

    Raises:
        DeviceError: there is no page.
    """
    try:
        import js
    except ImportError:
        raise DeviceError(
            f"{what}: only a browser has one; run this in the page. In CPython, OpenCV and PIL read images from cameras and "
            "files, and tf.data.generator takes any function that yields them."
        ) from None
    page = getattr(js, "pyoPage", None)
    if page is None:
        raise DeviceError(f"{what}: this page has no services for it; run it in the page of tfjs-pyo.")
    return page
