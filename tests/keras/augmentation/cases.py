"""Layers of images where nothing is left to chance: for record.py and for the tests."""

import numpy as np

SETTLED = [
    ("AutoContrast", {}),
    ("AutoContrast", {"value_range": [0, 200]}),
    ("Equalization", {}),
    ("Equalization", {"bins": 16}),
    ("RandomBrightness", {"factor": [0.1, 0.1]}),
    ("RandomBrightness", {"factor": [-0.3, -0.3], "value_range": [0, 200]}),
    ("RandomColorDegeneration", {"factor": [0.4, 0.4]}),
    ("RandomGrayscale", {"factor": 1.0}),
    ("RandomInvert", {"factor": [1.0, 1.0]}),
    ("RandomInvert", {"factor": [1.0, 1.0], "value_range": [0, 200]}),
    ("RandomSaturation", {"factor": [0.3, 0.3]}),
    ("RandomSaturation", {"factor": [0.7, 0.7]}),
    ("RandomSharpness", {"factor": [0.2, 0.2]}),
    ("RandomSharpness", {"factor": [0.9, 0.9]}),
    ("RandomPosterization", {"factor": [3, 3]}),
    ("Solarization", {}),
    ("RandomGaussianBlur", {"factor": [1.0, 1.0], "sigma": [0.5, 0.5], "kernel_size": 5}),
    ("RandomGaussianBlur", {"factor": [1.0, 1.0], "sigma": [0.8, 0.8], "kernel_size": 3}),
    ("RandomContrast", {"factor": [0.0, 0.0]}),
    ("RandomHue", {"factor": [0.0, 0.0]}),
    ("RandomHue", {"factor": [1.0, 1.0]}),
    ("RandomCrop", {"height": 9, "width": 5}),
    ("RandomCrop", {"height": 12, "width": 12}),
    ("RandomErasing", {"factor": [1.0, 1.0], "scale": [1.0, 1.0], "fill_value": 7}),
    ("RandomPerspective", {"factor": [1.0, 1.0], "scale": 0.0}),
    ("RandomShear", {}),
    ("ContrastLimitedAdaptiveHistogramEqualization", {"tile_grid_size": [2, 3]}),
    ("ContrastLimitedAdaptiveHistogramEqualization", {"clip_limit": 1.5, "value_range": [0, 200]}),
    ("ContrastLimitedAdaptiveHistogramEqualization", {"clip_limit": 0.0, "tile_grid_size": [1, 9]}),
    ("RandomElasticTransform", {"scale": 0.0}),
    ("RandomElasticTransform", {"factor": 0.0}),
]
"""Name and options of layers whose result is settled."""


def images():
    """Two images [2, 7, 8, 3] with values from 0 to 255."""
    places = np.arange(2 * 7 * 8 * 3, dtype=np.float64)
    return (
        (127.5 + 120 * np.sin(places * 0.37) * np.cos(places * 0.011)).reshape(2, 7, 8, 3).astype(np.float32)
    )
