"""LSTM cells and moving averages against TensorFlow.js (record_recurrent.mjs)."""

import pytest

import tfjs_pyo as tf
from tests.tfjs.replay import records, replay, title
from tfjs_pyo.errors import ArgumentError, ShapeError


@pytest.mark.parametrize("record", records(__file__, "recurrent.json"), ids=title)
def test_like_tensorflow_js(record):
    replay(record)


def test_a_stack_of_cells_hands_outputs_on():
    kernel, bias = tf.ones([2, 4]) * 0.5, tf.zeros([4])

    def cell(data, c, h):
        return tf.basicLSTMCell(1.0, kernel, bias, data, c, h)

    zero, x = tf.zeros([1, 1]), tf.ones([1, 1])
    c, h = tf.multiRNNCell([cell, cell], x, [zero, zero], [zero, zero])
    first = cell(x, zero, zero)
    second = cell(first[1], zero, zero)
    assert [t.array_sync() for t in c] == [first[0].array_sync(), second[0].array_sync()]
    assert [t.array_sync() for t in h] == [first[1].array_sync(), second[1].array_sync()]


def test_errors():
    zero = tf.zeros([1, 2])
    with pytest.raises(ShapeError, match=r"kernel \[inputs \+ units, 4 \* units\]"):
        tf.basicLSTMCell(1.0, tf.zeros([3, 8]), tf.zeros([8]), zero, zero, zero)
    with pytest.raises(ArgumentError, match="expected 'lstmCells' to be a list of functions"):
        tf.multiRNNCell([None], zero, [], [zero])
    with pytest.raises(ArgumentError, match="expected a step"):
        tf.movingAverage([1.0], [2.0], 0.5)
    with pytest.raises(ShapeError, match="x of shape"):
        tf.movingAverage([1.0], [2.0, 3.0], 0.5, 1)
