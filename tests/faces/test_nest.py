"""`tf.nest`: TensorFlow's rules of when structures are alike."""

from collections import OrderedDict, defaultdict, deque
from typing import NamedTuple

import pytest

import tfjs_pyo.tensorflow as tf
from tfjs_pyo import keras


def point(*fields):
    """A class of named tuples."""
    return NamedTuple("Point", [(field, int) for field in fields])


Point, Twin = point("x", "y"), point("x", "y")


class Names(list):
    """A list of another class."""


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([1, 2], (1, 2)),
        ({"a": 1}, [1]),
        ([1, [2]], [1, (2,)]),
        (Point(1, 2), (1, 2)),
        (Point(1, 2), point("x", "z")(1, 2)),
        (deque([1]), [1]),
    ],
)
def test_types_are_compared_unless_the_program_says_otherwise(first, second):
    for one, other in ((first, second), (second, first)):
        with pytest.raises(TypeError, match="check_types"):
            tf.nest.assert_same_structure(nest1=one, nest2=other)
        with pytest.raises(TypeError, match="check_types"):
            tf.nest.map_structure(lambda x, y: x, one, other)
        tf.nest.assert_same_structure(one, other, check_types=False)
    total = tf.nest.map_structure(lambda x, y: x + y, first, second, check_types=False)
    assert type(total) is type(first)
    assert tf.nest.flatten(total) == [2 * leaf for leaf in tf.nest.flatten(first)]


@pytest.mark.parametrize(
    ("first", "second"),
    [([1], [1, 2]), ([1], [[1]]), (1, [1]), ({"a": 1}, {"a": 1, "b": 2}), ([[1], 2], [1, [2]])],
)
def test_other_forms_are_errors_of_value_whatever_the_types(first, second):
    for check in (True, False):
        for one, other in ((first, second), (second, first)):
            with pytest.raises(ValueError, match="of one form"):
                tf.nest.assert_same_structure(one, other, check_types=check)
            with pytest.raises(ValueError, match="of one form"):
                tf.nest.map_structure(lambda x, y: x, one, other, check_types=check)


def test_keys_are_compared_as_types_are():
    with pytest.raises(ValueError, match="of one form"):
        tf.nest.assert_same_structure({"a": 1}, {"b": 1})
    tf.nest.assert_same_structure({"a": 1}, {"b": 1}, check_types=False)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"a": 1, "b": 2}, OrderedDict(b=2, a=1)),
        (defaultdict(int, a=1), {"a": 1}),
        (Point(1, 2), Twin(1, 2)),
        ([1, 2], Names([1, 2])),
    ],
)
def test_what_tensorflow_takes_for_alike(first, second):
    tf.nest.assert_same_structure(first, second)
    assert type(tf.nest.map_structure(lambda x, y: x, first, second)) is type(first)


def test_keys_of_ordered_dicts_are_sorted_as_keras_does_not():
    nest = OrderedDict(b=2, a=1)
    assert tf.nest.flatten(nest) == [1, 2]
    assert keras.tree.flatten(nest) == [2, 1]
    packed = tf.nest.pack_sequence_as(nest, [10, 20])
    assert packed == OrderedDict(b=20, a=10)
    assert list(packed) == ["b", "a"]


def test_what_is_wrong_is_said():
    with pytest.raises(TypeError, match="a function"):
        tf.nest.map_structure(1, [1])
    with pytest.raises(ValueError, match="at least one"):
        tf.nest.map_structure(len)
    with pytest.raises(ValueError, match="3 leaves, received 1"):
        tf.nest.pack_sequence_as([1, (2, 3)], [1])
    with pytest.raises(TypeError, match="list of leaves"):
        tf.nest.pack_sequence_as([1], 1)
    endless = []
    endless.append(endless)
    for call in (tf.nest.flatten, lambda nest: tf.nest.assert_same_structure(nest, [[1]])):
        with pytest.raises(TypeError, match="holds itself"):
            call(endless)
