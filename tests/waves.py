"""Numbers that look random and are the same in every language, and tensors as few numbers in which every element shows.

Needs NumPy only: recorders run where this project is not installed.
"""

import math

import numpy as np

PROJECTIONS = 4


def wave(count, seed, scale=1.0):
    """Numbers of a sine that is sampled too coarsely; the JavaScript recorders have the same."""
    return np.array([scale * math.sin(12.9898 * (i + 1) + 78.233 * seed) for i in range(count)])


def filled(shape, seed, scale):
    """A float32 array of such numbers."""
    return wave(math.prod(shape), seed, scale).astype(np.float32).reshape(shape)


def _sums(array):
    flat = np.asarray(array, np.float64).reshape(-1)
    return flat, [float(flat @ wave(flat.size, 7 + k)) for k in range(PROJECTIONS)]


def seen(array):
    """An array as its shape, sums weighted by waves, and the sum of its magnitudes."""
    flat, sums = _sums(array)
    return {
        "shape": list(np.shape(array)),
        "sums": [float(f"{v:.7g}") for v in sums],
        "magnitude": float(f"{np.abs(flat).sum():.4g}"),
    }


def assert_seen(found, expected, rtol=2e-5):
    """Compares an array with what `seen` gave, within a share of its magnitude."""
    assert list(found.shape) == expected["shape"]
    near = rtol * max(1e-2, expected["magnitude"])
    np.testing.assert_allclose(_sums(found)[1], expected["sums"], rtol=0, atol=near)
