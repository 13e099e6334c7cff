"""tf.string, tf.sparse and the ragged functions against TensorFlow.js (record_strings.mjs)."""

import pytest

import tfjs_pyo as tf
from tests.tfjs.replay import records, replay, title
from tfjs_pyo.errors import DTypeError, OptionError, ShapeError


@pytest.mark.parametrize("record", records(__file__, "strings.json"), ids=title)
def test_like_tensorflow_js(record):
    replay(record)


def test_gradients_reach_the_values():
    splits = tf.tensor1d([0, 2, 3], "int32")

    def padded(x):
        return tf.raggedTensorToTensor([2, -1], x, 0.0, [splits], ["ROW_SPLITS"])

    assert tf.grad(lambda x: (padded(x) * [[1, 2], [3, 4]]).sum())(tf.tensor([5.0, 6, 7])).array_sync() == [
        1,
        2,
        3,
    ]
    found = tf.grad(lambda x: tf.sparse.sparseSegmentMean(x, [0, 0, 2], [0, 0, 2]).sum())(tf.ones([3]))
    assert found.array_sync() == [1, 0, 1]


def test_open_inner_shapes_follow_the_longest_row():
    """TensorFlow.js takes the width of a value for that of the innermost ragged axis here, and loses values."""
    splits = [tf.tensor1d([0, 1, 3], "int32"), tf.tensor1d([0, 3, 3, 4], "int32")]
    values = tf.tensor([[1.0, 1], [2, 2], [3, 3], [4, 4]])
    found = tf.raggedTensorToTensor(-1, values, [8.0, 9.0], splits, ["ROW_SPLITS", "ROW_SPLITS"])
    none = [8, 9]
    assert found.array_sync() == [[[[1, 1], [2, 2], [3, 3]], [none] * 3], [[none] * 3, [[4, 4], none, none]]]


def test_strings_fill_rows_too():
    filled = tf.sparse.sparseFillEmptyRows([[1, 0]], ["a"], [3, 2], "-")
    assert filled["outputValues"].array_sync() == ["-", "a", "-"]
    assert filled["emptyRowIndicator"].array_sync() == [True, False, True]


MESSAGES = [
    (lambda: tf.string.stringSplit(["a"], 1), DTypeError, "expected `delimiter` to be strings, received float32"),
    (lambda: tf.string.stringSplit([["a"]], "x"), ShapeError, r"received shapes \(1, 1\) and \(\)"),
    (lambda: tf.string.stringToHashBucketFast(["a"], 0), OptionError, "num_buckets to be positive"),
    (lambda: tf.string.stringNGrams(["a"], [0, 2], "", [1], "", "", 0, False), OptionError, "rise from 0 to 1"),
    (lambda: tf.sparse.sparseFillEmptyRows([[3, 0]], [1.0], [3, 2], 0), OptionError, "rows between 0 and 2, received 3"),
    (lambda: tf.sparse.sparseReshape([[0, 0]], [2, 3], [4, -1]), ShapeError, "expected a new shape of the size"),
    (lambda: tf.sparse.sparseSegmentSum([1.0], [0], [0, 1]), ShapeError, "as many segment ids as indices"),
    (lambda: tf.sparse.sparseSegmentSum([1.0], [1], [0]), OptionError, "indices between 0 and 0"),
    (lambda: tf.sparse.sparseSegmentSum([1.0, 2.0], [0, 1], [1, 0]), OptionError, "segment ids that rise"),
    (lambda: tf.raggedGather([[0, 2]], [1.0, 2.0], [1], 1), OptionError, "indices between 0 and 0"),
    (lambda: tf.raggedGather([[0, 3]], [1.0, 2.0], [0], 1), OptionError, r"end at 2, received \[0, 3\]"),
    (lambda: tf.raggedRange([0], [1, 2], 1), ShapeError, "vectors of one length"),
    (lambda: tf.raggedRange(0, 1, 0), OptionError, "deltas other than 0"),
    (lambda: tf.raggedTensorToTensor(-1, [1.0], 0.0, [[0]], ["VALUE_ROWIDS"]), OptionError, "FIRST_DIM_SIZE"),
    (lambda: tf.raggedTensorToTensor([2], [1.0], 0.0, [[0, 1]], ["ROW_SPLITS"]), ShapeError, "shape of rank 2"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), MESSAGES)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
