"""Norms, moments and normalization against what TensorFlow.js recorded (record_normalization.mjs)."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import OptionError, ShapeError

RECORDED = json.loads(Path(__file__).with_name("normalization.json").read_text(encoding="utf-8"))


def numbers(shape, seed):
    """The numbers of the recorder."""
    flat = [2 * math.sin(12.9898 * (i + 1) + 78.233 * seed) for i in range(math.prod(shape))]
    return np.array(flat, np.float32).reshape(shape)


@pytest.mark.parametrize(
    "record", RECORDED["records"], ids=lambda r: f"{r['name']}-{r['shapes'][0]}-{r['args']}"
)
def test_as_tensorflow_js(record):
    arrays = [numbers(shape, i) for i, shape in enumerate(record["shapes"])]
    x, *others = [tf.tensor(np.abs(a) if i == 2 else a) for i, a in enumerate(arrays)]
    args = [float(arg) if isinstance(arg, str) and "Inf" in arg else arg for arg in record["args"]]

    def call(x):
        return getattr(tf, record["name"])(x, *others, *args)

    y = call(x)
    assert list(y.shape) == record["shape"]
    np.testing.assert_allclose(y.numpy().ravel(), record["output"], rtol=2e-5, atol=1e-6)
    if record["gradient"] is None:
        return
    gradient = tf.grad(lambda x: tf.square(call(x)).sum())(x)
    np.testing.assert_allclose(gradient.numpy().ravel(), record["gradient"], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("record", RECORDED["moments"], ids=lambda r: str(r["axis"]))
def test_moments(record):
    found = tf.moments(tf.tensor(numbers([2, 3, 4], 0)), record["axis"], record["axis"] == 0)
    assert list(found.mean.shape) == record["shape"]
    np.testing.assert_allclose(found.mean.numpy().ravel(), record["mean"], rtol=2e-5, atol=1e-6)
    np.testing.assert_allclose(found.variance.numpy().ravel(), record["variance"], rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: tf.norm([1.0], 3), OptionError, "'ord' of vectors"),
        (lambda: tf.norm([[1.0]], 2, [0, 1]), OptionError, "'ord' of matrices"),
        (lambda: tf.norm([[1.0]], 1, [0, 1, 0]), ShapeError, "one or two axes"),
        (lambda: tf.batchNorm2d([1.0], [1.0], [1.0]), ShapeError, "batch_norm2d: expected x of rank 2"),
        (lambda: tf.batchNorm([[1.0, 2.0]], [[1.0]], [1.0]), ShapeError, "expected 'mean' of shape"),
        (lambda: tf.localResponseNormalization([1.0]), ShapeError, "rank 3 or 4"),
        (lambda: tf.localResponseNormalization([[[1.0]]], -1), OptionError, "depthRadius"),
    ],
)
def test_errors(call, error, words):
    with pytest.raises(error, match=words):
        call()
