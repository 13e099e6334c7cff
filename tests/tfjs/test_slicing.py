"""stridedSlice, cumsum and cumprod against what TensorFlow.js recorded (record_slicing.mjs)."""

import json
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import OptionError, ShapeError

RECORDED = json.loads(Path(__file__).with_name("slicing.json").read_text(encoding="utf-8"))
X = np.arange(60, dtype=np.float32).reshape(4, 5, 3)


@pytest.mark.parametrize("record", RECORDED["strided"], ids=lambda r: str(r["args"]).replace(" ", ""))
def test_strided_slice(record):
    found = tf.stridedSlice(tf.tensor(X), *record["args"])
    assert list(found.shape) == record["shape"]
    np.testing.assert_array_equal(found.numpy().ravel(), record["output"])


@pytest.mark.parametrize("record", RECORDED["scans"], ids=lambda r: f"{r['name']}-{r['args']}")
def test_scans(record):
    def scan(x):
        return getattr(tf, record["name"])(x, *record["args"])

    x = tf.tensor(X / 40 - 0.5)
    np.testing.assert_allclose(scan(x).numpy().ravel(), record["output"], rtol=2e-5, atol=1e-6)
    if record["gradient"] is not None:
        gradient = tf.grad(lambda x: tf.square(scan(x)).sum())(x).numpy().ravel()
        np.testing.assert_allclose(gradient, record["gradient"], rtol=1e-4, atol=1e-4)


def test_long_scans_and_zeros():
    x = np.random.default_rng(1).normal(size=(3, 1000)).astype(np.float32)
    np.testing.assert_allclose(
        tf.cumsum(x, 1).numpy(), np.cumsum(x.astype(np.float64), 1), rtol=1e-4, atol=1e-4
    )
    zeros = tf.tensor([2.0, 0.0, 3.0, 4.0])
    assert tf.cumprod(zeros).array_sync() == [2, 0, 0, 0]
    assert tf.grad(lambda x: tf.cumprod(x).sum())(zeros).array_sync() == [1, 2 + 6 + 24, 0, 0]


def test_errors():
    with pytest.raises(ShapeError, match="equal length"):
        tf.stridedSlice(X, [0], [1, 2])
    with pytest.raises(OptionError, match="not 0"):
        tf.stridedSlice(X, [0], [1], [0])
    with pytest.raises(OptionError, match="at most one"):
        tf.stridedSlice(X, [0, 0], [1, 1], [1, 1], ellipsisMask=3)
    with pytest.raises(ShapeError, match="at most 3 indices"):
        tf.stridedSlice(X, [0] * 4, [1] * 4)
