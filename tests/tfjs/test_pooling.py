"""Pooling and grey dilation against TensorFlow.js (record_pooling.mjs), and where it is wrong."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.tfjs.replay import records, replay, title
from tfjs_pyo.errors import OptionError, ShapeError


@pytest.mark.parametrize("record", records(__file__, "pooling.json"), ids=title)
def test_like_tensorflow_js(record):
    # Over padding only its CPU backend gives NaN, its WebGL backend 0, as this one does.
    for output in record["outputs"]:
        output["data"] = [0.0 if value == "NaN" else value for value in output["data"]]
    replay(record)


def test_padding_of_dilated_windows_does_not_count():
    x = tf.fill([1, 4, 4, 1], -2.0)
    for kind in ("max", "avg"):
        assert np.all(tf.pool(x, 3, kind, "same", 2).numpy() == -2)


@pytest.mark.parametrize("function", [tf.avgPool, tf.avgPool3d])
@pytest.mark.parametrize("pad", ["same", 1])
def test_the_gradient_of_the_mean_adds_up(function, pad):
    x = tf.ones([1] + [5] * (3 if function is tf.avgPool3d else 2) + [1])
    gradient = tf.grad(lambda x: function(x, 3, 2, pad).sum())(x)
    assert gradient.sum().item() == pytest.approx(function(x, 3, 2, pad).size, rel=1e-6)


OVER_PADDING_ONLY = {
    "avgPool": lambda x: tf.avgPool(x, 2, 1, 2),
    "avgPool, wide": lambda x: tf.avgPool(x, [1, 2], [2, 3], ((0, 0), (3, 1), (0, 4), (0, 0))),
    "avgPool of tiles": lambda x: tf.avgPool(x, 2, 2, 4),
    "pool": lambda x: tf.pool(x, 2, "avg", 2),
    "pool, dilated": lambda x: tf.pool(x, 2, "avg", "same", 3),
    "avgPool3d": lambda x: tf.avgPool3d(tf.expandDims(x, 1), 2, 1, 2),
    "avgPool3d, channels first": lambda x: tf.avgPool3d(tf.expandDims(x, 1), 2, 1, 2, None, "NCDHW"),
}


@pytest.mark.parametrize("name", OVER_PADDING_ONLY)
@pytest.mark.parametrize("shape", [(1, 1, 1, 1), (2, 2, 3, 4)])
def test_the_mean_over_padding_only_is_0(name, shape):
    pool = OVER_PADDING_ONLY[name]
    y = pool(tf.ones(shape)).numpy()
    assert {0.0} <= set(np.unique(y)) <= {0.0, 1.0}
    if name == "avgPool" and shape == (1, 1, 1, 1):
        assert y.reshape(4, 4).tolist() == [[0, 0, 0, 0], [0, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0]]
    gradient = tf.grad(lambda x: pool(x).sum())(tf.ones(shape)).numpy()
    assert np.isfinite(gradient).all()
    assert gradient.sum() == pytest.approx(y.sum(), rel=1e-6)


def test_channels_first():
    x = tf.randomNormal([2, 3, 4, 5, 6])
    last = tf.transpose(x, [0, 2, 3, 4, 1])
    for function in (tf.maxPool3d, tf.avgPool3d):
        expected = tf.transpose(function(last, 2, 2, "same"), [0, 4, 1, 2, 3])
        found = function(x, 2, 2, "same", data_format="NCDHW")
        np.testing.assert_allclose(found.numpy(), expected.numpy(), rtol=1e-6)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: tf.maxPool([[1.0]], 1, 1, "same"), ShapeError, "rank 4"),
        (lambda: tf.maxPool(tf.ones([4, 4, 1]), 5, 1, "valid"), ShapeError, "windows that fit"),
        (lambda: tf.maxPool(tf.ones([4, 4, 1]), 2, 1, "valid", "up"), OptionError, "dim_rounding_mode"),
        (
            lambda: tf.maxPool(tf.ones([4, 4, 1]), 2, 1, [[1, 0], [0, 0], [0, 0], [0, 0]]),
            OptionError,
            "batch",
        ),
        (lambda: tf.pool(tf.ones([4, 4, 1]), 2, "sum", "valid"), OptionError, "'max' or 'avg'"),
        (lambda: tf.maxPool3d(tf.ones([4, 4, 1]), 2, 1, "valid"), ShapeError, "depth"),
        (lambda: tf.avgPool3d(tf.ones([1, 4, 4, 1]), 2, 1, "valid", None, "NHWC"), OptionError, "NCDHW"),
        (lambda: tf.maxPoolWithArgmax(tf.ones([4, 4, 1]), 2, 1, "valid"), ShapeError, "rank 4"),
        (lambda: tf.dilation2d(tf.ones([4, 4, 1]), tf.ones([2, 2, 3]), 1, "valid"), ShapeError, "filter"),
        (
            lambda: tf.dilation2d(tf.ones([4, 4, 1]), tf.ones([2, 2, 1]), 1, "valid", 1, "NCHW"),
            OptionError,
            "NHWC",
        ),
    ],
)
def test_errors(call, error, words):
    with pytest.raises(error, match=words):
        call()
