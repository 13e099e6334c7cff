"""A NumPy backend that stores float32 tensors in float64, for gradients by finite differences."""

import pytest

from tfjs_pyo.backends.numpy import NumpyBackend
from tfjs_pyo.core import engine


@pytest.fixture
def float64():
    """Computes in float64 for the duration of a test."""
    engine.use_backend("numpy")
    backend = NumpyBackend("float64")
    former = engine.replace_backend(backend)
    yield backend
    engine.replace_backend(former)
