"""Strings: kept in Python, moved by the same ops as numbers."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import DTypeError

WORDS = [["a", "bc"], ["d", "é"], ["", "bc"]]


@pytest.mark.parametrize(
    ("move", "expected"),
    [
        (lambda s: s.reshape([2, 3]), [["a", "bc", "d"], ["é", "", "bc"]]),
        (lambda s: s.T, [["a", "d", ""], ["bc", "é", "bc"]]),
        (lambda s: s[1], ["d", "é"]),
        (lambda s: s[::-1, 0], ["", "d", "a"]),
        (lambda s: tf.slice(s, [1, 0], [1, 2]), [["d", "é"]]),
        (lambda s: tf.gather(s, [2, 0]), [["", "bc"], ["a", "bc"]]),
        (lambda s: tf.concat([s[:1], s[1:2]], 1), [["a", "bc", "d", "é"]]),
        (lambda s: tf.stack([s[0], s[1]], 1), [["a", "d"], ["bc", "é"]]),
        (lambda s: tf.unstack(s, 1)[1], ["bc", "é", "bc"]),
        (lambda s: tf.split(s, [1, 2])[1], [["d", "é"], ["", "bc"]]),
        (lambda s: tf.tile(s[0], [2]), ["a", "bc", "a", "bc"]),
        (lambda s: s.expandDims(0).squeeze([0])[0], ["a", "bc"]),
        (lambda s: tf.reverse(s[0]), ["bc", "a"]),
        (lambda s: tf.where(s == "bc", s, "x"), [["x", "bc"], ["x", "x"], ["x", "bc"]]),
        (lambda s: s == "bc", [[False, True], [False, False], [False, True]]),
        (lambda s: s != s[0], [[False, False], [True, True], [True, False]]),
    ],
)
def test_movement(move, expected):
    assert move(tf.tensor(WORDS)).array_sync() == expected


def test_values():
    before = tf.memory()["numBytes"]
    s = tf.tensor(WORDS)
    assert (s.dtype, s.shape) == ("string", (3, 2))
    assert s.data_sync() == ["a", "bc", "d", "é", "", "bc"]
    assert s.numpy().tolist() == WORDS
    assert tf.memory()["numBytes"] - before == 8  # é takes two bytes
    assert repr(s[:1]) == "Tensor\n     [['a', 'bc'],]"
    assert tf.tensor(np.array(["x", "y"])).array_sync() == ["x", "y"]
    assert tf.scalar("word").item() == "word"
    assert tf.zeros([2], "string").array_sync() == ["", ""]


def test_errors():
    s = tf.tensor(WORDS)
    with pytest.raises(DTypeError, match="add: expected tensors of numbers, received string"):
        tf.add(s, s)
    with pytest.raises(DTypeError, match="strings to stay strings"):
        s.cast("int32")
    with pytest.raises(DTypeError, match="numbers only or strings only"):
        tf.tensor(["a", 1])
    with pytest.raises(DTypeError, match="expected values for dtype int32"):
        tf.tensor(["1"], dtype="int32")
    with pytest.raises(DTypeError, match="expected strings"):
        tf.tensor([1.0], dtype="string")


def test_reshapes_by_other_names():
    x = tf.tensor([["a", "b"]])
    assert x.flatten().array_sync() == x.as1D().array_sync() == ["a", "b"]
    assert x.as2D(2, 1).array_sync() == x.reshapeAs(tf.tensor([["c"], ["d"]])).array_sync() == [["a"], ["b"]]
    assert tf.tensor(["a"]).asScalar().array_sync() == "a"
