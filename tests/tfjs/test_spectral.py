"""tf.spectral and tf.signal against TensorFlow.js (record_spectral.mjs) and NumPy."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.tfjs.replay import records, replay, title
from tfjs_pyo.errors import OptionError, ShapeError

RECORDS = records(__file__, "spectral.json")
RNG = np.random.default_rng(5)


@pytest.mark.parametrize("record", RECORDS, ids=title)
def test_like_tensorflow_js(record):
    replay(record, rtol=1e-5, atol=2e-6)


def draw(*shape: int) -> np.ndarray:
    return (RNG.normal(size=shape) + 1j * RNG.normal(size=shape)).astype(np.complex64)


def close(found: np.ndarray, expected: np.ndarray) -> None:
    np.testing.assert_allclose(found, expected, rtol=0, atol=3e-6 * float(np.abs(expected).max()))


@pytest.mark.parametrize("n", [4, 63, 64, 67, 128, 210, 257, 1000, 1024, 4096, 65 * 97, 2 * 263, 1009])
def test_any_length(n):
    x = draw(2, n)
    close(tf.fft(tf.tensor(x)).numpy(), np.fft.fft(x))
    close(tf.ifft(tf.fft(tf.tensor(x))).numpy(), x)
    close(tf.rfft(tf.tensor(x.real)).numpy(), np.fft.rfft(x.real))
    if n % 2 == 0:
        close(tf.irfft(tf.rfft(tf.tensor(x.real))).numpy(), x.real)


@pytest.mark.parametrize("n", [12, 67, 263, 300])
def test_the_gradient_is_the_adjoint(n):
    """For a linear map F and a loss <w, F x> the gradient is the adjoint map of w: n times the inverse transform."""
    x, w = draw(n), draw(n)

    def loss(z):
        y = tf.fft(z)
        return (y.real() * w.real).sum() + (y.imag() * w.imag).sum()

    close(tf.grad(loss)(tf.tensor(x)).numpy(), np.fft.ifft(w) * n)
    real = tf.grad(lambda z: tf.rfft(z).abs().square().sum())(tf.tensor(x.real)).numpy()
    half = np.fft.rfft(x.real)
    close(real, 2 * n * np.fft.ifft(np.concatenate([half, np.zeros(n - len(half))])).real)


def test_shapes_and_errors():
    assert tf.fft(tf.zeros([0, 4], "complex64")).shape == (0, 4)
    assert tf.fft(tf.tensor([1.0, 2.0])).array_sync() == [3, -1]
    assert tf.signal.hann_window(1).array_sync() == [1]
    assert tf.signal.frame(tf.zeros([2]), 3, 1).shape == (0, 3)
    assert tf.signal.stft(tf.zeros([2, 20]), 8, 4).shape == (2, 4, 5)
    assert [tf.enclosingPowerOfTwo(n) for n in (1, 2, 3, 64, 65)] == [1, 2, 4, 64, 128]
    with pytest.raises(ShapeError, match="fft: expected a tensor of rank 1"):
        tf.fft(tf.scalar(1.0))
    with pytest.raises(OptionError, match="fft_length to be a positive integer, received 0"):
        tf.rfft([1.0], 0)
    with pytest.raises(OptionError, match="frame_step to be a positive integer, received 0"):
        tf.signal.frame([1.0], 1, 0)
