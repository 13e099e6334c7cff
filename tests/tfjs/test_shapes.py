"""Movement by blocks, ranked forms and selections against TensorFlow.js (record_shapes.mjs) and NumPy."""

import asyncio

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.tfjs.replay import records, replay, title
from tfjs_pyo.errors import DTypeError, OptionError, ShapeError

X = np.arange(24, dtype=np.float32).reshape(2, 3, 4)


@pytest.mark.parametrize("record", records(__file__, "shapes.json"), ids=title)
def test_like_tensorflow_js(record):
    replay(record)


def test_batch_to_space_undoes_space_to_batch():
    pads = [[1, 0], [0, 2]]
    found = tf.batchToSpaceND(tf.spaceToBatchND(X, [2, 3], pads), [2, 3], pads)
    np.testing.assert_array_equal(found.numpy(), X)


def test_depth_to_space_with_channels_first():
    x = np.arange(2 * 12 * 2 * 3, dtype=np.float32).reshape(2, 12, 2, 3)
    last = tf.depthToSpace(x.transpose(0, 2, 3, 1), 2).numpy()
    np.testing.assert_array_equal(tf.depthToSpace(x, 2, "NCHW").numpy(), last.transpose(0, 3, 1, 2))


@pytest.mark.parametrize("mode", ["reflect", "symmetric"])
def test_mirror_pad_like_numpy(mode):
    pads = [(1, 0), (2, 1), (0, 3)]
    np.testing.assert_array_equal(tf.mirrorPad(X, pads, mode).numpy(), np.pad(X, pads, mode))


def test_masks_keep_gradients_and_dtypes():
    def loss(x):
        return (asyncio.run(tf.booleanMaskAsync(x, [True, False, True])) * [2.0, 3.0]).sum()

    assert tf.grad(loss)(tf.tensor([1.0, 2.0, 3.0])).array_sync() == [2, 0, 3]
    assert asyncio.run(tf.booleanMaskAsync(["a", "b"], [False, True])).array_sync() == ["b"]
    assert asyncio.run(tf.setdiff1dAsync(["a", "b"], ["a"]))[0].array_sync() == ["b"]


def test_nothing_selected():
    assert asyncio.run(tf.whereAsync([False, False])).shape == (0, 1)
    assert asyncio.run(tf.whereAsync(True)).shape == (1, 0)
    assert asyncio.run(tf.booleanMaskAsync(X, [False, False])).shape == (0, 3, 4)


MESSAGES = [
    (lambda: tf.slice2d(X, [0, 0], [1, 1]), ShapeError, "slice2d: expected a tensor of rank 2"),
    (lambda: tf.concat1d([[1.0], [[1.0]]]), ShapeError, "concat1d: expected a tensor of rank 1"),
    (lambda: tf.reverse1d(X), ShapeError, "reverse1d: expected a tensor of rank 1"),
    (lambda: tf.pad4d(X, [[0, 0]] * 3), ShapeError, "pad4d: expected a tensor of rank 4"),
    (lambda: tf.batchToSpaceND(X, [3], [[0, 0]]), ShapeError, "a batch that 3 divides"),
    (lambda: tf.batchToSpaceND(X, [2], [[2, 5]]), ShapeError, "expected crops within"),
    (lambda: tf.spaceToBatchND(X, [2], [[0, 0]]), ShapeError, r"space that \(2,\) divide after padding"),
    (lambda: tf.spaceToBatchND(X, [0], [[0, 0]]), OptionError, "positive block sizes"),
    (lambda: tf.depthToSpace(X, 2), ShapeError, "rank 4"),
    (lambda: tf.depthToSpace(X[None], 3), ShapeError, "channels that 9 divides"),
    (lambda: tf.depthToSpace(X[None], 2, "NHC"), OptionError, "'NHWC' or 'NCHW'"),
    (lambda: tf.mirrorPad([1.0, 2.0], [[2, 0]], "reflect"), ShapeError, "between 0 and 1 elements"),
    (lambda: tf.mirrorPad([1.0], [[0, 0]], "wrap"), OptionError, "'reflect' or 'symmetric'"),
    (lambda: tf.meshgrid([1], [2], "yx"), OptionError, "'xy' or 'ij'"),
    (lambda: tf.broadcastArgs([2], [3]), ShapeError, "broadcast_args: expected shapes that broadcast"),
    (lambda: tf.ensureShape(X, [None, 3]), ShapeError, "ensure_shape: expected shape"),
    (lambda: asyncio.run(tf.booleanMaskAsync(X, [True])), ShapeError, "expected a mask in the shape"),
    (lambda: asyncio.run(tf.setdiff1dAsync(["a"], [1])), DTypeError, "received string and float32"),
    (lambda: tf.unique(1.0), ShapeError, "received a scalar"),
    (lambda: tf.cumsum(1.0), ShapeError, "cumsum: expected a tensor of rank 1"),
    (lambda: tf.stridedSlice([1.0], [0], [1], [-1], 0, 0, 0, 0, 1), OptionError, "a positive stride"),
    (lambda: tf.stridedSlice([1.0], [3], [4], [1], 0, 0, 0, 0, 1), IndexError, "strided_slice: expected an index"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), MESSAGES)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
