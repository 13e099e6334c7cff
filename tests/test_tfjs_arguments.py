"""Arguments in the forms that TensorFlow.js takes: None for undefined, vectors of indices, pairs of padding, mixed dtypes."""

import asyncio

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import OptionError, ShapeError


@pytest.mark.parametrize("name", ["huberLoss", "logLoss", "sigmoidCrossEntropy", "softmaxCrossEntropy"])
def test_none_is_the_default_of_a_loss(name):
    function = getattr(tf.losses, name)
    given = (tf.tensor([[0.0, 1.0]]), tf.tensor([[0.25, 0.75]]))
    assert function(*given, None, None, None).array_sync() == function(*given).array_sync()


@pytest.mark.parametrize(
    ("call", "plain"),
    [
        (lambda: tf.randomNormal([4], None, None, None, 3), lambda: tf.randomNormal([4], seed=3)),
        (lambda: tf.truncatedNormal([4], None, None, None, 3), lambda: tf.truncatedNormal([4], seed=3)),
        (lambda: tf.matMul(tf.ones([2, 2]), tf.ones([2, 2]), None), lambda: tf.fill([2, 2], 2.0)),
        (lambda: tf.sum([[1.0, 2.0]], None, None), lambda: tf.scalar(3.0)),
        (lambda: tf.zeros([2], dtype=None), lambda: tf.zeros([2])),
        (
            lambda: tf.depthwiseConv2d(tf.ones([3, 3, 1]), tf.ones([2, 2, 1, 1]), 1, "valid", None, None),
            lambda: tf.fill([2, 2, 1], 4.0),
        ),
    ],
)
def test_none_is_the_default_where_an_argument_cannot_be_none(call, plain):
    found, expected = call(), plain()
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found.numpy(), expected.numpy())


def test_none_stays_none_where_it_means_something():
    assert tf.sum([[1.0, 2.0]], None).shape == ()
    assert tf.squeeze(tf.ones([1, 2, 1]), None).shape == (2,)


def test_a_vector_has_an_index_for_each_update():
    assert tf.scatterND([3, 0, 3], [1.0, 2.0, 4.0], [5]).array_sync() == [2, 0, 0, 5, 0]
    rows = tf.scatterND([2, 0], [[1.0, 2.0], [3.0, 4.0]], [3, 2])
    assert rows.array_sync() == [[3, 4], [0, 0], [1, 2]]
    assert tf.tensorScatterUpdate([1.0, 2.0, 3.0], [2, 0], [9.0, 8.0]).array_sync() == [8, 2, 9]
    for call in (
        lambda: tf.scatterND(tf.scalar(1, "int32"), [1.0], [3]),
        lambda: tf.tensorScatterUpdate([1.0, 2.0], tf.scalar(1, "int32"), [1.0]),
    ):
        with pytest.raises(ShapeError, match="indices of rank 1 or more, received a scalar"):
            call()


def test_integers_and_booleans_are_multiplied_and_divided_as_integers():
    product = tf.matMul(
        tf.tensor2d([[1, 2], [3, 4]], dtype="int32"), tf.tensor2d([[True, False], [True, True]])
    )
    assert (product.dtype, product.array_sync()) == ("int32", [[3, 2], [7, 4]])
    quotient = tf.div(tf.scalar(7, "int32"), tf.scalar(True))
    assert (quotient.dtype, quotient.array_sync()) == ("int32", 7)
    assert tf.matMul(tf.ones([1, 1], "int32"), tf.ones([1, 1])).dtype == "float32"
    assert tf.matMul(tf.ones([2, 0], "int32"), tf.ones([0, 2], "int32")).dtype == "int32"
    step = tf.step(tf.tensor([5, -5], None, "int32"))
    assert (step.dtype, step.array_sync()) == ("int32", [1, 0])
    mean = tf.sparse.sparseSegmentMean(tf.tensor2d([[1], [4], [1]], dtype="int32"), [0, 1, 2], [0, 1, 1])
    assert (mean.dtype, mean.array_sync()) == ("int32", [[1], [2]])


@pytest.mark.parametrize("name", ["less", "lessEqual", "greater", "greaterEqual", "equal", "notEqual"])
def test_strings_are_compared_in_their_order(name):
    python = {
        "less": "lt",
        "lessEqual": "le",
        "greater": "gt",
        "greaterEqual": "ge",
        "equal": "eq",
        "notEqual": "ne",
    }
    a, b = ["a", "b", "", "ä", "ab", "Z"], ["a", "a", "x", "z", "abc", "a"]
    found = getattr(tf, name)(a, b)
    assert found.dtype == "bool"
    assert found.array_sync() == [getattr(x, f"__{python[name]}__")(y) for x, y in zip(a, b, strict=True)]
    assert getattr(tf, name)("b", tf.tensor(["a", "b", "c"])).shape == (3,)


def test_conjugate_transpose():
    x = tf.complex([[1.0, 2.0], [3.0, 4.0]], [[-4.0, 5.0], [6.0, 7.0]])
    for conjugate in (False, True):
        expected = np.array([[1 - 4j, 2 + 5j], [3 + 6j, 4 + 7j]]).T
        found = tf.transpose(x, [1, 0], conjugate).numpy()
        np.testing.assert_array_equal(found, expected.conj() if conjugate else expected)
    assert tf.transpose([[1.0, 2.0]], None, True).array_sync() == [[1], [2]]


