"""Tensors: lazy values, chains without bound, indexing, printing, operators."""

import asyncio
import copy

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.counting import calls_made
from tfjs_pyo.errors import ShapeError

RNG = np.random.default_rng(3)


def test_a_value_computed_before_assign_keeps_the_old_value():
    w = tf.variable(tf.tensor([1.0, 2.0]))
    y = w * 2
    w.assign(tf.tensor([10.0, 20.0]))
    assert y.array_sync() == [2, 4]
    assert (w * 2).array_sync() == [20, 40]


def test_a_chain_of_assigns_is_evaluated_in_order():
    w = tf.variable(tf.scalar(1.0))
    for _ in range(1000):
        w.assign(w + 1)
    assert w.array_sync() == 1001


def chained_adds(count):
    x = tf.zeros([4])
    for _ in range(count):
        x = x + 1
    assert x.array_sync() == [count] * 4


def test_chained_adds_stay_linear_and_shallow():
    chained_adds(2000)  # what is made once
    few, many = (calls_made(lambda count=count: chained_adds(count)) for count in (2000, 4000))
    assert many < 2.2 * few
    deep = tf.zeros([4])
    deepest = 0
    for _ in range(1000):
        deep = deep + 1
        deepest = max(deepest, deep.node.depth)
    assert deepest <= 401


def test_a_long_chain_can_be_differentiated():
    def f(x):
        for _ in range(1000):
            x = x + x * 0.001
        return x.sum()

    assert tf.grad(f)(tf.tensor([1.0])).array_sync()[0] == pytest.approx(1.001**1000, rel=1e-4)


def test_a_shared_subexpression_is_evaluated_once_for_all_holders():
    x = tf.tensor([1.0, 2.0])
    a = x.exp()
    b = a * 2
    b.data_sync()
    assert a.node.buffer is not None  # held by `a`, so it came with b


@pytest.mark.parametrize(
    "index",
    [
        np.s_[0],
        np.s_[-1],
        np.s_[1, 2],
        np.s_[1, 2, 3],
        np.s_[:],
        np.s_[1:3],
        np.s_[::2],
        np.s_[::-1],
        np.s_[3:0:-2],
        np.s_[..., 0],
        np.s_[0, ...],
        np.s_[0, ..., 1],
        np.s_[None],
        np.s_[:, None, 1],
        np.s_[..., None],
        np.s_[-3:-1, :, 1::2],
        np.s_[10:],
        np.s_[2:2],
        np.s_[:, 1:-1, ::-2],
        np.s_[[0, 2, 2]],
        np.s_[:, [2, 0]],
        np.s_[1, :, [0, 3, 4]],
    ],
    ids=str,
)
def test_indexing_agrees_with_numpy(index):
    values = RNG.normal(size=(4, 3, 5)).astype(np.float32)
    expected = values[index]
    if index == np.s_[1, :, [0, 3, 4]]:
        expected = values[1][:, [0, 3, 4]]  # NumPy moves the axis to the front here; a tensor keeps its place
    result = tf.tensor(values)[index]
    assert result.shape == expected.shape
    np.testing.assert_array_equal(result.numpy(), expected)


@pytest.mark.parametrize(
    "index",
    [
        lambda a: a[a > 0],
        lambda a: a[a[:, :, 0] > 0],
        lambda a: a[[True, False, True, True]],
        lambda a: a[..., np.array([True, False, True, False, True])],
        lambda a: a[np.array([2, 0])],
        lambda a: a[np.int64(1)],
        lambda a: a[a > 100],
        lambda a: a.T,
    ],
)
def test_masks_and_arrays_agree_with_numpy(index):
    values = RNG.normal(size=(4, 3, 5)).astype(np.float32)
    result = index(tf.tensor(values))
    assert result.shape == index(values).shape
    np.testing.assert_array_equal(result.numpy(), index(values))


def test_a_mask_of_another_shape_is_refused():
    with pytest.raises(ShapeError, match="mask of the first dimensions"):
        tf.ones([2, 3])[tf.ones([3]) > 0]


def test_indexing_has_gradients():
    x = tf.tensor(np.arange(6.0).reshape(2, 3))
    g = tf.grad(lambda t: (t[1, ::2] * tf.tensor([1.0, 10.0])).sum())(x)
    assert g.array_sync() == [[0, 0, 0], [1, 0, 10]]


def test_iteration_and_length():
    x = tf.tensor([[1, 2], [3, 4], [5, 6]])
    assert len(x) == 3
    assert [row.array_sync() for row in x] == [[1, 2], [3, 4], [5, 6]]


def test_numbers_of_one_element():
    assert float(tf.scalar(2.5)) == 2.5
    assert int(tf.tensor([7])) == 7
    assert bool(tf.tensor([[False]])) is False
    assert tf.scalar(3, "int32").item() == 3
    assert [10, 20, 30][tf.scalar(1, "int32")] == 20


def test_data_and_array_are_awaitable():
    async def values():
        x = tf.tensor([[1.5, 2.5]])
        return list(await x.data()), await x.array()

    assert asyncio.run(values()) == ([1.5, 2.5], [[1.5, 2.5]])


