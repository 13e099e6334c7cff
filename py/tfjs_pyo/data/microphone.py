"""`tf.data.microphone`: sound as it comes. Source: https://js.tensorflow.org/api/latest/#data.microphone"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tfjs_pyo import naming, ops
from tfjs_pyo.config import positive_int
from tfjs_pyo.data.streams import Stream, page_for
from tfjs_pyo.errors import OptionError

_SIZES = tuple(2**power for power in range(4, 15))
_RATES = (8000, 96000)


@naming.spell_methods
class MicrophoneIterator(Stream):
    """Sound of a microphone that is on; `tf.data.microphone` makes it.

    Args:
        page: the page's device.
        options: those of `tf.data.microphone`.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> async def listen():
        ...     listener = await tf.data.microphone()
        ...     async for sound in listener:
        ...         return isinstance(listener, tf.data.MicrophoneIterator), sound["spectrogram"].shape
        >>> asyncio.run(listen())  # doctest: +SKIP
        (True, (43, 1024, 1))
    """

    what = "microphone"

    def __init__(self, page: Any, options: Mapping[str, Any]) -> None:
        super().__init__(page)
        self._constraints = options.get("audio_track_constraints")
        self._wanted_rate = options.get("sample_rate_hz")
        self._rate = 0
        self._size: int = options.get("fft_size", 1024)
        self._columns: int = options.get("column_truncate_length", self._size)
        self._frames: int = options.get("num_frames_per_spectrogram", 43)
        self._smoothing: float = options.get("smoothing_time_constant", 0)
        self._spectrogram = bool(options.get("include_spectrogram", True))
        self._waveform = bool(options.get("include_waveform", False))

    async def _opened(self) -> Any:
        import js
        from pyodide.ffi import to_js

        wanted = {"fftSize": self._size, "smoothing": self._smoothing}
        if self._constraints:
            wanted["constraints"] = self._constraints
        if self._wanted_rate:
            wanted["sampleRate"] = self._wanted_rate
        return await self._page.openMicrophone(to_js(wanted, dict_converter=js.Object.fromEntries))

    def _told(self, answer: Any) -> None:
        super()._told(answer)
        self._rate = int(answer.sampleRate)

    def get_sample_rate(self) -> int:
        """Returns how many samples a second has.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def rate():
            ...     listener = await tf.data.microphone({"sampleRateHz": 44100})
            ...     return listener.getSampleRate()
            >>> asyncio.run(rate())  # doctest: +SKIP
            44100
        """
        return self._rate

    async def capture(self) -> dict[str, Any]:
        """Returns the sound from now on, as long as a spectrogram is.

        Returns:
            'spectrogram': float32 of shape [frames, columns, 1], in decibels; 'waveform': float32 of shape
            [frames * fft_size, 1], from -1 to 1. None for what was not asked for.

        Raises:
            DeviceError: the microphone is off.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> async def listen():
            ...     listener = await tf.data.microphone({"fftSize": 256, "numFramesPerSpectrogram": 10, "includeWaveform": True})
            ...     sound = await listener.capture()
            ...     return sound["spectrogram"].shape, sound["waveform"].shape
            >>> asyncio.run(listen())  # doctest: +SKIP
            ((10, 256, 1), (2560, 1))
        """
        heard = await self._asked("listen", self._frames)
        found: dict[str, Any] = {"spectrogram": None, "waveform": None}
        if self._spectrogram:
            bins = ops.tensor(heard.spectrum.to_py(), [self._frames, self._size, 1], "float32")
            found["spectrogram"] = ops.slice(bins, [0, 0, 0], [self._frames, self._columns, 1])
        if self._waveform:
            found["waveform"] = ops.tensor(heard.wave.to_py(), [self._frames * self._size, 1], "float32")
        return found


@naming.bridge
async def microphone(
    sample_rate_hz: Any = None,
    fft_size: Any = 1024,
    column_truncate_length: Any = None,
    num_frames_per_spectrogram: Any = 43,
    audio_track_constraints: Any = None,
    smoothing_time_constant: float = 0.0,
    include_spectrogram: bool = True,
    include_waveform: bool = False,
) -> MicrophoneIterator:
    """Turns a microphone on and returns its sound, a piece whenever one is asked for.

    The page shows that the microphone is on, and a button that turns it off.

    Args:
        sample_rate_hz: from 8000 to 96000; default: the device's own.
        fft_size: frequencies of a frame, a power of 2 from 16 to 16384.
        column_truncate_length: how many of them are kept, from the lowest; default: all.
        num_frames_per_spectrogram: frames of a piece.
        audio_track_constraints: what the browser's getUserMedia takes.
        smoothing_time_constant: from 0 to 1.
        include_spectrogram, include_waveform: what a piece has.

    Returns:
        An iterator: `await listener.capture()` or `async for sound in listener` give mappings of 'spectrogram' (float32 of shape
        [frames, columns, 1]) and 'waveform' (float32 of shape [frames * fft_size, 1]); `listener.stop()` turns it off.

    Raises:
        DeviceError: there is no microphone, or its use is not allowed.
        ArgumentError: an unknown option.
        OptionError: an unknown value, or nothing is included.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> async def listen():
        ...     listener = await tf.data.microphone({"fftSize": 1024, "numFramesPerSpectrogram": 43})
        ...     sound = await listener.capture()
        ...     listener.stop()
        ...     return sound["spectrogram"].shape
        >>> asyncio.run(listen())  # doctest: +SKIP
        (43, 1024, 1)

    Source: https://js.tensorflow.org/api/latest/#data.microphone
    """
    given = {
        "sample_rate_hz": sample_rate_hz, "fft_size": fft_size, "column_truncate_length": column_truncate_length,
        "num_frames_per_spectrogram": num_frames_per_spectrogram, "audio_track_constraints": audio_track_constraints,
        "smoothing_time_constant": smoothing_time_constant, "include_spectrogram": include_spectrogram,
        "include_waveform": include_waveform,
    }  # fmt: skip
    options = {name: value for name, value in given.items() if value is not None}
    _check(options)
    listener = MicrophoneIterator(page_for("microphone"), options)
    await listener.start()
    return listener


def _check(options: Mapping[str, Any]) -> None:
    size = options.get("fft_size", 1024)
    if size not in _SIZES:
        raise OptionError(
            f"microphone: expected 'fftSize' to be a power of 2 from 16 to 16384, received {size!r}."
        )
    rate = positive_int("microphone", "sample_rate_hz", options.get("sample_rate_hz", _RATES[0]))
    if not _RATES[0] <= rate <= _RATES[1]:
        raise OptionError(f"microphone: expected 'sampleRateHz' from 8000 to 96000, received {rate}.")
    columns = positive_int(
        "microphone", "column_truncate_length", options.get("column_truncate_length", size)
    )
    if columns > size:
        raise OptionError(
            f"microphone: expected 'columnTruncateLength' to be at most {size}, received {columns}."
        )
    positive_int("microphone", "num_frames_per_spectrogram", options.get("num_frames_per_spectrogram", 43))
    if not 0 <= options.get("smoothing_time_constant", 0) <= 1:
        raise OptionError(
            "microphone: expected 'smoothingTimeConstant' from 0 to 1, received "
            f"{options['smoothing_time_constant']!r}."
        )
    if not options.get("include_spectrogram", True) and not options.get("include_waveform", False):
        raise OptionError(
            "microphone: expected 'includeSpectrogram' or 'includeWaveform' to be true, received neither."
        )
