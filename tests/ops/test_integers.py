"""Ops that give int32 compute in integers: exact where the result fits, wrapped as NumPy's int32 wraps where it does not."""

import random

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.ops import suite
from tfjs_pyo.core.graph import topological
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import TfError

BY_FORMULA = {
    "rgb_to_grayscale": "weights of 0.2989, 0.587 and 0.114",
    "threshold": "images of 0 to 255, and a threshold that is a fraction",
}
"""Ops with int32 results whose formula has fractions in it."""


def tensors_of(result):
    """Returns the tensors of an op's result."""
    if isinstance(result, dict):
        result = list(result.values())
    return [
        each
        for each in (result if isinstance(result, (list, tuple)) else [result])
        if isinstance(each, Tensor)
    ]


@pytest.mark.parametrize("name", sorted(set(suite.names()) - set(BY_FORMULA)))
def test_no_int32_result_has_been_float32(name):
    """Float32 has every second integer only from 2^24 on."""
    for call in suite.calls(name):
        inputs = [[int(v) % 5 if abs(v) < 1e9 else 1 for v in values] for values, _, _ in call.inputs]
        shapes = [shape for _, shape, _ in call.inputs]
        try:
            results = tensors_of(
                call.function(*[tf.tensor(v, list(s), "int32") for v, s in zip(inputs, shapes, strict=True)])
            )
        except TfError:
            continue  # of integers there is no such op
        for result in results:
            through = {node.op.name for node in topological([result.node]) if node.dtype == "float32"}
            assert result.dtype != "int32" or not through, f"{call.name} goes through {through}"


def numbers(stream, shape):
    return np.array(suite.wide_integers(stream, int(np.prod(shape))), np.int64).reshape(shape)


def wide_product(a, b):
    """Python's integers do not wrap before the end."""
    return np.matmul(a.astype(object), b.astype(object))


def as_int32(values):
    found = np.vectorize(lambda v: (int(v) + 2**31) % 2**32 - 2**31, otypes=[np.int64])(values)
    return found.astype(np.int32)


PRODUCTS = {
    "matMul": ("tf.matMul(a, b)", wide_product, ((3, 5), (5, 4))),
    "matMul, transposed": (
        "tf.matMul(a, b, True, True)",
        lambda a, b: wide_product(a.T, b.T),
        ((37, 6), (5, 37)),
    ),
    "matMul, of batches": ("tf.matMul(a, b)", wide_product, ((2, 3, 7), (2, 7, 4))),
    "matMul, one matrix": ("tf.matMul(a, b)", wide_product, ((2, 3, 8), (8, 6))),
    "matMul, of a column": ("tf.matMul(a, b)", wide_product, ((16, 40), (40, 1))),
    "matMul, long": ("tf.matMul(a, b)", wide_product, ((16, 1500), (1500, 16))),
    "dot": ("tf.dot(a, b)", wide_product, ((9,), (9,))),
    "dot of a matrix": ("tf.dot(a, b)", wide_product, ((4, 9), (9,))),
    "outerProduct": (
        "tf.outerProduct(a, b)",
        lambda a, b: np.outer(a.astype(object), b.astype(object)),
        ((5,), (7,)),
    ),
    "einsum": (
        "tf.einsum('ijk,kl->jil', a, b)",
        lambda a, b: np.moveaxis(wide_product(a, b), 0, 1),
        ((2, 3, 4), (4, 5)),
    ),
    "einsum, elementwise": (
        "tf.einsum('ij,ij->i', a, b)",
        lambda a, b: (a.astype(object) * b.astype(object)).sum(1),
        ((6, 5), (6, 5)),
    ),
    "maxPool": (
        "tf.maxPool(tf.reshape(a, [1, 6, 6, 1]), 2, 1, 'valid')",
        lambda a, _: np.lib.stride_tricks.sliding_window_view(a, (2, 2)).max((2, 3))[None, :, :, None],
        ((6, 6), (1,)),
    ),
    "maxPool, side by side": (
        "tf.maxPool(tf.reshape(a, [1, 5, 5, 1]), 2, 2, 'same')",
        lambda a, _: np.pad(a, ((0, 1), (0, 1)), constant_values=-(2**31)).reshape(3, 2, 3, 2).max((1, 3))[None, :, :, None],
        ((5, 5), (1,)),
    ),
    "maxPoolWithArgmax": (
        "tf.maxPoolWithArgmax(tf.reshape(a, [1, 4, 4, 1]), 3, 1, 'same').result",
        lambda a, _: np.lib.stride_tricks.sliding_window_view(
            np.pad(a, 1, constant_values=-(2**31)), (3, 3)
        ).max((2, 3))[None, :, :, None],
        ((4, 4), (1,)),
    ),
    "sum": ("tf.sum(a, 1)", lambda a, _: a.sum(1), ((5, 3000), (1,))),
    "prod": ("tf.prod(a, 1)", lambda a, _: a.astype(object).prod(1), ((5, 9), (1,))),
    "cumsum": ("tf.cumsum(a)", lambda a, _: a.cumsum(), ((33,), (1,))),
    "cumprod": ("tf.cumprod(a)", lambda a, _: a.astype(object).cumprod(), ((9,), (1,))),
    "addN": ("tf.addN([a, b, a])", lambda a, b: a + b + a, ((4, 4), (4, 4))),
    "squaredDifference": (
        "tf.squaredDifference(a, b)",
        lambda a, b: (a.astype(object) - b.astype(object)) ** 2,
        ((4, 4), (4, 4)),
    ),
}  # fmt: skip


def drawn(name, seed):
    """Returns the operands of a product as lists, and what NumPy's wide integers make of them."""
    _, expected, shapes = PRODUCTS[name]
    stream = random.Random(f"{name}{seed}")
    operands = [numbers(stream, shape) for shape in shapes]
    return operands, as_int32(expected(*operands))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", PRODUCTS)
def test_large_integers_are_exact(name, seed):
    operands, expected = drawn(name, seed)
    a, b = (tf.tensor(each.tolist(), list(each.shape), "int32") for each in operands)
    found = eval(PRODUCTS[name][0], {"tf": tf, "a": a, "b": b})
    assert found.dtype == "int32"
    np.testing.assert_array_equal(found.numpy(), expected, err_msg=f"{seed=}")


def test_bools_count_as_integers():
    a = tf.tensor([[2**24, 1]], [1, 2], "int32")
    assert tf.matMul(a, tf.tensor([[True], [True]], [2, 1], "bool")).array_sync() == [[2**24 + 1]]


def test_one_float_makes_the_product_float():
    product = tf.einsum("ij,jk->ik", tf.tensor([[1, 2]], [1, 2], "int32"), tf.tensor([[0.5], [1.0]]))
    assert (product.dtype, product.array_sync()) == ("float32", [[2.5]])
