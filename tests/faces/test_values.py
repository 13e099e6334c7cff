"""`.numpy()` gives what TensorFlow gives: scalars of NumPy, and bytes for strings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfjs_pyo import keras
from tfjs_pyo import tensorflow as tf

SCALARS = {"float32": 1.5, "int32": 3, "bool": True}


@pytest.mark.parametrize("dtype", SCALARS)
def test_a_scalar_is_one_of_numpys_and_a_key_of_dicts(dtype):
    found = tf.constant(SCALARS[dtype], dtype).numpy()
    assert isinstance(found, np.generic)
    assert found.dtype == dtype
    assert {SCALARS[dtype]: "here"}[found] == "here"
    assert isinstance(keras.ops.convert_to_numpy(tf.constant(SCALARS[dtype], dtype)), np.ndarray)


@given(st.lists(st.one_of(st.text(), st.binary()), min_size=1, max_size=5))
def test_strings_are_bytes_and_come_back_as_they_were(texts):
    wanted = [text.encode() if isinstance(text, str) else text for text in texts]
    found = tf.constant(texts).numpy()
    assert found.dtype == object
    assert found.tolist() == wanted
    assert tf.constant(found).numpy().tolist() == wanted
    assert tf.constant(texts[0]).numpy() == wanted[0]


def test_text_in_lists_is_text_whatever_it_was_made_of():
    assert tf.constant([b"cat", "dog"]).tolist() == ["cat", "dog"]
    assert tf.constant(np.array([b"\xff", "é".encode()], object)).tolist() == [b"\xff", "é"]


def test_datasets_and_functions_of_numpy_see_bytes():
    rows = tf.data.Dataset.from_tensor_slices(["a", "b"])
    assert list(rows.as_numpy_iterator()) == [b"a", b"b"]
    assert [row.tolist() for row in rows.batch(2).unbatch()] == ["a", "b"]
    seen = []
    tf.numpy_function(lambda text: seen.append(text) or 1.0, [tf.constant("x")], tf.float32)
    assert seen == [b"x"]


OF_WHOLE_NUMBERS = {
    "stack": lambda: tf.stack([2, 3]),
    "stack beside a tensor": lambda: tf.stack([tf.constant(2), 3]),
    "concat": lambda: tf.concat([[2], tf.constant([3])], 0),
    "expand_dims": lambda: tf.expand_dims(2, 0),
    "reshape": lambda: tf.reshape([1, 2], (2, 1)),
    "identity": lambda: tf.identity(2),
    "square": lambda: tf.square(2),
    "reduce_sum": lambda: tf.reduce_sum([1, 2]),
    "maximum": lambda: tf.maximum(2, 3),
    "add": lambda: tf.add(1, 2),
    "where": lambda: tf.where(tf.constant([True]), 1, 2),
    "gather": lambda: tf.gather([[1], [2]], [0]),
    "slice": lambda: tf.slice([1, 2], [0], [1]),
    "pad": lambda: tf.pad([1], [[1, 0]]),
}


@pytest.mark.parametrize("name", OF_WHOLE_NUMBERS)
def test_whole_numbers_of_python_are_int32(name):
    assert OF_WHOLE_NUMBERS[name]().dtype == "int32"


def test_whole_numbers_take_the_dtype_of_a_tensor_beside_them():
    assert tf.add(tf.constant([1.5]), 2).tolist() == [3.5]
    assert tf.stack([tf.constant(1.5), 2]).dtype == "float32"
    assert tf.add(2**40, 1).dtype == "float32"


@pytest.mark.parametrize(
    "make", [tf.zeros, tf.random.normal, lambda s: tf.tile(tf.ones((1, 1)), s), lambda s: tf.fill(s, 2.0)]
)
def test_a_shape_may_be_put_together_of_numbers_and_tensors(make):
    batch = tf.shape(tf.ones((2, 5)))[0]
    shape = tf.concat([tf.expand_dims(batch, -1), tf.constant([3])], axis=0)
    assert make(shape).shape == (2, 3)
