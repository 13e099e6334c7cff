"""Layers that make spectrograms of sounds. Source: https://keras.io/api/layers/preprocessing_layers/audio_preprocessing/"""

from __future__ import annotations

import math
from typing import Any, ClassVar

from tfjs_pyo import initializers, ops
from tfjs_pyo.config import Order, choice, field, number, positive_int
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.layers.base import BatchShape, Layer
from tfjs_pyo.layers.input_spec import InputSpec
from tfjs_pyo.layers.spatial import data_formats
from tfjs_pyo.ops import signal
from tfjs_pyo.windows import values_of, window_option

_EPSILON = 1e-7
_MODES = ("log", "magnitude", "psd", "real", "imag", "angle", "stft")


def _mel(hertz: float) -> float:
    """Returns a frequency on the mel scale, as the Hidden Markov Model Toolkit has it."""
    return 1127.0 * math.log(1.0 + hertz / 700.0)


class MelSpectrogram(Layer):
    """Sounds as spectrograms whose bands are as wide as the ear tells apart: [..., samples] becomes [..., bands, time].

    Args:
        fft_length: points of each Fourier transform.
        sequence_stride: samples from one transform to the next.
        sequence_length: samples of each, as many as `fft_length` if None.
        window: 'hann' or another name of SciPy's, its values, or None for none.
        sampling_rate: samples in a second.
        num_mel_bins: how many bands.
        min_freq, max_freq: where they begin and end, in hertz; half of `sampling_rate` if None.
        power_to_db: whether results are decibels.
        top_db: how far below the greatest of all results the least may be, in decibels.
        mag_exp: exponent of magnitudes: 2 for power.
        min_power: what counts as this at least.
        ref_power: what has 0 decibels.

    Raises:
        OptionError: `fft_length` below `sequence_length`, or a window of another length.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.melSpectrogram(
        ...     {"fftLength": 256, "sequenceStride": 128, "numMelBins": 32, "samplingRate": 8000}
        ... )
        >>> layer(tf.sin(tf.range(0, 2048))).shape
        (32, 17)

    Source: https://keras.io/api/layers/preprocessing_layers/audio_preprocessing/mel_spectrogram/
    """

    fft_length: int = field(2048, positive_int)
    sequence_stride: int = field(512, positive_int)
    sequence_length: int | None = field(None, positive_int)
    window: Any | None = field("hann", window_option)
    sampling_rate: int = field(16000, positive_int)
    num_mel_bins: int = field(128, positive_int)
    min_freq: float = field(20.0, number(0))
    max_freq: float | None = field(None, number(0))
    power_to_db: bool = field(True)
    top_db: float = field(80.0, number(0))
    mag_exp: float = field(2.0, number())
    min_power: float = field(1e-10, number(0))
    ref_power: float = field(1.0, number())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._samples = self.sequence_length or self.fft_length
        if self.fft_length < self._samples:
            raise OptionError(
                f"{self.display_name}: expected 'fftLength' of {self._samples} or more, as sequences are so long, received "
                f"{self.fft_length}."
            )
        values = values_of(self.window, self._samples, True, self.display_name) or [1.0] * self._samples
        before = (self.fft_length - self._samples) // 2
        after = self.fft_length - self._samples - before
        self._values = [*[0.0] * before, *values, *[0.0] * after]

    def call(self, inputs: Tensor) -> Tensor:
        if inputs.rank not in (1, 2):
            raise ShapeError(
                f"{self.display_name}: expected sounds [samples] or [batch, samples], received shape {tuple(inputs.shape)}."
            )
        half = self.fft_length // 2
        if inputs.shape[-1] <= half:
            raise ShapeError(
                f"{self.display_name}: expected more samples than half of 'fftLength', {half}, received {inputs.shape[-1]}."
            )
        x = ops.mirror_pad(
            ops.cast(inputs, "float32"), [(0, 0)] * (inputs.rank - 1) + [(half, half)], "reflect"
        )
        pieces = signal.frame(x, self.fft_length, self.sequence_stride) * ops.tensor(self._values)
        spectra = ops.rfft(pieces, self.fft_length)
        power = ops.square(ops.real(spectra)) + ops.square(ops.imag(spectra))
        powers = power if self.mag_exp == 2 else ops.pow(power, self.mag_exp / 2)
        flat = ops.mat_mul(ops.reshape(powers, (-1, powers.shape[-1])), self._bands())
        bands = ops.reshape(flat, (*powers.shape[:-1], self.num_mel_bins))
        results = self._decibels(bands) if self.power_to_db else bands
        return ops.transpose(results, [*range(results.rank - 2), results.rank - 1, results.rank - 2])

    def _bands(self) -> Tensor:
        """Returns how much each frequency counts in each band, [fft_length // 2 + 1, num_mel_bins]: triangles up to 1."""
        points, bands = self.fft_length // 2 + 1, self.num_mel_bins
        low, high = _mel(self.min_freq), _mel(self.max_freq or self.sampling_rate // 2)
        edges = [low + (high - low) * place / (bands + 1) for place in range(bands + 2)]
        width = (high - low) / (bands + 1)
        places = [_mel(self.sampling_rate / 2 * point / (points - 1)) for point in range(1, points)]
        rows = [[max(0.0, 1 - abs(place - middle) / width) for middle in edges[1:-1]] for place in places]
        return ops.tensor([[0.0] * bands, *rows])

    def _decibels(self, powers: Tensor) -> Tensor:
        level = 10 * math.log10(max(abs(self.ref_power), self.min_power))
        found = (10 / math.log(10)) * ops.log(ops.maximum(powers, self.min_power)) - level
        return ops.maximum(found, ops.max(found) - self.top_db)

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        *batch, samples = input_shape
        whole = None if samples is None else samples + self.fft_length // 2 * 2 - self.fft_length
        pieces = None if whole is None else 1 + whole // self.sequence_stride
        return (*batch, self.num_mel_bins, pieces)


class STFTSpectrogram(Layer):
    """Sounds as spectrograms, by two convolutions whose kernels begin as those of the Fourier transform and may be trained.

    Args:
        mode: 'log', 'magnitude', 'psd' (power), 'real', 'imag', 'angle', or 'stft' for real and imaginary parts.
        frame_length: samples of each transform.
        frame_step: samples from one to the next, half of `frame_length` if None.
        fft_length: points of each, the next power of two if None.
        window: 'hann' or another name of SciPy's, its values, or None for none.
        periodic: whether the window is one period of a series.
        scaling: what windows have the sum 1 of: 'density' of squares, 'spectrum' of magnitudes; None for neither.
        padding: 'valid' or 'same'.
        expand_dims: whether channels and frequencies have an axis each.
        data_format: 'channelsLast', [batch, samples, channels], or 'channelsFirst'.

    Raises:
        OptionError: lengths or a window that do not fit together.

    Example:
        >>> import tfjs_pyo as tf
        >>> layer = tf.layers.stftSpectrogram({"mode": "magnitude", "frameLength": 64, "frameStep": 32})
        >>> layer(tf.ones([1, 256, 1])).shape
        (1, 7, 33)

    Source: https://keras.io/api/layers/preprocessing_layers/audio_preprocessing/stft_spectrogram/
    """

    per_sample = True
    order: ClassVar[Order] = (
        "mode", "frame_length", "frame_step", "fft_length", "window", "periodic", "scaling", "padding", "expand_dims",
        "data_format", ...,
    )  # fmt: skip

    mode: str = field("log", choice(*_MODES))
    frame_length: int = field(256, positive_int)
    frame_step: int | None = field(None, positive_int)
    fft_length: int | None = field(None, positive_int)
    window: Any | None = field("hann", window_option)
    periodic: bool = field(False)
    scaling: str | None = field("density", choice("density", "spectrum"))
    padding: str = field("valid", choice("valid", "same"))
    expand_dims: bool = field(False)
    data_format: str = field("channels_last", data_formats, keras=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._step = self.frame_step or max(1, self.frame_length // 2)
        self._points = self.fft_length or 1 << (self.frame_length - 1).bit_length()
        if self._step > self.frame_length or self._points < self.frame_length:
            raise OptionError(
                f"{self.display_name}: expected 'frameStep' up to 'frameLength', {self.frame_length}, and 'fftLength' from it, "
                f"received {self.frame_step} and {self.fft_length}."
            )
        values_of(self.window, self.frame_length, self.periodic, self.display_name)
        self.input_spec = InputSpec(ndim=3)

    def build(self, input_shape: BatchShape) -> None:  # noqa: ARG002 (as others)
        self.real_kernel = self._kernel("real") if self.mode != "imag" else None
        self.imag_kernel = self._kernel("imag") if self.mode != "real" else None

    def _kernel(self, side: str) -> Variable:
        first = initializers.STFT(side=side, window=self.window, scaling=self.scaling, periodic=self.periodic)
        shape = (self.frame_length, 1, self._points // 2 + 1)
        return self.add_weight(f"{side}_kernel", shape, "float32", first)

    def call(self, inputs: Tensor) -> Tensor:
        x = ops.cast(inputs, "float32")
        x = ops.transpose(x, (0, 2, 1)) if self.data_format == "channels_last" else x
        parts = [
            self._transformed(x, kernel.read())
            for kernel in (self.real_kernel, self.imag_kernel)
            if kernel is not None
        ]
        return self._in_form(self._result(parts))

    def _transformed(self, x: Tensor, kernel: Tensor) -> Tensor:
        """Returns a convolution of each channel: [batch, channels, time, frequencies] of [batch, channels, samples]."""
        batch, channels, samples = x.shape
        found = ops.conv1d(ops.reshape(x, (-1, samples, 1)), kernel, self._step, self.padding)
        return ops.reshape(found, (batch, channels, *found.shape[1:]))

    def _result(self, parts: list[Tensor]) -> Tensor:
        if self.mode in ("real", "imag"):
            return parts[0]
        real, imaginary = parts
        if self.mode == "angle":
            return ops.atan2(imaginary, real)
        if self.mode == "stft":
            return ops.concat([real, imaginary], 3)
        power = ops.square(real) + ops.square(imaginary)
        if self.mode == "psd":  # those between the first and the last stand for their conjugates, too
            last = power.shape[-1] - 1
            place = ops.range(0, last + 1, 1, "int32")
            inner = ops.logical_and(ops.greater(place, 0), ops.less(place, last))
            return power * (1.0 + ops.cast(inner, "float32"))
        magnitude = ops.sqrt(ops.maximum(power, _EPSILON))
        return magnitude if self.mode == "magnitude" else ops.log(ops.maximum(magnitude, _EPSILON))

    def _in_form(self, x: Tensor) -> Tensor:
        """Returns [batch, channels, time, frequencies] as `data_format` and `expand_dims` say."""
        last = self.data_format == "channels_last"
        if self.expand_dims:
            return ops.transpose(x, (0, 2, 3, 1)) if last else x
        batch, channels, time, points = x.shape
        if last:
            return ops.reshape(ops.transpose(x, (0, 2, 1, 3)), (batch, time, channels * points))
        return ops.reshape(ops.transpose(x, (0, 1, 3, 2)), (batch, channels * points, time))

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        last = self.data_format == "channels_last"
        batch, samples, channels = input_shape if last else (input_shape[0], input_shape[2], input_shape[1])
        points = (self._points // 2 + 1) * (2 if self.mode == "stft" else 1)
        time = None if samples is None else self._pieces(samples)
        if self.expand_dims:
            return (batch, time, points, channels) if last else (batch, channels, time, points)
        whole = None if channels is None else channels * points
        return (batch, time, whole) if last else (batch, whole, time)

    def _pieces(self, samples: int) -> int:
        return (
            -(-samples // self._step)
            if self.padding == "same"
            else 1 + (samples - self.frame_length) // self._step
        )


__all__ = ["MelSpectrogram", "STFTSpectrogram"]
