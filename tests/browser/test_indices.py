"""Scatters, order, einsum and tf.linalg on WebGL2: what the tables of the generic tests have no room for, against NumPy."""

from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.ops import out_of_range
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
    "gatherND, second order": "tf.grad(lambda x: tf.grad(lambda x: tf.gatherND(x, [[1, 2], [2, 0]]).pow(3).sum())(x).sum())(x)",
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_webgl_agrees_with_numpy(gpu, name):
    engine.use_backend("numpy")
    scope: dict[str, object] = {}
    exec(SETUP, scope)
    expected = eval(CALLS[name], scope)
    shape, values = gpu.run(
        f"{SETUP}\nfound = {CALLS[name]}\n[list(found.shape), found.reshape([-1]).array_sync()]"
    )
    assert tuple(shape) == expected.shape
    np.testing.assert_allclose(np.reshape(values, shape), expected.numpy(), rtol=2e-5, atol=2e-5)


# Places are counted in floats as long as these are exact, in integers beyond that (compiler/coords.py).
@pytest.mark.parametrize(
    "shape", [(1021, 1027), (1025, 1024), (3, 349525), (4099, 4093), (4099, 4096), (4099, 4097)]
)
def test_every_element_of_a_large_tensor_is_found(gpu, shape):
    wrong = gpu.run(f"""
rows, columns = {shape}
row, column = (tf.range(0, n, 1, "int32") for n in (rows, columns))
x = tf.range(0, rows * columns, 1, "int32").reshape([rows, columns])
await x.data()
moved = x.transpose().add(0)
expected = row.mul(columns).add(column.reshape([columns, 1]))
[int(tf.any(moved.notEqual(expected)).data_sync()[0])]
""")
    assert wrong == [0]


TABLE = Path(out_of_range.__file__).read_text(encoding="utf-8")


def test_indices_out_of_range_read_zeros_and_write_nothing(gpu):
    assert gpu.run(f"{TABLE}\ndiffering()") == {}


def test_the_loss_of_a_class_that_there_is_not_is_nan(gpu):
    found = gpu.run("""
shares = tf.fill([4, 2], 0.5)
numbers = tf.tensor([-1, 2, 1, 9], None, "int32")
losses = [tf.metrics.sparse_categorical_crossentropy, tf.keras.losses.sparse_categorical_crossentropy]
[tf.isNaN(loss(numbers, shares)).tolist() for loss in losses]
""")
    assert found == [[True, True, False, True]] * 2


def test_points_out_of_range_write_nothing(gpu):
    """Sums by index of many rows are drawn as points."""
    found = gpu.run("""
i = tf.tensor([0, -1, 999, 300, 2147483647, -2147483648, 300], None, "int32")
rows = tf.ones([7, 700])
sums = tf.unsortedSegmentSum(rows, i, 301)
gradient = tf.grad(lambda x: tf.gather(x, i).sum())(tf.ones([301, 700]))
[[t.sum().item(), t[0].max().item(), t[300].min().item()] for t in (sums, gradient)]
""")
    assert found == [[2100, 1, 2], [2100, 1, 2]]


def test_points_beyond_the_whole_numbers_of_floats_find_their_texels(gpu):
    if gpu.status()["device"]["maxTextureSize"] < 16384:
        pytest.skip("no result has more than 2^24 texels on a device whose textures are this small")
    found = gpu.run("""
rows, columns, places = 270_000, 256, (269_999, 262_145, 3)
values = tf.range(1, columns + 1)
sums = tf.unsortedSegmentSum(values.reshape([1, columns]).tile([3, 1]), tf.tensor(places, None, "int32"), rows)
right = [sums.slice([row, 0], [1, columns]).reshape([-1]).equal(values).all().item() for row in places]
right + [sums.slice([262_140, 0], [5, columns]).sum().item()]
""")
    assert found == [True, True, True, 0]


CASTS = (
    3e9, -3e9, float("inf"), float("-inf"), float("nan"), 2.0**31, -(2.0**31), 2147483520.0, -2147483904.0, 1.9, -1.9, 0.4,
)  # fmt: skip


def test_casts_and_constants_of_int32_are_the_same_on_both_backends(gpu):
    call = """[
    tf.cast(tf.tensor(floats), "int32").array_sync(),
    [tf.cast(number, "int32").item() for number in floats],
    (tf.tensor(floats) * 1).toInt().add(0).array_sync(),
    (tf.tensor([1, -2], None, "int32") + 2**31).array_sync(),
    (tf.tensor([1, -2], None, "int32") + (2**31 - 1)).array_sync(),
    tf.fill([2], 2**40).array_sync(),
]"""
    engine.use_backend("numpy")
    expected = eval(call, {"tf": tf, "floats": CASTS})
    scope = "floats = " + repr(CASTS).replace("inf", "float('inf')").replace("nan", "float('nan')")
    assert gpu.run(f"{scope}\n{call}") == expected
