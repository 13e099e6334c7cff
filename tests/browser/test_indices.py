"""Scatters, order, einsum and tf.linalg on WebGL2: what the tables of the generic tests have no room for, against NumPy."""

import numpy as np
import pytest

from tfjs_pyo.core import engine

# Of squares, because sin(a + b) on a grid has rank 2, and then a basis of three is rounding.
SETUP = """
import tfjs_pyo as tf
from tfjs_pyo.ops import sorting
x = tf.sin(tf.range(0, 60).square().mul(0.3)).reshape([3, 20])
y = tf.cos(tf.range(0, 60).square().mul(0.7)).reshape([20, 3])
spoilt = tf.where(tf.equal(tf.range(0, 20), 4), float("nan"), tf.round(x.mul(3)))
"""
CALLS = {
    "network": "tf.Tensor(sorting._by_network(spoilt.node, 20))",
    "counting": "tf.Tensor(sorting._by_counting(spoilt.node, 20))",
    "network of int32": "tf.Tensor(sorting._by_network(tf.cast(x.mul(3), 'int32').node, 7))",
    "lowerBound": "tf.lowerBound(tf.range(0, 9), x.reshape([60]).mul(9))",
    "upperBound": "tf.upperBound(tf.range(0, 9), tf.range(-1, 11))",
    "sparseToDense": "tf.sparseToDense([[0, 1], [2, 2]], [5.0, 6.0], [3, 4], -1.0)",
    "gatherND out of range": "tf.gatherND(x, [[0, 1], [3, 0], [-1, 2], [2, 19]])",
    "scatterND out of range": "tf.scatterND([[1], [4], [-1]], [1.0, 2.0, 3.0], [4])",
    "large int32 sum": "tf.unsortedSegmentSum(tf.tensor([2**30, 2**30 - 1], dtype='int32'), [0, 0], 1)",
    "many rows": "tf.unsortedSegmentSum(tf.sin(tf.range(0, 24000)).reshape([3000, 8]), tf.floor(tf.range(0, 3000).div(6)), 500)",
    "confusionMatrix": "tf.math.confusionMatrix([0, 1, 1, 2], [0, 1, 0, 2], 3)",
    "einsum": "tf.einsum('ij,jk->ki', x, y)",
    "einsum of a diagonal": "tf.einsum('ii->i', tf.matMul(x, y))",
    "einsum gradient": "tf.grad(lambda x: tf.einsum('ij,jk->ik', x, y).square().sum())(x)",
    "gramSchmidt": "tf.linalg.gramSchmidt(x)",
    "qr: q": "tf.linalg.qr(y)[0]",
    "qr: r": "tf.linalg.qr(y)[1]",
    "full qr": "tf.linalg.qr(y, True)[0]",
    "qr of a batch": "tf.linalg.qr(x.reshape([3, 5, 4]))[1]",
    "qr gradient": "tf.grad(lambda y: tf.linalg.qr(y)[1].square().sum())(y)",
    "topk gradient": "tf.grad(lambda x: tf.topk(x, 3).values.square().sum())(x)",
    "gatherND, second order": "tf.grad(lambda x: tf.grad(lambda x: tf.gatherND(x, [[1, 2], [5, 0]]).pow(3).sum())(x).sum())(x)",
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_webgl_agrees_with_numpy(pyo, name):
    engine.use_backend("numpy")
    scope: dict[str, object] = {}
    exec(SETUP, scope)
    expected = eval(CALLS[name], scope)
    shape, values = pyo.run(
        f"{SETUP}\nfound = {CALLS[name]}\n[list(found.shape), found.reshape([-1]).array_sync()]"
    )
    assert tuple(shape) == expected.shape
    np.testing.assert_allclose(np.reshape(values, shape), expected.numpy(), rtol=2e-5, atol=2e-5)


# Places are counted in floats as long as these are exact, in integers beyond that (compiler/coords.py).
@pytest.mark.parametrize(
    "shape", [(1021, 1027), (1025, 1024), (3, 349525), (4099, 4093), (4099, 4096), (4099, 4097)]
)
def test_every_element_of_a_large_tensor_is_found(pyo, shape):
    wrong = pyo.run(f"""
rows, columns = {shape}
row, column = (tf.range(0, n, 1, "int32") for n in (rows, columns))
x = tf.range(0, rows * columns, 1, "int32").reshape([rows, columns])
await x.data()
moved = x.transpose().add(0)
expected = row.mul(columns).add(column.reshape([columns, 1]))
[int(tf.any(moved.notEqual(expected)).data_sync()[0])]
""")
    assert wrong == [0]
