"""Scatters, counts, order, einsum and tf.linalg against TensorFlow.js (record_indices.mjs), NumPy and properties."""

import asyncio

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.tfjs.replay import records, replay, title
from tfjs_pyo.errors import DTypeError, OptionError, ShapeError
from tfjs_pyo.ops import sorting

RNG = np.random.default_rng(23)


@pytest.mark.parametrize("record", records(__file__, "indices.json"), ids=title)
def test_like_tensorflow_js(record):
    replay(record, rtol=5e-5, atol=1e-5 if "linalg" in record["fn"] else 2e-6)


def test_of_two_updates_the_last_stays():
    found = tf.tensorScatterUpdate(tf.zeros([3]), [[1], [1], [2]], [5.0, 6.0, 7.0])
    assert found.array_sync() == [0, 6, 7]


def test_many_rows_scatter():
    indices, rows = RNG.integers(0, 500, 3000), RNG.normal(size=(3000, 8)).astype(np.float32)
    expected = np.zeros((500, 8), np.float32)
    np.add.at(expected, indices, rows)
    found = tf.unsortedSegmentSum(rows, tf.tensor(indices, dtype="int32"), 500)
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-4, atol=1e-5)


def test_large_int32_sums_are_exact():
    found = tf.unsortedSegmentSum(tf.tensor([2**30, 2**30 - 1], dtype="int32"), [0, 0], 1)
    assert found.array_sync() == [2**31 - 1]


def test_strings_become_dense():
    assert tf.sparseToDense([1], ["a"], [3], "-").array_sync() == ["-", "a", "-"]


