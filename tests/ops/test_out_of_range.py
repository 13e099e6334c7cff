"""Indices out of range: those of tensors read zeros and write nothing; those given as numbers are refused."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.ops import out_of_range
from tfjs_pyo.errors import RangeError


def test_tensors_read_zeros_and_write_nothing():
    assert out_of_range.differing() == {}


X = tf.tensor(out_of_range.ROWS)
IMAGES = tf.ones([3, 2, 2, 1])
KNOWN = {
    "gather": (lambda i: tf.gather(X, [0, i]), "indices"),
    "gather of one": (lambda i: tf.gather(X, i), "indices"),
    "gather of a list": (lambda i: tf.gather([1.0, 2.0, 3.0], [[i]]), "indices"),
    "gather, axis": (lambda i: tf.gather(X.transpose(), [i], 1), "indices"),
    "gather by name": (lambda i: tf.gather(X, indices=[i], axis=0), "indices"),
    "gather of a batch": (lambda i: tf.gather(tf.stack([X, X]), [[0], [i]], 1, 1), "indices"),
    "method": (lambda i: X.gather([i]), "indices"),
    "gatherND": (lambda i: tf.gatherND(X, [[2, 1], [i, 0]]), "indices"),
    "scatterND": (lambda i: tf.scatterND([[i]], [1.0], [3]), "indices"),
    "tensorScatterUpdate": (lambda i: tf.tensorScatterUpdate([1, 2, 3], [[i]], [9.0]), "indices"),
    "sparseToDense": (lambda i: tf.sparseToDense([i], [7.0], [3]), "sparse_indices"),
    "unsortedSegmentSum": (lambda i: tf.unsortedSegmentSum([1, 2], [0, i], 3), "segment_ids"),
    "confusionMatrix": (lambda i: tf.math.confusionMatrix([i], [0], 3), "labels"),
    "confusionMatrix, predicted": (lambda i: tf.math.confusionMatrix([0], [i], 3), "predictions"),
    "cropAndResize": (lambda i: tf.image.cropAndResize(IMAGES, [[0, 0, 1, 1]], [i], [1, 1]), "box_ind"),
    "cropAndResize by name": (
        lambda i: tf.image.cropAndResize(IMAGES, [[0, 0, 1, 1]], boxInd=[i], cropSize=[1, 1]),
        "box_ind",
    ),
}


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("index", [-1, 3, 2**31 - 1, np.int64(5), -(2**31)])
def test_numbers_are_checked(name, index):
    call, parameter = KNOWN[name]
    with pytest.raises(RangeError, match=rf"expected `{parameter}` between 0 and 2.*, received {index}\."):
        call(index)
    with pytest.raises(RangeError, match="between 0 and 2"):
        call(np.int32(index))


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("index", [0, 2, np.int64(1), 1.0])
def test_numbers_within_the_range_are_taken(name, index):
    assert KNOWN[name][0](index).size


@pytest.mark.parametrize("form", [list, np.array, lambda items: np.array(items, np.uint8)])
def test_lists_and_arrays_in_brackets(form):
    x = X.numpy()
    assert X[form([2, 0])].array_sync() == x[[2, 0]].tolist()
    assert X[:, form([1, 1, 0])].array_sync() == x[:, [1, 1, 0]].tolist()
    with pytest.raises(IndexError, match=r"expected an index between -3 and 2 along axis 0, received 3"):
        X[form([0, 3])]


def test_brackets_count_from_the_end():
    x = X.numpy()
    for places in ([-1, -3, 0], [[-2], [1]]):
        expected = x[np.array(places)].tolist()
        assert X[places].array_sync() == expected
        assert X[np.array(places)].array_sync() == expected
        assert X[tf.tensor(places, None, "int32")].array_sync() == expected
    with pytest.raises(IndexError, match="received -4"):
        X[[-4]]


def test_indices_are_exact():
    many = 2**24 + 3
    place = [many - 1]
    x = tf.range(0, many, 1, "int32")
    assert tf.gather(x, place).array_sync() == place
    assert x[place].array_sync() == place


def test_indices_decide_no_dtype():
    dense = tf.sparseToDense(tf.tensor([1], None, "int32"), 7, [3], 1)
    assert (dense.dtype, dense.array_sync()) == ("float32", [1, 7, 1])
    assert tf.gather([1, 2], 1).dtype == "float32"


def test_counts_of_numbers_below_0():
    for count in (tf.bincount, tf.denseBincount):
        with pytest.raises(RangeError, match="`x` between 0 and 2147483647, received -1"):
            count([0, -1], tf.tensor1d([], "int32"), 3)
        assert count([0, 7, 0], tf.tensor1d([], "int32"), 3).array_sync() == [2, 0, 0]


@pytest.mark.parametrize("shape", [(2, 5, 3), (2, 5), (2, 5, 4)])
@pytest.mark.parametrize("chosen", [(2,), (2, 4), (2, 3, 2)])
def test_batches_are_gathered_each_by_its_own(shape, chosen):
    generator = np.random.default_rng(3)
    x = generator.normal(size=shape).astype(np.float32)
    i = generator.integers(0, 5, chosen).astype(np.int32)
    expected = np.stack([row[places] for row, places in zip(x, i, strict=True)])
    np.testing.assert_array_equal(tf.gather(tf.tensor(x), tf.tensor(i), 1, 1).numpy(), expected)
    np.testing.assert_array_equal(tf.gather(x, i, axis=1, batchDims=1).numpy(), expected)


def test_a_batch_before_an_outer_axis():
    generator = np.random.default_rng(4)
    x, i = generator.normal(size=(2, 3, 4, 5)).astype(np.float32), generator.integers(0, 4, (2, 3, 6))
    inner = np.stack(
        [[a[p] for a, p in zip(row, places, strict=True)] for row, places in zip(x, i, strict=True)]
    )
    np.testing.assert_array_equal(tf.gather(x, i, 2, 2).numpy(), inner)
    outer = np.stack([np.take(row, places, 1) for row, places in zip(x, i[:, 0], strict=True)])
    np.testing.assert_array_equal(tf.gather(x, i[:, 0], 2, 1).numpy(), outer)