def test_arrays_come_and_go():
    values = RNG.integers(-9, 9, size=(2, 3)).astype(np.int32)
    x = tf.tensor(values)
    assert x.dtype == "int32"
    np.testing.assert_array_equal(np.asarray(x), values)
    assert x.numpy().dtype == np.int32
    assert tf.tensor(values > 0).dtype == "bool"
    assert tf.tensor(values.astype(np.float64)).dtype == "float32"


OPERATORS = {
    "+": (lambda a, b: a + b, np.add),
    "-": (lambda a, b: a - b, np.subtract),
    "*": (lambda a, b: a * b, np.multiply),
    "/": (lambda a, b: a / b, np.true_divide),
    "//": (lambda a, b: a // b, np.floor_divide),
    "%": (lambda a, b: a % b, np.mod),
    "**": (lambda a, b: a**b, np.power),
    "<": (lambda a, b: a < b, np.less),
    "<=": (lambda a, b: a <= b, np.less_equal),
    ">": (lambda a, b: a > b, np.greater),
    ">=": (lambda a, b: a >= b, np.greater_equal),
    "==": (lambda a, b: a == b, np.equal),
    "!=": (lambda a, b: a != b, np.not_equal),
}


@pytest.mark.parametrize("sign", OPERATORS)
def test_operators_work_with_tensors_and_numbers_on_both_sides(sign):
    ours, theirs = OPERATORS[sign]
    a = np.array([1.5, 2.0, 3.5], dtype=np.float32)
    b = np.array([2.0, 2.0, 0.5], dtype=np.float32)
    np.testing.assert_allclose(ours(tf.tensor(a), tf.tensor(b)).numpy(), theirs(a, b), rtol=1e-6)
    np.testing.assert_allclose(ours(tf.tensor(a), 2.0).numpy(), theirs(a, np.float32(2)), rtol=1e-6)
    np.testing.assert_allclose(ours(2.0, tf.tensor(a)).numpy(), theirs(np.float32(2), a), rtol=1e-6)


def test_int32_is_exact_to_32_bits():
    x = tf.tensor([2**31 - 1, -(2**31), 16777217], None, "int32")
    assert (x + 0).array_sync() == [2**31 - 1, -(2**31), 16777217]
    assert (tf.tensor([16777217], None, "int32") * 3).array_sync() == [50331651]


def printed(capsys, tensor, verbose=False):
    tensor.print(verbose)
    return capsys.readouterr().out.rstrip("\n")


def test_print_of_a_scalar(capsys):
    assert printed(capsys, tf.scalar(3.5)) == "Tensor\n    3.5"


def test_print_of_a_vector(capsys):
    assert printed(capsys, tf.tensor([1, 20, 3])) == "Tensor\n    [1, 20, 3]"


def test_print_of_a_matrix_aligns_columns(capsys):
    text = printed(capsys, tf.tensor([[1, 2.25], [10, 3]]))
    assert text == "Tensor\n    [[1 , 2.25],\n     [10, 3   ]]"


def test_print_of_one_row_ends_as_tfjs_ends_it(capsys):
    assert printed(capsys, tf.tensor2d([[5]], [1, 1])) == "Tensor\n     [[5],]"


def test_print_of_rank_3(capsys):
    text = printed(capsys, tf.tensor([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]))
    assert text == "Tensor\n    [[[1, 2],\n      [3, 4]],\n\n     [[5, 6],\n      [7, 8]]]"


def test_print_verbose(capsys):
    text = printed(capsys, tf.tensor([[1, 2]], None, "int32"), True)
    assert text.startswith("Tensor\n  dtype: int32\n  rank: 2\n  shape: [1,2]\n  values:\n")


def test_print_of_bool_and_special_values(capsys):
    assert printed(capsys, tf.tensor([True, False])) == "Tensor\n    [true, false]"
    text = printed(capsys, tf.tensor([float("nan"), float("inf"), -float("inf")]))
    assert text == "Tensor\n    [NaN, Infinity, -Infinity]"


def test_print_of_a_long_vector_shows_its_edges(capsys):
    text = printed(capsys, tf.range(0, 1000))
    assert text == "Tensor\n    [0, 1, 2, ..., 997, 998, 999]"


def test_repr_of_a_tensor_is_what_print_shows():
    assert repr(tf.tensor([1, 2])) == "Tensor\n    [1, 2]"


def test_arrays_and_numpy_numbers_in_lists():
    row = np.arange(3, dtype=np.float32)
    assert tf.tensor([row, row + 1]).array_sync() == [[0, 1, 2], [1, 2, 3]]
    assert tf.tensor([np.int64(2), np.float32(0.5)]).array_sync() == [2, 0.5]
    assert tf.tensor([np.bool_(True), False]).dtype == "bool"
    assert tf.tensor([[tf.scalar(1), tf.scalar(2)]]).array_sync() == [[1, 2]]
    with pytest.raises(ShapeError, match="equal lengths"):
        tf.tensor([row, row[:2]])


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_copies(copied):
    before = tf.memory()["numTensors"]
    x = tf.tensor([1.0, 2.0])
    for _ in range(2000):
        x = x + 1  # a history that nobody walks
    same = copied(x)
    x.dispose()
    assert same.array_sync() == [2001, 2002]
    v = tf.variable(tf.scalar(3.0), name="copied", trainable=False)
    other = copied(v)
    v.assign(tf.scalar(4.0))
    assert (other.array_sync(), other.trainable, type(other)) == (3, False, type(v))
    del x, same, v, other
    assert tf.memory()["numTensors"] == before