@pytest.mark.parametrize("order", [sorting._by_counting, sorting._by_network])
@pytest.mark.parametrize("n", [1, 2, 3, 8, 13, 64, 100])
@pytest.mark.parametrize("dtype", ["float32", "int32"])
def test_both_ways_to_order(order, n, dtype):
    x = RNG.integers(-5, 5, (3, n)).astype(dtype)
    if dtype == "float32" and n > 2:
        x[0, n // 2] = np.nan
        x[1, 0] = -np.inf
    found = tf.Tensor(order(tf.tensor(x, dtype=dtype).node, n)).numpy()
    keys = np.where(np.isnan(x), np.inf, x).astype(np.float64)
    np.testing.assert_array_equal(found, np.argsort(-keys, axis=1, kind="stable"))


def test_topk_of_a_long_row():
    x = RNG.normal(size=5000).astype(np.float32)
    values, indices = tf.topk(x, 10)
    np.testing.assert_array_equal(values.numpy(), np.sort(x)[::-1][:10])
    np.testing.assert_array_equal(x[indices.numpy()], values.numpy())
    assert tf.grad(lambda x: tf.topk(x, 2).values.sum())(tf.tensor([3.0, 1, 2])).array_sync() == [1, 0, 1]


def test_search_in_long_rows():
    rows = np.sort(RNG.integers(0, 300, (4, 1000)), 1)
    wanted = RNG.integers(-5, 305, (4, 200))
    for side in ("left", "right"):
        found = tf.searchSorted(
            tf.tensor(rows, dtype="int32"), tf.tensor(wanted, dtype="int32"), side
        ).numpy()
        expected = np.stack([np.searchsorted(r, w, side) for r, w in zip(rows, wanted, strict=True)])
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    "equation", ["ii->i", "iij->j", "ij,jk,kl->il", "ij,kj", "i,i,i->", "aab,b->a", "ij,ji->"]
)
def test_einsum_like_numpy(equation):
    sizes = {"i": 3, "j": 4, "k": 2, "l": 5, "a": 3, "b": 2}
    terms = equation.split("->")[0].split(",")
    if equation == "ij,ji->":
        sizes["i"] = 4
    arrays = [RNG.normal(size=[sizes[c] for c in term]).astype(np.float32) for term in terms]
    found = tf.einsum(equation, *map(tf.tensor, arrays)).numpy()
    np.testing.assert_allclose(found, np.einsum(equation, *arrays), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("shape", [(4, 4), (5, 3), (3, 5), (2, 4, 3)])
def test_qr_gives_x_back_and_can_be_differentiated(shape):
    x = RNG.normal(size=shape).astype(np.float32)
    q, r = tf.linalg.qr(x)
    np.testing.assert_allclose((q @ r).numpy(), x, atol=1e-5)
    eye = np.broadcast_to(np.eye(q.shape[-1]), (*shape[:-2], q.shape[-1], q.shape[-1]))
    np.testing.assert_allclose(
        (q.transpose([*range(len(shape) - 2), -1 % len(shape), -2 % len(shape)]) @ q).numpy(), eye, atol=1e-5
    )

    def loss(x):
        q, r = tf.linalg.qr(x)
        return (q * tf.cos(tf.range(0, q.size).reshape(q.shape))).sum() + r.square().sum(-1).sqrt().sum()

    gradient = tf.grad(loss)(tf.tensor(x)).numpy()
    step = 1e-2
    for place in [(0,) * len(shape), tuple(dim - 1 for dim in shape)]:
        up, down = x.copy(), x.copy()
        up[place] += step
        down[place] -= step
        rise = (float(loss(tf.tensor(up))) - float(loss(tf.tensor(down)))) / (2 * step)
        assert gradient[place] == pytest.approx(rise, rel=3e-2, abs=3e-2)


def test_qr_of_zeros():
    q, r = tf.linalg.qr(tf.zeros([3, 3]))
    assert q.array_sync() == np.eye(3).tolist()
    assert not r.numpy().any()


MESSAGES = [
    (lambda: tf.gatherND([1.0], [[0, 0]]), ShapeError, "gather_nd: expected at most 1 indices"),
    (lambda: tf.gatherND([1.0], 0), ShapeError, "received a scalar"),
    (lambda: tf.gatherND([1.0], [[True]]), DTypeError, "expected `indices` to be int32, received bool"),
    (lambda: tf.scatterND([[0]], [1.0, 2.0], [3]), ShapeError, r"expected updates of shape \(1,\)"),
    (lambda: tf.tensorScatterUpdate([1.0], [[0]], tf.tensor([1], dtype="int32")), DTypeError, "dtype float32"),
    (lambda: tf.sparseToDense([[0, 0]], [1.0], [3]), ShapeError, "expected 1 indices an element"),
    (lambda: tf.sparseToDense([0], [1.0, 2.0], [3]), ShapeError, "expected one value or 1"),
    (lambda: tf.unsortedSegmentSum([1.0], [0, 1], 2), ShapeError, "shape of the first axes"),
    (lambda: tf.bincount([[1]], [], 3), ShapeError, "expected a vector"),
    (lambda: tf.bincount([1], [1.0, 2.0], 3), ShapeError, r"expected weights of shape \(1,\)"),
    (lambda: tf.math.confusionMatrix([1], [1, 2], 3), ShapeError, "two vectors of one length"),
    (lambda: tf.math.confusionMatrix([1], [1], 0), OptionError, "num_classes to be positive"),
    (lambda: tf.topk([1.0], 2), OptionError, "expected k between 0 and 1"),
    (lambda: tf.topk(1.0), ShapeError, "received a scalar"),
    (lambda: tf.searchSorted([1.0], [1.0], "up"), OptionError, "'left' or 'right', received 'up'"),
    (lambda: tf.searchSorted([[1.0]], [1.0]), ShapeError, "same leading axes"),
    (lambda: asyncio.run(tf.inTopKAsync([[1.0, 2.0]], [0], 3)), OptionError, "expected k between 1 and 2"),
    (lambda: tf.einsum("ij,jk", [[1.0]]), OptionError, "as many tensors as terms"),
    (lambda: tf.einsum("i...->i", [1.0]), OptionError, "expected letters"),
    (lambda: tf.einsum("ij,jk->ik", [[1.0]], [[1.0], [2.0]]), ShapeError, "one size for 'j'"),
    (lambda: tf.einsum("ij->ik", [[1.0]]), OptionError, "letters of the terms"),
    (lambda: tf.linalg.bandPart([[1.0]], 2, 0), OptionError, "num_lower up to 1"),
    (lambda: tf.linalg.gramSchmidt([[1.0], [2.0]]), ShapeError, "at most 1 vectors"),
    (lambda: tf.linalg.qr([1.0]), ShapeError, "rank 2 or more"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), MESSAGES)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
