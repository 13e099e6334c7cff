"""Shapes, axes and sizes are whole numbers: of Python, NumPy or int32 tensors. Anything else is refused before it is recorded."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.ops import suite
from tfjs_pyo.core.graph import CONST, Node
from tfjs_pyo.errors import OptionError, ShapeError, TfError
from tfjs_pyo.ops.samples import TABLE

TAKES_A_LIST = {
    "reshape": [2, 6],
    "broadcast_to": [2, 3, 4],
    "tile": [2, 1],
    "transpose": [1, 0],
    "slice": [1, 2],
    "sum": [0, 1],
    "space_to_batch_nd": [1],
}
AS = {
    "tensor": lambda numbers: tf.tensor1d(numbers, "int32"),
    "numpy": np.array,
    "list of numpy": lambda numbers: list(map(np.int64, numbers)),
    "tuple": tuple,
}


@pytest.mark.parametrize("name", TAKES_A_LIST)
@pytest.mark.parametrize("form", AS)
def test_other_kinds_of_lists_mean_the_same(name, form):
    x = tf.reshape(tf.range(0, 12), [3, 4])
    rest = ([[0, 0]],) if name == "space_to_batch_nd" else ()
    function, numbers = TABLE[name].function if name in TABLE else getattr(tf, name), TAKES_A_LIST[name]
    expected = function(x, numbers, *rest)
    found = function(x, AS[form](numbers), *rest)
    assert found.shape == expected.shape
    assert all(type(dim) is int for dim in found.shape)
    assert found.array_sync() == expected.array_sync()
    assert type(tf.memory()["numBytes"]) is int


def outcome(call):
    """Returns the shape of a call's result, or what it raises."""
    try:
        return call.function(*call.tensors()).shape
    except TfError as error:
        return str(error)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_numbers_of_numpy_mean_the_same(name):
    plain, of_numpy = suite.table_calls(name), suite.table_calls(name, np.int64)
    assert list(map(outcome, of_numpy)) == list(map(outcome, plain))


@pytest.mark.parametrize("name", sorted(TABLE))
def test_fractions_are_refused_by_name_where_they_mean_nothing(name):
    for call in suite.table_calls(name, lambda number: number + 0.5):
        found = outcome(call)
        assert isinstance(found, tuple) or found.startswith(f"{name}: expected")


@pytest.mark.parametrize(
    "make",
    [
        lambda shape: tf.zeros(shape),
        lambda shape: tf.fill(shape, 1),
        lambda shape: tf.randomNormal(shape),
        lambda shape: tf.buffer(shape).toTensor(),
        lambda shape: tf.tensor([1, 2, 3, 4], shape),
    ],
)
def test_shapes_of_new_tensors_are_whole_numbers(make):
    assert make(np.array([2, 2])).shape == (2, 2)
    assert make(tf.tensor1d([2, 2], "int32")).shape == (2, 2)
    with pytest.raises(OptionError, match=r"whole numbers.*, received \[2\.0, 2\]\. Divide with //"):
        make([2.0, 2])


def test_a_single_number_is_no_list():
    with pytest.raises(
        OptionError, match=r"reshape: expected `shape` to be a list of whole numbers, received 4"
    ):
        tf.reshape(tf.zeros([4]), 4)


def test_no_node_has_a_shape_of_other_things():
    with pytest.raises(ShapeError, match=r"const: expected a shape of whole numbers, received \(2.0,\)"):
        Node(CONST, (), (2.0,), "float32", 1)


def test_ranked_forms_take_what_the_general_ones_take():
    assert tf.concat1d([["a"], ["b"]]).array_sync() == ["a", "b"]
    assert tf.slice1d(["a", "b"], 1, 1).array_sync() == ["b"]
    assert tf.reverse1d(tf.complex([1, 2], [3, 4])).array_sync() == [2 + 4j, 1 + 3j]
    assert tf.ensureShape(["a"], [None]).array_sync() == ["a"]
    assert tf.pad1d([1], (np.int64(1), np.int64(1))).array_sync() == [0, 1, 0]