def test_shapes_that_are_shorter_than_whole():
    assert tf.squeeze(tf.zeros([2, 1, 3, 1]), []).shape == (2, 3)
    dropped = tf.dropout(tf.ones([20, 3]), 0.5, [3], 7).numpy()
    assert (dropped == dropped[0]).all()
    with pytest.raises(ShapeError, match="noise_shape with 1, None or the length of x"):
        tf.dropout(tf.ones([2, 3]), 0.5, [2])


def test_padding_of_four_pairs_in_one_dimension():
    x, kernel = tf.tensor3d([1, 2, 3, 4], [2, 2, 1]), tf.tensor3d([3], [1, 1, 1])
    same = tf.conv1d(x, kernel, 1, [[0, 0], [0, 0], [0, 0], [0, 0]])
    assert same.array_sync() == [[[3], [6]], [[9], [12]]]
    assert tf.conv1d(x, kernel, 1, [[0, 0], [0, 0], [1, 0], [0, 0]]).shape == (2, 3, 1)
    with pytest.raises(OptionError, match="no padding of the height"):
        tf.conv1d(x, kernel, 1, [[0, 0], [1, 0], [0, 0], [0, 0]])


IMAGE, FILTER = [1, 4, 4, 1], [2, 2, 1, 1]


@pytest.mark.parametrize("pad", ["same", "valid"])
@pytest.mark.parametrize(
    "call",
    [
        lambda pad: tf.conv2d(tf.ones(IMAGE), tf.ones(FILTER), 1, pad, "NHWC", 1, "round"),
        lambda pad: tf.conv1d(tf.ones([1, 4, 1]), tf.ones([2, 1, 1]), 1, pad, "NWC", 1, "round"),
        lambda pad: tf.depthwiseConv2d(tf.ones(IMAGE), tf.ones(FILTER), 1, pad, "NHWC", 1, "round"),
        lambda pad: tf.conv2dTranspose(tf.ones(IMAGE), tf.ones(FILTER), [1, 4, 4, 1], 1, pad, "round"),
        lambda pad: tf.maxPool(tf.ones(IMAGE), 2, 1, pad, "round"),
        lambda pad: tf.avgPool(tf.ones(IMAGE), 2, 1, pad, "round"),
        lambda pad: tf.maxPool3d(tf.ones([1, 4, 4, 4, 1]), 2, 1, pad, "round"),
        lambda pad: tf.avgPool3d(tf.ones([1, 4, 4, 4, 1]), 2, 1, pad, "round"),
    ],
)
def test_rounding_needs_padding_in_numbers(call, pad):
    with pytest.raises(
        OptionError, match=rf"padding in numbers with dim_rounding_mode 'round', received '{pad}'"
    ):
        call(pad)


def test_bounds_and_ranges_that_make_no_sense():
    with pytest.raises(OptionError, match="lower bound up to the upper one, received 2 and 1"):
        tf.clipByValue([1.0], 2, 1)
    for starts, limits, deltas in (([1.0], [1e10], [1e-10]), ([0.0], [float("inf")], [1.0])):
        with pytest.raises((OptionError, ShapeError), match=r"ragged_?[rR]ange: expected .* numbers"):
            tf.raggedRange(starts, limits, deltas)


def test_whole_numbers_without_a_dtype_are_bytes_of_pixels():
    assert list(asyncio.run(tf.browser.toPixels([[127, 1]]))) == [127, 127, 127, 255, 1, 1, 1, 255]
    assert list(asyncio.run(tf.browser.toPixels([[0.0, 1.0]])))[4:] == [255, 255, 255, 255]


@pytest.mark.parametrize("shape", [[2, 2, 1], [2, 2, 1, 1], [2, 2], [2, 1, 2], [1, 2, 2], [4], [2, -1, 1]])
def test_nested_lists_may_be_one_level_short_of_their_shape(shape):
    """As in TensorFlow.js, the last level may hold the elements of all axes that are left."""
    values = [[1, 2], [3, 4]]
    if shape in ([1, 2, 2], [4]):
        with pytest.raises(ShapeError, match="expected nested lists of shape"):
            tf.tensor(values, shape)
        return
    expected = np.reshape(np.array(values, np.float32), shape)
    np.testing.assert_array_equal(tf.tensor(values, shape).numpy(), expected)
    with pytest.raises(ShapeError):
        tf.tensor([[1, 2, 3], [4, 5, 6]], [3, 2, 1])


def test_embeddings_of_several_axes():
    layer = tf.layers.embedding(inputDim=5, outputDim=3, inputLength=[4, np.int64(5)])
    assert layer.batchInputShape == (None, 4, 5)
    model = tf.sequential([layer])
    assert model.predict(np.zeros((2, 4, 5))).shape == (2, 4, 5, 3)
    again = tf.layers.embedding(layer.getConfig())
    assert again.inputLength == (4, 5)
    assert tf.layers.embedding(inputDim=5, outputDim=3, inputLength=4).batchInputShape == (None, 4)
