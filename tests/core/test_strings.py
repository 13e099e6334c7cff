"""Strings: kept in Python, moved by the same ops as numbers."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import DTypeError, OptionError

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
    assert s.numpy().tolist() == [[word.encode() for word in row] for row in WORDS]
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


# Strings are bytes, as in TensorFlow: the numbers are TensorFlow.js's

SPLITS = {
    "": (
        [[97], [195], [188], [226], [130], [172], [240], [159], [152], [128], [32], [98], [195], [169], [195], [177]],
        [939, 384, 835, 949, 292, 115, 669, 846, 16, 721, 555, 822, 384, 887, 384, 503],
        [2, 14],
    ),
    "ü": ([[97], [226, 130, 172, 240, 159, 152, 128, 32, 98], [169], [177]], [939, 696, 887, 503], [2, 3]),
    " é": ([[97], [188, 226, 130, 172, 240, 159, 152, 128], [98], [177]], [939, 966, 822, 503], [2, 3]),
}  # fmt: skip


def as_bytes(element):
    return list(element.encode() if isinstance(element, str) else element)


@pytest.mark.parametrize("delimiter", SPLITS)
def test_splits_are_of_bytes(delimiter):
    parts, buckets, shape = SPLITS[delimiter]
    found = tf.string.stringSplit(["aü€😀 bé", "ñ"], delimiter)
    assert [as_bytes(element) for element in found["values"].array_sync()] == parts
    assert found["shape"].array_sync() == shape
    assert tf.string.stringToHashBucketFast(found["values"], 1000).array_sync() == buckets


def test_a_string_is_its_bytes_in_every_op():
    text, content = tf.tensor(["ü", "a"]), tf.tensor(["ü".encode(), b"b"])
    assert tf.equal(text, content).array_sync() == [True, False]
    assert tf.concat([text, content]).array_sync() == ["ü", "a", "ü", "b"]
    pieces = tf.string.stringSplit(["ü"], "")["values"]
    splits = tf.tensor1d([0, 2], "int32")
    whole = tf.string.stringNGrams(pieces, splits, "", [2], "", "", 0, False)["nGrams"]
    assert whole.array_sync() == ["ü"]
    assert tf.string.staticRegexReplace(pieces, "x", "y").array_sync() == [b"\xc3", b"\xbc"]
    assert tf.string.staticRegexReplace(["aüb"], ".", "-").array_sync() == ["---"]


@pytest.mark.parametrize("pattern", ["(", "[a", "*", "(?P<a", "a{99999999999999999999}", "\\"])
def test_patterns_that_are_none(pattern):
    with pytest.raises(
        OptionError, match="static_regex_replace: expected a regular expression of RE2, received"
    ):
        tf.string.staticRegexReplace(["a"], pattern, "b")
