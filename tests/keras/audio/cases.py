"""Layers of sounds and their options: for record.py and for the test."""

import numpy as np

MEL = [
    ((2, 600), {"fft_length": 64, "sequence_stride": 16, "num_mel_bins": 10, "sampling_rate": 800}),
    ((500,), {"fft_length": 128, "sequence_stride": 50, "num_mel_bins": 20, "sampling_rate": 4000, "power_to_db": False}),
    (
        (3, 333),
        {"fft_length": 64, "sequence_length": 40, "sequence_stride": 20, "window": "hamming", "num_mel_bins": 8, "mag_exp": 1.0},
    ),
    ((1, 400), {"fft_length": 64, "sequence_stride": 32, "window": None, "num_mel_bins": 12, "top_db": 20.0, "ref_power": 3.0}),
    (
        (1, 400),
        {"fft_length": 100, "sequence_stride": 25, "num_mel_bins": 9, "min_freq": 100.0, "max_freq": 3000.0, "min_power": 1e-3},
    ),
]  # fmt: skip
"""Shape and options of MelSpectrogram."""
STFT = [
    ((2, 600, 1), {}),
    ((2, 300, 2), {"mode": "magnitude", "frame_length": 60, "frame_step": 20}),
    (
        (1, 300, 2),
        {"mode": "psd", "frame_length": 64, "fft_length": 128, "scaling": "spectrum", "expand_dims": True},
    ),
    ((2, 100, 3), {"mode": "real", "frame_length": 32, "padding": "same", "window": "blackman"}),
    ((2, 100, 3), {"mode": "imag", "frame_length": 32, "frame_step": 7, "padding": "same", "periodic": True}),
    ((1, 90, 1), {"mode": "angle", "frame_length": 16, "window": None, "scaling": None}),
    ((2, 90, 2), {"mode": "stft", "frame_length": 16, "window": "hamming"}),
    ((2, 2, 90), {"mode": "stft", "frame_length": 16, "data_format": "channels_first"}),
    ((2, 2, 90), {"mode": "log", "frame_length": 16, "data_format": "channels_first", "expand_dims": True}),
    ((2, 90, 2), {"mode": "magnitude", "frame_length": 16, "window": "flattop", "expand_dims": True}),
]
"""Shape and options of STFTSpectrogram."""
KERNELS = [
    ((32, 1, 17), {}),
    ((20, 1, 33), {"side": "imag", "window": "tukey", "scaling": "spectrum", "periodic": True}),
    ((8, 1, 9), {"window": None}),
    ((9, 1, 9), {"window": "triang", "scaling": None}),
]
"""Shape and options of the initializer STFT."""


def sound(shape):
    """Two tones and noise, float32."""
    draw = np.random.RandomState(sum(shape))
    place = np.arange(np.prod(shape)).reshape(shape)
    return (np.sin(place * 0.31) + 0.3 * np.sin(place * 1.7) + 0.1 * draw.standard_normal(shape)).astype(
        "float32"
    )
