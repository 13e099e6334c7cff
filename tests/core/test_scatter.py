"""Gradients of gather: added up by points, or by a sum over all indices where that is as fast; both give the same."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.compiler.helpers import plan
from tfjs_pyo.ops import indexing

RNG = np.random.default_rng(5)


@pytest.mark.parametrize("shape", [(9, 8), (9, 7), (9, 3, 5), (9,)])
@pytest.mark.parametrize("count", [1, 12])
def test_both_ways_give_the_same(monkeypatch, shape, count):
    x = tf.tensor(RNG.normal(size=shape).astype(np.float32))
    index = tf.tensor(RNG.integers(0, 9, count).astype(np.int32))
    weight = tf.tensor(RNG.normal(size=(count, *shape[1:])).astype(np.float32))

    def gradients():
        first = tf.grad(lambda x: (tf.square(tf.gather(x, index)) * weight).sum())
        second = tf.grad(lambda x: tf.square(first(x)).sum())
        return first(x), second(x)

    found = []
    for most in (0, 1 << 60):
        monkeypatch.setattr(indexing, "SMALL_SCATTER", most)
        found.append(gradients())
    for scattered, summed in zip(*found, strict=True):
        np.testing.assert_allclose(scattered.numpy(), summed.numpy(), rtol=1e-5, atol=1e-6)


def test_large_tables_scatter_in_one_launch():
    index = tf.tensor([1, 5, 1], None, "int32")
    launches = plan(tf.grad(lambda x: tf.gather(x, index).sum())(tf.ones([200_000, 64]))).launches
    assert [launch.points for launch in launches if launch.points] == [3 * 16]
