"""`tf.lookup`: tables of strings and numbers, by hand, in layers and in datasets."""

import numpy as np
import pytest

from tfjs_pyo import tensorflow as tf
from tfjs_pyo.errors import ArgumentError


def test_tables_look_up_strings_and_numbers(tmp_path):
    lookup = tf.lookup
    names = lookup.StaticHashTable(lookup.KeyValueTensorInitializer(["a", "b"], [3, 4]), default_value=-1)
    assert names.lookup(tf.constant([["b"], ["z"]])).tolist() == [[4], [-1]]
    assert names[np.array(["a"])].tolist() == [3]
    assert int(names.size()) == 2
    keys, values = names.export()
    assert (keys.array_sync(), values.tolist()) == (["a", "b"], [3, 4])
    path = tmp_path / "words.txt"
    path.write_text("red 0.5\ngreen 1.5\n")
    index = lookup.TextFileIndex
    rates = lookup.TextFileInitializer(path, "string", 0, tf.float32, 1, delimiter=" ")
    assert lookup.StaticHashTable(rates, 0.0).lookup(["green", "x"]).tolist() == [1.5, 0]
    places = lookup.TextFileInitializer(path, tf.string, 0, tf.int64, index.LINE_NUMBER, delimiter=" ")
    table = lookup.StaticVocabularyTable(places, num_oov_buckets=2)
    assert table.lookup(["red", "green"]).tolist() == [0, 1]
    assert set(table.lookup(["x", "y", "z", "w"]).tolist()) <= {2, 3}
    changing = lookup.experimental.MutableHashTable(tf.int64, tf.string, default_value="?")
    changing.insert([1, 2], ["one", "two"])
    changing.remove([1])
    assert changing.lookup([1, 2]).array_sync() == ["?", "two"]
    with pytest.raises(ArgumentError, match="a value for each of 2 keys, received 1"):
        lookup.KeyValueTensorInitializer(["a", "b"], [1])


def test_tables_work_in_layers_and_datasets():
    entries = tf.lookup.KeyValueTensorInitializer(["a", "b"], [0, 1])
    table = tf.lookup.StaticHashTable(entries, default_value=2)

    class Looking(tf.keras.layers.Layer):
        def call(self, inputs):
            return tf.one_hot(table.lookup(inputs), 3)

    text = tf.keras.Input((), dtype="string")
    model = tf.keras.Model(text, Looking()(text))
    assert model.output_shape == (None, 3)
    assert model.predict(np.array(["b", "z"]), verbose=0).tolist() == [[0, 1, 0], [0, 0, 1]]
    dataset = tf.data.Dataset.from_tensor_slices(["a", "z"]).map(table.lookup)
    assert [int(number) for number in dataset] == [0, 2]


def test_a_dataset_whose_elements_cannot_be_made_says_why():
    dataset = tf.data.Dataset.from_tensor_slices([1.0]).map(lambda x: x.no_such_method())
    with pytest.raises(AttributeError, match="no_such_method"):
        _ = dataset.element_spec


def test_numbers_are_drawn_between_those_of_tensors():
    low, high = tf.constant([0.0, 10.0]), np.array([1.0, 20.0])
    drawn = tf.random.uniform((500, 2), low, high, seed=3).numpy()
    assert (drawn >= low.numpy()).all()
    assert (drawn < high).all()
    np.testing.assert_allclose(drawn.mean(axis=0), [0.5, 15.0], atol=0.6)
