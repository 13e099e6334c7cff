"""Convolutions of every kind against TensorFlow.js (record_convolution.mjs), and against each other."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.tfjs.replay import records, replay, title
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError

RNG = np.random.default_rng(29)


def draw(*shape: int) -> tf.Tensor:
    return tf.tensor(RNG.normal(size=shape).astype(np.float32))


@pytest.mark.parametrize("record", records(__file__, "convolution.json"), ids=title)
def test_like_tensorflow_js(record):
    # TensorFlow.js's gradients of convolutions with a rounded size are wrong where the size was rounded up.
    replay(record, gradients="ceil" not in record["args"], rtol=5e-5, atol=5e-6)


@pytest.mark.parametrize("name", ["conv2d", "depthwiseConv2d"])
@pytest.mark.parametrize("pad", ["same", 1, ((1, 0), (0, 2)), ((0, 0), (0, 0), (1, 0), (0, 2))])
def test_channels_first(name, pad):
    x, w = draw(2, 3, 6, 5), draw(3, 2, 3, 2)
    convolve = getattr(tf, name)
    last = pad if not isinstance(pad, tuple) or len(pad) == 2 else pad[2:]
    expected = convolve(tf.transpose(x, [0, 2, 3, 1]), w, 2, last)
    found = convolve(x, w, 2, pad, "NCHW")
    np.testing.assert_allclose(found.numpy(), expected.numpy().transpose(0, 3, 1, 2), rtol=1e-5, atol=1e-5)


def test_other_formats_with_channels_first():
    x, w = draw(2, 3, 7), draw(2, 3, 4)
    expected = tf.conv1d(tf.transpose(x, [0, 2, 1]), w, 1, "same")
    np.testing.assert_allclose(
        tf.conv1d(x, w, 1, "same", "NCW").numpy(), expected.numpy().transpose(0, 2, 1), rtol=1e-5, atol=1e-5
    )
    x, w = draw(1, 2, 4, 5, 3), draw(2, 2, 2, 2, 3)
    expected = tf.conv3d(tf.transpose(x, [0, 2, 3, 4, 1]), w, 1, "same").numpy().transpose(0, 4, 1, 2, 3)
    np.testing.assert_allclose(tf.conv3d(x, w, 1, "same", "NCDHW").numpy(), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("transpose", "forward", "x", "w", "output"),
    [
        (tf.conv2dTranspose, tf.conv2d, (2, 3, 4, 3), (3, 2, 2, 3), (2, 6, 8, 2)),
        (tf.conv3dTranspose, tf.conv3d, (1, 2, 3, 2, 3), (2, 3, 2, 2, 3), (1, 4, 6, 4, 2)),
    ],
)
def test_transposes_are_adjoint(transpose, forward, x, w, output):
    """<conv(z), x> is <z, transpose(x)> for all z and x."""
    x, w, z = draw(*x), draw(*w), draw(*output)
    found = float((transpose(x, w, output, 2, "same") * z).sum())
    assert found == pytest.approx(float((forward(z, w, 2, "same") * x).sum()), rel=1e-4)


def test_a_depthwise_convolution_is_one_of_each_channel():
    x, w = draw(2, 6, 6, 3), draw(3, 3, 3, 2)
    found = tf.depthwiseConv2d(x, w, 1, "same", "NHWC", 2).numpy()
    for c in range(3):
        alone = tf.conv2d(x[..., c : c + 1], w[:, :, c : c + 1], 1, "same", "NHWC", 2).numpy()
        np.testing.assert_allclose(found[..., 2 * c : 2 * c + 2], alone, rtol=1e-5, atol=1e-5)


MESSAGES = [
    (lambda: tf.conv2d(draw(1, 4, 4, 2), draw(3, 3, 3, 1), 1, "same"), ShapeError, "as many channels in x as in filter"),
    (lambda: tf.conv2d(draw(4, 4), draw(3, 3, 2, 1), 1, "same"), ShapeError, "x of rank 4"),
    (lambda: tf.conv2d(draw(1, 4, 4, 2), draw(3, 3, 2), 1, "same"), ShapeError, "filter of rank 4"),
    (lambda: tf.conv2d(draw(1, 4, 4, 2), draw(3, 3, 2, 1), 1, "full"), OptionError, "'same', 'valid'"),
    (lambda: tf.conv2d(draw(1, 4, 4, 2), draw(3, 3, 2, 1), 0, "same"), OptionError, "`strides` to be a positive"),
    (lambda: tf.conv2d(draw(1, 4, 4, 2), draw(5, 5, 2, 1), 1, "valid"), ShapeError, "windows that fit"),
    (lambda: tf.conv2d(draw(1, 4, 4, 2), draw(3, 3, 2, 1), 1, "same", "NWHC"), OptionError, "'NHWC' or 'NCHW'"),
    (
        lambda: tf.conv2d(draw(1, 4, 4, 2), draw(3, 3, 2, 1), 1, ((1, 0), (0, 0), (0, 0), (0, 0))),
        OptionError,
        "no padding of batch and channels",
    ),
    (lambda: tf.conv2d(draw(1, 4, 4, 2), draw(3, 3, 2, 1), 2, 1, "NHWC", 1, "up"), OptionError, "'floor', 'round' or"),
    (lambda: tf.conv1d(draw(4), draw(3, 3, 2), 1, "same"), ShapeError, "conv1d: expected x of rank 3"),
    (lambda: tf.depthwiseConv2d(draw(1, 4, 4, 2), draw(3, 3, 3, 1), 1, "same"), ShapeError, "depthwise_conv2d: expected as"),
    (lambda: tf.separableConv2d(draw(1, 4, 4, 2), draw(3, 3, 2, 2), draw(1, 1, 2, 1), 1, "same"), ShapeError, "take 4"),
    (lambda: tf.conv2dTranspose(draw(1, 2, 2, 3), draw(2, 2, 1, 3), [1, 9, 9, 1], 1, "valid"), ShapeError, "output shape"),
    (lambda: tf.conv3d(draw(1, 4, 4, 2), draw(3, 3, 2, 1), 1, "same"), ShapeError, "filter of rank 5"),
    (lambda: tf.conv3dTranspose(draw(1, 2, 2, 2, 1), draw(2, 2, 2, 1, 1), [1, 9, 3, 3, 1], 1, "valid"), ShapeError, "leads to"),
    (lambda: tf.fused.matMul([[1.0]], [[1.0]], activation="prelu"), ArgumentError, "prelu_activation_weights"),
    (lambda: tf.fused.matMul([[1.0]], [[1.0]], activation="rleu"), OptionError, "Did you mean 'relu'"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), MESSAGES)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
